//! Figures that only business has: of pieces, of measures, of money.

use regex::Regex;
use std::sync::LazyLock;

static FIGURE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"[0-9][0-9.,]*\s*(?:[k]?g|kgs|kilos?|tons?|tonnes?|mt|lbs?|mm|cm|inch(?:es)?|cbm|m2|m3|m²|m³|sqm|pcs?|pieces?|pces|sets?|units?|pairs?|dozen|ctns?|cartons?|boxes|pallets?|rolls?|hq|hc|ft|fcl)(?:[^\p{Alphabetic}]|$)",
        r"|[0-9][0-9.,]*\s*(?:stück|stk|stck|paar|kartons?|paletten|pièces?|unités?|palettes?|piezas?|unidades|cajas|juegos|peças?|pçs|caixas|conjuntos|pezzi|pz|cartoni|stuks?|dozen|sztuk|szt|kompletów|штук|шт|комплект|коробок|тонн|кг|мм|см|adet|takım|koli|kutu|قطعة|قطع|طقم|كرتون|طن|cái|chiếc|bộ|thùng|kiện|buah|set|unit|dus|st(?:yck)|stk|kpl|ks|kusů|db|buc|bucăți|τεμάχια|τεμ)",
        r"|[0-9]\s*(?:件|套|台|箱|张|張|把|只|隻|双|對|对|吨|噸|公斤|公分|厘米|毫米|柜|櫃|本入|脚|枚|セット|個入|ケース|トン|개(?:[^월]|$)|세트|박스|대|장|톤|ชิ้น|ชุด|ตัว|กล่อง|יחידות|יח')",
        r"|(?:usd|eur|gbp|cny|rmb|jpy|us\$|[$€£¥₩₹₽])\s*[0-9]|[0-9]\s*(?:usd|eur|euros?|gbp|cny|rmb|dollars?|dólares|доллар|руб|[$€£¥₩₹₽%]|元|円|원|美元|美金|ドル|달러)"
    ))
    .expect("a fixed pattern compiles")
});

/// A bare number that is neither day, hour, year nor part of something longer.
static NUMBER: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?:^|\s)([0-9]{2,6})(?:\s\p{Alphabetic}|\s*$)").expect("a fixed pattern compiles"));

/// Whether the text counts, measures or prices something.
pub(super) fn counts(text: &str) -> bool {
    FIGURE.is_match(text)
}

/// What has a number of its own.
static NUMBERED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"ticket|case|number|nummer|numéro|número|numero|request|номер|numar|编号|番号|번호|#|\bn[ro]\b")
        .expect("a fixed pattern compiles")
});

static DATE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?:^|[^0-9])(?:[0-9]{1,2}[./:-][0-9]{1,2}|(?:19|20)[0-9]{2})(?:[^0-9]|$)|[月日월일]",
        r"|^\W*(?:(?:il|el|le|am|den|on|op|dnia|dia|em|vom|ab|from|to|al|au)\s+)?(?:[12]?[0-9]|3[01])(?:st|nd|rd|th)?\s+\p{Alphabetic}+\s*$|^\W*\p{Alphabetic}+\s+(?:[12]?[0-9]|3[01])(?:st|nd|rd|th)?\s*$"
    ))
    .expect("a fixed pattern compiles")
});

/// The point of an ordinal was taken for the end of a sentence: "until 4. May".
static DAY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^\s*[0-9]{1,2}\s*$|\b(?:bis|zum|am|ab|vom|seit|dem|do|od|dne|til|till|t\.o\.m|den|fra|från|med|d\.)\s+(?:[0-9]{1,2}\.)?(?:[12]?[0-9]|3[01])\s*$")
        .expect("a fixed pattern compiles")
});

/// Who is there, and only the day is told: "I am until 12.12. not in the office".
static LEADS_TO_A_DAY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^\s*(?:ich bin|wir sind|jeg er|vi er|jag är|vi är|jsem|jsme|v době|v období|in der zeit|im zeitraum|i perioden)\s(?:\S+\s){1,2}[0-9.]+\s*$")
        .expect("a fixed pattern compiles")
});

pub(super) fn leads_to_a_day(clause: &str) -> bool {
    LEADS_TO_A_DAY.is_match(clause)
}

pub(super) fn is_a_date(clause: &str) -> bool {
    DATE.is_match(clause)
}

pub(super) fn ends_in_a_day(clause: &str) -> bool {
    DAY.is_match(clause)
}

/// Whether a clause holds a number that can't be a date or an hour.
pub(super) fn has_amount(clause: &str) -> bool {
    !NUMBERED.is_match(clause)
        && NUMBER.captures_iter(clause).any(|found| {
            let value = found[1].parse::<u32>().unwrap_or_default();
            value > 60 && !(1990..2100).contains(&value)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_hours_and_telephones_count_nothing() {
        for text in [
            "until 3. 12. 2026",
            "within 24 hours",
            "3个月",
            "5월 3일",
            "12月8日",
            "+44 20 7946 0011",
            "48 h",
            "3 months",
        ] {
            assert!(!counts(text), "{text}");
        }
        for text in
            ["300 pcs", "usd 4.20", "4,20 €", "200把", "500 adet", "30 sztuk", "200개", "45 cm", "12 штук", "2 x 40hq"]
        {
            assert!(counts(text), "{text}");
        }
        assert!(has_amount("another 400 of those") && !has_amount("until 12 december 2026"));
    }
}
