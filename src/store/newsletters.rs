//! Newsletters on their way out: many at a time, with one commit for all of them.

use super::campaigns::products_of;
use super::outbox::{CLAIMED, Claimed, Fate, settle};
use super::suppression::is_unwanted;
use super::{ROWS_A_STATEMENT, Store, Tx, clean, on_pool, on_tx, push_in};
use crate::clock::UnixTime;
use crate::letter::What;
use crate::newsletter::{Candidate, Refusal, Resting};
use anyhow::Result;

/// What is committed between two handfuls of newsletters.
#[derive(Clone, Copy, Debug)]
pub struct Turn<'a> {
    /// What became of those that went.
    pub settled: &'a [(i64, Fate)],
    /// Those whose bytes are about to leave.
    pub leaving: &'a [i64],
    /// Those that are to go next.
    pub wanted: &'a [i64],
}

/// What a turn brought.
#[derive(Clone, Debug, Default)]
pub struct Turned {
    /// Of those about to leave, the ones that may.
    pub leaving: Vec<i64>,
    /// Of those wanted, the ones that this process alone may send now.
    pub claimed: Vec<Claimed>,
    /// To whom these go.
    pub addressees: Vec<Addressee>,
}

/// A newsletter that may go.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct DueNewsletter {
    pub id: i64,
    pub recipient: String,
    pub campaign: Option<String>,
}

/// To whom a newsletter goes, as it is composed.
#[derive(Clone, Debug)]
pub struct Addressee {
    pub outbox_id: i64,
    /// With what may stand in a sentence; the rest is not looked up. None: nobody noted whose newsletter it is.
    pub candidate: Option<Candidate>,
    /// He unsubscribed or complained meanwhile, or the address is dead.
    pub unwanted: bool,
}

#[derive(sqlx::FromRow)]
struct AddresseeRow {
    outbox_id: i64,
    buyer_id: Option<i64>,
    name: Option<String>,
    company: Option<String>,
    country: Option<String>,
    language: Option<String>,
    unwanted: bool,
}

impl Store {
    /// Newsletters that are due, oldest plan first, but for buyers in countries that rest. Greetings, these campaigns, go on a
    /// day off, too.
    pub async fn due_newsletters(
        &self,
        now: UnixTime,
        limit: i64,
        resting: &Resting,
        greetings: &[&str],
    ) -> Result<Vec<DueNewsletter>> {
        Ok(on_pool!(self.reader(), c => {
            let mut query = sqlx::QueryBuilder::new(
                "SELECT o.id, o.recipient, m.campaign FROM outbox o LEFT JOIN campaign_mail m ON m.outbox_id = o.id \
                 LEFT JOIN buyer b ON b.id = m.buyer_id LEFT JOIN campaign k ON k.name = m.campaign \
                 WHERE o.state = 'planned' AND o.what = 'newsletter' AND COALESCE(k.state, 'running') = 'running' \
                 AND o.claimed_until <= ",
            );
            query.push_bind(now).push(" AND o.not_before <= ").push_bind(now);
            if !resting.asleep.is_empty() {
                query.push(" AND COALESCE(b.country, '') NOT IN (");
                push_in!(query, &resting.asleep);
            }
            if !resting.day_off.is_empty() {
                query.push(" AND (COALESCE(b.country, '') NOT IN (");
                push_in!(query, &resting.day_off);
                query.push(" OR m.campaign IN ('-'");
                for greeting in greetings {
                    query.push(", ").push_bind(*greeting);
                }
                query.push("))");
            }
            query.push(" ORDER BY o.not_before, o.id LIMIT ").push_bind(limit).build_query_as().fetch_all(c).await?
        }))
    }

    /// The mail server had enough of our newsletters.
    pub async fn note_refusal(&self, answer: &str, now: UnixTime) -> Result<()> {
        let sql = "INSERT INTO provider_refusal (at, answer) VALUES ($1, $2)";
        on_pool!(self.writer, c => sqlx::query(sql).bind(now).bind(clean(answer)).execute(c).await?.rows_affected());
        Ok(())
    }

    /// What it said since then, the oldest first.
    pub async fn refusals_since(&self, since: UnixTime) -> Result<Vec<Refusal>> {
        let sql = "SELECT at, answer FROM provider_refusal WHERE at > $1 ORDER BY at";
        let rows: Vec<(UnixTime, String)> =
            on_pool!(self.reader(), c => sqlx::query_as(sql).bind(since).fetch_all(c).await?);
        Ok(rows.into_iter().map(|(at, answer)| Refusal { at, answer }).collect())
    }

