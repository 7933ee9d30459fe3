//! Newsletters: how they stand, who may get one, and who got one.

use super::suppression::is_unwanted;
use super::{ROWS_A_STATEMENT, Store, Tx, clean, insert_rows, on_pool, on_tx, push_in};
use crate::buyer::{Stage, Tags};
use crate::clock::UnixTime;
use crate::grade::Grade;
use crate::letter::PlannedMail;
use crate::newsletter::{Campaign, Candidate, Consent, Guest, Results};
use anyhow::Result;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// Seconds in which one soft bounce of an address counts, however many come.
pub(super) const SOFT_BOUNCE_DAY: i64 = 24 * 3600;
/// Days after which a soft bounce is forgotten.
const SOFT_BOUNCE_DAYS: i64 = 90;

/// Whether the mail `m` of a buyer's answers ours, `o`: an inquiry or a reply within thirty days after it.
pub(super) const IS_ANSWER: &str = "m.direction = 'in' AND m.kind IN ('inquiry', 'reply') \
    AND m.received_at >= o.finished_at AND m.received_at < o.finished_at + 2592000";

/// How a campaign stands.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow, Serialize)]
pub struct CampaignRow {
    pub name: String,
    /// Of the files that were looked at last.
    pub fingerprint: String,
    /// `running`, `paused` or `stopped`.
    pub state: String,
    pub reason: Option<String>,
    pub changed_by: Option<String>,
    pub changed_at: UnixTime,
    /// When its first mail was planned.
    pub begun_at: Option<UnixTime>,
    /// Who said that it may go although it is late.
    pub confirmed_by: Option<String>,
    /// The last buyer that was looked at.
    pub scanned_to: i64,
}

/// The columns of a [`CampaignRow`].
const CAMPAIGN: &str = "name, fingerprint, state, reason, changed_by, changed_at, begun_at, confirmed_by, scanned_to";

impl CampaignRow {
    pub fn is_running(&self) -> bool {
        self.state == "running"
    }
}

/// What people decide about a campaign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    Pause,
    Resume,
    /// For ever: what waits is withdrawn.
    Stop,
}

#[derive(sqlx::FromRow)]
struct CandidateRow {
    id: i64,
    email: Option<String>,
    name: Option<String>,
    company: Option<String>,
    country: Option<String>,
    language: Option<String>,
    grade: Option<String>,
    stage: String,
    source: String,
    owner: Option<String>,
    #[sqlx(try_from = "String")]
    tags: Tags,
    first_contact: UnixTime,
    last_contact: UnixTime,
    asked_at: Option<UnixTime>,
    waits: bool,
    written_at: Option<UnixTime>,
    news_at: Option<UnixTime>,
    quoted_at: Option<UnixTime>,
    ordered_at: Option<UnixTime>,
    consented: bool,
    consent_at: Option<UnixTime>,
    consent_until: Option<String>,
    suspended: bool,
    unwanted: bool,
    soft_bounces: i64,
    planned: bool,
}

/// Newsletters to a buyer and to who became one with him count alike; `$1` is the campaign, `$2` now.
const CANDIDATES: &str = "SELECT b.id, b.email, b.name, b.company, b.country, b.language, b.grade, b.stage, b.source, b.owner, b.tags, \
    b.first_contact, b.last_contact, \
    (SELECT MAX(m.received_at) FROM inquiry i JOIN mail m ON m.id = i.mail_id WHERE i.buyer_id = b.id) AS asked_at, \
    EXISTS (SELECT 1 FROM inquiry i WHERE i.buyer_id = b.id AND i.answered_at IS NULL AND i.excuse IS NULL) AS waits, \
    (SELECT MAX(m.received_at) FROM mail m WHERE m.buyer_id = b.id AND m.direction = 'out') AS written_at, \
    (SELECT MAX(COALESCE(o.finished_at, o.created_at)) FROM campaign_mail c JOIN outbox o ON o.id = c.outbox_id \
     WHERE c.buyer_id IN (SELECT b.id UNION ALL SELECT x.id FROM buyer x WHERE x.merged_into = b.id) \
     AND c.campaign <> $1 AND o.state <> 'dropped') AS news_at, \
    (SELECT MAX(e.at) FROM buyer_event e WHERE e.buyer_id = b.id AND e.what = 'quote') AS quoted_at, \
    (SELECT MAX(e.at) FROM buyer_event e WHERE e.buyer_id = b.id \
     AND e.what IN ('sample_order', 'trial_order', 'repeat_order')) AS ordered_at, \
    b.consent IS NOT NULL AND b.consent <> '' AS consented, b.consent_at, b.consent_until, \
    b.follow_up_stopped IS NOT NULL OR COALESCE(b.paused_until, 0) > $2 AS suspended, ";

