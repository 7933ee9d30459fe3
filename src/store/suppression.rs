//! Addresses that get no newsletter any more.

use super::{Store, on_pool, on_tx};
use crate::clock::UnixTime;
use anyhow::Result;
use serde::Serialize;

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
