//! Inquiries by grade, source, country and product, against the period before.

use serde::Serialize;
use std::collections::HashMap;
use std::hash::Hash;

/// How many inquiries a grade, a source, a country or a product brought.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Share {
    /// A letter, a word of the store, an ISO 3166 code, a word of the catalogue; empty: not known.
    pub name: String,
    pub inquiries: u64,
    /// In the period before.
    pub before: u64,
}

/// How many inquiries a country brought for a product.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Pairing {
    pub product: String,
    pub country: String,
    pub inquiries: u64,
    pub before: u64,
}

/// Where a number goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Trend {
    New,
    Growing,
    Steady,
    Fading,
}

impl Trend {
    /// A difference of less than a quarter, or of one, is chance.
    pub fn of(now: u64, before: u64) -> Trend {
        let difference = now.abs_diff(before);
        match (now, before) {
            (1.., 0) => Trend::New,
            _ if difference < 2 || difference * 4 < before => Trend::Steady,
            _ if now > before => Trend::Growing,
            _ => Trend::Fading,
        }
    }
}

/// Whether something belongs to the period or to the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum When {
    Now,
    Before,
}

/// Counts names in two periods.
#[derive(Clone, Debug)]
pub(super) struct Counter<K>(HashMap<K, (u64, u64)>);

impl<K> Default for Counter<K> {
    fn default() -> Self {
        Counter(HashMap::new())
    }
}

impl<K: Eq + Hash + Ord> Counter<K> {
    pub(super) fn count(&mut self, key: K, when: When) {
        let counts = self.0.entry(key).or_default();
        match when {
            When::Now => counts.0 += 1,
            When::Before => counts.1 += 1,
        }
    }

    /// The most first, then by name.
    fn sorted(self) -> Vec<(K, (u64, u64))> {
        let mut all: Vec<_> = self.0.into_iter().collect();
        all.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
        all
    }
}

impl Counter<String> {
    pub(super) fn shares(self) -> Vec<Share> {
        let share = |(name, (inquiries, before))| Share { name, inquiries, before };
        self.sorted().into_iter().map(share).collect()
    }
}

impl Counter<(String, String)> {
    pub(super) fn pairings(self) -> Vec<Pairing> {
        let pairing = |((product, country), (inquiries, before))| Pairing { product, country, inquiries, before };
        self.sorted().into_iter().map(pairing).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_come_first_and_a_country_that_went_silent_still_shows() {
        let mut counter = Counter::default();
        for (country, when) in [("DE", When::Now), ("DE", When::Now), ("US", When::Now), ("FR", When::Before)] {
            counter.count(country.to_owned(), when);
        }
        let shares: Vec<_> = counter.shares().into_iter().map(|s| (s.name, s.inquiries, s.before)).collect();
        assert_eq!(shares, [("DE".to_owned(), 2, 0), ("US".to_owned(), 1, 0), ("FR".to_owned(), 0, 1)]);
    }

    #[test]
    fn one_inquiry_more_is_no_trend() {
        for (now, before, trend) in [
            (3, 0, Trend::New),
            (4, 3, Trend::Steady),
            (22, 20, Trend::Steady),
            (25, 20, Trend::Growing),
            (15, 20, Trend::Fading),
            (0, 2, Trend::Fading),
            (0, 1, Trend::Steady),
            (0, 0, Trend::Steady),
        ] {
            assert_eq!(Trend::of(now, before), trend, "{before} -> {now}");
        }
    }
}
