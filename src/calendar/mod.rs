//! Working time: which days and hours count, in the company's calendar and in a buyer's country. Pure.
//!
//! Two clocks run through it. The *hours* clock runs while the company is open: two hours from Friday 17:00 end on Monday
//! morning. The *days* clock runs around the clock, but on working days alone: 24 hours from Friday 17:00 end on Monday
//! 17:00. Both are read off the clock on the wall, so that a change to summer time moves nothing.

mod country;
mod zones;

pub use country::{Country, countries, country, weekday};
pub use zones::zones;

use crate::clock::UnixTime;
use crate::schedule::Hours;
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use std::collections::BTreeSet;
use std::time::Duration;

const DAY: i64 = 24 * 60 * 60;
/// The days that are looked up instead of counted: 2020-01-01 to 2050.
const FIRST_DAY: i64 = 18_262;
const DAYS: i64 = 30 * 366;
/// A calendar without a working day in a row this long has none: then every day counts.
const LONGEST_REST: i64 = 400;

/// Which days a company or a country does not work.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DaysOff {
    pub weekend: Vec<Weekday>,
    pub holidays: BTreeSet<Date>,
    /// Days of a weekend that are worked all the same, as in China after a long holiday.
    pub make_up_days: BTreeSet<Date>,
}

impl DaysOff {
    pub fn is_working_day(&self, date: Date) -> bool {
        self.make_up_days.contains(&date) || !self.weekend.contains(&date.weekday()) && !self.holidays.contains(&date)
    }
}

/// The company's working time.
#[derive(Clone, Debug)]
pub struct WorkingCalendar {
    zone: TimeZone,
    /// Seconds of the day, in order and apart.
    open: Vec<(i64, i64)>,
    days_off: DaysOff,
    country: &'static Country,
    /// Days that the company itself has decided about.
    own: Vec<Date>,
    /// Whether a day counts, from [`FIRST_DAY`] on.
    days: Vec<bool>,
}

/// A point of the clock on the wall: days since 1970-01-01 and seconds of that day.
type Wall = (i64, i64);

impl WorkingCalendar {
    /// `open` are the hours of a working day; none at all, or a calendar without working days, counts every hour.
    pub fn new(zone: TimeZone, open: &[Hours], days_off: DaysOff) -> Self {
        let mut open: Vec<(i64, i64)> = open
            .iter()
            .map(|hours| (second_of_day(hours.from), end_of(hours)))
            .filter(|(from, to)| from < to)
            .collect();
        open.sort_unstable();
        if open.is_empty() {
            open.push((0, DAY));
        }
        let days = (FIRST_DAY..FIRST_DAY + DAYS).map(|day| days_off.is_working_day(date_of(day))).collect();
        let own = Vec::new();
        WorkingCalendar { zone, open, days_off, country: country(""), own, days }
    }

    /// Notes whose holidays these are, and which days the company itself has decided about.
    pub fn of_country(self, code: &str, own: Vec<Date>) -> Self {
        WorkingCalendar { country: country(code), own, ..self }
    }

    /// Whether neither the state nor the company has told the make-up working days of `year`.
    pub fn awaits_announcement(&self, year: i16) -> bool {
        self.country.awaits_announcement(year) && !self.own.iter().any(|day| day.year() == year)
    }

    /// The same text for the same calendar.
    pub fn fingerprint(&self) -> String {
        format!("{:?} {:?} {:?}", self.zone.iana_name(), self.open, self.days_off)
    }

    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    pub fn is_working_day(&self, date: Date) -> bool {
        self.counts(day_of(date))
    }

    /// The date that a clock on the company's wall shows.
    pub fn date(&self, at: UnixTime) -> Date {
        date_of(self.wall(at).0)
    }

    /// Whether the company is open at this moment.
    pub fn is_open(&self, at: UnixTime) -> bool {
        let (day, second) = self.wall(at);
        self.counts(day) && self.open.iter().any(|(from, to)| (*from..*to).contains(&second))
    }

    /// This moment if the company is open, else when it opens next.
    pub fn opening(&self, at: UnixTime) -> UnixTime {
        let (mut day, second) = self.wall(at);
        if self.counts(day) {
            if self.open.iter().any(|(from, to)| (*from..*to).contains(&second)) {
                return at;
            }
            if let Some((from, _)) = self.open.iter().find(|(from, _)| *from > second) {
                return self.instant((day, *from));
            }
        }
        day = self.next_working(day + 1);
        self.instant((day, self.open[0].0))
    }

