//! A buyer's card takes in a row: empty fields are filled, nothing is overwritten.

use super::{Field, ImportedBuyer};
use crate::buyer::{Stage, Tags};
use crate::clock::UnixTime;
use crate::text::normalise;
use serde::{Deserialize, Serialize};

/// The source of a buyer whose file says none.
pub const NO_SOURCE: &str = "import";
/// Bytes of notes that a card holds.
const MAX_NOTES: usize = 256 * 1024;

/// What an import may touch of a buyer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    pub name: Option<String>,
    /// The address we write to.
    pub email: Option<String>,
    pub company: Option<String>,
    pub country: Option<String>,
    pub phone: Option<String>,
    pub grade: Option<String>,
    pub graded_by: Option<String>,
    pub stage: Stage,
    pub source: String,
    pub owner: Option<String>,
    pub language: Option<String>,
    pub consent: Option<String>,
    pub consent_at: Option<UnixTime>,
    pub consent_until: Option<String>,
    #[serde(default)]
    pub tags: Tags,
    pub notes: String,
    /// None: the file doesn't say; the day of the import stands for it.
    pub first_contact: Option<UnixTime>,
    pub last_contact: Option<UnixTime>,
}

/// What a card made of a row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// Fields that were empty before.
    pub filled: Vec<&'static str>,
    /// `company: Another name`: what differs, and is kept in the notes.
    pub differing: Vec<String>,
    /// Whether the notes grew, differing values aside.
    pub noted: bool,
}

impl Card {
    /// Takes in a row; who he is has been decided.
    pub fn take(&mut self, row: &ImportedBuyer) -> Taken {
        let mut taken = Taken::default();
        let grade = row.grade.map(|grade| grade.as_str().to_owned());
        if self.grade.is_none() && grade.is_some() {
            self.graded_by.clone_from(&row.graded_by);
        }
        let fields = [
            (Field::Name, &mut self.name, &row.name),
            (Field::Company, &mut self.company, &row.company),
            (Field::Country, &mut self.country, &row.country),
            (Field::Phone, &mut self.phone, &row.phone),
            (Field::Grade, &mut self.grade, &grade),
            (Field::Owner, &mut self.owner, &row.owner),
            (Field::Language, &mut self.language, &row.language),
        ];
        for (field, mine, its) in fields {
            let Some(value) = its else { continue };
            match mine {
                None => {
                    *mine = Some(value.clone());
                    taken.filled.push(field.as_str());
                }
                Some(known) if normalise(known) == normalise(value) => {}
                Some(_) => taken.differing.push(format!("{}: {value}", field.as_str())),
            }
        }
        if self.email.is_none() && !row.emails.is_empty() {
            self.email = row.emails.first().cloned();
            taken.filled.push(Field::Email.as_str());
        }
        self.take_consent(row, &mut taken);
        self.take_tags(row, &mut taken);
        self.take_stage(row, &mut taken);
        self.take_source(row, &mut taken);
        self.take_dates(row, &mut taken);
        self.take_notes(row, &mut taken);
        taken
    }

    /// A consent comes with its days; those of another, or of none, are kept in the notes with it.
    fn take_consent(&mut self, row: &ImportedBuyer, taken: &mut Taken) {
        if self.consent.is_none() && row.consent.is_some() {
            (self.consent, self.consent_at, self.consent_until) =
                (row.consent.clone(), row.consent_at, row.consent_until.clone());
            taken.filled.push(Field::Consent.as_str());
            return;
        }
        let until = row.consent_until.as_ref();
        let mut differs = |field: Field, value: &str| taken.differing.push(format!("{}: {value}", field.as_str()));
        let Some(known) = &self.consent else {
            until.into_iter().for_each(|day| differs(Field::ConsentUntil, day));
            return;
        };
        if let Some(other) = row.consent.as_ref().filter(|other| normalise(other) != normalise(known)) {
            differs(Field::Consent, &until.map_or_else(|| other.clone(), |day| format!("{other} (until {day})")));
            return;
        }
        match (&self.consent_until, until) {
            (Some(mine), Some(its)) if mine != its => differs(Field::ConsentUntil, its),
            (None, Some(its)) => {
                self.consent_until = Some(its.clone());
                taken.filled.push(Field::ConsentUntil.as_str());
            }
            _ => {}
        }
        if self.consent_at.is_none() && row.consent_at.is_some() {
            self.consent_at = row.consent_at;
            taken.filled.push(Field::ConsentAt.as_str());
        }
    }

    /// Tags come together; what a full card has no room for is kept in the notes.
    fn take_tags(&mut self, row: &ImportedBuyer, taken: &mut Taken) {
        let before = self.tags.clone();
        for tag in &row.tags {
            if !self.tags.add(tag) {
                taken.differing.push(format!("{}: {tag}", Field::Tags.as_str()));
            }
        }
        if self.tags != before {
            taken.filled.push(Field::Tags.as_str());
        }
    }

    /// No import lowers a stage that he has reached.
    fn take_stage(&mut self, row: &ImportedBuyer, taken: &mut Taken) {
        match row.stage {
            Some(stage) if self.stage == Stage::Potential && stage != Stage::Potential => {
                self.stage = stage;
                taken.filled.push(Field::Stage.as_str());
            }
            Some(stage) if stage != self.stage && stage != Stage::Potential => {
                taken.differing.push(format!("{}: {}", Field::Stage.as_str(), stage.as_str()));
            }
            _ => {}
        }
    }

