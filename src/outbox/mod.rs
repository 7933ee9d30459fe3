//! Planned mail goes out, once: to an SMTP server or into a folder.

/// What became of one mail to one recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The sink has taken the responsibility (SMTP 250 after DATA, or the file is in place).
    Sent,
    /// Not now: nothing was taken; to be tried again.
    Later { reason: String },
    /// Never: refused for good (5xx).
    Refused { code: u16, enhanced_status: Option<String>, reason: String },
    /// The connection ended after DATA and before the answer: nobody knows. Never sent again by itself.
    Unknown { reason: String },
}
