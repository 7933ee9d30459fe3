//! What people read: content becomes subject, text and HTML. Pure.
//!
//! Mails must look right in clients that know little of CSS: one column, tables, inline styles, no pictures. Plain text
//! has no colour and no ground of its own, so that a dark mode can choose them; badges bring both. A mail says the fact in
//! its subject, shows ten of a kind at most, and takes the whole along as a workbook. Whatever somebody else wrote is cut to
//! one line, escaped in HTML, and never a link.

mod actions;
mod answer;
mod countries;
mod digest;
mod grade;
mod newsletter;
mod notice;
mod plain;
mod planned;
mod report;
pub mod samples;
mod tasks;
mod template;
mod when;
mod words;
pub mod workbook;

pub use crate::language::Language;
pub use actions::Actions;
pub use answer::{Answer, Refusal, answer, suspicion, told, why_misread};
pub use digest::digest;
pub use newsletter::{CompiledNewsletter, Newsletter, Unsubscribe, WordsProblem};
pub use notice::Notice;
pub use planned::{PlannedMail, What, is_message_id_of_ours, key, message_id};
pub use report::report;
pub use tasks::{LastWords, Task, TaskKind, TaskList, tasks};
pub use template::{TemplateProblem, Templates};

use jiff::tz::TimeZone;
use std::sync::Arc;

/// A rendered letter, without addresses.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Letter {
    /// One line.
    pub subject: String,
    pub text: String,
    pub html: String,
    pub attachments: Vec<Attachment>,
}

/// A file that goes with a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// As the reader sees it; may be Chinese.
    pub name: String,
    /// `text/csv`
    pub content_type: &'static str,
    /// Shared by all mails that it goes with.
    pub bytes: Arc<[u8]>,
}

impl Attachment {
    /// A workbook for spreadsheet programs.
    pub fn xlsx(name: String, bytes: Vec<u8>) -> Self {
        let content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
        Attachment { name, content_type, bytes: bytes.into() }
    }
}

/// How a letter to our own people looks.
#[derive(Clone, Debug)]
pub struct Look {
    pub language: Language,
    /// Of the wall clock that the letter shows.
    pub time_zone: TimeZone,
    /// The company's name.
    pub company: String,
    /// How its reader answers it; None: by no mail.
    pub actions: Option<Actions>,
    pub templates: Templates,
}
