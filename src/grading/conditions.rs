//! The conditions of a rule, as they are written.

use super::attachment::FAMILIES;
use super::condition::Condition;
use super::facts::{FACTS, FactSet, MOST_OF_THE_BUSINESS};
use super::names::{self, ACQUAINTANCES, SAMPLES, WEEKDAYS, named};
use super::rules::{When, Words, WrittenSet, Zone};
use super::sense;
use crate::written::problems::did_you_mean;
use crate::written::reader::{Found, Mistake, Reader};
use crate::written::tree::Value;
use crate::written::values;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

/// Word lists by name, of `[lists]`.
pub(super) struct Lists {
    words: BTreeMap<String, Vec<Found<String>>>,
    used: RefCell<BTreeSet<String>>,
}

impl Lists {
    pub fn read(section: &Reader<'_>) -> Self {
        let names = section.entries().map(|(name, _)| name);
        let list = |name: &str| section.list(name, values::text).unwrap_or_default();
        Lists { words: names.map(|name| (name.to_owned(), list(name))).collect(), used: RefCell::default() }
    }

    /// Notes the lists that no rule has asked for.
    pub fn finish(&self, section: &Reader<'_>) {
        let used = self.used.borrow();
        for name in self.words.keys().filter(|name| !used.contains(*name)) {
            let remedy = format!("write \"list:{name}\" among the words of a rule, or take the list out");
            section.wrong(name, Mistake::new("no rule uses this list", remedy));
        }
    }

    /// Puts the words of `[lists]` in the place of `list:NAME`.
    fn expand(&self, rule: &Reader<'_>, words: Vec<Found<String>>) -> Vec<Found<String>> {
        let mut expanded = Vec::new();
        for word in words {
            let Some(name) = word.value.strip_prefix("list:").map(str::trim) else {
                expanded.push(word);
                continue;
            };
            self.used.borrow_mut().insert(name.to_owned());
            match self.words.get(name) {
                Some(list) => expanded.extend(list.iter().cloned()),
                None => {
                    let remedy = match did_you_mean(name, self.words.keys().map(String::as_str)) {
                        Some(near) => {
                            self.used.borrow_mut().insert(near.to_owned());
                            format!("did you mean list:{near}?")
                        }
                        None => format!("add {name} = [\"…\"] to [lists]"),
                    };
                    rule.wrong_at(&word, Mistake::new(format!("there is no list {name}"), remedy));
                }
            }
        }
        expanded
    }
}

/// A rule's own conditions and its groups.
pub(super) fn read_when(rule: &Reader<'_>, lists: &Lists) -> When<WrittenSet> {
    let own = read_set(rule, lists);
    let [all, any, none] =
        GROUPS.map(|key| group(rule, key).into_iter().map(|member| read_member(member, lists)).collect::<Vec<_>>());
    if !is_conditional(rule) && !GROUPS.iter().any(|key| rule.has(key)) {
        rule.wrong_here(Mistake::new("this rule would fire for every mail", "add a condition, e.g. text = [\"…\"]"));
    }
    sense::check(rule, &own, &all, &any, &none);
    let finish = |members: Vec<Member<'_>>| members.into_iter().map(Member::finish).collect();
    When { own, all: finish(all), any: finish(any), none: finish(none) }
}

/// A member of a group, while it is looked at.
pub(super) struct Member<'a> {
    pub reader: Reader<'a>,
    pub set: WrittenSet,
}

impl Member<'_> {
    fn finish(self) -> WrittenSet {
        self.reader.finish();
        self.set
    }
}

const GROUPS: [&str; 3] = ["all", "any", "none"];

/// The members of a group; what is no list of tables is noted.
fn group<'a>(rule: &Reader<'a>, key: &str) -> Vec<Reader<'a>> {
    let remedy = || format!("write {key} = [ {{ text = [\"…\"] }}, {{ facts = [\"…\"] }} ]");
    let written = rule.optional(key, |value| match value {
        Value::List(items) if items.is_empty() => Err(Mistake::new("this list is empty", remedy())),
        Value::List(items) => match items.iter().find(|item| !matches!(item.value, Value::Table(_))) {
            Some(other) => Err(Mistake::new(format!("{} in a group", other.value.kind()), remedy())),
            None => Ok(()),
        },
        other => Err(Mistake::new(format!("this is {}, not a list of groups", other.kind()), remedy())),
    });
    written.map(|()| rule.sections(key)).unwrap_or_default()
}

