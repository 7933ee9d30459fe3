//! What people enter and decide by commands: contacts, stages, grades, who is who, and other rules.

use crate::support::servers;
use crate::support::site::{Site, inquiry_from};

/// Two buyers who wrote once each: number 1 and number 2.
fn polled(name: &str) -> Site {
    let site = Site::new(name);
    servers::deliver_lmtp(&site.sales, &inquiry_from("lot-one", "ann@kestrel.example"));
    servers::deliver_lmtp(&site.sales, &inquiry_from("lot-two", "ann.lee@gmail.com"));
    site.prints(&["poll"]);
    site
}

#[test]
fn a_call_a_sample_and_an_order_are_entered_with_one_command_each() {
    let site = polled("ledger");
    let call = site.prints(&["buyers", "record", "1", "phone", "wants CIF price", "--on", "2026-01-15", "--by", "Amy"]);
    assert!(call.contains("phone recorded for buyer 1"), "{call}");
    let untold = site.run(&["buyers", "record", "1", "sample_sent"]);
    assert_eq!(untold.code, Some(1));
    assert!(untold.err.contains("--terms free, courier_collect or tt"), "{}", untold.err);
    let sample =
        site.prints(&["buyers", "record", "ann@kestrel.example", "寄样", "DHL 1", "--terms", "到付", "--by", "Amy"]);
    assert!(sample.contains("stage: sample_sent"), "{sample}");
    assert!(
        site.prints(&["buyers", "record", "1", "trial-order", "12 pcs", "--by", "Leo"]).contains("stage: trial_order")
    );
    let unknown = site.run(&["buyers", "record", "1", "telepathy"]);
    assert_eq!(unknown.code, Some(2));
    assert!(unknown.err.contains("one of: phone, fax"), "{}", unknown.err);
    let card = site.prints(&["buyers", "show", "1"]);
    for told in
        ["trial_order", "2026-01-15", "wants CIF price", "courier_collect DHL 1", "Amy", "first contact 2026-01-15"]
    {
        assert!(card.contains(told), "{told}: {card}");
    }
    let events = &site.json(&["buyers", "show", "1", "--json"])[0]["events"];
    assert_eq!(events.as_array().map(Vec::len), Some(3));
}

#[test]
fn a_buyer_of_the_fair_is_added_and_his_card_edited() {
    let site = polled("added");
    let nobody = site.run(&["buyers", "add", "--source", "fair"]);
    assert_eq!(nobody.code, Some(1));
    assert!(nobody.err.contains("a buyer needs a --name"), "{}", nobody.err);
    site.prints(&[
        "buyers",
        "add",
        "--company",
        "Heron SA",
        "--phone",
        "+34 96 555 01 47",
        "--source",
        "Canton Fair 138",
    ]);
    site.prints(&[
        "buyers",
        "edit",
        "3",
        "--owner",
        "Leo",
        "--email",
        "bob@heron.example",
        "--email",
        "ann@kestrel.example",
    ]);
    let card = site.prints(&["buyers", "show", "bob@heron.example"]);
    assert!(card.contains("Heron SA") && card.contains("Leo") && card.contains("Canton Fair 138"), "{card}");
    assert!(site.prints(&["buyers", "show", "ann@kestrel.example"]).contains("number        1"), "not taken away");
    let wrong = site.run(&["buyers", "edit", "3", "--email", "no address"]);
    assert_eq!(wrong.code, Some(1));
    assert!(wrong.err.contains("is no mail address"), "{}", wrong.err);
}

#[test]
fn two_buyers_who_are_one_are_merged_and_parted_again() {
    let site = polled("merged");
    let merged = site.prints(&["buyers", "same", "1", "2", "--why", "asked her", "--by", "Amy"]);
    assert!(merged.contains("buyer 2 is buyer 1 now; `inquiryd buyers unmerge 1` takes it back"), "{merged}");
    assert_eq!(site.json(&["buyers", "list", "--json"]).len(), 1);
    assert_eq!(site.json(&["buyers", "show", "2", "--json"])[0]["id"], 1, "he is found by his old number");
    let again = site.run(&["buyers", "same", "1", "2"]);
    assert_eq!(again.code, Some(1));
    assert!(site.prints(&["buyers", "unmerge", "1"]).contains("buyers 1 and 2 are two again"));
    assert_eq!(site.json(&["buyers", "list", "--json"]).len(), 2);
    assert!(site.prints(&["buyers", "questions"]).contains("no open questions"));
    let unasked = site.run(&["buyers", "different", "1", "2"]);
    assert_eq!(unasked.code, Some(1));
}

