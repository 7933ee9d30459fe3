//! The old customer base comes in, goes out, and is taken back.

use super::database::Engine;
use super::letters::Mail;
use super::shop::{DAY, NOW, Shop};
use inquiryd::buyer::export::{csv, xlsx};
use inquiryd::buyer::{ExportedBuyer, Plan, read_customers};
use inquiryd::store::buyers::BuyerRow;
use inquiryd::store::customer_base::ExportFilter;
use jiff::tz::TimeZone;

on_both_engines![
    a_grade_of_the_old_customer_base_is_raised_by_a_mail_and_not_lowered,
    an_import_adds_new_buyers_and_overwrites_nothing,
    further_addresses_of_a_known_buyer_are_added,
    a_dry_run_tells_what_an_import_would_do_and_changes_nothing,
    a_row_that_repeats_an_address_of_the_same_file_is_the_same_buyer,
    ten_thousand_buyers_are_imported_at_once,
    nul_characters_in_a_file_do_not_stop_its_import,
    a_fax_customer_without_an_address_is_known_again,
    who_rings_from_the_same_office_is_a_question_not_a_merge,
    tags_of_a_file_join_those_of_the_card,
    an_import_that_was_a_mistake_is_taken_back,
    what_happened_since_an_import_stays_when_it_is_taken_back,
    a_row_meets_the_buyer_that_another_turned_out_to_be,
    a_row_meets_the_buyer_who_came_by_mail,
    a_row_meets_two_who_came_by_mail_and_are_one_by_the_names_of_either,
    what_is_exported_comes_back_the_same,
    an_export_can_be_narrowed,
];

/// New buyers, known buyers that changed, rows that belong to one who was there.
fn counts(plan: &Plan) -> (usize, usize, usize) {
    (plan.added(), plan.changed(), plan.merged.len())
}

async fn import(shop: &Shop, csv: &str) -> (usize, usize, usize) {
    counts(&shop.import(csv.as_bytes()).await)
}

async fn buyer(shop: &Shop, wanted: &str) -> BuyerRow {
    shop.store.buyer(wanted).await.expect("an answer").expect(wanted).0
}

async fn addresses(shop: &Shop, wanted: &str) -> Vec<String> {
    shop.store.buyer(wanted).await.expect("an answer").expect(wanted).1
}

async fn an_import_adds_new_buyers_and_overwrites_nothing(engine: Engine) {
    let shop = Shop::open(engine).await;
    let csv = "company,name,email,country,phone,grade,source,notes,stage,owner,consent\n\
               Kestrel Ltd,Ann,Ann@Kestrel.example,England,020 7946 0958,a,fair,\"likes, red\",trial order,Amy,asked for it\n\
               Heron SA,,bob@heron.example,,,,,,,,\n";
    assert_eq!(import(&shop, csv).await, (2, 0, 0));
    let changed = csv.replace("Kestrel Ltd", "Another name").replace("Heron SA,,", "Heron SA,Bob,");
    assert_eq!(import(&shop, &changed).await, (0, 2, 2));
    assert_eq!(import(&shop, &changed).await, (0, 0, 2), "a second time adds nothing");
    let ann = buyer(&shop, "ann@kestrel.example").await;
    assert_eq!((ann.company.as_deref(), ann.name.as_deref()), (Some("Kestrel Ltd"), Some("Ann")));
    assert_eq!((ann.country.as_deref(), ann.grade.as_deref()), (Some("GB"), Some("A")));
    assert_eq!(ann.phone.as_deref(), Some("+442079460958"));
    assert_eq!((ann.source.as_str(), ann.inquiries, ann.stage.as_str()), ("fair", 0, "trial_order"));
    assert_eq!(ann.notes, "likes, red\ncompany: Another name");
    assert_eq!((ann.owner.as_deref(), ann.consent.as_deref()), (Some("Amy"), Some("asked for it")));
    assert_eq!((ann.first_contact, ann.last_contact), (NOW - 100 * DAY, NOW - 100 * DAY));
    let bob = buyer(&shop, "bob@heron.example").await;
    assert_eq!((bob.name.as_deref(), bob.grade, bob.source.as_str()), (Some("Bob"), None, "import"));
    assert_eq!(shop.number("SELECT COUNT(*) FROM buyer_import").await, 2, "one that changes nothing is none");
}

