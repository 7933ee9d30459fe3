//! What the next digest tells, and that it was told.

use super::inquiries::{DETAILS, InquiryDetails};
use super::merges::{QUESTIONS, QuestionDetails};
use super::{ROWS_A_STATEMENT, Store, Tx, on_tx, push_in};
use crate::buyer::{Buyer, Past, Stage};
use crate::clock::UnixTime;
use crate::grading::{Grade, Grading};
use crate::letter::PlannedMail;
use crate::message::{Attachment, Kind};
use crate::report::{Counts, Digest, HeldLine, InquiryLine, QuarantineLine, QuestionLine, SetAsideLine, excerpt};
use anyhow::{Context, Result};

/// Characters of the buyer's own words that a digest shows.
const EXCERPT: usize = 400;

impl Store {
    /// Plans the next digest if there is something to say: its mails are recorded in the same transaction that marks
    /// what they tell as told. `render` gets the digest's number and content. Returns the number.
    pub async fn plan_digest(
        &self,
        company: &str,
        now: UnixTime,
        render: impl FnOnce(i64, &Digest) -> Result<Vec<PlannedMail>>,
    ) -> Result<Option<i64>> {
        let mut tx = self.begin().await?;
        let mut numbers = tx.numbers().await?;
        let notices = notices(&mut tx).await?;
        let digest = content(&mut tx, company, now, &notices).await?;
        if !digest.says_something() {
            return Ok(None);
        }
        let id = numbers.next_digest();
        super::outbox::plan(&mut tx, &render(id, &digest)?, now).await?;
        mark_mails_told(&mut tx, id, now).await?;
        let notices: Vec<i64> = notices.into_iter().map(|(id, _)| id).collect();
        mark_told(&mut tx, "notice", &notices, id).await?;
        let held: Vec<i64> = digest.held.iter().map(|line| line.outbox_id).collect();
        mark_told(&mut tx, "outbox", &held, id).await?;
        mark_questions_told(&mut tx, id).await?;
        tx.set_numbers(&numbers).await?;
        tx.commit().await?;
        Ok(Some(id))
    }

    /// What the next digest would say.
    pub async fn next_digest(&self, company: &str, now: UnixTime) -> Result<Digest> {
        let mut tx = self.begin().await?;
        let notices = notices(&mut tx).await?;
        content(&mut tx, company, now, &notices).await
    }
}

/// Sentences that no digest told yet, with their numbers.
async fn notices(tx: &mut Tx) -> Result<Vec<(i64, String)>> {
    let sql = "SELECT id, text FROM notice WHERE digest_id IS NULL ORDER BY id";
    Ok(on_tx!(tx, c => sqlx::query_as(sql).fetch_all(c).await?))
}

async fn content(tx: &mut Tx, company: &str, now: UnixTime, notices: &[(i64, String)]) -> Result<Digest> {
    let details: Vec<InquiryDetails> = on_tx!(tx, c => {
        let mut query = sqlx::QueryBuilder::new(DETAILS);
        query.push("WHERE m.digest_id IS NULL AND NOT m.history ORDER BY COALESCE(i.hand_grade, i.grade), m.received_at, i.id");
        query.build_query_as().fetch_all(c).await?
    });
    let sql = "SELECT COUNT(*) FROM inquiry WHERE answered_at IS NULL AND excuse IS NULL";
    Ok(Digest {
        company: company.to_owned(),
        at: now,
        inquiries: details.into_iter().map(inquiry_line).collect::<Result<_>>()?,
        quarantined: quarantined(tx).await?,
        set_aside: set_aside(tx).await?,
        questions: questions(tx).await?,
        held: held(tx).await?,
        notices: notices.iter().map(|(_, text)| text.clone()).collect(),
        counts: counts(tx).await?,
        waiting: on_tx!(tx, c => sqlx::query_scalar(sql).fetch_one(c).await?),
        ..Digest::default()
    })
}

