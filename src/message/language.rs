//! The language of the writer's own words.

use std::collections::HashMap;
use std::sync::LazyLock;
use whatlang::{Detector, Lang};

/// Every language that is told apart, as ISO 639-1.
pub const LANGUAGES: [&str; 28] = [
    "ar", "bg", "cs", "da", "de", "el", "en", "es", "fi", "fr", "he", "hu", "id", "it", "ja", "ko", "nl", "no", "pl",
    "pt", "ro", "ru", "sv", "th", "tr", "uk", "vi", "zh",
];

/// Characters that are looked at: more doesn't make the guess better.
const SAMPLE: usize = 240;

static LATIN: LazyLock<Detector> = LazyLock::new(|| {
    use Lang::*;
    Detector::with_allowlist(vec![
        Eng, Deu, Fra, Spa, Por, Ita, Nld, Pol, Tur, Vie, Ces, Ron, Swe, Dan, Nob, Fin, Hun, Ind,
    ])
});

/// ISO 639-1, or None where there are too few words to tell.
pub(super) fn detect(text: &str) -> Option<&'static str> {
    let mut counts = [0usize; 9];
    let mut end = 0;
    for (seen, (at, c)) in text.char_indices().filter(|(_, c)| c.is_alphabetic()).enumerate() {
        if seen == SAMPLE {
            break;
        }
        end = at + c.len_utf8();
        counts[script(c)] += 1;
    }
    let [latin, han, kana, hangul, cyrillic, arabic, greek, hebrew, thai] = counts;
    let sample = &text[..end];
    let most = counts.iter().copied().max().filter(|most| *most > 0)?;
    if kana > 0 && (kana + han) * 2 > most {
        return Some("ja");
    }
    // Model numbers and company names bring Latin letters into every Chinese or Korean mail.
    match most {
        _ if han * 3 >= latin && han > 1 && han >= hangul => Some("zh"),
        _ if hangul * 3 >= latin && hangul > 1 => Some("ko"),
        _ if arabic * 2 >= latin && arabic > 1 => Some("ar"),
        _ if cyrillic * 2 >= latin && cyrillic > 1 => Some(cyrillic_language(sample)),
        _ if most == greek => Some("el"),
        _ if most == hebrew => Some("he"),
        _ if most == thai => Some("th"),
        // Three letters are no language.
        _ if latin >= 12 => by_small_words(sample).or_else(|| LATIN.detect_lang(beginning(sample)).map(code)),
        _ => None,
    }
}

/// Trigrams cost: fewer letters than small words need are enough.
fn beginning(sample: &str) -> &str {
    &sample[..sample.floor_char_boundary(160)]
}

/// The words that every sentence of a language needs; where two languages share one, both get the vote.
#[rustfmt::skip]
const SMALL_WORDS: &[(&str, &[&str])] = &[
    ("en", &["the", "and", "you", "your", "for", "please", "we", "is", "are", "of", "to", "with", "this", "our", "have", "can", "i", "it", "what", "be"]),
    ("de", &["und", "der", "die", "das", "wir", "sie", "bitte", "für", "mit", "ist", "nicht", "ein", "eine", "den", "von", "auf", "uns", "ich", "ihre", "zu"]),
    ("fr", &["le", "les", "des", "nous", "vous", "pour", "est", "une", "et", "votre", "avec", "je", "du", "dans", "merci", "la", "de", "que", "un"]),
    ("es", &["el", "los", "las", "de", "que", "para", "una", "por", "con", "su", "nos", "y", "gracias", "la", "en", "un", "le"]),
    ("pt", &["o", "os", "que", "para", "uma", "com", "não", "por", "você", "nos", "da", "do", "obrigado", "e", "em", "um", "a"]),
    ("it", &["il", "di", "che", "per", "una", "con", "non", "vi", "sono", "del", "grazie", "della", "la", "un", "e", "i"]),
    ("nl", &["de", "het", "een", "van", "voor", "wij", "ik", "en", "met", "u", "uw", "op", "niet", "graag", "is", "dat"]),
    ("pl", &["i", "w", "na", "z", "do", "proszę", "się", "nie", "dla", "jest", "oraz", "o", "czy"]),
    ("tr", &["ve", "bir", "için", "bu", "ile", "lütfen", "mı", "olarak", "fiyat", "adet", "da", "de"]),
    ("vi", &["của", "và", "cho", "với", "là", "không", "xin", "anh", "có", "giá", "các"]),
    ("cs", &["a", "se", "na", "je", "pro", "prosím", "že", "jsme", "s"]),
    ("ro", &["și", "pentru", "cu", "este", "nu", "vă", "de", "la"]),
    ("sv", &["och", "för", "är", "vi", "att", "en", "på", "med", "till"]),
    ("da", &["og", "for", "er", "vi", "at", "en", "på", "med", "til", "af", "jeg"]),
    ("no", &["og", "for", "er", "vi", "at", "en", "på", "med", "til", "av", "jeg"]),
    ("fi", &["ja", "on", "ei", "että", "olemme", "ovat"]),
    ("hu", &["és", "az", "nem", "kérjük", "hogy", "egy", "a"]),
    ("id", &["dan", "yang", "untuk", "kami", "dengan", "di"]),
];

