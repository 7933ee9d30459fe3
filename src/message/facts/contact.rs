//! Telephone numbers and websites, as written.

use crate::message::phone;
use crate::text::with_ascii_digits;
use regex::Regex;
use std::sync::LazyLock;

const MAX_FOUND: usize = 10;
/// Lines at the end of a mail where people sign.
const SIGNATURE_LINES: usize = 12;

static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\(?(?:\+|[0-9])[0-9 ()./\u{a0}\u{2011}–-]{5,24}[0-9]").expect("a fixed pattern compiles")
});

/// A word in front of a number that makes it a telephone's.
static LABEL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:(?:^|[^\p{L}])(?:tel|phone|fono|fon|mob|cel|cell|whats ?app|wechat|zalo|viber|telegram|call|fax|ph|direct|téléphone|telefon\p{L}*|teléfono|celular|móvil|тел\p{L}*|моб\p{L}*|điện thoại|sđt|gsm|tlf|tfn|puh|mobil\p{L}*|handy|port|cel|hp|wa|t|m|p)|τηλ|κιν|טל|נייד|โทร|มือถือ|तेल|تلفن|موبایل|电话|電話|手机|手機|전화|핸드폰|휴대폰|هاتف|جوال|واتس\s?اب|الواتساب)\W{0,4}$").expect("a fixed pattern compiles")
});
/// A word in front of a number that makes it something else.
static OTHER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:account|acc|a/c|number is|konto|iban|swift|vat|tax|ref|order|invoice|po|pi|no|nr|计정|계정|账号|帳號|ein|gst|cnpj|cpf|nif|ust|hrb|isbn|ean|upc|hs(?: code)?|zip|siret|siren|ruc|nit|rut|abn|afm|inn|инн|αφμ|nip|regon|krs|kvk|orgnr|org|#)\W{0,4}$").expect("a fixed pattern compiles")
});

/// Telephone numbers in a text.
pub(in crate::message) fn phones(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for hit in NUMBER.find_iter(text).take(200) {
        if found.len() == MAX_FOUND {
            break;
        }
        let written = hit.as_str().trim_end_matches(|c: char| !c.is_ascii_digit());
        let written = written.trim_end_matches(['(', ')', ' ']);
        if is_phone(text, hit.start(), hit.start() + written.len(), written) && !found.iter().any(|f| f == written) {
            found.push(written.to_owned());
        }
    }
    found
}

/// The numbers found, as E.164 where a numbering plan knows them. Once the writer's country is known, a number that is one
/// of its plan and fills the end of a line is a telephone's, too.
pub(in crate::message) fn with_national_numbers(text: &str, found: Vec<String>, home: Option<&str>) -> Vec<String> {
    let mut phones: Vec<String> = Vec::new();
    let mut push = |written: &str, known_only: bool| {
        let known = phone::e164(written, home).map(|phone| phone.e164);
        let number = if known_only { known } else { Some(known.unwrap_or_else(|| written.to_owned())) };
        if let Some(number) = number.filter(|n| !phones.contains(n) && phones.len() < MAX_FOUND) {
            phones.push(number);
        }
    };
    found.iter().for_each(|written| push(written, false));
    let text = with_ascii_digits(text);
    if found.is_empty() && home.is_some() {
        let tail = text.lines().rev().map(str::trim).filter(|line| !line.is_empty()).take(SIGNATURE_LINES);
        let short = tail.filter(|line| line.len() <= 60 && line.bytes().any(|b| b.is_ascii_digit()));
        for line in short {
            for hit in NUMBER.find_iter(line) {
                let whole = line[hit.end()..].trim().is_empty() && !OTHER.is_match(&line[..hit.start()]);
                let grouped = hit.as_str().trim().contains([' ', '-', '.']);
                if whole && grouped && !looks_like_date(hit.as_str()) {
                    push(hit.as_str().trim(), true);
                }
            }
        }
    }
    phones
}

