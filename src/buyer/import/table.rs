//! What every kind of file becomes first: a table of text.

use super::columns;

/// Rows of a file that are read.
pub(super) const MAX_ROWS: usize = 1_000_000;
/// Cells of a row that are read.
pub(super) const MAX_COLUMNS: usize = 256;
/// Bytes of a cell that are read: as many characters as a cell of Excel holds.
pub(super) const MAX_CELL: usize = 32_767 * 3;
/// Rows among which the one with the columns' names is looked for: titles and empty rows stand above it.
const ROWS_ABOVE: usize = 20;

/// A table of text as some file holds it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// What was read, for people: `CSV (GB18030, semicolons)`.
    pub kind: String,
    /// The names of the columns, each once; `column 3` where it has none.
    pub columns: Vec<String>,
    /// Whether the file itself names its columns.
    pub named: bool,
    pub rows: Vec<Row>,
    /// What was not read as it stands.
    pub remarks: Vec<String>,
}

/// A row that says something; it has as many cells as the table has columns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// Where it begins in the file, counted from 1.
    pub line: u64,
    pub cells: Vec<String>,
}

impl Table {
    /// A table of raw rows: finds the names of the columns, drops empty rows and columns without name and content.
    pub(super) fn of_rows(kind: String, mut rows: Vec<Row>, mut remarks: Vec<String>) -> Table {
        rows.retain(|row| row.cells.iter().any(|cell| !cell.is_empty()));
        if rows.len() > MAX_ROWS {
            remarks.push(format!("only the first {MAX_ROWS} rows were read"));
            rows.truncate(MAX_ROWS);
        }
        let header = header_row(&rows);
        let names = match header {
            Some(at) => rows.drain(..=at).next_back().unwrap_or_default().cells,
            None => Vec::new(),
        };
        let width = rows.iter().map(|row| row.cells.len()).max().unwrap_or(0).max(names.len());
        rows.iter_mut().for_each(|row| row.cells.resize(width, String::new()));
        let table = Table { kind, columns: unique(names, width), named: header.is_some(), rows, remarks };
        table.without_empty_columns()
    }

    /// Without the columns that hold nothing: there is nothing to map.
    pub(super) fn without_empty_columns(mut self) -> Table {
        let mut used = vec![false; self.columns.len()];
        for row in &self.rows {
            for (used, cell) in used.iter_mut().zip(&row.cells) {
                *used |= !cell.is_empty();
            }
        }
        if used.contains(&false) {
            let keep = |all: &mut Vec<String>| {
                let mut used = used.iter();
                all.retain(|_| used.next() == Some(&true));
            };
            keep(&mut self.columns);
            self.rows.iter_mut().for_each(|row| keep(&mut row.cells));
        }
        self
    }
}

/// Names of columns, each once, with a number where the file has none.
fn unique(names: Vec<String>, width: usize) -> Vec<String> {
    let mut columns: Vec<String> = Vec::with_capacity(width);
    let mut names = names.into_iter();
    for number in 1..=width {
        let name = names.next().map(|name| name.split_whitespace().collect::<Vec<_>>().join(" "));
        let name = name.filter(|name| !name.is_empty()).unwrap_or_else(|| format!("column {number}"));
        let taken = |name: &str| columns.iter().any(|column| column == name);
        let name = if taken(&name) { (2..).map(|n| format!("{name} ({n})")).find(|n| !taken(n)) } else { Some(name) };
        columns.extend(name);
    }
    columns
}

/// The row that names the columns: the one near the top with the most names that are known; without any, the first row
/// if it looks like names above values.
fn header_row(rows: &[Row]) -> Option<usize> {
    let known = |row: &Row| row.cells.iter().filter(|cell| columns::by_name(cell).is_some()).count();
    let top = &rows[..rows.len().min(ROWS_ABOVE)];
    let best = top.iter().enumerate().filter(|(_, row)| is_all_names(row)).map(|(at, row)| (known(row), at));
    // The first of several that are equally good.
    let best = best.max_by_key(|(known, at)| (*known, std::cmp::Reverse(*at)))?;
    let width = top.iter().map(filled).max().unwrap_or(0);
    if best.0 >= 2 || best.0 == 1 && filled(&top[best.1]) * 2 > width {
        return Some(best.1);
    }
    let first = top.iter().position(|row| filled(row) * 2 > width)?;
    let looks_like_names = is_all_names(&top[first]) && top[first + 1..].iter().any(|row| !is_all_names(row));
    looks_like_names.then_some(first)
}

fn filled(row: &Row) -> usize {
    row.cells.iter().filter(|cell| !cell.is_empty()).count()
}

/// Whether a row could name columns: no address, no number, nothing long.
fn is_all_names(row: &Row) -> bool {
    row.cells.iter().all(|cell| {
        let digits = cell.bytes().filter(u8::is_ascii_digit).count();
        !cell.contains('@') && digits < 5 && (digits == 0 || digits < cell.len()) && cell.chars().count() <= 60
    })
}

/// A cell as it is kept: bounded, without white space around it, lines kept.
pub(super) fn cell(text: &str) -> String {
    let text = &text[..text.floor_char_boundary(MAX_CELL)];
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}' || c == '\0');
    if text.contains(['\r', '\0']) {
        text.replace("\r\n", "\n").replace('\r', "\n").replace('\0', "")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: &[&[&str]]) -> Table {
        let row = |(at, cells): (usize, &&[&str])| Row {
            line: at as u64 + 1,
            cells: cells.iter().map(|&cell| cell.to_owned()).collect(),
        };
        Table::of_rows("test".into(), rows.iter().enumerate().map(row).collect(), Vec::new())
    }

    #[test]
    fn titles_above_the_names_of_the_columns_are_no_rows() {
        let table = table(&[
            &["2025 年广交会客户名单"],
            &["制表：外贸部", "", "2025-10-30"],
            &["序号", "公司名称", "联系人", "邮箱"],
            &["1", "Kestrel Ltd", "Ann", "ann@kestrel.example"],
        ]);
        assert_eq!(table.columns, ["序号", "公司名称", "联系人", "邮箱"]);
        assert_eq!((table.rows.len(), table.rows[0].line, table.named), (1, 4, true));
    }

    #[test]
    fn a_file_without_names_loses_no_row() {
        let table = table(&[&["Ann", "ann@kestrel.example"], &["Bob", "bob@heron.example"]]);
        assert_eq!((table.columns, table.rows.len()), (vec!["column 1".to_owned(), "column 2".into()], 2));
    }

    #[test]
    fn a_name_that_stands_twice_is_told_apart_and_an_empty_column_goes() {
        let table = table(&[&["Email", "", "Email", "Fax"], &["a@a.example", "", "b@b.example", ""]]);
        assert_eq!(table.columns, ["Email", "Email (2)"]);
        assert_eq!(table.rows[0].cells, ["a@a.example", "b@b.example"]);
    }
}
