//! Newsletters on their way: at their pace, after our people's own mail, over several connections, and never twice.

use super::database::Engine;
use super::letters::Mail;
use super::newsletters::{ANN, BOB, import, is_suppressed, newsletter, numbered, shop_with};
use super::outbox::smtp;
use super::shop::{DAY, HOUR, MINUTE, NOW, Shop};
use crate::support::smtp_peer::{Act, Script, SmtpPeer};
use inquiryd::jobs;
use inquiryd::newsletter::Resting;
use inquiryd::store::newsletters::Turn;
use inquiryd::store::outbox::Fate;

on_both_engines![
    newsletters_go_at_their_pace,
    one_domain_is_not_flooded_and_does_not_hold_up_the_others,
    an_address_no_server_would_take_does_not_hold_up_the_others,
    newsletters_go_over_several_connections_at_once,
    our_peoples_own_mail_comes_before_the_newsletters_that_wait,
    who_unsubscribes_after_the_planning_is_left_out_of_a_handful,
    a_newsletter_says_what_is_known_when_it_leaves,
    two_daemons_never_send_the_same_newsletter,
    a_buyer_gets_his_newsletter_in_his_own_working_hours,
    a_provider_that_has_had_enough_is_left_alone_and_then_bothered_less,
    a_quota_is_no_bounce_however_final_it_sounds,
    newsletters_leave_our_people_their_part_of_the_day,
    a_new_mailbox_begins_with_few,
    after_a_long_absence_newsletters_wait_for_a_word,
    one_newsletter_may_go_slower_than_the_others,
];

/// How many go in so many minutes.
async fn sent_in(shop: &Shop, minutes: u32) -> u64 {
    let mut sent = 0;
    for _ in 0..minutes {
        sent += shop.send().await.sent;
        shop.later(MINUTE);
    }
    sent
}

async fn newsletters_go_at_their_pace(engine: Engine) {
    let buyers = numbered(6);
    let shop = shop_with(engine, &buyers, &[("NEWSLETTER__PER_DAY", "3")]).await;
    assert_eq!(shop.plan_newsletters().await, 3, "a day's worth at a time");
    let mut sent = Vec::new();
    for _ in 0..6 {
        sent.push(shop.send().await.sent);
        sent.push(shop.send().await.sent);
        shop.later(30);
    }
    assert_eq!(sent, [1, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0], "30 s apart, three a day");
    assert_eq!(shop.plan_newsletters().await, 3);
    shop.clock.set(NOW + DAY - 1);
    assert_eq!(shop.send().await.sent, 0);
    shop.later(1);
    assert_eq!(shop.send().await.sent, 1);
}

async fn one_domain_is_not_flooded_and_does_not_hold_up_the_others(engine: Engine) {
    let buyers = ["a@big.example", "b@big.example", "c@big.example", ANN];
    let shop = shop_with(engine, &buyers, &[("NEWSLETTER__PER_DOMAIN_HOUR", "2")]).await;
    shop.plan_newsletters().await;
    for _ in 0..4 {
        shop.send().await;
        shop.later(30);
    }
    let sent = || buyers.map(|email| shop.sent_to(email).len());
    assert_eq!(sent(), [1, 1, 0, 1]);
    shop.clock.set(NOW + HOUR);
    shop.send().await;
    assert_eq!(sent(), [1, 1, 1, 1]);
}

async fn an_address_no_server_would_take_does_not_hold_up_the_others(engine: Engine) {
    let shop = shop_with(engine, &["taro..@docomo.example", ANN], &[("NEWSLETTER__PER_DAY", "1")]).await;
    assert_eq!(shop.plan_newsletters().await, 1);
    assert_eq!(shop.send().await.sent, 1);
    assert_eq!(shop.sent_to(ANN).len(), 1);
}

