//! A real server: Dovecot, with TLS, Chinese folders, thousands of mails and a bad network.

use crate::support::dovecot::{ca_file, fresh_user, imap_port, imaps_port};
use crate::support::mailbox::{LIMITS, Read, imap, inbox, open, read, read_inbox, uid};
use crate::support::proxy::Proxy;
use crate::support::raw_imap::RawImap;
use inquiryd::config::source::{ImapSettings, Security};
use inquiryd::mailbox::{Body, Direction, Folder, Mailbox, MailboxError, SentFoundBy, Taken};

fn settings(user: &str) -> ImapSettings {
    ImapSettings { user: user.to_owned(), ..imap(imap_port()) }
}

fn inquiry(number: u32) -> Vec<u8> {
    let filler = "Please quote your best price.\r\n".repeat(number as usize % 50);
    format!("Message-ID: <{number}@buyer.example>\r\nSubject: inquiry {number}\r\n\r\n{filler}").into_bytes()
}

async fn fill(user: &str, folder: &str, count: u32) -> RawImap {
    let mut raw = RawImap::login(imap_port(), user).await;
    raw.append_all(folder, "", (1..=count).map(inquiry)).await;
    raw
}

/// Every mail is there once, whole and as it was sent.
fn assert_whole(read: &Read, count: u32) {
    assert_eq!(read.uids(), (1..=count).collect::<Vec<_>>());
    for mail in read.mails() {
        assert!(matches!(&mail.body, Body::Whole(bytes) if *bytes == inquiry(uid(mail))), "mail {}", uid(mail));
        assert!(mail.arrived_at.is_some());
    }
}

#[tokio::test]
async fn two_thousand_mails_arrive_once_whole_and_in_order() {
    let user = fresh_user("two-thousand");
    fill(&user, "INBOX", 2_000).await;
    let mut mailbox = open(&settings(&user)).await.expect("a login");
    let read = read_inbox(&mut mailbox).await;
    assert_whole(&read, 2_000);
    assert!(read.batches.iter().all(|batch| batch.mails.len() <= 100));
    for batch in &read.batches {
        assert_eq!(batch.cursor.map(|cursor| cursor.last_uid), batch.mails.last().map(uid));
    }
    mailbox.logout().await;
}

#[tokio::test]
async fn a_mail_a_colleague_already_opened_counts_like_any_other_and_flags_stay_as_they_are() {
    let user = fresh_user("seen");
    let mut raw = fill(&user, "INBOX", 1).await;
    raw.append("INBOX", "\\Seen \\Answered", &inquiry(2)).await;
    raw.run("EXAMINE INBOX").await;
    let before = raw.run("UID FETCH 1:* (FLAGS)").await;
    let mut mailbox = open(&settings(&user)).await.expect("a login");
    assert_whole(&read_inbox(&mut mailbox).await, 2);
    let flags =
        |answer: &str| answer.lines().filter(|line| line.starts_with('*')).map(str::to_owned).collect::<Vec<_>>();
    let mut later = RawImap::login(imap_port(), &user).await;
    later.run("EXAMINE INBOX").await;
    let after = later.run("UID FETCH 1:* (FLAGS)").await;
    assert_eq!(flags(&after), flags(&before));
    assert!(before.contains("\\Seen"));
}

#[tokio::test]
async fn only_what_is_new_comes_at_the_next_poll() {
    let user = fresh_user("next");
    let mut raw = fill(&user, "INBOX", 3).await;
    let mut mailbox = open(&settings(&user)).await.expect("a login");
    let first = read_inbox(&mut mailbox).await;
    raw.append("INBOX", "", &inquiry(4)).await;
    let second = read(&mut mailbox, &inbox(), &Taken::Uids(first.cursor()), LIMITS).await;
    assert_eq!(second.uids(), [4]);
    assert_eq!(second.summary().exists, 4);
    let third = read(&mut mailbox, &inbox(), &Taken::Uids(second.cursor()), LIMITS).await;
    assert_eq!(third.uids(), [] as [u32; 0]);
}

