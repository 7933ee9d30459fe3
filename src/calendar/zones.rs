//! The clocks of the countries, as data.

use jiff::tz::TimeZone;
use std::collections::BTreeMap;
use std::sync::LazyLock;

static ZONES: LazyLock<BTreeMap<&'static str, TimeZone>> = LazyLock::new(|| {
    let lines = include_str!("zones.tsv").lines().filter(|line| !line.starts_with('#'));
    let zone = |line: &'static str| {
        let (country, zone) = line.split_once('\t')?;
        Some((country, TimeZone::get(zone).ok()?))
    };
    lines.filter_map(zone).collect()
});

/// The countries (ISO 3166 alpha-2), each with the zone in which most of its people live.
pub fn zones() -> impl Iterator<Item = (&'static str, &'static TimeZone)> {
    ZONES.iter().map(|(country, zone)| (*country, zone))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_country_has_a_clock_that_is_known() {
        let lines = include_str!("zones.tsv").lines().filter(|line| !line.starts_with('#')).count();
        assert_eq!(zones().count(), lines);
        for (country, name) in [("DE", "Europe/Berlin"), ("US", "America/New_York"), ("RU", "Europe/Moscow")] {
            let zone = zones().find(|(code, _)| *code == country).map(|(_, zone)| zone.iana_name());
            assert_eq!(zone, Some(Some(name)));
        }
    }
}