#[test]
fn grades_by_hand_are_what_a_backtest_is_judged_by() {
    let site = polled("backtest");
    let rules = "[thresholds]\nA = 50\nB = 30\nC = 10\n[[rule]]\nid = \"folding\"\nwhy = \"folding chairs\"\npoints = 20\n\
                 text = [\"folding chairs\"]\n[[rule]]\nid = \"unicorn\"\nwhy = \"a unicorn\"\npoints = 5\ntext = [\"unicorn\"]\n";
    let site = site.file("new.toml", rules);
    let graded = site.prints(&["inquiries", "grade", "#1", "c", "--by", "Amy"]);
    assert!(graded.contains("#1 is graded C by Amy"), "{graded}");
    assert!(site.prints(&["inquiries", "show", "1"]).contains("graded     C by Amy"));
    let same = site.prints(&["backtest"]);
    assert!(same.contains("2 inquiries graded again: 0 would have another grade"), "{same}");
    let told = site.prints(&["backtest", "--rules", "new.toml"]);
    for words in ["these rules on 100 %", "folding", "never fired: unicorn", "Nothing was changed"] {
        assert!(told.contains(words), "{words}: {told}");
    }
    assert!(site.prints(&["backtest", "--since", "2100-01-01"]).contains("no inquiries on record"));
    let json = &site.json(&["backtest", "--rules", "new.toml", "--json"])[0];
    assert_eq!((&json["inquiries"], &json["by_hand"], &json["agreed_after"]), (&2.into(), &1.into(), &1.into()));
    let broken = site.file("broken.toml", "[[rule]]\nid = \"x\"\n");
    let refused = broken.run(&["backtest", "--rules", "broken.toml"]);
    assert_eq!(refused.code, Some(78));
    assert!(refused.err.contains("broken.toml:1"), "{}", refused.err);
    assert!(broken.prints(&["backtest", "--rules", "new.toml", "--apply"]).contains("have their new grade"));
    assert_eq!(broken.json(&["inquiries", "show", "1", "--json"])[0]["grade"], "C", "Amy's");
    assert!(broken.prints(&["backtest", "--rules", "new.toml"]).contains(": 0 would have another grade"));
}

#[test]
fn rules_learn_from_grades_by_hand_and_a_person_accepts_it_or_not() {
    let rules = "# Our own rules.\n[thresholds]\nA = 50\nB = 30\nC = 10\n\n[[rule]] # far too kind\nid = \"folding\"\n\
                 why = \"folding chairs\"\npoints = 34 # guessed\ntext = [\"folding chairs\"]\n";
    let site = Site::new("suggest").file("grading.toml", rules);
    for number in 0..6 {
        let (token, from) = (format!("lot-{number}"), format!("buyer@shop-{number}.example"));
        servers::deliver_lmtp(&site.sales, &inquiry_from(&token, &from));
    }
    site.prints(&["poll"]);
    assert!(site.prints(&["rules", "suggest"]).contains("nobody has graded an inquiry by hand yet"));
    for number in 1..=6 {
        site.prints(&["inquiries", "grade", &number.to_string(), "C", "--by", "Amy"]);
    }
    let told = site.prints(&["rules", "suggest"]);
    for words in ["the rules agree on 0, with other points on 6", "-points = 34 # guessed", "Nothing was changed"] {
        assert!(told.contains(words), "{words}: {told}");
    }
    let read = || std::fs::read_to_string(site.path("grading.toml")).expect("the rules");
    assert_eq!(read(), rules);
    assert!(site.prints(&["rules", "suggest", "--accept"]).contains("written into"));
    assert_ne!(read(), rules);
    assert!(read().contains("# Our own rules.") && read().contains("# guessed"), "comments stay: {}", read());
    assert_eq!(std::fs::read_to_string(site.path("grading.toml.before")).expect("the rules of before"), rules);
    assert!(site.prints(&["backtest"]).contains("these rules on 100 %"));
    assert!(site.prints(&["rules", "suggest"]).contains("That suggests no change."));
}