    /// When the hours clock, started at `from`, has run for `time`.
    pub fn after_hours(&self, from: UnixTime, time: Duration) -> UnixTime {
        let mut left = seconds(time);
        let (mut day, mut second) = self.wall(from);
        loop {
            if self.counts(day) {
                for (opens, closes) in &self.open {
                    let begin = second.max(*opens);
                    if begin < *closes && left <= closes - begin {
                        return self.instant((day, begin + left));
                    }
                    left -= (closes - begin).max(0);
                }
            }
            (day, second) = (self.next_working(day + 1), 0);
        }
    }

    /// When the days clock, started at `from`, has run for `time`.
    pub fn after_days(&self, from: UnixTime, time: Duration) -> UnixTime {
        let (mut day, mut second) = self.wall(from);
        if !self.counts(day) {
            (day, second) = (self.next_working(day), 0);
        }
        let mut left = second + seconds(time);
        while left >= DAY {
            day = self.next_working(day + 1);
            left -= DAY;
        }
        self.instant((day, left))
    }

    /// How long the hours clock runs between two moments, in seconds; 0 if they are in the wrong order.
    pub fn hours_between(&self, from: UnixTime, to: UnixTime) -> i64 {
        let ((first, begin), (last, end)) = (self.wall(from), self.wall(to));
        let of_day = |day: i64| {
            let (begin, end) = (if day == first { begin } else { 0 }, if day == last { end } else { DAY });
            self.open.iter().map(|(opens, closes)| (end.min(*closes) - begin.max(*opens)).max(0)).sum::<i64>()
        };
        (first..=last).filter(|day| self.counts(*day)).map(of_day).sum()
    }

    /// The date of a working day, `days` working days after `date`; `date` itself, or the first working day after it, if 0.
    pub fn working_days_after(&self, date: Date, days: u32) -> Date {
        let mut day = self.next_working(day_of(date));
        for _ in 0..days {
            day = self.next_working(day + 1);
        }
        date_of(day)
    }

    /// When this date begins by the company's clock.
    pub fn start_of(&self, date: Date) -> UnixTime {
        self.instant((day_of(date), 0))
    }

    fn counts(&self, day: i64) -> bool {
        let known = usize::try_from(day - FIRST_DAY).ok().and_then(|index| self.days.get(index).copied());
        known.unwrap_or_else(|| self.days_off.is_working_day(date_of(day)))
    }

    fn next_working(&self, day: i64) -> i64 {
        (day..day + LONGEST_REST).find(|day| self.counts(*day)).unwrap_or(day)
    }

    fn wall(&self, at: UnixTime) -> Wall {
        let (min, max) = (Timestamp::MIN.as_second(), Timestamp::MAX.as_second());
        let instant = Timestamp::from_second(at.clamp(min, max)).unwrap_or_default();
        let local = at.clamp(min, max) + i64::from(self.zone.to_offset(instant).seconds());
        (local.div_euclid(DAY), local.rem_euclid(DAY))
    }

    /// A time that the clock jumps over comes as much later; one that it shows twice is the first.
    fn instant(&self, (day, second): Wall) -> UnixTime {
        let time = i32::try_from(second).unwrap_or(0);
        let wall = date_of(day).to_datetime(jiff::civil::Time::midnight()).checked_add(Span::new().seconds(time));
        let zoned = wall.ok().and_then(|wall| self.zone.to_ambiguous_zoned(wall).compatible().ok());
        zoned.map_or(UnixTime::MAX, |zoned| zoned.timestamp().as_second())
    }
}

/// The number of a date, in days since 1970-01-01.
fn day_of(date: Date) -> i64 {
    let instant = TimeZone::UTC.to_timestamp(date.to_datetime(jiff::civil::Time::midnight()));
    instant.map_or(0, |instant| instant.as_second().div_euclid(DAY))
}

fn date_of(day: i64) -> Date {
    let instant = Timestamp::from_second(day.saturating_mul(DAY));
    instant.map_or(Date::MAX, |instant| TimeZone::UTC.to_datetime(instant).date())
}

fn second_of_day(time: jiff::civil::Time) -> i64 {
    i64::from(time.hour()) * 3600 + i64::from(time.minute()) * 60 + i64::from(time.second())
}

/// Hours that end at midnight end the day.
fn end_of(hours: &Hours) -> i64 {
    match second_of_day(hours.until) {
        0 => DAY,
        end => end,
    }
}

