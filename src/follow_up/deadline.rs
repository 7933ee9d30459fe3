//! By when an inquiry should have its answer, and who is told that it hasn't.

use super::Traits;
use crate::calendar::WorkingCalendar;
use crate::clock::UnixTime;
use crate::grade::{Grade, Grounds};
use std::collections::BTreeMap;
use std::time::Duration;

/// How pressing it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Level {
    /// The target is near: the owner.
    Near,
    /// The target has passed: the owner.
    Target,
    /// The limit has passed: the managers.
    Limit,
}

impl Level {
    pub const ALL: [Level; 3] = [Level::Near, Level::Target, Level::Limit];

    /// The word in keys and in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Level::Near => "near",
            Level::Target => "target",
            Level::Limit => "limit",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.as_str() == word)
    }
}

/// An inquiry without an answer.
#[derive(Clone, Debug)]
pub struct Waiting {
    pub inquiry_id: i64,
    pub buyer_id: i64,
    pub received_at: UnixTime,
    /// When a digest told of it; before that nobody is reminded.
    pub told_at: UnixTime,
    pub grade: Grade,
    pub why: Grounds,
    pub subject: String,
    /// The buyer in one short phrase: name, company, address.
    pub buyer: String,
    pub traits: Traits,
    pub owner: Option<String>,
    /// It came by fax.
    pub fax: bool,
    pub snoozed_until: Option<UnixTime>,
    /// Levels that were reminded of already.
    pub reminded: Vec<Level>,
}

/// How long an inquiry may wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Times {
    /// In working hours, from the arrival of the mail.
    pub target: Duration,
    /// In hours of working days, from the arrival of the mail: 24 hours are one working day.
    pub limit: Duration,
}

/// All deadlines.
#[derive(Clone, Debug)]
pub struct Deadlines {
    pub usual: Times,
    pub by_grade: BTreeMap<Grade, Times>,
    /// The limit of what came by fax, in hours of working days.
    pub fax: Duration,
    /// So long before the target, in working hours, it is near.
    pub near: Duration,
    /// At least this long from the digest that told of it to any reminder.
    pub grace: Duration,
}

impl Deadlines {
    fn times(&self, grade: Grade) -> Times {
        self.by_grade.get(&grade).copied().unwrap_or(self.usual)
    }

    /// When an inquiry of this grade should be answered.
    pub fn target(&self, received_at: UnixTime, grade: Grade, calendar: &WorkingCalendar) -> UnixTime {
        calendar.after_hours(received_at, self.times(grade).target)
    }

    /// The deadline of a level, whoever knows of it.
    pub fn at(&self, waiting: &Waiting, level: Level, calendar: &WorkingCalendar) -> UnixTime {
        let times = self.times(waiting.grade);
        let limit = if waiting.fax { self.fax.min(times.limit) } else { times.limit };
        match level {
            Level::Near => calendar.after_hours(waiting.received_at, times.target.saturating_sub(self.near)),
            Level::Target => self.target(waiting.received_at, waiting.grade, calendar),
            Level::Limit => calendar.opening(calendar.after_days(waiting.received_at, limit)),
        }
    }

    /// When somebody is reminded: the deadline, but not before people have had time to act, and not while it is put off.
    fn reminder_at(&self, waiting: &Waiting, level: Level, calendar: &WorkingCalendar) -> UnixTime {
        let grace = i64::try_from(self.grace.as_secs()).unwrap_or(i64::MAX);
        let told = waiting.told_at.saturating_add(grace);
        let earliest = told.max(waiting.snoozed_until.unwrap_or(told));
        self.at(waiting, level, calendar).max(calendar.opening(earliest))
    }

    /// The levels that somebody must be reminded of at `now`, each once for ever, with their deadlines.
    pub fn due(&self, waiting: &Waiting, calendar: &WorkingCalendar, now: UnixTime) -> Vec<(Level, UnixTime)> {
        let open = |level: &Level| !waiting.reminded.contains(level);
        let is_due = |level: &Level| self.reminder_at(waiting, *level, calendar) <= now;
        let mut due: Vec<Level> = Level::ALL.into_iter().filter(open).filter(is_due).collect();
        // What has passed is no longer near.
        if due.contains(&Level::Target) || waiting.reminded.contains(&Level::Target) {
            due.retain(|level| *level != Level::Near);
        }
        due.into_iter().map(|level| (level, self.at(waiting, level, calendar))).collect()
    }

