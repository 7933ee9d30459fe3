//! By what a store is known that was restored from a copy.

use super::{Store, on_pool};
use crate::clock::UnixTime;
use anyhow::Result;
use std::path::PathBuf;

/// Rows of `run`.
const ALIVE: &str = "newsletters/alive";
const ROUNDS: &str = "newsletters/rounds";
const HELD: &str = "newsletters/held";

impl Store {
    /// The file that it is in; None for a PostgreSQL.
    pub fn file(&self) -> Option<PathBuf> {
        match &self.writer {
            super::Pool::Sqlite(pool) => Some(pool.connect_options().get_filename().to_owned()),
            super::Pool::Postgres(_) => None,
        }
    }

    /// When the service was last alive, and the rounds of newsletters so far.
    pub async fn traces(&self) -> Result<(Option<UnixTime>, i64)> {
        let sql = "SELECT (SELECT slot FROM run WHERE job = $1), COALESCE((SELECT slot FROM run WHERE job = $2), 0)";
        Ok(on_pool!(self.reader(), c => sqlx::query_as(sql).bind(ALIVE).bind(ROUNDS).fetch_one(c).await?))
    }

    pub async fn note_alive(&self, now: UnixTime) -> Result<()> {
        self.finish_run(ALIVE, now).await
    }

    /// One more round of newsletters. Returns its number.
    pub async fn count_round(&self) -> Result<i64> {
        let sql = "INSERT INTO run (job, slot) VALUES ($1, 1) ON CONFLICT (job) DO UPDATE SET slot = run.slot + 1 RETURNING slot";
        Ok(on_pool!(self.writer, c => sqlx::query_scalar(sql).bind(ROUNDS).fetch_one(c).await?))
    }

    /// The rounds go on from this number.
    pub async fn count_rounds_from(&self, rounds: i64) -> Result<()> {
        self.finish_run(ROUNDS, rounds).await
    }

    /// Since when newsletters wait for a person's word.
    pub async fn newsletters_held_at(&self) -> Result<Option<UnixTime>> {
        self.last_run(HELD).await
    }

    /// They wait from now on.
    pub async fn hold_newsletters(&self, now: UnixTime) -> Result<()> {
        self.finish_run(HELD, now).await
    }

    /// They go on.
    pub async fn release_newsletters(&self) -> Result<()> {
        let sql = "DELETE FROM run WHERE job = $1";
        on_pool!(self.writer, c => sqlx::query(sql).bind(HELD).execute(c).await?.rows_affected());
        Ok(())
    }
}
