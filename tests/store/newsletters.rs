//! News to the buyers: once to each, at a pace, and never to whoever wants none.

use super::database::Engine;
use super::letters::{Mail, bounce, complaint};
use super::shop::{DAY, HOUR, NOW, Shop};
use inquiryd::jobs::reports;
use inquiryd::newsletter::Results;
use inquiryd::report::{Period, ReportName, Stretch};
use inquiryd::store::campaigns::Decision;
use inquiryd::store::reports::Scope;

on_both_engines![
    each_matching_buyer_gets_a_newsletter_once_for_ever,
    a_newsletter_waits_for_its_day,
    a_sent_newsletter_says_how_to_get_no_more,
    a_hard_bounce_ends_it_for_the_address_we_wrote_to,
    a_soft_bounce_does_not_but_three_days_of_them_do,
    a_complaint_ends_it,
    an_unsubscribing_mail_is_honoured_by_its_token_whoever_sends_it,
    an_unsubscribing_mail_without_token_counts_for_its_sender,
    an_unsubscribing_reply_from_another_address_counts_for_the_one_we_wrote_to,
    a_buyer_who_unsubscribes_from_one_of_his_addresses_is_left_alone_at_the_other,
    who_still_wants_to_buy_is_no_unsubscriber_whatever_he_does_not_want_sent,
    a_made_up_token_unsubscribes_nobody,
    an_out_of_office_answer_is_no_unsubscribing,
    an_unsubscribing_mail_that_a_program_wrote_is_honoured,
    a_buyer_in_a_thread_who_wants_something_not_sent_stays_a_buyer,
    a_buyer_who_came_after_a_newsletter_does_not_get_it,
    a_newsletter_that_is_put_off_is_not_sent,
    who_unsubscribes_while_the_mail_waits_does_not_get_it,
    who_left_does_not_get_what_was_planned_before_anybody_noted_whose_it_is,
    who_is_in_a_negotiation_or_was_written_to_lately_is_left_alone,
    whoever_asked_for_a_product_and_never_ordered_hears_of_it_in_his_language,
    one_whose_sentence_would_have_a_hole_is_passed_over,
    two_buyers_who_become_one_get_a_newsletter_once,
    a_newsletter_to_a_tag_goes_to_whoever_has_it,
    a_country_that_wants_consent_gets_it,
    a_consent_that_has_expired_is_none,
    a_chinese_reader_sees_that_it_is_advertising,
    a_late_newsletter_asks_first,
    an_old_newsletter_that_went_before_nobody_noted_it_is_not_asked_about,
    a_newsletter_that_comes_back_too_often_pauses_itself,
    a_paused_newsletter_waits_and_a_stopped_one_is_withdrawn,
    the_results_count_who_answered_and_who_left,
    a_catalogue_goes_with_each_mail_and_large_ones_are_linked,
    a_catalogue_that_changes_while_its_newsletter_goes_pauses_that_one_alone,
    a_newsletter_in_a_salespersons_name_is_answered_to_the_shared_mailbox,
    a_greeting_goes_to_each_buyer_on_his_own_countrys_day_and_once,
    a_greeting_whose_holiday_is_over_is_not_sent_and_nobody_is_asked,
    the_company_says_where_and_when_it_greets,
];

pub(super) const ANN: &str = "ann@kestrel.example";

pub(super) const BOB: &str = "bob@heron.example";

/// So many addresses of buyers: a@b0.example and so on.
pub(super) fn numbered(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("a@b{number}.example")).collect()
}

/// A shop with these buyers, all of grade A, and a newsletter to A whose day has come.
pub(super) async fn shop_with(engine: Engine, buyers: &[impl AsRef<str>], overrides: &[(&str, &str)]) -> Shop {
    let mut shop = Shop::with(engine, overrides).await;
    let rows: Vec<String> = buyers.iter().map(|email| format!("{},A", email.as_ref())).collect();
    import(&shop, &format!("email,grade\n{}\n", rows.join("\n"))).await;
    newsletter(&mut shop, "\"A\"", "2026-11-20");
    shop
}

pub(super) async fn import(shop: &Shop, csv: &str) {
    shop.import(csv.as_bytes()).await;
}

pub(super) fn newsletter(shop: &mut Shop, segment: &str, date: &str) {
    let content = format!("+++\nsubject = \"Spring news\"\nsegment = [{segment}]\ndate = {date}\n+++\nNew chairs.\n");
    shop.file("newsletters/spring.md", &content);
}

/// Plans and sends the newsletter to all of the shop's buyers.
async fn send_all(shop: &Shop, count: u64) {
    shop.plan_newsletters().await;
    for _ in 0..count {
        assert_eq!(shop.send().await.sent, 1);
        shop.later(30);
    }
}

/// The Message-ID of the newsletter to this address.
async fn newsletter_id(shop: &Shop, email: &str) -> String {
    let sql = format!("SELECT message_id FROM outbox WHERE key = 'newsletter/spring/{email}'");
    shop.database().await.texts(&sql).await.remove(0)
}

pub(super) async fn is_suppressed(shop: &Shop, email: &str) -> bool {
    shop.store.is_suppressed(email).await.expect("an answer")
}

