//! The way from bytes to a [`Message`], in order.

use super::header::{self, Headers};
use super::kind::{self, Clues};
use super::parse::{self, Parsed};
use super::quote;
use super::reading::{Reading, read_words, readable};
use super::words::{self, Words};
use super::{Address, Carried, Evidence, Facts, House, Kind, Link, Message, Sign, Writer};
use super::{authentication, auto_reply, bounce, facts, language, unsubscribe, writer};
use crate::text;
use memchr::{memchr, memchr_iter, memmem};
use sha2::{Digest, Sha256};
use std::borrow::Cow;

/// Bytes of the writer's words that decide what kind of mail it is.
const WORDS_WINDOW: usize = 64 * 1024;
/// Bytes of the body that the digest reads.
const DIGEST_WINDOW: usize = 1024 * 1024;

/// Understands a whole mail. Never panics, whatever the bytes.
pub fn understand(raw: &[u8], house: &House) -> Message {
    interpret(parse::parse(&header::with_line_feeds(raw)), house)
}

/// Understands the beginning of a mail that is too large to be read whole: its headers and whatever text there is.
pub fn understand_beginning(raw: &[u8], house: &House, remark: &str) -> Message {
    let raw = header::with_line_feeds(raw);
    let mut parsed = parse::parse(&raw);
    parsed.attachments.clear();
    parsed.remarks = vec![remark.to_owned()];
    interpret(parsed, house)
}

/// SHA-256 over the body with line ends made one, so that a mail is the same by whichever path it came. Reads the
/// first mebibyte; the length stands for the rest.
pub fn body_digest(raw: &[u8]) -> [u8; 32] {
    let body = &raw[header::body_offset(raw)..];
    let window = &body[..body.len().min(DIGEST_WINDOW)];
    let mut hasher = Sha256::new();
    hasher.update(&*with_bare_line_ends(window));
    // Every CR before an LF is one byte that another path may not have.
    let length = body.len() - memmem::find_iter(body, b"\r\n").count();
    hasher.update(length.to_le_bytes());
    hasher.finalize().into()
}

/// The bytes without the CR in front of an LF or of the end.
fn with_bare_line_ends(bytes: &[u8]) -> Cow<'_, [u8]> {
    if memchr(b'\r', bytes).is_none() {
        return Cow::Borrowed(bytes);
    }
    let mut out = Vec::with_capacity(bytes.len());
    let mut from = 0;
    for at in memchr_iter(b'\r', bytes).filter(|at| matches!(bytes.get(at + 1), None | Some(b'\n'))) {
        out.extend_from_slice(&bytes[from..at]);
        from = at + 1;
    }
    out.extend_from_slice(&bytes[from..]);
    Cow::Owned(out)
}

