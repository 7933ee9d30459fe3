//! A section of a report: the first lines stand in the mail, all of them in a sheet of the workbook.

use crate::grade::Grade;
use crate::letter::actions::ActionLink;
use crate::letter::words::report::Phrase;
use crate::letter::workbook::{Cell, Chart, ChartKind, Column, ColumnKind, Sheet};
use crate::letter::{Language, grade, plain};
use serde::Serialize;

/// Lines of a section in the mail.
pub(super) const SHOWN: usize = 10;

/// A line: what it is about, its number, and what else to know.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Row {
    pub grade: Option<&'static str>,
    pub colour: &'static str,
    pub label: String,
    pub value: String,
    /// Against the period before.
    pub change: String,
    pub detail: String,
    /// Per cent of the longest bar; None: no bar.
    pub bar: Option<u8>,
    pub urgent: bool,
    pub actions: Vec<ActionLink>,
}

impl Row {
    pub(super) fn new(label: impl Into<String>, value: impl Into<String>) -> Row {
        Row { label: plain::line(&label.into(), 90), value: value.into(), colour: BAR, ..Row::default() }
    }

    pub(super) fn detail(self, detail: impl Into<String>) -> Row {
        Row { detail: plain::line(&detail.into(), 200), ..self }
    }

    pub(super) fn change(self, change: impl Into<String>) -> Row {
        Row { change: change.into(), ..self }
    }

    pub(super) fn bar(self, percent: u8) -> Row {
        Row { bar: Some(percent), ..self }
    }

    pub(super) fn urgent(self, urgent: bool) -> Row {
        Row { urgent, ..self }
    }

    pub(super) fn actions(self, actions: Vec<ActionLink>) -> Row {
        Row { actions, ..self }
    }

    pub(super) fn graded(self, letter: Option<Grade>) -> Row {
        Row { grade: letter.map(grade::name), colour: letter.map_or(BAR, grade::colour), ..self }
    }
}

const BAR: &str = "#2f6fb3";

/// A part of a report.
#[derive(Clone, Debug, Default)]
pub(super) struct Section {
    pub title: &'static str,
    pub hint: &'static str,
    pub rows: Vec<Row>,
    /// Lines that stand in the workbook alone.
    pub more: usize,
    pub sheet: Option<Sheet>,
}

impl Section {
    /// Of these records: the first ones as rows, all of them as a sheet; None without any.
    pub(super) fn of<T>(
        (title, hint): (Phrase, &'static str),
        records: &[T],
        language: Language,
        row: impl Fn(&T) -> Row,
    ) -> Option<Section> {
        let rows: Vec<Row> = records.iter().take(SHOWN).map(row).collect();
        let more = records.len().saturating_sub(SHOWN);
        (!rows.is_empty()).then(|| Section { title: title.of(language), hint, rows, more, sheet: None })
    }

    pub(super) fn sheet(self, sheet: Sheet) -> Section {
        Section { sheet: Some(sheet), ..self }
    }
}

/// A sheet's columns and rows as they grow.
pub(super) struct SheetOf {
    language: Language,
    sheet: Sheet,
}

impl SheetOf {
    pub(super) fn new(title: Phrase, language: Language) -> SheetOf {
        let name = title.of(language).trim_end_matches(['？', '?']).to_owned();
        SheetOf { language, sheet: Sheet { name, ..Sheet::default() } }
    }

    pub(super) fn text(self, title: Phrase, width: u8) -> SheetOf {
        self.column(title, width, ColumnKind::Text)
    }

    pub(super) fn long(self, title: Phrase) -> SheetOf {
        self.column(title, 40, ColumnKind::Long)
    }

    pub(super) fn figure(self, title: Phrase) -> SheetOf {
        self.column(title, 12, ColumnKind::Figure)
    }

    /// Wide enough for a day and a time.
    pub(super) fn moment(self, title: Phrase) -> SheetOf {
        self.column(title, 17, ColumnKind::Figure)
    }

    fn column(mut self, title: Phrase, width: u8, kind: ColumnKind) -> SheetOf {
        self.sheet.columns.push(Column::new(title.of(self.language), width, kind));
        self
    }

    /// Lying bars of these columns, with the first one's labels.
    pub(super) fn bars(mut self, values: &[usize]) -> SheetOf {
        let title = self.sheet.name.clone();
        self.sheet.chart = Some(Chart { kind: ChartKind::Bar, title, labels: 0, values: values.to_vec() });
        self
    }

    pub(super) fn rows(mut self, rows: impl Iterator<Item = Vec<Cell>>) -> Sheet {
        self.sheet.rows = rows.collect();
        self.sheet
    }
}

pub(super) fn number(count: u64) -> Cell {
    Cell::Count(i64::try_from(count).unwrap_or(i64::MAX))
}

pub(super) fn share(share: Option<f64>) -> Cell {
    share.map_or(Cell::Empty, Cell::Percent)
}

/// Working hours, to two decimals.
#[allow(clippy::cast_precision_loss, reason = "seconds of working time are far below 2^52")]
pub(super) fn hours(seconds: Option<i64>) -> Cell {
    seconds.map_or(Cell::Empty, |seconds| Cell::Number((seconds as f64 / 36.0).round() / 100.0))
}
