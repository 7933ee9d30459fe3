//! Mails become rows: everything of one batch, and the cursor, in one transaction.

use super::{Numbers, ROWS_A_STATEMENT, Store, Tx, clean, insert_rows, on_pool, on_tx, push_in};
use crate::buyer::{Buyer, Known, ThreadLink};
use crate::clock::UnixTime;
use crate::mailbox::{Cursor, Taken};
use anyhow::Result;
use std::collections::{HashMap, HashSet};

/// The folder of an account that a batch comes from.
#[derive(Clone, Debug)]
pub struct Place {
    pub account: String,
    pub folder: String,
}

/// What must be looked up before a batch can be decided.
#[derive(Clone, Debug, Default)]
pub struct Questions {
    /// Identities of the batch's mails: which are recorded already?
    pub identities: Vec<String>,
    /// Message-IDs that the mails have or refer to.
    pub message_ids: Vec<String>,
    /// What buyers are recognised by.
    pub addresses: Vec<String>,
}

/// What the store answers.
#[derive(Clone, Debug, Default)]
pub struct Answers {
    pub recorded: HashSet<String>,
    pub known: Known,
}

/// The rows of one batch.
#[derive(Debug, Default)]
pub struct Rows {
    pub mails: Vec<MailRow>,
    /// (Message-ID referred to, mail) of outgoing mail.
    pub references: Vec<(String, i64)>,
    /// (mail, compressed raw mail).
    pub archives: Vec<(i64, Vec<u8>)>,
    pub new_buyers: Vec<NewBuyer>,
    /// (address, buyer) of new buyers.
    pub addresses: Vec<(String, i64)>,
    pub contacts: Vec<Contact>,
    pub inquiries: Vec<InquiryRow>,
    pub suppressions: Vec<Suppression>,
    /// The same, where the mail names the newsletter of ours (its Message-ID in `address`) instead of the recipient.
    pub suppressions_by_newsletter: Vec<Suppression>,
}

#[derive(Debug)]
pub struct MailRow {
    pub id: i64,
    pub identity: String,
    pub position: String,
    pub direction: &'static str,
    pub message_id: Option<String>,
    pub from_name: Option<String>,
    pub from_email: Option<String>,
    pub subject: String,
    pub size: i64,
    pub received_at: UnixTime,
    pub kind: &'static str,
    pub kind_reason: String,
    pub automatic: bool,
    pub history: bool,
    pub buyer_id: Option<i64>,
    pub quarantine: Option<String>,
}

#[derive(Debug)]
pub struct NewBuyer {
    pub buyer: Buyer,
    pub source: String,
}

/// A contact of a known or new buyer: what it changes on his card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    pub buyer_id: i64,
    pub at: UnixTime,
    /// Inquiries and replies in this batch.
    pub inquiries: i64,
    /// His newest grade, if this batch has one.
    pub grade: Option<&'static str>,
}

#[derive(Debug)]
pub struct InquiryRow {
    pub id: i64,
    pub mail_id: i64,
    pub buyer_id: i64,
    pub known: bool,
    pub matched_by: Option<&'static str>,
    pub relay: Option<String>,
    pub language: Option<String>,
    pub text: String,
    /// JSON of [`crate::message::Facts`].
    pub facts: String,
    pub grade: &'static str,
    pub score: i64,
    /// JSON of [`crate::grading::Reason`]s.
    pub reasons: String,
    /// JSON of risks.
    pub risks: String,
    /// JSON of [`crate::message::Attachment`]s.
    pub attachments: String,
    /// Why nobody need answer, e.g. "history".
    pub excuse: Option<&'static str>,
}

/// An address that gets no newsletter any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppression {
    pub address: String,
    /// "unsubscribed", "hard bounce", "complaint".
    pub reason: &'static str,
}

impl Store {
    /// What was taken of an IMAP folder.
    pub async fn cursor(&self, place: &Place) -> Result<Option<Cursor>> {
        let sql = "SELECT uid_validity, last_uid FROM folder_cursor WHERE account = $1 AND folder = $2";
        let row: Option<(i64, i64)> = on_pool!(self.reader(), c => sqlx::query_as(sql)
            .bind(&place.account).bind(&place.folder).fetch_optional(c).await?);
        Ok(row
            .map(|(uid_validity, last_uid)| Cursor { uid_validity: narrow(uid_validity), last_uid: narrow(last_uid) }))
    }

