//! The way from bytes to a [`Message`], in order.

use super::header::{self, Headers};
use super::html::Page;
use super::kind::{self, Clues};
use super::parse::{self, Enclosed, Parsed};
use super::quote::{self, Split};
use super::relay::{self, Carried, Forwarded, Relayed};
use super::words::{self, Words};
use super::{Address, Evidence, Facts, House, Kind, Link, Message, Sign, Writer};
use super::{auto_reply, bounce, country, facts, html, language, unsubscribe};
use crate::{domain, text};
use regex::Regex;
use sha2::{Digest, Sha256};
use std::sync::LazyLock;

/// Bytes of the body that the digest reads.
const DIGEST_WINDOW: usize = 1024 * 1024;

/// Understands a whole mail. Never panics, whatever the bytes.
pub fn understand(raw: &[u8], house: &House) -> Message {
    interpret(parse::parse(raw), house)
}

/// Understands the beginning of a mail that is too large to be read whole: its headers and whatever text there is.
pub fn understand_beginning(raw: &[u8], house: &House, remark: &str) -> Message {
    let mut parsed = parse::parse(raw);
    parsed.attachments.clear();
    parsed.remarks = vec![remark.to_owned()];
    interpret(parsed, house)
}

/// SHA-256 over the body with line ends made one, so that a mail is the same by whichever path it came. Reads the
/// first mebibyte; the length stands for the rest.
pub fn body_digest(raw: &[u8]) -> [u8; 32] {
    let body = &raw[header::body_offset(raw)..];
    let mut hasher = Sha256::new();
    let mut length = body.len();
    for (index, line) in body[..body.len().min(DIGEST_WINDOW)].split(|&b| b == b'\n').enumerate() {
        if index > 0 {
            hasher.update(b"\n");
        }
        hasher.update(line.strip_suffix(b"\r").unwrap_or(line));
    }
    // Every CR before an LF is one byte that another path may not have.
    length -= body.windows(2).filter(|two| two == b"\r\n").count();
    hasher.update(length.to_le_bytes());
    hasher.finalize().into()
}

/// The sender's side of the header block.
struct Envelope {
    from: Address,
    reply_to: Option<Address>,
    subject: String,
    references: Vec<String>,
}

impl Envelope {
    fn read(headers: &Headers<'_>) -> Self {
        let first = |name| headers.addresses(name).into_iter().next();
        let from = first("from").or_else(|| first("sender")).unwrap_or_default();
        let mut references = headers.ids("references");
        for id in headers.ids("in-reply-to") {
            if !references.contains(&id) {
                references.push(id);
            }
        }
        Envelope { from, reply_to: first("reply-to"), subject: headers.text("subject").unwrap_or_default(), references }
    }
}

/// The words of a mail, and whose they are.
struct Reading {
    /// The writer's own new words.
    own: String,
    /// The same with the signature, for the facts.
    signed: String,
    relayed: Option<Relayed>,
    platform_notice: Option<&'static str>,
}

