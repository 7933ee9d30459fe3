//! Addresses (RFC 5322 section 3.4), as mail programs write them.

use super::decode_with;
use crate::message::Address;
use encoding_rs::Encoding;
use memchr::memmem;
use std::borrow::Cow;

pub(in crate::message) const MAX_ADDRESSES: usize = 200;

/// Mailboxes of an address field; groups are opened, comments serve as names (RFC 5322 section 3.4).
pub(in crate::message) fn addresses(value: &[u8]) -> Vec<Address> {
    addresses_with(value, None)
}

/// The same, with the encoding that raw 8-bit names are probably in.
pub(super) fn addresses_with(value: &[u8], hint: Option<&'static Encoding>) -> Vec<Address> {
    let mut found = Vec::new();
    for piece in split_mailboxes(value) {
        if found.len() == MAX_ADDRESSES {
            break;
        }
        found.extend(mailbox(piece, hint));
    }
    found
}

/// Splits at commas, semicolons and group colons that stand outside quotes, comments and angle brackets.
fn split_mailboxes(value: &[u8]) -> Vec<&[u8]> {
    let (mut pieces, mut start) = (Vec::new(), 0);
    let (mut quoted, mut escaped, mut comment, mut angle) = (false, false, 0usize, false);
    let mut word_end = 0;
    for (at, &byte) in value.iter().enumerate() {
        if at < word_end {
            continue;
        }
        if byte == b'=' && value[at..].starts_with(b"=?") {
            // Signs within an encoded word part nothing.
            word_end = at + encoded_word_length(&value[at..]);
            continue;
        }
        if escaped {
            escaped = false;
            continue;
        }
        match byte {
            b'\\' if quoted || comment > 0 => escaped = true,
            b'"' if comment == 0 => quoted = !quoted,
            b'(' if !quoted => comment += 1,
            b')' if !quoted => comment = comment.saturating_sub(1),
            b'<' if !quoted && comment == 0 => angle = true,
            b'>' if !quoted && comment == 0 => angle = false,
            b',' | b';' if !quoted && comment == 0 && !angle => {
                pieces.push(&value[start..at]);
                start = at + 1;
            }
            b':' if !quoted && comment == 0 && !angle && !value[start..at].contains(&b'@') => start = at + 1,
            _ => {}
        }
    }
    pieces.push(&value[start..]);
    pieces
}

/// Bytes of the encoded word at the beginning; one byte where there is none.
fn encoded_word_length(value: &[u8]) -> usize {
    let value = &value[..value.len().min(400)];
    let mut marks = value.iter().enumerate().skip(2).filter(|(_, b)| **b == b'?').map(|(at, _)| at);
    let text = marks.next().and(marks.next());
    let end = text.and_then(|text| memmem::find(&value[text + 1..], b"?=").map(|end| text + 1 + end + 2));
    end.filter(|&end| !value[..end].contains(&b'<')).unwrap_or(1)
}

fn mailbox(piece: &[u8], hint: Option<&'static Encoding>) -> Option<Address> {
    let decode = |bytes: &[u8]| decode_with(bytes, hint);
    let piece = piece.trim_ascii();
    if piece.is_empty() {
        return None;
    }
    // The last angle bracket holds the address: names may hold brackets, too.
    let (name, spec) = match piece.iter().rposition(|&b| b == b'<') {
        Some(open) => {
            let close = piece[open..].iter().position(|&b| b == b'>').map_or(piece.len(), |p| open + p);
            (Cow::Borrowed(&piece[..open]), &piece[open + 1..close])
        }
        None => match piece.iter().position(|&b| b == b'(') {
            Some(open) => (Cow::Borrowed(&piece[open..]), &piece[..open]),
            None => (Cow::Borrowed(&b""[..]), piece),
        },
    };
    let email = address_spec(&decode(spec));
    let name = display_name(&decode(&name));
    match (email, name) {
        (None, None) => loose_mailbox(&decode(piece)),
        (None, name) => {
            loose_mailbox(&decode(piece)).filter(|a| a.email.is_some()).or(Some(Address { name, email: None }))
        }
        (email, name) => Some(Address { name, email }),
    }
}

