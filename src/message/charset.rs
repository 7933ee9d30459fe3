//! Bytes to text: by the label where it holds, by a guess where it doesn't.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, GB18030, UTF_8, WINDOWS_1252};
use std::borrow::Cow;

/// Bytes that the guess looks at: more doesn't make it better.
const SAMPLE: usize = 1024;

/// Text, and a remark where it isn't what the label said.
pub(super) struct Decoded<'a> {
    pub text: Cow<'a, str>,
    pub remark: Option<String>,
}

/// Decodes `bytes` by `label`; a missing, unknown or false label gives way to a guess.
pub(super) fn decode<'a>(label: Option<&str>, bytes: &'a [u8]) -> Decoded<'a> {
    if let Some(text) = plain_utf8(bytes) {
        // ISO-2022 and HZ hide in seven bits, so that the label decides; everything else that is UTF-8 is UTF-8.
        let stateful = bytes.contains(&0x1b) || label.is_some_and(|l| l.to_ascii_lowercase().starts_with("hz-"));
        if !stateful {
            return Decoded { text: Cow::Borrowed(text), remark: None };
        }
    }
    let named = label.and_then(encoding_of);
    if let Some(encoding) = named {
        let (text, _, broken) = encoding.decode(bytes);
        if !broken || !has_better_guess(encoding, bytes, &text) {
            return Decoded { text, remark: broken.then(|| format!("some bytes are not {}", encoding.name())) };
        }
    }
    let guessed = guess(bytes);
    let (text, _, _) = guessed.decode(bytes);
    let remark = match label {
        None => format!("charset not named: read as {}", guessed.name()),
        Some(label) if named.is_none() => format!("charset {} unknown: read as {}", shown(label), guessed.name()),
        Some(label) => format!("charset {} is not what it says: read as {}", shown(label), guessed.name()),
    };
    Decoded { text, remark: Some(remark) }
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
    let telling = bytes.iter().enumerate().filter(|(_, b)| matches!(b, 0x1b | 0xc2 | 0xc3 | 0xef));
    telling.into_iter().any(|(at, _)| {
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
    let label = label.trim_matches(|c: char| c.is_whitespace() || c == '"' || c == '\'');
    let lower = label.to_ascii_lowercase();
    match lower.as_str() {
        "gb2312" | "gbk" | "gb_2312-80" | "x-gbk" | "cp936" | "hz-gb-2312" | "euc-cn" | "gb18030" => Some(GB18030),
        // An ASCII label over eight-bit bytes says nothing.
        "us-ascii" | "ascii" | "ansi_x3.4-1968" | "unknown-8bit" | "x-unknown" | "default" | "binary" => None,
        "cp932" | "ms932" => Encoding::for_label(b"shift_jis"),
        "cp949" | "ks_c_5601-1987" | "uhc" => Encoding::for_label(b"euc-kr"),
        "cp950" | "big5-eten" => Encoding::for_label(b"big5"),
        "iso-2022-jp-ms" | "iso-2022-jp-1" | "iso-2022-jp-2" | "cp50220" | "cp50221" => {
            Encoding::for_label(b"iso-2022-jp")
        }
        "utf8mb4" => Some(UTF_8),
        _ => Encoding::for_label(label.as_bytes())
            .or_else(|| Encoding::for_label(lower.replace("cp-", "windows-").replace("win-", "windows-").as_bytes())),
    }
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    // ASCII says nothing: the sample begins where something else does.
    let telling = bytes.iter().position(|&b| b >= 0x80 || b == 0x1b).unwrap_or(0);
    let sample = &bytes[telling.saturating_sub(32)..];
    detector.feed(&sample[..sample.len().min(SAMPLE)], true);
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
        assert!(is_suspicious("GrÃ¼ÃŸe"));
        assert!(!is_suspicious("Grüße, Ângela"));
    }

    #[test]
    fn a_few_broken_bytes_do_not_spoil_a_whole_mail() {
        let mut bytes = "Grüße aus Köln, größere Menge".as_bytes().to_vec();
        bytes.push(0xfc);
        assert_eq!(text(Some("utf-8"), &bytes), "Grüße aus Köln, größere Menge\u{fffd}");
        assert_eq!(text(Some("utf-8"), b"gr\xf6\xdfere Menge"), "größere Menge");
    }

    #[test]
    fn an_unknown_label_does_not_stop_the_reader() {
        assert_eq!(text(Some("x-my-own"), b"hello"), "hello");
        let decoded = decode(Some("x-my-own"), b"caf\xe9 au lait");
        assert_eq!(decoded.text, "café au lait");
        assert!(decoded.remark.expect("remarked").contains("x-my-own"));
    }
}
