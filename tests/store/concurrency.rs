//! Several at work on one store at the same time.

use super::database::Engine;
use super::letters::Mail;
use super::shop::{NOW, Shop, claim_newsletter};
use inquiryd::buyer::{EventKind, Stage, read_customers};
use inquiryd::grade::Grade;
use inquiryd::grading::Grading;
use inquiryd::jobs;
use inquiryd::letter::{PlannedMail, What};
use inquiryd::store::Store;
use inquiryd::store::ledger::{CardChange, NewEvent};
use inquiryd::store::outbox::Fate;

on_both_engines![
    two_accounts_that_are_read_at_once_share_numbers_and_buyers,
    an_import_during_a_poll_makes_nobody_two_buyers,
    two_daemons_that_plan_at_once_plan_each_mail_once,
    an_order_recorded_while_two_buyers_become_one_raises_the_stage,
    a_stage_set_while_two_buyers_become_one_stays,
    a_grade_given_while_two_buyers_become_one_is_the_buyers,
    a_grade_of_the_rules_applied_while_two_buyers_become_one_is_the_buyers,
    a_card_changed_while_two_buyers_become_one_and_two_again_keeps_every_change,
    what_people_decide_during_an_import_stays_and_so_does_the_import,
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
    // The buyers of the mails wait for answers; these are for the newsletter.
    let rows: String = (0..50).map(|number| format!("buyer@crane-{number}.example,A\n")).collect();
    shop.import(format!("email,grade\n{rows}").as_bytes()).await;
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

/// Pairs of buyers who are one: enough that two writers who don't wait for each other meet in some of them.
const PAIRS: i64 = 30;

/// The buyer who stays, of each pair; the one who goes has the next number.
fn kept() -> impl Iterator<Item = i64> {
    (0..PAIRS).map(|pair| 2 * pair + 1)
}

/// A shop with [`PAIRS`] pairs of buyers, each with one inquiry, and a second process on its store.
async fn pairs(engine: Engine) -> (Shop, Store) {
    let shop = Shop::open(engine).await;
    let rows: String = (1..=2 * PAIRS).map(|number| format!("office@kestrel-{number}.example\n")).collect();
    shop.import(format!("email\n{rows}").as_bytes()).await;
    // The one who stays wrote last, so that the grade of his inquiry is his, merged or not.
    for number in kept().map(|number| number + 1).chain(kept()) {
        let mail = Mail::from(&format!("office@kestrel-{number}.example")).id(&format!("{number}@kestrel.example"));
        shop.deliver("sales", &mail);
        shop.poll().await;
    }
    let other = Store::open(&shop.url).await.expect("the same store once more");
    (shop, other)
}

async fn inquiry_of(shop: &Shop, buyer: i64) -> i64 {
    shop.number(&format!("SELECT MAX(id) FROM inquiry WHERE buyer_id = {buyer}")).await
}

async fn merge(store: &Store, kept: i64) -> i64 {
    store.merge(kept, kept + 1, "asked her", "Amy", NOW).await.expect("a merge")
}

async fn merge_and_unmerge(store: &Store, kept: i64) {
    let merge = merge(store, kept).await;
    store.unmerge(merge, "Amy", NOW).await.expect("undone");
}

async fn order(store: &Store, buyer_id: i64) {
    let (what, detail, by_whom) = (EventKind::TrialOrder, "12 pcs", Some("Leo"));
    let event = NewEvent { buyer_id, inquiry_id: None, at: NOW, what, detail, by_whom };
    store.record_event(&event, NOW).await.expect("recorded");
}

/// Fills the card field by field, as people do; then every field says `by hand`.
async fn change_everything(store: &Store, buyer: i64) {
    let by_hand = || Some("by hand".to_owned());
    let changes = [
        CardChange { owner: by_hand(), ..CardChange::default() },
        CardChange { name: by_hand(), ..CardChange::default() },
        CardChange { company: by_hand(), ..CardChange::default() },
        CardChange { language: by_hand(), ..CardChange::default() },
        CardChange { consent: by_hand(), ..CardChange::default() },
        CardChange { phone: by_hand(), ..CardChange::default() },
    ];
    for (number, change) in changes.iter().enumerate() {
        let address = [format!("{number}.of.{buyer}@gmail.com")];
        let taken = store.change_card(buyer, change, &address, "Leo", NOW).await.expect("changed");
        assert!(taken.is_empty(), "{taken:?}");
    }
}

const CHANGED_BY_HAND: &str = "owner = 'by hand' AND name = 'by hand' AND company = 'by hand' AND language = 'by hand' \
     AND consent = 'by hand' AND phone = 'by hand'";

/// Those who stay and of whom something is true must be all of them.
async fn assert_all_kept(shop: &Shop, what: &str) {
    let sql = format!("SELECT COUNT(*) FROM buyer WHERE id % 2 = 1 AND {what}");
    assert_eq!(shop.number(&sql).await, PAIRS, "{what}");
}

async fn an_order_recorded_while_two_buyers_become_one_raises_the_stage(engine: Engine) {
    let (shop, other) = pairs(engine).await;
    for kept in kept() {
        tokio::join!(merge_and_unmerge(&shop.store, kept), order(&other, kept));
    }
    assert_all_kept(&shop, "stage = 'trial_order'").await;
    assert_eq!(shop.number("SELECT COUNT(*) FROM buyer_event WHERE what = 'trial_order'").await, PAIRS);
}

async fn a_stage_set_while_two_buyers_become_one_stays(engine: Engine) {
    let (shop, other) = pairs(engine).await;
    let set = async |kept| other.set_stage(kept, Stage::BigPotential, "Leo", NOW).await.expect("set");
    for kept in kept() {
        tokio::join!(merge_and_unmerge(&shop.store, kept), set(kept));
    }
    assert_all_kept(&shop, "stage = 'big_potential'").await;
}

async fn a_grade_given_while_two_buyers_become_one_is_the_buyers(engine: Engine) {
    let (shop, other) = pairs(engine).await;
    let grade = async |inquiry| {
        assert!(other.grade_by_hand(inquiry, Grade::A, "Leo", NOW).await.expect("graded"), "there is an inquiry");
    };
    for kept in kept() {
        // Now an inquiry of the one who stays, now of the one who goes.
        let inquiry = inquiry_of(&shop, kept + kept / 2 % 2).await;
        tokio::join!(merge(&shop.store, kept), grade(inquiry));
    }
    assert_all_kept(&shop, "grade = 'A' AND graded_by = 'Leo'").await;
    let events = "SELECT COUNT(*) FROM buyer_event WHERE what = 'grade' AND buyer_id % 2 = 1";
    assert_eq!(shop.number(events).await, PAIRS);
}

async fn a_grade_of_the_rules_applied_while_two_buyers_become_one_is_the_buyers(engine: Engine) {
    let (shop, other) = pairs(engine).await;
    let grading = Grading {
        grade: Grade::A,
        score: 100,
        reasons: Vec::new(),
        suggests: None,
        experiment: Vec::new(),
        experiment_grade: None,
    };
    for kept in kept() {
        let gradings = [(inquiry_of(&shop, kept).await, grading.clone())];
        let (_, applied) = tokio::join!(merge(&shop.store, kept), other.apply_gradings(&gradings));
        applied.expect("applied");
    }
    assert_all_kept(&shop, "grade = 'A'").await;
}

async fn a_card_changed_while_two_buyers_become_one_and_two_again_keeps_every_change(engine: Engine) {
    let (shop, other) = pairs(engine).await;
    for kept in kept() {
        tokio::join!(merge_and_unmerge(&shop.store, kept), change_everything(&other, kept));
    }
    assert_all_kept(&shop, CHANGED_BY_HAND).await;
    assert_eq!(shop.number("SELECT COUNT(*) FROM buyer_address WHERE buyer_id % 2 = 1").await, 7 * PAIRS);
    assert_eq!(shop.number("SELECT COUNT(*) FROM buyer_event WHERE what = 'card'").await, 6 * PAIRS);
}

async fn what_people_decide_during_an_import_stays_and_so_does_the_import(engine: Engine) {
    const IMPORTS: i64 = 20;
    let (shop, other) = pairs(engine).await;
    let import_on_and_on = async || {
        for import in 0..IMPORTS {
            let row = |number| format!("office@kestrel-{number}.example,{import}@kestrel-{number}.example\n");
            let rows: String = (1..=2 * PAIRS).map(row).collect();
            let read = read_customers(format!("email,other_emails\n{rows}").as_bytes(), NOW).expect("a CSV");
            shop.store.import(("file", ""), &read.buyers, NOW, &|_, _| {}).await.expect("an import");
        }
    };
    let decide = async || {
        for kept in kept() {
            change_everything(&other, kept).await;
            order(&other, kept).await;
            other.grade_by_hand(inquiry_of(&shop, kept).await, Grade::A, "Leo", NOW).await.expect("graded");
        }
    };
    tokio::join!(import_on_and_on(), decide());
    assert_all_kept(&shop, CHANGED_BY_HAND).await;
    assert_all_kept(&shop, "stage = 'trial_order' AND grade = 'A' AND graded_by = 'Leo'").await;
    let addresses = "SELECT COUNT(*) FROM buyer_address WHERE buyer_id % 2 = 1";
    assert_eq!(shop.number(addresses).await, (1 + 6 + IMPORTS) * PAIRS);
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
        raw: Some(Vec::new()),
        not_before: NOW,
    };
    shop.store.plan(&[mail], NOW).await.expect("planned");
    claim_newsletter(&shop.store, "two", 1, NOW).await.expect("the mail");
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
