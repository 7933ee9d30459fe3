//! Our people answer inquiryd's mails: what they tell is done once, and nobody else is believed.

use super::database::Engine;
use super::letters::Mail;
use super::shop::{AMY, CHEN, DAY, HOUR, LEO, Shop};
use inquiryd::buyer::Stage;
use inquiryd::staff::token;
use std::fs;

on_both_engines![
    a_line_in_an_answer_to_a_digest_is_done_and_confirmed,
    a_link_is_done_with_the_words_written_beside_it,
    everything_the_trade_tells_by_mail_stands_on_the_card,
    what_is_sent_twice_is_done_once,
    a_colleagues_token_is_worth_nothing,
    a_token_ends_with_its_month,
    a_line_without_a_token_is_refused_and_the_manager_is_told,
    what_the_server_calls_forged_is_refused_and_explained_to_the_colleague_alone,
    a_flood_of_forgeries_makes_us_write_five_mails_a_day,
    a_buyer_who_writes_like_one_of_us_is_a_buyer,
    quoted_lines_and_signatures_order_nothing,
    what_was_not_understood_is_told_back_with_the_words_to_use,
    an_automatic_answer_orders_nothing_and_is_not_answered,
    a_service_that_dies_between_mail_and_answer_does_neither_twice,
    a_stage_is_set_by_mail_up_or_down,
    a_colleague_outside_in_copy_swallows_no_instruction,
    what_colleagues_wrote_among_themselves_orders_nothing,
    an_order_told_twice_is_one_order,
];

/// A shop that has told Amy and Leo of three inquiries.
async fn shop(engine: Engine) -> Shop {
    let shop = Shop::open(engine).await;
    for (number, name) in ["ann", "bob", "cid"].iter().enumerate() {
        let from = format!("{name} <{name}@buyer{number}.example>");
        shop.deliver("sales", &Mail::from(&from).id(&format!("{name}@buyer.example")));
    }
    shop.poll().await;
    shop.digest().await.expect("a digest");
    shop.send().await;
    shop
}

/// The Message-ID of the digest that a person got.
async fn digest_of(shop: &Shop, person: &str) -> String {
    let sql = format!("SELECT message_id FROM outbox WHERE what = 'digest' AND recipient = '{person}'");
    shop.database().await.texts(&sql).await.remove(0)
}

async fn reply(shop: &Shop, text: &str) -> Mail {
    Mail::from("Amy Xu <amy@haiyue.example>")
        .subject("Re: [inquiryd] 3 new inquiries")
        .header("In-Reply-To", &format!("<{}>", digest_of(shop, AMY).await))
        .text(text)
}

/// Delivers a mail, lets the shop hear it, and sends what it has to say.
async fn hear(shop: &Shop, mail: &Mail) {
    shop.deliver("sales", mail);
    shop.poll().await;
    shop.hear_staff().await;
    shop.send().await;
}

async fn grade(shop: &Shop, inquiry: i64) -> Option<String> {
    let inquiry = shop.store.inquiry(inquiry).await.expect("an answer").expect("an inquiry");
    inquiry.hand_by.map(|by| format!("{} by {by}", inquiry.grade))
}

async fn stage(shop: &Shop, buyer: i64) -> String {
    shop.store.buyer(&buyer.to_string()).await.expect("an answer").expect("a buyer").0.stage
}

