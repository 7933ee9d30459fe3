//! What must hold after the year.

use super::trade::{country_of, grade_of};
use super::{BUYERS, DAY, HOUR, Office};
use crate::store::database::Database;
use inquiryd::calendar::country;
use inquiryd::clock::UnixTime;
use inquiryd::follow_up::Level;
use jiff::Timestamp;
use mail_parser::MessageParser;
use std::collections::{BTreeMap, HashMap, HashSet};

pub async fn all(office: &Office) {
    let mut database = Database::connect(&office.url).await;
    let mails = mails(&mut database).await;
    to_our_people_alone(&mails);
    in_working_hours(office, &mails);
    each_reminder_once(&mut database).await;
    every_inquiry_ends(office, &mut database).await;
    every_buyer_hears_from_us(office, &mut database).await;
}

/// A mail of ours.
struct Sent {
    what: String,
    recipient: String,
    at: UnixTime,
}

async fn rows(database: &mut Database, sql: &str) -> Vec<Vec<String>> {
    let rows = database.texts(sql).await;
    rows.into_iter().map(|row| row.split('|').map(str::to_owned).collect()).collect()
}

async fn mails(database: &mut Database) -> Vec<Sent> {
    let unsent = database.number("SELECT COUNT(*) FROM outbox WHERE state <> 'sent'").await;
    assert_eq!(unsent, 0, "everything planned was sent");
    let sql = "SELECT what || '|' || recipient || '|' || created_at FROM outbox ORDER BY id";
    let sent = |row: Vec<String>| Sent {
        what: row[0].clone(),
        recipient: row[1].clone(),
        at: row[2].parse().expect("an instant"),
    };
    let sent: Vec<Sent> = rows(database, sql).await.into_iter().map(sent).collect();
    assert!(sent.len() > 8_000, "a year has many mails: {}", sent.len());
    sent
}

fn to_our_people_alone(mails: &[Sent]) {
    for mail in mails {
        let (name, domain) = mail.recipient.split_once('@').expect("an address");
        assert!(
            ["amy", "leo", "mia", "tom", "chen"].contains(&name) && domain == "haiyue.example",
            "{}",
            mail.recipient
        );
    }
}

/// Weekday, holiday and hour are read off the wall here, without the calendar that planned the mails.
fn in_working_hours(office: &Office, mails: &[Sent]) {
    let mut urgent = 0;
    for mail in mails.iter().filter(|mail| ["reminder", "follow_up"].contains(&mail.what.as_str())) {
        let (calendar, of_country) = office.calendar_at(mail.at);
        let (zone, days_off) = (calendar.zone(), &country(of_country).days_off);
        let wall = zone.to_datetime(Timestamp::from_second(mail.at).expect("an instant"));
        assert!((8..20).contains(&wall.hour()), "{} at {wall}", mail.what);
        assert!(days_off.is_working_day(wall.date()), "{} on {wall}", mail.what);
        urgent += 1;
    }
    assert!(urgent > 4_000, "{urgent}");
}

/// Every reminder that was noted was told in exactly one mail to each who should know, and nothing else was.
async fn each_reminder_once(database: &mut Database) {
    let mut told: HashMap<(String, String, String), u32> = HashMap::new();
    // What we send is ASCII.
    let sql = "SELECT recipient || '|' || CAST(raw AS TEXT) FROM outbox JOIN outbox_mail ON outbox_id = id WHERE what = 'reminder'";
    for mail in database.texts(sql).await {
        let (recipient, raw) = mail.split_once('|').expect("a recipient");
        let mail = MessageParser::new().parse(raw.as_bytes()).expect("a mail");
        let mut level = "";
        for line in mail.body_text(0).expect("a text").lines() {
            level = match line.trim_end() {
                line if line.ends_with(" soon due") => "near",
                line if line.ends_with(" past the target") => "target",
                line if line.ends_with(" overdue") => "limit",
                _ => level,
            };
            if let Some((_, rest)) = line.split_once("] #").filter(|_| line.starts_with('[')) {
                let id = rest.split(' ').next().expect("a number").to_owned();
                *told.entry((level.to_owned(), id, recipient.to_owned())).or_default() += 1;
            }
        }
    }
    assert!(told.values().all(|times| *times == 1), "nobody is told the same twice");
    let noted = rows(database, "SELECT level || '|' || inquiry_id FROM reminder").await;
    let noted: HashSet<(String, String)> = noted.into_iter().map(|row| (row[0].clone(), row[1].clone())).collect();
    let in_mails: HashSet<(String, String)> = told.keys().map(|(level, id, _)| (level.clone(), id.clone())).collect();
    assert_eq!(noted.len(), in_mails.len());
    assert_eq!(noted, in_mails);
    for level in Level::ALL {
        assert!(noted.iter().any(|(noted, _)| noted == level.as_str()), "a year has every level");
    }
    assert!(told.keys().filter(|(level, ..)| level == "limit").all(|(_, _, who)| who == "chen@haiyue.example"));
}

