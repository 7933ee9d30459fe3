//! Planned mail and its fate.

use super::{Pool, Store, Tx, clean, on_pool, on_tx};
use crate::clock::UnixTime;
use crate::letter::PlannedMail;
use anyhow::Result;
use serde::Serialize;

/// A mail; one that was claimed is sent by this process alone until the claim ends.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Claimed {
    pub id: i64,
    pub key: String,
    pub what: String,
    pub recipient: String,
    pub message_id: String,
    pub subject: String,
    /// None: it is composed when it leaves.
    pub raw: Option<Vec<u8>>,
    pub created_at: UnixTime,
    /// Tries before this one.
    pub attempts: i64,
}

/// Whether there is mail to send.
#[derive(Clone, Copy, Debug, sqlx::FromRow)]
pub struct DueMail {
    /// Mail is due, and nobody claims it.
    pub planned: bool,
    /// Mail whose sender died, see [`Store::settle_orphans`].
    pub orphans: bool,
}

/// A line of the outbox as people see it.
#[derive(Clone, Debug, sqlx::FromRow, Serialize)]
pub struct OutboxLine {
    pub id: i64,
    pub what: String,
    pub recipient: String,
    pub subject: String,
    pub state: String,
    pub attempts: i64,
    pub created_at: UnixTime,
    pub not_before: UnixTime,
    pub finished_at: Option<UnixTime>,
    pub last_error: Option<String>,
}

/// Where a mail stands after a try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    Sent,
    /// To be tried again, not before this instant.
    Again {
        not_before: UnixTime,
        error: String,
    },
    Refused {
        error: String,
    },
    /// Nobody knows whether it arrived: held until a person decides.
    Unknown {
        error: String,
    },
    /// Not sent and never will be: the recipient unsubscribed meanwhile, or a person said so.
    Dropped {
        why: String,
    },
}

/// Records with the connection `$c` what became of a mail that `$owner` claimed.
macro_rules! settle {
    ($c:expr, $id:expr, $owner:expr, $fate:expr, $now:expr) => {{
        let (state, not_before, error) = $fate.columns();
        let finished = (state != "planned").then_some($now);
        let sql = "UPDATE outbox SET state = $3, not_before = COALESCE($4, not_before), last_error = $5, finished_at = $6, \
                   attempts = attempts + CASE WHEN state = 'planned' THEN 1 ELSE 0 END, claimed_until = 0 \
                   WHERE id = $1 AND claimed_by = $2 AND state IN ('planned', 'sending')";
        let error = error.map(|error| $crate::store::clean(error));
        sqlx::query(sql).bind($id).bind($owner).bind(state).bind(not_before).bind(error).bind(finished)
            .execute($c).await?.rows_affected()
    }};
}
pub(super) use settle;

impl Fate {
    /// State, when to try again, and why, as the store keeps them.
    pub(super) fn columns(&self) -> (&'static str, Option<UnixTime>, Option<&str>) {
        match self {
            Fate::Sent => ("sent", None, None),
            Fate::Again { not_before, error } => ("planned", Some(*not_before), Some(error)),
            Fate::Refused { error } => ("refused", None, Some(error)),
            Fate::Unknown { error } => ("unknown", None, Some(error)),
            Fate::Dropped { why } => ("dropped", None, Some(why)),
        }
    }
}

pub(super) async fn plan(tx: &mut Tx, mails: &[PlannedMail], now: UnixTime) -> Result<()> {
    for mail in mails {
        let sql = "INSERT INTO outbox (key, what, recipient, message_id, subject, state, created_at, not_before) \
                   VALUES ($1, $2, $3, $4, $5, 'planned', $6, $7) ON CONFLICT (key) DO NOTHING RETURNING id";
        let new: Option<i64> = on_tx!(tx, c => sqlx::query_scalar(sql).bind(&mail.key).bind(mail.what.as_str())
            .bind(&mail.recipient).bind(&mail.message_id).bind(clean(&mail.subject)).bind(now).bind(mail.not_before)
            .fetch_optional(c).await?);
        let (Some(id), Some(raw)) = (new, &mail.raw) else { continue };
        let sql = "INSERT INTO outbox_mail (outbox_id, raw) VALUES ($1, $2)";
        on_tx!(tx, c => sqlx::query(sql).bind(id).bind(raw.as_slice()).execute(c).await?.rows_affected());
    }
    Ok(())
}

