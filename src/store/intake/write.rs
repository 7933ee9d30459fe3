//! The rows of a batch, and the cursor behind them.

use super::{Contact, InquiryRow, MailRow, NewlyTaken, Place, QuestionRow, Rows, SoftBounce, Suppression};
use crate::buyer::Stage;
use crate::clock::UnixTime;
use crate::grade::Grade;
use crate::store::campaigns::SOFT_BOUNCE_DAY;
use crate::store::marks::write_marks;
use crate::store::staff::StaffMail;
use crate::store::{ROWS_A_STATEMENT, Tx, clean, forwards, insert_rows, on_tx, samples, sightings};
use anyhow::Result;

pub(super) async fn write(tx: &mut Tx, place: &Place, rows: &Rows, now: UnixTime) -> Result<()> {
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
    write_marks(tx, &rows.marks).await?;
    write_mails(tx, place, &rows.mails, now).await?;
    sightings::write(tx, place, &rows.sightings).await?;
    insert_rows!(tx, "INSERT INTO mail_reference (message_id, mail_id) ", rows.references, |b, row| b
        .push_bind(&row.0)
        .push_bind(row.1));
    forwards::write(tx, &rows.forwards).await?;
    insert_rows!(tx, "INSERT INTO archive (mail_id, raw) ", rows.archives, |b, row| b
        .push_bind(row.0)
        .push_bind(&row.1));
    write_inquiries(tx, &rows.inquiries).await?;
    write_questions(tx, &rows.questions, now).await?;
    touch_buyers(tx, &rows.contacts).await?;
    for (buyer_id, inquiry_id, at) in &rows.samples_asked {
        samples::begin(tx, *buyer_id, Some(*inquiry_id), *at).await?;
    }
    for (buyer_id, at) in &rows.samples_sent {
        samples::settle(tx, *buyer_id, *at).await?;
    }
    bounce(tx, &rows.bounced, now).await?;
    write_staff_mails(tx, &rows.staff_mails).await?;
    suppress(tx, &rows.suppressions, now).await?;
    suppress_by_newsletter(tx, &rows.suppressions_by_newsletter, now).await?;
    count_soft_bounces(tx, &rows.soft_bounces, now).await
}

