//! How often understanding a labelled mail comes out right.

use super::mail;
use super::record::{Expected, Record, TrueBuyer};
use inquiryd::buyer::{Buyer, ImportedBuyer, Known, marks};
use inquiryd::domain::Trusted;
use inquiryd::grading::RuleBook;
use inquiryd::intake::{Decision, Understanding, decide_one};
use inquiryd::language::Language::English as ENGLISH;
use inquiryd::message::{House, Kind, Message};
use inquiryd::risk::Risk;
use jiff::tz::TimeZone;
use std::path::Path;

/// What is counted, and the share in per cent that is aimed at.
const FIGURES: [(&str, f64); 20] = [
    ("kind", 97.0),
    ("true buyer", 98.0),
    ("bounce recipient", 100.0),
    ("bounce type", 100.0),
    ("text keeps", 97.0),
    ("text strips", 97.0),
    ("country", 90.0),
    ("quantity", 85.0),
    ("incoterm", 95.0),
    ("phone", 95.0),
    ("company", 85.0),
    ("sample", 75.0),
    ("frauds flagged", 95.0),
    ("no false alarm", 98.0),
    ("known buyer", 98.0),
    ("grade strict", 85.0),
    ("grade lenient", 95.0),
    ("A not graded D", 100.0),
    ("A not below B", 95.0),
    ("noise not graded", 100.0),
];

/// Hits and tries of each figure, with a line for each miss.
#[derive(Default)]
pub struct Tally {
    counts: [(u32, u32); FIGURES.len()],
    pub misses: Vec<String>,
}

/// The company that the labelled mails are written to, with the product words of the shipped sample.
pub fn house() -> House {
    let sample: toml::Table = include_str!("../../config/inquiryd.toml").parse().expect("the sample is TOML");
    let products = sample["company"]["products"].as_array().into_iter().flatten();
    House {
        domains: vec!["haiyue-outdoor.example".into()],
        addresses: vec!["amyxu.ningbo@gmail.com".into()],
        products: products.filter_map(|product| product.as_str()).map(str::to_owned).collect(),
        ..House::default()
    }
}

/// What the store would know of these buyers.
fn known_base(buyers: &[ImportedBuyer]) -> Known {
    let mut known = Known::default();
    for (id, row) in (1..).zip(buyers) {
        let emails = row.emails.iter().map(String::as_str);
        let phones = row.phone.iter().map(String::as_str);
        let marks = marks(row.name.as_deref(), row.company.as_deref(), emails, phones, row.country.as_deref());
        marks.into_iter().for_each(|mark| known.marks.entry(mark).or_default().push(id));
        known.addresses.extend(row.emails.iter().map(|email| (email.clone(), id)));
        let buyer = Buyer {
            id,
            name: row.name.clone(),
            email: row.emails.first().cloned(),
            company: row.company.clone(),
            country: row.country.clone(),
            phone: row.phone.clone(),
            stage: row.stage.unwrap_or_default(),
            grade: row.grade,
            ..Buyer::default()
        };
        known.buyers.insert(id, buyer);
    }
    known
}

/// Scores a folder with `labelled.jsonl` and `known_buyers.csv`.
pub fn score(folder: &Path) -> std::io::Result<Tally> {
    let csv = std::fs::read(folder.join("known_buyers.csv"))?;
    let known = inquiryd::buyer::read_customers(&csv, 0).map_err(std::io::Error::other)?;
    let addresses = known.buyers.iter().flat_map(|buyer| buyer.emails.iter().map(String::as_str));
    let trusted = Trusted::new(addresses.filter_map(inquiryd::domain::of_address));
    let understanding = Understanding {
        house: house(),
        rules: RuleBook::shipped(),
        language: ENGLISH,
        zone: TimeZone::UTC,
        staff: Vec::new(),
        senders: Vec::new(),
        trusted,
    };
    let known = known_base(&known.buyers);
    let mut tally = Tally::default();
    for line in std::fs::read_to_string(folder.join("labelled.jsonl"))?.lines().filter(|line| !line.is_empty()) {
        let record: Record = serde_json::from_str(line)?;
        let bytes = match &record.raw {
            Some(file) => std::fs::read(folder.join(file))?,
            None => mail::bytes(&record),
        };
        let (_, content) = understanding.read(&bytes, None);
        tally.add(&record, &content.message, &content.risks);
        tally.decided(&record, &decide_one(&content, None, &known, &understanding));
    }
    Ok(tally)
}

