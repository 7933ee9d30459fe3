//! Rows become buyers.

use super::columns::Field;
use super::dates::{self, Order};
use super::mapping::Mapping;
use super::table::{Row, Table};
use super::values::{self, is_nothing};
use super::{Import, ImportedBuyer, Problem};
use crate::buyer::{GradedBy, tags};
use crate::clock::UnixTime;
use crate::message::country_by_name;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use std::collections::HashMap;

/// Seconds that a contact may lie ahead: the clocks of others.
const AHEAD: i64 = 36 * 3600;
/// Years that the last day of a consent may lie ahead where it is written with two digits of its year.
const LONGEST_CONSENT: i32 = 20;

/// What turning rows into buyers needs to know.
#[derive(Clone, Debug)]
pub struct Circumstances<'a> {
    pub now: UnixTime,
    /// Where the dates of the file are at home.
    pub zone: &'a TimeZone,
    /// What the file is, for rows that don't say where the buyer comes from: `Canton Fair 138`.
    pub source: Option<&'a str>,
}

impl Circumstances<'_> {
    /// The year it is.
    pub fn year(&self) -> i32 {
        let now = jiff::Timestamp::from_second(self.now).unwrap_or_default();
        i32::from(now.to_zoned(self.zone.clone()).year())
    }
}

/// Turns every row into a buyer, or says why not.
pub fn buyers(table: &Table, mapping: &Mapping, circumstances: &Circumstances<'_>) -> Import {
    let mut reader = Reader {
        mapping,
        circumstances,
        year: circumstances.year(),
        countries: HashMap::new(),
        other_emails: Vec::new(),
        problems: Vec::new(),
    };
    let buyers = table.rows.iter().filter_map(|row| reader.buyer(row)).collect();
    Import { buyers, problems: reader.problems }
}