async fn a_line_in_an_answer_to_a_digest_is_done_and_confirmed(engine: Engine) {
    let shop = shop(engine).await;
    let text = "#1 B\r\n#2 called, wants CIF price\r\n＃3 不是询盘，推销\r\n\r\nAmy\r\n";
    hear(&shop, &reply(&shop, text).await.id("answer@haiyue.example")).await;
    assert_eq!(grade(&shop, 1).await.as_deref(), Some("B by Amy Xu"));
    assert_eq!(shop.store.count_waiting().await.expect("a number"), 1, "one was called, one is none");
    let ledger: Vec<_> =
        shop.store.events(2).await.expect("a ledger").into_iter().map(|e| (e.what, e.detail)).collect();
    assert_eq!(ledger, [("phone".to_owned(), "wants CIF price".to_owned())]);
    let answers = shop.texts("answer", AMY);
    assert_eq!(answers.len(), 1, "one short answer");
    for told in ["3 noted", "#1 grade B", "#2 phone wants CIF price", "#3 not an inquiry 推销"] {
        assert!(answers[0].contains(told), "{told} in {}", answers[0]);
    }
    assert!(shop.texts("answer", LEO).is_empty() && shop.texts("suspicion", CHEN).is_empty());
    let kinds = shop.mails().await.into_iter().map(|mail| mail.kind).collect::<Vec<_>>();
    assert_eq!(kinds.last().map(String::as_str), Some("command"));
    assert_eq!(shop.digest().await, None, "the shop's own mail is no news");
}

async fn a_link_is_done_with_the_words_written_beside_it(engine: Engine) {
    let shop = shop(engine).await;
    let html = String::from_utf8_lossy(&shop.sent_to(AMY)[0]).replace("=\r\n", "").replace("=3D", "=");
    let link = html.split("href=\"").find(|link| link.contains("%231%20quoted")).expect("a link");
    let subject = link.split("?subject=").nth(1).and_then(|rest| rest.split('"').next()).expect("a subject");
    let subject = subject.replace("%23", "#").replace("%20", " ").replace("%5B", "[").replace("%5D", "]");
    let mail = Mail::from("amy@haiyue.example").subject(&subject).id("link@haiyue.example");
    hear(&shop, &mail.text("USD 9.80 FOB, valid 30 days\r\n")).await;
    let event = shop.store.events(1).await.expect("a ledger").remove(0);
    assert_eq!((event.what.as_str(), event.detail.as_str()), ("quote", "USD 9.80 FOB, valid 30 days"));
    assert_eq!((event.by_whom.as_deref(), event.inquiry_id), (Some("Amy Xu"), Some(1)));
    let inquiry = shop.store.inquiry(1).await.expect("an answer").expect("an inquiry");
    assert_eq!((inquiry.answer_told.as_deref(), inquiry.settled_by.as_deref()), (Some("quote"), Some("Amy Xu")));
}

async fn everything_the_trade_tells_by_mail_stands_on_the_card(engine: Engine) {
    let shop = shop(engine).await;
    let text = "#1 已寄样 DHL 123 到付\r\n#2 试订单 200套\r\n#3 factory visit on Monday\r\n@1 sample result: liked it\r\n\
                #2 order 400 more\r\n#3 mine\r\n#3 note prefers WhatsApp\r\n";
    hear(&shop, &reply(&shop, text).await.id("answer@haiyue.example")).await;
    assert_eq!(stage(&shop, 1).await, "sample_sent");
    assert_eq!(stage(&shop, 2).await, "repeat_order", "the second order of a buyer is a repeat order");
    assert_eq!(stage(&shop, 3).await, "factory_visit");
    let events = shop.store.events(1).await.expect("a ledger");
    assert_eq!(events[0].detail, "courier_collect DHL 123 到付");
    let owner = shop.store.buyer("3").await.expect("an answer").expect("Cid").0.owner;
    assert_eq!(owner.as_deref(), Some(AMY));
    assert_eq!(shop.number("SELECT COUNT(*) FROM buyer_event WHERE by_whom = 'Amy Xu'").await, 7);
}

