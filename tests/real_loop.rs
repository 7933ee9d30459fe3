//! The whole way, on real servers: a mail comes in by SMTP, and the team reads of it in its own mailbox.

use crate::support::proxy::Proxy;
use crate::support::servers::{self, Imap, PrivateDovecot};
use crate::support::site::{Site, answer_to, imap_account, inquiry, inquiry_from, wait_for};
use inquiryd::clock::Clock;

/// `&XfJT0ZAB-` is 已发送, `&W6JiNw-` is 客户 (modified UTF-7, RFC 3501 section 5.1.3).
const SENT_IN_CHINESE: &str = "&XfJT0ZAB-";
const CUSTOMERS_IN_CHINESE: &str = "&W6JiNw-";

fn flags(user: &str) -> Vec<String> {
    let mut imap = Imap::login(servers::imap_port(), user);
    imap.command("EXAMINE INBOX");
    imap.command("FETCH 1:* (FLAGS)").lines.into_iter().filter(|line| line.contains(" FETCH ")).collect()
}

fn recorded(site: &Site) -> i64 {
    site.json(&["status", "--json"])[0]["accounts"]
        .as_array()
        .expect("accounts")
        .iter()
        .map(|account| account["mails"].as_i64().expect("a number"))
        .sum()
}

#[test]
fn a_mail_submitted_by_smtp_is_read_graded_and_told_in_the_teams_own_mailbox() {
    let site = Site::new("loop");
    servers::send_smtp(&format!("{}@test.example", site.sales), &inquiry("lot-1"));
    servers::wait_for_mail(&site.sales, "INBOX", 1);
    let said = site.prints(&["poll"]);
    assert!(said.contains("sales: 1 mails shown, 1 new, 1 inquiries, 0 quarantined"), "{said}");
    assert!(said.contains("outbox: 1 sent, 0 deferred, 0 refused, 0 held"), "{said}");
    let digest = &site.team_mails(1)[0];
    assert!(digest.text.contains("1 new inquiry"), "{}", digest.text);
    for part in [&digest.text, &digest.html] {
        for words in ["Inquiry lot-1 for folding chairs", "James Whitfield", "600 pcs"] {
            assert!(part.contains(words), "{words} in {part}");
        }
    }
    assert!(digest.automatic);
    assert!(digest.html.contains("<table"));
    let again = site.prints(&["poll"]);
    assert!(again.contains("0 new") && again.contains("nothing to say: no digest"), "{again}");
    assert_eq!(site.team_mails(1).len(), 1);
}

#[test]
fn the_whole_way_is_taken_under_tls_with_an_authority_of_ones_own() {
    for (imap, imap_tls, smtp, smtp_tls) in [
        (servers::imaps_port(), "implicit", servers::smtp_port(), "starttls"),
        (servers::imap_port(), "starttls", servers::smtps_port(), "implicit"),
    ] {
        let site = Site::without_accounts("tls");
        let ca = servers::ca_file().display().to_string();
        site.write(
            "inquiryd.d/tls.toml",
            format!(
                "[[account]]\nname = \"sales\"\nimap = \"localhost:{imap}\"\ntls = \"{imap_tls}\"\nca_file = \"{ca}\"\n\
                 user = \"{}\"\npassword_file = \"password\"\n[outbox]\nsmtp = \"localhost:{smtp}\"\n\
                 tls = \"{smtp_tls}\"\nca_file = \"{ca}\"\nuser = \"inquiryd\"\npassword_file = \"password\"\n",
                site.sales
            ),
        );
        servers::deliver_lmtp(&site.sales, &inquiry("lot-tls"));
        let said = site.prints(&["poll"]);
        assert!(said.contains("1 sent"), "{said}");
        assert!(site.team_mails(1)[0].tells_of("Inquiry lot-tls"));
    }
}

#[test]
fn a_chinese_folder_is_read_and_an_answer_in_a_chinese_sent_folder_settles_its_inquiry() {
    let site = Site::without_accounts("chinese");
    let account = imap_account("sales", servers::imap_port(), &site.sales);
    site.write("inquiryd.d/sales.toml", format!("{account}folders = [\"INBOX\", \"客户\"]\nsent = \"已发送\"\n"));
    let mut imap = Imap::login(servers::imap_port(), &site.sales);
    for folder in [CUSTOMERS_IN_CHINESE, SENT_IN_CHINESE] {
        imap.command(&format!("CREATE \"{folder}\""));
    }
    imap.append(CUSTOMERS_IN_CHINESE, "", &inquiry("lot-filed"));
    imap.append("INBOX", "", &inquiry("lot-open"));
    imap.append(SENT_IN_CHINESE, "\\Seen", &answer_to("lot-filed"));
    let said = site.prints(&["poll"]);
    assert!(said.contains("3 mails shown, 3 new, 2 inquiries"), "{said}");
    let waiting = site.json(&["inquiries", "list", "--waiting", "--json"]);
    assert_eq!(waiting.len(), 1);
    assert_eq!(waiting[0]["subject"], "Inquiry lot-open for folding chairs");
}

