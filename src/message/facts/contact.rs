//! Telephone numbers and websites, as written.

use crate::message::phone;
use regex::Regex;
use std::sync::LazyLock;

const MAX_FOUND: usize = 10;
const MIN_DIGITS: usize = 7;

static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\(?(?:\+|[0-9])[0-9 ()./\u{a0}\u{2011}–-]{5,24}[0-9]").expect("a fixed pattern compiles")
});

/// A word in front of a number that makes it a telephone's.
static LABEL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:(?:^|[^\p{L}])(?:tel|phone|fono|fon|mob|cel|cell|whats ?app|wechat|zalo|viber|telegram|call|fax|ph|direct|téléphone|telefon\p{L}*|teléfono|celular|móvil|тел\p{L}*|моб\p{L}*|điện thoại|sđt|gsm|tlf|tfn|puh|mobil\p{L}*|handy|port|hp|wa|t|m|p|whatsapp/wechat|imo|signal|kakao\w*)|τηλ|κιν|טל|נייד|โทร|มือถือ|تلفن|موبایل|电话|電話|手机|手機|手机号|携帯|携帯電話|微信|移动电话|传真|전화|핸드폰|휴대폰|هاتف|جوال|واتس\s?اب|الواتساب)\W{0,4}$").expect("a fixed pattern compiles")
});
/// A word in front of a number that makes it something else.
static OTHER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:account|acc|a/c|number is|konto|iban|swift|vat|tax|ref|order|invoice|p\.?o\.?|pi|no|nr|box|postfach|tracking|awb|batch|lot|item|model|art|sku|code|fein|abn|acn|rut|ruc|cuit|siret|siren|inn|инн|кпп|огрн|р/с|bsb|sort code|cage|duns|passport|licen[cs]e|计정|계정|账号|帳號|ein|gst|cnpj|cpf|nif|ust|hrb|isbn|ean|upc|hs(?: code)?|zip|nit|afm|αφμ|nip|regon|krs|kvk|orgnr|org|#)\W{0,4}$").expect("a fixed pattern compiles")
});

/// Telephone numbers in a text, as written; those whose place says that they begin with a country code get its `+`.
pub(in crate::message) fn phones(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for (number, line) in crate::text::lines(text).enumerate() {
        if line.bytes().filter(u8::is_ascii_digit).count() < MIN_DIGITS {
            continue;
        }
        for hit in NUMBER.find_iter(line).take(20) {
            for phone in apart(line, hit.start(), hit.as_str(), number == 0) {
                if found.len() < MAX_FOUND && !found.contains(&phone) {
                    found.push(phone);
                }
            }
        }
    }
    found
}

/// One match may hold two numbers: "040 123456 / 0171 1234567".
fn apart(line: &str, start: usize, matched: &str, first_line: bool) -> Vec<String> {
    let digits = |text: &str| text.bytes().filter(u8::is_ascii_digit).count();
    let two = matched.split_once('/').filter(|(a, b)| digits(a) >= MIN_DIGITS && digits(b) >= MIN_DIGITS);
    let parts = match two {
        Some((a, b)) => vec![(start, a), (start + a.len() + 1, b)],
        None => vec![(start, matched)],
    };
    let phone = |(at, part): (usize, &str)| {
        let lead = part.len() - part.trim_start_matches([' ', '/']).len();
        let written = part.trim_matches([' ', '/']);
        let written = written.trim_end_matches(|c: char| !c.is_ascii_digit());
        let is_label = LABEL.is_match(&line[..start]);
        if is_linked(&line[..start], written) || begins_with_code(&line[..start], written, is_label) {
            return Some(format!("+{}", written.chars().filter(char::is_ascii_digit).collect::<String>()));
        }
        is_phone(line, at + lead, at + lead + written.len(), written, first_line).then(|| written.to_owned())
    };
    parts.into_iter().filter_map(phone).collect()
}

/// "wa.me/233245550147": such links begin with the country code.
fn is_linked(before: &str, written: &str) -> bool {
    const LINKS: &[&str] = &["wa.me/", "phone=", "number=%2b", "number=", "whatsapp.com/", "t.me/"];
    let tail = before[before.ceil_char_boundary(before.len().saturating_sub(16))..].to_ascii_lowercase();
    LINKS.iter().any(|link| tail.ends_with(link)) && crate::message::phone::abroad(written).is_some()
}

