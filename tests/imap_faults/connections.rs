//! Troubles with the connection: what async-imap takes for success must not pass for it here.

use super::read_from;
use crate::support::imap_peer::{Act, Peer, fetched, say};
use crate::support::mailbox::{LIMITS, imap, inbox, open, read, read_inbox};
use inquiryd::mailbox::{Body, MailboxError, Taken};
use std::time::Duration;
use tokio::sync::mpsc;

#[tokio::test]
async fn a_connection_lost_between_two_mails_loses_neither() {
    let (read, peer) = read_from(10, |asked, world| match asked.connection == 0 && asked.wants_bodies() {
        true => Act::SayAndClose(world.mails[..4].iter().flat_map(|mail| fetched(mail.uid, &mail.body)).collect()),
        false => Act::Honest,
    })
    .await;
    assert_eq!(read.uids(), (1..=10).collect::<Vec<_>>());
    assert!(read.mails().all(|mail| matches!(mail.body, Body::Whole(_))));
    assert_eq!(peer.connections(), 2);
}

#[tokio::test]
async fn a_mail_that_always_breaks_the_connection_is_recorded_and_the_next_ones_come() {
    let (read, _peer) = read_from(10, |asked, _| match asked.wants_body_of(4) {
        true => Act::SayAndClose(b"* 4 FETCH (UID 4 BODY[] {30}\r\nhalf".to_vec()),
        false => Act::Honest,
    })
    .await;
    assert_eq!(read.uids(), (1..=10).collect::<Vec<_>>());
    assert!(matches!(read.body(4), Body::Unreadable { .. }));
}

#[tokio::test]
async fn a_connection_lost_during_examine_is_no_empty_folder() {
    let (read, _peer) = read_from(3, |asked, _| match asked.is("EXAMINE") {
        true => Act::SayAndClose(b"* 3 EXISTS\r\n".to_vec()),
        false => Act::Honest,
    })
    .await;
    assert!(read.error().is_temporary());
    assert!(matches!(read.error(), MailboxError::Broken { .. }));
}

#[tokio::test]
async fn a_connection_lost_during_the_listing_is_no_end_of_the_folder() {
    let (read, _peer) = read_from(3, |asked, _| match asked.command.contains("RFC822.SIZE") {
        true => Act::SayAndClose(b"* 1 FETCH (UID 1 RFC822.SIZE 20)\r\n".to_vec()),
        false => Act::Honest,
    })
    .await;
    assert!(read.error().is_temporary());
    assert!(read.batches.is_empty());
}

#[tokio::test]
async fn a_refused_listing_is_no_empty_folder() {
    for answer in ["{tag} NO sorry\r\n", "{tag} BAD\r\n", "{tag} BAD \r\n"] {
        let (read, _peer) = read_from(3, move |asked, _| match asked.command.contains("RFC822.SIZE") {
            true => say(answer),
            false => Act::Honest,
        })
        .await;
        assert!(matches!(read.error(), MailboxError::Refused { .. }), "{answer:?}: {:?}", read.error());
    }
}

#[tokio::test]
async fn a_stall_in_the_middle_of_a_mail_ends_and_the_mail_is_read_on_a_new_connection() {
    let peer = Peer::start(3, |asked, _| match asked.connection == 0 && asked.wants_bodies() {
        true => Act::SayAndStall(b"* 1 FETCH (UID 1 BODY[] {50}\r\nMessage-".to_vec()),
        false => Act::Honest,
    })
    .await;
    let mut settings = imap(peer.port);
    settings.deadline = Duration::from_secs(1);
    let mut mailbox = open(&settings).await.expect("a login");
    let read = read_inbox(&mut mailbox).await;
    assert_eq!(read.uids(), [1, 2, 3]);
    assert!(read.mails().all(|mail| matches!(mail.body, Body::Whole(_))));
}

#[tokio::test]
async fn a_server_that_never_answers_is_given_up() {
    let peer = Peer::start(3, |asked, _| match asked.is("EXAMINE") {
        true => Act::SayAndStall(Vec::new()),
        false => Act::Honest,
    })
    .await;
    let mut settings = imap(peer.port);
    settings.deadline = Duration::from_secs(1);
    let mut mailbox = open(&settings).await.expect("a login");
    let read = read_inbox(&mut mailbox).await;
    assert!(matches!(read.error(), MailboxError::Silent { seconds: 1, .. }));
}

#[tokio::test]
async fn an_untagged_line_nobody_knows_is_an_error_and_no_success() {
    let (read, _peer) = read_from(3, |asked, _| match asked.is("EXAMINE") {
        true => say("* \u{1}\u{2} nonsense (((\r\n{tag} OK done\r\n"),
        false => Act::Honest,
    })
    .await;
    assert!(matches!(read.error(), MailboxError::Broken { .. }));
    assert!(!read.error().to_string().contains("nonsense"), "what can't be parsed may be mail");
}

