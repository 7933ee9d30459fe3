//! An inquiry on record, as it was when it came.

use crate::buyer::Past;
use crate::clock::UnixTime;
use crate::grade::Grade;
use crate::grading::{Inquiry, Received};
use crate::message::{Attachment, Facts, Kind, Writer};

/// Everything that rules look at, read back from the store.
#[derive(Clone, Debug)]
pub struct Recorded {
    pub id: i64,
    pub buyer_id: i64,
    /// Company, name or address.
    pub buyer: String,
    pub subject: String,
    pub text: String,
    pub kind: Kind,
    pub relay: Option<String>,
    pub language: Option<String>,
    pub writer: Writer,
    pub facts: Facts,
    pub attachments: Vec<Attachment>,
    pub received_at: UnixTime,
    /// None if the buyer was new.
    pub past: Option<Past>,
    /// What the rules of that time said.
    pub ruled: Grade,
    /// What a person said.
    pub by_hand: Option<Grade>,
}

impl Recorded {
    /// As the rules see it.
    pub fn inquiry(&self, received: Option<Received>) -> Inquiry<'_> {
        Inquiry {
            subject: &self.subject,
            text: &self.text,
            kind: self.kind,
            relay: self.relay.as_deref(),
            language: self.language.as_deref(),
            writer: &self.writer,
            facts: &self.facts,
            attachments: &self.attachments,
            received,
        }
    }
}
