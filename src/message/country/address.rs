//! The country of a postal address in a signature.

use super::places::{Place, What, places};
use crate::text::normalise;
use regex::Regex;
use std::sync::LazyLock;

/// Lines at the end of a mail where an address stands.
const LINES: usize = 12;
/// Longer lines are prose.
const MAX_LINE: usize = 120;

/// A line of an address, as written and made comparable.
struct Line<'t> {
    written: &'t str,
    normalised: String,
    /// Other cells stand beside a name, or a postcode does: a lone word may be somebody's name.
    has_company: bool,
}

/// The country that the last lines state: by its name first, then by the form of a postcode, then by a city. `ours` are
/// lines to leave out.
pub(in crate::message) fn in_signature(signed: &str, ours: impl Fn(&str) -> bool) -> Option<&'static str> {
    let lines: Vec<Line<'_>> = last_lines(signed)
        .filter(|l| l.len() <= MAX_LINE && !is_prose(l) && !ours(l))
        .map(|written| Line {
            written,
            normalised: normalise(written),
            has_company: written.contains(is_separator) || written.bytes().any(|b| b.is_ascii_digit()),
        })
        .filter(|line| !tells_of_freight(&line.normalised))
        .collect();
    let named = lines.iter().find_map(|line| stated(line, What::Country));
    named.or_else(|| lines.iter().find_map(by_postcode)).or_else(|| lines.iter().find_map(|l| stated(l, What::City)))
}

/// The lines where people sign, the last first.
pub(super) fn last_lines(signed: &str) -> impl Iterator<Item = &str> {
    signed.lines().rev().map(str::trim).filter(|line| !line.is_empty()).take(LINES)
}

/// The country of a postcode whose form several countries share, but only one of them with this language.
pub(in crate::message) fn by_postcode_in(language: &str, signed: &str) -> Option<&'static str> {
    static FIVE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?:^|[,·|–-] ?)[0-9]{5} \p{Lu}\p{Ll}+(?:[ -]\p{L}+){0,3}$").expect("a fixed pattern compiles")
    });
    static SWEDISH: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?:^|[,·|–-] ?)[0-9]{3} [0-9]{2} \p{Lu}\p{L}+").expect("a fixed pattern compiles")
    });
    static FOUR: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"(?:^|[,·|–-] ?)[0-9]{4} \p{Lu}\p{Ll}+$").expect("a fixed pattern compiles"));
    let (form, country): (&LazyLock<Regex>, _) = match language {
        "de" => (&FIVE, "DE"),
        "fr" => (&FIVE, "FR"),
        "it" => (&FIVE, "IT"),
        "fi" => (&FIVE, "FI"),
        "tr" => (&FIVE, "TR"),
        "hr" => (&FIVE, "HR"),
        "sv" => (&SWEDISH, "SE"),
        "cs" => (&SWEDISH, "CZ"),
        "da" => (&FOUR, "DK"),
        "no" => (&FOUR, "NO"),
        "hu" => (&FOUR, "HU"),
        _ => return None,
    };
    last_lines(signed).take_while(|line| line.len() <= MAX_LINE).any(|line| form.is_match(line)).then_some(country)
}

fn is_separator(c: char) -> bool {
    matches!(c, ',' | '|' | '-' | '–' | '—' | '，' | '、' | '·' | '•' | '/' | ';' | '(' | ')' | '\t')
}

fn is_prose(line: &str) -> bool {
    line.contains('@')
        || line.contains("://")
        || line.ends_with(['?', '!', ':', '？', '！', '：'])
        || line.ends_with(['.', '。']) && line.split_whitespace().count() > 5
        || line.split_whitespace().count() > 14
}

/// Where the goods go is not yet where the buyer sits.
fn tells_of_freight(normalised: &str) -> bool {
    const WORDS: &[&str] = &[
        "cif",
        "cfr",
        "fob",
        "cnf",
        "c&f",
        "exw",
        "ddp",
        "dap",
        "fca",
        "cpt",
        "cip",
        "port",
        "ship",
        "shipment",
        "deliver",
        "delivery",
        "destination",
        "made",
        "origin",
        "from",
        "to",
        "hafen",
        "puerto",
        "price",
        "quote",
        "market",
    ];
    normalised.split(|c: char| !c.is_alphanumeric() && c != '&').any(|word| WORDS.contains(&word))
}

