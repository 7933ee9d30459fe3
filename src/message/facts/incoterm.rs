//! Incoterms and the port or place behind them.

use regex::Regex;
use std::sync::LazyLock;

static TERM: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:^|[^A-Za-z0-9])(?:(?i:EXW|FOB|CFR|CNF|CIF|CIP|DDP|DDU|FCA|CPT|DAP|DPU)|C&F|C\+F|FAS|DAT|DAF|DES|DEQ|(?i:ex[- ]works|ab werk|départ usine|franco fabbrica|af fabriek))(?:$|[^A-Za-z0-9])").expect("a fixed pattern compiles")
});

/// The buyer asks for something in this sentence.
static REQUEST: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)quote|offer|price|please|pls|send|need|want|give|delivery|angebot|bitte|precio|cotiza|prix|preço|prezzo|цен|посчита|فاتورة|السعر|giá|fiyat|报|報|条件|条款|warunki|resa|akkoord|prijs|terms")
    .expect("a fixed pattern compiles")
});
static RIVAL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)other|another|competitor|give me|gave|offered|иу|дали").expect("a fixed pattern compiles")
});

/// What follows a term: a place with a capital letter, or a few signs of another script.
static PLACE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"^[ \t:,-]*(?:(?:your |any |the )?(?i:main )?(?i:port)(?: (?i:of|de|do))?[ :]+|(?i:to|in|at|basis|price|prices|port) )?",
        r"(?P<p>\p{Lu}[\p{Ll}'’.-]+(?:[ -](?:de |la |el |al-)?\p{Lu}[\p{Ll}'’-]+){0,2}|\p{Lu}{3,12}(?: \p{Lu}{3,12})?|[\p{Han}]{2,5}?(?:港|价|$|[^\p{Han}])|\p{Hangul}{2,4}항?|[\p{Arabic}]{3,12})"
    ))
    .expect("a fixed pattern compiles")
});

static PORT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?:(?i:port|porto|puerto|haven|hafen|poort)(?: (?i:of|de|do|of destination|de destino|di))*[ :]+|(?i:delivery|deliver|shipped?|shipping|ship|load(?:ed)?|land|destination|despacho|delivered)(?: \p{Ll}+){0,2}? (?i:to|in|por|a|at|from)[ :]+)",
        r"(?P<p>\p{Lu}[\p{Ll}'’-]+(?: (?:de |la |el )?\p{Lu}[\p{Ll}'’-]+){0,2})"
    ))
    .expect("a fixed pattern compiles")
});
static CJK_PORT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?P<p>[\p{Han}]{2,4}港|\p{Hangul}{2,4}항|[\p{Han}]{2}(?:交货|交貨))|(?:cảng|limanı|порт[а-я]*) (?P<v>\p{Lu}\p{L}+(?: \p{Lu}\p{L}+)?)").expect("a fixed pattern compiles")
});

/// The term the buyer wants, and its place.
pub(super) fn read(text: &str) -> (Option<String>, Option<String>) {
    let mut best: Option<(i32, &str, Option<String>)> = None;
    for hit in TERM.find_iter(text).take(20) {
        // The signs beside a term belong to the pattern, not to the term.
        let beside = |c: char| !c.is_ascii_alphanumeric();
        let (term, start) =
            (hit.as_str().trim_matches(beside), hit.end() - hit.as_str().trim_start_matches(beside).len());
        let place = place_after(&text[start + term.len()..]);
        let sentence = sentence_before(text, start);
        let mut score = i32::from(REQUEST.is_match(sentence));
        score -= 3 * i32::from(RIVAL.is_match(sentence));
        if best.as_ref().is_none_or(|(most, ..)| score > *most) {
            best = Some((score, term, place));
        }
    }
    match best {
        Some((_, term, place)) => (Some(canonical(term)), place.or_else(|| port(text))),
        None => (None, port(text)),
    }
}

fn sentence_before(text: &str, end: usize) -> &str {
    let window = &text[text.ceil_char_boundary(end.saturating_sub(120))..end];
    window.rsplit(['\n', '.', '?', '!', '。']).next().unwrap_or(window)
}

fn canonical(term: &str) -> String {
    match term.to_ascii_uppercase().as_str() {
        "C+F" => "C&F".into(),
        term if term.starts_with("EX") || term.len() > 3 => "EXW".into(),
        term => term.to_owned(),
    }
}

fn place_after(text: &str) -> Option<String> {
    let text = &text[..text.floor_char_boundary(80)];
    let place = up_to_sentence_end(PLACE.captures(text)?.name("p")?.as_str());
    let place = place.trim_end_matches(|c: char| {
        c.is_whitespace() || c.is_ascii_punctuation() || matches!(c, '，' | '。' | '、' | '价' | '（')
    });
    let lower = place.to_lowercase();
    const NO_PLACE: &[&str] = &[
        "price",
        "prices",
        "please",
        "terms",
        "and",
        "china",
        "usd",
        "or",
        "moq",
        "thanks",
        "regards",
        "we",
        "incl",
        "cif",
        "fob",
        "cfr",
        "exw",
        "ddp",
        "incoterms",
        "our",
        "the",
        "if",
        "payment",
        "价格",
        "報價",
        "报价",
    ];
    (!NO_PLACE.contains(&lower.as_str()) && place.chars().count() >= 2).then(|| place.to_owned())
}

/// "Ningbo. Payment" is Ningbo and "宁波的美元" is 宁波, while "St. Petersburg" is one place.
fn up_to_sentence_end(place: &str) -> &str {
    let place = place.split_once(". ").filter(|(first, _)| first.len() > 3).map_or(place, |(first, _)| first);
    place.split_once('的').map_or(place, |(first, _)| first)
}

fn port(text: &str) -> Option<String> {
    let named = PORT.captures(text).and_then(|c| c.name("p"));
    named
        .or_else(
            || if text.is_ascii() { None } else { CJK_PORT.captures(text).and_then(|c| c.name("p").or(c.name("v"))) },
        )
        .map(|hit| hit.as_str().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn both(text: &str) -> (Option<String>, Option<String>) {
        read(text)
    }

    #[test]
    fn the_term_the_buyer_asks_for_beats_the_one_he_was_offered() {
        let (term, port) = both("Another factory gave me USD 3.10 FOB Shenzhen.\nPlease quote CIF Tema.");
        assert_eq!((term.as_deref(), port.as_deref()), (Some("CIF"), Some("Tema")));
    }

    #[test]
    fn a_place_ends_with_its_sentence() {
        for (text, place) in [
            ("Quote FOB Ningbo. Payment by T/T", "Ningbo"),
            ("CIF St. Petersburg please", "St. Petersburg"),
            ("请报 FOB 宁波的美元价格", "宁波"),
        ] {
            assert_eq!(both(text).1.as_deref(), Some(place), "{text}");
        }
    }

    #[test]
    fn old_and_lower_case_terms_are_known() {
        assert_eq!(both("price c&f? C&F Chittagong please").0.as_deref(), Some("C&F"));
        assert_eq!(both("Preise ab Werk bitte").0.as_deref(), Some("EXW"));
        assert_eq!(both("quote fob ningbo").0.as_deref(), Some("FOB"));
        assert_eq!(both("This data is fast and desk").0, None);
    }
}