/// The next due mail; what follows LIMIT 1 is the engine's own.
const CLAIM: &str = "UPDATE outbox SET claimed_by = $1, claimed_until = $2 WHERE claimed_until <= $3 AND state = 'planned' \
    AND id = (SELECT id FROM outbox WHERE state = 'planned' AND claimed_until <= $3 AND not_before <= $3 \
              AND what <> 'newsletter' ORDER BY not_before, id LIMIT 1";
pub(super) const CLAIMED: &str = " RETURNING id, key, what, recipient, message_id, subject, created_at, attempts, \
    (SELECT raw FROM outbox_mail WHERE outbox_id = outbox.id) AS raw";

impl Store {
    /// Plans mails; those whose key is known already are left as they are.
    pub async fn plan(&self, mails: &[PlannedMail], now: UnixTime) -> Result<()> {
        let mut tx = self.begin().await?;
        // Two who insert the same row at once meet at the Message-ID, which no conflict of the key excuses.
        tx.numbers().await?;
        plan(&mut tx, mails, now).await?;
        tx.commit().await
    }

    /// What there is to do: a look into an index.
    pub async fn due_mail(&self, now: UnixTime) -> Result<DueMail> {
        let sql = "SELECT EXISTS (SELECT 1 FROM outbox WHERE state = 'planned' AND what <> 'newsletter' \
                   AND not_before <= $1 AND claimed_until <= $1) OR EXISTS (SELECT 1 FROM outbox WHERE state = 'planned' \
                   AND what = 'newsletter' AND not_before <= $1 AND claimed_until <= $1) AS planned, \
                   EXISTS (SELECT 1 FROM outbox WHERE state = 'sending' AND claimed_until <= $1) AS orphans";
        Ok(on_pool!(self.reader(), c => sqlx::query_as(sql).bind(now).fetch_one(c).await?))
    }