/// imap-proto cuts text after a response code in the middle of a character, and panics.
#[tokio::test]
async fn a_parser_that_panics_is_an_error_of_this_connection_only() {
    let (read, _peer) = read_from(3, |asked, _| match asked.is("EXAMINE") && asked.connection == 0 {
        true => say("* OK [ALERT]请升级客户端\r\n{tag} OK done\r\n"),
        false => Act::Honest,
    })
    .await;
    assert!(read.error().is_temporary());
}

#[tokio::test]
async fn a_late_answer_to_a_command_given_up_does_not_fail_the_next_one() {
    let peer = Peer::start(3, |asked, _| match asked.connection == 0 && asked.wants_bodies() {
        true => Act::SayAndStall(Vec::new()),
        false => Act::Honest,
    })
    .await;
    let mut mailbox = open(&imap(peer.port)).await.expect("a login");
    let given_up = tokio::time::timeout(Duration::from_millis(300), read_inbox(&mut mailbox)).await;
    assert!(given_up.is_err());
    let read = read_inbox(&mut mailbox).await;
    assert_eq!(read.uids(), [1, 2, 3]);
    assert_eq!(peer.connections(), 2);
}

#[tokio::test]
async fn the_end_of_a_command_we_never_sent_is_not_taken_for_ours() {
    let (read, _peer) = read_from(3, |asked, _| match asked.is("EXAMINE") {
        true => say("X99 OK done\r\n{tag} OK done\r\n"),
        false => Act::Honest,
    })
    .await;
    assert!(matches!(read.error(), MailboxError::Broken { .. }));
}

#[tokio::test]
async fn a_server_that_closed_the_connection_between_two_polls_is_called_again() {
    let peer = Peer::start(3, |asked, _| match asked.is("NOOP") {
        true => Act::SayAndClose(b"* BYE idle too long\r\n".to_vec()),
        false => Act::Honest,
    })
    .await;
    let mut mailbox = open(&imap(peer.port)).await.expect("a login");
    assert_eq!(read_inbox(&mut mailbox).await.uids(), [1, 2, 3]);
    assert_eq!(read_inbox(&mut mailbox).await.uids(), [1, 2, 3]);
    assert!(peer.connections() >= 2);
}

#[tokio::test]
async fn a_folder_replaced_while_we_reconnect_is_left_to_the_next_poll() {
    let (read, _peer) = read_from(300, |asked, world| match asked.connection == 0 && asked.wants_body_of(150) {
        true => {
            world.uid_validity = Some(8);
            Act::SayAndClose(Vec::new())
        }
        false => Act::Honest,
    })
    .await;
    assert!(matches!(read.error(), MailboxError::Replaced { .. }));
    assert_eq!(read.cursor().map(|cursor| (cursor.uid_validity, cursor.last_uid)), Some((7, 100)));
}

#[tokio::test]
async fn a_receiver_that_stops_stops_the_reading_and_nothing_is_wrong() {
    let peer = Peer::honest(500).await;
    let mut mailbox = open(&imap(peer.port)).await.expect("a login");
    let (out, mut batches) = mpsc::channel(1);
    let taken = Taken::Uids(None);
    let inbox = inbox();
    let (result, first) = tokio::join!(mailbox.fetch(&inbox, &taken, &LIMITS, &out), async move {
        let first = batches.recv().await;
        drop(batches);
        first
    });
    assert_eq!(first.expect("a batch").mails.len(), 100);
    assert!(!result.expect("no error").complete);
    assert_eq!(read(&mut mailbox, &inbox, &taken, LIMITS).await.mails().count(), 500);
}

#[tokio::test]
async fn nothing_is_ever_stored_on_the_server() {
    let (_read, peer) = read_from(300, |asked, _| match asked.connection == 0 && asked.wants_body_of(150) {
        true => Act::SayAndClose(Vec::new()),
        false => Act::Honest,
    })
    .await;
    let mut mailbox = open(&imap(peer.port)).await.expect("a login");
    mailbox.inspect().await.expect("an inspection");
    mailbox.logout().await;
    let allowed = ["CAPABILITY", "ID (", "LOGIN ", "LIST ", "EXAMINE ", "UID FETCH ", "NOOP", "LOGOUT"];
    for asked in peer.log() {
        assert!(allowed.iter().any(|start| asked.is(start)), "{}", asked.command);
        assert!(!asked.is("UID FETCH") || !asked.command.contains("BODY[") && !asked.command.contains("RFC822)"));
    }
    assert_eq!(peer.log().last().map(|asked| asked.command.clone()).as_deref(), Some("LOGOUT"));
}
