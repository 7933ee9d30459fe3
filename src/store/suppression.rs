//! Addresses that get no newsletter any more.

use super::{Store, on_pool, on_tx};
use crate::clock::UnixTime;
use anyhow::Result;
use serde::Serialize;

/// Whether what stands in the column `address` gets no newsletter: it is suppressed, or the buyer `b` unsubscribed or complained
/// by any of his.
pub(super) fn is_unwanted(address: &str) -> String {
    format!(
        "EXISTS (SELECT 1 FROM suppression s WHERE s.address = {address}) \
         OR EXISTS (SELECT 1 FROM buyer_address a JOIN suppression s ON s.address = a.address \
         WHERE a.buyer_id = b.id AND s.reason IN ('unsubscribed', 'complaint'))"
    )
}

/// An address that gets no newsletter any more.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow, Serialize)]
pub struct SuppressedAddress {
    pub address: String,
    /// `unsubscribed`, `complaint`, `hard bounce`, or what somebody said.
    pub reason: String,
    pub since: UnixTime,
}

impl Store {
    /// An address gets no newsletter any more.
    pub async fn suppress(&self, address: &str, reason: &str, now: UnixTime) -> Result<()> {
        let sql =
            "INSERT INTO suppression (address, reason, since) VALUES ($1, $2, $3) ON CONFLICT (address) DO NOTHING";
        on_pool!(self.writer, c => sqlx::query(sql).bind(address).bind(reason).bind(now)
            .execute(c).await?.rows_affected());
        Ok(())
    }

    /// Whether an address gets no newsletter any more.
    pub async fn is_suppressed(&self, address: &str) -> Result<bool> {
        let unwanted = is_unwanted("x.address");
        let sql = format!(
            "SELECT {unwanted} FROM (SELECT CAST($1 AS TEXT) AS address) x \
             LEFT JOIN buyer_address o ON o.address = x.address LEFT JOIN buyer b ON b.id = o.buyer_id"
        );
        Ok(on_pool!(self.reader(), c => sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).bind(address).fetch_one(c).await?))
    }

    /// The addresses that get no newsletter any more, the newest first.
    pub async fn suppressed(&self) -> Result<Vec<SuppressedAddress>> {
        let sql = "SELECT address, reason, since FROM suppression ORDER BY since DESC, address";
        Ok(on_pool!(self.reader(), c => sqlx::query_as(sql).fetch_all(c).await?))
    }

    /// An address may get newsletters again. False if it was not on the list.
    pub async fn allow(&self, address: &str) -> Result<bool> {
        let mut tx = self.begin().await?;
        let gone = on_tx!(&mut tx, c => sqlx::query("DELETE FROM suppression WHERE address = $1").bind(address)
            .execute(c).await?.rows_affected());
        on_tx!(&mut tx, c => sqlx::query("DELETE FROM soft_bounce WHERE address = $1").bind(address).execute(c).await?
            .rows_affected());
        tx.commit().await?;
        Ok(gone == 1)
    }
}
