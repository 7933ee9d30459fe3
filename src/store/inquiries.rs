//! Inquiries: lists, answers, and what waits.

use super::{ROWS_A_STATEMENT, Store, Tx, clean, on_pool, on_tx, push_in};
use crate::clock::UnixTime;
use crate::follow_up::Level;
use crate::grade::{Grade, Grounds};
use anyhow::{Context, Result};
use serde::Serialize;
use std::collections::{HashMap, HashSet};

/// An inquiry with its mail and buyer.
#[derive(Clone, Debug, sqlx::FromRow, Serialize)]
pub struct InquiryDetails {
    pub id: i64,
    pub mail_id: i64,
    pub buyer_id: i64,
    pub known: bool,
    pub matched_by: Option<String>,
    pub relay: Option<String>,
    pub language: Option<String>,
    pub text: String,
    pub facts: String,
    /// A person's, or else the rules'.
    pub grade: String,
    /// What the rules say.
    pub ruled_grade: String,
    /// Who graded it by hand.
    pub hand_by: Option<String>,
    pub score: i64,
    pub reasons: String,
    pub risks: String,
    pub attachments: String,
    pub past: String,
    pub told_at: Option<UnixTime>,
    pub answered_at: Option<UnixTime>,
    pub excuse: Option<String>,
    /// How it was answered, where no mail of ours shows it.
    pub answer_told: Option<String>,
    pub settled_by: Option<String>,
    /// Seconds of working time until the answer.
    pub worked: Option<i64>,
    pub account: String,
    pub subject: String,
    pub kind: String,
    pub received_at: UnixTime,
    pub buyer_name: Option<String>,
    pub buyer_email: Option<String>,
    pub buyer_company: Option<String>,
    pub buyer_country: Option<String>,
    pub buyer_phone: Option<String>,
    pub buyer_stage: String,
    pub buyer_stage_suggested: Option<String>,
    pub buyer_owner: Option<String>,
    pub buyer_grade: Option<String>,
    pub buyer_inquiries: i64,
    pub buyer_first_contact: UnixTime,
    pub buyer_last_contact: UnixTime,
}

pub(super) const DETAILS: &str = "SELECT i.id, i.mail_id, i.buyer_id, i.known, i.matched_by, i.relay, i.language, i.text, \
    i.facts, COALESCE(i.hand_grade, i.grade) AS grade, i.grade AS ruled_grade, i.hand_by, i.score, i.reasons, i.risks, i.attachments, i.past, i.told_at, i.answered_at, i.excuse, i.answer_told, i.settled_by, i.worked, \
    m.account, m.subject, m.kind, m.received_at, \
    b.name AS buyer_name, b.email AS buyer_email, b.company AS buyer_company, b.country AS buyer_country, \
    b.phone AS buyer_phone, b.stage AS buyer_stage, \
    b.stage_suggested AS buyer_stage_suggested, b.owner AS buyer_owner, b.grade AS buyer_grade, b.inquiries AS buyer_inquiries, b.first_contact AS buyer_first_contact, \
    b.last_contact AS buyer_last_contact \
    FROM inquiry i JOIN mail m ON m.id = i.mail_id JOIN buyer b ON b.id = i.buyer_id ";

impl InquiryDetails {
    /// Why it is graded as it is.
    pub fn grounds(&self) -> Grounds {
        let by_hand = self.hand_by.is_some();
        super::grounds(if by_hand { "" } else { &self.reasons })
    }
}

/// Which inquiries a list shows.
#[derive(Clone, Copy, Debug, Default)]
pub struct InquiryFilter {
    /// Only those without an answer.
    pub waiting: bool,
    pub grade: Option<Grade>,
    pub buyer_id: Option<i64>,
}

impl Store {
    /// Inquiries, newest first.
    pub async fn inquiries(&self, filter: InquiryFilter, limit: i64) -> Result<Vec<InquiryDetails>> {
        on_pool!(self.reader(), c => {
            let mut query = sqlx::QueryBuilder::new(DETAILS);
            query.push("WHERE 1 = 1");
            if filter.waiting {
                query.push(" AND i.answered_at IS NULL AND i.excuse IS NULL");
            }
            if let Some(grade) = filter.grade {
                query.push(" AND COALESCE(i.hand_grade, i.grade) = ").push_bind(grade.as_str());
            }
            if let Some(buyer_id) = filter.buyer_id {
                query.push(" AND i.buyer_id = ").push_bind(buyer_id);
            }
            query.push(" ORDER BY i.id DESC LIMIT ").push_bind(limit);
            Ok(query.build_query_as().fetch_all(c).await?)
        })
    }

    /// One inquiry by its number.
    pub async fn inquiry(&self, id: i64) -> Result<Option<InquiryDetails>> {
        on_pool!(self.reader(), c => {
            let mut query = sqlx::QueryBuilder::new(DETAILS);
            query.push("WHERE i.id = ").push_bind(id);
            Ok(query.build_query_as().fetch_optional(c).await?)
        })
    }

    /// The raw mail of an inquiry, as it came.
    pub async fn archived(&self, mail_id: i64) -> Result<Option<Vec<u8>>> {
        let sql = "SELECT raw FROM archive WHERE mail_id = $1";
        let raw: Option<Vec<u8>> =
            on_pool!(self.reader(), c => sqlx::query_scalar(sql).bind(mail_id).fetch_optional(c).await?);
        raw.map(|raw| zstd::decode_all(raw.as_slice()).context("the archived mail is damaged")).transpose()
    }

