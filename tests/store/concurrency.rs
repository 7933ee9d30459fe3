//! Several at work on one store at the same time.

use super::database::Engine;
use super::letters::Mail;
use super::shop::{NOW, Shop};
use inquiryd::buyer::read_customers;
use inquiryd::jobs;
use inquiryd::letter::{PlannedMail, What};
use inquiryd::store::Store;
use inquiryd::store::outbox::Fate;

on_both_engines![
    two_accounts_that_are_read_at_once_share_numbers_and_buyers,
    an_import_during_a_poll_makes_nobody_two_buyers,
    two_daemons_that_plan_at_once_plan_each_mail_once,
];

const MAILS: u32 = 250;

/// Both accounts get mail from the same 50 buyers.
fn fill(shop: &Shop) {
    for number in 0..MAILS {
        let buyer = format!("buyer@kestrel-{}.example", number % 50);
        for account in ["sales", "web"] {
            let mail = Mail::from(&buyer).id(&format!("{account}.{number}@kestrel.example"));
            shop.deliver(account, &mail);
        }
    }
}

async fn two_accounts_that_are_read_at_once_share_numbers_and_buyers(engine: Engine) {
    let shop = Shop::open(engine).await;
    fill(&shop);
    let other_store = Store::open(&shop.url).await.expect("the same store once more");
    let other = jobs::Context { store: &other_store, ..shop.context_of("other") };
    let (sales, web) = tokio::join!(shop.try_poll("sales"), jobs::poll(&other, shop.account("web")));
    assert_eq!(sales.expect("a poll").recorded, u64::from(MAILS));
    assert_eq!(web.expect("a poll").expect("nobody else polls").recorded, u64::from(MAILS));
    let all = i64::from(2 * MAILS);
    let mut database = shop.database().await;
    for (sql, expected) in [
        ("SELECT COUNT(*) FROM mail", all),
        ("SELECT MAX(id) FROM mail", all),
        ("SELECT mail FROM sequence", all),
        ("SELECT MAX(id) FROM inquiry", all),
        ("SELECT inquiry FROM sequence", all),
        ("SELECT COUNT(*) FROM buyer", 50),
        ("SELECT buyer FROM sequence", 50),
        ("SELECT COUNT(*) FROM buyer WHERE inquiries = 10", 50),
        ("SELECT COUNT(*) FROM inquiry WHERE NOT known", 50),
    ] {
        assert_eq!(database.number(sql).await, expected, "{sql}");
    }
}

async fn an_import_during_a_poll_makes_nobody_two_buyers(engine: Engine) {
    let shop = Shop::open(engine).await;
    fill(&shop);
    let rows: String = (0..100).map(|number| format!("buyer@kestrel-{number}.example\n")).collect();
    let import = read_customers(format!("email\n{rows}").as_bytes(), NOW).expect("a CSV");
    let other_store = Store::open(&shop.url).await.expect("the same store once more");
    let (polled, imported) =
        tokio::join!(shop.try_poll("sales"), other_store.import(("file", ""), &import.buyers, NOW, &|_, _| {}));
    assert_eq!(polled.expect("a poll").recorded, u64::from(MAILS));
    imported.expect("an import");
    assert_eq!(shop.number("SELECT COUNT(*) FROM buyer").await, 100);
    assert_eq!(shop.number("SELECT COUNT(*) FROM buyer_address").await, 100);
}

async fn two_daemons_that_plan_at_once_plan_each_mail_once(engine: Engine) {
    let mut shop = Shop::open(engine).await;
    fill(&shop);
    shop.file(
        "newsletters/spring.md",
        "+++\nsubject = \"News\"\nsegment = [\"A\", \"B\", \"C\", \"D\"]\ndate = \"2026-11-23 20:00\"\n+++\nChairs.\n",
    );
    shop.poll().await;
    let other_store = Store::open(&shop.url).await.expect("the same store once more");
    let (one, two) = (shop.context_of("one"), jobs::Context { store: &other_store, ..shop.context_of("two") });
    let (first, second) = tokio::join!(jobs::digest(&one), jobs::digest(&two));
    let digests = [first.expect("an answer"), second.expect("an answer")];
    assert!(digests.contains(&Some(1)) && digests.contains(&None), "{digests:?}");
    shop.later(24 * 3600);
    let (first, second) = tokio::join!(jobs::reminders(&one), jobs::reminders(&two));
    assert_eq!(first.expect("an answer") + second.expect("an answer"), 2 * MAILS as usize);
    let (first, second) = tokio::join!(jobs::newsletters(&one), jobs::newsletters(&two));
    assert!(first.is_ok() && second.is_ok());
    for (what, expected) in [("digest", 2), ("reminder", 3), ("newsletter", 50)] {
        let sql = format!("SELECT COUNT(*) FROM outbox WHERE what = '{what}'");
        assert_eq!(shop.number(&sql).await, expected, "{what}");
    }
}

/// On SQLite nothing can be written while a digest is planned.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgresql_what_happens_while_a_digest_is_planned_is_told_in_the_next_one() {
    let shop = Shop::open(Engine::Postgres).await;
    let mail = PlannedMail {
        key: "newsletter/spring/ann@kestrel.example".to_owned(),
        what: What::Newsletter,
        recipient: "ann@kestrel.example".to_owned(),
        message_id: "inquiryd.1@haiyue.example".to_owned(),
        subject: "Spring news".to_owned(),
        raw: Vec::new(),
        not_before: NOW,
    };
    shop.store.plan(&[mail], NOW).await.expect("planned");
    shop.store.claim_one(1, "two", NOW, 600).await.expect("a claim").expect("the mail");
    shop.store.notice("one", "The first notice.", NOW).await.expect("noted");
    let meanwhile = || async {
        shop.store.notice("two", "The second notice.", NOW).await.expect("noted");
        let fate = Fate::Unknown { error: "the line broke".to_owned() };
        shop.store.settle(1, "two", &fate, NOW).await.expect("settled");
    };
    let planned = shop.store.plan_digest("Haiyue", NOW, |_, digest| {
        assert_eq!((digest.notices.len(), digest.held.len()), (1, 0));
        tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(meanwhile()));
        Ok(Vec::new())
    });
    assert_eq!(planned.await.expect("a digest"), Some(1));
    let next = shop.store.next_digest("Haiyue", NOW).await.expect("a digest");
    assert_eq!(next.notices, ["The second notice."]);
    assert_eq!(next.held.len(), 1);
}
