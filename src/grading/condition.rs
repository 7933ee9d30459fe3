//! What a rule may ask for apart from words.

use super::attachment::Family;
use super::facts::FactSet;
use super::{Grade, Inquiry};
use crate::buyer::{Past, Stage};
use crate::message::{Kind, Sample};
use crate::schedule::Hours;
use jiff::civil::Weekday;
use std::cell::OnceCell;

/// One condition; of a list, any one will do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Condition {
    AnyFact(FactSet),
    AllFacts(FactSet),
    /// None of these may be stated.
    Lacks(FactSet),
    /// So many different facts of the business are stated.
    FactsAtLeast(u32),
    Sample(Vec<Sample>),
    Buyer(Acquaintance),
    Stage(Vec<Stage>),
    StageAtLeast(Stage),
    BuyerGrade(Vec<Grade>),
    InquiriesAtLeast(i64),
    /// Seconds since the last contact.
    SilentFor(i64),
    Kind(Vec<Kind>),
    /// Lower case; `direct` stands for no relay.
    Relay(Vec<String>),
    /// ISO 639-1, lower case.
    Language(Vec<String>),
    /// ISO 3166 alpha-2, upper case.
    Country(Vec<String>),
    Attachments(Vec<Family>),
    Weekday(Vec<Weekday>),
    Hours(Hours),
    WordsAtMost(usize),
    WordsAtLeast(usize),
}

/// Whether we have met before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Acquaintance {
    Known,
    New,
}

/// An inquiry with what is found out about it once for all rules.
pub(super) struct Seen<'a> {
    pub inquiry: Inquiry<'a>,
    pub past: Option<&'a Past>,
    pub stated: FactSet,
    words: OnceCell<usize>,
}

impl<'a> Seen<'a> {
    pub fn new(inquiry: &Inquiry<'a>, past: Option<&'a Past>) -> Self {
        Seen { inquiry: *inquiry, past, stated: FactSet::stated(inquiry), words: OnceCell::new() }
    }

    /// How many words the writer wrote.
    pub fn words(&self) -> usize {
        *self.words.get_or_init(|| super::keyword::count_words(self.inquiry.beginning()))
    }

    /// Seconds since the last contact before this inquiry; None if there was none, or nobody knows when.
    pub fn silence(&self) -> Option<i64> {
        let last = self.past.map(|past| past.last_contact).filter(|last| *last > 0)?;
        Some(self.inquiry.received?.at.saturating_sub(last))
    }
}

impl Condition {
    /// Its key in grading.toml.
    pub fn key(&self) -> &'static str {
        match self {
            Condition::AnyFact(_) => "facts",
            Condition::AllFacts(_) => "facts_all",
            Condition::Lacks(_) => "lacks",
            Condition::FactsAtLeast(_) => "facts_at_least",
            Condition::Sample(_) => "sample",
            Condition::Buyer(_) => "buyer",
            Condition::Stage(_) => "stage",
            Condition::StageAtLeast(_) => "stage_at_least",
            Condition::BuyerGrade(_) => "buyer_grade",
            Condition::InquiriesAtLeast(_) => "inquiries_at_least",
            Condition::SilentFor(_) => "silent_for",
            Condition::Kind(_) => "kind",
            Condition::Relay(_) => "relay",
            Condition::Language(_) => "language",
            Condition::Country(_) => "country",
            Condition::Attachments(_) => "attachments",
            Condition::Weekday(_) => "weekday",
            Condition::Hours(_) => "hours",
            Condition::WordsAtMost(_) => "words_at_most",
            Condition::WordsAtLeast(_) => "words_at_least",
        }
    }

    /// Whether only a known buyer can meet it.
    pub fn is_history(&self) -> bool {
        matches!(self.key(), "stage" | "stage_at_least" | "buyer_grade" | "inquiries_at_least" | "silent_for")
    }

    /// Whether it holds; cheap, as it is asked of every rule.
    pub fn holds(&self, seen: &Seen<'_>) -> bool {
        let inquiry = &seen.inquiry;
        let known = |ask: &dyn Fn(&Past) -> bool| seen.past.is_some_and(ask);
        match self {
            Condition::AnyFact(facts) => seen.stated.has_any(*facts),
            Condition::AllFacts(facts) => seen.stated.has_all(*facts),
            Condition::Lacks(facts) => !seen.stated.has_any(*facts),
            Condition::FactsAtLeast(count) => seen.stated.of_the_business() >= *count,
            Condition::Sample(asked) => asked.contains(&inquiry.facts.sample),
            Condition::Buyer(Acquaintance::Known) => seen.past.is_some(),
            Condition::Buyer(Acquaintance::New) => seen.past.is_none(),
            Condition::Stage(asked) => known(&|past| asked.contains(&past.stage)),
            Condition::StageAtLeast(stage) => known(&|past| past.stage >= *stage),
            Condition::BuyerGrade(asked) => known(&|past| past.grade.is_some_and(|grade| asked.contains(&grade))),
            Condition::InquiriesAtLeast(count) => known(&|past| past.inquiries >= *count),
            Condition::SilentFor(seconds) => seen.silence().is_some_and(|silence| silence >= *seconds),
            Condition::Kind(asked) => asked.contains(&inquiry.kind),
            Condition::Relay(asked) => is_one_of(asked, Some(inquiry.relay.unwrap_or("direct"))),
            Condition::Language(asked) => is_one_of(asked, inquiry.language),
            Condition::Country(asked) => is_one_of(asked, inquiry.writer.country.as_deref()),
            Condition::Attachments(asked) => inquiry.attachments.iter().any(|file| Family::is_one_of(file, asked)),
            Condition::Weekday(asked) => inquiry.received.is_some_and(|at| asked.contains(&at.shown.weekday())),
            Condition::Hours(hours) => inquiry.received.is_some_and(|at| hours.covers_time(at.shown.time())),
            Condition::WordsAtMost(count) => seen.words() <= *count,
            Condition::WordsAtLeast(count) => seen.words() >= *count,
        }
    }
}

fn is_one_of(asked: &[String], value: Option<&str>) -> bool {
    value.is_some_and(|value| asked.iter().any(|one| one.eq_ignore_ascii_case(value)))
}
