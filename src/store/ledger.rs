//! What people record and decide about buyers: contacts, samples, orders, stages, grades.

use super::{Store, Tx, clean, on_pool, on_tx};
use crate::buyer::{EventKind, Stage, Tags};
use crate::clock::UnixTime;
use crate::grade::Grade;
use anyhow::{Result, bail};
use jiff::civil::Date;
use serde::Serialize;

/// An entry of a buyer's ledger.
#[derive(Clone, Debug, sqlx::FromRow, Serialize)]
pub struct EventRow {
    pub id: i64,
    pub buyer_id: i64,
    pub inquiry_id: Option<i64>,
    pub at: UnixTime,
    pub what: String,
    pub detail: String,
    pub by_whom: Option<String>,
}

/// An entry to be made.
#[derive(Clone, Debug)]
pub struct NewEvent<'a> {
    pub buyer_id: i64,
    pub inquiry_id: Option<i64>,
    pub at: UnixTime,
    pub what: EventKind,
    pub detail: &'a str,
    pub by_whom: Option<&'a str>,
}

/// A change of a card by hand; None leaves a field as it is.
#[derive(Clone, Debug, Default)]
pub struct CardChange {
    pub name: Option<String>,
    pub company: Option<String>,
    pub country: Option<String>,
    pub phone: Option<String>,
    pub owner: Option<String>,
    pub language: Option<String>,
    /// Empty: he takes it back, or never gave one.
    pub consent: Option<String>,
    /// When he gave the consent; None: now.
    pub consent_at: Option<UnixTime>,
    /// Its last day; `Some(None)`: it has none.
    pub consent_until: Option<Option<Date>>,
    pub notes: Option<String>,
    /// As [`crate::buyer::tag`] made them.
    pub tags: Vec<String>,
    /// Tags that go.
    pub untag: Vec<String>,
}

pub(super) async fn write_event(tx: &mut Tx, event: &NewEvent<'_>, now: UnixTime) -> Result<()> {
    let sql = "INSERT INTO buyer_event (buyer_id, inquiry_id, at, recorded_at, what, detail, by_whom) \
               VALUES ($1, $2, $3, $4, $5, $6, $7)";
    on_tx!(tx, c => sqlx::query(sql).bind(event.buyer_id).bind(event.inquiry_id).bind(event.at).bind(now)
        .bind(event.what.as_str()).bind(clean(event.detail)).bind(event.by_whom.map(clean))
        .execute(c).await?.rows_affected());
    Ok(())
}

/// Makes an entry; a contact moves the card's last contact, and the stage rises to what the entry shows. Returns the stage
/// before and after.
pub(super) async fn record_event(tx: &mut Tx, event: &NewEvent<'_>, now: UnixTime) -> Result<(Stage, Stage)> {
    write_event(tx, event, now).await?;
    let sql = "SELECT stage FROM buyer WHERE id = $1";
    let stage: String = on_tx!(&mut *tx, c => sqlx::query_scalar(sql).bind(event.buyer_id).fetch_one(c).await?);
    let before = Stage::parse(&stage).unwrap_or_default();
    // A small trial order of a steady customer lowers nothing.
    let after = event.what.stage().map_or(before, |reached| reached.max(before));
    set_stage(tx, event.buyer_id, after).await?;
    if event.what.is_contact() {
        let sql = "UPDATE buyer SET follow_up_at = 0, \
                   last_contact = CASE WHEN $2 > last_contact THEN $2 ELSE last_contact END, \
                   first_contact = CASE WHEN $2 < first_contact THEN $2 ELSE first_contact END WHERE id = $1";
        on_tx!(&mut *tx, c => sqlx::query(sql).bind(event.buyer_id).bind(event.at).execute(c).await?.rows_affected());
    }
    super::samples::note_event(tx, event).await?;
    Ok((before, after))
}

pub(super) async fn set_stage_by_hand(tx: &mut Tx, buyer_id: i64, stage: Stage, by: &str, now: UnixTime) -> Result<()> {
    set_stage(tx, buyer_id, stage).await?;
    let (what, detail) = (EventKind::Stage, stage.as_str());
    write_event(tx, &NewEvent { buyer_id, inquiry_id: None, at: now, what, detail, by_whom: Some(by) }, now).await
}

pub(super) async fn grade_inquiry(tx: &mut Tx, id: i64, grade: Grade, by: &str, now: UnixTime) -> Result<bool> {
    let sql = "UPDATE inquiry SET hand_grade = $2, hand_by = $3, hand_at = $4, due_at = 0 WHERE id = $1 \
               RETURNING buyer_id, grade";
    let row: Option<(i64, String)> = on_tx!(&mut *tx, c => sqlx::query_as(sql).bind(id).bind(grade.as_str())
        .bind(clean(by)).bind(now).fetch_optional(c).await?);
    let Some((buyer_id, ruled)) = row else { return Ok(false) };
    grade_buyer(tx, buyer_id, grade, by).await?;
    let detail = format!("{} (rules: {ruled})", grade.as_str());
    let (inquiry_id, by_whom) = (Some(id), Some(by));
    write_event(tx, &NewEvent { buyer_id, inquiry_id, at: now, what: EventKind::Grade, detail: &detail, by_whom }, now)
        .await?;
    Ok(true)
}

