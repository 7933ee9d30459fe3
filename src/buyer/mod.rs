//! Who is this: a writer is matched with the buyers we know. Pure.

mod import;
mod matching;

pub use import::{Import, ImportedBuyer, read_csv};
pub use matching::{Known, Match, MatchedBy, ThreadLink, addresses_of, find, has_known_address, recognised_by};

use crate::clock::UnixTime;

/// A buyer as the store knows him.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Buyer {
    pub id: i64,
    pub name: Option<String>,
    /// Lower case; the address we write to.
    pub email: Option<String>,
    pub company: Option<String>,
    /// ISO 3166 alpha-2.
    pub country: Option<String>,
    pub phone: Option<String>,
    /// How many inquiries and replies came before.
    pub inquiries: i64,
    pub first_contact: UnixTime,
    pub last_contact: UnixTime,
}
