//! The hours in which a buyer reads: by the clock of his country, on its working days.

use crate::calendar::{country, zones};
use crate::clock::UnixTime;
use crate::schedule::Hours;
use jiff::Timestamp;

/// Countries to which nothing goes just now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Resting {
    /// It is early, late or night there.
    pub asleep: Vec<&'static str>,
    /// It is a weekend or a holiday there.
    pub day_off: Vec<&'static str>,
}

impl Resting {
    /// Where it is outside of `hours`, or no working day. A buyer whose country isn't known is written to at any time.
    pub fn at(now: UnixTime, hours: Hours) -> Resting {
        let instant = Timestamp::from_second(now).unwrap_or_default();
        let mut resting = Resting::default();
        for (code, zone) in zones() {
            let wall = zone.to_datetime(instant);
            if !hours.covers_time(wall.time()) {
                resting.asleep.push(code);
            } else if !country(code).days_off.is_working_day(wall.date()) {
                resting.day_off.push(code);
            }
        }
        resting
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::time;

    fn at(instant: &str) -> Resting {
        let now = instant.parse::<Timestamp>().expect("an instant").as_second();
        Resting::at(now, Hours { from: time(8, 0, 0, 0), until: time(18, 0, 0, 0) })
    }

    #[test]
    fn nobody_is_written_to_at_night_or_on_his_weekend() {
        let monday_noon_in_china = at("2026-11-23T04:00:00Z");
        for (code, expected) in [("DE", true), ("US", true), ("JP", false), ("AU", false)] {
            assert_eq!(monday_noon_in_china.asleep.contains(&code), expected, "{code}");
        }
        let friday_in_arabia = at("2026-11-27T09:00:00Z");
        assert!(friday_in_arabia.day_off.contains(&"SA") && !friday_in_arabia.day_off.contains(&"DE"));
        let thanksgiving = at("2026-11-26T16:00:00Z");
        assert!(thanksgiving.day_off.contains(&"US") && !thanksgiving.day_off.contains(&"CA"));
    }
}
