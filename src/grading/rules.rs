//! What a rule is, as written: every key checked, every word still a text.

use super::Grade;
use crate::language::Language;
use crate::message::{Kind, Sample};
use crate::written::reader::Found;

/// All of grading.toml.
pub(super) struct RuleFile {
    pub thresholds: Thresholds,
    pub rules: Vec<WrittenRule>,
}

/// The scores from which a grade is given; below C it is D.
#[derive(Clone, Copy, Debug)]
pub(super) struct Thresholds {
    pub a: i64,
    pub b: i64,
    pub c: i64,
}

impl Thresholds {
    pub fn grade(self, score: i64) -> Grade {
        match score {
            score if score >= self.a => Grade::A,
            score if score >= self.b => Grade::B,
            score if score >= self.c => Grade::C,
            _ => Grade::D,
        }
    }
}

/// One `[[rule]]`.
pub(super) struct WrittenRule {
    pub id: String,
    pub why: Why,
    pub effect: Effect,
    pub conditions: Conditions,
    pub words: Words,
}

/// What a rule does to the grade when it fires.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Effect {
    pub points: i64,
    /// The grade is at least this, whatever the score.
    pub floor: Option<Grade>,
    /// The grade is at most this; stronger than any floor.
    pub ceiling: Option<Grade>,
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

/// What must be so apart from words; an empty list asks for nothing, any one of a list will do.
#[derive(Debug)]
pub(super) struct Conditions {
    pub facts: Vec<Fact>,
    /// None of these may be stated.
    pub lacks: Vec<Fact>,
    pub sample: Vec<Sample>,
    pub buyer: Option<Acquaintance>,
    pub kind: Vec<Kind>,
    /// Lower case; `direct` stands for no relay.
    pub relay: Vec<String>,
    /// ISO 639-1, lower case.
    pub language: Vec<String>,
    /// ISO 3166 alpha-2, upper case.
    pub country: Vec<String>,
}

/// The words that must or must not be there, as written: keywords, or `re:` and a regular expression.
pub(super) struct Words {
    pub text: Vec<Found<String>>,
    pub subject: Vec<Found<String>>,
    pub sender: Vec<Found<String>>,
    pub unless: Vec<Found<String>>,
    pub unless_sender: Vec<Found<String>>,
}

/// Whether we have met before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Acquaintance {
    Known,
    New,
}

/// Something a mail may state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fact {
    Quantity,
    TargetPrice,
    Incoterm,
    Port,
    Products,
    Certificates,
    Phones,
    Websites,
    Company,
    Country,
    Email,
    Attachments,
}
