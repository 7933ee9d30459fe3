//! Sheets into a file, by rust_xlsxwriter.

use super::{Cell, Chart, ChartKind, ColumnKind, Sheet};
use jiff::civil::{Date, DateTime};
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

/// Rows from which on a sheet is written out as it grows.
const LONG: usize = 1_000;

/// Where the rows of a long sheet wait for the end.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Waiting {
    /// In a file without a name, which is gone when the process is.
    OnDisk,
    InMemory,
}

pub(super) fn build(sheets: &[Sheet], made: DateTime, waiting: Waiting) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let properties = DocProperties::new();
    book.set_properties(&match excel_moment(made) {
        Some(made) => properties.set_creation_datetime(&made),
        None => properties,
    });
    let mut names = HashSet::new();
    for sheet in sheets {
        let name = unique(&sheet.name, &mut names);
        let long = waiting == Waiting::OnDisk && sheet.rows.len() >= LONG;
        let page = if long { book.add_worksheet_with_constant_memory()? } else { book.add_worksheet() };
        page.set_name(&name)?;
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
