//! The sections of inquiryd.toml, each read to the end, whatever is wrong in the others.

use super::settings::{Account, Company, Language, Limits, Settings, SourceSettings};
use super::{Context, Place, Written, accounts, campaigns, fairs, files, follow_up, newsletters, people, reports};
use crate::domain::is_free_mail;
use crate::message::{House, RelayBook};
use crate::schedule::Plan;
use crate::staff::Person;
use crate::written::reader::{Found, Mistake, Reader};
use crate::written::tree::{Table, Value};
use crate::written::values::{address, domain, duration, mailbox, size, text, time_of_day, time_zone};
use jiff::civil::Time;
use jiff::tz::TimeZone;
use lettre::message::Mailbox;
use std::path::Path;
use std::time::Duration;

const DAY: Duration = Duration::from_secs(24 * 3600);

/// All settings; None if a part of them is missing or wrong, which is noted.
pub(super) fn settings(tree: &Table, path: &Path, written: Written, context: &Context<'_>) -> Option<Settings> {
    let root = Reader::new(tree, Place::file(&path.display().to_string()), &context.problems);
    let mut company = company(root.section("company"), written.relays);
    let zone = company.as_ref().map_or(TimeZone::UTC, |company| company.time_zone.clone());
    let accounts = accounts::accounts(&root, context);
    let staff = people::staff(&root, context);
    let calendar = follow_up::calendar(root.section("calendar"), &zone);
    let outbox = accounts::outbox(root.section("outbox"), context);
    let poll = schedule(root.section("schedule"), &zone);
    let reminder = follow_up::reminder(root.section("reminder"));
    let follow_up = follow_up::follow_up(root.section("follow_up"), &zone, reminder.hours, context);
    let reports = reports::reports(root.section("report"), root.section("plan"), &zone, staff.as_ref());
    let fairs = fairs::fairs(&root);
    let campaigns = campaigns::all(&root, company.as_ref(), &fairs, context);
    let templates = files::templates(context);
    let sender = outbox.is_some().then(|| root.section("outbox").found("from", mailbox)).flatten();
    if let Some(templates) = &templates {
        campaigns::check_words(&campaigns, templates, context);
    }
    let newsletter =
        newsletters::settings(root.section("newsletter"), sender, !campaigns.is_empty(), &accounts, &zone, context);
    if let Some(reply_to) = root.section("outbox").found("reply_to", mailbox).filter(|to| nobody_polls(to, &accounts)) {
        let what = format!("your people's answers go to {}, and no account is its mailbox", reply_to.value.email);
        let remedy = "name the address of a mailbox that is read, unless mail to this one arrives there anyway";
        context.remark(reply_to.problem(Mistake::new(what, remedy)));
    }
    if let (Some(company), Some(staff)) = (&mut company, &staff) {
        // A salesperson's private mailbox is one of ours, too.
        company.house.addresses.extend(staff.people.iter().map(Person::address));
    }
    let limits = limits(root.section("limits"));
    let store_url = store(root.section("store"), context);
    root.finish();
    Some(Settings {
        company: company?,
        accounts,
        staff: staff?,
        calendar,
        outbox: outbox?,
        poll,
        reminder,
        follow_up,
        reports,
        newsletter,
        limits,
        store_url: store_url?,
        rules: written.rules?,
        campaigns,
        fairs,
        templates: templates?,
    })
}

fn company(section: Reader<'_>, relays: Option<RelayBook>) -> Option<Company> {
    let name = section.required("name", text, "the company's name, e.g. \"Ningbo Haiyue Outdoor Co., Ltd.\"");
    let domains = section.list("domains", domain).unwrap_or_default();
    for shared in domains.iter().filter(|domain| is_free_mail(&domain.value)) {
        let what = format!("{} is everyone's: its buyers would count as colleagues", shared.value);
        section.wrong_at(shared, Mistake::new(what, "name single addresses in company.addresses instead"));
    }
    let domains: Vec<String> = domains.into_iter().map(|found| found.value).collect();
    let addresses = section.values("addresses", address);
    if !section.has("domains") && !section.has("addresses") {
        section.missing("domains", "what stands behind the @ of the company's addresses, e.g. [\"example.com\"]");
    }
    let products = section.values("products", text);
    let shared_domains = section.values("shared_domains", domain);
    let partners = partners(&section);
    let authserv_ids = section.values("authserv_ids", text);
    let time_zone = section.or("time_zone", time_zone, default_zone());
    let language = section.or("language", language, Language::SimplifiedChinese);
    section.finish();
    Some(Company {
        name: name?,
        house: House { domains, addresses, products, shared_domains, partners, authserv_ids, relays: relays? },
        time_zone,
        language,
    })
}

/// Who may get buyers' mail from us, by domain or by address.
fn partners(section: &Reader<'_>) -> Vec<String> {
    let partner = |value: &Value| if text(value)?.contains('@') { address(value) } else { domain(value) };
    let partners = section.list("partners", partner).unwrap_or_default();
    for shared in partners.iter().filter(|partner| is_free_mail(&partner.value)) {
        let what = format!("{} is everyone's: a private mailbox there would count as a partner", shared.value);
        section.wrong_at(shared, Mistake::new(what, "name single addresses, e.g. \"li@163.com\""));
    }
    partners.into_iter().map(|found| found.value).collect()
}

