//! What stands in a column, counted.

use super::dates::{self, Order};
use super::values;
use crate::message::{country_by_name, e164};
use std::collections::HashMap;

/// How many of a column's values look like what.
#[derive(Clone, Debug, Default)]
pub(super) struct Contents {
    pub filled: usize,
    pub emails: usize,
    /// Enough digits to be dialled.
    pub digits: usize,
    /// Nothing but what a telephone number is written with.
    pub phones: usize,
    /// Telephone numbers that say their country.
    pub international: usize,
    pub countries: usize,
    pub websites: usize,
    pub grades: usize,
    pub stages: usize,
    pub languages: usize,
    pub dates: usize,
    pub companies: usize,
    pub short_names: usize,
    /// 1, 2, 3 and so on.
    pub counts_rows: bool,
}

impl Contents {
    /// Counts the values that are not empty.
    pub fn of<'a>(values: impl Iterator<Item = &'a str>, this_year: i32) -> Contents {
        let (mut contents, mut counting) = (Contents::default(), true);
        // The same few values stand in most rows of many columns.
        let mut seen: HashMap<&str, Kinds> = HashMap::new();
        let mut last = None;
        for value in values {
            let number = value.parse::<u32>().ok();
            counting &= number.is_some_and(|number| last.is_none_or(|last: u32| number == last.saturating_add(1)));
            last = number;
            contents.filled += 1;
            contents.add(*seen.entry(value).or_insert_with(|| Kinds::of(value, this_year)));
        }
        contents.counts_rows = counting && contents.filled > 2;
        contents
    }

    /// Hundredths of the values.
    pub fn share(&self, count: usize) -> usize {
        count * 100 / self.filled.max(1)
    }

    fn add(&mut self, kinds: Kinds) {
        let counts = [
            &mut self.emails,
            &mut self.digits,
            &mut self.phones,
            &mut self.international,
            &mut self.countries,
            &mut self.websites,
            &mut self.grades,
            &mut self.stages,
            &mut self.languages,
            &mut self.dates,
            &mut self.companies,
            &mut self.short_names,
        ];
        for (count, is) in counts.into_iter().zip(kinds.0) {
            *count += usize::from(is);
        }
    }
}

/// What one value looks like, in the order of [`Contents::add`].
#[derive(Clone, Copy)]
struct Kinds([bool; 12]);

impl Kinds {
    fn of(value: &str, this_year: i32) -> Kinds {
        let value = &value[..value.floor_char_boundary(400)];
        let digits = value.bytes().filter(u8::is_ascii_digit).count();
        let is_dialled =
            |c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '(' | ')' | ' ' | '/' | '.' | ';' | '\n');
        let dated = dates::parse(value, Order::DayFirst, this_year).is_some();
        let short = (2..=40).contains(&value.chars().count());
        let country = value.len() <= 60 && digits == 0 && country_by_name(value).is_some();
        Kinds([
            value.contains('@') && !values::addresses(value).emails.is_empty(),
            digits >= 5,
            digits >= 7 && !dated && value.chars().all(is_dialled),
            value.starts_with(['+', '(']) && e164(value, None).is_some(),
            country,
            is_website(value),
            values::grade(value).is_some(),
            values::stage(value).is_some(),
            values::language(value).is_some(),
            dated,
            has_legal_form(value),
            short && digits == 0 && !value.contains('@') && !country && !value.contains('\n'),
        ])
    }
}

fn is_website(value: &str) -> bool {
    let value = value.trim().to_ascii_lowercase();
    ["http://", "https://", "www."].iter().any(|start| value.starts_with(start))
}

/// The endings that the laws of many lands give to companies.
fn has_legal_form(value: &str) -> bool {
    #[rustfmt::skip]
    const FORMS: [&str; 30] = [
        "ltd", "limited", "inc", "llc", "corp", "corporation", "co", "company", "gmbh", "ag", "kg", "ug", "sa", "srl", "spa", "sl", "sas", "sarl",
        "bv", "nv", "ab", "as", "oy", "aps", "plc", "pvt", "pty", "lda", "ltda", "fze",
    ];
    const HAN: [&str; 8] = ["公司", "集团", "厂", "株式会社", "有限会社", "商行", "贸易", "进出口"];
    let lower = value.to_lowercase();
    let last = lower.replace('.', "");
    let last = last.split(|c: char| !c.is_alphanumeric()).rfind(|word| !word.is_empty()).unwrap_or_default();
    FORMS.contains(&last) || HAN.iter().any(|form| lower.contains(form)) || lower.starts_with("ооо ")
}
