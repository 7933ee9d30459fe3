//! Tables for people, JSON Lines for programs.

use crate::clock::UnixTime;
use crate::schedule::wall_clock;
use anyhow::Result;
use jiff::tz::TimeZone;
use serde::Serialize;
use std::io::Write;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Prints a line to standard output; where `println!` panics because the reader has gone (`| head`), this is an error
/// that [`super::report`] knows.
macro_rules! say {
    ($($words:tt)*) => {{
        use std::io::Write as _;
        writeln!(std::io::stdout(), $($words)*)
    }};
}

pub(super) use say;

/// A table whose columns are as wide as their widest cell, at most `limits`.
pub struct Table {
    headers: Vec<&'static str>,
    /// Columns of the terminal that a cell may take; the rest is cut with `…`.
    limits: Vec<usize>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// Headers with the widest a column may become.
    pub fn new(columns: &[(&'static str, usize)]) -> Self {
        let (headers, limits) = columns.iter().copied().unzip();
        Table { headers, limits, rows: Vec::new() }
    }

    /// Adds a row; control characters of foreign text don't reach the terminal.
    pub fn row(&mut self, cells: Vec<String>) {
        let safe = |(cell, limit): (String, &usize)| cut(&printable(&cell), *limit);
        self.rows.push(cells.into_iter().zip(&self.limits).map(safe).collect());
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Prints the table to standard output.
    ///
    /// # Errors
    /// Standard output was closed.
    pub fn print(&self) -> std::io::Result<()> {
        let mut widths: Vec<usize> = self.headers.iter().map(|header| header.width()).collect();
        for row in &self.rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(cell.width());
            }
        }
        let mut out = std::io::stdout().lock();
        let headers = self.headers.iter().map(|header| (*header).to_owned()).collect();
        for row in std::iter::once(&headers).chain(&self.rows) {
            let cells: Vec<String> = row.iter().zip(&widths).map(|(cell, width)| padded(cell, *width)).collect();
            writeln!(out, "{}", cells.join("  ").trim_end())?;
        }
        Ok(())
    }
}

/// Foreign text for a terminal: one line, no control or invisible characters.
pub fn printable(text: &str) -> String {
    let shown = text.chars().filter(|c| !crate::text::is_invisible(*c));
    let spaced: String = shown.map(|c| if c.is_control() { ' ' } else { c }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// At most `limit` terminal columns, with `…` where something was cut.
pub fn cut(text: &str, limit: usize) -> String {
    if text.width() <= limit {
        return text.to_owned();
    }
    let mut width = 0;
    let fits = |c: &char| {
        width += c.width().unwrap_or(0);
        width < limit
    };
    let kept: String = text.chars().take_while(fits).collect();
    format!("{}…", kept.trim_end())
}

fn padded(cell: &str, width: usize) -> String {
    format!("{cell}{}", " ".repeat(width.saturating_sub(cell.width())))
}

/// `1 buyer`, `2 buyers`.
pub fn counted(count: usize, one: &str) -> String {
    format!("{count} {one}{}", if count == 1 { "" } else { "s" })
}

/// One JSON object a line.
///
/// # Errors
/// Standard output was closed.
pub fn json_lines<T: Serialize>(values: impl IntoIterator<Item = T>) -> Result<()> {
    let mut out = std::io::stdout().lock();
    for value in values {
        serde_json::to_writer(&mut out, &value).map_err(std::io::Error::from)?;
        writeln!(out)?;
    }
    Ok(())
}

/// An instant as a clock on the wall shows it, or `-`.
pub fn instant(at: Option<UnixTime>, zone: &TimeZone) -> String {
    at.map_or_else(|| "-".to_owned(), |at| wall_clock(at, zone))
}

/// A list of JSON text from the store, as one line: `field` of each.
pub fn joined(json: &str, field: &str) -> String {
    let values: Vec<serde_json::Value> = serde_json::from_str(json).unwrap_or_default();
    let words: Vec<&str> = values.iter().filter_map(|value| value.get(field)?.as_str()).collect();
    words.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_takes_two_columns_and_a_cut_never_splits_it() {
        assert_eq!(cut("请给我们报价单", 8), "请给我…");
        assert_eq!(cut("请给我们", 8), "请给我们");
    }

    #[test]
    fn a_buyers_words_do_not_steer_the_terminal() {
        assert_eq!(printable("a\u{1b}[2Jb\r\nc\u{202e}d"), "a [2Jb cd");
    }
}
