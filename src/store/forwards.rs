//! Our mail to people outside that may pass a buyer's mail on: what the record knows of it, and what was decided.

use super::{ROWS_A_STATEMENT, Store, Tx, clean, insert_rows, on_pool, on_tx, push_in};
use crate::clock::UnixTime;
use crate::message::{Passing, Source, Sources};
use anyhow::{Context, Result};

/// Seconds before a forward in which the mail of its subject may have come.
const SUBJECT_WINDOW: i64 = 60 * 24 * 3600;

/// Our mail to somebody outside that may pass a buyer's mail on.
#[derive(Debug)]
pub struct ForwardRow {
    pub mail_id: i64,
    pub sender: String,
    pub sent_at: UnixTime,
    pub passing: Passing,
}

/// One of which nobody has decided.
#[derive(Debug)]
pub struct UndecidedForward {
    pub mail_id: i64,
    pub sent_at: UnixTime,
    pub recorded_at: UnixTime,
    pub passing: Passing,
}

/// What was decided about one.
#[derive(Clone, Debug, Default)]
pub struct ForwardDecision {
    /// Whether it is told of, and to whom it went.
    pub told: Option<Vec<String>>,
    /// The buyer's mail that it passes on.
    pub of_mail: Option<i64>,
    /// His address, where no mail of his is on record.
    pub of_address: Option<String>,
    /// Mail that comes later may tell more.
    pub open: bool,
}

pub(super) async fn write(tx: &mut Tx, forwards: &[ForwardRow]) -> Result<()> {
    let json = |row: &ForwardRow| -> Result<(String, String)> {
        let recipients: Vec<&String> = row.passing.recipients().collect();
        Ok((serde_json::to_string(&recipients)?, serde_json::to_string(&row.passing)?))
    };
    let rows = forwards.iter().map(|row| Ok((row, json(row)?))).collect::<Result<Vec<_>>>()?;
    insert_rows!(tx, "INSERT INTO forward (mail_id, sender, recipients, sent_at, clues, told) ", rows, |b, row| b
        .push_bind(row.0.mail_id)
        .push_bind(clean(&row.0.sender))
        .push_bind(&row.1.0)
        .push_bind(row.0.sent_at)
        .push_bind(&row.1.1)
        .push_bind(false));
    Ok(())
}

impl Store {
    /// Forwards that nobody has decided, in the order of their numbers, above `after`.
    pub async fn undecided_forwards(&self, after: i64, limit: i64) -> Result<Vec<UndecidedForward>> {
        let sql = "SELECT f.mail_id, f.sent_at, m.recorded_at, f.clues FROM forward f JOIN mail m ON m.id = f.mail_id \
                   WHERE f.clues IS NOT NULL AND f.mail_id > $1 ORDER BY f.mail_id LIMIT $2";
        let rows: Vec<(i64, UnixTime, UnixTime, String)> =
            on_pool!(self.reader(), c => sqlx::query_as(sql).bind(after).bind(limit).fetch_all(c).await?);
        let undecided = |(mail_id, sent_at, recorded_at, clues): (i64, UnixTime, UnixTime, String)| {
            let passing = serde_json::from_str(&clues).with_context(|| format!("forward {mail_id} is damaged"))?;
            Ok(UndecidedForward { mail_id, sent_at, recorded_at, passing })
        };
        rows.into_iter().map(undecided).collect()
    }

    /// What the record knows of the mails and people that these name.
    pub async fn sources_of(&self, forwards: &[UndecidedForward]) -> Result<Sources> {
        let mut sources = Sources::default();
        let passing = || forwards.iter().map(|forward| &forward.passing);
        for ids in distinct(passing().flat_map(|p| &p.referred)).chunks(ROWS_A_STATEMENT) {
            self.referred(ids, &mut sources).await?;
        }
        for emails in distinct(passing().flat_map(|p| p.recipients().chain(&p.named))).chunks(ROWS_A_STATEMENT) {
            self.named(emails, &mut sources).await?;
        }
        let keys = distinct(passing().map(|p| &p.subject_key).filter(|key| !key.is_empty()));
        let (first, last) = (forwards.iter().map(|f| f.sent_at).min(), forwards.iter().map(|f| f.sent_at).max());
        if let (Some(first), Some(last)) = (first, last) {
            for keys in keys.chunks(ROWS_A_STATEMENT) {
                self.of_subjects(keys, (first - SUBJECT_WINDOW, last), &mut sources).await?;
            }
        }
        let threads = sources.by_id.values().chain(sources.by_subject.values()).flatten();
        let buyers = threads.map(|source| source.buyer_id).chain(sources.buyers.values().copied());
        let mut buyers: Vec<i64> = buyers.collect();
        buyers.sort_unstable();
        buyers.dedup();
        for ids in buyers.chunks(ROWS_A_STATEMENT) {
            self.cards_of(ids, &mut sources).await?;
        }
        Ok(sources)
    }

