//! A labelled record becomes the bytes of a mail.

use super::record::{File, Record, Report};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use encoding_rs::{Encoding, UTF_8};

/// A part: its header fields and its body.
struct Part {
    fields: String,
    body: String,
}

/// The mail of a record; its bytes depend on the record alone.
pub fn bytes(record: &Record) -> Vec<u8> {
    let charset = Charset::named(record.charset.as_deref().unwrap_or("utf-8"));
    let id = &record.id;
    let mut content = match (record.body.is_empty(), &record.html) {
        (false, Some(html)) => multipart(
            "alternative",
            &format!("=_alt_{id}"),
            "",
            &[text(&record.body, "plain", &charset), text(html, "html", &charset)],
        ),
        (true, Some(html)) => text(html, "html", &charset),
        (_, None) => text(&record.body, "plain", &charset),
    };
    if let Some(dsn) = &record.dsn {
        content = report(dsn, content, id);
    }
    if !record.attachments.is_empty() {
        let files = record.attachments.iter().map(|file| attached(file, record));
        let parts: Vec<Part> = std::iter::once(content).chain(files).collect();
        content = multipart("mixed", &format!("=_mix_{id}"), "", &parts);
    }
    format!("{}{}MIME-Version: 1.0\r\n{}\r\n{}", envelope(record, &charset), "", content.fields, content.body)
        .into_bytes()
}

fn envelope(record: &Record, charset: &Charset) -> String {
    let mut fields = String::new();
    let mut field = |name: &str, value: &str| fields.push_str(&format!("{name}: {value}\r\n"));
    let header = |name: &str| record.headers.get(name);
    if let Some(path) = header("Return-Path") {
        field("Return-Path", path);
    }
    if let Some(from) = record.from_addr.as_deref().filter(|from| !from.is_empty()) {
        field("From", &mailbox(record.from_name.as_deref(), from, charset));
    }
    field("To", header("To").unwrap_or(&record.to));
    if let Some(cc) = &record.cc {
        field("Cc", cc);
    }
    field("Subject", &charset.encoded_word(&record.subject));
    for (name, value) in record.headers.iter().filter(|(name, _)| !matches!(name.as_str(), "Return-Path" | "To")) {
        field(name, &charset.encoded_word(value));
    }
    fields
}

fn mailbox(name: Option<&str>, address: &str, charset: &Charset) -> String {
    match name.filter(|name| !name.is_empty()) {
        None => address.to_owned(),
        Some(name) if name.is_ascii() => format!("\"{}\" <{address}>", name.replace('\\', "\\\\").replace('"', "\\\"")),
        Some(name) => format!("{} <{address}>", charset.encoded_word(name)),
    }
}

/// An encoding, and the name the mail gives it.
struct Charset {
    encoding: &'static Encoding,
    name: String,
}

impl Charset {
    fn named(name: &str) -> Self {
        let encoding = Encoding::for_label(name.as_bytes()).unwrap_or(UTF_8);
        Charset { encoding, name: name.to_owned() }
    }

    /// Text in this charset, or in UTF-8 where it can't express the text.
    fn encode(&self, text: &str) -> (Vec<u8>, &str) {
        let (bytes, _, unmappable) = self.encoding.encode(text);
        if unmappable { (text.as_bytes().to_vec(), "utf-8") } else { (bytes.into_owned(), &self.name) }
    }

    /// RFC 2047, one word.
    fn encoded_word(&self, text: &str) -> String {
        if text.is_ascii() {
            return text.to_owned();
        }
        let (bytes, name) = self.encode(text);
        format!("=?{name}?B?{}?=", STANDARD.encode(bytes))
    }
}

fn text(text: &str, subtype: &str, charset: &Charset) -> Part {
    let (bytes, name) = charset.encode(text);
    let fields = format!("Content-Type: text/{subtype}; charset=\"{name}\"\r\nContent-Transfer-Encoding: base64\r\n");
    Part { fields, body: lines(&bytes) }
}

fn lines(bytes: &[u8]) -> String {
    let encoded = STANDARD.encode(bytes);
    let lines = encoded.as_bytes().chunks(76).map(|line| String::from_utf8_lossy(line));
    lines.map(|line| format!("{line}\r\n")).collect()
}