static VOTES: LazyLock<HashMap<&str, u32>> = LazyLock::new(|| {
    let mut votes = HashMap::new();
    for (language, (_, words)) in SMALL_WORDS.iter().enumerate() {
        for word in *words {
            *votes.entry(*word).or_default() |= 1u32 << language;
        }
    }
    votes
});

/// The language whose small words are most frequent, if one leads clearly.
fn by_small_words(sample: &str) -> Option<&'static str> {
    let mut counts = [0u32; SMALL_WORDS.len()];
    for word in sample.split(|c: char| !c.is_alphabetic()).filter(|w| !w.is_empty() && w.len() <= 12) {
        let votes = VOTES.get(word.to_lowercase().as_str()).copied().unwrap_or_default();
        counts.iter_mut().enumerate().for_each(|(language, count)| *count += votes >> language & 1);
    }
    let (leader, &most) = counts.iter().enumerate().max_by_key(|(_, count)| **count)?;
    let second = counts.iter().enumerate().filter(|(l, _)| *l != leader).map(|(_, c)| *c).max()?;
    (most >= 3 && most >= second + 2 || most >= 2 && second == 0).then(|| SMALL_WORDS[leader].0)
}

/// Ukrainian and Bulgarian by the letters that Russian does without.
fn cyrillic_language(sample: &str) -> &'static str {
    let count = |letters: &[char]| sample.matches(letters).count();
    let russian = count(&['ы', 'э', 'ё', 'Ы', 'Э', 'Ё']);
    let ukrainian = count(&['і', 'ї', 'є', 'ґ', 'І', 'Ї', 'Є']);
    let bulgarian = count(&['ъ', 'Ъ']);
    if ukrainian > russian {
        "uk"
    } else if bulgarian > 1 && russian == 0 {
        "bg"
    } else {
        "ru"
    }
}

fn script(c: char) -> usize {
    match c {
        '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' => 1,
        '\u{3040}'..='\u{30ff}' => 2,
        '\u{ac00}'..='\u{d7af}' => 3,
        '\u{400}'..='\u{52f}' => 4,
        '\u{600}'..='\u{6ff}' => 5,
        '\u{370}'..='\u{3ff}' => 6,
        '\u{590}'..='\u{5ff}' => 7,
        '\u{e00}'..='\u{e7f}' => 8,
        _ => 0,
    }
}

fn code(lang: Lang) -> &'static str {
    match lang {
        Lang::Deu => "de",
        Lang::Fra => "fr",
        Lang::Spa => "es",
        Lang::Por => "pt",
        Lang::Ita => "it",
        Lang::Nld => "nl",
        Lang::Pol => "pl",
        Lang::Tur => "tr",
        Lang::Vie => "vi",
        Lang::Ces => "cs",
        Lang::Ron => "ro",
        Lang::Swe => "sv",
        Lang::Dan => "da",
        Lang::Nob => "no",
        Lang::Fin => "fi",
        Lang::Hun => "hu",
        Lang::Ind => "id",
        _ => "en",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_common_tongues_of_the_trade_are_told_apart() {
        for (text, language) in [
            ("Please send us your best price for folding chairs and tables", "en"),
            ("Bitte senden Sie uns ein Angebot über sechshundert Sonnenschirme", "de"),
            ("Veuillez nous envoyer votre meilleure offre pour les parasols", "fr"),
            ("请报价：折叠椅 HY-C204，2000把，FOB Ningbo", "zh"),
            ("見積りをお願いいたします", "ja"),
            ("견적 부탁드립니다", "ko"),
            ("Пришлите пожалуйста прайс на палатки", "ru"),
            ("نريد 250 مظلة حديقة", "ar"),
        ] {
            assert_eq!(detect(text), Some(language), "{text}");
        }
        assert_eq!(detect("?? 123 ok"), None);
    }

    #[test]
    fn every_language_that_may_be_told_is_named_to_those_who_write_rules() {
        let by_letters = ["ja", "zh", "ko", "ar", "uk", "bg", "ru", "el", "he", "th"];
        let mut told: Vec<&str> = SMALL_WORDS.iter().map(|(language, _)| *language).chain(by_letters).collect();
        told.sort_unstable();
        assert_eq!(told, LANGUAGES);
    }
}
