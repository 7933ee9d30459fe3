//! What people record and decide: it counts everywhere, it is kept with who and when, and no machine overrules it.

use super::database::Engine;
use super::letters::Mail;
use super::shop::{DAY, NOW, Shop};
use inquiryd::buyer::{EventKind, Stage};
use inquiryd::grade::Grade;
use inquiryd::store::buyers::BuyerRow;
use inquiryd::store::ledger::{CardChange, NewEvent};

on_both_engines![
    a_call_is_a_contact_and_stands_in_the_ledger,
    a_sample_and_an_order_raise_the_stage_and_a_small_trial_order_lowers_nothing,
    a_mail_that_asks_for_a_sample_suggests_a_stage_and_a_person_decides,
    our_own_mail_with_the_waybill_of_a_sample_suggests_that_it_was_sent,
    an_order_in_a_mail_suggests_its_stage_and_a_small_one_lowers_no_grade,
    a_persons_grade_wins_over_the_rules_for_the_inquiry_and_the_buyer,
    a_buyer_is_tagged_by_hand_and_found_by_it,
    a_consent_is_noted_with_its_day_and_its_last_day,
    a_card_changed_by_hand_makes_the_buyer_known_by_his_new_telephone,
    a_mail_fills_the_blanks_of_a_card_and_overwrites_nothing,
];

async fn shop_with_ann(engine: Engine) -> Shop {
    let shop = Shop::open(engine).await;
    shop.deliver("sales", &Mail::from("Ann Lee <ann@kestrel.example>").id("1@kestrel").subject("A carton"));
    shop.poll().await;
    shop
}

async fn ann(shop: &Shop) -> BuyerRow {
    shop.store.buyer("1").await.expect("an answer").expect("Ann").0
}

async fn record(shop: &Shop, what: EventKind, detail: &str, at: i64) -> (Stage, Stage) {
    let event = NewEvent { buyer_id: 1, inquiry_id: None, at, what, detail, by_whom: Some("Amy") };
    shop.store.record_event(&event, at).await.expect("recorded")
}

async fn a_call_is_a_contact_and_stands_in_the_ledger(engine: Engine) {
    let shop = shop_with_ann(engine).await;
    record(&shop, EventKind::Phone, "wants CIF", NOW + 5 * DAY).await;
    record(&shop, EventKind::Note, "likes red", NOW + 9 * DAY).await;
    record(&shop, EventKind::Fair, "met at the fair", NOW - 300 * DAY).await;
    let ann = ann(&shop).await;
    assert_eq!((ann.first_contact, ann.last_contact), (NOW - 300 * DAY, NOW + 5 * DAY));
    let ledger: Vec<_> =
        shop.store.events(1).await.expect("a ledger").into_iter().map(|e| (e.what, e.detail)).collect();
    let expected = [("fair", "met at the fair"), ("phone", "wants CIF"), ("note", "likes red")];
    assert_eq!(ledger, expected.map(|(what, detail)| (what.to_owned(), detail.to_owned())));
}

async fn a_sample_and_an_order_raise_the_stage_and_a_small_trial_order_lowers_nothing(engine: Engine) {
    let shop = shop_with_ann(engine).await;
    assert_eq!(record(&shop, EventKind::SampleSent, "courier_collect DHL 1", NOW).await.1, Stage::SampleSent);
    assert_eq!(record(&shop, EventKind::RepeatOrder, "", NOW).await.1, Stage::RepeatOrder);
    assert_eq!(record(&shop, EventKind::TrialOrder, "12 pcs", NOW).await, (Stage::RepeatOrder, Stage::RepeatOrder));
    shop.store.set_stage(1, Stage::Intent, "Amy", NOW).await.expect("a person may");
    assert_eq!(ann(&shop).await.stage, "intent");
}

async fn a_mail_that_asks_for_a_sample_suggests_a_stage_and_a_person_decides(engine: Engine) {
    let shop = shop_with_ann(engine).await;
    assert_eq!(
        (ann(&shop).await.stage.as_str(), ann(&shop).await.stage_suggested.as_deref()),
        ("potential", Some("intent"))
    );
    let asks = "Dear Haiyue,\r\n\r\ncould you please send a sample of the folding chair?\r\n\r\nAnn\r\n";
    shop.deliver("sales", &Mail::from("ann@kestrel.example").id("2@kestrel").text(asks));
    shop.poll().await;
    assert_eq!(ann(&shop).await.stage_suggested.as_deref(), Some("sample_asked"));
    shop.store.set_stage(1, Stage::SampleAsked, "Amy", NOW).await.expect("set");
    shop.deliver("sales", &Mail::from("ann@kestrel.example").id("3@kestrel"));
    shop.poll().await;
    let ann = ann(&shop).await;
    assert_eq!((ann.stage.as_str(), ann.stage_suggested), ("sample_asked", None), "a lower stage is not suggested");
}

