//! Newsletters: who is still to get one, and reminders that were planned.

use super::buyers::WANTS_NEWS;
use super::{Store, on_pool, on_tx, push_in};
use crate::clock::UnixTime;
use crate::follow_up::Level;
use crate::grading::Grade;
use crate::letter::PlannedMail;
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

    /// Plans reminders: the mails, and that these inquiries were reminded of at this level, in one transaction.
    ///
    /// `render` gets those of `inquiry_ids` that no other daemon has reminded of meanwhile, and makes the mails.
    pub async fn plan_reminders(
        &self,
        level: Level,
        inquiry_ids: &[i64],
        now: UnixTime,
        render: impl FnOnce(&[i64]) -> Result<Vec<PlannedMail>>,
    ) -> Result<usize> {
        let mut tx = self.begin().await?;
        tx.numbers().await?;
        let mut new = Vec::new();
        for id in inquiry_ids {
            let sql = "INSERT INTO reminder (inquiry_id, level, planned_at) VALUES ($1, $2, $3) \
                       ON CONFLICT (inquiry_id, level) DO NOTHING";
            let inserted = on_tx!(&mut tx, c => sqlx::query(sql).bind(id).bind(level.as_str()).bind(now)
                .execute(c).await?.rows_affected());
            if inserted == 1 {
                new.push(*id);
            }
        }
        if !new.is_empty() {
            super::outbox::plan(&mut tx, &render(&new)?, now).await?;
        }
        tx.commit().await?;
        Ok(new.len())
    }
}
