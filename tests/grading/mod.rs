//! The rules as people edit them, and the rules as shipped, on mails of the trade.

mod language;
mod shipped;
mod suggest;

use inquiryd::buyer::{Buyer, Past};
use inquiryd::config::settings::Language;
use inquiryd::grading::{Grade, Grading, Inquiry, RuleBook};
use inquiryd::message::{Address, Facts, House, Kind, Message, Sample, Writer, understand};

/// An inquiry by Ann of a garden company that states nothing but these words.
fn inquiry(subject: &str, text: &str) -> Message {
    let ann = Writer { name: Some("Ann".into()), email: Some("ann@garden.example".into()), ..Writer::default() };
    Message {
        from: Address { name: ann.name.clone(), email: ann.email.clone() },
        subject: subject.to_owned(),
        text: text.to_owned(),
        whole_text: text.to_owned(),
        kind: Kind::Inquiry,
        writer: ann,
        facts: Facts::default(),
        ..understand(b"", &House::default())
    }
}

fn book(rules: &str) -> RuleBook {
    RuleBook::parse(rules, "grading.toml").unwrap_or_else(|problems| panic!("{problems:?}"))
}

fn graded(book: &RuleBook, message: &Message, past: Option<&Past>) -> Grading {
    let inquiry = Inquiry::of(message, message.kind, None);
    book.grade(&inquiry, &book.scan(&inquiry), past, Language::English)
}

/// The words that made the one rule fire, or None if it didn't.
fn matched(conditions: &str, message: &Message) -> Option<String> {
    let rules = book(&format!("[[rule]]\nid = \"r\"\nwhy = \"w\"\npoints = 1\n{conditions}"));
    graded(&rules, message, None).reasons.pop().map(|reason| reason.matched)
}

fn in_text(word: &str, text: &str) -> bool {
    matched(&format!("text = ['{word}']"), &inquiry("", text)).is_some()
}

#[test]
fn a_keyword_stands_alone_unless_a_star_opens_it() {
    assert!(in_text("pi", "Please send the PI."));
    assert!(!in_text("pi", "Our pipeline is full."));
    assert!(in_text("lieferant*", "Wir suchen Lieferanten"));
    assert!(in_text("*preis", "der Stückpreis"));
    assert!(!in_text("preis", "der Stückpreis"));
    assert!(!in_text("цена", "ценами"));
    assert!(in_text("*سعر", "ما هو السعر"));
}

#[test]
fn a_chinese_word_is_found_within_a_sentence() {
    assert!(in_text("报价", "请给我们报价单和样品"));
    assert!(in_text("PI", "请给我们PI谢谢"));
    assert!(in_text("見積", "お見積もりをお願いします"));
    assert!(in_text("견적", "견적을 부탁드립니다"));
}

#[test]
fn spelling_and_hidden_characters_do_not_hide_a_word() {
    assert!(in_text("*straße", "HAUPTSTRASSE 5"));
    assert!(in_text("proforma", "pro\u{200b}for\u{ad}ma"));
    assert!(in_text("proforma", "ＰＲＯＦＯＲＭＡ"));
    assert!(in_text("lead time", "what is the lead \u{a0} time?"));
}

#[test]
fn a_pattern_is_shown_by_what_it_found() {
    let mail = inquiry("", "we need 600 PCS and then 200 pcs");
    assert_eq!(matched(r"text = ['re:\d+ pcs\b']", &mail).as_deref(), Some("600 pcs"));
}

#[test]
fn all_conditions_must_hold_and_any_word_of_a_list_will_do() {
    let mail = inquiry("Chairs", "please quote");
    assert!(matched("subject = ['table', 'chairs']\ntext = ['quote']", &mail).is_some());
    assert!(matched("subject = ['chairs']\ntext = ['order']", &mail).is_none());
    assert!(matched("subject = ['quote']", &mail).is_none(), "the text is not the subject");
    assert!(matched("text = ['chairs']", &mail).is_some(), "text looks into the subject too");
    assert!(matched("text = ['quote']\nunless = ['please']", &mail).is_none());
}

#[test]
fn a_free_mail_domain_is_not_a_company_that_begins_alike() {
    let from = |email: &str| {
        let mut mail = inquiry("", "");
        mail.writer.email = Some(email.to_owned());
        mail
    };
    assert!(matched("sender = ['@gmail.com']", &from("ann@gmail.com")).is_some());
    assert!(matched("sender = ['@gmail.com']", &from("ann@gmail.com.garden.example")).is_none());
    let company = "[lists]\nfree = ['@gmail.com']\n[[rule]]\nid = 'r'\nwhy = 'w'\npoints = 1\nfacts = ['email']\n\
                   unless_sender = ['list:free']";
    assert_eq!(graded(&book(company), &from("ann@garden.example"), None).score, 1);
    assert_eq!(graded(&book(company), &from("ann@gmail.com"), None).score, 0);
}

