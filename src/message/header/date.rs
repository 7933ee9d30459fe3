//! Date fields: RFC 5322 section 3.3, its obsolete forms, and what programs write instead.

use crate::clock::UnixTime;
use jiff::civil::DateTime;
use jiff::tz::Offset;

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
/// Bytes of a date field that are read.
const MAX_LENGTH: usize = 120;

/// What the words of a date field say, as far as they were read.
#[derive(Default)]
struct Read {
    month: Option<i8>,
    /// Numbers that are no time and no zone, in order, with their count of digits.
    numbers: Vec<(i16, usize)>,
    time: Option<(i8, i8, i8)>,
    afternoon: Option<bool>,
    /// Seconds east of Greenwich.
    offset: Option<i32>,
}

/// The instant a date field names; None where it is impossible or can be read in two ways.
pub(in crate::message) fn parse(field: &str) -> Option<UnixTime> {
    let mut read = Read::default();
    for word in words(&field[..field.floor_char_boundary(MAX_LENGTH)]) {
        read.take(&word);
    }
    let (year, month, day) = read.date()?;
    let (hour, minute, second) = read.clock()?;
    let local = DateTime::new(year, month, day, hour, minute, second.min(59), 0).ok()?;
    let offset = Offset::from_seconds(read.offset.unwrap_or(0)).ok()?;
    offset.to_timestamp(local).ok().map(|t| t.as_second()).filter(|&t| t >= 0)
}

/// Words without comments; the hyphens of `02-Nov-26` and the `T` of ISO 8601 part words, too.
fn words(field: &str) -> Vec<String> {
    let (mut depth, mut found, mut word) = (0usize, Vec::new(), String::new());
    for c in field.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            '年' | '月' | '日' | ',' | '/' | ';' => found.push(std::mem::take(&mut word)),
            // A hyphen behind a time is the sign of its zone.
            '-' if !word.is_empty() && !word.contains(':') => found.push(std::mem::take(&mut word)),
            '+' | '-' => {
                found.push(std::mem::take(&mut word));
                word.push(c);
            }
            'T' if word.len() == 2 && word.bytes().all(|b| b.is_ascii_digit()) => {
                found.push(std::mem::take(&mut word));
            }
            c if c.is_whitespace() => found.push(std::mem::take(&mut word)),
            c => word.push(c.to_ascii_lowercase()),
        }
    }
    found.push(word);
    found.retain(|w| !w.is_empty());
    found
}

impl Read {
    fn take(&mut self, word: &str) {
        let digits = word.bytes().take_while(u8::is_ascii_digit).count();
        if word.contains(':') && !word.starts_with(['+', '-']) {
            self.take_time(word);
        } else if word.starts_with(['+', '-']) && (self.time.is_some() || word.len() >= 5) {
            self.offset = self.offset.or_else(|| numeric_zone(word));
        } else if digits == word.len() && digits <= 4 {
            self.numbers.extend(word.parse().ok().map(|number| (number, digits)));
        } else if let Some(month) = MONTHS.iter().position(|m| word.get(..3) == Some(*m)) {
            self.month = self.month.or(i8::try_from(month + 1).ok());
        } else if matches!(word, "am" | "pm" | "a.m." | "p.m." | "上午" | "下午") {
            self.afternoon = Some(word.starts_with('p') || word == "下午");
        } else if let Some(offset) = named_zone(word) {
            self.offset = self.offset.or(Some(offset));
        } else if matches!(word.get(digits..), Some("st" | "nd" | "rd" | "th")) {
            self.numbers.extend(word[..digits].parse().ok().map(|number| (number, digits)));
        }
    }

    fn take_time(&mut self, word: &str) {
        let word = match word.strip_suffix("am").or(word.strip_suffix("pm")) {
            Some(time) => {
                self.afternoon = Some(word.ends_with("pm"));
                time
            }
            None => word,
        };
        let (word, utc) = word.strip_suffix('z').map_or((word, false), |w| (w, true));
        if utc {
            self.offset = Some(0);
        }
        // Fractions of a second say nothing here.
        let mut parts = word.split('.').next().unwrap_or(word).split(':').map(|p| p.parse::<i8>().ok());
        let (hour, minute) = (parts.next().flatten(), parts.next().flatten());
        let second = parts.next().map_or(Some(0), |s| s);
        if let (Some(hour), Some(minute), Some(second)) = (hour, minute, second) {
            self.time = self.time.or(Some((hour, minute, second)));
        }
    }

