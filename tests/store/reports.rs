//! Every number of a report, against a November that was counted by hand.

use super::database::Engine;
use super::shop::{AMY, DAY, LEO, Shop};
use inquiryd::buyer::Stage;
use inquiryd::clock::UnixTime;
use inquiryd::grade::{Grade, Grounds};
use inquiryd::jobs::{self, reports};
use inquiryd::report::{Goal, Numbers, Period, ReportName, SampleState, Share, Stretch};
use inquiryd::store::reports::Scope;

on_both_engines![
    november_is_counted_as_by_hand,
    a_salesperson_s_report_is_about_his_own_buyers,
    the_year_s_milestones_count_buyers_not_entries,
    lists_name_who_is_quiet_dormant_and_late,
    each_line_says_why_it_is_graded_so,
    a_report_comes_once_however_often_and_late_it_is_asked_for,
    before_the_first_start_there_was_nothing_to_report,
    a_quiet_day_has_a_sign_of_life_unless_nobody_wants_it,
    a_report_goes_to_whom_the_configuration_names_in_his_language,
];

fn at(text: &str) -> UnixTime {
    format!("{text}:00+08:00").parse::<jiff::Timestamp>().expect("an instant").as_second()
}

/// id, company, country, grade, stage, owner, source, first and last contact.
type BuyerRow = (
    i64,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
);

const BUYERS: [BuyerRow; 6] = [
    (1, "Kestrel GmbH", "DE", "A", "trial_order", AMY, "mail", "2026-02-01T09:00", "2026-11-20T09:00"),
    (2, "Lakeside Inc", "US", "B", "sample_sent", LEO, "alibaba", "2026-10-05T09:00", "2026-11-16T09:00"),
    (3, "Fjord AS", "NO", "C", "potential", AMY, "fair", "2026-11-10T10:00", "2026-11-12T10:00"),
    (4, "Old Oak Ltd", "GB", "A", "repeat_order", LEO, "fair", "2025-03-01T09:00", "2026-06-01T09:00"),
    (5, "Quiet BV", "NL", "B", "sample_sent", AMY, "mail", "2026-10-20T10:00", "2026-10-22T10:00"),
    (6, "Kestrel", "DE", "A", "potential", AMY, "mail", "2026-11-01T09:00", "2026-11-20T09:00"),
];

/// Of every inquiry.
const REASONS: &str = r#"[{"rule": "price", "points": 20, "matched": "", "why": "names a target price"},
    {"rule": "order", "points": 0, "matched": "", "why": "says nothing"},
    {"rule": "free_mail", "points": -30, "matched": "", "why": "writes from a free mailbox"}]"#;

