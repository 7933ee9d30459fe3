//! How people write values in a configuration: texts, numbers, durations, sizes, times of day, addresses.

use super::reader::Mistake;
use super::tree::Value;
use crate::schedule::Hours;
use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use lettre::message::Mailbox;
use std::ops::RangeInclusive;
use std::time::Duration;

/// A text with something in it; white space at its ends is dropped.
pub fn text(value: &Value) -> Result<String, Mistake> {
    match value {
        Value::Text(text) if !text.trim().is_empty() => Ok(text.trim().to_owned()),
        Value::Text(_) => {
            Err(Mistake::new("this is empty", "write something between the quotes, or take the line out"))
        }
        other => Err(Mistake::new(format!("this is {}, not a text", other.kind()), "put it between quotes")),
    }
}

/// A whole number within `range`.
pub fn integer(range: RangeInclusive<i64>) -> impl Fn(&Value) -> Result<i64, Mistake> {
    move |value| {
        let remedy = || format!("a whole number from {} to {}", range.start(), range.end());
        let number = match value {
            Value::Integer(number) => *number,
            Value::Text(digits) => digits
                .trim()
                .parse()
                .map_err(|_| Mistake::new(format!("{digits:?} is not a whole number"), remedy()))?,
            other => return Err(Mistake::new(format!("this is {}, not a whole number", other.kind()), remedy())),
        };
        if range.contains(&number) {
            return Ok(number);
        }
        Err(Mistake::new(format!("{number} is out of range"), remedy()))
    }
}

/// `true` or `false`; also as a text, for the environment.
pub fn boolean(value: &Value) -> Result<bool, Mistake> {
    match value {
        Value::Boolean(truth) => Ok(*truth),
        Value::Text(text) if text == "true" => Ok(true),
        Value::Text(text) if text == "false" => Ok(false),
        other => Err(Mistake::new(format!("this is {}", other.kind()), "true or false, without quotes")),
    }
}

/// A duration above zero and up to ten years: `"45d"`, `"2h"`, `"1h 30m"`, `"60s"`.
pub fn duration(value: &Value) -> Result<Duration, Mistake> {
    const REMEDY: &str = "e.g. \"90s\", \"30m\", \"2h\", \"45d\" or \"1h 30m\"";
    let text = match value {
        Value::Integer(number) => return Err(Mistake::new(format!("{number} has no unit"), REMEDY)),
        other => text(other).map_err(|mistake| Mistake::new(mistake.what, REMEDY))?,
    };
    let wrong = || Mistake::new(format!("{text:?} is not a duration"), REMEDY);
    let mut seconds: u64 = 0;
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let (number, unit, remainder) = number_and_unit(rest).ok_or_else(wrong)?;
        let unit_seconds: u64 = match unit {
            "s" => 1,
            "m" | "min" => 60,
            "h" => 3600,
            "d" => 86_400,
            "w" => 7 * 86_400,
            _ => return Err(wrong()),
        };
        seconds = number.checked_mul(unit_seconds).and_then(|more| seconds.checked_add(more)).ok_or_else(wrong)?;
        rest = remainder;
    }
    if (1..=3650 * 86_400).contains(&seconds) { Ok(Duration::from_secs(seconds)) } else { Err(wrong()) }
}

/// Bytes: `"50MB"`, `"500 kB"`, `"1 GB"` by thousands, `"64MiB"` by 1,024.
pub fn size(value: &Value) -> Result<u64, Mistake> {
    const REMEDY: &str = "e.g. \"50MB\"";
    let text = match value {
        Value::Integer(number) => return Err(Mistake::new(format!("{number} has no unit"), REMEDY)),
        other => text(other).map_err(|mistake| Mistake::new(mistake.what, REMEDY))?,
    };
    let wrong = || Mistake::new(format!("{text:?} is not a size"), REMEDY);
    let (number, unit, rest) = number_and_unit(&text).ok_or_else(wrong)?;
    let factor: u64 = match unit.to_ascii_lowercase().as_str() {
        "kb" => 1_000,
        "mb" | "m" => 1_000_000,
        "gb" | "g" => 1_000_000_000,
        "kib" => 1 << 10,
        "mib" => 1 << 20,
        "gib" => 1 << 30,
        _ => return Err(wrong()),
    };
    number.checked_mul(factor).filter(|bytes| *bytes > 0 && rest.is_empty()).ok_or_else(wrong)
}

/// Splits `"1h 30m"` into 1, `h` and `30m`.
fn number_and_unit(text: &str) -> Option<(u64, &str, &str)> {
    let (digits, rest) = text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()));
    let rest = rest.trim_start();
    let (unit, rest) = rest.split_at(rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len()));
    Some((digits.parse().ok()?, unit, rest.trim_start()))
}

