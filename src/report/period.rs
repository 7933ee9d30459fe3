//! The stretch of time that a report is about.

use crate::clock::UnixTime;
use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use serde::Serialize;

/// How long the stretch is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Stretch {
    Day,
    /// From Monday (ISO 8601).
    Week,
    Month,
    Quarter,
    Year,
}

/// Whole days of the calendar, from the first to the last one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Period {
    pub stretch: Stretch,
    pub first: Date,
    /// Still belongs to it.
    pub last: Date,
}

impl Period {
    /// The one with this day in it.
    pub fn of(stretch: Stretch, day: Date) -> Period {
        let month = |month: i8| Date::new(day.year(), month, 1).unwrap_or(day);
        let first = match stretch {
            Stretch::Day => day,
            Stretch::Week => day.saturating_sub(i64::from(day.weekday().since(Weekday::Monday)).days()),
            Stretch::Month => day.first_of_month(),
            Stretch::Quarter => month((day.month() - 1) / 3 * 3 + 1),
            Stretch::Year => month(1),
        };
        let last = match stretch {
            Stretch::Day => day,
            Stretch::Week => first.saturating_add(6.days()),
            Stretch::Month => first.last_of_month(),
            Stretch::Quarter => first.saturating_add(2.months()).last_of_month(),
            Stretch::Year => first.last_of_year(),
        };
        Period { stretch, first, last }
    }

    /// The one that ends where this one begins.
    pub fn before(self) -> Period {
        Period::of(self.stretch, self.first.yesterday().unwrap_or(self.first))
    }

    /// The one that begins where this one ends.
    pub fn after(self) -> Period {
        Period::of(self.stretch, self.last.tomorrow().unwrap_or(self.last))
    }

    /// From its first moment to the first one after it, by a clock in `zone`.
    pub fn moments(self, zone: &TimeZone) -> Moments {
        let start = |day: Date| zone.to_ambiguous_zoned(day.at(0, 0, 0, 0)).compatible().map(|start| start.timestamp());
        let second = |day: Date, otherwise| start(day).map_or(otherwise, |start| start.as_second());
        let until = self.last.tomorrow().map_or(UnixTime::MAX, |next| second(next, UnixTime::MAX));
        Moments { from: second(self.first, UnixTime::MIN), until }
    }
}

/// A half-open stretch of instants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Moments {
    pub from: UnixTime,
    /// The first one that no longer belongs to it.
    pub until: UnixTime,
}

impl Moments {
    pub fn contains(self, at: UnixTime) -> bool {
        (self.from..self.until).contains(&at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    const ALL: [Stretch; 5] = [Stretch::Day, Stretch::Week, Stretch::Month, Stretch::Quarter, Stretch::Year];

    #[test]
    fn a_period_is_the_one_that_people_mean() {
        let day = date(2026, 11, 23);
        let of = |stretch| {
            let period = Period::of(stretch, day);
            (period.first, period.last)
        };
        assert_eq!(of(Stretch::Week), (day, date(2026, 11, 29)));
        assert_eq!(of(Stretch::Month), (date(2026, 11, 1), date(2026, 11, 30)));
        assert_eq!(of(Stretch::Quarter), (date(2026, 10, 1), date(2026, 12, 31)));
        assert_eq!(of(Stretch::Year), (date(2026, 1, 1), date(2026, 12, 31)));
        assert_eq!(Period::of(Stretch::Quarter, date(2026, 2, 9)).before().first, date(2025, 10, 1));
    }

    #[test]
    fn a_day_on_which_the_clock_jumps_is_an_hour_shorter() {
        let zone = TimeZone::get("Europe/Berlin").expect("bundled");
        let moments = Period::of(Stretch::Day, date(2026, 3, 29)).moments(&zone);
        assert_eq!(moments.until - moments.from, 23 * 3600);
    }

    proptest! {
        #[test]
        fn periods_follow_each_other_without_gap_or_overlap(days in 0i64..60_000, which in 0usize..5) {
            let day = date(1950, 1, 1).saturating_add(days.days());
            let period = Period::of(ALL[which], day);
            prop_assert!(period.first <= day && day <= period.last);
            prop_assert_eq!(period.before().after(), period);
            let zone = TimeZone::get("Asia/Shanghai").expect("bundled");
            prop_assert_eq!(period.before().moments(&zone).until, period.moments(&zone).from);
        }
    }
}
