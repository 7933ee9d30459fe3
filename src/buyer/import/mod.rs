//! The old customer base comes in: bytes of a file -> table -> columns understood -> buyers -> what each one changes. Pure.

mod card;
mod columns;
mod contents;
mod csv;
mod dates;
mod mapping;
mod plan;
mod read;
mod rows;
mod sheet;
mod table;
mod values;
mod vcard;

pub use card::{Card, NO_SOURCE, Taken};
pub use columns::Field;
pub use dates::{Decided, Order};
pub use mapping::{Mapped, Mapping, Told, Why};
pub use plan::{Change, Doubt, Identities, KnownBase, Merged, PAIRS, Plan, Who, plan};
pub use read::read_table;
pub use rows::{Circumstances, buyers};
pub use table::{Row, Table};
pub use values::is_address;

use crate::buyer::Stage;
use crate::clock::UnixTime;
use crate::grade::Grade;
use jiff::tz::TimeZone;

/// A row that can become a buyer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportedBuyer {
    /// The line in the file, counted from 1.
    pub line: u64,
    pub name: Option<String>,
    pub company: Option<String>,
    /// Lower case; the first is the one we write to.
    pub emails: Vec<String>,
    /// What he is recognised by behind portals that hide his address.
    pub portals: Vec<String>,
    /// ISO 3166 alpha-2.
    pub country: Option<String>,
    /// E.164 where a numbering plan knows it, else as written.
    pub phone: Option<String>,
    /// Further telephone and fax numbers; they stand in the notes, too.
    pub other_phones: Vec<String>,
    pub grade: Option<Grade>,
    pub graded_by: Option<String>,
    pub stage: Option<Stage>,
    pub source: Option<String>,
    pub owner: Option<String>,
    pub language: Option<String>,
    pub consent: Option<String>,
    pub consent_at: Option<UnixTime>,
    /// The last day on which it holds, `2028-10-31`.
    pub consent_until: Option<String>,
    pub tags: Vec<String>,
    pub first_contact: Option<UnixTime>,
    pub last_contact: Option<UnixTime>,
    /// Each a line or more.
    pub notes: Vec<String>,
}

/// Something in a file that can't be taken as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub line: u64,
    pub what: String,
    /// Whether the whole row was left out.
    pub left_out: bool,
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {}: {}", self.line, self.what)
    }
}

/// What a file says, and what is wrong with it.
#[derive(Clone, Debug, Default)]
pub struct Import {
    pub buyers: Vec<ImportedBuyer>,
    pub problems: Vec<Problem>,
}

/// Reads a file with everything guessed and its dates in UTC.
///
/// # Errors
/// It is no table, or none of its columns can make a buyer.
pub fn read_customers(bytes: &[u8], now: UnixTime) -> Result<Import, String> {
    let table = read_table(bytes, None)?;
    let circumstances = Circumstances { now, zone: &TimeZone::UTC, source: None };
    let mapping = Mapping::guess(&table, &Told::default(), circumstances.year())?;
    Ok(buyers(&table, &mapping, &circumstances))
}
