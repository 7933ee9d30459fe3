//! The customer base as a whole: files come in, go out, and are taken back.

mod known;
mod undo;
mod write;

use super::buyers::BuyerRow;
use super::{Store, on_pool, on_tx};
use crate::buyer::{Card, Change, ExportedBuyer, ImportedBuyer, Plan, Stage};
use crate::clock::UnixTime;
use anyhow::{Result, bail};
use known::planned;
use serde::Serialize;
use std::collections::HashMap;
use undo::{remove_new, restore};
use write::{insert_import, write};

/// Values of one question: the fewest statements that stay far from both engines' limits.
const ASKED_AT_ONCE: usize = 1000;

/// A row of `buyer_import`.
#[derive(Clone, Debug, sqlx::FromRow, Serialize)]
pub struct ImportRow {
    pub id: i64,
    pub file: String,
    pub source: String,
    pub at: UnixTime,
    pub added: i64,
    pub merged: i64,
    pub undone_at: Option<UnixTime>,
}

/// What taking an import back did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Undone {
    /// New buyers who are gone again.
    pub removed: usize,
    /// Known buyers who are as they were.
    pub restored: usize,
    /// `#12 stays: he has inquiries since`.
    pub kept: Vec<String>,
}

/// Which buyers are exported; None: any.
#[derive(Clone, Debug, Default)]
pub struct ExportFilter {
    pub grade: Option<String>,
    pub country: Option<String>,
    pub stage: Option<Stage>,
    pub owner: Option<String>,
    pub source: Option<String>,
    /// One of these; empty: any or none.
    pub tags: Vec<String>,
}

impl From<BuyerRow> for Card {
    fn from(row: BuyerRow) -> Self {
        Card {
            name: row.name,
            email: row.email,
            company: row.company,
            country: row.country,
            phone: row.phone,
            grade: row.grade,
            graded_by: row.graded_by,
            stage: Stage::parse(&row.stage).unwrap_or_default(),
            source: row.source,
            owner: row.owner,
            language: row.language,
            consent: row.consent,
            consent_at: row.consent_at,
            consent_until: row.consent_until,
            tags: row.tags,
            notes: row.notes,
            first_contact: Some(row.first_contact),
            last_contact: Some(row.last_contact),
        }
    }
}

impl Store {
    /// What an import of `rows` would do; `step` is told how many of how many parts are done.
    pub async fn plan_import(&self, rows: &[ImportedBuyer], step: &(dyn Fn(usize, usize) + Sync)) -> Result<Plan> {
        let mut tx = self.begin_reading().await?;
        planned(&mut tx, rows, step).await
    }

    /// Imports `rows` in one transaction; the number of the import, None where there was nothing to do.
    pub async fn import(
        &self,
        (file, source): (&str, &str),
        rows: &[ImportedBuyer],
        now: UnixTime,
        step: &(dyn Fn(usize, usize) + Sync),
    ) -> Result<(Option<i64>, Plan)> {
        self.expect_much().await?;
        let mut tx = self.begin().await?;
        let mut numbers = tx.numbers().await?;
        let plan = planned(&mut tx, rows, step).await?;
        if plan.changes.is_empty() {
            return Ok((None, plan));
        }
        let ids: Vec<i64> = plan.changes.iter().map(|c| c.id.unwrap_or_else(|| numbers.next_buyer())).collect();
        let changes: Vec<(i64, &Change)> = ids.into_iter().zip(&plan.changes).collect();
        tx.set_numbers(&numbers).await?;
        let import_id = insert_import(&mut tx, (file, source), &plan, now).await?;
        write(&mut tx, import_id, &changes, now, step).await?;
        tx.commit().await?;
        Ok((Some(import_id), plan))
    }

    /// Imports, the newest first.
    pub async fn imports(&self) -> Result<Vec<ImportRow>> {
        let sql = "SELECT * FROM buyer_import ORDER BY id DESC";
        Ok(on_pool!(self.reader(), c => sqlx::query_as(sql).fetch_all(c).await?))
    }

    /// Takes an import back: what was new and is untouched goes, what was merged becomes what it was.
    ///
    /// # Errors
    /// There is no such import, or it was taken back before.
    pub async fn undo_import(&self, id: i64, now: UnixTime) -> Result<Undone> {
        let mut tx = self.begin().await?;
        tx.numbers().await?;
        let sql = "UPDATE buyer_import SET undone_at = $1 WHERE id = $2 AND undone_at IS NULL";
        let found = on_tx!(&mut tx, c => sqlx::query(sql).bind(now).bind(id).execute(c).await?.rows_affected());
        if found == 0 {
            bail!("there is no import {id} that could be taken back; `inquiryd buyers imports` lists them");
        }
        let mut undone = Undone::default();
        restore(&mut tx, id, &mut undone).await?;
        remove_new(&mut tx, id, &mut undone).await?;
        tx.commit().await?;
        Ok(undone)
    }

    /// All buyers that fit, by their numbers.
    pub async fn export_buyers(&self, filter: &ExportFilter) -> Result<Vec<ExportedBuyer>> {
        let mut tx = self.begin_reading().await?;
        let sql = "SELECT * FROM buyer WHERE merged_into IS NULL ORDER BY id";
        let rows: Vec<BuyerRow> = on_tx!(&mut tx, c => sqlx::query_as(sql).fetch_all(c).await?);
        let sql = "SELECT buyer_id, address FROM buyer_address ORDER BY buyer_id, address";
        let owned: Vec<(i64, String)> = on_tx!(&mut tx, c => sqlx::query_as(sql).fetch_all(c).await?);
        let mut addresses: HashMap<i64, Vec<String>> = HashMap::new();
        for (id, address) in owned {
            addresses.entry(id).or_default().push(address);
        }
        let fitting = rows.into_iter().filter(|row| filter.fits(row));
        Ok(fitting.map(|row| exported(&row, addresses.remove(&row.id).unwrap_or_default())).collect())
    }
}

impl ExportFilter {
    fn fits(&self, row: &BuyerRow) -> bool {
        let is = |wanted: &Option<String>, value: Option<&str>| {
            let same =
                |wanted: &String| value.is_some_and(|v| crate::text::normalise(v) == crate::text::normalise(wanted));
            wanted.as_ref().is_none_or(same)
        };
        is(&self.grade, row.grade.as_deref())
            && is(&self.country, row.country.as_deref())
            && is(&self.owner, row.owner.as_deref())
            && is(&self.source, Some(&row.source))
            && (self.tags.is_empty() || row.tags.has_any(&self.tags))
            && self.stage.is_none_or(|stage| stage.as_str() == row.stage)
    }
}

fn exported(row: &BuyerRow, addresses: Vec<String>) -> ExportedBuyer {
    let row = row.clone();
    let (emails, portals): (Vec<String>, Vec<String>) = addresses.into_iter().partition(|key| !key.contains('/'));
    ExportedBuyer {
        id: row.id,
        other_emails: emails.into_iter().filter(|email| row.email.as_ref() != Some(email)).collect(),
        company: row.company,
        name: row.name,
        email: row.email,
        country: row.country,
        phone: row.phone,
        grade: row.grade,
        graded_by: row.graded_by,
        stage: row.stage,
        owner: row.owner,
        language: row.language,
        source: row.source,
        tags: row.tags,
        consent: row.consent,
        consent_at: row.consent_at,
        consent_until: row.consent_until,
        first_contact: row.first_contact,
        last_contact: row.last_contact,
        portals,
        notes: row.notes,
    }
}
