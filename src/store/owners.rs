//! Who looks after whom.

use super::ledger::{NewEvent, write_event};
use super::{ROWS_A_STATEMENT, Store, Tx, on_pool, on_tx};
use crate::buyer::EventKind;
use crate::clock::UnixTime;
use crate::follow_up::{Load, Traits};
use crate::letter::PlannedMail;
use crate::message::Facts;
use anyhow::Result;
use serde::Serialize;
use std::collections::BTreeMap;

/// How much somebody looks after.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow, Serialize)]
pub struct OwnerCount {
    pub owner: String,
    pub buyers: i64,
    /// Inquiries of theirs without an answer.
    pub waiting: i64,
}

impl Store {
    /// Buyers with new inquiries whom nobody looks after, oldest first.
    pub async fn unowned(&self) -> Result<Vec<(i64, Traits)>> {
        let sql = "SELECT i.buyer_id, b.country, COALESCE(b.language, i.language), i.facts \
                   FROM mail m CROSS JOIN inquiry i CROSS JOIN buyer b WHERE i.mail_id = m.id AND b.id = i.buyer_id \
                   AND m.digest_id IS NULL AND NOT m.history AND b.owner IS NULL ORDER BY m.id";
        type Row = (i64, Option<String>, Option<String>, String);
        let rows: Vec<Row> = on_pool!(self.reader(), c => sqlx::query_as(sql).fetch_all(c).await?);
        let mut unowned: Vec<(i64, Traits)> = Vec::new();
        for (buyer_id, country, language, facts) in rows {
            let products = serde_json::from_str::<Facts>(&facts).map(|facts| facts.products).unwrap_or_default();
            match unowned.iter_mut().find(|(id, _)| *id == buyer_id) {
                Some((_, traits)) => traits.products.extend(products),
                None => unowned.push((buyer_id, Traits { country, language, products })),
            }
        }
        Ok(unowned)
    }

    /// What each owner has to do.
    pub async fn load(&self) -> Result<Load> {
        let waiting = "SELECT b.owner, COUNT(*) FROM inquiry i CROSS JOIN buyer b WHERE b.id = i.buyer_id \
                       AND i.answered_at IS NULL AND i.excuse IS NULL AND b.owner IS NOT NULL GROUP BY b.owner";
        let waiting: Vec<(String, i64)> = on_pool!(self.reader(), c => sqlx::query_as(waiting).fetch_all(c).await?);
        let given: Vec<(String, i64)> = on_pool!(self.reader(), c =>
            sqlx::query_as("SELECT address, given FROM staff_turn").fetch_all(c).await?);
        let mut load = Load::new();
        waiting.into_iter().for_each(|(owner, number)| load.entry(owner).or_default().0 = number);
        given.into_iter().for_each(|(owner, number)| load.entry(owner).or_default().1 = number);
        Ok(load)
    }

    /// Gives buyers whom nobody looks after to their owners.
    pub async fn give(&self, given: &[(i64, String)]) -> Result<()> {
        if given.is_empty() {
            return Ok(());
        }
        let mut tx = self.begin().await?;
        tx.numbers().await?;
        let mut turns: BTreeMap<String, i64> = BTreeMap::new();
        for some in given.chunks(ROWS_A_STATEMENT) {
            for owner in take(&mut tx, some).await? {
                *turns.entry(owner).or_default() += 1;
            }
        }
        for (owner, taken) in turns {
            let sql = "INSERT INTO staff_turn (address, given) VALUES ($1, $2) ON CONFLICT (address) DO UPDATE \
                       SET given = staff_turn.given + excluded.given";
            on_tx!(&mut tx, c => sqlx::query(sql).bind(owner).bind(taken).execute(c).await?.rows_affected());
        }
        tx.commit().await
    }

    /// Who looks after how much, by the owners' names on the cards.
    pub async fn owners(&self) -> Result<Vec<OwnerCount>> {
        let sql = "SELECT b.owner, COUNT(*) AS buyers, CAST(COALESCE(SUM((SELECT COUNT(*) FROM inquiry i WHERE i.buyer_id = b.id \
                   AND i.answered_at IS NULL AND i.excuse IS NULL)), 0) AS BIGINT) AS waiting \
                   FROM buyer b WHERE b.owner IS NOT NULL AND b.merged_into IS NULL GROUP BY b.owner ORDER BY b.owner";
        Ok(on_pool!(self.reader(), c => sqlx::query_as(sql).fetch_all(c).await?))
    }

    /// All owners, as cards name them.
    pub async fn owner_names(&self) -> Result<Vec<String>> {
        let sql = "SELECT DISTINCT owner FROM buyer WHERE owner IS NOT NULL ORDER BY owner";
        Ok(on_pool!(self.reader(), c => sqlx::query_scalar(sql).fetch_all(c).await?))
    }

    /// Everything of a leaver becomes the heir's (`to`, an address), with the mail that tells him. `from` are the owners on
    /// cards that mean the leaver. Returns how many buyers.
    pub async fn hand_over(
        &self,
        from: &[String],
        to: &str,
        by: &str,
        now: UnixTime,
        render: impl FnOnce(&[i64]) -> Result<Vec<PlannedMail>>,
    ) -> Result<usize> {
        let mut tx = self.begin().await?;
        tx.numbers().await?;
        let mut buyers: Vec<i64> = Vec::new();
        for owner in from {
            let sql = "UPDATE buyer SET owner = $2, follow_up_at = 0 WHERE owner = $1 RETURNING id";
            let moved: Vec<i64> = on_tx!(&mut tx, c => sqlx::query_scalar(sql).bind(owner).bind(to)
                .fetch_all(c).await?);
            for buyer_id in &moved {
                let detail = format!("owner: {to} (from {owner})");
                let (what, by_whom) = (EventKind::Card, Some(by));
                let event = NewEvent { buyer_id: *buyer_id, inquiry_id: None, at: now, what, detail: &detail, by_whom };
                write_event(&mut tx, &event, now).await?;
            }
            buyers.extend(moved);
        }
        if !buyers.is_empty() {
            super::outbox::plan(&mut tx, &render(&buyers)?, now).await?;
        }
        tx.commit().await?;
        Ok(buyers.len())
    }
}

/// Writes the owners on the cards that have none. Returns the owner of each.
async fn take(tx: &mut Tx, given: &[(i64, String)]) -> Result<Vec<String>> {
    Ok(on_tx!(tx, c => {
        let mut query = sqlx::QueryBuilder::new("WITH given (id, owner) AS (");
        query.push_values(given, |mut b, (id, owner)| { b.push_bind(*id).push_bind(owner); });
        query.push(") UPDATE buyer SET owner = given.owner FROM given \
                    WHERE given.id = buyer.id AND buyer.owner IS NULL RETURNING buyer.owner");
        query.build_query_scalar().fetch_all(c).await?
    }))
}