/// Answered, excused, or brought to the manager once its limit had passed and the service was there to say so.
async fn every_inquiry_ends(office: &Office, database: &mut Database) {
    let sql = "SELECT i.id || '|' || m.received_at || '|' || COALESCE(i.answered_at, i.excuse, '') || '|' || \
               COALESCE((SELECT planned_at FROM reminder r WHERE r.inquiry_id = i.id AND r.level = 'limit'), 0) || '|' || \
               COALESCE((SELECT planned_at FROM reminder r WHERE r.inquiry_id = i.id AND r.level = 'target'), 0) || '|' || \
               COALESCE(i.told_at, 0) || '|' || COALESCE(i.worked, -1) \
               FROM inquiry i JOIN mail m ON m.id = i.mail_id";
    let all = rows(database, sql).await;
    assert!(all.len() > 13_000, "some 40 a day: {}", all.len());
    let (mut answered, mut escalated) = (0, 0);
    for row in &all {
        let number = |at: usize| row[at].parse::<i64>().unwrap_or(0);
        let (id, received, limit) = (&row[0], number(1), number(3));
        let settled = !row[2].is_empty();
        answered += usize::from(settled);
        escalated += usize::from(limit > 0);
        // Three working days, and a week without power, are time enough for everything that has to be said.
        let (calendar, _) = office.calendar_at(received);
        let time_enough = calendar.after_days(received, std::time::Duration::from_secs(72 * 3600)) + 8 * DAY;
        if time_enough < office.end() {
            assert!(settled || limit > 0, "#{id} was lost");
        }
        let answered_at = if row[6] == "-1" { 0 } else { number(2) };
        if limit > 0 && answered_at > 0 {
            assert!(answered_at + 6 * HOUR >= limit, "#{id} was answered long before the manager heard of it");
        }
        if answered_at > 0 {
            let worked = number(6);
            assert!((0..=answered_at - received).contains(&worked), "#{id}: {worked} of {}", answered_at - received);
        }
    }
    let many = answered > 10_000 && escalated > 1_000;
    assert!(many, "{answered} answered, {escalated} escalated of {}", all.len());
}

/// Nobody is asked sooner than the rhythm says, or while the buyer waits for us; and nobody is forgotten.
async fn every_buyer_hears_from_us(office: &Office, database: &mut Database) {
    let every = office.settings.follow_up.cadence.every;
    let mut asked: BTreeMap<i64, Vec<UnixTime>> = BTreeMap::new();
    for row in rows(database, "SELECT buyer_id || '|' || asked_at FROM follow_up ORDER BY asked_at").await {
        asked.entry(row[0].parse().expect("a buyer")).or_default().push(row[1].parse().expect("an instant"));
    }
    let mut touches: BTreeMap<i64, Vec<(UnixTime, UnixTime)>> = BTreeMap::new();
    for touch in &office.trade.touches {
        touches.entry(touch.buyer).or_default().push((touch.known_at, touch.at));
    }
    let waiting = waiting(database).await;
    // Whoever turned out to be no buyer is left alone.
    let stopped: HashSet<String> = database
        .texts("SELECT CAST(id AS TEXT) FROM buyer WHERE follow_up_stopped IS NOT NULL")
        .await
        .into_iter()
        .collect();
    let mut asks = 0;
    for buyer in 1..=i64::from(BUYERS) {
        let days = i64::from(every[grade_of(buyer) as usize]);
        let theirs = &country(country_of(buyer)).days_off;
        let mut last: Option<UnixTime> = None;
        // In the order in which they were known: a mail that came after the last poll keeps nobody from being asked.
        let mut events: Vec<(UnixTime, UnixTime, bool)> =
            touches.get(&buyer).into_iter().flatten().map(|(known, at)| (*known, *at, false)).collect();
        events.extend(asked.get(&buyer).into_iter().flatten().map(|at| (*at, *at, true)));
        events.sort_unstable();
        for (_, at, is_ask) in &events {
            if *is_ask {
                asks += 1;
                let (calendar, _) = office.calendar_at(*at);
                let day = calendar.date(*at);
                assert!(theirs.is_working_day(day), "@{buyer} rests on {day}");
                let mut spans = waiting.get(&buyer).into_iter().flatten();
                assert!(spans.all(|(from, until)| at < from || at >= until), "@{buyer} waits for us on {day}");
                if let Some(last) = last.map(|last| calendar.date(last)) {
                    assert!(i64::from((day - last).get_days()) >= days, "@{buyer} on {day}, too soon after {last}");
                }
            }
            last = last.max(Some(*at));
        }
        // From then on he was as good as forgotten: weekends, holidays of both sides and the week without power are less.
        let (calendar, _) = office.calendar_at(office.end());
        let end = calendar.date(office.end());
        let silent_since = calendar.date(last.unwrap_or(office.start));
        let stopped = stopped.contains(&buyer.to_string());
        let waits = stopped || waiting.get(&buyer).into_iter().flatten().any(|(_, until)| *until == 9_000_000_000);
        assert!(
            waits || i64::from((end - silent_since).get_days()) <= days + 21,
            "@{buyer} is forgotten since {silent_since}"
        );
    }
    assert!(asks > 50_000, "{asks}");
}

/// When each buyer waited for an answer, as the digest told it and the answer ended it.
async fn waiting(database: &mut Database) -> BTreeMap<i64, Vec<(UnixTime, UnixTime)>> {
    // Once the manager knows, the buyer is followed up again.
    let sql = "SELECT i.buyer_id || '|' || m.recorded_at || '|' || MIN( \
               COALESCE(i.answered_at, (SELECT MIN(e.recorded_at) FROM buyer_event e WHERE e.inquiry_id = i.id), 9000000000), \
               COALESCE((SELECT planned_at FROM reminder r WHERE r.inquiry_id = i.id AND r.level = 'limit'), 9000000000)) \
               FROM inquiry i JOIN mail m ON m.id = i.mail_id";
    let mut waiting: BTreeMap<i64, Vec<(UnixTime, UnixTime)>> = BTreeMap::new();
    for row in rows(database, sql).await {
        let until: UnixTime = row[2].parse().expect("an instant");
        let span = (row[1].parse().expect("an instant"), until);
        waiting.entry(row[0].parse().expect("a buyer")).or_default().push(span);
    }
    waiting
}