async fn our_own_mail_with_the_waybill_of_a_sample_suggests_that_it_was_sent(engine: Engine) {
    let shop = shop_with_ann(engine).await;
    let sent = Mail::answer("ann@kestrel.example", "1@kestrel").id("a@haiyue");
    shop.deliver(
        "sales/.Sent",
        &sent.text("Dear Ann,\r\n\r\nyour sample left today, DHL no. 1234567890.\r\n\r\nAmy\r\n"),
    );
    shop.poll().await;
    assert_eq!(ann(&shop).await.stage_suggested.as_deref(), Some("sample_sent"));
}

async fn an_order_in_a_mail_suggests_its_stage_and_a_small_one_lowers_no_grade(engine: Engine) {
    let mut shop = Shop::open(engine).await;
    let rules = "[[rule]]\nid = \"container\"\nwhy = \"a container\"\npoints = 100\nsubject = [\"container\"]\n\
                 [[rule]]\nid = \"trial\"\nwhy = \"a trial order\"\nsuggests = \"trial_order\"\npoints = 20\n\
                 subject = [\"trial order\"]\n";
    shop.file("grading.toml", rules);
    let mail =
        |number: u8, subject: &str| Mail::from("ann@kestrel.example").id(&format!("{number}@k")).subject(subject);
    shop.deliver("sales", &mail(1, "A container"));
    shop.poll().await;
    shop.deliver("sales", &mail(2, "A trial order of 12"));
    shop.poll().await;
    let now = ann(&shop).await;
    assert_eq!((now.grade.as_deref(), now.stage_suggested.as_deref()), (Some("A"), Some("trial_order")));
    let small = shop.store.inquiry(2).await.expect("an answer").expect("an inquiry");
    assert_eq!(small.grade, "C", "the inquiry itself is what it is");
    shop.deliver("sales", &mail(3, "A question"));
    shop.poll().await;
    assert_eq!(ann(&shop).await.grade.as_deref(), Some("D"), "another mail may");
}

async fn a_persons_grade_wins_over_the_rules_for_the_inquiry_and_the_buyer(engine: Engine) {
    let shop = shop_with_ann(engine).await;
    assert!(shop.store.grade_by_hand(1, Grade::A, "Amy", NOW).await.expect("graded"));
    assert!(!shop.store.grade_by_hand(99, Grade::A, "Amy", NOW).await.expect("an answer"));
    let inquiry = shop.store.inquiry(1).await.expect("an answer").expect("an inquiry");
    assert_eq!((inquiry.grade.as_str(), inquiry.ruled_grade.as_str()), ("A", "C"));
    assert_eq!(inquiry.hand_by.as_deref(), Some("Amy"));
    shop.deliver("sales", &Mail::from("ann@kestrel.example").id("2@kestrel").subject("A carton"));
    shop.poll().await;
    let ann = ann(&shop).await;
    assert_eq!((ann.grade.as_deref(), ann.graded_by.as_deref()), (Some("A"), Some("Amy")));
    let what = shop.store.events(1).await.expect("a ledger").remove(0);
    assert_eq!((what.what.as_str(), what.detail.as_str(), what.at), ("grade", "A (rules: C)", NOW));
}