impl Store {
    /// How a campaign stands; None: nothing of it was planned, and nobody decided anything.
    pub async fn campaign(&self, name: &str) -> Result<Option<CampaignRow>> {
        let sql = sqlx::AssertSqlSafe(format!("SELECT {CAMPAIGN} FROM campaign WHERE name = $1"));
        Ok(on_pool!(self.reader(), c => sqlx::query_as(sql).bind(name).fetch_optional(c).await?))
    }

    /// The campaign as it stands, noted if it is new; if its files have changed since, everybody is looked at again.
    pub async fn open_campaign(&self, campaign: &Campaign, now: UnixTime) -> Result<CampaignRow> {
        let (name, fingerprint) = (&campaign.name, &campaign.fingerprint_at(now));
        if let Some(row) = self.campaign(name).await?.filter(|row| row.fingerprint == *fingerprint) {
            return Ok(row);
        }
        // One of the time before this was noted has begun with its first mail.
        let sql = sqlx::AssertSqlSafe(format!(
            "INSERT INTO campaign (name, fingerprint, changed_at, begun_at) SELECT $1, $2, $3, \
             (SELECT MIN(o.created_at) FROM campaign_mail m JOIN outbox o ON o.id = m.outbox_id WHERE m.campaign = $1) \
             WHERE TRUE ON CONFLICT (name) DO UPDATE SET fingerprint = $2, scanned_to = CASE WHEN campaign.fingerprint = $2 \
             THEN campaign.scanned_to ELSE 0 END RETURNING {CAMPAIGN}"
        ));
        Ok(on_pool!(self.writer, c => sqlx::query_as(sql).bind(name).bind(fingerprint).bind(now)
            .fetch_one(c).await?))
    }

    /// Buyers with a number above `after`, at most `limit`, as a newsletter sees them.
    pub async fn candidates(&self, campaign: &str, after: i64, limit: i64, now: UnixTime) -> Result<Vec<Candidate>> {
        let unwanted = is_unwanted("b.email");
        let sql = format!(
            "{CANDIDATES} ({unwanted}) AS unwanted, \
             (SELECT COUNT(*) FROM soft_bounce s WHERE s.address = b.email AND s.day > $2 / {SOFT_BOUNCE_DAY} - \
             {SOFT_BOUNCE_DAYS}) AS soft_bounces, \
             EXISTS (SELECT 1 FROM campaign_mail c WHERE c.campaign = $1 AND c.buyer_id IN \
             (SELECT b.id UNION ALL SELECT x.id FROM buyer x WHERE x.merged_into = b.id)) AS planned \
             FROM buyer b WHERE b.merged_into IS NULL AND b.id > $3 ORDER BY b.id LIMIT $4"
        );
        let mut tx = self.begin_reading().await?;
        let rows: Vec<CandidateRow> = on_tx!(&mut tx, c => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(campaign)
            .bind(now).bind(after).bind(limit).fetch_all(c).await?);
        let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
        let mut products = products_of(&mut tx, &ids).await?;
        let with_products = |row: CandidateRow| {
            let products = products.remove(&row.id).unwrap_or_default();
            Candidate { products, ..Candidate::from(row) }
        };
        Ok(rows.into_iter().map(with_products).collect())
    }

