//! Instants and durations as people say them.

use super::{Language, Look};
use crate::clock::UnixTime;
use jiff::Zoned;

/// The wall clock: the time alone if it is on the day of `now`, the year only if it is another one.
pub(super) fn moment(at: UnixTime, now: UnixTime, look: &Look) -> String {
    let (at, now) = (zoned(at, look), zoned(now, look));
    let chinese = look.language == Language::SimplifiedChinese;
    let pattern = match (at.date() == now.date(), at.year() == now.year()) {
        (true, _) => "%H:%M",
        (false, true) if chinese => "%-m月%-d日 %H:%M",
        (false, true) => "%-d %b %H:%M",
        (false, false) if chinese => "%Y年%-m月%-d日 %H:%M",
        (false, false) => "%-d %b %Y %H:%M",
    };
    at.strftime(pattern).to_string()
}

/// Day and time, for subjects: `11月23日 12:30`, `23 Nov 12:30`.
pub(super) fn day_and_time(at: UnixTime, look: &Look) -> String {
    let pattern = match look.language {
        Language::SimplifiedChinese => "%-m月%-d日 %H:%M",
        Language::English => "%-d %b %H:%M",
    };
    zoned(at, look).strftime(pattern).to_string()
}

/// Ways to say when in a subject, from the fullest to the shortest: `Mon 23 Nov 12:30`, `Mon 23 Nov`.
pub(super) fn moments(at: UnixTime, look: &Look) -> Vec<String> {
    let at = zoned(at, look);
    let weekday = look.language.weekday(at.weekday());
    let day = match look.language {
        Language::SimplifiedChinese => at.strftime("%-m月%-d日").to_string() + weekday,
        Language::English => format!("{weekday} {}", at.strftime("%-d %b")),
    };
    vec![format!("{day} {}", at.strftime("%H:%M")), day]
}

/// The wall clock as workbooks hold it.
pub(super) fn wall(at: UnixTime, look: &Look) -> jiff::civil::DateTime {
    zoned(at, look).datetime()
}

/// The day alone, with the year if it is another one: `10月27日`, `27 Oct 2025`.
pub(super) fn day(at: UnixTime, now: UnixTime, look: &Look) -> String {
    let (at, now) = (zoned(at, look), zoned(now, look));
    let pattern = match (look.language, at.year() == now.year()) {
        (Language::SimplifiedChinese, true) => "%-m月%-d日",
        (Language::SimplifiedChinese, false) => "%Y年%-m月%-d日",
        (Language::English, true) => "%-d %b",
        (Language::English, false) => "%-d %b %Y",
    };
    at.strftime(pattern).to_string()
}

/// How long something waits, in its two largest units: `3 小时 20 分`, `1 d 4 h`.
pub(super) fn wait(seconds: i64, language: Language) -> String {
    let minutes = seconds.max(0) / 60;
    let (days, hours, minutes) = (minutes / (24 * 60), minutes / 60 % 24, minutes % 60);
    let [day, hour, minute] = match language {
        Language::SimplifiedChinese => ["天", "小时", "分"],
        Language::English => ["d", "h", "min"],
    };
    let (large, small) = match (days, hours) {
        (0, 0) => return format!("{minutes} {minute}"),
        (0, _) => ((hours, hour), (minutes, minute)),
        _ => ((days, day), (hours, hour)),
    };
    if small.0 == 0 {
        return format!("{} {}", large.0, large.1);
    }
    format!("{} {} {} {}", large.0, large.1, small.0, small.1)
}

fn zoned(at: UnixTime, look: &Look) -> Zoned {
    jiff::Timestamp::from_second(at).unwrap_or_default().to_zoned(look.time_zone.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(language: Language) -> Look {
        let time_zone = jiff::tz::TimeZone::get("Asia/Shanghai").expect("bundled");
        Look {
            language,
            time_zone,
            company: "海川".to_owned(),
            actions: None,
            templates: crate::letter::Templates::shipped(),
        }
    }

    /// 2026-11-23 12:30 in Shanghai.
    const NOON: UnixTime = 1_795_408_200;

    #[test]
    fn a_time_is_the_wall_clock_of_the_office_and_no_longer_than_needed() {
        let (chinese, english) = (look(Language::SimplifiedChinese), look(Language::English));
        assert_eq!(moment(NOON - 3600, NOON, &chinese), "11:30");
        assert_eq!(moment(NOON - 13 * 3600, NOON, &chinese), "11月22日 23:30");
        assert_eq!(moment(NOON - 13 * 3600, NOON, &english), "22 Nov 23:30");
        assert_eq!(moment(NOON - 330 * 86_400, NOON, &english), "28 Dec 2025 12:30");
        assert_eq!(day_and_time(NOON, &english), "23 Nov 12:30");
        assert_eq!(day_and_time(NOON, &chinese), "11月23日 12:30");
        assert_eq!(moments(NOON, &english), ["Mon 23 Nov 12:30", "Mon 23 Nov"]);
        assert_eq!(moments(NOON, &chinese), ["11月23日周一 12:30", "11月23日周一"]);
    }

    #[test]
    fn an_absurd_time_is_still_a_time() {
        assert_eq!(day_and_time(i64::MAX, &look(Language::English)), "1 Jan 08:00");
    }

    #[test]
    fn a_wait_is_told_in_its_two_largest_units() {
        for (seconds, english) in [
            (-5, "0 min"),
            (59 * 60, "59 min"),
            (7200, "2 h"),
            (12_000, "3 h 20 min"),
            (100_800, "1 d 4 h"),
            (172_860, "2 d"),
        ] {
            assert_eq!(wait(seconds, Language::English), english);
        }
        assert_eq!(wait(12_000, Language::SimplifiedChinese), "3 小时 20 分");
    }
}
