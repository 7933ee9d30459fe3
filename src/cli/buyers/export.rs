//! `inquiryd buyers export`: the customer base for a spreadsheet.

use crate::buyer::Stage;
use crate::buyer::export::{csv, xlsx};
use crate::cli::output::say;
use crate::grade::Grade;
use crate::store::Store;
use crate::store::customer_base::ExportFilter;
use anyhow::{Context, Result, bail};
use jiff::tz::TimeZone;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Ends with .csv or .xlsx.
    file: PathBuf,
    /// Only buyers of this grade: A to D.
    #[arg(long, value_parser = grade)]
    grade: Option<Grade>,
    /// Only buyers of this country: DE.
    #[arg(long)]
    country: Option<String>,
    /// Only buyers of this stage: trial_order.
    #[arg(long, value_parser = stage)]
    stage: Option<Stage>,
    /// Only buyers of this salesperson.
    #[arg(long)]
    owner: Option<String>,
    /// Only buyers from this source: "Canton Fair 138".
    #[arg(long)]
    source: Option<String>,
    /// Only buyers with this tag; may be given several times, for any of them.
    #[arg(long, value_name = "TAG")]
    tag: Vec<String>,
}

fn grade(letter: &str) -> Result<Grade, String> {
    Grade::from_letter(letter).ok_or_else(|| "it must be A, B, C or D".to_owned())
}

fn stage(word: &str) -> Result<Stage, String> {
    let words = || Stage::ALL.map(Stage::as_str).join(", ");
    Stage::parse(word).ok_or_else(|| format!("it must be one of {}", words()))
}

/// Writes the file; dates in it are the company's.
pub async fn run(store: &Store, arguments: Arguments, zone: &TimeZone) -> Result<()> {
    let file = arguments.file;
    let ending = file.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    if !matches!(ending.as_str(), "csv" | "xlsx") {
        bail!("{}: its name must end with .csv or .xlsx", file.display());
    }
    let filter = ExportFilter {
        grade: arguments.grade.map(|grade| grade.as_str().to_owned()),
        country: arguments.country,
        stage: arguments.stage,
        owner: arguments.owner,
        source: arguments.source,
        tags: arguments.tag,
    };
    let buyers = store.export_buyers(&filter).await?;
    let bytes = if ending == "csv" { csv(&buyers, zone)? } else { xlsx(&buyers, zone)? };
    std::fs::write(&file, bytes).with_context(|| format!("writing {}", file.display()))?;
    say!("{} buyers in {}", buyers.len(), file.display())?;
    Ok(())
}
