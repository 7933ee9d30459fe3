//! Newsletters: `[newsletter]`, and the files beside the configuration.

use super::sections::nobody_polls;
use super::settings::{Account, Company, NewsletterSettings, OneClick};
use super::{Context, files};
use crate::language::Language;
use crate::letter::{CompiledNewsletter, Newsletter, Templates, Unsubscribe, WordsProblem};
use crate::newsletter::{
    self, Around, BounceLimit, Campaign, Enclosed, Fair, File, GreetingBook, NewsRules, OwnDay, Pace, Part,
};
use crate::schedule::Hours;
use crate::written::problems::{Place, Problem};
use crate::written::reader::{Found, Mistake, Reader};
use crate::written::tree::Value;
use crate::written::values::{boolean, country, date, duration, hours, integer, mailbox, size, text};
use jiff::civil::Time;
use jiff::tz::TimeZone;
use lettre::message::Mailbox;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::io::{self, Read as _};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::Path;
use std::time::Duration;

const DAY: Duration = Duration::from_secs(86_400);

/// What holds for every newsletter.
pub(super) fn settings(
    section: Reader<'_>,
    sender: Option<Found<Mailbox>>,
    campaigns: bool,
    accounts: &[Account],
    zone: &TimeZone,
    context: &Context<'_>,
) -> NewsletterSettings {
    let pace = pace(&section);
    let connections = usize::try_from(section.or("connections", integer(1..=50), 1)).unwrap_or(1);
    let recipient_hours = section.or("recipient_hours", hours_or_false, Some(AWAKE));
    let ask_after = section.or("ask_after", duration, 3 * DAY);
    let one_click = one_click(&section, context);
    let rules = news_rules(&section, zone);
    let bounces = BounceLimit { percent: u8::try_from(section.or("stop_at_bounces", integer(1..=50), 4)).unwrap_or(4) };
    let labels = labels(section.section("labels"));
    let imprint = section.or("imprint", text, String::new());
    if imprint.is_empty() && campaigns && !section.has("imprint") {
        let remedy = "the law wants legal name, postal address and phone under every newsletter";
        section.missing("imprint", remedy);
    }
    let unsubscribe = section.found("unsubscribe", mailbox).or(sender);
    // The newsletters were read with it.
    section.allow(&["attachments_up_to"]);
    section.finish();
    if let Some(address) = unsubscribe.as_ref().filter(|address| campaigns && nobody_polls(address, accounts)) {
        let what = format!("unsubscribing mail goes to {}, and no account is its mailbox", address.value.email);
        let remedy = "set newsletter.unsubscribe to the address of a mailbox that is read, unless mail to this one \
                      arrives there anyway";
        context.remark(address.problem(Mistake::new(what, remedy)));
    }
    let unsubscribe = unsubscribe.map(|found| found.value);
    NewsletterSettings {
        pace,
        connections,
        recipient_hours,
        ask_after,
        one_click,
        rules,
        bounces,
        labels,
        imprint,
        unsubscribe,
    }
}

/// Where we listen for the proxy, unless somebody names another place.
const LISTEN: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8025);

/// `one_click` and `listen`.
fn one_click(section: &Reader<'_>, context: &Context<'_>) -> Option<OneClick> {
    let listen = section.found("listen", |value| {
        let written = text(value)?;
        let wrong = || Mistake::new(format!("{written:?} is no address with a port"), "e.g. \"127.0.0.1:8025\"");
        written.parse::<SocketAddr>().map_err(|_| wrong())
    });
    let url = section.optional("one_click", |value| {
        let url = text(value)?;
        let host =
            url.strip_prefix("https://").and_then(|rest| rest.split('/').next()).filter(|host| host.contains('.'));
        match host {
            Some(_) if !url.contains(['?', '#', '<', '>', '"', ' ', '{']) => Ok(url),
            _ => Err(Mistake::new(
                format!("{url:?} is no address that mail programs would post to"),
                "https, and nothing behind the path, e.g. \"https://news.example.com/u\"",
            )),
        }
    });
    if let Some(listen) = listen.as_ref().filter(|listen| !listen.value.ip().is_loopback() && url.is_some()) {
        let what = "what listens here speaks HTTP without TLS, and others than this machine can reach it".to_owned();
        context.remark(listen.problem(Mistake::new(what, "let only your proxy reach it")));
    }
    if url.is_none() && listen.is_some() && !section.has("one_click") {
        section.missing(
            "one_click",
            "the address under which your proxy forwards to us, e.g. \"https://news.example.com/u\"",
        );
    }
    url.map(|url| OneClick { url, listen: listen.map_or(LISTEN, |found| found.value) })
}

