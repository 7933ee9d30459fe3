//! Planned mail goes out, once: to an SMTP server or into a folder.
//!
//! Sending has two phases, so that the caller can commit "about to be handed over" between them:
//! [`Sink::offer`] may fail in any way without harm, and only after [`Sink::hand_over`] began can the fate of a mail
//! be unknown.

pub mod compose;
pub mod dkim;
pub mod folder;
pub mod sink;
pub mod smtp;

pub use compose::{ComposeError, Envelope, compose};
pub use dkim::Signer;
pub use folder::FolderSink;
pub use sink::{Inspection, OpenError, OutgoingMail, ProbeError, Sink};
pub use smtp::{SmtpInspection, SmtpSink};

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
