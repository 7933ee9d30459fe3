//! Which holidays one greets on, by the names that the table of holidays has for them.

use crate::calendar::{Country, countries, country};
use jiff::Span;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// The holidays one greets on, and what the company has decided about them.
#[derive(Clone, Debug, Default)]
pub struct GreetingBook {
    /// Countries (ISO 3166) to which alone a greeting goes, by its key.
    pub limits: BTreeMap<String, Vec<String>>,
    /// Dates that the table does not have, or has otherwise.
    pub own: Vec<OwnDay>,
}

/// A date of the company's own for a holiday in a country.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnDay {
    pub key: String,
    pub country: String,
    pub date: Date,
}

/// A holiday of the shipped list.
struct Kept {
    key: &'static str,
    /// As the table calls it, the one that counts first, with the days from that date to the holiday itself.
    names: Vec<(&'static str, i64)>,
    /// `12-25`; any if empty.
    days: Vec<&'static str>,
    /// All that keep it if empty.
    countries: Vec<&'static str>,
}

fn shipped() -> impl Iterator<Item = Kept> {
    let lines = include_str!("greetings.tsv").lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| {
        let mut columns = line.split('\t');
        let key = columns.next()?;
        let names = columns.next()?.split(" | ").map(named).collect();
        let mut words = || columns.next().unwrap_or_default().split_whitespace().collect();
        Some(Kept { key, names, days: words(), countries: words() })
    })
}

/// `Easter Monday -1`
fn named(written: &'static str) -> (&'static str, i64) {
    let shifted = written.rsplit_once(' ').filter(|(_, days)| days.starts_with(['+', '-']));
    let shifted = shifted.and_then(|(name, days)| Some((name, days.parse().ok()?)));
    shifted.unwrap_or((written, 0))
}

impl GreetingBook {
    /// All keys that are known.
    pub fn keys(&self) -> Vec<String> {
        let own = self.own.iter().map(|own| own.key.clone());
        let mut keys: Vec<String> = shipped().map(|kept| kept.key.to_owned()).chain(own).collect();
        keys.sort();
        keys.dedup();
        keys
    }

    /// The first date of a holiday from `from` on and before `until`, by country.
    pub(crate) fn dates(&self, key: &str, from: Date, until: Date) -> BTreeMap<String, Date> {
        let within = |date: &Date| *date >= from && *date < until;
        let kept = shipped().find(|kept| kept.key == key);
        let of_table = |kept: Kept| {
            let meant = move |code: &str| kept.countries.is_empty() || kept.countries.contains(&code);
            let dates = countries().filter(|code| meant(code)).collect::<Vec<_>>();
            let first = |code: &str| Some((code.to_owned(), kept_on(&kept.names, &kept.days, country(code), within)?));
            dates.into_iter().filter_map(first).collect::<BTreeMap<_, _>>()
        };
        let mut dates = kept.map(of_table).unwrap_or_default();
        let mut own: Vec<&OwnDay> = self.own.iter().filter(|own| own.key == key && within(&own.date)).collect();
        own.sort_by_key(|own| std::cmp::Reverse(own.date));
        dates.extend(own.into_iter().map(|own| (own.country.clone(), own.date)));
        if let Some(limit) = self.limits.get(key) {
            dates.retain(|code, _| limit.contains(code));
        }
        dates
    }
}

