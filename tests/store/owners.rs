//! Who looks after whom: known buyers stay with their owner, others go by rule, and a leaver's buyers have an heir.

use super::database::Engine;
use super::letters::Mail;
use super::shop::{AMY, CHEN, HOUR, LEO, MIA, Shop};
use inquiryd::jobs;

on_both_engines![
    new_buyers_go_by_language_or_in_turn_and_stay,
    each_salesperson_is_told_of_his_own_and_the_manager_of_all,
    the_owner_is_reminded_and_past_the_limit_the_manager,
    whoever_is_away_is_not_reminded,
    a_leavers_buyers_get_an_heir_and_he_one_mail,
];

async fn owners(shop: &Shop) -> Vec<String> {
    shop.database().await.texts("SELECT COALESCE(owner, 'nobody') FROM buyer ORDER BY id").await
}

fn spanish(from: &str) -> Mail {
    let text = "Estimados señores:\r\n\r\nNecesitamos 600 sillas plegables para nuestra tienda, por favor envíen su mejor \
                precio FOB Ningbo y el plazo de entrega.\r\n\r\nSaludos cordiales\r\n";
    Mail::from(from).subject("Consulta de sillas").text(text)
}

async fn new_buyers_go_by_language_or_in_turn_and_stay(engine: Engine) {
    let shop = Shop::office(engine).await;
    shop.at("2026-11-23T10:00:00+08:00");
    shop.deliver("sales", &spanish("Ana <ana@grulla.example>").id("1@grulla.example"));
    for number in 2..6 {
        shop.deliver(
            "sales",
            &Mail::from(&format!("b{number}@heron{number}.example")).id(&format!("{number}@h.example")),
        );
    }
    shop.poll().await;
    let given = owners(&shop).await;
    assert_eq!(given[0], AMY, "she speaks Spanish");
    assert_eq!(given.iter().filter(|owner| *owner == LEO).count(), 2, "{given:?}");
    assert_eq!(given.iter().filter(|owner| *owner == MIA).count(), 2, "{given:?}");
    shop.digest().await;
    // Whoever wrote before stays with whom he has, whatever his language.
    shop.deliver("sales", &spanish("b2@heron2.example").id("again@h.example"));
    shop.poll().await;
    assert_eq!(owners(&shop).await, given);
    // In December Mia is away, and nobody is given to her.
    shop.at("2026-12-02T10:00:00+08:00");
    for number in 6..9 {
        shop.deliver(
            "sales",
            &Mail::from(&format!("b{number}@heron{number}.example")).id(&format!("{number}@h.example")),
        );
    }
    shop.poll().await;
    assert_eq!(owners(&shop).await[5..], [LEO, LEO, LEO]);
}

async fn each_salesperson_is_told_of_his_own_and_the_manager_of_all(engine: Engine) {
    let shop = Shop::office(engine).await;
    shop.at("2026-11-23T10:00:00+08:00");
    shop.deliver("sales", &spanish("Ana <ana@grulla.example>").id("1@grulla.example"));
    shop.deliver("sales", &Mail::from("Bob <bob@heron.example>").id("2@heron.example"));
    shop.poll().await;
    shop.digest().await;
    shop.send().await;
    let tells = |person: &str, subject: &str| shop.texts("digest", person).iter().any(|text| text.contains(subject));
    assert!(tells(AMY, "Consulta de sillas") && !tells(AMY, "folding chairs"));
    assert!(tells(LEO, "folding chairs") && !tells(LEO, "Consulta de sillas"));
    assert!(tells(CHEN, "folding chairs") && tells(CHEN, "Consulta de sillas"));
    assert!(shop.texts("digest", MIA).is_empty(), "nothing for her, no mail");
    assert!(shop.texts("digest", "wu@haiyue.example").is_empty(), "the general manager gets the month's report");
}

