//! A newsletter's file: TOML between two `+++` lines, then Markdown.

use super::Campaign;
use crate::clock::UnixTime;
use crate::grading::Grade;
use crate::written::problems::{Place, Problem};
use crate::written::reader::{Mistake, Reader};
use crate::written::tree::{self, Table, Value};
use crate::written::values::text;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use std::cell::RefCell;

const FENCE: &str = "+++";
/// When a newsletter with a date but no time goes out: when people are there to see to it.
const OFFICE_OPENS: Time = Time::constant(9, 0, 0, 0);
/// Characters; mail programs show about 60 of them.
const SUBJECT_LIMIT: usize = 150;

/// Reads one newsletter; `name` names it for ever, `file` tells people where a mistake is, dates are in `zone`.
///
/// # Errors
/// Everything that is wrong with the file, in no order.
pub fn parse(content: &str, name: &str, file: &str, zone: &TimeZone) -> Result<Campaign, Vec<Problem>> {
    let (front_matter, body) = split(content).ok_or_else(|| vec![without_front_matter(file)])?;
    let (node, syntax) = tree::parse(&front_matter, file);
    if !syntax.is_empty() {
        return Err(syntax);
    }
    let problems = RefCell::new(Vec::new());
    let empty = Table::new();
    let table = if let Value::Table(table) = &node.value { table } else { &empty };
    let reader = Reader::new(table, Place { file: file.into(), line: Some(1) }, &problems);
    let subject = reader.required("subject", subject, "what the buyers read first");
    let grades = segment(&reader);
    let date = reader.required("date", |value| instant(value, zone), "the day it goes out, e.g. date = 2026-12-01");
    if body.trim().is_empty() {
        reader.wrong_here(Mistake::new("the newsletter says nothing", "write its text below the second +++"));
    }
    reader.finish();
    match (subject, date) {
        (Some(subject), Some(date)) if problems.borrow().is_empty() => {
            Ok(Campaign { name: name.to_owned(), subject, grades, date, body: body.trim().to_owned() })
        }
        _ => Err(problems.into_inner()),
    }
}

/// The front matter, with the fence's line kept as an empty one so that lines count as in the file, and the rest.
fn split(content: &str) -> Option<(String, String)> {
    let mut lines = content.lines();
    if lines.next()?.trim_end() != FENCE {
        return None;
    }
    let mut front_matter = String::from("\n");
    for line in lines.by_ref() {
        if line.trim_end() == FENCE {
            return Some((front_matter, lines.collect::<Vec<_>>().join("\n")));
        }
        front_matter.push_str(line);
        front_matter.push('\n');
    }
    None
}

fn without_front_matter(file: &str) -> Problem {
    Problem {
        place: Place { file: file.into(), line: Some(1) },
        key: String::new(),
        what: "the newsletter has no head".to_owned(),
        remedy: "begin it with a line +++, then subject, segment and date, then another line +++".to_owned(),
    }
}

fn subject(value: &Value) -> Result<String, Mistake> {
    let subject = text(value)?;
    if subject.chars().any(char::is_control) {
        return Err(Mistake::new("a subject is one line", "take the line breaks and tabs out"));
    }
    match subject.chars().count() {
        length if length > SUBJECT_LIMIT => Err(Mistake::new(
            format!("{length} characters are too long for a subject"),
            format!("at most {SUBJECT_LIMIT}"),
        )),
        _ => Ok(subject),
    }
}

fn segment(reader: &Reader<'_>) -> Vec<Grade> {
    const REMEDY: &str = "the grades of the buyers who get it, e.g. segment = [\"A\", \"B\"]";
    let grade = |value: &Value| {
        let letter = text(value)?;
        Grade::from_letter(&letter).ok_or_else(|| Mistake::new(format!("there is no grade {letter:?}"), "A, B, C or D"))
    };
    let Some(found) = reader.list("segment", grade) else {
        reader.missing("segment", REMEDY);
        return Vec::new();
    };
    if reader.is_empty_list("segment") {
        reader.wrong("segment", Mistake::new("no buyer would get it", REMEDY));
    }
    let mut grades: Vec<Grade> = found.into_iter().map(|found| found.value).collect();
    grades.sort();
    grades.dedup();
    grades
}