fn read_member<'a>(member: Reader<'a>, lists: &Lists) -> Member<'a> {
    let set = read_set(&member, lists);
    for key in GROUPS.iter().filter(|key| member.has(key)) {
        let remedy = "groups go one deep: make two rules of it";
        member.wrong(key, Mistake::new("a group within a group", remedy));
    }
    if !is_conditional(&member) && !GROUPS.iter().any(|key| member.has(key)) {
        member.wrong_here(Mistake::new("this asks for nothing", "add a condition, e.g. text = [\"…\"]"));
    }
    Member { reader: member, set }
}

/// Every key that asks for something.
const CONDITIONS: [&str; 26] = [
    "text",
    "subject",
    "sender",
    "product",
    "unless",
    "unless_sender",
    "facts",
    "facts_all",
    "facts_at_least",
    "lacks",
    "sample",
    "buyer",
    "stage",
    "stage_at_least",
    "buyer_grade",
    "inquiries_at_least",
    "silent_for",
    "kind",
    "relay",
    "language",
    "country",
    "attachments",
    "weekday",
    "hours",
    "words_at_most",
    "words_at_least",
];

fn is_conditional(reader: &Reader<'_>) -> bool {
    CONDITIONS.iter().any(|key| reader.has(key))
}

fn read_set(reader: &Reader<'_>, lists: &Lists) -> WrittenSet {
    for key in CONDITIONS.iter().filter(|key| reader.is_empty_list(key)) {
        reader.wrong(key, Mistake::new("this list is empty", "put something into it, or take the line out"));
    }
    let words = |key, zone, wanted| {
        let list = lists.expand(reader, reader.list(key, values::text)?);
        (!list.is_empty()).then_some(Words { zone, wanted, list })
    };
    let words = [
        words("text", Zone::Words, true),
        words("subject", Zone::Subject, true),
        words("sender", Zone::Sender, true),
        words("product", Zone::Goods, true),
        words("unless", Zone::Words, false),
        words("unless_sender", Zone::Sender, false),
    ];
    WrittenSet {
        conditions: read_conditions(reader),
        words: words.into_iter().flatten().collect(),
        relays: reader.list("relay", names::relay).unwrap_or_default(),
    }
}

fn read_conditions(reader: &Reader<'_>) -> Vec<Condition> {
    use Condition as Is;
    let facts = |key| Some(listed(reader, key, named("fact", &FACTS))?.into_iter().collect::<FactSet>());
    let count = |key, most| reader.optional(key, values::integer(1..=most));
    let words = |key| count(key, 100_000).and_then(|count| usize::try_from(count).ok());
    let facts_count = count("facts_at_least", i64::from(MOST_OF_THE_BUSINESS));
    let silence = reader.optional("silent_for", values::duration);
    let given = [
        facts("facts").map(Is::AnyFact),
        facts("facts_all").map(Is::AllFacts),
        facts_count.and_then(|count| u32::try_from(count).ok()).map(Is::FactsAtLeast),
        facts("lacks").map(Is::Lacks),
        listed(reader, "sample", named("sample", &SAMPLES)).map(Is::Sample),
        reader.optional("buyer", named("buyer", &ACQUAINTANCES)).map(Is::Buyer),
        listed(reader, "stage", names::stage).map(Is::Stage),
        reader.optional("stage_at_least", names::stage).map(Is::StageAtLeast),
        listed(reader, "buyer_grade", names::grade).map(Is::BuyerGrade),
        count("inquiries_at_least", 100_000).map(Is::InquiriesAtLeast),
        silence.and_then(|silence| i64::try_from(silence.as_secs()).ok()).map(Is::SilentFor),
        listed(reader, "kind", names::kind).map(Is::Kind),
        listed(reader, "relay", names::relay).map(Is::Relay),
        listed(reader, "language", names::language).map(Is::Language),
        listed(reader, "country", names::country).map(Is::Country),
        listed(reader, "attachments", named("sort of attachment", &FAMILIES)).map(Is::Attachments),
        listed(reader, "weekday", named("weekday", &WEEKDAYS)).map(Is::Weekday),
        reader.optional("hours", values::hours).map(Is::Hours),
        words("words_at_most").map(Is::WordsAtMost),
        words("words_at_least").map(Is::WordsAtLeast),
    ];
    given.into_iter().flatten().collect()
}

/// A list's values; None if the key is absent.
fn listed<T>(reader: &Reader<'_>, key: &str, parse: impl Fn(&Value) -> Result<T, Mistake>) -> Option<Vec<T>> {
    Some(reader.list(key, parse)?.into_iter().map(|found| found.value).collect())
}
