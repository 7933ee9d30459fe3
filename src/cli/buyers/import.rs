//! `inquiryd buyers import`: the old customer base, shown before it is applied.

use super::import_report as report;
use crate::buyer::import::{Circumstances, Decided, Field, Mapping, Order, Table, Told, buyers, read_table};
use crate::buyer::{Import, Plan};
use crate::cli::output::{Table as Printed, counted, cut, instant, json_lines, printable, say};
use crate::clock::Clock;
use crate::store::Store;
use anyhow::{Context, Result, bail};
use jiff::tz::TimeZone;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

/// Bytes of a file that are read.
const MAX_BYTES: u64 = 1_000_000_000;

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// CSV of any separator and charset, xlsx, xls, xlsb, ods or vCard.
    #[arg(required_unless_present = "undo")]
    file: Option<PathBuf>,
    /// Does it. Without, everything is only shown.
    #[arg(long)]
    apply: bool,
    /// The sheet of a spreadsheet; without, the first with anything in it.
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
    /// What a column is: `--map "客户名=company"`, `--map "备注2=ignore"`, or `=notes`. May be given several times.
    #[arg(long, value_name = "COLUMN=FIELD", value_parser = mapping)]
    map: Vec<(String, Field)>,
    /// The same from a TOML file with lines `"客户名" = "company"`, see --save-map.
    #[arg(long, value_name = "FILE.toml")]
    map_file: Option<PathBuf>,
    /// Keeps the columns as they are shown for the next file of this kind.
    #[arg(long, value_name = "FILE.toml")]
    save_map: Option<PathBuf>,
    /// What 03/04/2026 is, where the file leaves it open: dmy, mdy or ymd.
    #[arg(long, value_name = "ORDER", value_parser = order)]
    dates: Option<Order>,
    /// Where these buyers come from, if the file doesn't say: "Canton Fair 138".
    #[arg(long)]
    source: Option<String>,
    /// Writes everything that is told about single rows into a CSV file.
    #[arg(long, value_name = "FILE.csv")]
    report: Option<PathBuf>,
    /// Takes an import back: `inquiryd buyers imports` has its number.
    #[arg(long, value_name = "NUMBER", conflicts_with_all = ["file", "apply", "report", "save_map"])]
    undo: Option<i64>,
}

fn mapping(text: &str) -> Result<(String, Field), String> {
    let Some((column, field)) = text.rsplit_once('=') else {
        return Err("it must be COLUMN=FIELD, such as \"客户名=company\"".to_owned());
    };
    Ok((column.to_owned(), field_of(field)?))
}

fn field_of(word: &str) -> Result<Field, String> {
    let words = || Field::ALL.map(Field::as_str).join(", ");
    Field::parse(word).ok_or_else(|| format!("`{word}` is no field; there are {}", words()))
}

fn order(word: &str) -> Result<Order, String> {
    Order::parse(word).ok_or_else(|| "it must be dmy, mdy or ymd".to_owned())
}

/// Shows what an import would do, does it, or takes one back.
pub async fn run(store: &Store, arguments: Arguments, zone: &TimeZone) -> Result<()> {
    let now = Clock::System.now();
    if let Some(id) = arguments.undo {
        return undo(store, id, now).await;
    }
    let Some(file) = arguments.file.clone() else { bail!("no file is named") };
    let circumstances = Circumstances { now, zone, source: arguments.source.as_deref() };
    let (table, mapping) = understood(&file, &arguments, &circumstances)?;
    let import = buyers(&table, &mapping, &circumstances);
    show_columns(&file, &table, &mapping)?;
    if let Some(path) = &arguments.save_map {
        save_map(path, &mapping)?;
    }
    let plan = if arguments.apply {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let what = (&*name, arguments.source.as_deref().unwrap_or_default());
        let (id, plan) = store.import(what, &import.buyers, now, &progress).await?;
        clear_progress();
        summary(&import, &plan, true)?;
        match id {
            Some(id) => say!("this is import {id}; to take it back: inquiryd buyers import --undo {id}")?,
            None => say!("everything was known already: nothing was changed")?,
        }
        plan
    } else {
        let plan = store.plan_import(&import.buyers, &progress).await?;
        clear_progress();
        summary(&import, &plan, false)?;
        report::show(&import, &plan)?;
        say!("\nNothing was changed. To apply it:\n    {} --apply", command())?;
        plan
    };
    if let Some(path) = &arguments.report {
        let bytes = report::csv(&import, &plan)?;
        std::fs::write(path, bytes).with_context(|| format!("writing {}", path.display()))?;
        say!("\nall rows are told in {}", path.display())?;
    }
    Ok(())
}

fn understood(file: &Path, arguments: &Arguments, circumstances: &Circumstances<'_>) -> Result<(Table, Mapping)> {
    let what = || file.display().to_string();
    let size = std::fs::metadata(file).with_context(what)?.len();
    if size > MAX_BYTES {
        bail!("{}: more than {} MB are not read at once: cut it into several files", what(), MAX_BYTES / 1_000_000);
    }
    let bytes = std::fs::read(file).with_context(what)?;
    let mut columns = arguments.map.clone();
    if let Some(path) = &arguments.map_file {
        columns.extend(read_map(path)?);
    }
    let table = read_table(&bytes, arguments.sheet.as_deref()).map_err(anyhow::Error::msg).with_context(what)?;
    if arguments.map_file.is_some() {
        // A map serves many files: what this one lacks is no mistake.
        columns.retain(|(name, _)| arguments.map.iter().any(|(told, _)| told == name) || table.columns.contains(name));
    }
    let told = Told { columns, dates: arguments.dates };
    let mapping = Mapping::guess(&table, &told, circumstances.year()).map_err(anyhow::Error::msg).with_context(what)?;
    Ok((table, mapping))
}

