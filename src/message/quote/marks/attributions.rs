//! "On … Amy wrote:" in many languages.

use aho_corasick::{AhoCorasick, MatchKind};
use std::sync::LazyLock;

static WROTE: LazyLock<AhoCorasick> = LazyLock::new(|| {
    let verbs = [
        "wrote",
        "schrieb",
        "a écrit",
        "a ecrit",
        "escribió",
        "escribio",
        "escreveu",
        "ha scritto",
        "schreef",
        "skrev",
        "napisał",
        "napisal",
        "pisze",
        "написал",
        "пишет",
        "писал",
        "写道",
        "寫道",
        "书写",
        "のメール",
        "さんは書きました",
        "作成",
        "작성",
        "yazdı",
        "şunu yazdı",
        "كتب",
        "kirjoitti",
        "írta",
        "napsal",
        "έγραψε",
        "a scris",
        "đã viết",
        "viết",
        "menulis",
        "כתב",
        "כתבה",
        "เขียน",
        "написа",
        "је написао",
        "је написала",
        "je napisao",
        "je napisala",
        "píše",
        "napísala",
        "va escriure",
        "ha escrit",
        "نوشت",
        "ने लिखा",
        "ha inviato",
        "a adressé",
        "님이",
        "написав",
        "rašė",
        "rakstīja",
        "kirjutas",
        "napísal",
    ];
    AhoCorasick::builder().match_kind(MatchKind::LeftmostFirst).build(verbs).expect("fixed words compile")
});

/// Lines that an attribution may be folded into.
const MAX_ATTRIBUTION_LINES: usize = 4;
const MAX_ATTRIBUTION_BYTES: usize = 400;

/// "On … Amy wrote:" over one to four lines: how many lines it takes.
pub(in crate::message) fn attribution(lines: &[&str]) -> Option<usize> {
    let first = visible(super::super::unquoted(lines[0]));
    if first.is_empty() || first.len() > MAX_ATTRIBUTION_BYTES {
        return None;
    }
    let may_go_on = starts_like_one(first) || names_sender_first(first);
    let dated_or_addressed = first.bytes().any(|b| b.is_ascii_digit() || matches!(b, b'@' | b'<'));
    if !(may_go_on || dated_or_addressed && first.ends_with(ENDS)) {
        return None;
    }
    let mut text = String::new();
    for (index, line) in lines.iter().take(MAX_ATTRIBUTION_LINES).enumerate() {
        let line = visible(super::super::unquoted(line));
        if line.is_empty() || index > 0 && line.starts_with('-') {
            return None;
        }
        text.push_str(line);
        let ends = text.ends_with(ENDS);
        if ends && text.len() <= MAX_ATTRIBUTION_BYTES && is_attribution(&text, lines.get(index + 1).copied()) {
            return Some(index + 1);
        }
        // Only lines that were folded by a mailer go on.
        if ends || !may_go_on {
            return None;
        }
        text.push(' ');
    }
    None
}

/// A line without white space and marks of direction around it.
fn visible(line: &str) -> &str {
    let unseen = |c: char| {
        c.is_whitespace() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    line.trim_matches(unseen)
}

const ENDS: [char; 3] = [':', '：', '道'];

/// "Amy <amy@seller.example> 于2026年10月27日" may be folded before its verb.
fn names_sender_first(line: &str) -> bool {
    if line.len() > 160 || line.ends_with(['.', '?', '!', '。', ';', '；']) {
        return false;
    }
    let Some((before, rest)) = line.split_once('<') else { return false };
    let dated = before.bytes().filter(u8::is_ascii_digit).count() >= 6;
    let address = rest.split_once('>').is_some_and(|(address, _)| address.contains('@'));
    address && before.len() <= 80 && (dated || !before.contains(':'))
}

/// "---- On Tue, 27 Oct 2026 Amy wrote ----" (Zoho) and "-----Amy Xu wrote: -----" (Notes).
pub(in crate::message::quote) fn is_dashed_attribution(line: &str) -> bool {
    let Some(inner) = line.strip_prefix("----").and_then(|l| l.strip_suffix("---")) else { return false };
    inner.len() >= 8 && line.len() <= MAX_ATTRIBUTION_BYTES && WROTE.is_match(&inner.to_lowercase())
}

/// ">>> Amy Xu 27/10/26 03:15 >>>" (GroupWise): what follows is history without marks.
pub(in crate::message::quote) fn is_enclosed_attribution(line: &str) -> bool {
    let Some(inner) = line.strip_prefix(">>>").and_then(|l| l.strip_suffix(">>>")) else { return false };
    let digits = inner.bytes().filter(u8::is_ascii_digit).count();
    inner.len() <= 160 && digits >= 3 && inner.contains(char::is_alphabetic)
}

fn is_attribution(text: &str, next: Option<&str>) -> bool {
    let lower = text.to_lowercase();
    let digits = lower.bytes().filter(u8::is_ascii_digit).count();
    let address = lower.contains('@');
    let verb = WROTE.is_match(&lower);
    let quoted_next = next.is_some_and(|l| l.trim_start().starts_with('>'));
    let dated =
        digits >= 3 && (lower.contains(':') || lower.contains('.') || lower.contains('/') || lower.contains('年'));
    verb && (digits >= 2 || address || starts_like_one(text))
        || address && dated && digits >= 6
        || quoted_next && address
}

/// The words an attribution begins with, or a date.
fn starts_like_one(text: &str) -> bool {
    const WORDS: &[&str] = &[
        "On ",
        "Am ",
        "Le ",
        "El ",
        "Em ",
        "Il ",
        "Op ",
        "Den ",
        "W dniu ",
        "Dnia ",
        "At ",
        "In data ",
        "Il giorno ",
        "No dia ",
        "A ",
        "в ",
        "В ",
        "في ",
        "Vào ",
        "Pada ",
        "Στις ",
        "Dne ",
        "Dňa ",
        "Pe ",
        "La ",
        "От: ",
        "在",
        "於",
        "于",
        "เมื่อ",
        "ב",
        "בתאריך",
        "Tại ",
        "Lúc ",
        "Na ",
        "Dana ",
        "U ",
        "На ",
        "El dia ",
        "Kuupäeval ",
        "Tarihinde ",
        "در ",
    ];
    text.starts_with(|c: char| c.is_ascii_digit()) || WORDS.iter().any(|w| text.starts_with(w))
}
