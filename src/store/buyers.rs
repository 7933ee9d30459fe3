//! Buyers: cards, lists and the import of the old customer base.

use super::{Store, Tx, clean, insert_rows, on_pool, on_tx, push_in};
use crate::buyer::{Buyer, ImportedBuyer, Stage};
use crate::clock::UnixTime;
use crate::grade::Grade;
use anyhow::Result;
use serde::Serialize;
use std::collections::HashMap;

/// A row of `buyer`.
#[derive(Clone, Debug, sqlx::FromRow, Serialize)]
pub struct BuyerRow {
    pub id: i64,
    pub name: Option<String>,
    pub email: Option<String>,
    pub company: Option<String>,
    pub country: Option<String>,
    pub phone: Option<String>,
    pub grade: Option<String>,
    pub source: String,
    pub notes: String,
    pub inquiries: i64,
    pub first_contact: UnixTime,
    pub last_contact: UnixTime,
    pub stage: String,
    pub stage_suggested: Option<String>,
    pub owner: Option<String>,
    pub language: Option<String>,
    pub consent: Option<String>,
    pub graded_by: Option<String>,
    pub merged_into: Option<i64>,
}

impl From<BuyerRow> for Buyer {
    fn from(row: BuyerRow) -> Self {
        Buyer {
            id: row.id,
            name: row.name,
            email: row.email,
            company: row.company,
            country: row.country,
            phone: row.phone,
            stage: Stage::parse(&row.stage).unwrap_or_default(),
            stage_suggested: row.stage_suggested.as_deref().and_then(Stage::parse),
            grade: row.grade.as_deref().and_then(Grade::from_letter),
            graded_by_hand: row.graded_by.is_some(),
            inquiries: row.inquiries,
            first_contact: row.first_contact,
            last_contact: row.last_contact,
        }
    }
}

/// What an import did, or would do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    pub new: usize,
    /// Already known by one of their addresses: left as they are, further addresses added.
    pub known: usize,
}

pub(super) async fn by_ids(tx: &mut Tx, ids: &[i64]) -> Result<Vec<BuyerRow>> {
    Ok(on_tx!(tx, c => {
        let mut query = sqlx::QueryBuilder::new("SELECT * FROM buyer WHERE id IN (");
        push_in!(query, ids);
        query.build_query_as().fetch_all(c).await?
    }))
}

impl Store {
    /// Buyers by their newest contact, at most `limit`; `part` filters by name, company or address, ignoring case.
    pub async fn buyers(&self, part: Option<&str>, limit: i64) -> Result<Vec<BuyerRow>> {
        let sql = "SELECT * FROM buyer WHERE merged_into IS NULL ORDER BY last_contact DESC, id DESC";
        let Some(part) = part else {
            let sql = "SELECT * FROM buyer WHERE merged_into IS NULL ORDER BY last_contact DESC, id DESC LIMIT $1";
            return Ok(on_pool!(self.reader(), c => sqlx::query_as(sql).bind(limit).fetch_all(c).await?));
        };
        // Case folding happens in Rust: the engines disagree on it.
        let part = crate::text::normalise(part);
        let all: Vec<BuyerRow> = on_pool!(self.reader(), c => sqlx::query_as(sql).fetch_all(c).await?);
        let holds =
            |value: &Option<String>| value.as_ref().is_some_and(|value| crate::text::normalise(value).contains(&part));
        let found = all.into_iter().filter(|b| holds(&b.name) || holds(&b.company) || holds(&b.email));
        Ok(found.take(usize::try_from(limit).unwrap_or(usize::MAX)).collect())
    }

    /// One buyer by number or address, with all his addresses.
    pub async fn buyer(&self, number_or_address: &str) -> Result<Option<(BuyerRow, Vec<String>)>> {
        let wanted = number_or_address.trim().trim_start_matches('#').to_lowercase();
        // Whoever turned out to be another is shown as that other.
        let sql = "SELECT * FROM buyer WHERE id = COALESCE((SELECT merged_into FROM buyer WHERE id = $1), $1) \
                   OR id = (SELECT buyer_id FROM buyer_address WHERE address = $2)";
        let id = wanted.parse::<i64>().unwrap_or(-1);
        let row: Option<BuyerRow> =
            on_pool!(self.reader(), c => sqlx::query_as(sql).bind(id).bind(&wanted).fetch_optional(c).await?);
        let Some(row) = row else { return Ok(None) };
        let sql = "SELECT address FROM buyer_address WHERE buyer_id = $1 ORDER BY address";
        let addresses = on_pool!(self.reader(), c => sqlx::query_scalar(sql).bind(row.id).fetch_all(c).await?);
        Ok(Some((row, addresses)))
    }

