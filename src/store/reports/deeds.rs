//! What our people did for buyers in a period.

use super::{Asked, BUYER, ORDERS, Scope, count, push_scope};
use crate::buyer::EventKind;
use crate::clock::UnixTime;
use crate::report::{Achieved, Entry, Moments, Written};
use crate::store::{Store, on_pool};
use anyhow::Result;
use futures_util::StreamExt;

#[derive(sqlx::FromRow)]
struct EntryRow {
    at: UnixTime,
    what: String,
    detail: String,
    by_whom: Option<String>,
    buyer_id: i64,
    buyer: String,
    country: Option<String>,
    owner: Option<String>,
    facts: Option<String>,
}

/// Who of us wrote how often to the buyers of whom.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct MailCount {
    pub from_email: Option<String>,
    pub owner: Option<String>,
    pub number: i64,
}

impl Store {
    /// The entries of all ledgers in these moments, one after the other; what people decided about cards aside.
    pub async fn entries(&self, moments: Moments, scope: &Scope, mut each: impl FnMut(Entry)) -> Result<()> {
        on_pool!(self.reader(), c => {
            let mut query = sqlx::QueryBuilder::new(format!(
                "SELECT e.at, e.what, e.detail, e.by_whom, e.buyer_id, {BUYER}, b.country, b.owner, i.facts \
                 FROM buyer_event e JOIN buyer b ON b.id = e.buyer_id LEFT JOIN inquiry i ON i.id = e.inquiry_id \
                 WHERE e.what IN ('"
            ));
            query.push(EventKind::RECORDED.map(EventKind::as_str).join("', '")).push("')");
            query.push(" AND e.at >= ").push_bind(moments.from).push(" AND e.at < ").push_bind(moments.until);
            push_scope!(query, scope);
            let mut rows = query.build_query_as::<EntryRow>().fetch(c);
            while let Some(row) = rows.next().await {
                if let Some(entry) = entry(row?) {
                    each(entry);
                }
            }
        });
        Ok(())
    }

    /// Mails that people wrote to buyers in these moments, newest first.
    pub async fn written(&self, moments: Moments, scope: &Scope, limit: i64) -> Result<Vec<Written>> {
        type Row = (UnixTime, Option<String>, i64, String, Option<String>, String);
        let rows: Vec<Row> = on_pool!(self.reader(), c => {
            let mut query = sqlx::QueryBuilder::new(format!(
                "SELECT m.received_at, m.from_email, m.buyer_id, {BUYER}, b.country, m.subject {WRITTEN}"
            ));
            query.push(" AND m.received_at >= ").push_bind(moments.from);
            query.push(" AND m.received_at < ").push_bind(moments.until);
            push_scope!(query, scope);
            query.push(" ORDER BY m.received_at DESC, m.id LIMIT ").push_bind(limit);
            query.build_query_as().fetch_all(c).await?
        });
        let line = |(at, by_whom, buyer_id, buyer, country, subject): Row| Written {
            at,
            by_whom,
            buyer_id,
            buyer,
            country,
            subject,
        };
        Ok(rows.into_iter().map(line).collect())
    }

    /// How many mails people wrote to buyers in these moments, by sender and owner.
    pub async fn count_written(&self, moments: Moments, scope: &Scope) -> Result<Vec<MailCount>> {
        Ok(on_pool!(self.reader(), c => {
            let mut query = sqlx::QueryBuilder::new(format!("SELECT m.from_email, b.owner, COUNT(*) AS number {WRITTEN}"));
            query.push(" AND m.received_at >= ").push_bind(moments.from);
            query.push(" AND m.received_at < ").push_bind(moments.until);
            push_scope!(query, scope);
            query.push(" GROUP BY m.from_email, b.owner ORDER BY m.from_email, b.owner");
            query.build_query_as().fetch_all(c).await?
        }))
    }