async fn each_matching_buyer_gets_a_newsletter_once_for_ever(engine: Engine) {
    let mut shop = Shop::open(engine).await;
    import(&shop, "email,grade\na@a.example,A\nb@b.example,B\nc@c.example,C\nd@d.example,D\nnone@e.example,\n").await;
    newsletter(&mut shop, "\"A\", \"B\"", "2026-11-20");
    assert_eq!(shop.plan_newsletters().await, 2);
    assert_eq!(shop.plan_newsletters().await, 0);
    shop.restart().await;
    assert_eq!(shop.plan_newsletters().await, 0);
    assert_eq!(shop.send().await.sent, 1);
    newsletter(&mut shop, "\"A\", \"B\", \"C\"", "2026-11-20");
    assert_eq!(shop.plan_newsletters().await, 1);
    for _ in 0..5 {
        shop.later(HOUR);
        shop.send().await;
    }
    shop.later(400 * DAY);
    shop.restart().await;
    assert_eq!((shop.plan_newsletters().await, shop.send().await.sent), (0, 0));
    let sent = ["a@a.example", "b@b.example", "c@c.example", "d@d.example", "none@e.example"]
        .map(|email| shop.sent_to(email).len());
    assert_eq!(sent, [1, 1, 1, 0, 0]);
}

async fn a_newsletter_waits_for_its_day(engine: Engine) {
    let mut shop = shop_with(engine, &[ANN], &[]).await;
    newsletter(&mut shop, "\"A\"", "\"2026-11-23 14:00\"");
    assert_eq!(shop.plan_newsletters().await, 0);
    shop.later(90 * 60);
    assert_eq!(shop.plan_newsletters().await, 1);
}

async fn a_sent_newsletter_says_how_to_get_no_more(engine: Engine) {
    let shop = shop_with(engine, &[ANN], &[]).await;
    send_all(&shop, 1).await;
    let mail = String::from_utf8(shop.sent_to(ANN).remove(0)).expect("ASCII");
    let unfolded = mail.replace("\r\n ", " ");
    let header = unfolded.lines().find_map(|line| line.strip_prefix("List-Unsubscribe: ")).expect("the header");
    let id = newsletter_id(&shop, ANN).await;
    let token = header.replace("%20", " ").replace("%40", "@").replace(' ', "");
    assert_eq!(token, format!("<mailto:sales@haiyue.example?subject=unsubscribe{id}>"), "{header}");
    assert!(mail.contains("\r\nPrecedence: bulk\r\n") && mail.contains("\r\nAuto-Submitted: auto-generated\r\n"));
}

async fn a_hard_bounce_ends_it_for_the_address_we_wrote_to(engine: Engine) {
    let shop = shop_with(engine, &[ANN, BOB], &[]).await;
    send_all(&shop, 2).await;
    // Her mail is passed on to another address, and that is the one which the report names.
    let report = bounce(&newsletter_id(&shop, ANN).await, "old.ann@elsewhere.example", "5.1.1");
    shop.deliver_at("sales", &report, NOW);
    shop.poll().await;
    assert!(is_suppressed(&shop, ANN).await);
    assert!(!is_suppressed(&shop, BOB).await);
    // A mail that a person wrote bounces: its report names the address itself.
    shop.deliver_at("sales", &bounce("offer.1@haiyue.example", "Bob@Heron.example", "5.1.1"), NOW);
    shop.poll().await;
    assert!(is_suppressed(&shop, BOB).await);
    assert_eq!(shop.number("SELECT COUNT(*) FROM inquiry").await, 0);
}

async fn a_soft_bounce_does_not_but_three_days_of_them_do(engine: Engine) {
    let mut shop = shop_with(engine, &[ANN, BOB], &[]).await;
    send_all(&shop, 2).await;
    for day in 0..3 {
        // Two about Ann on one day count once; Bob's mail was a person's.
        let reports = [
            bounce(&newsletter_id(&shop, ANN).await, ANN, "4.2.2"),
            bounce(&newsletter_id(&shop, ANN).await, ANN, "4.2.2"),
            bounce("offer.1@haiyue.example", "Bob@Heron.example", "4.2.2"),
        ];
        for (number, report) in reports.iter().enumerate() {
            let report = String::from_utf8_lossy(report).replace("<report.", &format!("<report.{day}.{number}."));
            shop.deliver_at("sales", report.as_bytes(), shop.clock.now());
        }
        shop.poll().await;
        assert!(!is_suppressed(&shop, ANN).await);
        if day == 1 {
            shop.database().await.run("DELETE FROM soft_bounce WHERE address = 'bob@heron.example'").await;
        }
        shop.later(DAY);
    }
    assert_eq!(shop.mails().await[0].kind, "bounce");
    newsletter_called(&mut shop, "summer", "\"A\"", "2026-11-25");
    assert_eq!(shop.plan_newsletters().await, 1, "Ann could not be reached for three days");
    let planned = "SELECT recipient FROM outbox WHERE key LIKE 'newsletter/summer/%'";
    assert_eq!(shop.database().await.texts(planned).await, [BOB]);
    // After three months it is forgotten.
    shop.later(95 * DAY);
    newsletter_called(&mut shop, "autumn", "\"A\"", "2027-03-01");
    assert_eq!(shop.plan_newsletters().await, 2);
}

async fn a_complaint_ends_it(engine: Engine) {
    let shop = shop_with(engine, &[ANN], &[]).await;
    send_all(&shop, 1).await;
    shop.deliver_at("sales", &complaint(&newsletter_id(&shop, ANN).await, ANN), NOW);
    shop.poll().await;
    assert!(is_suppressed(&shop, ANN).await);
    let reasons = shop.database().await.texts("SELECT reason FROM suppression").await;
    assert_eq!(reasons, ["complaint"]);
}

