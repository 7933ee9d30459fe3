//! What the team is told, once.

use super::database::Engine;
use super::letters::Mail;
use super::shop::{AMY, LEO, MINUTE, NOW, Shop, claim_newsletter};
use inquiryd::letter::{PlannedMail, What};
use inquiryd::store::outbox::Fate;

on_both_engines![
    nothing_to_say_is_no_mail,
    what_a_digest_tells_is_marked_in_the_transaction_that_plans_it,
    the_best_grade_comes_first_and_then_the_oldest,
    each_member_of_the_team_gets_one_mail_whose_name_stays,
    a_held_mail_is_told_once_and_again_when_it_is_held_again,
    a_refused_mail_is_told_once_with_what_to_do,
    a_notice_with_an_endless_reason_is_told_once,
];

async fn nothing_to_say_is_no_mail(engine: Engine) {
    let shop = Shop::open(engine).await;
    assert_eq!(shop.digest().await, None);
    let noise =
        Mail::from("newsletter@fair.example").id("1@fair.example").header("List-Unsubscribe", "<mailto:a@b.example>");
    shop.deliver("sales", &noise.subject("Fair news").text("The fair opens its doors.\r\n"));
    shop.poll().await;
    assert_eq!(shop.digest().await, None);
    assert_eq!(shop.number("SELECT COUNT(*) FROM outbox").await, 0);
    shop.deliver("sales", &Mail::from("ann@kestrel.example").id("2@kestrel.example"));
    shop.poll().await;
    let digest = shop.store.next_digest("Haiyue", NOW).await.expect("a digest");
    assert_eq!((digest.counts.mails, digest.counts.newsletters), (2, 1), "the noise is counted with the next news");
    assert_eq!(shop.digest().await, Some(1));
}

async fn what_a_digest_tells_is_marked_in_the_transaction_that_plans_it(engine: Engine) {
    let shop = Shop::open(engine).await;
    shop.deliver("sales", &Mail::from("ann@kestrel.example").id("1@kestrel.example"));
    shop.poll().await;
    let failed = shop.store.plan_digest("Haiyue", NOW, |_, _| anyhow::bail!("the letter can't be written")).await;
    assert!(failed.is_err());
    assert_eq!(shop.number("SELECT COUNT(*) FROM mail WHERE digest_id IS NULL").await, 1);
    assert_eq!(shop.number("SELECT COUNT(*) FROM inquiry WHERE told_at IS NULL").await, 1);

    assert_eq!(shop.digest().await, Some(1), "a digest that failed took no number");
    assert_eq!(shop.number("SELECT COUNT(*) FROM mail WHERE digest_id = 1").await, 1);
    assert_eq!(shop.number(&format!("SELECT COUNT(*) FROM inquiry WHERE told_at = {NOW}")).await, 1);
    assert_eq!(shop.digest().await, None);
    assert_eq!(shop.number("SELECT COUNT(*) FROM outbox").await, 2);
}

async fn the_best_grade_comes_first_and_then_the_oldest(engine: Engine) {
    let shop = Shop::open(engine).await;
    for (subject, age) in
        [("A carton", 9), ("A container, newer", 3), ("A container, older", 7), ("Hello", 8), ("A pallet", 5)]
    {
        let number = age;
        let mail =
            Mail::from(&format!("b{number}@kestrel.example")).id(&format!("{number}@kestrel.example")).subject(subject);
        shop.deliver_at("sales", &mail.raw(), NOW - age * MINUTE);
    }
    shop.poll().await;
    let digest = shop.store.next_digest("Haiyue", NOW).await.expect("a digest");
    let lines: Vec<_> =
        digest.inquiries.iter().map(|line| (line.grading.grade.as_str(), line.subject.as_str())).collect();
    let expected = [
        ("A", "A container, older"),
        ("A", "A container, newer"),
        ("B", "A pallet"),
        ("C", "A carton"),
        ("D", "Hello"),
    ];
    assert_eq!(lines, expected);
}

