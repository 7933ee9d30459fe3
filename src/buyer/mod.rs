//! Who is this: a writer is matched with the buyers we know. Pure.

mod event;
pub mod export;
pub mod import;
mod marks;
mod matching;
mod past;
mod stage;
mod suggestion;
mod tags;

pub use event::{EventKind, SampleTerms};
pub use export::{ExportedBuyer, guarded};
pub use import::{Card, Change, Identities, Import, ImportedBuyer, KnownBase, Plan, is_address, plan, read_customers};
pub use marks::{Mark, MarkKind, marks, name_marks, person_mark};
pub use matching::{
    Doubt, Identified, Known, Match, MatchedBy, ThreadLink, addresses_of, has_known_address, identify,
    is_address_to_keep, marks_of, recognised_by,
};
pub use past::Past;
pub use stage::Stage;
pub use suggestion::{suggested_by_ours, suggested_stage};
pub use tags::{Tags, tag};

use crate::clock::UnixTime;
use crate::grade::Grade;

/// Who gave a buyer his grade: what a new mail may do to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum GradedBy {
    /// The newest mail's grade counts.
    #[default]
    Rules,
    /// The old customer base: a mail only raises it.
    Import,
    /// It stays.
    Person,
}

impl GradedBy {
    /// The word in the store for grades of an imported file that names nobody.
    pub const IMPORT: &'static str = "import";
    /// The word in an exported file for grades that the rules gave.
    pub const RULES: &'static str = "rules";

    /// What the store says of who graded; None if it was the rules.
    pub fn of(graded_by: Option<&str>) -> Self {
        match graded_by {
            None => GradedBy::Rules,
            Some(Self::IMPORT) => GradedBy::Import,
            Some(_) => GradedBy::Person,
        }
    }
}

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
    /// A later stage that his mails speak of; a person decides.
    pub stage_suggested: Option<Stage>,
    /// His newest grade, or the one a person gave him.
    pub grade: Option<Grade>,
    /// Who graded him.
    pub graded: GradedBy,
    /// How many inquiries and replies came before.
    pub inquiries: i64,
    pub first_contact: UnixTime,
    pub last_contact: UnixTime,
}
