//! Who gets no newsletter any more because of one incoming mail.

use crate::letter::is_message_id_of_ours;
use crate::message::{Bounce, BounceKind, Kind, Message, Sample};
use crate::store::intake::{SoftBounce, Suppression};
use std::collections::HashSet;

/// Addresses that get no newsletter any more.
#[derive(Debug, Default)]
pub(super) struct Suppressions {
    pub addresses: Vec<Suppression>,
    /// Newsletters of ours, by Message-ID: whoever got one gets no more.
    pub newsletters: Vec<Suppression>,
    /// Who could not be reached for now.
    pub soft_bounces: Vec<SoftBounce>,
}

impl Suppressions {
    fn address(&mut self, address: &Option<String>, reason: &'static str) {
        self.addresses.extend(address.clone().map(|address| Suppression { address, reason }));
    }

    fn newsletter(&mut self, message_id: String, reason: &'static str) {
        self.newsletters.push(Suppression { address: message_id, reason });
    }
}

/// Decides it for a mail of this kind; `buyer` is the address at which we write to whoever wrote it, `ours` are
/// Message-IDs of mails that inquiryd sent.
pub(super) fn suppressions(
    message: &Message,
    kind: Kind,
    buyer: &Option<String>,
    ours: &HashSet<String>,
) -> Suppressions {
    let mut found = Suppressions::default();
    match (kind, &message.bounce) {
        (Kind::Command, _) if message.unsubscribe || newsletter_named(message).is_some() => {
            unsubscribed(message, buyer, ours, &mut found)
        }
        (Kind::Bounce, Some(bounce)) => bounced(bounce, &mut found),
        _ => {}
    }
    found
}

/// The newsletter that the mail names or answers says who; without one, the writer is meant, wherever we write to him.
fn unsubscribed(message: &Message, buyer: &Option<String>, ours: &HashSet<String>, found: &mut Suppressions) {
    const REASON: &str = "unsubscribed";
    if let Some(named) = newsletter_named(message) {
        found.newsletter(named, REASON);
        return;
    }
    for answered in message.references.iter().filter(|id| ours.contains(*id)) {
        found.newsletter(answered.clone(), REASON);
    }
    found.address(&message.from.email, REASON);
    found.address(buyer, REASON);
}

/// A report may name another address than ours to him, if his mail is passed on; the mail it returns is certain.
fn bounced(bounce: &Bounce, found: &mut Suppressions) {
    let newsletter = bounce.original_message_id.as_ref().filter(|id| is_message_id_of_ours(id));
    let reason = match bounce.kind {
        BounceKind::Hard => "hard bounce",
        BounceKind::Complaint => "complaint",
        BounceKind::Soft => {
            let of_newsletter = newsletter.cloned().map(SoftBounce::Newsletter);
            found.soft_bounces.extend(of_newsletter.or_else(|| bounce.recipient.clone().map(SoftBounce::Address)));
            return;
        }
    };
    match newsletter {
        Some(newsletter) => found.newsletter(newsletter.clone(), reason),
        None => found.address(&bounce.recipient, reason),
    }
}

/// Whether a mail asks for no more newsletters.
///
/// A mail that names a newsletter of ours in its subject does, even if a mail program made it by itself. Words alone do
/// only in a person's mail that states no business, and never in a buyer's thread: "do not send the container before
/// December" is no unsubscribing.
pub(super) fn is_unsubscribing(message: &Message, thread_known: bool, ours: &HashSet<String>) -> bool {
    let answers_newsletter = message.references.iter().any(|id| ours.contains(id));
    let by_words = message.unsubscribe && !message.automatic && !states_business(message);
    newsletter_named(message).is_some() || by_words && (answers_newsletter || !thread_known)
}

fn states_business(message: &Message) -> bool {
    let facts = &message.facts;
    let stated = [&facts.quantity, &facts.target_price, &facts.incoterm];
    stated.into_iter().any(Option::is_some) || facts.sample != Sample::None
}

/// The newsletter that the subject of an unsubscribing mail names, as its List-Unsubscribe wrote it.
fn newsletter_named(message: &Message) -> Option<String> {
    let (word, token) = message.subject.trim().split_once(' ')?;
    let token = token.trim();
    (word.eq_ignore_ascii_case("unsubscribe") && is_message_id_of_ours(token)).then(|| token.to_owned())
}
