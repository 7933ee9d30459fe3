//! Who must be reminded of what, and that he was.

use super::inquiries::{remind, reminded};
use super::{ROWS_A_STATEMENT, Store, Tx, WHY, on_pool, on_tx, push_in};
use crate::clock::UnixTime;
use crate::follow_up::{Level, Silent, Traits, Waiting, Way};
use crate::grade::Grade;
use crate::letter::PlannedMail;
use anyhow::{Context, Result};
use serde::Deserialize;
use std::collections::HashSet;

/// Buyers that are looked at in one go.
const LOOKED_AT: i64 = 10_000;

/// Where a page ends: when the last buyer is to be looked at, and his number.
pub type LookAfter = (UnixTime, i64);

/// Columns, tables and what holds for all; [`WHY`] comes before it.
const WAITING: &str = "i.id, i.buyer_id, m.received_at, i.told_at, COALESCE(i.hand_grade, i.grade) AS grade, \
    m.subject, i.relay, i.language, i.facts, i.snoozed_until, b.name, b.company, b.email, b.country, b.owner \
    FROM inquiry i JOIN mail m ON m.id = i.mail_id JOIN buyer b ON b.id = i.buyer_id \
    WHERE i.answered_at IS NULL AND i.excuse IS NULL AND i.told_at IS NOT NULL ";

#[derive(sqlx::FromRow)]
struct WaitingRow {
    id: i64,
    buyer_id: i64,
    received_at: UnixTime,
    told_at: UnixTime,
    grade: String,
    why: String,
    subject: String,
    relay: Option<String>,
    language: Option<String>,
    facts: String,
    snoozed_until: Option<UnixTime>,
    name: Option<String>,
    company: Option<String>,
    email: Option<String>,
    country: Option<String>,
    owner: Option<String>,
}

#[derive(Deserialize)]
struct Products {
    products: Vec<String>,
}

impl WaitingRow {
    fn waiting(self, reminded: Vec<Level>) -> Result<Waiting> {
        Ok(Waiting {
            inquiry_id: self.id,
            buyer_id: self.buyer_id,
            received_at: self.received_at,
            told_at: self.told_at,
            grade: Grade::from_letter(&self.grade).context("an unknown grade")?,
            why: super::grounds(&self.why),
            subject: self.subject,
            buyer: [self.name, self.company, self.email].into_iter().flatten().collect::<Vec<_>>().join(" · "),
            traits: Traits {
                country: self.country,
                language: self.language,
                products: serde_json::from_str::<Products>(&self.facts).map(|facts| facts.products).unwrap_or_default(),
            },
            owner: self.owner,
            fax: self.relay.as_deref() == Some("fax"),
            snoozed_until: self.snoozed_until,
            reminded,
        })
    }
}

/// What a round of reminders writes down.
#[derive(Clone, Debug, Default)]
pub struct Told {
    pub levels: Vec<(i64, Level)>,
    pub samples: Vec<i64>,
    /// When to look at an inquiry again; None: never.
    pub next: Vec<(i64, Option<UnixTime>)>,
}

/// What a day's list of follow-ups writes down.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// Buyer, day on which it was due, way.
    pub follow_ups: Vec<(i64, String, Way)>,
    /// Buyers for whom another address is wanted.
    pub addresses: Vec<i64>,
    /// When to look at a buyer again; None: not before something happens.
    pub next: Vec<(i64, Option<UnixTime>)>,
}

#[derive(sqlx::FromRow)]
struct SilentRow {
    id: i64,
    follow_up_at: UnixTime,
    grade: Option<String>,
    country: Option<String>,
    language: Option<String>,
    owner: Option<String>,
    has_phone: bool,
    has_mail: bool,
    last_contact: UnixTime,
    asked_at: Option<UnixTime>,
    unheeded: i64,
    waits: bool,
    paused_until: Option<UnixTime>,
    stopped: bool,
    bounced: bool,
    address_asked_at: Option<UnixTime>,
}

impl From<SilentRow> for Silent {
    fn from(row: SilentRow) -> Self {
        Silent {
            buyer_id: row.id,
            grade: row.grade.as_deref().and_then(Grade::from_letter),
            traits: Traits { country: row.country, language: row.language, products: Vec::new() },
            owner: row.owner,
            has_phone: row.has_phone,
            has_mail: row.has_mail,
            last_contact: row.last_contact,
            asked_at: row.asked_at,
            unheeded: u32::try_from(row.unheeded).unwrap_or(u32::MAX),
            waits_for_answer: row.waits,
            paused_until: row.paused_until,
            stopped: row.stopped,
            bounced: row.bounced,
            address_asked_at: row.address_asked_at,
        }
    }
}