fn default_zone() -> TimeZone {
    TimeZone::get("Asia/Shanghai").unwrap_or(TimeZone::UTC)
}

pub(super) fn language(value: &Value) -> Result<Language, Mistake> {
    match text(value)?.to_lowercase().as_str() {
        "zh-cn" | "zh" => Ok(Language::SimplifiedChinese),
        "en" => Ok(Language::English),
        other => Err(Mistake::new(format!("inquiryd writes no {other:?}"), "\"zh-CN\" or \"en\"")),
    }
}

fn schedule(section: Reader<'_>, zone: &TimeZone) -> Plan {
    let default = [(8, 30), (12, 30), (17, 30)].map(|(hour, minute)| Time::constant(hour, minute, 0, 0));
    let poll = section.list("poll", time_of_day).map(|found| found.into_iter().map(|time| time.value).collect());
    let mut times: Vec<Time> = poll.unwrap_or_else(|| default.to_vec());
    if section.is_empty_list("poll") {
        section.wrong("poll", Mistake::new("mail would never be read", "e.g. [\"08:30\", \"12:30\", \"17:30\"]"));
    }
    section.finish();
    times.sort();
    times.dedup();
    Plan { times, zone: zone.clone() }
}

/// True if every account is known to be the mailbox of another address. What is delivered to a Maildir, or to a user
/// whose name is no address, can't be known.
pub(super) fn nobody_polls(address: &Found<Mailbox>, accounts: &[Account]) -> bool {
    let wanted = address.value.email.to_string().to_lowercase();
    accounts.iter().all(|account| match &account.source {
        SourceSettings::Imap(imap) => imap.user.contains('@') && imap.user.to_lowercase() != wanted,
        SourceSettings::Maildir(_) => false,
    })
}

fn limits(section: Reader<'_>) -> Limits {
    const SMALLEST: u64 = 100_000;
    let mail_size = section.or("mail_size", size, 50_000_000);
    if mail_size < SMALLEST {
        let what = "most mail would be recorded from its headers only";
        section.wrong("mail_size", Mistake::new(what, "at least \"100kB\"; \"50MB\" is usual"));
    }
    let history = section.or("history", duration, 7 * DAY);
    section.finish();
    Limits { mail_size, history }
}

fn store(section: Reader<'_>, context: &Context<'_>) -> Option<String> {
    let url = match section.found("url", text) {
        Some(url) => {
            let from_environment = url.place.line.is_none();
            let checked = store_url(&url.value, from_environment, context);
            checked.map_err(|mistake| section.wrong_at(&url, mistake)).ok()
        }
        None if section.has("url") => None,
        None => Some(default_store_url(context)),
    };
    section.finish();
    url
}

fn default_store_url(context: &Context<'_>) -> String {
    // systemd names several state directories with colons between them (systemd.exec(5)).
    let state = context.variable("STATE_DIRECTORY").and_then(|folders| folders.split(':').next());
    sqlite_url(&Path::new(state.unwrap_or("/var/lib/inquiryd")).join("inquiryd.db"), "")
}

fn store_url(written: &str, from_environment: bool, context: &Context<'_>) -> Result<String, Mistake> {
    const REMEDY: &str = "\"sqlite:///var/lib/inquiryd/inquiryd.db\" or \"postgres://inquiryd@localhost/inquiryd\"";
    let (scheme, rest) = written.split_once("://").unwrap_or((written, ""));
    match scheme {
        "sqlite" if !rest.is_empty() => {
            let (path, query) = rest.split_at(rest.find('?').unwrap_or(rest.len()));
            Ok(sqlite_url(&context.resolve(path), query))
        }
        "postgres" | "postgresql" if !rest.is_empty() => {
            if holds_password(rest) && !from_environment {
                let what = "a password does not belong into a file that others read and copy";
                let remedy = "take it out of the URL and set PGPASSFILE, or set INQUIRYD__STORE__URL for the service";
                return Err(Mistake::new(what, remedy));
            }
            Ok(written.to_owned())
        }
        _ => Err(Mistake::new("this is no database that inquiryd knows", REMEDY)),
    }
}

/// Whether a PostgreSQL URL has a password, before its host or in its query; `rest` is what stands behind `://`.
fn holds_password(rest: &str) -> bool {
    let (address, query) = rest.split_once('?').unwrap_or((rest, ""));
    let authority = address.split('/').next().unwrap_or_default();
    let with_user = authority.rsplit_once('@').is_some_and(|(user, _)| user.contains(':'));
    with_user || query.split(['&', '#']).any(|pair| pair.split('=').next() == Some("password"))
}

fn sqlite_url(path: &Path, query: &str) -> String {
    format!("sqlite://{}{query}", path.display())
}