async fn a_buyer_is_tagged_by_hand_and_found_by_it(engine: Engine) {
    let shop = shop_with_ann(engine).await;
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let tagged = async |tags: &[&str], untag: &[&str]| {
        let change = CardChange { tags: words(tags), untag: words(untag), ..CardChange::default() };
        shop.store.change_card(1, &change, &[], "Amy", NOW).await
    };
    let found = async |tag: &str| shop.store.buyers(None, &words(&[tag]), 10).await.expect("buyers").len();
    tagged(&["VIP", "old", "代理"], &[]).await.expect("changed");
    tagged(&["vip", "canton2026"], &["OLD", "never had"]).await.expect("changed");
    assert_eq!(ann(&shop).await.tags.joined(), "canton2026; VIP; 代理");
    assert_eq!((found("ｖｉｐ").await, found("old").await, found("代理").await), (1, 0, 1));
    assert_eq!(shop.store.buyers(Some("kestrel"), &words(&["vip"]), 10).await.expect("buyers").len(), 1);
    assert!(shop.store.buyers(Some("heron"), &words(&["vip"]), 10).await.expect("buyers").is_empty());
    let last = shop.store.events(1).await.expect("a ledger").pop().expect("an entry");
    assert_eq!(last.detail, "tag: vip; tag: canton2026; no longer: OLD; no longer: never had");
    let many: Vec<String> = (0..50).map(|number| format!("t{number}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let refused = tagged(&many, &[]).await.expect_err("too many").to_string();
    assert_eq!(refused, "buyer 1 has no room for the tag t47: he has 50 already");
    assert_eq!(ann(&shop).await.tags.iter().count(), 3, "all or nothing");
    shop.deliver("sales", &Mail::from("Ann Lee <ann@kestrel.example>").id("2@kestrel"));
    shop.poll().await;
    assert_eq!(ann(&shop).await.tags.iter().count(), 3, "a mail leaves them alone");
}

async fn a_consent_is_noted_with_its_day_and_its_last_day(engine: Engine) {
    let shop = shop_with_ann(engine).await;
    let changed = async |change: CardChange, at: i64| shop.store.change_card(1, &change, &[], "Amy", at).await;
    let consent = async || {
        let ann = ann(&shop).await;
        (ann.consent, ann.consent_at, ann.consent_until)
    };
    let some = |words: &str| Some(words.to_owned());
    let until = |day: &str| CardChange { consent_until: Some(day.parse().ok()), ..CardChange::default() };
    let given = |words: &str| CardChange { consent: some(words), ..CardChange::default() };
    let refused = changed(until("2028-10-31"), NOW).await.expect_err("nothing ends").to_string();
    assert_eq!(refused, "buyer 1 has given no consent that could end: say which, with --consent");
    assert_eq!(consent().await, (None, None, None));
    changed(CardChange { consent_at: Some(NOW - DAY), ..given("fair") }, NOW).await.expect("changed");
    assert_eq!(consent().await, (some("fair"), Some(NOW - DAY), None));
    changed(until("2028-10-31"), NOW).await.expect("changed");
    assert_eq!(consent().await, (some("fair"), Some(NOW - DAY), some("2028-10-31")));
    changed(CardChange { owner: some("Leo"), ..CardChange::default() }, NOW + DAY).await.expect("changed");
    assert_eq!(consent().await, (some("fair"), Some(NOW - DAY), some("2028-10-31")), "another field");
    changed(until("never"), NOW).await.expect("changed");
    assert_eq!(consent().await, (some("fair"), Some(NOW - DAY), None));
    changed(CardChange { consent: some("form"), ..until("2029-01-01") }, NOW + DAY).await.expect("changed");
    assert_eq!(consent().await, (some("form"), Some(NOW + DAY), some("2029-01-01")));
    changed(given("by mail"), NOW + 2 * DAY).await.expect("changed");
    assert_eq!(consent().await, (some("by mail"), Some(NOW + 2 * DAY), None), "the last day of another");
    changed(given(""), NOW).await.expect("changed");
    assert_eq!(consent().await, (None, None, None), "taken back");
    let last = shop.store.events(1).await.expect("a ledger").into_iter().find(|event| event.detail.contains("2029"));
    assert_eq!(last.expect("an entry").detail, "consent: form; consent until: 2029-01-01");
}

async fn a_card_changed_by_hand_makes_the_buyer_known_by_his_new_telephone(engine: Engine) {
    let shop = shop_with_ann(engine).await;
    let change =
        CardChange { phone: Some("+44 1632 960714".into()), owner: Some("Leo".into()), ..CardChange::default() };
    let addresses = ["ann.lee@gmail.com".to_owned()];
    let taken = shop.store.change_card(1, &change, &addresses, "Amy", NOW).await.expect("changed");
    assert_eq!((taken, ann(&shop).await.owner.as_deref()), (Vec::new(), Some("Leo")));
    let text = "Please quote 600 folding chairs.\r\n\r\nAnn Lee\r\nTel +44 1632 960714\r\n";
    shop.deliver("sales", &Mail::from("Ann Lee <a.lee@yahoo.com>").id("2@yahoo").text(text));
    shop.poll().await;
    assert_eq!(shop.mails().await[1].matched_by.as_deref(), Some("phone"));
}

async fn a_mail_fills_the_blanks_of_a_card_and_overwrites_nothing(engine: Engine) {
    let shop = Shop::open(engine).await;
    shop.deliver("sales", &Mail::from("ann@kestrel.example").id("1@kestrel"));
    shop.poll().await;
    assert_eq!((ann(&shop).await.name, ann(&shop).await.country), (None, None));
    let text = "Please quote 600 folding chairs.\r\n\r\nBest regards\r\nAnn Lee\r\nTel +44 1632 960714\r\n";
    shop.deliver("sales", &Mail::from("Ann Lee <ann@kestrel.example>").id("2@kestrel").text(text));
    shop.deliver("sales", &Mail::from("Annie <ann@kestrel.example>").id("3@kestrel"));
    shop.poll().await;
    let ann = ann(&shop).await;
    assert_eq!((ann.name.as_deref(), ann.country.as_deref()), (Some("Ann Lee"), Some("GB")));
    assert_eq!((ann.phone.as_deref(), ann.language.as_deref()), (Some("+441632960714"), Some("en")));
}
