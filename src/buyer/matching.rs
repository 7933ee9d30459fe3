//! Matching, certain evidence only: the thread and the exact address.

use super::Buyer;
use crate::message::Message;
use crate::text::normalise;
use std::collections::{HashMap, HashSet};

/// What the store knows about the people and threads that some mails mention.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// By Message-ID.
    pub threads: HashMap<String, ThreadLink>,
    /// Buyer ids by what a buyer is recognised by, see [`recognised_by`].
    pub addresses: HashMap<String, i64>,
    pub buyers: HashMap<i64, Buyer>,
    /// Message-IDs of mails that inquiryd itself sent.
    pub ours: HashSet<String>,
}

/// A recorded mail that others may refer to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ThreadLink {
    /// None where the mail belongs to no buyer.
    pub buyer_id: Option<i64>,
}

/// How a buyer was recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MatchedBy {
    /// The mail answers one of his, or one of ours to him.
    Thread,
    /// It comes from an address of his.
    Address,
}

impl MatchedBy {
    /// The word in the store, in `explain` and in digests.
    pub fn as_str(self) -> &'static str {
        match self {
            MatchedBy::Thread => "thread",
            MatchedBy::Address => "address",
        }
    }
}

/// A recognised buyer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Match {
    pub buyer_id: i64,
    pub by: MatchedBy,
}

/// Finds the writer among the known buyers.
///
/// The thread decides, unless the address is known to be somebody else's: a quotation that was passed on to another
/// customer comes back from that customer.
pub fn find(message: &Message, known: &Known) -> Option<Match> {
    let by_address = recognised_by(message).and_then(|key| known.addresses.get(&key).copied());
    let by_thread = thread_of(message, known).and_then(|link| link.buyer_id);
    match (by_thread, by_address) {
        (Some(thread), Some(address)) if thread != address => Some(Match { buyer_id: address, by: MatchedBy::Address }),
        (Some(buyer_id), _) => Some(Match { buyer_id, by: MatchedBy::Thread }),
        (None, Some(buyer_id)) => Some(Match { buyer_id, by: MatchedBy::Address }),
        (None, None) => None,
    }
}

/// Whether the writer is recognised by himself, whatever thread he writes in.
pub fn has_known_address(message: &Message, known: &Known) -> bool {
    recognised_by(message).is_some_and(|key| known.addresses.contains_key(&key))
}

/// The recorded mail that this one refers to, the nearest first.
pub fn thread_of(message: &Message, known: &Known) -> Option<ThreadLink> {
    let links = || message.references.iter().rev().filter_map(|id| known.threads.get(id).copied());
    links().find(|link| link.buyer_id.is_some()).or_else(|| links().next())
}

/// Characters of a hidden buyer's name and company that he is recognised by: as many as an index can hold.
const NAME_LENGTH: usize = 200;

/// What the writer will be recognised by next time: the address, or, behind a platform that hides it, the person.
///
/// None where the mail names nobody.
pub fn recognised_by(message: &Message) -> Option<String> {
    let writer = &message.writer;
    if let Some(email) = &writer.email {
        return Some(email.clone());
    }
    let relay = message.relay.as_ref()?;
    let person = [&writer.name, &writer.company]
        .map(|part| normalise(part.as_deref().unwrap_or_default()).chars().take(NAME_LENGTH).collect::<String>());
    if person.iter().all(String::is_empty) {
        return None;
    }
    Some(format!("{relay}/{}/{}", person[0].trim(), person[1].trim()))
}

/// Everything of a mail that may lead to a buyer: the writer, and for our own mail those it goes to.
pub fn addresses_of(message: &Message) -> impl Iterator<Item = String> {
    let recipients = message.to.iter().chain(&message.cc).filter_map(|address| address.email.clone());
    recognised_by(message).into_iter().chain(recipients)
}
