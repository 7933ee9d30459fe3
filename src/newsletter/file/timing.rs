//! When a newsletter goes out, as its front matter says: at a date, or on each buyer's own holiday.

use super::Around;
use crate::clock::UnixTime;
use crate::newsletter::fair::{Fair, Part, Shift};
use crate::newsletter::greeting::{self, Ahead, Greeting};
use crate::newsletter::when::{OFFICE_OPENS, instant, month_of, year_of};
use crate::written::reader::{Mistake, Reader};
use crate::written::tree::Value;
use crate::written::values::{duration, integer, text, time_of_day};
use jiff::Span;
use jiff::civil::Date;
use std::time::Duration;

/// How long after its date a newsletter is still news, unless the file says otherwise.
pub(super) const LATENESS: Duration = Duration::from_secs(7 * 86_400);

pub(super) struct Timing {
    /// The first instant at which anybody gets it.
    pub(super) date: UnixTime,
    pub(super) lateness: Duration,
    pub(super) greeting: Option<Greeting>,
}

/// None: something is wrong, which is noted.
pub(super) fn timing(
    reader: &Reader<'_>,
    name: &str,
    fair: Option<(&Fair, Option<Part>)>,
    around: &Around<'_>,
) -> Option<Timing> {
    if reader.has("holiday") {
        return greeting(reader, name, around);
    }
    if let Some((fair, part)) = fair {
        return of_fair(reader, name, (fair, part), around);
    }
    let remedy = "the day it goes out, e.g. date = 2026-12-01, or holiday = \"christmas\"";
    let date = reader.required("date", |value| instant(value, name, around.zone), remedy);
    let lateness = reader.or("lateness", duration, LATENESS);
    Some(Timing { date: date?, lateness, greeting: None })
}

/// A date from the fair, or any other; one of its parts has its own.
fn of_fair(
    reader: &Reader<'_>,
    name: &str,
    (fair, part): (&Fair, Option<Part>),
    around: &Around<'_>,
) -> Option<Timing> {
    let lateness = reader.or("lateness", duration, LATENESS);
    let from_fair = |shift| {
        let date = fair.date(shift)?.to_datetime(OFFICE_OPENS);
        Some(around.zone.to_ambiguous_zoned(date).compatible().ok()?.timestamp().as_second())
    };
    let written = |value: &Value| match value {
        Value::Text(written) if written.to_lowercase().contains("fair") => {
            let remedy = "e.g. date = \"3 weeks before the fair\" or \"2 days after the fair\"";
            let wrong = || Mistake::new(format!("{written:?} is not a date"), remedy);
            Shift::parse(written).and_then(from_fair).ok_or_else(wrong)
        }
        other => instant(other, name, around.zone),
    };
    let usual = |part: Part| from_fair(fair.parts.get(&part).copied().unwrap_or_else(|| part.usual()));
    let date = match part {
        Some(part) if !reader.has("date") => usual(part),
        _ => reader.required("date", written, "e.g. date = \"3 weeks before the fair\""),
    };
    Some(Timing { date: date?, lateness, greeting: None })
}

fn greeting(reader: &Reader<'_>, name: &str, around: &Around<'_>) -> Option<Timing> {
    if reader.has("date") {
        let mistake = Mistake::new("a greeting goes out on a holiday", "take date or holiday out");
        reader.wrong("date", mistake);
    }
    let lateness = reader.or("lateness", duration, greeting::LATENESS);
    let ahead = Ahead {
        days_before: reader.optional("days_before", integer(0..=60)),
        at: reader.or("time", time_of_day, OFFICE_OPENS),
        lateness,
    };
    let holiday = reader.found("holiday", |value| {
        let key = text(value)?.to_lowercase().replace([' ', '_'], "-");
        let keys = around.greetings.keys();
        let unknown = || {
            let what = format!("{key:?} is no holiday that is known");
            Mistake::new(what, format!("{}, or one of your own as [[greeting_day]] in inquiryd.toml", keys.join(", ")))
        };
        keys.contains(&key).then(|| key.clone()).ok_or_else(unknown)
    })?;
    let Some((from, until)) = months(name) else {
        let what = format!("{} of which year?", holiday.value);
        let remedy = "begin the file's name with the year, or year and month, e.g. 2026-12-christmas.md";
        reader.wrong_at(&holiday, Mistake::new(what, remedy));
        return None;
    };
    let dates = around.greetings.dates(&holiday.value, from, until);
    if dates.is_empty() {
        let what = format!("no country keeps {} from {from} on and before {until}", holiday.value);
        let remedy = "begin the file's name with its month; the dates of 2026 to 2030 are known, others stand in \
                      inquiryd.toml as [[greeting_day]]";
        reader.wrong_at(&holiday, Mistake::new(what, remedy));
        return None;
    }
    let greeting = Greeting::new(&holiday.value, &dates, &ahead, around.zone);
    Some(Timing { date: greeting.begins(), lateness, greeting: Some(greeting) })
}

/// The time of which a name speaks: `2026-12-christmas` of December and the month after, `2026-christmas` of the year.
fn months(name: &str) -> Option<(Date, Date)> {
    let span = |first: Date, months: i64| Some((first, first.checked_add(Span::new().months(months)).ok()?));
    match month_of(name) {
        Some(first) => span(first, 2),
        None => span(year_of(name)?, 12),
    }
}