async fn further_addresses_of_a_known_buyer_are_added(engine: Engine) {
    let shop = Shop::open(engine).await;
    import(&shop, "email\nann@kestrel.example\n").await;
    let csv = "email,other_emails\nbuying@kestrel.example,\"ann@kestrel.example; office@kestrel.example\"\n";
    assert_eq!(import(&shop, csv).await, (0, 1, 1));
    assert_eq!(buyer(&shop, "1").await.email.as_deref(), Some("ann@kestrel.example"), "the address we write to stays");
    let expected = ["ann@kestrel.example", "buying@kestrel.example", "office@kestrel.example"];
    assert_eq!(addresses(&shop, "office@kestrel.example").await, expected);
}

async fn a_dry_run_tells_what_an_import_would_do_and_changes_nothing(engine: Engine) {
    let shop = Shop::open(engine).await;
    import(&shop, "email\nann@kestrel.example\n").await;
    let csv = "email,other_emails\nann@kestrel.example,a@k.example\nbob@heron.example,\ncid@egret.example,\n";
    let rows = read_customers(csv.as_bytes(), NOW).expect("a table").buyers;
    let plan = shop.store.plan_import(&rows, &|_, _| {}).await.expect("a plan");
    assert_eq!(counts(&plan), (2, 1, 1));
    assert_eq!(shop.store.count_buyers().await.expect("a number"), 1);
    assert_eq!(shop.number("SELECT COUNT(*) FROM buyer_address").await, 1);
    assert_eq!(import(&shop, csv).await, (2, 1, 1));
    assert_eq!(shop.number("SELECT MAX(id) FROM buyer").await, 3, "the dry run took no numbers");
}

async fn a_row_that_repeats_an_address_of_the_same_file_is_the_same_buyer(engine: Engine) {
    let shop = Shop::open(engine).await;
    let filler: String = (0..150).map(|number| format!("f{number}@filler{number}.example,\n")).collect();
    let csv = format!(
        "email,other_emails\nann@kestrel.example,\nANN@kestrel.example,\nbuying@kestrel.example,ann@kestrel.example\n\
         {filler}office@kestrel.example,buying@kestrel.example\n"
    );
    assert_eq!(import(&shop, &csv).await, (151, 0, 3));
    let expected = ["ann@kestrel.example", "buying@kestrel.example", "office@kestrel.example"];
    assert_eq!(addresses(&shop, "ann@kestrel.example").await, expected);
}

async fn ten_thousand_buyers_are_imported_at_once(engine: Engine) {
    let shop = Shop::open(engine).await;
    let rows: String = (0..10_000).map(|n| format!("Company {n},b{n}@c{n}.example,x{n}@c{n}.example\n")).collect();
    let csv = format!("company,email,other_emails\n{rows}");
    assert_eq!(import(&shop, &csv).await, (10_000, 0, 0));
    assert_eq!(import(&shop, &csv).await, (0, 0, 10_000));
    assert_eq!(shop.store.count_buyers().await.expect("a number"), 10_000);
    assert_eq!(shop.number("SELECT COUNT(*) FROM buyer_address").await, 20_000);
    let last = buyer(&shop, "x9999@c9999.example").await;
    assert_eq!((last.id, last.company.as_deref()), (10_000, Some("Company 9999")));
    let undone = shop.store.undo_import(1, NOW).await.expect("taken back");
    assert_eq!((undone.removed, undone.kept.len()), (10_000, 0));
}

