//! Who does a job just now, when several daemons share a store.

use super::database::Engine;
use super::letters::Mail;
use super::shop::{NOW, Shop};
use inquiryd::jobs;
use inquiryd::letter::{PlannedMail, What};

on_both_engines![
    a_job_has_one_owner_until_he_gives_it_back_or_falls_silent,
    an_account_that_another_daemon_polls_is_left_alone,
    a_failed_poll_gives_its_lease_back,
    a_second_service_on_one_sqlite_store_is_refused_and_a_dead_one_frees_what_it_had,
];

async fn a_job_has_one_owner_until_he_gives_it_back_or_falls_silent(engine: Engine) {
    let store = Shop::open(engine).await.store;
    let lease = |owner: &'static str, now| {
        let store = store.clone();
        async move { store.lease("poll/sales", owner, now, 180).await.expect("an answer") }
    };
    assert!(lease("one", NOW).await);
    assert!(!lease("two", NOW + 100).await);
    assert!(lease("one", NOW + 100).await, "the owner renews");
    assert!(!lease("two", NOW + 200).await);
    assert!(lease("two", NOW + 280).await, "the owner fell silent");
    assert!(!lease("one", NOW + 281).await);
    store.release("poll/sales", "one").await.expect("nothing of his");
    assert!(!lease("one", NOW + 282).await);
    store.release("poll/sales", "two").await.expect("given back");
    assert!(lease("one", NOW + 283).await);
}

async fn an_account_that_another_daemon_polls_is_left_alone(engine: Engine) {
    let shop = Shop::open(engine).await;
    shop.deliver("sales", &Mail::from("ann@kestrel.example").id("1@kestrel.example"));
    assert!(shop.store.lease("poll/sales", "other", NOW, 180).await.expect("a lease"));
    let polled = jobs::poll(&shop.context(), shop.account("sales")).await.expect("an answer");
    assert_eq!(polled, None);
    shop.later(180);
    assert_eq!(shop.poll().await.recorded, 1);
}

async fn a_failed_poll_gives_its_lease_back(engine: Engine) {
    let shop = Shop::open(engine).await;
    let mut gone = shop.account("sales").clone();
    let inquiryd::config::source::SourceSettings::Maildir(maildir) = &mut gone.source else { panic!("a Maildir") };
    maildir.path = "/nowhere/at/all".into();
    assert!(jobs::poll(&shop.context(), &gone).await.is_err());
    assert!(shop.store.lease("poll/sales", "other", NOW, 180).await.expect("an answer"));
}

async fn a_second_service_on_one_sqlite_store_is_refused_and_a_dead_one_frees_what_it_had(engine: Engine) {
    let shop = Shop::open(engine).await;
    let mail = PlannedMail {
        key: "digest/1/amy@haiyue.example".to_owned(),
        what: What::Digest,
        recipient: "amy@haiyue.example".to_owned(),
        message_id: "inquiryd.1@haiyue.example".to_owned(),
        subject: "Digest".to_owned(),
        raw: Some(Vec::new()),
        not_before: NOW,
    };
    shop.store.plan(&[mail], NOW).await.expect("planned");
    let first = shop.store.hold().await.expect("nobody else works here");
    shop.store.claim("first", NOW, 600).await.expect("a claim").expect("the mail");
    let second = shop.store.hold().await;
    if engine == Engine::Postgres {
        second.expect("several daemons may share a PostgreSQL");
        assert!(shop.store.claim("second", NOW, 600).await.expect("a claim").is_none(), "the claim stands");
        return;
    }
    let error = format!("{:#}", second.expect_err("one service a SQLite store"));
    assert!(error.contains("another inquiryd works on this store"), "{error}");
    drop(first);
    let _second = shop.store.hold().await.expect("the first is gone");
    assert!(shop.store.claim("second", NOW, 600).await.expect("a claim").is_some());
}
