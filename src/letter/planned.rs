//! A mail that is to be sent: what it is, for whom, and the name it keeps for ever.

use crate::clock::UnixTime;
use sha2::{Digest as _, Sha256};

/// What a mail of ours is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    Digest,
    Reminder,
    /// A day's list of buyers to be in touch with.
    FollowUp,
    /// A short answer to one of us.
    Answer,
    /// To the managers: somebody may have written in a colleague's name.
    Suspicion,
    HandOver,
    Report,
    Newsletter,
    /// A newsletter to one of us, who wants to see it.
    NewsletterTest,
}

impl What {
    /// The word in keys, in the store and in lists.
    pub fn as_str(self) -> &'static str {
        match self {
            What::Digest => "digest",
            What::Reminder => "reminder",
            What::FollowUp => "follow_up",
            What::Answer => "answer",
            What::Suspicion => "suspicion",
            What::HandOver => "hand_over",
            What::Report => "report",
            What::Newsletter => "newsletter",
            What::NewsletterTest => "newsletter_test",
        }
    }
}

/// One mail to one recipient; planning it twice under the same key sends it once.
#[derive(Clone, Debug)]
pub struct PlannedMail {
    /// What, for which period, whom: `digest/17/amy@factory.example`.
    pub key: String,
    pub what: What,
    /// The envelope's recipient, lower case.
    pub recipient: String,
    pub message_id: String,
    pub subject: String,
    /// The mail as it goes over the wire (RFC 5322); None: it is composed when it leaves.
    pub raw: Option<Vec<u8>>,
    /// Not sent before this instant.
    pub not_before: UnixTime,
}

/// The key of a mail: unique for ever.
pub fn key(what: What, period: &str, recipient: &str) -> String {
    format!("{}/{period}/{}", what.as_str(), recipient.to_lowercase())
}

/// The Message-ID, without angle brackets, that the mail with this key has on every try.
///
/// `secret` belongs to the installation: nobody else can guess the Message-ID, so that it serves as the token of an
/// unsubscribing mail.
pub fn message_id(key: &str, secret: &str, domain: &str) -> String {
    let digest = Sha256::new().chain_update(secret).chain_update([0]).chain_update(key).finalize();
    let token = crate::text::hex(&digest[..12]);
    format!("{PREFIX}{token}@{domain}")
}

/// Whether a Message-ID has the form of ours; the store knows whether it really is.
pub fn is_message_id_of_ours(message_id: &str) -> bool {
    message_id.starts_with(PREFIX)
}

const PREFIX: &str = "inquiryd.";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_keeps_its_message_id_and_others_cannot_guess_it() {
        let key = key(What::Newsletter, "spring", "Ann@Buyer.Example");
        assert_eq!(key, "newsletter/spring/ann@buyer.example");
        let id = message_id(&key, "secret", "factory.example");
        assert_eq!(id, message_id(&key, "secret", "factory.example"));
        assert_ne!(id, message_id(&key, "other", "factory.example"));
        assert!(is_message_id_of_ours(&id));
    }
}
