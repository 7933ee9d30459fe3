//! How good is this inquiry: the company's rules make a grade with its reasons. Pure.

use serde::Serialize;

/// A clear intent, B hesitating, C long and uncertain, D unclear but could become one. A sorts first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Grade {
    A,
    B,
    C,
    D,
}

/// A grade with everything that led to it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Grading {
    pub grade: Grade,
    pub score: i64,
    /// In the order of the rules.
    pub reasons: Vec<Reason>,
}

/// One rule that fired.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// The rule's id in grading.toml.
    pub rule: String,
    pub points: i64,
    /// The words or fact that made it fire, at most 80 characters.
    pub matched: String,
    /// The rule's own words for people.
    pub why: String,
}
