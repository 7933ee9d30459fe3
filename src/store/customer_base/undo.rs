//! Takes an import back.

use super::known::sorted;
use super::write::{Record, fields, put_cards};
use super::{ASKED_AT_ONCE, Undone};
use crate::buyer::Card;
use crate::store::{Tx, on_tx, push_in};
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::collections::{HashMap, HashSet};

/// Known buyers become what they were, but for what somebody changed since.
pub(super) async fn restore(tx: &mut Tx, import_id: i64, undone: &mut Undone) -> Result<()> {
    let sql =
        "SELECT buyer_id, before FROM buyer_import_change WHERE import_id = $1 AND before IS NOT NULL ORDER BY line";
    let changes: Vec<(i64, String)> = on_tx!(&mut *tx, c => sqlx::query_as(sql).bind(import_id).fetch_all(c).await?);
    for changes in changes.chunks(ASKED_AT_ONCE) {
        let ids: Vec<i64> = changes.iter().map(|(id, _)| *id).collect();
        let rows = crate::store::buyers::by_ids(tx, &ids).await?;
        if let Some((id, kept)) = rows.iter().find_map(|row| Some((row.id, row.merged_into?))) {
            bail!(
                "buyer {id} of this import is buyer {kept} by now: take that merge back first (`inquiryd buyers unmerge`)"
            );
        }
        let mut cards: HashMap<i64, Card> = rows.into_iter().map(|row| (row.id, Card::from(row))).collect();
        let (mut addresses, mut marks) = (Vec::new(), Vec::new());
        for (id, json) in changes {
            let record: Record =
                serde_json::from_str(json).with_context(|| format!("what import {import_id} did to #{id}"))?;
            let Some(card) = cards.get_mut(id) else { continue };
            let changed_since = put_back(card, &record)?;
            undone.restored += 1;
            if !changed_since.is_empty() {
                undone.kept.push(format!("#{id}: {} changed since, and stays", changed_since.join(", ")));
            }
            addresses.extend(record.addresses.into_iter().map(|address| (address, *id)));
            marks.extend(record.marks.into_iter().map(|mark| (mark, *id)));
        }
        let cards: Vec<(i64, &Card)> = cards.iter().map(|(id, card)| (*id, card)).collect();
        put_cards(tx, &cards, 0).await?;
        for (address, id) in addresses {
            let sql = "DELETE FROM buyer_address WHERE address = $1 AND buyer_id = $2";
            on_tx!(&mut *tx, c => sqlx::query(sql).bind(address).bind(id).execute(c).await?.rows_affected());
        }
        for ((kind, mark), id) in marks {
            let sql = "DELETE FROM buyer_mark WHERE kind = $1 AND mark = $2 AND buyer_id = $3";
            on_tx!(&mut *tx, c => sqlx::query(sql).bind(kind).bind(mark).bind(id).execute(c).await?.rows_affected());
        }
    }
    Ok(())
}

/// Puts back what is as the import left it; the names of the other fields.
fn put_back(card: &mut Card, record: &Record) -> Result<Vec<String>> {
    let mut now = fields(card)?;
    let mut changed_since = Vec::new();
    for (field, before) in &record.before {
        if now.get(field) == record.after.get(field) {
            now.insert(field.clone(), before.clone());
        } else {
            changed_since.push(field.clone());
        }
    }
    *card = serde_json::from_value(Value::Object(now))?;
    Ok(changed_since)
}

/// Why a buyer whom an import brought must stay: a question that finds his number, and the reason.
const STAYS: [(&str, &str); 6] = [
    ("SELECT buyer_id FROM inquiry", "he has inquiries since"),
    ("SELECT buyer_id FROM mail WHERE buyer_id IS NOT NULL", "there is mail of his since"),
    ("SELECT buyer_id FROM buyer_event", "his ledger has entries since"),
    ("SELECT kept FROM buyer_merge", "he was merged with another since"),
    ("SELECT gone FROM buyer_merge", "he was merged with another since"),
    ("SELECT merged_into FROM buyer WHERE merged_into IS NOT NULL", "he was merged with another since"),
];

pub(super) async fn remove_new(tx: &mut Tx, import_id: i64, undone: &mut Undone) -> Result<()> {
    let new = "SELECT buyer_id FROM buyer_import_change WHERE import_id = $1 AND before IS NULL";
    let mut gone: HashSet<i64> =
        on_tx!(&mut *tx, c => sqlx::query_scalar(new).bind(import_id).fetch_all(c).await?).into_iter().collect();
    let later = ("SELECT buyer_id FROM buyer_import_change WHERE import_id > $1", "a later import spoke of him, too");
    let mut stay: Vec<(i64, &str)> = Vec::new();
    for (sql, why) in STAYS.into_iter().chain([later]) {
        let sql = format!("{new} AND buyer_id IN ({sql}) ORDER BY buyer_id");
        let found: Vec<i64> =
            on_tx!(&mut *tx, c => sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).bind(import_id).fetch_all(c).await?);
        stay.extend(found.into_iter().filter(|id| gone.remove(id)).map(|id| (id, why)));
    }
    stay.sort_unstable();
    undone.kept.extend(stay.into_iter().map(|(id, why)| format!("#{id} stays: {why}")));
    undone.removed = gone.len();
    let sql = "DELETE FROM buyer_import_change WHERE import_id = $1";
    on_tx!(&mut *tx, c => sqlx::query(sql).bind(import_id).execute(c).await?.rows_affected());
    for ids in sorted(gone).chunks(ASKED_AT_ONCE) {
        for sql in [
            "DELETE FROM buyer_question WHERE buyer_id IN (",
            "DELETE FROM buyer_question WHERE candidate_id IN (",
            "DELETE FROM buyer_address WHERE buyer_id IN (",
            "DELETE FROM follow_up WHERE buyer_id IN (",
            "DELETE FROM buyer_mark WHERE buyer_id IN (",
            "DELETE FROM buyer WHERE id IN (",
        ] {
            on_tx!(&mut *tx, c => {
                let mut query = sqlx::QueryBuilder::new(sql);
                push_in!(query, ids);
                query.build().execute(c).await?;
            });
        }
    }
    Ok(())
}