    /// Plans a campaign's next mails, each with its buyer, and that it looked at buyers up to `scanned_to`. Who has one of
    /// this campaign by now is passed over, and so is everybody once it no longer runs. Returns how many were planned.
    pub async fn plan_campaign(
        &self,
        name: &str,
        mails: &[(i64, PlannedMail)],
        scanned_to: i64,
        now: UnixTime,
    ) -> Result<usize> {
        let mut tx = self.begin().await?;
        // Whoever plans the same waits, and finds what the first one wrote.
        tx.numbers().await?;
        let state: String = on_tx!(&mut tx, c => sqlx::query_scalar("SELECT state FROM campaign WHERE name = $1").bind(name)
            .fetch_one(c).await?);
        if state != "running" {
            return Ok(0);
        }
        let mut planned = 0;
        for mails in mails.chunks(ROWS_A_STATEMENT) {
            planned += plan_some(&mut tx, name, mails, now).await?;
        }
        let sql = "UPDATE campaign SET scanned_to = $2, begun_at = CASE WHEN $3 > 0 THEN COALESCE(begun_at, $4) ELSE begun_at \
                   END WHERE name = $1";
        let count = i64::try_from(planned).unwrap_or(i64::MAX);
        on_tx!(&mut tx, c => sqlx::query(sql).bind(name).bind(scanned_to).bind(count).bind(now).execute(c).await?
            .rows_affected());
        tx.commit().await?;
        Ok(planned)
    }

    /// Notes what somebody decided, or what the campaign ran into. False if it was stopped before: that is for ever.
    pub async fn decide_campaign(
        &self,
        name: &str,
        decision: Decision,
        (reason, by): (&str, &str),
        now: UnixTime,
    ) -> Result<bool> {
        let state = match decision {
            Decision::Pause => "paused",
            Decision::Resume => "running",
            Decision::Stop => "stopped",
        };
        let mut tx = self.begin().await?;
        tx.numbers().await?;
        let sql = "UPDATE campaign SET state = $2, reason = $3, changed_by = $4, changed_at = $5 \
                   WHERE name = $1 AND state <> 'stopped'";
        let changed = on_tx!(&mut tx, c => sqlx::query(sql).bind(name).bind(state).bind(clean(reason)).bind(by).bind(now)
            .execute(c).await?.rows_affected());
        if decision == Decision::Stop && changed == 1 {
            let sql = "UPDATE outbox SET state = 'dropped', finished_at = $2, last_error = 'the newsletter was stopped' \
                       WHERE state = 'planned' AND claimed_until <= $2 \
                       AND id IN (SELECT outbox_id FROM campaign_mail WHERE campaign = $1)";
            on_tx!(&mut tx, c => sqlx::query(sql).bind(name).bind(now).execute(c).await?.rows_affected());
        }
        tx.commit().await?;
        Ok(changed == 1)
    }

    /// Notes who said that a late campaign may go.
    pub async fn confirm_campaign(&self, name: &str, by: &str) -> Result<()> {
        let sql = "UPDATE campaign SET confirmed_by = $2 WHERE name = $1";
        on_pool!(self.writer, c => sqlx::query(sql).bind(name).bind(by).execute(c).await?.rows_affected());
        Ok(())
    }

    /// How many of a campaign's mails that left after `since` came to an end, and how many of these came back for ever.
    pub async fn campaign_bounces(&self, name: &str, since: UnixTime) -> Result<(i64, i64)> {
        let sql = "SELECT COUNT(*), COALESCE(SUM(CASE WHEN o.state = 'refused' OR s.reason = 'hard bounce' THEN 1 ELSE 0 END), 0) \
            FROM campaign_mail c JOIN outbox o ON o.id = c.outbox_id \
            LEFT JOIN suppression s ON s.address = lower(o.recipient) AND s.since >= o.created_at \
            WHERE c.campaign = $1 AND o.state IN ('sent', 'refused') AND o.finished_at > $2";
        Ok(on_pool!(self.reader(), c => sqlx::query_as(sql).bind(name).bind(since).fetch_one(c).await?))
    }