/// A time of day, `"08:30"`.
pub fn time_of_day(value: &Value) -> Result<Time, Mistake> {
    const REMEDY: &str = "hours and minutes between quotes, e.g. \"08:30\"";
    let text = match value {
        Value::Datetime(datetime) => datetime.to_string(),
        other => text(other).map_err(|mistake| Mistake::new(mistake.what, REMEDY))?,
    };
    let parts: Option<Vec<i8>> = text.split(':').map(two_digits).collect();
    let time = match parts.as_deref() {
        Some([hour, minute]) => Time::new(*hour, *minute, 0, 0).ok(),
        Some([hour, minute, 0]) => Time::new(*hour, *minute, 0, 0).ok(),
        _ => None,
    };
    time.ok_or_else(|| Mistake::new(format!("{text:?} is not a time of day"), REMEDY))
}

fn two_digits(text: &str) -> Option<i8> {
    let fits = (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if fits { text.parse().ok() } else { None }
}

/// From and to, `"08:00-20:00"`; over midnight where it ends before it begins.
pub fn hours(value: &Value) -> Result<Hours, Mistake> {
    const REMEDY: &str = "from and to between quotes, e.g. \"08:00-20:00\", or \"20:00-08:00\" over midnight";
    let written = text(value).map_err(|mistake| Mistake::new(mistake.what, REMEDY))?;
    let time = |end: &str| time_of_day(&Value::Text(end.trim().to_owned())).ok();
    let end = |until: &str| if until.trim() == "24:00" { Some(Time::midnight()) } else { time(until) };
    let ends = written.split_once(['-', '–']).and_then(|(from, until)| Some((time(from)?, end(until)?)));
    match ends {
        Some((from, until)) if from == until && !written.ends_with("24:00") => {
            Err(Mistake::new(format!("{written:?} begins and ends at the same time"), REMEDY))
        }
        Some((from, until)) => Ok(Hours { from, until }),
        None => Err(Mistake::new(format!("{written:?} is not a span of hours"), REMEDY)),
    }
}

/// A day: `"2026-12-01"`, with or without quotes.
pub fn date(value: &Value) -> Result<Date, Mistake> {
    const REMEDY: &str = "a day that exists, as \"2026-12-01\"";
    let written = match value {
        Value::Datetime(datetime) => datetime.to_string(),
        other => text(other).map_err(|mistake| Mistake::new(mistake.what, REMEDY))?,
    };
    written.parse().map_err(|_| Mistake::new(format!("{written:?} is not a day"), REMEDY))
}

/// One day or several, the last included: `"2026-12-01"`, `"2026-12-01..2026-12-07"`.
pub fn days(value: &Value) -> Result<(Date, Date), Mistake> {
    const REMEDY: &str = "one day, \"2026-12-01\", or the first and the last, \"2026-12-01..2026-12-07\"";
    let Value::Text(written) = value else {
        return date(value).map(|day| (day, day)).map_err(|mistake| Mistake::new(mistake.what, REMEDY));
    };
    let (first, last) = written.split_once("..").unwrap_or((written, written));
    let day = |written: &str| date(&Value::Text(written.trim().to_owned()));
    match (day(first), day(last)) {
        (Ok(first), Ok(last)) if first > last => {
            Err(Mistake::new(format!("{last} is before {first}"), "write the earlier day first"))
        }
        (Ok(first), Ok(last)) if (last - first).get_days() > 400 => {
            Err(Mistake::new(format!("{written:?} is longer than a year"), "write it year by year"))
        }
        (Ok(first), Ok(last)) => Ok((first, last)),
        (Err(mistake), _) | (_, Err(mistake)) => Err(Mistake::new(mistake.what, REMEDY)),
    }
}

/// A day of the week by its English name or its first three letters.
pub fn weekday(value: &Value) -> Result<Weekday, Mistake> {
    let written = text(value)?;
    let remedy = "\"mon\", \"tue\", \"wed\", \"thu\", \"fri\", \"sat\" or \"sun\"";
    crate::calendar::weekday(&written).ok_or_else(|| Mistake::new(format!("{written:?} is no day of the week"), remedy))
}

/// A country's code in two letters (ISO 3166 alpha-2), upper case.
pub fn country(value: &Value) -> Result<String, Mistake> {
    let written = text(value)?;
    let code = written.to_uppercase();
    if code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return Ok(code);
    }
    let what = format!("{written:?} is not a country's code");
    Err(Mistake::new(what, "two letters (ISO 3166), e.g. \"CN\" or \"DE\""))
}

