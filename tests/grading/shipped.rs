//! The rules as shipped, on mails of the trade: what makes an A, what holds a mail down, and what must not.

use super::{graded, inquiry};
use inquiryd::buyer::{Past, Stage};
use inquiryd::grading::{Grade, RuleBook};
use inquiryd::message::{Facts, Kind, Message, Sample, Writer};

fn mail(text: &str, facts: Facts) -> Message {
    let mail = inquiry("", text);
    let writer = Writer { company: Some("Kestrel".into()), ..mail.writer };
    Message { facts, writer, ..inquiry("", text) }
}

fn grade(mail: &Message) -> Grade {
    let grading = graded(&RuleBook::shipped(), mail, None);
    println!("{}: {:?} {:?}", mail.text, grading.grade, grading.reasons);
    grading.grade
}

fn mug() -> Facts {
    Facts { products: vec!["mug".into()], ..Facts::default() }
}

fn mugs_by_the_container() -> Facts {
    Facts { quantity: Some("12,000 pcs".into()), incoterm: Some("FOB".into()), ..mug() }
}

fn reply(text: &str, facts: Facts) -> Message {
    Message { kind: Kind::Reply, subject: "Re: our quotation".into(), ..mail(text, facts) }
}

#[test]
fn an_order_in_any_language_is_an_a() {
    for text in [
        "Send the proforma, the deposit is ready.",
        "请发形式发票,我们付定金。",
        "Envíe la factura proforma.",
        "Merci d'envoyer la facture proforma.",
        "Bitte Proformarechnung senden.",
        "Mande a fatura proforma.",
        "Пришлите проформу.",
        "أرسلوا الفاتورة المبدئية",
        "プロフォーマをお願いします。",
        "Proforma fatura rica ederim.",
        "Attendo la fattura proforma.",
    ] {
        assert_eq!(grade(&mail(text, mugs_by_the_container())), Grade::A);
    }
}

#[test]
fn a_product_without_a_quantity_is_a_b() {
    for text in [
        "What does the mug cost?",
        "Was kostet der Becher?",
        "杯子什么价?",
        "Сколько стоит кружка?",
        "Kupanın fiyatı nedir?",
    ] {
        assert_eq!(grade(&mail(text, mug())), Grade::B);
    }
}

#[test]
fn a_distant_date_a_distributor_or_a_tender_is_a_c() {
    for text in [
        "We may import the mug next year, no quotation needed now.",
        "We would like to become your sole agent.",
        "来年、マグカップの輸入を考えております。",
        "我们在准备一个招标,先看看资质。",
        "Wir suchen eine Generalvertretung.",
        "Хотим стать вашим дилером.",
    ] {
        assert_eq!(grade(&mail(text, mug())), Grade::C);
    }
}

#[test]
fn a_distributor_who_names_quantity_and_terms_is_a_buyer() {
    assert_eq!(grade(&mail("We are a distributor in Chile, what is your price?", mugs_by_the_container())), Grade::A);
}

#[test]
fn a_catalogue_for_nobody_in_particular_is_a_d() {
    for text in [
        "Dear supplier, please send your catalogue.",
        "Уважаемый поставщик, пришлите каталог.",
        "发个目录看看",
        "catálogo por favor",
    ] {
        assert_eq!(grade(&mail(text, Facts::default())), Grade::D);
    }
}

#[test]
fn who_sends_his_own_courier_is_likely_to_buy() {
    let courier = Facts { sample: Sample::CourierAccount, ..mug() };
    let free = Facts { sample: Sample::Free, ..mug() };
    assert_eq!(grade(&mail("Ship one sample on our account, and your price.", courier)), Grade::A);
    assert_eq!(grade(&mail("Ship one sample for free, and your price.", free)), Grade::B);
}

#[test]
fn a_small_trial_order_lowers_nothing() {
    let dozen = Facts { quantity: Some("12 pcs".into()), ..mugs_by_the_container() };
    let text = "Trial order: please send the proforma.";
    let score = |facts| graded(&RuleBook::shipped(), &mail(text, facts), None).score;
    assert_eq!(score(dozen), score(mugs_by_the_container()));
    let past = |stage| Past { called: "Kestrel".into(), stage, ..Past::default() };
    let known = |stage| graded(&RuleBook::shipped(), &mail("What does the mug cost?", mug()), Some(&past(stage))).score;
    assert!(known(Stage::TrialOrder) >= known(Stage::Potential));
}

#[test]
fn an_answer_is_judged_by_its_own_words_not_by_our_subject() {
    assert_eq!(grade(&reply("Approved, go ahead. The deposit leaves today.", Facts::default())), Grade::A);
    assert_eq!(grade(&reply("Is the handle glazed too?", mug())), Grade::B);
    assert_eq!(grade(&reply("We postponed it, write again in autumn.", mug())), Grade::C);
    assert_eq!(grade(&reply("Noted, thanks.", Facts::default())), Grade::D);
}

#[test]
fn an_order_or_a_visit_for_nothing_in_particular_from_free_mail_is_a_d() {
    let hollow = Facts { target_price: Some("USD 500,000".into()), ..Facts::default() };
    let mut mail = mail("We want to visit your factory and place an order urgently.", hollow);
    mail.writer.email = Some("ann@hotmail.com".into());
    assert_eq!(grade(&mail), Grade::D);
}

#[test]
fn a_few_words_we_do_not_understand_are_not_thrown_away() {
    assert!(grade(&reply("Boss is travelling, talk to him on Monday.", Facts::default())) <= Grade::C);
    assert_eq!(grade(&mail("Bitte Rechnung und Anzahlung wie besprochen.", Facts::default())), Grade::B);
}

#[test]
fn goods_that_the_catalogue_words_do_not_know_are_counted_all_the_same() {
    let unknown = Facts { products: vec![], ..mugs_by_the_container() };
    assert_eq!(grade(&mail("Παρακαλώ προσφορά", unknown)), Grade::A);
}
