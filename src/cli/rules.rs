//! `inquiryd rules suggest`: what the grades that people gave by hand teach the rules.

use super::Configured;
use super::backtest::{midnight, regrading};
use super::output::{Table, printable, say};
use crate::backtest::Recorded;
use crate::config::Loaded;
use crate::grading::suggest::{Corrected, Learned, Suggestion, diff, edit, suggest};
use crate::grading::{Grading, RuleBook, SHIPPED};
use crate::store::Store;
use crate::store::backtest::{Span, unpack};
use anyhow::{Context, Result, bail};
use clap::Subcommand;
use jiff::civil::Date;
use std::path::{Path, PathBuf};

/// Inquiries that are read at a time.
const PART: i64 = 500;

#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Other points and further words, learned from the grades that people gave by hand: as a change of grading.toml.
    Suggest {
        /// Only inquiries that came on this day or later, e.g. 2026-01-01.
        #[arg(long, value_name = "DATE")]
        since: Option<Date>,
        /// Write the change into grading.toml; what it was stays beside it as grading.toml.before.
        #[arg(long)]
        accept: bool,
    },
}

/// Suggests, and writes if it is told to.
pub async fn run(config: &Configured, arguments: Arguments) -> Result<()> {
    let Action::Suggest { since, accept } = arguments.action;
    let (loaded, store) = config.store().await?;
    let since = midnight(since, &loaded.settings.company.time_zone)?;
    let graded = graded_by_hand(&store, Span { since, by_hand: true }).await?;
    if graded.is_empty() {
        say!("nobody has graded an inquiry by hand yet (`inquiryd inquiries grade NUMBER A`): nothing to learn from")?;
        return Ok(());
    }
    let (path, text) = rules_text(&loaded, &config.path)?;
    let regrading = regrading(&loaded.settings, loaded.settings.rules.clone());
    let gradings: Vec<Grading> = graded.iter().map(|inquiry| regrading.grade(inquiry)).collect();
    let texts: Vec<String> = graded.iter().map(|inquiry| format!("{}\n{}", inquiry.subject, inquiry.text)).collect();
    let corrected: Vec<Corrected<'_>> = graded
        .iter()
        .zip(&gradings)
        .zip(&texts)
        .filter_map(|((inquiry, grading), text)| {
            Some(Corrected {
                fired: grading.reasons.iter().map(|reason| reason.rule.as_str()).collect(),
                score: grading.score,
                by_rules: grading.grade,
                by_hand: inquiry.by_hand?,
                text,
            })
        })
        .collect();
    let rules = &loaded.settings.rules;
    let suggestion = suggest(rules, &corrected);
    let new = edit(&text, rules, &suggestion);
    let file = path.display().to_string();
    if new == text {
        say!("{}\nThat suggests no change.", agreement(&suggestion))?;
        return Ok(());
    }
    if let Err(problems) = RuleBook::parse(&new, &file) {
        bail!("the suggested rules would be wrong, which is a bug: {}", crate::config::Problems::new(problems));
    }
    print(&suggestion)?;
    say!("\n{}", diff(&text, &new, &file))?;
    if accept {
        return write(&path, &new);
    }
    say!("Nothing was changed. With --accept it is written into {file}.")?;
    Ok(())
}

async fn graded_by_hand(store: &Store, span: Span) -> Result<Vec<Recorded>> {
    let (mut graded, mut after) = (Vec::new(), 0);
    while let Some((last, packed)) = store.recorded(span, after, PART).await? {
        graded.extend(unpack(&packed)?);
        after = last;
    }
    Ok(graded)
}

/// The file of the rules in use, or where it would be, and its text.
fn rules_text(loaded: &Loaded, config: &Path) -> Result<(PathBuf, String)> {
    match &loaded.rules_file {
        Some(path) => {
            Ok((path.clone(), std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?))
        }
        None => Ok((config.with_file_name("grading.toml"), SHIPPED.to_owned())),
    }
}

fn agreement(suggestion: &Suggestion) -> String {
    let Suggestion { mails, right_before, right_after, .. } = suggestion;
    format!(
        "People graded {mails} inquiries by hand; the rules agree on {right_before}, with other points on {right_after}."
    )
}

fn print(suggestion: &Suggestion) -> Result<()> {
    say!("{}\n", agreement(suggestion))?;
    let mut table = Table::new(&[("RULE", 32), ("POINTS", 6), ("BETTER", 6), ("INQUIRIES", 9), ("RIGHT", 12)]);
    for change in &suggestion.points {
        table.row(vec![
            change.rule.clone(),
            format!("{:+}", change.old),
            format!("{:+}", change.new),
            change.mails.to_string(),
            format!("{} -> {}", change.right_before, change.right_after),
        ]);
    }
    if !table.is_empty() {
        table.print()?;
    }
    for Learned { id, points, words } in &suggestion.words {
        let words: Vec<String> = words.iter().map(|(word, mails)| format!("{word} ({mails})")).collect();
        say!("new rule {id} ({points:+}), words with the inquiries they stand in: {}", printable(&words.join(", ")))?;
    }
    Ok(())
}

/// The old file stays beside the new one; a power cut leaves one of them whole.
fn write(path: &Path, text: &str) -> Result<()> {
    // A link stays a link.
    let path = &path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let beside = |ending: &str| PathBuf::from(format!("{}.{ending}", path.display()));
    let (fresh, before) = (beside("new"), beside("before"));
    std::fs::write(&fresh, text).with_context(|| format!("writing {}", fresh.display()))?;
    if let Ok(metadata) = std::fs::metadata(path) {
        std::fs::copy(path, &before).with_context(|| format!("keeping {}", before.display()))?;
        std::fs::set_permissions(&fresh, metadata.permissions())
            .with_context(|| format!("giving {} the permissions of the old file", fresh.display()))?;
    }
    std::fs::File::open(&fresh)
        .and_then(|file| file.sync_all())
        .with_context(|| format!("writing {}", fresh.display()))?;
    std::fs::rename(&fresh, path).with_context(|| format!("writing {}", path.display()))?;
    say!("written into {}; the service reads it when it is reloaded or started", path.display())?;
    Ok(())
}
