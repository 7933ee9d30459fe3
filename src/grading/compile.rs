//! Written rules become rules whose words are slots of one matcher.

use super::condition::{Condition, Seen};
use super::matcher::{Hits, Matcher, MatcherBuilder, Slot};
use super::rules::{Effect, RuleFile, When, Why, WrittenRule, WrittenSet};
use super::{Book, Line};
use crate::written::problems::Problem;
use crate::written::reader::Found;

/// A rule with its words replaced by slots.
pub(super) struct Rule {
    pub id: String,
    pub why: Why,
    pub effect: Effect,
    pub when: When<Set>,
}

/// Conditions that must hold together.
#[derive(Debug, Default)]
pub(super) struct Set {
    /// Each must have been hit.
    pub wanted: Vec<Slot>,
    /// None may have been hit.
    pub unwanted: Vec<Slot>,
    pub conditions: Vec<Condition>,
}

impl Set {
    /// Whether everything that it asks for is so.
    pub fn holds(&self, seen: &Seen<'_>, hits: &Hits) -> bool {
        self.wanted.iter().all(|slot| hits.has(*slot))
            && !self.unwanted.iter().any(|slot| hits.has(*slot))
            && self.conditions.iter().all(|condition| condition.holds(seen))
    }
}

/// Turns a rule file into a book.
pub(super) fn compile(file: RuleFile, name: &str) -> Result<Book, Vec<Problem>> {
    let mut builder = MatcherBuilder::default();
    let lines = file.rules.iter().chain(file.bonuses.iter().flatten()).chain(&file.experiments).map(line).collect();
    let relays = relays(&file);
    let mut compiled = |rules: Vec<WrittenRule>| rules.into_iter().map(|rule| slotted(rule, &mut builder)).collect();
    let rules = compiled(file.rules);
    let bonuses = file.bonuses.into_iter().map(&mut compiled).collect();
    let experiments = compiled(file.experiments);
    let matcher: Matcher = builder.finish(name)?;
    Ok(Book { thresholds: file.thresholds, rules, bonuses, experiments, lines, relays, matcher })
}

fn relays(file: &RuleFile) -> Vec<Found<String>> {
    let rules = file.rules.iter().chain(&file.experiments);
    rules.flat_map(|rule| rule.when.sets()).flat_map(|set| set.relays.iter().cloned()).collect()
}

fn line(rule: &WrittenRule) -> Line {
    Line {
        id: rule.id.value.clone(),
        points: rule.effect.points,
        points_line: rule.points_at.as_ref().and_then(|place| place.line),
    }
}

fn slotted(rule: WrittenRule, builder: &mut MatcherBuilder) -> Rule {
    let WrittenRule { id, why, effect, when, .. } = rule;
    Rule { id: id.value, why, effect, when: when.map(|set| slots(set, builder)) }
}

fn slots(set: &WrittenSet, builder: &mut MatcherBuilder) -> Set {
    let mut compiled = Set { conditions: set.conditions.clone(), ..Set::default() };
    for words in &set.words {
        let slot = builder.slot(words.zone, &words.list);
        let slots = if words.wanted { &mut compiled.wanted } else { &mut compiled.unwanted };
        slots.push(slot);
    }
    compiled
}