#[tokio::test]
async fn sent_is_found_by_its_mark_and_by_its_chinese_name() {
    let user = fresh_user("folders");
    let mut raw = RawImap::login(imap_port(), &user).await;
    raw.run("CREATE &XfJT0ZAB-").await;
    raw.run("CREATE \"&W6JiNw- R&-D\"").await;
    raw.append("&XfJT0ZAB-", "\\Seen", &inquiry(1)).await;
    let mut mailbox = open(&settings(&user)).await.expect("a login");
    let list = mailbox.folders().await.expect("folders");
    assert_eq!(list.sent_found_by, Some(SentFoundBy::SpecialUse));
    for name in ["INBOX", "已发送", "客户 R&D"] {
        assert!(list.all_names.iter().any(|listed| listed == name), "{name} in {:?}", list.all_names);
    }
    let wished = ImapSettings {
        folders: vec!["INBOX".to_owned(), "客户 R&D".to_owned(), "没有".to_owned()],
        sent: Some("已发送".to_owned()),
        ..settings(&user)
    };
    let mut mailbox = open(&wished).await.expect("a login");
    let list = mailbox.folders().await.expect("folders");
    assert_eq!(list.sent_found_by, Some(SentFoundBy::Configuration));
    assert_eq!(list.missing, ["没有"]);
    let sent = Folder { name: "已发送".to_owned(), direction: Direction::Outgoing };
    assert_eq!(list.folders.last(), Some(&sent));
    let read = read(&mut mailbox, &sent, &Taken::Uids(None), LIMITS).await;
    assert_whole(&read, 1);
}

#[tokio::test]
async fn each_folder_has_its_own_cursor() {
    let user = fresh_user("cursors");
    let mut raw = fill(&user, "INBOX", 3).await;
    raw.run("CREATE Other").await;
    raw.append("Other", "", &inquiry(1)).await;
    let other = Folder { name: "Other".to_owned(), direction: Direction::Incoming };
    let mut mailbox = open(&settings(&user)).await.expect("a login");
    let in_inbox = read_inbox(&mut mailbox).await;
    let in_other = read(&mut mailbox, &other, &Taken::Uids(None), LIMITS).await;
    assert_eq!((in_inbox.uids(), in_other.uids()), (vec![1, 2, 3], vec![1]));
    raw.append("Other", "", &inquiry(2)).await;
    let again = read(&mut mailbox, &inbox(), &Taken::Uids(in_inbox.cursor()), LIMITS).await;
    let more = read(&mut mailbox, &other, &Taken::Uids(in_other.cursor()), LIMITS).await;
    assert_eq!((again.uids(), more.uids()), (vec![], vec![2]));
}

#[tokio::test]
async fn a_folder_made_anew_is_read_from_the_beginning() {
    let user = fresh_user("validity");
    let mut raw = RawImap::login(imap_port(), &user).await;
    raw.run("CREATE Leads").await;
    for number in 1..=5 {
        raw.append("Leads", "", &inquiry(number)).await;
    }
    let leads = Folder { name: "Leads".to_owned(), direction: Direction::Incoming };
    let mut mailbox = open(&settings(&user)).await.expect("a login");
    let first = read(&mut mailbox, &leads, &Taken::Uids(None), LIMITS).await;
    assert_whole(&first, 5);
    raw.run("DELETE Leads").await;
    let gone = read(&mut mailbox, &leads, &Taken::Uids(first.cursor()), LIMITS).await;
    assert!(matches!(gone.error(), MailboxError::FolderMissing { folder, .. } if folder == "Leads"));
    raw.run("CREATE Leads").await;
    for number in 1..=2 {
        raw.append("Leads", "", &inquiry(number)).await;
    }
    let again = read(&mut mailbox, &leads, &Taken::Uids(first.cursor()), LIMITS).await;
    assert_whole(&again, 2);
    assert!(again.summary().from_the_beginning);
    assert_ne!(again.cursor().map(|cursor| cursor.uid_validity), first.cursor().map(|cursor| cursor.uid_validity));
}