struct Inquiry {
    id: i64,
    buyer: i64,
    at: &'static str,
    kind: &'static str,
    grade: &'static str,
    relay: Option<&'static str>,
    product: Option<&'static str>,
    target: Option<&'static str>,
    answered: Option<(&'static str, i64)>,
    excuse: Option<&'static str>,
    known: bool,
    history: bool,
}

const PLAIN: Inquiry = Inquiry {
    id: 0,
    buyer: 1,
    at: "",
    kind: "inquiry",
    grade: "B",
    relay: None,
    product: None,
    target: None,
    answered: None,
    excuse: None,
    known: true,
    history: false,
};

const HOUR: i64 = 3600;

/// Working hours are 08:30 to 18:00.
const INQUIRIES: [Inquiry; 9] = [
    Inquiry {
        id: 1,
        at: "2026-11-02T10:00",
        grade: "A",
        product: Some("chair"),
        target: Some("USD 12.50"),
        answered: Some(("2026-11-02T11:00", HOUR)),
        ..PLAIN
    },
    Inquiry {
        id: 2,
        buyer: 2,
        at: "2026-11-03T09:00",
        relay: Some("alibaba"),
        product: Some("chair"),
        target: Some("US$ 11"),
        answered: Some(("2026-11-05T10:00", 20 * HOUR)),
        ..PLAIN
    },
    Inquiry {
        id: 3,
        buyer: 3,
        at: "2026-11-10T10:00",
        grade: "C",
        relay: Some("web_form"),
        product: Some("table"),
        known: false,
        ..PLAIN
    },
    Inquiry {
        id: 4,
        at: "2026-11-12T10:00",
        kind: "reply",
        grade: "A",
        product: Some("chair"),
        answered: Some(("2026-11-12T12:30", 5 * HOUR / 2)),
        ..PLAIN
    },
    Inquiry { id: 5, buyer: 2, at: "2026-11-16T09:00", grade: "D", excuse: Some("a competitor"), ..PLAIN },
    Inquiry { id: 6, buyer: 3, at: "2026-11-12T10:00", excuse: Some("history"), history: true, ..PLAIN },
    Inquiry {
        id: 7,
        buyer: 2,
        at: "2026-10-05T09:00",
        relay: Some("alibaba"),
        product: Some("chair"),
        answered: Some(("2026-10-05T10:00", HOUR)),
        known: false,
        ..PLAIN
    },
    Inquiry {
        id: 8,
        buyer: 5,
        at: "2026-10-20T10:00",
        product: Some("table"),
        answered: Some(("2026-10-20T11:00", HOUR)),
        known: false,
        ..PLAIN
    },
    Inquiry { id: 9, at: "2026-10-21T10:00", grade: "A", product: Some("table"), ..PLAIN },
];

/// buyer, inquiry, when, what, detail, by whom.
type EventRow = (i64, Option<i64>, &'static str, &'static str, &'static str, &'static str);

const EVENTS: [EventRow; 11] = [
    (1, Some(1), "2026-11-02T11:00", "quote", "USD 13.20 FOB Ningbo", AMY),
    (2, None, "2026-11-06T11:00", "sample_sent", "free, DHL 123", LEO),
    (1, None, "2026-11-09T11:00", "factory_visit", "", AMY),
    (3, None, "2026-11-11T11:00", "phone", "wants CIF", AMY),
    (1, None, "2026-11-20T09:00", "trial_order", "200 pcs", AMY),
    (1, None, "2026-11-20T09:00", "note", "likes red", AMY),
    (5, None, "2026-10-22T10:00", "sample_sent", "free", AMY),
    (4, None, "2026-04-01T10:00", "trial_order", "", LEO),
    (4, None, "2026-05-01T10:00", "repeat_order", "", LEO),
    (4, None, "2026-05-20T10:00", "repeat_order", "", LEO),
    (1, None, "2026-11-21T09:00", "grade", "A (rules: B)", AMY),
];

fn text(value: Option<&str>) -> String {
    value.map_or_else(|| "NULL".to_owned(), |value| format!("'{value}'"))
}

fn instant(value: Option<&str>) -> String {
    value.map_or_else(|| "NULL".to_owned(), |value| at(value).to_string())
}

/// The office at the end of November.
async fn office(engine: Engine) -> Shop {
    let shop = Shop::office(engine).await;
    shop.at("2026-11-30T18:00:00+08:00");
    let mut database = shop.database().await;
    for (id, company, country, grade, stage, owner, source, first, last) in BUYERS {
        let merged = if id == 6 { "1" } else { "NULL" };
        database
            .run(&format!(
                "INSERT INTO buyer (id, name, company, country, grade, stage, owner, source, inquiries, first_contact, \
                 last_contact, merged_into) VALUES ({id}, 'Ann', '{company}', '{country}', '{grade}', '{stage}', '{owner}', \
                 '{source}', 1, {}, {}, {merged})",
                at(first),
                at(last)
            ))
            .await;
    }
    for inquiry in &INQUIRIES {
        for sql in rows(inquiry) {
            database.run(&sql).await;
        }
    }
    for (buyer, inquiry, when, what, detail, by) in EVENTS {
        let inquiry = inquiry.map_or_else(|| "NULL".to_owned(), |id| id.to_string());
        database
            .run(&format!(
                "INSERT INTO buyer_event (buyer_id, inquiry_id, at, recorded_at, what, detail, by_whom) \
                 VALUES ({buyer}, {inquiry}, {0}, {0}, '{what}', '{detail}', '{by}')",
                at(when)
            ))
            .await;
    }
    // Amy writes from her own address, Leo from the shared mailbox; an automatic mail is nobody's.
    for (id, buyer, from, automatic) in
        [(101, 1, AMY, "FALSE"), (102, 2, "sales@haiyue.example", "FALSE"), (103, 2, "sales@haiyue.example", "TRUE")]
    {
        database.run(&mail(id, buyer, "2026-11-05T10:00", "out", "internal", from, automatic, "FALSE")).await;
    }
    shop
}

#[allow(clippy::too_many_arguments, reason = "a row")]
fn mail(id: i64, buyer: i64, when: &str, way: &str, kind: &str, from: &str, automatic: &str, history: &str) -> String {
    format!(
        "INSERT INTO mail (id, account, identity, folder, position, direction, from_email, subject, size, received_at, \
         recorded_at, kind, kind_reason, automatic, history, buyer_id, digest_id) VALUES ({id}, 'sales', 'm{id}', 'INBOX', \
         '{id}', '{way}', '{from}', 'Subject {id}', 1, {0}, {0}, '{kind}', '', {automatic}, {history}, {buyer}, 1)",
        at(when)
    )
}

fn rows(inquiry: &Inquiry) -> [String; 2] {
    let Inquiry { id, buyer, grade, known, .. } = inquiry;
    let history = if inquiry.history { "TRUE" } else { "FALSE" };
    let products = inquiry.product.map_or_else(String::new, |product| format!("\"{product}\""));
    let target = inquiry.target.map_or_else(|| "null".to_owned(), |price| format!("\"{price}\""));
    let facts = format!("{{\"products\": [{products}], \"target_price\": {target}}}");
    let (answered, worked) = inquiry.answered.unzip();
    let row = format!(
        "INSERT INTO inquiry (id, mail_id, buyer_id, known, relay, text, facts, grade, score, reasons, risks, attachments, \
         told_at, answered_at, worked, excuse, settled_by) VALUES ({id}, {id}, {buyer}, {known}, {}, '', '{facts}', '{grade}', 0, '{REASONS}', \
         '[]', '[]', 1, {}, {}, {}, NULL)",
        text(inquiry.relay),
        instant(answered),
        worked.map_or_else(|| "NULL".to_owned(), |worked| worked.to_string()),
        text(inquiry.excuse)
    );
    [mail(*id, *buyer, inquiry.at, "in", inquiry.kind, "x@y.example", "FALSE", history), row]
}

async fn november(shop: &Shop, scope: &Scope) -> Numbers {
    let period = Period::of(Stretch::Month, jiff::civil::date(2026, 11, 15));
    reports::numbers(&shop.context(), ReportName::Monthly, period, scope).await.expect("numbers")
}

fn of(shares: &[Share]) -> Vec<(&str, u64, u64)> {
    shares.iter().map(|share| (share.name.as_str(), share.inquiries, share.before)).collect()
}

async fn november_is_counted_as_by_hand(engine: Engine) {
    let shop = office(engine).await;
    let numbers = november(&shop, &Scope::Everybody).await;
    let responses = &numbers.responses;
    let counts = (responses.received, responses.answered, responses.waiting, responses.excused);
    assert_eq!(counts, (5, 3, 1, 1), "history is nobody's work");
    assert_eq!((responses.reply_rate, responses.within_2h, responses.within_24h), (Some(0.75), Some(0.25), Some(0.5)));
    assert_eq!((responses.median_worked, responses.ninetieth_worked), (Some(9_000), Some(20 * HOUR)));
    assert_eq!(responses.median_elapsed, Some(9_000));
    let before = &numbers.responses_before;
    assert_eq!((before.received, before.answered, before.waiting), (3, 2, 1));
    assert_eq!((numbers.inquiries, numbers.inquiries_before, numbers.new_buyers), (4, 3, 1));
    assert_eq!(of(&numbers.grades), [("B", 1, 2), ("A", 1, 1), ("C", 1, 0), ("D", 1, 0)]);
    assert_eq!(of(&numbers.sources), [("alibaba", 2, 1), ("mail", 1, 2), ("web_form", 1, 0)]);
    assert_eq!(of(&numbers.countries), [("US", 2, 1), ("DE", 1, 1), ("NO", 1, 0), ("NL", 0, 1)]);
    assert_eq!(of(&numbers.products), [("chair", 2, 1), ("table", 1, 2)]);
    let pairings: Vec<_> = numbers
        .pairings
        .iter()
        .map(|pairing| (pairing.product.as_str(), pairing.country.as_str(), pairing.inquiries, pairing.before))
        .collect();
    let expected = [
        ("chair", "US", 1, 1),
        ("chair", "DE", 1, 0),
        ("table", "NO", 1, 0),
        ("table", "DE", 0, 1),
        ("table", "NL", 0, 1),
    ];
    assert_eq!(pairings, expected);
    let prices: Vec<_> = numbers
        .prices
        .iter()
        .map(|line| {
            (line.product.as_str(), line.country.as_str(), line.currency, line.target.median, line.quoted.median)
        })
        .collect();
    assert_eq!(prices, [("chair", "DE", "USD", Some(12.5), Some(13.2)), ("chair", "US", "USD", Some(11.0), None)]);
    let deeds = numbers.deeds;
    assert_eq!((deeds.contacts, deeds.quotes, deeds.samples, deeds.factory_visits, deeds.orders()), (1, 1, 1, 1, 1));
    assert_eq!((numbers.deeds_before.samples, numbers.deeds_before.orders()), (1, 0));
    let people: Vec<_> = numbers
        .people
        .iter()
        .map(|one| (one.person.as_str(), one.responses.received, one.responses.answered, one.mails, one.deeds.orders()))
        .collect();
    assert_eq!(people, [(AMY, 3, 2, 1, 1), (LEO, 2, 1, 1, 0)], "mail from the shared mailbox is the owner's");
}

async fn a_salesperson_s_report_is_about_his_own_buyers(engine: Engine) {
    let shop = office(engine).await;
    let leo = shop.settings.staff.at(LEO).expect("Leo");
    let scope = reports::scope_of(&shop.context(), leo).await.expect("a scope");
    let numbers = november(&shop, &scope).await;
    assert_eq!((numbers.responses.received, numbers.responses.answered), (2, 1));
    assert_eq!(of(&numbers.countries), [("US", 2, 1)]);
    assert_eq!(numbers.lists.a_buyers.iter().map(|buyer| buyer.id).collect::<Vec<_>>(), [4]);
    assert_eq!(numbers.standing.completeness.buyers, 2);
    let nobody = november(&shop, &Scope::Owners(Vec::new())).await;
    assert_eq!((nobody.responses.received, nobody.standing.completeness.buyers), (0, 0), "and not about all");
}

async fn the_year_s_milestones_count_buyers_not_entries(engine: Engine) {
    let mut shop = office(engine).await;
    shop.settings.reports.plan.start = Some(jiff::civil::date(2026, 1, 1));
    let numbers = november(&shop, &Scope::Everybody).await;
    let reached = |goal| numbers.standing.milestones.iter().find(|one| one.goal == goal).map(|one| one.reached);
    for (goal, expected) in [
        (Goal::Potentials, 4),
        (Goal::ABuyers, 2),
        (Goal::Samples, 2),
        (Goal::FactoryVisits, 1),
        (Goal::SampleOrders, 0),
        (Goal::TrialOrders, 2),
        (Goal::RepeatOrders, 1),
        (Goal::BigPotentials, 0),
    ] {
        assert_eq!(reached(goal), Some(expected), "{goal:?}");
    }
    shop.settings.reports.plan.start = Some(jiff::civil::date(2024, 1, 1));
    let numbers = november(&shop, &Scope::Everybody).await;
    let reached = |goal| numbers.standing.milestones.iter().find(|one| one.goal == goal).map(|one| one.reached);
    assert_eq!((reached(Goal::SteadyCustomers), reached(Goal::Channels)), (Some(1), Some(2)), "the third year");
    assert_eq!(reached(Goal::LargestChannel), Some(75), "three of four orders came from fairs");
    assert_eq!(numbers.standing.channels, [("fair".to_owned(), 3), ("mail".to_owned(), 1)]);
    let steps: Vec<_> = numbers.standing.funnel.iter().map(|step| (step.stage, step.reached)).collect();
    assert_eq!((steps[0], steps[3]), ((Stage::Potential, 5), (Stage::SampleSent, 4)));
    assert_eq!((steps[6], steps[7]), ((Stage::TrialOrder, 2), (Stage::RepeatOrder, 1)));
}

async fn lists_name_who_is_quiet_dormant_and_late(engine: Engine) {
    let shop = office(engine).await;
    let lists = november(&shop, &Scope::Everybody).await.lists;
    let ids = |lines: &[inquiryd::report::BuyerLine]| lines.iter().map(|line| line.id).collect::<Vec<_>>();
    assert_eq!(ids(&lists.a_buyers), [1, 4], "whoever was merged is one");
    assert_eq!(ids(&lists.quiet), [5]);
    assert_eq!(ids(&lists.dormant), [4]);
    assert_eq!((lists.a_buyers[0].waiting, lists.a_buyers[0].subject.as_str()), (1, "Subject 9"));
    let late: Vec<_> = lists.late.iter().map(|line| (line.id, line.answered_at.is_some())).collect();
    assert_eq!(late, [(3, false), (2, true)], "whoever waits longest comes first");
    let record: Vec<_> = lists.record.iter().map(|line| line.id).collect();
    assert_eq!(record, [1, 2, 3, 4, 5]);
    let samples: Vec<_> = lists.samples.iter().map(|line| (line.buyer_id, line.state)).collect();
    assert_eq!(samples, [(5, SampleState::Out), (2, SampleState::Out)]);
}

async fn each_line_says_why_it_is_graded_so(engine: Engine) {
    let shop = office(engine).await;
    let by_rules = Grounds::Rules(vec!["writes from a free mailbox".to_owned(), "names a target price".to_owned()]);
    let lists = november(&shop, &Scope::Everybody).await.lists;
    assert_eq!((&lists.late[0].why, &lists.record[0].why), (&by_rules, &by_rules), "the weightiest first");
    assert_eq!((&lists.quiet[0].why, lists.quiet[0].grade), (&by_rules, Some(Grade::B)));
    let mut database = shop.database().await;
    database.run("UPDATE inquiry SET hand_grade = 'A' WHERE id = 9").await;
    database.run("UPDATE inquiry SET grade = 'D' WHERE buyer_id = 5").await;
    let lists = november(&shop, &Scope::Everybody).await.lists;
    assert_eq!(lists.a_buyers[0].why, Grounds::ByHand);
    assert_eq!(lists.quiet[0].why, Grounds::Unknown, "what made his inquiry a D did not make him a B");
}

/// The subjects of the reports to `recipient`, oldest first.
async fn subjects(shop: &Shop, recipient: &str) -> Vec<String> {
    let sql = format!("SELECT subject FROM outbox WHERE what = 'report' AND recipient = '{recipient}' ORDER BY id");
    shop.database().await.texts(&sql).await
}

const CHEN: &str = "chen@haiyue.example";
const WU: &str = "wu@haiyue.example";

async fn a_report_comes_once_however_often_and_late_it_is_asked_for(engine: Engine) {
    let shop = office(engine).await;
    jobs::reports(&shop.context()).await.expect("the first look");
    shop.at("2026-12-01T08:00:30+08:00");
    assert_eq!(
        jobs::reports(&shop.context()).await.expect("reports"),
        2,
        "the monthly one, to manager and general manager"
    );
    shop.at("2026-12-01T08:05:00+08:00");
    assert_eq!(jobs::reports(&shop.context()).await.expect("reports"), 0);
    let monthly = subjects(&shop, CHEN).await;
    assert_eq!(monthly.len(), 1);
    assert!(monthly[0].contains("November 2026"), "{monthly:?}");
    // Nobody was there for three weeks: each report that is due comes once, not once a day.
    shop.at("2026-12-22T09:00:00+08:00");
    jobs::reports(&shop.context()).await.expect("reports");
    jobs::reports(&shop.context()).await.expect("reports");
    let all = subjects(&shop, CHEN).await;
    assert_eq!(all.len(), 3, "a weekly and a daily one: {all:?}");
    assert_eq!(subjects(&shop, WU).await.len(), 1);
}

async fn before_the_first_start_there_was_nothing_to_report(engine: Engine) {
    let shop = office(engine).await;
    assert_eq!(jobs::reports(&shop.context()).await.expect("reports"), 0);
    assert_eq!(shop.number("SELECT COUNT(*) FROM outbox").await, 0);
    // The clock of the first start was a year ahead.
    shop.later(-365 * DAY);
    assert!(jobs::reports(&shop.context()).await.is_ok());
}

async fn a_quiet_day_has_a_sign_of_life_unless_nobody_wants_it(engine: Engine) {
    let mut shop = Shop::office(engine).await;
    shop.at("2026-11-23T18:00:00+08:00");
    jobs::reports(&shop.context()).await.expect("the first look");
    shop.at("2026-11-24T18:00:00+08:00");
    assert_eq!(jobs::reports(&shop.context()).await.expect("reports"), 1);
    let subject = &subjects(&shop, CHEN).await[0];
    assert!(subject.contains("Nothing new, all is well") && subject.chars().count() <= 50, "{subject}");
    shop.settings.reports.heartbeat = false;
    shop.at("2026-11-25T18:00:00+08:00");
    assert_eq!(jobs::reports(&shop.context()).await.expect("reports"), 0);
    // Saturday.
    shop.settings.reports.heartbeat = true;
    shop.at("2026-11-28T18:00:00+08:00");
    assert_eq!(jobs::reports(&shop.context()).await.expect("reports"), 0, "nobody asks what was done on a Saturday");
}

async fn a_report_goes_to_whom_the_configuration_names_in_his_language(engine: Engine) {
    let mut shop = office(engine).await;
    let config = shop.read("inquiryd.toml");
    let config = config.replace("role = \"general_manager\"", "role = \"general_manager\"\nreads = \"zh-CN\"")
        + "[report.monthly]\nto = [\"general_manager\", \"leo@haiyue.example\"]\nday = 2\nat = \"07:00\"\n\
           [report.daily]\nenabled = false\n[report.weekly]\nenabled = false\n";
    shop.file("inquiryd.toml", &config);
    jobs::reports(&shop.context()).await.expect("the first look");
    shop.at("2026-12-02T07:00:00+08:00");
    assert_eq!(jobs::reports(&shop.context()).await.expect("reports"), 2);
    let (wu, leo) = (subjects(&shop, WU).await, subjects(&shop, LEO).await);
    assert!(wu[0].contains("2026年11月") && wu[0].contains("4 个询盘"), "{wu:?}");
    assert!(leo[0].contains("November 2026") && leo[0].contains("2 inquiries"), "his own buyers': {leo:?}");
    assert!(subjects(&shop, CHEN).await.is_empty());
}