fn interpret(parsed: Parsed<'_>, house: &House) -> Message {
    let envelope = Envelope::read(&parsed.headers);
    let (body, links) = readable(&parsed.plain, &parsed.html);
    if let Some((found, reason)) = bounce::recognise(&parsed, &envelope.from, &envelope.subject, &body, house) {
        let verdict = (Kind::Bounce, reason, Evidence::Structure);
        let writer =
            Writer { name: envelope.from.name.clone(), email: envelope.from.email.clone(), ..Writer::default() };
        let own = body.clone();
        let message = assemble(parsed, envelope, verdict, own, body, writer);
        return Message { bounce: Some(found), automatic: true, links, ..message };
    }
    let split = quote::split(&body);
    let reading = read_words(&parsed, &envelope, &split, &body, house);
    let normalised = text::normalise(&format!("{}\n{}", envelope.subject, reading.signed));
    let words = words::read(&normalised);
    let mut facts = facts::read(&envelope.subject, &reading.signed, &normalised, house);
    let signs = signs(&words, &reading, &links);
    let verdict = kind::decide(
        &Clues {
            headers: &parsed.headers,
            from_email: envelope.from.email.as_deref(),
            subject: &envelope.subject,
            own: &reading.own,
            history: &split.history,
            references: &envelope.references,
            relayed: reading.relayed.is_some(),
            platform_notice: reading.platform_notice,
            words: &words,
            signs: &signs,
            facts: &facts,
            attachments: &parsed.attachments,
            report_type: parsed.report_type.as_deref(),
        },
        house,
    );
    let relay = reading.relayed.as_ref().map(|r| r.relay.clone()).or(reading.platform_notice.map(str::to_owned));
    let writer = writer(&envelope, &reading, &mut facts);
    let wants_out =
        verdict.0 != Kind::AutoReply && relay.is_none() && unsubscribe::asked(&envelope.subject, &reading.own);
    let message = assemble(parsed, envelope, verdict, reading.own, body, writer);
    Message { relay, facts, signs, links, unsubscribe: wants_out, ..message }
}

/// The text a reader sees: the plain part, or the HTML part where the plain one says nothing.
fn readable(plain: &str, html: &str) -> (String, Vec<Link>) {
    let page = if html.is_empty() { Page::default() } else { html::to_text(html) };
    let empty = plain.trim().is_empty() || !html.is_empty() && is_placeholder(plain);
    let text = if empty { page.text } else { plain.replace("\r\n", "\n") };
    (text, page.links)
}

/// "Your client does not support HTML" is no text.
fn is_placeholder(plain: &str) -> bool {
    let plain = plain.trim();
    plain.len() < 300 && {
        let lower = plain.to_lowercase();
        let names_html = lower.contains("html");
        names_html
            && ["support", "view", "display", "unterstützt", "anzeigen", "afficher", "soporta", "显示", "支持", "支援"]
                .iter()
                .any(|w| lower.contains(w))
    }
}

fn read_words(parsed: &Parsed<'_>, envelope: &Envelope, split: &Split, body: &str, house: &House) -> Reading {
    let own = Reading { own: split.own.clone(), signed: split.signed.clone(), relayed: None, platform_notice: None };
    match relay::look(&envelope.from, envelope.reply_to.as_ref(), &parsed.headers, &envelope.subject, body, house) {
        Some(Carried::Buyer(relayed)) => {
            let words = relayed.words.clone().unwrap_or_else(|| split.own.clone());
            return Reading { own: words.clone(), signed: words, relayed: Some(*relayed), platform_notice: None };
        }
        Some(Carried::Notice(platform)) => return Reading { platform_notice: Some(platform), ..own },
        None => {}
    }
    if !envelope.from.email.as_deref().is_some_and(|e| house.is_ours(e)) {
        return with_enclosed_words(own, parsed);
    }
    let forwarded = relay::forwarded(&split.history, house).or_else(|| enclosed_forward(&parsed.enclosed, house));
    match forwarded {
        Some(forwarded) if is_forward(&envelope.subject, parsed, split) => reading_of_forward(own, forwarded, split),
        _ => own,
    }
}

/// Somebody sends a mail as an attachment and no words of his own: its words are what there is to read.
fn with_enclosed_words(own: Reading, parsed: &Parsed<'_>) -> Reading {
    let enclosed = parsed.enclosed.iter().find(|e| !e.plain.is_empty() || !e.html.is_empty());
    match enclosed {
        Some(enclosed) if own.own.len() < 40 => {
            let inner = quote::split(&readable(&enclosed.plain, &enclosed.html).0);
            let both = |words: &str| format!("{}\n\n{words}", own.own).trim().to_owned();
            Reading { own: both(&inner.own), signed: both(&inner.signed), ..own }
        }
        _ => own,
    }
}

