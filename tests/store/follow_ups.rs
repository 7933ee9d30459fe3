//! No buyer is forgotten: each hears from us at the rhythm of his grade, and the day's list says so once.

use super::database::Engine;
use super::letters::{Mail, bounce};
use super::shop::{AMY, CHEN, DAY, HOUR, LEO, Shop};
use inquiryd::buyer::EventKind;
use inquiryd::grade::Grade;
use inquiryd::jobs;
use inquiryd::store::ledger::NewEvent;

on_both_engines![
    an_a_is_called_and_a_b_is_written_to_in_their_rhythm,
    any_contact_begins_the_rhythm_anew,
    nobody_is_asked_on_a_holiday_at_night_or_twice,
    a_buyer_who_waits_or_negotiates_is_left_alone,
    an_address_that_bounces_is_asked_about_once_and_ends_the_letters,
    what_was_not_done_is_told_to_the_manager_next_time,
    a_report_about_a_mail_that_we_never_sent_ends_no_letters,
    whoever_is_merged_and_taken_apart_again_is_looked_at,
    two_daemons_ask_once,
    a_day_has_room_for_so_many_and_the_best_come_first,
    a_sample_that_nobody_sent_is_told_to_the_manager_after_three_working_days,
    another_rhythm_in_the_configuration_counts_at_once,
    the_list_shows_the_card_and_the_last_words,
];

/// An office that knows a buyer, graded by a person, who has had his answer.
async fn office_with(engine: Engine, buyers: &[(&str, &str)]) -> Shop {
    let shop = Shop::office(engine).await;
    // A Monday.
    shop.at("2026-11-02T10:00:00+08:00");
    for (number, (name, subject)) in buyers.iter().enumerate() {
        let from = format!("{name} <{name}@buyer{number}.example>");
        let text = format!(
            "Dear team,\r\n\r\nplease quote 600 folding chairs.\r\n\r\nBest regards\r\n{name}\r\nPhone: +44 1632 96{number:04}\r\n"
        );
        shop.deliver("sales", &Mail::from(&from).subject(subject).text(&text).id(&format!("{name}@buyer.example")));
    }
    shop.poll().await;
    shop.database().await.run(&format!("UPDATE buyer SET owner = '{AMY}'")).await;
    shop.digest().await;
    for (number, (name, _)) in buyers.iter().enumerate() {
        let answer = Mail::answer(&format!("{name}@buyer{number}.example"), &format!("{name}@buyer.example"));
        shop.deliver("sales/.Sent", &answer.id(&format!("a{number}@haiyue.example")));
    }
    shop.poll().await;
    shop
}

/// The days of November, by the hour in which lists go out, on which Amy got a list; what each of them says.
async fn november(shop: &Shop, days: std::ops::RangeInclusive<i8>) -> Vec<(i8, String)> {
    let mut lists = Vec::new();
    for day in days {
        shop.at(&format!("2026-11-{day:02}T09:05:00+08:00"));
        let before = shop.texts("follow_up", AMY).len();
        shop.follow_up().await;
        shop.send().await;
        lists.extend(shop.texts("follow_up", AMY).into_iter().skip(before).map(|text| (day, text)));
    }
    lists
}

fn days(lists: &[(i8, String)], word: &str) -> Vec<i8> {
    lists.iter().filter(|(_, text)| text.contains(word)).map(|(day, _)| *day).collect()
}

async fn an_a_is_called_and_a_b_is_written_to_in_their_rhythm(engine: Engine) {
    let shop =
        office_with(engine, &[("ann", "A container"), ("bob", "A pallet"), ("cid", "A carton"), ("dan", "Hello")])
            .await;
    let lists = november(&shop, 2..=30).await;
    assert_eq!(days(&lists, "ann"), [5, 9, 12, 16, 19, 23, 26, 30], "twice a week");
    assert_eq!(days(&lists, "bob"), [9, 16, 23, 30], "weekly");
    assert_eq!(days(&lists, "cid"), [17], "half-monthly");
    assert_eq!(days(&lists, "dan"), [0; 0], "monthly: on 2 December");
    assert!(lists[0].1.contains("1 call today") && !lists[0].1.contains("to write today"), "{}", lists[0].1);
    assert!(lists[1].1.contains("1 call today") && lists[1].1.contains("1 mail to write today"), "{}", lists[1].1);
}

