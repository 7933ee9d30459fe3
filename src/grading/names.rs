//! The words of the rule language, and how single values are read.

use super::Grade;
use super::condition::Acquaintance;
use super::rules::Why;
use crate::buyer::Stage;
use crate::message::{Kind, LANGUAGES, Sample};
use crate::written::problems::did_you_mean;
use crate::written::reader::Mistake;
use crate::written::tree::{Table, Value};
use crate::written::values;
use jiff::civil::Weekday;

pub(super) const SAMPLES: [(&str, Sample); 5] = [
    ("none", Sample::None),
    ("requested", Sample::Requested),
    ("free", Sample::Free),
    ("courier_account", Sample::CourierAccount),
    ("paid", Sample::Paid),
];

pub(super) const ACQUAINTANCES: [(&str, Acquaintance); 2] =
    [("known", Acquaintance::Known), ("new", Acquaintance::New)];

pub(super) const WEEKDAYS: [(&str, Weekday); 7] = [
    ("mon", Weekday::Monday),
    ("tue", Weekday::Tuesday),
    ("wed", Weekday::Wednesday),
    ("thu", Weekday::Thursday),
    ("fri", Weekday::Friday),
    ("sat", Weekday::Saturday),
    ("sun", Weekday::Sunday),
];

/// ISO 3166-1 alpha-2, and Kosovo's XK.
const COUNTRIES: &str = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS \
    BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK \
    FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM \
    JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS \
    MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW \
    SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM \
    US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW";

/// A country's code, upper case.
pub(super) fn country(value: &Value) -> Result<String, Mistake> {
    let code = two_letters(value)?.to_uppercase();
    let remedy = if code == "UK" { "the United Kingdom is \"GB\"" } else { "its two letters of ISO 3166, e.g. \"DE\"" };
    let exists = COUNTRIES.split_whitespace().any(|known| known == code);
    exists.then_some(code.clone()).ok_or_else(|| Mistake::new(format!("there is no country {code:?}"), remedy))
}

/// The code of a language that inquiryd tells apart, lower case.
pub(super) fn language(value: &Value) -> Result<String, Mistake> {
    let code = two_letters(value)?.to_lowercase();
    if LANGUAGES.contains(&code.as_str()) {
        return Ok(code);
    }
    let what = format!("inquiryd does not tell the language {code:?} from others");
    Err(Mistake::new(what, format!("one of: {}", LANGUAGES.join(", "))))
}

fn two_letters(value: &Value) -> Result<String, Mistake> {
    let code = values::text(value)?;
    if code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return Ok(code);
    }
    Err(Mistake::new(format!("{code:?} is no two-letter code"), "e.g. \"de\" for a language, \"DE\" for a country"))
}

/// A relay's name, lower case.
pub(super) fn relay(value: &Value) -> Result<String, Mistake> {
    values::text(value).map(|name| name.to_lowercase())
}

/// A kind of mail that is graded.
pub(super) fn kind(value: &Value) -> Result<Kind, Mistake> {
    const REMEDY: &str = "only \"inquiry\" and \"reply\" are graded";
    let name = values::text(value)?;
    match Kind::parse(&name) {
        Some(kind @ (Kind::Inquiry | Kind::Reply)) => Ok(kind),
        Some(_) => {
            Err(Mistake::new(format!("a {} is never graded, so this rule can't fire", name.replace('_', " ")), REMEDY))
        }
        None => Err(Mistake::new(format!("there is no kind {name:?}"), REMEDY)),
    }
}

/// A stage of a buyer.
pub(super) fn stage(value: &Value) -> Result<Stage, Mistake> {
    let name = values::text(value)?;
    let known = Stage::ALL.map(Stage::as_str);
    Stage::parse(&name).ok_or_else(|| Mistake::new(format!("there is no stage {name:?}"), suggestion(&name, &known)))
}

/// A grade's letter.
pub(super) fn grade(value: &Value) -> Result<Grade, Mistake> {
    let letter = values::text(value)?;
    Grade::from_letter(&letter).ok_or_else(|| Mistake::new(format!("there is no grade {letter:?}"), "A, B, C or D"))
}

/// A rule's name.
pub(super) fn rule_id(value: &Value) -> Result<String, Mistake> {
    let id = values::text(value)?;
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    if id.chars().all(fits) {
        return Ok(id);
    }
    Err(Mistake::new(format!("{id:?} is no rule id"), "small letters, digits and hyphens, e.g. \"quantity-stated\""))
}

/// What a rule says to people: one text, or one for each language.
pub(super) fn why(value: &Value) -> Result<Why, Mistake> {
    let remedy = "one text, or { zh = \"…\", en = \"…\" }";
    let text = |table: &Table, key: &str| match table.get(key).map(|node| &node.value) {
        Some(Value::Text(text)) if !text.trim().is_empty() => Some(text.trim().to_owned()),
        _ => None,
    };
    match value {
        Value::Text(text) if !text.trim().is_empty() => {
            Ok(Why { zh: text.trim().to_owned(), en: text.trim().to_owned() })
        }
        Value::Table(table) => {
            if let Some(key) = table.keys().find(|key| !["zh", "en"].contains(&key.as_str())) {
                return Err(Mistake::new(format!("no mail is written in {key:?}"), remedy));
            }
            let (zh, en) = (text(table, "zh"), text(table, "en"));
            let either = zh.clone().or(en.clone()).ok_or_else(|| Mistake::new("this says nothing", remedy))?;
            Ok(Why { zh: zh.unwrap_or_else(|| either.clone()), en: en.unwrap_or(either) })
        }
        Value::Text(_) => Err(Mistake::new("this says nothing", remedy)),
        other => Err(Mistake::new(format!("this is {}", other.kind()), remedy)),
    }
}

/// Understands one of a closed set of names.
pub(super) fn named<T: Copy>(
    what: &'static str,
    names: &'static [(&'static str, T)],
) -> impl Fn(&Value) -> Result<T, Mistake> {
    move |value| {
        let name = values::text(value)?;
        let found = names.iter().find(|(known, _)| *known == name).map(|(_, meant)| *meant);
        let known: Vec<&str> = names.iter().map(|(known, _)| *known).collect();
        found.ok_or_else(|| Mistake::new(format!("there is no {what} {name:?}"), suggestion(&name, &known)))
    }
}

fn suggestion(name: &str, known: &[&str]) -> String {
    match did_you_mean(name, known.iter().copied()) {
        Some(near) => format!("did you mean {near:?}?"),
        None => format!("one of: {}", known.join(", ")),
    }
}