#[tokio::test]
async fn a_server_that_dies_in_mid_fetch_and_comes_back_costs_no_mail() {
    let user = fresh_user("cut");
    fill(&user, "INBOX", 600).await;
    for cuts in [vec![2_000], vec![100_000, 3_000, 250_000], vec![60_000, 60_000, 60_000, 60_000]] {
        let proxy = Proxy::start(imap_port(), cuts.clone()).await;
        let through = ImapSettings { user: user.clone(), ..imap(proxy.port) };
        let mut cursor = None;
        let mut uids = Vec::new();
        // As the daemon does: what one poll can't finish, the next one does.
        for _ in 0..cuts.len() + 1 {
            let Ok(mut mailbox) = open(&through).await else { continue };
            let read = read(&mut mailbox, &inbox(), &Taken::Uids(cursor), LIMITS).await;
            uids.extend(read.uids());
            cursor = read.cursor().or(cursor);
            match &read.result {
                Ok(summary) => assert!(summary.complete),
                Err(error) => assert!(error.is_temporary(), "{error}"),
            }
        }
        assert_eq!(uids, (1..=600).collect::<Vec<_>>(), "{cuts:?}");
    }
}

async fn secured(security: Security, port: u16, with_ca: bool) -> Result<Mailbox, MailboxError> {
    let mut settings = settings(&fresh_user("tls"));
    settings.server.port = port;
    settings.server.security = security;
    settings.server.ca_file = with_ca.then(ca_file);
    fill(&settings.user, "INBOX", 20).await;
    open(&settings).await
}

#[tokio::test]
async fn mail_is_read_under_tls_from_the_first_byte_and_by_starttls() {
    for (security, port) in [(Security::Tls, imaps_port()), (Security::StartTls, imap_port())] {
        let mut mailbox = secured(security, port, true).await.expect("a secured login");
        assert_whole(&read_inbox(&mut mailbox).await, 20);
        mailbox.logout().await;
    }
}

#[tokio::test]
async fn a_certificate_nobody_vouches_for_is_refused_and_the_remedy_named() {
    for (security, port) in [(Security::Tls, imaps_port()), (Security::StartTls, imap_port())] {
        let error = secured(security, port, false).await.expect_err("a refusal");
        assert!(matches!(error, MailboxError::Certificate { .. }) && !error.is_temporary());
        assert!(error.to_string().contains("ca_file"), "{error}");
    }
}

#[tokio::test]
async fn a_broken_certificate_among_good_ones_is_told_and_not_left_out() {
    let file = tempfile::NamedTempFile::new().expect("a file");
    let good = std::fs::read_to_string(ca_file()).expect("the authority");
    let broken = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
    std::fs::write(file.path(), format!("{good}\n{broken}")).expect("both");
    let mut settings = settings("nobody");
    settings.server.port = imaps_port();
    settings.server.security = Security::Tls;
    settings.server.ca_file = Some(file.path().to_owned());
    let error = open(&settings).await.expect_err("a refusal");
    assert!(matches!(error, MailboxError::Certificate { .. }), "{error}");
    let told = format!("{}: can't read the certificates: certificate 2 of this file: ", file.path().display());
    assert!(error.to_string().contains(&told) && error.to_string().contains("`ca_file`"), "{error}");
}

#[tokio::test]
async fn tls_towards_a_plain_port_is_explained() {
    let error = secured(Security::Tls, imap_port(), true).await.expect_err("a refusal");
    assert!(matches!(error, MailboxError::Certificate { .. }), "{error}");
    assert!(error.to_string().contains("starttls"), "{error}");
}

#[tokio::test]
async fn a_wrong_password_is_a_matter_for_a_person() {
    let mut settings = settings(&fresh_user("wrong"));
    settings.password.0 = "not-the-password".to_owned();
    let error = open(&settings).await.expect_err("a refusal");
    assert!(matches!(error, MailboxError::LoginRefused { .. }) && !error.is_temporary());
    assert!(!format!("{error} {error:?}").contains("not-the-password"));
}

#[tokio::test]
async fn an_inspection_says_what_there_is() {
    let user = fresh_user("inspect");
    fill(&user, "INBOX", 3).await;
    let mut mailbox = open(&settings(&user)).await.expect("a login");
    let inspection = mailbox.inspect().await.expect("an inspection");
    assert!(inspection.capabilities.iter().any(|name| name == "IMAP4REV1"));
    assert!(inspection.server_id.iter().any(|(field, value)| field == "name" && value == "Dovecot"));
    assert_eq!(inspection.counts[0].mails, 3);
    assert_eq!(inspection.folders.sent_found_by, Some(SentFoundBy::SpecialUse));
}
