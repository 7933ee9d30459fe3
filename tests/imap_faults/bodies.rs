//! Troubles with single mails: each ends as a record, none holds up the others.

use super::read_from;
use crate::support::imap_peer::{Act, Peer, fetched, honest, say};
use crate::support::mailbox::{LIMITS, imap, inbox, open, read, read_inbox};
use inquiryd::mailbox::{Body, Cursor, FetchLimits, Taken};

fn reason(body: &Body) -> &str {
    match body {
        Body::Whole(_) => panic!("a whole mail where a damaged one was expected"),
        Body::Beginning { reason, .. } | Body::Unreadable { reason } => reason,
    }
}

#[tokio::test]
async fn a_refused_mail_is_quarantined_with_the_servers_words_and_the_others_come() {
    let (read, _peer) = read_from(5, |asked, _| match asked.wants_body_of(3) {
        true => say("{tag} NO message is damaged\r\n"),
        false => Act::Honest,
    })
    .await;
    assert_eq!(read.uids(), [1, 2, 3, 4, 5]);
    assert!(matches!(read.body(3), Body::Unreadable { reason } if reason.contains("message is damaged")));
    assert!(matches!(read.body(4), Body::Whole(_)));
    assert_eq!(read.summary().unreadable, 1);
}

#[tokio::test]
async fn a_server_that_refuses_every_mail_is_at_fault_itself() {
    let (read, _peer) = read_from(50, |asked, _| match asked.wants_bodies() {
        true => say("{tag} NO no\r\n"),
        false => Act::Honest,
    })
    .await;
    assert!(read.error().is_temporary());
    assert!(read.mails().count() < 10, "the cursor must not run over mails nobody saw");
}

#[tokio::test]
async fn a_server_that_asks_for_patience_gets_it_and_no_mail_is_quarantined() {
    let (read, peer) = read_from(3, |asked, _| match asked.wants_bodies() {
        true => say("{tag} NO [UNAVAILABLE] try again later\r\n"),
        false => Act::Honest,
    })
    .await;
    assert!(read.error().is_temporary());
    assert!(read.batches.is_empty());
    assert_eq!(peer.connections(), 1);
}

#[tokio::test]
async fn a_response_nobody_can_parse_costs_one_mail_and_not_the_folder() {
    let (read, _peer) = read_from(250, |asked, _| match asked.wants_body_of(120) {
        true => say("* 120 FETCH (UID 120 BODY[] what is this\r\n{tag} OK done\r\n"),
        false => Act::Honest,
    })
    .await;
    assert_eq!(read.uids(), (1..=250).collect::<Vec<_>>());
    assert!(reason(read.body(120)).contains("can't be understood"));
    assert_eq!(read.mails().filter(|mail| !matches!(mail.body, Body::Whole(_))).count(), 1);
    assert_eq!(read.cursor(), Some(Cursor { uid_validity: 7, last_uid: 250 }));
}

#[tokio::test]
async fn six_hundred_announced_megabytes_are_not_waited_for_and_the_headers_are_recorded() {
    let (read, _peer) = read_from(3, |asked, _| match asked.wants_body_of(2) && !asked.command.contains("<0.") {
        true => Act::SayAndStall(b"* 2 FETCH (UID 2 BODY[] {629145600}\r\n".to_vec()),
        false => Act::Honest,
    })
    .await;
    assert_eq!(read.uids(), [1, 2, 3]);
    assert!(matches!(read.body(2), Body::Beginning { bytes, reason }
        if bytes.starts_with(b"Message-ID: <2@") && reason.contains("629145600")));
}

#[tokio::test]
async fn of_a_mail_above_the_limit_the_beginning_is_taken() {
    let peer = Peer::honest(3).await;
    peer.change(|world| {
        world.mails[1].body.resize(2_000_000, b'x');
        world.mails[1].size = 2_000_000;
    });
    let mut mailbox = open(&imap(peer.port)).await.expect("a login");
    let limits = FetchLimits { mail_size: 1_000_000 };
    let read = read(&mut mailbox, &inbox(), &Taken::Uids(None), limits).await;
    assert_eq!(read.uids(), [1, 2, 3]);
    assert!(matches!(read.body(2), Body::Beginning { bytes, reason }
        if bytes.len() == 262_144 && reason.contains("2000000")));
    assert_eq!(read.mails().nth(1).expect("the mail").size, 2_000_000);
}

#[tokio::test]
async fn sizes_that_lie_cost_no_content() {
    let peer = Peer::honest(3).await;
    peer.change(|world| {
        world.mails[0].size = 9_000_000;
        world.mails[1].body.resize(1_000_000, b'x');
        world.mails[1].size = 10;
        world.mails[2].size = 0;
    });
    let mut mailbox = open(&imap(peer.port)).await.expect("a login");
    let read = read_inbox(&mut mailbox).await;
    assert_eq!(read.uids(), [1, 2, 3]);
    for mail in read.mails() {
        assert!(matches!(&mail.body, Body::Whole(bytes) if bytes.len() as u64 == mail.size));
    }
    assert_eq!(read.mails().nth(1).expect("the mail").size, 1_000_000);
}

