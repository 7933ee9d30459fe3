//! When jobs ran, who runs them now, and what the next digest must tell.

use super::{Store, Tx, on_pool, on_tx};
use crate::clock::UnixTime;
use crate::letter::PlannedMail;
use anyhow::Result;
use sha2::{Digest as _, Sha256};

/// Bytes of a notice's key that the index takes as they are.
const KEY_LENGTH: usize = 500;

impl Store {
    /// The last planned slot that `job` has finished.
    pub async fn last_run(&self, job: &str) -> Result<Option<UnixTime>> {
        let sql = "SELECT slot FROM run WHERE job = $1";
        Ok(on_pool!(self.reader(), c => sqlx::query_scalar(sql).bind(job).fetch_optional(c).await?))
    }

    /// Records that `job` has finished its planned `slot`.
    pub async fn finish_run(&self, job: &str, slot: UnixTime) -> Result<()> {
        let sql = "INSERT INTO run (job, slot) VALUES ($1, $2) ON CONFLICT (job) DO UPDATE SET slot = excluded.slot";
        on_pool!(self.writer, c => sqlx::query(sql).bind(job).bind(slot).execute(c).await?.rows_affected());
        Ok(())
    }

    /// Plans the reports of a planned time, and that `job` has done it. False, and nothing is written, if it was done
    /// before.
    pub async fn plan_reports(
        &self,
        (job, slot): (&str, UnixTime),
        mails: &[PlannedMail],
        now: UnixTime,
    ) -> Result<bool> {
        let mut tx = self.begin().await?;
        if !finish(&mut tx, job, slot).await? {
            return Ok(false);
        }
        super::outbox::plan(&mut tx, mails, now).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Takes or renews the lease on `job`; false if another owner holds it. A lease from further ahead than any lease can
    /// be was made by a clock that has been set back since.
    pub async fn lease(&self, job: &str, owner: &str, now: UnixTime, seconds: i64) -> Result<bool> {
        let sql = "INSERT INTO lease (job, owner, expires_at) VALUES ($1, $2, $3) ON CONFLICT (job) DO UPDATE \
                   SET owner = excluded.owner, expires_at = excluded.expires_at \
                   WHERE lease.owner = $2 OR lease.expires_at <= $4 OR lease.expires_at > $5";
        let taken = on_pool!(self.writer, c => sqlx::query(sql).bind(job).bind(owner).bind(now + seconds).bind(now)
            .bind(now + 2 * seconds).execute(c).await?.rows_affected());
        Ok(taken == 1)
    }

    /// Gives the lease on `job` back.
    pub async fn release(&self, job: &str, owner: &str) -> Result<()> {
        let sql = "DELETE FROM lease WHERE job = $1 AND owner = $2";
        on_pool!(self.writer, c => sqlx::query(sql).bind(job).bind(owner).execute(c).await?.rows_affected());
        Ok(())
    }

    /// A sentence for the next digest; told once for each `key`.
    pub async fn notice(&self, key: &str, text: &str, now: UnixTime) -> Result<()> {
        let mut tx = self.begin().await?;
        let sql = "INSERT INTO notice (key, text, at) VALUES ($1, $2, $3) ON CONFLICT (key) DO NOTHING";
        on_tx!(&mut tx, c => sqlx::query(sql).bind(bounded(key)).bind(super::clean(text)).bind(now)
            .execute(c).await?.rows_affected());
        tx.commit().await
    }
}

/// Records that `job` has finished its planned `slot`; false if that, or a later one, is recorded already.
pub(super) async fn finish(tx: &mut Tx, job: &str, slot: UnixTime) -> Result<bool> {
    let sql = "INSERT INTO run (job, slot) VALUES ($1, $2) ON CONFLICT (job) DO UPDATE SET slot = excluded.slot \
               WHERE run.slot < excluded.slot OR run.slot > excluded.slot + 86400";
    let noted = on_tx!(tx, c => sqlx::query(sql).bind(job).bind(slot).execute(c).await?.rows_affected());
    Ok(noted == 1)
}

/// A key that holds a whole error message may be longer than an index can take: its end is replaced by a digest of it.
fn bounded(key: &str) -> String {
    if key.len() <= KEY_LENGTH {
        return super::clean(key);
    }
    let digest = crate::text::hex(&Sha256::digest(key));
    format!("{}…{digest}", super::clean(&key[..key.floor_char_boundary(KEY_LENGTH)]))
}
