//! grading.toml becomes rules; every mistake in it is noted with its line.

use super::Grade;
use super::rules::{Acquaintance, Conditions, Effect, Fact, RuleFile, Thresholds, Why, Words, WrittenRule};
use crate::message::{Kind, Sample};
use crate::written::problems::{Place, Problem, did_you_mean};
use crate::written::reader::{Found, Mistake, Reader};
use crate::written::tree::{self, Table, Value};
use crate::written::values;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

const FACTS: [(&str, Fact); 12] = [
    ("quantity", Fact::Quantity),
    ("target_price", Fact::TargetPrice),
    ("incoterm", Fact::Incoterm),
    ("port", Fact::Port),
    ("products", Fact::Products),
    ("certificates", Fact::Certificates),
    ("phones", Fact::Phones),
    ("websites", Fact::Websites),
    ("company", Fact::Company),
    ("country", Fact::Country),
    ("email", Fact::Email),
    ("attachments", Fact::Attachments),
];

const SAMPLES: [(&str, Sample); 5] = [
    ("none", Sample::None),
    ("requested", Sample::Requested),
    ("free", Sample::Free),
    ("courier_account", Sample::CourierAccount),
    ("paid", Sample::Paid),
];

const KINDS: [(&str, Kind); 10] = [
    ("inquiry", Kind::Inquiry),
    ("reply", Kind::Reply),
    ("bounce", Kind::Bounce),
    ("auto_reply", Kind::AutoReply),
    ("newsletter", Kind::Newsletter),
    ("spam", Kind::Spam),
    ("pitch", Kind::Pitch),
    ("platform_notice", Kind::PlatformNotice),
    ("internal", Kind::Internal),
    ("command", Kind::Command),
];

const ACQUAINTANCES: [(&str, Acquaintance); 2] = [("known", Acquaintance::Known), ("new", Acquaintance::New)];

/// Word lists by name, of `[lists]`.
type Lists = BTreeMap<String, Vec<Found<String>>>;

pub(super) fn parse(text: &str, file: &str) -> Result<RuleFile, Vec<Problem>> {
    let (node, syntax) = tree::parse(text, file);
    if !syntax.is_empty() {
        return Err(syntax);
    }
    let problems = RefCell::new(Vec::new());
    let empty = Table::new();
    let table = if let Value::Table(table) = &node.value { table } else { &empty };
    let root = Reader::new(table, Place::file(file), &problems);
    let thresholds = read_thresholds(root.section("thresholds"));
    let lists = read_lists(&root.section("lists"));
    let mut ids = BTreeSet::new();
    let rules = root.sections("rule").into_iter().filter_map(|rule| read_rule(rule, &lists, &mut ids)).collect();
    root.finish();
    let problems = problems.into_inner();
    if problems.is_empty() { Ok(RuleFile { thresholds, rules }) } else { Err(problems) }
}

fn read_thresholds(section: Reader<'_>) -> Thresholds {
    let score = |key, default| section.or(key, values::integer(-10_000..=10_000), default);
    let thresholds = Thresholds { a: score("A", 60), b: score("B", 35), c: score("C", 15) };
    if !(thresholds.a > thresholds.b && thresholds.b > thresholds.c) {
        let what = format!("A = {}, B = {} and C = {} are out of order", thresholds.a, thresholds.b, thresholds.c);
        section.wrong("A", Mistake::new(what, "A must be above B, and B above C"));
    }
    section.finish();
    thresholds
}

fn read_lists(section: &Reader<'_>) -> Lists {
    let names = section.entries().map(|(name, _)| name);
    names.map(|name| (name.to_owned(), section.list(name, values::text).unwrap_or_default())).collect()
}

fn read_rule(rule: Reader<'_>, lists: &Lists, ids: &mut BTreeSet<String>) -> Option<WrittenRule> {
    let id = rule.required("id", rule_id, "a short name that is used once, e.g. id = \"quantity-stated\"");
    if let Some(id) = id.clone().filter(|id| !ids.insert(id.clone())) {
        rule.wrong("id", Mistake::new(format!("there is a rule {id} already"), "give each rule an id of its own"));
    }
    let why = rule.required(
        "why",
        read_why,
        "what people read, e.g. why = { zh = \"写明数量\", en = \"states a quantity\" }",
    );
    let effect = read_effect(&rule);
    let one_of = |list| rule.values(list, values::text);
    let conditions = Conditions {
        facts: rule.values("facts", named("fact", &FACTS)),
        lacks: rule.values("lacks", named("fact", &FACTS)),
        sample: rule.values("sample", named("sample", &SAMPLES)),
        buyer: rule.optional("buyer", named("buyer", &ACQUAINTANCES)),
        kind: rule.values("kind", named("kind", &KINDS)),
        relay: one_of("relay").iter().map(|name| name.to_lowercase()).collect(),
        language: rule.values("language", two_letters).iter().map(|code| code.to_lowercase()).collect(),
        country: rule.values("country", two_letters).iter().map(|code| code.to_uppercase()).collect(),
    };
    let words = |key| expand(&rule, rule.list(key, values::text).unwrap_or_default(), lists);
    let words = Words {
        text: words("text"),
        subject: words("subject"),
        sender: words("sender"),
        unless: words("unless"),
        unless_sender: words("unless_sender"),
    };
    check_conditions(&rule);
    rule.finish();
    Some(WrittenRule { id: id?, why: why?, effect: effect?, conditions, words })
}