/// When people read mail at work.
const AWAKE: Hours = Hours { from: Time::constant(8, 0, 0, 0), until: Time::constant(18, 0, 0, 0) };

/// Hours, or `false` for any time.
fn hours_or_false(value: &Value) -> Result<Option<Hours>, Mistake> {
    if let Value::Boolean(false) = value { Ok(None) } else { hours(value).map(Some) }
}

/// None if `pace = false`.
fn pace(section: &Reader<'_>) -> Option<Pace> {
    let count = |key, default| u32::try_from(section.or(key, integer(1..=100_000), default)).unwrap_or(u32::MAX);
    let steps = section.list("warm_up", integer(1..=100_000)).unwrap_or_default();
    let pace = Pace {
        per_day: count("per_day", 100),
        per_hour: count("per_hour", 60),
        interval: section.or("interval", duration, Duration::from_secs(30)),
        jitter: section.or("jitter", duration_or_false, Duration::from_secs(30)),
        per_domain_hour: count("per_domain_hour", 20),
        warm_up: steps.into_iter().map(|step| u32::try_from(step.value).unwrap_or(u32::MAX)).collect(),
    };
    section.or("pace", boolean, true).then_some(pace)
}

/// A duration, or `false` for none.
fn duration_or_false(value: &Value) -> Result<Duration, Mistake> {
    if let Value::Boolean(false) = value { Ok(Duration::ZERO) } else { duration(value) }
}

/// Countries whose law asks for consent before a mailing, if nobody names others: the European Union, Iceland,
/// Liechtenstein and Norway (Directive 2002/58/EC article 13), the United Kingdom (PECR regulation 22), Canada (CASL section
/// 6), Australia (Spam Act 2003 section 16).
const CONSENT: &[&str] = &[
    "AT", "AU", "BE", "BG", "CA", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GB", "GR", "HR", "HU", "IE", "IS",
    "IT", "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
];

/// Who is left alone. An inquiry is consent for half a year, an order for two years (CASL section 10(9) and (10)).
fn news_rules(section: &Reader<'_>, zone: &TimeZone) -> NewsRules {
    let countries = section.list("consent_countries", country);
    let shipped = || CONSENT.iter().map(|code| (*code).to_owned()).collect();
    NewsRules {
        consent_countries: countries.map_or_else(shipped, |found| found.into_iter().map(|one| one.value).collect()),
        consent_valid_for: section.optional("consent_valid_for", duration),
        zone: zone.clone(),
        consent_by_inquiry: section.or("consent_by_inquiry", duration, 183 * DAY),
        consent_by_order: section.or("consent_by_order", duration, 730 * DAY),
        soft_bounces: u32::try_from(section.or("soft_bounces", integer(1..=30), 3)).unwrap_or(3),
        negotiation: section.or("negotiation", duration, 14 * DAY),
        not_written_for: section.or("not_written_for", duration, 3 * DAY),
    }
}

/// China wants 广告 or AD before the subject (Measures for the Administration of Internet E-mail Services, article 13),
/// Korea (광고) (Act on Promotion of Information and Communications Network Utilization, article 50).
fn labels(section: Reader<'_>) -> BTreeMap<String, String> {
    let mut labels: BTreeMap<String, String> =
        [("CN", "（广告）"), ("KR", "(광고) ")].map(|(code, label)| (code.to_owned(), label.to_owned())).into();
    let keys: Vec<String> = section.entries().map(|(key, _)| key.to_owned()).collect();
    for key in keys {
        match country(&Value::Text(key.clone())) {
            Ok(code) => {
                let label = |value: &Value| match value {
                    Value::Text(text) if !text.chars().any(char::is_control) => Ok(text.clone()),
                    _ => {
                        Err(Mistake::new("a label is a short text on one line", "e.g. \"（广告）\", or \"\" for none"))
                    }
                };
                labels.extend(section.optional(&key, label).map(|label| (code, label)));
            }
            Err(mistake) => section.wrong(&key, mistake),
        }
    }
    section.finish();
    labels
}

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
pub(super) fn campaigns(
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
