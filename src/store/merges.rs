//! Two buyers who are one, and the questions whether they are.

use super::card::{self, Card};
use super::ledger::{NewEvent, write_event};
use super::{Store, Tx, on_pool, on_tx};
use crate::buyer::{EventKind, Mark, MarkKind, name_marks};
use crate::clock::UnixTime;
use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

/// A new buyer who may be one we know.
#[derive(Clone, Debug, sqlx::FromRow, Serialize)]
pub struct QuestionDetails {
    pub id: i64,
    pub inquiry_id: Option<i64>,
    pub buyer_id: i64,
    pub buyer: String,
    pub candidate_id: i64,
    pub candidate: String,
    /// What speaks for it: `domain`, `phone` or `name`.
    pub reason: String,
    /// How like the names are, in hundredths; 0 where something else speaks for it.
    pub likeness: i64,
}

pub(super) const QUESTIONS: &str = "SELECT q.id, q.inquiry_id, q.buyer_id, \
    COALESCE(b.company, b.name, b.email, '') AS buyer, q.candidate_id, \
    COALESCE(k.company, k.name, k.email, '') AS candidate, q.reason, q.likeness \
    FROM buyer_question q JOIN buyer b ON b.id = q.buyer_id JOIN buyer k ON k.id = q.candidate_id \
    WHERE q.answer IS NULL AND b.merged_into IS NULL AND k.merged_into IS NULL ";

/// What a merge moved, so that it can move back.
#[derive(Debug, Serialize, Deserialize)]
struct Moved {
    addresses: Vec<String>,
    /// Kind and mark, of the kept one and of the other.
    marks: [Vec<(String, String)>; 2],
    mails: Vec<i64>,
    inquiries: Vec<i64>,
    events: Vec<i64>,
    /// The kept card before the merge and after it: what was changed since stays.
    before: Card,
    after: Card,
}

impl Store {
    /// Questions that nobody has answered, oldest first.
    pub async fn open_questions(&self) -> Result<Vec<QuestionDetails>> {
        let sql = sqlx::AssertSqlSafe(format!("{QUESTIONS} ORDER BY q.id"));
        Ok(on_pool!(self.reader(), c => sqlx::query_as(sql).fetch_all(c).await?))
    }

    /// They are two: the question is answered. False if nobody asked.
    pub async fn keep_apart(&self, one: i64, other: i64, by: &str, now: UnixTime) -> Result<bool> {
        let mut tx = self.begin().await?;
        let answered = answer(&mut tx, one, other, "different", by, now).await?;
        tx.commit().await?;
        Ok(answered > 0)
    }

