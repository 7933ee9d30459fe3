//! The proof: what was received, answered, excused, and that the server counts alike.

use super::database::Engine;
use super::letters::Mail;
use super::shop::{AMY, HOUR, LEO, Shop};
use inquiryd::report::Tally;

on_both_engines![
    an_answer_of_which_the_mailbox_got_a_copy_counts_once,
    an_answer_without_reference_counts_by_buyer_and_subject,
    an_answer_is_timed_on_the_wall_and_in_working_hours,
    each_question_later_in_a_thread_has_its_own_clock,
    everything_received_is_answered_waiting_excused_or_quarantined,
    the_servers_count_agrees_with_ours_or_the_digest_says_where_not,
    an_out_of_office_answer_of_ours_answers_nobody,
    a_question_to_a_factory_or_an_inquiry_passed_on_leaves_the_buyer_waiting,
    a_form_or_a_forger_who_writes_in_our_name_answers_nobody,
    what_is_put_off_after_the_manager_knew_comes_back,
];

async fn waiting(shop: &Shop) -> i64 {
    shop.store.count_waiting().await.expect("a number")
}

async fn an_answer_of_which_the_mailbox_got_a_copy_counts_once(engine: Engine) {
    let shop = Shop::open(engine).await;
    shop.deliver("sales", &Mail::from("ann@kestrel.example").id("1@kestrel.example"));
    shop.deliver("sales", &Mail::from("bob@heron.example").id("2@heron.example"));
    shop.poll().await;
    shop.later(HOUR);
    // Amy writes from her own mailbox, with the shared one in copy; its provider files a copy in Sent, too.
    let copy = Mail::answer("Ann <ann@kestrel.example>", "1@kestrel.example").header("Cc", "sales@haiyue.example");
    shop.deliver("sales", &copy.clone().id("a@haiyue.example"));
    shop.deliver("sales/.Sent", &copy.id("a@haiyue.example"));
    // A blind copy shows the buyer alone.
    shop.deliver("sales", &Mail::answer("bob@heron.example", "2@heron.example").id("b@haiyue.example"));
    shop.poll().await;
    assert_eq!(waiting(&shop).await, 0);
    assert_eq!(shop.number("SELECT COUNT(*) FROM mail WHERE direction = 'out'").await, 2);
    assert_eq!(shop.number("SELECT COUNT(*) FROM buyer").await, 2);
    // Among ourselves a copy is internal mail, and a forged colleague answers nobody.
    shop.deliver("sales", &Mail::from("cid@egret.example").id("3@egret.example"));
    shop.deliver("sales", &Mail::answer(LEO, "3@egret.example").id("c@haiyue.example"));
    let forged = Mail::answer("cid@egret.example", "3@egret.example")
        .header("Authentication-Results", "mx.haiyue.example; dmarc=fail header.from=haiyue.example");
    shop.deliver("sales", &forged.id("d@haiyue.example"));
    shop.poll().await;
    assert_eq!(waiting(&shop).await, 1);
}

async fn an_answer_without_reference_counts_by_buyer_and_subject(engine: Engine) {
    let shop = Shop::open(engine).await;
    for (number, subject) in [(1, "Folding chairs"), (2, "Folding chairs"), (3, "Parasols")] {
        let from = if number == 2 { "bob@heron.example" } else { "ann@kestrel.example" };
        shop.deliver("sales", &Mail::from(from).subject(subject).id(&format!("{number}@b.example")));
    }
    shop.poll().await;
    shop.later(HOUR);
    let answer = Mail::from(AMY).header("To", "ann@kestrel.example").subject("回复：folding  chairs");
    shop.deliver("sales/.Sent", &answer.id("a@haiyue.example"));
    shop.poll().await;
    let still =
        shop.database().await.texts("SELECT CAST(id AS TEXT) FROM inquiry WHERE answered_at IS NULL ORDER BY id").await;
    assert_eq!(still, ["2", "3"], "the other buyer and the other subject wait");
    // A later mail of the same subject has a clock of its own: what was written before does not answer it.
    shop.later(HOUR);
    shop.deliver("sales", &Mail::from("ann@kestrel.example").subject("Folding chairs").id("4@b.example"));
    shop.poll().await;
    assert_eq!(waiting(&shop).await, 3);
    // And an answer that names another mail answers that one alone.
    shop.later(HOUR);
    let parasols = Mail::answer("ann@kestrel.example", "3@b.example").subject("Re: Folding chairs");
    shop.deliver("sales/.Sent", &parasols.id("b@haiyue.example"));
    shop.poll().await;
    let still =
        shop.database().await.texts("SELECT CAST(id AS TEXT) FROM inquiry WHERE answered_at IS NULL ORDER BY id").await;
    assert_eq!(still, ["2", "4"]);
}

