//! What our people told us, done in one transaction with its confirmation.

use super::inquiries::{answered_otherwise, excuse};
use super::ledger::{NewEvent, grade_buyer, grade_inquiry, record_event, set_stage_by_hand};
use super::{ROWS_A_STATEMENT, Store, Tx, clean, on_pool, on_tx, push_in};
use crate::buyer::{EventKind, Stage};
use crate::calendar::WorkingCalendar;
use crate::clock::UnixTime;
use crate::letter::PlannedMail;
use crate::staff::{Action, Effect, Instruction, Matter, Outcome};
use anyhow::Result;

/// Seconds in which the same entry by the same person is the same entry.
const SAME_ENTRY: i64 = 24 * 3600;

/// A mail of one of us that asks for something.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct StaffMail {
    pub mail_id: i64,
    /// Lower case.
    pub sender: String,
    pub subject: String,
    pub text: String,
    /// With what it quotes.
    pub whole_text: String,
    /// JSON list of the Message-IDs it refers to.
    pub referred: String,
    /// What the receiving server says failed.
    pub failed: Option<String>,
}

/// Who says so, and when.
#[derive(Clone, Copy, Debug)]
pub struct Speaker<'a> {
    /// As the ledger names him.
    pub name: &'a str,
    /// The address of an owner.
    pub address: &'a str,
    pub calendar: &'a WorkingCalendar,
    pub now: UnixTime,
}

impl Store {
    /// Mails of our people that nobody has settled, oldest first.
    pub async fn open_staff_mails(&self) -> Result<Vec<StaffMail>> {
        let sql = "SELECT mail_id, sender, subject, text, whole_text, referred, failed FROM staff_mail \
                   WHERE settled_at IS NULL ORDER BY mail_id LIMIT 100";
        Ok(on_pool!(self.reader(), c => sqlx::query_as(sql).fetch_all(c).await?))
    }

    /// When we wrote to this person last, among the mails with these Message-IDs.
    pub async fn wrote_to(&self, message_ids: &[String], person: &str) -> Result<Option<UnixTime>> {
        let Some(ids) = message_ids.chunks(ROWS_A_STATEMENT).next() else { return Ok(None) };
        let mails: Vec<(String, UnixTime)> = on_pool!(self.reader(), c => {
            let mut query = sqlx::QueryBuilder::new("SELECT recipient, created_at FROM outbox WHERE message_id IN (");
            push_in!(query, ids);
            query.build_query_as().fetch_all(c).await?
        });
        let to_him = mails.into_iter().filter(|(recipient, _)| recipient.eq_ignore_ascii_case(person));
        Ok(to_him.map(|(_, at)| at).max())
    }

    /// How many mails in this person's name were refused since `since`.
    pub async fn count_refused(&self, sender: &str, since: UnixTime) -> Result<i64> {
        let sql = "SELECT COUNT(*) FROM staff_mail WHERE sender = $1 AND settled_at >= $2 AND refused IS NOT NULL";
        Ok(on_pool!(self.reader(), c => sqlx::query_scalar(sql).bind(sender).bind(since).fetch_one(c).await?))
    }

    /// Does what a mail asks, together with the mails that tell of it. A mail that was settled already does nothing.
    pub async fn settle_staff_mail(
        &self,
        mail_id: i64,
        speaker: Speaker<'_>,
        instructions: &[Instruction],
        refused: Option<&str>,
        render: impl FnOnce(&[Outcome]) -> Result<Vec<PlannedMail>>,
    ) -> Result<()> {
        let mut tx = self.begin().await?;
        tx.numbers().await?;
        let sql = "UPDATE staff_mail SET settled_at = $2, refused = $3 WHERE mail_id = $1 AND settled_at IS NULL";
        let settled = on_tx!(&mut tx, c => sqlx::query(sql).bind(mail_id).bind(speaker.now).bind(refused.map(clean))
            .execute(c).await?.rows_affected());
        if settled == 0 {
            return Ok(());
        }
        let outcomes = carry_out(&mut tx, instructions, speaker).await?;
        super::outbox::plan(&mut tx, &render(&outcomes)?, speaker.now).await?;
        tx.commit().await
    }

    /// Does what a person at the command line asks.
    pub async fn carry_out(&self, instructions: &[Instruction], speaker: Speaker<'_>) -> Result<Vec<Outcome>> {
        let mut tx = self.begin().await?;
        tx.numbers().await?;
        let outcomes = carry_out(&mut tx, instructions, speaker).await?;
        tx.commit().await?;
        Ok(outcomes)
    }
}