async fn what_is_sent_twice_is_done_once(engine: Engine) {
    let shop = shop(engine).await;
    let mail = reply(&shop, "#1 called, wants CIF price\r\n").await;
    hear(&shop, &mail.clone().id("1@haiyue.example")).await;
    // The mail program sent it again, to a second folder, and a person once more.
    shop.deliver("sales/.Customers", &mail.clone().id("1@haiyue.example"));
    hear(&shop, &mail.clone().id("1@haiyue.example")).await;
    shop.later(HOUR);
    hear(&shop, &mail.clone().id("2@haiyue.example")).await;
    assert_eq!(shop.number("SELECT COUNT(*) FROM buyer_event").await, 1);
    let answers = shop.texts("answer", AMY);
    assert_eq!(answers.len(), 2, "one for each mail that was written");
    assert!(answers[1].contains("nothing is done twice"), "{}", answers[1]);
    shop.later(2 * DAY);
    hear(&shop, &mail.id("3@haiyue.example")).await;
    assert_eq!(shop.number("SELECT COUNT(*) FROM buyer_event").await, 2, "another day, another call");
}

async fn a_colleagues_token_is_worth_nothing(engine: Engine) {
    let shop = shop(engine).await;
    let of_leo = token::token(&shop.secret(), LEO, "#1", shop.clock.now());
    hear(&shop, &Mail::from(AMY).subject(&format!("#1 B [{of_leo}]")).text("").id("1@haiyue.example")).await;
    let of_another_line = token::token(&shop.secret(), AMY, "#2", shop.clock.now());
    hear(&shop, &Mail::from(AMY).subject(&format!("#1 B [{of_another_line}]")).text("").id("2@haiyue.example")).await;
    let referring = Mail::from(AMY).subject("#1 B").text("").id("3@haiyue.example");
    hear(&shop, &referring.header("In-Reply-To", &format!("<{}>", digest_of(&shop, LEO).await))).await;
    assert_eq!(grade(&shop, 1).await, None);
    assert_eq!(shop.texts("answer", AMY).len(), 3);
    let told = |words: &str| shop.texts("answer", AMY).iter().filter(|text| text.contains(words)).count();
    assert_eq!((told("the token is not yours"), told("there is no token")), (2, 1));
    assert_eq!(shop.texts("suspicion", CHEN).len(), 1, "the manager is told once a day");
}

async fn a_token_ends_with_its_month(engine: Engine) {
    let shop = shop(engine).await;
    let mail = reply(&shop, "#1 B\r\n").await.id("1@haiyue.example");
    let token = token::token(&shop.secret(), AMY, "#2", shop.clock.now());
    shop.later(32 * DAY);
    hear(&shop, &mail).await;
    hear(&shop, &Mail::from(AMY).subject(&format!("#2 B [{token}]")).text("").id("2@haiyue.example")).await;
    assert_eq!((grade(&shop, 1).await, grade(&shop, 2).await), (None, None));
    assert!(shop.texts("answer", AMY).iter().all(|text| text.contains("has expired")));
    assert!(shop.texts("suspicion", CHEN).is_empty(), "who answers late is no thief");
}

async fn a_line_without_a_token_is_refused_and_the_manager_is_told(engine: Engine) {
    let shop = shop(engine).await;
    hear(&shop, &Mail::from(AMY).subject("grades").text("#1 B\r\n").id("1@haiyue.example")).await;
    assert_eq!(grade(&shop, 1).await, None);
    assert!(shop.texts("answer", AMY)[0].contains("there is no token"));
    assert!(shop.texts("suspicion", CHEN)[0].contains("Amy Xu"));
    assert_eq!(shop.number("SELECT COUNT(*) FROM staff_mail WHERE refused = 'no token'").await, 1);
}

