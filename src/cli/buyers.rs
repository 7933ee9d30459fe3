//! `inquiryd buyers`

use super::output::{Table, instant, json_lines, say};
use super::{Configured, card, ledger};
use crate::buyer::{ImportedBuyer, read_csv};
use crate::clock::{Clock, UnixTime};
use crate::store::Store;
use crate::store::buyers::BuyerRow;
use anyhow::{Context, Result};
use clap::Subcommand;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Buyers by their newest contact.
    List {
        /// Part of a name, company or address.
        part: Option<String>,
        #[arg(long, default_value_t = 50)]
        limit: i64,
        /// One JSON object a line.
        #[arg(long)]
        json: bool,
    },
    /// One buyer's card: who he is, how far he got, his inquiries, and what we did.
    Show {
        /// Number or mail address.
        buyer: String,
        #[arg(long)]
        json: bool,
    },
    /// Adds buyers from a CSV file with a header line (company, name, email, other_emails, country, phone, grade,
    /// source, notes, last_contact; in any order). Known ones are left as they are.
    Import {
        file: PathBuf,
        /// Only say what would be done.
        #[arg(long)]
        dry_run: bool,
    },
    #[command(flatten)]
    Change(ledger::Change),
}

/// Lists, shows, or imports.
pub async fn run(config: &Configured, arguments: Arguments) -> Result<()> {
    let (loaded, store) = config.store().await?;
    let zone = &loaded.settings.company.time_zone;
    match arguments.action {
        Action::List { part, limit, json } => {
            let buyers = store.buyers(part.as_deref(), limit).await?;
            if json { json_lines(&buyers) } else { list(&buyers, zone) }
        }
        Action::Show { buyer, json } => card::show(&store, &buyer, json, zone).await,
        Action::Change(change) => ledger::run(&store, change, zone).await,
        Action::Import { file, dry_run } => import(&store, &file, dry_run, zone).await,
    }
}

fn list(buyers: &[BuyerRow], zone: &TimeZone) -> Result<()> {
    let columns = [
        ("NUMBER", 8),
        ("GRADE", 5),
        ("STAGE", 14),
        ("LAST CONTACT", 16),
        ("INQUIRIES", 9),
        ("NAME", 24),
        ("COMPANY", 32),
        ("ADDRESS", 36),
    ];
    let mut table = Table::new(&columns);
    for buyer in buyers {
        table.row(vec![
            buyer.id.to_string(),
            buyer.grade.clone().unwrap_or_else(|| "-".to_owned()),
            buyer.stage.clone(),
            instant(Some(buyer.last_contact), zone),
            buyer.inquiries.to_string(),
            buyer.name.clone().unwrap_or_default(),
            buyer.company.clone().unwrap_or_default(),
            buyer.email.clone().unwrap_or_default(),
        ]);
    }
    if table.is_empty() {
        say!("no buyers yet: the first inquiries make them, or `inquiryd buyers import FILE.csv`")?;
        return Ok(());
    }
    Ok(table.print()?)
}

async fn import(store: &Store, file: &PathBuf, dry: bool, zone: &TimeZone) -> Result<()> {
    let bytes = std::fs::read(file).with_context(|| format!("reading {}", file.display()))?;
    let import = read_csv(&bytes).map_err(anyhow::Error::msg).with_context(|| file.display().to_string())?;
    let now = Clock::System.now();
    let contact = |buyer: &ImportedBuyer| last_contact(buyer, zone).unwrap_or(now);
    let imported = store.import_buyers(&import.buyers, contact, dry).await?;
    for problem in &import.problems {
        eprintln!("{}: {problem}", file.display());
    }
    let (verb, rows) = (if dry { "would be added" } else { "added" }, import.buyers.len());
    say!("{rows} usable rows: {} buyers {verb}, {} known already", imported.new, imported.known)?;
    Ok(())
}

fn last_contact(buyer: &ImportedBuyer, zone: &TimeZone) -> Option<UnixTime> {
    let date: Date = buyer.last_contact.as_deref()?.parse().ok()?;
    Some(date.to_zoned(zone.clone()).ok()?.timestamp().as_second())
}