    /// They are one: everything of `gone` becomes `kept`'s, whose card is completed. Returns the merge's number, by which
    /// it can be undone.
    ///
    /// # Errors
    /// One of them does not exist, was merged already, or both are the same.
    pub async fn merge(&self, kept: i64, gone: i64, reason: &str, by: &str, now: UnixTime) -> Result<i64> {
        if kept == gone {
            bail!("buyer {kept} is one already");
        }
        let mut tx = self.begin().await?;
        tx.numbers().await?;
        for id in [kept, gone] {
            let sql = "SELECT merged_into FROM buyer WHERE id = $1";
            let found: Option<Option<i64>> =
                on_tx!(&mut tx, c => sqlx::query_scalar(sql).bind(id).fetch_optional(c).await?);
            match found {
                None => bail!("there is no buyer {id}"),
                Some(Some(other)) => bail!("buyer {id} is buyer {other} already"),
                Some(None) => {}
            }
        }
        let moved = note(&mut tx, kept, gone).await?;
        give(&mut tx, gone, kept).await?;
        card::write(&mut tx, kept, &moved.after).await?;
        // Whoever is followed up by one of his cards is followed up.
        let sql = "UPDATE buyer SET follow_up_stopped = NULL WHERE id = $1 \
                   AND EXISTS (SELECT 1 FROM buyer WHERE id = $2 AND follow_up_stopped IS NULL)";
        on_tx!(&mut tx, c => sqlx::query(sql).bind(kept).bind(gone).execute(c).await?.rows_affected());
        answer(&mut tx, kept, gone, "same", by, now).await?;
        let sql = "INSERT INTO buyer_merge (kept, gone, at, by_whom, reason, moved) VALUES ($1, $2, $3, $4, $5, $6) \
                   RETURNING id";
        let json = serde_json::to_string(&moved)?;
        let id: i64 = on_tx!(&mut tx, c => sqlx::query_scalar(sql).bind(kept).bind(gone).bind(now).bind(by).bind(reason)
            .bind(json).fetch_one(c).await?);
        let detail = format!("buyer {gone} is buyer {kept}: {reason} (merge {id})");
        write_event(&mut tx, &entry(kept, &detail, by, now), now).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// They are two after all: everything goes back, but for what came since. Returns (kept, gone).
    ///
    /// # Errors
    /// There is no such merge, it was undone before, or the kept one was merged into a third since.
    pub async fn unmerge(&self, merge_id: i64, by: &str, now: UnixTime) -> Result<(i64, i64)> {
        let mut tx = self.begin().await?;
        tx.numbers().await?;
        let sql = "SELECT kept, gone, moved, undone_at FROM buyer_merge WHERE id = $1";
        let row: Option<(i64, i64, String, Option<UnixTime>)> =
            on_tx!(&mut tx, c => sqlx::query_as(sql).bind(merge_id).fetch_optional(c).await?);
        let (kept, gone, moved, undone) = row.with_context(|| format!("there is no merge {merge_id}"))?;
        if undone.is_some() {
            bail!("merge {merge_id} was undone before");
        }
        let sql = "SELECT MAX(id) FROM buyer_merge WHERE id > $1 AND undone_at IS NULL AND (kept = $2 OR gone = $2)";
        let later: Option<i64> =
            on_tx!(&mut tx, c => sqlx::query_scalar(sql).bind(merge_id).bind(kept).fetch_one(c).await?);
        if let Some(later) = later {
            bail!("buyer {kept} was merged again since: undo merge {later} first");
        }
        give_back(&mut tx, kept, gone, &serde_json::from_str(&moved)?).await?;
        let sql = "UPDATE buyer_merge SET undone_at = $2 WHERE id = $1";
        on_tx!(&mut tx, c => sqlx::query(sql).bind(merge_id).bind(now).execute(c).await?.rows_affected());
        // Nobody asks again.
        answer(&mut tx, kept, gone, "different", by, now).await?;
        write_event(&mut tx, &entry(kept, &format!("merge {merge_id} undone: buyer {gone} is another"), by, now), now)
            .await?;
        tx.commit().await?;
        Ok((kept, gone))
    }
}

fn entry<'a>(buyer_id: i64, detail: &'a str, by: &'a str, at: UnixTime) -> NewEvent<'a> {
    NewEvent { buyer_id, inquiry_id: None, at, what: EventKind::Merge, detail, by_whom: Some(by) }
}

async fn answer(tx: &mut Tx, one: i64, other: i64, answer: &str, by: &str, now: UnixTime) -> Result<u64> {
    let sql = "UPDATE buyer_question SET answer = $3, answered_by = $4, answered_at = $5 \
               WHERE (buyer_id = $1 AND candidate_id = $2) OR (buyer_id = $2 AND candidate_id = $1)";
    Ok(on_tx!(tx, c => sqlx::query(sql).bind(one).bind(other).bind(answer).bind(by).bind(now)
        .execute(c).await?.rows_affected()))
}

/// Everything that belongs to `gone`, and the kept card as it is and will be.
async fn note(tx: &mut Tx, kept: i64, gone: i64) -> Result<Moved> {
    let [mails, inquiries, events] = [
        "SELECT id FROM mail WHERE buyer_id = $1",
        "SELECT id FROM inquiry WHERE buyer_id = $1",
        "SELECT id FROM buyer_event WHERE buyer_id = $1",
    ];
    let sql = "SELECT address FROM buyer_address WHERE buyer_id = $1";
    let (before, other) = (card::read(tx, kept).await?, card::read(tx, gone).await?);
    // A mail leaves them on the card alone, and the card of the one who goes is asked no more.
    for (id, card) in [(kept, &before), (gone, &other)] {
        let names = name_marks(card.name.as_deref(), card.company.as_deref());
        super::marks::write_marks(tx, &names.into_iter().map(|mark| (mark, id)).collect::<Vec<_>>()).await?;
    }
    let marks = "SELECT kind, mark FROM buyer_mark WHERE buyer_id = $1";
    Ok(Moved {
        marks: [
            on_tx!(tx, c => sqlx::query_as(marks).bind(kept).fetch_all(c).await?),
            on_tx!(tx, c => sqlx::query_as(marks).bind(gone).fetch_all(c).await?),
        ],
        addresses: on_tx!(tx, c => sqlx::query_scalar(sql).bind(gone).fetch_all(c).await?),
        mails: on_tx!(tx, c => sqlx::query_scalar(mails).bind(gone).fetch_all(c).await?),
        inquiries: on_tx!(tx, c => sqlx::query_scalar(inquiries).bind(gone).fetch_all(c).await?),
        events: on_tx!(tx, c => sqlx::query_scalar(events).bind(gone).fetch_all(c).await?),
        after: before.clone().completed_by(&other),
        before,
    })
}

/// Moves everything of one buyer to another.
async fn give(tx: &mut Tx, from: i64, to: i64) -> Result<()> {
    const MOVES: [&str; 8] = [
        "UPDATE mail SET buyer_id = $2 WHERE buyer_id = $1",
        "UPDATE inquiry SET buyer_id = $2 WHERE buyer_id = $1",
        "UPDATE buyer_event SET buyer_id = $2 WHERE buyer_id = $1",
        "UPDATE buyer_address SET buyer_id = $2 WHERE buyer_id = $1",
        "INSERT INTO buyer_mark (kind, mark, buyer_id) SELECT kind, mark, $2 FROM buyer_mark WHERE buyer_id = $1 \
         ON CONFLICT (mark, kind, buyer_id) DO NOTHING",
        "DELETE FROM buyer_mark WHERE buyer_id = $1 AND buyer_id <> $2",
        // A sample that the other waits for is waited for still, unless the kept one waits already.
        "UPDATE sample_wait SET buyer_id = $2 WHERE buyer_id = $1 AND settled_at IS NULL \
         AND NOT EXISTS (SELECT 1 FROM sample_wait WHERE buyer_id = $2 AND settled_at IS NULL)",
        "UPDATE buyer SET merged_into = $2 WHERE id = $1",
    ];
    for sql in MOVES {
        on_tx!(tx, c => sqlx::query(sql).bind(from).bind(to).execute(c).await?.rows_affected());
    }
    Ok(())
}

/// Moves back what a merge moved, and gives the kept card its blanks again where nothing was written since.
async fn give_back(tx: &mut Tx, kept: i64, gone: i64, moved: &Moved) -> Result<()> {
    on_tx!(tx, c => sqlx::query("UPDATE buyer SET merged_into = NULL, follow_up_at = 0 WHERE id = $1").bind(gone)
        .execute(c).await?.rows_affected());
    for (sql, ids) in [
        ("UPDATE mail SET buyer_id = $2 WHERE id = $1", &moved.mails),
        ("UPDATE inquiry SET buyer_id = $2 WHERE id = $1", &moved.inquiries),
        ("UPDATE buyer_event SET buyer_id = $2 WHERE id = $1", &moved.events),
    ] {
        for id in ids {
            on_tx!(tx, c => sqlx::query(sql).bind(id).bind(gone).execute(c).await?.rows_affected());
        }
    }
    for address in &moved.addresses {
        let sql = "UPDATE buyer_address SET buyer_id = $2 WHERE address = $1";
        on_tx!(tx, c => sqlx::query(sql).bind(address).bind(gone).execute(c).await?.rows_affected());
    }
    for inquiry in &moved.inquiries {
        let sql = "UPDATE buyer_event SET buyer_id = $2 WHERE inquiry_id = $1";
        on_tx!(tx, c => sqlx::query(sql).bind(inquiry).bind(gone).execute(c).await?.rows_affected());
    }
    let mut now = card::read(tx, kept).await?;
    if is_grade_of(tx, gone, &now).await? {
        (now.grade, now.graded_by) = (moved.after.grade.clone(), moved.after.graded_by.clone());
    }
    card::write(tx, kept, &now.taken_back(&moved.after, &moved.before)).await?;
    for id in [kept, gone] {
        grade_as_people_did(tx, id).await?;
    }
    let sql = "DELETE FROM buyer_mark WHERE buyer_id = $1";
    on_tx!(tx, c => sqlx::query(sql).bind(kept).execute(c).await?.rows_affected());
    for (id, marks) in [kept, gone].into_iter().zip(&moved.marks) {
        let mark =
            |(kind, mark): &(String, String)| Some((Mark { kind: MarkKind::parse(kind)?, mark: mark.clone() }, id));
        super::marks::write_marks(tx, &marks.iter().filter_map(mark).collect::<Vec<_>>()).await?;
    }
    super::marks::mark_again(tx, &[kept, gone]).await
}

/// Whether the grade on a card is what a person said of an inquiry of this buyer.
async fn is_grade_of(tx: &mut Tx, buyer_id: i64, card: &Card) -> Result<bool> {
    let sql = "SELECT COUNT(*) FROM inquiry WHERE buyer_id = $1 AND hand_grade = $2 AND hand_by = $3";
    let found: i64 = on_tx!(tx, c => sqlx::query_scalar(sql).bind(buyer_id).bind(&card.grade).bind(&card.graded_by)
        .fetch_one(c).await?);
    Ok(found > 0)
}

/// What a person said last of one of his inquiries counts for the buyer.
async fn grade_as_people_did(tx: &mut Tx, buyer_id: i64) -> Result<()> {
    let sql = "SELECT hand_grade, hand_by FROM inquiry WHERE buyer_id = $1 AND hand_grade IS NOT NULL \
               ORDER BY hand_at DESC, id DESC LIMIT 1";
    let last: Option<(String, Option<String>)> =
        on_tx!(tx, c => sqlx::query_as(sql).bind(buyer_id).fetch_optional(c).await?);
    if let Some((grade, by)) = last {
        let sql = "UPDATE buyer SET grade = $2, graded_by = $3, follow_up_at = 0 WHERE id = $1";
        on_tx!(tx, c => sqlx::query(sql).bind(buyer_id).bind(grade).bind(by).execute(c).await?.rows_affected());
    }
    Ok(())
}