    /// What became of a campaign's mails.
    pub async fn campaign_results(&self, name: &str) -> Result<Results> {
        let sql = format!(
            "SELECT \
            COALESCE(SUM(CASE WHEN o.state = 'planned' THEN 1 ELSE 0 END), 0), \
            COALESCE(SUM(CASE WHEN o.state IN ('sent', 'sending') AND COALESCE(s.reason, '') <> 'hard bounce' THEN 1 ELSE 0 END), 0), \
            COALESCE(SUM(CASE WHEN o.state = 'refused' OR o.state = 'sent' AND s.reason = 'hard bounce' THEN 1 ELSE 0 END), 0), \
            COALESCE(SUM(CASE WHEN o.state = 'unknown' THEN 1 ELSE 0 END), 0), \
            COALESCE(SUM(CASE WHEN o.state = 'dropped' THEN 1 ELSE 0 END), 0), \
            COALESCE(SUM(CASE WHEN o.state = 'sent' AND s.reason = 'unsubscribed' THEN 1 ELSE 0 END), 0), \
            COALESCE(SUM(CASE WHEN o.state = 'sent' AND s.reason = 'complaint' THEN 1 ELSE 0 END), 0), \
            COALESCE(SUM(CASE WHEN o.state = 'sent' AND EXISTS (SELECT 1 FROM mail m \
                WHERE m.buyer_id = COALESCE(b.merged_into, b.id) AND {IS_ANSWER}) THEN 1 ELSE 0 END), 0) \
            FROM campaign_mail c JOIN outbox o ON o.id = c.outbox_id JOIN buyer b ON b.id = c.buyer_id \
            LEFT JOIN suppression s ON s.address = lower(o.recipient) AND s.since >= o.created_at WHERE c.campaign = $1"
        );
        type Row = (i64, i64, i64, i64, i64, i64, i64, i64);
        let (planned, sent, bounced, held, dropped, unsubscribed, complaints, answered): Row =
            on_pool!(self.reader(), c => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(name).fetch_one(c).await?);
        Ok(Results { planned, sent, bounced, held, dropped, unsubscribed, complaints, answered })
    }

    /// Campaigns of which a mail went out, came back or was given up in these moments, the newest first.
    pub async fn campaigns_between(&self, from: UnixTime, until: UnixTime) -> Result<Vec<String>> {
        let sql = "SELECT c.campaign FROM outbox o JOIN campaign_mail c ON c.outbox_id = o.id \
                   WHERE o.finished_at >= $1 AND o.finished_at < $2 GROUP BY c.campaign ORDER BY MAX(o.finished_at) DESC";
        Ok(on_pool!(self.reader(), c => sqlx::query_scalar(sql).bind(from).bind(until).fetch_all(c).await?))
    }
}

/// What each of these buyers asked for, the newest first.
pub(super) async fn products_of(tx: &mut Tx, ids: &[i64]) -> Result<HashMap<i64, Vec<String>>> {
    #[derive(Deserialize)]
    struct Asked {
        #[serde(default)]
        products: Vec<String>,
    }
    let mut products: HashMap<i64, Vec<String>> = HashMap::new();
    for ids in ids.chunks(ROWS_A_STATEMENT) {
        let rows: Vec<(i64, String)> = on_tx!(&mut *tx, c => {
            let mut query = sqlx::QueryBuilder::new("SELECT buyer_id, facts FROM inquiry WHERE buyer_id IN (");
            push_in!(query, ids);
            query.push(" ORDER BY id DESC").build_query_as().fetch_all(c).await?
        });
        for (buyer_id, facts) in rows {
            let asked = serde_json::from_str::<Asked>(&facts).map(|asked| asked.products).unwrap_or_default();
            products.entry(buyer_id).or_default().extend(asked);
        }
    }
    Ok(products)
}