fn is_phone(text: &str, start: usize, end: usize, written: &str) -> bool {
    let digits: String = written.chars().filter(char::is_ascii_digit).collect();
    let glued =
        text[..start].chars().next_back().is_some_and(|c| {
            c.is_alphanumeric() && c.is_ascii() || matches!(c, '.' | '/' | '-' | '@' | '#' | '$' | '€')
        }) || text[end..].chars().next().is_some_and(|c| c.is_ascii_alphanumeric() || c == '@' || c == '%');
    if glued || !(7..=15).contains(&digits.len()) || looks_like_date(written) {
        return false;
    }
    let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let line_end = text[end..].find('\n').map_or(text.len(), |at| end + at);
    let before = &text[line_start..start];
    let international =
        written.starts_with('+') || written.starts_with("00") && digits.len() >= 10 || written.starts_with("(+");
    if international || LABEL.is_match(before) {
        return true;
    }
    if OTHER.is_match(before) {
        return false;
    }
    // Without a label: a national number in a line that holds little else, or at the end of a signature line.
    let rest = text[line_start..line_end].len().saturating_sub(written.len());
    let national =
        written.starts_with(['0', '(']) || written.contains('-') || digits.len() == 11 && digits.starts_with('1');
    let last_on_line = text[end..line_end].trim().is_empty();
    // A grouped number alone on its line, under somebody's name.
    let alone = line_start > 0
        && last_on_line
        && before.trim().is_empty()
        && written.contains(' ')
        && (8..=11).contains(&digits.len());
    if alone {
        return true;
    }
    digits.len() >= 8 && national && (rest <= 12 || last_on_line || written.starts_with('('))
        || national && digits.len() >= 9 && written.starts_with('0') && !written.contains('/')
}

fn looks_like_date(written: &str) -> bool {
    let parts: Vec<&str> = written.split(|c: char| !c.is_ascii_digit()).filter(|p| !p.is_empty()).collect();
    let plausible = |p: &str| p.parse::<u32>().is_ok_and(|n| (1..=31).contains(&n));
    let year = |p: &str| p.len() == 4 && (p.starts_with("19") || p.starts_with("20"));
    match parts.as_slice() {
        [a, b, c, ..] => {
            year(a) && plausible(b) && plausible(c)
                || plausible(a) && plausible(b) && year(c) && a.len() <= 2 && b.len() <= 2
        }
        [a, b] => year(a) && year(b) || a.len() <= 3 && b.len() == 3 && written.contains(['.', ',']),
        _ => false,
    }
}

static SITE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:https?://|(?-u:\b)www\.)[a-z0-9][a-z0-9.-]*\.[a-z]{2,}[^\s<>()\x22]*")
        .expect("a fixed pattern compiles")
});

/// Websites in a text.
pub(in crate::message) fn websites(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for hit in SITE.find_iter(text).take(100) {
        let site: String =
            hit.as_str().trim_end_matches(['.', ',', ';', '!', '?', '\'', '|']).chars().take(200).collect();
        if found.len() < MAX_FOUND && !found.contains(&site) {
            found.push(site);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_many_lands_are_read_as_written() {
        for (text, phone) in [
            ("WhatsApp +233 24 555 0147", "+233 24 555 0147"),
            ("Fern\n07700 900 218\n", "07700 900 218"),
            ("Tel. 030 23125 417", "030 23125 417"),
            ("(11) 5550-1842", "(11) 5550-1842"),
            ("TEL 03-5550-0148", "03-5550-0148"),
            ("周经理 13800000000", "13800000000"),
        ] {
            assert_eq!(phones(text), [phone], "{text}");
        }
    }

    #[test]
    fn accounts_dates_and_sizes_are_no_telephones() {
        for text in [
            "DHL account - number is 950 000 123",
            "2026-11-02 10:12",
            "size 120 x 60",
            "VAT 123456789",
            "2 500 000 pcs",
        ] {
            assert_eq!(phones(text), Vec::<String>::new(), "{text}");
        }
    }
}
