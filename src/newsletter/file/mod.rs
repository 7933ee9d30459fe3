//! A newsletter's file: TOML between two `+++` lines, then Markdown; a line `+++ zh` begins it anew in another language.

mod body;
mod enclosures;
mod segment;
mod subjects;
mod timing;

use super::fair::{Fair, Part};
use super::greeting::{Greeting, GreetingBook};
use super::{Campaign, CampaignPace, Enclosed, Enclosure, Segment, Variant};
use crate::text::hex;
use crate::written::problems::{Place, Problem};
use crate::written::reader::{Mistake, Reader};
use crate::written::tree::{self, Table, Value};
use crate::written::values::{duration, integer, mailbox, text};
use body::{Section, sections, split};
pub(super) use enclosures::escaped;
use enclosures::{attachments, links};
use jiff::tz::TimeZone;
use lettre::message::Mailbox;
use segment::segment;
use sha2::{Digest as _, Sha256};
use std::cell::RefCell;
use std::path::Path;
use subjects::{Subjects, language};
use timing::{Timing, timing};

/// A campaign's file, or that of one of its languages: `spring.md`, `spring.zh.md`.
#[derive(Clone, Copy, Debug)]
pub struct File<'a> {
    pub content: &'a str,
    /// Where people find a mistake.
    pub path: &'a str,
    /// Of `spring.zh.md`: `zh`.
    pub language: Option<&'a str>,
}

/// What a newsletter's file may refer to, and how that is read.
#[derive(Clone, Copy)]
pub struct Around<'a> {
    /// Of dates.
    pub zone: &'a TimeZone,
    /// The company's: a newsletter comes from nowhere else. None: they could not be read.
    pub domains: Option<&'a [String]>,
    pub greetings: &'a GreetingBook,
    pub fairs: &'a [Fair],
    /// Looks at a file beside the newsletter's; the error says why it can't.
    pub enclosed: &'a dyn Fn(&Path) -> Result<Enclosed, String>,
    /// Bytes of a newsletter's attachments together.
    pub attachments_up_to: u64,
}

