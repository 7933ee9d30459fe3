//! The rhythm in which buyers hear from us.

use super::Traits;
use crate::calendar::{WorkingCalendar, country};
use crate::clock::UnixTime;
use crate::grade::Grade;
use jiff::Span;
use jiff::civil::Date;

/// Days after which a suspended buyer is looked at again, should nothing have told us before.
const LOOK_AGAIN: u32 = 7;
/// A buyer's holiday is waited for at most this long.
const LONGEST_HOLIDAY: u32 = 14;

/// What the company has decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cadence {
    /// Days from one contact to the next, by grade: A, B, C, D.
    pub every: [u32; 4],
    /// Days after which even a buyer of a low grade, or of none, hears from us.
    pub everyone: Option<u32>,
    /// Follow-ups that a person is asked for in a day; the best buyers first, the others wait.
    pub per_day: usize,
    /// Working days after which a sample that nobody sent is told to the managers.
    pub sample: u32,
}

/// How to be in touch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Way {
    Call,
    Mail,
}

impl Way {
    pub fn as_str(self) -> &'static str {
        match self {
            Way::Call => "call",
            Way::Mail => "mail",
        }
    }
}

/// A buyer, as far as the rhythm goes.
#[derive(Clone, Debug, Default)]
pub struct Silent {
    pub buyer_id: i64,
    pub grade: Option<Grade>,
    pub traits: Traits,
    pub owner: Option<String>,
    pub has_phone: bool,
    pub has_mail: bool,
    /// Theirs or ours, by whatever way.
    pub last_contact: UnixTime,
    /// When somebody was last asked to follow up.
    pub asked_at: Option<UnixTime>,
    /// So often somebody was asked since the last contact.
    pub unheeded: u32,
    /// He waits for our answer: that has its own deadlines.
    pub waits_for_answer: bool,
    /// We negotiate, or somebody put it off.
    pub paused_until: Option<UnixTime>,
    /// Somebody decided that he needs no more follow-ups.
    pub stopped: bool,
    /// Mail to him comes back.
    pub bounced: bool,
    /// When somebody was asked for another address.
    pub address_asked_at: Option<UnixTime>,
}

/// Where a buyer stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// On this day, or any time since.
    Due {
        day: Date,
        way: Way,
    },
    /// On this day.
    Later(Date),
    Suspended(Suspended),
    Bounced,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Suspended {
    /// His mail waits for an answer.
    Waits,
    /// Until this moment.
    Paused(UnixTime),
    Stopped,
    /// He has no grade, and nobody decided that everyone hears from us.
    NoRhythm,
}

impl Cadence {
    /// Days from one contact with a buyer of this grade to the next.
    pub fn days(&self, grade: Option<Grade>) -> Option<u32> {
        let of_grade = grade.map(|grade| match grade {
            Grade::A => self.every[0],
            Grade::B => self.every[1],
            Grade::C => self.every[2],
            Grade::D => self.every[3],
        });
        of_grade.into_iter().chain(self.everyone).min()
    }

    /// Whether the buyer should hear from us on the day of `now`.
    pub fn standing(&self, buyer: &Silent, calendar: &WorkingCalendar, now: UnixTime) -> Standing {
        let Some(days) = self.days(buyer.grade) else { return Standing::Suspended(Suspended::NoRhythm) };
        if buyer.stopped {
            return Standing::Suspended(Suspended::Stopped);
        }
        if buyer.waits_for_answer {
            return Standing::Suspended(Suspended::Waits);
        }
        if let Some(until) = buyer.paused_until.filter(|until| *until > now) {
            return Standing::Suspended(Suspended::Paused(until));
        }
        if buyer.bounced && !buyer.has_phone {
            let again = buyer.address_asked_at.map(|at| calendar.working_days_after(plus(calendar.date(at), days), 0));
            return match again.filter(|again| *again > calendar.date(now)) {
                Some(again) => Standing::Later(again),
                None => Standing::Bounced,
            };
        }
        let begin = calendar.date(buyer.last_contact.max(buyer.asked_at.unwrap_or(buyer.last_contact)));
        let day = writing_day(plus(begin, days), buyer.traits.country.as_deref(), calendar);
        let today = calendar.date(now);
        let call = buyer.has_phone && (buyer.grade == Some(Grade::A) || buyer.bounced || !buyer.has_mail);
        let way = if call { Way::Call } else { Way::Mail };
        match day <= today {
            // A day that was missed waits for one on which he works.
            true => match writing_day(today, buyer.traits.country.as_deref(), calendar) {
                next if next > today => Standing::Later(next),
                _ => Standing::Due { day, way },
            },
            false => Standing::Later(day),
        }
    }

