//! Greetings: each buyer gets one for his own country's date of a holiday, and only where that is a public holiday.
//!
//! Nobody's faith is guessed: neither a name nor a language counts, only the country and its table of holidays.

mod book;

pub use book::{GreetingBook, OwnDay};

use super::Exclusion;
use crate::calendar::country;
use crate::clock::UnixTime;
use jiff::Span;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

/// How long after a holiday a greeting may still come, unless the file says otherwise.
pub const LATENESS: Duration = Duration::from_secs(86_400);
/// Days without a working day that are passed over to find one before a holiday.
const LONGEST_REST: usize = 14;

/// When a greeting goes out, as its file says.
#[derive(Clone, Copy, Debug)]
pub struct Ahead {
    /// None: on the last working day before the holiday in the buyer's country.
    pub days_before: Option<i64>,
    /// By the company's clock.
    pub at: Time,
    /// After the holiday's end.
    pub lateness: Duration,
}

/// A holiday's dates, by the country that keeps it (ISO 3166).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Greeting {
    pub holiday: String,
    pub days: BTreeMap<String, Day>,
}

/// When one country's buyers are greeted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day {
    pub date: Date,
    /// The greeting does not go before this instant …
    pub from: UnixTime,
    /// … nor from this one on.
    pub until: UnixTime,
}

impl Greeting {
    pub(super) fn new(holiday: &str, dates: &BTreeMap<String, Date>, ahead: &Ahead, zone: &TimeZone) -> Greeting {
        let day = |(code, date): (&String, &Date)| Some((code.clone(), day(code, *date, ahead, zone)?));
        Greeting { holiday: holiday.to_owned(), days: dates.iter().filter_map(day).collect() }
    }

    /// When the first buyers are greeted.
    pub fn begins(&self) -> UnixTime {
        self.days.values().map(|day| day.from).min().unwrap_or(UnixTime::MAX)
    }

    /// Countries whose greeting goes out by `now`: whenever there are more, everybody is looked at again.
    pub fn begun(&self, now: UnixTime) -> usize {
        self.days.values().filter(|day| day.from <= now).count()
    }

    /// Why a buyer in this country is not greeted.
    pub fn misses(&self, country: Option<&str>, now: UnixTime) -> Option<Exclusion> {
        match country.and_then(|country| self.days.get(country)) {
            None => Some(Exclusion::NoSuchHoliday),
            Some(day) if day.until <= now => Some(Exclusion::HolidayOver),
            Some(_) => None,
        }
    }
}

/// For people: `for christmas: 2026-12-25 in 190 countries, 2027-01-07 in EG, RU`.
impl fmt::Display for Greeting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut by_date: BTreeMap<Date, Vec<&str>> = BTreeMap::new();
        for (country, day) in &self.days {
            by_date.entry(day.date).or_default().push(country);
        }
        let told = |(date, countries): (&Date, &Vec<&str>)| match countries.len() {
            ..=12 => format!("{date} in {}", countries.join(" ")),
            many => format!("{date} in {many} countries"),
        };
        write!(f, "for {}: {}", self.holiday, by_date.iter().map(told).collect::<Vec<_>>().join(", "))
    }
}

fn day(code: &str, date: Date, ahead: &Ahead, zone: &TimeZone) -> Option<Day> {
    let sent_on = match ahead.days_before {
        Some(days) => date.checked_sub(Span::new().days(days)).ok()?,
        None => working_day_before(code, date)?,
    };
    let instant = |at: jiff::civil::DateTime| zone.to_ambiguous_zoned(at).compatible().ok();
    let from = instant(sent_on.to_datetime(ahead.at))?.timestamp().as_second();
    let over = instant(date.tomorrow().ok()?.to_datetime(Time::midnight()))?.timestamp().as_second();
    let until = over.saturating_add(super::segment::seconds(ahead.lateness));
    Some(Day { date, from, until })
}

/// The day before, where there is no working day anywhere near.
fn working_day_before(code: &str, date: Date) -> Option<Date> {
    let days_off = &country(code).days_off;
    let mut before = std::iter::successors(date.yesterday().ok(), |day| day.yesterday().ok()).take(LONGEST_REST);
    before.find(|day| days_off.is_working_day(*day)).or_else(|| date.yesterday().ok())
}