async fn what_the_server_calls_forged_is_refused_and_explained_to_the_colleague_alone(engine: Engine) {
    let shop = shop(engine).await;
    let forged = reply(&shop, "#1 D\r\n#2 not an inquiry\r\n")
        .await
        .header("Authentication-Results", "mx.haiyue.example; dmarc=fail header.from=haiyue.example; dkim=none")
        .header("Reply-To", "thief@elsewhere.example")
        .id("forged@elsewhere.example");
    hear(&shop, &forged).await;
    assert_eq!(grade(&shop, 1).await, None);
    assert_eq!(shop.store.count_waiting().await.expect("a number"), 3);
    let answers = shop.texts("answer", AMY);
    assert!(answers.len() == 1 && answers[0].contains("the sender is forged"), "{answers:?}");
    assert!(!answers[0].contains("How to say it") || !answers[0].contains("k."), "a thief learns no token");
    assert!(shop.sent_to("thief@elsewhere.example").is_empty());
    assert_eq!(shop.texts("suspicion", CHEN).len(), 1);
    let mail = shop.mails().await.pop().expect("the forgery");
    assert_eq!(mail.kind, "spam", "and it is set aside for people to see");
    let good = reply(&shop, "#1 B\r\n").await;
    let good = good.header("Authentication-Results", "mx.haiyue.example; dmarc=pass header.from=haiyue.example");
    hear(&shop, &good.id("good@haiyue.example")).await;
    assert_eq!(grade(&shop, 1).await.as_deref(), Some("B by Amy Xu"));
}

async fn a_flood_of_forgeries_makes_us_write_five_mails_a_day(engine: Engine) {
    let shop = shop(engine).await;
    for number in 0..20 {
        let mail = Mail::from(AMY).subject("#1 D").text("").id(&format!("{number}@elsewhere.example"));
        shop.deliver("sales", &mail);
    }
    shop.poll().await;
    assert_eq!(shop.hear_staff().await, 20);
    shop.send().await;
    assert_eq!(shop.texts("answer", AMY).len(), 5);
    assert_eq!(shop.texts("suspicion", CHEN).len(), 1);
    assert_eq!(shop.hear_staff().await, 0);
}

async fn a_buyer_who_writes_like_one_of_us_is_a_buyer(engine: Engine) {
    let shop = shop(engine).await;
    let token = token::token(&shop.secret(), AMY, "#1", shop.clock.now());
    let mail = Mail::from("Ann <ann@buyer0.example>").subject(&format!("#1 D [{token}]")).id("1@buyer0.example");
    hear(&shop, &mail).await;
    assert_eq!(grade(&shop, 1).await, None);
    assert_eq!(shop.number("SELECT COUNT(*) FROM inquiry").await, 4, "his mail is one more inquiry");
    assert_eq!(shop.number("SELECT COUNT(*) FROM staff_mail").await, 0);
}

async fn quoted_lines_and_signatures_order_nothing(engine: Engine) {
    let shop = shop(engine).await;
    let text = "#1 B\r\n\r\n-- \r\nAmy\r\n#2 D\r\n\r\nOn Mon, 23 Nov 2026, inquiryd wrote:\r\n> #2 not an inquiry\r\n> #3 C\r\n";
    hear(&shop, &reply(&shop, text).await.id("1@haiyue.example")).await;
    assert_eq!(grade(&shop, 1).await.as_deref(), Some("B by Amy Xu"));
    assert_eq!((grade(&shop, 2).await, grade(&shop, 3).await), (None, None));
    assert_eq!(shop.store.count_waiting().await.expect("a number"), 3);
}

async fn what_was_not_understood_is_told_back_with_the_words_to_use(engine: Engine) {
    let shop = shop(engine).await;
    hear(&shop, &reply(&shop, "#1 hmm\r\n#2 sample sent\r\n#999 done\r\n#3 B\r\n").await.id("1@haiyue.example")).await;
    let answer = shop.texts("answer", AMY).remove(0);
    for told in ["1 noted, 3 not done", "#1 hmm", "free, collect or T/T", "there is no such number", "How to say it"] {
        assert!(answer.contains(told), "{told} in {answer}");
    }
    hear(&shop, &reply(&shop, "Thanks, I will see to it tomorrow.\r\n").await.id("2@haiyue.example")).await;
    assert!(shop.texts("answer", AMY)[1].contains("was not understood"));
    assert!(shop.texts("suspicion", CHEN).is_empty(), "a colleague who is not understood is no thief");
}

