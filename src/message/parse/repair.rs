//! Two things that broken programs write and that would cost words, mended before parsing.

use crate::message::header;
use memchr::{memchr, memmem};
use std::borrow::Cow;

/// Boundaries that are looked for; real mail has fewer than ten.
const MAX_BOUNDARIES: usize = 20;

/// The mail with an empty line behind its header, and without boundaries in the middle of a line.
pub(super) fn repaired(raw: &[u8]) -> Cow<'_, [u8]> {
    let mail = with_empty_line(raw);
    let hits = mid_line_boundaries(&mail);
    if hits.is_empty() {
        return mail;
    }
    let mut bytes = mail.into_owned();
    // As long as before, so that everything else stays in its place.
    hits.into_iter().for_each(|at| bytes[at] = b'_');
    Cow::Owned(bytes)
}

/// Some programs forget the empty line between header and body.
fn with_empty_line(raw: &[u8]) -> Cow<'_, [u8]> {
    let body = header::body_offset(raw);
    let parted = body == raw.len() || raw[..body].ends_with(b"\n\n") || raw[..body].ends_with(b"\n\r\n") || body <= 2;
    if parted && body > 0 {
        return Cow::Borrowed(raw);
    }
    Cow::Owned([&raw[..body], b"\r\n", &raw[body..]].concat())
}

/// Where a boundary stands inside a line and no part begins or ends behind it: it is text (RFC 2046 section 5.1.1).
fn mid_line_boundaries(raw: &[u8]) -> Vec<usize> {
    let mut found = Vec::new();
    for boundary in boundaries(raw) {
        let delimiter = [b"--", boundary].concat();
        for at in memmem::find_iter(raw, &delimiter) {
            let begins_line = at == 0 || raw[at - 1] == b'\n';
            let after = &raw[at + delimiter.len()..];
            let rest = &after[..memchr(b'\n', after).map_or(after.len(), |end| end)];
            let ends_line = rest.trim_ascii().is_empty() || rest.trim_ascii() == b"--";
            let header_follows = after[rest.len()..]
                .trim_ascii_start()
                .get(..8)
                .is_some_and(|next| next.eq_ignore_ascii_case(b"content-"));
            if !begins_line && !(ends_line && (header_follows || rest.starts_with(b"--"))) {
                found.push(at);
            }
        }
    }
    found
}

/// The boundaries that header fields name, wherever in the mail.
fn boundaries(raw: &[u8]) -> impl Iterator<Item = &[u8]> {
    memmem::find_iter(raw, b"boundary=").take(MAX_BOUNDARIES).filter_map(move |at| {
        let value = &raw[at + b"boundary=".len()..];
        let named = match value.strip_prefix(b"\"") {
            Some(quoted) => &quoted[..memchr(b'"', quoted)?],
            None => &value[..value.iter().position(|b| b.is_ascii_whitespace() || *b == b';').unwrap_or(value.len())],
        };
        (!named.is_empty() && named.len() <= 200).then_some(named)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_boundary_inside_a_line_is_text_and_a_forgotten_line_break_is_none() {
        let mail = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nsee --b here\r\nhello--b\r\nContent-Type: text/html\r\n\r\n<p>--b--\r\n";
        let text = String::from_utf8_lossy(&repaired(mail)).into_owned();
        assert!(text.contains("see _-b here") && text.contains("hello--b") && text.contains("<p>--b--"), "{text}");
    }

    #[test]
    fn a_sound_mail_is_left_as_it_is() {
        assert!(matches!(repaired(b"From: a\r\n\r\nhello"), Cow::Borrowed(_)));
        assert_eq!(&*repaired(b"From: a@x.example\r\nhello you"), b"From: a@x.example\r\n\r\nhello you");
    }
}