async fn nul_characters_in_a_file_do_not_stop_its_import(engine: Engine) {
    let shop = Shop::open(engine).await;
    let csv = "email,company,name,phone,country,source,notes\n\
               ann@kestrel.example,Kes\0trel,A\0nn,+44 20 7946 0958\0,G\0B,fa\0ir,no\0te\n";
    assert_eq!(import(&shop, csv).await, (1, 0, 0));
    let ann = buyer(&shop, "ann@kestrel.example").await;
    assert_eq!((ann.company.as_deref(), ann.source.as_str(), ann.notes.as_str()), (Some("Kestrel"), "fair", "note"));
}

async fn a_fax_customer_without_an_address_is_known_again(engine: Engine) {
    let shop = Shop::open(engine).await;
    let csv = "公司,联系人,国家,传真,电话,邮箱\n\
               Nordlicht Möbel GmbH,,德国,040 1234567,,\n\
               Osprey Traders,Joan Reed,英国,,0161 496 0123,\n\
               Plover Ltd,,,,,\n,,英国,,020 7946 0958,\n";
    assert_eq!(import(&shop, csv).await, (2, 0, 0));
    assert_eq!(import(&shop, csv).await, (0, 0, 2), "nobody twice");
    let nordlicht = buyer(&shop, "1").await;
    assert_eq!((nordlicht.phone, nordlicht.notes.as_str()), (None, "fax: +49401234567"));
    // Years later his card has an address and another spelling of the number.
    let card = "BEGIN:VCARD\nVERSION:3.0\nFN:joan REED\nORG:Osprey Traders (UK)\nTEL:+44 161 496 0123\n\
                EMAIL:joan@osprey.example\nEND:VCARD\n";
    assert_eq!(import(&shop, card).await, (0, 1, 1));
    assert_eq!(buyer(&shop, "2").await.email.as_deref(), Some("joan@osprey.example"));
}

async fn who_rings_from_the_same_office_is_a_question_not_a_merge(engine: Engine) {
    let shop = Shop::open(engine).await;
    import(&shop, "name,email,phone\nAnn Lee,ann@kestrel.example,+44 20 7946 0958\n").await;
    let plan = shop
        .import(
            b"name,email,phone\nBob Hill,bob@kestrel.example,\nCid May,cid@gmail.com,+44 20 7946 0958\n\
              Dan Fox,dan@gmail.com,\n",
        )
        .await;
    assert_eq!(counts(&plan), (3, 0, 0));
    let whys: Vec<&str> = plan.doubts.iter().map(|doubt| doubt.why.as_str()).collect();
    let expected =
        ["the same company domain kestrel.example, another person", "the same number +442079460958, another name"];
    assert_eq!(whys, expected, "free mail says nothing");
}

async fn tags_of_a_file_join_those_of_the_card(engine: Engine) {
    let shop = Shop::open(engine).await;
    import(&shop, "email,tags\nann@kestrel.example,VIP\n").await;
    let csv = "邮箱,客户标签\nann@kestrel.example,\"vip，代理、Canton 2026\"\nbob@heron.example,old; -\n";
    assert_eq!(import(&shop, csv).await, (1, 1, 1));
    assert_eq!(import(&shop, csv).await, (0, 0, 2), "a second time adds nothing");
    assert_eq!(buyer(&shop, "1").await.tags.joined(), "Canton 2026; VIP; 代理");
    assert_eq!(buyer(&shop, "2").await.tags.joined(), "old");
    let long = "met at the fair in the hall where the red chairs stood";
    let read = read_customers(format!("email,tag\nc@c.example,{long}\n").as_bytes(), NOW).expect("a table");
    assert_eq!(read.problems[0].what, format!("`{long}` is too long for a tag: kept in the notes"));
    assert_eq!((&read.buyers[0].tags, &read.buyers[0].notes), (&vec![], &vec![format!("tags: {long}")]));
    shop.store.undo_import(2, NOW).await.expect("taken back");
    assert_eq!(buyer(&shop, "1").await.tags.joined(), "VIP");
    assert!(shop.store.buyer("bob@heron.example").await.expect("an answer").is_none());
}

