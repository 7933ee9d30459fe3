//! Asks the store, in sets, whom the rows of a file may speak of.

use super::ASKED_AT_ONCE;
use crate::buyer::import::PAIRS;
use crate::buyer::{
    Card, Identities, ImportedBuyer, KnownBase, Mark, MarkKind, Plan, name_marks, person_mark, plan as plan_rows,
};
use crate::store::{Tx, on_tx, push_in};
use anyhow::Result;
use std::collections::{HashMap, HashSet};

/// Merges that are followed from one buyer to the next.
const LONGEST_CHAIN: usize = 8;

pub(super) async fn planned(tx: &mut Tx, rows: &[ImportedBuyer], step: &(dyn Fn(usize, usize) + Sync)) -> Result<Plan> {
    let identities: Vec<Identities> = rows.iter().map(Identities::of).collect();
    let known = known(tx, &identities, step).await?;
    Ok(plan_rows(rows, &identities, &known))
}

async fn known(tx: &mut Tx, identities: &[Identities], step: &(dyn Fn(usize, usize) + Sync)) -> Result<KnownBase> {
    let mut known = KnownBase::default();
    let all: i64 = on_tx!(tx, c => sqlx::query_scalar("SELECT COUNT(*) FROM buyer").fetch_one(c).await?);
    if all == 0 {
        return Ok(known);
    }
    for (at, some) in identities.chunks(ASKED_AT_ONCE).enumerate() {
        step(at * ASKED_AT_ONCE, identities.len());
        let addresses: HashSet<&String> = some.iter().flat_map(|identities| &identities.addresses).collect();
        for addresses in sorted(addresses).chunks(ASKED_AT_ONCE) {
            known.addresses.extend(owners_of(tx, addresses).await?);
        }
        // Who is known by an address is asked for nothing else.
        let unknown = |identities: &&Identities| !identities.addresses.iter().any(|a| known.addresses.contains_key(a));
        let some: Vec<&Identities> = some.iter().filter(unknown).collect();
        let pairs: HashSet<(Mark, Mark)> = some.iter().flat_map(|identities| identities.pairs()).collect();
        for pairs in sorted(pairs).chunks(ASKED_AT_ONCE) {
            ask_pairs(tx, pairs, &mut known.pairs).await?;
            ask_cards(tx, pairs, &mut known.pairs).await?;
        }
        let marks: HashSet<&Mark> = some.iter().flat_map(|identities| identities.doubtful()).collect();
        for marks in sorted(marks).chunks(ASKED_AT_ONCE) {
            ask_marks(tx, marks, &mut known.marks).await?;
        }
    }
    let ids = known.addresses.values().chain(known.pairs.values()).chain(known.marks.values());
    let (cards, merged) = cards(tx, ids.copied().collect()).await?;
    let follow = |id: &mut i64| {
        for _ in 0..LONGEST_CHAIN {
            *id = merged.get(id).copied().unwrap_or(*id);
        }
    };
    known.addresses.values_mut().for_each(follow);
    known.pairs.values_mut().for_each(follow);
    known.marks.values_mut().for_each(follow);
    known.cards = cards;
    Ok(known)
}

pub(super) fn sorted<T: Ord>(set: HashSet<T>) -> Vec<T> {
    let mut values: Vec<T> = set.into_iter().collect();
    values.sort_unstable();
    values
}

/// The cards of some buyers and of those they turned out to be, and who became whom.
async fn cards(tx: &mut Tx, mut wanted: HashSet<i64>) -> Result<(HashMap<i64, Card>, HashMap<i64, i64>)> {
    let (mut cards, mut merged) = (HashMap::new(), HashMap::new());
    for _ in 0..LONGEST_CHAIN {
        let mut next = HashSet::new();
        for ids in sorted(wanted).chunks(ASKED_AT_ONCE) {
            for row in crate::store::buyers::by_ids(tx, ids).await? {
                if let Some(kept) = row.merged_into {
                    merged.insert(row.id, kept);
                    next.insert(kept);
                }
                cards.insert(row.id, Card::from(row));
            }
        }
        next.retain(|id| !cards.contains_key(id));
        if next.is_empty() {
            break;
        }
        wanted = next;
    }
    Ok((cards, merged))
}

async fn owners_of(tx: &mut Tx, addresses: &[&String]) -> Result<Vec<(String, i64)>> {
    Ok(on_tx!(tx, c => {
        let mut query = sqlx::QueryBuilder::new("SELECT address, buyer_id FROM buyer_address WHERE address IN (");
        push_in!(query, addresses);
        query.build_query_as().fetch_all(c).await?
    }))
}

