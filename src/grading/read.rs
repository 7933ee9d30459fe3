//! grading.toml becomes rules; every mistake in it is noted with its line.

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
    let lists = Lists::read(&root.section("lists"));
    let mut ids = Ids::default();
    let mut rules = |key| root.sections(key).into_iter().filter_map(|rule| read_rule(rule, &lists, &mut ids)).collect();
    let (rules, experiments) = (rules("rule"), rules("experiment"));
    let bonuses = read_bonuses(root.section("bonus"));
    root.finish();
    let problems = problems.into_inner();
    if problems.is_empty() { Ok(RuleFile { thresholds, rules, bonuses, experiments }) } else { Err(problems) }
}

/// Where each id was first written.
type Ids = BTreeMap<String, Place>;

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

fn read_rule(rule: Reader<'_>, lists: &Lists, ids: &mut Ids) -> Option<WrittenRule> {
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
    rule.finish();
    Some(WrittenRule { id: id?, why: why?, effect: effect?, points_at, when })
}

fn read_effect(rule: &Reader<'_>) -> Option<Effect> {
    let (floor, ceiling) = (rule.optional("floor", names::grade), rule.optional("ceiling", names::grade));
    if !rule.has("points") && !rule.has("floor") && !rule.has("ceiling") {
        rule.missing("points", "e.g. points = 20, or -20; or a grade as floor or ceiling");
        return None;
    }
    Some(Effect { points: rule.or("points", values::integer(-1000..=1000), 0), floor, ceiling })
}

/// The tables of points for countries and products.
fn read_bonuses(section: Reader<'_>) -> Vec<Vec<WrittenRule>> {
    let countries = read_table(&section.section("country"), ("国家", "country"), |key| {
        let code = names::country(&Value::Text(key.value.clone()))?;
        Ok(WrittenSet { conditions: vec![Condition::Country(vec![code])], words: Vec::new() })
    });
    let products = read_table(&section.section("product"), ("产品", "product"), |key| {
        let words = Words { zone: Zone::Goods, wanted: true, list: vec![key.clone()] };
        Ok(WrittenSet { conditions: Vec::new(), words: vec![words] })
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
            effect: Effect { points: points.value, floor: None, ceiling: None },
            points_at: Some(points.place),
            when: When { own, all: Vec::new(), any: Vec::new(), none: Vec::new() },
        })
    };
    keys.into_iter().filter_map(entry).collect()
}
