//! `inquiryd tell`: what our people tell by mail, said at the command line.

use super::Configured;
use super::ledger::Who;
use super::output::{printable, say};
use crate::clock::Clock;
use crate::letter;
use crate::staff::{Misread, instructions};
use crate::store::staff::Speaker;
use anyhow::{Result, bail};

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// One line each, e.g. "#123 B", "#124 called, wants CIF price", "@45 已寄样 免费 DHL 123". #123 is an inquiry, @45 a
    /// buyer.
    #[arg(required = true)]
    lines: Vec<String>,
    #[command(flatten)]
    who: Who,
}

/// Does what the lines ask, and says what came of each.
pub async fn run(config: &Configured, arguments: Arguments) -> Result<()> {
    let (loaded, store) = config.store().await?;
    let settings = &loaded.settings;
    let language = settings.company.language;
    let (found, misread) = instructions("", &arguments.lines.join("\n"));
    // Whoever is one of us is known by his name and owns by his address.
    let person = settings.staff.named(&arguments.who.by);
    let name = person.map_or(arguments.who.by.as_str(), |person| &person.name);
    let address = person.map_or_else(|| arguments.who.by.clone(), crate::staff::Person::address);
    let speaker = Speaker { name, address: &address, calendar: &settings.calendar, now: Clock::System.now() };
    let outcomes = store.carry_out(&found, speaker).await?;
    for outcome in &outcomes {
        say!("{}", printable(&letter::told(outcome, &settings.company.time_zone, language)))?;
    }
    for Misread { line, why } in &misread {
        eprintln!("inquiryd: {}: {}", printable(line), letter::why_misread(*why, language));
    }
    let unknown = outcomes.iter().filter(|outcome| outcome.effect == crate::staff::Effect::Unknown).count();
    match misread.len() + unknown {
        0 if outcomes.is_empty() => bail!("no line names an inquiry (#123) or a buyer (@45)"),
        0 => Ok(()),
        left => bail!("{left} of {} lines were not done", misread.len() + outcomes.len()),
    }
}
