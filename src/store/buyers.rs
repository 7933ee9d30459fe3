//! Buyers: cards and lists.

use super::{Store, Tx, on_pool, on_tx, push_in};
use crate::buyer::{Buyer, GradedBy, Stage, Tags};
use crate::clock::UnixTime;
use crate::grade::Grade;
use anyhow::Result;
use serde::Serialize;

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
    /// When it was given; None: nobody noted it.
    pub consent_at: Option<UnixTime>,
    /// The last day on which it holds, `2028-10-31`; None: nobody set one.
    pub consent_until: Option<String>,
    #[sqlx(try_from = "String")]
    pub tags: Tags,
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
            graded: GradedBy::of(row.graded_by.as_deref()),
            inquiries: row.inquiries,
            first_contact: row.first_contact,
            last_contact: row.last_contact,
        }
    }
}

pub(super) async fn by_ids(tx: &mut Tx, ids: &[i64]) -> Result<Vec<BuyerRow>> {
    Ok(on_tx!(tx, c => {
        let mut query = sqlx::QueryBuilder::new("SELECT * FROM buyer WHERE id IN (");
        push_in!(query, ids);
        query.build_query_as().fetch_all(c).await?
    }))
}

impl Store {
    /// Buyers by their newest contact, at most `limit`; `part` filters by name, company or address, ignoring case, and `tags`
    /// leaves who has one of them.
    pub async fn buyers(&self, part: Option<&str>, tags: &[String], limit: i64) -> Result<Vec<BuyerRow>> {
        let sql = "SELECT * FROM buyer WHERE merged_into IS NULL ORDER BY last_contact DESC, id DESC";
        if part.is_none() && tags.is_empty() {
            let sql = "SELECT * FROM buyer WHERE merged_into IS NULL ORDER BY last_contact DESC, id DESC LIMIT $1";
            return Ok(on_pool!(self.reader(), c => sqlx::query_as(sql).bind(limit).fetch_all(c).await?));
        }
        // Case folding happens in Rust: the engines disagree on it.
        let part = part.map(crate::text::normalise);
        let all: Vec<BuyerRow> = on_pool!(self.reader(), c => sqlx::query_as(sql).fetch_all(c).await?);
        let holds = |value: &Option<String>, part: &str| {
            value.as_ref().is_some_and(|value| crate::text::normalise(value).contains(part))
        };
        let named = |b: &BuyerRow| {
            part.as_ref().is_none_or(|part| [&b.name, &b.company, &b.email].into_iter().any(|value| holds(value, part)))
        };
        let found = all.into_iter().filter(|b| named(b) && (tags.is_empty() || b.tags.has_any(tags)));
        Ok(found.take(usize::try_from(limit).unwrap_or(usize::MAX)).collect())
    }

    /// One buyer by number or address, with all his addresses.
    pub async fn buyer(&self, number_or_address: &str) -> Result<Option<(BuyerRow, Vec<String>)>> {
        let wanted = number_or_address.trim().trim_start_matches('#').to_lowercase();
        // Whoever turned out to be another, and that one again another, is shown as the last.
        let sql = "WITH RECURSIVE same (id) AS (SELECT id FROM buyer WHERE id = $1 UNION \
                   SELECT b.merged_into FROM buyer b JOIN same ON b.id = same.id WHERE b.merged_into IS NOT NULL) \
                   SELECT * FROM buyer WHERE merged_into IS NULL AND (id IN (SELECT id FROM same) \
                   OR id = (SELECT buyer_id FROM buyer_address WHERE address = $2))";
        let id = wanted.parse::<i64>().unwrap_or(-1);
        let row: Option<BuyerRow> =
            on_pool!(self.reader(), c => sqlx::query_as(sql).bind(id).bind(&wanted).fetch_optional(c).await?);
        let Some(row) = row else { return Ok(None) };
        let sql = "SELECT address FROM buyer_address WHERE buyer_id = $1 ORDER BY address";
        let addresses = on_pool!(self.reader(), c => sqlx::query_scalar(sql).bind(row.id).fetch_all(c).await?);
        Ok(Some((row, addresses)))
    }

    /// How many buyers there are.
    pub async fn count_buyers(&self) -> Result<i64> {
        let sql = "SELECT COUNT(*) FROM buyer WHERE merged_into IS NULL";
        Ok(on_pool!(self.reader(), c => sqlx::query_scalar(sql).fetch_one(c).await?))
    }
}