    fn take_source(&mut self, row: &ImportedBuyer, taken: &mut Taken) {
        match &row.source {
            Some(source) if self.source.is_empty() || self.source == NO_SOURCE && source != NO_SOURCE => {
                self.source.clone_from(source);
                taken.filled.push(Field::Source.as_str());
            }
            Some(source) if normalise(source) != normalise(&self.source) => {
                taken.differing.push(format!("{}: {source}", Field::Source.as_str()));
            }
            _ => {}
        }
    }

    /// The first contact is the earliest that anybody knows of, the last one the latest.
    fn take_dates(&mut self, row: &ImportedBuyer, taken: &mut Taken) {
        let first = row.first_contact.or(row.last_contact);
        let last = row.last_contact.or(row.first_contact);
        if let Some(first) = first.filter(|first| self.first_contact.is_none_or(|known| *first < known)) {
            self.first_contact = Some(first);
            taken.filled.push(Field::FirstContact.as_str());
        }
        if let Some(last) = last.filter(|last| self.last_contact.is_none_or(|known| *last > known)) {
            self.last_contact = Some(last);
            taken.filled.push(Field::LastContact.as_str());
        }
    }

    fn take_notes(&mut self, row: &ImportedBuyer, taken: &mut Taken) {
        taken.differing.retain(|piece| self.note(piece));
        for piece in &row.notes {
            taken.noted |= self.note(piece);
        }
    }

    /// Whether the notes didn't say it before.
    fn note(&mut self, piece: &str) -> bool {
        let piece = piece.trim_end_matches('\n');
        if piece.is_empty() || says(&self.notes, piece) || self.notes.len() + piece.len() > MAX_NOTES {
            return false;
        }
        if !self.notes.is_empty() {
            self.notes.push('\n');
        }
        self.notes.push_str(piece);
        true
    }
}

/// Whether whole lines of the notes say a piece.
fn says(notes: &str, piece: &str) -> bool {
    let ends = |at: usize| at == notes.len() || notes[at..].starts_with('\n');
    let begins = |at: usize| at == 0 || notes[..at].ends_with('\n');
    notes.match_indices(piece).any(|(at, found)| begins(at) && ends(at + found.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grade::Grade;

    #[test]
    fn a_consent_gets_no_last_day_of_another() {
        let (fair, form) = (Some("Fair".to_owned()), Some("form".to_owned()));
        let (day, later) = (Some("2028-10-31".to_owned()), Some("2030-01-01".to_owned()));
        let of = |consent: &Option<String>, until: &Option<String>| {
            (
                Card { consent: consent.clone(), consent_until: until.clone(), ..Card::default() },
                ImportedBuyer {
                    consent: consent.as_ref().map(|words| words.to_uppercase()),
                    consent_until: until.clone(),
                    ..ImportedBuyer::default()
                },
            )
        };
        for (card, row, until, filled, differing) in [
            (of(&None, &None).0, of(&fair, &day).1, &day, vec!["consent"], vec![]),
            (of(&fair, &None).0, of(&fair, &day).1, &day, vec!["consent_until"], vec![]),
            (of(&fair, &None).0, of(&None, &day).1, &day, vec!["consent_until"], vec![]),
            (of(&fair, &day).0, of(&fair, &day).1, &day, vec![], vec![]),
            (of(&fair, &day).0, of(&fair, &later).1, &day, vec![], vec!["consent_until: 2030-01-01"]),
            (of(&fair, &None).0, of(&form, &later).1, &None, vec![], vec!["consent: FORM (until 2030-01-01)"]),
            (of(&None, &None).0, of(&None, &day).1, &None, vec![], vec!["consent_until: 2028-10-31"]),
        ] {
            let mut after = card.clone();
            let taken = after.take(&row);
            assert_eq!((&after.consent_until, taken.filled), (until, filled), "{card:?} {row:?}");
            assert_eq!(taken.differing, differing, "{card:?} {row:?}");
        }
    }

    #[test]
    fn a_row_fills_what_is_empty_and_overwrites_nothing() {
        let mut card = Card {
            company: Some("Kestrel Ltd".into()),
            stage: Stage::TrialOrder,
            source: "mail".into(),
            notes: "likes red".into(),
            first_contact: Some(1000),
            last_contact: Some(2000),
            ..Card::default()
        };
        let row = ImportedBuyer {
            name: Some("Ann".into()),
            company: Some("Kestrel GmbH".into()),
            grade: Some(Grade::A),
            stage: Some(Stage::Intent),
            source: Some("fair".into()),
            first_contact: Some(500),
            last_contact: Some(1500),
            notes: vec!["likes red".into(), "red".into()],
            ..ImportedBuyer::default()
        };
        let taken = card.take(&row);
        assert_eq!(taken.filled, ["name", "grade", "first_contact"]);
        assert_eq!(taken.differing, ["company: Kestrel GmbH", "stage: intent", "source: fair"]);
        assert_eq!(card.notes, "likes red\ncompany: Kestrel GmbH\nstage: intent\nsource: fair\nred");
        assert_eq!(
            (card.company.as_deref(), card.first_contact, card.last_contact),
            (Some("Kestrel Ltd"), Some(500), Some(2000))
        );
        let before = card.clone();
        assert_eq!((card.take(&row), card), (Taken::default(), before), "a second time adds nothing");
    }
}
