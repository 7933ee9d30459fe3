//! Days as people, spreadsheets and databases write them; a whole column decides what 03/04/2026 is.

use jiff::ToSpan;
use jiff::civil::{Date, DateTime, Time, date};

/// Bytes of a date that are read.
const MAX_LENGTH: usize = 60;
/// The first letters of the months in the tongues of the trade.
#[rustfmt::skip]
const MONTHS: [&[&str]; 12] = [
    &["jan", "ene", "янв", "gen"], &["feb", "fev", "fév", "фев"], &["mar", "mär", "mrz", "мар"], &["apr", "abr", "avr", "апр"],
    &["may", "mai", "мая", "май", "mag"], &["jun", "juin", "июн", "giu"], &["jul", "juil", "июл", "lug"], &["aug", "ago", "aoû", "aou", "авг"],
    &["sep", "set", "сен"], &["oct", "okt", "out", "окт", "ott"], &["nov", "ноя"], &["dec", "dez", "dic", "déc", "дек"],
];

/// In which order the numbers of a date stand, where its year doesn't stand first with four digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    DayFirst,
    MonthFirst,
    /// `26/10/27`.
    YearFirst,
}

impl Order {
    /// The order of a word on the command line: `dmy`, `mdy`, `ymd`.
    pub fn parse(word: &str) -> Option<Order> {
        match word {
            "dmy" => Some(Order::DayFirst),
            "mdy" => Some(Order::MonthFirst),
            "ymd" => Some(Order::YearFirst),
            _ => None,
        }
    }
}

/// How the order of a column's dates was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decided {
    /// No date needs it.
    Unneeded,
    /// A person said so.
    Told,
    /// This date can be read in one way only.
    By(String),
    /// This date and every other can be read in two ways.
    Undecided(String),
}

/// What a date says, before the order of its numbers is known.
#[derive(Default)]
struct Read {
    numbers: Vec<(i32, usize)>,
    month: Option<i32>,
    time: Option<Time>,
    afternoon: Option<bool>,
    slashes: bool,
}

/// The order in a column's dates, and how it was found.
pub(super) fn order<'a>(values: impl Iterator<Item = &'a str>, told: Option<Order>) -> (Order, Decided) {
    if let Some(told) = told {
        return (told, Decided::Told);
    }
    let (mut found, mut unsure, mut guess) = (Vec::<(Order, &str, usize)>::new(), None, Order::DayFirst);
    for value in values {
        let read = Read::of(value);
        let [(first, digits), (second, _), (_, last_digits)] = read.numbers[..] else { continue };
        if digits > 2 || read.month.is_some() {
            continue;
        }
        let order = match (first, second) {
            (32.., 1..=12) if last_digits == 2 => Order::YearFirst,
            (13..=31, 1..=12) => Order::DayFirst,
            (1..=12, 13..=31) => Order::MonthFirst,
            _ => {
                if unsure.is_none() && first != second {
                    unsure = Some(value);
                    // So does mdb-export write every date.
                    let from_database = read.slashes && last_digits == 2 && read.time.is_some();
                    guess = if from_database { Order::MonthFirst } else { Order::DayFirst };
                }
                continue;
            }
        };
        match found.iter_mut().find(|(known, ..)| *known == order) {
            Some((_, _, count)) => *count += 1,
            None => found.push((order, value, 1)),
        }
    }
    match (found.into_iter().max_by_key(|(.., count)| *count), unsure) {
        (Some((order, value, _)), _) => (order, Decided::By(value.to_owned())),
        (None, Some(value)) => (guess, Decided::Undecided(value.to_owned())),
        (None, None) => (guess, Decided::Unneeded),
    }
}

/// The day, with its time if one is given; `this_year` tells the century of a year of two digits.
pub(super) fn parse(text: &str, order: Order, this_year: i32) -> Option<DateTime> {
    let read = Read::of(text);
    let day = read.date(order, this_year).filter(|day| (1900..2200).contains(&day.year()))?;
    Some(day.to_datetime(read.clock().unwrap_or(Time::midnight())))
}

impl Read {
    fn of(text: &str) -> Read {
        let mut read = Read { slashes: text.contains('/'), ..Read::default() };
        if text.len() > MAX_LENGTH {
            return read;
        }
        let text = text.to_lowercase();
        let spaced =
            text.replace(['年', '月', '日', '号', ',', '/', '.'], " ").replace("上午", " am ").replace("下午", " pm ");
        for word in
            spaced.split(|c: char| c.is_whitespace() || c == 't' && text.contains(':')).filter(|w| !w.is_empty())
        {
            if word.contains(':') {
                read.time = read.time.or_else(|| time(word));
                read.afternoon = read.afternoon.or(word.ends_with("pm").then_some(true));
            } else {
                word.split('-').for_each(|word| read.take(word));
            }
        }
        read
    }

    fn take(&mut self, word: &str) {
        let digits = word.bytes().take_while(u8::is_ascii_digit).count();
        let rest = &word[digits..];
        match word {
            "am" | "a m" => self.afternoon = Some(false),
            "pm" | "p m" => self.afternoon = Some(true),
            _ if digits == 8 && rest.is_empty() => {
                let parts = [&word[..4], &word[4..6], &word[6..]];
                self.numbers.extend(parts.iter().filter_map(|part| Some((part.parse().ok()?, part.len()))));
            }
            _ if digits > 0 && digits <= 5 && matches!(rest, "" | "st" | "nd" | "rd" | "th" | "º" | "er") => {
                self.numbers.extend(word[..digits].parse().ok().map(|number| (number, digits)));
            }
            _ if digits == 0 => self.month = self.month.or_else(|| month(word)),
            _ => {}
        }
    }