fn read_map(path: &Path) -> Result<Vec<(String, Field)>> {
    let what = || path.display().to_string();
    let text = std::fs::read_to_string(path).with_context(what)?;
    let map: toml::Table = text.parse().with_context(what)?;
    let columns = map.into_iter().map(|(column, field)| {
        let word = field.as_str().unwrap_or_default();
        Ok((column, field_of(word).map_err(anyhow::Error::msg).with_context(what)?))
    });
    columns.collect()
}

fn save_map(path: &Path, mapping: &Mapping) -> Result<()> {
    let known = mapping.columns.iter().filter_map(|mapped| Some((mapped.column.clone(), mapped.field?)));
    let map: toml::Table = known.map(|(column, field)| (column, field.as_str().into())).collect();
    std::fs::write(path, map.to_string()).with_context(|| format!("writing {}", path.display()))
}

fn show_columns(file: &Path, table: &Table, mapping: &Mapping) -> Result<()> {
    say!("{}: {}, {} rows", printable(&file.display().to_string()), table.kind, table.rows.len())?;
    for remark in &table.remarks {
        say!("    {}", printable(remark))?;
    }
    say!()?;
    let mut printed = Printed::new(&[("COLUMN", 28), ("BECOMES", 13), ("WHY", 40), ("EXAMPLES", 70)]);
    for mapped in &mapping.columns {
        let examples: Vec<String> = mapped.examples.iter().map(|example| cut(&printable(example), 28)).collect();
        printed.row(vec![
            mapped.column.clone(),
            mapped.field.map_or("(notes)", Field::as_str).to_owned(),
            mapped.why.as_str().to_owned(),
            examples.join(" | "),
        ]);
    }
    printed.print()?;
    for mapped in &mapping.columns {
        match &mapped.order {
            Some((order, Decided::Undecided(example))) => say!(
                "`{}`: {} and every other can be read in two ways; it is read as {}; if that is wrong, say --dates {}",
                printable(&mapped.column),
                printable(example),
                words_of(*order),
                if *order == Order::MonthFirst { "dmy" } else { "mdy" }
            )?,
            Some((order, Decided::By(example))) => {
                say!("`{}`: {}, by {}", printable(&mapped.column), words_of(*order), printable(example))?;
            }
            _ => {}
        }
    }
    Ok(())
}

fn words_of(order: Order) -> &'static str {
    match order {
        Order::DayFirst => "day, month, year",
        Order::MonthFirst => "month, day, year",
        Order::YearFirst => "year, month, day",
    }
}

fn summary(import: &Import, plan: &Plan, applied: bool) -> Result<()> {
    let would = if applied { "" } else { "would be " };
    let left_out = import.problems.iter().filter(|problem| problem.left_out).count();
    let known = plan.merged.iter().filter(|merged| !merged.changes()).count();
    say!(
        "\n{}: {} {would}added, {} {would}completed, {} {would}merged, {known} with nothing new, {left_out} left out",
        counted(plan.rows + left_out, "row"),
        counted(plan.added(), "buyer"),
        counted(plan.changed(), "known buyer"),
        counted(plan.merged.len() - known, "row"),
    )?;
    Ok(())
}

/// The command that was typed, for a shell.
fn command() -> String {
    let quoted = |word: String| {
        let plain = |c: char| c.is_alphanumeric() || "-_./=:,+@%".contains(c);
        if !word.is_empty() && word.chars().all(plain) { word } else { format!("'{}'", word.replace('\'', "'\\''")) }
    };
    let words = std::env::args_os().map(|word| quoted(printable(&word.to_string_lossy())));
    words.collect::<Vec<_>>().join(" ")
}

/// Shows on a terminal how far it is.
fn progress(done: usize, all: usize) {
    let mut terminal = std::io::stderr().lock();
    if terminal.is_terminal() {
        const WIDTH: usize = 30;
        let bar = "#".repeat(WIDTH * done / all.max(1));
        // A bar that can't be drawn is no failure.
        let _ = write!(terminal, "\r[{bar:<WIDTH$}] {done} of {all}");
    }
}

fn clear_progress() {
    let mut terminal = std::io::stderr().lock();
    if terminal.is_terminal() {
        let _ = write!(terminal, "\r\x1b[K");
    }
}

async fn undo(store: &Store, id: i64, now: i64) -> Result<()> {
    let undone = store.undo_import(id, now).await?;
    let removed = counted(undone.removed, "buyer");
    say!("import {id} is taken back: {removed} removed, {} restored", undone.restored)?;
    for kept in &undone.kept {
        say!("    {}", printable(kept))?;
    }
    Ok(())
}

/// Lists the imports, the newest first.
pub async fn list(store: &Store, json: bool, zone: &TimeZone) -> Result<()> {
    let imports = store.imports().await?;
    if json {
        return json_lines(&imports);
    }
    let columns =
        [("NUMBER", 8), ("AT", 16), ("ADDED", 9), ("COMPLETED", 9), ("TAKEN BACK", 16), ("SOURCE", 24), ("FILE", 40)];
    let mut table = Printed::new(&columns);
    for import in &imports {
        table.row(vec![
            import.id.to_string(),
            instant(Some(import.at), zone),
            import.added.to_string(),
            import.merged.to_string(),
            instant(import.undone_at, zone),
            import.source.clone(),
            import.file.clone(),
        ]);
    }
    if table.is_empty() {
        say!("no imports yet: `inquiryd buyers import FILE` shows what one would do")?;
        return Ok(());
    }
    Ok(table.print()?)
}
