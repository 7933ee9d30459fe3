//! Bytes to parts: the only file that knows the MIME parser underneath (mail-parser).

use super::header::{self, Headers};
use super::thin::Thin;
use super::{Attachment, attachment, charset, flowed, transfer};
use crate::clock::UnixTime;
use aho_corasick::AhoCorasick;
use mail_parser::{Encoding, HeaderName, MessageParser, MessagePart, MimeHeaders, PartType};
use std::borrow::Cow;
use std::sync::LazyLock;

/// A mail with more parts than this is read from its headers only.
const MAX_PARTS: usize = 500;
/// Bytes of text that are understood; what follows stays in the archived raw mail.
pub(super) const MAX_TEXT: usize = 256 * 1024;
const MAX_HTML: usize = 1024 * 1024;
const MAX_ATTACHMENTS: usize = 100;
/// Mails within mails that are opened, each with its own.
const MAX_ENCLOSED: usize = 5;
const MAX_DEPTH: usize = 3;

static PARSER: LazyLock<MessageParser> =
    LazyLock::new(|| MessageParser::new().with_mime_headers().header_date(HeaderName::Date).default_header_ignore());

static CONTENT_TYPE: LazyLock<AhoCorasick> = LazyLock::new(|| {
    AhoCorasick::builder().ascii_case_insensitive(true).build(["content-type"]).expect("one short pattern compiles")
});

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
    pub message_id: Option<String>,
    pub plain: String,
    pub html: String,
    pub attachments: Vec<Attachment>,
}

/// Takes a whole mail apart.
pub(super) fn parse(raw: &[u8]) -> Parsed<'_> {
    let raw = &raw[header::start_of_headers(raw)..];
    let thin = Thin::new(raw);
    if CONTENT_TYPE.find_iter(&*thin.raw).nth(MAX_PARTS).is_some() {
        let mut parsed = parse_headers(raw);
        parsed.remarks.push(format!("more than {MAX_PARTS} parts: read from the headers only"));
        return parsed;
    }
    let Some(message) = PARSER.parse(&*thin.raw) else {
        return parse_headers(raw);
    };
    let mut parsed = Parsed { headers: Headers::parse(raw), ..Parsed::default() };
    parsed.sent_at = sent_at(&message);
    parsed.report_type = message.parts.first().and_then(report_type);
    collect(&message, &thin, &mut parsed, 0);
    parsed
}

/// Reads the header block only.
pub(super) fn parse_headers(raw: &[u8]) -> Parsed<'_> {
    let raw = &raw[header::start_of_headers(raw)..];
    let headers = &raw[..header::body_offset(raw)];
    let sent_at = PARSER.parse_headers(headers).as_ref().and_then(sent_at);
    Parsed { headers: Headers::parse(raw), sent_at, ..Parsed::default() }
}

fn sent_at(message: &mail_parser::Message<'_>) -> Option<UnixTime> {
    let date = message.date().filter(|date| date.is_valid() && date.year >= 1970)?;
    Some(date.to_timestamp())
}

fn report_type(part: &MessagePart<'_>) -> Option<String> {
    let content_type = part.content_type()?;
    let is_report = content_type.ctype() == "multipart" && content_type.subtype() == Some("report");
    is_report.then(|| content_type.attribute("report-type").unwrap_or_default().to_ascii_lowercase())
}

fn collect(message: &mail_parser::Message<'_>, thin: &Thin<'_>, parsed: &mut Parsed<'_>, depth: usize) {
    for id in 0..message.parts.len() {
        let part = &message.parts[id];
        let id = id as u32;
        let is_body = message.text_body.contains(&id) || message.html_body.contains(&id);
        match &part.body {
            PartType::Multipart(_) => {}
            PartType::Text(text) if is_body => {
                let text = text_of(message, part, text, &mut parsed.remarks);
                push_bounded(&mut parsed.plain, &flowed::join(part_format(part), &text), MAX_TEXT);
            }
            PartType::Html(text) if is_body => {
                let text = text_of(message, part, text, &mut parsed.remarks);
                push_bounded(&mut parsed.html, &text, MAX_HTML);
            }
            PartType::Message(inner) => enclose(message, inner, part, thin, parsed, depth),
            body => attach(message, part, body, thin, parsed),
        }
    }
}

/// A part that is no body: a report, returned headers, or a file.
fn attach(
    message: &mail_parser::Message<'_>,
    part: &MessagePart<'_>,
    body: &PartType<'_>,
    thin: &Thin<'_>,
    parsed: &mut Parsed<'_>,
) {
    let media_type = media_type(part);
    let bytes: &[u8] = match body {
        PartType::Text(text) | PartType::Html(text) => text.as_bytes(),
        PartType::Binary(bytes) | PartType::InlineBinary(bytes) => bytes,
        _ => &[],
    };
    if let Some(subtype) = media_type.strip_prefix("message/").or(media_type.strip_prefix("text/rfc822-")) {
        match subtype {
            "delivery-status" | "global-delivery-status" | "feedback-report" | "disposition-notification" => {
                let text = String::from_utf8_lossy(&bytes[..bytes.len().min(MAX_TEXT)]).into_owned();
                let subtype = subtype.trim_start_matches("global-").to_owned();
                return parsed.reports.push(Report { subtype, text });
            }
            "headers" | "global-headers" => return parsed.enclosed.push(Enclosed::from_headers(bytes)),
            _ => {}
        }
    }
    if parsed.attachments.len() == MAX_ATTACHMENTS {
        return;
    }
    if part.is_encoding_problem {
        parsed.remarks.push("an attachment's transfer encoding is broken".into());
    }
    let name = part.attachment_name().map(|name| attachment::safe_name(&header::decode(name.as_bytes())));
    let mut label = attachment::label(name, media_type, bytes);
    let (encoded, decoded) = missing(message, part, thin);
    label.size += if part.encoding == Encoding::Base64 { decoded } else { encoded };
    let is_text = matches!(body, PartType::Text(_));
    // A text part that the mailer's structure hides may still be all the buyer wrote.
    if is_text && part.attachment_name().is_none() && parsed.plain.is_empty() && label.media_type == "text/plain" {
        let text = text_of(message, part, &String::from_utf8_lossy(bytes), &mut parsed.remarks).into_owned();
        return push_bounded(&mut parsed.plain, &text, MAX_TEXT);
    }
    parsed.attachments.push(label);
}

