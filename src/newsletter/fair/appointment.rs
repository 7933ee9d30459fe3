//! When a buyer wants to come to the booth, as he says in his answer to the invitation.

use super::Fair;
use super::words::month_names;
use jiff::civil::{Date, Time};
use regex::Regex;
use serde::Serialize;
use std::fmt;
use std::sync::LazyLock;

/// A day of the fair and a time, as far as he names them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Appointment {
    pub day: Option<Date>,
    pub time: Option<Time>,
}

/// `2027-04-16 10:30`; nothing if he names neither.
impl fmt::Display for Appointment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let day = self.day.map(|day| day.to_string());
        let time = self.time.map(|time| time.strftime("%H:%M").to_string());
        f.write_str(&[day, time].into_iter().flatten().collect::<Vec<_>>().join(" "))
    }
}

/// The first day of the fair that a text names, and the first time of day.
pub fn appointment(text: &str, fair: &Fair) -> Appointment {
    let text = text.to_lowercase();
    let days =
        std::iter::successors(Some(fair.first), |day| day.tomorrow().ok().filter(|day| *day <= fair.last)).take(31);
    let found = |day: Date| Some((place_of(day, &text, is_one_week(fair))?, day));
    let day = days.filter_map(found).min().map(|(_, day)| day);
    Appointment { day, time: time(&text) }
}

/// Whether a weekday names one of the fair's days.
fn is_one_week(fair: &Fair) -> bool {
    (fair.last - fair.first).get_days() < 7
}

/// Where the text names this day first.
fn place_of(day: Date, text: &str, weekdays_tell: bool) -> Option<usize> {
    let (d, m) = (day.day(), day.month());
    let [english, spanish] = month_names(m).map(str::to_lowercase);
    let short = &english[..3];
    let mut ways = vec![
        format!(r"\b(?:{english}|{short}\.?) 0?{d}(?:st|nd|rd|th)?\b"),
        format!(r"\b0?{d}(?:st|nd|rd|th)?(?: of)? (?:{english}|{short})\b"),
        format!(r"\bthe {d}(?:st|nd|rd|th)\b"),
        format!(r"\b{d} de {spanish}\b"),
        format!(r"(?:^|[^0-9])0?{m} ?月 ?0?{d} ?[日号]"),
        format!(r"(?:^|[^0-9月]){d} ?[日号]"),
        day.to_string(),
    ];
    if weekdays_tell {
        ways.push(format!(r"\b{}\b", day.strftime("%A").to_string().to_lowercase()));
    }
    let one_of = Regex::new(&ways.join("|")).ok()?;
    one_of.find(text).map(|found| found.start())
}

static TIME: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let ways = r"\b(?<h>[0-9]{1,2})(?:[:.](?<m>[0-5][0-9]))? ?(?<half>[ap])\.?m\b|\b(?<h24>[0-9]{1,2}):(?<m24>[0-5][0-9])\b|(?<part>上午|下午|早上|晚上)? ?(?<hzh>[0-9]{1,2}) ?[点點时時](?<zhhalf>半)?";
    Regex::new(ways).ok()
});

fn time(text: &str) -> Option<Time> {
    let found = TIME.as_ref()?.captures(text)?;
    let number = |name: &str| found.name(name).and_then(|digits| digits.as_str().parse::<i8>().ok());
    let of_half = |hour: i8, is_afternoon: bool| match (hour, is_afternoon) {
        (12, false) => 0,
        (1..=11, true) => hour + 12,
        _ => hour,
    };
    let (hour, minute) = if let Some(hour) = number("h") {
        let is_afternoon = found.name("half").is_some_and(|half| half.as_str() == "p");
        (of_half(hour, is_afternoon), number("m").unwrap_or(0))
    } else if let Some(hour) = number("h24") {
        (hour, number("m24")?)
    } else {
        let is_afternoon = found.name("part").is_some_and(|part| matches!(part.as_str(), "下午" | "晚上"));
        (of_half(number("hzh")?, is_afternoon), if found.name("zhhalf").is_some() { 30 } else { 0 })
    };
    Time::new(hour, minute, 0, 0).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(text: &str) -> String {
        appointment(text, &Fair::canton()).to_string()
    }

    #[test]
    fn a_day_and_a_time_of_the_fair_are_found_in_a_buyers_words() {
        for (text, expected) in [
            ("We will come on April 16 at 10:30.", "2027-04-16 10:30"),
            ("See you on the 17th, 2 pm.", "2027-04-17 14:00"),
            ("16th of April in the morning", "2027-04-16"),
            ("Friday at 9.30 a.m. suits us, or Saturday", "2027-04-16 09:30"),
            ("Estaremos el 18 de abril a las 11:00", "2027-04-18 11:00"),
            ("我们4月16日下午3点到贵展位", "2027-04-16 15:00"),
            ("17号上午10点半", "2027-04-17 10:30"),
            ("2027-04-19", "2027-04-19"),
            ("Send 16 samples of your chair, we will see.", ""),
            ("We come on April 25, after the fair.", ""),
            ("Thank you, we can not come.", ""),
        ] {
            assert_eq!(named(text), expected, "{text}");
        }
    }
}
