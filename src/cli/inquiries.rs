//! `inquiryd inquiries`

use super::Configured;
use super::ledger::Who;
use super::output::{Table, instant, joined, json_lines, printable, say};
use crate::clock::{Clock, UnixTime};
use crate::grading::Grade;
use crate::store::Store;
use crate::store::inquiries::{InquiryDetails, InquiryFilter};
use anyhow::{Context, Result, bail};
use clap::Subcommand;
use jiff::tz::TimeZone;
use std::io::Write;

#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// The newest inquiries.
    List {
        /// Only those without an answer.
        #[arg(long)]
        waiting: bool,
        /// Only this grade.
        #[arg(long, value_parser = parse_grade)]
        grade: Option<Grade>,
        #[arg(long, default_value_t = 50)]
        limit: i64,
        /// One JSON object a line.
        #[arg(long)]
        json: bool,
    },
    /// One inquiry, whole.
    Show {
        /// As in the digest: 123 or #123.
        number: String,
        #[arg(long, conflicts_with = "raw")]
        json: bool,
        /// The mail itself, as it came, to standard output.
        #[arg(long)]
        raw: bool,
    },
    /// Grades an inquiry by hand: your grade is what counts, whatever the rules say, and they learn from it.
    Grade {
        number: String,
        #[arg(value_parser = parse_grade)]
        grade: Grade,
        #[command(flatten)]
        who: Who,
    },
    /// Stops the clock of an inquiry that was settled outside the mailbox.
    Excuse {
        number: String,
        /// E.g. "called", "answered by WhatsApp", "not an inquiry".
        #[arg(long)]
        why: String,
        #[command(flatten)]
        who: Who,
    },
}

fn parse_grade(word: &str) -> Result<Grade, String> {
    Grade::from_letter(word).ok_or_else(|| "a grade is A, B, C or D".to_owned())
}

/// Lists, shows, grades, or excuses.
pub async fn run(config: &Configured, arguments: Arguments) -> Result<()> {
    let (loaded, store) = config.store().await?;
    let zone = &loaded.settings.company.time_zone;
    match arguments.action {
        Action::List { waiting, grade, limit, json } => {
            let filter = InquiryFilter { waiting, grade, buyer_id: None };
            let inquiries = store.inquiries(filter, limit).await?;
            if json { json_lines(&inquiries) } else { list(&inquiries, zone) }
        }
        Action::Show { number, json, raw } => {
            let inquiry = find(&store, &number).await?;
            if raw {
                let mail = store.archived(inquiry.mail_id).await?.context("this mail was not archived")?;
                Ok(std::io::stdout().write_all(&mail)?)
            } else if json {
                json_lines([&inquiry])
            } else {
                Ok(show(&inquiry, zone)?)
            }
        }
        Action::Grade { number, grade, who } => {
            let inquiry = find(&store, &number).await?;
            store.grade_by_hand(inquiry.id, grade, &who.by, Clock::System.now()).await?;
            say!("#{} is graded {} by {} (the rules: {})", inquiry.id, grade.as_str(), who.by, inquiry.ruled_grade)?;
            Ok(())
        }
        Action::Excuse { number, why, who } => {
            let inquiry = find(&store, &number).await?;
            if !store.excuse(inquiry.id, &why, &who.by).await? {
                bail!("#{} doesn't wait any more: it was {}", inquiry.id, state(&inquiry, zone));
            }
            say!("#{} waits no longer: {why}", inquiry.id)?;
            Ok(())
        }
    }
}

async fn find(store: &Store, number: &str) -> Result<InquiryDetails> {
    let id: i64 = number.trim_start_matches('#').parse().with_context(|| format!("`{number}` is no inquiry number"))?;
    store.inquiry(id).await?.with_context(|| format!("there is no inquiry #{id}"))
}

/// One list of inquiries, for people.
pub fn list(inquiries: &[InquiryDetails], zone: &TimeZone) -> Result<()> {
    let columns = [("NUMBER", 8), ("GRADE", 5), ("RECEIVED", 16), ("STATE", 24), ("BUYER", 32), ("SUBJECT", 48)];
    let mut table = Table::new(&columns);
    for inquiry in inquiries {
        table.row(vec![
            format!("#{}", inquiry.id),
            inquiry.grade.clone(),
            instant(Some(inquiry.received_at), zone),
            state(inquiry, zone),
            buyer(inquiry),
            inquiry.subject.clone(),
        ]);
    }
    if table.is_empty() {
        say!("no inquiries")?;
        return Ok(());
    }
    Ok(table.print()?)
}

fn state(inquiry: &InquiryDetails, zone: &TimeZone) -> String {
    match (&inquiry.excuse, inquiry.answered_at) {
        (Some(excuse), _) => excuse.clone(),
        (None, Some(at)) => match &inquiry.answer_told {
            Some(how) => format!("answered {} ({how})", wall(at, zone)),
            None => format!("answered {}", wall(at, zone)),
        },
        (None, None) => "waiting".to_owned(),
    }
}

fn wall(at: UnixTime, zone: &TimeZone) -> String {
    instant(Some(at), zone)
}

fn buyer(inquiry: &InquiryDetails) -> String {
    let parts = [&inquiry.buyer_name, &inquiry.buyer_company, &inquiry.buyer_email, &inquiry.buyer_country];
    parts.into_iter().flatten().cloned().collect::<Vec<_>>().join(" · ")
}

fn show(inquiry: &InquiryDetails, zone: &TimeZone) -> std::io::Result<()> {
    say!("#{}  {}  {}", inquiry.id, inquiry.grade, printable(&inquiry.subject))?;
    say!("received   {} ({})", wall(inquiry.received_at, zone), inquiry.account)?;
    let known = match (&inquiry.matched_by, inquiry.known) {
        (Some(by), true) => format!("known by {by}"),
        _ => "new".to_owned(),
    };
    say!("buyer      {} ({known}, number {})", printable(&buyer(inquiry)), inquiry.buyer_id)?;
    say!("state      {}", state(inquiry, zone))?;
    if let (Some(at), Some(worked)) = (inquiry.answered_at, inquiry.worked) {
        let took = |seconds: i64| format!("{} h {:02} min", seconds / 3600, seconds / 60 % 60);
        say!("took       {}, {} of them working time", took(at - inquiry.received_at), took(worked))?;
    }
    if let Some(by) = &inquiry.hand_by {
        say!("graded     {} by {}; the rules say {}", inquiry.grade, printable(by), inquiry.ruled_grade)?;
    }
    say!("score      {}: {}", inquiry.score, printable(&joined(&inquiry.reasons, "why")))?;
    let risks = joined(&inquiry.risks, "detail");
    if !risks.is_empty() {
        say!("RISK       {}", printable(&risks))?;
    }
    let attachments = joined(&inquiry.attachments, "name");
    if !attachments.is_empty() {
        say!("attached   {}", printable(&attachments))?;
    }
    say!("facts      {}", printable(&inquiry.facts))?;
    say!()?;
    for line in inquiry.text.lines() {
        say!("  {}", printable(line))?;
    }
    Ok(())
}
