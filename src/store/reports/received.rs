//! Inquiries of a period.

use super::{Asked, BUYER, Scope, grade, push_scope};
use crate::clock::UnixTime;
use crate::report::{Moments, Received, RecordLine};
use crate::store::{ROWS_A_STATEMENT, Store, WHY, grounds, on_pool, push_in};
use anyhow::Result;
use futures_util::StreamExt;

#[derive(sqlx::FromRow)]
struct ReceivedRow {
    id: i64,
    received_at: UnixTime,
    is_reply: bool,
    known: bool,
    grade: String,
    source: String,
    country: Option<String>,
    owner: Option<String>,
    facts: String,
    answered_at: Option<UnixTime>,
    worked: Option<i64>,
    excused: bool,
}

#[derive(sqlx::FromRow)]
struct RecordRow {
    id: i64,
    received_at: UnixTime,
    subject: String,
    buyer: String,
    country: Option<String>,
    grade: String,
    why: String,
    source: String,
    owner: Option<String>,
    facts: String,
    answered_at: Option<UnixTime>,
    worked: Option<i64>,
    answered_by: Option<String>,
    excuse: Option<String>,
    is_reply: bool,
}

// From the mails of the period to their inquiries, in this order: CROSS JOIN keeps SQLite from beginning with the buyers.
const RECEIVED: &str = "SELECT i.id, m.received_at, m.kind = 'reply' AS is_reply, i.known, \
    COALESCE(i.hand_grade, i.grade) AS grade, COALESCE(i.relay, b.source) AS source, b.country, b.owner, i.facts, \
    i.answered_at, i.worked, i.excuse IS NOT NULL AS excused \
    FROM mail m CROSS JOIN inquiry i CROSS JOIN buyer b WHERE i.mail_id = m.id AND b.id = i.buyer_id AND NOT m.history";

impl Store {
    /// Everything that buyers wrote in these moments, one after the other, history aside.
    pub async fn received(&self, moments: Moments, scope: &Scope, mut each: impl FnMut(&Received)) -> Result<()> {
        on_pool!(self.reader(), c => {
            let mut query = sqlx::QueryBuilder::new(RECEIVED);
            query.push(" AND m.received_at >= ").push_bind(moments.from);
            query.push(" AND m.received_at < ").push_bind(moments.until);
            push_scope!(query, scope);
            let mut rows = query.build_query_as::<ReceivedRow>().fetch(c);
            while let Some(row) = rows.next().await {
                each(&Received::from(row?));
            }
        });
        Ok(())
    }

    /// The record of these moments, oldest first.
    pub async fn record_lines(&self, moments: Moments, scope: &Scope, limit: i64) -> Result<Vec<RecordLine>> {
        let rows: Vec<RecordRow> = on_pool!(self.reader(), c => {
            let mut query = record("mail m CROSS JOIN inquiry i CROSS JOIN buyer b");
            query.push(" AND NOT m.history AND m.received_at >= ").push_bind(moments.from);
            query.push(" AND m.received_at < ").push_bind(moments.until);
            push_scope!(query, scope);
            query.push(" ORDER BY m.received_at, m.id LIMIT ").push_bind(limit);
            query.build_query_as().fetch_all(c).await?
        });
        Ok(rows.into_iter().map(RecordLine::from).collect())
    }

    /// The record of these inquiries, in the order of `ids`.
    pub async fn record_of(&self, ids: &[i64]) -> Result<Vec<RecordLine>> {
        let mut lines: Vec<RecordLine> = Vec::with_capacity(ids.len());
        for ids in ids.chunks(ROWS_A_STATEMENT) {
            let rows: Vec<RecordRow> = on_pool!(self.reader(), c => {
                let mut query = record("inquiry i CROSS JOIN mail m CROSS JOIN buyer b");
                query.push(" AND i.id IN (");
                push_in!(query, ids);
                query.build_query_as().fetch_all(c).await?
            });
            lines.extend(rows.into_iter().map(RecordLine::from));
        }
        lines.sort_by_key(|line| ids.iter().position(|id| *id == line.id));
        Ok(lines)
    }
}

/// `tables` are read in this order.
fn record<Db: sqlx::Database>(tables: &str) -> sqlx::QueryBuilder<Db> {
    sqlx::QueryBuilder::new(format!(
        "SELECT i.id, m.received_at, m.subject, {BUYER}, b.country, COALESCE(i.hand_grade, i.grade) AS grade, {WHY} AS why, \
         COALESCE(i.relay, b.source) AS source, b.owner, i.facts, i.answered_at, i.worked, \
         COALESCE(o.from_email, i.settled_by) AS answered_by, i.excuse, m.kind = 'reply' AS is_reply \
         FROM {tables} LEFT JOIN mail o ON o.id = i.answered_by \
         WHERE i.mail_id = m.id AND b.id = i.buyer_id"
    ))
}

impl From<ReceivedRow> for Received {
    fn from(row: ReceivedRow) -> Self {
        let asked = Asked::parse(&row.facts);
        Received {
            id: row.id,
            at: row.received_at,
            is_reply: row.is_reply,
            new_buyer: !row.known,
            grade: grade(Some(&row.grade)),
            source: row.source,
            country: row.country,
            owner: row.owner,
            products: asked.products,
            target_price: asked.target_price,
            answered_at: row.answered_at,
            worked: row.worked,
            excused: row.excused,
        }
    }
}

impl From<RecordRow> for RecordLine {
    fn from(row: RecordRow) -> Self {
        RecordLine {
            id: row.id,
            received_at: row.received_at,
            subject: row.subject,
            buyer: row.buyer,
            country: row.country,
            grade: grade(Some(&row.grade)),
            why: grounds(&row.why),
            source: row.source,
            owner: row.owner,
            products: Asked::parse(&row.facts).products,
            answered_at: row.answered_at,
            worked: row.worked,
            answered_by: row.answered_by,
            excuse: row.excuse,
            is_reply: row.is_reply,
        }
    }
}
