//! Servers that are asked which mails they still have: nobody is accused on the word of one that errs.

use crate::support::imap_peer::{Act, Asked, Peer, World, mail, say};
use crate::support::mailbox::{imap, inbox, open};
use inquiryd::mailbox::{Compared, MailboxError, Noted, Position, Recorded, RecordedUids};

/// UIDs 1 to 6 are on record, and 4 is missed already; the server has 1, 3, 5, 6 and a new 7.
async fn compare(script: impl FnMut(&Asked, &mut World) -> Act + Send + 'static) -> (Answer, Peer) {
    let peer = Peer::start(7, script).await;
    peer.change(|world| world.mails.retain(|mail| ![2, 4].contains(&mail.uid)));
    let uids = (1..=6).map(|uid| (uid, Noted { missed: uid == 4, old: false })).collect();
    let recorded = Recorded::Uids(RecordedUids { uid_validity: 7, last_uid: 6, uids });
    let mut mailbox = open(&imap(peer.port)).await.expect("a login");
    (mailbox.compare(&inbox(), &recorded).await, peer)
}

type Answer = Result<Option<Compared>, MailboxError>;

fn at(uids: &[u32]) -> Vec<Position> {
    uids.iter().map(|uid| Position::Uid { uid_validity: 7, uid: *uid }).collect()
}

#[tokio::test]
async fn a_mail_that_is_missing_by_two_answers_is_gone_and_a_new_one_is_no_loss() {
    let (answer, peer) = compare(|_, _| Act::Honest).await;
    let compared = answer.expect("an answer").expect("a comparison");
    assert_eq!(compared, Compared { gone: at(&[2]), back: Vec::new(), unrecorded: Some(0) });
    let asked: Vec<String> = peer.log().into_iter().map(|asked| asked.command).collect();
    assert!(asked.iter().any(|command| command == "UID SEARCH UID 1:6"), "{asked:?}");
    assert!(asked.iter().any(|command| command == "UID FETCH 1,2 (UID)"), "{asked:?}");
    assert!(asked.iter().all(|command| !command.starts_with("SELECT") && !command.contains("BODY")), "{asked:?}");
}

#[tokio::test]
async fn a_mail_that_nobody_recorded_is_lost_and_one_that_came_back_is_no_longer_missed() {
    let (answer, _) = compare(|asked, world| {
        if asked.is("EXAMINE") && !world.mails.iter().any(|mail| mail.uid == 4) {
            world.mails.insert(2, mail(4));
        }
        Act::Honest
    })
    .await;
    assert_eq!(answer.expect("an answer").expect("a comparison").back, at(&[4]));
    let peer = Peer::honest(3).await;
    let uids = [1, 3].map(|uid| (uid, Noted::default())).into();
    let recorded = Recorded::Uids(RecordedUids { uid_validity: 7, last_uid: 3, uids });
    let mut mailbox = open(&imap(peer.port)).await.expect("a login");
    let compared = mailbox.compare(&inbox(), &recorded).await.expect("an answer").expect("a comparison");
    assert_eq!(compared, Compared { gone: Vec::new(), back: Vec::new(), unrecorded: Some(1) });
}

#[tokio::test]
async fn a_search_that_is_refused_says_nothing() {
    for refusal in ["{tag} NO SEARCH not supported\r\n", "{tag} BAD unknown command\r\n"] {
        let (answer, _) = compare(|asked, _| if asked.is("UID SEARCH") { say(refusal) } else { Act::Honest }).await;
        assert_eq!(answer.expect("an answer"), None, "{refusal}");
    }
}

#[tokio::test]
async fn a_search_that_stops_at_some_number_accuses_nobody() {
    for listed in ["* SEARCH 1\r\n", "* SEARCH\r\n", ""] {
        let answer = format!("{listed}{{tag}} OK done\r\n");
        let (answer, _) = compare(move |asked, _| match asked.is("UID SEARCH") {
            true => say(&answer),
            false => Act::Honest,
        })
        .await;
        assert_eq!(answer.expect("an answer"), None, "{listed:?}");
    }
}

#[tokio::test]
async fn a_server_that_does_not_even_list_what_it_has_is_not_believed() {
    let silent = |asked: &Asked, _: &mut World| match asked.is("UID FETCH") {
        true => say("{tag} OK done\r\n"),
        false => Act::Honest,
    };
    assert_eq!(compare(silent).await.0.expect("an answer"), None);
}

#[tokio::test]
async fn a_folder_that_was_made_anew_lacks_nothing() {
    for validity in [Some(8), None] {
        let renewed = move |asked: &Asked, world: &mut World| {
            if asked.is("EXAMINE") {
                world.uid_validity = validity;
            }
            Act::Honest
        };
        assert_eq!(compare(renewed).await.0.expect("an answer"), None);
    }
}

#[tokio::test]
async fn an_empty_folder_needs_no_question() {
    let empty = |asked: &Asked, world: &mut World| match asked.is("UID") {
        true => say("{tag} NO no messages\r\n"),
        false => {
            world.mails.clear();
            Act::Honest
        }
    };
    let compared = compare(empty).await.0.expect("an answer").expect("a comparison");
    assert_eq!(compared.gone, at(&[1, 2, 3, 5, 6]));
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_an_error_and_no_comparison() {
    let (answer, _) = compare(|asked, _| match asked.is("UID SEARCH") {
        true => Act::SayAndClose(b"* SEARCH 1\r\n".to_vec()),
        false => Act::Honest,
    })
    .await;
    assert!(answer.expect_err("an error").is_temporary());
}
