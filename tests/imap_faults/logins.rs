//! Ways into the mailbox, and the ways servers bar it.

use crate::support::imap_peer::{Act, Peer, say};
use crate::support::mailbox::{imap, open, read_inbox};
use inquiryd::config::source::{Secret, Security};
use inquiryd::mailbox::{MailboxError, SentFoundBy};
use std::time::Duration;

#[tokio::test]
async fn netease_is_told_who_we_are_before_a_folder_is_opened() {
    let mut identified = false;
    let peer = Peer::start(2, move |asked, _| {
        identified |= asked.is("ID (");
        match asked.is("EXAMINE") && !identified {
            true => say("{tag} NO EXAMINE Unsafe Login. Please contact kefu@188.com for help\r\n"),
            false => Act::Honest,
        }
    })
    .await;
    let mut mailbox = open(&imap(peer.port)).await.expect("a login");
    assert_eq!(read_inbox(&mut mailbox).await.uids(), [1, 2]);
}

#[tokio::test]
async fn an_unsafe_login_is_a_matter_for_a_person_and_says_what_to_do() {
    let peer = Peer::start(2, |asked, _| match asked.is("EXAMINE") {
        true => say("{tag} NO EXAMINE Unsafe Login. Please contact kefu@188.com for help\r\n"),
        false => Act::Honest,
    })
    .await;
    let mut mailbox = open(&imap(peer.port)).await.expect("a login");
    let read = read_inbox(&mut mailbox).await;
    assert!(!read.error().is_temporary());
    assert!(read.error().to_string().contains("授权码"), "{}", read.error());
}

#[tokio::test]
async fn a_refused_login_names_the_place_and_never_the_password() {
    let peer = Peer::start(2, |asked, _| match asked.is("LOGIN") {
        true => say("{tag} NO [AUTHENTICATIONFAILED] sales with geheim42 is not welcome\r\n"),
        false => Act::Honest,
    })
    .await;
    let mut settings = imap(peer.port);
    settings.password = Secret("geheim42".to_owned());
    let error = open(&settings).await.expect_err("a refusal");
    assert!(!error.is_temporary());
    let text = format!("{error} {error:?}");
    assert!(text.contains("AUTHENTICATIONFAILED") && text.contains("shop") && text.contains(&peer.port.to_string()));
    assert!(!text.contains("geheim42"), "{text}");
}

#[tokio::test]
async fn a_login_refused_for_haste_is_tried_again_later() {
    let peer = Peer::start(2, |asked, _| match asked.is("LOGIN") {
        true => say("{tag} NO Login fail. Too frequent login, please try again later\r\n"),
        false => Act::Honest,
    })
    .await;
    assert!(matches!(open(&imap(peer.port)).await, Err(MailboxError::Busy { .. })));
}

#[tokio::test]
async fn a_server_that_says_goodbye_instead_of_hello_is_tried_again_later() {
    let peer = Peer::honest(0).await;
    peer.change(|world| world.greeting = "* BYE too many connections\r\n".to_owned());
    assert!(matches!(open(&imap(peer.port)).await, Err(MailboxError::Busy { .. })));
}

