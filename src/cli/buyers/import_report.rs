//! What an import tells about single rows.

use crate::buyer::import::{Doubt, Merged, Who};
use crate::buyer::{Import, Plan, guarded};
use crate::cli::output::{printable, say};
use anyhow::Result;

/// Rows of each kind that are shown; a report file has all.
const SHOWN: usize = 10;

/// Tells the first rows of each kind.
pub fn show(import: &Import, plan: &Plan) -> Result<()> {
    let changing: Vec<&Merged> = plan.merged.iter().filter(|merged| merged.changes()).collect();
    section("Merged with a buyer who is there:", changing.iter().map(|merged| merged_words(merged)))?;
    section("Perhaps the same as another, added as new:", plan.doubts.iter().map(doubt_words))?;
    let (left_out, odd): (Vec<_>, Vec<_>) = import.problems.iter().partition(|problem| problem.left_out);
    section("Left out:", left_out.iter().map(ToString::to_string))?;
    section("Not as it should be:", odd.iter().map(ToString::to_string))
}

fn section(title: &str, lines: impl ExactSizeIterator<Item = String>) -> Result<()> {
    let all = lines.len();
    if all == 0 {
        return Ok(());
    }
    say!("\n{title}")?;
    for line in lines.take(SHOWN) {
        say!("    {}", printable(&line))?;
    }
    if all > SHOWN {
        say!("    +{} more (--report FILE.csv has all)", all - SHOWN)?;
    }
    Ok(())
}

fn who(who: &Who) -> String {
    match who {
        Who::Known { id, called } => format!("#{id} {called}"),
        Who::Line { line, called } => format!("line {line}, {called}"),
    }
}

fn merged_words(merged: &Merged) -> String {
    format!("line {}: {} is {}, by {}{}", merged.line, merged.called, who(&merged.with), merged.by, gained(merged))
}

/// `; adds a@k.example; fills phone; keeps in the notes company: Kestrel GmbH`
fn gained(merged: &Merged) -> String {
    let mut words = String::new();
    let mut add = |what: &str, values: &[String]| {
        if !values.is_empty() {
            words.push_str(&format!("; {what} {}", values.join(", ")));
        }
    };
    add("adds", &merged.new_addresses);
    add("fills", &merged.taken.filled.iter().map(|field| (*field).to_owned()).collect::<Vec<_>>());
    add("keeps in the notes", &merged.taken.differing);
    if merged.taken.noted {
        words.push_str("; adds to the notes");
    }
    words
}

fn doubt_words(doubt: &Doubt) -> String {
    format!("line {}: {} and {}: {}", doubt.line, doubt.called, who(&doubt.like), doubt.why)
}

/// Everything, by line, as CSV.
pub fn csv(import: &Import, plan: &Plan) -> Result<Vec<u8>> {
    let mut rows: Vec<(u64, [String; 4])> = Vec::new();
    for merged in &plan.merged {
        let what = if merged.changes() { "merged" } else { "nothing new" };
        let why = format!("{}{}", merged.by, gained(merged));
        rows.push((merged.line, [what.to_owned(), merged.called.clone(), who(&merged.with), why]));
    }
    for doubt in &plan.doubts {
        rows.push((doubt.line, ["doubtful".to_owned(), doubt.called.clone(), who(&doubt.like), doubt.why.clone()]));
    }
    for problem in &import.problems {
        let what = if problem.left_out { "left out" } else { "problem" };
        rows.push((problem.line, [what.to_owned(), String::new(), String::new(), problem.what.clone()]));
    }
    rows.sort_by_key(|(line, _)| *line);
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(b"\xef\xbb\xbf".to_vec());
    writer.write_record(["line", "what", "buyer", "with", "why"])?;
    for (line, cells) in rows {
        writer.write_record([line.to_string()].into_iter().chain(cells.map(|cell| guarded(&cell))))?;
    }
    Ok(writer.into_inner().map_err(csv::IntoInnerError::into_error)?)
}
