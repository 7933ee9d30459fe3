//! What a column may hold, and what people call it.

use crate::text::normalise;
use std::collections::HashMap;
use std::sync::LazyLock;

/// One line a field: its name, then what columns of it are called.
const TABLE: &str = include_str!("columns.tsv");
/// Letters that a word inside a longer name must have to count.
const SHORTEST_LATIN: usize = 3;
const SHORTEST_HAN: usize = 2;

/// What a column of a file becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    Name,
    FirstName,
    LastName,
    Company,
    Email,
    OtherEmails,
    Country,
    Phone,
    Fax,
    Address,
    Website,
    Grade,
    GradedBy,
    Stage,
    Products,
    Source,
    Owner,
    Language,
    Notes,
    FirstContact,
    LastContact,
    Consent,
    ConsentAt,
    /// Its last day.
    ConsentUntil,
    /// Several in a cell.
    Tags,
    /// What a buyer is recognised by behind a portal that hides his address.
    Portals,
    /// Left out on purpose.
    Ignore,
}

impl Field {
    /// All, as they are told to people.
    pub const ALL: [Field; 27] = [
        Field::Name,
        Field::FirstName,
        Field::LastName,
        Field::Company,
        Field::Email,
        Field::OtherEmails,
        Field::Country,
        Field::Phone,
        Field::Fax,
        Field::Address,
        Field::Website,
        Field::Grade,
        Field::GradedBy,
        Field::Stage,
        Field::Products,
        Field::Source,
        Field::Owner,
        Field::Language,
        Field::Notes,
        Field::FirstContact,
        Field::LastContact,
        Field::Consent,
        Field::ConsentAt,
        Field::ConsentUntil,
        Field::Tags,
        Field::Portals,
        Field::Ignore,
    ];

    /// The word on the command line, in exported files and in notes.
    pub fn as_str(self) -> &'static str {
        match self {
            Field::Name => "name",
            Field::FirstName => "first_name",
            Field::LastName => "last_name",
            Field::Company => "company",
            Field::Email => "email",
            Field::OtherEmails => "other_emails",
            Field::Country => "country",
            Field::Phone => "phone",
            Field::Fax => "fax",
            Field::Address => "address",
            Field::Website => "website",
            Field::Grade => "grade",
            Field::GradedBy => "graded_by",
            Field::Stage => "stage",
            Field::Products => "products",
            Field::Source => "source",
            Field::Owner => "owner",
            Field::Language => "language",
            Field::Notes => "notes",
            Field::FirstContact => "first_contact",
            Field::LastContact => "last_contact",
            Field::Consent => "consent",
            Field::ConsentAt => "consent_at",
            Field::ConsentUntil => "consent_until",
            Field::Tags => "tags",
            Field::Portals => "portals",
            Field::Ignore => "ignore",
        }
    }

    /// The field of a word of [`Field::as_str`], however it is spelled.
    pub fn parse(word: &str) -> Option<Field> {
        let word = word.trim().to_lowercase().replace([' ', '-'], "_");
        Self::ALL.into_iter().find(|field| field.as_str() == word)
    }

    pub(super) fn is_date(self) -> bool {
        matches!(self, Field::FirstContact | Field::LastContact | Field::ConsentAt | Field::ConsentUntil)
    }
}

static NAMES: LazyLock<HashMap<String, Field>> = LazyLock::new(|| {
    let mut names = HashMap::new();
    for line in TABLE.lines() {
        let Some((field, words)) = line.split_once('\t') else { continue };
        let Some(field) = Field::parse(field) else { continue };
        names.extend(words.split('|').chain([field.as_str()]).map(|word| (comparable(word).0, field)));
    }
    names
});

/// Letters alone, and at which of them a word begins: each sign of a script without gaps may.
fn comparable(name: &str) -> (String, Vec<usize>) {
    let (mut letters, mut starts, mut in_word) = (String::new(), Vec::new(), false);
    for c in normalise(name).chars() {
        if !c.is_alphabetic() {
            in_word = false;
            continue;
        }
        if !in_word || is_han(c) {
            starts.push(letters.len());
        }
        letters.push(c);
        in_word = true;
    }
    (letters, starts)
}

fn is_han(c: char) -> bool {
    ('\u{3040}'..='\u{9fff}').contains(&c)
}

/// The field that a column's name names: as a whole, without what stands in brackets, or by the words it ends with, as
/// `客户联系电话` and `Buyer e-mail` do.
pub(super) fn by_name(name: &str) -> Option<Field> {
    if name.len() > 200 {
        return None;
    }
    whole(name).or_else(|| {
        let outside = name.split(['(', '（', '[', '【', '<']).next().unwrap_or_default();
        whole(outside).or_else(|| ending(outside))
    })
}

fn whole(name: &str) -> Option<Field> {
    NAMES.get(&comparable(name).0).copied()
}

fn ending(name: &str) -> Option<Field> {
    let (letters, starts) = comparable(name);
    starts.into_iter().map(|start| &letters[start..]).find_map(|end| {
        let shortest = if end.chars().all(is_han) { SHORTEST_HAN } else { SHORTEST_LATIN };
        NAMES.get(end).copied().filter(|_| end.chars().count() >= shortest)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_known_by_what_people_call_it() {
        for (name, field) in [
            ("E-Mail", Some(Field::Email)),
            ("E-mail 1 - Value", Some(Field::Email)),
            ("Buyer's e-mail address", Some(Field::Email)),
            ("邮箱（必填）", Some(Field::Email)),
            ("客户联系电话", Some(Field::Phone)),
            ("Mobile No. (WhatsApp)", None),
            ("手机2", Some(Field::Phone)),
            ("公司 名称：", Some(Field::Company)),
            ("客户名", Some(Field::Company)),
            ("公司规模", None),
            ("Company size", None),
            ("Земля", None),
            ("Страна", Some(Field::Country)),
            ("Ansprechpartner", Some(Field::Name)),
            ("Razón social", Some(Field::Company)),
            ("最后联系日期", Some(Field::LastContact)),
            ("生日", None),
            ("First Name", Some(Field::FirstName)),
            ("Fax#", Some(Field::Fax)),
            ("Consent valid until", Some(Field::ConsentUntil)),
            ("同意有效期", Some(Field::ConsentUntil)),
            ("同意日期", Some(Field::ConsentAt)),
            ("客户标签", Some(Field::Tags)),
            ("Customer group", Some(Field::Tags)),
            ("Labels", Some(Field::Tags)),
            ("E-mail 1 - Label", Some(Field::Ignore)),
            ("产品分类", Some(Field::Products)),
            ("", None),
        ] {
            assert_eq!(by_name(name), field, "{name}");
        }
    }

    #[test]
    fn every_name_belongs_to_one_field() {
        let mut seen: HashMap<String, &str> = HashMap::new();
        for line in TABLE.lines() {
            let (field, words) = line.split_once('\t').expect("a tab");
            assert!(Field::parse(field).is_some(), "{field}");
            for word in words.split('|') {
                let other = seen.insert(comparable(word).0, field);
                assert!(other.is_none_or(|other| other == field), "{word}: {field} and {other:?}");
            }
        }
        assert!(Field::ALL.iter().all(|field| Field::parse(field.as_str()) == Some(*field)));
    }
}