#[test]
fn facts_samples_kinds_and_origins_are_conditions_too() {
    let mut mail = inquiry("", "");
    mail.facts = Facts { quantity: Some("600 pcs".into()), sample: Sample::CourierAccount, ..Facts::default() };
    mail.kind = Kind::Reply;
    mail.relay = Some("alibaba".into());
    mail.language = Some("es".into());
    mail.writer.country = Some("ES".into());
    for (condition, found) in [
        ("facts = ['port', 'quantity']", "600 pcs"),
        ("lacks = ['port', 'incoterm']\nsample = ['courier_account']", "courier_account"),
        ("kind = ['reply']\nlanguage = ['es', 'pt']", "es"),
        ("relay = ['alibaba']", "alibaba"),
        ("country = ['es']", "ES"),
    ] {
        assert_eq!(matched(condition, &mail).as_deref(), Some(found), "{condition}");
    }
    for condition in
        ["facts = ['port']", "sample = ['free']", "kind = ['inquiry']", "relay = ['direct']", "buyer = 'known'"]
    {
        assert_eq!(matched(condition, &mail), None, "{condition}");
    }
}

#[test]
fn a_known_buyer_is_known_and_nobody_else_is() {
    let rules = book(
        "[[rule]]\nid = 'old'\nwhy = 'w'\npoints = 5\nbuyer = 'known'\n[[rule]]\nid = 'new'\nwhy = 'w'\npoints = 1\nbuyer = 'new'",
    );
    let buyer = Buyer { company: Some("Kestrel Leisure".into()), ..Buyer::default() };
    let known = graded(&rules, &inquiry("", ""), Some(&Past::of(&buyer)));
    assert_eq!((known.score, known.reasons[0].matched.as_str()), (5, "Kestrel Leisure"));
    assert_eq!(graded(&rules, &inquiry("", ""), None).score, 1);
}

#[test]
fn a_ceiling_holds_down_what_a_sum_and_a_floor_lift_up() {
    let rules = "[[rule]]\nid = 'order'\nwhy = 'w'\npoints = 90\ntext = ['order']\n\
                 [[rule]]\nid = 'later'\nwhy = 'w'\nceiling = 'C'\ntext = ['next year']\n\
                 [[rule]]\nid = 'chairs'\nwhy = 'w'\nfloor = 'B'\ntext = ['chairs']";
    let grade = |text| graded(&book(rules), &inquiry("", text), None).grade;
    assert_eq!(grade("we order"), Grade::A);
    assert_eq!(grade("we order next year"), Grade::C);
    assert_eq!(grade("chairs"), Grade::B);
    assert_eq!(grade("chairs next year"), Grade::C);
    assert_eq!(grade("hello"), Grade::D);
}

#[test]
fn a_reason_speaks_the_readers_language_and_stays_short() {
    let rules = book(
        "[[rule]]\nid = 'r'\nwhy = { zh = '写明数量', en = 'states a quantity' }\npoints = 1\nfacts = ['quantity']",
    );
    let mut mail = inquiry("", "");
    mail.facts.quantity = Some("1 ".repeat(500));
    let seen = Inquiry::of(&mail, mail.kind, None);
    let grading = rules.grade(&seen, &rules.scan(&seen), None, Language::SimplifiedChinese);
    assert_eq!(grading.reasons[0].why, "写明数量");
    assert_eq!(graded(&rules, &mail, None).reasons[0].why, "states a quantity");
    assert!(grading.reasons[0].matched.chars().count() <= 80);
}

#[test]
fn a_mail_of_fifty_megabytes_is_graded_by_its_beginning() {
    let text = format!("order {}", "折叠椅 ".repeat(5_000_000));
    assert_eq!(matched("text = ['order']", &inquiry("", &text)).as_deref(), Some("order"));
}

#[test]
fn a_thousand_rules_each_fire_by_themselves() {
    let rules: String = (0..1000)
        .map(|n| {
            format!("[[rule]]\nid = 'r{n}'\nwhy = 'w'\npoints = 1\ntext = ['word{n}', 're:code{n}x.{{0,40}}end']\n")
        })
        .collect();
    let rules = book(&rules);
    let fired = |text: &str| -> Vec<String> {
        graded(&rules, &inquiry("", text), None).reasons.into_iter().map(|reason| reason.rule).collect()
    };
    assert_eq!(fired("word7 word77 xword777"), ["r7", "r77"]);
    assert_eq!(fired("code500x and the end, code999x"), ["r500"]);
    assert_eq!(fired("code9x code7x, then code7x code8x: the end"), ["r7", "r8", "r9"]);
}
