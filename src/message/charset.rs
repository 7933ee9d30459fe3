//! Bytes to text: by the label where it holds, by a guess where it doesn't.

mod stateful;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use memchr::{memchr, memchr_iter, memchr3_iter};
use std::borrow::Cow;

/// Bytes that the guess looks at: more doesn't make it better.
const SAMPLE: usize = 1024;

/// Text, and a remark where it isn't what the label said.
pub(super) struct Decoded<'a> {
    pub text: Cow<'a, str>,
    pub remark: Option<String>,
    /// What it was read as; None for ASCII and UTF-8.
    pub encoding: Option<&'static Encoding>,
}

/// Decodes `bytes` by `label`; a missing, unknown or false label gives way to a guess.
pub(super) fn decode<'a>(label: Option<&str>, bytes: &'a [u8]) -> Decoded<'a> {
    if let Some(encoding) = utf16(bytes) {
        return Decoded { text: encoding.decode(bytes).0, remark: None, encoding: None };
    }
    let label = label.map(bare_label);
    if let Some(text) = label.as_deref().and_then(|label| stateful::decode(label, bytes)) {
        return Decoded { text: Cow::Owned(text), remark: None, encoding: None };
    }
    if let Some(text) = plain_utf8(bytes) {
        // ISO-2022 hides in seven bits, so that the label decides; everything else that is UTF-8 is UTF-8.
        if memchr(0x1b, bytes).is_none() {
            let encoding = label.as_deref().and_then(encoding_of).filter(|e| *e != UTF_8 && text.is_ascii());
            return Decoded { text: Cow::Borrowed(text), remark: None, encoding };
        }
    }
    let named = label.as_deref().and_then(encoding_of);
    if let Some(encoding) = named {
        let (text, _, broken) = encoding.decode(bytes);
        if !broken || !has_better_guess(encoding, bytes, &text) {
            let remark = broken.then(|| format!("some bytes are not {}", encoding.name()));
            return Decoded { text, remark, encoding: Some(encoding) };
        }
    }
    if let Some(text) = label.as_deref().filter(|_| named.is_none()).and_then(rare) {
        return Decoded { text: Cow::Owned(text(bytes)), remark: None, encoding: None };
    }
    let guessed = guess(bytes);
    let (text, _, _) = guessed.decode(bytes);
    let remark = match label {
        None => format!("charset not named: read as {}", guessed.name()),
        Some(label) if named.is_none() => format!("charset {} unknown: read as {}", shown(&label), guessed.name()),
        Some(label) => format!("charset {} is not what it says: read as {}", shown(&label), guessed.name()),
    };
    Decoded { text, remark: Some(remark), encoding: Some(guessed) }
}

/// Decodes bytes without a label of their own; the hint serves where it reads them without fault.
pub(super) fn decode_hinted(hint: Option<&'static Encoding>, bytes: &[u8]) -> String {
    if let Some(encoding) = hint.filter(|_| plain_utf8(bytes).is_none()) {
        let (text, _, broken) = encoding.decode(bytes);
        if !broken {
            return text.into_owned();
        }
    }
    decode(None, bytes).text.into_owned()
}

/// UTF-16 by its byte order mark, or by the zero bytes that every second letter of a European language has.
fn utf16(bytes: &[u8]) -> Option<&'static Encoding> {
    match bytes {
        [0xff, 0xfe, ..] => return Some(UTF_16LE),
        [0xfe, 0xff, ..] => return Some(UTF_16BE),
        _ => {}
    }
    memchr(0, bytes)?;
    let (pairs, _) = bytes[..bytes.len().min(SAMPLE)].as_chunks::<2>();
    let high = pairs.iter().filter(|pair| pair[0] == 0).count();
    let low = pairs.iter().filter(|pair| pair[1] == 0).count();
    let most = pairs.len() / 2;
    match (high > most, low > most) {
        (true, false) if pairs.len() > 4 => Some(UTF_16BE),
        (false, true) if pairs.len() > 4 => Some(UTF_16LE),
        _ => None,
    }
}

/// Charsets beyond those of the web, such as code page 850.
fn rare(label: &str) -> Option<fn(&[u8]) -> String> {
    const EUROPEAN: &[&str] = &["cp850", "ibm850", "850", "cp437", "ibm437", "437", "cp858"];
    // The letters of code page 437 stand at the same places as those of 850.
    let label = if EUROPEAN.contains(&label.replace(['-', '_'], "").as_str()) { "ibm850" } else { return None };
    mail_parser::decoders::charsets::map::charset_decoder(label.as_bytes())
}