async fn an_unsubscribing_mail_is_honoured_by_its_token_whoever_sends_it(engine: Engine) {
    let mut shop = shop_with(engine, &[ANN, BOB], &[]).await;
    send_all(&shop, 2).await;
    let subject = format!("Unsubscribe {}", newsletter_id(&shop, ANN).await);
    let mail = Mail::from("ann.at.home@gmail.com").id("1@gmail.com").subject(&subject).text("");
    shop.deliver("sales", &mail);
    assert_eq!(shop.poll().await.inquiries, 0);
    assert_eq!(shop.mails().await[0].kind, "command");
    assert!(is_suppressed(&shop, ANN).await);
    assert!(!is_suppressed(&shop, BOB).await);
    let content = "+++\nsubject = \"Summer\"\nsegment = [\"A\"]\ndate = 2026-11-21\n+++\nMore chairs.\n";
    shop.file("newsletters/summer.md", content);
    shop.later(4 * DAY);
    assert_eq!(shop.plan_newsletters().await, 1, "Bob's only");
}

async fn an_unsubscribing_mail_without_token_counts_for_its_sender(engine: Engine) {
    let shop = shop_with(engine, &[ANN, BOB], &[]).await;
    let mail = Mail::from("Ann <Ann@Kestrel.example>").id("1@kestrel.example").subject("unsubscribe");
    shop.deliver("sales", &mail.text("Please take me off your mailing list.\r\n"));
    shop.poll().await;
    assert!(is_suppressed(&shop, ANN).await);
    assert_eq!(shop.plan_newsletters().await, 1);
}

async fn an_unsubscribing_reply_from_another_address_counts_for_the_one_we_wrote_to(engine: Engine) {
    let shop = shop_with(engine, &[ANN, BOB], &[]).await;
    send_all(&shop, 2).await;
    let reply = Mail::from("ann.at.home@gmail.com").id("1@gmail.com").subject("Re: Spring news");
    let reply = reply.header("In-Reply-To", &format!("<{}>", newsletter_id(&shop, ANN).await));
    shop.deliver("sales", &reply.text("Please unsubscribe me.\r\n"));
    shop.poll().await;
    assert!(is_suppressed(&shop, ANN).await && is_suppressed(&shop, "ann.at.home@gmail.com").await);
    assert!(!is_suppressed(&shop, BOB).await);
}

async fn a_buyer_who_unsubscribes_from_one_of_his_addresses_is_left_alone_at_the_other(engine: Engine) {
    let mut shop = Shop::open(engine).await;
    import(&shop, &format!("email,other_emails,grade\n{ANN},ann.at.home@gmail.com,A\n")).await;
    newsletter(&mut shop, "\"A\"", "2026-11-20");
    let mail = Mail::from("ann.at.home@gmail.com").id("1@gmail.com").subject("unsubscribe");
    shop.deliver("sales", &mail.text("Please unsubscribe me.\r\n"));
    shop.poll().await;
    assert_eq!(shop.plan_newsletters().await, 0);
}

async fn who_still_wants_to_buy_is_no_unsubscriber_whatever_he_does_not_want_sent(engine: Engine) {
    let shop = shop_with(engine, &[ANN], &[]).await;
    let words = "Please quote 600 pcs folding chairs FOB Ningbo. Do not send a catalogue, we have it.\r\n";
    shop.deliver("sales", &Mail::from(ANN).id("1@kestrel.example").text(words));
    assert_eq!(shop.poll().await.inquiries, 1);
    assert!(!is_suppressed(&shop, ANN).await);
}

async fn a_made_up_token_unsubscribes_nobody(engine: Engine) {
    let shop = shop_with(engine, &[ANN], &[]).await;
    send_all(&shop, 1).await;
    let id = newsletter_id(&shop, ANN).await;
    let (last, others) = (id.find('@').expect("a domain") - 1, ["0", "1"]);
    let other = others.into_iter().find(|digit| id[last..].get(..1) != Some(digit)).expect("one of two");
    let forged = format!("unsubscribe {}{other}{}", &id[..last], &id[last + 1..]);
    shop.deliver("sales", &Mail::from("eve@rival.example").id("1@rival.example").subject(&forged).text(""));
    shop.poll().await;
    assert!(!is_suppressed(&shop, ANN).await);
}

async fn an_out_of_office_answer_is_no_unsubscribing(engine: Engine) {
    let shop = shop_with(engine, &[ANN], &[]).await;
    send_all(&shop, 1).await;
    let id = newsletter_id(&shop, ANN).await;
    let words = "I am out of office until Monday.\r\nUnsubscribe: reply with unsubscribe.\r\n";
    let away = Mail::from(ANN).header("In-Reply-To", &format!("<{id}>")).text(words);
    let token = format!("unsubscribe {id}");
    let answers = [
        away.clone().id("1@k.example").subject("Automatic reply: Spring news"),
        away.clone().id("2@k.example").subject("Re: Spring news").header("Auto-Submitted", "auto-replied"),
        away.clone().id("3@k.example").subject(&format!("Re: {token}")).header("Auto-Submitted", "auto-replied"),
        away.clone().id("4@k.example").subject(&format!("Away: {token}")).header("Precedence", "auto_reply"),
        away.id("5@k.example").subject("unsubscribe").header("X-Autoreply", "yes"),
    ];
    for answer in &answers {
        shop.deliver("sales", answer);
    }
    assert_eq!(shop.poll().await.recorded, 5);
    assert!(!is_suppressed(&shop, ANN).await);
    assert_eq!(shop.number("SELECT COUNT(*) FROM inquiry").await, 0);
}

async fn an_unsubscribing_mail_that_a_program_wrote_is_honoured(engine: Engine) {
    let shop = shop_with(engine, &[ANN], &[]).await;
    send_all(&shop, 1).await;
    let subject = format!("unsubscribe {}", newsletter_id(&shop, ANN).await);
    let mail = Mail::from(ANN).id("1@k.example").subject(&subject).text("").header("Auto-Submitted", "auto-generated");
    shop.deliver("sales", &mail);
    shop.poll().await;
    assert!(is_suppressed(&shop, ANN).await);
}

