//! Newsletters: the files beside the configuration, those that fairs make by themselves, and the holidays of greetings.

use super::settings::Company;
use super::{Context, files};
use crate::language::Language;
use crate::letter::{CompiledNewsletter, Newsletter, Templates, Unsubscribe, WordsProblem};
use crate::newsletter::{self, Around, Campaign, Enclosed, Fair, File, GreetingBook, OwnDay, Part};
use crate::written::problems::{Place, Problem};
use crate::written::reader::{Mistake, Reader};
use crate::written::tree::Value;
use crate::written::values::{country, date, size, text};
use jiff::tz::TimeZone;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::io::{self, Read as _};
use std::path::Path;

/// One file of a newsletter.
struct Text {
    /// `spring`, or `spring.zh`.
    stem: String,
    path: String,
    content: String,
}

impl Text {
    fn read(path: &Path, context: &Context<'_>) -> Option<Text> {
        let content = files::read(path, "", context)?;
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        Some(Text { stem, path: path.display().to_string(), content })
    }

    /// The newsletter that it says in another language, and the language.
    fn of_another<'a>(&'a self, all: &[Text]) -> Option<(&'a str, &'a str)> {
        let (name, tag) = self.stem.rsplit_once('.')?;
        let fits = (2..=3).contains(&tag.len()) && all.iter().any(|other| other.stem == name);
        fits.then_some((name, tag))
    }

    fn file<'a>(&'a self, language: Option<&'a str>) -> File<'a> {
        File { content: &self.content, path: &self.path, language }
    }
}

/// Bytes of a newsletter's attachments together, unless the configuration says otherwise.
const ATTACHMENTS_UP_TO: u64 = 3_000_000;

/// The newsletters beside the configuration, by name: `spring.md`, with `spring.zh.md` for who reads Chinese.
/// And those that each fair makes by itself, unless a file beside them is its invitation, reminder or thanks.
pub(super) fn all(
    root: &Reader<'_>,
    company: Option<&Company>,
    fairs: &[Fair],
    context: &Context<'_>,
) -> Vec<Campaign> {
    let folder = context.base.join("newsletters");
    let enclosed = |path: &Path| enclosed(&folder.join(path)).map_err(|error| files::describe(&error));
    let zone = company.map_or(TimeZone::UTC, |company| company.time_zone.clone());
    let around = Around {
        zone: &zone,
        domains: company.map(|company| company.house.domains.as_slice()),
        greetings: &greetings(root),
        fairs,
        enclosed: &enclosed,
        attachments_up_to: root.section("newsletter").or("attachments_up_to", size, ATTACHMENTS_UP_TO),
    };
    let paths = files::listed(&folder, "md", context);
    let texts: Vec<Text> = paths.iter().filter_map(|path| Text::read(path, context)).collect();
    let mut campaigns = Vec::new();
    for text in texts.iter().filter(|text| text.of_another(&texts).is_none()) {
        let others = texts.iter().filter_map(|other| {
            let (name, tag) = other.of_another(&texts)?;
            (name == text.stem).then(|| other.file(Some(tag)))
        });
        let files: Vec<File<'_>> = std::iter::once(text.file(None)).chain(others).collect();
        match newsletter::parse(&text.stem, &files, &around) {
            Ok(campaign) => campaigns.push(campaign),
            Err(problems) => problems.into_iter().for_each(|problem| context.problem(problem)),
        }
    }
    for (fair, part) in fairs.iter().flat_map(|fair| fair.parts.keys().map(move |part| (fair, *part))) {
        let name = fair.campaign(part);
        if !campaigns.iter().any(|campaign| campaign.name == name) {
            campaigns.extend(shipped(fair, part, &around, context));
        }
    }
    note_twice(&campaigns, context);
    campaigns
}