/// A zone of the IANA time zone database.
pub fn time_zone(value: &Value) -> Result<TimeZone, Mistake> {
    let name = text(value)?;
    TimeZone::get(&name).map_err(|_| {
        let what = format!("there is no time zone {name:?}");
        Mistake::new(what, "an IANA name such as \"Asia/Shanghai\", \"Asia/Hong_Kong\" or \"Europe/Berlin\"")
    })
}

/// An address with or without a name: `"Amy Xu <amy@example.com>"`.
pub fn mailbox(value: &Value) -> Result<Mailbox, Mistake> {
    let written = text(value)?;
    written.parse().map_err(|_| {
        let what = format!("{written:?} is not an address");
        Mistake::new(what, "e.g. \"Amy Xu <amy@example.com>\" or \"amy@example.com\"")
    })
}

/// A bare address, lower case.
pub fn address(value: &Value) -> Result<String, Mistake> {
    let written = text(value)?;
    match written.parse::<lettre::Address>() {
        Ok(address) => Ok(address.to_string().to_lowercase()),
        Err(_) => Err(Mistake::new(format!("{written:?} is not an address"), "e.g. \"amy@example.com\"")),
    }
}

/// A domain, lower case, without `@`.
pub fn domain(value: &Value) -> Result<String, Mistake> {
    let written = text(value)?;
    if is_host_name(&written) && written.contains('.') {
        return Ok(written.to_lowercase());
    }
    let what = format!("{written:?} is not a domain");
    Err(Mistake::new(what, "what stands behind the @ of an address, e.g. \"example.com\""))
}

/// A name by which a host can be looked up (RFC 1123 section 2.1; other scripts are allowed in its labels).
pub fn is_host_name(text: &str) -> bool {
    let label = |label: &str| {
        let fits = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
        !label.is_empty()
            && label.len() <= 63
            && label.chars().all(fits)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    text.len() <= 253 && text.strip_suffix('.').unwrap_or(text).split('.').all(label)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str) -> Value {
        Value::Text(text.to_owned())
    }

    #[test]
    fn a_duration_is_a_number_with_a_unit() {
        for (text, seconds) in [("90s", 90), ("30m", 1800), ("2h", 7200), ("45d", 3_888_000), ("1h 30m", 5400)] {
            assert_eq!(duration(&written(text)), Ok(Duration::from_secs(seconds)), "{text}");
        }
        for text in ["2", "h", "2 hours", "-2h", "0s", "2h!", "1.5h", "9999999999999999999d", "20000d"] {
            assert!(duration(&written(text)).is_err(), "{text}");
        }
        assert_eq!(duration(&Value::Integer(2)).expect_err("no unit").what, "2 has no unit");
    }

    #[test]
    fn a_size_counts_by_thousands_as_mail_providers_do() {
        for (text, bytes) in [("50MB", 50_000_000), ("500 kB", 500_000), ("64MiB", 67_108_864)] {
            assert_eq!(size(&written(text)), Ok(bytes), "{text}");
        }
        for text in ["50", "MB", "50 megabytes", "0MB", "50MB 2", "99999999999GB"] {
            assert!(size(&written(text)).is_err(), "{text}");
        }
    }

    #[test]
    fn a_time_of_day_has_hours_and_minutes() {
        assert_eq!(time_of_day(&written("8:30")), Ok(Time::constant(8, 30, 0, 0)));
        assert_eq!(time_of_day(&Value::Datetime("17:30:00".parse().expect("time"))), Ok(Time::constant(17, 30, 0, 0)));
        for text in ["24:00", "8.30", "8", "08:60", "08:30:15", "8:30 am", "-8:30"] {
            assert!(time_of_day(&written(text)).is_err(), "{text}");
        }
    }

    #[test]
    fn an_address_may_carry_a_chinese_name() {
        let mailbox = mailbox(&written("陈国强 <chen@haiyue.example>")).expect("an address");
        assert_eq!(mailbox.name.as_deref(), Some("陈国强"));
        assert!(super::mailbox(&written("chen at haiyue")).is_err());
        assert_eq!(address(&written("Amy@Gmail.com")), Ok("amy@gmail.com".to_owned()));
    }

    #[test]
    fn a_domain_is_written_without_at_sign_or_scheme() {
        assert_eq!(domain(&written("Haiyue-Outdoor.example")), Ok("haiyue-outdoor.example".to_owned()));
        for text in ["@haiyue.example", "https://haiyue.example", "haiyue", "a..b", "-a.b"] {
            assert!(domain(&written(text)).is_err(), "{text}");
        }
    }
}