    /// When the first newsletter ever was planned.
    pub async fn first_newsletter_at(&self) -> Result<Option<UnixTime>> {
        let sql = "SELECT MIN(begun_at) FROM campaign";
        Ok(on_pool!(self.reader(), c => sqlx::query_scalar(sql).fetch_one(c).await?))
    }

    /// Mails that left the company's mailboxes since then: ours, and our people's as their Sent folders show them.
    pub async fn count_mailed_since(&self, since: UnixTime) -> Result<i64> {
        let sql = "SELECT (SELECT COUNT(*) FROM outbox WHERE finished_at > $1 AND state IN ('sent', 'unknown')) + \
                   (SELECT COUNT(*) FROM mail m WHERE m.received_at > $1 AND m.direction = 'out' \
                   AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.message_id = m.message_id))";
        Ok(on_pool!(self.reader(), c => sqlx::query_scalar(sql).bind(since).fetch_one(c).await?))
    }

    /// Recipients of newsletters handed over since `since`, with the instant.
    pub async fn newsletters_since(&self, since: UnixTime) -> Result<Vec<(String, UnixTime)>> {
        let sql = "SELECT recipient, finished_at FROM outbox WHERE finished_at >= $1 AND what = $2 \
                   AND state IN ('sent', 'unknown', 'refused')";
        Ok(on_pool!(self.reader(), c => sqlx::query_as(sql).bind(since).bind(What::Newsletter.as_str())
            .fetch_all(c).await?))
    }

    /// The same of one campaign.
    pub async fn newsletters_of_since(&self, campaign: &str, since: UnixTime) -> Result<Vec<(String, UnixTime)>> {
        let sql = "SELECT o.recipient, o.finished_at FROM outbox o JOIN campaign_mail m ON m.outbox_id = o.id \
                   WHERE o.finished_at >= $1 AND m.campaign = $2 AND o.state IN ('sent', 'unknown', 'refused')";
        Ok(on_pool!(self.reader(), c => sqlx::query_as(sql).bind(since).bind(campaign).fetch_all(c).await?))
    }

    /// One commit: what became of the last newsletters, which bytes leave now, and which go next. Claims end at `until`.
    pub async fn turn(&self, owner: &str, turn: Turn<'_>, until: UnixTime, now: UnixTime) -> Result<Turned> {
        let mut tx = self.begin().await?;
        settle_all(&mut tx, owner, turn.settled, now).await?;
        let leaving = mark_leaving(&mut tx, owner, turn.leaving, until).await?;
        let claimed = claim(&mut tx, owner, turn.wanted, until, now).await?;
        let ids: Vec<i64> = claimed.iter().map(|mail| mail.id).collect();
        let addressees = addressees(&mut tx, &ids).await?;
        tx.commit().await?;
        Ok(Turned { leaving, claimed, addressees })
    }

    /// To whom this newsletter goes.
    pub async fn addressee(&self, outbox_id: i64) -> Result<Option<Addressee>> {
        Ok(addressees(&mut self.begin_reading().await?, &[outbox_id]).await?.pop())
    }

    /// Whether mails of this campaign wait for their turn.
    pub async fn has_planned_newsletters(&self, name: &str) -> Result<bool> {
        // SQLite takes the tables of a CROSS JOIN in this order: few mails wait, and many may have gone.
        let sql = "SELECT EXISTS (SELECT 1 FROM outbox o CROSS JOIN campaign_mail c \
                   WHERE o.state = 'planned' AND o.what = 'newsletter' AND c.outbox_id = o.id AND c.campaign = $1)";
        Ok(on_pool!(self.reader(), c => sqlx::query_scalar(sql).bind(name).fetch_one(c).await?))
    }

    /// To whom this newsletter went, in lower case; None if it is none.
    pub async fn newsletter_recipient(&self, outbox_id: i64) -> Result<Option<String>> {
        let sql = "SELECT lower(recipient) FROM outbox WHERE id = $1 AND what = 'newsletter'";
        Ok(on_pool!(self.reader(), c => sqlx::query_scalar(sql).bind(outbox_id).fetch_optional(c).await?))
    }

    /// Newsletters planned and not yet sent.
    pub async fn count_planned_newsletters(&self) -> Result<i64> {
        let sql = "SELECT COUNT(*) FROM outbox WHERE state = 'planned' AND what = 'newsletter'";
        Ok(on_pool!(self.reader(), c => sqlx::query_scalar(sql).fetch_one(c).await?))
    }
}

