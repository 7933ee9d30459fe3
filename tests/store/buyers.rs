//! The old customer base comes in, and people look into it.

use super::database::Engine;
use super::letters::Mail;
use super::shop::{DAY, NOW, Shop};
use inquiryd::buyer::read_csv;
use inquiryd::store::buyers::Imported;

on_both_engines![
    an_import_adds_new_buyers_and_leaves_known_ones_as_they_are,
    further_addresses_of_a_known_buyer_are_added,
    a_dry_run_tells_what_an_import_would_do_and_changes_nothing,
    a_row_that_repeats_an_address_of_the_same_file_is_the_same_buyer,
    ten_thousand_buyers_are_imported_at_once,
    nul_characters_in_a_file_do_not_stop_its_import,
    an_imported_buyer_who_writes_is_known_and_new_ones_get_later_numbers,
    a_buyer_is_found_however_his_name_is_written,
    a_buyer_is_shown_by_his_number_or_any_of_his_addresses,
    the_list_begins_with_the_newest_contact,
];

async fn import(shop: &Shop, csv: &str, dry: bool) -> Imported {
    let import = read_csv(csv.as_bytes()).expect("a CSV");
    shop.store.import_buyers(&import.buyers, |_| NOW - 100 * DAY, dry).await.expect("imported")
}

async fn an_import_adds_new_buyers_and_leaves_known_ones_as_they_are(engine: Engine) {
    let shop = Shop::open(engine).await;
    let csv = "company,name,email,country,phone,grade,source,notes\n\
               Kestrel Ltd,Ann,Ann@Kestrel.example,gb,+44 20 1,a,fair,\"likes, red\"\nHeron SA,,bob@heron.example,,,,,\n";
    assert_eq!(import(&shop, csv, false).await, Imported { new: 2, known: 0 });
    let changed = csv.replace("Kestrel Ltd", "Another name");
    assert_eq!(import(&shop, &changed, false).await, Imported { new: 0, known: 2 });
    let (ann, _) = shop.store.buyer("ann@kestrel.example").await.expect("an answer").expect("Ann");
    assert_eq!((ann.company.as_deref(), ann.name.as_deref()), (Some("Kestrel Ltd"), Some("Ann")));
    assert_eq!((ann.country.as_deref(), ann.grade.as_deref()), (Some("GB"), Some("A")));
    assert_eq!((ann.source.as_str(), ann.notes.as_str(), ann.inquiries), ("fair", "likes, red", 0));
    assert_eq!((ann.first_contact, ann.last_contact), (NOW - 100 * DAY, NOW - 100 * DAY));
    let (bob, _) = shop.store.buyer("bob@heron.example").await.expect("an answer").expect("Bob");
    assert_eq!((bob.name, bob.grade, bob.source.as_str()), (None, None, "import"));
}

async fn further_addresses_of_a_known_buyer_are_added(engine: Engine) {
    let shop = Shop::open(engine).await;
    import(&shop, "email\nann@kestrel.example\n", false).await;
    let csv = "email,other_emails\nbuying@kestrel.example,\"ann@kestrel.example; office@kestrel.example\"\n";
    assert_eq!(import(&shop, csv, false).await, Imported { new: 0, known: 1 });
    let (ann, addresses) = shop.store.buyer("office@kestrel.example").await.expect("an answer").expect("Ann");
    assert_eq!(ann.email.as_deref(), Some("ann@kestrel.example"), "the address we write to stays");
    assert_eq!(addresses, ["ann@kestrel.example", "buying@kestrel.example", "office@kestrel.example"]);
}

async fn a_dry_run_tells_what_an_import_would_do_and_changes_nothing(engine: Engine) {
    let shop = Shop::open(engine).await;
    import(&shop, "email\nann@kestrel.example\n", false).await;
    let csv = "email,other_emails\nann@kestrel.example,a@k.example\nbob@heron.example,\ncid@egret.example,\n";
    assert_eq!(import(&shop, csv, true).await, Imported { new: 2, known: 1 });
    assert_eq!(shop.store.count_buyers().await.expect("a number"), 1);
    assert_eq!(shop.number("SELECT COUNT(*) FROM buyer_address").await, 1);
    assert_eq!(import(&shop, csv, false).await, Imported { new: 2, known: 1 });
    assert_eq!(shop.number("SELECT MAX(id) FROM buyer").await, 3, "the dry run took no numbers");
}

