//! Learning from people: which points and which words would have agreed better with the grades given by hand. Pure.
//!
//! The method is ordinal logistic regression (proportional odds) on the rules that fired: the file's own thresholds are
//! the cut points, today's points are where it starts from and what it is pulled back to. So a rule moves only as far
//! as several corrections push it, and a rule that nobody corrected stays. It is deterministic.

mod edit;
mod words;

pub use edit::{diff, edit};
pub use words::Learned;

use super::rules::Effect;
use super::{Grade, RuleBook};
use std::collections::{BTreeMap, HashMap};

/// Fewer mails than this are an accident.
const FEWEST_MAILS: usize = 3;
/// A change of fewer points is not worth a person's attention.
const SMALLEST_CHANGE: i64 = 2;
const STEPS: usize = 400;
/// How strongly today's points hold on, in mails: about so many corrections must push before a rule moves far.
const PULL: f64 = 1.0;

/// An inquiry that a person graded.
#[derive(Clone, Debug)]
pub struct Corrected<'a> {
    /// The ids of the rules that fired, `bonus.…` among them.
    pub fired: Vec<&'a str>,
    pub score: i64,
    pub by_rules: Grade,
    pub by_hand: Grade,
    /// Subject and the writer's own words.
    pub text: &'a str,
}

/// What the corrections suggest.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Suggestion {
    pub points: Vec<PointChange>,
    pub words: Vec<Learned>,
    pub mails: usize,
    /// How many mails the rules grade as people did, as they are and with the points changed.
    pub right_before: usize,
    pub right_after: usize,
}

/// Other points for one rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PointChange {
    pub rule: String,
    pub old: i64,
    pub new: i64,
    /// The corrected mails in which it fired.
    pub mails: usize,
    /// How many of these are graded right, before and after all changes.
    pub right_before: usize,
    pub right_after: usize,
}

