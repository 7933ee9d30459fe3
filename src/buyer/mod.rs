//! Who is this: a writer is matched with the buyers we know. Pure.

pub mod export;
pub mod import;
mod matching;
mod past;
mod stage;

pub use export::{ExportedBuyer, guarded};
pub use import::{Card, Change, Identities, Import, ImportedBuyer, KnownBase, Mark, Plan, plan, read_customers};
pub use matching::{Known, Match, MatchedBy, ThreadLink, addresses_of, find, has_known_address, recognised_by};
pub use past::Past;
pub use stage::Stage;

use crate::clock::UnixTime;
use crate::grade::Grade;

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
    pub stage: Stage,
    /// His newest grade, or the one a person gave him.
    pub grade: Option<Grade>,
    /// How many inquiries and replies came before.
    pub inquiries: i64,
    pub first_contact: UnixTime,
    pub last_contact: UnixTime,
}
