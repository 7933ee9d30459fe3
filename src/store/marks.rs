//! What else buyers may be recognised by: an index over their cards.

use super::{ROWS_A_STATEMENT, Store, Tx, clean, on_pool, on_tx, push_in};
use crate::buyer::{self, Mark};
use anyhow::Result;

/// Adds marks; those a buyer has already are left alone.
pub(super) async fn write_marks(tx: &mut Tx, marks: &[(Mark, i64)]) -> Result<()> {
    // In the order of the index: each page is looked for once.
    let mut marks: Vec<&(Mark, i64)> = marks.iter().collect();
    marks.sort_unstable_by(|(one, _), (other, _)| (&one.mark, one.kind).cmp(&(&other.mark, other.kind)));
    for marks in marks.chunks(ROWS_A_STATEMENT) {
        on_tx!(tx, c => {
            let mut query = sqlx::QueryBuilder::new("INSERT INTO buyer_mark (kind, mark, buyer_id) ");
            query.push_values(marks, |mut b, (mark, buyer_id)| {
                b.push_bind(mark.kind.as_str()).push_bind(clean(&mark.mark)).push_bind(*buyer_id);
            });
            query.push(" ON CONFLICT (mark, kind, buyer_id) DO NOTHING");
            query.build().execute(c).await?;
        });
    }
    Ok(())
}

/// Another number whenever marks are made otherwise: then those in the store are made again.
const MAKING: &str = "2";

#[derive(sqlx::FromRow)]
struct Card {
    id: i64,
    name: Option<String>,
    company: Option<String>,
    country: Option<String>,
    phone: Option<String>,
}

/// Makes all marks again if they were made by another inquiryd, or before there were any.
pub(super) async fn refresh(store: &Store) -> Result<()> {
    let sql = "SELECT value FROM setting WHERE name = 'marks'";
    let made: Option<String> = on_pool!(store.reader(), c => sqlx::query_scalar(sql).fetch_optional(c).await?);
    if made.as_deref() == Some(MAKING) {
        return Ok(());
    }
    let mut tx = store.begin().await?;
    // Other writers wait, so that no card changes meanwhile.
    let last = tx.numbers().await?.buyer;
    // All others were made as they are now, and some stand on no card any more: numbers that mails were signed with.
    let sql = "DELETE FROM buyer_mark WHERE kind = 'person'";
    on_tx!(&mut tx, c => sqlx::query(sql).execute(c).await?.rows_affected());
    let ids: Vec<i64> = (1..=last).collect();
    for ids in ids.chunks(ROWS_A_STATEMENT) {
        mark_again(&mut tx, ids).await?;
    }
    let sql = "INSERT INTO setting (name, value) VALUES ('marks', $1) \
               ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    on_tx!(&mut tx, c => sqlx::query(sql).bind(MAKING).execute(c).await?.rows_affected());
    tx.commit().await
}

/// Takes away what the card of a buyer is recognised by now, before it is changed; what he is known by besides stays.
pub(super) async fn unmark(tx: &mut Tx, buyer_id: i64) -> Result<()> {
    for (mark, _) in of_cards(tx, &[buyer_id]).await? {
        let sql = "DELETE FROM buyer_mark WHERE buyer_id = $1 AND kind = $2 AND mark = $3";
        on_tx!(tx, c => sqlx::query(sql).bind(buyer_id).bind(mark.kind.as_str()).bind(&mark.mark)
            .execute(c).await?.rows_affected());
    }
    Ok(())
}

/// Adds what the cards of these buyers, at most [`ROWS_A_STATEMENT`], are recognised by now.
pub(super) async fn mark_again(tx: &mut Tx, ids: &[i64]) -> Result<()> {
    let marks = of_cards(tx, ids).await?;
    write_marks(tx, &marks).await
}

async fn of_cards(tx: &mut Tx, ids: &[i64]) -> Result<Vec<(Mark, i64)>> {
    let cards: Vec<Card> = on_tx!(tx, c => {
        let mut query = sqlx::QueryBuilder::new("SELECT id, name, company, country, phone FROM buyer WHERE id IN (");
        push_in!(query, ids);
        query.push(" AND merged_into IS NULL");
        query.build_query_as().fetch_all(c).await?
    });
    let addresses: Vec<(String, i64)> = on_tx!(tx, c => {
        let mut query = sqlx::QueryBuilder::new("SELECT address, buyer_id FROM buyer_address WHERE buyer_id IN (");
        push_in!(query, ids);
        query.build_query_as().fetch_all(c).await?
    });
    let of_card = |card: &Card| {
        let emails = addresses.iter().filter(|(_, id)| *id == card.id).map(|(address, _)| address.as_str());
        buyer::marks(
            card.name.as_deref(),
            card.company.as_deref(),
            emails,
            card.phone.as_deref(),
            card.country.as_deref(),
        )
    };
    Ok(cards.iter().flat_map(|card| of_card(card).into_iter().map(|mark| (mark, card.id))).collect())
}