async fn any_contact_begins_the_rhythm_anew(engine: Engine) {
    let shop = office_with(engine, &[("ann", "A pallet"), ("bob", "A pallet"), ("cid", "A pallet")]).await;
    shop.at("2026-11-05T15:00:00+08:00");
    let event = NewEvent {
        buyer_id: 1,
        inquiry_id: None,
        at: shop.clock.now(),
        what: EventKind::Phone,
        detail: "",
        by_whom: Some("Amy"),
    };
    shop.store.record_event(&event, shop.clock.now()).await.expect("recorded");
    let ours = Mail::from(AMY).header("To", "bob@buyer1.example").subject("New chairs").id("n@haiyue.example");
    shop.deliver("sales/.Sent", &ours);
    shop.poll().await;
    let lists = november(&shop, 6..=13).await;
    assert_eq!((days(&lists, "ann"), days(&lists, "bob"), days(&lists, "cid")), (vec![12], vec![12], vec![9]));
}

async fn nobody_is_asked_on_a_holiday_at_night_or_twice(engine: Engine) {
    let mut shop = office_with(engine, &[("ann", "A container")]).await;
    for (when, asked) in [
        ("2026-11-05T08:59:00+08:00", 0),
        ("2026-11-05T09:00:00+08:00", 1),
        ("2026-11-05T09:01:00+08:00", 0),
        ("2026-11-08T09:30:00+08:00", 0),
        // The service was away on Monday morning: the list comes when it is back, but not in the evening of a later day.
        ("2026-11-09T21:30:00+08:00", 0),
        ("2026-11-10T07:00:00+08:00", 0),
        ("2026-11-10T14:00:00+08:00", 1),
    ] {
        shop.at(when);
        assert_eq!(shop.follow_up().await, asked, "{when}");
        shop.restart().await;
        assert_eq!(shop.follow_up().await, 0, "{when}");
    }
    shop.send().await;
    assert_eq!(shop.texts("follow_up", AMY).len(), 2);
    assert!(shop.sent_names().iter().all(|name| !name.contains("buyer0.example")), "none of it goes to the buyer");
}

async fn a_buyer_who_waits_or_negotiates_is_left_alone(engine: Engine) {
    let shop = office_with(engine, &[("ann", "A container"), ("bob", "A container")]).await;
    shop.at("2026-11-04T10:00:00+08:00");
    let again = Mail::answer("sales@haiyue.example", "a0@haiyue.example").header("From", "ann@buyer0.example");
    shop.deliver("sales", &again.id("ann2@buyer.example").text("What about CIF Felixstowe?\r\n"));
    shop.poll().await;
    shop.digest().await;
    shop.send().await;
    let digest = shop
        .database()
        .await
        .texts(&format!("SELECT message_id FROM outbox WHERE recipient = '{AMY}' ORDER BY id DESC"))
        .await;
    let told = Mail::from(AMY).subject("Re: digest").header("In-Reply-To", &format!("<{}>", digest[0]));
    shop.deliver("sales", &told.text("@2 negotiating until 2026-11-20\r\n").id("t@haiyue.example"));
    shop.poll().await;
    assert_eq!(shop.hear_staff().await, 1);
    let lists = november(&shop, 5..=19).await;
    let asks = |text: &str| text.contains("to write today") || text.contains("call today");
    assert!(lists.iter().all(|(_, text)| !asks(text)), "{lists:?}");
    assert_eq!(days(&lists, "past the target"), [5], "what waits stands in the plan until the managers see to it");
    shop.deliver("sales/.Sent", &Mail::answer("ann@buyer0.example", "ann2@buyer.example").id("a3@haiyue.example"));
    shop.poll().await;
    shop.store.grade_by_hand(1, Grade::A, "Amy", shop.clock.now()).await.expect("graded");
    let lists = november(&shop, 20..=23).await;
    assert_eq!((days(&lists, "ann"), days(&lists, "bob")), (vec![23], vec![20, 23]));
}

