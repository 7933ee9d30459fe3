//! Planned mail and its fate.

use super::database::{Database, Engine};
use super::shop::{AMY, HOUR, MINUTE, NOW, Shop, claim_newsletter};
use crate::support::smtp_peer::{Act, Script, SmtpPeer};
use inquiryd::config::source::{Endpoint, Security, SinkSettings, SmtpSettings};
use inquiryd::letter::{PlannedMail, What};
use inquiryd::outbox::{Outcome, OutgoingMail, Sink};
use inquiryd::progress::Progress;
use inquiryd::store::outbox::{Fate, OutboxLine};
use std::collections::BTreeSet;
use std::time::Duration;

on_both_engines![
    a_mail_planned_twice_under_one_key_is_one_mail,
    several_workers_never_get_the_same_mail,
    a_claim_ends_by_itself_and_its_late_owner_changes_nothing,
    what_a_dead_process_was_handing_to_a_server_is_held,
    what_a_dead_process_was_writing_into_a_folder_is_written_once,
    a_deferred_mail_is_tried_again_after_growing_pauses,
    a_server_that_defers_everything_is_left_alone_after_three_mails,
    a_refused_mail_waits_for_a_person,
    a_mail_whose_fate_is_unknown_is_sent_again_or_dropped_as_a_person_says,
    the_hourly_cap_stops_a_flood_and_says_so_once_an_hour,
];

fn reminder(number: u32) -> PlannedMail {
    let key = format!("reminder/target/{number}/{AMY}");
    PlannedMail {
        what: What::Reminder,
        recipient: AMY.to_owned(),
        message_id: format!("inquiryd.{number}@haiyue.example"),
        subject: format!("Reminder {number}"),
        raw: Some(
            format!("Message-ID: <inquiryd.{number}@haiyue.example>\r\nSubject: Reminder {number}\r\n\r\nHello\r\n")
                .into_bytes(),
        ),
        not_before: NOW,
        key,
    }
}

async fn shop_with_reminders(engine: Engine, count: u32) -> Shop {
    let shop = Shop::open(engine).await;
    plan(&shop, count).await;
    shop
}

async fn plan(shop: &Shop, count: u32) {
    let mails: Vec<PlannedMail> = (1..=count).map(reminder).collect();
    shop.store.plan(&mails, NOW).await.expect("planned");
}

pub fn smtp(peer: &SmtpPeer) -> SinkSettings {
    let server = Endpoint { host: "127.0.0.1".to_owned(), port: peer.port, security: Security::Plain, ca_file: None };
    SinkSettings::Smtp(SmtpSettings { server, login: None, deadline: Duration::from_secs(20) })
}

/// The outbox, oldest first.
async fn lines(shop: &Shop) -> Vec<OutboxLine> {
    let mut lines = shop.store.outbox(None, 1_000).await.expect("the outbox");
    lines.reverse();
    lines
}

async fn states(shop: &Shop) -> Vec<String> {
    lines(shop).await.into_iter().map(|line| line.state).collect()
}

async fn a_mail_planned_twice_under_one_key_is_one_mail(engine: Engine) {
    let shop = shop_with_reminders(engine, 1).await;
    let other = PlannedMail {
        subject: "Other words".to_owned(),
        message_id: "inquiryd.9@haiyue.example".to_owned(),
        ..reminder(1)
    };
    shop.store.plan(&[other, reminder(2)], NOW).await.expect("planned");
    let subjects: Vec<_> = lines(&shop).await.into_iter().map(|line| line.subject).collect();
    assert_eq!(subjects, ["Reminder 1", "Reminder 2"]);
    assert_eq!(shop.send().await.sent, 2);
    shop.store.plan(&[reminder(1)], NOW).await.expect("known");
    assert_eq!(shop.send().await.sent, 0, "what was sent is never planned again");
}

async fn several_workers_never_get_the_same_mail(engine: Engine) {
    const MAILS: u32 = 300;
    let shop = shop_with_reminders(engine, MAILS).await;
    let workers = ["one", "two", "three", "four"].map(|owner| {
        let store = shop.store.clone();
        tokio::spawn(async move {
            let mut mine = Vec::new();
            while let Some(mail) = store.claim(owner, NOW, 600).await.expect("a claim or none") {
                assert!(store.mark_sending(mail.id, owner).await.expect("marked"), "{owner} claimed {}", mail.id);
                store.settle(mail.id, owner, &Fate::Sent, NOW).await.expect("settled");
                mine.push(mail.id);
            }
            mine
        })
    });
    let mut all = Vec::new();
    for worker in workers {
        all.extend(worker.await.expect("a worker"));
    }
    assert_eq!(all.len(), MAILS as usize);
    assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), MAILS as usize);
    assert!(states(&shop).await.iter().all(|state| state == "sent"));
}

