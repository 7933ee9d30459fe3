//! Countries: stated, by top-level domain, by a company's legal form.

mod address;
mod places;
mod prose;
mod registers;

use crate::text::normalise;
use places::{What, known_code, places};

pub(super) use address::{by_postcode_in, in_signature};
pub(super) use prose::in_words;
pub(super) use registers::by_register;

/// The countries that write their business mail in a language; none for the languages of the whole world.
pub(super) fn of_language(language: &str) -> &'static [&'static str] {
    match language {
        "de" => &["DE", "AT", "CH"],
        "fr" => &["FR", "BE", "CH", "CA", "MA", "DZ", "TN", "CI", "SN", "CM"],
        "es" => &[
            "ES", "MX", "AR", "CL", "CO", "PE", "EC", "UY", "PY", "BO", "VE", "CR", "GT", "PA", "DO", "HN", "SV", "NI",
        ],
        "pt" => &["BR", "PT", "AO", "MZ"],
        "it" => &["IT", "CH"],
        "nl" => &["NL", "BE"],
        "en" => &["GB", "US", "CA", "AU", "NZ", "IE", "ZA", "NG", "GH", "KE", "SG", "MY"],
        "ru" => &["RU", "KZ", "BY", "UA", "UZ", "KG"],
        "uk" => &["UA"],
        "bg" => &["BG"],
        "pl" => &["PL"],
        "cs" => &["CZ"],
        "sk" => &["SK"],
        "hu" => &["HU"],
        "ro" => &["RO", "MD"],
        "el" => &["GR", "CY"],
        "tr" => &["TR"],
        "he" => &["IL"],
        "sv" => &["SE", "FI"],
        "da" => &["DK"],
        "no" => &["NO"],
        "fi" => &["FI"],
        "vi" => &["VN"],
        "th" => &["TH"],
        "id" => &["ID"],
        "ja" => &["JP"],
        "ko" => &["KR"],
        "zh" => &["CN", "TW", "HK", "MY", "SG"],
        _ => &[],
    }
}

/// Country codes that companies everywhere use as if they were generic.
const GENERIC_TLDS: &[&str] = &[
    "io", "co", "ai", "me", "tv", "cc", "ws", "to", "ly", "fm", "im", "gg", "pw", "la", "tk", "ml", "ga", "cf", "gq",
    "vip", "bz", "sc", "st", "nu", "sh", "ac", "ag", "vc", "mu", "eu", "asia", "ms", "cx", "gd", "gs", "tc", "vg",
];

/// The country that a form field names, or gives as its two letters.
pub(crate) fn by_name(text: &str) -> Option<&'static str> {
    let text = text.trim();
    if text.len() == 2 && text.is_ascii() {
        return by_code(&text.to_ascii_uppercase());
    }
    let normalised = normalise(text);
    let whole = normalised.trim();
    let named = places(whole).find(|p| p.what == What::Country);
    named.or_else(|| places(whole).find(|p| p.start == 0 && p.end == whole.len())).map(|p| p.country)
}

/// Whether a word says of which country something is: "Polish".
pub(super) fn is_demonym(word: &str) -> bool {
    let normalised = normalise(word);
    places(&normalised).any(|p| p.what == What::Demonym && p.start == 0 && p.end == normalised.len())
}

fn by_code(code: &str) -> Option<&'static str> {
    match code {
        "UK" => Some("GB"),
        code => known_code(code),
    }
}

/// The country of a domain's top level.
pub(super) fn by_domain(domain: &str) -> Option<&'static str> {
    let top = domain.rsplit('.').next()?.to_ascii_lowercase();
    let regional = ["com", "net", "org", "co"].iter().any(|second| domain.ends_with(&format!(".{second}.{top}")));
    if GENERIC_TLDS.contains(&top.as_str()) && !regional {
        return None;
    }
    match top.as_str() {
        "xn--p1ai" | "su" | "рф" | "moscow" | "москва" => Some("RU"),
        "cat" | "eus" | "gal" => Some("ES"),
        "berlin" | "hamburg" | "bayern" | "koeln" | "nrw" => Some("DE"),
        "paris" | "bzh" => Some("FR"),
        "wien" | "tirol" => Some("AT"),
        "london" | "scot" | "wales" | "cymru" => Some("GB"),
        "xn--j1amh" | "укр" => Some("UA"),
        "xn--fiqs8s" | "中国" => Some("CN"),
        top if top.len() == 2 => by_code(&top.to_ascii_uppercase()),
        _ => None,
    }
}

/// The country whose law alone knows the company's form; many forms belong to several countries.
pub(super) fn by_legal_form(company: &str) -> Option<&'static str> {
    #[rustfmt::skip]
    const FORMS: &[(&str, &str)] = &[
        ("sp. z o.o", "PL"), ("sp.z o.o", "PL"), ("kft", "HU"), ("pvt. ltd", "IN"), ("sdn bhd", "MY"), ("sdn. bhd", "MY"), ("a.ş", "TR"), ("şti", "TR"), ("株式会社", "JP"), ("有限会社", "JP"),
        ("합자", "KR"), ("주식회사", "KR"), ("㈜", "KR"), ("(주)", "KR"), ("s.a. de c.v", "MX"), ("sa de cv", "MX"), ("eireli", "BR"), ("uab", "LT"), ("oy", "FI"), ("oü", "EE"), ("eood", "BG"), ("b.v", "NL"),
        ("bvba", "BE"),  ("công ty", "VN"), ("тоо", "KZ"), ("тов", "UA"), ("ооо", "RU"),
    ];
    let company = company.to_lowercase();
    let edge = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
    let holds = |form: &str| {
        company.match_indices(form).any(|(at, _)| {
            let cjk = form.chars().next().is_some_and(|c| c > '\u{3000}');
            cjk || edge(company[..at].chars().next_back()) && edge(company[at + form.len()..].chars().next())
        })
    };
    FORMS.iter().find(|(form, _)| holds(form)).map(|(_, country)| *country)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_country_is_known_by_its_name_in_many_tongues() {
        for (name, code) in [
            ("United Kingdom", "GB"),
            ("Perú", "PE"),
            ("馬來西亞", "MY"),
            ("尼日利亚", "NG"),
            ("Guinea", "GN"),
            ("uk", "GB"),
            ("Österreich", "AT"),
            ("Corée du Sud", "KR"),
        ] {
            assert_eq!(by_name(name), Some(code), "{name}");
        }
        assert_eq!(by_name("Indiana Jones"), None);
        assert_eq!(by_name("Papua New Guinea"), Some("PG"));
    }

    #[test]
    fn a_fashionable_top_level_says_nothing() {
        assert_eq!(by_domain("startup.io"), None);
        assert_eq!(by_domain("shop.com.co"), Some("CO"));
        assert_eq!(by_domain("shop.co.uk"), Some("GB"));
        assert_eq!(by_domain("shop.eu"), None);
    }

    #[test]
    fn a_legal_form_of_one_country_alone_names_it() {
        assert_eq!(by_legal_form("Ogrodnik Sp. z o.o."), Some("PL"));
        assert_eq!(by_legal_form("株式会社みどり野"), Some("JP"));
        assert_eq!(by_legal_form("Kestrel GmbH"), None, "Germany, Austria and Switzerland have it");
        assert_eq!(by_legal_form("Oyster Bay Ltd"), None);
    }
}
