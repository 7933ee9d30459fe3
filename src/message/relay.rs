//! Mail that someone else delivers for the buyer: platforms, web forms, a colleague's forward.

mod book;
mod fields;
mod forward;
mod people;
mod read;

use super::header::Headers;
use super::{Address, House, Writer, country};
use book::{AnswerTo, Relay, RelayKind};
pub use book::{RelayBook, SHIPPED};
use fields::{Field, Fields, Labels, without_title};
pub(super) use forward::{Forwarded, forwarded, named_in_prose};
use people::Named;

/// The buyer behind a relay, and what the relay said about the business.
#[derive(Debug, Default)]
pub(super) struct Relayed {
    /// `alibaba`, `web_form`, `forward` …
    pub relay: String,
    pub writer: Writer,
    /// The buyer's own words; None if the relay shows none.
    pub words: Option<String>,
    /// What the fields say about the goods, line by line.
    pub goods: String,
    /// Who passes an answer on, where the buyer's own address is hidden.
    pub answer_to: Option<String>,
    pub product: Option<String>,
    pub quantity: Option<String>,
    pub price: Option<String>,
}

/// What a relayed mail turns out to be.
pub(super) enum Carried {
    /// A buyer stands behind it.
    Buyer(Box<Relayed>),
    /// The platform speaks for itself: named, so that it is no buyer.
    Notice(String),
}

/// A mail as a relay's is looked at.
pub(super) struct Looked<'a> {
    pub from: &'a Address,
    pub reply_to: Option<&'a Address>,
    pub headers: &'a Headers<'a>,
    pub subject: &'a str,
    pub text: &'a str,
    /// The same without quoted history: a person's answer may quote a form.
    pub new_text: &'a str,
    pub house: &'a House,
}

/// Looks for a platform, a web form or a fax gateway behind the mail.
pub(super) fn look(mail: &Looked<'_>) -> Option<Carried> {
    let book = &mail.house.relays;
    let from = mail.from.email.as_deref().unwrap_or_default();
    let relay = book.relay_of(from, mail.subject, mail.text);
    let labels = Labels { book, relay };
    match relay.map(|relay| (relay, relay.kind)) {
        Some((relay, RelayKind::Platform)) => {
            let buyer = platform_buyer(mail, relay, labels).map(|relayed| Carried::Buyer(Box::new(relayed)));
            Some(buyer.unwrap_or_else(|| Carried::Notice(relay.name.clone())))
        }
        Some((relay, RelayKind::Fax)) if is_receipt(mail.subject) => Some(Carried::Notice(relay.name.clone())),
        Some((relay, RelayKind::Fax)) => Some(Carried::Buyer(Box::new(fax(mail, relay, labels)))),
        other => {
            let machine = other.is_some() || is_web_server(mail);
            let text = if machine { mail.text } else { mail.new_text };
            // Reading fields is only worth it where a form could be.
            if !machine && !looks_like_form(text, labels) {
                return None;
            }
            let fields = Fields::read(text, labels);
            let named = people(mail, relay);
            form_buyer(mail, relay, &fields, named, machine).map(|relayed| Carried::Buyer(Box::new(relayed)))
        }
    }
}

/// A person of ours wrote, not a web server of ours.
pub(super) fn is_colleague(mail: &Looked<'_>) -> bool {
    mail.from.email.as_deref().is_some_and(|email| mail.house.is_ours(email)) && !is_web_server(mail)
}

/// A web server that sends in our name.
fn is_web_server(mail: &Looked<'_>) -> bool {
    let Some((local, domain)) = mail.from.email.as_deref().and_then(|e| e.rsplit_once('@')) else { return false };
    let ours = mail.house.is_own_domain(domain);
    local == "wordpress"
        || ours && (mail.house.relays.is_machine(local) || mail.headers.lower("x-mailer").contains("phpmailer"))
}

/// Cheap look: several short lines that begin with a form's usual labels.
fn looks_like_form(text: &str, labels: Labels<'_>) -> bool {
    let short = text.lines().take(60).filter(|line| line.len() < 300);
    short.filter(|line| labels.labelled(line).is_some()).take(3).count() == 3
}

