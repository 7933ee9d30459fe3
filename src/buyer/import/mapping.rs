//! Which column is what: by its name, else by what stands in it; a person has the last word.

use super::columns::{Field, by_name};
use super::contents::Contents;
use super::dates::{self, Decided, Order};
use super::table::Table;

/// Values of a column that are looked at.
const SAMPLE: usize = 5_000;
/// Examples that are shown.
const EXAMPLES: usize = 3;
/// Hundredths of a column's values that a name must not be belied by, and that a content must have to speak for itself.
const BELIED: usize = 30;
const TELLING: usize = 70;
/// Names of people and companies are told by less.
const TELLING_NAMES: usize = 30;

/// What a person says about the columns.
#[derive(Clone, Debug, Default)]
pub struct Told {
    /// Names of columns, as the file has them, with what they are.
    pub columns: Vec<(String, Field)>,
    /// The order of numbers in dates.
    pub dates: Option<Order>,
}

/// Why a column became what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    Told,
    ByName,
    /// What stands in it.
    ByContent(&'static str),
    /// It goes into the notes, because nothing is known of it, or its content belies its name.
    Unknown(&'static str),
}

impl Why {
    /// For people.
    pub fn as_str(&self) -> &'static str {
        match self {
            Why::Told => "as you say",
            Why::ByName => "by its name",
            Why::ByContent(what) | Why::Unknown(what) => what,
        }
    }
}

/// A column with what it becomes.
#[derive(Clone, Debug)]
pub struct Mapped {
    pub column: String,
    /// None: its values go into the notes under its name.
    pub field: Option<Field>,
    pub why: Why,
    pub examples: Vec<String>,
    /// For dates: the order of their numbers, and how it was found.
    pub order: Option<(Order, Decided)>,
}

/// What every column of a table becomes.
#[derive(Clone, Debug, Default)]
pub struct Mapping {
    /// In the order of the table's columns.
    pub columns: Vec<Mapped>,
}

impl Mapping {
    /// Guesses what each column is; what a person says goes before.
    ///
    /// # Errors
    /// He names a column that the file doesn't have, or no column can make a buyer.
    pub fn guess(table: &Table, told: &Told, this_year: i32) -> Result<Mapping, String> {
        for (name, _) in &told.columns {
            if !table.columns.iter().any(|column| is_same(column, name)) {
                return Err(format!("no column is named `{name}`; there are {}", table.columns.join(", ")));
            }
        }
        let contents: Vec<Contents> =
            (0..table.columns.len()).map(|at| Contents::of(values(table, at).take(SAMPLE), this_year)).collect();
        let mut mapping = Mapping::default();
        for (at, column) in table.columns.iter().enumerate() {
            let (field, why) = match told.columns.iter().find(|(name, _)| is_same(name, column)) {
                Some((_, field)) => (Some(*field), Why::Told),
                None => guess(column, &contents[at], table.named),
            };
            mapping.columns.push(Mapped {
                column: column.clone(),
                field,
                why,
                examples: examples(table, at),
                order: None,
            });
        }
        if !table.named {
            mapping.guess_people(&contents);
        }
        for (at, mapped) in mapping.columns.iter_mut().enumerate() {
            let is_date = mapped.field.is_some_and(Field::is_date);
            mapped.order = is_date.then(|| dates::order(values(table, at), told.dates));
        }
        mapping.checked(table)
    }

    /// What names of people and companies look like is known too little: only a file without names asks for it.
    fn guess_people(&mut self, contents: &[Contents]) {
        let free = |mapping: &Mapping, at: usize| mapping.columns[at].field.is_none();
        let most = |mapping: &Mapping, share: fn(&Contents) -> usize| {
            let candidates =
                (0..contents.len()).filter(|at| free(mapping, *at) && share(&contents[*at]) >= TELLING_NAMES);
            candidates.max_by_key(|at| (share(&contents[*at]), std::cmp::Reverse(*at)))
        };
        if let Some(at) = most(self, |contents| contents.share(contents.companies)) {
            self.columns[at].field = Some(Field::Company);
            self.columns[at].why = Why::ByContent("legal forms of companies stand in it");
        }
        if let Some(at) = most(self, |contents| contents.share(contents.short_names)) {
            self.columns[at].field = Some(Field::Name);
            self.columns[at].why = Why::ByContent("short names without numbers stand in it");
        }
    }