/// A label without what programs write around it: quotes, a repeated `charset=`, a semicolon.
fn bare_label(label: &str) -> String {
    let label = label.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ';' | ','));
    let lower = label.to_ascii_lowercase();
    let lower = lower.strip_prefix("charset=").unwrap_or(&lower);
    let end = lower.find([';', ' ', ',', '"']).unwrap_or(lower.len());
    lower[..end].trim_matches(['"', '\'']).to_owned()
}

/// Where a few bytes are broken, the label still beats a guess that is worse.
fn has_better_guess(named: &'static Encoding, bytes: &[u8], text: &str) -> bool {
    // Whole characters of more than one byte don't come about by chance: some bytes of true UTF-8 are broken.
    let whole = text.chars().filter(|c| !c.is_ascii() && *c != '\u{fffd}').count();
    if named == UTF_8 && whole > replacements(text) {
        return false;
    }
    let guessed = guess(bytes);
    if guessed == named || guessed == WINDOWS_1252 && named != UTF_8 {
        return false;
    }
    let (other, _, _) = guessed.decode(bytes);
    replacements(&other) < replacements(text)
}

fn replacements(text: &str) -> usize {
    text.matches('\u{fffd}').count()
}

/// Text decoded by someone else deserves a second look: replacement or C1 control characters, escape sequences, or
/// UTF-8 that was taken for Latin-1.
pub(super) fn is_suspicious(text: &str) -> bool {
    if text.is_ascii() {
        return text.as_bytes().contains(&0x1b);
    }
    let bytes = text.as_bytes();
    let telling = memchr3_iter(0xc2, 0xc3, 0xef, bytes).chain(memchr_iter(0x1b, bytes));
    telling.into_iter().any(|at| {
        matches!(
            bytes[at..],
            [0xef, 0xbf, 0xbd, ..]
                | [0x1b, _, _, ..]
                | [0xc2, 0x80..=0x9f, _, ..]
                | [0xc3, 0x82 | 0x83 | 0xa2, 0xc2 | 0xe2, ..]
        )
    })
}

fn plain_utf8(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes).ok()
}

/// The encoding a label means in mail: GB2312 always holds GBK, and GB18030 reads both.
fn encoding_of(label: &str) -> Option<&'static Encoding> {
    match label {
        "gb2312" | "gbk" | "gb_2312-80" | "x-gbk" | "cp936" | "euc-cn" | "gb18030" | "chinese" | "x-euc-cn" => {
            Some(GB18030)
        }
        // An ASCII label over eight-bit bytes says nothing.
        "us-ascii" | "ascii" | "ansi_x3.4-1968" | "unknown-8bit" | "x-unknown" | "default" | "binary" | "ansi"
        | "8bit" | "7bit" | "unknown" => None,
        "cp932" | "ms932" | "cp-932" => Encoding::for_label(b"shift_jis"),
        "cp949" | "ms949" | "ks_c_5601-1987" | "uhc" => Encoding::for_label(b"euc-kr"),
        "cp950" | "big5-eten" | "cn-big5" => Encoding::for_label(b"big5"),
        "iso-2022-jp-ms" | "iso-2022-jp-1" | "iso-2022-jp-2" | "cp50220" | "cp50221" => {
            Encoding::for_label(b"iso-2022-jp")
        }
        "utf8mb4" => Some(UTF_8),
        _ => {
            Encoding::for_label(label.as_bytes()).filter(|e| *e != encoding_rs::REPLACEMENT).or_else(|| respelt(label))
        }
    }
}

/// `cp-1251`, `win1251`, `iso8859_1` and the like.
fn respelt(label: &str) -> Option<&'static Encoding> {
    let digits: String = label.chars().filter(char::is_ascii_digit).collect();
    let family = label.trim_start_matches("x-");
    let name = if family.starts_with("mac") {
        if family.contains("cyr") || family.contains("ukr") {
            "x-mac-cyrillic".to_owned()
        } else {
            "macintosh".to_owned()
        }
    } else if family.contains("8859") {
        format!("iso-8859-{}", digits.strip_prefix("8859").filter(|part| !part.is_empty())?)
    } else if family.starts_with("cp") || family.starts_with("win") || family.starts_with("ms") {
        format!("windows-{digits}")
    } else {
        return None;
    };
    Encoding::for_label(name.as_bytes())
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    // ASCII says nothing: the sample begins where something else does.
    let telling = bytes.iter().position(|&b| b >= 0x80 || b == 0x1b).unwrap_or(0);
    let sample = &bytes[telling.saturating_sub(32)..];
    // A character cut at the end of the sample is no fault of the mail's.
    detector.feed(&sample[..sample.len().min(SAMPLE)], sample.len() <= SAMPLE);
    let guessed = detector.guess(None, Utf8Detection::Allow);
    if guessed == encoding_rs::GBK { GB18030 } else { guessed }
}

