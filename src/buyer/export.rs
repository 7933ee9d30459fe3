//! The customer base for a spreadsheet: CSV and XLSX, harmless to open, and readable by an import without loss.

use super::{GradedBy, Tags};
use crate::clock::UnixTime;
use jiff::tz::TimeZone;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, XlsxError};

/// Where a spreadsheet program may see a formula in the beginning of a cell (OWASP, CSV injection), and the guard itself.
pub const GUARDED: [char; 7] = ['=', '+', '-', '@', '\t', '\r', '\''];
/// The columns, by the names that an import knows.
pub const COLUMNS: [&str; 21] = [
    "inquiryd number",
    "company",
    "name",
    "email",
    "other_emails",
    "country",
    "phone",
    "grade",
    "graded_by",
    "stage",
    "owner",
    "language",
    "source",
    "tags",
    "consent",
    "consent_at",
    "consent_until",
    "first_contact",
    "last_contact",
    "portals",
    "notes",
];
/// Widths of the columns, in characters.
const WIDTHS: [u8; 21] = [9, 30, 20, 30, 30, 8, 18, 6, 18, 14, 18, 9, 18, 24, 18, 17, 12, 17, 17, 10, 60];

/// A buyer as a file tells him.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExportedBuyer {
    pub id: i64,
    pub company: Option<String>,
    pub name: Option<String>,
    pub email: Option<String>,
    pub other_emails: Vec<String>,
    pub country: Option<String>,
    pub phone: Option<String>,
    pub grade: Option<String>,
    pub graded_by: Option<String>,
    pub stage: String,
    pub owner: Option<String>,
    pub language: Option<String>,
    pub source: String,
    pub tags: Tags,
    pub consent: Option<String>,
    pub consent_at: Option<UnixTime>,
    /// `2028-10-31`
    pub consent_until: Option<String>,
    pub first_contact: UnixTime,
    pub last_contact: UnixTime,
    /// What he is recognised by behind portals.
    pub portals: Vec<String>,
    pub notes: String,
}

/// A cell of [`COLUMNS`].
enum Value {
    Number(i64),
    Text(String),
    Instant(UnixTime),
}

impl ExportedBuyer {
    fn values(&self) -> [Value; 21] {
        let text = |text: &Option<String>| Value::Text(text.clone().unwrap_or_default());
        [
            Value::Number(self.id),
            text(&self.company),
            text(&self.name),
            text(&self.email),
            Value::Text(self.other_emails.join("; ")),
            text(&self.country),
            text(&self.phone),
            text(&self.grade),
            // Said, so that an import doesn't take it for a person's.
            text(&self.grade.as_ref().map(|_| self.graded_by.clone().unwrap_or_else(|| GradedBy::RULES.to_owned()))),
            Value::Text(self.stage.clone()),
            text(&self.owner),
            text(&self.language),
            Value::Text(self.source.clone()),
            Value::Text(self.tags.joined()),
            text(&self.consent),
            self.consent_at.map_or_else(|| Value::Text(String::new()), Value::Instant),
            text(&self.consent_until),
            Value::Instant(self.first_contact),
            Value::Instant(self.last_contact),
            Value::Text(self.portals.join("\n")),
            Value::Text(self.notes.clone()),
        ]
    }
}

/// A text cell that no spreadsheet program takes for a formula: an apostrophe goes before what could begin one. A
/// telephone number becomes `'+49…`; an import takes the apostrophe away again.
pub fn guarded(text: &str) -> String {
    if text.starts_with(GUARDED) { format!("'{text}") } else { text.to_owned() }
}

/// UTF-8 with a byte order mark, without which Excel takes Chinese for something else.
pub fn csv(buyers: &[ExportedBuyer], zone: &TimeZone) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(b"\xef\xbb\xbf".to_vec());
    writer.write_record(COLUMNS)?;
    for buyer in buyers {
        writer.write_record(buyer.values().map(|value| match value {
            Value::Number(number) => number.to_string(),
            Value::Text(text) => guarded(&text),
            Value::Instant(at) => wall(at, zone).map(|at| at.to_string().replace('T', " ")).unwrap_or_default(),
        }))?;
    }
    writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))
}

/// A sheet whose first row stays and filters; texts are texts whatever they begin with, dates are dates.
///
/// # Errors
/// More rows than a sheet has.
pub fn xlsx(buyers: &[ExportedBuyer], zone: &TimeZone) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("buyers")?;
    let (bold, instant) = (Format::new().set_bold(), Format::new().set_num_format("yyyy-mm-dd hh:mm:ss"));
    let wrapped = Format::new().set_text_wrap();
    for (column, (name, width)) in (0u16..).zip(COLUMNS.iter().zip(WIDTHS)) {
        sheet.write_string_with_format(0, column, *name, &bold)?.set_column_width(column, width)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    for (row, buyer) in (1u32..).zip(buyers) {
        for (column, value) in (0u16..).zip(buyer.values()) {
            match value {
                Value::Number(number) => drop(sheet.write_number(row, column, number as f64)?),
                Value::Text(text) if text.is_empty() => {}
                Value::Text(text) if text.contains('\n') => {
                    sheet.write_string_with_format(row, column, cut(&text), &wrapped)?;
                }
                Value::Text(text) => drop(sheet.write_string(row, column, cut(&text))?),
                Value::Instant(at) => {
                    if let Some(at) = spreadsheet_date(at, zone) {
                        sheet.write_datetime_with_format(row, column, &at, &instant)?;
                    }
                }
            }
        }
    }
    let last = u32::try_from(buyers.len()).unwrap_or(u32::MAX).max(1);
    sheet.autofilter(0, 0, last, COLUMNS.len() as u16 - 1)?;
    book.save_to_buffer()
}

/// As many characters as a cell of a spreadsheet holds.
fn cut(text: &str) -> &str {
    const MOST: usize = 32_767;
    if text.len() <= MOST { text } else { text.char_indices().nth(MOST).map_or(text, |(end, _)| &text[..end]) }
}

fn wall(at: UnixTime, zone: &TimeZone) -> Option<jiff::civil::DateTime> {
    Some(jiff::Timestamp::from_second(at).ok()?.to_zoned(zone.clone()).datetime())
}

fn spreadsheet_date(at: UnixTime, zone: &TimeZone) -> Option<ExcelDateTime> {
    let at = wall(at, zone)?;
    let part = |part: i8| u8::try_from(part).ok();
    let day = ExcelDateTime::from_ymd(u16::try_from(at.year()).ok()?, part(at.month())?, part(at.day())?).ok()?;
    day.and_hms(u16::try_from(at.hour()).ok()?, part(at.minute())?, u16::try_from(at.second()).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_begin_a_formula_is_guarded() {
        for (text, guarded_text) in [
            ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
            ("+4940123456", "'+4940123456"),
            ("-2+3", "'-2+3"),
            ("@SUM(1)", "'@SUM(1)"),
            ("\t=1", "'\t=1"),
            ("'tis", "''tis"),
            ("Kestrel = Ltd", "Kestrel = Ltd"),
            ("", ""),
        ] {
            assert_eq!(guarded(text), guarded_text);
        }
    }
}
