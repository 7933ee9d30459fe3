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
        "wrote",
        "написав",
        "rašė",
        "rakstīja",
        "kirjutas",
        "napísal",
    ];
    AhoCorasick::builder().match_kind(MatchKind::LeftmostFirst).build(verbs).expect("fixed words compile")
});

/// "On … Amy wrote:" over one to four lines: how many lines it takes.
pub(in crate::message::quote) fn attribution(lines: &[&str]) -> Option<usize> {
    let first = super::super::unquoted(lines[0]).trim();
    if first.is_empty()
        || first.len() > 400
        || !first.contains(|c: char| c.is_ascii_digit() || c == '@' || c == '<') && !starts_like_one(first)
    {
        return None;
    }
    let mut text = String::new();
    for (index, line) in lines.iter().take(4).enumerate() {
        let line = super::super::unquoted(line).trim();
        if line.is_empty() || index > 0 && line.starts_with('-') {
            return None;
        }
        if index == 0 && !line.ends_with([':', '：', '道']) && !starts_like_one(line) {
            return None;
        }
        text.push_str(line);
        text.push(' ');
        let whole = text.trim_end();
        let ends = whole.ends_with([':', '：']) || whole.ends_with("道");
        if ends && whole.len() <= 400 && is_attribution(whole, lines.get(index + 1).copied()) {
            return Some(index + 1);
        }
        // Only lines that were folded by a mailer go on.
        if ends || index == 0 && !starts_like_one(first) {
            return None;
        }
    }
    None
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
    ];
    text.starts_with(|c: char| c.is_ascii_digit()) || WORDS.iter().any(|w| text.starts_with(w))
}