    /// What was taken of a Maildir folder.
    pub async fn maildir_files(&self, place: &Place) -> Result<Taken> {
        let sql = "SELECT name FROM maildir_file WHERE account = $1 AND folder = $2";
        let names: Vec<String> = on_pool!(self.reader(), c => sqlx::query_scalar(sql)
            .bind(&place.account).bind(&place.folder).fetch_all(c).await?);
        Ok(Taken::Files(names.into_iter().collect()))
    }

    /// Records a batch: asks the questions, lets `decide` turn the answers into rows, writes them and the cursor.
    ///
    /// Mails whose identity is recorded already must get no rows; `decide` sees which.
    pub async fn record(
        &self,
        place: &Place,
        taken: &NewlyTaken,
        questions: &Questions,
        now: UnixTime,
        decide: impl FnOnce(Answers, &mut dyn FnMut(Next) -> i64) -> Rows,
    ) -> Result<Vec<i64>> {
        let mut tx = self.begin().await?;
        let mut numbers = tx.numbers().await?;
        let answers = answers(&mut tx, place, questions).await?;
        let rows = decide(answers, &mut |next| next_number(&mut numbers, next));
        write(&mut tx, place, &rows, now).await?;
        advance(&mut tx, place, taken).await?;
        tx.set_numbers(&numbers).await?;
        tx.commit().await?;
        Ok(rows.inquiries.iter().map(|inquiry| inquiry.id).collect())
    }

    /// The newest recognisable addresses of buyers, at most `limit`: what look-alikes are compared with.
    pub async fn newest_addresses(&self, limit: i64) -> Result<Vec<String>> {
        let sql = "SELECT address FROM buyer_address ORDER BY buyer_id DESC LIMIT $1";
        Ok(on_pool!(self.reader(), c => sqlx::query_scalar(sql).bind(limit).fetch_all(c).await?))
    }

    /// Answers questions without recording anything: for `explain`.
    pub async fn ask(&self, questions: &Questions) -> Result<Answers> {
        let mut tx = self.begin().await?;
        let nowhere = Place { account: String::new(), folder: String::new() };
        answers(&mut tx, &nowhere, questions).await
    }
}

/// Which number `decide` asks for.
#[derive(Clone, Copy, Debug)]
pub enum Next {
    Mail,
    Buyer,
    Inquiry,
}

/// How far the folder is taken once the batch is recorded.
#[derive(Clone, Debug)]
pub enum NewlyTaken {
    UpTo(Cursor),
    Files(Vec<String>),
}

fn next_number(numbers: &mut Numbers, next: Next) -> i64 {
    match next {
        Next::Mail => numbers.next_mail(),
        Next::Buyer => numbers.next_buyer(),
        Next::Inquiry => numbers.next_inquiry(),
    }
}

#[derive(sqlx::FromRow)]
struct BuyerFound {
    address: String,
    #[sqlx(flatten)]
    buyer: super::buyers::BuyerRow,
}

