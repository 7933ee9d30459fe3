//! Charsets that switch between alphabets within seven bits: UTF-7, HZ, ISO-2022-KR and ISO-2022-CN.

use encoding_rs::{EUC_KR, Encoding, GB18030};

/// Decodes by one of these labels; None for any other.
pub(super) fn decode(label: &str, bytes: &[u8]) -> Option<String> {
    match label {
        "utf-7" | "utf7" | "unicode-1-1-utf-7" | "x-unicode-2-0-utf-7" => Some(utf7(bytes)),
        "hz-gb-2312" | "hz" => Some(hz(bytes)),
        "iso-2022-kr" | "csiso2022kr" => Some(shifted(bytes, EUC_KR)),
        "iso-2022-cn" | "iso-2022-cn-ext" => Some(shifted(bytes, GB18030)),
        _ => None,
    }
}

/// RFC 2152: `+` begins base64 of UTF-16BE, what is no letter of it ends it, `+-` is a plus.
fn utf7(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(plus) = memchr::memchr(b'+', rest) {
        out.push_str(&String::from_utf8_lossy(&rest[..plus]));
        let run = &rest[plus + 1..];
        let length = run.iter().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/')).count();
        let (units, _) = crate::message::transfer::base64(&run[..length]);
        let units = units.as_chunks::<2>().0.iter().map(|pair| u16::from_be_bytes(*pair));
        out.extend(char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)));
        let ended = run.get(length) == Some(&b'-');
        if length == 0 {
            out.push('+');
        }
        rest = &run[length + usize::from(ended)..];
    }
    out.push_str(&String::from_utf8_lossy(rest));
    out
}

/// RFC 1843: `~{` and `~}` around GB2312 without its high bits, `~~` is a tilde.
fn hz(bytes: &[u8]) -> String {
    let mut plain = Vec::with_capacity(bytes.len());
    let (mut chinese, mut rest) = (false, bytes);
    while let [byte, tail @ ..] = rest {
        rest = tail;
        match (byte, tail.first()) {
            (b'~', Some(b'{')) => (chinese, rest) = (true, &tail[1..]),
            (b'~', Some(b'}')) => (chinese, rest) = (false, &tail[1..]),
            (b'~', Some(b'\n')) => rest = &tail[1..],
            (b'~', Some(b'~')) if !chinese => {
                plain.push(b'~');
                rest = &tail[1..];
            }
            (b'\n', _) => {
                chinese = false;
                plain.push(b'\n');
            }
            (byte, _) => plain.push(if chinese && byte.is_ascii_graphic() { byte | 0x80 } else { *byte }),
        }
    }
    GB18030.decode_without_bom_handling(&plain).0.into_owned()
}

/// ISO 2022: SO and SI around characters without their high bits; the escape that names the set is dropped.
fn shifted(bytes: &[u8], encoding: &'static Encoding) -> String {
    let mut plain = Vec::with_capacity(bytes.len());
    let (mut shifted, mut rest) = (false, bytes);
    while let [byte, tail @ ..] = rest {
        rest = tail;
        match byte {
            0x0e => shifted = true,
            0x0f => shifted = false,
            0x1b if tail.starts_with(b"$") => rest = tail.get(3..).unwrap_or_default(),
            b'\n' => {
                shifted = false;
                plain.push(b'\n');
            }
            byte => plain.push(if shifted && byte.is_ascii_graphic() { byte | 0x80 } else { *byte }),
        }
    }
    encoding.decode_without_bom_handling(&plain).0.into_owned()
}