    /// How many follow-ups each owner was asked for in these moments.
    pub async fn count_asked(&self, moments: Moments, scope: &Scope) -> Result<Vec<(Option<String>, i64)>> {
        Ok(on_pool!(self.reader(), c => {
            let mut query = sqlx::QueryBuilder::new(
                "SELECT b.owner, COUNT(*) FROM follow_up f JOIN buyer b ON b.id = f.buyer_id WHERE f.asked_at >= ",
            );
            query.push_bind(moments.from).push(" AND f.asked_at < ").push_bind(moments.until);
            push_scope!(query, scope);
            query.push(" GROUP BY b.owner ORDER BY b.owner");
            query.build_query_as().fetch_all(c).await?
        }))
    }

    /// What people recorded in these moments, as the year's milestones count it.
    pub async fn achieved(&self, moments: Moments, scope: &Scope) -> Result<Achieved> {
        let buyers: Vec<(String, i64)> = on_pool!(self.reader(), c => {
            let mut query = sqlx::QueryBuilder::new(
                "SELECT e.what, COUNT(DISTINCT e.buyer_id) FROM buyer_event e JOIN buyer b ON b.id = e.buyer_id \
                 WHERE e.what IN ('sample_sent', 'factory_visit', 'sample_order', 'trial_order', 'repeat_order') AND e.at >= ",
            );
            query.push_bind(moments.from).push(" AND e.at < ").push_bind(moments.until);
            push_scope!(query, scope);
            query.push(" GROUP BY e.what");
            query.build_query_as().fetch_all(c).await?
        });
        let of = |what: EventKind| buyers.iter().find(|(word, _)| word == what.as_str()).map_or(0, |(_, n)| count(*n));
        Ok(Achieved {
            samples: of(EventKind::SampleSent),
            factory_visits: of(EventKind::FactoryVisit),
            sample_orders: of(EventKind::SampleOrder),
            trial_orders: of(EventKind::TrialOrder),
            repeat_orders: of(EventKind::RepeatOrder),
            steady: self.steady(moments, scope).await?,
            channels: self.channels(moments, scope).await?,
        })
    }

    /// Buyers with two orders or more.
    async fn steady(&self, moments: Moments, scope: &Scope) -> Result<u64> {
        Ok(count(on_pool!(self.reader(), c => {
            let mut query = sqlx::QueryBuilder::new(format!(
                "SELECT COUNT(*) FROM (SELECT e.buyer_id FROM buyer_event e JOIN buyer b ON b.id = e.buyer_id \
                 WHERE e.what IN {ORDERS} AND e.at >= "
            ));
            query.push_bind(moments.from).push(" AND e.at < ").push_bind(moments.until);
            push_scope!(query, scope);
            query.push(" GROUP BY e.buyer_id HAVING COUNT(*) >= 2) AS steady");
            query.build_query_scalar().fetch_one(c).await?
        })))
    }

    /// Orders by the way on which their buyers came to us, most first.
    async fn channels(&self, moments: Moments, scope: &Scope) -> Result<Vec<(String, u64)>> {
        let rows: Vec<(String, i64)> = on_pool!(self.reader(), c => {
            let mut query = sqlx::QueryBuilder::new(format!(
                "SELECT b.source, COUNT(*) FROM buyer_event e JOIN buyer b ON b.id = e.buyer_id \
                 WHERE e.what IN {ORDERS} AND e.at >= "
            ));
            query.push_bind(moments.from).push(" AND e.at < ").push_bind(moments.until);
            push_scope!(query, scope);
            query.push(" GROUP BY b.source ORDER BY COUNT(*) DESC, b.source");
            query.build_query_as().fetch_all(c).await?
        });
        Ok(rows.into_iter().map(|(source, orders)| (source, count(orders))).collect())
    }
}

// A person's mail to a buyer.
const WRITTEN: &str = "FROM mail m CROSS JOIN buyer b WHERE b.id = m.buyer_id AND m.direction = 'out' AND NOT m.automatic \
    AND NOT m.history";

fn entry(row: EntryRow) -> Option<Entry> {
    Some(Entry {
        at: row.at,
        what: EventKind::parse(&row.what)?,
        detail: row.detail,
        by_whom: row.by_whom,
        buyer_id: row.buyer_id,
        buyer: row.buyer,
        country: row.country,
        owner: row.owner,
        products: row.facts.as_deref().map(Asked::parse).unwrap_or_default().products,
    })
}