fn multipart(subtype: &str, boundary: &str, parameters: &str, parts: &[Part]) -> Part {
    let mut body: String =
        parts.iter().map(|part| format!("--{boundary}\r\n{}\r\n{}\r\n", part.fields, part.body)).collect();
    body.push_str(&format!("--{boundary}--\r\n"));
    Part { fields: format!("Content-Type: multipart/{subtype}; boundary=\"{boundary}\"{parameters}\r\n"), body }
}

fn report(dsn: &Report, content: Part, id: &str) -> Part {
    let value = |value: &Option<String>| value.clone().unwrap_or_default();
    let (kind, statement) = if dsn.arf {
        let fields = (value(&dsn.feedback_type), value(&dsn.original_rcpt));
        let text = format!(
            "Feedback-Type: {}\r\nUser-Agent: FBL/1.0\r\nVersion: 1\r\nOriginal-Rcpt-To: <{}>\r\n",
            fields.0, fields.1
        );
        ("feedback-report", text)
    } else if dsn.mdn {
        let fields = (value(&dsn.final_recipient), value(&dsn.disposition));
        (
            "disposition-notification",
            format!("Reporting-UA: Outlook\r\nFinal-Recipient: rfc822;{}\r\nDisposition: {}\r\n", fields.0, fields.1),
        )
    } else {
        let text = format!(
            "Reporting-MTA: dns; {}\r\n\r\nFinal-Recipient: rfc822; {}\r\nAction: {}\r\nStatus: {}\r\nDiagnostic-Code: {}\r\n",
            value(&dsn.reporting_mta),
            value(&dsn.final_recipient),
            value(&dsn.action),
            value(&dsn.status),
            value(&dsn.diag)
        );
        ("delivery-status", text)
    };
    let mut parts = vec![content, Part { fields: format!("Content-Type: message/{kind}\r\n"), body: statement }];
    if let Some(subject) = &dsn.returned_subject {
        let to = dsn.final_recipient.as_ref().or(dsn.original_rcpt.as_ref());
        let subject = Charset::named("utf-8").encoded_word(subject);
        let body = format!(
            "From: Amy Xu <sales@haiyue-outdoor.example>\r\nTo: {}\r\nSubject: {subject}\r\nMessage-ID: <orig.{id}@haiyue-outdoor.example>\r\n",
            to.cloned().unwrap_or_default()
        );
        parts.push(Part { fields: "Content-Type: text/rfc822-headers\r\n".to_owned(), body });
    }
    multipart("report", &format!("=_rep_{id}"), &format!("; report-type={kind}"), &parts)
}

/// The first bytes of a type, so that it is recognised by its content.
fn magic(media_type: &str) -> &'static [u8] {
    match media_type {
        "application/pdf" => b"%PDF-1.4\n%dummy\n",
        "image/png" => b"\x89PNG\r\n\x1a\n",
        "image/jpeg" => b"\xff\xd8\xff\xe0",
        "application/x-rar-compressed" => b"Rar!\x1a\x07\x00",
        _ => b"",
    }
}

fn attached(file: &File, record: &Record) -> Part {
    let name = match file.name.is_ascii() {
        true => format!("filename=\"{}\"", file.name),
        false => format!("filename*=utf-8''{}", percent(&file.name)),
    };
    let disposition = format!("Content-Disposition: attachment; {name}\r\n");
    if let Some(eml) = &file.eml {
        let utf8 = Charset::named("utf-8");
        let inner = text(&eml.body, "plain", &utf8);
        let domain = eml.from_addr.rsplit('@').next().unwrap_or_default();
        let body = format!(
            "From: {}\r\nTo: {}\r\nSubject: {}\r\nMessage-ID: <inner.{}@{domain}>\r\n{}\r\n{}",
            mailbox(eml.from_name.as_deref(), &eml.from_addr, &utf8),
            record.to,
            utf8.encoded_word(&eml.subject),
            record.id,
            inner.fields,
            inner.body
        );
        return Part { fields: format!("Content-Type: message/rfc822\r\n{disposition}"), body };
    }
    let content = match &file.text {
        Some(text) => text.clone().into_bytes(),
        None => [magic(&file.media_type), b"dummy ", file.name.as_bytes(), b"\n"].concat(),
    };
    let fields = format!("Content-Type: {}\r\nContent-Transfer-Encoding: base64\r\n{disposition}", file.media_type);
    Part { fields, body: lines(&content) }
}

/// RFC 2231.
fn percent(text: &str) -> String {
    text.bytes()
        .map(|b| if b.is_ascii_alphanumeric() || b == b'.' { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect()
}
