//! What made a rule fire, in a few words for people.

use super::attachment::Family;
use super::compile::{Rule, Set};
use super::condition::{Acquaintance, Condition, Seen};
use super::facts::{self, FactSet};
use super::matcher::Hits;
use super::names::SAMPLES;
use crate::buyer::Past;
use crate::language::Language;
use crate::message::Sample;
use std::borrow::Cow;

/// Characters of [`super::Reason::matched`].
const MATCHED_LIMIT: usize = 80;

/// The words and facts that a rule asked for and found, condition by condition.
pub(super) fn told(rule: &Rule, seen: &Seen<'_>, hits: &Hits, language: Language) -> String {
    let when = &rule.when;
    let one_of_any = when.any.iter().find(|set| set.holds(seen, hits));
    let mut parts: Vec<Cow<'_, str>> = Vec::new();
    for set in std::iter::once(&when.own).chain(&when.all).chain(one_of_any) {
        for part in told_set(set, seen, hits, language) {
            if !part.is_empty() && !parts.contains(&part) {
                parts.push(part);
            }
        }
    }
    shorten(&parts.join(" · "))
}

fn told_set<'a>(
    set: &'a Set,
    seen: &'a Seen<'_>,
    hits: &'a Hits,
    language: Language,
) -> impl Iterator<Item = Cow<'a, str>> {
    let words = set.wanted.iter().map(|slot| Cow::Borrowed(hits.of(*slot)));
    words.chain(set.conditions.iter().map(move |condition| told_condition(condition, seen, language)))
}

/// Empty where there is nothing to show.
fn told_condition<'a>(condition: &Condition, seen: &'a Seen<'_>, language: Language) -> Cow<'a, str> {
    let inquiry = &seen.inquiry;
    let of_past = |tell: &dyn Fn(&'a Past) -> Cow<'a, str>| seen.past.map(tell).unwrap_or_default();
    match condition {
        Condition::AnyFact(facts) => {
            seen.stated.common(*facts).iter().next().map(|fact| facts::value(fact, inquiry)).unwrap_or_default()
        }
        Condition::AllFacts(facts) => values(*facts, seen),
        Condition::FactsAtLeast(_) => values(seen.stated.business(), seen),
        Condition::Sample(_) => sample_name(inquiry.facts.sample).into(),
        Condition::Buyer(Acquaintance::Known) => of_past(&|past| past.called.as_str().into()),
        Condition::Stage(_) | Condition::StageAtLeast(_) => of_past(&|past| match language {
            Language::SimplifiedChinese => past.stage.in_chinese().into(),
            Language::English => past.stage.as_str().replace('_', " ").into(),
        }),
        Condition::BuyerGrade(_) => of_past(&|past| past.grade.map_or("", |grade| grade.as_str()).into()),
        Condition::InquiriesAtLeast(_) => of_past(&|past| past.inquiries.to_string().into()),
        Condition::SilentFor(_) => {
            seen.silence().map(|seconds| format!("{} d", seconds / 86_400).into()).unwrap_or_default()
        }
        Condition::Relay(_) => inquiry.relay.unwrap_or("direct").into(),
        Condition::Language(_) => inquiry.language.unwrap_or_default().into(),
        Condition::Country(_) => inquiry.writer.country.as_deref().unwrap_or_default().into(),
        Condition::Attachments(asked) => {
            let fitting = inquiry.attachments.iter().filter(|file| Family::is_one_of(file, asked));
            fitting.map(|file| file.name.as_str()).collect::<Vec<_>>().join(", ").into()
        }
        Condition::Weekday(_) | Condition::Hours(_) => inquiry
            .received
            .map(|received| received.shown.strftime("%Y-%m-%d %H:%M").to_string().into())
            .unwrap_or_default(),
        Condition::WordsAtMost(_) | Condition::WordsAtLeast(_) => seen.words().to_string().into(),
        Condition::Lacks(_) | Condition::Buyer(Acquaintance::New) | Condition::Kind(_) => Cow::Borrowed(""),
    }
}

fn values<'a>(facts: FactSet, seen: &'a Seen<'_>) -> Cow<'a, str> {
    facts.iter().map(|fact| facts::value(fact, &seen.inquiry)).collect::<Vec<_>>().join(", ").into()
}

fn sample_name(sample: Sample) -> &'static str {
    let named = SAMPLES.iter().find(|(_, known)| *known == sample && sample != Sample::None);
    named.map_or("", |(name, _)| name)
}

fn shorten(text: &str) -> String {
    if text.chars().count() <= MATCHED_LIMIT {
        return text.to_owned();
    }
    let cut: String = text.chars().take(MATCHED_LIMIT - 1).collect();
    format!("{}…", cut.trim_end())
}
