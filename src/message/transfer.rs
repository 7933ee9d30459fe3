//! Transfer encodings (RFC 2045 section 6), decoded leniently: what can't be read is skipped, not refused.

use std::borrow::Cow;

/// How the bytes of a part are written (RFC 2045 section 6).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Transfer {
    #[default]
    Identity,
    Base64,
    QuotedPrintable,
}

impl Transfer {
    pub fn parse(field: &[u8]) -> Self {
        let field = String::from_utf8_lossy(&field[..field.len().min(60)]).to_ascii_lowercase();
        if field.contains("base64") {
            Transfer::Base64
        } else if field.contains("quoted") {
            Transfer::QuotedPrintable
        } else {
            Transfer::Identity
        }
    }

    /// Text decoded by what it is rather than by its label, and a remark where they differ.
    pub fn decode_text(self, raw: &[u8]) -> (Cow<'_, [u8]>, Option<&'static str>) {
        match self {
            Transfer::Base64 => base64_text(raw),
            Transfer::QuotedPrintable => {
                let broken = memchr::memmem::find(raw, b"==").is_some();
                let remark = broken.then_some("quoted-printable is broken: what could be read is shown");
                (Cow::Owned(quoted_printable(raw)), remark)
            }
            Transfer::Identity if is_block_of_base64(raw) => {
                let (bytes, _) = base64(raw);
                match std::str::from_utf8(&bytes) {
                    Ok(text) if !text.chars().any(|c| c.is_control() && !c.is_whitespace()) => {
                        (Cow::Owned(bytes), Some("base64 without saying so"))
                    }
                    _ => (Cow::Borrowed(raw), None),
                }
            }
            Transfer::Identity if is_quoted_printable(raw) => {
                (Cow::Owned(quoted_printable(raw)), Some("quoted-printable without saying so"))
            }
            Transfer::Identity => (Cow::Borrowed(raw), None),
        }
    }
}

/// Base64 up to the first line that is none, such as a list's footer, and that as it stands; or all as it stands where
/// the label is false.
fn base64_text(raw: &[u8]) -> (Cow<'_, [u8]>, Option<&'static str>) {
    let is_words = |line: &[u8]| {
        let line = line.trim_ascii();
        let strange = line.iter().filter(|b| sextet(**b).is_none() && **b != b'=').count();
        line.iter().any(u8::is_ascii_whitespace) || strange * 4 > line.len()
    };
    let (mut words, mut letters, mut end, mut ended) = (0, 0, 0, false);
    for line in raw.split_inclusive(|&b| b == b'\n') {
        let strange = is_words(line);
        ended |= strange && !line.trim_ascii().is_empty();
        if !ended {
            end += line.len();
        }
        if strange { words += line.len() } else { letters += line.len() }
    }
    if words > letters {
        return (Cow::Borrowed(raw), Some("base64 is not what it says: read as it stands"));
    }
    let (mut bytes, stray) = base64(&raw[..end]);
    if ended {
        bytes.push(b'\n');
        bytes.extend_from_slice(&raw[end..]);
    }
    (Cow::Owned(bytes), (stray || ended).then_some("base64 is broken: what could be read is shown"))
}

/// Lines of one length and of base64's letters only, the last one excepted.
pub(super) fn is_block_of_base64(raw: &[u8]) -> bool {
    let raw = raw.trim_ascii();
    let first = raw.split(|&b| b == b'\n').next().unwrap_or(raw).trim_ascii_end();
    let letters = |line: &[u8]| line.iter().all(|b| sextet(*b).is_some() || *b == b'=');
    first.len() >= 40
        && first.len().is_multiple_of(4)
        && raw.split(|&b| b == b'\n').all(|line| line.len() <= first.len() + 1 && letters(line.trim_ascii_end()))
}

