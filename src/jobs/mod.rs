//! One round of each job: the service runs them when they are due, `poll` and `demo` run them once.

mod digest;
mod newsletters;
mod poll;
mod reminders;
mod sending;

pub use digest::digest;
pub use newsletters::newsletters;
pub use poll::poll;
pub use reminders::reminders;
pub use sending::{Sent, drain};

use crate::clock::{Clock, UnixTime};
use crate::config::settings::Settings;
use crate::letter::{Letter, Look, Notice, PlannedMail, Unsubscribe, What, key, message_id};
use crate::outbox::{Envelope, compose};
use crate::progress::Progress;
use crate::store::Store;
use anyhow::{Context as _, Result};
use lettre::message::Mailbox;

/// What every job needs.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    pub settings: &'a Settings,
    pub store: &'a Store,
    pub clock: &'a Clock,
    pub progress: &'a Progress,
    /// Names this process in leases and claims.
    pub owner: &'a str,
    /// The installation's secret, see [`installation_secret`].
    pub secret: &'a str,
}

impl Context<'_> {
    pub fn now(&self) -> UnixTime {
        self.clock.now()
    }

    /// How letters to our own people look.
    pub fn look(&self) -> Look {
        let company = &self.settings.company;
        Look { language: company.language, time_zone: company.time_zone.clone(), company: company.name.clone() }
    }

    /// Tells people in the next digest, once for each `key`.
    pub async fn notice(&self, key: &str, notice: &Notice<'_>) -> Result<()> {
        let sentence = notice.sentence(self.settings.company.language);
        self.store.notice(key, &sentence, self.now()).await
    }

    /// One letter to each of `recipients`; all see who else got it.
    fn one_for_each(
        &self,
        what: What,
        period: &str,
        letter: &Letter,
        recipients: &[Mailbox],
    ) -> Result<Vec<PlannedMail>> {
        let planned = |recipient: &Mailbox| self.planned(what, period, letter, recipient, recipients, None);
        recipients.iter().map(planned).collect()
    }

    fn planned(
        &self,
        what: What,
        period: &str,
        letter: &Letter,
        recipient: &Mailbox,
        shown: &[Mailbox],
        unsubscribe: Option<&Mailbox>,
    ) -> Result<PlannedMail> {
        let from = &self.settings.outbox.from;
        let key = key(what, period, recipient.email.as_ref());
        let message_id = message_id(&key, self.secret, from.email.domain());
        let unsubscribe = unsubscribe
            .map(|mailbox| Unsubscribe { address: mailbox.email.clone(), subject: unsubscribe_subject(&message_id) });
        let envelope = Envelope {
            from: from.clone(),
            to: shown.to_vec(),
            message_id: message_id.clone(),
            date: self.now(),
            auto_submitted: true,
            unsubscribe,
            in_reply_to: None,
        };
        let raw = compose(letter, &envelope).with_context(|| format!("composing {key}"))?;
        let recipient = recipient.email.to_string();
        Ok(PlannedMail {
            key,
            what,
            recipient,
            message_id,
            subject: letter.subject.clone(),
            raw,
            not_before: self.now(),
        })
    }
}

/// The subject of a mail that unsubscribes the recipient of the newsletter with this Message-ID.
fn unsubscribe_subject(message_id: &str) -> String {
    format!("unsubscribe {message_id}")
}

/// 256 random bits that belong to this installation, made when they are first asked for.
///
/// # Errors
/// The store failed, or the machine has no randomness.
pub async fn installation_secret(store: &Store) -> Result<String> {
    let mut random = [0_u8; 32];
    getrandom::fill(&mut random).map_err(|error| anyhow::anyhow!("the machine gives no random bytes: {error}"))?;
    store.setting("secret", &crate::text::hex(&random)).await
}