async fn answers(tx: &mut Tx, place: &Place, questions: &Questions) -> Result<Answers> {
    let mut answers = Answers::default();
    for identities in questions.identities.chunks(ROWS_A_STATEMENT) {
        let found: Vec<String> = on_tx!(tx, c => {
            let mut query = sqlx::QueryBuilder::new("SELECT identity FROM mail WHERE account = ");
            query.push_bind(&place.account).push(" AND identity IN (");
            push_in!(query, identities);
            query.build_query_scalar().fetch_all(c).await?
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
    let of_threads: HashSet<i64> = known.threads.values().filter_map(|link| link.buyer_id).collect();
    let missing: Vec<i64> = of_threads.into_iter().filter(|id| !known.buyers.contains_key(id)).collect();
    for ids in missing.chunks(ROWS_A_STATEMENT) {
        let found = super::buyers::by_ids(tx, ids).await?;
        known.buyers.extend(found.into_iter().map(|row| (row.id, row.into())));
    }
    Ok(answers)
}

async fn threads(tx: &mut Tx, ids: &[String]) -> Result<HashMap<String, ThreadLink>> {
    let rows: Vec<(String, Option<i64>)> = on_tx!(tx, c => {
        let mut query = sqlx::QueryBuilder::new("SELECT message_id, buyer_id FROM mail WHERE message_id IN (");
        push_in!(query, ids);
        query.push(" ORDER BY id");
        query.build_query_as().fetch_all(c).await?
    });
    let mut links: HashMap<String, ThreadLink> = HashMap::new();
    for (message_id, buyer_id) in rows {
        let link = links.entry(message_id).or_insert(ThreadLink { buyer_id });
        link.buyer_id = link.buyer_id.or(buyer_id);
    }
    Ok(links)
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

async fn write(tx: &mut Tx, place: &Place, rows: &Rows, now: UnixTime) -> Result<()> {
    insert_rows!(
        tx,
        "INSERT INTO buyer (id, name, email, company, country, phone, source, first_contact, last_contact) ",
        rows.new_buyers,
        |b, row| b
            .push_bind(row.buyer.id)
            .push_bind(row.buyer.name.as_deref().map(clean))
            .push_bind(&row.buyer.email)
            .push_bind(row.buyer.company.as_deref().map(clean))
            .push_bind(&row.buyer.country)
            .push_bind(row.buyer.phone.as_deref().map(clean))
            .push_bind(&row.source)
            .push_bind(row.buyer.first_contact)
            .push_bind(row.buyer.last_contact)
    );
    insert_rows!(tx, "INSERT INTO buyer_address (address, buyer_id) ", rows.addresses, |b, row| b
        .push_bind(clean(&row.0))
        .push_bind(row.1));
    write_mails(tx, place, &rows.mails, now).await?;
    insert_rows!(tx, "INSERT INTO mail_reference (message_id, mail_id) ", rows.references, |b, row| b
        .push_bind(&row.0)
        .push_bind(row.1));
    insert_rows!(tx, "INSERT INTO archive (mail_id, raw) ", rows.archives, |b, row| b
        .push_bind(row.0)
        .push_bind(&row.1));
    write_inquiries(tx, &rows.inquiries).await?;
    touch_buyers(tx, &rows.contacts).await?;
    suppress(tx, &rows.suppressions, now).await?;
    suppress_by_newsletter(tx, &rows.suppressions_by_newsletter, now).await
}

async fn write_mails(tx: &mut Tx, place: &Place, mails: &[MailRow], now: UnixTime) -> Result<()> {
    insert_rows!(
        tx,
        "INSERT INTO mail (id, account, folder, identity, position, direction, message_id, from_name, \
        from_email, subject, size, received_at, recorded_at, kind, kind_reason, automatic, history, buyer_id, quarantine) ",
        mails,
        |b, row| b
            .push_bind(row.id)
            .push_bind(&place.account)
            .push_bind(&place.folder)
            .push_bind(&row.identity)
            .push_bind(&row.position)
            .push_bind(row.direction)
            .push_bind(&row.message_id)
            .push_bind(row.from_name.as_deref().map(clean))
            .push_bind(row.from_email.as_deref().map(clean))
            .push_bind(clean(&row.subject))
            .push_bind(row.size)
            .push_bind(row.received_at)
            .push_bind(now)
            .push_bind(row.kind)
            .push_bind(clean(&row.kind_reason))
            .push_bind(row.automatic)
            .push_bind(row.history)
            .push_bind(row.buyer_id)
            .push_bind(row.quarantine.as_deref().map(clean))
    );
    Ok(())
}

async fn write_inquiries(tx: &mut Tx, inquiries: &[InquiryRow]) -> Result<()> {
    insert_rows!(
        tx,
        "INSERT INTO inquiry (id, mail_id, buyer_id, known, matched_by, relay, language, text, facts, \
        grade, score, reasons, risks, attachments, excuse) ",
        inquiries,
        |b, row| b
            .push_bind(row.id)
            .push_bind(row.mail_id)
            .push_bind(row.buyer_id)
            .push_bind(row.known)
            .push_bind(row.matched_by)
            .push_bind(&row.relay)
            .push_bind(&row.language)
            .push_bind(clean(&row.text))
            .push_bind(clean(&row.facts))
            .push_bind(row.grade)
            .push_bind(row.score)
            .push_bind(clean(&row.reasons))
            .push_bind(clean(&row.risks))
            .push_bind(clean(&row.attachments))
            .push_bind(row.excuse)
    );
    Ok(())
}

async fn touch_buyers(tx: &mut Tx, contacts: &[Contact]) -> Result<()> {
    for contacts in contacts.chunks(ROWS_A_STATEMENT) {
        on_tx!(tx, c => {
            let mut query = sqlx::QueryBuilder::new("WITH contact (buyer_id, at, inquiries, grade) AS (");
            query.push_values(contacts, |mut b, contact| {
                b.push_bind(contact.buyer_id).push_bind(contact.at).push_bind(contact.inquiries).push_bind(contact.grade);
            });
            query.push(
                ") UPDATE buyer SET inquiries = buyer.inquiries + contact.inquiries, \
                 last_contact = CASE WHEN contact.at > buyer.last_contact THEN contact.at ELSE buyer.last_contact END, \
                 first_contact = CASE WHEN contact.at < buyer.first_contact THEN contact.at ELSE buyer.first_contact END, \
                 grade = COALESCE(contact.grade, buyer.grade) FROM contact WHERE contact.buyer_id = buyer.id");
            query.build().execute(c).await?;
        });
    }
    Ok(())
}

async fn suppress(tx: &mut Tx, suppressions: &[Suppression], now: UnixTime) -> Result<()> {
    for suppression in suppressions {
        let sql =
            "INSERT INTO suppression (address, reason, since) VALUES ($1, $2, $3) ON CONFLICT (address) DO NOTHING";
        on_tx!(tx, c => sqlx::query(sql).bind(clean(&suppression.address)).bind(suppression.reason).bind(now)
            .execute(c).await?.rows_affected());
    }
    Ok(())
}

async fn suppress_by_newsletter(tx: &mut Tx, suppressions: &[Suppression], now: UnixTime) -> Result<()> {
    for suppression in suppressions {
        let sql = "INSERT INTO suppression (address, reason, since) \
                   SELECT recipient, $2, $3 FROM outbox WHERE message_id = $1 AND what = 'newsletter' \
                   ON CONFLICT (address) DO NOTHING";
        on_tx!(tx, c => sqlx::query(sql).bind(&suppression.address).bind(suppression.reason).bind(now)
            .execute(c).await?.rows_affected());
    }
    Ok(())
}

async fn advance(tx: &mut Tx, place: &Place, taken: &NewlyTaken) -> Result<()> {
    match taken {
        NewlyTaken::UpTo(cursor) => {
            let sql = "INSERT INTO folder_cursor (account, folder, uid_validity, last_uid) VALUES ($1, $2, $3, $4) \
                       ON CONFLICT (account, folder) DO UPDATE \
                       SET uid_validity = excluded.uid_validity, last_uid = excluded.last_uid";
            on_tx!(tx, c => sqlx::query(sql).bind(&place.account).bind(&place.folder)
                .bind(i64::from(cursor.uid_validity)).bind(i64::from(cursor.last_uid)).execute(c).await?.rows_affected());
        }
        NewlyTaken::Files(names) => {
            for names in names.chunks(ROWS_A_STATEMENT) {
                on_tx!(tx, c => {
                    let mut query = sqlx::QueryBuilder::new("INSERT INTO maildir_file (account, folder, name) ");
                    query.push_values(names, |mut b, name| {
                        b.push_bind(&place.account).push_bind(&place.folder).push_bind(name);
                    });
                    query.push(" ON CONFLICT (account, folder, name) DO NOTHING");
                    query.build().execute(c).await?;
                });
            }
        }
    }
    Ok(())
}

fn narrow(number: i64) -> u32 {
    u32::try_from(number).unwrap_or(0)
}