async fn an_answer_is_timed_on_the_wall_and_in_working_hours(engine: Engine) {
    let shop = Shop::office(engine).await;
    shop.at("2026-11-20T17:00:00+08:00");
    shop.deliver("sales", &Mail::from("ann@kestrel.example").id("1@kestrel.example"));
    shop.poll().await;
    shop.at("2026-11-23T09:30:00+08:00");
    shop.deliver("sales/.Sent", &Mail::answer("ann@kestrel.example", "1@kestrel.example").id("a@haiyue.example"));
    shop.poll().await;
    let inquiry = shop.store.inquiry(1).await.expect("an answer").expect("an inquiry");
    let wall = inquiry.answered_at.expect("answered") - inquiry.received_at;
    assert_eq!((wall, inquiry.worked), (64 * HOUR + HOUR / 2, Some(2 * HOUR)));
}

async fn each_question_later_in_a_thread_has_its_own_clock(engine: Engine) {
    let shop = Shop::open(engine).await;
    shop.deliver("sales", &Mail::from("ann@kestrel.example").id("1@kestrel.example"));
    shop.poll().await;
    shop.later(HOUR);
    shop.deliver("sales/.Sent", &Mail::answer("ann@kestrel.example", "1@kestrel.example").id("a@haiyue.example"));
    shop.poll().await;
    shop.later(HOUR);
    let question = Mail::from("ann@kestrel.example")
        .subject("Re: Inquiry for folding chairs")
        .header("References", "<1@kestrel.example> <a@haiyue.example>")
        .text("And your price for 2,000 pcs CIF Felixstowe?\r\n");
    shop.deliver("sales", &question.id("2@kestrel.example"));
    shop.poll().await;
    assert_eq!(waiting(&shop).await, 1, "the answer to the first mail does not answer the second");
    shop.digest().await;
    shop.later(2 * HOUR);
    assert_eq!(shop.remind().await, 1);
    let answer = Mail::answer("ann@kestrel.example", "2@kestrel.example").id("b@haiyue.example");
    shop.deliver("sales/.Sent", &answer.header("References", "<1@kestrel.example> <2@kestrel.example>"));
    shop.poll().await;
    let times = "SELECT CAST(i.answered_at - m.received_at AS TEXT) FROM inquiry i JOIN mail m ON m.id = i.mail_id ORDER BY i.id";
    assert_eq!(shop.database().await.texts(times).await, ["3600", "7200"]);
}

async fn everything_received_is_answered_waiting_excused_or_quarantined(engine: Engine) {
    let shop = Shop::with(engine, &[("LIMITS__MAIL_SIZE", "100kB")]).await;
    for number in 1..=4 {
        shop.deliver("sales", &Mail::from(&format!("b{number}@b{number}.example")).id(&format!("{number}@b.example")));
    }
    let large = "x".repeat(70).as_str().to_owned() + "\r\n";
    shop.deliver("sales", &Mail::from("big@b5.example").id("5@b.example").text(&large.repeat(2_000)));
    shop.poll().await;
    shop.deliver("sales/.Sent", &Mail::answer("b1@b1.example", "1@b.example").id("a@haiyue.example"));
    shop.poll().await;
    shop.store.excuse(2, "answered by WhatsApp", "Amy").await.expect("excused");
    let tally = shop.store.tally(0).await.expect("a tally");
    assert_eq!(tally, Tally { received: 5, answered: 1, waiting: 3, excused: 1, quarantined: 1 });
    assert_eq!(tally.received, tally.answered + tally.waiting + tally.excused);
    shop.digest().await;
    shop.send().await;
    let digest = shop.texts("digest", AMY).remove(0);
    for told in ["received 5, answered 1, waiting 3, excused 1, quarantined 1", "the server's count agrees with ours"] {
        assert!(digest.contains(told), "{told} in {digest}");
    }
}