const SILENT: &str = "SELECT b.id, b.follow_up_at, b.grade, b.country, b.language, b.owner, b.phone IS NOT NULL AS has_phone, \
    b.email IS NOT NULL AS has_mail, b.last_contact, \
    (SELECT MAX(f.asked_at) FROM follow_up f WHERE f.buyer_id = b.id) AS asked_at, \
    (SELECT COUNT(*) FROM follow_up f WHERE f.buyer_id = b.id AND f.asked_at > b.last_contact) AS unheeded, \
    EXISTS (SELECT 1 FROM inquiry i WHERE i.buyer_id = b.id AND i.answered_at IS NULL AND i.excuse IS NULL \
    AND i.due_at IS NOT NULL) AS waits, \
    b.paused_until, b.follow_up_stopped IS NOT NULL AS stopped, b.bounced_at IS NOT NULL AS bounced, \
    b.address_asked_at \
    FROM buyer b WHERE b.merged_into IS NULL ";

impl Store {
    /// What waits for an answer and is to be looked at by `now`; a look into an index.
    pub async fn waiting_due(&self, now: UnixTime) -> Result<Vec<Waiting>> {
        let sql = format!("SELECT {WHY} AS why, {WAITING} AND i.due_at <= $1 ORDER BY m.received_at, i.id");
        let rows: Vec<WaitingRow> =
            on_pool!(self.reader(), c => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(now).fetch_all(c).await?);
        let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
        let mut reminded = reminded(self, &ids).await?;
        rows.into_iter()
            .map(|row| {
                let levels = reminded.remove(&row.id).unwrap_or_default();
                row.waiting(levels)
            })
            .collect()
    }

    /// Everything that waits for an answer and that a digest told of, oldest first, and the numbers of those with signs of
    /// fraud; without the reminders so far.
    pub async fn waiting_told(&self) -> Result<(Vec<Waiting>, HashSet<i64>)> {
        let sql = format!("SELECT {WHY} AS why, {WAITING} ORDER BY m.received_at, i.id");
        let rows: Vec<WaitingRow> =
            on_pool!(self.reader(), c => sqlx::query_as(sqlx::AssertSqlSafe(sql)).fetch_all(c).await?);
        let sql = "SELECT id FROM inquiry WHERE answered_at IS NULL AND excuse IS NULL AND risks <> '[]'";
        let risky: Vec<i64> = on_pool!(self.reader(), c => sqlx::query_scalar(sql).fetch_all(c).await?);
        let waiting = rows.into_iter().map(|row| row.waiting(Vec::new())).collect::<Result<_>>()?;
        Ok((waiting, risky.into_iter().collect()))
    }

    /// When something is to be looked at next, by the index; 0: at once.
    pub async fn next_look(&self) -> Result<Option<UnixTime>> {
        let sql =
            "SELECT MIN(due_at) FROM inquiry WHERE answered_at IS NULL AND excuse IS NULL AND told_at IS NOT NULL";
        Ok(on_pool!(self.reader(), c => sqlx::query_scalar(sql).fetch_one(c).await?))
    }

    /// Plans the reminders of one round with everything that they tell: nothing is told twice, whoever else plans.
    /// `told` holds what a reader of the store believes; `render` gets what is still to be told.
    pub async fn plan_reminders(
        &self,
        mut told: Told,
        now: UnixTime,
        render: impl FnOnce(&Told) -> Result<Vec<PlannedMail>>,
    ) -> Result<Told> {
        let mut tx = self.begin().await?;
        // Another daemon may be at the same: whoever comes second finds what the first wrote.
        tx.numbers().await?;
        let levels = remind(&mut tx, &told.levels, now).await?;
        let mut samples = Vec::new();
        for id in &told.samples {
            let sql = "UPDATE sample_wait SET told_at = $2 WHERE id = $1 AND told_at IS NULL AND settled_at IS NULL";
            let new = on_tx!(&mut tx, c => sqlx::query(sql).bind(*id).bind(now).execute(c).await?.rows_affected());
            samples.extend((new == 1).then_some(*id));
        }
        look_again(&mut tx, "inquiry", "due_at", &told.next).await?;
        told = Told { levels, samples, next: told.next };
        if !told.levels.is_empty() || !told.samples.is_empty() {
            super::outbox::plan(&mut tx, &render(&told)?, now).await?;
        }
        tx.commit().await?;
        Ok(told)
    }

    /// Buyers whose rhythm is to be looked at by `now`, at most [`LOOKED_AT`] after `after`, by a look into an index; and
    /// where to go on, if there may be more.
    pub async fn silent_due(&self, now: UnixTime, after: LookAfter) -> Result<(Vec<Silent>, Option<LookAfter>)> {
        // In the order of the index, or all buyers would be read.
        let sql = format!(
            "{SILENT} AND b.follow_up_at <= $1 AND b.follow_up_at IS NOT NULL AND (b.follow_up_at, b.id) > ($2, $3) \
             ORDER BY b.follow_up_at, b.id LIMIT $4"
        );
        let rows: Vec<SilentRow> = on_pool!(self.reader(), c => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(now)
            .bind(after.0).bind(after.1).bind(LOOKED_AT).fetch_all(c).await?);
        let full = i64::try_from(rows.len()).is_ok_and(|rows| rows == LOOKED_AT);
        let next = rows.last().filter(|_| full).map(|row| (row.follow_up_at, row.id));
        Ok((rows.into_iter().map(Silent::from).collect(), next))
    }