#[test]
fn an_answered_inquiry_brings_no_reminder_and_an_unanswered_one_does() {
    let site = Site::new("reminder")
        .file("inquiryd.d/quick.toml", "[reminder]\ntarget = \"1s\"\ngrace = \"1s\"\nhours = \"00:00-24:00\"\n");
    servers::deliver_lmtp(&site.sales, &inquiry("lot-answered"));
    servers::deliver_lmtp(&site.sales, &inquiry("lot-forgotten"));
    site.prints(&["poll"]);
    servers::append(&site.sales, "Sent", "\\Seen", &answer_to("lot-answered"));
    site.prints(&["poll"]);
    let told_at = site.json(&["inquiries", "list", "--json"])[0]["told_at"].as_i64().expect("told of in the digest");
    wait_for("the grace to pass", || (Clock::System.now() > told_at + 1).then_some(()));
    let service = site.start();
    let mails = site.team_mails(2);
    assert!(service.stop().success(), "{}", site.log());
    let reminder = &mails[1];
    assert!(reminder.tells_of("lot-forgotten") && !reminder.tells_of("lot-answered"), "{reminder:?}");
    let inquiries = site.json(&["inquiries", "list", "--json"]);
    let answered = |token: &str| {
        let subject = format!("Inquiry {token} for folding chairs");
        let inquiry = inquiries.iter().find(|inquiry| inquiry["subject"] == subject.as_str()).expect("the inquiry");
        inquiry["answered_at"].is_i64()
    };
    assert!(answered("lot-answered") && !answered("lot-forgotten"));
}

#[test]
fn two_thousand_mails_are_recorded_once_each() {
    let site = Site::new("thousands");
    let mut imap = Imap::login(servers::imap_port(), &site.sales);
    for number in 0..2_000 {
        imap.append("INBOX", "", &inquiry_from(&format!("lot-{number}"), &format!("b@buyer-{}.example", number % 300)));
    }
    let said = site.prints(&["poll"]);
    assert!(said.contains("2000 mails shown, 2000 new, 2000 inquiries, 0 quarantined"), "{said}");
    assert_eq!(recorded(&site), 2_000);
    assert_eq!(site.json(&["buyers", "list", "--limit", "9999", "--json"]).len(), 300);
    let digest = &site.team_mails(1)[0];
    assert!(digest.text.contains("2000 new inquiries"), "{}", digest.text);
    assert!(site.prints(&["poll"]).contains("sales: 0 mails shown, 0 new"));
}

#[test]
fn a_mail_a_colleague_already_opened_counts_like_any_other_and_stays_as_it_is() {
    let site = Site::new("opened");
    servers::append(&site.sales, "INBOX", "\\Seen \\Answered", &inquiry("lot-opened"));
    servers::append(&site.sales, "INBOX", "", &inquiry("lot-unopened"));
    let before = flags(&site.sales);
    let said = site.prints(&["poll"]);
    assert!(said.contains("2 mails shown, 2 new, 2 inquiries"), "{said}");
    assert_eq!(flags(&site.sales), before);
    assert!(before[0].contains("\\Seen") && !before[1].contains("\\Seen"), "{before:?}");
}

#[test]
fn two_accounts_share_one_digest() {
    let site = Site::new("two");
    let web = servers::unique_user("two-web");
    site.write("inquiryd.d/web.toml", imap_account("web", servers::imap_port(), &web));
    servers::deliver_lmtp(&site.sales, &inquiry("lot-sales"));
    servers::deliver_lmtp(&web, &inquiry("lot-web"));
    // The same mail in both mailboxes is two records: each mailbox has its own people.
    servers::deliver_lmtp(&web, &inquiry("lot-sales"));
    site.prints(&["poll"]);
    let digest = &site.team_mails(1)[0];
    assert!(digest.tells_of("lot-sales") && digest.tells_of("lot-web"), "{}", digest.text);
    assert_eq!(recorded(&site), 3);
}

