//! grading.toml becomes rules; every mistake in it is noted with its line.

use super::Grade;
use super::condition::Condition;
use super::conditions::{Lists, read_when};
use super::names;
use super::rules::{Effect, RuleFile, Thresholds, When, Why, Words, WrittenRule, WrittenSet, Zone};
use crate::written::problems::{Place, Problem};
use crate::written::reader::{Found, Mistake, Reader};
use crate::written::tree::{self, Table, Value};
use crate::written::values;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

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
    let (lists_section, mut ids) = (root.section("lists"), Ids::default());
    let lists = Lists::read(&lists_section);
    let mut read = |key: &str| {
        let mut same = BTreeMap::new();
        let read = |rule: Reader<'_>| read_rule(rule, &lists, &mut ids, &mut same);
        root.sections(key).into_iter().filter_map(read).collect()
    };
    let (rules, experiments) = (read("rule"), read("experiment"));
    lists.finish(&lists_section);
    let bonuses = read_bonuses(root.section("bonus"));
    root.finish();
    let problems = problems.into_inner();
    if problems.is_empty() { Ok(RuleFile { thresholds, rules, bonuses, experiments }) } else { Err(problems) }
}

/// Where each id was first written.
type Ids = BTreeMap<String, Place>;
/// The id of the rule that asks for something, by [`When::signature`].
type Same = BTreeMap<String, Found<String>>;

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

fn read_rule(rule: Reader<'_>, lists: &Lists, ids: &mut Ids, same: &mut Same) -> Option<WrittenRule> {
    let id = rule.found("id", names::rule_id);
    if !rule.has("id") {
        rule.missing("id", "a short name that is used once, e.g. id = \"quantity-stated\"");
    }
    if let Some(id) = &id {
        match ids.get(&id.value).and_then(|first| first.line) {
            Some(line) => {
                let what = format!("there is a rule {} already, in line {line}", id.value);
                rule.wrong("id", Mistake::new(what, "give each rule an id of its own"));
            }
            None => drop(ids.insert(id.value.clone(), id.place.clone())),
        }
    }
    let why = rule.required(
        "why",
        names::why,
        "what people read, e.g. why = { zh = \"写明数量\", en = \"states a quantity\" }",
    );
    let effect = read_effect(&rule);
    let points_at = rule.found("points", |_| Ok(())).map(|found| found.place);
    let when = read_when(&rule, lists);
    if let Some(id) = &id {
        check_sameness(&rule, id, &when, same);
    }
    rule.finish();
    Some(WrittenRule { id: id?, why: why?, effect: effect?, points_at, when })
}

/// Two rules that ask for the same fire together: one of them is a copy that was forgotten.
fn check_sameness(rule: &Reader<'_>, id: &Found<String>, when: &When<WrittenSet>, same: &mut Same) {
    match same.entry(when.signature()) {
        Entry::Occupied(first) => {
            let Found { value, place, .. } = first.get();
            let what = format!("this rule asks for exactly the same as {value} in line {}", place.line.unwrap_or(0));
            rule.wrong("id", Mistake::new(what, "take one of them out, and give its points to the other"));
        }
        Entry::Vacant(free) => drop(free.insert(id.clone())),
    }
}

fn read_effect(rule: &Reader<'_>) -> Option<Effect> {
    let (floor, ceiling) = (rule.optional("floor", names::grade), rule.optional("ceiling", names::grade));
    let suggests = rule.optional("suggests", names::stage);
    if !["points", "floor", "ceiling", "suggests"].iter().any(|key| rule.has(key)) {
        rule.missing("points", "e.g. points = 20, or -20; or a grade as floor or ceiling");
        return None;
    }
    let points = rule.optional("points", values::integer(-1000..=1000));
    let effect = Effect { points: points.unwrap_or_default(), floor, ceiling, suggests };
    check_effect(rule, points, &effect);
    Some(effect)
}

fn check_effect(rule: &Reader<'_>, points: Option<i64>, effect: &Effect) {
    match (effect.floor, effect.ceiling) {
        // A sorts first.
        (Some(floor), Some(ceiling)) if floor < ceiling => {
            let what = format!("the grade can't be at least {} and at most {}", floor.as_str(), ceiling.as_str());
            rule.wrong("floor", Mistake::new(what, "the ceiling must be as good as the floor, or better"));
        }
        (Some(Grade::D), _) => rule.wrong("floor", Mistake::new("every grade is at least D", "A, B or C")),
        (_, Some(Grade::A)) => rule.wrong("ceiling", Mistake::new("every grade is at most A", "B, C or D")),
        (None, None) if points == Some(0) && effect.suggests.is_none() => {
            let remedy = "give it points, a floor or a ceiling, or try it as an [[experiment]]";
            rule.wrong("points", Mistake::new("this rule changes nothing", remedy));
        }
        _ => {}
    }
}

/// The tables of points for countries and products.
fn read_bonuses(section: Reader<'_>) -> Vec<Vec<WrittenRule>> {
    let countries = read_table(&section.section("country"), ("国家", "country"), |key| {
        let code = names::country(&Value::Text(key.value.clone()))?;
        Ok(WrittenSet { conditions: vec![Condition::Country(vec![code])], ..WrittenSet::default() })
    });
    let products = read_table(&section.section("product"), ("产品", "product"), |key| {
        let words = Words { zone: Zone::Goods, wanted: true, list: vec![key.clone()] };
        Ok(WrittenSet { words: vec![words], ..WrittenSet::default() })
    });
    section.finish();
    vec![countries, products]
}

/// Each key with its points, as a rule named `bonus.TABLE.KEY`.
fn read_table(
    table: &Reader<'_>,
    (zh, en): (&str, &str),
    condition: impl Fn(&Found<String>) -> Result<WrittenSet, Mistake>,
) -> Vec<WrittenRule> {
    let keys: Vec<&str> = table.entries().map(|(key, _)| key).collect();
    let entry = |key: &str| {
        let points = table.found(key, values::integer(-1000..=1000))?;
        let written = Found { value: key.to_owned(), place: points.place.clone(), key: points.key };
        let own = condition(&written).map_err(|mistake| table.wrong(key, mistake)).ok()?;
        let why = if points.value >= 0 {
            Why { zh: format!("重点{zh}"), en: format!("a {en} we favour") }
        } else {
            Why { zh: format!("非重点{zh}"), en: format!("a {en} we do not favour") }
        };
        Some(WrittenRule {
            id: Found { value: format!("bonus.{en}.{key}"), ..written },
            why,
            effect: Effect { points: points.value, ..Effect::default() },
            points_at: Some(points.place),
            when: When { own, all: Vec::new(), any: Vec::new(), none: Vec::new() },
        })
    };
    keys.into_iter().filter_map(entry).collect()
}