/// A label as a remark may show it.
fn shown(label: &str) -> String {
    label.chars().filter(|c| !c.is_control()).take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(label: Option<&str>, bytes: &[u8]) -> String {
        decode(label, bytes).text.into_owned()
    }

    #[test]
    fn a_gb2312_label_holds_gbk_bytes() {
        let (bytes, _, _) = GB18030.encode("请报價：遮阳伞，镕");
        assert_eq!(text(Some("gb2312"), &bytes), "请报價：遮阳伞，镕");
    }

    #[test]
    fn chinese_without_a_label_is_guessed_and_remarked() {
        let (bytes, _, _) = GB18030.encode("您好，我们对贵司的户外折叠椅很感兴趣，请报价，数量两千把，谢谢。");
        let decoded = decode(None, &bytes);
        assert!(decoded.text.starts_with("您好，我们"), "{}", decoded.text);
        assert!(decoded.remark.expect("a guess is remarked").contains("gb18030"));
    }

    #[test]
    fn utf8_under_a_latin_label_is_read_as_utf8() {
        assert_eq!(text(Some("iso-8859-1"), "Grüße".as_bytes()), "Grüße");
    }

    #[test]
    fn a_few_broken_bytes_do_not_spoil_a_whole_mail() {
        let mut bytes = "Grüße aus Köln, größere Menge".as_bytes().to_vec();
        bytes.push(0xfc);
        assert_eq!(text(Some("utf-8"), &bytes), "Grüße aus Köln, größere Menge\u{fffd}");
        assert_eq!(text(Some("utf-8"), b"gr\xf6\xdfere Menge"), "größere Menge");
    }

    #[test]
    fn labels_are_known_however_programs_write_them() {
        for (label, bytes, meant) in [
            ("\"utf-8\";", &b"\xc3\xa9t\xc3\xa9"[..], "été"),
            ("'utf-8'", b"\xc3\xa9", "é"),
            ("charset=iso-8859-2", b"\xb1", "ą"),
            ("cp-1251", b"\xcf\xf0\xe8\xe2\xe5\xf2", "Привет"),
            ("iso8859_5", b"\xbf\xe0\xd8\xd2\xd5\xe2", "Привет"),
            ("cp-850", b"gr\x81n", "grün"),
            ("x-mac-roman", b"caf\x8e", "café"),
            ("x-sjis", b"\x8c\xa9", "見"),
            ("ks_c_5601-1987", b"\xb0\xdf\xc0\xfb", "견적"),
            ("iso-8859-8-i", b"\xf9\xec\xe5\xed", "שלום"),
            ("utf-7", b"Gr+APwA3w-e +- x", "Grüße + x"),
            ("hz-gb-2312", b"~{VPND~} ok", "中文 ok"),
            ("iso-2022-kr", b"\x1b$)C\x0e0_@{\x0f ok", "견적 ok"),
            ("iso-2022-cn", b"\x1b$)A\x0eVPND\x0f ok", "中文 ok"),
            ("iso-2022-jp", b"\x1b$B8+@Q\x1b(B", "見積"),
            ("utf-16", b"\xff\xfeh\0i\0", "hi"),
            ("utf-16le", b"h\0e\0l\0l\0o\0", "hello"),
        ] {
            assert_eq!(text(Some(label), bytes), meant, "{label}");
        }
    }

    #[test]
    fn an_unknown_label_does_not_stop_the_reader() {
        assert_eq!(text(Some("x-my-own"), b"hello"), "hello");
        let decoded = decode(Some("x-my-own"), b"caf\xe9 au lait");
        assert_eq!(decoded.text, "café au lait");
        assert!(decoded.remark.expect("remarked").contains("x-my-own"));
    }
}