    fn checked(self, table: &Table) -> Result<Mapping, String> {
        let has = |fields: &[Field]| self.columns.iter().any(|c| c.field.is_some_and(|field| fields.contains(&field)));
        let named = has(&[Field::Name, Field::FirstName, Field::LastName, Field::Company]);
        if has(&[Field::Email, Field::OtherEmails, Field::Portals]) || named && has(&[Field::Phone, Field::Fax]) {
            return Ok(self);
        }
        Err(format!(
            "no column holds mail addresses, or names with telephone or fax numbers; there are {} (say which one is what \
             by --map \"{}=email\")",
            table.columns.join(", "),
            table.columns.first().map_or("", String::as_str)
        ))
    }
}

fn is_same(one: &str, other: &str) -> bool {
    crate::text::normalise(one).trim() == crate::text::normalise(other).trim()
}

fn values(table: &Table, column: usize) -> impl Iterator<Item = &str> {
    table.rows.iter().filter_map(move |row| row.cells.get(column)).map(String::as_str).filter(|cell| !cell.is_empty())
}

fn examples(table: &Table, column: usize) -> Vec<String> {
    let mut examples: Vec<String> = Vec::new();
    for value in values(table, column).take(SAMPLE) {
        if !examples.iter().any(|known| known == value) {
            examples.push(value.chars().take(200).collect());
        }
        if examples.len() == EXAMPLES {
            break;
        }
    }
    examples
}

fn guess(column: &str, contents: &Contents, named: bool) -> (Option<Field>, Why) {
    let by_content = || by_content(contents, named);
    let Some(field) = by_name(column).filter(|_| named) else {
        return by_content().map_or((None, Why::Unknown("not known: kept in the notes")), |(f, why)| (Some(f), why));
    };
    match belied(field, contents) {
        None => (Some(field), Why::ByName),
        Some(why) => by_content().map_or((None, Why::Unknown(why)), |(field, why)| (Some(field), why)),
    }
}

/// What is wrong with a column of that name; None where its content fits.
fn belied(field: Field, contents: &Contents) -> Option<&'static str> {
    let lacks = |count: usize| contents.share(count) < BELIED;
    match field {
        Field::Email | Field::OtherEmails => {
            lacks(contents.emails).then_some("named like addresses, but few are in it: kept in the notes")
        }
        Field::Phone | Field::Fax => {
            lacks(contents.digits).then_some("named like numbers to dial, but few are in it: kept in the notes")
        }
        Field::Country => {
            lacks(contents.countries).then_some("named like countries, but few are in it: kept in the notes")
        }
        Field::Grade => lacks(contents.grades).then_some("named like grades, but few are A to D: kept in the notes"),
        Field::Stage => lacks(contents.stages).then_some("named like stages, but few are known: kept in the notes"),
        Field::Language => lacks(contents.languages).then_some("named like languages, but few are: kept in the notes"),
        field if field.is_date() => {
            lacks(contents.dates).then_some("named like dates, but few are in it: kept in the notes")
        }
        Field::Name | Field::Company => {
            let other = contents.share(contents.emails) >= TELLING || contents.share(contents.phones) >= TELLING;
            other.then_some("named like names, but others are in it: kept in the notes")
        }
        _ => None,
    }
}

fn by_content(contents: &Contents, named: bool) -> Option<(Field, Why)> {
    let tells = |count: usize| contents.share(count) >= TELLING;
    if tells(contents.emails) {
        return Some((Field::Email, Why::ByContent("mail addresses stand in it")));
    }
    if contents.counts_rows {
        return Some((Field::Ignore, Why::ByContent("it only counts the rows")));
    }
    if tells(contents.websites) {
        return Some((Field::Website, Why::ByContent("web addresses stand in it")));
    }
    if tells(contents.countries) {
        return Some((Field::Country, Why::ByContent("countries stand in it")));
    }
    // What a column with an unknown name dates or numbers is anyone's guess: birthdays, customs codes.
    if named {
        return tells(contents.international)
            .then_some((Field::Phone, Why::ByContent("telephone numbers stand in it")));
    }
    if tells(contents.dates) {
        return Some((Field::LastContact, Why::ByContent("dates stand in it")));
    }
    tells(contents.phones).then_some((Field::Phone, Why::ByContent("telephone numbers stand in it")))
}