async fn write_mails(tx: &mut Tx, place: &Place, mails: &[MailRow], now: UnixTime) -> Result<()> {
    insert_rows!(
        tx,
        "INSERT INTO mail (id, account, folder, identity, position, direction, message_id, from_name, \
        from_email, subject, subject_key, size, received_at, recorded_at, kind, kind_reason, automatic, history, buyer_id, quarantine) ",
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
            .push_bind(clean(&row.subject_key))
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

async fn write_staff_mails(tx: &mut Tx, mails: &[StaffMail]) -> Result<()> {
    insert_rows!(
        tx,
        "INSERT INTO staff_mail (mail_id, sender, subject, text, whole_text, referred, failed) ",
        mails,
        |b, row| b
            .push_bind(row.mail_id)
            .push_bind(clean(&row.sender))
            .push_bind(clean(&row.subject))
            .push_bind(clean(&row.text))
            .push_bind(clean(&row.whole_text))
            .push_bind(clean(&row.referred))
            .push_bind(row.failed.as_deref().map(clean))
    );
    Ok(())
}

/// Mail to these addresses comes back: whoever we write to at one of them is asked for another.
async fn bounce(tx: &mut Tx, addresses: &[String], now: UnixTime) -> Result<()> {
    for address in addresses {
        let sql = "UPDATE buyer SET bounced_at = $2, address_asked_at = NULL, follow_up_at = 0 WHERE bounced_at IS NULL \
                   AND email = $1 AND id IN (SELECT buyer_id FROM buyer_address WHERE address = $1)";
        on_tx!(tx, c => sqlx::query(sql).bind(clean(address)).bind(now).execute(c).await?.rows_affected());
    }
    Ok(())
}

async fn write_inquiries(tx: &mut Tx, inquiries: &[InquiryRow]) -> Result<()> {
    insert_rows!(
        tx,
        "INSERT INTO inquiry (id, mail_id, buyer_id, known, matched_by, relay, language, text, facts, \
        grade, score, reasons, risks, attachments, writer, past, excuse) ",
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
            .push_bind(clean(&row.writer))
            .push_bind(clean(&row.past))
            .push_bind(row.excuse)
    );
    Ok(())
}

async fn write_questions(tx: &mut Tx, questions: &[QuestionRow], now: UnixTime) -> Result<()> {
    insert_rows!(
        tx,
        "INSERT INTO buyer_question (inquiry_id, buyer_id, candidate_id, reason, likeness, asked_at) ",
        questions,
        |b, row| b
            .push_bind(row.inquiry_id)
            .push_bind(row.buyer_id)
            .push_bind(row.candidate_id)
            .push_bind(row.reason)
            .push_bind(row.likeness)
            .push_bind(now)
    );
    Ok(())
}

async fn touch_buyers(tx: &mut Tx, contacts: &[Contact]) -> Result<()> {
    for contacts in contacts.chunks(ROWS_A_STATEMENT) {
        on_tx!(tx, c => {
            let mut query = sqlx::QueryBuilder::new(
                "WITH contact (buyer_id, at, heard, inquiries, grade, suggested, name, company, country, phone, language) AS (");
            query.push_values(contacts, |mut b, contact| {
                b.push_bind(contact.buyer_id)
                    .push_bind(contact.at)
                    .push_bind(i64::from(contact.heard))
                    .push_bind(contact.inquiries)
                    .push_bind(contact.grade.map(Grade::as_str))
                    .push_bind(contact.suggested.map(Stage::as_str))
                    .push_bind(contact.fills.name.as_deref().map(clean))
                    .push_bind(contact.fills.company.as_deref().map(clean))
                    .push_bind(&contact.fills.country)
                    .push_bind(contact.fills.phone.as_deref().map(clean))
                    .push_bind(&contact.fills.language);
            });
            query.push(TOUCH);
            query.build().execute(c).await?;
        });
    }
    Ok(())
}

/// A person's grade stays; blanks of the card are filled, nothing on it is overwritten.
const TOUCH: &str = ") UPDATE buyer SET inquiries = buyer.inquiries + contact.inquiries, follow_up_at = 0, \
     bounced_at = CASE WHEN contact.heard = 1 THEN NULL ELSE buyer.bounced_at END, \
     follow_up_stopped = CASE WHEN contact.heard = 1 THEN NULL ELSE buyer.follow_up_stopped END, \
     last_contact = CASE WHEN contact.at > buyer.last_contact THEN contact.at ELSE buyer.last_contact END, \
     first_contact = CASE WHEN contact.at < buyer.first_contact THEN contact.at ELSE buyer.first_contact END, \
     grade = CASE WHEN buyer.graded_by IS NULL OR buyer.graded_by = 'import' \
             THEN COALESCE(contact.grade, buyer.grade) ELSE buyer.grade END, \
     stage_suggested = COALESCE(contact.suggested, buyer.stage_suggested), \
     name = COALESCE(buyer.name, contact.name), company = COALESCE(buyer.company, contact.company), \
     country = COALESCE(buyer.country, contact.country), phone = COALESCE(buyer.phone, contact.phone), \
     language = COALESCE(buyer.language, contact.language) \
     FROM contact WHERE contact.buyer_id = buyer.id";

async fn suppress(tx: &mut Tx, suppressions: &[Suppression], now: UnixTime) -> Result<()> {
    for suppression in suppressions {
        let sql =
            "INSERT INTO suppression (address, reason, since) VALUES ($1, $2, $3) ON CONFLICT (address) DO NOTHING";
        on_tx!(tx, c => sqlx::query(sql).bind(clean(&suppression.address)).bind(suppression.reason).bind(now)
            .execute(c).await?.rows_affected());
    }
    Ok(())
}

/// One a day counts.
async fn count_soft_bounces(tx: &mut Tx, bounces: &[SoftBounce], now: UnixTime) -> Result<()> {
    let today = now / SOFT_BOUNCE_DAY;
    for bounce in bounces {
        let (sql, about) = match bounce {
            SoftBounce::Address(address) => (
                "INSERT INTO soft_bounce (address, day) VALUES (lower($1), $2) ON CONFLICT (address, day) DO NOTHING",
                address,
            ),
            SoftBounce::Newsletter(message_id) => (
                "INSERT INTO soft_bounce (address, day) SELECT lower(recipient), $2 FROM outbox \
                 WHERE message_id = $1 AND what = 'newsletter' ON CONFLICT (address, day) DO NOTHING",
                message_id,
            ),
        };
        on_tx!(&mut *tx, c => sqlx::query(sql).bind(clean(about)).bind(today).execute(c).await?.rows_affected());
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

pub(super) async fn advance(tx: &mut Tx, place: &Place, taken: &NewlyTaken, shown: usize, now: UnixTime) -> Result<()> {
    count(tx, place, taken, shown, now).await?;
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

/// Counts what the folder showed; another UIDVALIDITY is another folder. A folder that was taken before anybody counted is
/// counted once it was read to its end.
async fn count(tx: &mut Tx, place: &Place, taken: &NewlyTaken, shown: usize, now: UnixTime) -> Result<()> {
    let uid_validity = match taken {
        NewlyTaken::UpTo(cursor) => i64::from(cursor.uid_validity),
        NewlyTaken::Files(_) => 0,
    };
    let shown = i64::try_from(shown).unwrap_or(i64::MAX);
    let sql = "INSERT INTO folder_count (account, folder, uid_validity, taken) SELECT $1, $2, $3, $4 \
               WHERE EXISTS (SELECT 1 FROM folder_count WHERE account = $1 AND folder = $2) \
               OR NOT EXISTS (SELECT 1 FROM mail WHERE account = $1 AND folder = $2 AND recorded_at < $5) \
               ON CONFLICT (account, folder) DO UPDATE SET uid_validity = excluded.uid_validity, \
               taken = CASE WHEN folder_count.uid_validity = excluded.uid_validity \
                       THEN folder_count.taken + excluded.taken ELSE excluded.taken END";
    on_tx!(tx, c => sqlx::query(sql).bind(&place.account).bind(&place.folder).bind(uid_validity).bind(shown).bind(now)
        .execute(c).await?.rows_affected());
    Ok(())
}
