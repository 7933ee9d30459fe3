//! Lists for people and for programs, and the few things people decide by them.

use crate::support::servers;
use crate::support::site::{Site, answer_to, inquiry, inquiryd, ran};
use std::process::Stdio;

const BUYERS: &str = "Company,Name,Email,Country,Grade\nHadley Ltd,Tom Hadley,tom@hadley.example,GB,A\n\
                      Whitfield & Sons,James Whitfield,lot-known@buyer-lot-known.example,US,B\n,,no address,,\n";

/// Two inquiries, one of a buyer known by import; one digest in the outbox.
fn polled(name: &str) -> Site {
    let site = Site::new(name).file("buyers.csv", BUYERS);
    servers::deliver_lmtp(&site.sales, &inquiry("lot-known"));
    servers::deliver_lmtp(&site.sales, &inquiry("lot-new"));
    site
}

#[test]
fn imported_buyers_are_known_listed_and_shown() {
    let site = polled("buyers");
    let dry = site.prints(&["buyers", "import", "buyers.csv"]);
    assert!(dry.contains("3 rows: 2 buyers would be added") && dry.contains("1 left out"), "{dry}");
    assert!(dry.contains("line 4: `no address` is no mail address"), "{dry}");
    assert!(dry.contains("buyers import buyers.csv --apply"), "{dry}");
    assert!(site.json(&["buyers", "list", "--json"]).is_empty());
    assert!(site.prints(&["buyers", "list"]).contains("no buyers yet"));
    assert!(site.prints(&["buyers", "import", "buyers.csv", "--apply"]).contains("2 buyers added"));
    let again = site.prints(&["buyers", "import", "buyers.csv", "--apply"]);
    assert!(again.contains("0 buyers added") && again.contains("everything was known already"), "{again}");
    site.prints(&["poll"]);
    let buyers = site.json(&["buyers", "list", "--json"]);
    assert_eq!(buyers.len(), 3);
    let found = site.json(&["buyers", "list", "HADLEY", "--json"]);
    assert_eq!((found.len(), &found[0]["company"]), (1, &"Hadley Ltd".into()));
    let shown = site.prints(&["buyers", "show", "lot-known@buyer-lot-known.example"]);
    assert!(shown.contains("Whitfield & Sons") && shown.contains("Inquiry lot-known for folding chairs"), "{shown}");
    assert_eq!(site.json(&["buyers", "show", "1", "--json"])[0]["id"], 1);
    let nobody = site.run(&["buyers", "show", "nobody@elsewhere.example"]);
    assert_eq!((nobody.code, nobody.out.as_str()), (Some(1), ""));
    assert!(nobody.err.contains("no buyer is `nobody@elsewhere.example`"));
}

#[test]
fn inquiries_are_listed_shown_and_excused() {
    let site = polled("inquiries");
    site.prints(&["buyers", "import", "buyers.csv", "--apply"]);
    assert!(site.prints(&["inquiries", "list"]).contains("no inquiries"));
    site.prints(&["poll"]);
    let inquiries = site.json(&["inquiries", "list", "--json"]);
    assert_eq!(inquiries.len(), 2);
    let known = inquiries.iter().find(|inquiry| inquiry["known"] == true).expect("the imported buyer's");
    assert_eq!(known["matched_by"], "address");
    let number = known["id"].to_string();
    let table = site.prints(&["inquiries", "list", "--limit", "1"]);
    assert_eq!(table.lines().count(), 2, "{table}");
    let shown = site.prints(&["inquiries", "show", &number]);
    assert!(shown.contains("known by address") && shown.contains("best FOB Ningbo price"), "{shown}");
    assert_eq!(site.json(&["inquiries", "show", &number, "--json"])[0]["id"], known["id"]);
    let excused = site.prints(&["inquiries", "excuse", &format!("#{number}"), "--why", "answered by WhatsApp"]);
    assert!(excused.contains("waits no longer: answered by WhatsApp"), "{excused}");
    let again = site.run(&["inquiries", "excuse", &number, "--why", "twice"]);
    assert_eq!(again.code, Some(1));
    assert!(again.err.contains("doesn't wait any more: it was answered by WhatsApp"), "{}", again.err);
    assert_eq!(site.json(&["inquiries", "list", "--waiting", "--json"]).len(), 1);
    for wrong in ["99", "abc"] {
        assert_eq!(site.run(&["inquiries", "show", wrong]).code, Some(1));
    }
    let grade = known["grade"].as_str().expect("a grade");
    assert!(site.json(&["inquiries", "list", "--grade", grade, "--json"]).iter().all(|one| one["grade"] == grade));
}