/// Suggests other points and new words; nothing where there is too little to learn from.
pub fn suggest(book: &RuleBook, corrected: &[Corrected<'_>]) -> Suggestion {
    let cases: Vec<Case> = corrected.iter().map(|mail| Case::new(book, mail)).collect();
    let learned = points(book, corrected, &cases);
    let (before, after) = (agreement(book, &cases, &BTreeMap::new()), agreement(book, &cases, &learned));
    let learned = if after > before { learned } else { BTreeMap::new() };
    let changes = learned.iter().map(|(rule, (old, new))| {
        let with_rule = cases.iter().filter(|case| case.fired.contains(rule));
        let right = |change: &Changes| with_rule.clone().filter(|case| case.is_right(book, change)).count();
        PointChange {
            rule: rule.clone(),
            old: *old,
            new: *new,
            mails: with_rule.clone().count(),
            right_before: right(&BTreeMap::new()),
            right_after: right(&learned),
        }
    });
    let right = |changes: &Changes| cases.iter().filter(|case| case.is_right(book, changes)).count();
    Suggestion {
        points: changes.collect(),
        words: words::learn(book, corrected),
        mails: cases.len(),
        right_before: right(&BTreeMap::new()),
        right_after: right(&learned),
    }
}

/// Old and new points by rule.
type Changes = BTreeMap<String, (i64, i64)>;

/// A mail as the regression sees it.
struct Case {
    fired: Vec<String>,
    score: i64,
    floor: Grade,
    ceiling: Grade,
    by_hand: Grade,
}

impl Case {
    fn new(book: &RuleBook, mail: &Corrected<'_>) -> Self {
        let mut case = Case {
            fired: mail.fired.iter().map(|id| (*id).to_owned()).collect(),
            score: mail.score,
            floor: Grade::D,
            ceiling: Grade::A,
            by_hand: mail.by_hand,
        };
        for rule in book.0.rules.iter().filter(|rule| mail.fired.contains(&rule.id.as_str())) {
            let Effect { floor, ceiling, .. } = rule.effect;
            case.floor = case.floor.min(floor.unwrap_or(Grade::D));
            case.ceiling = case.ceiling.max(ceiling.unwrap_or(Grade::A));
        }
        case
    }

    fn grade(&self, book: &RuleBook, changes: &Changes) -> Grade {
        let changed: i64 = self.fired.iter().filter_map(|id| changes.get(id)).map(|(old, new)| new - old).sum();
        book.thresholds().grade(self.score + changed).min(self.floor).max(self.ceiling)
    }

    fn is_right(&self, book: &RuleBook, changes: &Changes) -> bool {
        self.grade(book, changes) == self.by_hand
    }

    /// The scores between which the grade is the one given by hand; None where a floor or a ceiling decides otherwise,
    /// whatever the points.
    fn wanted(&self, book: &RuleBook) -> Option<(f64, f64)> {
        let cuts = book.thresholds();
        let (a, b, c) = (cuts.a as f64, cuts.b as f64, cuts.c as f64);
        let (low, high) = match self.by_hand {
            Grade::A => (a, f64::INFINITY),
            Grade::B => (b, a),
            Grade::C => (c, b),
            Grade::D => (f64::NEG_INFINITY, c),
        };
        let reachable = Grade::D.min(self.by_hand).min(self.floor).max(self.ceiling) == self.by_hand;
        // What a floor lifts or a ceiling holds down to this grade is right with any score beyond.
        let low = if self.floor == self.by_hand { f64::NEG_INFINITY } else { low };
        let high = if self.ceiling == self.by_hand { f64::INFINITY } else { high };
        reachable.then_some((low, high))
    }
}

/// Mails graded right, and how far the others are off: more and nearer is better.
fn agreement(book: &RuleBook, cases: &[Case], changes: &Changes) -> (usize, i64) {
    let right = cases.iter().filter(|case| case.is_right(book, changes)).count();
    let off = |case: &Case| (case.grade(book, changes) as i64 - case.by_hand as i64).abs();
    (right, -cases.iter().map(off).sum::<i64>())
}

/// The points that the regression arrives at, where they are worth a change.
fn points(book: &RuleBook, corrected: &[Corrected<'_>], cases: &[Case]) -> Changes {
    // A rule of no points says nothing by its score, and must not begin to.
    let lines = book.lines().iter().filter(|line| line.points != 0 && line.points_line.is_some());
    let places: HashMap<&str, usize> = lines.clone().enumerate().map(|(at, line)| (line.id.as_str(), at)).collect();
    let today: Vec<i64> = lines.clone().map(|line| line.points).collect();
    let fired = |mail: &Corrected<'_>| mail.fired.iter().filter_map(|id| places.get(id).copied()).collect::<Vec<_>>();
    let mails: Vec<(Vec<usize>, &Case)> = corrected.iter().map(fired).zip(cases).collect();
    let shifts = regress(book, today.len(), &mails);
    let changed = lines.enumerate().filter_map(|(at, line)| {
        let fired = mails.iter().filter(|(rules, _)| rules.contains(&at)).count();
        let moved = (line.points as f64 + shifts[at]).round() as i64;
        // A rule's words to people say good or bad: its points keep their sign.
        let new = if line.points > 0 { moved.clamp(1, 1000) } else { moved.clamp(-1000, -1) };
        let worth_it = fired >= FEWEST_MAILS && (new - line.points).abs() >= SMALLEST_CHANGE;
        worth_it.then(|| (line.id.clone(), (line.points, new)))
    });
    changed.collect()
}

/// How many points each rule should move, by gradient ascent on the likelihood of the grades given by hand.
///
/// With a = P(this grade or better) and b = P(better), both logistic in the score, the slope of log P(this grade) is
/// 1 - a - b. Each rule's step is bounded by what it shares mails with, so that no step overshoots.
fn regress(book: &RuleBook, rules: usize, mails: &[(Vec<usize>, &Case)]) -> Vec<f64> {
    let cuts = book.thresholds();
    let scale = ((cuts.a - cuts.c) as f64 / 4.0).max(1.0);
    let logistic = |x: f64| 1.0 / (1.0 + (-x).exp());
    let mut curvature = vec![PULL; rules];
    for (fired, _) in mails {
        fired.iter().for_each(|at| curvature[*at] += fired.len() as f64 / 2.0);
    }
    let mut shifts = vec![0.0; rules];
    for _ in 0..STEPS {
        let mut slopes: Vec<f64> = shifts.iter().map(|shift| -PULL * shift).collect();
        for (fired, case) in mails {
            let Some((low, high)) = case.wanted(book) else { continue };
            let score = case.score as f64 + scale * fired.iter().map(|at| shifts[*at]).sum::<f64>();
            let slope = 1.0 - logistic((score - low) / scale) - logistic((score - high) / scale);
            fired.iter().for_each(|at| slopes[*at] += slope);
        }
        shifts.iter_mut().zip(&slopes).zip(&curvature).for_each(|((shift, slope), bend)| *shift += slope / bend);
    }
    shifts.into_iter().map(|shift| shift * scale).collect()
}