    fn clock(&self) -> Option<(i8, i8, i8)> {
        let (hour, minute, second) = self.time?;
        let hour = match self.afternoon {
            Some(true) if hour < 12 => hour + 12,
            Some(false) if hour == 12 => 0,
            _ => hour,
        };
        ((0..=60).contains(&second)).then_some((hour, minute, second))
    }

    /// Year, month and day. Without a name for the month only the order of ISO 8601 is beyond doubt.
    fn date(&self) -> Option<(i16, i8, i8)> {
        let mut numbers = self.numbers.iter().copied();
        let year_of = |(number, digits): (i16, usize)| match (number, digits) {
            (_, 4) if number >= 1970 => Some(number),
            // RFC 5322 section 4.3.
            (0..=49, 2) => Some(2000 + number),
            (50..=999, 2 | 3) => Some(1900 + number),
            _ => None,
        };
        let (year, month, day) = match (self.month, numbers.next()?, numbers.next()) {
            (Some(month), first, Some(second)) if first.1 == 4 => (year_of(first)?, month, second.0),
            (Some(month), first, Some(second)) => (year_of(second)?, month, first.0),
            (None, first, Some(second)) if first.1 == 4 => {
                (year_of(first)?, i8::try_from(second.0).ok()?, numbers.next()?.0)
            }
            _ => return None,
        };
        Some((year, month, i8::try_from(day).ok()?))
    }
}

fn numeric_zone(word: &str) -> Option<i32> {
    let digits: String = word.chars().filter(char::is_ascii_digit).collect();
    let number: i32 = match digits.len() {
        1 | 2 => digits.parse::<i32>().ok()? * 100,
        3 | 4 => digits.parse().ok()?,
        _ => return None,
    };
    let seconds = (number / 100) * 3600 + (number % 100) * 60;
    // No land is further than 14 hours from Greenwich; what claims so is broken.
    (seconds <= 14 * 3600).then_some(if word.starts_with('-') { -seconds } else { seconds })
}

fn named_zone(word: &str) -> Option<i32> {
    let hours = match word {
        "ut" | "utc" | "gmt" | "z" => 0,
        "edt" => -4,
        "est" | "cdt" => -5,
        "cst" | "mdt" => -6,
        "mst" | "pdt" => -7,
        "pst" => -8,
        "bst" | "cet" | "met" => 1,
        "cest" | "mest" | "eet" => 2,
        "eest" | "msk" => 3,
        "hkt" | "sgt" => 8,
        "jst" | "kst" => 9,
        _ => return None,
    };
    Some(hours * 3600)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_instant_in_every_spelling() {
        for field in [
            "Tue, 27 Oct 2026 15:15:00 +0800",
            "27 Oct 2026 15:15 +0800",
            "Tue, 27 Oct 2026 07:15:00 GMT",
            "Tuesday, 27-Oct-26 07:15:00 GMT",
            "Tue Oct 27 07:15:00 2026",
            "Tue, Oct 27, 2026 03:15:00 AM -0400 (EDT)",
            "27 Oct 26 03:15 PM +0800",
            "2026-10-27T07:15:00Z",
            "2026-10-27 15:15:00+08:00",
            "2026-10-27T15:15:00.123+08:00",
            "2026年10月27日 15:15:00 +0800",
            "Tue, 27 Oct 2026 02:15:00 EST (Eastern (US) time)",
            "Tue,27 Oct 2026 15:15:00 +0800 (中国标准时间)",
        ] {
            assert_eq!(parse(field), Some(1_793_085_300), "{field}");
        }
    }

    #[test]
    fn impossible_and_ambiguous_dates_are_unknown() {
        for field in [
            "",
            "yesterday",
            "31 Feb 2026 10:00:00 +0000",
            "27 Oct 2026 25:61:00 +0000",
            "01/02/2026 10:00",
            "27 Oct 2026",
            "Thu, 01 Jan 1903 00:00:00 +0000",
            "27 Oct 26 99999999999999999:00",
        ] {
            assert_eq!(parse(field), None, "{field}");
        }
    }
}
