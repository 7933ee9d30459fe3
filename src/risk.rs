//! Fraud signs: an axis of their own, never netted against the score. Pure.

mod brands;
mod links;
mod told;

use crate::domain::{self, Likeness, Trusted};
use crate::message::{Danger, Fraud, House, Kind, Message, Sign, danger};
pub use told::Told;

/// One sign of fraud with its evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Risk {
    /// The sender's or the answer's domain resembles ours or a known buyer's.
    LookalikeDomain { written: String, trusted: String, likeness: Likeness },
    /// Somebody unknown goes on in the thread of a known buyer.
    NewDomainInThread { written: String, known: String },
    /// Answers go to another house than the sender's.
    ReplyToDiffers { from: String, reply_to: String },
    /// The domain carries a brand's name and is not the brand's.
    ImpersonatedBrand { written: String, brand: &'static str, own: &'static str },
    /// A link shows one host and leads to another, or to a bare IP address.
    FalseLink { shown: String, target: String },
    /// A link leads to a page that wants a password, and is no page of the sender's house.
    LoginLink { target: String },
    /// The words give a fraud away.
    Words { fraud: Fraud, evidence: String },
    /// No order needs such an attachment.
    DangerousAttachment { name: String, danger: Danger },
    /// Our own mail server's verdict (RFC 8601).
    AuthenticationFailed { result: String },
}

/// The signs of fraud in a mail. `trusted` are the domains of the buyers we know.
pub fn risks(message: &Message, house: &House, trusted: &Trusted) -> Vec<Risk> {
    if matches!(message.kind, Kind::Bounce | Kind::AutoReply | Kind::Newsletter) {
        return Vec::new();
    }
    let mut found = Vec::new();
    found.extend(lookalike(message, house, trusted));
    found.extend(foreign_reply_to(message, house));
    found.extend(from_domain(message).and_then(brands::impersonated));
    if message.relay.is_none() {
        found.extend(links::false_link(message));
        found.extend(links::login_link(message, house, trusted));
    }
    found.extend(
        message
            .signs
            .iter()
            .filter(|s| !is_visit_to_an_order(s, message))
            .map(|s| Risk::Words { fraud: s.fraud, evidence: s.evidence.clone() }),
    );
    found.extend(attachments(message));
    let failed = message.failed_authentication.clone();
    found.extend(failed.map(|result| Risk::AuthenticationFailed { result }));
    found
}

/// A mail that goes on in a thread with the buyer `known` (his address), written from a domain that no buyer has: whoever
/// has read the thread may want to take the buyer's place.
pub fn new_domain_in_thread(message: &Message, house: &House, known: &str) -> Option<Risk> {
    let (written, known) = (from_domain(message)?, domain::of_address(known)?);
    let same = domain::registrable(written) == domain::registrable(known);
    (!same && !house.is_own_domain(written) && message.relay.is_none() && !is_upgrade(known, written))
        .then(|| Risk::NewDomainInThread { written: written.to_owned(), known: known.to_owned() })
}

/// Who writes from a free mailbox may well go on at his company's; the other way round is what frauds do.
fn is_upgrade(before: &str, after: &str) -> bool {
    domain::is_free_mail(before) && !domain::is_free_mail(after)
}

fn from_domain(message: &Message) -> Option<&str> {
    message.from.email.as_deref().and_then(domain::of_address)
}

fn reply_domain(message: &Message) -> Option<&str> {
    message.reply_to.as_ref().and_then(|a| a.email.as_deref()).and_then(domain::of_address)
}

/// The sender's or the answer's domain looks like one we trust.
fn lookalike(message: &Message, house: &House, trusted: &Trusted) -> Option<Risk> {
    let writer = message.writer.email.as_deref().and_then(domain::of_address);
    let mut written: Vec<&str> = [from_domain(message), writer, reply_domain(message)].into_iter().flatten().collect();
    // A partner who owns two domains is known under both.
    written.retain(|d| !house.is_own_domain(d) && !trusted.contains(d) && !domain::is_free_mail(d));
    written.dedup();
    written.iter().find_map(|written| {
        let ours = || house.domains.iter().find_map(|own| Some((own.as_str(), domain::looks_like(written, own)?)));
        let (resembled, likeness) = ours().or_else(|| trusted.resembled(written))?;
        let (written, trusted) = ((*written).to_owned(), resembled.to_owned());
        Some(Risk::LookalikeDomain { written, trusted, likeness })
    })
}

/// Answers go to another house than the sender's. Relays do so by trade.
fn foreign_reply_to(message: &Message, house: &House) -> Option<Risk> {
    if message.relay.is_some() {
        return None;
    }
    let (from, reply_to) = (from_domain(message)?, reply_domain(message)?);
    let same = domain::registrable(from) == domain::registrable(reply_to);
    (!same && !house.is_own_domain(reply_to) && !is_upgrade(from, reply_to))
        .then(|| Risk::ReplyToDiffers { from: from.to_owned(), reply_to: reply_to.to_owned() })
}

/// Who orders may well want to see the factory, and needs our letter for it.
fn is_visit_to_an_order(sign: &Sign, message: &Message) -> bool {
    let orders = message.facts.quantity.is_some() || message.facts.incoterm.is_some();
    sign.fraud == Fraud::InvitationLetter && orders
}

/// Attachments that no order needs. A plain archive is named only where the mail says nothing else about the goods.
fn attachments(message: &Message) -> Vec<Risk> {
    let vague =
        message.facts.quantity.is_none() && message.facts.incoterm.is_none() && message.facts.products.is_empty();
    let dangerous = message.attachments.iter().filter_map(|a| Some((a, danger(&a.name, &a.media_type)?)));
    let counted = dangerous.filter(|(_, danger)| *danger != Danger::Archive || vague);
    counted.take(5).map(|(a, danger)| Risk::DangerousAttachment { name: a.name.clone(), danger }).collect()
}
