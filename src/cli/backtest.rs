//! `inquiryd backtest`: what other rules would make of the inquiries on record.

use super::Configured;
use super::output::{Table, json_lines, printable, say};
use super::progress_bar::Bar;
use crate::backtest::{Agreement, Regrading, RuleCount, Tally};
use crate::config::Problems;
use crate::config::settings::Settings;
use crate::grade::Grade;
use crate::grading::{Grading, RuleBook};
use crate::store::Store;
use crate::store::backtest::{Span, unpack};
use anyhow::{Context, Result};
use futures_util::StreamExt;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::json;
use std::path::PathBuf;
use std::sync::Arc;

/// Inquiries that are read and graded at a time.
const PART: i64 = 500;

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Other rules than those in use.
    #[arg(long, value_name = "NEW.toml")]
    rules: Option<PathBuf>,
    /// Only inquiries that came on this day or later, e.g. 2026-01-01.
    #[arg(long, value_name = "DATE")]
    since: Option<Date>,
    /// Changed inquiries to list.
    #[arg(long, default_value_t = 30)]
    limit: usize,
    /// Write the new grades into the store. What people graded by hand stays.
    #[arg(long)]
    apply: bool,
    /// One JSON object.
    #[arg(long)]
    json: bool,
}

/// Grades again, and tells what would change.
pub async fn run(config: &Configured, arguments: Arguments) -> Result<()> {
    let (loaded, store) = config.store().await?;
    let settings = loaded.settings;
    let rules = match &arguments.rules {
        None => settings.rules.clone(),
        Some(path) => {
            let text = std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
            RuleBook::parse(&text, &path.display().to_string()).map_err(Problems::new)?
        }
    };
    let regrading = Arc::new(regrading(&settings, rules));
    let span = Span { since: midnight(arguments.since, &settings.company.time_zone)?, by_hand: false };
    let (tally, gradings) = grade_again(&store, &regrading, span, arguments.limit, arguments.apply).await?;
    if arguments.apply {
        store.apply_gradings(&gradings).await?;
    }
    if arguments.json { print_json(&tally) } else { print(&tally, arguments.apply) }
}

pub(super) fn regrading(settings: &Settings, rules: RuleBook) -> Regrading {
    Regrading { rules, zone: settings.company.time_zone.clone(), language: settings.company.language }
}

pub(super) fn midnight(day: Option<Date>, zone: &TimeZone) -> Result<i64> {
    let Some(day) = day else { return Ok(0) };
    Ok(day.to_zoned(zone.clone()).context("that day does not begin here")?.timestamp().as_second())
}

/// Reads on while two threads grade; keeps the new gradings only if they are to be written.
async fn grade_again(
    store: &Store,
    regrading: &Arc<Regrading>,
    span: Span,
    most: usize,
    keep: bool,
) -> Result<(Tally, Vec<(i64, Grading)>)> {
    let bar = Bar::new(store.count_recorded(span).await?);
    let parts = futures_util::stream::try_unfold(0, |after| async move {
        Ok::<_, anyhow::Error>(store.recorded(span, after, PART).await?.map(|(last, packed)| (packed, last)))
    });
    let mut graded = std::pin::pin!(
        parts
            .map(|packed| {
                let regrading = Arc::clone(regrading);
                tokio::task::spawn_blocking(move || grade_part(&packed?, &regrading, most, keep))
            })
            .buffered(2)
    );
    let mut whole = regrading.tally(&[], most);
    let mut gradings = Vec::new();
    while let Some(part) = graded.next().await {
        let (tally, part) = part??;
        bar.add(tally.inquiries as i64);
        whole.merge(tally);
        gradings.extend(part);
    }
    Ok((whole, gradings))
}

fn grade_part(packed: &str, regrading: &Regrading, most: usize, keep: bool) -> Result<(Tally, Vec<(i64, Grading)>)> {
    let recorded = unpack(packed)?;
    let tally = regrading.tally(&recorded, most);
    let changed = recorded.iter().filter(|_| keep).map(|inquiry| (inquiry, regrading.grade(inquiry)));
    let changed = changed.filter(|(inquiry, grading)| grading.grade != inquiry.ruled);
    Ok((tally, changed.map(|(inquiry, grading)| (inquiry.id, grading)).collect()))
}

