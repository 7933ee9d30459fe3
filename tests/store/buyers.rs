//! People look into the customer base.

use super::database::Engine;
use super::letters::Mail;
use super::shop::{DAY, NOW, Shop};

on_both_engines![
    an_imported_buyer_who_writes_is_known_and_new_ones_get_later_numbers,
    a_buyer_is_found_however_his_name_is_written,
    a_buyer_is_shown_by_his_number_or_any_of_his_addresses,
    the_list_begins_with_the_newest_contact,
];

async fn import(shop: &Shop, csv: &str) {
    shop.import(csv.as_bytes()).await;
}

async fn an_imported_buyer_who_writes_is_known_and_new_ones_get_later_numbers(engine: Engine) {
    let shop = Shop::open(engine).await;
    import(&shop, "email,other_emails,grade\nann@kestrel.example,office@kestrel.example,C\nbob@heron.example,,\n")
        .await;
    shop.deliver("sales", &Mail::from("office@kestrel.example").id("1@kestrel.example").subject("A container"));
    shop.deliver("sales", &Mail::from("cid@egret.example").id("2@egret.example"));
    shop.poll().await;
    let known: Vec<_> = shop.mails().await.into_iter().map(|mail| (mail.known, mail.matched_by)).collect();
    assert_eq!(known, [(Some(true), Some("other_address".to_owned())), (Some(false), None)]);
    let (ann, _) = shop.store.buyer("1").await.expect("an answer").expect("Ann");
    assert_eq!((ann.inquiries, ann.grade.as_deref(), ann.last_contact), (1, Some("A"), NOW));
    assert_eq!(ann.first_contact, NOW - 100 * DAY);
    let (cid, _) = shop.store.buyer("cid@egret.example").await.expect("an answer").expect("Cid");
    assert_eq!((cid.id, cid.source.as_str()), (3, "mail"));
}

async fn a_buyer_is_found_however_his_name_is_written(engine: Engine) {
    let shop = Shop::open(engine).await;
    let csv = "email,company,name\na@a.example,Çelik Mobilya,Ayşe\nb@b.example,Möbel Straße GmbH,\nc@c.example,上海进口公司,王芳\n\
               d@d.example,100% Chairs_Ltd,\n";
    import(&shop, csv).await;
    for (part, expected) in [
        ("çelik", vec!["a@a.example"]),
        ("ÇELIK", vec!["a@a.example"]),
        ("STRASSE", vec!["b@b.example"]),
        ("MÖBEL", vec!["b@b.example"]),
        ("进口", vec!["c@c.example"]),
        ("王", vec!["c@c.example"]),
        ("0% ch", vec!["d@d.example"]),
        ("%", vec!["d@d.example"]),
        ("s_l", vec!["d@d.example"]),
        ("C.EXAMPLE", vec!["c@c.example"]),
        ("nobody", vec![]),
    ] {
        let found = shop.store.buyers(Some(part), &[], 10).await.expect("buyers");
        let emails: Vec<_> = found.into_iter().filter_map(|buyer| buyer.email).collect();
        assert_eq!(emails, expected, "{part}");
    }
    assert_eq!(shop.store.buyers(Some("example"), &[], 2).await.expect("buyers").len(), 2);
}

async fn a_buyer_is_shown_by_his_number_or_any_of_his_addresses(engine: Engine) {
    let shop = Shop::open(engine).await;
    import(&shop, "email,other_emails\nbob@heron.example,\nann@kestrel.example,office@kestrel.example\n").await;
    for wanted in ["2", "#2", " #2 ", "ann@kestrel.example", "Office@Kestrel.example"] {
        let (buyer, addresses) = shop.store.buyer(wanted).await.expect("an answer").expect(wanted);
        assert_eq!((buyer.id, addresses.len()), (2, 2), "{wanted}");
    }
    for wanted in ["3", "kestrel.example", "", "-1", "99999999999999999999"] {
        assert!(shop.store.buyer(wanted).await.expect("an answer").is_none(), "{wanted}");
    }
}

async fn the_list_begins_with_the_newest_contact(engine: Engine) {
    let shop = Shop::open(engine).await;
    import(&shop, "email\nann@kestrel.example\nbob@heron.example\ncid@egret.example\n").await;
    shop.deliver("sales", &Mail::from("bob@heron.example").id("1@heron.example"));
    shop.poll().await;
    let emails: Vec<_> =
        shop.store.buyers(None, &[], 2).await.expect("buyers").into_iter().filter_map(|buyer| buyer.email).collect();
    assert_eq!(emails, ["bob@heron.example", "cid@egret.example"]);
}