async fn a_buyer_in_a_thread_who_wants_something_not_sent_stays_a_buyer(engine: Engine) {
    let shop = shop_with(engine, &[ANN], &[]).await;
    shop.deliver("sales/.Sent", &Mail::answer(ANN, "offer@k.example").id("offer@haiyue.example"));
    let words = "Please do not send the container before 10 December, our warehouse is closed until then.";
    shop.deliver(
        "sales",
        &Mail::from(ANN).id("1@k.example").header("In-Reply-To", "<offer@haiyue.example>").text(words),
    );
    assert_eq!(shop.poll().await.inquiries, 1);
    assert!(!is_suppressed(&shop, ANN).await);
}

async fn a_buyer_who_came_after_a_newsletter_does_not_get_it(engine: Engine) {
    let mut shop = Shop::open(engine).await;
    shop.file(
        "newsletters/old.md",
        "+++\nsubject = \"Old news\"\nsegment = [\"A\", \"B\", \"C\", \"D\"]\ndate = 2026-11-01\n+++\nOld.\n",
    );
    shop.deliver("sales", &Mail::from(ANN).id("1@k.example"));
    assert_eq!(shop.poll().await.inquiries, 1);
    assert_eq!(shop.plan_newsletters().await, 0);
}

async fn a_newsletter_that_is_put_off_is_not_sent(engine: Engine) {
    let mut shop = shop_with(engine, &[ANN], &[]).await;
    assert_eq!(shop.plan_newsletters().await, 1);
    newsletter(&mut shop, "\"A\"", "2099-12-31");
    shop.later(60);
    assert_eq!(shop.send().await.sent, 0);
    assert!(shop.sent_to(ANN).is_empty());
}

async fn who_unsubscribes_while_the_mail_waits_does_not_get_it(engine: Engine) {
    let shop = shop_with(engine, &[BOB, ANN], &[]).await;
    assert_eq!(shop.plan_newsletters().await, 2);
    assert_eq!(shop.send().await.sent, 1);
    let subject = format!("unsubscribe {}", newsletter_id(&shop, ANN).await);
    shop.deliver("sales", &Mail::from(ANN).id("1@kestrel.example").subject(&subject).text(""));
    shop.poll().await;
    shop.later(30);
    assert_eq!(shop.send().await.sent, 0);
    assert_eq!((shop.sent_to(BOB).len(), shop.sent_to(ANN).len()), (1, 0));
    let counts = shop.store.outbox_counts().await.expect("counts");
    assert_eq!(counts, [("dropped".to_owned(), 1), ("sent".to_owned(), 1)]);
}

async fn who_left_does_not_get_what_was_planned_before_anybody_noted_whose_it_is(engine: Engine) {
    let shop = shop_with(engine, &[ANN, BOB], &[("NEWSLETTER__PACE", "false")]).await;
    assert_eq!(shop.plan_newsletters().await, 2);
    // As an old version left it: the bytes, and no buyer.
    let mut database = shop.database().await;
    database.run("DELETE FROM campaign_mail").await;
    let hex = "46726f6d3a20610d0a0d0a620d0a";
    let bytes = match engine {
        Engine::Sqlite => format!("x'{hex}'"),
        Engine::Postgres => format!("decode('{hex}', 'hex')"),
    };
    database.run(&format!("INSERT INTO outbox_mail (outbox_id, raw) SELECT id, {bytes} FROM outbox")).await;
    shop.store.suppress(BOB, "unsubscribed", NOW).await.expect("noted");
    assert_eq!(shop.send().await.sent, 1);
    assert_eq!((shop.sent_to(ANN).len(), shop.sent_to(BOB).len()), (1, 0));
}

fn write(shop: &mut Shop, name: &str, head: &str, body: &str) {
    shop.file(&format!("newsletters/{name}.md"), &format!("+++\n{head}\n+++\n{body}\n"));
}

async fn who_is_in_a_negotiation_or_was_written_to_lately_is_left_alone(engine: Engine) {
    let mut shop = shop_with(engine, &[ANN, BOB, "cy@crane.example", "dee@dove.example"], &[]).await;
    shop.deliver("sales", &Mail::from(ANN).id("1@kestrel.example"));
    shop.deliver("sales/.Sent", &Mail::answer(BOB, "offer@k.example").id("offer@haiyue.example"));
    shop.poll().await;
    let mut database = shop.database().await;
    database.run("UPDATE buyer SET paused_until = 9999999999 WHERE email = 'cy@crane.example'").await;
    assert_eq!(shop.plan_newsletters().await, 1);
    assert_eq!(database.texts("SELECT recipient FROM outbox").await, ["dee@dove.example"]);
    // Three weeks later they have rested, and another newsletter reaches them.
    database.run("UPDATE inquiry SET excuse = 'answered by phone'").await;
    shop.later(21 * DAY);
    newsletter_called(&mut shop, "summer", "\"A\"", "2026-12-13");
    assert_eq!(shop.plan_newsletters().await, 3, "Ann, Bob and Dee; Cy is still put off");
}

pub(super) fn newsletter_called(shop: &mut Shop, name: &str, segment: &str, date: &str) {
    write(shop, name, &format!("subject = \"News\"\nsegment = [{segment}]\ndate = {date}"), "New chairs.");
}