struct Reader<'a> {
    mapping: &'a Mapping,
    circumstances: &'a Circumstances<'a>,
    year: i32,
    /// Countries by how they are written: the same few stand in all rows.
    countries: HashMap<String, Option<&'static str>>,
    /// Addresses of the row from columns for further ones.
    other_emails: Vec<String>,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn buyer(&mut self, row: &Row) -> Option<ImportedBuyer> {
        let mut buyer = ImportedBuyer { line: row.line, ..ImportedBuyer::default() };
        let mapping = self.mapping;
        let cells = || mapping.columns.iter().zip(&row.cells).filter(|(_, cell)| !cell.is_empty());
        // Telephone numbers are read with the row's country, wherever it stands.
        for (mapped, cell) in cells().filter(|(mapped, _)| mapped.field == Some(Field::Country)) {
            self.country(&mut buyer, &mapped.column, cell);
        }
        let (mut first, mut last) = (None, None);
        for (mapped, cell) in cells() {
            let order = mapped.order.as_ref().map_or(Order::DayFirst, |(order, _)| *order);
            match mapped.field {
                None => note(&mut buyer, &mapped.column, cell),
                Some(Field::FirstName) => first = first.or(Some(cell)),
                Some(Field::LastName) => last = last.or(Some(cell)),
                Some(Field::ConsentUntil) => self.last_day(&mut buyer, &mapped.column, cell, order),
                Some(field) if field.is_date() => self.date(&mut buyer, field, &mapped.column, cell, order),
                Some(field) => self.take(&mut buyer, field, &mapped.column, cell),
            }
        }
        if buyer.name.is_none() {
            buyer.name = whole_name(first, last);
        }
        if buyer.source.is_none() {
            buyer.source = self.circumstances.source.map(str::to_owned);
        }
        buyer.graded_by = match buyer.graded_by.take() {
            Some(by) if by == GradedBy::RULES => None,
            None if buyer.grade.is_some() => Some(GradedBy::IMPORT.to_owned()),
            by => by,
        };
        self.usable(buyer)
    }

    fn take(&mut self, buyer: &mut ImportedBuyer, field: Field, column: &str, cell: &str) {
        match field {
            Field::Name if !is_nothing(cell) => fill(&mut buyer.name, &mut buyer.notes, column, cell),
            Field::Company if !is_nothing(cell) => fill(&mut buyer.company, &mut buyer.notes, column, cell),
            Field::Source => fill(&mut buyer.source, &mut buyer.notes, column, cell),
            Field::Owner => fill(&mut buyer.owner, &mut buyer.notes, column, cell),
            Field::GradedBy => fill(&mut buyer.graded_by, &mut buyer.notes, column, cell),
            Field::Email | Field::OtherEmails => self.emails(buyer, field, cell),
            Field::Phone | Field::Fax => self.phones(buyer, field, cell),
            Field::Portals => buyer.portals.extend(cell.lines().filter(|key| is_portal(key)).map(str::to_owned)),
            Field::Grade => self.grade(buyer, column, cell),
            Field::Stage => self.stage(buyer, column, cell),
            Field::Language => match values::language(cell) {
                Some(language) => fill(&mut buyer.language, &mut buyer.notes, column, &language),
                None => note(buyer, column, cell),
            },
            Field::Consent if values::is_no(cell) => note(buyer, "consent", cell),
            Field::Consent => fill(&mut buyer.consent, &mut buyer.notes, column, cell),
            Field::Tags => self.tags(buyer, cell),
            Field::Notes => buyer.notes.push(cell.to_owned()),
            Field::Address | Field::Website | Field::Products if !is_nothing(cell) => note(buyer, field.as_str(), cell),
            _ => {}
        }
    }

    fn country(&mut self, buyer: &mut ImportedBuyer, column: &str, cell: &str) {
        let known = self.countries.get(cell).copied();
        let country = known.unwrap_or_else(|| {
            let country = country_by_name(cell);
            self.countries.insert(cell.to_owned(), country);
            country
        });
        match country {
            Some(code) => fill(&mut buyer.country, &mut buyer.notes, column, code),
            None if is_nothing(cell) => {}
            None => {
                self.problem(buyer.line, format!("`{}` is no country that is known: kept in the notes", shown(cell)));
                note(buyer, "country", cell);
            }
        }
    }

    fn emails(&mut self, buyer: &mut ImportedBuyer, field: Field, cell: &str) {
        let found = values::addresses(cell);
        for wrong in found.wrong {
            self.problem(buyer.line, format!("`{}` is no mail address", shown(&wrong)));
            note(buyer, "email", &wrong);
        }
        if field == Field::Email && buyer.name.is_none() {
            buyer.name = found.name;
        }
        // The column of the first address comes first, wherever it stands.
        let known = |emails: &[String], email: &String| emails.contains(email);
        for email in found.emails {
            if !known(&buyer.emails, &email) && !known(&self.other_emails, &email) {
                if field == Field::Email { &mut buyer.emails } else { &mut self.other_emails }.push(email);
            }
        }
    }

    fn phones(&mut self, buyer: &mut ImportedBuyer, field: Field, cell: &str) {
        let (numbers, wrong) = values::phones(cell, buyer.country.as_deref());
        for wrong in wrong {
            let why = if wrong.contains(['E', 'e']) && wrong.contains('+') {
                "was rounded by a spreadsheet"
            } else {
                "is no number to dial"
            };
            self.problem(buyer.line, format!("`{}` {why}: kept in the notes", shown(&wrong)));
            note(buyer, field.as_str(), &wrong);
        }
        for number in numbers {
            if let Some(written) = &number.written {
                note(buyer, field.as_str(), written);
            }
            if field == Field::Phone && buyer.phone.is_none() {
                buyer.phone = Some(number.number);
            } else if buyer.phone.as_ref() != Some(&number.number) {
                note(buyer, field.as_str(), &number.number);
                if !buyer.other_phones.contains(&number.number) {
                    buyer.other_phones.push(number.number);
                }
            }
        }
    }

    fn tags(&mut self, buyer: &mut ImportedBuyer, cell: &str) {
        let (found, wrong) = tags::of_cell(cell);
        buyer.tags.extend(found);
        for wrong in wrong {
            self.problem(buyer.line, format!("`{}` is too long for a tag: kept in the notes", shown(&wrong)));
            note(buyer, Field::Tags.as_str(), &wrong);
        }
    }

    fn grade(&mut self, buyer: &mut ImportedBuyer, column: &str, cell: &str) {
        match values::grade(cell) {
            Some((grade, exact)) if buyer.grade.is_none() => {
                buyer.grade = Some(grade);
                if !exact {
                    note(buyer, column, cell);
                }
            }
            _ => note(buyer, column, cell),
        }
    }

    fn stage(&mut self, buyer: &mut ImportedBuyer, column: &str, cell: &str) {
        match values::stage(cell) {
            Some((stage, exact)) if buyer.stage.is_none() => {
                buyer.stage = Some(stage);
                if !exact {
                    note(buyer, column, cell);
                }
            }
            _ => note(buyer, column, cell),
        }
    }

    fn date(&mut self, buyer: &mut ImportedBuyer, field: Field, column: &str, cell: &str, order: Order) {
        let place = match field {
            Field::FirstContact => &mut buyer.first_contact,
            Field::ConsentAt => &mut buyer.consent_at,
            _ => &mut buyer.last_contact,
        };
        let at = dates::parse(cell, order, self.year).and_then(|at| self.instant(at));
        let why = match at {
            Some(at) if at > self.circumstances.now + AHEAD => "lies ahead",
            Some(at) => {
                *place = Some(place.unwrap_or(at));
                return;
            }
            None if is_nothing(cell) => return,
            None => "is no date",
        };
        self.problem(buyer.line, format!("`{}` in `{column}` {why}: kept in the notes", shown(cell)));
        note(buyer, column, cell);
    }

    /// The last day of a consent, which may lie ahead.
    fn last_day(&mut self, buyer: &mut ImportedBuyer, column: &str, cell: &str, order: Order) {
        match dates::parse(cell, order, self.year + LONGEST_CONSENT) {
            Some(at) => buyer.consent_until = buyer.consent_until.take().or_else(|| Some(at.date().to_string())),
            None if is_nothing(cell) => {}
            None => {
                self.problem(buyer.line, format!("`{}` in `{column}` is no date: kept in the notes", shown(cell)));
                note(buyer, column, cell);
            }
        }
    }

    fn instant(&self, at: DateTime) -> Option<UnixTime> {
        Some(at.to_zoned(self.circumstances.zone.clone()).ok()?.timestamp().as_second())
    }

    /// Whether there is a buyer in a row: an address, or a name with something to dial.
    fn usable(&mut self, mut buyer: ImportedBuyer) -> Option<ImportedBuyer> {
        let others = std::mem::take(&mut self.other_emails);
        buyer.emails.extend(others);
        let named = buyer.name.is_some() || buyer.company.is_some();
        let dialled = buyer.phone.is_some() || !buyer.other_phones.is_empty();
        if !buyer.emails.is_empty() || !buyer.portals.is_empty() || named && dialled {
            return Some(buyer);
        }
        let lacks = match (named, dialled) {
            (true, false) => "it has no mail address and no telephone or fax number",
            (false, true) => "it has a number, but no name and no mail address",
            _ => "it has no mail address",
        };
        self.problems.push(Problem { line: buyer.line, what: format!("left out: {lacks}"), left_out: true });
        None
    }

    fn problem(&mut self, line: u64, what: String) {
        self.problems.push(Problem { line, what, left_out: false });
    }
}