fn print_json(tally: &Tally) -> Result<()> {
    json_lines([json!({
        "inquiries": tally.inquiries,
        "changed": tally.changed,
        "changes": tally.changes,
        "by_hand": tally.after.graded(),
        "agreed_before": tally.before.agreed(),
        "agreed_after": tally.after.agreed(),
        "confusion_before": tally.before,
        "confusion_after": tally.after,
        "experiment_changes": tally.experiment_changes,
        "rules": tally.rules,
    })])
}

fn print(tally: &Tally, applied: bool) -> Result<()> {
    if tally.inquiries == 0 {
        say!("no inquiries on record in that time")?;
        return Ok(());
    }
    print_changes(tally)?;
    print_agreement(tally)?;
    print_rules(&tally.rules)?;
    if tally.experiment_changes > 0 {
        say!("\nThe rules on trial would change {} grades more.", tally.experiment_changes)?;
    }
    match (tally.changed, applied) {
        (0, _) => {}
        (changed, true) => say!("\n{changed} inquiries have their new grade; what people graded stays as they did.")?,
        (_, false) => say!("\nNothing was changed. With --apply these grades are written.")?,
    }
    Ok(())
}

fn print_changes(tally: &Tally) -> Result<()> {
    let (all, changed) = (tally.inquiries, tally.changed);
    say!("{all} inquiries graded again: {changed} would have another grade{}", if changed == 0 { "" } else { ":" })?;
    if tally.changes.is_empty() {
        return Ok(());
    }
    let columns =
        [("NUMBER", 9), ("WAS", 3), ("NOW", 3), ("BY HAND", 7), ("BUYER", 28), ("SUBJECT", 36), ("RULES", 60)];
    let mut table = Table::new(&columns);
    let mut changes: Vec<_> = tally.changes.iter().collect();
    changes.sort_by(|one, other| (&one.buyer, one.inquiry).cmp(&(&other.buyer, other.inquiry)));
    for change in changes {
        table.row(vec![
            format!("#{}", change.inquiry),
            change.before.as_str().to_owned(),
            change.after.as_str().to_owned(),
            change.by_hand.map_or("-", Grade::as_str).to_owned(),
            change.buyer.clone(),
            change.subject.clone(),
            change.rules.join(", "),
        ]);
    }
    table.print()?;
    let more = changed - tally.changes.len();
    if more > 0 {
        say!("… and {more} more; --limit shows them")?;
    }
    Ok(())
}

fn print_agreement(tally: &Tally) -> Result<()> {
    let graded = tally.after.graded();
    if graded == 0 {
        say!(
            "\nNobody has graded an inquiry by hand yet (`inquiryd inquiries grade NUMBER A`): nothing to compare with."
        )?;
        return Ok(());
    }
    let share = |agreement: &Agreement| 100.0 * agreement.agreed() as f64 / graded as f64;
    say!(
        "\nPeople graded {graded} of them. Rules on record agree on {:.0} %, these rules on {:.0} %:",
        share(&tally.before),
        share(&tally.after)
    )?;
    let mut table = Table::new(&[("BY HAND", 9), ("RULES: A", 8), ("B", 6), ("C", 6), ("D", 6)]);
    for grade in Grade::ALL {
        let row = tally.after.0[grade as usize];
        table.row(std::iter::once(grade.as_str().to_owned()).chain(row.map(|count| count.to_string())).collect());
    }
    Ok(table.print()?)
}

/// Which rules fire most, which never, and with which people disagree.
fn print_rules(rules: &[RuleCount]) -> Result<()> {
    let mut fired: Vec<&RuleCount> = rules.iter().filter(|rule| rule.fired > 0).collect();
    fired.sort_by_key(|rule| (std::cmp::Reverse((rule.disagreed, rule.fired)), &rule.id));
    say!()?;
    let mut table =
        Table::new(&[("RULE", 28), ("POINTS", 6), ("FIRED", 8), ("BY HAND", 7), ("DISAGREE", 8), ("RULES ARE", 24)]);
    for rule in fired {
        let tendency = match rule.too_good {
            0 => String::new(),
            better if better > 0 => format!("too kind by {better}"),
            worse => format!("too strict by {}", -worse),
        };
        table.row(vec![
            rule.id.clone(),
            format!("{:+}", rule.points),
            rule.fired.to_string(),
            rule.graded.to_string(),
            rule.disagreed.to_string(),
            tendency,
        ]);
    }
    table.print()?;
    let never: Vec<&str> = rules.iter().filter(|rule| rule.fired == 0).map(|rule| rule.id.as_str()).collect();
    if !never.is_empty() {
        say!("never fired: {}", printable(&never.join(", ")))?;
    }
    Ok(())
}