async fn whoever_asked_for_a_product_and_never_ordered_hears_of_it_in_his_language(engine: Engine) {
    let mut shop = Shop::open(engine).await;
    for (id, email, words) in [
        ("1", ANN, "We need 600 folding chairs, FOB Ningbo."),
        ("2", BOB, "We need 600 folding chairs, FOB Ningbo."),
        ("3", "cy@crane.example", "We need 40 hammocks."),
    ] {
        let mail = Mail::from(email).id(&format!("{id}@k.example")).subject("A request").text(words);
        shop.deliver("sales", &mail);
    }
    shop.poll().await;
    let mut database = shop.database().await;
    database.run("UPDATE inquiry SET excuse = 'by phone'").await;
    database.run("UPDATE buyer SET language = 'de-AT' WHERE email = 'ann@kestrel.example'").await;
    database.run("UPDATE buyer SET stage = 'trial_order' WHERE email = 'bob@heron.example'").await;
    shop.later(20 * DAY);
    let head = "subject = { en = \"Chairs\", de = \"Stühle\" }\ndate = 2026-12-12\n\
                [segment]\nproduct = \"folding chair\"\nnever_ordered = true";
    write(&mut shop, "chairs", head, "+++ en\nNew chairs.\n+++ de\nNeue Stühle.");
    shop.plan_newsletters().await;
    assert_eq!(database.texts("SELECT recipient || ' ' || subject FROM outbox").await, [format!("{ANN} Stühle")]);
}

async fn one_whose_sentence_would_have_a_hole_is_passed_over(engine: Engine) {
    let mut shop = Shop::open(engine).await;
    import(&shop, &format!("email,name,grade\n{ANN},Ann Lindqvist,A\n{BOB},Purchasing Department,A\n")).await;
    write(
        &mut shop,
        "spring",
        "subject = \"News\"\nsegment = \"A\"\ndate = 2026-11-20",
        "Dear {{ buyer.first_name }},",
    );
    assert_eq!(shop.plan_newsletters().await, 1);
    assert_eq!(shop.send().await.sent, 1);
    assert!(String::from_utf8_lossy(&shop.sent_to(ANN)[0]).contains("Dear Ann,"));
    // Better words reach the others, too, and Ann no second time.
    shop.later(HOUR);
    let words = "Dear {{ buyer.first_name | default(\"friend\") }},";
    write(&mut shop, "spring", "subject = \"News\"\nsegment = \"A\"\ndate = 2026-11-20", words);
    assert_eq!(shop.plan_newsletters().await, 1);
    assert_eq!(shop.send().await.sent, 1);
    assert!(String::from_utf8_lossy(&shop.sent_to(BOB)[0]).contains("Dear friend,"));
}

async fn two_buyers_who_become_one_get_a_newsletter_once(engine: Engine) {
    let mut shop = Shop::open(engine).await;
    import(&shop, &format!("email,grade\n{ANN},A\n{BOB},A\n")).await;
    newsletter(&mut shop, "\"A\"", "2026-11-20");
    let mut database = shop.database().await;
    // Bob gets it first; then Ann, who stays, turns out to be Bob.
    database.run("UPDATE buyer SET grade = 'B' WHERE id = 1").await;
    assert_eq!(shop.plan_newsletters().await, 1);
    shop.store.merge(1, 2, "same person", "chen", NOW).await.expect("one buyer");
    database.run("UPDATE buyer SET grade = 'A' WHERE id = 1").await;
    newsletter(&mut shop, "\"A\", \"B\"", "2026-11-20");
    assert_eq!(shop.plan_newsletters().await, 0, "the one that they became has it");
    assert_eq!(shop.number("SELECT COUNT(*) FROM campaign_mail").await, 1);
}

async fn a_newsletter_to_a_tag_goes_to_whoever_has_it(engine: Engine) {
    let mut shop = Shop::open(engine).await;
    import(&shop, "email,tags\na@a.example,VIP\nb@b.example,agent; vip; rival\nc@c.example,代理\nd@d.example,\n").await;
    let segment = "{ tags = [\"vip\", \"代理\"], without_tags = [\"Rival\"] }";
    let content = format!("+++\nsubject = \"News\"\nsegment = {segment}\ndate = 2026-11-20\n+++\nNew chairs.\n");
    shop.file("newsletters/spring.md", &content);
    assert_eq!(shop.plan_newsletters().await, 2);
    let to = shop.database().await.texts("SELECT recipient FROM outbox ORDER BY recipient").await;
    assert_eq!(to, ["a@a.example", "c@c.example"]);
}

async fn a_country_that_wants_consent_gets_it(engine: Engine) {
    let mut shop = Shop::open(engine).await;
    import(&shop, &format!("email,country,grade\n{ANN},DE,A\n{BOB},US,A\ncy@crane.example,DE,A\n")).await;
    shop.database().await.run("UPDATE buyer SET consent = 'asked at the fair' WHERE id = 3").await;
    newsletter(&mut shop, "\"A\"", "2026-11-20");
    assert_eq!(shop.plan_newsletters().await, 2);
    let recipients = shop.database().await.texts("SELECT recipient FROM outbox ORDER BY id").await;
    assert_eq!(recipients, [BOB, "cy@crane.example"]);
}