/// Bytes of a part that were left out before parsing. A mail that was itself encoded has bytes of its own, all of them.
fn missing(message: &mail_parser::Message<'_>, part: &MessagePart<'_>, thin: &Thin<'_>) -> (usize, usize) {
    if !std::ptr::eq(message.raw_message.as_ptr(), thin.raw.as_ptr()) {
        return (0, 0);
    }
    thin.missing(part.offset_body as usize, part.offset_end as usize)
}

fn enclose(
    message: &mail_parser::Message<'_>,
    inner: &mail_parser::Message<'_>,
    part: &MessagePart<'_>,
    thin: &Thin<'_>,
    parsed: &mut Parsed<'_>,
    depth: usize,
) {
    let start = inner.parts.first().map_or(0, |first| first.offset_header as usize);
    let raw = inner.raw_message.get(start..).unwrap_or_default();
    if parsed.enclosed.len() < MAX_ENCLOSED && depth < MAX_DEPTH {
        let mut nested = Parsed::default();
        collect(inner, thin, &mut nested, depth + 1);
        let mut enclosed = Enclosed::from_headers(raw);
        enclosed.plain = nested.plain;
        enclosed.html = nested.html;
        enclosed.attachments = nested.attachments;
        parsed.enclosed.push(enclosed);
        let room = MAX_ENCLOSED - parsed.enclosed.len();
        parsed.enclosed.extend(nested.enclosed.into_iter().take(room));
    }
    if parsed.attachments.len() < MAX_ATTACHMENTS {
        let name = part.attachment_name().map(|name| attachment::safe_name(&header::decode(name.as_bytes())));
        let size = part.offset_end.saturating_sub(part.offset_body) as usize + missing(message, part, thin).0;
        let name = name.unwrap_or_else(|| "mail.eml".into());
        parsed.attachments.push(Attachment { name, media_type: "message/rfc822".into(), size });
    }
}

impl Enclosed {
    fn from_headers(raw: &[u8]) -> Self {
        let headers = Headers::parse(raw);
        Enclosed {
            from: headers.addresses("from").into_iter().next().unwrap_or_default(),
            to: headers.addresses("to"),
            subject: headers.text("subject").unwrap_or_default(),
            message_id: headers.ids("message-id").into_iter().next(),
            plain: String::new(),
            html: String::new(),
            attachments: Vec::new(),
        }
    }
}

/// The part's text: the parser's where it is sound, else decoded anew from the raw bytes.
fn text_of<'p>(
    message: &mail_parser::Message<'_>,
    part: &MessagePart<'_>,
    text: &'p str,
    remarks: &mut Vec<String>,
) -> Cow<'p, str> {
    if !part.is_encoding_problem && !charset::is_suspicious(text) {
        return Cow::Borrowed(text);
    }
    let (start, end) = (part.offset_body as usize, part.offset_end as usize);
    let Some(raw) = message.raw_message.get(start..end) else {
        return Cow::Borrowed(text);
    };
    let stated = part.content_transfer_encoding().unwrap_or_default();
    let bytes = if part.encoding == Encoding::Base64 || stated.eq_ignore_ascii_case("base64") {
        let (bytes, stray) = transfer::base64(raw);
        if stray || part.is_encoding_problem {
            remarks.push("base64 is broken: what could be read is shown".into());
        }
        Cow::Owned(bytes)
    } else if part.encoding == Encoding::QuotedPrintable || stated.eq_ignore_ascii_case("quoted-printable") {
        if part.is_encoding_problem {
            remarks.push("quoted-printable is broken: what could be read is shown".into());
        }
        Cow::Owned(transfer::quoted_printable(raw))
    } else {
        Cow::Borrowed(raw)
    };
    let meta = is_html(part).then(|| meta_charset(&bytes)).flatten();
    let label = part.content_type().and_then(|t| t.attribute("charset")).map(str::to_owned).or(meta);
    let decoded = charset::decode(label.as_deref(), &bytes);
    remarks.extend(decoded.remark);
    Cow::Owned(decoded.text.into_owned())
}

fn is_html(part: &MessagePart<'_>) -> bool {
    matches!(part.body, PartType::Html(_))
}

/// The charset an HTML part names in its own head.
fn meta_charset(html: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(&html[..html.len().min(2048)]).to_ascii_lowercase();
    let value = head.split_once("charset=")?.1.trim_start_matches(['"', '\'']);
    let end = value.find(|c: char| !(c.is_ascii_alphanumeric() || "-_.:".contains(c))).unwrap_or(value.len());
    (end > 0).then(|| value[..end].to_owned())
}

fn part_format(part: &MessagePart<'_>) -> flowed::Format {
    let Some(content_type) = part.content_type() else { return flowed::Format::Fixed };
    let is = |name: &str, value: &str| content_type.attribute(name).is_some_and(|v| v.eq_ignore_ascii_case(value));
    match (is("format", "flowed"), is("delsp", "yes")) {
        (false, _) => flowed::Format::Fixed,
        (true, drop_space) => flowed::Format::Flowed { drop_space },
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