async fn an_import_that_was_a_mistake_is_taken_back(engine: Engine) {
    let shop = Shop::open(engine).await;
    import(&shop, "name,email,notes\nAnn,ann@kestrel.example,old friend\n").await;
    let before = format!("{:?}", buyer(&shop, "1").await);
    let marks = "SELECT COUNT(*) FROM buyer_mark";
    let marks_before = shop.number(marks).await;
    let csv = "name,email,other_emails,company,country,stage,last_contact,notes\n\
               Anna,ann@kestrel.example,a@kestrel.example,Kestrel,GB,repeat order,2026-11-01,new\nBob,bob@heron.example,,,,,,\n";
    assert_eq!(import(&shop, csv).await, (1, 1, 1));
    let undone = shop.store.undo_import(2, NOW).await.expect("taken back");
    assert_eq!((undone.removed, undone.restored, undone.kept), (1, 1, vec![]));
    assert_eq!(format!("{:?}", buyer(&shop, "1").await), before);
    assert_eq!(addresses(&shop, "1").await, ["ann@kestrel.example"]);
    assert_eq!((shop.number(marks).await, shop.store.count_buyers().await.expect("a number")), (marks_before, 1));
    assert!(shop.store.undo_import(2, NOW).await.is_err(), "only once");
    assert!(shop.store.undo_import(9, NOW).await.is_err());
    let imports = shop.store.imports().await.expect("a list");
    assert_eq!((imports[0].id, imports[0].undone_at, imports[1].undone_at), (2, Some(NOW), None));
    assert_eq!(import(&shop, csv).await, (1, 1, 1), "and once more");
}

async fn what_happened_since_an_import_stays_when_it_is_taken_back(engine: Engine) {
    let shop = Shop::open(engine).await;
    import(&shop, "email\nann@kestrel.example\n").await;
    let csv = "email,name,company\nann@kestrel.example,Ann,Kestrel\nbob@heron.example,Bob,\ncid@egret.example,Cid,\n";
    import(&shop, csv).await;
    shop.deliver("sales", &Mail::from("bob@heron.example").id("1@heron.example"));
    shop.poll().await;
    shop.database().await.run("UPDATE buyer SET name = 'Ann Lee' WHERE id = 1").await;
    let undone = shop.store.undo_import(2, NOW).await.expect("taken back");
    assert_eq!((undone.removed, undone.restored), (1, 1));
    assert_eq!(undone.kept, ["#1: name changed since, and stays", "#2 stays: he has inquiries since"]);
    let ann = buyer(&shop, "1").await;
    assert_eq!((ann.name.as_deref(), ann.company), (Some("Ann Lee"), None));
    assert!(shop.store.buyer("cid@egret.example").await.expect("an answer").is_none());
}

async fn a_row_meets_the_buyer_that_another_turned_out_to_be(engine: Engine) {
    let shop = Shop::open(engine).await;
    import(&shop, "email,name,phone\nann@kestrel.example,Ann,\na@old.example,Ann,+44 20 7946 0958\n").await;
    let merge = "UPDATE buyer SET merged_into = 1 WHERE id = 2; UPDATE buyer_address SET buyer_id = 1";
    shop.database().await.run(merge).await;
    assert_eq!(import(&shop, "email,name,phone\nann@new.example,Ann,020 7946 0958\n").await.0, 1, "no country");
    assert_eq!(import(&shop, "email,name,phone\nann@newer.example,Ann,+44 20 7946 0958\n").await, (0, 1, 1));
    assert!(addresses(&shop, "1").await.contains(&"ann@newer.example".to_owned()));
}

