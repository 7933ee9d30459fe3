//! Which inquiries have their answer, since when, and how long it took; and whether the server's count agrees with ours.

use super::intake::Place;
use super::{Pool, ROWS_A_STATEMENT, Store, on_pool, on_tx};
use crate::clock::UnixTime;
use crate::report::Tally;
use anyhow::Result;
use serde::Serialize;

/// Seconds after an inquiry in which a mail to its buyer with the same subject answers it, though it refers to nothing.
const SUBJECT_WINDOW: i64 = 30 * 24 * 3600;

/// A folder as we and the server count it.
#[derive(Clone, Debug, sqlx::FromRow, Serialize)]
pub struct FolderCount {
    pub account: String,
    pub folder: String,
    /// Mails that the server showed and that were recorded, or recognised as recorded.
    pub taken: i64,
    /// Mails in the folder when it was last read.
    pub on_server: i64,
    pub counted_at: UnixTime,
    /// Mails on the server that are not on record, UID by UID; None: it could only be counted.
    pub unrecorded: Option<i64>,
}

impl FolderCount {
    /// Mails that the server has and we have not: none, if nothing was lost. A deletion hides a loss from the count, but not
    /// from the comparison; what came before the last 90 days is counted alone.
    pub fn missing(&self) -> i64 {
        (self.on_server - self.taken).max(self.unrecorded.unwrap_or(0)).max(0)
    }

    /// Mails that we have and that are no longer in the folder: deleted or moved.
    pub fn gone(&self) -> i64 {
        (self.taken + self.missing() - self.on_server).max(0)
    }
}

impl Store {
    /// Ties inquiries to the outgoing mail that answers them; automatic mail is no answer. Returns how many.
    ///
    /// What refers to the inquiry counts first. Where several buyers' mails have one Message-ID, as some web forms make
    /// them, only an answer to this very buyer counts. A mail to the same buyer with the same subject, which refers to
    /// nothing, counts within 30 days.
    pub async fn tie_answers(&self) -> Result<u64> {
        const TIE: &str = "UPDATE inquiry SET answered_at = answer.at, answered_by = answer.mail_id FROM (";
        const SET: &str = ") AS answer WHERE inquiry.id = answer.inquiry_id";
        let by_reference = format!(
            "{TIE} SELECT i.id AS inquiry_id, MIN(o.received_at) AS at, MIN(o.id) AS mail_id \
             FROM inquiry i JOIN mail m ON m.id = i.mail_id \
             JOIN mail_reference r ON r.message_id = m.message_id JOIN mail o ON o.id = r.mail_id \
             WHERE i.answered_at IS NULL AND i.excuse IS NULL AND NOT o.automatic \
             AND (o.buyer_id = i.buyer_id OR NOT EXISTS (SELECT 1 FROM mail other \
                  WHERE other.message_id = m.message_id AND other.buyer_id <> i.buyer_id)) \
             GROUP BY i.id {SET}"
        );
        let by_subject = format!(
            "{TIE} SELECT i.id AS inquiry_id, MIN(o.received_at) AS at, MIN(o.id) AS mail_id \
             FROM inquiry i JOIN mail m ON m.id = i.mail_id JOIN mail o ON o.buyer_id = i.buyer_id \
             WHERE i.answered_at IS NULL AND i.excuse IS NULL AND NOT o.automatic AND o.direction = 'out' \
             AND m.subject_key <> '' AND o.subject_key = m.subject_key \
             AND NOT EXISTS (SELECT 1 FROM mail_reference r WHERE r.mail_id = o.id) \
             AND o.received_at >= m.received_at AND o.received_at <= m.received_at + {SUBJECT_WINDOW} \
             GROUP BY i.id {SET}"
        );
        let mut tied = 0;
        for sql in [by_reference, by_subject] {
            // PostgreSQL has a BOOLEAN where SQLite has 0 and 1: NOT reads both.
            let sql = sqlx::AssertSqlSafe(sql);
            tied += match &self.writer {
                Pool::Sqlite(pool) => sqlx::query(sql).execute(pool).await?.rows_affected(),
                Pool::Postgres(pool) => sqlx::query(sql).execute(pool).await?.rows_affected(),
            };
        }
        Ok(tied)
    }

