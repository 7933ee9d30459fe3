//! `inquiryd outbox`

use super::Configured;
use super::output::{Table, instant, json_lines, say};
use crate::clock::Clock;
use crate::jobs;
use crate::progress::Progress;
use anyhow::{Context, Result, bail};
use clap::Subcommand;
use std::io::Write;

#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// The newest mails and what became of them.
    List {
        /// Only this state; `unknown` is mail that is held.
        #[arg(long, value_parser = ["planned", "sending", "sent", "refused", "unknown", "dropped"])]
        state: Option<String>,
        #[arg(long, default_value_t = 50)]
        limit: i64,
        /// One JSON object a line.
        #[arg(long)]
        json: bool,
    },
    /// The mail itself, to standard output; a newsletter as its file and the buyer's card make it now.
    Show { number: i64 },
    /// Sends a held or refused mail again: you know that it did not arrive.
    Resend { number: i64 },
    /// Gives a held or refused mail up: it arrived, or nobody needs it.
    Drop { number: i64 },
}

/// Lists, shows, or decides.
pub async fn run(config: &Configured, arguments: Arguments) -> Result<()> {
    let (loaded, store) = config.store().await?;
    match arguments.action {
        Action::List { state, limit, json } => {
            let lines = store.outbox(state.as_deref(), limit).await?;
            if json {
                return json_lines(&lines);
            }
            let zone = &loaded.settings.company.time_zone;
            let columns = [
                ("NUMBER", 8),
                ("STATE", 8),
                ("WHAT", 10),
                ("PLANNED", 16),
                ("ENDED", 16),
                ("TO", 32),
                ("SUBJECT", 40),
                ("ERROR", 60),
            ];
            let mut table = Table::new(&columns);
            for line in lines {
                table.row(vec![
                    line.id.to_string(),
                    line.state,
                    line.what,
                    instant(Some(line.created_at), zone),
                    instant(line.finished_at, zone),
                    line.recipient,
                    line.subject,
                    line.last_error.unwrap_or_default(),
                ]);
            }
            if table.is_empty() {
                say!("nothing")?;
                return Ok(());
            }
            Ok(table.print()?)
        }
        Action::Show { number } => {
            let mail = store.outbox_mail(number).await?.with_context(|| format!("the outbox has no mail {number}"))?;
            let secret = jobs::installation_secret(&store).await?;
            let (settings, clock, progress) = (&loaded.settings, Clock::System, Progress::default());
            let context = jobs::Context {
                settings,
                store: &store,
                clock: &clock,
                progress: &progress,
                owner: "",
                secret: &secret,
            };
            Ok(std::io::stdout().write_all(&jobs::bytes_of(&context, &mail).await?)?)
        }
        Action::Resend { number } => decide(&store, number, true).await,
        Action::Drop { number } => decide(&store, number, false).await,
    }
}

async fn decide(store: &crate::store::Store, number: i64, send: bool) -> Result<()> {
    if !store.decide(number, send, Clock::System.now()).await? {
        bail!("mail {number} is neither held (`unknown`) nor refused: nothing to decide (`inquiryd outbox list`)");
    }
    say!("mail {number} {}", if send { "goes out with the next round" } else { "is given up" })?;
    Ok(())
}