    fn date(&self, order: Order, this_year: i32) -> Option<Date> {
        if let Some(month) = self.month {
            let (year, day) = match self.numbers[..] {
                [(year, 3..), (day, _)] | [(day, _), (year, _)] => (year, day),
                _ => return None,
            };
            let digits = self.numbers.iter().map(|(_, digits)| *digits).max().unwrap_or(0);
            return civil(if digits > 2 { year } else { full_year(year, this_year) }, month, day);
        }
        match self.numbers[..] {
            // A day number of a spreadsheet has five digits and stands alone.
            [(number, 5)] => serial(number),
            [(year, 4), (month, _), (day, _)] => civil(year, month, day),
            [(first, 1..=2), (second, 1..=2), (last, digits @ (2 | 4))] => {
                let year = |year| if digits == 4 { year } else { full_year(year, this_year) };
                match order {
                    Order::YearFirst if digits == 2 => civil(full_year(first, this_year), second, last),
                    Order::MonthFirst => civil(year(last), first, second).or_else(|| civil(year(last), second, first)),
                    _ => civil(year(last), second, first).or_else(|| civil(year(last), first, second)),
                }
            }
            _ => None,
        }
    }

    fn clock(&self) -> Option<Time> {
        let time = self.time?;
        match (self.afternoon, time.hour()) {
            (Some(true), 1..=11) => time.checked_add(12.hours()).ok(),
            (Some(false), 12) => time.checked_sub(12.hours()).ok(),
            _ => Some(time),
        }
    }
}

fn time(word: &str) -> Option<Time> {
    let word = word.trim_end_matches(|c: char| !c.is_ascii_digit());
    let mut parts = word.split(':').map(|part| part.parse::<i8>().ok());
    let (hour, minute) = (parts.next()??, parts.next()??);
    let second = parts.next().flatten().unwrap_or(0);
    Time::new(hour, minute, second.min(59), 0).ok()
}

fn month(word: &str) -> Option<i32> {
    let at = MONTHS.iter().position(|starts| starts.iter().any(|start| word.starts_with(start)))?;
    i32::try_from(at + 1).ok()
}

fn civil(year: i32, month: i32, day: i32) -> Option<Date> {
    Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

fn full_year(year: i32, this_year: i32) -> i32 {
    let century = this_year / 100 * 100;
    if century + year > this_year + 1 { century - 100 + year } else { century + year }
}

/// Days since the beginning of 1900, as spreadsheets count them.
fn serial(days: i32) -> Option<Date> {
    (20_000..80_000).contains(&days).then(|| date(1899, 12, 30).checked_add(i64::from(days).days()).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, order: Order) -> Option<String> {
        parse(text, order, 2026).map(|at| at.to_string())
    }

    #[test]
    fn a_date_is_read_however_it_is_written() {
        for text in [
            "2026-10-27",
            "2026/10/27",
            "2026.10.27",
            "2026年10月27日",
            "20261027",
            "27.10.2026",
            "27/10/26",
            "27 Oct 2026",
            "Oct 27, 2026",
            "27-Oct-26",
            "October 27th, 2026",
            "27. Oktober 2026",
            "27 октября 2026",
            "27 de outubro de 2026",
            "46322",
            "10/27/2026",
        ] {
            assert_eq!(read(text, Order::DayFirst).as_deref(), Some("2026-10-27T00:00:00"), "{text}");
        }
        assert_eq!(read("10/27/26 00:00:00", Order::MonthFirst).as_deref(), Some("2026-10-27T00:00:00"));
        assert_eq!(read("2026-10-27 14:05:09", Order::DayFirst).as_deref(), Some("2026-10-27T14:05:09"));
        assert_eq!(read("2026-10-27T14:05:09", Order::DayFirst).as_deref(), Some("2026-10-27T14:05:09"));
        assert_eq!(read("3/4/2026 2:05 PM", Order::MonthFirst).as_deref(), Some("2026-03-04T14:05:00"));
        assert_eq!(read("3/4/98", Order::DayFirst).as_deref(), Some("1998-04-03T00:00:00"));
        assert_eq!(read("26/10/27", Order::YearFirst).as_deref(), Some("2026-10-27T00:00:00"));
        for text in ["", "soon", "2026-13-45", "12", "0574-87654321", "13800000000", "1.5", "32/32/2026", "00:00:00"] {
            assert_eq!(read(text, Order::DayFirst), None, "{text}");
        }
    }

    #[test]
    fn a_column_decides_what_one_date_leaves_open() {
        let decided = |column: &[&str]| order(column.iter().copied(), None);
        let by = |order, date: &str| (order, Decided::By(date.to_owned()));
        assert_eq!(decided(&["03/04/2026", "25/04/2026"]), by(Order::DayFirst, "25/04/2026"));
        assert_eq!(decided(&["03/04/2026", "04/25/2026"]), by(Order::MonthFirst, "04/25/2026"));
        assert_eq!(decided(&["98/04/03", "02/04/03"]), by(Order::YearFirst, "98/04/03"));
        let unsure = |order, date: &str| (order, Decided::Undecided(date.to_owned()));
        assert_eq!(decided(&["03/04/2026", "05/05/2026"]), unsure(Order::DayFirst, "03/04/2026"));
        assert_eq!(decided(&["03/04/26 00:00:00"]), unsure(Order::MonthFirst, "03/04/26 00:00:00"));
        assert_eq!(decided(&["2026-04-03", "3 Apr 2026", ""]), (Order::DayFirst, Decided::Unneeded));
    }
}
