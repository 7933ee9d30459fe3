//! Certificates, marks and test standards that a buyer names.

use aho_corasick::{AhoCorasick, MatchKind};
use regex::Regex;
use std::sync::LazyLock;

const MAX_FOUND: usize = 20;

/// Spelling in a mail and the usual one. Short marks count in capitals only: "ce" and "gs" are words elsewhere.
#[rustfmt::skip]
const MARKS: &[(&str, &str)] = &[
    ("CE", "CE"), ("GS", "GS"), ("UL", "UL"), ("ETL", "ETL"), ("FCC", "FCC"), ("CB", "CB"), ("KC", "KC"), ("PSE", "PSE"), ("CCC", "CCC"), ("3C", "CCC"), ("EAC", "EAC"), ("BIS", "BIS"), ("ISI", "BIS"), ("SGS", "SGS"), ("TÜV", "TÜV"), ("TUV", "TÜV"), ("BSI", "BSI"), ("FDA", "FDA"), ("FSC", "FSC"), ("PEFC", "PEFC"),
    ("RCM", "RCM"), ("SAA", "SAA"), ("COC", "CoC"), ("CoC", "CoC"), ("CPC", "CPC"), ("ICTI", "ICTI"), ("WRAP", "WRAP"), ("GRS", "GRS"), ("NOM", "NOM"), ("IRAM", "IRAM"), ("GCC", "GCC"), ("NSF", "NSF"), ("BRC", "BRC"), ("HACCP", "HACCP"), ("PVOC", "PVoC"), ("PVoC", "PVoC"), ("SON", "SON"), ("REACH", "REACH"), ("Reach", "REACH"), ("ROHS", "RoHS"),
    ("BSCI", "BSCI"), ("SEDEX", "SEDEX"), ("SMETA", "SMETA"), ("ROHS", "RoHS"), ("LFGB", "LFGB"), ("UKCA", "UKCA"), ("GOTS", "GOTS"), ("CPSIA", "CPSIA"), ("SASO", "SASO"), ("SABER", "SABER"), ("SONCAP", "SONCAP"), ("INMETRO", "INMETRO"), ("OEKO-TEX", "OEKO-TEX"), ("OEKOTEX", "OEKO-TEX"), ("OEKO TEX", "OEKO-TEX"), ("ÖKO-TEX", "OEKO-TEX"),
    ("bsci", "BSCI"), ("sedex", "SEDEX"), ("smeta", "SMETA"), ("rohs", "RoHS"), ("lfgb", "LFGB"), ("ukca", "UKCA"), ("gots", "GOTS"), ("cpsia", "CPSIA"), ("oeko-tex", "OEKO-TEX"), ("oekotex", "OEKO-TEX"), ("soncap", "SONCAP"), ("inmetro", "INMETRO"), ("saso", "SASO"), ("fsc", "FSC"), ("halal", "Halal"), ("Halal", "Halal"), ("HALAL", "Halal"), ("kosher", "Kosher"), ("Kosher", "Kosher"),
    ("Sedex", "SEDEX"), ("Oeko-Tex", "OEKO-TEX"), ("Oeko-tex", "OEKO-TEX"), ("RoHS", "RoHS"), ("Rohs", "RoHS"), ("Saber", "SABER"), ("Soncap", "SONCAP"), ("Inmetro", "INMETRO"), ("Prop 65", "Prop 65"), ("Proposition 65", "Prop 65"), ("PFAS-free", "PFAS-free"), ("PFAS free", "PFAS-free"), ("Fairtrade", "Fairtrade"), ("EUDR", "EUDR"),
];

static NAMES: LazyLock<AhoCorasick> = LazyLock::new(|| {
    AhoCorasick::builder()
        .match_kind(MatchKind::LeftmostLongest)
        .build(MARKS.iter().map(|(written, _)| *written))
        .expect("fixed names compile")
});

/// Standards are named by their number.
static STANDARD: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:(?:EN|BS|DIN|BS EN|DIN EN)(?: ISO)? ?[0-9]{3,5}(?:-[0-9]{1,2})?|(?:ISO|Iso|iso)[ -]?[0-9]{4,5}|ASTM ?[A-Z]?[0-9]{2,5}|CPAI[ -]?84|UPF ?50\+?|(?:AS/)?NZS ?[0-9]{4})(?-u:\b)").expect("a fixed pattern compiles")
});

