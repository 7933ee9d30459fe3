//! What came of a fair.

use crate::buyer::EventKind;
use crate::clock::UnixTime;
use serde::Serialize;
use std::collections::{HashMap, HashSet};

/// What a buyer had to do with a fair so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Guest {
    /// The invitation was sent to him.
    pub invited: bool,
    /// He wrote within a month after it.
    pub answered: bool,
    /// He was met there, or visited soon after.
    pub met: bool,
}

/// A mail of an invited buyer, within a month after the invitation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub buyer_id: i64,
    pub name: Option<String>,
    pub company: Option<String>,
    pub email: Option<String>,
    /// Two letters (ISO 3166).
    pub country: Option<String>,
    pub owner: Option<String>,
    pub at: UnixTime,
    pub subject: String,
    /// His own new words; empty where they are not on record.
    pub text: String,
}

/// A ledger entry about samples or orders.
pub type Deed = (i64, EventKind);

/// Buyers of a fair, counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct FairResults {
    pub invited: usize,
    pub answered: usize,
    /// Of the invited.
    pub met: usize,
    /// Who was not invited.
    pub met_uninvited: usize,
    /// Invited, and asked for or got a sample since.
    pub sample: usize,
    /// Invited, and ordered since.
    pub order: usize,
}

impl FairResults {
    /// Each buyer counts once, whatever he did.
    pub fn count(guests: &HashMap<i64, Guest>, deeds: &[Deed]) -> FairResults {
        let count = |counts: fn(&Guest) -> bool| guests.values().filter(|guest| counts(guest)).count();
        let did = |counts: fn(EventKind) -> bool| {
            let is_invited = |buyer: &i64| guests.get(buyer).is_some_and(|guest| guest.invited);
            let of = deeds.iter().filter(|(buyer, kind)| counts(*kind) && is_invited(buyer));
            of.map(|(buyer, _)| buyer).collect::<HashSet<_>>().len()
        };
        FairResults {
            invited: count(|guest| guest.invited),
            answered: count(|guest| guest.answered),
            met: count(|guest| guest.invited && guest.met),
            met_uninvited: count(|guest| !guest.invited && guest.met),
            sample: did(|kind| matches!(kind, EventKind::SampleAsked | EventKind::SampleSent)),
            order: did(|kind| matches!(kind, EventKind::SampleOrder | EventKind::TrialOrder | EventKind::RepeatOrder)),
        }
    }
}
