//! Inquiries read back for a backtest, many at a time, and what it changes if it may.

use super::{Store, on_pool, on_tx};
use crate::backtest::Recorded;
use crate::buyer::Past;
use crate::clock::UnixTime;
use crate::grade::Grade;
use crate::grading::Grading;
use crate::message::{Kind, Writer};
use anyhow::{Context, Result};
use serde::Deserialize;

/// Which inquiries a backtest looks at.
#[derive(Clone, Copy, Debug, Default)]
pub struct Span {
    pub since: UnixTime,
    /// Only those that a person graded.
    pub by_hand: bool,
}

const COLUMNS: &str = "i.id, i.buyer_id, m.subject, i.text, m.kind, i.relay, i.language, i.writer, i.facts, \
    i.attachments, m.received_at, i.past, i.grade, i.hand_grade, m.from_name, m.from_email, b.company, b.name, \
    b.email, b.country, b.phone, CAST(i.known AS INTEGER)";

/// A row as the engine packs it: a list of [`COLUMNS`].
#[derive(Deserialize)]
struct Packed(
    i64,
    i64,
    String,
    String,
    String,
    Option<String>,
    Option<String>,
    String,
    String,
    String,
    UnixTime,
    String,
    String,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
    i64,
);

impl Store {
    /// How many inquiries there are in a span.
    pub async fn count_recorded(&self, span: Span) -> Result<i64> {
        let by_hand = if span.by_hand { "AND i.hand_grade IS NOT NULL" } else { "" };
        let sql = sqlx::AssertSqlSafe(format!(
            "SELECT COUNT(*) FROM inquiry i JOIN mail m ON m.id = i.mail_id WHERE m.received_at >= $1 {by_hand}"
        ));
        Ok(on_pool!(self.reader(), c => sqlx::query_scalar(sql).bind(span.since).fetch_one(c).await?))
    }

    /// The next inquiries after number `after`, at most `limit`, as the engine packs them: one value is several times as
    /// fast as so many rows. [`unpack`] takes them apart, on any thread. With the number of the last; None if there is none.
    pub async fn recorded(&self, span: Span, after: i64, limit: i64) -> Result<Option<(i64, String)>> {
        let by_hand = if span.by_hand { "AND i.hand_grade IS NOT NULL" } else { "" };
        let from = format!(
            "FROM inquiry i JOIN mail m ON m.id = i.mail_id JOIN buyer b ON b.id = i.buyer_id \
             WHERE i.id > $1 AND m.received_at >= $2 {by_hand} ORDER BY i.id LIMIT $3"
        );
        let (list, array) = match self.reader() {
            super::Pool::Sqlite(_) => ("json_group_array(json(packed))", "json_array"),
            super::Pool::Postgres(_) => ("CAST(COALESCE(json_agg(packed), '[]') AS TEXT)", "json_build_array"),
        };
        let sql = sqlx::AssertSqlSafe(format!(
            "SELECT MAX(id), {list} FROM (SELECT i.id AS id, {array}({COLUMNS}) AS packed {from}) AS part"
        ));
        let (last, packed): (Option<i64>, String) = on_pool!(self.reader(), c => sqlx::query_as(sql).bind(after)
            .bind(span.since).bind(limit).fetch_one(c).await?);
        Ok(last.map(|last| (last, packed)))
    }

    /// Gives inquiries other grades by the rules, in one transaction; what a person graded stays as he did. A buyer whose
    /// newest inquiry changes is graded anew.
    pub async fn apply_gradings(&self, gradings: &[(i64, Grading)]) -> Result<()> {
        let mut tx = self.begin().await?;
        // Whoever reads a whole card and writes it back holds the numbers meanwhile.
        tx.numbers().await?;
        for (id, grading) in gradings {
            let sql = "UPDATE inquiry SET grade = $2, score = $3, reasons = $4 WHERE id = $1";
            let reasons = super::clean(&serde_json::to_string(&grading.reasons)?);
            on_tx!(&mut tx, c => sqlx::query(sql).bind(id).bind(grading.grade.as_str()).bind(grading.score).bind(reasons)
                .execute(c).await?.rows_affected());
            let sql = "UPDATE buyer SET grade = $2, follow_up_at = 0 WHERE graded_by IS NULL AND id = (SELECT buyer_id FROM inquiry i \
                       WHERE i.id = $1 AND NOT EXISTS (SELECT 1 FROM inquiry later \
                       WHERE later.buyer_id = i.buyer_id AND later.id > i.id))";
            on_tx!(&mut tx, c => sqlx::query(sql).bind(id).bind(grading.grade.as_str()).execute(c).await?.rows_affected());
        }
        tx.commit().await
    }
}

/// Takes apart what [`Store::recorded`] read.
pub fn unpack(packed: &str) -> Result<Vec<Recorded>> {
    let rows: Vec<Packed> = serde_json::from_str(packed).context("the store gave no list of inquiries")?;
    rows.into_iter().map(recorded).collect()
}

fn recorded(row: Packed) -> Result<Recorded> {
    let Packed(id, buyer_id, subject, text, kind, relay, language, writer, facts, attachments, received_at, past, ..) =
        row;
    let Packed(.., ruled, by_hand, from_name, from_email, company, name, email, country, phone, known) = row;
    let damaged = || format!("inquiry #{id} is damaged in the store");
    let buyer = company.clone().or_else(|| name.clone()).or_else(|| email.clone()).unwrap_or_default();
    // Neither writer nor past was kept before there were backtests: then what the mail and the card say must do.
    let kept_nothing = writer == "{}";
    let writer = match writer.as_str() {
        "{}" => {
            Writer { name: from_name.or(name), email: from_email.or(email), company, country, phone, country_by: None }
        }
        kept => serde_json::from_str(kept).with_context(damaged)?,
    };
    let past = match past.as_str() {
        "" if known == 1 && kept_nothing => Some(Past { called: buyer.clone(), ..Past::default() }),
        "" => None,
        kept => Some(serde_json::from_str(kept).with_context(damaged)?),
    };
    Ok(Recorded {
        id,
        buyer_id,
        buyer,
        subject,
        text,
        kind: Kind::parse(&kind).with_context(damaged)?,
        relay,
        language,
        writer,
        facts: serde_json::from_str(&facts).with_context(damaged)?,
        attachments: serde_json::from_str(&attachments).with_context(damaged)?,
        received_at,
        past,
        ruled: Grade::from_letter(&ruled).with_context(damaged)?,
        by_hand: by_hand.as_deref().and_then(Grade::from_letter),
    })
}
