//! Encoded words (RFC 2047) and raw 8-bit bytes in header fields.

use crate::message::{charset, transfer};
use crate::text::is_invisible;
use encoding_rs::Encoding;
use memchr::memmem;

/// An encoded word: its charset and its bytes.
type Word = (String, Vec<u8>);

/// Unfolds a value and decodes its encoded words (RFC 2047) and raw 8-bit bytes.
pub(in crate::message) fn decode(value: &[u8]) -> String {
    decode_with(value, None)
}

/// The same, with the encoding that raw 8-bit bytes are probably in.
pub(in crate::message) fn decode_with(value: &[u8], hint: Option<&'static Encoding>) -> String {
    let once = decode_once(value, hint);
    // Some programs encode what is encoded already.
    if once.contains("=?") && once.contains("?=") { decode_once(once.as_bytes(), None) } else { once }
}

fn decode_once(value: &[u8], hint: Option<&'static Encoding>) -> String {
    let mut out = String::with_capacity(value.len());
    let mut rest = value;
    let mut pending: Option<Word> = None;
    while let Some(at) = find(rest, b"=?") {
        let Some((word, after)) = encoded_word(&rest[at..]) else {
            flush(&mut pending, &mut out);
            push_raw(&rest[..at + 2], hint, &mut out);
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
                    push_raw(between, hint, &mut out);
                }
                pending = Some(word);
            }
        }
        rest = after;
    }
    flush(&mut pending, &mut out);
    push_raw(rest, hint, &mut out);
    tidy(out)
}

fn flush(pending: &mut Option<Word>, out: &mut String) {
    if let Some((label, bytes)) = pending.take() {
        out.push_str(&charset::decode(Some(&label), &bytes).text);
    }
}

fn push_raw(bytes: &[u8], hint: Option<&'static Encoding>, out: &mut String) {
    match std::str::from_utf8(bytes) {
        Ok(text) => out.push_str(text),
        Err(_) => out.push_str(&charset::decode_hinted(hint, bytes)),
    }
}

/// Header text on one line, without control and invisible characters.
fn tidy(text: String) -> String {
    if text.is_ascii() {
        return tidy_ascii(text);
    }
    let clean = |c: char| !c.is_control() && !is_invisible(c);
    let text = if text.chars().all(clean) {
        text
    } else {
        text.chars().map(|c| if c.is_control() { ' ' } else { c }).filter(|c| !is_invisible(*c)).collect()
    };
    if text.contains("  ") { text.split_whitespace().collect::<Vec<_>>().join(" ") } else { text.trim().to_owned() }
}

fn tidy_ascii(text: String) -> String {
    let mut bytes = text.into_bytes();
    bytes.iter_mut().filter(|b| b.is_ascii_control()).for_each(|b| *b = b' ');
    let doubled = bytes.windows(2).any(|pair| pair == b"  ");
    if doubled {
        bytes.dedup_by(|b, a| *a == b' ' && *b == b' ');
    }
    String::from_utf8_lossy(bytes.trim_ascii()).into_owned()
}

/// `=?charset[*language]?B|Q?text?=` at the beginning of `input`, and what comes after it.
fn encoded_word(input: &[u8]) -> Option<(Word, &[u8])> {
    let body = input.strip_prefix(b"=?")?;
    let charset_end = body.iter().take(60).position(|&b| b == b'?')?;
    let charset = std::str::from_utf8(&body[..charset_end]).ok()?;
    let charset = charset.split('*').next().unwrap_or(charset).to_owned();
    let [encoding, b'?', text @ ..] = &body[charset_end + 1..] else { return None };
    let is_q = matches!(encoding, b'Q' | b'q');
    let (word, after) = match end_of_word(text, is_q) {
        Some(end) => (&text[..end], &text[end + 2..]),
        // The end is missing: the word ends with the line.
        None => {
            let end = text.iter().position(u8::is_ascii_whitespace).unwrap_or(text.len());
            (text[..end].trim_ascii_end(), &text[end..])
        }
    };
    let bytes = match encoding {
        b'B' | b'b' => transfer::base64(word).0,
        b'Q' | b'q' => transfer::q_word(word),
        _ => return None,
    };
    Some(((charset, bytes), after))
}

/// Where a word's `?=` stands. In "Q" a question mark that was left as it is may stand before an escape: `?=3F`.
fn end_of_word(text: &[u8], is_q: bool) -> Option<usize> {
    let mut at = find(text, b"?=")?;
    while let (true, Some([high, low])) = (is_q, text.get(at + 2..at + 4))
        && high.is_ascii_hexdigit()
        && low.is_ascii_hexdigit()
        && let Some(next) = find(&text[at + 2..], b"?=")
        && !text[at..at + 2 + next].iter().any(u8::is_ascii_whitespace)
        && !text[at..at + 2 + next].windows(2).any(|two| two == b"=?")
    {
        at += 2 + next;
    }
    Some(at)
}

fn find(haystack: &[u8], needle: &[u8; 2]) -> Option<usize> {
    memmem::find(haystack, needle)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_broken_by_programs_are_read() {
        for (written, meant) in [
            ("=?utf-8?q?50=25_off=3f?=", "50% off?"),
            ("=?utf-8?Q?really?=3F_yes?=", "really?? yes"),
            ("=?utf-8?B?6K+i55uY", "询盘"),
            ("=?utf-8?Q?hello world?= x", "hello world x"),
            ("=?utf-8?B?6K+i\r\n 55uY?=", "询盘"),
            ("=?utf-8?B?PT91dGYtOD9CPzZLK2k1NXVZPz0=?=", "询盘"),
            ("=?utf-8?Q?a?==?utf-8?Q?b?=", "ab"),
            ("a =? b", "a =? b"),
        ] {
            assert_eq!(decode(written.as_bytes()), meant, "{written}");
        }
    }
}