    /// How many inquiries have no answer and no excuse.
    pub async fn count_waiting(&self) -> Result<i64> {
        let sql = "SELECT COUNT(*) FROM inquiry WHERE answered_at IS NULL AND excuse IS NULL";
        Ok(on_pool!(self.reader(), c => sqlx::query_scalar(sql).fetch_one(c).await?))
    }

    /// The numbers of everything that waits for an answer, oldest first.
    pub async fn waiting(&self) -> Result<Vec<InquiryDetails>> {
        on_pool!(self.reader(), c => {
            let mut query = sqlx::QueryBuilder::new(DETAILS);
            query.push("WHERE i.answered_at IS NULL AND i.excuse IS NULL ORDER BY m.received_at, i.id");
            Ok(query.build_query_as().fetch_all(c).await?)
        })
    }

    /// Nobody need answer, and why; false if it doesn't exist or was settled already.
    pub async fn excuse(&self, id: i64, why: &str, by: &str) -> Result<bool> {
        let mut tx = self.begin().await?;
        let excused = excuse(&mut tx, id, why, by).await?;
        tx.commit().await?;
        Ok(excused)
    }
}

/// Nobody need answer this inquiry.
pub(super) async fn excuse(tx: &mut Tx, id: i64, why: &str, by: &str) -> Result<bool> {
    let sql =
        "UPDATE inquiry SET excuse = $2, settled_by = $3 WHERE id = $1 AND answered_at IS NULL AND excuse IS NULL";
    settle(tx, id, sql, why, by).await
}

/// It was answered by another way than mail.
pub(super) async fn answered_otherwise(tx: &mut Tx, id: i64, how: &str, by: &str, at: UnixTime) -> Result<bool> {
    let sql = "UPDATE inquiry SET answered_at = $4, answer_told = $2, settled_by = $3 \
               WHERE id = $1 AND answered_at IS NULL AND excuse IS NULL";
    let settled = on_tx!(&mut *tx, c => sqlx::query(sql).bind(id).bind(clean(how)).bind(clean(by)).bind(at)
        .execute(c).await?.rows_affected());
    buyer_is_free(tx, id).await?;
    Ok(settled == 1)
}

async fn settle(tx: &mut Tx, id: i64, sql: &'static str, why: &str, by: &str) -> Result<bool> {
    let settled = on_tx!(&mut *tx, c => sqlx::query(sql).bind(id).bind(clean(why)).bind(clean(by))
        .execute(c).await?.rows_affected());
    buyer_is_free(tx, id).await?;
    Ok(settled == 1)
}

/// His rhythm begins again.
async fn buyer_is_free(tx: &mut Tx, inquiry_id: i64) -> Result<()> {
    let sql = "UPDATE buyer SET follow_up_at = 0 WHERE id = (SELECT buyer_id FROM inquiry WHERE id = $1)";
    on_tx!(tx, c => sqlx::query(sql).bind(inquiry_id).execute(c).await?.rows_affected());
    Ok(())
}

/// The levels that people were reminded of, by inquiry.
pub(super) async fn reminded(store: &Store, ids: &[i64]) -> Result<HashMap<i64, Vec<Level>>> {
    let mut reminded: HashMap<i64, Vec<Level>> = HashMap::new();
    for ids in ids.chunks(ROWS_A_STATEMENT) {
        let reminders: Vec<(i64, String)> = on_pool!(store.reader(), c => {
            let mut query = sqlx::QueryBuilder::new("SELECT inquiry_id, level FROM reminder WHERE inquiry_id IN (");
            push_in!(query, ids);
            query.build_query_as().fetch_all(c).await?
        });
        for (id, level) in reminders {
            reminded.entry(id).or_default().push(Level::parse(&level).context("an unknown reminder level")?);
        }
    }
    Ok(reminded)
}

/// Notes that people are reminded of these inquiries. Returns those of which nobody was reminded at that level before, and
/// which still wait.
pub(super) async fn remind(tx: &mut Tx, levels: &[(i64, Level)], now: UnixTime) -> Result<Vec<(i64, Level)>> {
    let mut new: HashSet<(i64, String)> = HashSet::new();
    for some in levels.chunks(ROWS_A_STATEMENT) {
        let noted: Vec<(i64, String)> = on_tx!(&mut *tx, c => {
            let mut query = sqlx::QueryBuilder::new("WITH told (id, level) AS (");
            query.push_values(some, |mut b, (id, level)| { b.push_bind(*id).push_bind(level.as_str()); });
            query.push(") INSERT INTO reminder (inquiry_id, level, planned_at) SELECT told.id, told.level, ").push_bind(now);
            query.push(" FROM told JOIN inquiry i ON i.id = told.id WHERE i.answered_at IS NULL AND i.excuse IS NULL \
                        ON CONFLICT (inquiry_id, level) DO NOTHING RETURNING inquiry_id, level");
            query.build_query_as().fetch_all(c).await?
        });
        new.extend(noted);
    }
    let is_new = |(id, level): &&(i64, Level)| new.contains(&(*id, level.as_str().to_owned()));
    Ok(levels.iter().filter(is_new).copied().collect())
}
