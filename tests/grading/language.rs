//! What a rule can ask for beside words: groups, history, files, the clock, lengths, bonuses and rules on trial.

use super::{book, graded, inquiry, matched};
use inquiryd::buyer::{Past, Stage};
use inquiryd::config::settings::Language;
use inquiryd::grading::{Grade, Inquiry, Received, RuleBook};
use inquiryd::message::{Attachment, Facts, Kind, Message, Sample};
use jiff::tz::TimeZone;

const DAY: i64 = 86_400;
/// A Saturday, 22:15 in Ningbo.
const SATURDAY_NIGHT: i64 = 1_795_875_300;

/// One rule with these conditions.
fn rule(conditions: &str) -> RuleBook {
    book(&format!("[[rule]]\nid = \"r\"\nwhy = \"w\"\npoints = 1\n{conditions}"))
}

/// What made the one rule fire on a mail of Saturday night by a buyer with this past.
fn told(conditions: &str, message: &Message, past: Option<&Past>) -> Option<String> {
    let rules = rule(conditions);
    let ningbo = TimeZone::get("Asia/Shanghai").expect("a bundled zone");
    let seen = Inquiry::of(message, message.kind, Received::new(SATURDAY_NIGHT, &ningbo));
    let mut reasons = rules.grade(&seen, &rules.scan(&seen), past, Language::English).reasons;
    reasons.pop().map(|reason| reason.matched)
}

fn with(facts: Facts) -> Message {
    Message { facts, ..inquiry("", "") }
}

fn container() -> Facts {
    Facts {
        quantity: Some("1x40HQ".into()),
        incoterm: Some("FOB".into()),
        port: Some("Ningbo".into()),
        ..Facts::default()
    }
}

#[test]
fn a_rule_may_ask_for_every_member_of_a_group_for_one_or_for_none() {
    let groups = "text = ['chairs']\nany = [\n  { facts = ['quantity'] },\n  { text = ['proforma'] },\n]\n\
                  none = [ { sample = ['free'] }, { text = ['next year'] } ]";
    let mail = |text: &str, facts: Facts| Message { facts, ..inquiry("", text) };
    assert_eq!(told(groups, &mail("chairs", container()), None).as_deref(), Some("chairs · 1x40HQ"));
    assert_eq!(told(groups, &mail("chairs, proforma", Facts::default()), None).as_deref(), Some("chairs · proforma"));
    assert_eq!(told(groups, &mail("chairs", Facts::default()), None), None, "one of any must hold");
    assert_eq!(told(groups, &mail("proforma", container()), None), None, "its own conditions hold too");
    assert_eq!(told(groups, &mail("chairs next year", container()), None), None);
    assert_eq!(told(groups, &mail("chairs", Facts { sample: Sample::Free, ..container() }), None), None);
    let all = "all = [ { text = ['chairs'], unless = ['tables'] }, { text = ['stools'] } ]";
    assert!(told(all, &inquiry("", "chairs and stools"), None).is_some());
    assert!(told(all, &inquiry("", "chairs"), None).is_none());
    assert!(told(all, &inquiry("", "chairs, tables and stools"), None).is_none());
}

#[test]
fn facts_can_be_asked_for_together_or_counted() {
    assert_eq!(matched("facts_all = ['quantity', 'port']", &with(container())).as_deref(), Some("1x40HQ, Ningbo"));
    assert_eq!(matched("facts_all = ['quantity', 'products']", &with(container())), None);
    assert_eq!(matched("facts_at_least = 3", &with(container())).as_deref(), Some("1x40HQ, FOB, Ningbo"));
    assert_eq!(matched("facts_at_least = 4", &with(container())), None, "who he is counts for nothing here");
    let dated = Facts { deadline: Some("before May".into()), ..Facts::default() };
    assert_eq!(matched("facts = ['deadline']", &with(dated)).as_deref(), Some("before May"));
}

#[test]
fn an_address_at_a_company_is_told_from_free_mail() {
    assert_eq!(matched("facts = ['company_email']", &inquiry("", "")).as_deref(), Some("garden.example"));
    let mut free = inquiry("", "");
    free.writer.email = Some("ann@hotmail.fr".into());
    assert_eq!(matched("facts = ['company_email']", &free), None);
}

#[test]
fn the_past_of_a_buyer_is_a_condition() {
    let old = Past {
        called: "Kestrel".into(),
        stage: Stage::TrialOrder,
        grade: Some(Grade::B),
        inquiries: 4,
        first_contact: SATURDAY_NIGHT - 900 * DAY,
        last_contact: SATURDAY_NIGHT - 100 * DAY,
    };
    let mail = inquiry("", "");
    for (condition, found) in [
        ("buyer = 'known'", "Kestrel"),
        ("stage = ['sample_sent', 'trial_order']", "trial order"),
        ("stage_at_least = 'sample_order'", "trial order"),
        ("buyer_grade = ['A', 'B']", "B"),
        ("inquiries_at_least = 4", "4"),
        ("silent_for = '90d'", "100 d"),
    ] {
        assert_eq!(told(condition, &mail, Some(&old)).as_deref(), Some(found), "{condition}");
        assert_eq!(told(condition, &mail, None), None, "a stranger has no past: {condition}");
    }
    for condition in
        ["stage = ['repeat_order']", "stage_at_least = 'repeat_order'", "inquiries_at_least = 5", "silent_for = '101d'"]
    {
        assert_eq!(told(condition, &mail, Some(&old)), None, "{condition}");
    }
    let never = Past { last_contact: 0, ..old };
    assert_eq!(told("silent_for = '90d'", &mail, Some(&never)), None, "nobody knows when we last spoke");
}

