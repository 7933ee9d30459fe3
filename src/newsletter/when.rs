//! When a newsletter goes out, as people write it.

use crate::clock::UnixTime;
use crate::written::reader::Mistake;
use crate::written::tree::Value;
use crate::written::values::{text, time_of_day, weekday};
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;

/// When a newsletter with a date but no time goes out: when people are there to see to it.
pub(super) const OFFICE_OPENS: Time = Time::constant(9, 0, 0, 0);
const REMEDY: &str = "e.g. date = 2026-12-01, date = \"2026-12-01 09:00\", or date = \"first tuesday 10:00\"";

/// `2026-12-01`, `"2026-12-01 09:00"`, with an offset, or `"first tuesday 10:00"` of the month with which the campaign's
/// `name` begins.
pub(super) fn instant(value: &Value, name: &str, zone: &TimeZone) -> Result<UnixTime, Mistake> {
    let written = match value {
        Value::Datetime(datetime) => datetime.to_string(),
        other => text(other).map_err(|mistake| Mistake::new(mistake.what, REMEDY))?,
    };
    let wrong = || Mistake::new(format!("{written:?} is not a date"), REMEDY);
    if let Ok(instant) = written.parse::<jiff::Timestamp>() {
        return Ok(instant.as_second());
    }
    let civil = match written.len() {
        10 if written.is_ascii() => written.parse::<Date>().map(|date| date.to_datetime(OFFICE_OPENS)),
        _ => written.parse::<DateTime>(),
    };
    let civil = match civil {
        Ok(civil) => civil,
        Err(_) => by_weekday(&written, name).ok_or_else(wrong)??,
    };
    let zoned = zone.to_ambiguous_zoned(civil).compatible().map_err(|_| wrong())?;
    Ok(zoned.timestamp().as_second())
}

/// None if it isn't written so.
fn by_weekday(written: &str, name: &str) -> Option<Result<DateTime, Mistake>> {
    let mut words = written.split_whitespace();
    let nth = match words.next()?.to_lowercase().as_str() {
        "first" => 1,
        "second" => 2,
        "third" => 3,
        "fourth" => 4,
        "last" => -1,
        _ => return None,
    };
    let weekday = weekday(&Value::Text(words.next()?.to_owned())).ok()?;
    let time = match words.next() {
        Some(time) => time_of_day(&Value::Text(time.to_owned())).ok()?,
        None => OFFICE_OPENS,
    };
    let month = || {
        Mistake::new(
            format!("{written:?} of which month?"),
            "begin the file's name with year and month, e.g. 2026-12-new-year.md",
        )
    };
    words.next().is_none().then(|| {
        let first = month_of(name).ok_or_else(month)?;
        let day = first.nth_weekday_of_month(nth, weekday).map_err(|_| month())?;
        Ok(day.to_datetime(time))
    })
}

/// The first day of the month with which a name begins: `2026-12-new-year`.
pub(super) fn month_of(name: &str) -> Option<Date> {
    let year = year_of(name)?.year();
    let month = name.get(4..)?.strip_prefix('-')?.get(..2)?.parse().ok()?;
    Date::new(year, month, 1).ok()
}

/// The first day of the year with which a name begins: `2026-christmas`.
pub(super) fn year_of(name: &str) -> Option<Date> {
    let (year, rest) = (name.get(..4)?, name.get(4..)?);
    let is_year = year.bytes().all(|byte| byte.is_ascii_digit()) && (rest.is_empty() || rest.starts_with('-'));
    Date::new(year.parse().ok().filter(|_| is_year)?, 1, 1).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(written: &str, name: &str) -> Result<String, String> {
        let zone = TimeZone::get("Asia/Shanghai").expect("bundled zone");
        let instant = instant(&Value::Text(written.to_owned()), name, &zone).map_err(|mistake| mistake.what)?;
        let at = jiff::Timestamp::from_second(instant).expect("an instant").to_zoned(zone);
        Ok(at.strftime("%Y-%m-%d %H:%M").to_string())
    }

    #[test]
    fn a_day_may_be_told_by_its_weekday_in_the_month_of_the_files_name() {
        for (written, expected) in [
            ("first Tuesday 10:00", "2026-12-01 10:00"),
            ("second mon", "2026-12-14 09:00"),
            ("last friday 16:30", "2026-12-25 16:30"),
            ("2027-01-04", "2027-01-04 09:00"),
        ] {
            assert_eq!(at(written, "2026-12-new-year").as_deref(), Ok(expected), "{written}");
        }
        assert_eq!(at("first tuesday", "new-year"), Err("\"first tuesday\" of which month?".to_owned()));
        for wrong in ["fifth tuesday", "first someday", "first tuesday at ten", "soon", "明年一月一日"] {
            assert_eq!(at(wrong, "2026-12-x"), Err(format!("{wrong:?} is not a date")));
        }
    }
}
