//! What a rule is, as written: every key checked, every word still a text.

use super::Grade;
use super::condition::Condition;
use crate::buyer::Stage;
use crate::language::Language;
use crate::written::problems::Place;
use crate::written::reader::Found;
use std::collections::BTreeSet;

/// All of grading.toml.
pub(super) struct RuleFile {
    pub thresholds: Thresholds,
    pub rules: Vec<WrittenRule>,
    /// Of each table the one that counts most fires.
    pub bonuses: Vec<Vec<WrittenRule>>,
    pub experiments: Vec<WrittenRule>,
}

/// The scores from which a grade is given; below C it is D.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Thresholds {
    pub a: i64,
    pub b: i64,
    pub c: i64,
}

impl Thresholds {
    /// The grade of a score.
    pub fn grade(self, score: i64) -> Grade {
        match score {
            score if score >= self.a => Grade::A,
            score if score >= self.b => Grade::B,
            score if score >= self.c => Grade::C,
            _ => Grade::D,
        }
    }
}

/// One `[[rule]]`, one `[[experiment]]`, or one line of a bonus table.
pub(super) struct WrittenRule {
    pub id: Found<String>,
    pub why: Why,
    pub effect: Effect,
    /// Where the points are written, if they are.
    pub points_at: Option<Place>,
    pub when: When<WrittenSet>,
}

/// What a rule does to the grade when it fires.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Effect {
    pub points: i64,
    /// The grade is at least this, whatever the score.
    pub floor: Option<Grade>,
    /// The grade is at most this; stronger than any floor.
    pub ceiling: Option<Grade>,
    /// The stage that the buyer has reached by what the rule asks for; a person decides.
    pub suggests: Option<Stage>,
}

/// What a rule says to people.
#[derive(Clone, Debug)]
pub(super) struct Why {
    pub zh: String,
    pub en: String,
}

impl Why {
    pub fn in_language(&self, language: Language) -> &str {
        match language {
            Language::SimplifiedChinese => &self.zh,
            Language::English => &self.en,
        }
    }
}

/// When a rule fires: its own conditions hold, and its groups' as their names say.
#[derive(Clone, Debug, Default)]
pub(super) struct When<S> {
    pub own: S,
    /// Every member must hold.
    pub all: Vec<S>,
    /// At least one member must hold, if there are any.
    pub any: Vec<S>,
    /// No member may hold.
    pub none: Vec<S>,
}

impl When<WrittenSet> {
    /// The same for rules that ask for exactly the same.
    pub fn signature(&self) -> String {
        let set = |set: &WrittenSet| {
            let words = set.words.iter().map(|words| {
                let list: BTreeSet<&str> = words.list.iter().map(|word| word.value.as_str()).collect();
                (words.zone, words.wanted, list)
            });
            format!("{:?}{:?}", set.conditions, words.collect::<Vec<_>>())
        };
        format!("{:?}", self.map(set))
    }
}

impl<S> When<S> {
    pub fn map<T>(&self, mut each: impl FnMut(&S) -> T) -> When<T> {
        When {
            own: each(&self.own),
            all: self.all.iter().map(&mut each).collect(),
            any: self.any.iter().map(&mut each).collect(),
            none: self.none.iter().map(&mut each).collect(),
        }
    }

    /// The rule's own set, and its groups' members.
    pub fn sets(&self) -> impl Iterator<Item = &S> {
        std::iter::once(&self.own).chain(&self.all).chain(&self.any).chain(&self.none)
    }
}

/// Conditions that must hold together.
#[derive(Clone, Debug, Default)]
pub(super) struct WrittenSet {
    pub conditions: Vec<Condition>,
    pub words: Vec<Words>,
    /// The relays it names, to be looked up.
    pub relays: Vec<Found<String>>,
}

/// Words one of which must, or none of which may, be there, as written: keywords, or `re:` and a regular expression.
#[derive(Clone, Debug)]
pub(super) struct Words {
    pub zone: Zone,
    pub wanted: bool,
    pub list: Vec<Found<String>>,
}

/// Where a condition looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Zone {
    Sender,
    Subject,
    /// Subject and text.
    Words,
    /// The products that the mail names, subject and text.
    Goods,
}