/// `2026-12-01`, `"2026-12-01 09:00"` or with an offset, as a date of TOML or as a text.
fn instant(value: &Value, zone: &TimeZone) -> Result<UnixTime, Mistake> {
    const REMEDY: &str = "e.g. date = 2026-12-01, or date = \"2026-12-01 09:00\"";
    let written = match value {
        Value::Datetime(datetime) => datetime.to_string(),
        other => text(other).map_err(|mistake| Mistake::new(mistake.what, REMEDY))?,
    };
    let wrong = || Mistake::new(format!("{written:?} is not a date"), REMEDY);
    if let Ok(instant) = written.parse::<jiff::Timestamp>() {
        return Ok(instant.as_second());
    }
    let civil = match written.len() {
        10 => written.parse::<Date>().map(|date| date.to_datetime(OFFICE_OPENS)),
        _ => written.parse::<DateTime>(),
    };
    let zoned = civil.and_then(|civil| zone.to_ambiguous_zoned(civil).compatible()).map_err(|_| wrong())?;
    Ok(zoned.timestamp().as_second())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(head: &str, body: &str) -> Result<Campaign, Vec<String>> {
        let content = format!("+++\n{head}\n+++\n{body}");
        let zone = TimeZone::get("Asia/Shanghai").expect("bundled zone");
        parse(&content, "spring", "spring.md", &zone)
            .map_err(|problems| problems.iter().map(ToString::to_string).collect())
    }

    fn at(text: &str) -> UnixTime {
        text.parse::<jiff::Timestamp>().expect("instant").as_second()
    }

    #[test]
    fn a_newsletter_is_a_head_and_a_text() {
        let campaign =
            parsed("subject = \"New *chairs*\"\nsegment = [\"B\", \"A\"]\ndate = 2026-12-01", "\n# Hello\n\n+ one\n");
        let campaign = campaign.expect("valid");
        assert_eq!((campaign.name.as_str(), campaign.subject.as_str()), ("spring", "New *chairs*"));
        assert_eq!(campaign.grades, [Grade::A, Grade::B]);
        assert_eq!(campaign.body, "# Hello\n\n+ one");
    }

    #[test]
    fn a_date_is_in_the_companys_zone_and_in_office_hours() {
        for (written, instant) in [
            ("2026-12-01", "2026-12-01T09:00:00+08:00"),
            ("\"2026-12-01 14:30\"", "2026-12-01T14:30:00+08:00"),
            ("2026-12-01T14:30:00", "2026-12-01T14:30:00+08:00"),
            ("2026-12-01T14:30:00+01:00", "2026-12-01T14:30:00+01:00"),
        ] {
            let head = format!("subject = \"s\"\nsegment = \"A\"\ndate = {written}");
            assert_eq!(parsed(&head, "text").map(|campaign| campaign.date), Ok(at(instant)), "{written}");
        }
    }

    #[test]
    fn all_mistakes_of_a_newsletter_are_told_at_once() {
        let problems = parsed("subjet = \"s\"\nsegment = [\"A\", \"E\"]\ndate = \"soon\"", " ").expect_err("mistakes");
        assert_eq!(
            problems,
            [
                "spring.md:1: subject: missing (what the buyers read first)",
                "spring.md:3: segment[2]: there is no grade \"E\" (A, B, C or D)",
                "spring.md:4: date: \"soon\" is not a date (e.g. date = 2026-12-01, or date = \"2026-12-01 09:00\")",
                "spring.md:1: the newsletter says nothing (write its text below the second +++)",
                "spring.md:2: subjet: unknown key (did you mean subject?)",
            ]
        );
    }

    #[test]
    fn a_subject_can_not_smuggle_a_header() {
        let problems = parsed("subject = \"News\\r\\nBcc: all@x.example\"\nsegment = \"A\"\ndate = 2026-12-01", "text");
        assert_eq!(problems.expect_err("refused").len(), 1);
    }

    #[test]
    fn a_text_without_a_head_is_no_newsletter() {
        for content in ["Hello", "", "+++\nsubject = \"s\"\n", "---\nsubject: s\n---\n"] {
            let problems = parse(content, "n", "n.md", &TimeZone::UTC).expect_err(content);
            assert!(problems[0].to_string().starts_with("n.md:1: the newsletter has no head"), "{content}");
        }
    }
}
