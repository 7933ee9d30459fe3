//! Our people at the command line and by mail, with real servers.

use crate::support::servers;
use crate::support::site::{Site, inquiry};

const STAFF: &str = "[[staff]]\nname = \"Leo Wang\"\naddress = \"leo@haiyue.example\"\n\
                     [[staff]]\nname = \"Mia Shen\"\naddress = \"mia@haiyue.example\"\nabsence = [\"2020-01-01\"]\n";

/// Two inquiries of two buyers.
fn polled(name: &str) -> Site {
    let site = Site::new(name).file("inquiryd.d/staff.toml", STAFF);
    servers::deliver_lmtp(&site.sales, &inquiry("lot-one"));
    servers::deliver_lmtp(&site.sales, &inquiry("lot-two"));
    site.prints(&["poll"]);
    site
}

#[test]
fn what_happened_is_told_in_plain_lines() {
    let site = polled("tell");
    let lines = ["tell", "--by", "leo wang", "#1 B", "#2 called, wants CIF price", "@2 已寄样 免费 DHL 7", "#1 mine"];
    let said = site.prints(&lines);
    for told in [
        "#1 grade B: noted",
        "#2 phone wants CIF price: noted",
        "@2 sample sent free 免费 DHL 7: noted; stage now: has a sample",
    ] {
        assert!(said.contains(told), "{told} in {said}");
    }
    let shown = site.prints(&["inquiries", "show", "1"]);
    assert!(shown.contains("graded     B by Leo Wang"), "{shown}");
    let called = site.prints(&["inquiries", "show", "2"]);
    assert!(called.contains("(phone)"), "{called}");
    let buyer = site.prints(&["buyers", "show", "1"]);
    assert!(buyer.contains("leo@haiyue.example"), "{buyer}");
    let wrong = site.run(&["tell", "--by", "Leo", "#1 hmm", "#77 done"]);
    assert_eq!(wrong.code, Some(1));
    assert!(wrong.err.contains("#1 hmm: what is to be done was not understood"), "{}", wrong.err);
    assert!(
        wrong.out.contains("#77 answered: there is no such number") && wrong.err.contains("2 of 2 lines"),
        "{}",
        wrong.err
    );
    let nothing = site.run(&["tell", "done"]);
    assert!(nothing.code == Some(1) && nothing.err.contains("no line names an inquiry (#123) or a buyer (@45)"));
}

#[test]
fn the_staff_are_listed_and_a_leaver_hands_over() {
    let site = polled("staff");
    site.prints(&["buyers", "edit", "1", "--owner", "Old Zhang"]);
    let listed = site.prints(&["staff", "list"]);
    assert!(
        listed.contains("Old Zhang") && listed.contains("nobody here") && listed.contains("staff hand-over"),
        "{listed}"
    );
    let unknown = site.run(&["staff", "hand-over", "Old Zhang", "Nobody"]);
    assert!(
        unknown.err.contains("nobody of the staff is called Nobody; there are: Leo Wang, Mia Shen"),
        "{}",
        unknown.err
    );
    let said = site.prints(&["staff", "hand-over", "old zhang", "Mia Shen", "--by", "Chen"]);
    assert!(said.contains("1 buyers of old zhang are Mia Shen's now"), "{said}");
    let listed = site.json(&["staff", "list", "--json"]);
    let mia = listed.iter().find(|line| line["name"] == "Mia Shen").expect("Mia");
    assert!(mia["buyers"].as_i64() >= Some(1) && mia["absent"] == false, "{mia}");
    assert!(!site.prints(&["staff", "list"]).contains("Old Zhang"));
    let outbox = site.prints(&["outbox", "list"]);
    assert!(outbox.contains("hand_over") && outbox.contains("mia@haiyue.example"), "{outbox}");
}

#[test]
fn the_status_counts_what_became_of_everything_and_what_the_server_counts() {
    let site = polled("ledger");
    site.prints(&["inquiries", "excuse", "2", "--why", "a competitor", "--by", "Amy"]);
    let said = site.prints(&["status"]);
    assert!(said.contains("30 days     received 2, answered 0, waiting 1, excused 1, quarantined 0"), "{said}");
    assert!(said.contains("folder      sales: INBOX: 2 mails, the server counts as many"), "{said}");
    let status = &site.json(&["status", "--json"])[0];
    assert_eq!(status["last_30_days"]["excused"], 1);
    assert_eq!(status["folders"][0]["on_server"], status["folders"][0]["taken"]);
}

#[tokio::test]
async fn the_status_tells_a_lost_mail_behind_a_deleted_one() {
    let site = polled("lost");
    let store = format!("sqlite://{}", site.path("inquiryd.db").display());
    let mut database = crate::store::database::Database::connect(&store).await;
    // As if the second had never been recorded; then the first is deleted.
    database.run("DELETE FROM sighting WHERE uid = 2").await;
    database.run("UPDATE folder_count SET taken = 1 WHERE folder = 'INBOX'").await;
    let mut imap = servers::Imap::login(servers::imap_port(), &site.sales);
    imap.append("INBOX", "", &inquiry("lot-new"));
    site.prints(&["poll"]);
    for command in ["SELECT INBOX", "UID STORE 1 +FLAGS (\\Deleted)", "EXPUNGE"] {
        imap.command(command);
    }
    site.prints(&["poll"]);
    let said = site.prints(&["status"]);
    let told = "INBOX: 1 MAILS ON THE SERVER ARE NOT ON RECORD, beside 2 that are: please look; 1 of those on record have \
                left the folder since";
    assert!(said.contains(told), "{said}");
    let status = &site.json(&["status", "--json"])[0];
    let folders = status["folders"].as_array().expect("folders");
    let inbox = folders.iter().find(|folder| folder["folder"] == "INBOX").expect("the INBOX");
    assert_eq!((&inbox["taken"], &inbox["on_server"], &inbox["unrecorded"]), (&2.into(), &2.into(), &1.into()));
}

#[test]
fn a_salesperson_answers_the_digest_and_gets_a_short_answer() {
    let site = Site::new("staff-mail");
    servers::deliver_lmtp(&site.sales, &inquiry("lot-told"));
    site.prints(&["poll"]);
    let digest = site.team_mails(1).remove(0);
    let told = format!(
        "From: Amy Xu <{}@test.example>\r\nTo: inquiryd@haiyue.example\r\nSubject: Re: digest\r\n\
         Message-ID: <told@test.example>\r\nIn-Reply-To: <{}>\r\n\r\n#1 A\r\n#1 已报价 USD 9.80\r\n\r\n\
         > {}\r\n> #1 D\r\n",
        site.team, digest.message_id, digest.subject
    );
    servers::deliver_lmtp(&site.sales, told.as_bytes());
    let said = site.prints(&["poll"]);
    assert!(said.contains("1 mails of our own people settled"), "{said}");
    let answer = site.team_mails(2).remove(1);
    assert!(answer.subject.contains("2 noted") && answer.automatic, "{answer:?}");
    let shown = site.prints(&["inquiries", "show", "1"]);
    assert!(shown.contains("graded     A by Amy Xu") && shown.contains("(quote)"), "{shown}");
    // Polling again, or sending the same mail again, does nothing more.
    servers::deliver_lmtp(&site.sales, told.as_bytes());
    site.prints(&["poll"]);
    assert_eq!(site.json(&["inquiries", "list", "--json"]).len(), 1);
    assert_eq!(site.team_mails(2).len(), 2);
}