async fn the_owner_is_reminded_and_past_the_limit_the_manager(engine: Engine) {
    let shop = Shop::office(engine).await;
    shop.at("2026-11-20T16:30:00+08:00");
    shop.deliver("sales", &Mail::from("Bob <bob@heron.example>").id("2@heron.example"));
    shop.poll().await;
    shop.digest().await;
    let reminders = |person: &str| shop.texts("reminder", person).len();
    let mut told = Vec::new();
    for (when, expected) in [
        ("2026-11-20T17:59:00+08:00", (0, 0)),
        ("2026-11-21T10:00:00+08:00", (0, 0)),
        ("2026-11-22T10:00:00+08:00", (0, 0)),
        ("2026-11-23T08:31:00+08:00", (1, 0)),
        ("2026-11-23T09:00:00+08:00", (2, 0)),
        ("2026-11-23T16:29:00+08:00", (2, 0)),
        ("2026-11-23T16:30:00+08:00", (2, 1)),
        ("2026-11-27T16:30:00+08:00", (2, 1)),
    ] {
        shop.at(when);
        shop.remind().await;
        shop.remind().await;
        shop.send().await;
        told.push((when, (reminders(LEO), reminders(CHEN)), expected));
    }
    for (when, got, expected) in told {
        assert_eq!(got, expected, "{when}");
    }
    assert!(shop.texts("reminder", LEO)[0].contains("1 soon due"));
    assert!(shop.texts("reminder", LEO)[1].contains("1 past the target"));
    assert!(
        shop.texts("reminder", CHEN)[0].contains("1 overdue") && shop.texts("reminder", CHEN)[0].contains("Leo Wang")
    );
    assert_eq!(reminders(AMY) + reminders(MIA), 0);
}

async fn whoever_is_away_is_not_reminded(engine: Engine) {
    let shop = Shop::office(engine).await;
    shop.at("2026-11-30T17:00:00+08:00");
    shop.deliver("sales", &Mail::from("Bob <bob@heron.example>").id("1@heron.example"));
    shop.poll().await;
    shop.database().await.run("UPDATE buyer SET owner = 'Mia Shen'").await;
    shop.digest().await;
    shop.at("2026-12-01T11:00:00+08:00");
    shop.remind().await;
    shop.send().await;
    assert!(shop.texts("reminder", MIA).is_empty());
    assert_eq!(shop.texts("reminder", LEO).len(), 1, "whoever would have been given such a buyer stands in");
}

async fn a_leavers_buyers_get_an_heir_and_he_one_mail(engine: Engine) {
    let shop = Shop::office(engine).await;
    shop.at("2026-11-23T10:00:00+08:00");
    for number in 1..8 {
        shop.deliver(
            "sales",
            &Mail::from(&format!("b{number}@heron{number}.example")).id(&format!("{number}@h.example")),
        );
    }
    shop.poll().await;
    shop.digest().await;
    shop.deliver("sales/.Sent", &Mail::answer("b1@heron1.example", "1@h.example").id("a@haiyue.example"));
    shop.later(HOUR);
    shop.poll().await;
    let database = "UPDATE buyer SET owner = 'Old Zhang' WHERE id <= 3";
    shop.database().await.run(database).await;
    let amy = shop.settings.staff.named("Amy Xu").expect("Amy");
    let unknown = jobs::hand_over(&shop.context(), "Nobody", amy, "Chen").await;
    assert!(unknown.expect_err("nobody").to_string().contains("nobody called Nobody looks after a buyer"));
    assert_eq!(jobs::hand_over(&shop.context(), "old zhang", amy, "Chen").await.expect("handed over"), 3);
    assert_eq!(owners(&shop).await[..3], [AMY, AMY, AMY]);
    shop.send().await;
    let mails = shop.texts("hand_over", AMY);
    assert_eq!(mails.len(), 1);
    for told in ["handed over: 2 inquiries wait", "handed over: 3 buyers", "@1", "@3", "#2"] {
        assert!(mails[0].contains(told), "{told} in {}", mails[0]);
    }
    assert!(jobs::hand_over(&shop.context(), "Old Zhang", amy, "Chen").await.is_err(), "nothing is left to hand over");
    let event = shop.store.events(1).await.expect("a ledger").pop().expect("an entry");
    assert_eq!((event.what.as_str(), event.by_whom.as_deref()), ("card", Some("Chen")));
}