/// The buyer that a notification tells of: by its fields, its Reply-To, or a sentence of the portal's.
fn platform_buyer(mail: &Looked<'_>, relay: &Relay, labels: Labels<'_>) -> Option<Relayed> {
    let fields = Fields::read(mail.text, labels);
    let reply = mail.reply_to.filter(|address| is_outside(mail, address.email.as_deref()));
    let named = people(mail, Some(relay));
    let mut writer = fields.writer();
    writer.email = writer.email.filter(|email| is_outside(mail, Some(email))).or_else(|| named.email.clone());
    let personal = writer.name.is_some() || writer.email.is_some() || writer.company.is_some() || named.name.is_some();
    let speaks = fields.get(Field::Message).is_some();
    if !(personal || reply.is_some() || speaks && fields.count() >= 3) {
        return None;
    }
    writer.email = writer.email.or_else(|| reply.and_then(|a| a.email.clone()));
    complete(&mut writer, named, reply);
    let mut relayed = fields.relayed(&relay.name, writer);
    relayed.answer_to = (relay.answer == AnswerTo::Relay)
        .then(|| mail.reply_to.and_then(|a| a.email.clone()).or_else(|| mail.from.email.clone()))
        .flatten();
    Some(relayed)
}

/// An address that is neither a relay's nor ours.
fn is_outside(mail: &Looked<'_>, email: Option<&str>) -> bool {
    email.is_some_and(|email| !mail.house.relays.is_relay(email) && !mail.house.is_ours(email))
}

/// What the relay's sentences name in subject and text.
fn people(mail: &Looked<'_>, relay: Option<&Relay>) -> Named {
    let Some(relay) = relay else { return Named::default() };
    let beginning = &mail.text[..mail.text.floor_char_boundary(2000)];
    let texts = [mail.subject, beginning];
    let mut named = Named::default();
    for found in relay.people.iter().flat_map(|sentence| texts.iter().filter_map(|text| sentence.find(text))) {
        named.name = named.name.or(found.name);
        named.company = named.company.or(found.company);
        named.country = named.country.or(found.country);
        named.phone = named.phone.or(found.phone);
        named.email = named.email.or(found.email);
        named.product = named.product.or(found.product);
    }
    named
}

/// What the fields left open, from the sentences and the Reply-To.
fn complete(writer: &mut Writer, named: Named, reply: Option<&Address>) {
    writer.name =
        writer.name.take().or_else(|| reply.and_then(|a| a.name.clone())).or(named.name).map(|n| without_title(&n));
    writer.company = writer.company.take().or(named.company);
    writer.phone = writer.phone.take().or(named.phone);
    writer.country =
        writer.country.take().or_else(|| named.country.as_deref().and_then(country::by_name).map(str::to_owned));
}

/// A gateway tells what became of a fax of ours.
fn is_receipt(subject: &str) -> bool {
    let subject = subject.to_lowercase();
    [
        "transmission",
        "success",
        "failed",
        "was sent",
        "confirmation",
        "sendebericht",
        "gesendet",
        "发送成功",
        "发送失败",
        "送信結果",
    ]
    .iter()
    .any(|word| subject.contains(word))
}

/// A fax or a voice message: the number that called is all that is known of the buyer.
fn fax(mail: &Looked<'_>, relay: &Relay, labels: Labels<'_>) -> Relayed {
    let fields = Fields::read(mail.text, labels);
    let named = people(mail, Some(relay));
    let mut writer = fields.writer();
    writer.email = None;
    complete(&mut writer, named, None);
    fields.relayed(&relay.name, writer)
}

fn form_buyer(
    mail: &Looked<'_>,
    relay: Option<&Relay>,
    fields: &Fields,
    named: Named,
    machine: bool,
) -> Option<Relayed> {
    let mut writer = fields.writer();
    writer.email = writer.email.filter(|email| !mail.house.is_ours(email)).or_else(|| named.email.clone());
    let filled = fields.count();
    let reply = mail.reply_to.filter(|_| machine).filter(|reply| reply.email != mail.from.email);
    let answer = writer.email.clone().or_else(|| reply.and_then(|a| a.email.clone()));
    let speaks = fields.get(Field::Message).is_some();
    let marked = !machine && speaks && mail.house.relays.is_marked_as_form(mail.text);
    let is_form = match machine {
        _ if marked && writer.email.is_some() => true,
        true => filled >= 1 && (answer.is_some() || writer.phone.is_some()) || filled >= 3,
        // The visitor's own address as sender, or somebody else's machine: only a whole form counts.
        false if writer.email.is_some() && writer.email == mail.from.email => {
            filled >= 3 && writer.name.is_some() && speaks
        }
        false => filled >= 4 && writer.email.is_some() && speaks,
    };
    if !is_form {
        return None;
    }
    writer.email = answer;
    complete(&mut writer, named, reply);
    Some(fields.relayed(relay.map_or("web_form", |relay| relay.name.as_str()), writer))
}