/// The sender's side of the header block.
pub(super) struct Envelope {
    pub from: Address,
    pub reply_to: Option<Address>,
    pub subject: String,
    pub references: Vec<String>,
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

fn interpret(parsed: Parsed<'_>, house: &House) -> Message {
    let envelope = Envelope::read(&parsed.headers);
    let (body, links) = readable(&parsed.plain, &parsed.html);
    if let Some((found, reason)) = bounce::recognise(&parsed, &envelope.from, &envelope.subject, &body, house) {
        let verdict = (Kind::Bounce, reason, Evidence::Structure);
        let writer =
            Writer { name: envelope.from.name.clone(), email: envelope.from.email.clone(), ..Writer::default() };
        let own = body.clone();
        let language = language::detect(&own);
        let said = Said { own, whole: body, language };
        let message = assemble(parsed, envelope, verdict, said, writer, house);
        return Message { bounce: Some(found), automatic: true, links, ..message };
    }
    let split = quote::split(&body);
    let reading = read_words(&parsed, &envelope, &split, &body, house);
    let window = &reading.signed[..reading.signed.floor_char_boundary(WORDS_WINDOW)];
    let normalised = text::normalise(&format!("{}\n{window}", envelope.subject));
    let words = words::read(&normalised);
    let mut facts = facts::read(&envelope.subject, &reading.signed, &normalised, house);
    let signs = signs(&words, &reading, &links);
    // A report within another structure is one, too.
    let report_type = parsed.report_type.as_deref().or_else(|| parsed.reports.first().map(|r| r.subtype.as_str()));
    let daemon_notice = bounce::notice(&parsed, &envelope.from, &envelope.subject, &body);
    let verdict = kind::decide(
        &Clues {
            headers: &parsed.headers,
            from_email: envelope.from.email.as_deref(),
            subject: &envelope.subject,
            own: &reading.own,
            history: &split.history,
            references: &envelope.references,
            relayed: reading.relayed.is_some(),
            platform_notice: reading.platform_notice.as_deref(),
            words: &words,
            signs: &signs,
            facts: &facts,
            attachments: &parsed.attachments,
            report_type,
            daemon_notice: daemon_notice.as_ref(),
        },
        house,
    );
    let passes_on = reading.relayed.as_ref().and_then(|r| r.answer_to.clone());
    let relay = reading.relayed.as_ref().map(|r| r.relay.clone()).or(reading.platform_notice.clone());
    let language = language::detect(&reading.own);
    let writer = writer::complete(&envelope, &reading, &normalised, language, &mut facts, house);
    let wants_out =
        verdict.0 != Kind::AutoReply && relay.is_none() && unsubscribe::asked(&envelope.subject, &reading.own);
    let said = Said { own: reading.own, whole: body, language };
    let message = assemble(parsed, envelope, verdict, said, writer, house);
    let answer_to = message.answer_to.clone().or(passes_on);
    Message { relay, answer_to, facts, signs, links, unsubscribe: wants_out, ..message }
}

fn signs(words: &Words, reading: &Reading, links: &[Link]) -> Vec<Sign> {
    let has_link = !links.is_empty() || reading.signed.contains("http://") || reading.signed.contains("https://");
    words.frauds(has_link).into_iter().map(|(fraud, evidence)| Sign { fraud, evidence }).collect()
}

/// The words of a mail.
struct Said {
    own: String,
    whole: String,
    language: Option<&'static str>,
}

/// Everything that needs no judgement.
fn assemble(
    parsed: Parsed<'_>,
    envelope: Envelope,
    verdict: kind::Verdict,
    said: Said,
    writer: Writer,
    house: &House,
) -> Message {
    let headers = &parsed.headers;
    let (kind, kind_reason, kind_by) = verdict;
    let failed_authentication = authentication::failed(headers, house);
    let sender_is_automatic = auto_reply::is_automatic(headers) || bounce::is_null_sender(&parsed);
    Message {
        message_id: headers.ids("message-id").into_iter().next(),
        to: headers.addresses("to"),
        cc: headers.addresses("cc"),
        bcc: headers.addresses("bcc"),
        carried: carried(&parsed),
        failed_authentication,
        automatic: sender_is_automatic || matches!(kind, Kind::Bounce | Kind::AutoReply | Kind::Newsletter),
        references: envelope.references,
        from: envelope.from,
        reply_to: envelope.reply_to,
        subject: envelope.subject,
        sent_at: parsed.sent_at,
        language: said.language.map(str::to_owned),
        text: said.own,
        whole_text: said.whole,
        kind,
        kind_reason,
        kind_by,
        relay: None,
        answer_to: writer.email.clone(),
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

/// What the mail encloses, and what Thunderbird's header field says it passes on.
fn carried(parsed: &Parsed<'_>) -> Carried {
    let enclosed = || parsed.enclosed.iter();
    let mut message_ids = parsed.headers.ids("x-forwarded-message-id");
    message_ids.extend(enclosed().filter_map(|mail| mail.message_id.clone()));
    Carried { message_ids, writers: enclosed().filter_map(|mail| mail.from.email.clone()).collect() }
}

/// Addresses in running text, lower case, in order. Looks around each `@`, which is rare, rather than at every word.
pub(super) fn addresses_in(text: &str) -> impl Iterator<Item = String> {
    text.match_indices('@').filter_map(|(at, _)| {
        let before = &text[text.floor_char_boundary(at.saturating_sub(64))..at];
        let local = before.rsplit(|c: char| !(c.is_ascii_alphanumeric() || "._%+'=&/-".contains(c))).next()?;
        let local = local.trim_start_matches(|c: char| !c.is_ascii_alphanumeric());
        let after = &text[at + 1..text.floor_char_boundary(at + 1 + 255)];
        let domain = after.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '-'))).next()?;
        let domain = domain.trim_end_matches(['.', '-']);
        let (_, top) = domain.rsplit_once('.')?;
        let is_name = top.len() >= 2 && top.bytes().all(|b| b.is_ascii_alphabetic());
        is_name.then(|| header::address_spec(&format!("{local}@{domain}")))?
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_found_between_any_signs() {
        let text = "Write to <Jo.Pike+x@Kestrel.example>, or 邮箱a@b.example。 not @this, not that@, nor 3@4.5";
        assert_eq!(addresses_in(text).collect::<Vec<_>>(), ["jo.pike+x@kestrel.example", "a@b.example"]);
    }
}
