//! Quantities with their unit, as written.

use regex::Regex;
use std::sync::LazyLock;

const MAX_ITEMS: usize = 12;

/// A number as people write it: `1,200`, `1.200`, `1 200`, `2000`.
const NUMBER: &str = r"[0-9]{1,3}(?:[.,'’ \u{a0}\u{202f}][0-9]{3})+|[0-9]{1,7}";

#[rustfmt::skip]
const UNITS: &str = concat!(
    r"(?:pcs|pieces?|pc|piece/pieces|units?|nos\.?|no\.|sets?|pairs?|dozens?|doz|cartons?|ctns?|boxes|rolls?|bags?|pallets?|containers?|fcl|tons?|tonnes?|kgs?|yards?|metres?|meters?|stk\.?|stück|stueck|st\.|stuks?|uds?\.?|un\.|unidades|unid\.?|piezas|pzas?\.?|peças|pçs\.?|pièces|pces|pezzi|pz\.?|szt\.?|sztuk[ai]?",
    r"|adet|takım|шт\.?|штук|штуки|комплект(?:а|ов)?|контейнер(?:а|ов)?|палат(?:ки|ок)|cái|chiếc|bộ|قطعة|قطع|حبة|وحدة|حاويات?|ks|kpl|db|buc|stk|st|un|бр\.?|компл\.?|пар|штуки?|τεμάχια|τεμ\.?|τμχ|σετ|יחידות|יח'?|عدد|دستگاه|sæt|sett|tk|gab\.?|vnt\.?|kom\.?|kos|buah|unit|set|lusin|sztuki|zestaw(?:y|ów)?|komplety?|kompletów|paletten|palettes?|palety|palet|konteyner|kontenery?|conteneurs?|contenedor(?:es)?|contêiner(?:es)?|contentor(?:es)?|kpl\.?|par|karton|kartons|cartoni|cajas|caixas|коробок|пал\.?)",
);
const CJK_UNITS: &str = "ชุด|ตัว|อัน|หลัง|คัน|ชิ้น|ใบ|个|個|把|张|張|顶|頂|套|件|台|只|隻|支|条|條|箱|本|脚|枚|セット|柜|櫃|개|대|세트|박스|조|컨테이너";

static WITH_UNIT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(&format!(
        concat!(
            r"(?i)(?:^|[^0-9A-Za-z.,/-])(?:(?:[0-9]{{1,3}} ?[x×*] ?(?:20|40|45) ?(?:'|’|ft|gp|hq|hc|尺)?\s?(?:gp|hq|hc|ft|containers?)?(?-u:\b)|[0-9]{{1,3}} ?(?:контейнер[а-я]*|contenedor(?:es)?|conteneurs?|kontener[a-zóy]*|konteyner|contêiner(?:es)?|contentor(?:es)?|container)(?: (?:de |à |da |din |a |на )?(?:20|40|45) ?(?:'|’|ft|hq|hc|gp|фут[а-я]*)?(?: ?(?:hc|hq|gp|high cube))?)?",
            r"|(?:{n}) ?(?:-|–|to|bis|à) ?(?:{n}) ?(?:(?:{u})(?:$|[^\p{{L}}0-9])|(?:{c}))|(?:{n}) ?\+? ?(?:{u})(?:$|[^a-z0-9])|(?:{n}) ?(?:{c})))"
        ),
        n = NUMBER, u = UNITS, c = CJK_UNITS
    ))
    .expect("a fixed pattern compiles")
});

static LABELLED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(&format!(r"(?im)(?:qty|quantity|quantities|order quantity|menge|quantité|cantidad|quantidade|quantità|количество|adet|数量|數量|수량|الكمية)\s*[:：=\t]?\s*(?:about |approx\.? |ca\. )?(?P<q>{NUMBER})"))
        .expect("a fixed pattern compiles")
});

/// A bare number in front of a word: what follows decides whether it counts goods.
static BARE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(&format!(
        r"(?P<q>{NUMBER})(?P<x> ?[x×]| (?:of|no\.)(?: the| your)?)?[ \t\u{{a0}}]*(?P<w>\(|[\p{{L}}-]+)?"
    ))
    .expect("a fixed pattern compiles")
});