    /// Mails of buyers' threads by Message-ID.
    async fn referred(&self, ids: &[&str], sources: &mut Sources) -> Result<()> {
        let rows: Vec<(String, i64, i64, String)> = on_pool!(self.reader(), c => {
            let mut query = sqlx::QueryBuilder::new(
                "SELECT message_id, id, buyer_id, direction FROM mail WHERE buyer_id IS NOT NULL AND message_id IN (");
            push_in!(query, ids);
            query.push(" ORDER BY id").build_query_as().fetch_all(c).await?
        });
        for (message_id, mail_id, buyer_id, direction) in rows {
            let source = Source { mail_id, buyer_id, incoming: direction == "in" };
            sources.by_id.entry(message_id).or_default().push(source);
        }
        Ok(())
    }

    async fn named(&self, emails: &[&str], sources: &mut Sources) -> Result<()> {
        let rows: Vec<(String, i64)> = on_pool!(self.reader(), c => {
            let mut query = sqlx::QueryBuilder::new("SELECT address, buyer_id FROM buyer_address WHERE address IN (");
            push_in!(query, emails);
            query.build_query_as().fetch_all(c).await?
        });
        sources.buyers.extend(rows);
        Ok(())
    }

    /// Buyers' mails of these subjects, by way of the time at which they came.
    async fn of_subjects(
        &self,
        keys: &[&str],
        (first, last): (UnixTime, UnixTime),
        sources: &mut Sources,
    ) -> Result<()> {
        let rows: Vec<(String, i64, i64)> = on_pool!(self.reader(), c => {
            let mut query = sqlx::QueryBuilder::new("SELECT subject_key, id, buyer_id FROM mail WHERE received_at >= ");
            query.push_bind(first).push(" AND received_at <= ").push_bind(last);
            query.push(" AND direction = 'in' AND kind IN ('inquiry', 'reply') AND buyer_id IS NOT NULL AND subject_key IN (");
            push_in!(query, keys);
            query.build_query_as().fetch_all(c).await?
        });
        for (key, mail_id, buyer_id) in rows {
            let source = Source { mail_id, buyer_id, incoming: true };
            sources.by_subject.entry(key).or_default().push(source);
        }
        Ok(())
    }

    /// The addresses on these buyers' cards, and their newest mails.
    async fn cards_of(&self, ids: &[i64], sources: &mut Sources) -> Result<()> {
        let emails: Vec<(i64, String)> = on_pool!(self.reader(), c => {
            let mut query = sqlx::QueryBuilder::new("SELECT id, email FROM buyer WHERE email IS NOT NULL AND id IN (");
            push_in!(query, ids);
            query.build_query_as().fetch_all(c).await?
        });
        let newest: Vec<(i64, i64)> = on_pool!(self.reader(), c => {
            let mut query = sqlx::QueryBuilder::new("SELECT buyer_id, MAX(mail_id) FROM inquiry WHERE buyer_id IN (");
            push_in!(query, ids);
            query.push(" GROUP BY buyer_id").build_query_as().fetch_all(c).await?
        });
        sources.emails.extend(emails);
        sources.newest.extend(newest);
        Ok(())
    }

    /// Notes what was decided; what is harmless is forgotten.
    pub async fn decide_forwards(&self, decided: &[(i64, ForwardDecision)]) -> Result<()> {
        let mut tx = self.begin().await?;
        for (mail_id, ForwardDecision { told, of_mail, of_address, open }) in decided {
            if told.is_none() && !open {
                let sql = "DELETE FROM forward WHERE mail_id = $1";
                on_tx!(&mut tx, c => sqlx::query(sql).bind(*mail_id).execute(c).await?.rows_affected());
                continue;
            }
            let sql = "UPDATE forward SET told = $2, recipients = COALESCE($3, recipients), of_mail = $4, \
                       of_address = $5, clues = CASE WHEN $6 = 1 THEN clues ELSE NULL END WHERE mail_id = $1";
            let recipients = told.as_ref().map(serde_json::to_string).transpose()?;
            on_tx!(&mut tx, c => sqlx::query(sql).bind(*mail_id).bind(told.is_some()).bind(recipients).bind(*of_mail)
                .bind(of_address.as_deref()).bind(i64::from(*open)).execute(c).await?.rows_affected());
        }
        tx.commit().await
    }
}

fn distinct<'a>(texts: impl Iterator<Item = &'a String>) -> Vec<&'a str> {
    let mut texts: Vec<&str> = texts.map(String::as_str).filter(|text| !text.contains('\0')).collect();
    texts.sort_unstable();
    texts.dedup();
    texts
}