async fn newsletters_go_over_several_connections_at_once(engine: Engine) {
    let buyers = numbered(7);
    let without_pace = [("NEWSLETTER__PACE", "false"), ("NEWSLETTER__CONNECTIONS", "3")];
    let shop = shop_with(engine, &buyers, &without_pace).await;
    assert_eq!(shop.plan_newsletters().await, 7);
    // One is refused for good, one for now; neither holds up the others.
    let script = Script::default().at("RCPT", "a@b2.example", Act::Say(b"550 5.1.1 no such user")).at(
        "RCPT",
        "a@b4.example",
        Act::Say(b"451 4.7.1 greylisted"),
    );
    let peer = SmtpPeer::start(script).await;
    let sent = shop.send_to(&smtp(&peer)).await;
    assert_eq!((sent.sent, sent.refused, sent.deferred), (5, 1, 1), "{sent:?}");
    let seen = peer.seen();
    assert_eq!((seen.mails.len(), seen.connections), (5, 3), "{:?}", seen.commands);
    assert!(is_suppressed(&shop, "a@b2.example").await);
    shop.later(HOUR);
    assert_eq!((shop.plan_newsletters().await, shop.send().await.sent), (0, 1), "the one that was put off");
}

async fn our_peoples_own_mail_comes_before_the_newsletters_that_wait(engine: Engine) {
    let buyers = numbered(30);
    let without_pace = [("NEWSLETTER__PACE", "false"), ("NEWSLETTER__CONNECTIONS", "2")];
    let shop = shop_with(engine, &buyers, &without_pace).await;
    shop.plan_newsletters().await;
    shop.store.notice("disk", "The disk is nearly full.", NOW).await.expect("noted");
    assert!(shop.digest().await.is_some());
    let peer = SmtpPeer::start(Script::default()).await;
    shop.send_to(&smtp(&peer)).await;
    let digests = peer.seen().mails.iter().take(3).filter(|mail| !mail.contains("List-Unsubscribe")).count();
    assert!(digests >= 1, "the digest is among the first");
}

async fn who_unsubscribes_after_the_planning_is_left_out_of_a_handful(engine: Engine) {
    let without_pace = [("NEWSLETTER__PACE", "false"), ("NEWSLETTER__CONNECTIONS", "4")];
    let shop = shop_with(engine, &[ANN, BOB, "c@c.example"], &without_pace).await;
    assert_eq!(shop.plan_newsletters().await, 3);
    shop.store.suppress(BOB, "unsubscribed", NOW).await.expect("noted");
    assert_eq!(shop.send().await.sent, 2);
    assert!(shop.sent_to(BOB).is_empty());
    let outbox = shop.store.outbox(Some("dropped"), 9).await.expect("an outbox");
    assert_eq!(outbox[0].last_error.as_deref(), Some("unsubscribed meanwhile"));
}

async fn a_newsletter_says_what_is_known_when_it_leaves(engine: Engine) {
    let mut shop = shop_with(engine, &[ANN], &[]).await;
    let body = "+++\nsubject = \"News\"\nsegment = \"A\"\ndate = 2026-11-20\n+++\nDear {{ buyer.name | default('friend') }}.\n";
    shop.file("newsletters/spring.md", body);
    assert_eq!(shop.plan_newsletters().await, 1);
    import(&shop, &format!("email,name\n{ANN},Ann Lindqvist\n")).await;
    assert_eq!(shop.send().await.sent, 1);
    let sent = String::from_utf8(shop.sent_to(ANN).remove(0)).expect("ASCII");
    assert!(sent.contains("Dear Ann Lindqvist."), "{sent}");
}

async fn two_daemons_never_send_the_same_newsletter(engine: Engine) {
    let buyers = numbered(120);
    let shop = shop_with(engine, &buyers, &[("NEWSLETTER__PACE", "false")]).await;
    assert_eq!(shop.plan_newsletters().await, 120);
    let daemons = ["one", "two", "three"].map(|owner| {
        let store = shop.store.clone();
        tokio::spawn(async move {
            let (mut mine, mut settled, mut leaving) = (Vec::new(), Vec::new(), Vec::new());
            loop {
                let due = store.due_newsletters(NOW, 500, &Resting::default(), &[]).await.expect("what is due");
                let wanted: Vec<i64> = due.iter().take(7).map(|due| due.id).collect();
                if wanted.is_empty() && leaving.is_empty() && settled.is_empty() {
                    return mine;
                }
                let turn = Turn { settled: &settled, leaving: &leaving, wanted: &wanted };
                let turned = store.turn(owner, turn, NOW + 600, NOW).await.expect("a turn");
                assert_eq!(turned.leaving.len(), leaving.len(), "{owner} claimed them");
                settled = turned.leaving.iter().map(|id| (*id, Fate::Sent)).collect();
                mine.extend(turned.leaving);
                leaving = turned.claimed.iter().map(|mail| mail.id).collect();
            }
        })
    });
    let mut all = Vec::new();
    for daemon in daemons {
        all.extend(daemon.await.expect("a daemon"));
    }
    all.sort_unstable();
    all.dedup();
    let sent = shop.database().await.number("SELECT COUNT(*) FROM outbox WHERE state = 'sent' AND attempts = 1").await;
    assert_eq!((all.len(), sent), (120, 120));
}

