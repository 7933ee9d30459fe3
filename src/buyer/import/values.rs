//! Cells become values: addresses, telephones, grades, stages, languages.

use crate::buyer::Stage;
use crate::grade::Grade;
use crate::message::e164;
use crate::text::normalise;

/// Values that are taken from one cell.
const MAX_VALUES: usize = 50;
/// Digits without which nothing is a telephone number.
const FEWEST_DIGITS: usize = 5;

/// The addresses of a cell, and what was meant to be one but isn't.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Addresses {
    /// Lower case.
    pub emails: Vec<String>,
    pub wrong: Vec<String>,
    /// The name before the first address: `Ann Lee <ann@kestrel.example>`.
    pub name: Option<String>,
}

pub(super) fn addresses(cell: &str) -> Addresses {
    let mut found = Addresses::default();
    let cell = cell.replace(['；', '，', '、', '＜', '＞', '\u{a0}'], ";").replace('＠', "@");
    // Access keeps a link as `shown#address#`.
    let apart = |c: char| {
        c.is_whitespace() || matches!(c, ';' | ',' | '<' | '>' | '(' | ')' | '[' | ']' | '"' | '|' | '#' | '/')
    };
    for word in cell.split(apart).filter(|word| word.contains('@')).take(MAX_VALUES) {
        let address = bare(word).to_lowercase();
        if !is_address(&address) {
            found.wrong.push(word.to_owned());
        } else if !found.emails.contains(&address) {
            found.emails.push(address);
        }
    }
    if found.emails.is_empty() && found.wrong.is_empty() && !cell.trim().is_empty() && !is_nothing(&cell) {
        found.wrong.push(cell.trim().to_owned());
    }
    let named = cell
        .split_once('<')
        .map(|(name, _)| name.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ';')));
    found.name = named.filter(|name| !name.is_empty() && !name.contains('@')).map(str::to_owned);
    found
}

/// An address without what stands around it.
fn bare(word: &str) -> &str {
    let word = word.trim_matches(|c: char| matches!(c, '\'' | '.' | ':' | '`' | '“' | '”' | '*'));
    let start = word.get(..7).filter(|start| start.eq_ignore_ascii_case("mailto:"));
    let word = start.map_or(word, |start| &word[start.len()..]);
    // `Email:ann@kestrel.example`
    word.rsplit_once([':', '：']).map_or(word, |(_, address)| address)
}

/// What people write where there is nothing: `-`, `n/a`, `无`.
pub(super) fn is_nothing(cell: &str) -> bool {
    let cell = cell.trim();
    cell.chars().all(|c| !c.is_alphanumeric())
        || matches!(
            cell.to_lowercase().as_str(),
            "n/a" | "na" | "none" | "null" | "nil" | "无" | "無" | "没有" | "暂无" | "空"
        )
}

/// Whether a text can be a mail address: one word around one `@`, and a domain of letters, digits and hyphens.
pub fn is_address(text: &str) -> bool {
    text.len() <= 254
        && text.split_once('@').is_some_and(|(local, domain)| {
            let one_word =
                !text.contains(|c: char| c.is_whitespace() || c.is_control() || crate::text::is_invisible(c));
            let labels = domain.split('.').all(|label| {
                !label.is_empty() && !label.starts_with('-') && label.chars().all(|c| c.is_alphanumeric() || c == '-')
            });
            !local.is_empty() && local.len() <= 64 && domain.contains('.') && labels && one_word
        })
}

/// A telephone number of a cell.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Number {
    /// E.164 where a numbering plan knows it, else as it is written.
    pub number: String,
    /// As it is written, where `number` says less: an extension.
    pub written: Option<String>,
}

/// The telephone numbers of a cell, and what a spreadsheet has rounded or nobody can dial.
pub(super) fn phones(cell: &str, country: Option<&str>) -> (Vec<Number>, Vec<String>) {
    let (mut numbers, mut wrong) = (Vec::<Number>::new(), Vec::new());
    for written in apart(cell).into_iter().take(MAX_VALUES) {
        let Some(whole) = whole_number(written) else {
            wrong.push(written.to_owned());
            continue;
        };
        let (dialled, extension) = without_extension(&whole);
        if digits(dialled) < FEWEST_DIGITS {
            wrong.extend((!is_nothing(written)).then(|| written.to_owned()));
            continue;
        }
        let label_end = dialled.find(|c: char| c.is_ascii_digit() || matches!(c, '+' | '(')).unwrap_or(0);
        let known = e164(&dialled[label_end..], country);
        let number = known.clone().unwrap_or_else(|| whole.trim().to_owned());
        let written = (extension && known.is_some()).then(|| written.trim().to_owned());
        if numbers.iter().all(|other| other.number != number) {
            numbers.push(Number { number, written });
        }
    }
    (numbers, wrong)
}