#[test]
fn an_inquiry_shows_when_it_was_answered() {
    let site = polled("answered");
    site.prints(&["poll"]);
    servers::append(&site.sales, "Sent", "\\Seen", &answer_to("lot-new"));
    site.prints(&["poll"]);
    let table = site.prints(&["inquiries", "list"]);
    assert!(table.lines().any(|line| line.contains("lot-new") && line.contains("answered 20")), "{table}");
    assert!(table.lines().any(|line| line.contains("lot-known") && line.contains("waiting")), "{table}");
}

#[test]
fn a_refused_mail_is_shown_and_sent_again_or_given_up_by_a_person() {
    // The server relays for nobody but test.example.
    let site = polled("outbox").file("inquiryd.d/team.toml", "[team]\nmembers = [\"amy@elsewhere.invalid\"]\n");
    assert!(site.prints(&["outbox", "list"]).contains("nothing"));
    assert!(site.prints(&["poll"]).contains("1 refused"));
    let refused = site.json(&["outbox", "list", "--state", "refused", "--json"]);
    assert_eq!(refused.len(), 1);
    assert!(refused[0]["last_error"].as_str().expect("an error").contains("5.7.1"), "{}", refused[0]);
    let number = refused[0]["id"].to_string();
    let raw = site.prints(&["outbox", "show", &number]);
    assert!(raw.contains("\r\nAuto-Submitted: auto-generated\r\n"), "{raw}");
    assert!(site.prints(&["outbox", "resend", &number]).contains("goes out with the next round"));
    assert_eq!(site.json(&["outbox", "list", "--state", "planned", "--json"]).len(), 1);
    let undecidable = site.run(&["outbox", "drop", &number]);
    assert_eq!(undecidable.code, Some(1));
    assert!(undecidable.err.contains("neither held (`unknown`) nor refused"), "{}", undecidable.err);
    assert!(site.prints(&["poll"]).contains("refused"));
    assert!(site.prints(&["outbox", "drop", &number]).contains("is given up"));
    assert_eq!(site.json(&["outbox", "list", "--state", "dropped", "--json"]).len(), 1);
    assert_eq!(site.run(&["outbox", "show", "99"]).code, Some(1));
}

#[test]
fn the_status_says_how_things_stand() {
    let site = polled("status");
    let before = &site.json(&["status", "--json"])[0];
    assert_eq!((&before["waiting"], &before["accounts"][0]["mails"]), (&0.into(), &0.into()));
    site.prints(&["poll"]);
    let status = &site.json(&["status", "--json"])[0];
    assert_eq!((&status["waiting"], &status["buyers"]), (&2.into(), &2.into()), "{status}");
    assert_eq!(status["outbox"], serde_json::json!([["sent", 1]]));
    let said = site.prints(&["status"]);
    assert!(said.contains("2 inquiries without an answer") && said.contains("sales: "), "{said}");
}

#[test]
fn a_reader_who_has_seen_enough_makes_no_command_panic() {
    let site = polled("pipe").file("one.eml", &String::from_utf8(inquiry("lot-one")).expect("ASCII"));
    site.prints(&["poll"]);
    let commands = [
        "status",
        "check",
        "check --connect",
        "inquiries list",
        "inquiries list --json",
        "inquiries show 1",
        "inquiries show 1 --raw",
        "buyers list",
        "buyers show 1",
        "outbox list",
        "outbox show 1",
        "explain one.eml",
        "explain --json one.eml",
        "poll",
        "demo --dir demo",
    ];
    for command in commands {
        let arguments: Vec<&str> = command.split(' ').collect();
        let mut child =
            site.command(&arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("inquiryd starts");
        drop(child.stdout.take());
        let ended = child.wait_with_output().expect("inquiryd ends");
        let said = String::from_utf8_lossy(&ended.stderr).into_owned();
        assert!(ended.status.code() == Some(0) && !said.contains("panicked"), "{command}: {said}");
    }
}

#[test]
fn a_poll_that_nobody_reads_does_its_work_to_the_end() {
    let site = polled("unread");
    let mut child = site.command(&["poll"]).stdout(Stdio::piped()).spawn().expect("inquiryd starts");
    drop(child.stdout.take());
    assert!(child.wait().expect("inquiryd ends").success());
    assert_eq!(site.json(&["outbox", "list", "--state", "sent", "--json"]).len(), 1);
}

#[test]
fn every_command_explains_itself() {
    let help = ran(&mut inquiryd(&["--help"])).succeeded();
    for command in ["run", "demo", "check", "poll", "explain", "inquiries", "buyers", "outbox", "status"] {
        assert!(help.contains(&format!("\n  {command}")), "{command} in {help}");
        assert!(ran(&mut inquiryd(&[command, "--help"])).succeeded().contains("Usage: inquiryd"));
    }
    assert!(ran(&mut inquiryd(&["--version"])).succeeded().starts_with("inquiryd 0."));
}
