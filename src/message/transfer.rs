//! Transfer encodings (RFC 2045 section 6), decoded leniently: what can't be read is skipped, not refused.

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
pub(super) fn quoted_printable(input: &[u8]) -> Vec<u8> {
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

    #[test]
    fn quoted_printable_with_a_double_equals_sign_keeps_the_text_around_it() {
        assert_eq!(quoted_printable(b"a==3Db=\r\nc=zz"), b"a==bc=zz");
        assert_eq!(q_word(b"a_b=2C"), b"a b,");
    }
}
