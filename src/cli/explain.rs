//! `inquiryd explain`: what inquiryd makes of a mail, without recording it.

use super::output::{cut, json_lines, printable, say};
use super::{Configured, DEFAULT_CONFIG};
use crate::config::settings::Settings;
use crate::domain::Trusted;
use crate::grading::{Grade, Reason, RuleBook};
use crate::intake::{Content, Decision, Understanding, Understood, decide_one, questions};
use crate::language::Language;
use crate::mailbox::{Direction, Position};
use crate::message::{Address, Attachment, Bounce, Facts, House, Kind, Writer};
use crate::risk::Told;
use crate::schedule::rfc3339;
use crate::store::Store;
use anyhow::{Context, Result};
use jiff::tz::TimeZone;
use serde::Serialize;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// One JSON object a mail.
    #[arg(long)]
    json: bool,
    /// Mail files, folders of them (a Maildir too), or `-` for standard input.
    #[arg(required = true, value_name = "FILE|DIR|-")]
    mails: Vec<PathBuf>,
}

/// What the outside measures us by: keep it stable.
#[derive(Debug, Serialize)]
struct Explanation {
    file: String,
    message_id: Option<String>,
    kind: Kind,
    kind_reason: String,
    relay: Option<String>,
    from: Address,
    buyer: ExplainedBuyer,
    subject: String,
    received_at: Option<String>,
    language: Option<String>,
    text: String,
    facts: Facts,
    grade: Option<Grade>,
    score: Option<i64>,
    reasons: Vec<Reason>,
    /// Rules on trial that fired, and the grade they would lead to.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    experiment: Vec<Reason>,
    #[serde(skip_serializing_if = "Option::is_none")]
    experiment_grade: Option<Grade>,
    risks: Vec<Told>,
    bounce: Option<Bounce>,
    attachments: Vec<Attachment>,
    remarks: Vec<String>,
}

#[derive(Debug, Serialize)]
struct ExplainedBuyer {
    #[serde(flatten)]
    writer: Writer,
    /// The address to answer: his own, or a portal's that passes answers on.
    answer_to: Option<String>,
    known: bool,
    matched_by: Option<&'static str>,
}

