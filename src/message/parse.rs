//! Bytes to parts: the only file that knows the MIME parser underneath (mail-parser).

mod files;
mod repair;
mod text;
mod trace;

use super::header::{self, Headers};
use super::thin::Thin;
use super::{Attachment, attachment, charset, flowed, html, uuencode};
use crate::clock::UnixTime;
use files::{attach, missing, open_enclosed, push_attachment, push_enclosed_label};
use mail_parser::{MessageParser, MessagePart, MimeHeaders, PartType};
use memchr::memmem;
use std::borrow::Cow;
use std::sync::LazyLock;
use text::{charset_hint, part_format, text_of};

/// A mail with more parts than this is read from its headers only.
const MAX_PARTS: usize = 500;
/// A mail with more multiparts than this is read from its headers only.
const MAX_MULTIPARTS: usize = 50;
/// Bytes of text that are understood; what follows stays in the archived raw mail.
pub(super) const MAX_TEXT: usize = 256 * 1024;
const MAX_HTML: usize = 1024 * 1024;
const MAX_ATTACHMENTS: usize = 100;
/// Mails within mails that are opened, each with its own.
const MAX_ENCLOSED: usize = 5;
const MAX_DEPTH: usize = 3;

static PARSER: LazyLock<MessageParser> =
    LazyLock::new(|| MessageParser::new().with_mime_headers().default_header_ignore());

/// A mail taken apart; nothing is interpreted yet.
#[derive(Default)]
pub(super) struct Parsed<'a> {
    pub headers: Headers<'a>,
    pub sent_at: Option<UnixTime>,
    /// The text/plain bodies, one after the other.
    pub plain: String,
    /// The text/html bodies, one after the other, as HTML.
    pub html: String,
    /// `report-type` of a multipart/report (RFC 6522), lower case.
    pub report_type: Option<String>,
    /// Machine-readable parts: delivery-status, feedback-report, disposition-notification.
    pub reports: Vec<Report>,
    /// Header blocks of the mails this one reports on or encloses.
    pub enclosed: Vec<Enclosed>,
    pub attachments: Vec<Attachment>,
    pub remarks: Vec<String>,
}

/// A machine-readable part of a report.
pub(super) struct Report {
    /// `delivery-status`, `feedback-report` or `disposition-notification`.
    pub subtype: String,
    pub text: String,
}

/// A mail within the mail (message/rfc822), or the headers of one (text/rfc822-headers).
pub(super) struct Enclosed {
    pub from: super::Address,
    pub to: Vec<super::Address>,
    pub subject: String,
    /// Whom it was delivered to, as the servers on its way noted.
    pub delivered_to: Vec<String>,
    pub message_id: Option<String>,
    /// Carries the field by which Hotmail names who called it junk.
    pub is_junk_report: bool,
    pub plain: String,
    pub html: String,
    pub attachments: Vec<Attachment>,
    /// Its own machine-readable parts.
    pub reports: Vec<Report>,
}

/// Takes a whole mail apart.
pub(super) fn parse(raw: &[u8]) -> Parsed<'_> {
    let raw = &raw[header::start_of_headers(raw)..];
    let repaired = repair::repaired(raw);
    let thin = Thin::new(&repaired);
    if content_types(&thin.raw).nth(MAX_PARTS).is_some() {
        let mut parsed = parse_headers(raw);
        parsed.remarks.push(format!("more than {MAX_PARTS} parts: read from the headers only"));
        return parsed;
    }
    let Some(message) = PARSER.parse(&*thin.raw) else {
        return parse_headers(raw);
    };
    if message.parts.iter().filter(|part| matches!(part.body, PartType::Multipart(_))).count() > MAX_MULTIPARTS {
        let mut parsed = parse_headers(raw);
        parsed.remarks.push("nested too deep: read from the headers only".into());
        return parsed;
    }
    let mut parsed = Parsed { headers: Headers::parse(raw), ..Parsed::default() };
    // Seven bits need no hint.
    if !raw[..header::body_offset(raw)].is_ascii() {
        parsed.headers.hint = charset_hint(&message);
    }
    parsed.sent_at = sent_at(&parsed.headers);
    parsed.report_type = message.parts.first().and_then(report_type);
    if parsed.headers.is_cut() {
        parsed.remarks.push("header fields are too many or too long: not all were read".into());
    }
    if parsed.headers.count("from") > 1 {
        parsed.remarks.push("several From fields: the first one counts".into());
    }
    collect(&message, &thin, &mut parsed, 0);
    if message.parts.first().is_some_and(|root| is_unmarked_multipart(root, raw)) {
        read_without_parts(raw, &mut parsed);
    }
    parsed
}