    /// Plans the lists of a planned time with everything that they ask for, and that `job` has done it. False, and nothing
    /// is written, if it was done before.
    pub async fn plan_follow_ups(
        &self,
        (job, slot): (&str, UnixTime),
        asked: &Asked,
        mails: &[PlannedMail],
        now: UnixTime,
    ) -> Result<bool> {
        let mut tx = self.begin().await?;
        tx.numbers().await?;
        if !super::runs::finish(&mut tx, job, slot).await? {
            return Ok(false);
        }
        for some in asked.follow_ups.chunks(ROWS_A_STATEMENT) {
            on_tx!(&mut tx, c => {
                let mut query = sqlx::QueryBuilder::new("INSERT INTO follow_up (buyer_id, day, way, asked_at) ");
                query.push_values(some, |mut b, (buyer_id, day, way)| {
                    b.push_bind(*buyer_id).push_bind(day).push_bind(way.as_str()).push_bind(now);
                });
                query.push(" ON CONFLICT (buyer_id, day) DO NOTHING").build().execute(c).await?;
            });
        }
        for ids in asked.addresses.chunks(ROWS_A_STATEMENT) {
            on_tx!(&mut tx, c => {
                let mut query = sqlx::QueryBuilder::new("UPDATE buyer SET address_asked_at = ");
                query.push_bind(now).push(" WHERE id IN (");
                push_in!(query, ids);
                query.build().execute(c).await?;
            });
        }
        look_again(&mut tx, "buyer", "follow_up_at", &asked.next).await?;
        super::outbox::plan(&mut tx, mails, now).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// From now on, whoever changes something about a buyer is told from those that wait to be looked at: 0 is written by
    /// others alone.
    pub async fn begin_looking_at_buyers(&self) -> Result<()> {
        let sql = "UPDATE buyer SET follow_up_at = 1 WHERE follow_up_at = 0 AND merged_into IS NULL";
        on_pool!(self.writer, c => sqlx::query(sql).execute(c).await?.rows_affected());
        Ok(())
    }

    /// The same for inquiries.
    pub async fn begin_looking_at_inquiries(&self) -> Result<()> {
        let sql = "UPDATE inquiry SET due_at = 1 \
                   WHERE due_at = 0 AND answered_at IS NULL AND excuse IS NULL AND told_at IS NOT NULL";
        on_pool!(self.writer, c => sqlx::query(sql).execute(c).await?.rows_affected());
        Ok(())
    }

    /// Notes when to look at buyers again.
    pub async fn look_at_buyers_again(&self, next: &[(i64, Option<UnixTime>)]) -> Result<()> {
        if next.is_empty() {
            return Ok(());
        }
        let mut tx = self.begin().await?;
        look_again(&mut tx, "buyer", "follow_up_at", next).await?;
        tx.commit().await
    }

    /// Everything is looked at again, because deadlines, calendar or rhythm are others than those under `name`.
    pub async fn look_at_everything_again(&self, fingerprint: &str) -> Result<bool> {
        const NAME: &str = "follow_up";
        let known = self.setting(NAME, fingerprint).await?;
        if known == fingerprint {
            return Ok(false);
        }
        let mut tx = self.begin().await?;
        for sql in [
            "UPDATE inquiry SET due_at = 0 WHERE answered_at IS NULL AND excuse IS NULL",
            "UPDATE buyer SET follow_up_at = 0 WHERE merged_into IS NULL",
        ] {
            on_tx!(&mut tx, c => sqlx::query(sql).execute(c).await?.rows_affected());
        }
        let sql = "UPDATE setting SET value = $2 WHERE name = $1";
        on_tx!(&mut tx, c => sqlx::query(sql).bind(NAME).bind(fingerprint).execute(c).await?.rows_affected());
        tx.commit().await?;
        Ok(true)
    }
}

/// Notes in `column` of `table` when to look at each row again; where somebody changed something meanwhile, that is now.
async fn look_again(tx: &mut Tx, table: &str, column: &str, next: &[(i64, Option<UnixTime>)]) -> Result<()> {
    for some in next.chunks(ROWS_A_STATEMENT) {
        on_tx!(&mut *tx, c => {
            let mut query = sqlx::QueryBuilder::new("WITH look (id, at) AS (");
            query.push_values(some, |mut b, (id, at)| { b.push_bind(*id).push_bind(*at); });
            query.push(") UPDATE ").push(table).push(" SET ").push(column).push(" = look.at FROM look WHERE look.id = ");
            query.push(table).push(".id AND (").push(column).push(" IS NULL OR ").push(column).push(" <> 0)");
            query.build().execute(c).await?;
        });
    }
    Ok(())
}