/// A colleague who answers a buyer and copies the team quotes him, too: only a forward makes the buyer the writer.
fn is_forward(subject: &str, parsed: &Parsed<'_>, split: &Split) -> bool {
    let subject = subject.trim_start().to_lowercase();
    const PREFIXES: &[&str] = &[
        "fw:",
        "fwd:",
        "fw：",
        "fwd：",
        "wg:",
        "tr:",
        "rv:",
        "enc:",
        "i:",
        "vb:",
        "vs:",
        "doorst:",
        "转发",
        "轉寄",
        "转寄",
        "fw ",
        "пересл",
        "ilt:",
        "pd:",
        "전달",
    ];
    PREFIXES.iter().any(|p| subject.starts_with(p))
        || !parsed.enclosed.is_empty()
        || split.only_history
        || split.history.to_lowercase().contains("forwarded message")
}

fn enclosed_forward(enclosed: &[Enclosed], house: &House) -> Option<Forwarded> {
    let mail = enclosed.iter().find(|e| e.from.email.as_deref().is_some_and(|email| !house.is_ours(email)))?;
    let text = readable(&mail.plain, &mail.html).0;
    Some(Forwarded { from: mail.from.clone(), subject: Some(mail.subject.clone()), text })
}

fn reading_of_forward(own: Reading, forwarded: Forwarded, split: &Split) -> Reading {
    let inner = quote::split(&forwarded.text);
    let note = if split.only_history { "" } else { own.own.as_str() };
    let joined = if note.is_empty() { inner.own.clone() } else { format!("{note}\n\n{}", inner.own) };
    let subject = forwarded.subject.unwrap_or_default();
    let writer = Writer { name: forwarded.from.name, email: forwarded.from.email, ..Writer::default() };
    let relayed = Relayed { relay: "forward".into(), writer, words: Some(inner.own), ..Relayed::default() };
    Reading {
        own: joined,
        signed: format!("{subject}\n{}", inner.signed).trim().to_owned(),
        relayed: Some(relayed),
        platform_notice: None,
    }
}

fn signs(words: &Words, reading: &Reading, links: &[Link]) -> Vec<Sign> {
    let has_link = !links.is_empty() || reading.signed.contains("http://") || reading.signed.contains("https://");
    words.frauds(has_link).into_iter().map(|(fraud, evidence)| Sign { fraud, evidence }).collect()
}

/// The person to answer, completed from signature, prefix and domain; a form's facts join those of the words.
fn writer(envelope: &Envelope, reading: &Reading, facts: &mut Facts) -> Writer {
    let mut writer = match &reading.relayed {
        Some(relayed) => relayed.writer.clone(),
        None => direct_writer(envelope),
    };
    if let Some(relayed) = &reading.relayed {
        if facts.products.is_empty() {
            facts.products.extend(relayed.product.clone());
        }
        facts.quantity = facts.quantity.take().or_else(|| relayed.quantity.clone());
        facts.target_price = facts.target_price.take().or_else(|| relayed.price.clone());
        if let Some(phone) = relayed.writer.phone.as_ref().filter(|p| !facts.phones.contains(p)) {
            facts.phones.insert(0, phone.clone());
        }
    }
    let from_domain = writer.email.as_deref().and_then(domain::of_address).map(str::to_owned);
    let company = || facts::company(&reading.signed, writer.name.as_deref(), from_domain.as_deref());
    writer.company = writer
        .company
        .take()
        .or_else(company)
        .or_else(|| company_as_name(writer.name.as_deref(), from_domain.as_deref()));
    writer.phone = writer.phone.take().or_else(|| facts.phones.first().cloned());
    writer.country = writer.country.take().or_else(|| country_of(&writer, reading, facts, from_domain.as_deref()));
    writer
}

fn direct_writer(envelope: &Envelope) -> Writer {
    // Reply-To names the person where From is a machine or the same house.
    let from_email = envelope.from.email.clone();
    let machine = from_email
        .as_deref()
        .is_some_and(|e| matches!(e.split('@').next(), Some("noreply" | "no-reply" | "donotreply" | "do-not-reply")));
    let reply_email = envelope.reply_to.as_ref().and_then(|a| a.email.clone());
    let email = if machine || from_email.is_none() { reply_email.or(from_email) } else { from_email };
    let name = envelope.from.name.clone().filter(|n| !n.contains('@'));
    Writer { name, email, ..Writer::default() }
}