    /// Answered inquiries whose working time until the answer nobody has counted: (number, received, answered).
    pub async fn unmeasured_answers(&self, limit: usize) -> Result<Vec<(i64, UnixTime, UnixTime)>> {
        let sql = "SELECT i.id, m.received_at, i.answered_at FROM inquiry i JOIN mail m ON m.id = i.mail_id \
                   WHERE i.answered_at IS NOT NULL AND i.worked IS NULL ORDER BY i.id LIMIT $1";
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        Ok(on_pool!(self.reader(), c => sqlx::query_as(sql).bind(limit).fetch_all(c).await?))
    }

    /// Notes the working time until the answers, in seconds.
    pub async fn measure_answers(&self, worked: &[(i64, i64)]) -> Result<()> {
        if worked.is_empty() {
            return Ok(());
        }
        let mut tx = self.begin().await?;
        for some in worked.chunks(ROWS_A_STATEMENT) {
            on_tx!(&mut tx, c => {
                let mut query = sqlx::QueryBuilder::new("WITH measured (id, seconds) AS (");
                query.push_values(some, |mut b, (id, seconds)| { b.push_bind(*id).push_bind(*seconds); });
                query.push(") UPDATE inquiry SET worked = measured.seconds FROM measured WHERE measured.id = inquiry.id");
                query.build().execute(c).await?;
            });
        }
        tx.commit().await
    }

    /// What became of everything received since `since`, history aside.
    pub async fn tally(&self, since: UnixTime) -> Result<Tally> {
        let sql = "SELECT COUNT(*), \
                   COALESCE(SUM(CASE WHEN i.answered_at IS NOT NULL THEN 1 ELSE 0 END), 0), \
                   COALESCE(SUM(CASE WHEN i.answered_at IS NULL AND i.excuse IS NULL THEN 1 ELSE 0 END), 0), \
                   COALESCE(SUM(CASE WHEN i.answered_at IS NULL AND i.excuse IS NOT NULL THEN 1 ELSE 0 END), 0) \
                   FROM inquiry i JOIN mail m ON m.id = i.mail_id WHERE NOT m.history AND m.received_at >= $1";
        let row: (i64, i64, i64, i64) =
            on_pool!(self.reader(), c => sqlx::query_as(sql).bind(since).fetch_one(c).await?);
        let sql = "SELECT COUNT(*) FROM mail WHERE quarantine IS NOT NULL AND received_at >= $1";
        let quarantined = on_pool!(self.reader(), c => sqlx::query_scalar(sql).bind(since).fetch_one(c).await?);
        let (received, answered, waiting, excused) = row;
        Ok(Tally { received, answered, waiting, excused, quarantined })
    }

    /// Notes how many mails the server counted in a folder that was read to its end.
    pub async fn count_folder(&self, place: &Place, on_server: u64, now: UnixTime) -> Result<()> {
        let on_server = i64::try_from(on_server).unwrap_or(i64::MAX);
        let mut tx = self.begin().await?;
        // A folder that was taken before anybody counted begins with what the server shows.
        let sql = "INSERT INTO folder_count (account, folder, uid_validity, taken, on_server, counted_at) \
                   SELECT $1, $2, COALESCE((SELECT uid_validity FROM folder_cursor WHERE account = $1 AND folder = $2), 0), \
                   $3, $3, $4 ON CONFLICT (account, folder) DO UPDATE \
                   SET on_server = excluded.on_server, counted_at = excluded.counted_at";
        on_tx!(&mut tx, c => sqlx::query(sql).bind(&place.account).bind(&place.folder).bind(on_server).bind(now)
            .execute(c).await?.rows_affected());
        tx.commit().await
    }

    /// All folders, as we and the server count them.
    pub async fn folder_counts(&self) -> Result<Vec<FolderCount>> {
        let sql = "SELECT account, folder, taken, on_server, counted_at, unrecorded FROM folder_count \
                   WHERE on_server IS NOT NULL AND counted_at IS NOT NULL ORDER BY account, folder";
        Ok(on_pool!(self.reader(), c => sqlx::query_as(sql).fetch_all(c).await?))
    }
}