/// All mails recorded by now were told: whoever records mails waits for the numbers that this transaction holds.
async fn mark_mails_told(tx: &mut Tx, digest_id: i64, now: UnixTime) -> Result<()> {
    let told = "UPDATE inquiry SET told_at = $1 WHERE told_at IS NULL AND excuse IS NULL \
                AND mail_id IN (SELECT id FROM mail WHERE digest_id IS NULL)";
    on_tx!(tx, c => sqlx::query(told).bind(now).execute(c).await?.rows_affected());
    let mails = "UPDATE mail SET digest_id = $1 WHERE digest_id IS NULL";
    on_tx!(tx, c => sqlx::query(mails).bind(digest_id).execute(c).await?.rows_affected());
    Ok(())
}

/// These rows of `table` were told; others that came while the digest was planned wait for the next one.
async fn mark_told(tx: &mut Tx, table: &str, ids: &[i64], digest_id: i64) -> Result<()> {
    for ids in ids.chunks(ROWS_A_STATEMENT) {
        on_tx!(tx, c => {
            let mut query = sqlx::QueryBuilder::new("UPDATE ");
            query.push(table).push(" SET digest_id = ").push_bind(digest_id).push(" WHERE id IN (");
            push_in!(query, ids);
            query.build().execute(c).await?;
        });
    }
    Ok(())
}

async fn quarantined(tx: &mut Tx) -> Result<Vec<QuarantineLine>> {
    let sql = "SELECT id, received_at, account, folder, from_name, from_email, subject, quarantine FROM mail \
               WHERE digest_id IS NULL AND quarantine IS NOT NULL ORDER BY id";
    type Row = (i64, UnixTime, String, String, Option<String>, Option<String>, String, String);
    let rows: Vec<Row> = on_tx!(tx, c => sqlx::query_as(sql).fetch_all(c).await?);
    let line = |(mail_id, received_at, account, folder, name, email, subject, reason): Row| QuarantineLine {
        mail_id,
        received_at,
        account,
        folder,
        from: [name, email].into_iter().flatten().collect::<Vec<_>>().join(" · "),
        subject,
        reason,
    };
    Ok(rows.into_iter().map(line).collect())
}

async fn set_aside(tx: &mut Tx) -> Result<Vec<SetAsideLine>> {
    let sql = "SELECT kind, from_name, from_email, subject, kind_reason FROM mail \
               WHERE digest_id IS NULL AND NOT history AND direction = 'in' \
               AND kind IN ('spam', 'pitch', 'platform_notice', 'command') ORDER BY kind DESC, id";
    type Row = (String, Option<String>, Option<String>, String, String);
    let rows: Vec<Row> = on_tx!(tx, c => sqlx::query_as(sql).fetch_all(c).await?);
    let line = |(kind, name, email, subject, reason): Row| {
        let from = [name, email].into_iter().flatten().collect::<Vec<_>>().join(" · ");
        Some(SetAsideLine { kind: Kind::parse(&kind)?, from, subject, reason })
    };
    Ok(rows.into_iter().filter_map(line).collect())
}

/// Questions that no digest asked yet.
async fn questions(tx: &mut Tx) -> Result<Vec<QuestionLine>> {
    let sql = sqlx::AssertSqlSafe(format!("{QUESTIONS} AND q.digest_id IS NULL ORDER BY q.id"));
    let rows: Vec<QuestionDetails> = on_tx!(tx, c => sqlx::query_as(sql).fetch_all(c).await?);
    let line = |row: QuestionDetails| QuestionLine {
        inquiry_id: row.inquiry_id,
        buyer_id: row.buyer_id,
        buyer: row.buyer,
        candidate_id: row.candidate_id,
        candidate: row.candidate,
        reason: row.reason,
    };
    Ok(rows.into_iter().map(line).collect())
}

/// Whoever asks a question waits for the numbers that this transaction holds.
async fn mark_questions_told(tx: &mut Tx, digest_id: i64) -> Result<()> {
    let sql = "UPDATE buyer_question SET digest_id = $1 WHERE digest_id IS NULL";
    on_tx!(tx, c => sqlx::query(sql).bind(digest_id).execute(c).await?.rows_affected());
    Ok(())
}