/// Somebody writes, and signs with his company and number.
async fn comes_by_mail(shop: &Shop, name: &str, company: &str, phone: &str, email: &str) {
    let text =
        format!("Please quote 600 folding chairs.\r\n\r\nBest regards\r\n{name}\r\n{company}\r\nTel {phone}\r\n");
    shop.deliver("sales", &Mail::from(&format!("{name} <{email}>")).id(email).text(&text));
    shop.poll().await;
}

async fn a_row_meets_the_buyer_who_came_by_mail(engine: Engine) {
    let shop = Shop::open(engine).await;
    comes_by_mail(&shop, "Joan Reed", "Osprey Traders Ltd", "+44 161 496 0123", "joan@osprey.co.uk").await;
    for (row, met) in [
        ("Reed Joan,Osprey Traders,j@one.example,", true),
        ("Ms Joan Reed,,j@two.example,+44 161 496 0123", true),
        (",Osprey Traders Limited,j@three.example,+44 161 496 0123", true),
        ("Joan Reed,Heron SA,j@four.example,", false),
        ("Bob Hill,Osprey Traders,j@five.example,", false),
        ("Bob Hill,,j@six.example,+44 161 496 0123", false),
    ] {
        let expected = if met { (0, 1, 1) } else { (1, 0, 0) };
        assert_eq!(import(&shop, &format!("name,company,email,phone\n{row}\n")).await, expected, "{row}");
    }
    assert_eq!(addresses(&shop, "1").await.len(), 4);
}

async fn a_row_meets_two_who_came_by_mail_and_are_one_by_the_names_of_either(engine: Engine) {
    let shop = Shop::open(engine).await;
    comes_by_mail(&shop, "Joan Reed", "Osprey Traders Ltd", "+44 161 496 0123", "joan@osprey.co.uk").await;
    comes_by_mail(&shop, "Martin Cole", "Plover Gardens Ltd", "+44 161 496 0199", "martin@plover.co.uk").await;
    let merge = shop.store.merge(1, 2, "asked her", "Amy", NOW).await.expect("a merge");
    let row =
        |number: u8, name: &str, company: &str| format!("name,company,email\n{name},{company},{number}@x.example\n");
    for (number, name, company) in [
        (1, "Joan Reed", "Osprey Traders"),
        (2, "Martin Cole", "Plover Gardens"),
        (3, "Joan Reed", "Plover Gardens"),
        (4, "Martin Cole", "Osprey Traders"),
    ] {
        assert_eq!(import(&shop, &row(number, name, company)).await, (0, 1, 1), "{name}, {company}");
        assert!(addresses(&shop, "1").await.contains(&format!("{number}@x.example")), "{name}, {company}");
    }
    shop.store.unmerge(merge, "Amy", NOW).await.expect("undone");
    assert_eq!(import(&shop, &row(5, "Martin Cole", "Plover Gardens")).await, (0, 1, 1));
    assert!(addresses(&shop, "2").await.contains(&"5@x.example".to_owned()));
}

/// The base as an export tells it, without what a new base numbers anew.
async fn base(shop: &Shop) -> Vec<ExportedBuyer> {
    let mut all = shop.store.export_buyers(&ExportFilter::default()).await.expect("buyers");
    all.iter_mut().for_each(|buyer| buyer.id = 0);
    all
}

