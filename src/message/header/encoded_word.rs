//! Encoded words (RFC 2047) and raw 8-bit bytes in header fields.

use crate::message::{charset, transfer};
use crate::text::is_invisible;

/// An encoded word: its charset and its bytes.
type Word = (String, Vec<u8>);

/// Unfolds a value and decodes its encoded words (RFC 2047) and raw 8-bit bytes.
pub(in crate::message) fn decode(value: &[u8]) -> String {
    let mut out = String::with_capacity(value.len());
    let mut rest = value;
    let mut pending: Option<Word> = None;
    while let Some(at) = find(rest, b"=?") {
        let Some((word, after)) = encoded_word(&rest[at..]) else {
            flush(&mut pending, &mut out);
            push_raw(&rest[..at + 2], &mut out);
            rest = &rest[at + 2..];
            continue;
        };
        let between = &rest[..at];
        let adjacent = pending.is_some() && between.iter().all(u8::is_ascii_whitespace);
        match &mut pending {
            // One character may be split over two words of the same charset: join the bytes before decoding.
            Some((charset, bytes)) if adjacent && charset.eq_ignore_ascii_case(&word.0) => bytes.extend(word.1),
            _ => {
                flush(&mut pending, &mut out);
                if !adjacent {
                    push_raw(between, &mut out);
                }
                pending = Some(word);
            }
        }
        rest = after;
    }
    flush(&mut pending, &mut out);
    push_raw(rest, &mut out);
    tidy(out)
}

fn flush(pending: &mut Option<Word>, out: &mut String) {
    if let Some((label, bytes)) = pending.take() {
        out.push_str(&charset::decode(Some(&label), &bytes).text);
    }
}

fn push_raw(bytes: &[u8], out: &mut String) {
    match std::str::from_utf8(bytes) {
        Ok(text) => out.push_str(text),
        Err(_) => out.push_str(&charset::decode(None, bytes).text),
    }
}

/// Header text on one line, without control and invisible characters.
fn tidy(text: String) -> String {
    let clean = |c: char| !c.is_control() && !is_invisible(c);
    let text = if text.chars().all(clean) {
        text
    } else {
        text.chars().map(|c| if c.is_control() { ' ' } else { c }).filter(|c| !is_invisible(*c)).collect()
    };
    if text.contains("  ") { text.split_whitespace().collect::<Vec<_>>().join(" ") } else { text.trim().to_owned() }
}

/// `=?charset[*language]?B|Q?text?=` at the beginning of `input`, and what comes after it.
fn encoded_word(input: &[u8]) -> Option<(Word, &[u8])> {
    let body = input.strip_prefix(b"=?")?;
    let charset_end = body.iter().take(60).position(|&b| b == b'?')?;
    let charset = std::str::from_utf8(&body[..charset_end]).ok()?;
    let charset = charset.split('*').next().unwrap_or(charset).to_owned();
    let [encoding, b'?', text @ ..] = &body[charset_end + 1..] else { return None };
    let end = find(text, b"?=")?;
    let (word, after) = (&text[..end], &text[end + 2..]);
    let bytes = match encoding {
        b'B' | b'b' => transfer::base64(word).0,
        b'Q' | b'q' => transfer::q_word(word),
        _ => return None,
    };
    Some(((charset, bytes), after))
}

fn find(haystack: &[u8], needle: &[u8; 2]) -> Option<usize> {
    haystack.windows(2).position(|two| two == needle)
}
