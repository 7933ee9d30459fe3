//! Numbers, shares and durations as people read them.

use crate::clock::UnixTime;
use crate::letter::when;
use crate::letter::{Language, Look};
use crate::report::{Period, Stretch};
use jiff::civil::Date;

/// `1,234`
pub(super) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `87%`; a dash of nothing.
pub(super) fn percent(share: Option<f64>) -> String {
    share.map_or_else(|| "–".to_owned(), |share| format!("{:.0}%", share * 100.0))
}

/// `3 h 20 min`; a dash where nothing was measured.
pub(super) fn duration(seconds: Option<i64>, language: Language) -> String {
    seconds.map_or_else(|| "–".to_owned(), |seconds| when::wait(seconds, language))
}

/// The difference to the period before.
pub(super) fn change(now: u64, before: u64) -> String {
    match now.cmp(&before) {
        std::cmp::Ordering::Greater => format!("▲ {}", count(now - before)),
        std::cmp::Ordering::Less => format!("▼ {}", count(before - now)),
        std::cmp::Ordering::Equal => "±0".to_owned(),
    }
}

/// Two decimals, or as many as a cheap part needs.
pub(super) fn amount(amount: f64) -> String {
    let text = if amount < 0.1 { format!("{amount:.4}") } else { format!("{amount:.2}") };
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    format!("{}.{fraction}", whole.parse().map_or_else(|_| whole.to_owned(), count))
}

/// How many hundredths of the largest: the length of a bar.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 100")]
pub(super) fn bar(value: u64, largest: u64) -> u8 {
    crate::report::share(value, largest).map_or(0, |share| (share * 100.0).round().clamp(0.0, 100.0) as u8)
}

/// The period as a headline names it: `November 2026`, `2026年11月`, `Q4 2026`, `23–29 Nov 2026`.
pub(super) fn period(period: Period, language: Language) -> String {
    let (first, last) = (period.first, period.last);
    let quarter = (first.month() - 1) / 3 + 1;
    match period.stretch {
        Stretch::Day => language.pick(first.strftime("%-m月%-d日"), first.strftime("%a %-d %b")).to_string(),
        Stretch::Week => language.pick(
            format!("{}至{}", first.strftime("%-m月%-d日"), last.strftime("%-m月%-d日")),
            format!("{} to {}", first.strftime("%-d %b"), last.strftime("%-d %b")),
        ),
        Stretch::Month => language.pick(first.strftime("%Y年%-m月"), first.strftime("%B %Y")).to_string(),
        Stretch::Quarter => {
            language.pick(format!("{}年第{quarter}季度", first.year()), format!("Q{quarter} {}", first.year()))
        }
        Stretch::Year => language.pick(format!("{}年", first.year()), first.year().to_string()),
    }
}

/// `2026年11月1日`, `1 Nov 2026`
pub(super) fn date(date: Date, language: Language) -> String {
    language.pick(date.strftime("%Y年%-m月%-d日"), date.strftime("%-d %b %Y")).to_string()
}

/// A day of the past, with the year if it is another one than that of the report.
pub(super) fn day(at: UnixTime, now: UnixTime, look: &Look) -> String {
    when::day(at, now, look)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date as civil;

    #[test]
    fn numbers_are_read_at_a_glance() {
        assert_eq!([count(0), count(999), count(1_000), count(1_234_567)], ["0", "999", "1,000", "1,234,567"]);
        assert_eq!((percent(Some(0.875)), percent(None)), ("88%".into(), "–".into()));
        assert_eq!([change(5, 3), change(3, 5), change(4, 4)], ["▲ 2", "▼ 2", "±0"]);
        assert_eq!([amount(3.1), amount(0.0125), amount(12_500.0)], ["3.10", "0.0125", "12,500.00"]);
        assert_eq!([bar(5, 10), bar(0, 0), bar(10, 10)], [50, 0, 100]);
    }

    #[test]
    fn a_period_is_named_as_people_name_it() {
        let day = civil(2026, 11, 23);
        let named = |stretch, language| period(Period::of(stretch, day), language);
        assert_eq!(named(Stretch::Month, Language::English), "November 2026");
        assert_eq!(named(Stretch::Month, Language::SimplifiedChinese), "2026年11月");
        assert_eq!(named(Stretch::Quarter, Language::English), "Q4 2026");
        assert_eq!(named(Stretch::Week, Language::English), "23 Nov to 29 Nov");
        assert_eq!(named(Stretch::Week, Language::SimplifiedChinese), "11月23日至11月29日");
        assert_eq!(named(Stretch::Day, Language::English), "Mon 23 Nov");
    }
}
