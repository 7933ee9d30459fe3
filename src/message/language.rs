//! The language of the writer's own words.

use std::sync::LazyLock;
use whatlang::{Detector, Lang};

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
        _ if latin >= 12 => LATIN.detect_lang(sample).map(code),
        _ => None,
    }
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
}
