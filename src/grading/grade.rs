//! Rules and a mail become a grade with its reasons.

use super::compile::{Hits, Rule, Slot};
use super::rules::{Acquaintance, Conditions, Effect, Fact};
use super::{Book, Grade, Grading, Inquiry, Reason};
use crate::buyer::Past;
use crate::language::Language;
use crate::message::Sample;
use std::borrow::Cow;

/// Characters of [`Reason::matched`].
const MATCHED_LIMIT: usize = 80;

pub(super) fn grade(
    book: &Book,
    inquiry: &Inquiry<'_>,
    hits: &Hits,
    past: Option<&Past>,
    language: Language,
) -> Grading {
    let mut reasons = Vec::new();
    let (mut floor, mut ceiling) = (Grade::D, Grade::A);
    for rule in &book.rules {
        let Some(matched) = fires(rule, inquiry, hits, past) else { continue };
        let Effect { points, floor: at_least, ceiling: at_most } = rule.effect;
        // A sorts first: the better of two grades is the smaller one.
        floor = floor.min(at_least.unwrap_or(Grade::D));
        ceiling = ceiling.max(at_most.unwrap_or(Grade::A));
        reasons.push(Reason {
            rule: rule.id.clone(),
            points,
            matched: shorten(&matched.join(" · ")),
            why: rule.why.in_language(language).to_owned(),
        });
    }
    let score = reasons.iter().map(|reason| reason.points).sum();
    let grade = book.thresholds.grade(score).min(floor).max(ceiling);
    Grading::new(grade, score, reasons)
}

/// What made a rule fire, condition by condition; None if it doesn't.
fn fires<'a>(
    rule: &'a Rule,
    inquiry: &Inquiry<'a>,
    hits: &'a Hits,
    past: Option<&'a Past>,
) -> Option<Vec<Cow<'a, str>>> {
    let hit = |slot: &Slot| !hits.of(*slot).is_empty();
    if !rule.wanted.iter().all(hit) || rule.unwanted.iter().any(hit) {
        return None;
    }
    let conditions = met(&rule.conditions, inquiry, past)?;
    Some(rule.wanted.iter().map(|slot| Cow::Borrowed(hits.of(*slot))).chain(conditions).collect())
}

/// What met the conditions apart from words; None if one is not met.
fn met<'a>(conditions: &Conditions, inquiry: &Inquiry<'a>, past: Option<&'a Past>) -> Option<Vec<Cow<'a, str>>> {
    if conditions.lacks.iter().any(|fact| stated(*fact, inquiry).is_some()) {
        return None;
    }
    let mut matched = Vec::new();
    if !conditions.facts.is_empty() {
        matched.push(conditions.facts.iter().find_map(|fact| stated(*fact, inquiry))?);
    }
    if !conditions.sample.is_empty() {
        let sample = inquiry.facts.sample;
        conditions.sample.contains(&sample).then_some(())?;
        matched.extend(sample_name(sample).map(Cow::Borrowed));
    }
    match (conditions.buyer, past) {
        (Some(Acquaintance::Known), known) => matched.push(Cow::Borrowed(known?.called.as_str())),
        (Some(Acquaintance::New), Some(_)) => return None,
        _ => {}
    }
    if !conditions.kind.is_empty() && !conditions.kind.contains(&inquiry.kind) {
        return None;
    }
    matched.extend(one_of(&conditions.relay, Some(inquiry.relay.unwrap_or("direct")))?);
    matched.extend(one_of(&conditions.language, inquiry.language)?);
    matched.extend(one_of(&conditions.country, inquiry.writer.country.as_deref())?);
    Some(matched)
}

/// `Some(None)` where nothing is asked, `None` where the value is not among those asked for.
fn one_of<'a>(asked: &[String], value: Option<&'a str>) -> Option<Option<Cow<'a, str>>> {
    if asked.is_empty() {
        return Some(None);
    }
    let value = value?;
    asked.iter().any(|one| one.eq_ignore_ascii_case(value)).then_some(Some(Cow::Borrowed(value)))
}

fn stated<'a>(fact: Fact, inquiry: &Inquiry<'a>) -> Option<Cow<'a, str>> {
    let one = |value: &'_ Option<String>| value.clone().map(Cow::Owned);
    let some = |values: &[String]| (!values.is_empty()).then(|| Cow::Owned(values.join(", ")));
    let (facts, writer) = (inquiry.facts, inquiry.writer);
    match fact {
        Fact::Quantity => one(&facts.quantity),
        Fact::TargetPrice => one(&facts.target_price),
        Fact::Incoterm => one(&facts.incoterm),
        Fact::Port => one(&facts.port),
        Fact::Products => some(&facts.products),
        Fact::Certificates => some(&facts.certificates),
        Fact::Phones => some(&facts.phones).or_else(|| one(&writer.phone)),
        Fact::Websites => some(&facts.websites),
        Fact::Company => one(&writer.company),
        Fact::Country => one(&writer.country),
        Fact::Email => one(&writer.email),
        Fact::Attachments => {
            let names: Vec<String> = inquiry.attachments.iter().map(|attachment| attachment.name.clone()).collect();
            some(&names)
        }
    }
}

fn sample_name(sample: Sample) -> Option<&'static str> {
    match sample {
        Sample::None => None,
        Sample::Requested => Some("requested"),
        Sample::Free => Some("free"),
        Sample::CourierAccount => Some("courier_account"),
        Sample::Paid => Some("paid"),
    }
}

fn shorten(text: &str) -> String {
    if text.chars().count() <= MATCHED_LIMIT {
        return text.to_owned();
    }
    let cut: String = text.chars().take(MATCHED_LIMIT - 1).collect();
    format!("{}…", cut.trim_end())
}