#[tokio::test]
async fn passwords_with_quotes_and_backslashes_arrive_as_they_are() {
    let peer = Peer::honest(0).await;
    let mut settings = imap(peer.port);
    settings.password = Secret(r#"a"b\c d"#.to_owned());
    open(&settings).await.expect("a login");
    assert!(peer.log().iter().any(|asked| asked.command == r#"LOGIN "sales" "a\"b\\c d""#));
}

#[tokio::test]
async fn passwords_beyond_ascii_go_by_authenticate() {
    let peer = Peer::honest(0).await;
    let mut settings = imap(peer.port);
    settings.password = Secret("密码".to_owned());
    open(&settings).await.expect("a login");
    assert!(peer.log().iter().any(|asked| asked.command == "AUTHENTICATE PLAIN AHNhbGVzAOWvhueggQ=="));
}

#[tokio::test]
async fn a_server_without_initial_responses_is_given_the_password_when_it_asks() {
    let peer = Peer::start(0, |asked, _| match asked.command.as_str() {
        "AUTHENTICATE PLAIN" => say("+ \r\n"),
        "" if asked.tag == "AHNhbGVzAHRlc3Q=" => say("A0002 OK welcome\r\n"),
        _ => Act::Honest,
    })
    .await;
    peer.change(|world| world.capabilities = "IMAP4rev1 AUTH=PLAIN LOGINDISABLED".to_owned());
    open(&imap(peer.port)).await.expect("a login");
}

#[tokio::test]
async fn chatter_before_the_servers_question_does_not_hang_the_login_for_ever() {
    let peer = Peer::start(0, |asked, _| match asked.is("AUTHENTICATE") {
        true => Act::SayAndStall(b"* OK one moment\r\n+ \r\n".to_vec()),
        false => Act::Honest,
    })
    .await;
    peer.change(|world| world.capabilities = "IMAP4rev1 AUTH=PLAIN LOGINDISABLED".to_owned());
    let mut settings = imap(peer.port);
    settings.deadline = Duration::from_secs(1);
    assert!(matches!(open(&settings).await, Err(MailboxError::Silent { .. })));
}

#[tokio::test]
async fn a_server_that_takes_no_password_in_the_clear_is_a_matter_for_a_person() {
    let peer = Peer::honest(0).await;
    peer.change(|world| world.capabilities = "IMAP4rev1 LOGINDISABLED STARTTLS".to_owned());
    let error = open(&imap(peer.port)).await.expect_err("no way in");
    assert!(!error.is_temporary());
    assert!(!peer.log().iter().any(|asked| asked.is("LOGIN")), "the password must not be sent");
}

#[tokio::test]
async fn a_server_without_starttls_is_not_spoken_to_in_the_clear() {
    let peer = Peer::start(0, |asked, _| match asked.is("STARTTLS") {
        true => say("{tag} BAD unknown command\r\n"),
        false => Act::Honest,
    })
    .await;
    let mut settings = imap(peer.port);
    settings.server.security = Security::StartTls;
    assert!(matches!(open(&settings).await, Err(MailboxError::Certificate { .. })));
    assert!(!peer.log().iter().any(|asked| asked.is("LOGIN")));
}

#[tokio::test]
async fn a_refused_id_is_no_obstacle() {
    let peer = Peer::start(1, |asked, _| if asked.is("ID ") { say("{tag} BAD what\r\n") } else { Act::Honest }).await;
    let mut mailbox = open(&imap(peer.port)).await.expect("a login");
    assert_eq!(read_inbox(&mut mailbox).await.uids(), [1]);
}

#[tokio::test]
async fn a_refused_list_is_no_empty_mailbox() {
    let peer = Peer::start(1, |asked, _| if asked.is("LIST") { say("{tag} NO\r\n") } else { Act::Honest }).await;
    let mut mailbox = open(&imap(peer.port)).await.expect("a login");
    assert!(matches!(mailbox.folders().await, Err(MailboxError::Refused { .. })));
}

#[tokio::test]
async fn a_server_that_does_not_know_extended_list_is_asked_plainly() {
    let peer = Peer::start(1, |asked, _| match asked.command.contains("RETURN") {
        true => say("{tag} BAD what\r\n"),
        false => Act::Honest,
    })
    .await;
    peer.change(|world| world.capabilities = "IMAP4rev1 SPECIAL-USE LIST-EXTENDED".to_owned());
    let mut mailbox = open(&imap(peer.port)).await.expect("a login");
    let list = mailbox.folders().await.expect("folders");
    assert_eq!(list.sent_found_by, Some(SentFoundBy::KnownName));
    assert_eq!(list.folders[1].name, "已发送");
}

#[tokio::test]
async fn folder_names_nobody_should_send_are_borne() {
    let peer = Peer::honest(1).await;
    peer.change(|world| {
        world.folders.push(r#"() "/" "&!!-""#.to_owned());
        world.folders.push(r#"() "/" "客户""#.to_owned());
        world.folders.push(r#"(\Noselect) "\\" {3}"#.to_owned() + "\r\na\"b");
    });
    let mut mailbox = open(&imap(peer.port)).await.expect("a login");
    let names = mailbox.folders().await.expect("folders").all_names;
    assert_eq!(names, ["INBOX", "已发送", "&!!-", "客户", "a\"b"]);
}

/// The remedies are keys that the configuration has.
#[tokio::test]
async fn who_took_the_wrong_way_of_tls_is_told_the_right_one() {
    let peer = Peer::start(2, |asked, _| match asked.is("STARTTLS") {
        true => say("{tag} BAD unknown command\r\n"),
        false => Act::Honest,
    })
    .await;
    let ways = [(Security::Tls, "`tls = \"starttls\"`"), (Security::StartTls, "`tls = \"implicit\"`")];
    for (security, remedy) in ways {
        let mut settings = imap(peer.port);
        settings.server.security = security;
        let error = open(&settings).await.expect_err("no TLS here");
        assert!(matches!(error, MailboxError::Certificate { .. }) && error.to_string().contains(remedy), "{error}");
    }
}
