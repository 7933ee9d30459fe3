//! The old customer base is shown, applied, taken back and exported from the command line.

use crate::support::site::Site;

const OLD: &str = "客户名,E-mail,Tel,国家,颜色,建档日期\nKestrel Ltd,ann@kestrel.example,020 7946 0958,英国,red,03/04/2009\n\
                   =Heron,bob@heron.example,,Narnia,,05/06/2010\nEgret SA,nobody,,,,\n";

#[test]
fn an_import_is_shown_before_it_is_applied() {
    let site = Site::new("import-shown").file("old customers.csv", OLD);
    let shown = site.prints(&["buyers", "import", "old customers.csv", "--source", "Canton Fair 138"]);
    for words in [
        "old customers.csv: CSV (UTF-8, commas), 3 rows",
        "客户名    company        by its name",
        "颜色      (notes)        not known: kept in the notes  red",
        "`建档日期`: 03/04/2009 and every other can be read in two ways; it is read as day, month, year; if that is wrong, \
         say --dates mdy",
        "3 rows: 2 buyers would be added",
        "line 3: `Narnia` is no country that is known: kept in the notes",
        "line 4: left out: it has no mail address and no telephone or fax number",
        "buyers import 'old customers.csv' --source 'Canton Fair 138' --apply",
    ] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    assert!(site.json(&["buyers", "list", "--json"]).is_empty());
    let applied = site.prints(&["buyers", "import", "old customers.csv", "--apply", "--source", "Canton Fair 138"]);
    assert!(applied.contains("2 buyers added") && applied.contains("--undo 1"), "{applied}");
    let buyers = site.json(&["buyers", "list", "--json"]);
    assert!(buyers.iter().all(|buyer| buyer["source"] == "Canton Fair 138"), "{buyers:?}");
    let imports = site.json(&["buyers", "imports", "--json"]);
    assert_eq!((&imports[0]["file"], &imports[0]["added"]), (&"old customers.csv".into(), &2.into()));
    assert!(site.prints(&["buyers", "import", "--undo", "1"]).contains("2 buyers removed, 0 restored"));
    let twice = site.run(&["buyers", "import", "--undo", "1"]);
    assert!(twice.code == Some(1) && twice.err.contains("no import 1 that could be taken back"), "{twice:?}");
}

#[test]
fn columns_are_told_and_kept_for_the_next_file() {
    let site = Site::new("import-told").file("old.csv", OLD);
    let told =
        ["buyers", "import", "old.csv", "--map", "颜色=products", "--map", "国家=ignore", "--save-map", "map.toml"];
    let shown = site.prints(&told);
    assert!(shown.contains("颜色      products       as you say"), "{shown}");
    let kept = std::fs::read_to_string(site.path("map.toml")).expect("a map");
    assert!(kept.contains("\"颜色\" = \"products\""), "{kept}");
    let shown = site.prints(&["buyers", "import", "old.csv", "--map-file", "map.toml", "--report", "report.csv"]);
    assert!(shown.contains("颜色      products       as you say") && !shown.contains("Narnia` is no"), "{shown}");
    let report = std::fs::read_to_string(site.path("report.csv")).expect("a report");
    assert!(report.contains("4,left out,"), "{report}");
    for (wrong, words) in [("颜=x", "`x` is no field; there are name,"), ("甲=company", "no column is named `甲`")] {
        let ran = site.run(&["buyers", "import", "old.csv", "--map", wrong]);
        assert!(ran.code != Some(0) && ran.err.contains(words), "{ran:?}");
    }
    let missing = site.run(&["buyers", "import", "nowhere.csv"]);
    assert!(missing.code == Some(1) && missing.err.contains("nowhere.csv"), "{missing:?}");
}

#[test]
fn a_buyer_is_tagged_listed_shown_and_exported_by_it() {
    let site = Site::new("tags").file("old.csv", OLD);
    site.prints(&["buyers", "import", "old.csv", "--apply"]);
    site.prints(&["buyers", "edit", "1", "--tag", "VIP", "--tag", "canton 2026", "--tag", "old"]);
    site.prints(&["buyers", "edit", "1", "--untag", "OLD", "--tag", "vip"]);
    assert!(site.prints(&["buyers", "show", "1"]).contains("tags          canton 2026; VIP\n"));
    let listed = site.json(&["buyers", "list", "--tag", "vip", "--json"]);
    assert_eq!((listed.len(), &listed[0]["tags"]), (1, &serde_json::json!(["canton 2026", "VIP"])));
    assert!(site.json(&["buyers", "list", "--tag", "old", "--json"]).is_empty());
    assert_eq!(site.json(&["buyers", "list", "--tag", "old", "--tag", "Vip", "--json"]).len(), 1);
    assert_eq!(site.json(&["buyers", "show", "1", "--json"])[0]["tags"][1], "VIP");
    assert!(site.prints(&["buyers", "export", "vip.csv", "--tag", "vip"]).contains("1 buyers in vip.csv"));
    let csv = std::fs::read_to_string(site.path("vip.csv")).expect("a CSV");
    assert!(csv.contains(",tags,") && csv.contains(",canton 2026; VIP,"), "{csv}");
    let wrong = site.run(&["buyers", "edit", "1", "--tag", "a, b"]);
    assert!(wrong.code == Some(2) && wrong.err.contains("`,` stands between tags, not in one"), "{wrong:?}");
    let none = site.prints(&["buyers", "list", "--tag", "nobody"]);
    assert_eq!(none, "no buyer is so: `inquiryd buyers list` shows all\n");
}

#[test]
fn an_export_holds_no_formula() {
    let site = Site::new("export").file("old.csv", OLD);
    site.prints(&["buyers", "import", "old.csv", "--apply"]);
    assert!(site.prints(&["buyers", "export", "all.csv"]).contains("2 buyers in all.csv"));
    let csv = std::fs::read_to_string(site.path("all.csv")).expect("a CSV");
    assert!(csv.contains(",'+442079460958,") && csv.contains(",'=Heron,"), "{csv}");
    assert!(site.prints(&["buyers", "export", "some.xlsx", "--country", "GB"]).contains("1 buyers in some.xlsx"));
    let shown = site.prints(&["buyers", "import", "some.xlsx"]);
    assert!(shown.contains("1 with nothing new"), "{shown}");
    assert_eq!(site.run(&["buyers", "export", "all.pdf"]).code, Some(1));
}
