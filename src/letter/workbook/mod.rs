//! Sheets for spreadsheet programs: typed cells become an XLSX file. Pure: the same sheets give the same bytes.
//!
//! Whatever somebody else wrote goes into cells as text, never as a formula or a link, whatever it begins with.

mod write;

use crate::clock::UnixTime;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use write::Waiting;

/// One sheet: a frozen row of titles with filters, and the rows below it.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    pub name: String,
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<Cell>>,
    /// Right of the rows.
    pub chart: Option<Chart>,
}

#[derive(Clone, Debug)]
pub struct Column {
    pub title: String,
    /// In characters.
    pub width: u8,
    pub kind: ColumnKind,
}

/// How a column is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnKind {
    /// Short texts, left.
    Text,
    /// Texts that may need several lines.
    Long,
    /// Numbers and moments; the title stands right, as they do.
    Figure,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    Text(String),
    Count(i64),
    Number(f64),
    Money {
        amount: f64,
        /// Three letters (ISO 4217).
        currency: String,
    },
    /// 0.25 is shown as 25 %.
    Percent(f64),
    Day(Date),
    Moment(DateTime),
    Empty,
}

/// A chart of a sheet's own columns.
#[derive(Clone, Debug)]
pub struct Chart {
    pub kind: ChartKind,
    pub title: String,
    /// The column of the labels, counted from 0.
    pub labels: usize,
    /// The columns of the values; their titles name the series.
    pub values: Vec<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChartKind {
    /// Lying, for long labels.
    Bar,
    /// Standing.
    Column,
    Line,
}

impl Column {
    pub fn new(title: &str, width: u8, kind: ColumnKind) -> Self {
        Column { title: title.to_owned(), width, kind }
    }
}

impl Cell {
    pub fn text(text: impl Into<String>) -> Self {
        Cell::Text(text.into())
    }

