//! What somebody should know of a buyer before he writes or calls.

use super::{ROWS_A_STATEMENT, Store, WHY, grounds, on_pool, push_in};
use crate::buyer::{EventKind, Stage};
use crate::clock::UnixTime;
use crate::grade::{Grade, Grounds};
use crate::letter::LastWords;
use crate::report::excerpt;
use anyhow::Result;
use std::collections::HashMap;

/// Characters of the last words.
const WORDS: usize = 240;

/// A buyer in a few words.
#[derive(Clone, Debug)]
pub struct Briefing {
    /// Name, company, country.
    pub buyer: String,
    pub grade: Option<Grade>,
    /// Of the grade, as far as his newest inquiry tells it.
    pub why: Grounds,
    pub last_contact: UnixTime,
    /// The subject of his newest inquiry.
    pub subject: String,
    /// Telephone, address, owner.
    pub card: Vec<String>,
    pub stage: Stage,
    /// His last words and ours, or what was entered by hand.
    pub last_words: Vec<LastWords>,
}

#[derive(sqlx::FromRow)]
struct CardRow {
    id: i64,
    name: Option<String>,
    company: Option<String>,
    country: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    stage: String,
    grade: Option<String>,
    owner: Option<String>,
    last_contact: UnixTime,
}

#[derive(sqlx::FromRow)]
struct InquiryRow {
    buyer_id: i64,
    subject: String,
    text: String,
    received_at: UnixTime,
    grade: String,
    why: String,
}

impl Store {
    /// Briefings of these buyers.
    pub async fn briefings(&self, ids: &[i64]) -> Result<HashMap<i64, Briefing>> {
        let mut briefings = HashMap::new();
        for ids in ids.chunks(ROWS_A_STATEMENT) {
            let cards: Vec<CardRow> = on_pool!(self.reader(), c => {
                let mut query = sqlx::QueryBuilder::new(
                    "SELECT id, name, company, country, email, phone, stage, grade, owner, last_contact FROM buyer WHERE id IN (");
                push_in!(query, ids);
                query.build_query_as().fetch_all(c).await?
            });
            let mut inquiries = self.newest_inquiries(ids).await?;
            let mut ours = self.newest_of_ours(ids).await?;
            for card in cards {
                let (inquiry, ours) = (inquiries.remove(&card.id), ours.remove(&card.id));
                briefings.insert(card.id, briefing(card, inquiry, ours));
            }
        }
        Ok(briefings)
    }

    /// Numbers of the buyers of these owners.
    pub async fn owned_by(&self, owners: &[String]) -> Result<Vec<i64>> {
        let mut ids = Vec::new();
        for owner in owners {
            let sql = "SELECT id FROM buyer WHERE owner = $1 AND merged_into IS NULL ORDER BY id";
            ids.extend(on_pool!(self.reader(), c => sqlx::query_scalar::<_, i64>(sql).bind(owner).fetch_all(c).await?));
        }
        Ok(ids)
    }

    async fn newest_inquiries(&self, ids: &[i64]) -> Result<HashMap<i64, InquiryRow>> {
        let rows: Vec<InquiryRow> = on_pool!(self.reader(), c => {
            let mut query = sqlx::QueryBuilder::new("SELECT i.buyer_id, m.subject, i.text, m.received_at, \
                COALESCE(i.hand_grade, i.grade) AS grade, ");
            query.push(WHY).push(" AS why FROM inquiry i \
                JOIN mail m ON m.id = i.mail_id WHERE i.id IN (SELECT MAX(id) FROM inquiry WHERE buyer_id IN (");
            push_in!(query, ids);
            query.push(" GROUP BY buyer_id)").build_query_as().fetch_all(c).await?
        });
        Ok(rows.into_iter().map(|row| (row.buyer_id, row)).collect())
    }

    /// The newest of what we did: the subject of our mail, or what somebody entered.
    async fn newest_of_ours(&self, ids: &[i64]) -> Result<HashMap<i64, LastWords>> {
        let mails: Vec<(i64, String, UnixTime)> = on_pool!(self.reader(), c => {
            let mut query = sqlx::QueryBuilder::new("SELECT buyer_id, subject, received_at FROM mail WHERE id IN \
                (SELECT MAX(id) FROM mail WHERE direction = 'out' AND buyer_id IN (");
            push_in!(query, ids);
            query.push(" GROUP BY buyer_id)").build_query_as().fetch_all(c).await?
        });
        let events: Vec<(i64, String, String, UnixTime)> = on_pool!(self.reader(), c => {
            let mut query = sqlx::QueryBuilder::new("SELECT buyer_id, what, detail, at FROM buyer_event WHERE id IN \
                (SELECT MAX(id) FROM buyer_event WHERE what NOT IN ('card', 'merge', 'grade') AND buyer_id IN (");
            push_in!(query, ids);
            query.push(" GROUP BY buyer_id)").build_query_as().fetch_all(c).await?
        });
        let mut newest: HashMap<i64, LastWords> = HashMap::new();
        let mails = mails.into_iter().map(|(id, text, at)| (id, None, text, at));
        let events = events.into_iter().map(|(id, what, text, at)| (id, EventKind::parse(&what), text, at));
        for (id, event, text, at) in mails.chain(events) {
            let words = LastWords { ours: true, at, event, text: excerpt(&text, WORDS) };
            match newest.get(&id) {
                Some(known) if known.at >= at => {}
                _ => {
                    newest.insert(id, words);
                }
            }
        }
        Ok(newest)
    }
}

fn briefing(card: CardRow, inquiry: Option<InquiryRow>, ours: Option<LastWords>) -> Briefing {
    let who = [card.name, card.company, card.country];
    let said =
        |row: &InquiryRow| LastWords { ours: false, at: row.received_at, event: None, text: excerpt(&row.text, WORDS) };
    let mut last_words: Vec<LastWords> = inquiry.iter().map(said).chain(ours).collect();
    last_words.sort_by_key(|words| words.at);
    let graded_so = inquiry.as_ref().filter(|row| card.grade.as_deref() == Some(row.grade.as_str()));
    Briefing {
        buyer: who.into_iter().flatten().collect::<Vec<_>>().join(" · "),
        grade: card.grade.as_deref().and_then(Grade::from_letter),
        why: graded_so.map(|row| grounds(&row.why)).unwrap_or_default(),
        last_contact: card.last_contact,
        stage: Stage::parse(&card.stage).unwrap_or_default(),
        card: [card.phone, card.email, card.owner].into_iter().flatten().collect(),
        subject: inquiry.map(|row| row.subject).unwrap_or_default(),
        last_words,
    }
}
