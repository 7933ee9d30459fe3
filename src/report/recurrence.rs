//! Which reports there are, and when each is due.

use super::{Period, Stretch};
use crate::clock::UnixTime;
use crate::schedule::Plan;
use crate::staff::{Person, Role, Staff};
use jiff::ToSpan;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;

/// A report that comes by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReportName {
    Daily,
    Weekly,
    Monthly,
    Quarterly,
    /// The review of the plan.
    Yearly,
}

impl ReportName {
    pub const ALL: [ReportName; 5] =
        [ReportName::Daily, ReportName::Weekly, ReportName::Monthly, ReportName::Quarterly, ReportName::Yearly];

    /// The word in the configuration, in keys, and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            ReportName::Daily => "daily",
            ReportName::Weekly => "weekly",
            ReportName::Monthly => "monthly",
            ReportName::Quarterly => "quarterly",
            ReportName::Yearly => "yearly",
        }
    }

    pub fn stretch(self) -> Stretch {
        match self {
            ReportName::Daily => Stretch::Day,
            ReportName::Weekly => Stretch::Week,
            ReportName::Monthly => Stretch::Month,
            ReportName::Quarterly => Stretch::Quarter,
            ReportName::Yearly => Stretch::Year,
        }
    }

    /// What a report of this day is about: the day itself, or else the period that has ended.
    pub fn period(self, day: Date) -> Period {
        let period = Period::of(self.stretch(), day);
        if self == ReportName::Daily { period } else { period.before() }
    }
}

/// When a report is due: at this time of this day of each period, by a clock in `zone`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recurrence {
    pub stretch: Stretch,
    /// From 1; a short month has its report on its last day.
    pub day: u8,
    pub at: Time,
    pub zone: TimeZone,
}

/// A planned time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    pub day: Date,
    pub at: UnixTime,
}

impl Recurrence {
    /// The latest planned time up to `now`.
    pub fn latest(&self, now: UnixTime) -> Option<Slot> {
        self.around(now).into_iter().flatten().filter(|slot| slot.at <= now).max_by_key(|slot| slot.at)
    }

    /// The first planned instant after `now`; [`UnixTime::MAX`] at the end of the calendar.
    pub fn next_after(&self, now: UnixTime) -> UnixTime {
        let slots = self.around(now).into_iter().flatten();
        slots.map(|slot| slot.at).filter(|at| *at > now).min().unwrap_or(UnixTime::MAX)
    }

    fn around(&self, now: UnixTime) -> [Option<Slot>; 3] {
        let today = jiff::Timestamp::from_second(now).unwrap_or_default().to_zoned(self.zone.clone()).date();
        let period = Period::of(self.stretch, today);
        [period.before(), period, period.after()].map(|period| self.slot(period))
    }

    fn slot(&self, period: Period) -> Option<Slot> {
        let day = period.first.saturating_add(i64::from(self.day.max(1) - 1).days()).min(period.last);
        let plan = Plan { times: vec![self.at], zone: self.zone.clone() };
        Some(Slot { day, at: plan.instant(day, self.at)? })
    }
}

/// Who gets a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recipient {
    Role(Role),
    /// The address of one of us, lower case.
    Person(String),
}

/// A report, when it comes, and to whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportPlan {
    pub name: ReportName,
    pub due: Recurrence,
    pub to: Vec<Recipient>,
}

impl ReportPlan {
    /// Who gets it on this day, each once; where the company has nobody of these roles, whoever manages.
    pub fn readers<'a>(&self, staff: &'a Staff, day: Date) -> Vec<&'a Person> {
        let is_meant = |person: &&Person| {
            self.to.iter().any(|to| match to {
                Recipient::Role(role) => person.role == *role,
                Recipient::Person(address) => person.address() == *address,
            })
        };
        let meant: Vec<&Person> = staff.people.iter().filter(is_meant).collect();
        if meant.is_empty() { staff.managers(day) } else { meant }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{date, time};
    use proptest::prelude::*;

    fn at(text: &str) -> UnixTime {
        text.parse::<jiff::Timestamp>().expect("an instant").as_second()
    }

    fn shanghai() -> TimeZone {
        TimeZone::get("Asia/Shanghai").expect("bundled")
    }

    #[test]
    fn the_monthly_report_of_november_comes_on_the_first_of_december() {
        let due = Recurrence { stretch: Stretch::Month, day: 1, at: time(8, 0, 0, 0), zone: shanghai() };
        let first = at("2026-12-01T08:00:00+08:00");
        assert_eq!(due.next_after(at("2026-11-23T12:00:00+08:00")), first);
        let slot = due.latest(at("2026-12-20T03:00:00+08:00")).expect("a slot");
        assert_eq!((slot.day, slot.at), (date(2026, 12, 1), first));
        assert_eq!(ReportName::Monthly.period(slot.day).first, date(2026, 11, 1));
        assert_eq!(ReportName::Daily.period(slot.day).first, date(2026, 12, 1), "a day is told in its evening");
    }

    #[test]
    fn a_report_on_the_thirty_first_comes_in_february_too() {
        let due = Recurrence { stretch: Stretch::Month, day: 31, at: time(18, 0, 0, 0), zone: shanghai() };
        assert_eq!(due.next_after(at("2027-02-03T00:00:00+08:00")), at("2027-02-28T18:00:00+08:00"));
    }

    proptest! {
        #[test]
        fn between_the_latest_and_the_next_nothing_is_planned(now in 0i64..4_000_000_000, day in 1u8..40, which in 0usize..5) {
            let stretch = ReportName::ALL[which].stretch();
            let due = Recurrence { stretch, day, at: time(2, 30, 0, 0), zone: TimeZone::get("America/New_York").expect("bundled") };
            let (latest, next) = (due.latest(now).expect("a slot").at, due.next_after(now));
            prop_assert!(latest <= now && now < next);
            prop_assert_eq!(due.next_after(latest), next);
        }
    }
}