#[tokio::test]
async fn a_mail_deleted_between_its_size_and_its_body_is_passed_over() {
    let (read, _peer) = read_from(4, |asked, world| {
        if asked.wants_bodies() {
            world.mails.retain(|mail| mail.uid != 2 && mail.uid != 4);
        }
        Act::Honest
    })
    .await;
    assert_eq!(read.uids(), [1, 3]);
    assert_eq!(read.summary().vanished, 2);
    assert_eq!(read.cursor().map(|cursor| cursor.last_uid), Some(4));
}

#[tokio::test]
async fn a_deleted_mail_that_comes_as_nil_or_empty_is_passed_over_too() {
    for nothing in ["NIL", "\"\"", "{0}\r\n"] {
        let (read, _peer) = read_from(2, move |asked, world| {
            if !asked.wants_bodies() {
                return Act::Honest;
            }
            world.mails.retain(|mail| mail.uid != 1);
            let mut answer = format!("* 1 FETCH (UID 1 BODY[] {nothing})\r\n").into_bytes();
            answer.extend(honest(asked, world));
            Act::Say(answer)
        })
        .await;
        assert_eq!(read.uids(), [2]);
        assert_eq!(read.summary().vanished, 1);
    }
}

#[tokio::test]
async fn a_mail_that_is_listed_but_left_out_of_a_batch_is_asked_for_again() {
    let (read, _peer) = read_from(5, |asked, world| match asked.wants_body_of(3) && asked.command.contains(':') {
        true => {
            let others = world.mails.iter().filter(|mail| mail.uid != 3);
            let mut answer: Vec<u8> = others.flat_map(|mail| fetched(mail.uid, &mail.body)).collect();
            answer.extend_from_slice(b"{tag} OK done\r\n");
            Act::Say(answer)
        }
        false => Act::Honest,
    })
    .await;
    assert_eq!(read.uids(), [1, 2, 3, 4, 5]);
    assert!(matches!(read.body(3), Body::Whole(_)));
}

#[tokio::test]
async fn what_colleagues_do_meanwhile_does_not_confuse_us() {
    let (read, peer) = read_from(3, |asked, world| {
        if !asked.wants_bodies() && !asked.command.contains("RFC822.SIZE") {
            return Act::Honest;
        }
        let mut answer =
            b"* 9 EXISTS\r\n* 2 FETCH (FLAGS (\\Seen))\r\n* 1 FETCH (UID 1 FLAGS (\\Seen))\r\n* 4 EXPUNGE\r\n\
            * OK still here\r\n* 0 RECENT\r\n"
                .to_vec();
        answer.extend(honest(asked, world));
        Act::Say(answer)
    })
    .await;
    assert_eq!(read.uids(), [1, 2, 3]);
    assert!(read.mails().all(|mail| matches!(mail.body, Body::Whole(_)) && mail.arrived_at == Some(1_784_227_465)));
    assert_eq!(peer.connections(), 1);
}

#[tokio::test]
async fn a_zero_or_missing_uidvalidity_brings_everything_again() {
    for uid_validity in [Some(0), None] {
        let peer = Peer::honest(3).await;
        peer.change(|world| world.uid_validity = uid_validity);
        let mut mailbox = open(&imap(peer.port)).await.expect("a login");
        let first = read_inbox(&mut mailbox).await;
        assert_eq!(first.uids(), [1, 2, 3]);
        let again = read(&mut mailbox, &inbox(), &Taken::Uids(first.cursor()), LIMITS).await;
        assert_eq!(again.uids(), [1, 2, 3]);
        assert_eq!(again.summary().uid_validity, None);
        assert!(again.summary().from_the_beginning);
    }
}

#[tokio::test]
async fn a_poll_with_nothing_new_brings_nothing_although_the_last_mail_is_always_named() {
    let peer = Peer::honest(3).await;
    let mut mailbox = open(&imap(peer.port)).await.expect("a login");
    let taken = Taken::Uids(Some(Cursor { uid_validity: 7, last_uid: 3 }));
    let read = read(&mut mailbox, &inbox(), &taken, LIMITS).await;
    assert_eq!(read.uids(), [] as [u32; 0]);
    assert!(read.summary().complete);
    assert!(peer.log().iter().any(|asked| asked.is("UID FETCH 4:*")));
}

#[tokio::test]
async fn gaps_between_uids_are_no_missing_mails() {
    let peer = Peer::honest(6).await;
    peer.change(|world| world.mails.retain(|mail| ![1, 3, 4].contains(&mail.uid)));
    let mut mailbox = open(&imap(peer.port)).await.expect("a login");
    let read = read_inbox(&mut mailbox).await;
    assert_eq!(read.uids(), [2, 5, 6]);
    assert_eq!(read.summary().vanished, 0);
}
