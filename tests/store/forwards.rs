//! Buyers' mail that our people pass on to somebody outside.

use super::database::Engine;
use super::letters::Mail;
use super::shop::{AMY, DAY, HOUR, LEO, NOW, Shop};
use inquiryd::report::ForwardedMail;

on_both_engines![
    a_buyers_mail_forwarded_to_a_private_mailbox_is_told_with_buyer_sender_and_recipients,
    partners_colleagues_and_the_buyer_himself_may_get_it,
    an_answer_with_a_copy_to_somebody_is_no_forward_and_a_blind_copy_is,
    a_forward_of_which_the_shared_mailbox_got_a_copy_is_told_and_a_forged_one_is_not,
    a_forward_waits_for_the_mail_that_another_account_has,
    a_forward_of_unknown_mail_is_told_to_private_mailboxes_alone,
    an_imported_customer_is_known_by_his_address_in_the_forward,
    a_forward_follows_its_buyer_into_a_merge,
    forwards_from_before_our_time_are_not_told,
    the_newest_forwards_of_a_period_are_told_and_all_are_counted,
    hostile_headers_do_not_stop_the_mailbox,
];

const PRIVATE: &str = "amy.x@gmail.com";

fn forward(to: &str, number: u32) -> Mail {
    Mail::from(AMY)
        .header("To", to)
        .subject("Fwd: Inquiry for folding chairs")
        .header("References", &format!("<{number}@kestrel.example>"))
        .text("FYI\r\n")
        .id(&format!("f{number}@haiyue.example"))
}

fn inquiry(number: u32) -> Mail {
    Mail::from("Ann Pike <ann@kestrel.example>").id(&format!("{number}@kestrel.example"))
}

async fn forwarded(shop: &Shop) -> Vec<ForwardedMail> {
    let forwarded = shop.store.forwarded(0, shop.clock.now() + 1, 1_000).await.expect("forwards");
    let count = shop.store.count_forwarded(0, shop.clock.now() + 1).await.expect("a number");
    assert_eq!(usize::try_from(count), Ok(forwarded.len()));
    forwarded
}

async fn undecided(shop: &Shop) -> i64 {
    shop.number("SELECT COUNT(*) FROM forward WHERE clues IS NOT NULL").await
}

async fn a_buyers_mail_forwarded_to_a_private_mailbox_is_told_with_buyer_sender_and_recipients(engine: Engine) {
    let shop = Shop::open(engine).await;
    // Both lie there at the same poll, and Sent is read first.
    shop.deliver("sales", &inquiry(1));
    shop.deliver("sales/.Sent", &forward(&format!("{PRIVATE}, {LEO}, x@rival.example"), 1));
    shop.poll().await;
    let told = forwarded(&shop).await;
    let [told] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!((told.inquiry_id, told.buyer.as_str()), (Some(1), "Ann Pike"));
    assert!(told.buyer_id.is_some() && told.grade.is_some(), "{told:?}");
    assert_eq!((told.sender.as_str(), told.sent_at), (AMY, NOW));
    assert_eq!(told.recipients, [PRIVATE, "x@rival.example"]);
    assert_eq!(told.subject, "Fwd: Inquiry for folding chairs");
    assert_eq!(undecided(&shop).await, 0);
}

async fn partners_colleagues_and_the_buyer_himself_may_get_it(engine: Engine) {
    let shop = Shop::with(engine, &[("COMPANY__PARTNERS", "factory.example, li@163.com")]).await;
    shop.deliver("sales", &inquiry(1));
    shop.poll().await;
    let may = [LEO, "zhang@factory.example", "li@163.com", "ann@kestrel.example", "bo@mail.kestrel.example"];
    for (number, to) in may.into_iter().enumerate() {
        shop.deliver("sales/.Sent", &forward(to, 1).id(&format!("{number}@haiyue.example")));
    }
    shop.poll().await;
    assert_eq!(forwarded(&shop).await, []);
    assert_eq!(shop.number("SELECT COUNT(*) FROM forward").await, 0, "what is harmless is forgotten");
    shop.deliver("sales/.Sent", &forward("zhang@other-factory.example", 1).id("other@haiyue.example"));
    shop.poll().await;
    assert_eq!(forwarded(&shop).await.len(), 1, "whoever is no partner");
}