async fn a_row_that_repeats_an_address_of_the_same_file_is_the_same_buyer(engine: Engine) {
    let shop = Shop::open(engine).await;
    let filler: String = (0..150).map(|number| format!("f{number}@filler.example,\n")).collect();
    let csv = format!(
        "email,other_emails\nann@kestrel.example,\nANN@kestrel.example,\nbuying@kestrel.example,ann@kestrel.example\n\
         {filler}office@kestrel.example,buying@kestrel.example\n"
    );
    assert_eq!(import(&shop, &csv, false).await, Imported { new: 151, known: 3 });
    let (_, addresses) = shop.store.buyer("ann@kestrel.example").await.expect("an answer").expect("Ann");
    assert_eq!(addresses, ["ann@kestrel.example", "buying@kestrel.example", "office@kestrel.example"]);
}

async fn ten_thousand_buyers_are_imported_at_once(engine: Engine) {
    let shop = Shop::open(engine).await;
    let rows: String = (0..10_000).map(|n| format!("Company {n},b{n}@c{n}.example,x{n}@c{n}.example\n")).collect();
    let csv = format!("company,email,other_emails\n{rows}");
    assert_eq!(import(&shop, &csv, false).await, Imported { new: 10_000, known: 0 });
    assert_eq!(import(&shop, &csv, false).await, Imported { new: 0, known: 10_000 });
    assert_eq!(shop.store.count_buyers().await.expect("a number"), 10_000);
    assert_eq!(shop.number("SELECT COUNT(*) FROM buyer_address").await, 20_000);
    let (last, _) = shop.store.buyer("x9999@c9999.example").await.expect("an answer").expect("the last");
    assert_eq!((last.id, last.company.as_deref()), (10_000, Some("Company 9999")));
}

async fn nul_characters_in_a_file_do_not_stop_its_import(engine: Engine) {
    let shop = Shop::open(engine).await;
    let csv = "email,company,name,phone,country,source,notes\n\
               ann@kestrel.example,Kes\0trel,A\0nn,+44\0,G\0,fa\0ir,no\0te\nbo\0b@heron.example,Heron,,,,,\n";
    let import_ = read_csv(csv.as_bytes()).expect("a CSV");
    assert!(import_.problems.iter().any(|problem| problem.starts_with("line 3:")), "{:?}", import_.problems);
    assert_eq!(import(&shop, csv, false).await, Imported { new: 1, known: 0 });
    let (ann, _) = shop.store.buyer("ann@kestrel.example").await.expect("an answer").expect("Ann");
    assert_eq!((ann.company.as_deref(), ann.source.as_str(), ann.notes.as_str()), (Some("Kestrel"), "fair", "note"));
}

async fn an_imported_buyer_who_writes_is_known_and_new_ones_get_later_numbers(engine: Engine) {
    let shop = Shop::open(engine).await;
    import(
        &shop,
        "email,other_emails,grade\nann@kestrel.example,office@kestrel.example,C\nbob@heron.example,,\n",
        false,
    )
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
    import(&shop, csv, false).await;
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
        let found = shop.store.buyers(Some(part), 10).await.expect("buyers");
        let emails: Vec<_> = found.into_iter().filter_map(|buyer| buyer.email).collect();
        assert_eq!(emails, expected, "{part}");
    }
    assert_eq!(shop.store.buyers(Some("example"), 2).await.expect("buyers").len(), 2);
}

async fn a_buyer_is_shown_by_his_number_or_any_of_his_addresses(engine: Engine) {
    let shop = Shop::open(engine).await;
    import(&shop, "email,other_emails\nbob@heron.example,\nann@kestrel.example,office@kestrel.example\n", false).await;
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
    import(&shop, "email\nann@kestrel.example\nbob@heron.example\ncid@egret.example\n", false).await;
    shop.deliver("sales", &Mail::from("bob@heron.example").id("1@heron.example"));
    shop.poll().await;
    let emails: Vec<_> =
        shop.store.buyers(None, 2).await.expect("buyers").into_iter().filter_map(|buyer| buyer.email).collect();
    assert_eq!(emails, ["bob@heron.example", "cid@egret.example"]);
}
