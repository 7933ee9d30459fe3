//! A buyer's card as a value: two can be laid over each other, and be taken apart again.

use super::{Tx, on_tx};
use crate::buyer::{Stage, Tags};
use crate::clock::UnixTime;
use anyhow::Result;
use serde::{Deserialize, Serialize};

/// What stands on a card.
#[derive(Clone, Debug, Default, PartialEq, Eq, sqlx::FromRow, Serialize, Deserialize)]
pub(super) struct Card {
    pub name: Option<String>,
    pub email: Option<String>,
    pub company: Option<String>,
    pub country: Option<String>,
    pub phone: Option<String>,
    pub owner: Option<String>,
    pub language: Option<String>,
    pub consent: Option<String>,
    pub consent_at: Option<UnixTime>,
    pub consent_until: Option<String>,
    #[sqlx(try_from = "String")]
    #[serde(default)]
    pub tags: Tags,
    pub stage: String,
    pub stage_suggested: Option<String>,
    pub grade: Option<String>,
    pub graded_by: Option<String>,
    pub notes: String,
    pub inquiries: i64,
    pub first_contact: UnixTime,
    pub last_contact: UnixTime,
}

impl Card {
    /// The blanks of this card filled from another of the same buyer; the later grade counts, a person's above all, and
    /// the higher stage.
    pub fn completed_by(mut self, other: &Card) -> Card {
        let newer = other.last_contact > self.last_contact;
        let other_grade_counts = match (&self.graded_by, &other.graded_by) {
            (Some(_), None) => false,
            (None, Some(_)) => true,
            _ => newer || self.grade.is_none(),
        };
        if other_grade_counts && other.grade.is_some() {
            (self.grade, self.graded_by) = (other.grade.clone(), other.graded_by.clone());
        }
        let stage = |card: &Card| Stage::parse(&card.stage).unwrap_or_default();
        self.stage = stage(&self).max(stage(other)).as_str().to_owned();
        if !other.notes.is_empty() && !self.notes.contains(&other.notes) {
            let gap = if self.notes.is_empty() { "" } else { "; " };
            self.notes = format!("{}{gap}{}", self.notes, other.notes);
        }
        let fill = |mine: &mut Option<String>, theirs: &Option<String>| *mine = mine.take().or_else(|| theirs.clone());
        fill(&mut self.name, &other.name);
        fill(&mut self.email, &other.email);
        fill(&mut self.company, &other.company);
        fill(&mut self.country, &other.country);
        fill(&mut self.phone, &other.phone);
        fill(&mut self.owner, &other.owner);
        fill(&mut self.language, &other.language);
        fill(&mut self.stage_suggested, &other.stage_suggested);
        // A day of one consent is no other's.
        if self.consent.is_none() {
            self.set_consent(other.consent());
        }
        for tag in other.tags.iter() {
            // What has no room stays on the other's own card.
            self.tags.add(tag);
        }
        self.inquiries += other.inquiries;
        self.first_contact = self.first_contact.min(other.first_contact);
        self.last_contact = self.last_contact.max(other.last_contact);
        self
    }

    /// What belongs together: the consent, when it was given, and its last day.
    fn consent(&self) -> (Option<String>, Option<UnixTime>, Option<String>) {
        (self.consent.clone(), self.consent_at, self.consent_until.clone())
    }

    fn set_consent(&mut self, consent: (Option<String>, Option<UnixTime>, Option<String>)) {
        (self.consent, self.consent_at, self.consent_until) = consent;
    }

    /// This card as it would be without a change: what stands as the change left it, becomes what it was `before`; what
    /// was written since stays.
    pub fn taken_back(self, after: &Card, before: &Card) -> Card {
        fn back<T: PartialEq + Clone>(now: T, after: &T, before: &T) -> T {
            if now == *after { before.clone() } else { now }
        }
        let graded = |card: &Card| (card.grade.clone(), card.graded_by.clone());
        // A grade without whoever gave it is nobody's.
        let (grade, graded_by) = back(graded(&self), &graded(after), &graded(before));
        let (consent, consent_at, consent_until) = back(self.consent(), &after.consent(), &before.consent());
        Card {
            name: back(self.name, &after.name, &before.name),
            email: back(self.email, &after.email, &before.email),
            company: back(self.company, &after.company, &before.company),
            country: back(self.country, &after.country, &before.country),
            phone: back(self.phone, &after.phone, &before.phone),
            owner: back(self.owner, &after.owner, &before.owner),
            language: back(self.language, &after.language, &before.language),
            consent,
            consent_at,
            consent_until,
            tags: self.tags.taken_back(&after.tags, &before.tags),
            stage: back(self.stage, &after.stage, &before.stage),
            stage_suggested: back(self.stage_suggested, &after.stage_suggested, &before.stage_suggested),
            grade,
            graded_by,
            notes: back(self.notes, &after.notes, &before.notes),
            inquiries: self.inquiries - (after.inquiries - before.inquiries),
            first_contact: back(self.first_contact, &after.first_contact, &before.first_contact),
            last_contact: back(self.last_contact, &after.last_contact, &before.last_contact),
        }
    }
}