pub(super) async fn grade_buyer(tx: &mut Tx, buyer_id: i64, grade: Grade, by: &str) -> Result<()> {
    let sql = "UPDATE buyer SET grade = $2, graded_by = $3, follow_up_at = 0 WHERE id = $1";
    on_tx!(tx, c => sqlx::query(sql).bind(buyer_id).bind(grade.as_str()).bind(clean(by)).execute(c).await?.rows_affected());
    Ok(())
}

impl Store {
    /// Makes an entry; see [`record_event`].
    pub async fn record_event(&self, event: &NewEvent<'_>, now: UnixTime) -> Result<(Stage, Stage)> {
        let mut tx = self.begin().await?;
        // Whoever reads a whole card and writes it back holds the numbers meanwhile.
        tx.numbers().await?;
        let stages = record_event(&mut tx, event, now).await?;
        tx.commit().await?;
        Ok(stages)
    }

    /// Sets the stage to where a person sees it, up or down.
    pub async fn set_stage(&self, buyer_id: i64, stage: Stage, by: &str, now: UnixTime) -> Result<()> {
        let mut tx = self.begin().await?;
        tx.numbers().await?;
        set_stage_by_hand(&mut tx, buyer_id, stage, by, now).await?;
        tx.commit().await
    }

    /// A person grades an inquiry: it is what counts from now on, for the inquiry and for its buyer. False if there is
    /// no such inquiry.
    pub async fn grade_by_hand(&self, inquiry_id: i64, grade: Grade, by: &str, now: UnixTime) -> Result<bool> {
        let mut tx = self.begin().await?;
        tx.numbers().await?;
        let graded = grade_inquiry(&mut tx, inquiry_id, grade, by, now).await?;
        tx.commit().await?;
        Ok(graded)
    }

    /// Changes a card; `addresses` are further mail addresses of his. Returns those that belong to somebody else and
    /// were left.
    ///
    /// # Errors
    /// He would have more tags than a card holds, or a last day of a consent that he hasn't given.
    pub async fn change_card(
        &self,
        buyer_id: i64,
        change: &CardChange,
        addresses: &[String],
        by: &str,
        now: UnixTime,
    ) -> Result<Vec<String>> {
        let mut tx = self.begin().await?;
        tx.numbers().await?;
        super::marks::unmark(&mut tx, buyer_id).await?;
        let taken = add_addresses(&mut tx, buyer_id, addresses).await?;
        let first = addresses.iter().find(|address| !taken.contains(address));
        write_change(&mut tx, buyer_id, change, first, now).await?;
        change_tags(&mut tx, buyer_id, change).await?;
        let detail = describe(change, addresses, &taken);
        let (what, by_whom) = (EventKind::Card, Some(by));
        let event = NewEvent { buyer_id, inquiry_id: None, at: now, what, detail: &detail, by_whom };
        write_event(&mut tx, &event, now).await?;
        super::marks::mark_again(&mut tx, &[buyer_id]).await?;
        tx.commit().await?;
        Ok(taken)
    }