async fn held(tx: &mut Tx) -> Result<Vec<HeldLine>> {
    let sql = "SELECT id, subject, recipient, COALESCE(finished_at, created_at) FROM outbox \
               WHERE state = 'unknown' AND digest_id IS NULL ORDER BY id";
    let rows: Vec<(i64, String, String, UnixTime)> = on_tx!(tx, c => sqlx::query_as(sql).fetch_all(c).await?);
    let line = |(outbox_id, subject, recipient, since)| HeldLine { outbox_id, subject, recipient, since };
    Ok(rows.into_iter().map(line).collect())
}

async fn counts(tx: &mut Tx) -> Result<Counts> {
    let sql = "SELECT kind, history, COUNT(*) FROM mail WHERE digest_id IS NULL AND direction = 'in' \
               GROUP BY kind, history";
    let rows: Vec<(String, bool, i64)> = on_tx!(tx, c => sqlx::query_as(sql).fetch_all(c).await?);
    let mut counts = Counts::default();
    for (kind, history, number) in rows {
        counts.mails += number;
        if history {
            counts.history += number;
            continue;
        }
        *match Kind::parse(&kind) {
            Some(Kind::Inquiry) => &mut counts.inquiries,
            Some(Kind::Reply) => &mut counts.replies,
            Some(Kind::Bounce) => &mut counts.bounces,
            Some(Kind::AutoReply) => &mut counts.auto_replies,
            Some(Kind::Newsletter) => &mut counts.newsletters,
            Some(Kind::Spam) => &mut counts.spam,
            Some(Kind::Pitch) => &mut counts.pitches,
            Some(Kind::PlatformNotice) => &mut counts.platform_notices,
            Some(Kind::Internal | Kind::Command) => &mut counts.internal,
            None => continue,
        } += number;
    }
    Ok(counts)
}

/// Turns what is recorded into what people see.
pub fn inquiry_line(row: InquiryDetails) -> Result<InquiryLine> {
    let damaged = || format!("inquiry #{} is damaged in the store", row.id);
    let attachments: Vec<Attachment> = serde_json::from_str(&row.attachments).with_context(damaged)?;
    Ok(InquiryLine {
        id: row.id,
        kind: Kind::parse(&row.kind).with_context(damaged)?,
        received_at: row.received_at,
        account: row.account,
        excerpt: excerpt(&row.text, EXCERPT),
        language: row.language,
        buyer: Buyer {
            id: row.buyer_id,
            name: row.buyer_name,
            email: row.buyer_email,
            company: row.buyer_company,
            country: row.buyer_country,
            phone: row.buyer_phone,
            stage: Stage::parse(&row.buyer_stage).unwrap_or_default(),
            stage_suggested: row.buyer_stage_suggested.as_deref().and_then(Stage::parse),
            grade: row.buyer_grade.as_deref().and_then(Grade::from_letter),
            inquiries: row.buyer_inquiries,
            first_contact: row.buyer_first_contact,
            last_contact: row.buyer_last_contact,
            ..Buyer::default()
        },
        known: row.known,
        past: past(&row.past).with_context(damaged)?,
        owner: row.buyer_owner,
        matched_by: row.matched_by,
        relay: row.relay,
        facts: serde_json::from_str(&row.facts).with_context(|| format!("inquiry #{} is damaged", row.id))?,
        grading: Grading::new(
            Grade::from_letter(&row.grade).with_context(|| format!("inquiry #{} is damaged", row.id))?,
            row.score,
            serde_json::from_str(&row.reasons).with_context(|| format!("inquiry #{} is damaged", row.id))?,
        ),
        risks: serde_json::from_str(&row.risks).with_context(|| format!("inquiry #{} is damaged", row.id))?,
        attachments: attachments.into_iter().map(|attachment| attachment.name).collect(),
        due: None,
        subject: row.subject,
    })
}

/// What was known of the buyer before the inquiry; nothing of those recorded before that was kept.
fn past(json: &str) -> Result<Option<Past>> {
    if json.is_empty() { Ok(None) } else { Ok(Some(serde_json::from_str(json)?)) }
}
