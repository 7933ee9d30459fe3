//! What a batch must know before it is decided.

use super::{Answers, Place, Questions};
use crate::buyer::{Mark, MarkKind, ThreadLink};
use crate::store::{ROWS_A_STATEMENT, Tx, buyers, on_tx, push_in};
use anyhow::Result;
use std::collections::{HashMap, HashSet};

#[derive(sqlx::FromRow)]
struct BuyerFound {
    address: String,
    #[sqlx(flatten)]
    buyer: buyers::BuyerRow,
}

pub(super) async fn answers(tx: &mut Tx, place: &Place, questions: &Questions) -> Result<Answers> {
    let mut answers = Answers::default();
    for identities in questions.identities.chunks(ROWS_A_STATEMENT) {
        let found: Vec<(String, i64)> = on_tx!(tx, c => {
            let mut query = sqlx::QueryBuilder::new("SELECT identity, id FROM mail WHERE account = ");
            query.push_bind(&place.account).push(" AND identity IN (");
            push_in!(query, identities);
            query.build_query_as().fetch_all(c).await?
        });
        answers.recorded.extend(found);
    }
    let known = &mut answers.known;
    for ids in questions.message_ids.chunks(ROWS_A_STATEMENT) {
        known.threads.extend(threads(tx, ids).await?);
        known.ours.extend(ours(tx, ids).await?);
    }
    for addresses in questions.addresses.chunks(ROWS_A_STATEMENT) {
        for found in buyers_at(tx, addresses).await? {
            known.addresses.insert(found.address, found.buyer.id);
            known.buyers.insert(found.buyer.id, found.buyer.into());
        }
    }
    let is_known = |address: &Option<String>| address.as_ref().is_some_and(|a| known.addresses.contains_key(a));
    let strangers = questions.strangers.iter().filter(|(address, _)| !is_known(address));
    let mut marks: Vec<&Mark> = strangers.flat_map(|(_, marks)| marks).collect();
    marks.sort_unstable();
    marks.dedup();
    for marks in marks.chunks(ROWS_A_STATEMENT) {
        for (mark, buyer_id) in marked(tx, marks).await? {
            known.marks.entry(mark).or_default().push(buyer_id);
        }
    }
    let of_threads = known.threads.values().filter_map(|link| link.buyer_id);
    let mentioned: HashSet<i64> = of_threads.chain(known.marks.values().flatten().copied()).collect();
    let missing: Vec<i64> = mentioned.into_iter().filter(|id| !known.buyers.contains_key(id)).collect();
    for ids in missing.chunks(ROWS_A_STATEMENT) {
        let found = buyers::by_ids(tx, ids).await?;
        known.buyers.extend(found.into_iter().map(|row| (row.id, row.into())));
    }
    Ok(answers)
}

async fn threads(tx: &mut Tx, ids: &[String]) -> Result<HashMap<String, ThreadLink>> {
    let rows: Vec<(String, Option<i64>)> = on_tx!(tx, c => {
        let mut query = sqlx::QueryBuilder::new("SELECT message_id, buyer_id FROM mail WHERE message_id IN (");
        push_in!(query, ids);
        query.build_query_as().fetch_all(c).await?
    });
    let mut buyers: HashMap<String, HashSet<i64>> = HashMap::new();
    for (message_id, buyer_id) in rows {
        buyers.entry(message_id).or_default().extend(buyer_id);
    }
    // A Message-ID that several buyers' mails have leads to none of them.
    let only = |ids: HashSet<i64>| if ids.len() == 1 { ids.into_iter().next() } else { None };
    Ok(buyers.into_iter().map(|(message_id, ids)| (message_id, ThreadLink { buyer_id: only(ids) })).collect())
}

async fn ours(tx: &mut Tx, ids: &[String]) -> Result<Vec<String>> {
    let ids: Vec<&String> = ids.iter().filter(|id| crate::letter::is_message_id_of_ours(id)).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(on_tx!(tx, c => {
        let mut query = sqlx::QueryBuilder::new("SELECT message_id FROM outbox WHERE message_id IN (");
        push_in!(query, ids);
        query.build_query_scalar().fetch_all(c).await?
    }))
}

async fn buyers_at(tx: &mut Tx, addresses: &[String]) -> Result<Vec<BuyerFound>> {
    Ok(on_tx!(tx, c => {
        let mut query = sqlx::QueryBuilder::new(
            "SELECT a.address, b.* FROM buyer_address a JOIN buyer b ON b.id = a.buyer_id WHERE a.address IN (");
        push_in!(query, addresses);
        query.build_query_as().fetch_all(c).await?
    }))
}

/// Buyers that have these marks, a few of each: what many share tells nobody apart, and must not cost more for being many.
async fn marked(tx: &mut Tx, marks: &[&Mark]) -> Result<Vec<(Mark, i64)>> {
    const OWNERS: &str = "SELECT * FROM (SELECT kind, mark, buyer_id FROM buyer_mark WHERE mark = ";
    let rows: Vec<(String, String, i64)> = on_tx!(tx, c => {
        let mut query = sqlx::QueryBuilder::new("");
        for (index, mark) in marks.iter().enumerate() {
            query.push(if index == 0 { "" } else { " UNION ALL " }).push(OWNERS).push_bind(&mark.mark);
            query.push(" AND kind = ").push_bind(mark.kind.as_str()).push(" ORDER BY buyer_id LIMIT 8) AS owners");
        }
        query.build_query_as().fetch_all(c).await?
    });
    let mark =
        |(kind, mark, buyer_id): (String, String, i64)| Some((Mark { kind: MarkKind::parse(&kind)?, mark }, buyer_id));
    Ok(rows.into_iter().filter_map(mark).collect())
}
