//! What is due because an inquiry has no answer yet. Pure.

use crate::clock::UnixTime;
use crate::grading::Grade;
use std::time::Duration;

/// Who is told that an inquiry waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Level {
    /// The target has passed: the team.
    Target,
    /// The limit has passed: the managers.
    Limit,
}

impl Level {
    /// The word in keys and in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Level::Target => "target",
            Level::Limit => "limit",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        [Level::Target, Level::Limit].into_iter().find(|level| level.as_str() == word)
    }
}

/// An inquiry without an answer.
#[derive(Clone, Debug)]
pub struct Waiting {
    pub inquiry_id: i64,
    pub received_at: UnixTime,
    /// When a digest told the team of it.
    pub told_at: Option<UnixTime>,
    pub grade: Grade,
    pub subject: String,
    /// The buyer in one short phrase: name, company, address.
    pub buyer: String,
    /// Levels that were reminded of already.
    pub reminded: Vec<Level>,
}

/// How long an inquiry may wait.
#[derive(Clone, Copy, Debug)]
pub struct Deadlines {
    /// From the arrival of the mail to the team's reminder.
    pub target: Duration,
    /// From the arrival of the mail to the managers' reminder.
    pub limit: Duration,
    /// At least this long from the digest that told of it to any reminder.
    pub grace: Duration,
}

impl Deadlines {
    /// When this inquiry's reminder of `level` is due; None while no digest has told of it.
    pub fn due_at(&self, waiting: &Waiting, level: Level) -> Option<UnixTime> {
        let after = match level {
            Level::Target => self.target,
            Level::Limit => self.limit,
        };
        let told = waiting.told_at?.saturating_add(seconds(self.grace));
        Some(waiting.received_at.saturating_add(seconds(after)).max(told))
    }

    /// The inquiries that a reminder of `level` must name now: due, and never reminded of at this level before.
    pub fn due<'a>(&self, waiting: &'a [Waiting], level: Level, now: UnixTime) -> Vec<&'a Waiting> {
        let is_due =
            |one: &&Waiting| !one.reminded.contains(&level) && self.due_at(one, level).is_some_and(|due| due <= now);
        waiting.iter().filter(is_due).collect()
    }
}

fn seconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_secs()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3600;
    const DEADLINES: Deadlines = Deadlines {
        target: Duration::from_secs(2 * 3600),
        limit: Duration::from_secs(24 * 3600),
        grace: Duration::from_secs(1800),
    };

    fn waiting(told_at: Option<UnixTime>) -> Waiting {
        Waiting {
            inquiry_id: 1,
            received_at: 0,
            told_at,
            grade: Grade::A,
            subject: "Chairs".to_owned(),
            buyer: "Joan".to_owned(),
            reminded: Vec::new(),
        }
    }

    #[test]
    fn the_team_is_reminded_after_two_hours_and_the_manager_after_a_day() {
        let one = [waiting(Some(600))];
        assert!(DEADLINES.due(&one, Level::Target, 2 * HOUR - 1).is_empty());
        assert_eq!(DEADLINES.due(&one, Level::Target, 2 * HOUR).len(), 1);
        assert!(DEADLINES.due(&one, Level::Limit, 24 * HOUR - 1).is_empty());
        assert_eq!(DEADLINES.due(&one, Level::Limit, 24 * HOUR).len(), 1);
    }

    #[test]
    fn a_mail_of_the_night_is_not_nagged_about_in_the_minute_its_digest_goes_out() {
        let told = 6 * HOUR;
        let one = [waiting(Some(told))];
        assert!(DEADLINES.due(&one, Level::Target, told).is_empty());
        assert_eq!(DEADLINES.due(&one, Level::Target, told + 1800).len(), 1);
    }

    #[test]
    fn what_no_digest_has_told_of_is_not_nagged_about() {
        assert!(DEADLINES.due(&[waiting(None)], Level::Target, 99 * HOUR).is_empty());
    }

    #[test]
    fn one_reminder_a_level_is_enough() {
        let one = [Waiting { reminded: vec![Level::Target], ..waiting(Some(0)) }];
        assert!(DEADLINES.due(&one, Level::Target, 99 * HOUR).is_empty());
        assert_eq!(DEADLINES.due(&one, Level::Limit, 99 * HOUR).len(), 1);
    }
}
