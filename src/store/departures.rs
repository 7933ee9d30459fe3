//! What left the house in a period: mail removed from the folders, and mail passed on to people outside.

use super::{Store, on_pool};
use crate::clock::UnixTime;
use crate::grade::Grade;
use crate::report::{ForwardedMail, RemovedMail};
use anyhow::{Context, Result};

/// Buyers' mails of which the last place was missed in the half-open period from $1 to $2: every other place was missed
/// before, or at the same moment and comes first in the index.
const REMOVED: &str = "FROM sighting s JOIN mail m ON m.id = s.mail_id \
    WHERE s.missed_at >= $1 AND s.missed_at < $2 AND m.direction = 'in' AND m.kind IN ('inquiry', 'reply') \
    AND NOT EXISTS (SELECT 1 FROM sighting o WHERE o.mail_id = s.mail_id AND (o.missed_at IS NULL \
        OR o.missed_at > s.missed_at OR o.missed_at = s.missed_at \
        AND (o.account, o.folder, o.uid_validity, o.uid, o.file) > (s.account, s.folder, s.uid_validity, s.uid, s.file)))";

const FORWARDED: &str = "FROM forward f WHERE f.told AND f.sent_at >= $1 AND f.sent_at < $2";

#[derive(sqlx::FromRow)]
struct BuyerRow {
    buyer_id: Option<i64>,
    name: Option<String>,
    company: Option<String>,
    country: Option<String>,
    email: Option<String>,
    owner: Option<String>,
}

#[derive(sqlx::FromRow)]
struct RemovedRow {
    mail_id: i64,
    inquiry_id: Option<i64>,
    #[sqlx(flatten)]
    buyer: BuyerRow,
    subject: String,
    account: String,
    folder: String,
    received_at: UnixTime,
    missed_at: UnixTime,
    answered_at: Option<UnixTime>,
    grade: Option<String>,
}

#[derive(sqlx::FromRow)]
struct ForwardedRow {
    mail_id: i64,
    inquiry_id: Option<i64>,
    #[sqlx(flatten)]
    buyer: BuyerRow,
    subject: String,
    sender: String,
    recipients: String,
    sent_at: UnixTime,
    grade: Option<String>,
}

impl BuyerRow {
    fn told(&self) -> String {
        let who = [&self.name, &self.company, &self.country].map(Option::as_deref);
        let told = who.into_iter().flatten().collect::<Vec<_>>().join(" · ");
        if told.is_empty() { self.email.clone().unwrap_or_default() } else { told }
    }
}

impl Store {
    /// Buyers' mails that were first missed from `from` until before `until`, the newest first, at most `limit`.
    pub async fn removed(&self, from: UnixTime, until: UnixTime, limit: i64) -> Result<Vec<RemovedMail>> {
        let sql = format!(
            "SELECT gone.mail_id, i.id AS inquiry_id, b.id AS buyer_id, b.name, b.company, b.country, b.email, b.owner, \
             gone.subject, gone.account, gone.folder, gone.received_at, gone.missed_at, i.answered_at, \
             COALESCE(i.hand_grade, i.grade, b.grade) AS grade \
             FROM (SELECT m.id AS mail_id, m.buyer_id, m.subject, s.account, s.folder, m.received_at, s.missed_at {REMOVED} \
                   ORDER BY s.missed_at DESC, m.id DESC LIMIT $3) AS gone \
             LEFT JOIN inquiry i ON i.mail_id = gone.mail_id \
             LEFT JOIN buyer b ON b.id = COALESCE(i.buyer_id, gone.buyer_id) \
             ORDER BY gone.missed_at DESC, gone.mail_id DESC"
        );
        let rows: Vec<RemovedRow> = on_pool!(self.reader(), c => sqlx::query_as(sqlx::AssertSqlSafe(sql))
            .bind(from).bind(until).bind(limit).fetch_all(c).await?);
        Ok(rows.into_iter().map(removed_mail).collect())
    }

    /// How many there are.
    pub async fn count_removed(&self, from: UnixTime, until: UnixTime) -> Result<i64> {
        let sql = sqlx::AssertSqlSafe(format!("SELECT COUNT(*) {REMOVED}"));
        Ok(on_pool!(self.reader(), c => sqlx::query_scalar(sql).bind(from).bind(until).fetch_one(c).await?))
    }

    /// Mails of ours sent from `from` until before `until` that passed a buyer's mail on to somebody outside, the newest
    /// first, at most `limit`.
    pub async fn forwarded(&self, from: UnixTime, until: UnixTime, limit: i64) -> Result<Vec<ForwardedMail>> {
        let sql = format!(
            "SELECT out.mail_id, i.id AS inquiry_id, b.id AS buyer_id, b.name, b.company, b.country, b.email, b.owner, \
             m.subject, out.sender, out.recipients, out.sent_at, COALESCE(i.hand_grade, i.grade, b.grade) AS grade \
             FROM (SELECT f.mail_id, f.sender, f.recipients, f.sent_at, f.of_mail, f.of_address {FORWARDED} \
                   ORDER BY f.sent_at DESC, f.mail_id DESC LIMIT $3) AS out \
             JOIN mail m ON m.id = out.mail_id \
             LEFT JOIN mail theirs ON theirs.id = out.of_mail \
             LEFT JOIN inquiry i ON i.mail_id = theirs.id \
             LEFT JOIN buyer_address a ON a.address = out.of_address \
             LEFT JOIN buyer b ON b.id = COALESCE(i.buyer_id, theirs.buyer_id, a.buyer_id) \
             ORDER BY out.sent_at DESC, out.mail_id DESC"
        );
        let rows: Vec<ForwardedRow> = on_pool!(self.reader(), c => sqlx::query_as(sqlx::AssertSqlSafe(sql))
            .bind(from).bind(until).bind(limit).fetch_all(c).await?);
        rows.into_iter().map(forwarded_mail).collect()
    }

    /// How many there are.
    pub async fn count_forwarded(&self, from: UnixTime, until: UnixTime) -> Result<i64> {
        let sql = sqlx::AssertSqlSafe(format!("SELECT COUNT(*) {FORWARDED}"));
        Ok(on_pool!(self.reader(), c => sqlx::query_scalar(sql).bind(from).bind(until).fetch_one(c).await?))
    }
}

fn removed_mail(row: RemovedRow) -> RemovedMail {
    RemovedMail {
        buyer: row.buyer.told(),
        buyer_id: row.buyer.buyer_id,
        owner: row.buyer.owner,
        mail_id: row.mail_id,
        inquiry_id: row.inquiry_id,
        subject: row.subject,
        account: row.account,
        folder: row.folder,
        received_at: row.received_at,
        missed_at: row.missed_at,
        answered: row.answered_at.is_some(),
        grade: row.grade.as_deref().and_then(Grade::from_letter),
    }
}

fn forwarded_mail(row: ForwardedRow) -> Result<ForwardedMail> {
    let damaged = || format!("the forward in mail {} is damaged in the store", row.mail_id);
    Ok(ForwardedMail {
        recipients: serde_json::from_str(&row.recipients).with_context(damaged)?,
        buyer: row.buyer.told(),
        buyer_id: row.buyer.buyer_id,
        owner: row.buyer.owner,
        mail_id: row.mail_id,
        inquiry_id: row.inquiry_id,
        subject: row.subject,
        sender: row.sender,
        sent_at: row.sent_at,
        grade: row.grade.as_deref().and_then(Grade::from_letter),
    })
}
