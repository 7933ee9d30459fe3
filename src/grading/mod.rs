//! How good is this inquiry: the company's rules make a grade with its reasons. Pure.
//!
//! grading.toml becomes a [`RuleBook`]; a mail is scanned once for the words of all rules ([`RuleBook::scan`]), and
//! graded when its buyer is known too ([`RuleBook::grade`]).

mod attachment;
mod compile;
mod condition;
mod conditions;
mod facts;
mod grade;
mod inquiry;
mod keyword;
mod matcher;
mod names;
mod ordinary;
mod pattern;
mod read;
mod rules;
mod sense;
pub mod suggest;
mod told;

pub use crate::grade::Grade;
pub use inquiry::{Inquiry, Received};
pub use matcher::Hits;
pub use rules::Thresholds;

use crate::buyer::{Past, Stage};
use crate::grade::Grounds;
use crate::language::Language;
use crate::written::problems::{Problem, did_you_mean};
use crate::written::reader::{Found, Mistake};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

/// A grade with everything that led to it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Grading {
    pub grade: Grade,
    pub score: i64,
    /// In the order of the rules.
    pub reasons: Vec<Reason>,
    /// The furthest stage that a rule sees the buyer at.
    pub suggests: Option<Stage>,
    /// Rules on trial that fired; they count for nothing.
    pub experiment: Vec<Reason>,
    /// The grade if the rules on trial counted too; None if none of them fired.
    pub experiment_grade: Option<Grade>,
}

impl Grading {
    /// A grading without rules on trial.
    pub fn new(grade: Grade, score: i64, reasons: Vec<Reason>) -> Self {
        Grading { grade, score, reasons, suggests: None, experiment: Vec::new(), experiment_grade: None }
    }
}

/// One rule that fired.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// The rule's id in grading.toml.
    pub rule: String,
    pub points: i64,
    /// The words or fact that made it fire, at most 80 characters.
    pub matched: String,
    /// The rule's own words for people.
    pub why: String,
}

/// Reasons that people read beside a grade.
const WHY: usize = 3;

/// The weightiest of these reasons, in the rules' own words.
pub fn grounds(reasons: &[Reason]) -> Grounds {
    let mut weighty: Vec<&Reason> = reasons.iter().filter(|reason| reason.points != 0).collect();
    weighty.sort_by_key(|reason| std::cmp::Reverse(reason.points.abs()));
    match weighty.as_slice() {
        [] => Grounds::Unknown,
        some => Grounds::Rules(some.iter().take(WHY).map(|reason| reason.why.clone()).collect()),
    }
}

/// The rules of grading.toml, ready to grade; cheap to clone.
#[derive(Clone)]
pub struct RuleBook(Arc<Book>);

struct Book {
    thresholds: Thresholds,
    rules: Vec<compile::Rule>,
    /// Of each table the one that counts most fires.
    bonuses: Vec<Vec<compile::Rule>>,
    experiments: Vec<compile::Rule>,
    lines: Vec<Line>,
    relays: Vec<Found<String>>,
    matcher: matcher::Matcher,
}

/// A rule, a line of a bonus table or a rule on trial, as the file has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// `bonus.country.DE` for a line of a bonus table.
    pub id: String,
    pub points: i64,
    /// The line in the file in which the points are written; None where there are none.
    pub points_line: Option<usize>,
}

impl RuleBook {
    /// Reads the rules of one file, whose name is used to tell where a mistake is.
    ///
    /// # Errors
    /// Everything that is wrong with the file, in no order.
    pub fn parse(text: &str, file: &str) -> Result<Self, Vec<Problem>> {
        let parsed = read::parse(text, file)?;
        Ok(RuleBook(Arc::new(compile::compile(parsed, file)?)))
    }

    /// The rules that inquiryd brings along, used where a company has no grading.toml of its own.
    pub fn shipped() -> Self {
        Self::parse(SHIPPED, "grading.toml").expect("the shipped rules are parsed by the tests")
    }

    /// Looks for the words of all rules in one pass over the inquiry; its kind and its time don't matter here.
    pub fn scan(&self, inquiry: &Inquiry<'_>) -> Hits {
        self.0.matcher.scan(inquiry)
    }

    /// Grades an inquiry; `hits` come from [`RuleBook::scan`] of the same book and inquiry, `past` is None if its buyer
    /// was new to us.
    pub fn grade(&self, inquiry: &Inquiry<'_>, hits: &Hits, past: Option<&Past>, language: Language) -> Grading {
        grade::grade(&self.0, inquiry, hits, past, language)
    }

    /// How many rules there are, bonuses and experiments among them.
    pub fn len(&self) -> usize {
        self.0.lines.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.lines.is_empty()
    }

    /// Every rule, then every line of a bonus table, then every rule on trial.
    pub fn lines(&self) -> &[Line] {
        &self.0.lines
    }

    /// What is wrong with the relays that rules name, given the names there are.
    pub fn unknown_relays<'a>(&'a self, known: &'a [&'a str]) -> impl Iterator<Item = Problem> + 'a {
        let unknown = self.0.relays.iter().filter(|relay| !known.contains(&relay.value.as_str()));
        unknown.map(move |relay| {
            let remedy = match did_you_mean(&relay.value, known.iter().copied()) {
                Some(near) => format!("did you mean {near:?}?"),
                None => "\"direct\", \"web_form\", \"forward\", or the name of a [[relay]] in relays.toml".to_owned(),
            };
            relay.problem(Mistake::new(format!("there is no relay {:?}", relay.value), remedy))
        })
    }

    /// The scores from which a grade is given.
    pub fn thresholds(&self) -> Thresholds {
        self.0.thresholds
    }
}

impl fmt::Debug for RuleBook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RuleBook({} rules)", self.len())
    }
}

/// config/grading.toml as shipped.
pub const SHIPPED: &str = include_str!("../../config/grading.toml");
