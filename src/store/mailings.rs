//! Newsletters: who is still to get one.

use super::buyers::WANTS_NEWS;
use super::{Store, on_pool, push_in};
use crate::clock::UnixTime;
use crate::grading::Grade;
use anyhow::Result;

/// A buyer who is to get a newsletter.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Subscriber {
    pub buyer_id: i64,
    pub email: String,
    pub name: Option<String>,
}

impl Store {
    /// Buyers of these grades who were known when the campaign's date came, have an address, are not suppressed, and for
    /// whom the campaign was never planned: by their numbers, from the one after `after`.
    ///
    /// Who writes to us later is not sent old newsletters.
    pub async fn subscribers(
        &self,
        campaign: &str,
        date: UnixTime,
        grades: &[Grade],
        after: i64,
        limit: i64,
    ) -> Result<Vec<Subscriber>> {
        on_pool!(self.reader(), c => {
            let mut query = sqlx::QueryBuilder::new("SELECT b.id AS buyer_id, b.email, b.name FROM buyer b \
                WHERE b.email IS NOT NULL AND b.merged_into IS NULL \
                AND ");
            query.push(WANTS_NEWS).push(" AND b.first_contact <= ");
            query.push_bind(date).push(" AND b.id > ").push_bind(after).push(" AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.key = ");
            query.push_bind(format!("newsletter/{campaign}/")).push(" || b.email) AND b.grade IN (");
            push_in!(query, grades.iter().map(|grade| grade.as_str()));
            query.push(" ORDER BY b.id LIMIT ").push_bind(limit);
            Ok(query.build_query_as().fetch_all(c).await?)
        })
    }

    /// An address gets no newsletter any more.
    pub async fn suppress(&self, address: &str, reason: &str, now: UnixTime) -> Result<()> {
        let sql =
            "INSERT INTO suppression (address, reason, since) VALUES ($1, $2, $3) ON CONFLICT (address) DO NOTHING";
        on_pool!(self.writer, c => sqlx::query(sql).bind(address).bind(reason).bind(now)
            .execute(c).await?.rows_affected());
        Ok(())
    }

    /// Newsletters planned and not yet sent.
    pub async fn count_planned_newsletters(&self) -> Result<i64> {
        let sql = "SELECT COUNT(*) FROM outbox WHERE state = 'planned' AND what = 'newsletter'";
        Ok(on_pool!(self.reader(), c => sqlx::query_scalar(sql).fetch_one(c).await?))
    }
}