/// A multipart whose boundary stands nowhere in the mail.
fn is_unmarked_multipart(root: &MessagePart<'_>, raw: &[u8]) -> bool {
    let Some(content_type) = root.content_type().filter(|content_type| content_type.ctype() == "multipart") else {
        return false;
    };
    let delimiter = content_type.attribute("boundary").map(|boundary| format!("--{boundary}"));
    delimiter.is_none_or(|delimiter| memmem::find(&raw[header::body_offset(raw)..], delimiter.as_bytes()).is_none())
}

/// What an unmarked multipart holds is read as plain text.
fn read_without_parts(raw: &[u8], parsed: &mut Parsed<'_>) {
    let body = &raw[header::body_offset(raw)..];
    let text = charset::decode_hinted(parsed.headers.hint, &body[..body.len().min(MAX_TEXT)]);
    parsed.attachments.clear();
    parsed.plain.clear();
    push_bounded(&mut parsed.plain, &text, MAX_TEXT);
    parsed.remarks.push("its parts are not marked: read as one text".into());
}

/// Where `Content-Type` stands, in either case: found by its hyphen, which is rare.
fn content_types(raw: &[u8]) -> impl Iterator<Item = usize> {
    memchr::memchr_iter(b'-', raw).filter(|at| {
        let (before, after) = (&raw[at.saturating_sub(7)..*at], &raw[at + 1..]);
        before.eq_ignore_ascii_case(b"content") && after.get(..4).is_some_and(|t| t.eq_ignore_ascii_case(b"type"))
    })
}

/// Reads the header block only.
pub(super) fn parse_headers(raw: &[u8]) -> Parsed<'_> {
    let raw = &raw[header::start_of_headers(raw)..];
    let headers = Headers::parse(raw);
    Parsed { sent_at: sent_at(&headers), headers, ..Parsed::default() }
}

fn sent_at(headers: &Headers<'_>) -> Option<UnixTime> {
    headers.raw("date").and_then(|date| header::date::parse(&String::from_utf8_lossy(date)))
}

fn report_type(part: &MessagePart<'_>) -> Option<String> {
    let content_type = part.content_type()?;
    let is_report = content_type.ctype() == "multipart" && content_type.subtype() == Some("report");
    is_report.then(|| content_type.attribute("report-type").unwrap_or_default().to_ascii_lowercase())
}

fn collect(message: &mail_parser::Message<'_>, thin: &Thin<'_>, parsed: &mut Parsed<'_>, depth: usize) {
    let is_plain = |id: &u32| message.parts.get(*id as usize).is_some_and(|p| matches!(p.body, PartType::Text(_)));
    let has_plain = message.text_body.iter().any(is_plain);
    for (id, part) in (0u32..).zip(&message.parts) {
        let is_body = message.text_body.contains(&id) || message.html_body.contains(&id);
        match &part.body {
            PartType::Multipart(_) => remark_encrypted(part, parsed),
            PartType::Text(text) if is_body => {
                let text = text_of(message, part, text, parsed.headers.hint, &mut parsed.remarks);
                push_plain(part, &text, parsed);
            }
            PartType::Html(text) if is_body => {
                let text = text_of(message, part, text, parsed.headers.hint, &mut parsed.remarks);
                // HTML beside plain text, not instead of it, holds words of its own.
                if has_plain && message.text_body.contains(&id) {
                    push_bounded(&mut parsed.plain, &html::to_text(&text).text, MAX_TEXT);
                }
                push_bounded(&mut parsed.html, &text, MAX_HTML);
            }
            PartType::Message(inner) => {
                let start = inner.parts.first().map_or(0, |first| first.offset_header as usize);
                let raw = inner.raw_message.get(start..).unwrap_or_default();
                open_enclosed(inner, raw, thin, parsed, depth);
                let size = part.offset_end.saturating_sub(part.offset_body) as usize + missing(message, part, thin).0;
                push_enclosed_label(file_name(message, part), size, parsed);
            }
            body => attach(message, part, body, thin, parsed, depth),
        }
    }
}