/// Names that are words, names or ports elsewhere count beside another sign of a certificate only.
const DOUBTFUL: &[&str] = &[
    "BIS", "SON", "NOM", "WRAP", "GCC", "CB", "3C", "SABER", "CoC", "CPC", "GS", "UL", "BSI", "BRC", "Reach", "REACH",
    "COC",
];

/// The certificates a text names, in its order.
pub(super) fn read(text: &str) -> Vec<String> {
    let mut found: Vec<(usize, String)> = Vec::new();
    for hit in NAMES.find_iter(text) {
        let (written, usual) = MARKS[hit.pattern().as_usize()];
        if is_word(text, hit.start(), hit.end())
            && (!DOUBTFUL.contains(&written) || is_vouched_for(text, hit.start(), hit.end()))
        {
            found.push((hit.start(), usual.to_owned()));
        }
    }
    if text.contains(['E', 'I', 'i', 'A', 'B', 'D', 'U', 'C', 'N']) && text.bytes().any(|b| b.is_ascii_digit()) {
        found.extend(STANDARD.find_iter(text).take(MAX_FOUND).map(|hit| (hit.start(), usual_standard(hit.as_str()))));
    }
    found.sort_by_key(|(at, _)| *at);
    let mut names: Vec<String> = Vec::new();
    for (_, name) in found {
        if names.len() < MAX_FOUND && !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

fn is_word(text: &str, start: usize, end: usize) -> bool {
    let joins = |c: char| c.is_ascii_alphanumeric() || ('À'..='ʯ').contains(&c);
    let glued = text[..start].ends_with(|c: char| joins(c) || c == '@' || c == '.');
    let mut after = text[end..].chars();
    let (next, second) = (after.next(), after.next());
    let goes_on = next.is_some_and(joins)
        || matches!(next, Some('.' | '@' | '-')) && second.is_some_and(|c| c.is_ascii_alphanumeric());
    !glued && !goes_on
}

/// A word for certificates, or another mark, in the same line.
fn is_vouched_for(text: &str, start: usize, end: usize) -> bool {
    #[rustfmt::skip]
    const VOUCHERS: &[&str] = &[
        "certif", "zertifi", "sertifi", "cert.", "mark", "test", "report", "audit", "standard", "approv", "complian", "comply", "conform", "norm", "label", "сертиф", "证书", "认证", "認證", "認証", "인증", "شهاد", "chứng", "geprüft", "prüf", "/ce", "ce/", "ce,", ", ce", "ce and", "rohs", "iso", "fsc", "bsci", "inspect", "requirement",
    ];
    let from = text[..start].rfind('\n').map_or(0, |at| at + 1).max(text.ceil_char_boundary(start.saturating_sub(100)));
    let to = text[end..].find('\n').map_or(text.len(), |at| end + at).min(text.floor_char_boundary(end + 100));
    let line = text[from..to].to_lowercase();
    VOUCHERS.iter().any(|voucher| line.contains(voucher))
}

/// "iso9001" is "ISO 9001".
fn usual_standard(written: &str) -> String {
    let upper = written.to_uppercase().replace('-', " ");
    let split = upper.find(|c: char| c.is_ascii_digit());
    match split.filter(|_| upper.starts_with("ISO") || upper.starts_with("EN")) {
        Some(at) => format!("{} {}", upper[..at].trim_end(), &written[written.len() - (upper.len() - at)..]),
        None => written.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn certificates_are_named_in_their_usual_spelling() {
        for (text, expected) in [
            ("We need CE, RoHS and reach certificates", vec!["CE", "RoHS"]),
            ("must have FSC and bsci audit, iso9001", vec!["FSC", "BSCI", "ISO 9001"]),
            ("chairs per EN 581-2, GS mark", vec!["EN 581-2", "GS"]),
            ("需要CE认证和SGS报告", vec!["CE", "SGS"]),
            ("Oeko-Tex and GOTS", vec!["OEKO-TEX", "GOTS"]),
            ("SASO / SABER certificate for the customs", vec!["SASO", "SABER"]),
            ("halal, FDA and LFGB", vec!["Halal", "FDA", "LFGB"]),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn words_and_names_are_no_certificates() {
        for text in [
            "qu'est-ce que ce prix",
            "2000 bags",
            "BIS bald",
            "our ISO team",
            "CE-1200 model",
            "von 3 BIS 5",
            "I will REACH out",
            "jo@gs.example",
        ] {
            assert_eq!(read(text), Vec::<String>::new(), "{text}");
        }
    }
}