    /// Whether mail that is no newsletter is due, and nobody claims it.
    pub async fn has_own_mail(&self, now: UnixTime) -> Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM outbox WHERE state = 'planned' AND what <> 'newsletter' \
                   AND not_before <= $1 AND claimed_until <= $1)";
        Ok(on_pool!(self.reader(), c => sqlx::query_scalar(sql).bind(now).fetch_one(c).await?))
    }

    /// Claims the next due mail that is no newsletter, for `seconds`.
    pub async fn claim(&self, owner: &str, now: UnixTime, seconds: i64) -> Result<Option<Claimed>> {
        let lock = match self.writer {
            // SQLite has one writer at a time.
            Pool::Sqlite(_) => "",
            // A mail that another daemon is just claiming is passed over, not waited for and then missed.
            Pool::Postgres(_) => " FOR UPDATE SKIP LOCKED",
        };
        Ok(on_pool!(self.writer, c => {
            let mut query = sqlx::QueryBuilder::new(CLAIM);
            query.push(lock).push(")").push(CLAIMED);
            query.build_query_as().bind(owner).bind(now + seconds).bind(now).fetch_optional(c).await?
        }))
    }

    /// Commits that the mail's bytes are about to leave; false if the claim was lost.
    pub async fn mark_sending(&self, id: i64, owner: &str) -> Result<bool> {
        let sql = "UPDATE outbox SET state = 'sending', attempts = attempts + 1 \
                   WHERE id = $1 AND claimed_by = $2 AND state = 'planned'";
        let marked =
            on_pool!(self.writer, c => sqlx::query(sql).bind(id).bind(owner).execute(c).await?.rows_affected());
        Ok(marked == 1)
    }

    /// Records what became of a mail that `owner` claimed.
    pub async fn settle(&self, id: i64, owner: &str, fate: &Fate, now: UnixTime) -> Result<()> {
        on_pool!(self.writer, c => settle!(c, id, owner, fate, now));
        Ok(())
    }

    /// Mails whose sender died between the first byte and the answer.
    ///
    /// They are held as `unknown`, or, where the sink recognises what it has already, planned again.
    pub async fn settle_orphans(&self, now: UnixTime, sink_recognises: bool) -> Result<u64> {
        let sql = if sink_recognises {
            "UPDATE outbox SET state = 'planned' WHERE state = 'sending' AND claimed_until <= $1"
        } else {
            "UPDATE outbox SET state = 'unknown', finished_at = $1, \
             last_error = 'inquiryd ended while the server had the mail in its hands' \
             WHERE state = 'sending' AND claimed_until <= $1"
        };
        Ok(on_pool!(self.writer, c => sqlx::query(sql).bind(now).execute(c).await?.rows_affected()))
    }

    /// How many mails went out since `since`.
    pub async fn count_sent_since(&self, since: UnixTime) -> Result<i64> {
        let sql = "SELECT COUNT(*) FROM outbox WHERE finished_at > $1 AND state IN ('sent', 'unknown')";
        Ok(on_pool!(self.reader(), c => sqlx::query_scalar(sql).bind(since).fetch_one(c).await?))
    }

    /// When the next planned mail that is no newsletter is due.
    pub async fn next_planned(&self) -> Result<Option<UnixTime>> {
        let sql = "SELECT MIN(not_before) FROM outbox WHERE state = 'planned' AND what <> 'newsletter'";
        Ok(on_pool!(self.reader(), c => sqlx::query_scalar(sql).fetch_one(c).await?))
    }

    /// The outbox, newest first; `state` filters.
    pub async fn outbox(&self, state: Option<&str>, limit: i64) -> Result<Vec<OutboxLine>> {
        let sql = "SELECT id, what, recipient, subject, state, attempts, created_at, not_before, finished_at, last_error \
                   FROM outbox WHERE state = COALESCE($1, state) ORDER BY id DESC LIMIT $2";
        Ok(on_pool!(self.reader(), c => sqlx::query_as(sql).bind(state).bind(limit).fetch_all(c).await?))
    }

    /// A mail, whatever became of it.
    pub async fn outbox_mail(&self, id: i64) -> Result<Option<Claimed>> {
        let sql = "SELECT id, key, what, recipient, message_id, subject, created_at, attempts, \
                   (SELECT raw FROM outbox_mail WHERE outbox_id = outbox.id) AS raw FROM outbox WHERE id = $1";
        Ok(on_pool!(self.reader(), c => sqlx::query_as(sql).bind(id).fetch_optional(c).await?))
    }

    /// A person's decision on a mail that was held or refused: to send it again, or never. False if it is neither.
    pub async fn decide(&self, id: i64, send: bool, now: UnixTime) -> Result<bool> {
        let sql = "UPDATE outbox SET state = $2, not_before = $3, claimed_until = 0, attempts = 0, digest_id = NULL, \
                   finished_at = CASE WHEN $2 = 'dropped' THEN $3 ELSE NULL END \
                   WHERE id = $1 AND state IN ('unknown', 'refused')";
        let state = if send { "planned" } else { "dropped" };
        let changed = on_pool!(self.writer, c => sqlx::query(sql).bind(id).bind(state).bind(now).execute(c).await?.rows_affected());
        Ok(changed == 1)
    }

    /// Mails in each state.
    pub async fn outbox_counts(&self) -> Result<Vec<(String, i64)>> {
        let sql = "SELECT state, COUNT(*) FROM outbox GROUP BY state ORDER BY state";
        Ok(on_pool!(self.reader(), c => sqlx::query_as(sql).fetch_all(c).await?))
    }
}