async fn a_buyer_gets_his_newsletter_in_his_own_working_hours(engine: Engine) {
    // It is Monday, 12:30 in Ningbo.
    let overrides = [("NEWSLETTER__RECIPIENT_HOURS", "09:00-17:00"), ("NEWSLETTER__CONSENT_COUNTRIES", "CA")];
    let mut shop = Shop::with(engine, &overrides).await;
    import(
        &shop,
        "email,grade,country\nann@k.example,A,SE\nken@k2.example,A,JP\nsam@k3.example,A,US\nx@k4.example,A,\n",
    )
    .await;
    newsletter(&mut shop, "\"A\"", "2026-11-20");
    assert_eq!(shop.plan_newsletters().await, 4);
    let mut gone = Vec::new();
    // Half an hour each, for a day.
    for half_hour in 0..48 {
        for name in ["ann", "ken", "sam", "x"] {
            if !gone.contains(&(name, 0))
                && gone.iter().all(|(other, _)| *other != name)
                && !shop.sent_to(&format!("{name}@")).is_empty()
            {
                gone.push((name, half_hour));
            }
        }
        shop.send().await;
        shop.later(HOUR / 2);
    }
    let at = |name: &str| gone.iter().find(|(other, _)| *other == name).map(|(_, at)| *at);
    // Sweden opens 3.5 hours later, New York 9.5; Japan keeps Labour Thanksgiving Day, and nobody knows where X lives.
    assert!(at("x").is_some_and(|at| at <= 1) && at("ken").is_some_and(|at| (39..=40).contains(&at)), "{gone:?}");
    assert!(at("ann").is_some_and(|at| (8..=9).contains(&at)), "{gone:?}");
    assert!(at("sam").is_some_and(|at| (20..=21).contains(&at)), "{gone:?}");
}

async fn a_provider_that_has_had_enough_is_left_alone_and_then_bothered_less(engine: Engine) {
    let shop = shop_with(engine, &[ANN, BOB, "c@c.example", "d@d.example"], &[]).await;
    shop.plan_newsletters().await;
    let peer =
        SmtpPeer::start(Script::default().once("DOT", Act::Say(b"421 4.7.0 Try again later, too many mails"))).await;
    let sink = smtp(&peer);
    assert_eq!(shop.send_to(&sink).await.deferred, 1);
    shop.later(14 * MINUTE);
    assert_eq!(shop.send_to(&sink).await.sent, 0, "it rests");
    shop.later(MINUTE);
    assert_eq!(shop.send_to(&sink).await.sent, 1);
    shop.later(59);
    assert_eq!(shop.send_to(&sink).await.sent, 0, "thirty seconds were the usual distance");
    shop.later(1);
    assert_eq!(shop.send_to(&sink).await.sent, 1);
    shop.later(25 * HOUR);
    assert_eq!(shop.send_to(&sink).await.sent, 1);
    shop.later(30);
    assert_eq!(shop.send_to(&sink).await.sent, 1, "a day later all is as before");
    let digest = shop.store.next_digest("Haiyue", shop.clock.now()).await.expect("a digest");
    let told: Vec<&String> = digest.notices.iter().filter(|notice| notice.contains("refuses newsletters")).collect();
    assert!(told.len() == 1 && told[0].contains("too many mails") && told[0].contains("12:45"), "{told:?}");
}

async fn a_quota_is_no_bounce_however_final_it_sounds(engine: Engine) {
    let shop = shop_with(engine, &[ANN], &[]).await;
    shop.plan_newsletters().await;
    let quota = Act::Say(b"550 5.4.5 Daily user sending limit exceeded");
    let peer = SmtpPeer::start(Script::default().once("MAIL", quota)).await;
    let sent = shop.send_to(&smtp(&peer)).await;
    assert_eq!((sent.refused, sent.deferred), (0, 1));
    shop.later(HOUR);
    assert_eq!(shop.send_to(&smtp(&peer)).await.sent, 1);
    assert_eq!(shop.store.campaign_results("spring").await.expect("results").bounced, 0);
}