/// Fills an empty field; a second, different value is kept in the notes.
fn fill(field: &mut Option<String>, notes: &mut Vec<String>, column: &str, value: &str) {
    match field {
        None => *field = Some(one_line(value)),
        Some(known) if *known == one_line(value) => {}
        Some(_) => notes.push(format!("{column}: {value}")),
    }
}

/// Keeps a value under a name; what is nothing is not kept.
fn note(buyer: &mut ImportedBuyer, name: &str, value: &str) {
    if !is_nothing(value) {
        buyer.notes.push(format!("{name}: {value}"));
    }
}

fn one_line(value: &str) -> String {
    if value.contains('\n') { value.split_whitespace().collect::<Vec<_>>().join(" ") } else { value.to_owned() }
}

/// A cell as a problem may show it.
fn shown(cell: &str) -> String {
    let line: String = cell.chars().map(|c| if c.is_control() { ' ' } else { c }).take(60).collect();
    if cell.chars().nth(60).is_some() { format!("{line}…") } else { line }
}

/// `portal/person/company`, see [`crate::buyer::recognised_by`].
fn is_portal(key: &str) -> bool {
    key.matches('/').count() >= 2 && !key.starts_with('/')
}

/// A name of two parts, the family name first where its script has it so.
fn whole_name(first: Option<&String>, last: Option<&String>) -> Option<String> {
    match (first, last) {
        (Some(first), Some(last)) if last.chars().all(|c| ('\u{3040}'..='\u{d7a3}').contains(&c)) => {
            Some(format!("{last}{first}"))
        }
        (Some(first), Some(last)) => Some(format!("{first} {last}")),
        (one, other) => one.or(other).cloned(),
    }
}
