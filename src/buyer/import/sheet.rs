//! Spreadsheets: xlsx, xlsb, xls and ods.

use super::table::{MAX_COLUMNS, MAX_ROWS, Row, Table, cell};
use calamine::{Cell, Data, DataRef, DataType, ExcelDateTime, Reader, Sheets, open_workbook_auto_from_rs};
use jiff::ToSpan;
use jiff::civil::DateTime;
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Bytes of a spreadsheet that is read.
const MAX_BYTES: usize = 100_000_000;
/// Names of other sheets that are told.
const TOLD_SHEETS: usize = 10;

type Book<'b> = Sheets<Cursor<&'b [u8]>>;

/// Whether the bytes are a ZIP archive (xlsx, xlsb, ods) or a compound file (xls).
pub(super) fn is_spreadsheet(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
}

/// Reads the sheet of that name, or the first with anything in it.
pub(super) fn read(bytes: &[u8], wanted: Option<&str>) -> Result<Table, String> {
    if bytes.len() > MAX_BYTES {
        return Err(format!("a spreadsheet of more than {} MB is not read: save it as CSV", MAX_BYTES / 1_000_000));
    }
    // The crate promises no panics, but it is a large parser of foreign bytes.
    let read = catch_unwind(AssertUnwindSafe(|| read_book(bytes, wanted)));
    read.unwrap_or_else(|_| Err("the spreadsheet is broken: open it and save it as CSV".to_owned()))
}

fn read_book(bytes: &[u8], wanted: Option<&str>) -> Result<Table, String> {
    let mut book: Book = open_workbook_auto_from_rs(Cursor::new(bytes))
        .map_err(|error| format!("it can't be read as a spreadsheet: {error}"))?;
    let names = book.sheet_names();
    let chosen: Vec<String> = match wanted {
        None => names.clone(),
        Some(wanted) => names.iter().filter(|name| name.trim().eq_ignore_ascii_case(wanted.trim())).cloned().collect(),
    };
    if let (Some(wanted), true) = (wanted, chosen.is_empty()) {
        return Err(format!("it has no sheet `{wanted}`; it has {}", names.join(", ")));
    }
    for name in chosen {
        let (rows, mut remarks) = rows(&mut book, &name).map_err(|error| format!("sheet `{name}`: {error}"))?;
        if rows.iter().all(|row| row.cells.iter().all(String::is_empty)) {
            continue;
        }
        let others: Vec<&str> = names.iter().filter(|other| **other != name).map(String::as_str).collect();
        if wanted.is_none() && !others.is_empty() {
            let told = others[..others.len().min(TOLD_SHEETS)].join(", ");
            remarks.push(format!("only the sheet `{name}` is read; others (by --sheet NAME): {told}"));
        }
        return Ok(Table::of_rows(format!("{}, sheet `{name}`", kind(&book)), rows, remarks));
    }
    Err("there is nothing in it".to_owned())
}

fn kind(book: &Book) -> &'static str {
    match book {
        Sheets::Xls(_) => "XLS",
        Sheets::Xlsx(_) => "XLSX",
        Sheets::Xlsb(_) => "XLSB",
        Sheets::Ods(_) => "ODS",
    }
}

/// Builds rows cell by cell: a dense grid of a sheet with one far cell would not fit into the memory.
#[derive(Default)]
struct Rows {
    rows: Vec<Row>,
    dropped: bool,
}

impl Rows {
    fn put(&mut self, (row, column): (u32, u32), text: String) {
        let (line, column) = (u64::from(row) + 1, column as usize);
        if text.is_empty() {
            return;
        }
        let is_new = self.rows.last().is_none_or(|last| last.line < line);
        if column >= MAX_COLUMNS || is_new && self.rows.len() > MAX_ROWS {
            self.dropped = true;
            return;
        }
        if is_new {
            self.rows.push(Row { line, cells: Vec::new() });
        }
        let Some(last) = self.rows.last_mut().filter(|last| last.line == line) else { return };
        if last.cells.len() <= column {
            last.cells.resize(column + 1, String::new());
        }
        last.cells[column] = text;
    }

    fn finished(self) -> (Vec<Row>, Vec<String>) {
        let remark = format!("only the first {MAX_COLUMNS} columns and {MAX_ROWS} rows were read");
        (self.rows, self.dropped.then_some(remark).into_iter().collect())
    }
}

fn rows(book: &mut Book, name: &str) -> Result<(Vec<Row>, Vec<String>), String> {
    let mut rows = Rows::default();
    if let Sheets::Xlsx(book) = book {
        let mut cells = book.worksheet_cells_reader(name).map_err(|error| error.to_string())?;
        while let Some(cell) = cells.next_cell().map_err(|error| error.to_string())? {
            put_ref(&mut rows, &cell);
        }
        return Ok(rows.finished());
    }
    let range = book.worksheet_range(name).map_err(|error| error.to_string())?;
    let (top, left) = range.start().unwrap_or_default();
    for (row, column, data) in range.used_cells() {
        let at = (top.saturating_add(row as u32), left.saturating_add(column as u32));
        rows.put(at, text(data));
    }
    Ok(rows.finished())
}

