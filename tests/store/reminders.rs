//! Inquiries without an answer are brought to mind, once to each who must know.

use super::database::Engine;
use super::letters::Mail;
use super::shop::{AMY, CHEN, DAY, HOUR, LEO, MINUTE, Shop};

on_both_engines![
    the_team_is_reminded_after_two_hours_and_the_manager_after_a_day_once_each,
    an_answer_in_sent_ends_the_waiting_whichever_header_names_the_inquiry,
    an_answer_that_is_read_before_its_inquiry_counts_too,
    an_automatic_answer_is_none,
    a_mail_to_the_buyer_that_refers_to_nothing_is_no_answer,
    handing_an_inquiry_to_a_colleague_is_no_answer,
    an_answer_to_one_of_two_buyers_with_one_message_id_leaves_the_other_waiting,
    what_was_settled_by_phone_is_excused_once,
    several_inquiries_are_one_reminder,
    nobody_is_reminded_of_what_no_digest_told_yet,
];

/// A shop that has told its team of inquiries with these Message-IDs.
async fn shop_told_of(engine: Engine, ids: &[&str]) -> Shop {
    let shop = Shop::open(engine).await;
    for id in ids {
        shop.deliver("sales", &Mail::from(&format!("Ann <{id}>")).id(id));
    }
    assert_eq!(shop.poll().await.inquiries, ids.len() as u64);
    shop.digest().await.expect("a digest");
    shop.send().await;
    shop
}

/// The reminders that `recipient` got.
fn reminders(shop: &Shop, recipient: &str) -> usize {
    shop.sent_names().iter().filter(|name| name.contains("-reminder-") && name.contains(recipient)).count()
}

async fn the_team_is_reminded_after_two_hours_and_the_manager_after_a_day_once_each(engine: Engine) {
    let mut shop = shop_told_of(engine, &["ann@kestrel.example"]).await;
    let got = |shop: &Shop| [AMY, LEO, CHEN].map(|person| reminders(shop, person));
    for (pause, expected) in
        [(2 * HOUR - 2, [0, 0, 0]), (2, [1, 1, 0]), (HOUR, [1, 1, 0]), (21 * HOUR, [1, 1, 1]), (30 * DAY, [1, 1, 1])]
    {
        shop.later(pause);
        shop.remind().await;
        shop.restart().await;
        assert_eq!(shop.remind().await, 0);
        shop.send().await;
        assert_eq!(got(&shop), expected, "after {pause} s more");
    }
}

async fn an_answer_in_sent_ends_the_waiting_whichever_header_names_the_inquiry(engine: Engine) {
    let shop = shop_told_of(engine, &["ann@kestrel.example", "bob@heron.example", "cid@egret.example"]).await;
    shop.later(HOUR);
    shop.deliver("sales/.Sent", &Mail::answer("ann@kestrel.example", "ann@kestrel.example").id("1@haiyue.example"));
    let by_references = Mail::answer("bob@heron.example", "something.between@heron.example")
        .header("References", "<bob@heron.example> <something.between@heron.example>")
        .id("2@haiyue.example");
    // Answered from the other mailbox: the inquiry counts as answered all the same.
    shop.deliver("web/.Sent", &by_references);
    shop.poll().await;
    shop.try_poll("web").await.expect("a poll");
    let waiting: Vec<_> = shop.store.waiting().await.expect("a list").into_iter().map(|one| one.buyer_email).collect();
    assert_eq!(waiting, [Some("cid@egret.example".to_owned())]);
    shop.later(2 * DAY);
    assert_eq!(shop.remind().await, 2, "the third inquiry, to the team and to the manager");
    assert_eq!(shop.store.count_waiting().await.expect("a number"), 1);
}

async fn an_answer_that_is_read_before_its_inquiry_counts_too(engine: Engine) {
    let shop = Shop::open(engine).await;
    shop.deliver("web/.Sent", &Mail::answer("ann@kestrel.example", "ann@kestrel.example").id("1@haiyue.example"));
    shop.try_poll("web").await.expect("a poll");
    shop.deliver("sales", &Mail::from("ann@kestrel.example").id("ann@kestrel.example"));
    assert_eq!(shop.poll().await.inquiries, 1);
    assert!(shop.digest().await.is_some(), "the others should know of it all the same");
    assert!(shop.store.waiting().await.expect("a list").is_empty());
    shop.later(2 * DAY);
    assert_eq!(shop.remind().await, 0);
}

