//! Samples that buyers wait for.

use super::ledger::NewEvent;
use super::{Store, Tx, on_pool, on_tx};
use crate::buyer::EventKind;
use crate::clock::UnixTime;
use crate::follow_up::SampleWait;
use anyhow::Result;

/// A sample that nobody sent, as people are told of it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct WaitingSample {
    pub id: i64,
    pub buyer_id: i64,
    pub inquiry_id: Option<i64>,
    pub asked_at: UnixTime,
    pub buyer: String,
    pub owner: Option<String>,
}

/// A buyer asks for a sample: he waits from now on, unless he does already.
pub(super) async fn begin(tx: &mut Tx, buyer_id: i64, inquiry_id: Option<i64>, at: UnixTime) -> Result<()> {
    let sql = "INSERT INTO sample_wait (buyer_id, inquiry_id, asked_at) SELECT $1, $2, $3 \
               WHERE NOT EXISTS (SELECT 1 FROM sample_wait WHERE buyer_id = $1 AND settled_at IS NULL)";
    on_tx!(tx, c => sqlx::query(sql).bind(buyer_id).bind(inquiry_id).bind(at).execute(c).await?.rows_affected());
    Ok(())
}

/// The sample was sent, or won't be.
pub(super) async fn settle(tx: &mut Tx, buyer_id: i64, at: UnixTime) -> Result<()> {
    let sql = "UPDATE sample_wait SET settled_at = $2 WHERE settled_at IS NULL AND asked_at <= $2 \
               AND (buyer_id = $1 OR buyer_id IN (SELECT id FROM buyer WHERE merged_into = $1))";
    on_tx!(tx, c => sqlx::query(sql).bind(buyer_id).bind(at).execute(c).await?.rows_affected());
    Ok(())
}

/// What an entry of the ledger says about samples.
pub(super) async fn note_event(tx: &mut Tx, event: &NewEvent<'_>) -> Result<()> {
    match event.what {
        EventKind::SampleAsked => begin(tx, event.buyer_id, event.inquiry_id, event.at).await,
        EventKind::SampleSent
        | EventKind::SampleResult
        | EventKind::SampleOrder
        | EventKind::TrialOrder
        | EventKind::RepeatOrder => settle(tx, event.buyer_id, event.at).await,
        _ => Ok(()),
    }
}

impl Store {
    /// Samples that buyers wait for and that no manager was told of, longest first.
    pub async fn waiting_samples(&self) -> Result<Vec<WaitingSample>> {
        let sql = "SELECT s.id, b.id AS buyer_id, s.inquiry_id, s.asked_at, \
                   COALESCE(b.company, b.name, b.email, '') AS buyer, b.owner \
                   FROM sample_wait s JOIN buyer a ON a.id = s.buyer_id JOIN buyer b ON b.id = COALESCE(a.merged_into, a.id) \
                   WHERE s.settled_at IS NULL AND s.told_at IS NULL ORDER BY s.asked_at, s.id";
        Ok(on_pool!(self.reader(), c => sqlx::query_as(sql).fetch_all(c).await?))
    }
}

impl From<&WaitingSample> for SampleWait {
    fn from(sample: &WaitingSample) -> Self {
        SampleWait { id: sample.id, asked_at: sample.asked_at, told: false }
    }
}
