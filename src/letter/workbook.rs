//! Sheets for spreadsheet programs: typed cells become an XLSX file. Pure: the same sheets give the same bytes.
//!
//! Whatever somebody else wrote goes into cells as text, never as a formula or a link, whatever it begins with.

use crate::clock::UnixTime;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use rust_xlsxwriter::{
    Chart as XlsxChart, ChartLegendPosition, ChartType, DocProperties, ExcelDateTime, Format, FormatAlign, Workbook,
    Worksheet, XlsxError,
};
use std::collections::HashSet;

/// What a spreadsheet program holds at most: rows and columns of a sheet, characters of a cell and of a sheet's name.
const ROWS: usize = 1_048_576;
const COLUMNS: usize = 16_384;
const CHARACTERS: usize = 32_767;
const NAME: usize = 31;

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
    build(sheets, made).expect("sheets are cut to what a file holds")
}

fn build(sheets: &[Sheet], made: DateTime) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let properties = DocProperties::new();
    book.set_properties(&match excel_moment(made) {
        Some(made) => properties.set_creation_datetime(&made),
        None => properties,
    });
    let mut names = HashSet::new();
    for sheet in sheets {
        let name = unique(&sheet.name, &mut names);
        let page = book.add_worksheet().set_name(&name)?;
        fill(page, sheet)?;
        if let Some(chart) = &sheet.chart {
            let after = index(sheet.columns.len().min(COLUMNS - 1) + 1);
            page.insert_chart(1, after, &drawn(chart, sheet, &name)?)?;
        }
    }
    book.save_to_buffer()
}

/// Titles, widths, rows, and what makes a long sheet easy to read.
fn fill(page: &mut Worksheet, sheet: &Sheet) -> Result<(), XlsxError> {
    for (index, column) in (0u16..).zip(sheet.columns.iter().take(COLUMNS)) {
        let title = Format::new().set_bold().set_align(FormatAlign::Top).set_text_wrap();
        let title = if column.kind == ColumnKind::Figure { title.set_align(FormatAlign::Right) } else { title };
        page.write_string_with_format(0, index, cut(&column.title), &title)?;
        page.set_column_width(index, column.width)?;
    }
    let rows = sheet.rows.iter().take(ROWS - 1);
    for (row, cells) in (1u32..).zip(rows) {
        for (index, (cell, column)) in (0u16..).zip(cells.iter().zip(sheet.columns.iter().take(COLUMNS))) {
            write(page, (row, index), cell, column.kind)?;
        }
    }
    page.set_freeze_panes(1, 0)?;
    let (last_row, columns) = (last_row(sheet), sheet.columns.len().min(COLUMNS));
    if columns > 0 {
        page.autofilter(0, 0, last_row.max(1), index(columns - 1))?;
    }
    page.set_landscape().set_print_fit_to_pages(1, 0).set_repeat_rows(0, 0)?;
    Ok(())
}

fn write(page: &mut Worksheet, (row, column): (u32, u16), cell: &Cell, kind: ColumnKind) -> Result<(), XlsxError> {
    let top = || Format::new().set_align(FormatAlign::Top);
    let number = |pattern: &str| top().set_num_format(pattern);
    match cell {
        Cell::Empty => {}
        Cell::Text(text) => {
            let format = if kind == ColumnKind::Long { top().set_text_wrap() } else { top() };
            page.write_string_with_format(row, column, cut(text), &format)?;
        }
        Cell::Count(count) => drop(page.write_number_with_format(row, column, *count as f64, &number("#,##0"))?),
        Cell::Number(value) => drop(page.write_number_with_format(row, column, *value, &number("#,##0.##"))?),
        Cell::Percent(share) => drop(page.write_number_with_format(row, column, *share, &number("0.0%"))?),
        Cell::Money { amount, currency } => {
            page.write_number_with_format(row, column, *amount, &number(&money(currency)))?;
        }
        Cell::Day(day) => match excel_day(*day) {
            Some(at) => drop(page.write_datetime_with_format(row, column, &at, &number("yyyy-mm-dd"))?),
            None => drop(page.write_string_with_format(row, column, day.to_string(), &top())?),
        },
        Cell::Moment(moment) => match excel_moment(*moment) {
            Some(at) => drop(page.write_datetime_with_format(row, column, &at, &number("yyyy-mm-dd hh:mm"))?),
            None => drop(page.write_string_with_format(row, column, moment.to_string(), &top())?),
        },
    }
    Ok(())
}