async fn an_address_that_bounces_is_asked_about_once_and_ends_the_letters(engine: Engine) {
    let shop = office_with(engine, &[("ann", "A pallet"), ("bob", "A pallet")]).await;
    shop.database().await.run("UPDATE buyer SET phone = NULL WHERE id = 1").await;
    for (number, name) in ["ann", "bob"].iter().enumerate() {
        let report = bounce(&format!("a{number}@haiyue.example"), &format!("{name}@buyer{number}.example"), "5.1.1");
        shop.deliver_at("sales", &report, shop.clock.now() + HOUR);
    }
    shop.later(2 * HOUR);
    shop.poll().await;
    let lists = november(&shop, 3..=12).await;
    assert_eq!(days(&lists, "ann"), [3, 10], "asked for another address, and again after a week");
    assert!(
        shop.texts("follow_up", CHEN).iter().any(|text| text.contains("1 address no longer valid")),
        "then the manager knows"
    );
    assert!(lists[0].1.contains("1 address no longer valid"), "{}", lists[0].1);
    assert!(lists[1].1.contains("bob") && lists[1].1.contains("1 call today"), "he has a telephone: {}", lists[1].1);
    let change = inquiryd::store::ledger::CardChange::default();
    let address = ["ann@new.example".to_owned()];
    shop.store.change_card(1, &change, &address, "Amy", shop.clock.now()).await.expect("changed");
    let ann = shop.store.buyer("1").await.expect("an answer").expect("Ann").0;
    assert_eq!(ann.email.as_deref(), Some("ann@new.example"));
    assert_eq!(days(&november(&shop, 13..=13).await, "ann"), [13], "her rhythm goes on");
}

async fn a_report_about_a_mail_that_we_never_sent_ends_no_letters(engine: Engine) {
    let shop = office_with(engine, &[("ann", "A pallet")]).await;
    let report = bounce("made.up@elsewhere.example", "ann@buyer0.example", "5.1.1");
    shop.deliver_at("sales", &report, shop.clock.now() + HOUR);
    shop.later(2 * HOUR);
    shop.poll().await;
    assert_eq!(shop.number("SELECT COUNT(*) FROM buyer WHERE bounced_at IS NOT NULL").await, 0);
    assert_eq!(days(&november(&shop, 3..=9).await, "1 mail to write today"), [9]);
}

async fn whoever_is_merged_and_taken_apart_again_is_looked_at(engine: Engine) {
    let shop = office_with(engine, &[("ann", "A pallet"), ("bob", "A pallet")]).await;
    shop.database().await.run("UPDATE buyer SET follow_up_at = NULL").await;
    let merge = shop.store.merge(1, 2, "the same", "Amy", shop.clock.now()).await.expect("merged");
    shop.store.unmerge(merge, "Amy", shop.clock.now()).await.expect("two again");
    assert_eq!(shop.number("SELECT COUNT(*) FROM buyer WHERE follow_up_at = 0").await, 2);
}

async fn two_daemons_ask_once(engine: Engine) {
    let names: Vec<String> = (0..30).map(|number| format!("buyer{number:02}")).collect();
    let buyers: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "A pallet")).collect();
    let shop = office_with(engine, &buyers).await;
    shop.at("2026-11-09T09:05:00+08:00");
    let (one, other) = (shop.context_of("one"), shop.context_of("other"));
    let (asked, again) = tokio::join!(jobs::follow_ups(&one), jobs::follow_ups(&other));
    assert_eq!(asked.expect("asked") + again.expect("or not"), 20, "a day has room for twenty, whoever asks");
    assert_eq!(shop.number("SELECT COUNT(*) FROM follow_up").await, 20);
    assert_eq!(shop.number("SELECT COUNT(*) FROM outbox WHERE what = 'follow_up'").await, 1);
    let (one, other) = (shop.context_of("one"), shop.context_of("other"));
    let (reminded, again) = tokio::join!(jobs::reminders(&one), jobs::reminders(&other));
    assert_eq!(reminded.expect("reminded") + again.expect("or not"), 0);
}

async fn what_was_not_done_is_told_to_the_manager_next_time(engine: Engine) {
    let shop = office_with(engine, &[("ann", "A pallet")]).await;
    november(&shop, 9..=9).await;
    assert!(shop.texts("follow_up", CHEN).is_empty());
    november(&shop, 10..=16).await;
    let told = shop.texts("follow_up", CHEN);
    assert!(told.len() == 1 && told[0].contains("1 buyer forgotten"), "{told:?}");
    let ours = Mail::from(AMY).header("To", "ann@buyer0.example").subject("New chairs").id("n@haiyue.example");
    shop.deliver("sales/.Sent", &ours);
    shop.poll().await;
    november(&shop, 17..=23).await;
    assert_eq!(shop.texts("follow_up", CHEN).len(), 1, "he heard from us");
}

