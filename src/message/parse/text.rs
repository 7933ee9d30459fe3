//! The text of a part, whatever charset and encoding it claims.

use crate::message::transfer::Transfer;
use crate::message::{charset, flowed, transfer};
use encoding_rs::Encoding;
use mail_parser::{MessagePart, MimeHeaders, PartType};
use std::borrow::Cow;

/// The charset of the first text part, for header fields that name none.
pub(super) fn charset_hint(message: &mail_parser::Message<'_>) -> Option<&'static Encoding> {
    let text = message.parts.iter().find(|part| matches!(part.body, PartType::Text(_) | PartType::Html(_)))?;
    let body = message.raw_message.get(text.offset_body as usize..text.offset_end as usize)?;
    let label = text.content_type().and_then(|content_type| content_type.attribute("charset"));
    // Seven bits say nothing of the others.
    (label.is_some() || !body.is_ascii()).then(|| charset::decode(label, &body[..body.len().min(4096)]).encoding)?
}

/// The part's text: the parser's where it is sound, else decoded anew from the raw bytes.
pub(super) fn text_of<'p>(
    message: &mail_parser::Message<'_>,
    part: &MessagePart<'_>,
    text: &'p str,
    hint: Option<&'static Encoding>,
    remarks: &mut Vec<String>,
) -> Cow<'p, str> {
    if !part.is_encoding_problem && !charset::is_suspicious(text) && !transfer::is_block_of_base64(text.as_bytes()) {
        return Cow::Borrowed(text);
    }
    let (start, end) = (part.offset_body as usize, part.offset_end as usize);
    let Some(raw) = message.raw_message.get(start..end) else {
        return Cow::Borrowed(text);
    };
    let stated = part.content_transfer_encoding().unwrap_or_default();
    let (bytes, remark) = Transfer::parse(stated.as_bytes()).decode_text(raw);
    remarks.extend(remark.map(str::to_owned));
    let meta = is_html(part).then(|| meta_charset(&bytes)).flatten();
    let label = part.content_type().and_then(|t| t.attribute("charset")).map(str::to_owned).or(meta);
    // What was guessed for the header fields needs no second guess.
    let guessed = hint.filter(|_| label.is_none());
    remarks.extend(guessed.map(|encoding| format!("charset not named: read as {}", encoding.name())));
    let decoded = charset::decode(label.as_deref().or(guessed.map(Encoding::name)), &bytes);
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

pub(super) fn part_format(part: &MessagePart<'_>) -> flowed::Format {
    let Some(content_type) = part.content_type() else { return flowed::Format::Fixed };
    let is = |name: &str, value: &str| content_type.attribute(name).is_some_and(|v| v.eq_ignore_ascii_case(value));
    match (is("format", "flowed"), is("delsp", "yes")) {
        (false, _) => flowed::Format::Fixed,
        (true, drop_space) => flowed::Format::Flowed { drop_space },
    }
}