async fn a_consent_that_has_expired_is_none(engine: Engine) {
    let mut shop = Shop::with(engine, &[("NEWSLETTER__CONSENT_VALID_FOR", "730d")]).await;
    // It is 2026-11-23 in Ningbo. The first contact stands for a day that nobody noted.
    let csv = "email,country,grade,consent,consent_at,consent_until,first_contact\n\
               lasts@a.example,DE,A,form,2019-01-01,2026-11-23,2018-01-01\n\
               ended@b.example,DE,A,form,2026-01-01,2026-11-22,2018-01-01\n\
               young@c.example,DE,A,form,2024-12-01,,2018-01-01\n\
               old@d.example,DE,A,form,2024-11-01,,2018-01-01\n\
               unknown@e.example,DE,A,form,,,2018-01-01\n\
               new@f.example,DE,A,form,,,2025-01-01\n\
               free@g.example,US,A,form,,2020-01-01,2018-01-01\n\
               unread@h.example,DE,A,form,,,2025-01-01\n";
    import(&shop, csv).await;
    shop.database().await.run("UPDATE buyer SET consent_until = 'soon' WHERE email = 'unread@h.example'").await;
    newsletter(&mut shop, "\"A\"", "2026-11-20");
    assert_eq!(shop.plan_newsletters().await, 4);
    let recipients = shop.database().await.texts("SELECT recipient FROM outbox ORDER BY id").await;
    assert_eq!(recipients, ["lasts@a.example", "young@c.example", "new@f.example", "free@g.example"]);
}

async fn a_chinese_reader_sees_that_it_is_advertising(engine: Engine) {
    let mut shop = Shop::open(engine).await;
    import(&shop, &format!("email,country,grade\n{ANN},CN,A\n{BOB},US,A\n")).await;
    newsletter(&mut shop, "\"A\"", "2026-11-20");
    shop.plan_newsletters().await;
    let subjects = shop.database().await.texts("SELECT subject FROM outbox ORDER BY id").await;
    assert_eq!(subjects, ["（广告）Spring news", "Spring news"]);
}

async fn a_late_newsletter_asks_first(engine: Engine) {
    let mut shop = shop_with(engine, &[ANN], &[]).await;
    newsletter(&mut shop, "\"A\"", "2026-11-10");
    for _ in 0..3 {
        assert_eq!(shop.plan_newsletters().await, 0);
    }
    let notices = shop.database().await.texts("SELECT text FROM notice").await;
    assert_eq!(notices.len(), 1);
    assert!(notices[0].contains("inquiryd newsletter send spring"), "{notices:?}");
    shop.store.confirm_campaign("spring", "chen").await.expect("noted");
    assert_eq!(shop.plan_newsletters().await, 1);
}

async fn an_old_newsletter_that_went_before_nobody_noted_it_is_not_asked_about(engine: Engine) {
    let mut shop = shop_with(engine, &[ANN], &[]).await;
    assert_eq!(shop.plan_newsletters().await, 1);
    // As an upgrade leaves it: the mails are known, the campaign is not.
    shop.database().await.run("DELETE FROM campaign").await;
    shop.later(100 * DAY);
    newsletter(&mut shop, "\"A\"", "2026-11-20");
    assert_eq!(shop.plan_newsletters().await, 0);
    assert_eq!(shop.number("SELECT COUNT(*) FROM notice").await, 0);
    assert!(shop.store.campaign("spring").await.expect("an answer").expect("a campaign").begun_at.is_some());
}

async fn a_newsletter_that_comes_back_too_often_pauses_itself(engine: Engine) {
    let buyers = numbered(60);
    let fast = [("NEWSLETTER__PER_DAY", "30"), ("NEWSLETTER__INTERVAL", "1s")];
    let shop = shop_with(engine, &buyers, &fast).await;
    assert_eq!(shop.plan_newsletters().await, 30);
    for _ in 0..30 {
        shop.send().await;
        shop.later(1);
    }
    for buyer in &buyers[..2] {
        shop.deliver_at("sales", &bounce(&newsletter_id(&shop, buyer).await, buyer, "5.1.1"), NOW);
    }
    shop.poll().await;
    shop.later(2 * DAY);
    assert_eq!(shop.plan_newsletters().await, 0);
    let row = shop.store.campaign("spring").await.expect("an answer").expect("a campaign");
    assert_eq!((row.state.as_str(), row.reason.as_deref()), ("paused", Some("2 of 30 mails came back")));
    let notices = shop.database().await.texts("SELECT text FROM notice WHERE key LIKE 'bounces/%'").await;
    assert_eq!(notices.len(), 1, "{notices:?}");
    let now = shop.clock.now();
    let resumed = shop.store.decide_campaign("spring", Decision::Resume, ("", "chen"), now).await;
    assert!(resumed.expect("an answer"));
    assert_eq!(shop.plan_newsletters().await, 30, "whoever resumes it has seen the figures");
    // What goes on badly is paused again.
    shop.later(1);
    for _ in 0..29 {
        shop.send().await;
        shop.later(1);
    }
    for buyer in &buyers[30..32] {
        shop.deliver_at("sales", &bounce(&newsletter_id(&shop, buyer).await, buyer, "5.1.1"), NOW);
    }
    shop.poll().await;
    assert_eq!(shop.plan_newsletters().await, 0);
    let row = shop.store.campaign("spring").await.expect("an answer").expect("a campaign");
    assert_eq!(row.reason.as_deref(), Some("2 of 29 mails came back"));
}

async fn a_paused_newsletter_waits_and_a_stopped_one_is_withdrawn(engine: Engine) {
    let shop = shop_with(engine, &[ANN, BOB], &[]).await;
    assert_eq!(shop.plan_newsletters().await, 2);
    let decide = |decision| shop.store.decide_campaign("spring", decision, ("a slip", "chen"), NOW);
    assert!(decide(Decision::Pause).await.expect("an answer"));
    assert_eq!((shop.plan_newsletters().await, shop.send().await.sent), (0, 0));
    assert!(decide(Decision::Resume).await.expect("an answer"));
    assert_eq!(shop.send().await.sent, 1);
    shop.later(HOUR);
    assert!(decide(Decision::Stop).await.expect("an answer"));
    assert_eq!((shop.plan_newsletters().await, shop.send().await.sent), (0, 0));
    assert!(!decide(Decision::Resume).await.expect("an answer"), "stopped is for ever");
    let results = shop.store.campaign_results("spring").await.expect("results");
    assert_eq!((results.sent, results.dropped, results.planned), (1, 1, 0));
}