/// Several soft line breaks and escapes, as no plain text has them.
fn is_quoted_printable(raw: &[u8]) -> bool {
    let (mut breaks, mut escapes) = (0, 0);
    for at in memchr::memchr_iter(b'=', raw).take(200) {
        match &raw[at + 1..] {
            [b'\n', ..] | [b'\r', b'\n', ..] => breaks += 1,
            [high, low, ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => escapes += 1,
            _ => return false,
        }
    }
    breaks >= 1 && escapes >= 2
}

/// Base64 without regard to line breaks, padding and stray characters. The flag tells whether some were found that
/// have no business there.
pub(super) fn base64(input: &[u8]) -> (Vec<u8>, bool) {
    let mut out = Vec::with_capacity(input.len() / 4 * 3 + 3);
    let (mut bits, mut held, mut stray) = (0u32, 0u32, false);
    for &byte in input {
        let Some(value) = sextet(byte) else {
            // Padding ends a group; encoders that pad in the middle start a new one.
            if byte == b'=' {
                (bits, held) = (0, 0);
            } else {
                stray |= !byte.is_ascii_whitespace();
            }
            continue;
        };
        bits = bits << 6 | u32::from(value);
        held += 6;
        if held >= 8 {
            held -= 8;
            out.push((bits >> held) as u8);
        }
    }
    (out, stray)
}

fn sextet(byte: u8) -> Option<u8> {
    match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' | b'-' => Some(62),
        b'/' | b'_' => Some(63),
        _ => None,
    }
}

/// Quoted-printable; an `=` that starts no valid escape stays as it is.
pub(crate) fn quoted_printable(input: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(input.len());
    let mut rest = input;
    while let Some((&byte, tail)) = rest.split_first() {
        rest = tail;
        if byte != b'=' {
            out.push(byte);
        } else if let [high, low, tail @ ..] = rest
            && let (Some(high), Some(low)) = (hex(*high), hex(*low))
        {
            out.push(high << 4 | low);
            rest = tail;
        } else if let Some(tail) = after_soft_break(rest) {
            rest = tail;
        } else {
            out.push(byte);
        }
    }
    out
}

/// The "Q" encoding of header words: quoted-printable with `_` for a space (RFC 2047 section 4.2).
pub(super) fn q_word(input: &[u8]) -> Vec<u8> {
    let spaced: Vec<u8> = input.iter().map(|&b| if b == b'_' { b' ' } else { b }).collect();
    quoted_printable(&spaced)
}

fn after_soft_break(rest: &[u8]) -> Option<&[u8]> {
    let blank = rest.iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
    match &rest[blank..] {
        [b'\r', b'\n', tail @ ..] | [b'\n', tail @ ..] => Some(tail),
        [] => Some(&[]),
        _ => None,
    }
}

fn hex(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).map(|digit| digit as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_with_rubbish_between_is_read_and_reported() {
        assert_eq!(base64(b"aGVs\r\nbG8="), (b"hello".to_vec(), false));
        assert_eq!(base64(b"aGVs!!bG8"), (b"hello".to_vec(), true));
    }

    fn text(transfer: Transfer, raw: &str) -> String {
        String::from_utf8_lossy(&transfer.decode_text(raw.as_bytes()).0).into_owned()
    }

    #[test]
    fn plain_words_that_are_called_base64_stay_words() {
        let words = "Dear Sirs,\r\nplease quote 300 tents.\r\nRegards\r\nJo";
        assert_eq!(text(Transfer::Base64, words), words);
        assert_eq!(
            text(Transfer::Base64, "SGVsbG8sIHBsZWFzZSBxdW90ZSAzMDAgdGVudHM=\r\n\r\n__ our list __"),
            "Hello, please quote 300 tents\n__ our list __"
        );
    }

    #[test]
    fn encoded_words_that_are_called_plain_are_decoded() {
        assert_eq!(
            text(Transfer::Identity, "SGVsbG8sIHBsZWFzZSBxdW90ZSAzMDAgdGVudHMhISE=\r\n"),
            "Hello, please quote 300 tents!!!"
        );
        assert_eq!(text(Transfer::Identity, "a=20b=C3=A9=\r\nc"), "a bé\u{0}c".replace('\u{0}', ""));
        assert_eq!(text(Transfer::Identity, "x=1 and y=2"), "x=1 and y=2");
    }

    #[test]
    fn quoted_printable_with_a_double_equals_sign_keeps_the_text_around_it() {
        assert_eq!(quoted_printable(b"a==3Db=\r\nc=zz"), b"a==bc=zz");
        assert_eq!(q_word(b"a_b=2C"), b"a b,");
    }
}