/// `Jo Pike jo@x.example`, or a whole mailbox in one encoded word.
fn loose_mailbox(text: &str) -> Option<Address> {
    let bracketed = text.rsplit_once('<').map(|(name, rest)| (name, rest.split('>').next().unwrap_or(rest)));
    if let Some((name, email)) = bracketed.and_then(|(name, spec)| Some((name, address_spec(spec)?))) {
        return Some(Address { name: display_name(name), email: Some(email) });
    }
    let word = text.split_whitespace().find_map(|word| Some((word, address_spec(word)?)));
    match word {
        Some((word, email)) => Some(Address { name: display_name(&text.replacen(word, "", 1)), email: Some(email) }),
        None => display_name(text).map(|name| Address { name: Some(name), email: None }),
    }
}

/// A display name without the quotes and brackets around it.
fn display_name(text: &str) -> Option<String> {
    let text = text.trim().trim_matches(|c| matches!(c, '"' | '\'' | '(' | ')' | '<' | '>' | '“' | '”'));
    let text = text.replace("\\\"", "\"").replace("\\\\", "\\");
    let text = text.trim();
    (!text.is_empty()).then(|| text.chars().take(200).collect())
}

/// An address in lower case, if it is one: `local@domain`, without a source route.
pub(in crate::message) fn address_spec(text: &str) -> Option<String> {
    let text =
        text.trim().trim_matches(|c| matches!(c, '<' | '>' | '"' | '\'' | '(' | ')' | '[' | ']' | ',' | ';' | '.'));
    let text = text.strip_prefix("mailto:").unwrap_or(text);
    let text = if text.starts_with('@') { text.split_once(':').map_or(text, |(_, spec)| spec) } else { text };
    let (local, domain) = text.rsplit_once('@')?;
    let fits = !local.is_empty() && !domain.is_empty() && text.len() <= 320 && !domain.contains("..");
    let clean = !text.chars().any(|c| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | ',' | ';' | '"'));
    (fits && clean && !local.contains('@')).then(|| text.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(value: &str) -> (Option<String>, Option<String>) {
        let address = addresses(value.as_bytes()).remove(0);
        (address.name, address.email)
    }

    #[test]
    fn addresses_are_found_however_they_are_written() {
        let jo = Some("jo@x.example".to_owned());
        for (written, name) in [
            ("Jo Pike jo@x.example", Some("Jo Pike")),
            ("Jo Pike [jo@x.example]", Some("Jo Pike")),
            ("Jo Pike <jo@x.example", Some("Jo Pike")),
            ("jo@x.example", None),
            ("jo@x.example>", None),
            ("<jo@x.example> (Jo \\(x\\) Pike)", None),
            ("Jo <mailto:jo@x.example>", Some("Jo")),
            ("=?utf-8?B?Sm8gUGlrZSA8am9AeC5leGFtcGxlPg==?=", Some("Jo Pike")),
            ("=?utf-8?Q?Pike,_Jo?= <jo@x.example>", Some("Pike, Jo")),
            ("=?utf-8?Q?Pike, Jo?= <jo@x.example>", Some("Pike, Jo")),
            ("Jo <=?utf-8?Q?jo=40x.example?=>", Some("Jo")),
            ("\"ceo@seller.example\" <jo@x.example>", Some("ceo@seller.example")),
        ] {
            assert_eq!(one(written), (name.map(str::to_owned), jo.clone()), "{written}");
        }
        assert_eq!(one("jo@bücher.example").1.as_deref(), Some("jo@bücher.example"));
        assert_eq!(addresses(b"a@x.example; b@x.example ;").len(), 2);
        assert!(addresses(b"undisclosed:;").is_empty());
    }
}
