//! Consent as a card tells it: since when, and how long it holds.

use super::audience::{Candidate, NewsRules};
use super::segment::seconds;
use crate::clock::UnixTime;
use jiff::civil::Date;

/// What a buyer's card says of his consent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Consent {
    /// None: nobody noted it.
    pub given_at: Option<UnixTime>,
    /// The last day on which it holds; None: nobody set one.
    pub until: Option<Date>,
}

impl NewsRules {
    /// The moment from which the consent on a buyer's card holds no longer; None: it has no end, or there is none. Without a
    /// day of its own it ends a time after it was given; one of which nobody noted that, after his first contact: it can't be
    /// older.
    fn consent_ends(&self, candidate: &Candidate) -> Option<UnixTime> {
        let consent = candidate.consent?;
        if let Some(day) = consent.until {
            let next = day.tomorrow().ok()?.to_zoned(self.zone.clone()).ok()?;
            return Some(next.timestamp().as_second());
        }
        let given = consent.given_at.unwrap_or(candidate.first_contact);
        self.consent_valid_for.map(|span| given.saturating_add(seconds(span)))
    }

    /// Whether consent stands on his card, and holds.
    pub(super) fn holds(&self, candidate: &Candidate, now: UnixTime) -> bool {
        candidate.consent.is_some() && self.consent_ends(candidate).is_none_or(|end| now < end)
    }

    /// Whether his country wants consent, and the one on his card holds now and no longer in `span` seconds.
    pub fn consent_ends_within(&self, candidate: &Candidate, span: i64, now: UnixTime) -> bool {
        self.wants_consent(candidate)
            && self.holds(candidate, now)
            && self.consent_ends(candidate).is_some_and(|end| end <= now.saturating_add(span))
    }

    /// Whether his country's law asks for consent.
    pub(super) fn wants_consent(&self, candidate: &Candidate) -> bool {
        candidate.country.as_ref().is_some_and(|country| self.consent_countries.contains(country))
    }
}
