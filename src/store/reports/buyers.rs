//! How the buyer base stands, and lists of buyers.

use super::{BUYER, DORMANT, Scope, count, grade, push_scope};
use crate::buyer::Stage;
use crate::clock::UnixTime;
use crate::report::{BuyerLine, Moments, SampleLine, SampleState, Standing};
use crate::store::{Store, WHY, grounds, on_pool};
use anyhow::Result;

/// Which buyers a list shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BuyerList {
    /// All graded A, the one with the newest contact first.
    A,
    /// Graded A or B, with their last contact in these moments.
    LastSeen(Moments),
    /// Worth a word, and silent for long before this instant.
    Dormant(UnixTime),
}

#[derive(sqlx::FromRow)]
struct StandingRow {
    stage: String,
    grade: String,
    is_new: i64,
    in_touch: i64,
    buyers: i64,
    with_name: i64,
    with_company: i64,
    with_country: i64,
    with_phone: i64,
    with_owner: i64,
}

#[derive(sqlx::FromRow)]
struct BuyerRow {
    id: i64,
    buyer: String,
    person: String,
    country: Option<String>,
    grade: Option<String>,
    why: Option<String>,
    stage: String,
    owner: Option<String>,
    last_contact: UnixTime,
    inquiries: i64,
    waiting: i64,
    subject: String,
}

impl Store {
    /// All buyers by where they stand, and whether they were new or in touch in the `year`.
    pub async fn standings(&self, year: Moments, scope: &Scope) -> Result<Vec<Standing>> {
        let rows: Vec<StandingRow> = on_pool!(self.reader(), c => {
            let mut query = sqlx::QueryBuilder::new("SELECT b.stage, COALESCE(b.grade, '') AS grade, CAST(CASE WHEN b.first_contact >= ");
            query.push_bind(year.from).push(" AND b.first_contact < ").push_bind(year.until);
            query.push(" THEN 1 ELSE 0 END AS BIGINT) AS is_new, CAST(CASE WHEN b.last_contact >= ").push_bind(year.from);
            query.push(" AND b.first_contact < ").push_bind(year.until);
            query.push(" THEN 1 ELSE 0 END AS BIGINT) AS in_touch, COUNT(*) AS buyers, COUNT(b.name) AS with_name, \
                COUNT(b.company) AS with_company, COUNT(b.country) AS with_country, COUNT(b.phone) AS with_phone, \
                COUNT(b.owner) AS with_owner FROM buyer b WHERE b.merged_into IS NULL");
            push_scope!(query, scope);
            query.push(" GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4");
            query.build_query_as().fetch_all(c).await?
        });
        Ok(rows.into_iter().map(Standing::from).collect())
    }

    /// A list of buyers.
    pub async fn buyer_lines(&self, list: BuyerList, scope: &Scope, limit: i64) -> Result<Vec<BuyerLine>> {
        let rows: Vec<BuyerRow> = on_pool!(self.reader(), c => {
            // First who, then what is to be known of these alone.
            let mut query = sqlx::QueryBuilder::new(format!(
                "SELECT b.id, {BUYER}, CASE WHEN b.company IS NULL THEN '' ELSE COALESCE(b.name, '') END AS person, \
                 b.country, b.grade, b.stage, b.owner, b.last_contact, b.inquiries, \
                 (SELECT COUNT(*) FROM inquiry i WHERE i.buyer_id = b.id AND i.answered_at IS NULL AND i.excuse IS NULL) AS waiting, \
                 COALESCE((SELECT m.subject FROM inquiry i JOIN mail m ON m.id = i.mail_id WHERE i.buyer_id = b.id \
                           ORDER BY i.id DESC LIMIT 1), '') AS subject, \
                 (SELECT CASE WHEN COALESCE(i.hand_grade, i.grade) = b.grade THEN {WHY} END FROM inquiry i \
                  WHERE i.buyer_id = b.id ORDER BY i.id DESC LIMIT 1) AS why \
                 FROM buyer b WHERE b.id IN (SELECT b.id FROM buyer b WHERE b.merged_into IS NULL"
            ));
            match list {
                BuyerList::A => { query.push(" AND b.grade = 'A'"); }
                BuyerList::LastSeen(moments) => {
                    query.push(" AND b.grade IN ('A', 'B') AND b.last_contact >= ").push_bind(moments.from);
                    query.push(" AND b.last_contact < ").push_bind(moments.until);
                }
                BuyerList::Dormant(now) => {
                    query.push(" AND (b.grade IN ('A', 'B') OR b.stage IN ('sample_sent', 'factory_visit', 'sample_order', \
                        'trial_order', 'repeat_order', 'big_potential')) AND b.last_contact < ").push_bind(now - DORMANT);
                }
            }
            push_scope!(query, scope);
            query.push(" ORDER BY COALESCE(b.grade, 'E'), b.last_contact DESC, b.id LIMIT ").push_bind(limit);
            query.push(") ORDER BY COALESCE(b.grade, 'E'), b.last_contact DESC, b.id");
            query.build_query_as().fetch_all(c).await?
        });
        Ok(rows.into_iter().map(BuyerLine::from).collect())
    }

    /// Samples that buyers wait for, longest first.
    pub async fn samples_waiting(&self, scope: &Scope, limit: i64) -> Result<Vec<SampleLine>> {
        type Row = (i64, String, Option<String>, Option<String>, UnixTime);
        let rows: Vec<Row> = on_pool!(self.reader(), c => {
            let mut query = sqlx::QueryBuilder::new(format!(
                "SELECT b.id, {BUYER}, b.country, b.owner, s.asked_at FROM sample_wait s JOIN buyer a ON a.id = s.buyer_id \
                 JOIN buyer b ON b.id = COALESCE(a.merged_into, a.id) WHERE s.settled_at IS NULL"
            ));
            push_scope!(query, scope);
            query.push(" ORDER BY s.asked_at, s.id LIMIT ").push_bind(limit);
            query.build_query_as().fetch_all(c).await?
        });
        let line = |(buyer_id, buyer, country, owner, since): Row| SampleLine {
            buyer_id,
            buyer,
            country,
            owner,
            state: SampleState::Asked,
            since,
            detail: String::new(),
        };
        Ok(rows.into_iter().map(line).collect())
    }
}

impl From<StandingRow> for Standing {
    fn from(row: StandingRow) -> Self {
        Standing {
            stage: Stage::parse(&row.stage).unwrap_or_default(),
            grade: grade(Some(&row.grade)),
            new_this_year: row.is_new == 1,
            in_touch_this_year: row.in_touch == 1,
            buyers: count(row.buyers),
            with_name: count(row.with_name),
            with_company: count(row.with_company),
            with_country: count(row.with_country),
            with_phone: count(row.with_phone),
            with_owner: count(row.with_owner),
        }
    }
}

impl From<BuyerRow> for BuyerLine {
    fn from(row: BuyerRow) -> Self {
        BuyerLine {
            id: row.id,
            buyer: row.buyer,
            person: row.person,
            country: row.country,
            grade: grade(row.grade.as_deref()),
            why: row.why.as_deref().map(grounds).unwrap_or_default(),
            stage: Stage::parse(&row.stage).unwrap_or_default(),
            owner: row.owner,
            last_contact: row.last_contact,
            inquiries: count(row.inquiries),
            waiting: count(row.waiting),
            subject: row.subject,
        }
    }
}
