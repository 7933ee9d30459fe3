//! Whom the front matter means.

use super::subjects::language;
use crate::buyer::{Stage, tag};
use crate::grade::Grade;
use crate::newsletter::Segment;
use crate::written::reader::{Mistake, Reader};
use crate::written::tree::Value;
use crate::written::values::{boolean, country, duration, text};

/// Grades alone, as `segment = ["A", "B"]`, or everything that a segment may ask for as a table.
pub(super) fn segment(reader: &Reader<'_>) -> Segment {
    const REMEDY: &str = "who gets it: grades, e.g. segment = [\"A\", \"B\"], or a table [segment]";
    let written = reader.entries().find(|(key, _)| *key == "segment").map(|(_, node)| &node.value);
    match written {
        Some(Value::Table(table)) if table.is_empty() => {
            reader.wrong("segment", Mistake::new("nobody is meant", REMEDY));
            Segment::default()
        }
        Some(Value::Table(_)) => segment_table(&reader.section("segment")),
        Some(_) => Segment { grades: grades(reader, "segment", REMEDY), ..Segment::default() },
        None => {
            reader.missing("segment", REMEDY);
            Segment::default()
        }
    }
}

fn grades(reader: &Reader<'_>, key: &str, remedy: &str) -> Vec<Grade> {
    let grade = |value: &Value| {
        let letter = text(value)?;
        Grade::from_letter(&letter).ok_or_else(|| Mistake::new(format!("there is no grade {letter:?}"), "A, B, C or D"))
    };
    let mut grades = reader.values(key, grade);
    if reader.is_empty_list(key) {
        reader.wrong(key, Mistake::new("no buyer would get it", remedy));
    }
    grades.sort();
    grades.dedup();
    grades
}

fn segment_table(table: &Reader<'_>) -> Segment {
    const NONE: &str = "leave the line out if it does not matter";
    let stage = |value: &Value| {
        let word = text(value)?;
        let known = || Stage::ALL.map(Stage::as_str).join(", ");
        Stage::parse(&word)
            .ok_or_else(|| Mistake::new(format!("there is no stage {word:?}"), format!("one of: {}", known())))
    };
    let lower = |value: &Value| text(value).map(|text| text.to_lowercase());
    let listed = |key: &str| {
        if table.is_empty_list(key) {
            table.wrong(key, Mistake::new("no buyer would get it", NONE));
        }
    };
    ["stage", "country", "language", "product", "source", "owner", "tags"].into_iter().for_each(listed);
    let tag = |value: &Value| {
        let remedy = "a short word that `inquiryd buyers edit --tag` gave, e.g. \"vip\"";
        tag(&text(value)?).map_err(|what| Mistake::new(what, remedy))
    };
    if table.is_empty_list("without_tags") {
        table.wrong("without_tags", Mistake::new("nobody is left out", NONE));
    }
    let segment = Segment {
        grades: grades(table, "grade", NONE),
        stages: table.values("stage", stage),
        countries: table.values("country", country),
        languages: table.values("language", language),
        products: table.values("product", lower),
        sources: table.values("source", lower),
        owners: table.values("owner", lower),
        tags: table.values("tags", tag),
        without_tags: table.values("without_tags", tag),
        silent_for: table.optional("silent_for", duration),
        seen_within: table.optional("seen_within", duration),
        never_ordered: table.or("never_ordered", boolean, false),
        not_written_for: table.optional("not_written_for", duration),
    };
    if let (Some(least), Some(most)) = (segment.silent_for, segment.seen_within)
        && least > most
    {
        let what = "nobody was silent for so long and seen within so short a time";
        table.wrong("silent_for", Mistake::new(what, "let seen_within be the longer one"));
    }
    segment
}
