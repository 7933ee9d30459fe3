//! Weekends and holidays of the countries, as data.

use super::DaysOff;
use jiff::civil::{Date, Weekday};
use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

/// What a country keeps.
#[derive(Clone, Debug, Default)]
pub struct Country {
    pub days_off: DaysOff,
    /// What is kept on a day, in English.
    pub names: BTreeMap<Date, &'static str>,
    /// The dates of each holiday, also of one whose day is off for another reason or only in most of the country.
    pub kept: BTreeMap<&'static str, Vec<Date>>,
    /// Years whose make-up working days the state has announced; empty where there are none.
    pub announced: Vec<i16>,
}

/// The country of an ISO 3166 alpha-2 code; one we have no data of works from Monday to Friday.
pub fn country(code: &str) -> &'static Country {
    COUNTRIES.get(code).unwrap_or(&UNKNOWN)
}

/// The codes of all countries we have data of.
pub fn countries() -> impl Iterator<Item = &'static str> {
    COUNTRIES.keys().copied()
}

impl Country {
    /// The years that the data speaks of.
    pub fn covers(&self, year: i16) -> bool {
        self.days_off.holidays.iter().any(|date| date.year() == year)
    }

    /// Whether the state arranges make-up working days, and has not announced, as far as this data goes, those of `year`.
    pub fn awaits_announcement(&self, year: i16) -> bool {
        !self.announced.is_empty() && !self.announced.contains(&year)
    }
}

static UNKNOWN: LazyLock<Country> = LazyLock::new(usual);
static COUNTRIES: LazyLock<HashMap<&'static str, Country>> = LazyLock::new(|| read(include_str!("holidays.tsv")));

fn usual() -> Country {
    let weekend = vec![Weekday::Saturday, Weekday::Sunday];
    Country { days_off: DaysOff { weekend, ..DaysOff::default() }, ..Country::default() }
}

fn read(table: &'static str) -> HashMap<&'static str, Country> {
    let mut countries = HashMap::new();
    for line in table.lines().filter(|line| !line.starts_with('#')) {
        let mut columns = line.split('\t');
        let [Some(code), Some(what), Some(name), Some(days)] = std::array::from_fn(|_| columns.next()) else {
            continue;
        };
        let country: &mut Country = countries.entry(code).or_insert_with(usual);
        let dates = || days.split(' ').filter_map(|day| day.parse::<Date>().ok());
        match what {
            "weekend" => country.days_off.weekend = days.split(' ').filter_map(weekday).collect(),
            "work" => country.days_off.make_up_days.extend(dates()),
            "announced" => country.announced.extend(days.split(' ').filter_map(|year| year.parse::<i16>().ok())),
            "kept" => country.kept.entry(name).or_default().extend(dates()),
            _ => {
                country.kept.entry(name).or_default().extend(dates());
                country.days_off.holidays.extend(dates());
                country.names.extend(dates().map(|date| (date, name)));
            }
        }
    }
    countries
}

/// A weekday by its first three letters.
pub fn weekday(word: &str) -> Option<Weekday> {
    Some(match word.get(..3)?.to_ascii_lowercase().as_str() {
        "mon" => Weekday::Monday,
        "tue" => Weekday::Tuesday,
        "wed" => Weekday::Wednesday,
        "thu" => Weekday::Thursday,
        "fri" => Weekday::Friday,
        "sat" => Weekday::Saturday,
        "sun" => Weekday::Sunday,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_buyer_in_riyadh_rests_on_friday_and_one_in_hamburg_on_sunday() {
        let (friday, sunday) = (date(2026, 11, 27), date(2026, 11, 29));
        assert!(!country("SA").days_off.is_working_day(friday) && country("SA").days_off.is_working_day(sunday));
        assert!(country("DE").days_off.is_working_day(friday) && !country("DE").days_off.is_working_day(sunday));
        assert!(country("XX").days_off.is_working_day(friday) && !country("XX").days_off.is_working_day(sunday));
    }

    #[test]
    fn every_line_of_the_data_is_understood() {
        for line in include_str!("holidays.tsv").lines().filter(|line| !line.starts_with('#')) {
            let columns: Vec<&str> = line.split('\t').collect();
            assert_eq!(columns.len(), 4, "{line}");
            let known = match columns[1] {
                "weekend" => columns[3].split(' ').all(|day| weekday(day).is_some()),
                "off" | "kept" | "work" => columns[3].split(' ').all(|day| day.parse::<Date>().is_ok()),
                "announced" => columns[3].split(' ').all(|year| year.parse::<i16>().is_ok()),
                _ => false,
            };
            assert!(known, "{line}");
        }
        assert!(COUNTRIES.len() > 200);
    }

    #[test]
    fn china_s_make_up_days_are_known_as_far_as_they_were_announced() {
        let china = country("CN");
        assert!(!china.awaits_announcement(2026) && china.awaits_announcement(2030));
        assert!(china.covers(2030) && !country("DE").awaits_announcement(2030));
        assert_eq!(china.names.get(&date(2026, 2, 17)).copied(), Some("Chinese New Year (Spring Festival)"));
    }
}
