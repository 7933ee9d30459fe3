//! Fairs: who was invited, answered and was met, and what came of it.

use super::campaigns::IS_ANSWER;
use super::{Store, on_pool};
use crate::buyer::EventKind;
use crate::clock::UnixTime;
use crate::newsletter::{Answer, Deed, Guest};
use anyhow::Result;
use std::collections::HashMap;

/// Mails of invited buyers that are looked at.
const MOST: i64 = 10_000;

#[derive(sqlx::FromRow)]
struct AnswerRow {
    id: i64,
    name: Option<String>,
    company: Option<String>,
    email: Option<String>,
    country: Option<String>,
    owner: Option<String>,
    at: UnixTime,
    subject: String,
    text: String,
}

impl Store {
    /// Every buyer who has to do with a fair: `invitation` names the newsletter that invited to it, and an entry of the
    /// ledger counts as a meeting in the moments `met`.
    pub async fn fair_guests(&self, invitation: &str, met: (UnixTime, UnixTime)) -> Result<HashMap<i64, Guest>> {
        let mut guests: HashMap<i64, Guest> = HashMap::new();
        let sql = format!(
            "SELECT COALESCE(b.merged_into, b.id), EXISTS (SELECT 1 FROM mail m \
             WHERE m.buyer_id = COALESCE(b.merged_into, b.id) AND {IS_ANSWER}) \
             FROM campaign_mail c JOIN outbox o ON o.id = c.outbox_id JOIN buyer b ON b.id = c.buyer_id \
             WHERE c.campaign = $1 AND o.state = 'sent'"
        );
        let invited: Vec<(i64, bool)> = on_pool!(self.reader(), c => sqlx::query_as(sqlx::AssertSqlSafe(sql))
            .bind(invitation).fetch_all(c).await?);
        for (buyer, answered) in invited {
            let guest = guests.entry(buyer).or_default();
            guest.invited = true;
            guest.answered |= answered;
        }
        let sql = "SELECT DISTINCT COALESCE(b.merged_into, b.id) FROM buyer_event e JOIN buyer b ON b.id = e.buyer_id \
                   WHERE e.what IN ('fair', 'visit', 'factory_visit') AND e.at >= $1 AND e.at < $2";
        let met: Vec<i64> =
            on_pool!(self.reader(), c => sqlx::query_scalar(sql).bind(met.0).bind(met.1).fetch_all(c).await?);
        for buyer in met {
            guests.entry(buyer).or_default().met = true;
        }
        Ok(guests)
    }

    /// What invited buyers wrote, the oldest first.
    pub async fn fair_answers(&self, invitation: &str) -> Result<Vec<Answer>> {
        let sql = format!(
            "SELECT b.id, b.name, b.company, b.email, b.country, b.owner, m.received_at AS at, m.subject, \
             COALESCE(i.text, '') AS text \
             FROM campaign_mail c JOIN outbox o ON o.id = c.outbox_id JOIN buyer one ON one.id = c.buyer_id \
             JOIN buyer b ON b.id = COALESCE(one.merged_into, one.id) \
             JOIN mail m ON m.buyer_id = b.id AND {IS_ANSWER} LEFT JOIN inquiry i ON i.mail_id = m.id \
             WHERE c.campaign = $1 AND o.state = 'sent' ORDER BY m.received_at, m.id LIMIT $2"
        );
        let rows: Vec<AnswerRow> = on_pool!(self.reader(), c => sqlx::query_as(sqlx::AssertSqlSafe(sql))
            .bind(invitation).bind(MOST).fetch_all(c).await?);
        Ok(rows.into_iter().map(Answer::from).collect())
    }

    /// Samples and orders in these moments.
    pub async fn fair_deeds(&self, from: UnixTime, until: UnixTime) -> Result<Vec<Deed>> {
        let sql = "SELECT COALESCE(b.merged_into, b.id), e.what FROM buyer_event e JOIN buyer b ON b.id = e.buyer_id \
                   WHERE e.what IN ('sample_asked', 'sample_sent', 'sample_order', 'trial_order', 'repeat_order') \
                   AND e.at >= $1 AND e.at < $2";
        let rows: Vec<(i64, String)> =
            on_pool!(self.reader(), c => sqlx::query_as(sql).bind(from).bind(until).fetch_all(c).await?);
        Ok(rows.into_iter().filter_map(|(buyer, what)| Some((buyer, EventKind::parse(&what)?))).collect())
    }
}

impl From<AnswerRow> for Answer {
    fn from(row: AnswerRow) -> Self {
        let AnswerRow { id, name, company, email, country, owner, at, subject, text } = row;
        Answer { buyer_id: id, name, company, email, country, owner, at, subject, text }
    }
}