#[tokio::test]
async fn on_postgresql_a_worker_takes_the_next_mail_where_another_is_just_taking_one() {
    let shop = shop_with_reminders(Engine::Postgres, 2).await;
    let Database::Postgres(mut other) = shop.database().await else { panic!("PostgreSQL") };
    let mut taking = sqlx::Connection::begin(&mut other).await.expect("a transaction");
    let lock = sqlx::raw_sql("UPDATE outbox SET claimed_by = 'other' WHERE id = 1");
    sqlx::Executor::execute(&mut *taking, lock).await.expect("a lock");
    let claim = shop.store.claim("test", NOW, 600);
    let claimed = tokio::time::timeout(Duration::from_secs(20), claim).await.expect("it doesn't wait");
    assert_eq!(claimed.expect("a claim").expect("the second mail").id, 2);
}

async fn a_claim_ends_by_itself_and_its_late_owner_changes_nothing(engine: Engine) {
    let shop = shop_with_reminders(engine, 1).await;
    let claim = |owner, now| shop.store.claim(owner, now, 600);
    assert!(claim("one", NOW).await.expect("a claim").is_some());
    assert!(claim("two", NOW + 599).await.expect("none").is_none());
    assert!(claim_newsletter(&shop.store, "two", 1, NOW + 599).await.is_none());
    assert!(claim("two", NOW + 600).await.expect("a claim").is_some());
    assert!(!shop.store.mark_sending(1, "one").await.expect("too late"));
    shop.store.settle(1, "one", &Fate::Sent, NOW + 601).await.expect("ignored");
    assert_eq!(states(&shop).await, ["planned"]);
    assert!(shop.store.mark_sending(1, "two").await.expect("marked"));
    assert!(!shop.store.mark_sending(1, "two").await.expect("once only"));
}

async fn what_a_dead_process_was_handing_to_a_server_is_held(engine: Engine) {
    let shop = shop_with_reminders(engine, 2).await;
    shop.store.claim("dead", NOW, 600).await.expect("a claim").expect("a mail");
    assert!(shop.store.mark_sending(1, "dead").await.expect("marked"));
    let peer = SmtpPeer::start(Script::default()).await;
    assert_eq!(shop.send_to(&smtp(&peer)).await.sent, 1);
    assert_eq!(states(&shop).await, ["sending", "sent"], "it may still be alive");
    shop.later(600);
    assert_eq!(shop.send_to(&smtp(&peer)).await.sent, 0);
    assert_eq!(states(&shop).await, ["unknown", "sent"]);
    assert_eq!(peer.seen().mails.len(), 1);
    let held = shop.store.next_digest("Haiyue", NOW).await.expect("a digest").held;
    assert_eq!(held.iter().map(|line| line.subject.as_str()).collect::<Vec<_>>(), ["Reminder 1"]);
}

async fn what_a_dead_process_was_writing_into_a_folder_is_written_once(engine: Engine) {
    let shop = shop_with_reminders(engine, 2).await;
    for wrote_it in [true, false] {
        let mail = shop.store.claim("dead", NOW, 600).await.expect("a claim").expect("a mail");
        assert!(shop.store.mark_sending(mail.id, "dead").await.expect("marked"));
        let outgoing = OutgoingMail {
            from: shop.settings.outbox.from.email.clone(),
            recipient: mail.recipient.parse().expect("an address"),
            message_id: mail.message_id,
            what: mail.what,
            planned_at: mail.created_at,
            raw: mail.raw.expect("kept bytes"),
        };
        let mut sink = Sink::open(&shop.settings.outbox.sink, &Progress::default()).expect("a folder");
        sink.offer(&outgoing).await.expect("a folder that can be written to");
        if wrote_it {
            assert_eq!(sink.hand_over(&outgoing).await, Outcome::Sent);
        }
    }
    assert_eq!(shop.sent_names().len(), 1);
    shop.later(600);
    assert_eq!(shop.send().await.sent, 2);
    assert_eq!(shop.sent_names().len(), 2);
    assert_eq!(states(&shop).await, ["sent", "sent"]);
}

async fn a_deferred_mail_is_tried_again_after_growing_pauses(engine: Engine) {
    let shop = shop_with_reminders(engine, 1).await;
    let busy = SmtpPeer::start(Script::default().always("RCPT", Act::Say(b"451 4.7.1 greylisted"))).await;
    for (tries, pause) in [(1, MINUTE), (2, 2 * MINUTE), (3, 4 * MINUTE)] {
        assert_eq!(shop.send_to(&smtp(&busy)).await.deferred, 1);
        let line = lines(&shop).await.remove(0);
        assert_eq!((line.state.as_str(), line.attempts), ("planned", tries));
        assert_eq!(line.not_before, shop.clock.now() + pause);
        assert!(line.last_error.is_some_and(|error| error.contains("greylisted")));
        assert_eq!(shop.store.next_planned().await.expect("an instant"), Some(shop.clock.now() + pause));
        shop.later(pause - 1);
        assert_eq!(shop.send_to(&smtp(&busy)).await.deferred, 0, "not yet");
        shop.later(1);
    }
    let willing = SmtpPeer::start(Script::default()).await;
    assert_eq!(shop.send_to(&smtp(&willing)).await.sent, 1);
    assert_eq!(willing.seen().mails.len(), 1);
    assert_eq!(shop.digest().await, None, "nobody need know of it");
}

