//! What people read: content becomes subject, text and HTML. Pure.

mod language;

pub use language::Language;

/// A rendered letter, without addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    pub subject: String,
    pub text: String,
    pub html: String,
}