/// A place that fills a part of the line: "Hamburg, Germany", "20095 Hamburg", "São Paulo - SP - Brasil".
fn stated(line: &Line<'_>, what: What) -> Option<&'static str> {
    let found: Vec<Place> = places(&line.normalised).filter(|p| p.what == what).collect();
    let trusted = |place: &&Place| {
        let name = &line.normalised[place.start..place.end];
        // A lone word on a line may be a person: "Jordan", "Sydney".
        let may_be_a_person = what == What::City || matches!(name, "jordan" | "georgia" | "chad" | "israel" | "cuba");
        fills_its_part(&line.normalised, place) && (line.has_company || !may_be_a_person || !name.is_ascii())
    };
    found.iter().rev().find(trusted).map(|place| place.country)
}

/// Nothing else stands between the separators but postcodes and a label.
fn fills_its_part(line: &str, place: &Place) -> bool {
    if line[place.start..].starts_with(|c: char| c > '\u{3000}') {
        return true;
    }
    let before = line[..place.start].rsplit(is_separator).next().unwrap_or_default();
    let after = line[place.end..].split(is_separator).next().unwrap_or_default();
    let is_filler = |word: &str| {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        bare.is_empty()
            || bare.bytes().any(|b| b.is_ascii_digit())
            || matches!(
                bare,
                "address" | "country" | "city" | "cedex" | "the" | "location" | "cp" | "p.o" | "bp" | "office"
            )
            || bare.len() == 2 && bare.is_ascii()
    };
    before.split_whitespace().all(is_filler) && after.split_whitespace().all(is_filler)
}

/// Letters in front of a postcode, as in "D-20095 Hamburg" (UPU S42; the vehicle codes of the Vienna convention).
const PREFIXES: &[(&str, &str)] = &[
    ("D", "DE"),
    ("DE", "DE"),
    ("A", "AT"),
    ("AT", "AT"),
    ("CH", "CH"),
    ("F", "FR"),
    ("FR", "FR"),
    ("I", "IT"),
    ("IT", "IT"),
    ("NL", "NL"),
    ("B", "BE"),
    ("BE", "BE"),
    ("L", "LU"),
    ("DK", "DK"),
    ("SE", "SE"),
    ("S", "SE"),
    ("NO", "NO"),
    ("N", "NO"),
    ("FI", "FI"),
    ("FIN", "FI"),
    ("PL", "PL"),
    ("CZ", "CZ"),
    ("SK", "SK"),
    ("H", "HU"),
    ("HU", "HU"),
    ("SI", "SI"),
    ("HR", "HR"),
    ("LT", "LT"),
    ("LV", "LV"),
    ("EE", "EE"),
    ("E", "ES"),
    ("ES", "ES"),
    ("P", "PT"),
    ("PT", "PT"),
    ("RO", "RO"),
    ("BG", "BG"),
    ("GR", "GR"),
    ("UA", "UA"),
    ("RS", "RS"),
    ("MD", "MD"),
];

/// Postcodes whose form belongs to one country, and states beside theirs.
#[rustfmt::skip]
static POSTCODES: LazyLock<Vec<(Regex, &str)>> = LazyLock::new(|| {
    let forms = [
        (r"(?-u:\b)(?:GIR 0AA|[A-PR-UWYZ][A-HK-Y]?[0-9][0-9A-HJKPS-UW]? ?[0-9][ABD-HJLNP-UW-Z]{2})(?-u:\b)", "GB"),
        (r"(?-u:\b)[ABCEGHJ-NPRSTVXY][0-9][ABCEGHJ-NPRSTV-Z] ?[0-9][ABCEGHJ-NPRSTV-Z][0-9](?-u:\b)", "CA"),
        (r"(?-u:\b)[AC-FHKNPRTV-Y][0-9][0-9W] [0-9AC-FHKNPRTV-Y]{4}(?-u:\b)", "IE"),
        (r"(?:^|[^0-9A-Z-])[1-9][0-9]{3} ?[A-Z]{2} +(?:\p{Lu}|'s)\p{Ll}*", "NL"),
        (r"[, ](?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[AT]|W[AIVY])[ ,]+[0-9]{5}(?:-[0-9]{4})?(?-u:\b)", "US"),
        (r"^\p{Lu}\p{Ll}+(?: \p{Lu}\p{Ll}+){0,2}, (?:A[KLZ]|C[AOT]|FL|GA|HI|ID|IL|K[SY]|M[AINOT]|N[CEJVY]|O[HKR]|PA|T[NX]|UT|VA|W[AIY])$", "US"),
        (r"(?-u:\b)(?:NSW|VIC|QLD|TAS|ACT|WA|SA|NT),? [0-9]{4}$", "AU"),
        (r"(?-u:\b)[0-9]{5}-[0-9]{3}(?-u:\b)|[-–/, ] ?(?:SP|RJ|MG|PR|SC|RS|PE|CE|GO|ES)[ ,-]+Brasil", "BR"),
        (r"(?:^|[ ,])[0-9]{2}-[0-9]{3} \p{Lu}\p{L}+", "PL"),
        (r"(?:^|[ ,])[0-9]{4}-[0-9]{3} \p{Lu}\p{L}+", "PT"),
        (r"〒 ?[0-9]{3}-?[0-9]{4}", "JP"),
        (r"(?-u:\b)[0-9]{5} \p{Lu}\p{L}+(?: \p{Lu}\p{L}+)? (?:CEDEX|Cedex)", "FR"),
    ];
    forms.into_iter().map(|(form, country)| (Regex::new(form).expect("a fixed pattern compiles"), country)).collect()
});

static PREFIXED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:^|[ ,|])([A-Z]{1,3}) ?[-–] ?[0-9]{2,3}[ -]?[0-9]{1,3} +\p{Lu}").expect("a fixed pattern compiles")
});

