//! `inquiryd demo`: the same code as the service's, on a sample mailbox, with a clock of its own.

mod mails;
mod site;

use super::output::{Table, cut, joined, printable, say};
use crate::clock::{Clock, UnixTime};
use crate::jobs::{self, Context};
use crate::letter;
use crate::outbox::Sink;
use crate::progress::Progress;
use crate::schedule::wall_clock;
use crate::store::Store;
use crate::store::mails::MailLine;
use anyhow::{Context as _, Result};
use site::Site;
use std::path::{Path, PathBuf};
use tokio_util::sync::CancellationToken;

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Put everything here instead of in a fresh temporary folder; must not exist yet.
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// The language of the digest.
    #[arg(long, value_parser = ["zh-CN", "en"], default_value = "zh-CN")]
    language: String,
}

/// Polls the sample mailbox, shows what became of each mail, and writes the mails that the team would get.
pub async fn run(arguments: Arguments) -> Result<()> {
    let site = Site::lay_out(arguments.dir, &arguments.language)?;
    let settings = site.settings()?;
    let store = Store::open(&settings.store_url).await?;
    let (clock, progress) = (Clock::standing_at(mails::NOW), Progress::default());
    let secret = jobs::installation_secret(&store).await?;
    let context = Context {
        settings: &settings,
        store: &store,
        clock: &clock,
        progress: &progress,
        owner: "demo",
        secret: &secret,
    };
    import(&store).await?;
    for account in &settings.accounts {
        jobs::poll(&context, account).await?;
    }
    let zone = &settings.company.time_zone;
    say!("It is {} at {}. This is what came since Friday:\n", wall_clock(mails::NOW, zone), settings.company.name)?;
    print(&store.mails(1000).await?)?;
    let content = jobs::next_digest(&context).await?;
    write(&site.folder, "digest.html", &letter::digest(&content, &context.look_of(&settings.staff.people[0])).html)?;
    jobs::digest(&context).await?;
    send(&context).await?;
    remind(&context, mails::NOW + 2 * 3600).await?;
    say!(
        "\n{} inquiries wait for an answer. Two hours later nobody has answered: a reminder goes out.\n",
        content.waiting
    )?;
    say!("digest      {}", site.folder.join("digest.html").display())?;
    for file in site.sent()? {
        say!("mail        {}", file.display())?;
    }
    say!("\nTo look further, with everything this demo recorded:")?;
    for command in ["inquiries list", "inquiries show 1", "buyers list", "outbox list", "check --without-passwords"] {
        say!("    inquiryd -c {} {command}", site.config().display())?;
    }
    store.close().await;
    Ok(())
}

async fn import(store: &Store) -> Result<()> {
    let half_a_year_ago: UnixTime = mails::NOW - 180 * 24 * 3600;
    let import = crate::buyer::read_customers(mails::BUYERS.as_bytes(), half_a_year_ago).map_err(anyhow::Error::msg)?;
    store.import(("buyers.csv", "demo"), &import.buyers, half_a_year_ago, &|_, _| {}).await?;
    Ok(())
}

async fn remind(context: &Context<'_>, at: UnixTime) -> Result<()> {
    context.clock.set(at);
    jobs::reminders(context).await?;
    jobs::follow_ups(context).await?;
    send(context).await
}

async fn send(context: &Context<'_>) -> Result<()> {
    let mut sink = Sink::open(&context.settings.outbox.sink, context.progress)?;
    jobs::drain(context, &mut sink, &CancellationToken::new()).await?;
    Ok(())
}

fn write(folder: &Path, name: &str, content: &str) -> Result<()> {
    let path = folder.join(name);
    std::fs::write(&path, content).with_context(|| format!("writing {}", path.display()))
}

fn print(mails: &[MailLine]) -> Result<()> {
    let mut table =
        Table::new(&[("FROM", 24), ("SUBJECT", 30), ("KIND", 15), ("GRADE", 5), ("BUYER", 18), ("WHY", 84)]);
    for mail in mails {
        table.row(vec![
            mail.from_name.clone().or_else(|| mail.from_email.clone()).unwrap_or_default(),
            mail.subject.clone(),
            mail.kind.clone(),
            mail.grade.clone().unwrap_or_default(),
            buyer(mail),
            why(mail),
        ]);
    }
    Ok(table.print()?)
}

fn buyer(mail: &MailLine) -> String {
    match (mail.known, &mail.matched_by) {
        (Some(true), Some(by)) => format!("known by {by}"),
        (Some(_), _) => match &mail.relay {
            Some(relay) => format!("new, by {relay}"),
            None => "new".to_owned(),
        },
        (None, _) => String::new(),
    }
}

fn why(mail: &MailLine) -> String {
    let risks = mail.risks.as_deref().map(|risks| joined(risks, "detail")).filter(|risks| !risks.is_empty());
    let reasons = mail.reasons.as_deref().map(|reasons| joined(reasons, "why"));
    let risk = risks.map(|risks| format!("RISK: {risks}; ")).unwrap_or_default();
    let quarantine = mail.quarantine.as_ref().map(|reason| format!("QUARANTINE: {reason}; ")).unwrap_or_default();
    cut(&printable(&format!("{quarantine}{risk}{}", reasons.unwrap_or_else(|| mail.kind_reason.clone()))), 84)
}