fn put_ref(rows: &mut Rows, cell: &Cell<DataRef<'_>>) {
    let data: Data = cell.get_value().clone().into();
    rows.put(cell.get_position(), text(&data));
}

fn text(data: &Data) -> String {
    match data {
        Data::Empty | Data::Error(_) => String::new(),
        Data::Bool(yes) => if *yes { "yes" } else { "no" }.to_owned(),
        Data::Int(number) => number.to_string(),
        Data::Float(number) => number_as_written(*number),
        Data::DateTime(at) => date(at).unwrap_or_else(|| number_as_written(at.as_f64())),
        Data::DateTimeIso(at) => at.replace('T', " ").trim_end_matches(" 00:00:00").to_owned(),
        other => cell(&other.as_string().unwrap_or_default()),
    }
}

/// A number with all digits, never with an exponent: telephones are often kept as numbers.
fn number_as_written(number: f64) -> String {
    if number.is_finite() && number.abs() < 1e18 { format!("{number}") } else { String::new() }
}

fn date(at: &ExcelDateTime) -> Option<String> {
    if at.is_duration() {
        return None;
    }
    let (year, month, day, hour, minute, second, milli) = at.to_ymd_hms_milli();
    let small = |part: u8| i8::try_from(part).ok();
    let at = DateTime::new(
        i16::try_from(year).ok()?,
        small(month)?,
        small(day)?,
        small(hour)?,
        small(minute)?,
        small(second)?,
        0,
    );
    // Fractions of a day are no exact seconds.
    let at = at.ok()?.checked_add(i64::from(milli >= 500).seconds()).ok()?;
    let date = at.date();
    Some(if at == date.to_datetime(jiff::civil::Time::midnight()) {
        date.to_string()
    } else {
        at.to_string().replace('T', " ")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

    fn book(fill: impl Fn(&mut Workbook) -> Result<(), rust_xlsxwriter::XlsxError>) -> Vec<u8> {
        let mut book = Workbook::new();
        fill(&mut book).expect("cells");
        book.save_to_buffer().expect("a workbook")
    }

    #[test]
    fn telephones_kept_as_numbers_and_dates_keep_what_they_say() {
        let bytes = book(|book| {
            book.add_worksheet().set_name("封面")?;
            let sheet = book.add_worksheet().set_name("客户")?;
            sheet.write_string(0, 0, "2025 年客户名单")?;
            for (column, name) in ["公司", "电话", "最后联系", "数量"].into_iter().enumerate() {
                sheet.write_string(2, column as u16, name)?;
            }
            sheet.write_string(3, 0, " 远航\n进口 ")?.write_number(3, 1, 8_613_912_345_678.0)?;
            let date = ExcelDateTime::from_ymd(2026, 3, 4)?;
            sheet.write_datetime_with_format(3, 2, &date, &Format::new().set_num_format("yyyy-mm-dd"))?;
            sheet.write_number(3, 3, 1.5)?;
            let date = ExcelDateTime::from_ymd(2026, 3, 4)?.and_hms(23, 59, 58)?;
            sheet.write_datetime_with_format(5, 2, &date, &Format::new().set_num_format("yyyy-mm-dd hh:mm:ss"))?;
            Ok(())
        });
        let table = read(&bytes, None).expect("a table");
        assert_eq!(table.columns, ["公司", "电话", "最后联系", "数量"]);
        assert_eq!(table.rows[0].cells, ["远航\n进口", "8613912345678", "2026-03-04", "1.5"]);
        assert_eq!((table.rows[1].line, table.rows[1].cells[2].as_str()), (6, "2026-03-04 23:59:58"));
        assert_eq!(table.kind, "XLSX, sheet `客户`");
        assert_eq!(read(&bytes, Some("封面")).unwrap_err(), "there is nothing in it");
        assert_eq!(read(&bytes, Some("x")).unwrap_err(), "it has no sheet `x`; it has 封面, 客户");
    }

    #[test]
    fn one_cell_far_away_does_not_fill_the_memory() {
        let bytes = book(|book| {
            let sheet = book.add_worksheet();
            sheet.write_string(0, 0, "email")?.write_string(1, 0, "a@a.example")?;
            sheet.write_string(1_048_575, 16_383, "far")?;
            Ok(())
        });
        let table = read(&bytes, None).expect("a table");
        assert_eq!(table.rows.len(), 1);
        assert!(table.remarks[0].starts_with("only the first"), "{:?}", table.remarks);
    }
}