async fn newsletters_leave_our_people_their_part_of_the_day(engine: Engine) {
    let buyers = numbered(6);
    let overrides = [("OUTBOX__PER_DAY", "6"), ("OUTBOX__RESERVE", "2")];
    let shop = shop_with(engine, &buyers, &overrides).await;
    shop.plan_newsletters().await;
    // Amy herself writes to one buyer.
    shop.deliver_at("sales/.Sent", &Mail::answer("zoe@other.example", "1@other.example").raw(), NOW);
    shop.poll().await;
    assert_eq!(sent_in(&shop, 6).await, 3, "six a day, two are kept, one was hers");
    shop.later(DAY);
    assert_eq!(shop.send().await.sent, 1);
}

async fn a_new_mailbox_begins_with_few(engine: Engine) {
    let buyers = numbered(6);
    let shop = shop_with(engine, &buyers, &[("NEWSLETTER__WARM_UP", "1, 2")]).await;
    shop.plan_newsletters().await;
    let mut by_day = Vec::new();
    for _ in 0..3 {
        let mut sent = 0;
        for _ in 0..24 {
            sent += shop.send().await.sent;
            shop.later(HOUR);
        }
        by_day.push(sent);
    }
    assert_eq!(by_day, [1, 2, 3]);
}

async fn after_a_long_absence_newsletters_wait_for_a_word(engine: Engine) {
    let shop = shop_with(engine, &[ANN, BOB, "c@c.example"], &[("NEWSLETTER__ASK_AFTER", "3d")]).await;
    assert_eq!(shop.plan_newsletters().await, 3);
    assert_eq!(shop.send().await.sent, 1);
    shop.later(2 * DAY);
    assert_eq!(shop.send().await.sent, 1, "a weekend is no long absence");
    shop.later(4 * DAY);
    assert_eq!((shop.plan_newsletters().await, shop.send().await.sent), (0, 0));
    let digest = shop.store.next_digest("Haiyue", shop.clock.now()).await.expect("a digest");
    let told = digest.notices.iter().filter(|notice| notice.contains("newsletter confirm"));
    assert_eq!(told.count(), 1, "{:?}", digest.notices);
    jobs::let_newsletters_go_on(&shop.context()).await.expect("a word");
    assert_eq!(shop.send().await.sent, 1);
}

#[tokio::test]
async fn a_store_restored_from_a_copy_sends_no_newsletter_before_somebody_confirms_it() {
    let mut shop = shop_with(Engine::Sqlite, &[ANN, BOB, "c@c.example"], &[("NEWSLETTER__INTERVAL", "1s")]).await;
    assert_eq!(shop.plan_newsletters().await, 3);
    assert_eq!(shop.send().await.sent, 1);
    let file = shop.store.file().expect("a file");
    let copy = file.with_extension("copy");
    shop.database().await.run(&format!("VACUUM INTO '{}'", copy.display())).await;
    shop.later(MINUTE);
    assert_eq!(shop.send().await.sent, 1, "one more goes after the copy was made");
    shop.store.close().await;
    for ending in ["db-wal", "db-shm"] {
        let _ = std::fs::remove_file(file.with_extension(ending));
    }
    std::fs::copy(&copy, &file).expect("restored");
    shop.restart().await;
    shop.later(MINUTE);
    assert_eq!((shop.plan_newsletters().await, shop.send().await.sent), (0, 0));
    jobs::let_newsletters_go_on(&shop.context()).await.expect("a word");
    assert_eq!(shop.send().await.sent, 1);
    shop.later(MINUTE);
    assert_eq!(shop.send().await.sent, 1, "and so on, though one gets it again");
}

async fn one_newsletter_may_go_slower_than_the_others(engine: Engine) {
    let mut shop = shop_with(engine, &[ANN, BOB, "c@c.example"], &[]).await;
    shop.file("newsletters/spring.md", &{
        let head = "subject = \"A pilot\"\nsegment = \"A\"\ndate = 2026-11-20\nper_day = 1";
        format!("+++\n{head}\n+++\nNew chairs.\n")
    });
    assert_eq!(shop.plan_newsletters().await, 3);
    assert_eq!(sent_in(&shop, 30).await, 1, "a hundred a day may go of all, one of this");
    shop.later(DAY);
    assert_eq!(shop.send().await.sent, 1);
}
