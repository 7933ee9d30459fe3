//! Mails as recorded: what `demo` and `status` show.

use super::{Store, on_pool};
use crate::clock::UnixTime;
use anyhow::Result;
use serde::Serialize;

/// A recorded mail and what was made of it.
#[derive(Clone, Debug, sqlx::FromRow, Serialize)]
pub struct MailLine {
    pub id: i64,
    pub account: String,
    pub folder: String,
    pub direction: String,
    pub from_name: Option<String>,
    pub from_email: Option<String>,
    pub subject: String,
    pub received_at: UnixTime,
    pub kind: String,
    pub kind_reason: String,
    pub history: bool,
    pub quarantine: Option<String>,
    pub inquiry_id: Option<i64>,
    pub grade: Option<String>,
    pub score: Option<i64>,
    /// JSON of the reasons, if it is an inquiry.
    pub reasons: Option<String>,
    /// JSON of the risks, if it is an inquiry.
    pub risks: Option<String>,
    pub known: Option<bool>,
    pub matched_by: Option<String>,
    pub relay: Option<String>,
    pub buyer_name: Option<String>,
    pub buyer_company: Option<String>,
}

impl Store {
    /// The newest mails, oldest first.
    pub async fn mails(&self, limit: i64) -> Result<Vec<MailLine>> {
        let sql = "SELECT * FROM (SELECT m.id, m.account, m.folder, m.direction, m.from_name, m.from_email, m.subject, \
                   m.received_at, m.kind, m.kind_reason, m.history, m.quarantine, i.id AS inquiry_id, i.grade, i.score, \
                   i.reasons, i.risks, i.known, i.matched_by, i.relay, b.name AS buyer_name, b.company AS buyer_company \
                   FROM mail m LEFT JOIN inquiry i ON i.mail_id = m.id LEFT JOIN buyer b ON b.id = m.buyer_id \
                   ORDER BY m.id DESC LIMIT $1) AS newest ORDER BY received_at, id";
        Ok(on_pool!(self.reader(), c => sqlx::query_as(sql).bind(limit).fetch_all(c).await?))
    }

    /// How many mails are recorded of each account: (account, mails, quarantined).
    pub async fn mail_counts(&self) -> Result<Vec<(String, i64, i64)>> {
        let sql = "SELECT account, COUNT(*), COUNT(quarantine) FROM mail GROUP BY account ORDER BY account";
        Ok(on_pool!(self.reader(), c => sqlx::query_as(sql).fetch_all(c).await?))
    }
}