    /// When to look at this buyer again, once what is due by `now` was told; None: not before something happens.
    pub fn next(&self, buyer: &Silent, calendar: &WorkingCalendar, now: UnixTime) -> Option<UnixTime> {
        match self.standing(buyer, calendar, now) {
            Standing::Due { .. } | Standing::Bounced => Some(now),
            Standing::Later(day) => Some(calendar.start_of(day)),
            Standing::Suspended(Suspended::Paused(until)) => Some(until),
            Standing::Suspended(Suspended::Waits) => Some(calendar.start_of(plus(calendar.date(now), LOOK_AGAIN))),
            Standing::Suspended(Suspended::Stopped | Suspended::NoRhythm) => None,
        }
    }

    /// When a sample asked for at `asked_at` should have left.
    pub fn sample_stalls_at(&self, asked_at: UnixTime, calendar: &WorkingCalendar) -> UnixTime {
        let days = std::time::Duration::from_secs(u64::from(self.sample) * 24 * 3600);
        calendar.opening(calendar.after_days(asked_at, days))
    }
}

/// The first day from `day` on that is a working day here and, should his holiday not be too long, with the buyer.
fn writing_day(day: Date, buyers: Option<&str>, calendar: &WorkingCalendar) -> Date {
    let first = calendar.working_days_after(day, 0);
    let Some(theirs) = buyers.map(country) else { return first };
    let mut day = first;
    for _ in 0..LONGEST_HOLIDAY {
        if theirs.days_off.is_working_day(day) {
            return day;
        }
        day = calendar.working_days_after(plus(day, 1), 0);
    }
    first
}

