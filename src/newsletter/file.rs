//! A newsletter's file: TOML between two `+++` lines, then Markdown; a line `+++ zh` begins it anew in another language.

use super::when::instant;
use super::{Campaign, Segment, Variant};
use crate::buyer::{Stage, tag};
use crate::clock::UnixTime;
use crate::grade::Grade;
use crate::text::hex;
use crate::written::problems::{Place, Problem};
use crate::written::reader::{Mistake, Reader};
use crate::written::tree::{self, Table, Value};
use crate::written::values::{boolean, country, duration, text};
use jiff::tz::TimeZone;
use sha2::{Digest as _, Sha256};
use std::cell::RefCell;
use std::time::Duration;

const FENCE: &str = "+++";
/// Characters; mail programs show about 60 of them.
const SUBJECT_LIMIT: usize = 150;
/// How long after its date a newsletter is still news, unless the file says otherwise.
const LATENESS: Duration = Duration::from_secs(7 * 86_400);

/// A campaign's file, or that of one of its languages: `spring.md`, `spring.zh.md`.
#[derive(Clone, Copy, Debug)]
pub struct File<'a> {
    pub content: &'a str,
    /// Where people find a mistake.
    pub path: &'a str,
    /// Of `spring.zh.md`: `zh`.
    pub language: Option<&'a str>,
}