/// "WhatsApp: 233 24 555 0147", "Tel: 971-50-5550148": too long for a national number, and a plan knows it.
fn begins_with_code(before: &str, written: &str, labelled: bool) -> bool {
    let digits: String = written.chars().filter(char::is_ascii_digit).collect();
    if !labelled || digits.len() < 11 || digits.starts_with('0') || written.starts_with(['+', '(']) {
        return false;
    }
    let tail = before[before.ceil_char_boundary(before.len().saturating_sub(20))..].to_ascii_lowercase();
    let world = ["whatsapp", "whats app", "viber", "telegram", "واتس"].iter().any(|service| tail.contains(service));
    let leads_alone = written.split(|c: char| !c.is_ascii_digit()).next().is_some_and(|code| code.len() <= 3);
    (world || digits.len() >= 12 && leads_alone)
        && !digits.starts_with("13")
        && crate::message::phone::abroad(&digits).is_some()
}

fn is_phone(line: &str, start: usize, end: usize, written: &str, first_line: bool) -> bool {
    let digits: String = written.chars().filter(char::is_ascii_digit).collect();
    let glued = line[..start].chars().next_back().is_some_and(|c| {
        c.is_alphanumeric() && c.is_ascii() || matches!(c, '.' | '/' | '-' | '@' | '#' | '$' | '€' | '_' | '=')
    }) || line[end..]
        .chars()
        .next()
        .is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '@' | '%' | '_' | '€' | '$'));
    if glued || !(MIN_DIGITS..=15).contains(&digits.len()) || looks_like_date(written) {
        return false;
    }
    let before = &line[..start];
    if LABEL.is_match(before) {
        return true;
    }
    if OTHER.is_match(before) {
        return false;
    }
    if phone::is_international(written) {
        return written.contains('+') || phone::e164(written, None).is_some();
    }
    if is_grouped_amount(written) || followed_by_unit(&line[end..]) {
        return false;
    }
    // Without a label: a national number in a line that holds little else, or at the end of a signature line.
    let rest = line.len().saturating_sub(written.len());
    let national =
        written.starts_with(['0', '(']) || written.contains('-') || digits.len() == 11 && digits.starts_with('1');
    let last_on_line = line[end..].trim().is_empty();
    // A grouped number alone on its line, under somebody's name.
    let alone = !first_line
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

/// "1.200.000" counts something.
fn is_grouped_amount(written: &str) -> bool {
    let mut groups = written.split(['.', ',']);
    let first = groups.next().unwrap_or_default();
    let mut rest = groups.peekable();
    rest.peek().is_some() && (1..=3).contains(&first.len()) && rest.all(|g| g.len() == 3) && !written.starts_with('0')
}

fn followed_by_unit(after: &str) -> bool {
    const UNITS: &[&str] =
        &["pcs", "pieces", "sets", "units", "mm", "cm", "kg", "usd", "eur", "stk", "stück", "шт", "个", "件"];
    let after = after.trim_start().to_lowercase();
    UNITS.iter().any(|unit| after.starts_with(unit))
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
    if !text.contains("://") && !text.contains("www.") && !text.contains("WWW.") {
        return found;
    }
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
            ("WhatsApp: 233 24 555 0147", "+233245550147"),
            ("https://wa.me/971505550148", "+971505550148"),
            ("Tel: 971-50-5550148", "+971505550148"),
            ("Mob 98765 43210", "98765 43210"),
        ] {
            assert_eq!(phones(text), [phone], "{text}");
        }
    }

    #[test]
    fn two_numbers_on_one_line_are_two_numbers() {
        assert_eq!(phones("Tel. 040 1234567 / 0171 1234567"), ["040 1234567", "0171 1234567"]);
    }

    #[test]
    fn accounts_dates_and_sizes_are_no_telephones() {
        for text in [
            "DHL account - number is 950 000 123",
            "2026-11-02 10:12",
            "size 120 x 60",
            "VAT 123456789",
            "2 500 000 pcs",
            "PO 4500012345",
            "HS code 9401790000",
            "we sold 1.200.000 last year",
            "tracking 1234567890",
            "ABN 51 824 753 556",
        ] {
            assert_eq!(phones(text), Vec::<String>::new(), "{text}");
        }
    }
}