/// A cell's numbers: a slash or a comma parts two only where both are long enough to be one.
fn apart(cell: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    for part in cell.split(['\n', ';', '；', '、', '|', '或']).filter(|part| !part.trim().is_empty()) {
        let pieces: Vec<&str> = part.split(['/', ',', '，']).collect();
        if pieces.len() > 1 && pieces.iter().all(|piece| digits(piece) >= 7) {
            parts.extend(pieces);
        } else {
            parts.push(part);
        }
    }
    parts
}

fn digits(text: &str) -> usize {
    text.bytes().filter(u8::is_ascii_digit).count()
}

/// A number with all its digits: `8.613912345678E+12` has them, `8.6E+12` has lost them.
fn whole_number(written: &str) -> Option<String> {
    let text = written.trim();
    let Some((mantissa, exponent)) = text.split_once(['E', 'e']) else {
        let plain = text.strip_suffix(".0").or_else(|| text.strip_suffix(".00"));
        return Some(plain.filter(|plain| plain.bytes().all(|b| b.is_ascii_digit())).unwrap_or(text).to_owned());
    };
    let is_number = mantissa.bytes().all(|b| b.is_ascii_digit() || b == b'.') && !mantissa.is_empty();
    let (Some(Ok(exponent)), true) = (exponent.strip_prefix('+').map(str::parse::<usize>), is_number) else {
        return Some(text.to_owned());
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    (fraction.len() == exponent).then(|| format!("{whole}{fraction}"))
}

/// The number before its extension, and whether there is one.
fn without_extension(written: &str) -> (&str, bool) {
    let lower = written.to_ascii_lowercase();
    let marks = ["ext", "转", "轉", "分机", "доб", "#", "x", "durchwahl", "-ext"];
    let at =
        marks.iter().filter_map(|mark| lower.find(mark)).filter(|at| digits(&written[..*at]) >= FEWEST_DIGITS).min();
    at.map_or((written, false), |at| (&written[..at], true))
}

/// The grade of a cell, and whether the letter says all of it: `A+` and `A类` are an A.
pub(super) fn grade(cell: &str) -> Option<(Grade, bool)> {
    let mut letter = normalise(cell);
    for word in ["class", "grade", "level", "klasse", "等级", "级", "級", "类", "類", "等", "客户", "客戶", "+", "-"]
    {
        letter = letter.replace(word, "");
    }
    let grade = Grade::from_letter(&letter)?;
    Some((grade, cell.trim().eq_ignore_ascii_case(grade.as_str())))
}

/// What companies call their stages, beside the trade's own words.
#[rustfmt::skip]
const STAGES: [(Stage, &[&str]); 9] = [
    (Stage::Potential, &["潜在", "lead", "prospect", "新客户", "未合作", "new", "potential customer", "潜在客戶"]),
    (Stage::Intent, &["意向", "有意向", "interested", "跟进中", "洽谈中", "谈判", "negotiation", "inquiry", "已询价", "报价", "已报价", "quoted"]),
    (Stage::SampleAsked, &["要样品", "样品询价", "sample requested", "sample request", "索要样品"]),
    (Stage::SampleSent, &["寄样", "样品已寄", "送样", "已送样", "samples sent", "sampling"]),
    (Stage::FactoryVisit, &["验厂", "已看厂", "来访", "visited", "factory audit"]),
    (Stage::SampleOrder, &["样单", "样品订单"]),
    (Stage::TrialOrder, &["试单", "首单", "first order", "成交", "已成交", "成交客户", "合作客户", "已合作", "won", "customer"]),
    (Stage::RepeatOrder, &["老客户", "返单客户", "regular", "regular customer", "repeat", "repeat customer", "老客戶"]),
    (Stage::BigPotential, &["大客户", "重点客户", "vip", "key account", "大客戶"]),
];

/// The stage of a cell, and whether it is one of the trade's own words.
pub(super) fn stage(cell: &str) -> Option<(Stage, bool)> {
    if let Some(stage) = Stage::parse(cell) {
        return Some((stage, true));
    }
    let word = normalise(cell);
    let word = word.trim();
    STAGES.iter().find(|(_, words)| words.contains(&word)).map(|(stage, _)| (*stage, false))
}

/// ISO 639-1 codes with what people call the languages.
#[rustfmt::skip]
const LANGUAGES: [(&str, &[&str]); 20] = [
    ("en", &["english", "英语", "英文", "englisch", "inglés", "anglais", "inglês", "английский"]),
    ("zh", &["chinese", "中文", "汉语", "chinesisch", "mandarin", "китайский"]),
    ("es", &["spanish", "西班牙语", "español", "spanisch", "castellano", "espagnol"]),
    ("fr", &["french", "法语", "français", "französisch", "francés"]),
    ("de", &["german", "德语", "deutsch", "alemán", "allemand"]),
    ("pt", &["portuguese", "葡萄牙语", "葡语", "português", "portugiesisch"]),
    ("ru", &["russian", "俄语", "русский", "russisch"]),
    ("ar", &["arabic", "阿拉伯语", "العربية"]),
    ("ja", &["japanese", "日语", "日文", "日本語"]),
    ("ko", &["korean", "韩语", "한국어"]),
    ("it", &["italian", "意大利语", "italiano", "italienisch"]),
    ("tr", &["turkish", "土耳其语", "türkçe"]),
    ("nl", &["dutch", "荷兰语", "nederlands"]),
    ("pl", &["polish", "波兰语", "polski"]),
    ("vi", &["vietnamese", "越南语", "tiếng việt"]),
    ("th", &["thai", "泰语"]),
    ("id", &["indonesian", "印尼语", "bahasa indonesia"]),
    ("fa", &["persian", "farsi", "波斯语"]),
    ("he", &["hebrew", "希伯来语"]),
    ("sv", &["swedish", "瑞典语", "svenska"]),
];

/// The language of a cell: a code, or what people call it.
pub(super) fn language(cell: &str) -> Option<String> {
    let word = normalise(cell);
    let word = word.trim();
    let is_code = |code: &str| matches!(code.len(), 2 | 3) && code.bytes().all(|b| b.is_ascii_lowercase());
    if is_code(word.split(['-', '_']).next().unwrap_or_default()) && word.len() <= 8 {
        return Some(cell.trim().to_owned());
    }
    LANGUAGES.iter().find(|(_, names)| names.contains(&word)).map(|(code, _)| (*code).to_owned())
}

/// Whether the answer to "may we write to him" is no.
pub(super) fn is_no(cell: &str) -> bool {
    let word = normalise(cell);
    matches!(
        word.trim(),
        "no" | "n"
            | "0"
            | "false"
            | "否"
            | "不"
            | "不同意"
            | "未订阅"
            | "nein"
            | "non"
            | "não"
            | "нет"
            | "unsubscribed"
            | "opt out"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_may_hold_several_addresses_with_names() {
        let cell = "\"Lee, Ann\" <Ann@Kestrel.example>; office@kestrel.example、ann@kestrel.example";
        let found = addresses(cell);
        assert_eq!(found.emails, ["ann@kestrel.example", "office@kestrel.example"]);
        assert_eq!(found.name.as_deref(), Some("Lee, Ann"));
        assert_eq!(addresses("mailto:a@b.example#mailto:a@b.example#").emails, ["a@b.example"]);
        assert_eq!(addresses("Email:o'brien@b.example").emails, ["o'brien@b.example"]);
        for wrong in ["nobody", "a@b", "@b.example", "a@@b.example", "a@b..example"] {
            assert_eq!(
                addresses(wrong),
                Addresses { wrong: vec![wrong.to_owned()], ..Addresses::default() },
                "{wrong}"
            );
        }
        assert_eq!(addresses(" - "), Addresses::default());
    }

    #[test]
    fn telephones_of_a_cell_are_told_apart() {
        let numbers = |cell: &str, country| {
            let numbers: Vec<String> = phones(cell, country).0.into_iter().map(|n| n.number).collect();
            numbers.join(" ")
        };
        assert_eq!(numbers("+49 40 123456 / +49 170 1234567", None), "+4940123456 +491701234567");
        assert_eq!(numbers("040/1234567", Some("DE")), "+49401234567");
        assert_eq!(numbers("Tel: 0574-8765 4321", Some("CN")), "+8657487654321");
        assert_eq!(numbers("8613912345678", Some("CN")), "+8613912345678");
        assert_eq!(numbers("8.613912345678E+12", Some("CN")), "+8613912345678");
        assert_eq!(numbers("13912345678.0", Some("CN")), "+8613912345678");
        assert_eq!(numbers("0574 8765 4321", None), "0574 8765 4321", "no country: as written");
        let (found, _) = phones("0574-87654321转801", Some("CN"));
        assert_eq!(found[0], Number { number: "+8657487654321".into(), written: Some("0574-87654321转801".into()) });
        assert_eq!(phones("8.6E+12", Some("CN")), (vec![], vec!["8.6E+12".to_owned()]));
        assert_eq!(phones("ask Ann", None), (vec![], vec!["ask Ann".to_owned()]));
        assert_eq!(phones("--", None), (vec![], vec![]));
    }

    #[test]
    fn grades_stages_and_languages_are_known_in_the_companys_words() {
        assert_eq!(grade("a"), Some((Grade::A, true)));
        assert_eq!(grade("B类客户"), Some((Grade::B, false)));
        assert_eq!(grade("5 stars"), None);
        assert_eq!(stage("Trial order"), Some((Stage::TrialOrder, true)));
        assert_eq!(stage("老客户"), Some((Stage::RepeatOrder, false)));
        assert_eq!(stage("?"), None);
        assert_eq!(language("Español").as_deref(), Some("es"));
        assert_eq!(language("zh-CN").as_deref(), Some("zh-CN"));
        assert_eq!(language("whatever"), None);
    }
}