/// Reads one newsletter: its own file first, then those of its other languages. `name` names it for ever.
///
/// # Errors
/// Everything that is wrong with the files, in no order.
pub fn parse(name: &str, files: &[File<'_>], around: &Around<'_>) -> Result<Campaign, Vec<Problem>> {
    let problems = RefCell::new(Vec::new());
    let mut fingerprint = Sha256::new();
    let (mut head, mut links): (Option<Head<'_>>, Option<String>) = (None, None);
    let mut variants = Vec::new();
    for (index, file) in files.iter().enumerate() {
        fingerprint = fingerprint.chain_update(file.content).chain_update([0]);
        let read = if index == 0 { own_file(file, name, around, &problems) } else { other_file(file, &problems) };
        let Some(read) = read else { continue };
        head = head.or(read.head);
        links = links.or_else(|| read.links.clone());
        variants.extend(
            read.variants.into_iter().map(|variant| with_links(variant, read.links.as_ref().or(links.as_ref()))),
        );
    }
    if let Some((fair, _)) = head.as_ref().and_then(|head| head.fair) {
        variants = variants.into_iter().filter_map(|variant| said(fair, variant, files[0].path, &problems)).collect();
    }
    problems.borrow_mut().extend(languages_twice(&variants, files[0].path));
    let problems = problems.into_inner();
    let head = head.filter(|_| problems.is_empty());
    let Some(Head { fair, segment, timing, attachments, from, pace }) = head else { return Err(problems) };
    for enclosure in &attachments {
        fingerprint = fingerprint.chain_update(enclosure.file.digest);
    }
    let Timing { date, lateness, greeting } = timing;
    if let Some(Greeting { days, .. }) = &greeting {
        fingerprint = fingerprint.chain_update(format!("{days:?}"));
    }
    if let Some((fair, _)) = fair {
        fingerprint = fingerprint.chain_update(format!("{fair:?}"));
    }
    let fingerprint = hex(&fingerprint.finalize()[..8]);
    let (file, name) = (name.to_owned(), named(name, fair));
    let fair = fair.map(|(fair, part)| fair.of(part, around.zone));
    Ok(Campaign { name, file, variants, segment, date, lateness, greeting, fair, attachments, from, pace, fingerprint })
}

/// One of a fair's three newsletters is named by it, whatever its file is called: nobody gets it twice.
fn named(name: &str, fair: Option<(&Fair, Option<Part>)>) -> String {
    match fair {
        Some((fair, Some(part))) => fair.campaign(part),
        _ => name.to_owned(),
    }
}

/// A text with the fair's words in it.
fn said(fair: &Fair, variant: Variant, path: &str, problems: &Problems) -> Option<Variant> {
    let language = variant.language.as_deref();
    let subject = fair.said(&variant.subject, language, false);
    let body = fair.said(&variant.body, language, true);
    match (subject, body) {
        (Ok(subject), Ok(body)) => Some(Variant { subject, body, ..variant }),
        (Err(Mistake { what, remedy }), _) | (_, Err(Mistake { what, remedy })) => {
            let (place, key) = (Place { file: path.into(), line: Some(1) }, language.unwrap_or_default().to_owned());
            problems.borrow_mut().push(Problem { place, key, what, remedy });
            None
        }
    }
}

fn with_links(variant: Variant, links: Option<&String>) -> Variant {
    let Some(links) = links else { return variant };
    Variant { body: format!("{}\n\n{}", variant.body, links.trim_end()), ..variant }
}

fn languages_twice(variants: &[Variant], path: &str) -> Vec<Problem> {
    let twice = |(index, variant): &(usize, &Variant)| {
        variants[..*index].iter().any(|other| other.language == variant.language)
    };
    let problem = |(_, variant): (usize, &Variant)| {
        let language = variant.language.as_deref().unwrap_or("the same language");
        let place = Place { file: path.into(), line: Some(1) };
        let (what, remedy) = (format!("there are two texts in {language}"), "take one of them out".to_owned());
        Problem { place, key: String::new(), what, remedy }
    };
    variants.iter().enumerate().filter(twice).map(problem).collect()
}

struct Head<'a> {
    /// And which of its three newsletters it is.
    fair: Option<(&'a Fair, Option<Part>)>,
    segment: Segment,
    timing: Timing,
    attachments: Vec<Enclosure>,
    from: Option<Mailbox>,
    pace: CampaignPace,
}

type Problems = RefCell<Vec<Problem>>;

/// What one file says.
struct Read<'a> {
    /// None: it is that of another language, or something in it is wrong.
    head: Option<Head<'a>>,
    variants: Vec<Variant>,
    /// A list in Markdown.
    links: Option<String>,
}

/// Who, when, and what is said.
fn own_file<'a>(file: &File<'_>, name: &str, around: &Around<'a>, problems: &Problems) -> Option<Read<'a>> {
    with_head(file, problems, |reader, sections| {
        let language = reader.optional("language", language);
        let fair = fair(reader, around.fairs);
        let segment = match fair {
            Some((fair, Some(_))) if !reader.has("segment") => fair.segment(),
            _ => segment(reader),
        };
        let timing = timing(reader, name, fair, around);
        let attachments = attachments(reader, around);
        let (from, pace) = (sender(reader, around), pace(reader));
        let links = links(reader);
        let variants = variants(reader, sections, language);
        let head = timing.map(|timing| Head { fair, segment, timing, attachments, from, pace });
        Read { head, variants, links }
    })
}

/// What is said in another language.
fn other_file(file: &File<'_>, problems: &Problems) -> Option<Read<'static>> {
    with_head(file, problems, |reader, sections| {
        let links = links(reader);
        Read { head: None, variants: variants(reader, sections, file.language.map(str::to_owned)), links }
    })
}

/// `fair` and `part`: the fair that it is about, and which of its newsletters it is.
fn fair<'a>(reader: &Reader<'_>, fairs: &'a [Fair]) -> Option<(&'a Fair, Option<Part>)> {
    let fair = reader.optional("fair", |value| {
        let name = text(value)?;
        let names = || fairs.iter().map(|fair| fair.name.as_str()).collect::<Vec<_>>().join(", ");
        let known = || if fairs.is_empty() { "write it as [[fair]] in inquiryd.toml".to_owned() } else { names() };
        let unknown = || Mistake::new(format!("there is no fair {name:?}"), known());
        fairs.iter().find(|fair| fair.name == name).ok_or_else(unknown)
    });
    let part = reader.optional("part", |value| {
        let word = text(value)?;
        let unknown = || Mistake::new(format!("a fair has no {word:?}"), "invitation, reminder or thanks");
        Part::parse(&word).ok_or_else(unknown)
    });
    if part.is_some() && !reader.has("fair") {
        reader.wrong("part", Mistake::new("a part of which fair?", "name it, e.g. fair = \"canton-2027-spring\""));
    }
    fair.map(|fair| (fair, part))
}

/// From whom it comes: one of the company's own, or else its mail would be taken for a forgery.
fn sender(reader: &Reader<'_>, around: &Around<'_>) -> Option<Mailbox> {
    let found = reader.found("from", mailbox)?;
    let domain = found.value.email.domain().to_lowercase();
    if let Some(domains) = around.domains.filter(|domains| !domains.contains(&domain)) {
        let what = format!("{} is no address of the company's", found.value.email);
        let remedy = match domains {
            [] => "name the company's domains in company.domains".to_owned(),
            domains => format!("one at {}, or add {domain} to company.domains", domains.join(" or ")),
        };
        reader.wrong_at(&found, Mistake::new(what, remedy));
    }
    Some(found.value)
}

/// `per_day` and `interval`.
fn pace(reader: &Reader<'_>) -> CampaignPace {
    let per_day = reader.optional("per_day", integer(1..=100_000)).and_then(|count| u32::try_from(count).ok());
    CampaignPace { per_day, interval: reader.optional("interval", duration) }
}

fn with_head<'a>(
    file: &File<'_>,
    problems: &Problems,
    read: impl FnOnce(&Reader<'_>, Vec<Section>) -> Read<'a>,
) -> Option<Read<'a>> {
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
        } else if !subjects.is_empty() {
            let tag = tag.unwrap_or_default();
            let remedy = format!("write subject = {{ {tag} = \"…\" }}, one for each language");
            reader.wrong_here(Mistake::new(format!("the text in {tag} has no subject"), remedy));
        }
    }
    variants
}

fn without_front_matter(place: Place) -> Problem {
    Problem {
        place,
        key: String::new(),
        what: "the newsletter has no head".to_owned(),
        remedy: "begin it with a line +++, then subject, segment and date, then another line +++".to_owned(),
    }
}

#[cfg(test)]
mod tests;