fn plus(day: Date, days: u32) -> Date {
    day.checked_add(Span::new().days(i64::from(days))).unwrap_or(Date::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::DaysOff;
    use crate::schedule::Hours;
    use jiff::civil::{date, time};
    use jiff::tz::TimeZone;

    fn cadence() -> Cadence {
        Cadence { every: [3, 7, 15, 30], everyone: None, per_day: 20, sample: 3 }
    }

    fn china() -> WorkingCalendar {
        let open = [Hours { from: time(8, 30, 0, 0), until: time(18, 0, 0, 0) }];
        let zone = TimeZone::get("Asia/Shanghai").expect("bundled");
        WorkingCalendar::new(zone, &open, country("CN").days_off.clone())
    }

    fn at(day: Date) -> UnixTime {
        day.at(10, 0, 0, 0).in_tz("Asia/Shanghai").expect("bundled").timestamp().as_second()
    }

    fn buyer(grade: Grade, last_contact: Date) -> Silent {
        Silent {
            buyer_id: 1,
            grade: Some(grade),
            has_phone: true,
            has_mail: true,
            last_contact: at(last_contact),
            ..Silent::default()
        }
    }

    fn later(buyer: &Silent, today: Date) -> Standing {
        cadence().standing(buyer, &china(), at(today))
    }

    #[test]
    fn an_a_hears_from_us_twice_a_week() {
        let calendar = china();
        let (mut last, mut days) = (date(2026, 11, 2), Vec::new());
        for day in (1..=28).map(|day| date(2026, 11, day)).filter(|day| calendar.is_working_day(*day)) {
            if let Standing::Due { day: due, way } = later(&buyer(Grade::A, last), day) {
                assert_eq!((due, way), (day, Way::Call));
                days.push(day.day());
                last = day;
            }
        }
        assert_eq!(days, [5, 9, 12, 16, 19, 23, 26], "Monday and Thursday");
    }

    #[test]
    fn each_grade_has_its_rhythm_and_only_an_a_is_called() {
        let monday = date(2026, 11, 2);
        for (grade, day) in [(Grade::B, 9), (Grade::C, 17), (Grade::D, 2)] {
            let due = Date::constant(2026, if grade == Grade::D { 12 } else { 11 }, day);
            assert_eq!(later(&buyer(grade, monday), monday), Standing::Later(due));
            assert_eq!(later(&buyer(grade, monday), due), Standing::Due { day: due, way: Way::Mail });
        }
        let everyone = Cadence { everyone: Some(15), ..cadence() };
        assert_eq!(
            (everyone.days(Some(Grade::D)), everyone.days(None), cadence().days(None)),
            (Some(15), Some(15), None)
        );
    }

    #[test]
    fn nobody_writes_on_a_holiday_of_either_side() {
        // Monday 23 November plus three days is Thanksgiving; the day after it is a working day in both countries.
        let american = Silent {
            traits: Traits { country: Some("US".into()), ..Traits::default() },
            ..buyer(Grade::A, date(2026, 11, 23))
        };
        assert_eq!(later(&american, date(2026, 11, 23)), Standing::Later(date(2026, 11, 27)));
        // In Riyadh that Friday is a day off: then Monday.
        let saudi = Silent { traits: Traits { country: Some("SA".into()), ..Traits::default() }, ..american };
        let saudi = Silent { last_contact: at(date(2026, 11, 24)), ..saudi };
        assert_eq!(later(&saudi, date(2026, 11, 24)), Standing::Later(date(2026, 11, 30)));
        // Our own National Day week.
        assert_eq!(later(&buyer(Grade::A, date(2026, 9, 30)), date(2026, 9, 30)), Standing::Later(date(2026, 10, 8)));
    }

    #[test]
    fn whoever_waits_negotiates_or_bounces_is_left_alone() {
        let old = buyer(Grade::A, date(2026, 11, 2));
        let today = date(2026, 11, 23);
        let waits = Silent { waits_for_answer: true, ..old.clone() };
        assert_eq!(later(&waits, today), Standing::Suspended(Suspended::Waits));
        let until = at(date(2026, 12, 1));
        let paused = Silent { paused_until: Some(until), ..old.clone() };
        assert_eq!(later(&paused, today), Standing::Suspended(Suspended::Paused(until)));
        let bounced = Silent { bounced: true, has_phone: false, ..old.clone() };
        assert_eq!(later(&bounced, today), Standing::Bounced);
        let bounced_with_phone = Silent { bounced: true, grade: Some(Grade::C), ..old.clone() };
        assert_eq!(later(&bounced_with_phone, today), Standing::Due { day: date(2026, 11, 17), way: Way::Call });
        assert_eq!(later(&Silent { stopped: true, ..old }, today), Standing::Suspended(Suspended::Stopped));
    }

    #[test]
    fn whoever_was_asked_is_asked_again_after_one_more_round_only() {
        let asked = Silent { asked_at: Some(at(date(2026, 11, 9))), ..buyer(Grade::B, date(2026, 11, 2)) };
        assert_eq!(later(&asked, date(2026, 11, 10)), Standing::Later(date(2026, 11, 16)));
        assert_eq!(cadence().next(&asked, &china(), at(date(2026, 11, 10))), Some(at(date(2026, 11, 16)) - 10 * 3600));
    }

    #[test]
    fn a_calendar_full_of_their_holidays_ends() {
        let never = WorkingCalendar::new(TimeZone::UTC, &[], DaysOff::default());
        let iran = Silent { traits: Traits { country: Some("IR".into()), ..Traits::default() }, ..Silent::default() };
        let everyone = Cadence { everyone: Some(1), ..cadence() };
        assert!(everyone.next(&iran, &never, 0).is_some());
    }
}
