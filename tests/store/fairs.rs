//! Trade fairs: who is invited, reminded and thanked, and what came of it.

use super::database::Engine;
use super::letters::Mail;
use super::shop::{DAY, HOUR, Shop};
use inquiryd::buyer::EventKind;
use inquiryd::jobs::newsletters::fair_guests;
use inquiryd::newsletter::FairResults;
use inquiryd::store::ledger::NewEvent;

on_both_engines![
    a_fair_in_a_few_lines_invites_reminds_and_thanks_on_its_days,
    what_came_of_a_fair_is_counted_by_buyers,
    a_companys_own_text_and_days_replace_the_shipped_ones,
    an_invitation_is_not_sent_when_the_fair_is_over,
];

const FAIR: &str = "[[fair]]\nname = \"canton-2027-spring\"\ntitle = \"141st Canton Fair\"\nplace = \"Guangzhou\"\n\
                    dates = \"2027-04-15..2027-04-19\"\nbooth = \"13.1 B21\"\n";
const ANN: &str = "ann@kestrel.example";
const BOB: &str = "bob@heron.example";

/// A shop that goes to a fair, with two buyers in countries that the fair is for, and one elsewhere.
async fn shop_at_fair(engine: Engine, more: &str) -> Shop {
    let mut shop = Shop::open(engine).await;
    shop.import(format!("email,country,grade\n{ANN},US,A\n{BOB},MX,B\ncy@crane.example,JP,A\n").as_bytes()).await;
    shop.file("inquiryd.d/fair.toml", &format!("{FAIR}countries = [\"US\", \"MX\"]\n{more}"));
    shop
}

/// Plans and sends what is due; returns the recipients, in order of their names.
async fn sent_at(shop: &Shop, instant: &str) -> Vec<String> {
    shop.at(instant);
    let planned = shop.plan_newsletters().await;
    let newest = format!("SELECT recipient FROM outbox WHERE what = 'newsletter' ORDER BY id DESC LIMIT {planned}");
    let mut recipients = shop.database().await.texts(&newest).await;
    for _ in 0..planned {
        assert_eq!(shop.send().await.sent, 1);
        shop.later(60);
    }
    recipients.sort();
    recipients
}

async fn answers(shop: &Shop, from: &str, id: &str, words: &str) {
    shop.deliver_at("sales", &Mail::from(from).id(id).subject("Your invitation").text(words).raw(), shop.clock.now());
    shop.later(HOUR);
    shop.poll().await;
}

async fn records(shop: &Shop, buyer_id: i64, what: EventKind, at: &str) {
    let at = at.parse::<jiff::Timestamp>().expect("an instant").as_second();
    let event = NewEvent { buyer_id, inquiry_id: None, at, what, detail: "", by_whom: Some("Amy") };
    shop.store.record_event(&event, shop.clock.now()).await.expect("recorded");
}

async fn a_fair_in_a_few_lines_invites_reminds_and_thanks_on_its_days(engine: Engine) {
    let shop = shop_at_fair(engine, "").await;
    let zone = &shop.settings.company.time_zone;
    let told: Vec<String> = shop
        .settings
        .campaigns
        .iter()
        .map(|campaign| format!("{} {}", campaign.name, inquiryd::schedule::wall_clock(campaign.date, zone)))
        .collect();
    assert_eq!(
        told,
        [
            "fair-canton-2027-spring-invitation 2027-03-25 09:00",
            "fair-canton-2027-spring-reminder 2027-04-12 09:00",
            "fair-canton-2027-spring-thanks 2027-04-21 09:00",
        ]
    );
    assert!(sent_at(&shop, "2027-03-25T08:59:00+08:00").await.is_empty());
    assert_eq!(sent_at(&shop, "2027-03-25T09:00:00+08:00").await, [ANN, BOB]);
    let invitation = String::from_utf8(shop.sent_to(ANN).remove(0)).expect("ASCII");
    assert!(invitation.contains("Subject: Invitation: 141st Canton Fair, booth 13.1 B21"), "{invitation}");
    shop.at("2027-04-09T10:00:00+08:00");
    answers(&shop, ANN, "1@kestrel.example", "We come on April 16. Please quote 600 folding chairs.\r\n").await;
    // She came after the invitation, and is in a negotiation.
    answers(&shop, "dee@dove.example", "1@dove.example", "Please quote 600 folding chairs FOB Ningbo.\r\n").await;
    shop.database().await.run("UPDATE buyer SET country = 'US' WHERE email = 'dee@dove.example'").await;
    let dee = shop.number("SELECT id FROM buyer WHERE email = 'dee@dove.example'").await;
    assert_eq!(
        sent_at(&shop, "2027-04-12T09:00:00+08:00").await,
        [ANN, BOB],
        "who was invited, as long as he may come"
    );
    assert!(sent_at(&shop, "2027-04-13T09:00:00+08:00").await.is_empty());
    assert_eq!(shop.number("SELECT COUNT(*) FROM notice").await, 0);
    for hour in ["09", "10"] {
        assert!(sent_at(&shop, &format!("2027-04-14T{hour}:00:00+08:00")).await.is_empty());
    }
    assert!(sent_at(&shop, "2027-04-16T09:00:00+08:00").await.is_empty());
    assert_eq!(
        shop.database().await.texts("SELECT text FROM notice").await,
        [
            "141st Canton Fair is about to begin: 1 of the invited buyers have answered, 1 named a day. The list: inquiryd \
          newsletter fair canton-2027-spring."
        ]
    );
    records(&shop, 2, EventKind::Fair, "2027-04-17T10:00:00+08:00").await;
    assert_eq!(sent_at(&shop, "2027-04-21T09:00:00+08:00").await, [ANN, BOB], "one answered, the other was there");
    // What is entered late still counts.
    records(&shop, dee, EventKind::Visit, "2027-04-18T10:00:00+08:00").await;
    assert_eq!(sent_at(&shop, "2027-04-23T09:00:00+08:00").await, ["dee@dove.example"]);
    for day in ["2027-04-24", "2027-05-18", "2027-05-20", "2028-04-12"] {
        assert!(sent_at(&shop, &format!("{day}T09:00:00+08:00")).await.is_empty(), "{day}");
    }
    assert_eq!(shop.number("SELECT COUNT(*) FROM notice WHERE key LIKE 'late/%'").await, 0);
}