fn read_effect(rule: &Reader<'_>) -> Option<Effect> {
    let grade = |value: &Value| {
        let letter = values::text(value)?;
        Grade::from_letter(&letter).ok_or_else(|| Mistake::new(format!("there is no grade {letter:?}"), "A, B, C or D"))
    };
    let (floor, ceiling) = (rule.optional("floor", grade), rule.optional("ceiling", grade));
    if !rule.has("points") && !rule.has("floor") && !rule.has("ceiling") {
        rule.missing("points", "e.g. points = 20, or -20; or a grade as floor or ceiling");
        return None;
    }
    Some(Effect { points: rule.or("points", values::integer(-1000..=1000), 0), floor, ceiling })
}

/// A rule without conditions would fire for every mail, and so would one whose list came out empty.
fn check_conditions(rule: &Reader<'_>) {
    const CONDITIONS: [&str; 13] = [
        "text",
        "subject",
        "sender",
        "unless",
        "unless_sender",
        "facts",
        "lacks",
        "sample",
        "buyer",
        "kind",
        "relay",
        "language",
        "country",
    ];
    if !CONDITIONS.iter().any(|key| rule.has(key)) {
        rule.wrong_here(Mistake::new("this rule would fire for every mail", "add a condition, e.g. text = [\"…\"]"));
    }
    for key in CONDITIONS {
        if rule.is_empty_list(key) {
            rule.wrong(key, Mistake::new("this list is empty", "put something into it, or take the line out"));
        }
    }
}

/// Puts the words of `[lists]` in the place of `list:NAME`.
fn expand(rule: &Reader<'_>, words: Vec<Found<String>>, lists: &Lists) -> Vec<Found<String>> {
    let mut expanded = Vec::new();
    for word in words {
        let Some(name) = word.value.strip_prefix("list:") else {
            expanded.push(word);
            continue;
        };
        match lists.get(name.trim()) {
            Some(list) => expanded.extend(list.iter().cloned()),
            None => {
                let remedy = match did_you_mean(name.trim(), lists.keys().map(String::as_str)) {
                    Some(near) => format!("did you mean list:{near}?"),
                    None => format!("add {} = [\"…\"] to [lists]", name.trim()),
                };
                rule.wrong_at(&word, Mistake::new(format!("there is no list {}", name.trim()), remedy));
            }
        }
    }
    expanded
}

fn rule_id(value: &Value) -> Result<String, Mistake> {
    let id = values::text(value)?;
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    if id.chars().all(fits) {
        return Ok(id);
    }
    Err(Mistake::new(format!("{id:?} is no rule id"), "small letters, digits and hyphens, e.g. \"quantity-stated\""))
}

fn two_letters(value: &Value) -> Result<String, Mistake> {
    let code = values::text(value)?;
    if code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return Ok(code);
    }
    Err(Mistake::new(format!("{code:?} is no two-letter code"), "e.g. \"de\" for a language, \"DE\" for a country"))
}

fn read_why(value: &Value) -> Result<Why, Mistake> {
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
fn named<T: Copy>(what: &'static str, names: &'static [(&'static str, T)]) -> impl Fn(&Value) -> Result<T, Mistake> {
    move |value| {
        let name = values::text(value)?;
        let found = names.iter().find(|(known, _)| *known == name).map(|(_, meant)| *meant);
        let remedy = || match did_you_mean(&name, names.iter().map(|(known, _)| *known)) {
            Some(near) => format!("did you mean {near:?}?"),
            None => format!("one of: {}", names.iter().map(|(known, _)| *known).collect::<Vec<_>>().join(", ")),
        };
        found.ok_or_else(|| Mistake::new(format!("there is no {what} {name:?}"), remedy()))
    }
}
