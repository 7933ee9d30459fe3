//! relays.toml becomes relays and labels; every mistake in it is noted with its line.

use super::Field;
use super::book::{AnswerTo, Relay, RelayKind, Written, comparable};
use super::people::{GAPS, Sentence};
use crate::written::problems::{Place, Problem};
use crate::written::reader::{Mistake, Reader};
use crate::written::tree::{self, Table, Value};
use crate::written::values;
use std::cell::RefCell;

const KINDS: [(&str, RelayKind); 3] =
    [("platform", RelayKind::Platform), ("form", RelayKind::Form), ("fax", RelayKind::Fax)];
const ANSWERS: [(&str, AnswerTo); 2] = [("buyer", AnswerTo::Buyer), ("relay", AnswerTo::Relay)];

pub(super) fn parse(text: &str, file: &str) -> Result<Written, Vec<Problem>> {
    let (node, syntax) = tree::parse(text, file);
    if !syntax.is_empty() {
        return Err(syntax);
    }
    let problems = RefCell::new(Vec::new());
    let empty = Table::new();
    let table = if let Value::Table(table) = &node.value { table } else { &empty };
    let root = Reader::new(table, Place::file(file), &problems);
    let mut written = Written { labels: labels(root.section("labels")), ..Written::default() };
    let frame = root.section("frame");
    written.frame = frame.values("words", values::text);
    written.forms = frame.values("forms", values::text);
    frame.finish();
    let machines = root.section("machines");
    written.machines = machines.values("names", values::text).iter().map(|name| name.to_lowercase()).collect();
    machines.finish();
    for section in root.sections("relay") {
        written.relays.extend(relay(section, &written.relays));
    }
    root.finish();
    let problems = problems.into_inner();
    if problems.is_empty() { Ok(written) } else { Err(problems) }
}

fn labels(section: Reader<'_>) -> Vec<(String, Field)> {
    let mut labels = Vec::new();
    for (word, field) in Field::WORDS {
        labels.extend(section.values(word, values::text).iter().map(|label| (comparable(label), field)));
    }
    section.finish();
    labels
}

fn relay(section: Reader<'_>, before: &[Relay]) -> Option<Relay> {
    let name = section.required("name", name, "how digests call it, e.g. \"our_shop\"");
    if let Some(name) = name.as_ref().filter(|name| before.iter().any(|relay| relay.name == **name)) {
        section
            .wrong("name", Mistake::new(format!("there are two relays named {name:?}"), "join them, or name one anew"));
    }
    let kind = section.required("kind", choice(&KINDS), "\"platform\", \"form\" or \"fax\"");
    let from = section.values("from", sender);
    if !section.has("from") {
        section.missing("from", "the domains or addresses it writes from, e.g. [\"shop@example.com\"]");
    }
    let lower = |key| section.values(key, values::text).iter().map(|word| word.to_lowercase()).collect::<Vec<_>>();
    let relay = Relay {
        name: name.unwrap_or_default(),
        kind: kind.unwrap_or(RelayKind::Form),
        from,
        text: lower("text"),
        subject: lower("subject"),
        labels: labels(section.section("labels")).into_iter().collect(),
        people: section.values("people", sentence),
        answer: section.or("answer", choice(&ANSWERS), AnswerTo::Buyer),
    };
    section.finish();
    Some(relay)
}

fn name(value: &Value) -> Result<String, Mistake> {
    let name = values::text(value)?;
    let plain = name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    if plain && name.len() <= 40 {
        return Ok(name);
    }
    Err(Mistake::new(format!("{name:?} is no name"), "up to 40 of a-z, 0-9 and _, e.g. \"our_shop\""))
}

/// A domain, or a whole address.
fn sender(value: &Value) -> Result<String, Mistake> {
    let written = values::text(value)?.to_lowercase();
    let domain = written.rsplit_once('@').map_or(written.as_str(), |(_, domain)| domain);
    if values::is_host_name(domain) && domain.contains('.') && !written.starts_with('@') {
        return Ok(written);
    }
    Err(Mistake::new(
        format!("{written:?} is neither a domain nor an address"),
        "e.g. \"alibaba.com\" or \"shop@example.com\"",
    ))
}

fn sentence(value: &Value) -> Result<Sentence, Mistake> {
    let written = values::text(value)?;
    Sentence::parse(&written).ok_or_else(|| {
        let gaps: Vec<&str> = GAPS.iter().map(|(gap, _)| *gap).collect();
        Mistake::new(
            format!("{written:?} names nobody, or twice the same"),
            format!("one or more of {}, each once", gaps.join(" ")),
        )
    })
}

/// One of some words.
fn choice<T: Copy>(choices: &[(&str, T)]) -> impl Fn(&Value) -> Result<T, Mistake> {
    move |value| {
        let written = values::text(value)?;
        choices.iter().find(|(word, _)| *word == written).map(|(_, choice)| *choice).ok_or_else(|| {
            let words: Vec<String> = choices.iter().map(|(word, _)| format!("{word:?}")).collect();
            Mistake::new(format!("{written:?} is unknown"), words.join(" or "))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::RelayBook;

    #[test]
    fn every_mistake_in_a_file_is_told_with_its_line() {
        let text = "[labels]\nnames = [\"x\"]\n[[relay]]\nname = \"Our Shop\"\nkind = \"shop\"\npeople = [\"hello\"]\n";
        let problems = RelayBook::with(text, "relays.toml").expect_err("four mistakes");
        let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
        for expected in
            ["relays.toml:2: labels.names", "relays.toml:4: relay", "relays.toml:5: relay", "relays.toml:6: relay"]
        {
            assert!(told.iter().any(|line| line.starts_with(expected)), "{expected} is not in {told:#?}");
        }
        assert!(told.iter().any(|line| line.contains("from")), "{told:#?}");
    }

    #[test]
    fn a_company_adds_to_the_shipped_relays_and_loses_none() {
        let text = "[[relay]]\nname = \"our_shop\"\nkind = \"form\"\nfrom = [\"shop@seller.example\"]\n";
        let book = RelayBook::with(text, "relays.toml").expect("a sound file");
        assert_eq!(book.names().next(), Some("our_shop"));
        assert_eq!(book.names().count(), RelayBook::default().names().count() + 1);
        let own = "[[relay]]\nname = \"alibaba\"\nkind = \"platform\"\nfrom = [\"alibaba.example\"]\n";
        let book = RelayBook::with(own, "relays.toml").expect("a sound file");
        assert_eq!(book.names().count(), RelayBook::default().names().count());
        assert!(!book.is_relay("x@alibaba.com") && book.is_relay("x@mail.alibaba.example"));
    }
}