async fn what_came_of_a_fair_is_counted_by_buyers(engine: Engine) {
    let shop = shop_at_fair(engine, "").await;
    let results = async || {
        let (context, fair) = (shop.context(), &shop.settings.fairs[0]);
        let zone = &shop.settings.company.time_zone;
        let guests = fair_guests(&context, fair).await.expect("guests");
        let deeds = shop.store.fair_deeds(fair.opens(zone), fair.harvest_until(zone)).await.expect("deeds");
        FairResults::count(&guests, &deeds)
    };
    assert_eq!(results().await, FairResults::default());
    sent_at(&shop, "2027-03-25T09:00:00+08:00").await;
    shop.later(2 * DAY);
    answers(&shop, ANN, "1@kestrel.example", "We come on April 16 at 10:30.\r\n").await;
    answers(&shop, ANN, "2@kestrel.example", "Or rather at 11:00.\r\n").await;
    records(&shop, 1, EventKind::SampleSent, "2027-04-14T10:00:00+08:00").await;
    assert_eq!(results().await, FairResults { invited: 2, answered: 1, ..FairResults::default() });
    for (buyer, what, at) in [
        (1, EventKind::Fair, "2027-04-16T10:30:00+08:00"),
        (1, EventKind::SampleAsked, "2027-04-16T11:00:00+08:00"),
        (1, EventKind::SampleSent, "2027-04-25T11:00:00+08:00"),
        (2, EventKind::TrialOrder, "2027-07-01T11:00:00+08:00"),
        (2, EventKind::RepeatOrder, "2027-09-01T11:00:00+08:00"),
        (1, EventKind::TrialOrder, "2027-12-01T11:00:00+08:00"),
        (3, EventKind::Fair, "2027-04-16T10:30:00+08:00"),
        (3, EventKind::TrialOrder, "2027-05-01T10:30:00+08:00"),
        (2, EventKind::Visit, "2027-06-20T10:30:00+08:00"),
    ] {
        records(&shop, buyer, what, at).await;
    }
    let expected = FairResults { invited: 2, answered: 1, met: 1, met_uninvited: 1, sample: 1, order: 1 };
    assert_eq!(results().await, expected);
    let answers = shop.store.fair_answers("fair-canton-2027-spring-invitation").await.expect("answers");
    let told: Vec<_> = answers.iter().map(|answer| (answer.buyer_id, answer.text.trim())).collect();
    assert_eq!(told, [(1, "We come on April 16 at 10:30."), (1, "Or rather at 11:00.")]);
}

async fn a_companys_own_text_and_days_replace_the_shipped_ones(engine: Engine) {
    let mut shop = shop_at_fair(engine, "reminder = false\nthanks = \"a week after the fair\"\n").await;
    let own = "+++\nfair = \"canton-2027-spring\"\npart = \"invitation\"\ndate = \"4 weeks before the fair\"\n\
               subject = \"See our {{ fair.booth }}\"\n+++\nOur own words.\n";
    shop.file("newsletters/our-invitation.md", own);
    let names: Vec<&str> = shop.settings.campaigns.iter().map(|campaign| campaign.name.as_str()).collect();
    assert_eq!(names, ["fair-canton-2027-spring-invitation", "fair-canton-2027-spring-thanks"]);
    assert_eq!(sent_at(&shop, "2027-03-18T09:00:00+08:00").await, [ANN, BOB]);
    let sent = String::from_utf8(shop.sent_to(BOB).remove(0)).expect("ASCII");
    assert!(sent.contains("Subject: See our 13.1 B21") && sent.contains("Our own words."), "{sent}");
    assert!(sent_at(&shop, "2027-04-12T09:00:00+08:00").await.is_empty());
    records(&shop, 2, EventKind::Fair, "2027-04-17T10:00:00+08:00").await;
    assert!(sent_at(&shop, "2027-04-26T08:59:00+08:00").await.is_empty());
    assert_eq!(sent_at(&shop, "2027-04-26T09:00:00+08:00").await, [BOB]);
}

async fn an_invitation_is_not_sent_when_the_fair_is_over(engine: Engine) {
    let shop = shop_at_fair(engine, "").await;
    assert!(sent_at(&shop, "2027-04-19T00:00:00+08:00").await.is_empty());
    assert!(sent_at(&shop, "2027-06-01T00:00:00+08:00").await.is_empty());
    assert_eq!(shop.number("SELECT COUNT(*) FROM notice").await, 0);
}