impl Tally {
    /// Name, hits, tries and the share aimed at.
    pub fn rows(&self) -> impl Iterator<Item = (&'static str, u32, u32, f64)> {
        FIGURES.iter().zip(self.counts).map(|((name, aim), (hits, all))| (*name, hits, all, *aim))
    }

    fn tick(&mut self, figure: &str, hit: bool, id: &str, got: impl std::fmt::Debug, want: impl std::fmt::Debug) {
        let Some(at) = FIGURES.iter().position(|(name, _)| *name == figure) else { return };
        self.counts[at].0 += u32::from(hit);
        self.counts[at].1 += 1;
        if !hit {
            self.misses.push(format!("{figure:<17}{id:<7} want {want:?} got {got:?}"));
        }
    }

    fn add(&mut self, record: &Record, message: &Message, risks: &[Risk]) {
        let (id, expected) = (record.id.as_str(), &record.expected);
        let kind = label(message.kind);
        self.tick(
            "kind",
            accepted(expected).contains(&kind),
            id,
            (kind, &message.kind_reason.told(inquiryd::language::Language::English)),
            &expected.kind,
        );
        if let Some(want) = true_buyer(expected) {
            let got = message.writer.email.as_deref();
            self.tick("true buyer", got.is_some_and(|got| got.eq_ignore_ascii_case(want)), id, got, want);
        }
        self.bounce(id, expected, message);
        self.words(id, expected, message);
        self.facts(id, expected, message);
        let flagged = !risks.is_empty() || message.kind == Kind::Spam;
        let names: Vec<_> = risks.iter().map(Risk::name).collect();
        if !expected.scam_signals.is_empty() {
            self.tick("frauds flagged", flagged, id, &names, &expected.scam_signals);
        } else if matches!(expected.kind.as_str(), "inquiry" | "reply_in_thread" | "platform_notification") {
            self.tick("no false alarm", risks.is_empty(), id, &names, "none");
        }
    }

    /// Who it is, and how good.
    fn decided(&mut self, record: &Record, decision: &Decision) {
        let (id, expected) = (record.id.as_str(), &record.expected);
        let is_buyers = matches!(expected.kind.as_str(), "inquiry" | "reply_in_thread" | "platform_notification");
        if let Some(want) = expected.known_buyer.filter(|_| is_buyers) {
            self.tick("known buyer", decision.matched.is_some() == want, id, decision.matched, want);
        }
        let got = decision.grading.as_ref().map(|grading| grading.grade.as_str());
        let want = expected.grade.as_deref();
        let accepted = expected.accept_grades.iter().flatten().any(|grade| grade.as_deref() == got);
        self.tick("grade strict", got == want, id, got, want);
        self.tick("grade lenient", got == want || accepted, id, got, want);
        match want {
            Some("A") => {
                self.tick("A not graded D", got != Some("D"), id, got, want);
                self.tick("A not below B", matches!(got, Some("A" | "B")), id, got, want);
            }
            None => self.tick("noise not graded", got.is_none() || accepted, id, got, want),
            _ => {}
        }
    }

    fn bounce(&mut self, id: &str, expected: &Expected, message: &Message) {
        let Some(want) = &expected.bounce else { return };
        let got = message.bounce.as_ref();
        let recipient = got.and_then(|b| b.recipient.as_deref()).unwrap_or_default();
        self.tick(
            "bounce recipient",
            recipient.eq_ignore_ascii_case(want.recipient.as_deref().unwrap_or_default()),
            id,
            recipient,
            &want.recipient,
        );
        let kind = got.map(|b| format!("{:?}", b.kind).to_lowercase()).unwrap_or_default();
        self.tick("bounce type", kind == want.kind, id, &kind, &want.kind);
    }