/// Reads one newsletter: its own file first, then those of its other languages. `name` names it for ever, dates are in
/// `zone`.
///
/// # Errors
/// Everything that is wrong with the files, in no order.
pub fn parse(name: &str, files: &[File<'_>], zone: &TimeZone) -> Result<Campaign, Vec<Problem>> {
    let problems = RefCell::new(Vec::new());
    let mut fingerprint = Sha256::new();
    let mut head = None;
    let mut variants = Vec::new();
    for (index, file) in files.iter().enumerate() {
        fingerprint = fingerprint.chain_update(file.content).chain_update([0]);
        let read = if index == 0 { own_file(file, name, zone, &problems) } else { other_file(file, &problems) };
        let Some((found, more)) = read else { continue };
        head = head.or(found);
        variants.extend(more);
    }
    let mut problems = problems.into_inner();
    for (index, variant) in variants.iter().enumerate() {
        if variants[..index].iter().any(|other: &Variant| other.language == variant.language) {
            let language = variant.language.as_deref().unwrap_or("the same language");
            let place = Place { file: files[0].path.into(), line: Some(1) };
            let (what, remedy) = (format!("there are two texts in {language}"), "take one of them out".to_owned());
            problems.push(Problem { place, key: String::new(), what, remedy });
        }
    }
    let head = head.filter(|_| problems.is_empty());
    let Some(Head { segment, date, lateness }) = head else { return Err(problems) };
    let fingerprint = hex(&fingerprint.finalize()[..8]);
    Ok(Campaign { name: name.to_owned(), variants, segment, date, lateness, fingerprint })
}

struct Head {
    segment: Segment,
    date: UnixTime,
    lateness: Duration,
}

type Problems = RefCell<Vec<Problem>>;
type Read = Option<(Option<Head>, Vec<Variant>)>;

/// Who, when, and what is said.
fn own_file(file: &File<'_>, name: &str, zone: &TimeZone, problems: &Problems) -> Read {
    with_head(file, problems, |reader, sections| {
        let language = reader.optional("language", language);
        let segment = segment(reader);
        let remedy = "the day it goes out, e.g. date = 2026-12-01";
        let date = reader.required("date", |value| instant(value, name, zone), remedy);
        let lateness = reader.or("lateness", duration, LATENESS);
        let variants = variants(reader, sections, language);
        let head = date.map(|date| Head { segment, date, lateness });
        (head, variants)
    })
}

/// What is said in another language.
fn other_file(file: &File<'_>, problems: &Problems) -> Read {
    with_head(file, problems, |reader, sections| (None, variants(reader, sections, file.language.map(str::to_owned))))
}

fn with_head(
    file: &File<'_>,
    problems: &Problems,
    read: impl FnOnce(&Reader<'_>, Vec<Section>) -> (Option<Head>, Vec<Variant>),
) -> Read {
    let place = Place { file: file.path.into(), line: Some(1) };
    let Some((front_matter, body)) = split(file.content) else {
        problems.borrow_mut().push(without_front_matter(place));
        return None;
    };
    let (node, syntax) = tree::parse(&front_matter, file.path);
    if !syntax.is_empty() {
        problems.borrow_mut().extend(syntax);
        return None;
    }
    let empty = Table::new();
    let table = if let Value::Table(table) = &node.value { table } else { &empty };
    let reader = Reader::new(table, place, problems);
    let read = read(&reader, sections(&body));
    reader.finish();
    Some(read)
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

/// A part of the body in one language; None: that of the file.
type Section = (Option<String>, String);

fn sections(body: &str) -> Vec<Section> {
    let mut sections: Vec<Section> = vec![(None, String::new())];
    for line in body.lines() {
        let tag = line.strip_prefix(FENCE).map(str::trim).filter(|tag| is_language(tag));
        match tag {
            Some(tag) => sections.push((Some(tag.to_lowercase()), String::new())),
            None => sections.last_mut().expect("never empty").1.extend([line, "\n"]),
        }
    }
    // Nothing needs to stand before the first language that is named.
    if sections.len() > 1 && sections[0].1.trim().is_empty() {
        sections.remove(0);
    }
    sections
}

fn variants(reader: &Reader<'_>, sections: Vec<Section>, language: Option<String>) -> Vec<Variant> {
    let subjects = Subjects::read(reader);
    let mut variants = Vec::new();
    for (index, (tag, body)) in sections.into_iter().enumerate() {
        let tag = tag.or_else(|| language.clone());
        if body.trim().is_empty() {
            reader.wrong_here(Mistake::new("the newsletter says nothing", "write its text below the second +++"));
        }
        if let Some(subject) = subjects.of(tag.as_deref(), index == 0) {
            variants.push(Variant { language: tag, subject, body: body.trim().to_owned() });
        } else if !subjects.0.is_empty() {
            let tag = tag.unwrap_or_default();
            let remedy = format!("write subject = {{ {tag} = \"…\" }}, one for each language");
            reader.wrong_here(Mistake::new(format!("the text in {tag} has no subject"), remedy));
        }
    }
    variants
}

/// Subjects by language; one without a language is that of the first text.
struct Subjects(Vec<(Option<String>, String)>);

impl Subjects {
    fn read(reader: &Reader<'_>) -> Subjects {
        let by_language = reader.entries().find(|(key, _)| *key == "subject").map(|(_, node)| &node.value);
        if let Some(Value::Table(_)) = by_language {
            let section = reader.section("subject");
            let tags: Vec<String> = section.entries().map(|(key, _)| key.to_owned()).collect();
            for tag in tags.iter().filter(|tag| !is_language(tag)) {
                section.wrong(tag, Mistake::new("this is no language", "two letters, e.g. en, zh, es"));
            }
            let subject = |tag: String| Some((Some(tag.to_lowercase()), section.optional(&tag, subject)?));
            let subjects = tags.into_iter().filter_map(subject).collect();
            section.finish();
            return Subjects(subjects);
        }
        let subject = reader.required("subject", subject, "what the buyers read first");
        Subjects(subject.map(|subject| (None, subject)).into_iter().collect())
    }

    fn of(&self, language: Option<&str>, is_first: bool) -> Option<String> {
        let fits = |(tag, _): &&(Option<String>, String)| match tag.as_deref() {
            None => is_first,
            // A first text that names no language has the first subject.
            Some(tag) => language.map_or(is_first, |language| language == tag),
        };
        self.0.iter().find(fits).map(|(_, subject)| subject.clone())
    }
}

fn without_front_matter(place: Place) -> Problem {
    Problem {
        place,
        key: String::new(),
        what: "the newsletter has no head".to_owned(),
        remedy: "begin it with a line +++, then subject, segment and date, then another line +++".to_owned(),
    }
}

fn is_language(tag: &str) -> bool {
    (2..=3).contains(&tag.len()) && tag.bytes().all(|byte| byte.is_ascii_alphabetic())
}

fn language(value: &Value) -> Result<String, Mistake> {
    let tag = text(value)?;
    is_language(&tag)
        .then(|| tag.to_lowercase())
        .ok_or_else(|| Mistake::new(format!("{tag:?} is no language"), "two letters, e.g. \"en\", \"zh\", \"es\""))
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

/// Grades alone, as `segment = ["A", "B"]`, or everything that a segment may ask for as a table.
fn segment(reader: &Reader<'_>) -> Segment {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed_as(name: &str, contents: &[(&str, Option<&str>)]) -> Result<Campaign, Vec<String>> {
        let zone = TimeZone::get("Asia/Shanghai").expect("bundled zone");
        let file = |(content, language): &(&'static str, Option<&'static str>)| File {
            content,
            path: "spring.md",
            language: *language,
        };
        // Leaked: a test's texts live as long as it does.
        let contents: Vec<(&'static str, Option<&'static str>)> = contents
            .iter()
            .map(|(content, language)| {
                let leak = |text: &str| &*Box::leak(text.to_owned().into_boxed_str());
                (leak(content), language.map(leak))
            })
            .collect();
        let files: Vec<File<'_>> = contents.iter().map(file).collect();
        parse(name, &files, &zone).map_err(|problems| problems.iter().map(ToString::to_string).collect())
    }

    fn parsed(head: &str, body: &str) -> Result<Campaign, Vec<String>> {
        parsed_as("spring", &[(&format!("+++\n{head}\n+++\n{body}"), None)])
    }

    fn at(text: &str) -> UnixTime {
        text.parse::<jiff::Timestamp>().expect("instant").as_second()
    }

    fn said(campaign: &Campaign) -> Vec<(Option<&str>, &str, &str)> {
        let said =
            |variant: &'static Variant| (variant.language.as_deref(), variant.subject.as_str(), variant.body.as_str());
        let leaked: &'static [Variant] = Box::leak(campaign.variants.clone().into_boxed_slice());
        leaked.iter().map(said).collect()
    }

    #[test]
    fn a_newsletter_is_a_head_and_a_text() {
        let campaign =
            parsed("subject = \"New *chairs*\"\nsegment = [\"B\", \"A\"]\ndate = 2026-12-01", "\n# Hello\n\n+ one\n");
        let campaign = campaign.expect("valid");
        assert_eq!(campaign.name, "spring");
        assert_eq!(said(&campaign), [(None, "New *chairs*", "# Hello\n\n+ one")]);
        assert_eq!(campaign.segment.grades, [Grade::A, Grade::B]);
        assert_eq!(campaign.lateness, LATENESS);
    }

    #[test]
    fn each_language_has_its_text_and_subject() {
        let head =
            "language = \"en\"\nsubject = { en = \"Chairs\", zh = \"椅子\" }\nsegment = \"A\"\ndate = 2026-12-01";
        let campaign = parsed(head, "Hello\n\n+++ zh\n您好\n").expect("valid");
        assert_eq!(said(&campaign), [(Some("en"), "Chairs", "Hello"), (Some("zh"), "椅子", "您好")]);
        let named = parsed(&head.replace("language = \"en\"\n", ""), "+++ EN\nHello\n+++ zh\n您好\n").expect("valid");
        assert_eq!(said(&named), said(&campaign));
        let own = format!("+++\n{}\n+++\nHello", head.replace("{ en = \"Chairs\", zh = \"椅子\" }", "\"Chairs\""));
        let files = [(own.as_str(), None), ("+++\nsubject = \"椅子\"\n+++\n您好", Some("zh"))];
        assert_eq!(said(&parsed_as("spring", &files).expect("valid")), said(&campaign));
    }

    #[test]
    fn a_text_without_a_subject_or_twice_in_a_language_is_told() {
        let head = "subject = { en = \"Chairs\" }\nsegment = \"A\"\ndate = 2026-12-01";
        assert_eq!(
            parsed(head, "+++ en\nHello\n+++ de\nHallo").expect_err("no subject"),
            ["spring.md:1: the text in de has no subject (write subject = { de = \"…\" }, one for each language)"]
        );
        assert_eq!(
            parsed(head, "+++ en\nHello\n+++ en\nHi").expect_err("twice"),
            ["spring.md:1: there are two texts in en (take one of them out)"]
        );
    }

    #[test]
    fn a_segment_may_ask_for_much() {
        let head = "subject = \"s\"\ndate = 2026-12-01\nlateness = \"1d\"\n[segment]\ngrade = \"B\"\nstage = [\"sample_sent\"]\n\
                    country = [\"de\", \"AT\"]\nlanguage = \"DE\"\nproduct = \"Chair\"\nsource = \"alibaba\"\nowner = \"Amy\"\n\
                    tags = [\"vip\", \"代理\"]\nwithout_tags = \"old\"\n\
                    silent_for = \"60d\"\nnever_ordered = true\nnot_written_for = \"30d\"";
        let campaign = parsed(head, "text").expect("valid");
        let text = |text: &str| vec![text.to_owned()];
        let expected = Segment {
            grades: vec![Grade::B],
            stages: vec![Stage::SampleSent],
            countries: vec!["DE".to_owned(), "AT".to_owned()],
            languages: text("de"),
            products: text("chair"),
            sources: text("alibaba"),
            owners: text("amy"),
            tags: vec!["vip".to_owned(), "代理".to_owned()],
            without_tags: text("old"),
            silent_for: Some(Duration::from_secs(60 * 86_400)),
            seen_within: None,
            never_ordered: true,
            not_written_for: Some(Duration::from_secs(30 * 86_400)),
        };
        assert_eq!(campaign.segment, expected);
        assert_eq!(campaign.lateness, Duration::from_secs(86_400));
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
                "spring.md:3: segment[2]: there is no grade \"E\" (A, B, C or D)",
                "spring.md:4: date: \"soon\" is not a date (e.g. date = 2026-12-01, date = \"2026-12-01 09:00\", or date = \
                 \"first tuesday 10:00\")",
                "spring.md:1: subject: missing (what the buyers read first)",
                "spring.md:1: the newsletter says nothing (write its text below the second +++)",
                "spring.md:2: subjet: unknown key (did you mean subject?)",
            ]
        );
        let problems = parsed("subject = \"s\"\ndate = 2026-12-01\n[segment]\ncountry = []\nstage = \"ordered\"", "x");
        let problems = problems.expect_err("mistakes");
        assert!(problems[0].starts_with("spring.md:5: segment.country: no buyer would get it"), "{problems:?}");
        assert!(
            problems[1].starts_with("spring.md:6: segment.stage[1]: there is no stage \"ordered\""),
            "{problems:?}"
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
            let problems = parsed_as("n", &[(content, None)]).expect_err(content);
            assert!(problems[0].starts_with("spring.md:1: the newsletter has no head"), "{content}");
        }
    }
}