    /// An instant on the wall clock of `zone`, to the minute.
    pub fn moment(at: UnixTime, zone: &TimeZone) -> Self {
        let Ok(at) = jiff::Timestamp::from_second(at) else { return Cell::Empty };
        let wall = at.to_zoned(zone.clone()).datetime();
        Cell::Moment(DateTime::from_parts(wall.date(), jiff::civil::time(wall.hour(), wall.minute(), 0, 0)))
    }
}

impl From<Option<String>> for Cell {
    fn from(text: Option<String>) -> Self {
        text.map_or(Cell::Empty, Cell::Text)
    }
}

/// The file's bytes. `made` is written into it; no clock is read. What no spreadsheet program holds is cut off.
pub fn workbook(sheets: &[Sheet], made: DateTime) -> Vec<u8> {
    // A full disk costs memory, not the report.
    let on_disk = write::build(sheets, made, Waiting::OnDisk);
    on_disk
        .unwrap_or_else(|_| write::build(sheets, made, Waiting::InMemory).expect("sheets are cut to what a file holds"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use calamine::{Data, Reader, Xlsx};
    use jiff::civil::{date, datetime};
    use std::io::Cursor;

    fn sheet() -> Sheet {
        let column = |title: &str, kind| Column::new(title, 12, kind);
        Sheet {
            name: "询盘: A/B".to_owned(),
            columns: vec![
                column("who", ColumnKind::Text),
                column("count", ColumnKind::Figure),
                column("amount", ColumnKind::Figure),
                column("share", ColumnKind::Figure),
                column("day", ColumnKind::Figure),
                column("moment", ColumnKind::Figure),
            ],
            rows: vec![
                vec![
                    Cell::text("=HYPERLINK(\"https://evil.example\",\"x\")"),
                    Cell::Count(12),
                    Cell::Money { amount: 1234.5, currency: "usd".to_owned() },
                    Cell::Percent(0.25),
                    Cell::Day(date(2026, 11, 23)),
                    Cell::Moment(datetime(2026, 11, 23, 12, 30, 0, 0)),
                ],
                vec![Cell::text("海川 <b>"), Cell::Number(2.5), Cell::Empty, Cell::Empty, Cell::Day(date(1, 1, 1))],
            ],
            chart: Some(Chart { kind: ChartKind::Bar, title: "who".to_owned(), labels: 0, values: vec![1, 99] }),
        }
    }

    const MADE: DateTime = datetime(2026, 11, 23, 12, 30, 0, 0);

    fn opened(sheets: &[Sheet]) -> Xlsx<Cursor<Vec<u8>>> {
        Xlsx::new(Cursor::new(workbook(sheets, MADE))).expect("a workbook")
    }

    #[test]
    fn numbers_and_dates_are_read_back_as_such_and_texts_as_texts() {
        let mut book = opened(&[sheet()]);
        assert_eq!(book.sheet_names(), ["询盘- A-B"]);
        let range = book.worksheet_range("询盘- A-B").expect("the sheet");
        let cell = |row, column| range.get_value((row, column)).cloned().unwrap_or_default();
        assert_eq!(cell(0, 0), Data::String("who".to_owned()));
        assert_eq!(cell(1, 0), Data::String("=HYPERLINK(\"https://evil.example\",\"x\")".to_owned()));
        assert_eq!((cell(1, 1), cell(1, 2), cell(1, 3)), (Data::Float(12.0), Data::Float(1234.5), Data::Float(0.25)));
        let Data::DateTime(day) = cell(1, 4) else { panic!("{:?}", cell(1, 4)) };
        let Data::DateTime(moment) = cell(1, 5) else { panic!("{:?}", cell(1, 5)) };
        assert_eq!((day.as_f64(), (moment.as_f64() * 48.0).round() / 48.0), (46_349.0, 46_349.0 + 25.0 / 48.0));
        assert_eq!(cell(2, 0), Data::String("海川 <b>".to_owned()));
        assert_eq!(cell(2, 4), Data::String("0001-01-01".to_owned()), "no spreadsheet program knows such a day");
        let formulas = book.worksheet_formula("询盘- A-B").expect("the sheet");
        assert!(formulas.used_cells().all(|(_, _, formula)| formula.is_empty()));
    }

    #[test]
    fn the_same_sheets_are_the_same_bytes() {
        assert_eq!(workbook(&[sheet()], MADE), workbook(&[sheet()], MADE));
        assert_ne!(workbook(&[sheet()], MADE), workbook(&[sheet()], datetime(2026, 11, 24, 0, 0, 0, 0)));
    }

    #[test]
    fn a_long_sheet_says_the_same_whether_its_rows_wait_on_disk_or_in_memory() {
        let rows = (0..2_000).map(|row| vec![Cell::text(format!("买家 <{row}>")), Cell::Count(row)]).collect();
        let columns = vec![Column::new("who", 12, ColumnKind::Text), Column::new("count", 12, ColumnKind::Figure)];
        let sheets = [Sheet { name: "record".to_owned(), columns, rows, chart: None }, sheet()];
        let cells = [Waiting::OnDisk, Waiting::InMemory].map(|waiting| {
            let file = write::build(&sheets, MADE, waiting).expect("a file");
            let mut book = Xlsx::new(Cursor::new(file)).expect("a workbook");
            book.sheet_names().iter().map(|name| book.worksheet_range(name).expect("a sheet")).collect::<Vec<_>>()
        });
        assert_eq!(cells[0][0].get_value((2_000, 0)), Some(&Data::String("买家 <1999>".to_owned())));
        assert_eq!(cells[0], cells[1]);
    }

    #[test]
    fn a_sheet_is_cut_to_what_a_file_holds_and_named_so_that_it_may() {
        let long = "名".repeat(40);
        let cells = vec![Cell::text("x".repeat(40_000))];
        let wide = Sheet {
            name: long.clone(),
            columns: vec![Column::new("a", 255, ColumnKind::Long)],
            rows: vec![cells],
            chart: None,
        };
        let book = opened(&[wide.clone(), wide, Sheet::default(), Sheet::default()]);
        let names = book.sheet_names();
        assert_eq!(
            names,
            [long.chars().take(31).collect(), format!("{} 2", "名".repeat(25)), "1".into(), "1 2".into()]
        );
    }

    #[test]
    fn an_instant_is_the_wall_clock_of_its_zone() {
        let zone = TimeZone::get("Asia/Shanghai").expect("bundled");
        assert_eq!(Cell::moment(1_795_408_233, &zone), Cell::Moment(MADE));
        assert_eq!(Cell::moment(i64::MAX, &zone), Cell::Empty);
    }
}