async fn carry_out(tx: &mut Tx, instructions: &[Instruction], speaker: Speaker<'_>) -> Result<Vec<Outcome>> {
    let mut outcomes = Vec::new();
    for instruction in instructions {
        let effect = match target(tx, instruction.matter).await? {
            Some(target) => act(tx, &instruction.action, target, speaker).await?,
            None => Effect::Unknown,
        };
        outcomes.push(Outcome { instruction: instruction.clone(), effect });
    }
    Ok(outcomes)
}

/// What an instruction is about: the buyer, and his inquiry if it names one.
#[derive(Clone, Copy)]
struct Target {
    buyer_id: i64,
    inquiry_id: Option<i64>,
}

async fn target(tx: &mut Tx, matter: Matter) -> Result<Option<Target>> {
    let (sql, id) = match matter {
        Matter::Inquiry(id) => ("SELECT buyer_id FROM inquiry WHERE id = $1", id),
        // Whoever he turned out to be, by however many merges.
        Matter::Buyer(id) => (
            "WITH RECURSIVE who (id, next) AS (SELECT id, merged_into FROM buyer WHERE id = $1 \
             UNION SELECT b.id, b.merged_into FROM who JOIN buyer b ON b.id = who.next) \
             SELECT id FROM who WHERE next IS NULL",
            id,
        ),
    };
    let buyer: Option<i64> = on_tx!(tx, c => sqlx::query_scalar(sql).bind(id).fetch_optional(c).await?);
    let inquiry_id = matches!(matter, Matter::Inquiry(_)).then_some(id);
    Ok(buyer.map(|buyer_id| Target { buyer_id, inquiry_id }))
}

async fn act(tx: &mut Tx, action: &Action, target: Target, speaker: Speaker<'_>) -> Result<Effect> {
    let Target { buyer_id, inquiry_id } = target;
    let Speaker { name, now, .. } = speaker;
    match action {
        Action::Grade(grade) => match inquiry_id {
            Some(id) => grade_inquiry(tx, id, *grade, name, now).await.map(|_| Effect::Done),
            None => {
                grade_buyer(tx, buyer_id, *grade, name).await?;
                entry(tx, target, EventKind::Grade, grade.as_str(), speaker).await
            }
        },
        Action::Done(how) => answered(tx, target, EventKind::Contact, how, speaker).await,
        Action::Record(what, detail) if what.answers() => answered(tx, target, *what, detail, speaker).await,
        Action::Record(what, detail) => entry(tx, target, *what, detail, speaker).await,
        Action::Order(detail) => order(tx, target, detail, speaker).await,
        Action::Stage(stage) => {
            set_stage_by_hand(tx, buyer_id, *stage, name, now).await?;
            Ok(Effect::Reached(*stage))
        }
        Action::Snooze(until) => {
            let until = until.moment(speaker.calendar, now);
            match inquiry_id {
                Some(id) => snooze(tx, id, until).await,
                None => pause(tx, buyer_id, until).await,
            }
        }
        Action::Negotiating(until, words) => {
            if !words.is_empty() {
                entry(tx, target, EventKind::Note, words, speaker).await?;
            }
            pause(tx, buyer_id, until.moment(speaker.calendar, now)).await
        }
        Action::NotAnInquiry(words) => {
            let why = if words.is_empty() { "not an inquiry".to_owned() } else { format!("not an inquiry: {words}") };
            stop_follow_ups(tx, target, &why, inquiry_id.is_some()).await?;
            excused(tx, target, &why, speaker).await
        }
        Action::Except(why) => {
            if inquiry_id.is_none() {
                stop_follow_ups(tx, target, why, false).await?;
            }
            excused(tx, target, why, speaker).await
        }
        Action::Mine => {
            let sql = "UPDATE buyer SET owner = $2, follow_up_at = 0 WHERE id = $1";
            on_tx!(&mut *tx, c => sqlx::query(sql).bind(buyer_id).bind(speaker.address).execute(c).await?.rows_affected());
            entry(tx, target, EventKind::Card, &format!("owner: {}", speaker.address), speaker).await
        }
    }
}

/// An entry that the same person made today already is not made again: mail programs send twice, and people click twice.
async fn entry(tx: &mut Tx, target: Target, what: EventKind, detail: &str, speaker: Speaker<'_>) -> Result<Effect> {
    if was_entered(tx, target, what, detail, speaker).await? {
        return Ok(Effect::Already);
    }
    let Target { buyer_id, inquiry_id } = target;
    let event = NewEvent { buyer_id, inquiry_id, at: speaker.now, what, detail, by_whom: Some(speaker.name) };
    let (before, after) = record_event(tx, &event, speaker.now).await?;
    Ok(if after > before { Effect::Reached(after) } else { Effect::Done })
}