/// A fair's newsletter in the words that are shipped.
fn shipped(fair: &Fair, part: Part, around: &Around<'_>, context: &Context<'_>) -> Option<Campaign> {
    let content = part.shipped_text().replace("FAIR", &fair.name);
    let path = format!("the shipped {} to {}", part.as_str(), fair.name);
    let parsed = newsletter::parse(&path, &[File { content: &content, path: &path, language: None }], around);
    parsed.map_err(|problems| problems.into_iter().for_each(|problem| context.problem(problem))).ok()
}

/// Two files that are the same newsletter of a fair.
fn note_twice(campaigns: &[Campaign], context: &Context<'_>) {
    for (index, campaign) in campaigns.iter().enumerate() {
        let Some(first) = campaigns[..index].iter().find(|first| first.name == campaign.name) else { continue };
        let place = Place { file: format!("newsletters/{}.md", campaign.file).into(), line: None };
        let what = format!("newsletters/{}.md is {}, too", first.file, campaign.name);
        context.problem(Problem { place, key: "part".to_owned(), what, remedy: "take one of them away".to_owned() });
    }
}

/// `[greetings.christmas]` and `[[greeting_day]]`: what the company has decided about the holidays on which it greets.
fn greetings(root: &Reader<'_>) -> GreetingBook {
    let own = root.sections("greeting_day").into_iter().flat_map(|day| {
        let key = day.required("key", holiday, "of which holiday, e.g. \"christmas\", or a word of your own");
        let date = day.required("date", date, "e.g. 2026-12-25");
        let countries = day.values("country", country);
        if !day.has("country") {
            day.missing("country", "where, in two letters (ISO 3166), e.g. \"DE\" or [\"DE\", \"AT\"]");
        }
        day.finish();
        let own = |country| Some(OwnDay { key: key.clone()?, country, date: date? });
        countries.into_iter().filter_map(own).collect::<Vec<_>>()
    });
    let mut book = GreetingBook { limits: BTreeMap::new(), own: own.collect() };
    let (section, keys) = (root.section("greetings"), book.keys());
    let named: Vec<String> = section.entries().map(|(key, _)| key.to_owned()).collect();
    for key in named.iter().filter(|key| !keys.contains(key)) {
        let what = format!("{key:?} is no holiday that is known");
        section.wrong(key, Mistake::new(what, keys.join(", ")));
    }
    for key in named {
        let limit = section.section(&key);
        if let Some(countries) = limit.list("countries", country) {
            book.limits.insert(key, countries.into_iter().map(|found| found.value).collect());
        }
        limit.finish();
    }
    section.finish();
    book
}

/// A holiday's key as it is compared.
fn holiday(value: &Value) -> Result<String, Mistake> {
    text(value).map(|key| key.to_lowercase().replace([' ', '_'], "-"))
}

/// A file as it is now.
fn enclosed(path: &Path) -> io::Result<Enclosed> {
    let mut file = std::fs::File::open(path)?;
    if file.metadata()?.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    let mut digest = Sha256::new();
    let (mut size, mut part) = (0, vec![0; 64 << 10]);
    loop {
        match file.read(&mut part)? {
            0 => return Ok(Enclosed { path: path.to_owned(), size, digest: digest.finalize().into() }),
            length => {
                size += length as u64;
                digest.update(&part[..length]);
            }
        }
    }
}

/// Notes personal words that can't be read, before a buyer would have read them.
pub(super) fn check_words(campaigns: &[Campaign], templates: &Templates, context: &Context<'_>) {
    let address = "unsubscribe@example.com".parse().expect("an address");
    let unsubscribe = Unsubscribe { address, subject: String::new(), page: None };
    for campaign in campaigns {
        for variant in &campaign.variants {
            let tried = CompiledNewsletter::new(&Newsletter {
                subject: &variant.subject,
                body: &variant.body,
                language: Language::English,
                company: "",
                imprint: "",
                unsubscribe: &unsubscribe,
                templates,
            });
            let Err(WordsProblem { what, remedy }) = tried else { continue };
            let place = Place { file: format!("newsletters/{}.md", campaign.file).into(), line: None };
            let key = variant.language.clone().unwrap_or_default();
            context.problem(Problem { place, key, what, remedy });
        }
    }
}