async fn an_automatic_answer_orders_nothing_and_is_not_answered(engine: Engine) {
    let shop = shop(engine).await;
    let away = reply(&shop, "#1 D\r\nI am away until Monday.\r\n").await.header("Auto-Submitted", "auto-replied");
    hear(&shop, &away.id("1@haiyue.example")).await;
    assert_eq!(grade(&shop, 1).await, None);
    assert!(shop.texts("answer", AMY).is_empty());
}

async fn a_service_that_dies_between_mail_and_answer_does_neither_twice(engine: Engine) {
    let mut shop = shop(engine).await;
    shop.deliver("sales", &reply(&shop, "#1 called\r\n").await.id("1@haiyue.example"));
    shop.poll().await;
    shop.restart().await;
    assert_eq!(shop.hear_staff().await, 1, "recorded, and done by whoever comes next");
    shop.restart().await;
    assert_eq!(shop.hear_staff().await, 0);
    shop.send().await;
    assert_eq!(shop.number("SELECT COUNT(*) FROM buyer_event").await, 1);
    assert_eq!(shop.texts("answer", AMY).len(), 1);
    assert!(fs::read_dir(shop.outbox_folder()).is_ok());
}

async fn a_stage_is_set_by_mail_up_or_down(engine: Engine) {
    let shop = shop(engine).await;
    hear(&shop, &reply(&shop, "#1 stage repeat order\r\n@2 阶段 看厂\r\n").await.id("1@haiyue.example")).await;
    assert_eq!((stage(&shop, 1).await, stage(&shop, 2).await), ("repeat_order".into(), "factory_visit".into()));
    hear(&shop, &reply(&shop, "#1 stage intent\r\n").await.id("2@haiyue.example")).await;
    assert_eq!(stage(&shop, 1).await, Stage::Intent.as_str());
    let event = shop.store.events(1).await.expect("a ledger").pop().expect("an entry");
    assert_eq!((event.what.as_str(), event.by_whom.as_deref()), ("stage", Some("Amy Xu")));
}

async fn a_colleague_outside_in_copy_swallows_no_instruction(engine: Engine) {
    let shop = shop(engine).await;
    let mail = reply(&shop, "#1 B\r\n").await.header("Cc", "leo.private@mail.example").id("1@haiyue.example");
    hear(&shop, &mail).await;
    assert_eq!(grade(&shop, 1).await.as_deref(), Some("B by Amy Xu"));
}

async fn what_colleagues_wrote_among_themselves_orders_nothing(engine: Engine) {
    let shop = shop(engine).await;
    let chat = Mail::from(AMY).subject("tomorrow").text("#1 price is 9.80\r\n#2 delivery in May\r\n#1 done\r\n");
    hear(&shop, &chat.id("1@haiyue.example")).await;
    // An old mailbox is read for the first time: what was told in it was told to people.
    let old = Mail::from(AMY).subject("#1 done").text("").id("2@haiyue.example");
    shop.deliver_at("sales", &old.raw(), shop.clock.now() - 300 * DAY);
    shop.poll().await;
    assert_eq!(shop.hear_staff().await, 0);
    shop.send().await;
    assert!(shop.texts("answer", AMY).is_empty() && shop.texts("suspicion", CHEN).is_empty());
    assert_eq!(shop.store.count_waiting().await.expect("a number"), 3);
}

async fn an_order_told_twice_is_one_order(engine: Engine) {
    let shop = shop(engine).await;
    hear(&shop, &reply(&shop, "#1 order 1x40HQ\r\n").await.id("1@haiyue.example")).await;
    hear(&shop, &reply(&shop, "#1 order 1x40HQ\r\n").await.id("2@haiyue.example")).await;
    assert_eq!(stage(&shop, 1).await, "trial_order");
    assert_eq!(shop.number("SELECT COUNT(*) FROM buyer_event").await, 1);
}