    /// When to look at this inquiry again, after whatever is due by `now` was told; None once nothing is left to tell.
    pub fn next(&self, waiting: &Waiting, calendar: &WorkingCalendar, now: UnixTime) -> Option<UnixTime> {
        let open = Level::ALL.into_iter().filter(|level| !waiting.reminded.contains(level));
        open.map(|level| self.reminder_at(waiting, level, calendar)).filter(|at| *at > now).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::{DaysOff, country};
    use crate::schedule::Hours;
    use jiff::civil::time;
    use jiff::tz::TimeZone;

    const HOUR: i64 = 3600;
    const fn hours(number: u64) -> Duration {
        Duration::from_secs(number * 3600)
    }

    fn deadlines() -> Deadlines {
        Deadlines {
            usual: Times { target: hours(2), limit: hours(24) },
            by_grade: BTreeMap::from([(Grade::A, Times { target: hours(1), limit: hours(24) })]),
            fax: hours(12),
            near: Duration::from_secs(1800),
            grace: Duration::from_secs(1800),
        }
    }

    fn always_open() -> WorkingCalendar {
        WorkingCalendar::new(TimeZone::UTC, &[], DaysOff::default())
    }

    fn waiting(told_at: UnixTime) -> Waiting {
        Waiting {
            inquiry_id: 1,
            buyer_id: 1,
            received_at: 0,
            told_at,
            grade: Grade::B,
            why: Grounds::Unknown,
            subject: "Chairs".to_owned(),
            buyer: "Joan".to_owned(),
            traits: Traits::default(),
            owner: None,
            fax: false,
            snoozed_until: None,
            reminded: Vec::new(),
        }
    }

    fn levels(waiting: &Waiting, now: UnixTime) -> Vec<Level> {
        deadlines().due(waiting, &always_open(), now).into_iter().map(|(level, _)| level).collect()
    }

    #[test]
    fn the_owner_is_reminded_before_and_after_two_hours_and_the_manager_after_a_day() {
        let one = waiting(600);
        assert_eq!(levels(&one, 90 * 60 - 1), []);
        assert_eq!(levels(&one, 90 * 60), [Level::Near]);
        assert_eq!(levels(&one, 2 * HOUR), [Level::Target]);
        assert_eq!(levels(&Waiting { reminded: vec![Level::Near, Level::Target], ..one }, 24 * HOUR), [Level::Limit]);
    }

    #[test]
    fn a_mail_of_the_night_is_not_nagged_about_in_the_minute_its_digest_goes_out() {
        let one = waiting(6 * HOUR);
        assert_eq!(levels(&one, 6 * HOUR), []);
        assert_eq!(levels(&one, 6 * HOUR + 1800), [Level::Target], "and what has passed is not near");
    }

    #[test]
    fn a_reminder_a_level_is_enough_and_then_nobody_looks_again() {
        let one = Waiting { reminded: vec![Level::Target], ..waiting(0) };
        assert_eq!(levels(&one, 23 * HOUR), []);
        assert_eq!(deadlines().next(&one, &always_open(), 23 * HOUR), Some(24 * HOUR));
        let done = Waiting { reminded: vec![Level::Target, Level::Limit], ..one };
        assert_eq!(deadlines().next(&done, &always_open(), 25 * HOUR), None);
    }

    #[test]
    fn an_a_has_an_hour_and_a_fax_half_a_day() {
        let calendar = always_open();
        let a = Waiting { grade: Grade::A, ..waiting(0) };
        assert_eq!(deadlines().at(&a, Level::Target, &calendar), HOUR);
        let fax = Waiting { fax: true, ..waiting(0) };
        assert_eq!(deadlines().at(&fax, Level::Limit, &calendar), 12 * HOUR);
    }

    #[test]
    fn what_is_put_off_waits_until_then() {
        let later = Waiting { snoozed_until: Some(50 * HOUR), ..waiting(0) };
        assert_eq!(levels(&later, 49 * HOUR), []);
        assert_eq!(levels(&later, 50 * HOUR), [Level::Target, Level::Limit]);
    }

    #[test]
    fn nothing_is_due_over_the_national_holiday() {
        let open = [Hours { from: time(8, 30, 0, 0), until: time(18, 0, 0, 0) }];
        let zone = TimeZone::get("Asia/Shanghai").expect("bundled");
        let china = WorkingCalendar::new(zone, &open, country("CN").days_off.clone());
        let at = |text: &str| text.parse::<jiff::Timestamp>().expect("an instant").as_second();
        let eve = at("2026-09-30T17:30:00+08:00");
        let one = Waiting { received_at: eve, told_at: eve, ..waiting(0) };
        assert_eq!(deadlines().next(&one, &china, eve), Some(at("2026-10-08T09:30:00+08:00")));
        assert_eq!(deadlines().at(&one, Level::Limit, &china), at("2026-10-08T17:30:00+08:00"));
    }
}
