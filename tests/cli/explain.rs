//! `explain --json`: the shape by which others measure us.

use crate::support::servers;
use crate::support::site::{Site, inquiry, inquiryd, json_lines, ran, ran_with};
use serde_json::Value;
use std::fs;
use std::path::Path;

const KEYS: [&str; 19] = [
    "attachments",
    "bounce",
    "buyer",
    "facts",
    "file",
    "from",
    "grade",
    "kind",
    "kind_reason",
    "language",
    "message_id",
    "reasons",
    "received_at",
    "relay",
    "remarks",
    "risks",
    "score",
    "subject",
    "text",
];

fn keys(value: &Value) -> Vec<&str> {
    let mut keys: Vec<&str> = value.as_object().expect("an object").keys().map(String::as_str).collect();
    keys.sort_unstable();
    keys
}

fn has_the_documented_shape(mail: &Value) {
    assert_eq!(keys(mail), KEYS, "{mail}");
    assert_eq!(keys(&mail["from"]), ["email", "name"]);
    assert_eq!(
        keys(&mail["buyer"]),
        ["answer_to", "company", "country", "country_source", "email", "known", "matched_by", "name", "phone"]
    );
    let facts = [
        "certificates",
        "deadline",
        "incoterm",
        "phones",
        "port",
        "products",
        "quantity",
        "sample",
        "target_price",
        "websites",
    ];
    assert_eq!(keys(&mail["facts"]), facts);
    for (list, keys_of_each) in [
        ("reasons", &["matched", "points", "rule", "why"][..]),
        ("risks", &["detail", "risk"]),
        ("attachments", &["name", "size", "type"]),
    ] {
        for item in mail[list].as_array().expect("a list") {
            assert_eq!(keys(item), keys_of_each, "{list}");
        }
    }
    if !mail["bounce"].is_null() {
        assert_eq!(keys(&mail["bounce"]), ["kind", "permanent", "recipient", "status"]);
    }
    let kinds = [
        "inquiry",
        "reply",
        "bounce",
        "auto_reply",
        "newsletter",
        "spam",
        "pitch",
        "platform_notice",
        "internal",
        "command",
    ];
    assert!(kinds.contains(&mail["kind"].as_str().expect("a kind")), "{mail}");
    assert_eq!(
        mail["grade"].is_string(),
        ["inquiry", "reply"].contains(&mail["kind"].as_str().unwrap_or("")),
        "{mail}"
    );
}

#[test]
fn every_bundled_mail_is_explained_in_the_documented_shape_without_any_configuration() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/cli/demo/mails");
    let said = ran(&mut inquiryd(&["explain", "--json", folder.to_str().expect("UTF-8")])).succeeded();
    let mails = json_lines(&said);
    assert_eq!(mails.len(), fs::read_dir(folder).expect("the bundled mails").count());
    mails.iter().for_each(has_the_documented_shape);
    for wanted in ["attachments", "reasons", "risks"] {
        let some = mails.iter().any(|mail| !mail[wanted].as_array().expect("a list").is_empty());
        assert!(some, "no mail has {wanted}: their shape was not seen");
    }
    assert!(mails.iter().any(|mail| !mail["bounce"].is_null()));
}

#[test]
fn a_file_a_maildir_and_standard_input_say_the_same() {
    let site = Site::new("explain");
    let raw = inquiry("lot-explain");
    site.write("box/new/1.mail", &raw);
    site.write("box/cur/2.mail:2,S", &raw);
    let in_folder = site.json(&["explain", "--json", "box"]);
    assert_eq!(in_folder.len(), 2);
    let of_file = site.json(&["explain", "--json", "box/new/1.mail"]).remove(0);
    let ran = ran_with(&mut site.command(&["explain", "--json", "-"]), &raw);
    let mut of_input = json_lines(&ran.succeeded()).remove(0);
    assert_eq!(of_input["file"], "-");
    of_input["file"] = of_file["file"].clone();
    assert_eq!(of_input, of_file);
    has_the_documented_shape(&of_file);
    assert_eq!(of_file["message_id"], "lot-explain@mail.example");
    assert_eq!(of_file["kind"], "inquiry");
    assert_eq!(of_file["buyer"]["known"], false);
    assert!(!site.path("inquiryd.db").exists(), "nothing is recorded");
    let for_people = site.prints(&["explain", "box"]);
    assert!(for_people.contains("Inquiry lot-explain for folding chairs"), "{for_people}");
}

#[test]
fn a_buyer_who_wrote_before_is_known() {
    let site = Site::new("explain-known");
    servers::deliver_lmtp(&site.sales, &inquiry("lot-before"));
    site.prints(&["poll", "--no-send"]);
    site.write("again.eml", inquiry("lot-before"));
    let mail = site.json(&["explain", "--json", "again.eml"]).remove(0);
    assert_eq!((&mail["buyer"]["known"], &mail["buyer"]["matched_by"]), (&true.into(), &"address".into()), "{mail}");
    assert_eq!(site.json(&["inquiries", "list", "--json"]).len(), 1);
}

#[test]
fn a_file_that_is_not_there_is_reported_and_the_others_go_on() {
    let site = Site::new("explain-missing");
    site.write("one.eml", inquiry("lot-one"));
    let ran = site.run(&["explain", "--json", "none.eml", "one.eml"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.err.contains("reading none.eml"), "{}", ran.err);
    assert_eq!(json_lines(&ran.out).len(), 1);
}