/// A display name may be the company's: it shares its letters with the domain, or it says so by its legal form.
fn company_as_name(name: Option<&str>, from_domain: Option<&str>) -> Option<String> {
    facts::company(name?, None, from_domain)
}

/// Stated, by telephone, by top-level domain, in this order.
fn country_of(writer: &Writer, reading: &Reading, facts: &Facts, from_domain: Option<&str>) -> Option<String> {
    let international = |phone: &&String| phone.starts_with('+') || phone.starts_with("00") || phone.starts_with("(+");
    let by_phone = || writer.phone.iter().chain(&facts.phones).find(international).and_then(|p| country::by_phone(p));
    let by_domain = || from_domain.and_then(country::by_domain);
    stated_country(&reading.signed).or_else(by_phone).or_else(by_domain).map(str::to_owned)
}

/// A country in the last lines, where addresses stand; prose names countries for many reasons.
fn stated_country(signed: &str) -> Option<&'static str> {
    let lines: Vec<&str> = signed.lines().map(str::trim).filter(|l| !l.is_empty()).collect();
    let tail = &lines[lines.len().saturating_sub(8)..];
    tail.iter().rev().filter(|l| l.chars().count() <= 70 && !l.ends_with(['.', '?', '!', ':'])).find_map(|line| {
        let last = line.rsplit([',', '|', '-', '，', '·', '/']).next().unwrap_or(line).trim();
        (last.split_whitespace().count() <= 3)
            .then(|| country::by_name(last).filter(|_| last.chars().count() > 2))
            .flatten()
    })
}

/// Everything that needs no judgement.
fn assemble(
    parsed: Parsed<'_>,
    envelope: Envelope,
    verdict: kind::Verdict,
    own: String,
    body: String,
    writer: Writer,
) -> Message {
    let headers = &parsed.headers;
    let (kind, kind_reason, kind_by) = verdict;
    let sender_is_automatic = auto_reply::is_automatic(headers) || bounce::is_null_sender(&parsed);
    Message {
        message_id: headers.ids("message-id").into_iter().next(),
        to: headers.addresses("to"),
        cc: headers.addresses("cc"),
        failed_authentication: failed_authentication(headers),
        automatic: sender_is_automatic || matches!(kind, Kind::Bounce | Kind::AutoReply | Kind::Newsletter),
        references: envelope.references,
        from: envelope.from,
        reply_to: envelope.reply_to,
        subject: envelope.subject,
        sent_at: parsed.sent_at,
        language: language::detect(&own).map(str::to_owned),
        text: own,
        whole_text: body,
        kind,
        kind_reason,
        kind_by,
        relay: None,
        writer,
        facts: Facts::default(),
        bounce: None,
        attachments: parsed.attachments,
        unsubscribe: false,
        signs: Vec::new(),
        links: Vec::new(),
        remarks: parsed.remarks,
    }
}

/// The failures in the topmost Authentication-Results; those below it may be the sender's own invention.
pub(super) fn failed_authentication(headers: &Headers<'_>) -> Option<String> {
    let results = headers.lower("authentication-results");
    results.contains("dmarc=fail").then(|| "dmarc=fail".to_owned())
}

/// Addresses in running text, lower case, in order.
pub(super) fn addresses_in(text: &str) -> impl Iterator<Item = String> {
    static ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)[a-z0-9][a-z0-9._%+'=&/-]{0,63}@[a-z0-9](?:[a-z0-9-]{0,62}\.)+[a-z]{2,24}")
            .expect("a fixed pattern compiles")
    });
    ADDRESS.find_iter(text).filter_map(|hit| header::address_spec(hit.as_str()))
}