async fn a_day_has_room_for_so_many_and_the_best_come_first(engine: Engine) {
    let names: Vec<String> = (0..25).map(|number| format!("buyer{number:02}")).collect();
    let buyers: Vec<(&str, &str)> = names
        .iter()
        .enumerate()
        .map(|(n, name)| (name.as_str(), if n == 24 { "A container" } else { "A pallet" }))
        .collect();
    let shop = office_with(engine, &buyers).await;
    let lists = november(&shop, 9..=10).await;
    assert!(lists[0].1.contains("buyer24") && lists[0].1.contains("5 more buyers are due as well"), "{}", lists[0].1);
    let asked = |day: i8| format!("SELECT COUNT(*) FROM follow_up WHERE asked_at / 86400 = 20757 + {day}");
    assert_eq!((shop.number(&asked(9)).await, shop.number(&asked(10)).await), (20, 5));
}

async fn a_sample_that_nobody_sent_is_told_to_the_manager_after_three_working_days(engine: Engine) {
    let shop = Shop::office(engine).await;
    shop.at("2026-11-19T10:00:00+08:00");
    for (number, name) in ["ann", "bob", "cid"].iter().enumerate() {
        let mail = Mail::from(&format!("{name}@buyer{number}.example")).id(&format!("{name}@b.example"));
        shop.deliver(
            "sales",
            &mail.text("Dear team,\r\n\r\nplease send us a free sample of your folding chair.\r\n\r\nRegards\r\n"),
        );
    }
    shop.poll().await;
    shop.digest().await;
    for (number, name) in ["ann", "bob", "cid"].iter().enumerate() {
        let answer = Mail::answer(&format!("{name}@buyer{number}.example"), &format!("{name}@b.example"));
        let text = if *name == "bob" {
            "The sample was sent by DHL, tracking no. 1234567890.\r\n"
        } else {
            "We will see.\r\n"
        };
        shop.deliver("sales/.Sent", &answer.text(text).id(&format!("a{number}@haiyue.example")));
    }
    shop.poll().await;
    let sent = NewEvent {
        buyer_id: 3,
        inquiry_id: None,
        at: shop.clock.now() + HOUR,
        what: EventKind::SampleSent,
        detail: "free",
        by_whom: Some("Amy"),
    };
    shop.store.record_event(&sent, shop.clock.now()).await.expect("recorded");
    for (when, told) in [
        ("2026-11-24T09:59:00+08:00", 0),
        ("2026-11-24T10:00:00+08:00", 1),
        ("2026-11-24T10:01:00+08:00", 0),
        ("2026-12-24T10:01:00+08:00", 0),
    ] {
        shop.at(when);
        assert_eq!(shop.remind().await, told, "{when}");
    }
    shop.send().await;
    let told = shop.texts("reminder", CHEN);
    assert!(told.len() == 1 && told[0].contains("1 sample not sent") && told[0].contains("ann"), "{told:?}");
    assert!(shop.texts("reminder", AMY).is_empty() && shop.texts("reminder", LEO).is_empty());
}

async fn another_rhythm_in_the_configuration_counts_at_once(engine: Engine) {
    let mut shop = office_with(engine, &[("ann", "Hello")]).await;
    assert!(november(&shop, 3..=16).await.is_empty(), "a D hears from us once a month");
    let office = shop.read("inquiryd.toml");
    shop.file("inquiryd.toml", &format!("{office}[follow_up]\neveryone_half_monthly = true\n"));
    assert!(!shop.store.look_at_everything_again("one").await.expect("noted"), "the first time nothing changes");
    assert!(shop.store.look_at_everything_again("other").await.expect("noted"));
    assert!(!shop.store.look_at_everything_again("other").await.expect("noted"));
    assert_eq!(days(&november(&shop, 17..=18).await, "ann"), [17]);
}

async fn the_list_shows_the_card_and_the_last_words(engine: Engine) {
    let shop = office_with(engine, &[("ann", "A container")]).await;
    let lists = november(&shop, 5..=5).await;
    for told in [
        "@1",
        "A container",
        "+44163296",
        "please quote 600 folding chairs",
        "Re: Inquiry for folding chairs",
        "silent for",
    ] {
        assert!(lists[0].1.contains(told), "{told} in {}", lists[0].1);
    }
    let html = String::from_utf8_lossy(&shop.sent_to(AMY).pop().expect("the list")).replace("=\r\n", "");
    assert!(html.contains("mailto:sales@haiyue.example?subject=3D@1%20called%20%5Bk."), "links to answer by");
    shop.later(DAY);
}