/// The pattern of an amount; a currency that isn't three letters is left away.
fn money(currency: &str) -> String {
    let known = currency.len() == 3 && currency.bytes().all(|byte| byte.is_ascii_alphabetic());
    if known { format!("#,##0.00 \"{}\"", currency.to_ascii_uppercase()) } else { "#,##0.00".to_owned() }
}

fn drawn(chart: &Chart, sheet: &Sheet, name: &str) -> Result<XlsxChart, XlsxError> {
    let mut drawn = XlsxChart::new(match chart.kind {
        ChartKind::Bar => ChartType::Bar,
        ChartKind::Column => ChartType::Column,
        ChartKind::Line => ChartType::Line,
    });
    drawn.title().set_name(&chart.title);
    let (last, columns) = (last_row(sheet).max(1), sheet.columns.len().min(COLUMNS));
    let known = |column: &&usize| **column < columns;
    for column in chart.values.iter().filter(known) {
        let column = index(*column);
        let series = drawn.add_series().set_values((name, 1, column, last, column));
        if chart.labels < columns {
            series.set_categories((name, 1, index(chart.labels), last, index(chart.labels)));
        }
        series.set_name((name, 0, column));
    }
    match chart.values.len() {
        0 | 1 => drop(drawn.legend().set_hidden()),
        _ => drop(drawn.legend().set_position(ChartLegendPosition::Bottom)),
    }
    if chart.kind == ChartKind::Bar {
        // Lying bars begin at the bottom; people read from the top.
        drawn.y_axis().set_reverse();
    }
    drawn.set_width(640).set_height(360);
    Ok(drawn)
}

fn last_row(sheet: &Sheet) -> u32 {
    u32::try_from(sheet.rows.len().min(ROWS - 1)).unwrap_or(u32::MAX)
}

fn index(column: usize) -> u16 {
    u16::try_from(column).unwrap_or(u16::MAX)
}

/// As many characters as a cell holds.
fn cut(text: &str) -> &str {
    text.char_indices().nth(CHARACTERS).map_or(text, |(end, _)| &text[..end])
}

/// A name that a sheet may have and no other one has.
fn unique(name: &str, taken: &mut HashSet<String>) -> String {
    let allowed = |c: char| if c.is_control() || "[]:*?/\\'".contains(c) { '-' } else { c };
    let name: String = name.trim().chars().map(allowed).collect();
    let name = if name.is_empty() { "1" } else { &name };
    let mut tries = (1..).map(|number| match number {
        1 => name.chars().take(NAME).collect(),
        _ => name.chars().take(NAME - 6).collect::<String>() + &format!(" {number}"),
    });
    tries.find(|name: &String| taken.insert(name.to_lowercase())).expect("there is always another number")
}

fn excel_day(day: Date) -> Option<ExcelDateTime> {
    let part = |part: i8| u8::try_from(part).ok();
    ExcelDateTime::from_ymd(u16::try_from(day.year()).ok()?, part(day.month())?, part(day.day())?).ok()
}

fn excel_moment(at: DateTime) -> Option<ExcelDateTime> {
    let part = |part: i8| u8::try_from(part).ok();
    let seconds = u8::try_from(at.second()).ok()?;
    excel_day(at.date())?.and_hms(u16::try_from(at.hour()).ok()?, part(at.minute())?, seconds).ok()
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