#[test]
fn a_mailbox_that_was_moved_to_a_new_server_is_read_again_and_nothing_is_told_twice() {
    let site = Site::without_accounts("moved");
    let account = imap_account("sales", servers::imap_port(), &site.sales);
    site.write("inquiryd.d/sales.toml", format!("{account}folders = [\"Leads\"]\n"));
    let mut imap = Imap::login(servers::imap_port(), &site.sales);
    imap.command("CREATE Leads");
    (1..=3).for_each(|number| imap.append("Leads", "", &inquiry(&format!("lot-{number}"))));
    assert!(site.prints(&["poll"]).contains("3 mails shown, 3 new, 3 inquiries"));
    let validity = |imap: &mut Imap| {
        let lines = imap.command("EXAMINE Leads").lines;
        lines.into_iter().find(|line| line.contains("UIDVALIDITY")).expect("UIDVALIDITY")
    };
    let before = validity(&mut imap);
    imap.command("UNSELECT");
    imap.command("DELETE Leads");
    imap.command("CREATE Leads");
    (2..=4).rev().for_each(|number| imap.append("Leads", "", &inquiry(&format!("lot-{number}"))));
    assert_ne!(validity(&mut imap), before);
    let said = site.prints(&["poll"]);
    assert!(said.contains("3 mails shown, 1 new, 1 inquiries"), "{said}");
    assert_eq!(recorded(&site), 4);
    let second = &site.team_mails(2)[1];
    assert!(second.tells_of("lot-4") && !second.tells_of("lot-2"), "{}", second.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_whole_way_is_taken_with_postgresql_as_the_store() {
    let url = servers::postgres_database().await;
    let site = Site::new("postgres").file("inquiryd.d/store.toml", &format!("[store]\nurl = \"{url}\"\n"));
    let original = inquiry("lot-pg");
    servers::append(&site.sales, "INBOX", "", &original);
    let said = site.prints(&["poll"]);
    assert!(said.contains("1 mails shown, 1 new, 1 inquiries") && said.contains("1 sent"), "{said}");
    assert!(site.team_mails(1)[0].tells_of("lot-pg"));
    assert_eq!(site.prints(&["inquiries", "show", "1", "--raw"]).as_bytes(), original);
    let service = site.start();
    service.waits_to_log("polled");
    assert!(service.stop().success(), "{}", site.log());
    assert_eq!(recorded(&site), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_cut_in_mid_fetch_costs_no_mail() {
    let site = Site::without_accounts("cut");
    let mut imap = Imap::login(servers::imap_port(), &site.sales);
    for number in 0..400 {
        imap.append("INBOX", "", &inquiry(&format!("lot-{number}")));
    }
    // The first poll tries again by itself as long as the server gives anything; then it gives up for this time.
    let proxy = Proxy::start(servers::imap_port(), vec![150_000, 1_000, 1_000, 1_000, 1_000]).await;
    site.write("inquiryd.d/sales.toml", imap_account("sales", proxy.port, &site.sales));
    let first = site.run(&["poll", "--no-send"]);
    assert_eq!(first.code, Some(1), "{first:?}");
    assert!(first.err.contains("the next poll"), "{}", first.err);
    let begun = recorded(&site);
    assert!((1..400).contains(&begun), "{begun}");
    let mut polls = 0;
    while site.run(&["poll"]).code != Some(0) {
        polls += 1;
        assert!(polls < 6, "the server is back");
    }
    assert_eq!(recorded(&site), 400);
    assert_eq!(site.json(&["inquiries", "list", "--limit", "9999", "--json"]).len(), 400);
}

#[test]
fn a_server_that_was_down_is_polled_again_when_it_is_back() {
    let mut dovecot = PrivateDovecot::start();
    let site = Site::without_accounts("down");
    site.write("inquiryd.d/sales.toml", imap_account("sales", dovecot.imap_port, &site.sales));
    Imap::login(dovecot.imap_port, &site.sales).append("INBOX", "", &inquiry("lot-down"));
    dovecot.stop();
    let failed = site.run(&["poll"]);
    assert_eq!(failed.code, Some(1));
    assert!(failed.err.contains("can't be reached"), "{}", failed.err);
    dovecot.start_again();
    assert!(site.prints(&["poll"]).contains("1 mails shown, 1 new, 1 inquiries"));
}

#[test]
fn a_mail_deleted_from_the_mailbox_is_still_there_byte_for_byte() {
    let site = Site::new("deleted");
    let mut original = inquiry("lot-deleted");
    original.extend_from_slice("Grüße aus Zürich · 请报价\r\n.\r\n".as_bytes());
    servers::append(&site.sales, "INBOX", "", &original);
    site.prints(&["poll"]);
    let mut imap = Imap::login(servers::imap_port(), &site.sales);
    imap.command("SELECT INBOX");
    imap.command("STORE 1 +FLAGS (\\Deleted)");
    imap.command("EXPUNGE");
    assert!(imap.fetch_all("INBOX").is_empty());
    assert!(site.prints(&["poll"]).contains("0 mails shown, 0 new"));
    assert_eq!(site.prints(&["inquiries", "show", "#1", "--raw"]).as_bytes(), original);
    let said = site.prints(&["status"]);
    assert!(said.contains("folder      sales: INBOX: 1 mails; 1 of them have left the folder since"), "{said}");
}