async fn an_answer_with_a_copy_to_somebody_is_no_forward_and_a_blind_copy_is(engine: Engine) {
    let shop = Shop::open(engine).await;
    shop.deliver("sales", &inquiry(1));
    shop.poll().await;
    let answer = Mail::answer("ann@kestrel.example", "1@kestrel.example");
    shop.deliver("sales/.Sent", &answer.clone().header("Cc", "agent@freight.example").id("a@haiyue.example"));
    shop.poll().await;
    assert_eq!(forwarded(&shop).await, []);
    shop.deliver("sales/.Sent", &answer.header("Bcc", PRIVATE).id("b@haiyue.example"));
    shop.poll().await;
    let told = forwarded(&shop).await;
    assert_eq!(told.iter().map(|told| told.recipients.join(" ")).collect::<Vec<_>>(), [PRIVATE]);
}

async fn a_forward_of_which_the_shared_mailbox_got_a_copy_is_told_and_a_forged_one_is_not(engine: Engine) {
    let shop = Shop::open(engine).await;
    let inner = "FYI\r\n\r\n---------- Forwarded message ---------\r\nFrom: Ann Pike <ann@kestrel.example>\r\n\
                 Date: Mon, 23 Nov 2026\r\nSubject: chairs\r\nTo: sales@haiyue.example\r\n\r\nplease quote 600 chairs\r\n";
    let copy = |id: &str| {
        Mail::from(AMY).header("To", PRIVATE).header("Cc", "sales@haiyue.example").subject("chairs").text(inner).id(id)
    };
    shop.deliver("sales", &inquiry(1));
    let forged = copy("forged@haiyue.example")
        .header("Authentication-Results", "mx.haiyue.example; dmarc=fail header.from=haiyue.example");
    shop.deliver("sales", &forged);
    shop.poll().await;
    assert_eq!(forwarded(&shop).await, []);
    shop.deliver("sales", &copy("copy@haiyue.example"));
    shop.poll().await;
    let told = forwarded(&shop).await;
    assert_eq!(told.iter().map(|told| told.buyer.as_str()).collect::<Vec<_>>(), ["Ann Pike"]);
}

async fn a_forward_waits_for_the_mail_that_another_account_has(engine: Engine) {
    let shop = Shop::open(engine).await;
    shop.deliver("web", &inquiry(1));
    shop.deliver("sales/.Sent", &forward("x@rival.example", 1));
    shop.poll().await;
    assert_eq!((forwarded(&shop).await.len(), undecided(&shop).await), (0, 1));
    shop.try_poll("web").await.expect("a poll");
    assert_eq!((forwarded(&shop).await.len(), undecided(&shop).await), (1, 0));
}

async fn a_forward_of_unknown_mail_is_told_to_private_mailboxes_alone(engine: Engine) {
    let shop = Shop::open(engine).await;
    let unknown = |to: &str| forward(to, 99).subject("Fwd: lamps").id(&format!("to.{to}"));
    shop.deliver("sales/.Sent", &unknown(PRIVATE));
    shop.deliver("sales/.Sent", &unknown("tax@accountant.example"));
    shop.poll().await;
    let told = forwarded(&shop).await;
    assert_eq!(
        told.iter().map(|told| (told.buyer_id, told.recipients.join(" "))).collect::<Vec<_>>(),
        [(None, PRIVATE.to_owned())]
    );
    assert_eq!(undecided(&shop).await, 2, "the mail may still come");
    shop.later(DAY);
    shop.poll().await;
    assert_eq!((forwarded(&shop).await.len(), undecided(&shop).await), (1, 0));
}

