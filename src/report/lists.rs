//! The lines of a report's lists, and what they are made of.

use crate::buyer::{EventKind, Stage};
use crate::clock::UnixTime;
use crate::grade::{Grade, Grounds};
use crate::newsletter::Results;
use serde::Serialize;
use std::collections::HashMap;

/// A buyer, as lists of buyers show him.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct BuyerLine {
    pub id: i64,
    /// Company, else name, else address.
    pub buyer: String,
    /// Name of the person, if the company stands above.
    pub person: String,
    pub country: Option<String>,
    pub grade: Option<Grade>,
    /// Of the grade, as far as his newest inquiry tells it.
    pub why: Grounds,
    pub stage: Stage,
    pub owner: Option<String>,
    pub last_contact: UnixTime,
    pub inquiries: u64,
    /// Inquiries of his without an answer.
    pub waiting: u64,
    /// The subject of his newest inquiry.
    pub subject: String,
}

/// An inquiry, as lists of inquiries show it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RecordLine {
    pub id: i64,
    pub received_at: UnixTime,
    pub subject: String,
    pub buyer: String,
    pub country: Option<String>,
    pub grade: Option<Grade>,
    pub why: Grounds,
    pub source: String,
    pub owner: Option<String>,
    pub products: Vec<String>,
    pub answered_at: Option<UnixTime>,
    /// Seconds of working time until the answer.
    pub worked: Option<i64>,
    /// Who answered, or said so.
    pub answered_by: Option<String>,
    pub excuse: Option<String>,
    pub is_reply: bool,
}

/// An entry of the ledger, with whose it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    pub at: UnixTime,
    pub what: EventKind,
    pub detail: String,
    pub by_whom: Option<String>,
    pub buyer_id: i64,
    pub buyer: String,
    pub country: Option<String>,
    pub owner: Option<String>,
    /// Of the inquiry that it belongs to.
    pub products: Vec<String>,
}

/// A mail of ours to a buyer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Written {
    pub at: UnixTime,
    /// The sender's address.
    pub by_whom: Option<String>,
    pub buyer_id: i64,
    pub buyer: String,
    pub country: Option<String>,
    pub subject: String,
}

/// A newsletter that was under way in the period, and what became of it so far.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NewsletterLine {
    pub name: String,
    pub results: Results,
}

/// How a sample stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SampleState {
    /// Asked for, and not sent.
    Asked,
    /// Sent, and nothing heard since.
    Out,
    /// The buyer has said what he thinks.
    Result,
    /// He ordered after it.
    Ordered,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SampleLine {
    pub buyer_id: i64,
    pub buyer: String,
    pub country: Option<String>,
    pub owner: Option<String>,
    pub state: SampleState,
    /// Since when it stands so.
    pub since: UnixTime,
    /// Terms and waybill, or what the buyer found.
    pub detail: String,
}

/// How each buyer's newest sample stands; `waiting` are those that nobody sent.
pub fn samples(waiting: Vec<SampleLine>, entries: &[Entry]) -> Vec<SampleLine> {
    let mut newest: HashMap<i64, SampleLine> = HashMap::new();
    let mut ordered: Vec<&Entry> = entries.iter().collect();
    ordered.sort_by_key(|entry| entry.at);
    for entry in ordered {
        let state = match entry.what {
            EventKind::SampleSent => SampleState::Out,
            EventKind::SampleResult => SampleState::Result,
            EventKind::SampleOrder | EventKind::TrialOrder | EventKind::RepeatOrder => SampleState::Ordered,
            _ => continue,
        };
        // An order without a sample is no sample's result.
        if state == SampleState::Ordered && !newest.contains_key(&entry.buyer_id) {
            continue;
        }
        newest.insert(entry.buyer_id, sample_line(entry, state));
    }
    for line in waiting {
        newest.insert(line.buyer_id, line);
    }
    let mut lines: Vec<SampleLine> = newest.into_values().collect();
    lines.sort_by_key(|line| (line.state, line.since, line.buyer_id));
    lines
}

fn sample_line(entry: &Entry, state: SampleState) -> SampleLine {
    SampleLine {
        buyer_id: entry.buyer_id,
        buyer: entry.buyer.clone(),
        country: entry.country.clone(),
        owner: entry.owner.clone(),
        state,
        since: entry.at,
        detail: entry.detail.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(buyer_id: i64, at: UnixTime, what: EventKind) -> Entry {
        let (detail, buyer) = (format!("{what:?}"), format!("buyer {buyer_id}"));
        let (by_whom, country, owner, products) = (None, None, None, Vec::new());
        Entry { at, what, detail, by_whom, buyer_id, buyer, country, owner, products }
    }

    #[test]
    fn a_sample_ends_in_silence_in_a_word_or_in_an_order() {
        let entries = [
            entry(1, 10, EventKind::SampleSent),
            entry(2, 10, EventKind::SampleSent),
            entry(2, 20, EventKind::SampleResult),
            entry(3, 10, EventKind::SampleSent),
            entry(3, 30, EventKind::TrialOrder),
            entry(4, 30, EventKind::RepeatOrder),
            entry(5, 10, EventKind::SampleSent),
        ];
        let waiting = SampleLine {
            state: SampleState::Asked,
            ..sample_line(&entry(5, 40, EventKind::SampleAsked), SampleState::Asked)
        };
        let lines = samples(vec![waiting], &entries);
        let states: Vec<_> = lines.iter().map(|line| (line.buyer_id, line.state, line.since)).collect();
        let expected = [
            (5, SampleState::Asked, 40),
            (1, SampleState::Out, 10),
            (2, SampleState::Result, 20),
            (3, SampleState::Ordered, 30),
        ];
        assert_eq!(states, expected);
    }
}
