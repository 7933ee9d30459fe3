//! Buyers' mail that left the house: deleted from the mailbox, or passed on to somebody outside. Pure.

use crate::clock::UnixTime;
use crate::grade::Grade;
use serde::Serialize;

/// A buyer's mail that is on record and no longer in any folder that is read: deleted, or moved to one that is not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RemovedMail {
    pub mail_id: i64,
    pub inquiry_id: Option<i64>,
    pub buyer_id: Option<i64>,
    /// Name, company and country, else the address; empty where nothing is known.
    pub buyer: String,
    /// Who of us looks after him.
    pub owner: Option<String>,
    pub subject: String,
    pub account: String,
    /// The folder that had it last.
    pub folder: String,
    pub received_at: UnixTime,
    /// When it was first missed: it was removed after the poll before.
    pub missed_at: UnixTime,
    /// Whether an answer of ours is on record.
    pub answered: bool,
    pub grade: Option<Grade>,
}

/// A mail of ours that passes a buyer's mail on to people outside who have nothing to do with him.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ForwardedMail {
    /// Our mail.
    pub mail_id: i64,
    /// The inquiry that it passes on; None where only the buyer is known, or nobody is.
    pub inquiry_id: Option<i64>,
    pub buyer_id: Option<i64>,
    /// As in [`RemovedMail`]; empty where the buyer is not known.
    pub buyer: String,
    pub owner: Option<String>,
    /// Of our mail.
    pub subject: String,
    /// The address in From.
    pub sender: String,
    /// The outsiders who got it.
    pub recipients: Vec<String>,
    pub sent_at: UnixTime,
    pub grade: Option<Grade>,
}