/// Explains each mail; a file that can't be read is reported and the others go on.
pub async fn run(config: &Configured, arguments: Arguments) -> Result<ExitCode> {
    let (understanding, store) = understanding(config).await?;
    let mut failed = false;
    for path in files(&arguments.mails)? {
        let bytes = match read(&path) {
            Ok(bytes) => bytes,
            Err(error) => {
                failed = true;
                eprintln!("inquiryd: {error:#}");
                continue;
            }
        };
        let explanation = explain(&path, &bytes, &understanding, store.as_ref()).await?;
        if arguments.json {
            json_lines([&explanation])?;
        } else {
            print(&explanation)?;
        }
    }
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// With the configuration and its store; without any configuration, with the shipped rules and no memory.
async fn understanding(config: &Configured) -> Result<(Understanding, Option<Store>)> {
    if config.path == Path::new(DEFAULT_CONFIG) && !config.path.exists() {
        let understanding = Understanding {
            house: House::default(),
            rules: RuleBook::shipped(),
            language: Language::English,
            zone: TimeZone::UTC,
            staff: Vec::new(),
            senders: Vec::new(),
            trusted: Trusted::default(),
        };
        return Ok((understanding, None));
    }
    let settings: Settings = config.load_without_secrets()?.settings;
    if !Store::exists(&settings.store_url) {
        return Ok((Understanding::new(&settings, &[]), None));
    }
    let store = Store::open(&settings.store_url).await?;
    let addresses = store.newest_addresses(crate::intake::COMPARED_ADDRESSES).await?;
    Ok((Understanding::new(&settings, &addresses), Some(store)))
}

async fn explain(
    path: &Path,
    bytes: &[u8],
    understanding: &Understanding,
    store: Option<&Store>,
) -> Result<Explanation> {
    let (identity, content) = understanding.read(bytes, None);
    let understood = [Understood {
        identity,
        position: Position::File { name: String::new() },
        size: bytes.len() as u64,
        arrived_at: None,
        direction: Direction::Incoming,
        copy: false,
        content: Some(content),
        quarantine: None,
    }];
    let known = match store {
        Some(store) => store.ask(&questions(&understood, &understanding.house)).await?.known,
        None => crate::buyer::Known::default(),
    };
    let [Understood { content, .. }] = understood;
    let content = content.context("a mail that was read has content")?;
    let decision = decide_one(&content, content.message.sent_at, &known, understanding);
    let card = decision.matched.and_then(|matched| known.buyers.get(&matched.buyer_id));
    let mut writer = content.message.writer.clone();
    if let Some(card) = card {
        writer.name = writer.name.or_else(|| card.name.clone());
        writer.company = writer.company.or_else(|| card.company.clone());
        writer.country = writer.country.or_else(|| card.country.clone());
        writer.phone = writer.phone.or_else(|| card.phone.clone());
    }
    Ok(explanation(path, content, decision, writer))
}

fn explanation(path: &Path, content: Content, decision: Decision, writer: Writer) -> Explanation {
    let message = content.message;
    let grading = decision.grading;
    let (grade, score) = (grading.as_ref().map(|grading| grading.grade), grading.as_ref().map(|grading| grading.score));
    let experiment_grade = grading.as_ref().and_then(|grading| grading.experiment_grade);
    let (reasons, experiment) = grading.map(|grading| (grading.reasons, grading.experiment)).unwrap_or_default();
    Explanation {
        file: path.display().to_string(),
        message_id: message.message_id,
        kind: decision.kind,
        kind_reason: decision.kind_reason,
        relay: message.relay,
        from: message.from,
        buyer: ExplainedBuyer {
            writer,
            answer_to: message.answer_to,
            known: decision.matched.is_some(),
            matched_by: decision.matched.map(|matched| matched.by.as_str()),
        },
        subject: message.subject,
        received_at: message.sent_at.map(rfc3339),
        language: message.language,
        text: message.text,
        facts: message.facts,
        grade,
        score,
        reasons,
        experiment,
        experiment_grade,
        risks: decision.risks,
        bounce: message.bounce,
        attachments: message.attachments,
        remarks: message.remarks,
    }
}

/// The files meant: a folder stands for the files below it, in the order of their names.
fn files(arguments: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for argument in arguments {
        if argument.is_dir() {
            walk(argument, &mut files, 0)?;
        } else {
            files.push(argument.clone());
        }
    }
    Ok(files)
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>, depth: usize) -> Result<()> {
    const DEEPEST: usize = 8;
    let entries = std::fs::read_dir(folder).with_context(|| format!("reading the folder {}", folder.display()))?;
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    paths.sort();
    for path in paths {
        if path.is_dir() && depth < DEEPEST {
            walk(&path, files, depth + 1)?;
        } else if path.is_file() {
            files.push(path);
        }
    }
    Ok(())
}

fn read(path: &Path) -> Result<Vec<u8>> {
    if path == Path::new("-") {
        let mut bytes = Vec::new();
        std::io::stdin().read_to_end(&mut bytes).context("reading standard input")?;
        return Ok(bytes);
    }
    std::fs::read(path).with_context(|| format!("reading {}", path.display()))
}

fn print(mail: &Explanation) -> std::io::Result<()> {
    let line = |name: &str, value: &str| match value {
        "" => Ok(()),
        value => say!("  {name:<12}{}", printable(value)),
    };
    let known = if mail.buyer.known { "known" } else { "new" };
    let person =
        [&mail.buyer.writer.name, &mail.buyer.writer.email, &mail.buyer.writer.company, &mail.buyer.writer.country]
            .into_iter()
            .flatten()
            .cloned()
            .collect::<Vec<_>>();
    let facts = &mail.facts;
    say!("{}", mail.file)?;
    line("subject", &mail.subject)?;
    line("kind", &format!("{} ({})", mail.kind.as_str(), mail.kind_reason))?;
    line("by way of", mail.relay.as_deref().unwrap_or_default())?;
    line("writer", &format!("{} · {known}", person.join(" · ")))?;
    line(
        "answer to",
        mail.buyer
            .answer_to
            .as_deref()
            .filter(|to| mail.buyer.writer.email.as_deref() != Some(*to))
            .unwrap_or_default(),
    )?;
    line("phones", &facts.phones.join(", "))?;
    line("products", &facts.products.join(", "))?;
    line("quantity", facts.quantity.as_deref().unwrap_or_default())?;
    line("price", facts.target_price.as_deref().unwrap_or_default())?;
    line("terms", &[&facts.incoterm, &facts.port].into_iter().flatten().cloned().collect::<Vec<_>>().join(" "))?;
    line("deadline", facts.deadline.as_deref().unwrap_or_default())?;
    line("certified", &facts.certificates.join(", "))?;
    if let (Some(grade), Some(score)) = (mail.grade, mail.score) {
        line("grade", &format!("{} ({score} points)", grade.as_str()))?;
    }
    for reason in &mail.reasons {
        line("", &format!("{:+} {} [{}]", reason.points, reason.why, reason.matched))?;
    }
    if let Some(grade) = mail.experiment_grade {
        line("on trial", &format!("{} with the rules on trial:", grade.as_str()))?;
    }
    for reason in &mail.experiment {
        line("", &format!("{:+} {} [{}]", reason.points, reason.why, reason.matched))?;
    }
    for risk in &mail.risks {
        line("RISK", &format!("{}: {}", risk.risk, risk.detail))?;
    }
    if let Some(bounce) = &mail.bounce {
        let recipient = bounce.recipient.as_deref().unwrap_or("?");
        line("bounced", &format!("{recipient} {:?} {}", bounce.kind, bounce.status.as_deref().unwrap_or_default()))?;
    }
    for attachment in &mail.attachments {
        line("attached", &format!("{} ({}, {} bytes)", attachment.name, attachment.media_type, attachment.size))?;
    }
    for remark in &mail.remarks {
        line("remark", remark)?;
    }
    line("words", &cut(&printable(&mail.text), 300))?;
    say!()
}