async fn an_imported_customer_is_known_by_his_address_in_the_forward(engine: Engine) {
    let shop = Shop::open(engine).await;
    shop.import("name,email,company\nJoan Heron,joan@heron.example,Heron Ltd\n".as_bytes()).await;
    let text = "From: joan@heron.example\r\nTo: sales@haiyue.example\r\nSubject: lamps\r\n\r\nlast year's order\r\n";
    shop.deliver("sales/.Sent", &Mail::from(AMY).header("To", "x@rival.example").subject("转发：旧客户").text(text));
    shop.poll().await;
    let told = forwarded(&shop).await;
    let [told] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!((told.buyer.as_str(), told.inquiry_id), ("Joan Heron · Heron Ltd", None));
    assert!(told.buyer_id.is_some());
}

async fn a_forward_follows_its_buyer_into_a_merge(engine: Engine) {
    let shop = Shop::open(engine).await;
    shop.deliver("sales", &inquiry(1));
    shop.deliver("sales", &Mail::from("Ann Pike <ann.pike@heron.example>").id("2@kestrel.example"));
    shop.deliver("sales/.Sent", &forward(PRIVATE, 1));
    shop.poll().await;
    let before = forwarded(&shop).await[0].buyer_id.expect("a buyer");
    let kept = shop.number(&format!("SELECT id FROM buyer WHERE id <> {before}")).await;
    let merge = shop.store.merge(kept, before, "the same Ann", "Amy", NOW).await.expect("merged");
    assert_eq!(forwarded(&shop).await[0].buyer_id, Some(kept));
    shop.store.unmerge(merge, "Amy", NOW).await.expect("two again");
    assert_eq!(forwarded(&shop).await[0].buyer_id, Some(before));
}

async fn forwards_from_before_our_time_are_not_told(engine: Engine) {
    let shop = Shop::open(engine).await;
    shop.deliver_at("sales", &inquiry(1).raw(), NOW - 20 * DAY);
    shop.deliver_at("sales/.Sent", &forward(PRIVATE, 1).raw(), NOW - 19 * DAY);
    shop.deliver_at("sales/.Sent", &forward(PRIVATE, 1).id("new@haiyue.example").raw(), NOW - HOUR);
    shop.poll().await;
    let told = forwarded(&shop).await;
    assert_eq!(told.iter().map(|told| told.sent_at).collect::<Vec<_>>(), [NOW - HOUR]);
}

async fn the_newest_forwards_of_a_period_are_told_and_all_are_counted(engine: Engine) {
    let shop = Shop::open(engine).await;
    for number in 1..=3 {
        shop.deliver("sales", &inquiry(number));
        shop.deliver("sales/.Sent", &forward(PRIVATE, number));
        shop.poll().await;
        shop.later(DAY);
    }
    let told = async |from, until, limit| {
        let forwards = shop.store.forwarded(from, until, limit).await.expect("forwards");
        let count = shop.store.count_forwarded(from, until).await.expect("a number");
        (forwards.into_iter().filter_map(|forward| forward.inquiry_id).collect::<Vec<_>>(), count)
    };
    assert_eq!(told(NOW, NOW + 2 * DAY, 10).await, (vec![2, 1], 2), "half open");
    assert_eq!(told(NOW, NOW + 9 * DAY, 2).await, (vec![3, 2], 3), "at most two");
}

async fn hostile_headers_do_not_stop_the_mailbox(engine: Engine) {
    let shop = Shop::open(engine).await;
    shop.deliver("sales", &inquiry(1));
    let garbage = "amy.x@gmail.com, \"\0\" <x\0y@gmail.com>, =?utf-8?b?//8=?= <a@b>, <>, ;,, \"\\\" <'; DROP TABLE mail; --@gmail.com>";
    let hostile = forward(garbage, 1)
        .header("Bcc", &"x@y.example, ".repeat(2_000))
        .header("X-Forwarded-Message-Id", "<\0@x> <<>> <')>")
        .text(&"From: \0@\0.example a'b@c.example\r\n".repeat(2_000));
    shop.deliver("sales/.Sent", &hostile);
    shop.poll().await;
    let told = forwarded(&shop).await;
    assert_eq!(told.len(), 1);
    assert!(told[0].recipients.iter().any(|to| to == PRIVATE) && told[0].recipients.len() < 10, "{told:?}");
    assert_eq!(told[0].inquiry_id, Some(1));
}