async fn what_is_exported_comes_back_the_same(engine: Engine) {
    let shop = Shop::open(engine).await;
    let csv_file = "company,name,email,other_emails,country,phone,grade,stage,owner,language,source,consent,first_contact,\
        last_contact,notes,颜色,tags,consent_at,同意有效期\n\
        =HYPERLINK(1),-Ann,ann@kestrel.example,a@kestrel.example;b@kestrel.example,GB,+44 20 7946 0958,A,repeat_order,\
        @amy,en,fair,'tis fine,2009-05-06,2026-03-04 05:06:07,\"'quoted\nline 2\",红,=sum; vip,2026-03-04 05:06:07,31.10.2028\n\
        \"Möbel, \"\"Groß\"\"; KG\",,,,DE,040 1234567,,,,,,,,,+1 = 2,,,,\n";
    assert_eq!(import(&shop, csv_file).await, (2, 0, 0));
    shop.database().await.run("INSERT INTO buyer_address (address, buyer_id) VALUES ('alibaba/ann/kestrel', 1)").await;
    shop.deliver("sales", &Mail::from("cid@egret.example").id("1@egret.example").subject("A container"));
    shop.poll().await;
    let before = base(&shop).await;
    assert_eq!(before[0].company.as_deref(), Some("=HYPERLINK(1)"));
    assert_eq!((before[0].consent_at.is_some(), before[0].consent_until.as_deref()), (true, Some("2028-10-31")));
    let zone = TimeZone::get("Asia/Shanghai").expect("a zone");
    for (kind, file) in [("csv", csv(&before, &zone).expect("a CSV")), ("xlsx", xlsx(&before, &zone).expect("a sheet"))]
    {
        let other = Shop::open(engine).await;
        let table = inquiryd::buyer::import::read_table(&file, None).expect("a table");
        let circumstances = inquiryd::buyer::import::Circumstances { now: NOW, zone: &zone, source: None };
        let told = inquiryd::buyer::import::Told::default();
        let mapping = inquiryd::buyer::import::Mapping::guess(&table, &told, circumstances.year()).expect("a mapping");
        let read = inquiryd::buyer::import::buyers(&table, &mapping, &circumstances);
        assert_eq!(read.problems, [], "{kind}");
        other.store.import((kind, ""), &read.buyers, NOW, &|_, _| {}).await.expect("imported");
        assert_eq!(base(&other).await, before, "{kind}");
        assert_eq!(
            counts(&shop.store.plan_import(&read.buyers, &|_, _| {}).await.expect("a plan")),
            (0, 0, 3),
            "{kind}"
        );
    }
}

async fn an_export_can_be_narrowed(engine: Engine) {
    let shop = Shop::open(engine).await;
    import(
        &shop,
        "email,country,grade,stage,tag\na@a.example,DE,A,intent,vip\nb@b.example,DE,B,,agent\nc@c.example,FR,A,,\n",
    )
    .await;
    let exported = async |filter| shop.store.export_buyers(&filter).await.expect("buyers").len();
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(exported(ExportFilter { grade: some("A"), country: some("de"), ..ExportFilter::default() }).await, 1);
    assert_eq!(exported(ExportFilter { country: some("DE"), ..ExportFilter::default() }).await, 2);
    let tags = |tags: &[&str]| tags.iter().map(|tag| (*tag).to_owned()).collect();
    assert_eq!(exported(ExportFilter { tags: tags(&["VIP"]), ..ExportFilter::default() }).await, 1);
    assert_eq!(exported(ExportFilter { tags: tags(&["VIP", "agent"]), ..ExportFilter::default() }).await, 2);
    let stage = Some(inquiryd::buyer::Stage::Intent);
    assert_eq!(exported(ExportFilter { stage, ..ExportFilter::default() }).await, 1);
}

async fn a_grade_of_the_old_customer_base_is_raised_by_a_mail_and_not_lowered(engine: Engine) {
    let shop = Shop::open(engine).await;
    shop.import(b"email,grade\nann@kestrel.example,A\nbob@heron.example,C\n").await;
    shop.deliver("sales", &Mail::from("ann@kestrel.example").id("1@k").subject("Hello").text("Price list?\r\n"));
    shop.deliver("sales", &Mail::from("bob@heron.example").id("2@h").subject("A container"));
    shop.poll().await;
    let mut grades = Vec::new();
    for address in ["ann@kestrel.example", "bob@heron.example"] {
        grades.push(shop.store.buyer(address).await.expect("an answer").expect("a buyer").0.grade);
    }
    assert_eq!(grades, [Some("A".to_owned()), Some("A".to_owned())]);
}
