//! Fraud signs: an axis of their own, never netted against the score. Pure.

use crate::domain;
use crate::message::{Fraud, House, Kind, Message, Sign, danger};
use serde::Serialize;

/// One sign of fraud with its evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Risk {
    /// Machine name, e.g. "lookalike_domain".
    pub risk: &'static str,
    /// The evidence for people, e.g. "kestrel-leisvre.co.uk looks like kestrel-leisure.co.uk".
    pub detail: String,
}

fn risk(risk: &'static str, detail: impl Into<String>) -> Risk {
    Risk { risk, detail: detail.into() }
}

/// The signs of fraud in a mail. `known_domains` are those of the buyers we know; a colleague's own mail has none but what
/// it forwards.
pub fn risks<'d>(
    message: &'d Message,
    house: &'d House,
    known_domains: impl IntoIterator<Item = &'d str>,
) -> Vec<Risk> {
    if matches!(message.kind, Kind::Bounce | Kind::AutoReply | Kind::Newsletter) {
        return Vec::new();
    }
    let mut found = Vec::new();
    found.extend(lookalike(message, house, known_domains));
    found.extend(foreign_reply_to(message, house));
    found.extend(impersonated_brand(message));
    found.extend(false_links(message));
    found.extend(message.signs.iter().map(from_words));
    found.extend(attachments(message));
    if let Some(failed) = &message.failed_authentication {
        found.push(risk("authentication_failed", format!("our mail server says {failed}")));
    }
    found
}

fn from_domain(message: &Message) -> Option<&str> {
    message.from.email.as_deref().and_then(domain::of_address)
}

/// The sender's or the answer's domain looks like one we trust.
fn lookalike<'d>(message: &'d Message, house: &'d House, known: impl IntoIterator<Item = &'d str>) -> Option<Risk> {
    let writer = message.writer.email.as_deref().and_then(domain::of_address);
    let mut written: Vec<&str> = [from_domain(message), writer, reply_domain(message)].into_iter().flatten().collect();
    written.retain(|d| !house.is_own_domain(d));
    written.dedup();
    let mut trusted: Vec<&str> = house.domains.iter().map(String::as_str).collect();
    trusted.extend(known);
    // A partner who owns two domains is known under both.
    if written.iter().all(|d| trusted.iter().any(|t| domain::registrable(t) == domain::registrable(d))) {
        return None;
    }
    written.iter().find_map(|written| {
        trusted.iter().find_map(|trusted| {
            let why = domain::looks_like(written, trusted)?;
            Some(risk("lookalike_domain", format!("{written} looks like {trusted}: {why}")))
        })
    })
}

fn reply_domain(message: &Message) -> Option<&str> {
    message.reply_to.as_ref().and_then(|a| a.email.as_deref()).and_then(domain::of_address)
}

/// Answers go to another house than the sender's. Relays do so by trade.
fn foreign_reply_to(message: &Message, house: &House) -> Option<Risk> {
    if message.relay.is_some() {
        return None;
    }
    let (from, reply) = (from_domain(message)?, reply_domain(message)?);
    let same = domain::registrable(from) == domain::registrable(reply);
    let ours = house.is_own_domain(reply);
    // Who writes from a free mailbox may well want the answer at his company.
    let upgrade = domain::is_free_mail(from) && !domain::is_free_mail(reply);
    (!same && !ours && !upgrade)
        .then(|| risk("reply_to_differs", format!("written from {from}, answers go to {reply}")))
}

/// Companies that frauds like to be, with the domains that are theirs.
const BRANDS: &[(&str, &[&str])] = &[
    ("dhl", &["dhl.com", "dhl.de"]),
    ("fedex", &["fedex.com"]),
    ("walmart", &["walmart.com", "wal-mart.com"]),
    ("amazon", &["amazon.com", "amazon.co.uk", "amazon.de", "amazonses.com"]),
    ("microsoft", &["microsoft.com", "microsoftonline.com", "office.com", "outlook.com"]),
    ("office365", &["office.com", "microsoft.com"]),
    ("alibaba", &["alibaba.com", "alibaba-inc.com"]),
    ("paypal", &["paypal.com"]),
    ("maersk", &["maersk.com"]),
    ("docusign", &["docusign.com", "docusign.net"]),
    ("dropbox", &["dropbox.com", "dropboxmail.com"]),
    ("linkedin", &["linkedin.com"]),
    ("carrefour", &["carrefour.com", "carrefour.fr"]),
    ("costco", &["costco.com"]),
    ("wetransfer", &["wetransfer.com"]),
];

/// The sender's domain carries a brand's name and is not the brand's.
fn impersonated_brand(message: &Message) -> Option<Risk> {
    let domain = from_domain(message)?;
    let registrable = domain::registrable(domain);
    let name = registrable.split('.').next()?;
    let parts: Vec<String> = name.split('-').map(domain::skeleton).collect();
    let brand = BRANDS.iter().find(|(brand, own)| {
        let own_domain = own.contains(&registrable) || registrable.split('.').next() == Some(*brand);
        !own_domain && parts.contains(&domain::skeleton(brand))
    })?;
    Some(risk("impersonated_brand", format!("{domain} carries the name {}, but is not {}", brand.0, brand.1[0])))
}

/// A link whose words show one host while it leads to another, or to a bare IP address.
fn false_links(message: &Message) -> Option<Risk> {
    if message.relay.is_some() {
        return None;
    }
    message.links.iter().find_map(|link| {
        let target = host(&link.target)?;
        let bare_ip = target.bytes().all(|b| b.is_ascii_digit() || b == b'.');
        let shown = host(&link.shown)
            .or_else(|| link.shown.starts_with("www.").then_some(link.shown.as_str()).and_then(bare_host));
        let differs = shown.is_some_and(|shown| domain::registrable(shown) != domain::registrable(target));
        (bare_ip || differs)
            .then(|| risk("false_link", format!("a link shows \"{}\" and leads to {target}", short(&link.shown))))
    })
}

fn host(url: &str) -> Option<&str> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
    bare_host(rest)
}

fn bare_host(rest: &str) -> Option<&str> {
    let host = rest.split(['/', '?', '#', ':', ' ']).next()?;
    let host = host.rsplit('@').next().unwrap_or(host);
    host.contains('.').then_some(host)
}

fn short(text: &str) -> String {
    text.chars().take(60).collect()
}

fn from_words(sign: &Sign) -> Risk {
    let name = match sign.fraud {
        Fraud::AdvanceFee => "advance_fee",
        Fraud::Phishing => "credential_phishing",
        Fraud::Overpayment => "overpayment",
        Fraud::BankChange => "bank_detail_change",
        Fraud::DomainRegistration => "domain_registration",
        Fraud::InvitationLetter => "invitation_letter",
        Fraud::Investment => "investment",
        Fraud::ExecutiveOrder => "executive_order",
        Fraud::ParcelFee => "parcel_fee",
    };
    risk(name, format!("the words: {}", sign.evidence))
}

/// Attachments that no order needs. A plain archive is named only where the mail says nothing else about the goods.
fn attachments(message: &Message) -> Vec<Risk> {
    let vague =
        message.facts.quantity.is_none() && message.facts.incoterm.is_none() && message.facts.products.is_empty();
    let dangerous = message.attachments.iter().filter_map(|a| Some((a, danger(&a.name, &a.media_type)?)));
    let counted = dangerous.filter(|(_, what)| *what != "an archive" || vague);
    counted.take(5).map(|(a, what)| risk("dangerous_attachment", format!("{} is {what}", a.name))).collect()
}