async fn each_member_of_the_team_gets_one_mail_whose_name_stays(engine: Engine) {
    let shop = Shop::open(engine).await;
    shop.deliver("sales", &Mail::from("ann@kestrel.example").id("1@kestrel.example"));
    shop.poll().await;
    shop.digest().await;
    let sql = "SELECT key || ' ' || recipient FROM outbox ORDER BY id";
    let planned = shop.database().await.texts(sql).await;
    assert_eq!(planned, [format!("digest/1/{AMY} {AMY}"), format!("digest/1/{LEO} {LEO}")]);
    let names = shop.database().await.texts("SELECT message_id FROM outbox ORDER BY id").await;
    assert_ne!(names[0], names[1]);
    assert_eq!(shop.send().await.sent, 2);
    for (recipient, name) in [(AMY, &names[0]), (LEO, &names[1])] {
        let mails = shop.sent_to(recipient);
        assert_eq!(mails.len(), 1);
        let mail = String::from_utf8_lossy(&mails[0]);
        assert!(mail.contains(&format!("Message-ID: <{name}>\r\n")), "{mail}");
        assert!(mail.contains("Auto-Submitted: auto-generated\r\n"), "{mail}");
        let other = if recipient == AMY { LEO } else { AMY };
        assert!(mail.contains(recipient) && !mail.contains(other), "its links are one person's");
    }
    shop.later(MINUTE);
    assert_eq!(shop.send().await.sent, 0);
}

fn letter_to_ann() -> PlannedMail {
    PlannedMail {
        key: "newsletter/spring/ann@kestrel.example".to_owned(),
        what: What::Newsletter,
        recipient: "ann@kestrel.example".to_owned(),
        message_id: "inquiryd.1@haiyue.example".to_owned(),
        subject: "Spring news".to_owned(),
        raw: Some(b"Subject: Spring news\r\n\r\nHello\r\n".to_vec()),
        not_before: NOW,
    }
}

async fn a_held_mail_is_told_once_and_again_when_it_is_held_again(engine: Engine) {
    let shop = Shop::open(engine).await;
    shop.store.plan(&[letter_to_ann()], NOW).await.expect("planned");
    let held = || async {
        let digest = shop.store.next_digest("Haiyue", NOW).await.expect("a digest");
        digest.held.iter().map(|line| line.recipient.clone()).collect::<Vec<_>>()
    };
    let hold = || async {
        claim_newsletter(&shop.store, "test", 1, NOW).await.expect("the mail");
        assert!(shop.store.mark_sending(1, "test").await.expect("marked"));
        let fate = Fate::Unknown { error: "the line broke".to_owned() };
        shop.store.settle(1, "test", &fate, NOW).await.expect("settled");
    };
    hold().await;
    assert_eq!(held().await, ["ann@kestrel.example"]);
    assert!(shop.digest().await.is_some());
    assert!(held().await.is_empty());
    assert_eq!(shop.digest().await, None);
    assert!(shop.store.decide(1, true, NOW).await.expect("decided"));
    hold().await;
    assert_eq!(held().await, ["ann@kestrel.example"], "it was sent once more, and is held once more");
}

async fn a_refused_mail_is_told_once_with_what_to_do(engine: Engine) {
    let shop = Shop::open(engine).await;
    let mail = PlannedMail { recipient: "not an address".to_owned(), what: What::Reminder, ..letter_to_ann() };
    shop.store.plan(&[mail], NOW).await.expect("planned");
    assert_eq!(shop.send().await.refused, 1);
    let digest = shop.store.next_digest("Haiyue", NOW).await.expect("a digest");
    assert_eq!(digest.notices.len(), 1);
    assert!(digest.notices[0].contains("not an address"), "{:?}", digest.notices);
    assert!(digest.notices[0].contains("inquiryd outbox resend 1"), "{:?}", digest.notices);
    assert!(shop.digest().await.is_some());
    assert_eq!(shop.digest().await, None);
}

async fn a_notice_with_an_endless_reason_is_told_once(engine: Engine) {
    let shop = Shop::open(engine).await;
    let reasons: Vec<String> = (0..3_000_u64).map(|line| format!("{:x}", line.pow(5) % 999_983)).collect();
    let reason = reasons.join(" ");
    for key in [&reason, &reason, &format!("{reason} and more")] {
        shop.store.notice(key, &format!("It is wrong: {reason}"), NOW).await.expect("noted");
    }
    assert_eq!(shop.store.next_digest("Haiyue", NOW).await.expect("a digest").notices.len(), 2);
}
