//! `inquiryd buyers`

mod export;
mod import;
mod import_report;

use super::output::{Table, instant, json_lines, say};
use super::{Configured, card, ledger};
use crate::store::buyers::BuyerRow;
use anyhow::Result;
use clap::Subcommand;
use jiff::tz::TimeZone;

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
        /// Only buyers with this tag; may be given several times, for any of them.
        #[arg(long, value_name = "TAG")]
        tag: Vec<String>,
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
    /// Shows what a file of customers would add, and adds it with --apply.
    Import(import::Arguments),
    /// Imports so far, the newest first.
    Imports {
        #[arg(long)]
        json: bool,
    },
    #[command(flatten)]
    Change(ledger::Change),
    /// Writes buyers into a CSV or XLSX file that an import can read again.
    Export(export::Arguments),
}

/// Lists, shows, imports, or exports.
pub async fn run(config: &Configured, arguments: Arguments) -> Result<()> {
    let (loaded, store) = config.store().await?;
    let zone = &loaded.settings.company.time_zone;
    match arguments.action {
        Action::List { part, tag, limit, json } => {
            let buyers = store.buyers(part.as_deref(), &tag, limit).await?;
            let filtered = part.is_some() || !tag.is_empty();
            match (json, buyers.is_empty() && filtered) {
                (true, _) => json_lines(&buyers),
                (false, true) => Ok(say!("no buyer is so: `inquiryd buyers list` shows all")?),
                (false, false) => list(&buyers, zone),
            }
        }
        Action::Show { buyer, json } => card::show(&store, &buyer, json, zone).await,
        Action::Change(change) => ledger::run(&store, change, zone).await,
        Action::Import(arguments) => import::run(&store, arguments, zone).await,
        Action::Imports { json } => import::list(&store, json, zone).await,
        Action::Export(arguments) => export::run(&store, arguments, zone).await,
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
        say!("no buyers yet: the first inquiries make them, or `inquiryd buyers import FILE`")?;
        return Ok(());
    }
    Ok(table.print()?)
}
