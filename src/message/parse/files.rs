//! Parts that are no words: reports, enclosed mails, files, and containers of files.

use super::{
    Enclosed, MAX_ATTACHMENTS, MAX_DEPTH, MAX_ENCLOSED, MAX_TEXT, PARSER, Parsed, Report, collect, file_name,
    media_type, push_bounded, text_of,
};
use crate::message::thin::Thin;
use crate::message::{Attachment, attachment, calendar, charset, header, tnef};
use mail_parser::{MessagePart, MimeHeaders, PartType};

/// A part that is no body: a report, returned headers, or a file.
pub(super) fn attach(
    message: &mail_parser::Message<'_>,
    part: &MessagePart<'_>,
    body: &PartType<'_>,
    thin: &Thin<'_>,
    parsed: &mut Parsed<'_>,
    depth: usize,
) {
    let media_type = media_type(part);
    let bytes: &[u8] = match body {
        PartType::Text(text) | PartType::Html(text) => text.as_bytes(),
        PartType::Binary(bytes) | PartType::InlineBinary(bytes) => bytes,
        _ => &[],
    };
    if let Some(subtype) = media_type.strip_prefix("message/").or(media_type.strip_prefix("text/rfc822-")) {
        match subtype {
            "delivery-status"
            | "global-delivery-status"
            | "feedback-report"
            | "disposition-notification"
            | "global-disposition-notification" => {
                let text = String::from_utf8_lossy(&bytes[..bytes.len().min(MAX_TEXT)]).into_owned();
                let subtype = subtype.trim_start_matches("global-").to_owned();
                return parsed.reports.push(Report { subtype, text });
            }
            "headers" | "global-headers" => return parsed.enclosed.push(Enclosed::from_headers(bytes)),
            "partial" => parsed.remarks.push("only a piece of a mail that was sent in pieces (message/partial)".into()),
            "external-body" => parsed.remarks.push("names a file kept elsewhere (message/external-body)".into()),
            "rfc822" | "global" => return open_encoded(bytes, file_name(message, part), thin, parsed, depth),
            _ => {}
        }
    }
    if tnef::is_container(bytes) {
        return open_container(bytes, parsed);
    }
    let is_text = matches!(body, PartType::Text(_));
    let name = file_name(message, part);
    // A text part that the mailer's structure hides may still be all the buyer wrote.
    if is_text && name.is_none() && parsed.plain.is_empty() && media_type == "text/plain" {
        let text = text_of(message, part, &String::from_utf8_lossy(bytes), parsed.headers.hint, &mut parsed.remarks)
            .into_owned();
        return push_bounded(&mut parsed.plain, &text, MAX_TEXT);
    }
    remark_file(part, &media_type, parsed);
    if media_type == "text/calendar" && parsed.plain.trim().is_empty() && parsed.html.trim().is_empty() {
        parsed.plain = calendar::words(&String::from_utf8_lossy(&bytes[..bytes.len().min(MAX_TEXT)]));
    }
    let mut label = attachment::label(name, media_type, bytes);
    let (encoded, decoded) = missing(message, part, thin);
    label.size += if part.encoding == mail_parser::Encoding::Base64 { decoded } else { encoded };
    push_attachment(label, parsed);
}

fn remark_file(part: &MessagePart<'_>, media_type: &str, parsed: &mut Parsed<'_>) {
    if part.is_encoding_problem {
        parsed.remarks.push("an attachment's transfer encoding is broken".into());
    }
    if media_type.ends_with("pkcs7-mime") {
        let kind = part.content_type().and_then(|content_type| content_type.attribute("smime-type"));
        let what = if kind == Some("signed-data") { "signed (S/MIME) as a whole" } else { "encrypted (S/MIME)" };
        parsed.remarks.push(format!("{what}: can't be read"));
    }
}

/// A mail that was itself encoded, as Exchange does.
fn open_encoded(bytes: &[u8], name: Option<String>, thin: &Thin<'_>, parsed: &mut Parsed<'_>, depth: usize) {
    if let Some(inner) = PARSER.parse(bytes) {
        open_enclosed(&inner, bytes, thin, parsed, depth);
    }
    push_enclosed_label(name, bytes.len(), parsed);
}

/// Takes the files out of a winmail.dat, and its words where the mail has none.
fn open_container(bytes: &[u8], parsed: &mut Parsed<'_>) {
    let container = tnef::read(bytes);
    let silent = parsed.plain.trim().is_empty() && parsed.html.trim().is_empty();
    if let Some(body) = container.body.filter(|_| silent) {
        parsed.plain = charset::decode_hinted(parsed.headers.hint, &body[..body.len().min(MAX_TEXT)]);
    }
    for file in container.files {
        let title = header::decode_with(&file.title[..file.title.len().min(1000)], parsed.headers.hint);
        let name = Some(attachment::safe_name(&title));
        push_attachment(attachment::label(name, "application/octet-stream".into(), file.data), parsed);
    }
    parsed.remarks.push("a winmail.dat of Outlook: its files were taken out".into());
}

/// Bytes of a part that were left out before parsing. A mail that was itself encoded has bytes of its own, all of them.
pub(super) fn missing(message: &mail_parser::Message<'_>, part: &MessagePart<'_>, thin: &Thin<'_>) -> (usize, usize) {
    if !std::ptr::eq(message.raw_message.as_ptr(), thin.raw.as_ptr()) {
        return (0, 0);
    }
    thin.missing(part.offset_body as usize, part.offset_end as usize)
}

/// Reads a mail within the mail; `raw` begins with its header.
pub(super) fn open_enclosed(
    inner: &mail_parser::Message<'_>,
    raw: &[u8],
    thin: &Thin<'_>,
    parsed: &mut Parsed<'_>,
    depth: usize,
) {
    if parsed.enclosed.len() >= MAX_ENCLOSED || depth >= MAX_DEPTH {
        return parsed.remarks.push("mails within mails: the innermost were not opened".into());
    }
    let mut nested = Parsed::default();
    collect(inner, thin, &mut nested, depth + 1);
    let mut enclosed = Enclosed::from_headers(raw);
    enclosed.plain = nested.plain;
    enclosed.html = nested.html;
    enclosed.attachments = nested.attachments;
    enclosed.reports = nested.reports;
    parsed.enclosed.push(enclosed);
    parsed.remarks.extend(nested.remarks);
    let room = MAX_ENCLOSED - parsed.enclosed.len();
    parsed.enclosed.extend(nested.enclosed.into_iter().take(room));
}

pub(super) fn push_enclosed_label(name: Option<String>, size: usize, parsed: &mut Parsed<'_>) {
    let name = name.filter(|name| !name.is_empty()).unwrap_or_else(|| "mail.eml".into());
    push_attachment(Attachment { name, media_type: "message/rfc822".into(), size }, parsed);
}

pub(super) fn push_attachment(label: Attachment, parsed: &mut Parsed<'_>) {
    if parsed.attachments.len() < MAX_ATTACHMENTS {
        parsed.attachments.push(label);
    } else if parsed.remarks.last().is_none_or(|remark| !remark.starts_with("more than")) {
        parsed.remarks.push(format!("more than {MAX_ATTACHMENTS} attachments: the others are not listed"));
    }
}