async fn an_automatic_answer_is_none(engine: Engine) {
    let shop = shop_told_of(engine, &["ann@kestrel.example"]).await;
    let automatic = Mail::answer("ann@kestrel.example", "ann@kestrel.example")
        .id("1@haiyue.example")
        .header("Auto-Submitted", "auto-replied")
        .text("Thank you for your mail, we answer within a day.\r\n");
    shop.deliver("sales/.Sent", &automatic);
    shop.poll().await;
    shop.later(2 * HOUR);
    assert_eq!(shop.remind().await, 1);
    shop.deliver("sales/.Sent", &Mail::answer("ann@kestrel.example", "ann@kestrel.example").id("2@haiyue.example"));
    shop.poll().await;
    shop.later(DAY);
    assert_eq!(shop.remind().await, 0, "now a person has answered");
}

async fn a_mail_to_the_buyer_that_refers_to_nothing_is_no_answer(engine: Engine) {
    let shop = shop_told_of(engine, &["ann@kestrel.example"]).await;
    shop.deliver(
        "sales/.Sent",
        &Mail::from(AMY).header("To", "ann@kestrel.example").subject("Happy new year").id("1@h.example"),
    );
    shop.poll().await;
    shop.later(2 * HOUR);
    assert_eq!(shop.remind().await, 1);
}

async fn what_was_settled_by_phone_is_excused_once(engine: Engine) {
    let shop = shop_told_of(engine, &["ann@kestrel.example"]).await;
    assert!(shop.store.excuse(1, "by phone", "Amy").await.expect("excused"));
    assert!(!shop.store.excuse(1, "by WhatsApp", "Amy").await.expect("excused already"));
    assert!(!shop.store.excuse(2, "by phone", "Amy").await.expect("there is none"));
    shop.later(2 * DAY);
    assert_eq!(shop.remind().await, 0);
    let excuse = shop.store.inquiry(1).await.expect("an inquiry").and_then(|inquiry| inquiry.excuse);
    assert_eq!(excuse.as_deref(), Some("by phone"));
}

async fn several_inquiries_are_one_reminder(engine: Engine) {
    let shop = shop_told_of(engine, &["ann@kestrel.example", "bob@heron.example", "cid@egret.example"]).await;
    shop.later(3 * HOUR);
    assert_eq!(shop.remind().await, 3);
    shop.send().await;
    assert_eq!((reminders(&shop, AMY), reminders(&shop, LEO), reminders(&shop, CHEN)), (1, 1, 0));
    // One more becomes due: the next reminder names that one only.
    shop.deliver("sales", &Mail::from("dan@stork.example").id("dan@stork.example"));
    shop.poll().await;
    shop.digest().await;
    shop.later(2 * HOUR);
    assert_eq!(shop.remind().await, 1);
    shop.send().await;
    assert_eq!(reminders(&shop, AMY), 2);
}

async fn nobody_is_reminded_of_what_no_digest_told_yet(engine: Engine) {
    let shop = Shop::open(engine).await;
    shop.deliver("sales", &Mail::from("ann@kestrel.example").id("ann@kestrel.example"));
    shop.poll().await;
    shop.later(6 * HOUR);
    assert_eq!(shop.remind().await, 0);
    shop.digest().await.expect("a digest");
    shop.later(30 * MINUTE - 1);
    assert_eq!(shop.remind().await, 0, "a night's mail is not nagged about with its digest");
    shop.later(1);
    assert_eq!(shop.remind().await, 1);
}

async fn handing_an_inquiry_to_a_colleague_is_no_answer(engine: Engine) {
    let shop = shop_told_of(engine, &["ann@kestrel.example"]).await;
    let forward = |to: &str, id: &str| Mail::answer(to, "ann@kestrel.example").id(id).header("Cc", CHEN);
    shop.deliver("sales/.Sent", &forward(LEO, "1@haiyue.example").subject("Fwd: Inquiry for folding chairs"));
    shop.poll().await;
    shop.later(2 * HOUR);
    assert_eq!(shop.remind().await, 1);
    shop.deliver("sales/.Sent", &forward("Ann <ann@kestrel.example>", "2@haiyue.example"));
    shop.poll().await;
    assert_eq!(shop.store.count_waiting().await.expect("a number"), 0);
}

async fn an_answer_to_one_of_two_buyers_with_one_message_id_leaves_the_other_waiting(engine: Engine) {
    let shop = Shop::open(engine).await;
    for buyer in ["ann@kestrel.example", "bob@heron.example"] {
        shop.deliver(
            "sales",
            &Mail::from(&format!("Buyer <{buyer}>"))
                .id("form@web.example")
                .text(&format!("600 chairs FOB Ningbo for {buyer}")),
        );
    }
    assert_eq!(shop.poll().await.inquiries, 2);
    shop.deliver("sales/.Sent", &Mail::answer("bob@heron.example", "form@web.example").id("1@haiyue.example"));
    shop.poll().await;
    let waiting = shop.store.waiting().await.expect("a list");
    assert_eq!(waiting.len(), 1);
    assert_eq!(waiting[0].buyer_email.as_deref(), Some("ann@kestrel.example"));
}