#[test]
fn files_are_asked_for_by_their_sort() {
    let file = |name: &str| Attachment { name: name.into(), media_type: "application/octet-stream".into(), size: 9 };
    let mail = Message { attachments: vec![file("logo.png"), file("chair.dwg")], ..inquiry("", "") };
    assert_eq!(matched("attachments = ['drawing', 'spreadsheet']", &mail).as_deref(), Some("chair.dwg"));
    assert_eq!(matched("attachments = ['pdf']", &mail), None);
}

#[test]
fn a_mail_of_saturday_night_is_known_by_the_companys_clock() {
    let mail = inquiry("", "");
    let both = "weekday = ['sat', 'sun']\nhours = '20:00-08:00'";
    assert_eq!(told(both, &mail, None).as_deref(), Some("2026-11-28 22:15"));
    assert_eq!(told("hours = '08:00-20:00'", &mail, None), None);
    assert_eq!(told("weekday = ['mon']", &mail, None), None);
    assert_eq!(matched("weekday = ['sat']", &mail), None, "nobody knows when it came");
}

#[test]
fn a_short_mail_is_short_in_chinese_too() {
    assert!(matched("words_at_most = 5", &inquiry("", "Price of chairs please?")).is_some());
    assert!(matched("words_at_most = 5", &inquiry("", "请报价折叠椅，谢谢")).is_some());
    let long = "We import garden furniture and need 600 folding chairs before May";
    assert!(matched("words_at_most = 5", &inquiry("", long)).is_none());
    assert!(matched("words_at_least = 11", &inquiry("", long)).is_some());
}

#[test]
fn countries_and_products_may_bring_a_bonus() {
    let rules = book("[bonus.country]\nDE = 5\nnl = -3\n[bonus.product]\n\"umbrella*\" = 8\n\"chair\" = 4\n");
    let mut mail = inquiry("Garden umbrellas", "and a chair");
    mail.writer.country = Some("DE".into());
    let grading = graded(&rules, &mail, None);
    let reasons: Vec<_> = grading.reasons.iter().map(|r| (r.rule.as_str(), r.points, r.why.as_str())).collect();
    assert_eq!(
        reasons,
        [("bonus.country.DE", 5, "a country we favour"), ("bonus.product.umbrella*", 8, "a product we favour")],
        "of several products the one that counts most counts"
    );
    mail.writer.country = Some("NL".into());
    mail.subject.clear();
    mail.facts.products = vec!["umbrella stand".into()];
    let grading = graded(&rules, &mail, None);
    assert_eq!(grading.score, 5);
    assert_eq!(grading.reasons[0].why, "a country we do not favour");
}

#[test]
fn a_rule_on_trial_is_reported_and_changes_nothing() {
    let rules = book(
        "[[rule]]\nid = 'chairs'\nwhy = 'w'\npoints = 40\ntext = ['chairs']\n\
         [[experiment]]\nid = 'many'\nwhy = 'many'\npoints = 30\nfacts = ['quantity']",
    );
    let mail = Message { facts: container(), ..inquiry("", "chairs") };
    let grading = graded(&rules, &mail, None);
    assert_eq!((grading.grade, grading.score, grading.reasons.len()), (Grade::B, 40, 1));
    assert_eq!(grading.experiment_grade, Some(Grade::A));
    assert_eq!(grading.experiment[0].rule, "many");
    let without = graded(&rules, &inquiry("", "chairs"), None);
    assert_eq!((without.experiment_grade, without.experiment.len()), (None, 0));
}

#[test]
fn what_a_mail_was_settled_to_be_is_graded() {
    let message = inquiry("", "");
    let rules = rule("kind = ['reply']");
    let seen = Inquiry::of(&message, Kind::Reply, None);
    assert_eq!(rules.grade(&seen, &rules.scan(&seen), None, Language::English).score, 1);
}

#[test]
fn a_pattern_that_asks_for_a_words_edge_is_not_found_within_an_accented_word() {
    let pi = r"text = ['re:\bPI\b']";
    assert_eq!(told(pi, &inquiry("", "vogliamo sapere di più sul prezzo"), None), None);
    assert_eq!(told(pi, &inquiry("", "di più, e mandate la PI domani"), None).as_deref(), Some("pi"));
    assert_eq!(told(pi, &inquiry("", "请把PI发给我们"), None).as_deref(), Some("pi"));
}
