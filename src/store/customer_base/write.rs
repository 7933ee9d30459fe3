//! Writes what an import changes, and what was there before.

use super::ASKED_AT_ONCE;
use crate::buyer::{Card, Change, Plan};
use crate::clock::UnixTime;
use crate::store::{ROWS_A_STATEMENT, Tx, clean, insert_rows, on_tx, push_in};
use anyhow::{Result, bail};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::HashSet;

/// What an import changed on a known buyer's card, so that it can be taken back.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Record {
    pub before: Map<String, Value>,
    pub after: Map<String, Value>,
    pub addresses: Vec<String>,
    pub marks: Vec<(String, String)>,
}

pub(super) async fn insert_import(
    tx: &mut Tx,
    (file, source): (&str, &str),
    plan: &Plan,
    now: UnixTime,
) -> Result<i64> {
    let sql = "INSERT INTO buyer_import (file, source, at, added, merged) VALUES ($1, $2, $3, $4, $5) RETURNING id";
    let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    Ok(on_tx!(tx, c => sqlx::query_scalar(sql).bind(clean(file)).bind(clean(source)).bind(now)
        .bind(count(plan.added())).bind(count(plan.changed())).fetch_one(c).await?))
}

pub(super) async fn write(
    tx: &mut Tx,
    import_id: i64,
    changes: &[(i64, &Change)],
    now: UnixTime,
    step: &(dyn Fn(usize, usize) + Sync),
) -> Result<()> {
    let known_ids: Vec<i64> = changes.iter().filter(|(_, change)| change.id.is_some()).map(|(id, _)| *id).collect();
    let had = marks_of(tx, &known_ids).await?;
    for (at, some) in changes.chunks(ASKED_AT_ONCE).enumerate() {
        step(at * ASKED_AT_ONCE, changes.len());
        let cards: Vec<(i64, &Card)> = some.iter().map(|(id, change)| (*id, &change.card)).collect();
        put_cards(tx, &cards, now).await?;
        let addresses: Vec<(&String, i64)> =
            some.iter().flat_map(|(id, change)| change.addresses.iter().map(|address| (address, *id))).collect();
        insert_rows!(tx, "INSERT INTO buyer_address (address, buyer_id) ", addresses, |b, row| b
            .push_bind(row.0)
            .push_bind(row.1));
        let records: Vec<(i64, i64, Option<String>)> =
            some.iter().map(|(id, change)| record(*id, change, &had)).collect::<Result<_>>()?;
        insert_rows!(tx, "INSERT INTO buyer_import_change (import_id, line, buyer_id, before) ", records, |b, row| b
            .push_bind(import_id)
            .push_bind(row.0)
            .push_bind(row.1)
            .push_bind(&row.2));
    }
    // In the order of the index: pages are written once.
    let mut marks: Vec<(&'static str, &str, i64)> = changes
        .iter()
        .flat_map(|(id, change)| change.marks.iter().map(|mark| (mark.kind.as_str(), mark.mark.as_str(), *id)))
        .filter(|(kind, mark, id)| !had.contains(&(*id, (*kind).to_owned(), (*mark).to_owned())))
        .collect();
    marks.sort_unstable();
    insert_rows!(tx, "INSERT INTO buyer_mark (kind, mark, buyer_id) ", marks, |b, row| b
        .push_bind(row.0)
        .push_bind(row.1)
        .push_bind(row.2));
    Ok(())
}

async fn marks_of(tx: &mut Tx, ids: &[i64]) -> Result<HashSet<(i64, String, String)>> {
    let mut marks = HashSet::new();
    for ids in ids.chunks(ASKED_AT_ONCE) {
        let found: Vec<(i64, String, String)> = on_tx!(tx, c => {
            let mut query = sqlx::QueryBuilder::new("SELECT buyer_id, kind, mark FROM buyer_mark WHERE buyer_id IN (");
            push_in!(query, ids);
            query.build_query_as().fetch_all(c).await?
        });
        marks.extend(found);
    }
    Ok(marks)
}

/// Line, buyer, and what a known one was before.
fn record(id: i64, change: &Change, had: &HashSet<(i64, String, String)>) -> Result<(i64, i64, Option<String>)> {
    let line = i64::try_from(change.line).unwrap_or(i64::MAX);
    let Some(before) = &change.before else { return Ok((line, id, None)) };
    let (before, after) = (fields(before)?, fields(&change.card)?);
    let changed: Vec<&String> = before.keys().filter(|key| before.get(*key) != after.get(*key)).collect();
    let of = |all: &Map<String, Value>| {
        changed.iter().filter_map(|key| Some(((*key).clone(), all.get(*key)?.clone()))).collect()
    };
    let marks = change.marks.iter().map(|mark| (mark.kind.as_str().to_owned(), mark.mark.clone()));
    let marks = marks.filter(|(kind, mark)| !had.contains(&(id, kind.clone(), mark.clone()))).collect();
    let record = Record { before: of(&before), after: of(&after), addresses: change.addresses.clone(), marks };
    Ok((line, id, Some(serde_json::to_string(&record)?)))
}

pub(super) fn fields(card: &Card) -> Result<Map<String, Value>> {
    match serde_json::to_value(card)? {
        Value::Object(fields) => Ok(fields),
        _ => bail!("a card is an object"),
    }
}

/// Writes cards, new ones and known ones.
pub(super) async fn put_cards(tx: &mut Tx, cards: &[(i64, &Card)], now: UnixTime) -> Result<()> {
    for cards in cards.chunks(ROWS_A_STATEMENT) {
        on_tx!(&mut *tx, c => {
            let mut query = sqlx::QueryBuilder::new("INSERT INTO buyer (id, name, email, company, country, phone, grade, \
                graded_by, stage, source, owner, language, consent, consent_at, consent_until, tags, notes, first_contact, last_contact) ");
            query.push_values(cards, |mut row, (id, card)| {
                row.push_bind(*id).push_bind(&card.name).push_bind(&card.email).push_bind(&card.company)
                    .push_bind(&card.country).push_bind(&card.phone).push_bind(&card.grade).push_bind(&card.graded_by)
                    .push_bind(card.stage.as_str()).push_bind(&card.source).push_bind(&card.owner).push_bind(&card.language)
                    .push_bind(&card.consent).push_bind(card.consent_at).push_bind(&card.consent_until).push_bind(card.tags.json()).push_bind(&card.notes).push_bind(card.first_contact.unwrap_or(now))
                    .push_bind(card.last_contact.unwrap_or(now));
            });
            query.push(" ON CONFLICT (id) DO UPDATE SET name = excluded.name, email = excluded.email, \
                company = excluded.company, country = excluded.country, phone = excluded.phone, grade = excluded.grade, \
                graded_by = excluded.graded_by, stage = excluded.stage, source = excluded.source, owner = excluded.owner, \
                language = excluded.language, consent = excluded.consent, consent_at = excluded.consent_at, consent_until = excluded.consent_until, tags = excluded.tags, notes = excluded.notes, \
                first_contact = excluded.first_contact, last_contact = excluded.last_contact, follow_up_at = 0, \
                bounced_at = CASE WHEN COALESCE(buyer.email, '') = COALESCE(excluded.email, '') THEN buyer.bounced_at \
                ELSE NULL END");
            query.build().execute(c).await?;
        });
    }
    Ok(())
}