async fn the_results_count_who_answered_and_who_left(engine: Engine) {
    let buyers = [ANN, BOB, "cy@crane.example", "dee@dove.example"];
    let shop = shop_with(engine, &buyers, &[]).await;
    send_all(&shop, 4).await;
    let id = newsletter_id(&shop, ANN).await;
    let answer =
        Mail::from(ANN).id("1@kestrel.example").subject("Re: Spring news").header("In-Reply-To", &format!("<{id}>"));
    shop.deliver_at("sales", &answer.text("Please quote 600 chairs FOB Ningbo.").raw(), NOW + HOUR);
    let subject = format!("unsubscribe {}", newsletter_id(&shop, BOB).await);
    shop.deliver("sales", &Mail::from(BOB).id("1@heron.example").subject(&subject).text(""));
    shop.deliver_at("sales", &bounce(&newsletter_id(&shop, buyers[2]).await, buyers[2], "5.1.1"), NOW);
    shop.deliver_at("sales", &complaint(&newsletter_id(&shop, buyers[3]).await, buyers[3]), NOW);
    shop.later(2 * HOUR);
    shop.poll().await;
    let results = shop.store.campaign_results("spring").await.expect("results");
    let Results { planned, sent, bounced, held, dropped, unsubscribed, complaints, answered } = results;
    assert_eq!((planned, sent, bounced, held, dropped), (0, 3, 1, 0, 0));
    assert_eq!((answered, unsubscribed, complaints), (1, 1, 1));
    // The answer is an inquiry like any other, and the week's report tells what the newsletter brought.
    assert_eq!(shop.number("SELECT COUNT(*) FROM inquiry").await, 1);
    let week = Period::of(Stretch::Week, jiff::civil::date(2026, 11, 23));
    let numbers =
        reports::numbers(&shop.context(), ReportName::Weekly, week, &Scope::Everybody).await.expect("numbers");
    let told: Vec<_> = numbers.lists.newsletters.iter().map(|line| (line.name.as_str(), line.results)).collect();
    assert_eq!(told, [("spring", results)]);
}

async fn a_catalogue_goes_with_each_mail_and_large_ones_are_linked(engine: Engine) {
    use mail_parser::MimeHeaders as _;
    let mut shop = shop_with(engine, &[ANN, BOB], &[]).await;
    std::fs::write(shop.path("newsletters/目录 2027.pdf"), b"%PDF-1.7 chairs").expect("a file");
    let head = "subject = \"News\"\nsegment = \"A\"\ndate = 2026-11-20\nattachments = [\"目录 2027.pdf\"]\n\
                links = [{ name = \"The whole catalogue (48 MB)\", url = \"https://haiyue.example/c.pdf\" }]";
    shop.file("newsletters/spring.md", &format!("+++\n{head}\n+++\nNew chairs.\n"));
    let before = shop.settings.campaigns[0].fingerprint.clone();
    send_all(&shop, 2).await;
    for buyer in [ANN, BOB] {
        let sent = shop.sent_to(buyer).remove(0);
        let mail = mail_parser::MessageParser::default().parse(&sent).expect("a mail");
        let files: Vec<_> = mail.attachments().map(|part| (part.attachment_name(), part.contents())).collect();
        assert_eq!(files, [(Some("目录 2027.pdf"), &b"%PDF-1.7 chairs"[..])]);
        let (text, html) = (mail.body_text(0).expect("text"), mail.body_html(0).expect("HTML"));
        assert!(
            text.contains("The whole catalogue (48 MB)") && text.contains("https://haiyue.example/c.pdf"),
            "{text}"
        );
        assert!(html.contains("href=\"https://haiyue.example/c.pdf\""), "{html}");
    }
    std::fs::write(shop.path("newsletters/目录 2027.pdf"), b"%PDF-1.7 tables").expect("a file");
    shop.file("newsletters/spring.md", &format!("+++\n{head}\n+++\nNew chairs.\n"));
    assert_ne!(shop.settings.campaigns[0].fingerprint, before, "another catalogue is another newsletter");
}

async fn a_catalogue_that_changes_while_its_newsletter_goes_pauses_that_one_alone(engine: Engine) {
    let mut shop = shop_with(engine, &[ANN, BOB], &[("NEWSLETTER__PACE", "false")]).await;
    std::fs::write(shop.path("newsletters/chairs.pdf"), b"%PDF-1.7 chairs").expect("a file");
    import(&shop, "email,grade\ncleo@c.example,B\n").await;
    newsletter(&mut shop, "\"B\"", "2026-11-20");
    let head = "subject = \"Chairs\"\nsegment = \"A\"\ndate = 2026-11-20\nattachments = [\"chairs.pdf\"]";
    let chairs = format!("+++\n{head}\n+++\nNew chairs.\n");
    shop.file("newsletters/chairs.md", &chairs);
    assert_eq!(shop.plan_newsletters().await, 3);
    std::fs::write(shop.path("newsletters/chairs.pdf"), b"%PDF-1.7 chairs and tables").expect("a file");
    shop.send().await;
    let got = |shop: &Shop| [ANN, BOB, "cleo@c.example"].map(|buyer| shop.sent_to(buyer).len());
    assert_eq!(got(&shop), [0, 0, 1]);
    let row = shop.store.campaign("chairs").await.expect("an answer").expect("a campaign");
    assert!(!row.is_running() && row.reason.is_some_and(|reason| reason.contains("chairs.pdf is not what it was")));
    let notices = shop.database().await.texts("SELECT text FROM notice").await;
    assert!(notices.len() == 1 && notices[0].contains("inquiryd newsletter resume chairs"), "{notices:?}");
    shop.file("newsletters/chairs.md", &chairs);
    assert!(shop.store.decide_campaign("chairs", Decision::Resume, ("", "chen"), NOW).await.expect("noted"));
    shop.later(HOUR);
    shop.send().await;
    assert_eq!(got(&shop), [1, 1, 1]);
}

