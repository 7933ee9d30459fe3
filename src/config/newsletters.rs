//! `[newsletter]`: what holds for every newsletter.

use super::Context;
use super::sections::nobody_polls;
use super::settings::{Account, NewsletterSettings, OneClick};
use crate::newsletter::{BounceLimit, NewsRules, Pace};
use crate::schedule::Hours;
use crate::written::reader::{Found, Mistake, Reader};
use crate::written::tree::Value;
use crate::written::values::{boolean, country, duration, hours, integer, mailbox, text};
use jiff::civil::Time;
use jiff::tz::TimeZone;
use lettre::message::Mailbox;
use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
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
