//! Rules that can never fire, because what they ask for can't be so at the same time.

use super::condition::{Acquaintance, Condition};
use super::conditions::Member;
use super::facts::{Fact, FactSet, MOST_OF_THE_BUSINESS};
use super::keyword::Keyword;
use super::rules::{WrittenSet, Zone};
use crate::written::reader::{Mistake, Reader};

const REMEDY: &str = "take one of the two out";

/// Notes where a rule's conditions and its groups contradict each other.
pub(super) fn check(rule: &Reader<'_>, own: &WrittenSet, all: &[Member<'_>], any: &[Member<'_>], none: &[Member<'_>]) {
    let mut together = vec![own];
    if tell(rule, "this rule can never fire", clash(&together)) {
        return;
    }
    for member in all {
        together.push(&member.set);
        if tell(&member.reader, "this can never hold with the rest of the rule", clash(&together)) {
            return;
        }
    }
    for member in any {
        let with_member: Vec<&WrittenSet> = together.iter().copied().chain([&member.set]).collect();
        tell(&member.reader, "this can never hold with the rest of the rule", clash(&with_member));
    }
    for member in none {
        if !tell(&member.reader, "this can never hold, so it keeps nothing out", clash(&[&member.set]))
            && is_implied(&member.set, &together)
        {
            let what = "this rule can never fire: it asks for this, and must not hold if this is so";
            member.reader.wrong_here(Mistake::new(what, REMEDY));
        }
    }
}

/// Two conditions that exclude each other, and the key to blame.
struct Clash {
    what: String,
    key: &'static str,
}

fn tell(reader: &Reader<'_>, consequence: &str, clash: Option<Clash>) -> bool {
    let Some(Clash { what, key }) = clash else { return false };
    let mistake = Mistake::new(format!("{consequence}: {what}"), REMEDY);
    if reader.has(key) {
        reader.wrong(key, mistake)
    } else {
        reader.wrong_here(mistake)
    }
    true
}

fn clash(sets: &[&WrittenSet]) -> Option<Clash> {
    let conditions: Vec<&Condition> = sets.iter().flat_map(|set| &set.conditions).collect();
    let pairs = conditions.iter().flat_map(|a| conditions.iter().map(move |b| (*a, *b)));
    let clash = |(a, b): (&Condition, &Condition)| Some(Clash { what: excludes(a, b)?, key: b.key() });
    pairs.filter(|(a, b)| !std::ptr::eq(*a, *b)).find_map(clash).or_else(|| words_clash(sets))
}

/// Why `a` and `b` can't both hold.
fn excludes(a: &Condition, b: &Condition) -> Option<String> {
    use Condition as Is;
    match (a, b) {
        (Is::Buyer(Acquaintance::New), history) if history.is_history() => {
            Some(format!("a new buyer has no history, and {} asks for one", history.key()))
        }
        (Is::Buyer(a), Is::Buyer(b)) => (a != b).then(|| "nobody is known and new".to_owned()),
        (wanted, Is::Lacks(lacked)) => lacks_the_wanted(wanted, *lacked),
        (Is::Stage(stages), Is::StageAtLeast(least)) => {
            let below = stages.iter().all(|stage| stage < least);
            below.then(|| format!("every stage asked for is below {}", least.as_str()))
        }
        (Is::WordsAtLeast(least), Is::WordsAtMost(most)) => {
            (least > most).then(|| format!("no mail has at least {least} and at most {most} words"))
        }
        (Is::Stage(a), Is::Stage(b)) => disjoint(a, b, "stage"),
        (Is::Sample(a), Is::Sample(b)) => disjoint(a, b, "sample"),
        (Is::BuyerGrade(a), Is::BuyerGrade(b)) => disjoint(a, b, "buyer_grade"),
        (Is::Kind(a), Is::Kind(b)) => disjoint(a, b, "kind"),
        (Is::Relay(a), Is::Relay(b)) => disjoint(a, b, "relay"),
        (Is::Language(a), Is::Language(b)) => disjoint(a, b, "language"),
        (Is::Country(a), Is::Country(b)) => disjoint(a, b, "country"),
        (Is::Weekday(a), Is::Weekday(b)) => disjoint(a, b, "weekday"),
        _ => None,
    }
}