async fn a_newsletter_in_a_salespersons_name_is_answered_to_the_shared_mailbox(engine: Engine) {
    let mut shop = shop_with(engine, &[ANN], &[("OUTBOX__REPLY_TO", "office@haiyue.example")]).await;
    let head = "subject = \"News\"\nsegment = \"A\"\ndate = 2026-11-20\nfrom = \"Amy Xu <amy@haiyue.example>\"";
    shop.file("newsletters/spring.md", &format!("+++\n{head}\n+++\nNew chairs.\n"));
    send_all(&shop, 1).await;
    let sent = String::from_utf8(shop.sent_to(ANN).remove(0)).expect("ASCII");
    assert!(
        sent.contains("\r\nFrom: \"Amy Xu\" <amy@haiyue.example>\r\n") || sent.starts_with("From: \"Amy Xu\" <amy@"),
        "{sent}"
    );
    assert!(sent.contains("Reply-To: office@haiyue.example\r\n"), "{sent}");
}

/// Buyers in five countries and in none that is known.
const WORLD: &str = "email,country,grade\nann@kestrel.example,US,A\nboris@lebed.example,RU,A\nsara@saqr.example,SA,A\n\
                     dora@dove.example,,A\nomar@nisr.example,EG,A\ncarl@crane.example,US,C\n";

fn greeting(shop: &mut Shop, head: &str) {
    let content = format!("+++\nsubject = \"Season's greetings\"\nsegment = [\"A\"]\n{head}\n+++\nAll the best.\n");
    shop.file("newsletters/2026-12-christmas.md", &content);
}

async fn greeted(shop: &Shop) -> Vec<String> {
    shop.database().await.texts("SELECT recipient FROM outbox ORDER BY id").await
}

async fn a_greeting_goes_to_each_buyer_on_his_own_countrys_day_and_once(engine: Engine) {
    let mut shop = Shop::open(engine).await;
    import(&shop, WORLD).await;
    greeting(&mut shop, "holiday = \"christmas\"\ndays_before = 1");
    shop.at("2026-12-24T08:59:00+08:00");
    assert_eq!(shop.plan_newsletters().await, 0);
    shop.at("2026-12-24T09:00:00+08:00");
    assert_eq!(shop.plan_newsletters().await, 1);
    assert_eq!(greeted(&shop).await, ["ann@kestrel.example"]);
    shop.restart().await;
    shop.at("2027-01-05T12:00:00+08:00");
    assert_eq!(shop.plan_newsletters().await, 0);
    // Orthodox Christmas is a holiday there, on 7 January.
    shop.at("2027-01-06T09:00:00+08:00");
    assert_eq!(shop.plan_newsletters().await, 2);
    assert_eq!(greeted(&shop).await, ["ann@kestrel.example", "boris@lebed.example", "omar@nisr.example"]);
    for day in ["2027-01-07", "2027-01-08", "2027-12-24"] {
        shop.at(&format!("{day}T12:00:00+08:00"));
        shop.restart().await;
        assert_eq!(shop.plan_newsletters().await, 0, "once, and nobody in a country without it");
    }
    assert_eq!(shop.number("SELECT COUNT(*) FROM notice").await, 0);
}

async fn a_greeting_whose_holiday_is_over_is_not_sent_and_nobody_is_asked(engine: Engine) {
    let mut shop = Shop::open(engine).await;
    import(&shop, WORLD).await;
    greeting(&mut shop, "holiday = \"christmas\"\ndays_before = 1");
    shop.at("2026-12-27T00:00:00+08:00");
    assert_eq!(shop.plan_newsletters().await, 0, "Christmas was the day before yesterday");
    shop.at("2027-01-08T23:59:00+08:00");
    assert_eq!(shop.plan_newsletters().await, 2, "and the Orthodox one was yesterday");
    assert_eq!(greeted(&shop).await, ["boris@lebed.example", "omar@nisr.example"]);
    assert_eq!(shop.number("SELECT COUNT(*) FROM notice").await, 0);
}

async fn the_company_says_where_and_when_it_greets(engine: Engine) {
    let mut shop = Shop::open(engine).await;
    import(&shop, WORLD).await;
    let own = "[greetings.christmas]\ncountries = [\"US\", \"SA\"]\n\
               [[greeting_day]]\nkey = \"christmas\"\ncountry = \"SA\"\ndate = 2026-12-26\n";
    shop.file("inquiryd.d/greetings.toml", own);
    greeting(&mut shop, "holiday = \"christmas\"\ndays_before = 0");
    shop.at("2026-12-25T12:00:00+08:00");
    assert_eq!(shop.plan_newsletters().await, 1);
    shop.at("2026-12-26T12:00:00+08:00");
    assert_eq!(shop.plan_newsletters().await, 1);
    shop.at("2027-01-07T12:00:00+08:00");
    assert_eq!(shop.plan_newsletters().await, 0);
    assert_eq!(greeted(&shop).await, ["ann@kestrel.example", "sara@saqr.example"]);
}