fn remark_encrypted(part: &MessagePart<'_>, parsed: &mut Parsed<'_>) {
    if part.content_type().is_some_and(|content_type| content_type.subtype() == Some("encrypted")) {
        parsed.remarks.push("encrypted (PGP/MIME): can't be read".into());
    }
}

/// Words, without the files that old programs write among them.
fn push_plain(part: &MessagePart<'_>, text: &str, parsed: &mut Parsed<'_>) {
    let (text, files) = uuencode::cut_out(Cow::Borrowed(text));
    for (name, bytes) in files {
        let name = Some(attachment::safe_name(&name));
        push_attachment(attachment::label(name, "application/octet-stream".into(), &bytes), parsed);
    }
    if text.len() > MAX_TEXT {
        parsed.remarks.push("the text is very long: only its beginning was read".into());
    }
    push_bounded(&mut parsed.plain, &flowed::join(part_format(part), &text), MAX_TEXT);
}

/// The name a part is given, made safe: read from its header by ourselves, as mail programs break it in every way.
fn file_name(message: &mail_parser::Message<'_>, part: &MessagePart<'_>) -> Option<String> {
    let raw = message.raw_message.get(part.offset_header as usize..part.offset_body as usize)?;
    let headers = Headers::parse(raw);
    let named = headers.structured("content-disposition").get("filename");
    let named = named.filter(|name| !name.is_empty()).or_else(|| headers.structured("content-type").get("name"));
    named.filter(|name| !name.is_empty()).map(|name| attachment::safe_name(&name))
}

impl Enclosed {
    fn from_headers(raw: &[u8]) -> Self {
        let headers = Headers::parse(raw);
        Enclosed {
            from: headers.addresses("from").into_iter().next().unwrap_or_default(),
            to: headers.addresses("to"),
            subject: headers.text("subject").unwrap_or_default(),
            delivered_to: trace::delivered_to(&headers),
            message_id: headers.ids("message-id").into_iter().next(),
            is_junk_report: headers.has("x-hmxmroriginalrecipient"),
            reports: Vec::new(),
            plain: String::new(),
            html: String::new(),
            attachments: Vec::new(),
        }
    }
}

fn media_type(part: &MessagePart<'_>) -> String {
    let Some(content_type) = part.content_type() else { return "text/plain".into() };
    let subtype = content_type.subtype().unwrap_or("octet-stream");
    let text = format!("{}/{subtype}", content_type.ctype()).to_ascii_lowercase();
    text.chars().filter(|c| c.is_ascii_graphic()).take(100).collect()
}

fn push_bounded(target: &mut String, text: &str, limit: usize) {
    if !target.is_empty() && !text.is_empty() {
        target.push('\n');
    }
    let room = limit.saturating_sub(target.len());
    target.push_str(&text[..text.floor_char_boundary(room)]);
}

/// Appends what an HTML character reference such as `&eacute;` or `&#38;` stands for; text that is none stays.
pub(super) fn push_html_reference(reference: &str, out: &mut String) {
    mail_parser::decoders::html::add_html_token(out, reference.as_bytes(), false);
}