    /// A buyer who came by another way than mail. Returns his number.
    pub async fn add_buyer(&self, source: &str, at: UnixTime) -> Result<i64> {
        let mut tx = self.begin().await?;
        let mut numbers = tx.numbers().await?;
        let id = numbers.next_buyer();
        let sql = "INSERT INTO buyer (id, source, first_contact, last_contact) VALUES ($1, $2, $3, $3)";
        on_tx!(&mut tx, c => sqlx::query(sql).bind(id).bind(clean(source)).bind(at).execute(c).await?.rows_affected());
        tx.set_numbers(&numbers).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// A buyer's ledger, oldest first.
    pub async fn events(&self, buyer_id: i64) -> Result<Vec<EventRow>> {
        let sql = "SELECT id, buyer_id, inquiry_id, at, what, detail, by_whom FROM buyer_event WHERE buyer_id = $1 \
                   ORDER BY at, id";
        Ok(on_pool!(self.reader(), c => sqlx::query_as(sql).bind(buyer_id).fetch_all(c).await?))
    }
}

/// The stage, and no suggestion any more of what is reached.
async fn set_stage(tx: &mut Tx, buyer_id: i64, stage: Stage) -> Result<()> {
    let sql = "UPDATE buyer SET stage = $2, stage_suggested = CASE WHEN stage_suggested = $2 OR stage <> $2 THEN NULL \
               ELSE stage_suggested END WHERE id = $1";
    on_tx!(tx, c => sqlx::query(sql).bind(buyer_id).bind(stage.as_str()).execute(c).await?.rows_affected());
    Ok(())
}

/// Another consent is given now, and has no last day unless one is named.
async fn write_change(
    tx: &mut Tx,
    buyer_id: i64,
    change: &CardChange,
    address: Option<&String>,
    now: UnixTime,
) -> Result<()> {
    let sql = "UPDATE buyer SET name = COALESCE($2, name), company = COALESCE($3, company), \
               country = COALESCE($4, country), phone = COALESCE($5, phone), owner = COALESCE($6, owner), \
               language = COALESCE($7, language), notes = COALESCE($9, notes), \
               consent = NULLIF(COALESCE($8, consent), ''), \
               consent_at = CASE WHEN $8 = '' THEN NULL WHEN $8 IS NULL THEN consent_at ELSE $11 END, \
               consent_until = CASE WHEN $12 IS NULL AND $8 IS NULL THEN consent_until ELSE NULLIF($12, '') END, \
               email = CASE WHEN bounced_at IS NULL THEN COALESCE(email, $10) ELSE COALESCE($10, email) END, \
               bounced_at = CASE WHEN $10 IS NULL THEN bounced_at ELSE NULL END, follow_up_at = 0 WHERE id = $1 \
               RETURNING consent IS NULL AND consent_until IS NOT NULL";
    let cleaned = |value: &Option<String>| value.as_deref().map(clean);
    let until = change.consent_until.map(|day| day.map_or_else(String::new, |day| day.to_string()));
    let ends_nothing: bool = on_tx!(tx, c => sqlx::query_scalar(sql).bind(buyer_id).bind(cleaned(&change.name))
        .bind(cleaned(&change.company)).bind(cleaned(&change.country)).bind(cleaned(&change.phone))
        .bind(cleaned(&change.owner)).bind(cleaned(&change.language)).bind(cleaned(&change.consent))
        .bind(cleaned(&change.notes)).bind(address).bind(change.consent_at.unwrap_or(now)).bind(until)
        .fetch_one(c).await?);
    if ends_nothing {
        bail!("buyer {buyer_id} has given no consent that could end: say which, with --consent");
    }
    Ok(())
}

async fn change_tags(tx: &mut Tx, buyer_id: i64, change: &CardChange) -> Result<()> {
    if change.tags.is_empty() && change.untag.is_empty() {
        return Ok(());
    }
    let sql = "SELECT tags FROM buyer WHERE id = $1";
    let tags: String = on_tx!(&mut *tx, c => sqlx::query_scalar(sql).bind(buyer_id).fetch_one(c).await?);
    let mut tags = Tags::from(tags);
    change.untag.iter().for_each(|tag| tags.remove(tag));
    if let Some(tag) = change.tags.iter().find(|tag| !tags.add(tag)) {
        bail!("buyer {buyer_id} has no room for the tag {tag}: he has {} already", tags.iter().count());
    }
    let sql = "UPDATE buyer SET tags = $2 WHERE id = $1";
    on_tx!(tx, c => sqlx::query(sql).bind(buyer_id).bind(tags.json()).execute(c).await?.rows_affected());
    Ok(())
}

async fn add_addresses(tx: &mut Tx, buyer_id: i64, addresses: &[String]) -> Result<Vec<String>> {
    let mut taken = Vec::new();
    for address in addresses {
        let sql = "INSERT INTO buyer_address (address, buyer_id) VALUES ($1, $2) ON CONFLICT (address) DO NOTHING";
        on_tx!(tx, c => sqlx::query(sql).bind(clean(address)).bind(buyer_id).execute(c).await?.rows_affected());
        let sql = "SELECT buyer_id FROM buyer_address WHERE address = $1";
        let owner: i64 = on_tx!(tx, c => sqlx::query_scalar(sql).bind(clean(address)).fetch_one(c).await?);
        if owner != buyer_id {
            taken.push(address.clone());
        }
    }
    Ok(taken)
}

fn describe(change: &CardChange, addresses: &[String], taken: &[String]) -> String {
    let fields = [
        ("name", &change.name),
        ("company", &change.company),
        ("country", &change.country),
        ("phone", &change.phone),
        ("owner", &change.owner),
        ("language", &change.language),
        ("consent", &change.consent),
        ("notes", &change.notes),
    ];
    let changed = fields.into_iter().filter_map(|(field, value)| Some(format!("{field}: {}", value.as_ref()?)));
    let until = change.consent_until.map(|day| match day {
        Some(day) => format!("consent until: {day}"),
        None => "consent: without an end".to_owned(),
    });
    let new = addresses.iter().filter(|address| !taken.contains(address)).map(|address| format!("address: {address}"));
    let tagged = change.tags.iter().map(|tag| format!("tag: {tag}"));
    let untagged = change.untag.iter().map(|tag| format!("no longer: {tag}"));
    changed.chain(until).chain(new).chain(tagged).chain(untagged).collect::<Vec<_>>().join("; ")
}
