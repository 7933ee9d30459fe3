//! What somebody should know of a buyer before he writes or calls.

use super::{ROWS_A_STATEMENT, Store, on_pool, push_in};
use crate::buyer::{EventKind, Stage};
use crate::clock::UnixTime;
use crate::grade::Grade;
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
                let (subject, theirs) = inquiries.remove(&card.id).unzip();
                let mut last_words: Vec<LastWords> = theirs.into_iter().chain(ours.remove(&card.id)).collect();
                last_words.sort_by_key(|words| words.at);
                briefings.insert(card.id, briefing(card, subject.unwrap_or_default(), last_words));
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

    async fn newest_inquiries(&self, ids: &[i64]) -> Result<HashMap<i64, (String, LastWords)>> {
        let rows: Vec<(i64, String, String, UnixTime)> = on_pool!(self.reader(), c => {
            let mut query = sqlx::QueryBuilder::new("SELECT i.buyer_id, m.subject, i.text, m.received_at FROM inquiry i \
                JOIN mail m ON m.id = i.mail_id WHERE i.id IN (SELECT MAX(id) FROM inquiry WHERE buyer_id IN (");
            push_in!(query, ids);
            query.push(" GROUP BY buyer_id)").build_query_as().fetch_all(c).await?
        });
        let words = |(id, subject, text, at): (i64, String, String, UnixTime)| {
            (id, (subject, LastWords { ours: false, at, event: None, text: excerpt(&text, WORDS) }))
        };
        Ok(rows.into_iter().map(words).collect())
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

fn briefing(card: CardRow, subject: String, last_words: Vec<LastWords>) -> Briefing {
    let who = [card.name, card.company, card.country];
    Briefing {
        buyer: who.into_iter().flatten().collect::<Vec<_>>().join(" · "),
        grade: card.grade.as_deref().and_then(Grade::from_letter),
        last_contact: card.last_contact,
        subject,
        stage: Stage::parse(&card.stage).unwrap_or_default(),
        card: [card.phone, card.email, card.owner].into_iter().flatten().collect(),
        last_words,
    }
}