    fn words(&mut self, id: &str, expected: &Expected, message: &Message) {
        let text = single_spaced(&message.text);
        for want in &expected.new_text_must_have {
            self.tick("text keeps", text.contains(&single_spaced(want)), id, cut(&text), want);
        }
        for unwanted in &expected.new_text_must_not_have {
            self.tick("text strips", !text.contains(&single_spaced(unwanted)), id, cut(&text), unwanted);
        }
    }

    fn facts(&mut self, id: &str, expected: &Expected, message: &Message) {
        let (want, got) = (&expected.facts, &message.facts);
        if let Some(country) = &want.country {
            self.tick(
                "country",
                message.writer.country.as_ref() == Some(country),
                id,
                &message.writer.country,
                country,
            );
        }
        if let Some(phone) = &want.phone {
            let wanted = digits(phone);
            let wanted = wanted.trim_start_matches('0');
            let tail = &wanted[wanted.len().saturating_sub(8)..];
            let found = got.phones.iter().chain(&message.writer.phone).any(|p| digits(p).contains(tail));
            self.tick("phone", !tail.is_empty() && found, id, &got.phones, phone);
        }
        if let Some(incoterm) = &want.incoterm {
            let term = |text: &str| letters(text).chars().take(3).collect::<String>();
            let found = got.incoterm.as_deref().map(term);
            self.tick("incoterm", found == Some(term(incoterm)), id, &got.incoterm, incoterm);
        }
        if let Some(quantity) = &want.quantity {
            let (wanted, found) = (numbers(quantity), numbers(got.quantity.as_deref().unwrap_or_default()));
            let hit = if wanted.is_empty() { got.quantity.is_some() } else { wanted.iter().any(|n| found.contains(n)) };
            self.tick("quantity", hit, id, &got.quantity, quantity);
        }
        if let Some(company) = &want.company {
            let (wanted, found) = (letters(company), letters(message.writer.company.as_deref().unwrap_or_default()));
            let head: String = wanted.chars().take(12).collect();
            let hit = found.contains(&head) || !found.is_empty() && wanted.contains(&found);
            self.tick("company", hit, id, &message.writer.company, company);
        }
        if let (Some(want), "inquiry" | "reply_in_thread") = (&want.sample_request, expected.kind.as_str()) {
            let found = serde_json::to_string(&got.sample).unwrap_or_default().replace('"', "");
            if want != "none" || found != "none" {
                self.tick("sample", found == *want || want == "requested" && found != "none", id, &found, want);
            }
        }
    }
}

/// The labels' word for a kind.
fn label(kind: Kind) -> &'static str {
    match kind {
        Kind::Reply => "reply_in_thread",
        Kind::Spam => "spam_or_scam",
        Kind::Pitch => "supplier_pitch",
        Kind::PlatformNotice => "platform_notification",
        Kind::Command => "internal",
        kind => kind.as_str(),
    }
}

/// A platform's mail or a forward that carries a buyer counts as an inquiry.
fn accepted(expected: &Expected) -> Vec<&str> {
    let others = expected.accept_kinds.iter().flatten().flatten().map(String::as_str);
    let mut kinds: Vec<&str> = others.chain([expected.kind.as_str()]).collect();
    if expected.kind == "platform_notification" || expected.kind == "internal" && expected.grade.is_some() {
        kinds.push("inquiry");
    }
    kinds
}

fn true_buyer(expected: &Expected) -> Option<&str> {
    match expected.true_buyer.as_ref()? {
        TrueBuyer::Address(email) => Some(email),
        TrueBuyer::Person { email } => email.as_deref(),
    }
}

fn single_spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn cut(text: &str) -> String {
    text.chars().take(80).collect()
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

fn letters(text: &str) -> String {
    text.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Whole numbers, their thousands' separators taken out.
fn numbers(text: &str) -> Vec<String> {
    let separator = regex::Regex::new(r"([0-9])[,. ]([0-9]{3})").expect("a fixed pattern compiles");
    let joined = separator.replace_all(text, "$1$2");
    joined.split(|c: char| !c.is_ascii_digit()).filter(|n| !n.is_empty()).map(str::to_owned).collect()
}