/// All quantities, joined by " / ".
pub(super) fn read(text: &str, products: &[String]) -> Option<String> {
    if !text.bytes().any(|b| b.is_ascii_digit()) {
        return None;
    }
    let mut found = columns(text);
    if !found.is_empty() {
        return Some(found.join(" / "));
    }
    for hit in WITH_UNIT.find_iter(text).take(60) {
        // What stands in front of the figure belongs to the pattern, not to the quantity.
        let written = hit.as_str().trim_start_matches(|c: char| !c.is_ascii_digit());
        let start = hit.end() - written.len();
        let quantity =
            without_full_stop(written.trim_end_matches([' ', ',', ';', ')', '\n', '\t', ':', '/'])).to_owned();
        if counts_goods(text, start, start + quantity.len()) && found.len() < MAX_ITEMS && !found.contains(&quantity) {
            found.push(quantity);
        }
    }
    if found.is_empty() {
        found.extend(
            LABELLED.captures_iter(text).take(MAX_ITEMS).filter_map(|c| c.name("q")).map(|q| q.as_str().to_owned()),
        );
    }
    if found.is_empty() {
        found = bare(text, products);
    }
    (!found.is_empty()).then(|| found.join(" / "))
}

/// The quantity column of an order table whose cells are apart by tabs.
fn columns(text: &str) -> Vec<String> {
    static HEAD: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)^(?:order |purchase )?(?:qty|q.ty|quantity|quantities|menge|anzahl|stück|quantité|qté|cantidad|quantidade|qtd|quantità|aantal|ilość|количество|кол-во|adet|miktar|số lượng|数量|數量|수량|الكمية)(?-u:\b)?\W{0,3}(?:\W?(?:pcs|pc|sets|units|stk|st)\W*)?$").expect("a fixed pattern compiles")
    });
    let mut column = None;
    let mut found = Vec::new();
    for line in text.lines().filter(|l| l.contains('\t')).take(200) {
        let cells: Vec<&str> = line.split('\t').map(str::trim).collect();
        match column.and_then(|at: usize| cells.get(at)) {
            Some(cell)
                if cell.starts_with(|c: char| c.is_ascii_digit()) && cell.len() <= 20 && found.len() < MAX_ITEMS =>
            {
                found.push((*cell).to_owned())
            }
            Some(_) => {}
            None => column = column.or_else(|| cells.iter().position(|cell| HEAD.is_match(cell))),
        }
    }
    found
}