/// The card of a buyer.
pub(super) async fn read(tx: &mut Tx, buyer_id: i64) -> Result<Card> {
    let sql = "SELECT name, email, company, country, phone, owner, language, consent, consent_at, consent_until, \
               tags, stage, stage_suggested, grade, graded_by, notes, inquiries, first_contact, last_contact FROM buyer WHERE id = $1";
    Ok(on_tx!(tx, c => sqlx::query_as(sql).bind(buyer_id).fetch_one(c).await?))
}

/// Writes the whole card of a buyer.
pub(super) async fn write(tx: &mut Tx, buyer_id: i64, card: &Card) -> Result<()> {
    let sql = "UPDATE buyer SET name = $2, email = $3, company = $4, country = $5, phone = $6, owner = $7, \
               language = $8, consent = $9, stage = $10, stage_suggested = $11, grade = $12, graded_by = $13, \
               notes = $14, inquiries = $15, first_contact = $16, last_contact = $17, tags = $18, \
               consent_at = $19, consent_until = $20, follow_up_at = 0, \
               bounced_at = CASE WHEN COALESCE(email, '') = COALESCE($3, '') THEN bounced_at ELSE NULL END WHERE id = $1";
    on_tx!(tx, c => sqlx::query(sql).bind(buyer_id).bind(&card.name).bind(&card.email).bind(&card.company)
        .bind(&card.country).bind(&card.phone).bind(&card.owner).bind(&card.language).bind(&card.consent)
        .bind(&card.stage).bind(&card.stage_suggested).bind(&card.grade).bind(&card.graded_by).bind(&card.notes)
        .bind(card.inquiries).bind(card.first_contact).bind(card.last_contact)
        .bind(card.tags.json()).bind(card.consent_at).bind(&card.consent_until).execute(c).await?.rows_affected());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn card(company: Option<&str>, grade: &str, last_contact: UnixTime) -> Card {
        let (company, grade) = (company.map(str::to_owned), Some(grade.to_owned()));
        Card { company, grade, stage: "intent".into(), last_contact, ..Card::default() }
    }

    #[test]
    fn the_later_grade_counts_and_a_persons_above_it() {
        let old = card(None, "C", 10);
        let new = card(Some("Kestrel Ltd"), "A", 20);
        let both = old.clone().completed_by(&new);
        assert_eq!((both.grade.as_deref(), both.company.as_deref()), (Some("A"), Some("Kestrel Ltd")));
        let by_amy = Card { graded_by: Some("Amy".into()), ..old };
        assert_eq!(by_amy.completed_by(&new).grade.as_deref(), Some("C"));
    }

    #[test]
    fn a_change_is_taken_back_but_for_what_was_written_since() {
        let before = card(None, "C", 10);
        let after = before.clone().completed_by(&card(Some("Kestrel Ltd"), "A", 20));
        assert_eq!(after.clone().taken_back(&after, &before), before);
        let since = Card { owner: Some("Leo".into()), ..after.clone() };
        assert_eq!(since.taken_back(&after, &before), Card { owner: Some("Leo".into()), ..before });
    }

    #[test]
    fn a_consent_comes_with_its_day_and_never_gets_anothers() {
        let fair = Card { consent: Some("fair".into()), consent_at: Some(5), ..card(None, "C", 10) };
        let (consent, consent_until) = (Some("form".into()), Some("2028-10-31".into()));
        let form = Card { consent, consent_until, ..card(None, "C", 10) };
        assert_eq!(fair.clone().completed_by(&form).consent(), fair.consent());
        let none = card(None, "C", 10);
        let after = none.clone().completed_by(&form);
        assert_eq!(
            (after.consent(), after.clone().taken_back(&after, &none).consent()),
            (form.consent(), none.consent())
        );
    }

    #[test]
    fn a_merge_noted_before_there_were_tags_is_read() {
        let card = Card { tags: ["vip"].into_iter().collect(), ..card(None, "C", 10) };
        let mut json = serde_json::to_value(&card).expect("JSON");
        json.as_object_mut().expect("an object").remove("tags");
        let old: Card = serde_json::from_value(json).expect("a card");
        assert_eq!(old, Card { tags: Tags::default(), ..card });
    }
}