async fn a_server_that_defers_everything_is_left_alone_after_three_mails(engine: Engine) {
    let shop = shop_with_reminders(engine, 10).await;
    let busy = SmtpPeer::start(Script::default().always("MAIL", Act::Say(b"451 4.3.2 too many mails"))).await;
    assert_eq!(shop.send_to(&smtp(&busy)).await.deferred, 3);
    assert_eq!(lines(&shop).await.iter().filter(|line| line.attempts == 0).count(), 7);
}

async fn a_refused_mail_waits_for_a_person(engine: Engine) {
    let shop = shop_with_reminders(engine, 2).await;
    let strict = SmtpPeer::start(Script::default().always("RCPT", Act::Say(b"550 5.1.1 no such user"))).await;
    assert_eq!(shop.send_to(&smtp(&strict)).await.refused, 2);
    assert_eq!(states(&shop).await, ["refused", "refused"]);
    let notices = shop.store.next_digest("Haiyue", NOW).await.expect("a digest").notices;
    assert!(notices.len() == 2 && notices[0].contains("no such user"), "{notices:?}");
    shop.later(HOUR);
    let willing = SmtpPeer::start(Script::default()).await;
    assert_eq!(shop.send_to(&smtp(&willing)).await.sent, 0, "not by itself");
    assert!(shop.store.decide(1, true, shop.clock.now()).await.expect("decided"));
    assert!(shop.store.decide(2, false, shop.clock.now()).await.expect("decided"));
    assert_eq!(shop.send_to(&smtp(&willing)).await.sent, 1);
    assert_eq!(states(&shop).await, ["sent", "dropped"]);
    assert!(!shop.store.decide(1, true, shop.clock.now()).await.expect("nothing to decide"));
    assert!(!shop.store.decide(2, true, shop.clock.now()).await.expect("nothing to decide"));
    assert!(!shop.store.decide(3, true, shop.clock.now()).await.expect("nothing to decide"));
}

async fn a_mail_whose_fate_is_unknown_is_sent_again_or_dropped_as_a_person_says(engine: Engine) {
    let shop = shop_with_reminders(engine, 2).await;
    let breaking = SmtpPeer::start(Script::default().always("DOT", Act::Close)).await;
    assert_eq!(shop.send_to(&smtp(&breaking)).await.unknown, 2);
    shop.later(HOUR);
    let willing = SmtpPeer::start(Script::default()).await;
    assert_eq!(shop.send_to(&smtp(&willing)).await.sent, 0, "never by itself");
    let held = shop.store.outbox(Some("unknown"), 10).await.expect("the held ones");
    assert_eq!(held.len(), 2);
    assert!(shop.store.decide(1, true, shop.clock.now()).await.expect("decided"));
    assert!(shop.store.decide(2, false, shop.clock.now()).await.expect("decided"));
    assert_eq!(shop.send_to(&smtp(&willing)).await.sent, 1);
    assert!(willing.seen().mails[0].contains("Message-ID: <inquiryd.1@haiyue.example>"), "under its old name");
    assert_eq!(states(&shop).await, ["sent", "dropped"]);
}

async fn the_hourly_cap_stops_a_flood_and_says_so_once_an_hour(engine: Engine) {
    let shop = Shop::with(engine, &[("OUTBOX__HOURLY_CAP", "2")]).await;
    plan(&shop, 5).await;
    let notices = || async { shop.store.next_digest("Haiyue", NOW).await.expect("a digest").notices };
    assert_eq!(shop.send().await.sent, 2);
    assert_eq!(notices().await.len(), 1);
    shop.later(20 * MINUTE);
    assert_eq!(shop.send().await.sent, 0);
    assert_eq!(notices().await.len(), 1, "the same hour is told once");
    shop.later(20 * MINUTE);
    assert_eq!(shop.send().await.sent, 0);
    assert_eq!(notices().await.len(), 2, "another hour of the clock, and mail still waits");
    shop.later(20 * MINUTE);
    assert_eq!(shop.send().await.sent, 2, "the first two are an hour old");
    shop.later(HOUR);
    assert_eq!(shop.send().await.sent, 1);
    let told = notices().await.len();
    shop.later(MINUTE);
    assert_eq!(shop.send().await.sent, 0);
    assert_eq!(notices().await.len(), told, "nothing waits any more");
}