/// A full stop after a unit ends the sentence, unless it is the abbreviation's own.
fn without_full_stop(quantity: &str) -> &str {
    const ABBREVIATED: &[&str] = &[
        "бр", "τεμ", "gab", "vnt", "kom", "пал", "stk", "st", "ud", "uds", "un", "unid", "pz", "pza", "pzas", "szt",
        "шт", "no", "nos", "pçs",
    ];
    let Some(bare) = quantity.strip_suffix('.') else { return quantity };
    let lower = bare.to_lowercase();
    let unit = lower.rsplit(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
    if ABBREVIATED.contains(&unit) { quantity } else { bare }
}

/// Not a minimum the writer asks about, a packing, or somebody's stock.
fn counts_goods(text: &str, start: usize, end: usize) -> bool {
    let before = text[..start].rsplit(['\n', '.', ';']).next().unwrap_or_default();
    let before = &before[before.ceil_char_boundary(before.len().saturating_sub(40))..];
    let before = before.to_lowercase();
    let after = text[end..].get(..text[end..].floor_char_boundary(12)).unwrap_or_default().to_lowercase();
    let money = before.trim_end().ends_with(['$', '€', '£', '¥']) || before.trim_end().ends_with("usd");
    let packing = after.trim_start().starts_with("/carton")
        || after.trim_start().starts_with("/karton")
        || after.trim_start().starts_with("/ctn")
        || after.trim_start().starts_with("pack");
    // "3个月" are months.
    let months = after.starts_with('月') || after.starts_with("个月");
    !(money || packing || months || before.trim_end().ends_with("moq") || before.contains("minimum order"))
}

fn bare(text: &str, products: &[String]) -> Vec<String> {
    let mut found = Vec::new();
    for captures in BARE.captures_iter(text).take(200) {
        let Some(number) = captures.name("q") else { continue };
        let word = captures.name("w").map_or("", |w| w.as_str());
        let marked = captures.name("x").is_some();
        let value: u64 = number.as_str().chars().filter(char::is_ascii_digit).collect::<String>().parse().unwrap_or(0);
        if !(2..=5_000_000).contains(&value)
            || found.len() >= MAX_ITEMS
            || !stands_alone(text, number.start(), number.end())
        {
            continue;
        }
        let year = (1990..=2040).contains(&value) && number.as_str().len() == 4;
        let followed = text[number.end()..].chars().take(60).collect::<String>().to_lowercase();
        let catalogue = products.iter().any(|p| followed.contains(&p.to_lowercase()));
        let goods = word.chars().count() >= 3 && !is_measure(word);
        if (marked && !year && word.chars().count() >= 2 || catalogue && !year || goods && !year && value >= 10)
            && !is_measure(word)
        {
            found.push(number.as_str().to_owned());
        }
    }
    found
}

/// Neither part of a longer number, a date, a price, a code nor a telephone number.
fn stands_alone(text: &str, start: usize, end: usize) -> bool {
    let before = text[..start].trim_end_matches(' ');
    let glued = text[..start].chars().next_back();
    let after = text[end..].chars().next();
    let second = text[end..].chars().nth(1);
    let joins = |c: char| {
        c.is_alphanumeric()
            || matches!(c, '.' | ',' | '/' | '-' | ':' | '#' | '+' | '(' | '%' | '@' | '_' | '\'' | '&' | '=')
    };
    if glued.is_some_and(|c| joins(c) && c != '(')
        || after.is_some_and(|c| matches!(c, '/' | '-' | ':' | '%' | '@' | '_' | '°' | '"' | '\''))
    {
        return false;
    }
    if matches!(after, Some('.' | ',')) && second.is_some_and(|c| c.is_ascii_digit()) {
        return false;
    }
    let last_word = before.rsplit(|c: char| c.is_whitespace()).next().unwrap_or_default().to_lowercase();
    const REFERENCES: &[&str] = &[
        "rfq",
        "rfi",
        "inquiry",
        "enquiry",
        "ticket",
        "quotation",
        "invoice",
        "contract",
        "hs",
        "id",
        "no",
        "no.",
        "nr",
        "nr.",
        "ref",
        "ref.",
        "usd",
        "us$",
        "$",
        "€",
        "eur",
        "£",
        "tel",
        "tel.",
        "phone",
        "po",
        "pi",
        "week",
        "kw",
        "page",
        "issue",
        "hall",
        "booth",
        "room",
        "model",
        "in",
        "since",
        "until",
        "by",
        "saison",
        "season",
        "art.",
        "item",
        "din",
        "en",
        "iso",
        "hy",
        "tel:",
        "whatsapp",
        "mobile",
        "fax",
        "unit",
        "suite",
        "st.",
        "straße",
        "street",
        "box",
        "#",
        "№",
        "rmb",
        "price",
        "vat",
        "moq",
        "moq:",
        "minimum",
    ];
    let digits_before = before.chars().next_back().is_some_and(|c| c.is_ascii_digit());
    !REFERENCES.contains(&last_word.as_str()) && !last_word.ends_with(['$', '€', '£', '¥']) && !digits_before
}

/// Words after a number that measure time, money, size or people, not goods.
fn is_measure(word: &str) -> bool {
    #[rustfmt::skip]
    const MEASURES: &[&str] = &[
        "mm", "cm", "m", "meter", "metre", "km", "ft", "feet", "foot", "inch", "inches", "in", "kg", "kgs", "g", "gr", "gram", "grams", "lb", "lbs", "oz", "l", "ml", "litre", "w", "watt", "watts", "v", "volt", "mah", "lumen", "d", "gsm", "denier", "led",
        "day", "days", "week", "weeks", "month", "months", "year", "years", "hour", "hours", "minute", "minutes", "min", "am", "pm", "clock", "jan", "january", "feb", "february", "mar", "march", "apr", "april", "may", "jun", "june", "jul", "july", "aug", "august", "sep", "sept", "september",
        "oct", "october", "nov", "november", "dec", "december", "tage", "tagen", "tag", "wochen", "monate", "monaten", "jahre", "jahren", "jahr", "uhr", "jours", "jour", "semaines", "mois", "ans", "année", "heures", "días", "dias", "semanas", "meses", "años", "anos", "horas", "giorni", "settimane",
        "mesi", "anni", "dagen", "weken", "maanden", "jaar", "dni", "lat", "miesięcy", "дней", "дня", "лет", "года", "году", "недель", "месяцев", "часов", "gün", "ay", "yıl", "ngày", "tháng", "năm", "days,",
        "usd", "eur", "euro", "euros", "dollar", "dollars", "rmb", "cny", "pounds", "gbp", "доллара", "долларов", "руб", "рублей", "دولار", "percent", "stores", "shops", "countries", "customers", "people", "persons", "person", "personas", "personnes", "personen", "employees", "suppliers", "factories", "buyers",
        "campings", "orders", "pedidos", "exhibitors", "years'", "of", "and", "or", "to", "the", "at", "for", "from", "per", "x", "par", "und", "et", "y", "e", "i", "и", "с", "в", "till", "old", "different", "times", "percent,", "noviembre", "novembre", "november,", "dezember", "januar", "februar", "märz", "mai", "juni", "juli", "oktober",
        "janvier", "février", "mars", "avril", "juin", "juillet", "août", "septembre", "octobre", "décembre", "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "diciembre", "janeiro", "fevereiro", "março", "setembro", "outubro", "dezembro", "gennaio", "febbraio",
        "aprile", "maggio", "giugno", "luglio", "settembre", "ottobre", "dicembre", "января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября", "декабря", "ocak", "şubat", "mart", "nisan", "mayıs", "haziran", "temmuz", "ağustos", "eylül", "ekim", "kasım", "aralık",
        "wood", "berlin", "hamburg", "persone", "pers", "side", "sided", "dealers", "branches", "filialen", "tiendas", "lojas", "магазинов", "st", "street", "road", "avenue", "floor", "rue", "calle", "via", "workdays", "questions", "samples", "colours", "colors", "couleurs", "containers,",
    ];
    let word = word.to_lowercase();
    MEASURES.contains(&word.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quantity(text: &str) -> Option<String> {
        read(text, &[])
    }

    #[test]
    fn quantities_with_a_unit_are_read_as_written() {
        for (text, expected) in [
            ("please quote 2,000 pcs of chairs", "2,000 pcs"),
            ("1x40HQ mix color", "1x40HQ"),
            ("1 x 20ft vouwstoelen", "1 x 20ft"),
            ("600 Stk. Schirm", "600 Stk."),
            ("数量 300 頂", "300 頂"),
            ("примерно 5500 шт", "5500 шт"),
            ("Adet: 5000", "5000"),
            ("Qtd: 150 un\nPorto: Itajaí", "150 un"),
            ("потрібно 1000-1500 шт на сезон", "1000-1500 шт"),
            ("cotización para 1 contenedor de 40' HC completo", "1 contenedor de 40' HC"),
            ("1 kontener 40HQ leżaków", "1 kontener 40HQ"),
            ("จำนวน 800 ชุด", "800 ชุด"),
            ("Parasoll 3x3 m, grå - 900 st\nFot - 900 st", "900 st"),
            ("600 бр. чадъри", "600 бр."),
            ("400 τεμάχια", "400 τεμάχια"),
            ("350 tables pliantes", "350"),
            ("we take 150 HY-T120 grey", "150"),
        ] {
            assert_eq!(quantity(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn measures_dates_and_prices_are_no_quantities() {
        for text in [
            "3 m parasol, 300 cm",
            "on 24 November 2026",
            "USD 3.10 each",
            "ref. 620",
            "25 years of experience",
            "call 0574 8765 4321",
            "MOQ 1000 pcs?",
        ] {
            assert_eq!(quantity(text), None, "{text}");
        }
    }
}