/// Who has a pair's names on his card: a mail that brings a buyer leaves them there alone. He is found by the number, or
/// by the mark of both names.
async fn ask_cards(tx: &mut Tx, pairs: &[(Mark, Mark)], known: &mut HashMap<(Mark, Mark), i64>) -> Result<()> {
    let mut by_mark: HashMap<Mark, Vec<&(Mark, Mark)>> = HashMap::new();
    for pair in pairs {
        let mark = match (pair.0.kind, pair.1.kind) {
            (MarkKind::Company, MarkKind::Name) => person_mark(&pair.1, &pair.0),
            _ => pair.0.clone(),
        };
        by_mark.entry(mark).or_default().push(pair);
    }
    let mut marks: Vec<&Mark> = by_mark.keys().collect();
    marks.sort_unstable();
    for kind in [MarkKind::Phone, MarkKind::Person] {
        let of_kind: Vec<&Mark> = marks.iter().copied().filter(|mark| mark.kind == kind).collect();
        if of_kind.is_empty() {
            continue;
        }
        let found: Vec<(String, i64, Option<String>, Option<String>)> = on_tx!(tx, c => {
            let mut query = sqlx::QueryBuilder::new("SELECT m.mark, b.id, b.name, b.company FROM buyer_mark m \
                CROSS JOIN buyer b WHERE b.id = m.buyer_id AND m.kind = ");
            query.push_bind(kind.as_str()).push(" AND m.mark IN (");
            push_in!(query, of_kind.iter().map(|mark| &mark.mark));
            query.build_query_as().fetch_all(c).await?
        });
        for (mark, id, name, company) in found {
            let names = name_marks(name.as_deref(), company.as_deref());
            let is_on_card = |mark: &Mark| mark.kind == MarkKind::Phone || names.contains(mark);
            for pair in by_mark.get(&Mark { kind, mark }).into_iter().flatten() {
                if is_on_card(&pair.0) && is_on_card(&pair.1) {
                    known.entry((*pair).clone()).and_modify(|first| *first = id.min(*first)).or_insert(id);
                }
            }
        }
    }
    Ok(())
}

/// Who has two marks together.
async fn ask_pairs(tx: &mut Tx, pairs: &[(Mark, Mark)], known: &mut HashMap<(Mark, Mark), i64>) -> Result<()> {
    // Both marks of a pair are asked for by kind, so that one index serves.
    for (one, other) in PAIRS {
        let of_kind: Vec<&(Mark, Mark)> = pairs.iter().filter(|p| p.0.kind == one && p.1.kind == other).collect();
        if of_kind.is_empty() {
            continue;
        }
        let found: Vec<(String, String, i64)> = on_tx!(tx, c => {
            let mut query = sqlx::QueryBuilder::new("WITH wanted (one, other) AS (");
            query.push_values(of_kind, |mut row, pair| { row.push_bind(&pair.0.mark).push_bind(&pair.1.mark); });
            // CROSS JOIN keeps SQLite in this order, each step by an index.
            query.push(") SELECT wanted.one, wanted.other, MIN(a.buyer_id) FROM wanted CROSS JOIN buyer_mark a \
                CROSS JOIN buyer_mark b WHERE a.mark = wanted.one AND b.mark = wanted.other AND b.buyer_id = a.buyer_id \
                AND a.kind = ").push_bind(one.as_str()).push(" AND b.kind = ").push_bind(other.as_str());
            query.push(" GROUP BY wanted.one, wanted.other");
            query.build_query_as().fetch_all(c).await?
        });
        let mark = |kind, mark| Mark { kind, mark };
        known.extend(found.into_iter().map(|(first, second, id)| ((mark(one, first), mark(other, second)), id)));
    }
    Ok(())
}

/// One buyer of each mark.
async fn ask_marks(tx: &mut Tx, marks: &[&Mark], known: &mut HashMap<Mark, i64>) -> Result<()> {
    for kind in [MarkKind::Phone, MarkKind::Domain] {
        let of_kind: Vec<&String> = marks.iter().filter(|mark| mark.kind == kind).map(|mark| &mark.mark).collect();
        if of_kind.is_empty() {
            continue;
        }
        let found: Vec<(String, i64)> = on_tx!(tx, c => {
            let mut query = sqlx::QueryBuilder::new("SELECT mark, MIN(buyer_id) FROM buyer_mark WHERE kind = ");
            query.push_bind(kind.as_str()).push(" AND mark IN (");
            push_in!(query, of_kind);
            query.push(" GROUP BY mark").build_query_as().fetch_all(c).await?
        });
        known.extend(found.into_iter().map(|(mark, id)| (Mark { kind, mark }, id)));
    }
    Ok(())
}
