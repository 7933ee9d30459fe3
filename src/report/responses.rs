//! How many inquiries were answered, and how soon.

use crate::calendar::WorkingCalendar;
use crate::clock::UnixTime;
use serde::Serialize;
use std::time::Duration;

const TWO_HOURS: i64 = 2 * 3600;
const A_DAY: Duration = Duration::from_secs(24 * 3600);

/// What became of what was received.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fate {
    pub received_at: UnixTime,
    pub answered_at: Option<UnixTime>,
    /// Seconds of working time until the answer.
    pub worked: Option<i64>,
    /// Nobody need answer it.
    pub excused: bool,
}

impl Fate {
    /// Seconds by which it is later than 24 hours of working days, answered or not; None if it isn't, or needs no answer.
    pub fn late_by(&self, calendar: &WorkingCalendar, now: UnixTime) -> Option<i64> {
        let wanted = !self.excused || self.answered_at.is_some();
        let end = self.answered_at.unwrap_or(now);
        let late = end - calendar.after_days(self.received_at, A_DAY);
        (wanted && late > 0).then_some(late)
    }
}

/// The answers to everything received in a period.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Responses {
    pub received: u64,
    pub answered: u64,
    pub waiting: u64,
    /// Needed no answer, with a reason on record.
    pub excused: u64,
    /// Of those that needed an answer, 0 to 1; None if none did.
    pub reply_rate: Option<f64>,
    /// Of those that needed an answer, how many had it within 2 working hours.
    pub within_2h: Option<f64>,
    /// And within 24 hours of working days.
    pub within_24h: Option<f64>,
    /// Seconds of working time until the answer, of those that have one.
    pub median_worked: Option<i64>,
    /// Nine of ten answers came sooner than this.
    pub ninetieth_worked: Option<i64>,
    /// The same in seconds on the wall clock.
    pub median_elapsed: Option<i64>,
    pub ninetieth_elapsed: Option<i64>,
}

/// Counts answers.
#[derive(Clone, Debug, Default)]
pub(super) struct Stopwatch {
    received: u64,
    excused: u64,
    within_2h: u64,
    within_24h: u64,
    worked: Vec<i64>,
    elapsed: Vec<i64>,
}

impl Stopwatch {
    pub(super) fn count(&mut self, fate: &Fate, calendar: &WorkingCalendar) {
        self.received += 1;
        let Some(answered_at) = fate.answered_at else {
            self.excused += u64::from(fate.excused);
            return;
        };
        let worked = fate.worked.unwrap_or_else(|| calendar.hours_between(fate.received_at, answered_at));
        self.worked.push(worked);
        self.elapsed.push((answered_at - fate.received_at).max(0));
        self.within_2h += u64::from(worked <= TWO_HOURS);
        self.within_24h += u64::from(answered_at <= calendar.after_days(fate.received_at, A_DAY));
    }

    pub(super) fn result(mut self) -> Responses {
        let answered = self.worked.len() as u64;
        self.worked.sort_unstable();
        self.elapsed.sort_unstable();
        let wanted = self.received - self.excused;
        Responses {
            received: self.received,
            answered,
            waiting: wanted - answered,
            excused: self.excused,
            reply_rate: share(answered, wanted),
            within_2h: share(self.within_2h, wanted),
            within_24h: share(self.within_24h, wanted),
            median_worked: percentile(&self.worked, 50),
            ninetieth_worked: percentile(&self.worked, 90),
            median_elapsed: percentile(&self.elapsed, 50),
            ninetieth_elapsed: percentile(&self.elapsed, 90),
        }
    }
}

/// A part of a whole, 0 to 1; None of nothing.
#[allow(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
pub fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// The nearest-rank percentile of sorted values.
fn percentile(sorted: &[i64], percent: usize) -> Option<i64> {
    let rank = (sorted.len() * percent).div_ceil(100);
    sorted.get(rank.max(1) - 1).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::DaysOff;
    use crate::schedule::Hours;
    use jiff::civil::{Weekday, time};
    use jiff::tz::TimeZone;

    const HOUR: i64 = 3600;

    fn office() -> WorkingCalendar {
        let open = [Hours { from: time(9, 0, 0, 0), until: time(17, 0, 0, 0) }];
        let weekend = vec![Weekday::Saturday, Weekday::Sunday];
        WorkingCalendar::new(TimeZone::UTC, &open, DaysOff { weekend, ..DaysOff::default() })
    }

    fn at(text: &str) -> UnixTime {
        text.parse::<jiff::Timestamp>().expect("an instant").as_second()
    }

    fn fate(received: &str, answered: Option<&str>) -> Fate {
        Fate { received_at: at(received), answered_at: answered.map(at), worked: None, excused: false }
    }

    #[test]
    fn friday_s_inquiry_answered_on_monday_was_answered_within_the_working_day() {
        let mut stopwatch = Stopwatch::default();
        for (received, answered) in [
            ("2026-11-20T16:00:00Z", Some("2026-11-23T10:00:00Z")),
            ("2026-11-20T16:00:00Z", Some("2026-11-23T16:30:00Z")),
            ("2026-11-23T09:00:00Z", Some("2026-11-23T09:30:00Z")),
            ("2026-11-23T09:00:00Z", None),
        ] {
            stopwatch.count(&fate(received, answered), &office());
        }
        stopwatch.count(&Fate { excused: true, ..fate("2026-11-23T09:00:00Z", None) }, &office());
        let responses = stopwatch.result();
        let counts = (responses.received, responses.answered, responses.waiting, responses.excused);
        assert_eq!(counts, (5, 3, 1, 1));
        assert_eq!(responses.reply_rate, Some(0.75), "the one that needed no answer is no failure");
        assert_eq!((responses.within_2h, responses.within_24h), (Some(0.5), Some(0.5)));
        assert_eq!((responses.median_worked, responses.ninetieth_worked), (Some(2 * HOUR), Some(8 * HOUR + HOUR / 2)));
        assert_eq!(responses.median_elapsed, Some(66 * HOUR));
    }

    #[test]
    fn an_empty_month_has_no_rates() {
        let responses = Stopwatch::default().result();
        assert_eq!((responses.reply_rate, responses.median_worked, responses.waiting), (None, None, 0));
    }

    #[test]
    fn a_percentile_is_a_value_that_was_measured() {
        assert_eq!(percentile(&[1, 2, 3, 4], 50), Some(2));
        assert_eq!(percentile(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 90), Some(9));
        assert_eq!(percentile(&[7], 90), Some(7));
        assert_eq!(percentile(&[], 50), None);
    }
}