    /// Adds those of `buyers` who are not known by any of their addresses.
    ///
    /// `contact` tells the instant of a row's last contact. With `dry` nothing is changed.
    pub async fn import_buyers(
        &self,
        buyers: &[ImportedBuyer],
        contact: impl Fn(&ImportedBuyer) -> UnixTime,
        dry: bool,
    ) -> Result<Imported> {
        let mut tx = self.begin().await?;
        let mut numbers = tx.numbers().await?;
        let mut imported = Imported::default();
        for buyers in buyers.chunks(super::ROWS_A_STATEMENT) {
            let emails: Vec<&String> = buyers.iter().flat_map(|buyer| &buyer.emails).collect();
            let mut owners: HashMap<String, i64> = HashMap::new();
            for emails in emails.chunks(super::ROWS_A_STATEMENT) {
                owners.extend(owners_of(&mut tx, emails).await?);
            }
            let (mut rows, mut addresses) = (Vec::new(), Vec::new());
            for buyer in buyers {
                let owner = buyer.emails.iter().find_map(|email| owners.get(email).copied());
                let id = owner.unwrap_or_else(|| numbers.next_buyer());
                if owner.is_some() {
                    imported.known += 1;
                } else {
                    imported.new += 1;
                    rows.push((id, buyer));
                }
                for email in &buyer.emails {
                    if owners.insert(email.clone(), id).is_none() {
                        addresses.push((email, id));
                    }
                }
            }
            insert_imported(&mut tx, &rows, &contact).await?;
            insert_rows!(&mut tx, "INSERT INTO buyer_address (address, buyer_id) ", addresses, |b, row| b
                .push_bind(row.0)
                .push_bind(row.1));
        }
        if !dry {
            tx.set_numbers(&numbers).await?;
            tx.commit().await?;
        }
        Ok(imported)
    }

    /// How many buyers there are.
    pub async fn count_buyers(&self) -> Result<i64> {
        let sql = "SELECT COUNT(*) FROM buyer WHERE merged_into IS NULL";
        Ok(on_pool!(self.reader(), c => sqlx::query_scalar(sql).fetch_one(c).await?))
    }

    /// Whether an address gets no newsletter any more.
    pub async fn is_suppressed(&self, address: &str) -> Result<bool> {
        let sql = "SELECT COUNT(*) FROM suppression WHERE address = $1";
        let found: i64 = on_pool!(self.reader(), c => sqlx::query_scalar(sql).bind(address).fetch_one(c).await?);
        Ok(found > 0)
    }
}

async fn owners_of(tx: &mut Tx, emails: &[&String]) -> Result<Vec<(String, i64)>> {
    Ok(on_tx!(tx, c => {
        let mut query = sqlx::QueryBuilder::new("SELECT address, buyer_id FROM buyer_address WHERE address IN (");
        push_in!(query, emails);
        query.build_query_as().fetch_all(c).await?
    }))
}

async fn insert_imported(
    tx: &mut Tx,
    rows: &[(i64, &ImportedBuyer)],
    contact: &impl Fn(&ImportedBuyer) -> UnixTime,
) -> Result<()> {
    insert_rows!(
        tx,
        "INSERT INTO buyer (id, name, email, company, country, phone, grade, source, notes, first_contact, \
        last_contact) ",
        rows,
        |b, row| b
            .push_bind(row.0)
            .push_bind(row.1.name.as_deref().map(clean))
            .push_bind(row.1.emails.first())
            .push_bind(row.1.company.as_deref().map(clean))
            .push_bind(&row.1.country)
            .push_bind(row.1.phone.as_deref().map(clean))
            .push_bind(&row.1.grade)
            .push_bind(row.1.source.as_deref().map_or_else(|| "import".to_owned(), clean))
            .push_bind(row.1.notes.as_deref().map_or_else(String::new, clean))
            .push_bind(contact(row.1))
            .push_bind(contact(row.1))
    );
    Ok(())
}