/// To whom these newsletters go.
async fn addressees(tx: &mut Tx, outbox_ids: &[i64]) -> Result<Vec<Addressee>> {
    let mut rows: Vec<AddresseeRow> = Vec::new();
    for ids in outbox_ids.chunks(ROWS_A_STATEMENT) {
        rows.extend::<Vec<AddresseeRow>>(on_tx!(&mut *tx, c => {
            let mut query = sqlx::QueryBuilder::new(
                "SELECT o.id AS outbox_id, b.id AS buyer_id, b.name, b.company, b.country, b.language, ",
            );
            query.push("(").push(is_unwanted("lower(o.recipient)")).push(
                ") AS unwanted FROM outbox o LEFT JOIN campaign_mail m ON m.outbox_id = o.id \
                 LEFT JOIN buyer x ON x.id = m.buyer_id \
                 LEFT JOIN buyer b ON b.id = COALESCE(x.merged_into, x.id) WHERE o.id IN (",
            );
            push_in!(query, ids);
            query.build_query_as().fetch_all(c).await?
        }));
    }
    let buyers: Vec<i64> = rows.iter().filter_map(|row| row.buyer_id).collect();
    let mut products = products_of(tx, &buyers).await?;
    let addressee = |row: AddresseeRow| {
        let AddresseeRow { outbox_id, buyer_id, name, company, country, language, unwanted } = row;
        let candidate = buyer_id.map(|buyer_id| {
            let products = products.remove(&buyer_id).unwrap_or_default();
            Candidate { buyer_id, name, company, country, language, products, ..Candidate::default() }
        });
        Addressee { outbox_id, candidate, unwanted }
    };
    Ok(rows.into_iter().map(addressee).collect())
}

/// Most went: these in a few statements, the others one by one.
async fn settle_all(tx: &mut Tx, owner: &str, settled: &[(i64, Fate)], now: UnixTime) -> Result<()> {
    let sent: Vec<i64> = settled.iter().filter(|(_, fate)| *fate == Fate::Sent).map(|(id, _)| *id).collect();
    for ids in sent.chunks(ROWS_A_STATEMENT) {
        on_tx!(&mut *tx, c => {
            let mut query = sqlx::QueryBuilder::new("UPDATE outbox SET state = 'sent', last_error = NULL, claimed_until = 0, finished_at = ");
            query.push_bind(now).push(" WHERE state = 'sending' AND claimed_by = ").push_bind(owner).push(" AND id IN (");
            push_in!(query, ids);
            query.build().execute(c).await?.rows_affected()
        });
    }
    for (id, fate) in settled.iter().filter(|(_, fate)| *fate != Fate::Sent) {
        on_tx!(&mut *tx, c => settle!(c, *id, owner, fate, now));
    }
    Ok(())
}

/// Their claims begin anew: what took its time was composing and offering them.
async fn mark_leaving(tx: &mut Tx, owner: &str, ids: &[i64], until: UnixTime) -> Result<Vec<i64>> {
    let mut leaving = Vec::with_capacity(ids.len());
    for ids in ids.chunks(ROWS_A_STATEMENT) {
        leaving.extend::<Vec<i64>>(on_tx!(&mut *tx, c => {
            let mut query = sqlx::QueryBuilder::new(
                "UPDATE outbox SET state = 'sending', attempts = attempts + 1, claimed_until = ",
            );
            query.push_bind(until).push(" WHERE state = 'planned' AND claimed_by = ").push_bind(owner).push(" AND id IN (");
            push_in!(query, ids);
            query.push(" RETURNING id").build_query_scalar().fetch_all(c).await?
        }));
    }
    Ok(leaving)
}

/// Of running campaigns alone. What another daemon is just claiming is passed over, not waited for.
async fn claim(tx: &mut Tx, owner: &str, ids: &[i64], until: UnixTime, now: UnixTime) -> Result<Vec<Claimed>> {
    let lock = if matches!(tx, Tx::Postgres(_)) { " ORDER BY o.id FOR UPDATE SKIP LOCKED" } else { "" };
    let mut claimed = Vec::with_capacity(ids.len());
    for ids in ids.chunks(ROWS_A_STATEMENT) {
        claimed.extend::<Vec<Claimed>>(on_tx!(&mut *tx, c => {
            let mut query = sqlx::QueryBuilder::new("UPDATE outbox SET claimed_by = ");
            query.push_bind(owner).push(", claimed_until = ").push_bind(until).push(
                " WHERE id IN (SELECT o.id FROM outbox o WHERE o.state = 'planned' AND NOT EXISTS (SELECT 1 FROM campaign_mail m \
                 JOIN campaign c ON c.name = m.campaign WHERE m.outbox_id = o.id AND c.state <> 'running') AND o.claimed_until <= ",
            );
            query.push_bind(now).push(" AND o.id IN (");
            push_in!(query, ids);
            query.push(lock).push(")").push(CLAIMED).build_query_as().fetch_all(c).await?
        }));
    }
    Ok(claimed)
}