fn lacks_the_wanted(wanted: &Condition, lacked: FactSet) -> Option<String> {
    let both = |facts: FactSet| Some(format!("{} must be stated and must not be", facts.names()));
    match wanted {
        Condition::AnyFact(facts) if lacked.has_all(*facts) => both(*facts),
        Condition::AllFacts(facts) if lacked.has_any(*facts) => both(lacked.common(*facts)),
        Condition::Country(_) if lacked.has_any(FactSet::from_iter([Fact::Country])) => {
            Some("the country must be stated and must not be".to_owned())
        }
        Condition::Attachments(_) if lacked.has_any(FactSet::from_iter([Fact::Attachments])) => {
            Some("attachments must be there and must not be".to_owned())
        }
        Condition::FactsAtLeast(least) if MOST_OF_THE_BUSINESS - lacked.of_the_business() < *least => {
            let left = MOST_OF_THE_BUSINESS - lacked.of_the_business();
            Some(format!("{left} facts are left to be stated, and {least} must be"))
        }
        _ => None,
    }
}

fn disjoint<T: PartialEq>(a: &[T], b: &[T], name: &str) -> Option<String> {
    (!a.iter().any(|one| b.contains(one))).then(|| format!("no {name} is in both lists"))
}

/// Words that are wanted, each of which is among those that must not be there.
fn words_clash(sets: &[&WrittenSet]) -> Option<Clash> {
    let words = || sets.iter().flat_map(|set| &set.words);
    let sender = |zone: Zone| zone == Zone::Sender;
    let wanted = words().filter(|words| words.wanted && words.zone != Zone::Goods);
    for wanted in wanted {
        let unwanted = words().filter(|words| !words.wanted && sender(words.zone) == sender(wanted.zone));
        let unwanted: Vec<&str> = unwanted.flat_map(|words| &words.list).map(|word| word.value.as_str()).collect();
        let in_address = sender(wanted.zone);
        let stopped = |word: &str| unwanted.iter().find(|other| is_within(other, word, in_address)).copied();
        let all = wanted.list.iter().all(|word| stopped(&word.value).is_some());
        if let (true, Some(first)) = (all, wanted.list.first()) {
            let other = stopped(&first.value).unwrap_or_default();
            let what = format!("where {:?} is found, {other:?} is found too, and must not be", first.value);
            return Some(Clash { what, key: if in_address { "unless_sender" } else { "unless" } });
        }
    }
    None
}

/// Whether `other` is found wherever `word` is.
fn is_within(other: &str, word: &str, in_address: bool) -> bool {
    if other.starts_with("re:") || word.starts_with("re:") {
        return other == word;
    }
    let parsed = |text: &str| Keyword::parse(text, in_address).ok();
    let (Some(other), Some(word)) = (parsed(other), parsed(word)) else { return false };
    word.folded.match_indices(&other.folded).any(|(start, found)| {
        let end = start + found.len();
        let before = match word.folded[..start].chars().next_back() {
            Some(c) => other.before.allows(Some(c)),
            None => other.before.is_no_stricter_than(word.before),
        };
        before
            && match word.folded[end..].chars().next() {
                Some(c) => other.after.allows(Some(c)),
                None => other.after.is_no_stricter_than(word.after),
            }
    })
}

/// Whether everything that a set asks for is asked for by the others already.
fn is_implied(set: &WrittenSet, by: &[&WrittenSet]) -> bool {
    if set.conditions.is_empty() && set.words.is_empty() {
        return false;
    }
    let conditions = set.conditions.iter().all(|one| by.iter().any(|other| other.conditions.contains(one)));
    let words = set.words.iter().all(|one| {
        by.iter().flat_map(|other| &other.words).any(|other| {
            let within = |list: &[crate::written::reader::Found<String>], word: &str| {
                list.iter().any(|known| known.value == word)
            };
            other.zone == one.zone
                && other.wanted == one.wanted
                && match one.wanted {
                    true => other.list.iter().all(|word| within(&one.list, &word.value)),
                    false => one.list.iter().all(|word| within(&other.list, &word.value)),
                }
        })
    });
    conditions && words
}