/// Plans these, but for who has, or became one who has, a mail of this campaign, and for addresses to which one went.
async fn plan_some(tx: &mut Tx, name: &str, mails: &[(i64, PlannedMail)], now: UnixTime) -> Result<usize> {
    let served: Vec<i64> = on_tx!(&mut *tx, c => {
        let mut query = sqlx::QueryBuilder::new(
            "SELECT b.id FROM campaign_mail m JOIN buyer x ON x.id = m.buyer_id \
             JOIN buyer b ON b.id = COALESCE(x.merged_into, x.id) WHERE m.campaign = ",
        );
        query.push_bind(name).push(" AND b.id IN (");
        push_in!(query, mails.iter().map(|(buyer_id, _)| buyer_id));
        query.build_query_scalar().fetch_all(c).await?
    });
    let new: Vec<&(i64, PlannedMail)> = mails.iter().filter(|(buyer_id, _)| !served.contains(buyer_id)).collect();
    if new.is_empty() {
        return Ok(0);
    }
    let planned: Vec<(i64, String)> = on_tx!(&mut *tx, c => {
        let mut query = sqlx::QueryBuilder::new(
            "INSERT INTO outbox (key, what, recipient, message_id, subject, state, created_at, not_before) ",
        );
        query.push_values(&new, |mut row, (_, mail)| {
            row.push_bind(&mail.key).push_bind(mail.what.as_str()).push_bind(&mail.recipient).push_bind(&mail.message_id)
                .push_bind(clean(&mail.subject)).push_bind("planned").push_bind(now).push_bind(mail.not_before);
        });
        query.push(" ON CONFLICT (key) DO NOTHING RETURNING id, key").build_query_as().fetch_all(c).await?
    });
    let buyers: HashMap<&str, i64> = new.iter().rev().map(|(buyer_id, mail)| (mail.key.as_str(), *buyer_id)).collect();
    let rows: Vec<(i64, i64)> =
        planned.iter().filter_map(|(id, key)| Some((*buyers.get(key.as_str())?, *id))).collect();
    insert_rows!(tx, "INSERT INTO campaign_mail (campaign, buyer_id, outbox_id) ", rows, |row, pair| {
        row.push_bind(name).push_bind(pair.0).push_bind(pair.1)
    });
    Ok(rows.len())
}

/// A last day that nobody can read has passed.
fn consent(given_at: Option<UnixTime>, until: Option<&str>) -> Consent {
    Consent { given_at, until: until.map(|day| day.parse().unwrap_or(Date::ZERO)) }
}

impl From<CandidateRow> for Candidate {
    fn from(row: CandidateRow) -> Self {
        Candidate {
            buyer_id: row.id,
            email: row.email,
            name: row.name,
            company: row.company,
            country: row.country.filter(|country| !country.is_empty()),
            language: row.language,
            grade: row.grade.as_deref().and_then(Grade::from_letter),
            stage: Stage::parse(&row.stage).unwrap_or_default(),
            source: row.source,
            owner: row.owner,
            tags: row.tags,
            first_contact: row.first_contact,
            last_contact: row.last_contact,
            products: Vec::new(),
            asked_at: row.asked_at,
            waits: row.waits,
            written_at: row.written_at,
            news_at: row.news_at,
            quoted_at: row.quoted_at,
            ordered_at: row.ordered_at,
            consent: row.consented.then(|| consent(row.consent_at, row.consent_until.as_deref())),
            suspended: row.suspended,
            suppressed: row.unwanted,
            soft_bounces: u32::try_from(row.soft_bounces).unwrap_or(u32::MAX),
            planned: row.planned,
            guest: Guest::default(),
        }
    }
}
