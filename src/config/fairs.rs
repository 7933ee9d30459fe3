//! `[[fair]]`: the trade fairs to which buyers are invited.

use crate::newsletter::{Fair, Part, Shift, Told};
use crate::written::reader::{Mistake, Reader};
use crate::written::tree::Value;
use crate::written::values::{country, days, text};
use std::collections::BTreeMap;

const SHIFT: &str = "e.g. \"3 weeks before the fair\" or \"2 days after the fair\", or false for none";

/// All fairs, by name.
pub(super) fn fairs(root: &Reader<'_>) -> Vec<Fair> {
    let mut fairs: Vec<Fair> = Vec::new();
    for section in root.sections("fair") {
        let name = section.found("name", name);
        if let Some(twice) = name.as_ref().filter(|name| fairs.iter().any(|fair| fair.name == name.value)) {
            let what = format!("there are two fairs {:?}", twice.value);
            section.wrong_at(twice, Mistake::new(what, "give this one another name: year and season tell them apart"));
        }
        if !section.has("name") {
            section.missing("name", "a word that names it for ever, e.g. \"canton-2027-spring\"");
        }
        fairs.extend(fair(section, name.map(|name| name.value)));
    }
    fairs
}

fn fair(section: Reader<'_>, name: Option<String>) -> Option<Fair> {
    let title = told(&section, "title", "e.g. \"141st Canton Fair\", or { en = \"…\", zh = \"…\" }");
    let place = told(&section, "place", "the city and the hall, e.g. \"Guangzhou, Area A\"");
    let dates = section.required("dates", days, "its first and last day, e.g. \"2027-04-15..2027-04-19\"");
    let booth = section.required("booth", line, "where you stand, e.g. \"13.1 B21\"");
    let products = section.values("products", |value| text(value).map(|product| product.to_lowercase()));
    let countries = section.values("countries", country);
    let parts =
        Part::ALL.into_iter().filter_map(|part| Some((part, shift(&section, part)?))).collect::<BTreeMap<_, _>>();
    section.finish();
    let (first, last) = dates?;
    Some(Fair { name: name?, title: title?, place: place?, booth: booth?, first, last, products, countries, parts })
}

/// When a part goes out; None: not at all.
fn shift(section: &Reader<'_>, part: Part) -> Option<Shift> {
    let written = |value: &Value| match value {
        Value::Boolean(false) => Ok(None),
        Value::Boolean(true) => Ok(Some(part.usual())),
        Value::Text(written) => {
            let wrong = || Mistake::new(format!("{written:?} is no time before or after a fair"), SHIFT);
            Shift::parse(written).map(Some).ok_or_else(wrong)
        }
        other => Err(Mistake::new(format!("this is {}", other.kind()), SHIFT)),
    };
    section.or(part.as_str(), written, Some(part.usual()))
}

/// A fair's name is part of its newsletters' names.
fn name(value: &Value) -> Result<String, Mistake> {
    let written = text(value)?;
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    (written.len() <= 60 && written.chars().all(fits)).then(|| written.clone()).ok_or_else(|| {
        let what = format!("{written:?} is no name for a fair");
        Mistake::new(what, "small letters, digits and hyphens, e.g. \"canton-2027-spring\"")
    })
}

fn line(value: &Value) -> Result<String, Mistake> {
    let written = text(value)?;
    if written.chars().any(|c| c.is_control() || "{}".contains(c)) {
        return Err(Mistake::new("this is one line without braces", "take line breaks and { } out"));
    }
    Ok(written)
}

/// Words once, or a table of languages.
fn told(section: &Reader<'_>, key: &str, remedy: &str) -> Option<Told> {
    let is_table = section.entries().any(|(name, node)| name == key && matches!(node.value, Value::Table(_)));
    if !is_table {
        return section.required(key, line, remedy).map(|words| Told::once(&words));
    }
    let table = section.section(key);
    let tags: Vec<&str> = table.entries().map(|(tag, _)| tag).collect();
    let is_language = |tag: &str| (2..=3).contains(&tag.len()) && tag.bytes().all(|byte| byte.is_ascii_alphabetic());
    for tag in tags.iter().filter(|tag| !is_language(tag)) {
        table.wrong(tag, Mistake::new("this is no language", "two letters, e.g. en, zh, es"));
    }
    let words = |tag: &str| Some((Some(tag.to_lowercase()), table.optional(tag, line)?));
    let by_language: Vec<_> = tags.into_iter().filter_map(words).collect();
    if by_language.is_empty() {
        section.wrong(key, Mistake::new("this says nothing", remedy));
    }
    table.finish();
    (!by_language.is_empty()).then_some(Told { by_language })
}