async fn was_entered(tx: &mut Tx, target: Target, what: EventKind, detail: &str, speaker: Speaker<'_>) -> Result<bool> {
    let Target { buyer_id, inquiry_id } = target;
    let sql = "SELECT COUNT(*) FROM buyer_event WHERE buyer_id = $1 AND COALESCE(inquiry_id, 0) = $2 AND what = $3 \
               AND detail = $4 AND by_whom = $5 AND recorded_at > $6";
    let same: i64 = on_tx!(&mut *tx, c => sqlx::query_scalar(sql).bind(buyer_id).bind(inquiry_id.unwrap_or(0))
        .bind(what.as_str()).bind(clean(detail)).bind(clean(speaker.name)).bind(speaker.now - SAME_ENTRY)
        .fetch_one(c).await?);
    Ok(same > 0)
}

/// The first order is a trial order, every later one a repeat order; the same one told twice is one.
async fn order(tx: &mut Tx, target: Target, detail: &str, speaker: Speaker<'_>) -> Result<Effect> {
    let sql = "SELECT stage FROM buyer WHERE id = $1";
    let stage: String = on_tx!(&mut *tx, c => sqlx::query_scalar(sql).bind(target.buyer_id).fetch_one(c).await?);
    let ordered_before = Stage::parse(&stage).is_some_and(|stage| stage >= Stage::TrialOrder);
    if ordered_before && was_entered(tx, target, EventKind::TrialOrder, detail, speaker).await? {
        return Ok(Effect::Already);
    }
    let what = if ordered_before { EventKind::RepeatOrder } else { EventKind::TrialOrder };
    answered(tx, target, what, detail, speaker).await
}

/// Nobody is reminded until then; from then on it is as if nobody had been.
async fn snooze(tx: &mut Tx, inquiry_id: i64, until: UnixTime) -> Result<Effect> {
    let sql = "DELETE FROM reminder WHERE inquiry_id = $1";
    on_tx!(&mut *tx, c => sqlx::query(sql).bind(inquiry_id).execute(c).await?.rows_affected());
    put_off(tx, "UPDATE inquiry SET snoozed_until = $2, due_at = 0 WHERE id = $1", inquiry_id, until).await
}

/// We told or sent the buyer something: his inquiry has its answer.
async fn answered(tx: &mut Tx, target: Target, what: EventKind, detail: &str, speaker: Speaker<'_>) -> Result<Effect> {
    let effect = entry(tx, target, what, detail, speaker).await?;
    let settled = match target.inquiry_id {
        Some(id) => answered_otherwise(tx, id, what.as_str(), speaker.name, speaker.now).await?,
        None => false,
    };
    Ok(if settled && effect == Effect::Already { Effect::Done } else { effect })
}

async fn excused(tx: &mut Tx, target: Target, why: &str, speaker: Speaker<'_>) -> Result<Effect> {
    match target.inquiry_id {
        Some(id) if !excuse(tx, id, why, speaker.name).await? => Ok(Effect::Already),
        _ => entry(tx, target, EventKind::Note, why, speaker).await,
    }
}

/// No follow-ups until he writes again; `alone`: only where he has no other inquiry.
async fn stop_follow_ups(tx: &mut Tx, target: Target, why: &str, alone: bool) -> Result<()> {
    let sql = "UPDATE buyer SET follow_up_stopped = $2, follow_up_at = 0 WHERE id = $1 AND ($3 = 0 OR \
               (SELECT COUNT(*) FROM inquiry WHERE buyer_id = $1) <= 1)";
    on_tx!(tx, c => sqlx::query(sql).bind(target.buyer_id).bind(clean(why)).bind(i64::from(alone))
        .execute(c).await?.rows_affected());
    Ok(())
}

async fn pause(tx: &mut Tx, buyer_id: i64, until: UnixTime) -> Result<Effect> {
    put_off(tx, "UPDATE buyer SET paused_until = $2, follow_up_at = 0 WHERE id = $1", buyer_id, until).await
}

async fn put_off(tx: &mut Tx, sql: &'static str, id: i64, until: UnixTime) -> Result<Effect> {
    on_tx!(tx, c => sqlx::query(sql).bind(id).bind(until).execute(c).await?.rows_affected());
    Ok(Effect::PutOff(until))
}
