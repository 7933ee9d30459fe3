//! Rules and an inquiry become a grade with its reasons.

use super::compile::{Rule, Set};
use super::condition::Seen;
use super::matcher::Hits;
use super::rules::Effect;
use super::told::told;
use super::{Book, Grade, Grading, Inquiry, Reason};
use crate::buyer::Past;
use crate::language::Language;

pub(super) fn grade(
    book: &Book,
    inquiry: &Inquiry<'_>,
    hits: &Hits,
    past: Option<&Past>,
    language: Language,
) -> Grading {
    let seen = Seen::new(inquiry, past);
    // Of several favoured products one counts: a list of ten is no better than the best of them.
    let bonuses = book.bonuses.iter().filter_map(|table| {
        let entries = table.iter().rev().filter(|rule| fires(rule, &seen, hits));
        entries.max_by_key(|rule| rule.effect.points.abs())
    });
    let mut rules = fired(&book.rules, &seen, hits);
    rules.extend(bonuses);
    let experiments = fired(&book.experiments, &seen, hits);
    let reasons = |rules: &[&Rule]| rules.iter().map(|rule| reason(rule, &seen, hits, language)).collect::<Vec<_>>();
    let (grade, score) = sum(book, rules.iter().copied());
    let tried = || sum(book, rules.iter().chain(&experiments).copied()).0;
    Grading {
        grade,
        score,
        reasons: reasons(&rules),
        suggests: rules.iter().filter_map(|rule| rule.effect.suggests).max(),
        experiment_grade: (!experiments.is_empty()).then(tried),
        experiment: reasons(&experiments),
    }
}

/// The grade of the rules that fired, and the sum of their points.
fn sum<'a>(book: &Book, fired: impl Iterator<Item = &'a Rule>) -> (Grade, i64) {
    let (mut score, mut floor, mut ceiling) = (0, Grade::D, Grade::A);
    for rule in fired {
        let Effect { points, floor: at_least, ceiling: at_most, .. } = rule.effect;
        score += points;
        // A sorts first: the better of two grades is the smaller one.
        floor = floor.min(at_least.unwrap_or(Grade::D));
        ceiling = ceiling.max(at_most.unwrap_or(Grade::A));
    }
    (book.thresholds.grade(score).min(floor).max(ceiling), score)
}

fn fired<'a>(rules: &'a [Rule], seen: &Seen<'_>, hits: &Hits) -> Vec<&'a Rule> {
    rules.iter().filter(|rule| fires(rule, seen, hits)).collect()
}

fn fires(rule: &Rule, seen: &Seen<'_>, hits: &Hits) -> bool {
    let holds = |set: &Set| set.holds(seen, hits);
    let when = &rule.when;
    holds(&when.own)
        && when.all.iter().all(holds)
        && (when.any.is_empty() || when.any.iter().any(holds))
        && !when.none.iter().any(holds)
}

fn reason(rule: &Rule, seen: &Seen<'_>, hits: &Hits, language: Language) -> Reason {
    Reason {
        rule: rule.id.clone(),
        points: rule.effect.points,
        matched: told(rule, seen, hits, language),
        why: rule.why.in_language(language).to_owned(),
    }
}