fn seconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_secs()).unwrap_or(i64::MAX / 4)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{date, time};
    use proptest::prelude::*;

    fn calendar(zone: &str) -> WorkingCalendar {
        let hours = [
            Hours { from: time(13, 30, 0, 0), until: time(18, 0, 0, 0) },
            Hours { from: time(8, 30, 0, 0), until: time(12, 0, 0, 0) },
        ];
        WorkingCalendar::new(TimeZone::get(zone).expect("bundled"), &hours, country("CN").days_off.clone())
    }

    fn at(text: &str) -> UnixTime {
        text.parse::<Timestamp>().expect("instant").as_second()
    }

    const fn hours(number: u64) -> Duration {
        Duration::from_secs(number * 3600)
    }

    #[test]
    fn two_hours_of_a_friday_evening_end_on_monday_morning() {
        let china = calendar("Asia/Shanghai");
        let friday = at("2026-11-20T17:00:00+08:00");
        assert_eq!(china.after_hours(friday, hours(2)), at("2026-11-23T09:30:00+08:00"));
        assert_eq!(china.after_days(friday, hours(24)), at("2026-11-23T17:00:00+08:00"));
        assert_eq!(china.after_days(friday, hours(12)), at("2026-11-23T05:00:00+08:00"));
        assert_eq!(china.opening(at("2026-11-23T05:00:00+08:00")), at("2026-11-23T08:30:00+08:00"));
    }

    #[test]
    fn nobody_works_through_lunch() {
        let china = calendar("Asia/Shanghai");
        assert!(!china.is_open(at("2026-11-23T12:30:00+08:00")));
        assert_eq!(china.opening(at("2026-11-23T12:30:00+08:00")), at("2026-11-23T13:30:00+08:00"));
        let before_lunch = at("2026-11-23T11:00:00+08:00");
        assert_eq!(china.after_hours(before_lunch, hours(1)), at("2026-11-23T12:00:00+08:00"));
        assert_eq!(china.after_hours(before_lunch, hours(2)), at("2026-11-23T14:30:00+08:00"));
        assert_eq!(china.hours_between(before_lunch, at("2026-11-24T09:00:00+08:00")), 6 * 3600);
    }

    #[test]
    fn the_national_day_week_stands_still_and_its_make_up_saturday_counts() {
        let china = calendar("Asia/Shanghai");
        let eve = at("2026-09-30T17:30:00+08:00");
        assert_eq!(china.after_hours(eve, hours(1)), at("2026-10-08T09:00:00+08:00"));
        assert_eq!(china.after_days(eve, hours(24)), at("2026-10-08T17:30:00+08:00"));
        assert!(china.is_working_day(date(2026, 10, 10)), "a Saturday that is worked");
        assert!(china.is_working_day(date(2026, 9, 20)), "a Sunday that is worked");
        assert!(!china.is_working_day(date(2026, 10, 11)));
        assert_eq!(china.working_days_after(date(2026, 9, 30), 3), date(2026, 10, 10));
    }

    #[test]
    fn summer_time_moves_no_deadline() {
        let berlin = calendar("Europe/Berlin");
        let friday = at("2026-03-27T16:00:00+01:00");
        assert_eq!(berlin.after_days(friday, hours(24)), at("2026-03-30T16:00:00+02:00"));
        assert_eq!(berlin.after_hours(friday, hours(3)), at("2026-03-30T09:30:00+02:00"));
    }

    #[test]
    fn a_calendar_without_working_days_or_hours_still_comes_to_an_end() {
        let every = [Weekday::Monday, Weekday::Tuesday, Weekday::Wednesday, Weekday::Thursday, Weekday::Friday];
        let weekend = every.into_iter().chain([Weekday::Saturday, Weekday::Sunday]).collect();
        let never = WorkingCalendar::new(TimeZone::UTC, &[], DaysOff { weekend, ..DaysOff::default() });
        assert!(never.after_days(0, hours(24)) < 10 * DAY);
        assert!(never.opening(0) < 10 * DAY);
    }

    proptest! {
        #[test]
        fn what_ends_after_so_many_hours_lasted_so_many_hours(
            from in 1_750_000_000i64..1_900_000_000,
            minutes in 1u64..6_000,
            zone in prop::sample::select(vec!["Asia/Shanghai", "Europe/Berlin", "America/New_York"]),
        ) {
            let calendar = calendar(zone);
            let end = calendar.after_hours(from, Duration::from_secs(minutes * 60));
            prop_assert_eq!(calendar.hours_between(from, end), i64::try_from(minutes * 60).expect("small"));
            prop_assert!(calendar.is_open(end - 1), "it ends while somebody works");
            let opening = calendar.opening(from);
            prop_assert!(opening >= from && calendar.is_open(opening));
            prop_assert_eq!(calendar.hours_between(from, opening), 0);
        }

        #[test]
        fn a_day_given_ends_on_a_working_day_at_the_same_time_on_the_wall(
            from in 1_750_000_000i64..1_900_000_000,
            days in 1u64..40,
        ) {
            let china = calendar("Asia/Shanghai");
            let end = china.after_days(from, hours(24 * days));
            prop_assert!(china.is_working_day(china.date(end)));
            if china.is_working_day(china.date(from)) {
                prop_assert_eq!((end - from) % DAY, 0);
            }
        }
    }
}
