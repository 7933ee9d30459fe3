//! Inquiries on record are graded again: as they were when they came, by these rules or by others.

use super::database::Engine;
use super::letters::Mail;
use super::shop::{NOW, Shop};
use inquiryd::backtest::{Regrading, Tally};
use inquiryd::grade::Grade;
use inquiryd::grading::RuleBook;
use inquiryd::language::Language;
use inquiryd::store::backtest::{Span, unpack};

on_both_engines![
    the_rules_that_graded_them_would_change_nothing,
    other_rules_tell_what_they_would_change_and_write_it_only_if_they_may,
    inquiries_recorded_before_the_writer_was_kept_are_graded_by_what_there_is,
];

/// History, facts, relay, sender and time: everything that rules may ask for.
const SUBTLE: &str = r#"
[[rule]]
id = "known"
why = "known"
points = 30
buyer = "known"
[[rule]]
id = "often"
why = "often"
points = 25
inquiries_at_least = 2
[[rule]]
id = "gmail"
why = "gmail"
points = 20
sender = ["@gmail.com"]
[[rule]]
id = "quantity"
why = "quantity"
points = 15
facts = ["quantity"]
[[rule]]
id = "midday"
why = "midday"
points = 5
hours = "12:00-13:00"
"#;

fn regrading(shop: &Shop, rules: RuleBook) -> Regrading {
    Regrading { rules, zone: shop.settings.company.time_zone.clone(), language: Language::English }
}

async fn tally(shop: &Shop, rules: RuleBook) -> Tally {
    let regrading = regrading(shop, rules);
    let (mut whole, mut after) = (regrading.tally(&[], 100), 0);
    // Parts of two, so that there are several.
    while let Some((last, packed)) = shop.store.recorded(Span::default(), after, 2).await.expect("a part") {
        whole.merge(regrading.tally(&unpack(&packed).expect("inquiries"), 100));
        after = last;
    }
    whole
}

async fn shop_with_five_inquiries(engine: Engine) -> Shop {
    let mut shop = Shop::open(engine).await;
    shop.file("grading.toml", SUBTLE);
    for (number, from) in ["ann@kestrel.example", "bob@gmail.com", "ann@kestrel.example"].iter().enumerate() {
        shop.deliver("sales", &Mail::from(from).id(&format!("{number}@mail")).subject("A \"quoted\" 询价 'subject'"));
        shop.poll().await;
    }
    shop.later(3600);
    shop.deliver("sales", &Mail::from("ann@kestrel.example").id("3@mail").subject("A carton"));
    shop.deliver("sales", &Mail::from("cid@heron.example").id("4@mail").subject("A container").text("How much?\r\n"));
    shop.poll().await;
    shop
}

async fn the_rules_that_graded_them_would_change_nothing(engine: Engine) {
    let shop = shop_with_five_inquiries(engine).await;
    let found = tally(&shop, shop.settings.rules.clone()).await;
    assert_eq!((found.inquiries, found.changed), (5, 0), "{:?}", found.changes);
    let fired: Vec<usize> = found.rules.iter().map(|rule| rule.fired).collect();
    assert_eq!(fired, [2, 1, 1, 4, 3], "known, often, gmail, quantity, midday");
}

async fn other_rules_tell_what_they_would_change_and_write_it_only_if_they_may(engine: Engine) {
    let shop = shop_with_five_inquiries(engine).await;
    shop.store.grade_by_hand(5, Grade::B, "Amy", NOW).await.expect("graded");
    let other = RuleBook::parse(
        "[[rule]]\nid = \"container\"\nwhy = \"a container\"\npoints = 100\nsubject = [\"container\"]\n",
        "new.toml",
    );
    let other = other.expect("good rules");
    let found = tally(&shop, other.clone()).await;
    assert!(found.changed >= 2);
    let cid = found.changes.iter().find(|change| change.inquiry == 5).expect("a change");
    assert_eq!((cid.before, cid.after, cid.by_hand), (Grade::D, Grade::A, Some(Grade::B)));
    assert_eq!((found.after.graded(), found.after.agreed()), (1, 0));
    assert_eq!(tally(&shop, shop.settings.rules.clone()).await.changed, 0, "nothing was written");

    let regrading = regrading(&shop, other.clone());
    let (_, packed) = shop.store.recorded(Span::default(), 0, 100).await.expect("a part").expect("inquiries");
    let inquiries = unpack(&packed).expect("inquiries");
    let gradings: Vec<_> = inquiries.iter().map(|inquiry| (inquiry.id, regrading.grade(inquiry))).collect();
    shop.store.apply_gradings(&gradings).await.expect("written");
    assert_eq!(tally(&shop, other).await.changed, 0);
    let cid = shop.store.inquiry(5).await.expect("an answer").expect("an inquiry");
    assert_eq!((cid.grade.as_str(), cid.ruled_grade.as_str()), ("B", "A"), "a person's grade stays");
    let ann = shop.store.buyer("ann@kestrel.example").await.expect("an answer").expect("Ann").0;
    assert_eq!(ann.grade.as_deref(), Some("D"), "graded by her newest inquiry");
}

async fn inquiries_recorded_before_the_writer_was_kept_are_graded_by_what_there_is(engine: Engine) {
    let shop = shop_with_five_inquiries(engine).await;
    shop.database().await.run("UPDATE inquiry SET writer = '{}', past = ''").await;
    let found = tally(&shop, shop.settings.rules.clone()).await;
    let rule = |id: &str| found.rules.iter().find(|rule| rule.id == id).map(|rule| rule.fired);
    assert_eq!((rule("gmail"), rule("known"), rule("often")), (Some(1), Some(2), Some(0)));
}