async fn the_servers_count_agrees_with_ours_or_the_digest_says_where_not(engine: Engine) {
    let shop = Shop::open(engine).await;
    for number in 1..=3 {
        shop.deliver("sales", &Mail::from("ann@kestrel.example").id(&format!("{number}@kestrel.example")));
    }
    shop.poll().await;
    let counts = shop.store.folder_counts().await.expect("counts");
    let of = |folder: &str| counts.iter().find(|count| count.folder == folder).map(|c| (c.taken, c.on_server));
    assert_eq!(of("INBOX"), Some((3, 3)));
    assert_eq!(of("Sent"), Some((0, 0)));
    // A mail that the record lost: the next digest says so.
    shop.database().await.run("UPDATE folder_count SET taken = 1 WHERE folder = 'INBOX'").await;
    shop.digest().await;
    shop.send().await;
    let digest = shop.texts("digest", AMY).remove(0);
    assert!(digest.contains("2 mails in the folder \"INBOX\" of \"sales\" are not on record"), "{digest}");
    // Mail that somebody deleted is no loss of ours.
    shop.database().await.run("UPDATE folder_count SET taken = 3 WHERE folder = 'INBOX'").await;
    shop.empty("sales");
    shop.deliver("sales", &Mail::from("ann@kestrel.example").id("4@kestrel.example"));
    shop.poll().await;
    let count = shop.store.folder_counts().await.expect("counts").remove(1);
    assert_eq!((count.folder.as_str(), count.missing(), count.gone()), ("INBOX", 0, 3));
}

async fn an_out_of_office_answer_of_ours_answers_nobody(engine: Engine) {
    let shop = Shop::open(engine).await;
    shop.deliver("sales", &Mail::from("ann@kestrel.example").id("1@kestrel.example"));
    let away = Mail::answer("ann@kestrel.example", "1@kestrel.example").header("Auto-Submitted", "auto-replied");
    shop.deliver("sales", &away.clone().id("a@haiyue.example"));
    shop.deliver("sales/.Sent", &away.id("b@haiyue.example"));
    shop.poll().await;
    assert_eq!(waiting(&shop).await, 1);
}

async fn a_question_to_a_factory_or_an_inquiry_passed_on_leaves_the_buyer_waiting(engine: Engine) {
    let shop = Shop::open(engine).await;
    shop.deliver("sales", &Mail::from("ann@kestrel.example").id("1@kestrel.example"));
    shop.poll().await;
    shop.later(HOUR);
    let passed_on =
        Mail::answer("works@factory.example", "1@kestrel.example").subject("Fwd: Inquiry for folding chairs");
    shop.deliver("sales/.Sent", &passed_on.id("a@haiyue.example"));
    let asked = Mail::answer("works@factory.example", "1@kestrel.example").header("Cc", "sales@haiyue.example");
    shop.deliver("sales", &asked.id("b@haiyue.example"));
    shop.poll().await;
    assert_eq!(waiting(&shop).await, 1, "the buyer got nothing");
    // His colleague at the same company is he, as far as an answer goes.
    shop.deliver("sales/.Sent", &Mail::answer("bo@kestrel.example", "1@kestrel.example").id("c@haiyue.example"));
    shop.poll().await;
    assert_eq!(waiting(&shop).await, 0);
}

async fn a_form_or_a_forger_who_writes_in_our_name_answers_nobody(engine: Engine) {
    let shop = Shop::open(engine).await;
    shop.deliver("sales", &Mail::from("ann@kestrel.example").id("1@kestrel.example"));
    shop.poll().await;
    shop.later(HOUR);
    for (number, from) in ["wordpress@haiyue.example", "info@haiyue.example", AMY].iter().enumerate() {
        let copy = Mail::from(from).header("To", "ann@kestrel.example").subject("Re: Inquiry for folding chairs");
        shop.deliver("sales", &copy.text("We have got your message.\r\n").id(&format!("{number}@haiyue.example")));
    }
    shop.poll().await;
    assert_eq!(waiting(&shop).await, 1);
}

async fn what_is_put_off_after_the_manager_knew_comes_back(engine: Engine) {
    let shop = Shop::open(engine).await;
    shop.deliver("sales", &Mail::from("ann@kestrel.example").id("1@kestrel.example"));
    shop.poll().await;
    shop.digest().await;
    shop.later(25 * HOUR);
    assert_eq!(shop.remind().await, 2, "the target and the limit");
    assert_eq!(shop.remind().await, 0);
    let (found, _) = inquiryd::staff::instructions("", "#1 snooze 2 days");
    let speaker = inquiryd::store::staff::Speaker {
        name: "Amy",
        address: AMY,
        calendar: &shop.settings.calendar,
        now: shop.clock.now(),
    };
    shop.store.carry_out(&found, speaker).await.expect("put off");
    shop.later(24 * HOUR);
    assert_eq!(shop.remind().await, 0);
    shop.later(24 * HOUR);
    assert_eq!(shop.remind().await, 2, "and is told again as if it were new");
}