/// The holiday's first date within, by the first of its names that has one.
fn kept_on(
    names: &[(&str, i64)],
    days: &[&str],
    country: &Country,
    within: impl Fn(&Date) -> bool + Copy,
) -> Option<Date> {
    let fits = |date: &Date| days.is_empty() || days.contains(&date.strftime("%m-%d").to_string().as_str());
    names.iter().find_map(|(name, shift)| {
        let dates = country.kept.get(name)?.iter();
        let shifted = dates.filter_map(|date| date.checked_add(Span::new().days(*shift)).ok());
        shifted.filter(fits).filter(within).min()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn dates(key: &str, year: i16, month: i8) -> BTreeMap<String, Date> {
        let from = date(year, month, 1);
        GreetingBook::default().dates(key, from, from.checked_add(Span::new().months(2)).expect("a date"))
    }

    fn on(dates: &BTreeMap<String, Date>, code: &str) -> Option<String> {
        dates.get(code).map(ToString::to_string)
    }

    #[test]
    fn christmas_is_on_the_day_on_which_a_country_keeps_it() {
        let christmas = dates("christmas", 2026, 12);
        for (country, day) in [
            ("US", Some("2026-12-25")),
            ("DE", Some("2026-12-25")),
            ("RU", Some("2027-01-07")),
            ("EG", Some("2027-01-07")),
            ("RS", Some("2027-01-07")),
            ("AM", Some("2027-01-06")),
            // Both days are holidays there.
            ("BY", Some("2026-12-25")),
            ("SA", None),
            ("CN", None),
            ("JP", None),
            ("IL", None),
            ("XX", None),
        ] {
            assert_eq!(on(&christmas, country).as_deref(), day, "{country}");
        }
        let orthodox = dates("orthodox-christmas", 2026, 12);
        assert_eq!((on(&orthodox, "RU").as_deref(), on(&orthodox, "US")), (Some("2027-01-07"), None));
        // A substitute day off is not Christmas.
        assert_eq!(on(&dates("christmas", 2027, 12), "US").as_deref(), Some("2027-12-25"));
    }

    #[test]
    fn each_holiday_has_the_date_of_its_country() {
        for (key, month, country, day) in [
            ("new-year", 12, "BR", "2028-01-01"),
            ("new-year", 12, "CZ", "2028-01-01"),
            ("thanksgiving", 10, "US", "2027-11-25"),
            ("thanksgiving", 10, "CA", "2027-10-11"),
            ("lunar-new-year", 1, "CN", "2027-02-06"),
            ("lunar-new-year", 1, "VN", "2027-02-06"),
            ("lunar-new-year", 1, "KR", "2027-02-07"),
            ("diwali", 10, "IN", "2027-10-29"),
            ("easter", 3, "GB", "2027-03-28"),
            ("easter", 4, "GR", "2027-05-02"),
            ("orthodox-easter", 4, "RO", "2027-05-02"),
            ("eid-al-fitr", 3, "TR", "2027-03-09"),
            ("eid-al-adha", 5, "AE", "2027-05-16"),
            ("nowruz", 3, "KZ", "2027-03-21"),
            ("rosh-hashanah", 9, "IL", "2027-10-02"),
            ("songkran", 4, "TH", "2027-04-13"),
            ("mid-autumn", 9, "HK", "2027-09-15"),
        ] {
            assert_eq!(on(&dates(key, 2027, month), country).as_deref(), Some(day), "{key} in {country}");
        }
        assert_eq!(on(&dates("eid-al-fitr", 2027, 3), "DE"), None);
    }

    #[test]
    fn every_name_of_the_list_stands_in_the_table_of_holidays() {
        for kept in shipped() {
            for (name, _) in &kept.names {
                let known = countries().any(|code| country(code).kept.contains_key(name));
                assert!(known, "{}: {name:?}", kept.key);
            }
            let dates = dates_of_a_year(kept.key);
            let missing: Vec<_> = kept.countries.iter().filter(|code| !dates.contains_key(**code)).collect();
            assert!(missing.is_empty() && !dates.is_empty(), "{}: {missing:?}", kept.key);
        }
    }

    fn dates_of_a_year(key: &str) -> BTreeMap<String, Date> {
        GreetingBook::default().dates(key, date(2027, 1, 1), date(2028, 1, 1))
    }

    #[test]
    fn the_company_has_the_last_word() {
        let own = |country: &str, day| OwnDay { key: "christmas".to_owned(), country: country.to_owned(), date: day };
        let book = GreetingBook {
            limits: [("christmas".to_owned(), vec!["US".to_owned(), "LB".to_owned(), "JP".to_owned()])].into(),
            own: vec![own("JP", date(2026, 12, 25)), own("US", date(2026, 12, 24)), own("US", date(2027, 12, 24))],
        };
        let dates = book.dates("christmas", date(2026, 12, 1), date(2027, 2, 1));
        let told: Vec<_> = dates.iter().map(|(country, date)| format!("{country} {date}")).collect();
        assert_eq!(told, ["JP 2026-12-25", "LB 2026-12-25", "US 2026-12-24"]);
    }
}