fn by_postcode(line: &Line<'_>) -> Option<&'static str> {
    let written = line.written;
    if !written.bytes().any(|b| b.is_ascii_digit()) && !written.contains(',') || looks_like_a_number_to_call(written) {
        return None;
    }
    let letters = PREFIXED.captures(written).and_then(|c| c.get(1));
    let prefixed = letters.and_then(|l| PREFIXES.iter().find(|(prefix, _)| *prefix == l.as_str()));
    prefixed
        .map(|(_, country)| *country)
        .or_else(|| POSTCODES.iter().find(|(form, _)| form.is_match(written)).map(|(_, country)| *country))
}

fn looks_like_a_number_to_call(written: &str) -> bool {
    written.contains('+') || written.bytes().filter(u8::is_ascii_digit).count() > 14
}

#[cfg(test)]
mod tests {
    use super::*;

    fn country(text: &str) -> Option<&'static str> {
        in_signature(text, |_| false)
    }

    #[test]
    fn an_address_states_its_country_in_the_style_of_its_land() {
        for (line, code) in [
            ("20095 Hamburg, Germany", "DE"),
            ("D-20095 Hamburg", "DE"),
            ("CH-8001 Zürich", "CH"),
            ("12 Mill Lane, Totnes TQ9 5JP", "GB"),
            ("Boise, ID 83702", "US"),
            ("Tucson, AZ", "US"),
            ("Unit 4, Geelong VIC 3220", "AU"),
            ("Guelph, ON N1H 4E9", "CA"),
            ("3011 AD Rotterdam", "NL"),
            ("ul. Lipowa 3, 61-123 Poznań", "PL"),
            ("Rua das Flores 10, 01310-100 São Paulo - SP", "BR"),
            ("Av. da Boavista 20, 4100-111 Porto", "PT"),
            ("〒 460-0008 名古屋市中区栄1-2-3", "JP"),
            ("서울시 강남구 테헤란로 10", "KR"),
            ("G. Kavaja 12, Tirana", "AL"),
            ("P.O. Box 1180, Kumasi - Ghana", "GH"),
            ("São Paulo - SP - Brasil", "BR"),
            ("Lima | Perú", "PE"),
            ("Casablanca, Maroc", "MA"),
        ] {
            assert_eq!(country(&format!("please quote\n\nJo\n{line}")), Some(code), "{line}");
        }
    }

    #[test]
    fn a_first_name_or_a_port_is_no_address() {
        for text in
            ["please quote\nJordan", "thanks\nSydney", "Please quote CIF Lagos, Nigeria", "regards\nPeter Paris Ltd"]
        {
            assert_eq!(country(text), None, "{text}");
        }
    }
}
