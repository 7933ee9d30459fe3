//! What an SMTP server may do wrong, and that no mail is lost or sent twice by it.

use crate::support::smtp_peer::{Act, Script, SmtpPeer};
use inquiryd::config::source::{Endpoint, Secret, Security, SinkSettings, SmtpSettings};
use inquiryd::outbox::{Outcome, OutgoingMail, Sink};
use inquiryd::progress::Progress;
use std::time::Duration;

const SHORT: Duration = Duration::from_millis(300);
const LONG: Duration = Duration::from_secs(20);

fn settings(port: u16, security: Security, deadline: Duration) -> SmtpSettings {
    let server = Endpoint { host: "127.0.0.1".to_owned(), port, security, ca_file: None };
    SmtpSettings { server, login: None, deadline }
}

fn sink(peer: &SmtpPeer, deadline: Duration) -> Sink {
    let settings = SinkSettings::Smtp(settings(peer.port, Security::Plain, deadline));
    Sink::open(&settings, &Progress::default()).expect("a sink")
}

fn mail(recipient: &str) -> OutgoingMail {
    OutgoingMail {
        from: "bot@haichuan.example".parse().expect("valid"),
        recipient: recipient.parse().expect("valid"),
        message_id: "digest.7@haichuan.example".to_owned(),
        what: "digest".to_owned(),
        planned_at: 1_795_408_200,
        raw: b"Subject: digest\r\n\r\nfirst\r\n.\r\n..last\r\n".to_vec(),
    }
}

/// Both phases, as the loop that empties the outbox does it.
async fn send(sink: &mut Sink, recipient: &str) -> Outcome {
    let mail = mail(recipient);
    match sink.offer(&mail).await {
        Ok(()) => sink.hand_over(&mail).await,
        Err(outcome) => outcome,
    }
}

async fn outcome_of(script: Script) -> Outcome {
    let peer = SmtpPeer::start(script).await;
    let outcome = send(&mut sink(&peer, LONG), "lilei@haichuan.example").await;
    assert_eq!(peer.seen().mails.is_empty(), outcome != Outcome::Sent, "{outcome:?}, {:?}", peer.seen());
    outcome
}

fn later(outcome: Outcome) -> String {
    let Outcome::Later { reason } = outcome else { panic!("not Later: {outcome:?}") };
    reason
}

fn unknown(outcome: Outcome) -> String {
    let Outcome::Unknown { reason } = outcome else { panic!("not Unknown: {outcome:?}") };
    reason
}

#[tokio::test]
async fn a_willing_server_gets_every_mail_on_one_connection_byte_for_byte() {
    let peer = SmtpPeer::start(Script::default()).await;
    let mut sink = sink(&peer, LONG);
    for recipient in ["lilei@haichuan.example", "hanmeimei@haichuan.example"] {
        assert_eq!(send(&mut sink, recipient).await, Outcome::Sent);
    }
    sink.close().await;
    let seen = peer.seen();
    assert_eq!(seen.connections, 1);
    assert_eq!(seen.mails, vec![String::from_utf8(mail("x@x.example").raw).expect("ASCII"); 2]);
    assert!(seen.commands.iter().any(|line| line == "MAIL FROM:<bot@haichuan.example> SIZE=37"), "{seen:?}");
    assert_eq!(seen.commands.last().map(String::as_str), Some("QUIT"));
}

#[tokio::test]
async fn a_server_that_refuses_us_as_a_whole_says_nothing_about_the_mail() {
    for verb in ["CONNECT", "EHLO"] {
        for answer in [&b"421 4.3.2 too many connections"[..], b"450 later", b"554 5.7.1 your address is listed"] {
            let reason = later(outcome_of(Script::default().always(verb, Act::Say(answer))).await);
            let words = std::str::from_utf8(&answer[4..]).expect("ASCII");
            assert!(reason.contains(words), "{reason}");
        }
    }
}

#[tokio::test]
async fn a_temporary_no_means_later_wherever_it_comes() {
    for verb in ["MAIL", "RCPT", "DATA", "DOT"] {
        let reason = later(outcome_of(Script::default().always(verb, Act::Say(b"451 4.7.1 greylisted"))).await);
        assert!(reason.contains("451 4.7.1 greylisted"), "{verb}: {reason}");
    }
}

#[tokio::test]
async fn a_final_no_to_the_sender_says_nothing_about_the_recipient() {
    let reason = later(outcome_of(Script::default().always("MAIL", Act::Say(b"550 5.7.1 quota used up"))).await);
    assert!(reason.contains("550 5.7.1 quota used up"), "{reason}");
}

#[tokio::test]
async fn a_final_no_is_kept_with_its_codes_wherever_it_comes() {
    for verb in ["RCPT", "DATA", "DOT"] {
        let outcome =
            outcome_of(Script::default().always(verb, Act::Say(b"550-5.1.1 no such\r\n550 5.1.1 user"))).await;
        let Outcome::Refused { code, enhanced_status, reason } = outcome else { panic!("{verb}: {outcome:?}") };
        assert_eq!((code, enhanced_status.as_deref()), (550, Some("5.1.1")), "{verb}");
        assert!(reason.ends_with("550 5.1.1 no such user"), "{verb}: {reason}");
    }
}

#[tokio::test]
async fn one_bad_address_does_not_hurt_the_next_mail_on_the_connection() {
    for answer in [&b"550 5.1.1 no such user"[..], b"450 4.2.1 mailbox busy"] {
        for verb in ["RCPT", "DATA", "DOT"] {
            let peer = SmtpPeer::start(Script::default().once(verb, Act::Say(answer))).await;
            let mut sink = sink(&peer, LONG);
            assert_ne!(send(&mut sink, "gone@haichuan.example").await, Outcome::Sent);
            assert_eq!(send(&mut sink, "lilei@haichuan.example").await, Outcome::Sent);
            let seen = peer.seen();
            assert_eq!((seen.connections, seen.mails.len()), (1, 1), "{verb} {seen:?}");
            assert!(seen.commands.contains(&"RSET".to_owned()), "{verb} {seen:?}");
        }
    }
}

#[tokio::test]
async fn a_connection_that_does_not_reset_after_a_refusal_is_left() {
    let script = Script::default().once("RCPT", Act::Say(b"550 no")).once("RSET", Act::Say(b"500 what?"));
    let peer = SmtpPeer::start(script).await;
    let mut sink = sink(&peer, LONG);
    assert_ne!(send(&mut sink, "gone@haichuan.example").await, Outcome::Sent);
    assert_eq!(send(&mut sink, "lilei@haichuan.example").await, Outcome::Sent);
    assert_eq!(peer.seen().connections, 2);
}

#[tokio::test]
async fn a_connection_that_died_while_idle_is_replaced_without_a_word() {
    for act in [Act::Close, Act::SayAndClose("421 4.4.2 idle too long")] {
        // The first MAIL of the second mail meets the dead connection.
        let peer = SmtpPeer::start(Script::default().at("MAIL", "SIZE=38", act)).await;
        let mut sink = sink(&peer, LONG);
        assert_eq!(send(&mut sink, "lilei@haichuan.example").await, Outcome::Sent);
        let longer = OutgoingMail { raw: [&mail("x@x.example").raw[..], b"x"].concat(), ..mail("h@haichuan.example") };
        let reason = later(sink.offer(&longer).await.expect_err("both connections end here"));
        assert!(reason.contains("MAIL FROM"), "{reason}");
        assert_eq!(peer.seen().connections, 2, "tried once more, and only once");
        assert_eq!(send(&mut sink, "lilei@haichuan.example").await, Outcome::Sent);
    }
}

#[tokio::test]
async fn a_drop_before_the_mails_bytes_means_later() {
    for verb in ["CONNECT", "EHLO", "MAIL", "RCPT", "DATA"] {
        let reason = later(outcome_of(Script::default().always(verb, Act::Close)).await);
        assert!(reason.contains("closed the connection") || reason.contains("reset"), "{verb}: {reason}");
    }
}

#[tokio::test]
async fn a_drop_after_the_dot_leaves_the_mail_unknown() {
    let reason = unknown(outcome_of(Script::default().always("DOT", Act::Close)).await);
    assert_eq!(reason, "end of the mail: the server closed the connection");
}

#[tokio::test]
async fn a_drop_in_the_middle_of_the_bytes_leaves_the_mail_unknown_and_the_next_one_goes_out() {
    let peer = SmtpPeer::start(Script::default().once("BYTES", Act::Close)).await;
    let mut sink = sink(&peer, LONG);
    let big = OutgoingMail { raw: b"0123456789abcde\r\n".repeat(50_000), ..mail("lilei@haichuan.example") };
    assert_eq!(sink.offer(&big).await, Ok(()));
    unknown(sink.hand_over(&big).await);
    assert_eq!(send(&mut sink, "lilei@haichuan.example").await, Outcome::Sent);
    assert_eq!(peer.seen().connections, 2);
}

#[tokio::test]
async fn silence_ends_at_the_deadline() {
    for verb in ["CONNECT", "EHLO", "MAIL", "RCPT", "DATA", "DOT"] {
        let peer = SmtpPeer::start(Script::default().always(verb, Act::Silence)).await;
        let outcome = send(&mut sink(&peer, SHORT), "lilei@haichuan.example").await;
        let reason = if verb == "DOT" { unknown(outcome) } else { later(outcome) };
        assert!(reason.contains("no answer within"), "{verb}: {reason}");
    }
}

#[tokio::test]
async fn an_answer_that_dribbles_without_end_is_given_up_like_silence() {
    for verb in ["CONNECT", "EHLO", "RCPT", "DOT"] {
        let peer = SmtpPeer::start(Script::default().always(verb, Act::Dribble)).await;
        let outcome = send(&mut sink(&peer, SHORT), "lilei@haichuan.example").await;
        assert!(matches!(outcome, Outcome::Later { .. } | Outcome::Unknown { .. }), "{verb}: {outcome:?}");
        assert_eq!(matches!(outcome, Outcome::Unknown { .. }), verb == "DOT", "{verb}: {outcome:?}");
    }
}

#[tokio::test]
async fn a_server_that_says_250_to_everything_is_not_believed() {
    let reason = later(outcome_of(Script::default().always("DATA", Act::SayAndClose("250 2.0.0 sure"))).await);
    assert!(reason.contains("DATA: the server answered 250"), "{reason}");
    let reason = unknown(outcome_of(Script::default().always("DOT", Act::SayAndClose("221 2.0.0 bye"))).await);
    assert!(reason.contains("221"), "{reason}");
}

#[tokio::test]
async fn an_answer_that_is_no_smtp_is_not_taken_for_a_yes() {
    later(outcome_of(Script::default().always("RCPT", Act::Say(b"HTTP/1.1 200 OK"))).await);
    unknown(outcome_of(Script::default().always("DOT", Act::Say(b"OK"))).await);
}

#[tokio::test]
async fn a_421_to_the_dot_means_later_and_a_new_connection() {
    let peer = SmtpPeer::start(Script::default().once("DOT", Act::SayAndClose("421 4.3.0 shutting down"))).await;
    let mut sink = sink(&peer, LONG);
    later(send(&mut sink, "lilei@haichuan.example").await);
    assert_eq!(send(&mut sink, "lilei@haichuan.example").await, Outcome::Sent);
    assert_eq!((peer.seen().connections, peer.seen().mails.len()), (2, 1));
}

#[tokio::test]
async fn a_refusal_in_gbk_is_a_refusal_even_after_the_dot() {
    let gbk = b"550 5.7.1 \xd3\xca\xbc\xfe\xb1\xbb\xbe\xdc\xbe\xf8";
    let outcome = outcome_of(Script::default().always("DOT", Act::Say(gbk))).await;
    assert!(matches!(outcome, Outcome::Refused { code: 550, .. }), "{outcome:?}");
}

#[tokio::test]
async fn a_server_whose_starttls_was_stripped_gets_neither_login_nor_mail() {
    let peer = SmtpPeer::start(Script::default()).await;
    let login = Some(("bot".to_owned(), Secret("hunter2".to_owned())));
    let settings = SmtpSettings { login, ..settings(peer.port, Security::StartTls, LONG) };
    let mut sink = Sink::open(&SinkSettings::Smtp(settings), &Progress::default()).expect("a sink");
    let reason = later(send(&mut sink, "lilei@haichuan.example").await);
    assert!(reason.contains("does not offer STARTTLS") && reason.contains("`tls = \"implicit\"`"), "{reason}");
    assert!(peer.seen().commands.iter().all(|line| line.starts_with("EHLO")), "{:?}", peer.seen());
}

#[tokio::test]
async fn answers_smuggled_in_before_tls_are_not_taken_for_the_servers() {
    let script = Script::default()
        .always("EHLO", Act::Say(b"250-peer.example\r\n250 STARTTLS"))
        .always("STARTTLS", Act::Say(b"220 go ahead\r\n250-peer.example\r\n250 AUTH PLAIN\r\n235 welcome"));
    let peer = SmtpPeer::start(script).await;
    let settings = SinkSettings::Smtp(settings(peer.port, Security::StartTls, LONG));
    let mut sink = Sink::open(&settings, &Progress::default()).expect("a sink");
    let reason = later(send(&mut sink, "lilei@haichuan.example").await);
    assert!(reason.starts_with("TLS handshake:"), "{reason}");
}

#[tokio::test]
async fn a_wrong_password_keeps_the_mail_and_says_so() {
    let script = Script::default()
        .always("EHLO", Act::Say(b"250-peer.example\r\n250 AUTH LOGIN PLAIN"))
        .always("AUTH", Act::Say(b"535 5.7.8 authorisation code wrong"));
    let peer = SmtpPeer::start(script).await;
    let login = Some(("bot@haichuan.example".to_owned(), Secret("012345".to_owned())));
    let settings = SmtpSettings { login, ..settings(peer.port, Security::Plain, LONG) };
    let mut sink = Sink::open(&SinkSettings::Smtp(settings), &Progress::default()).expect("a sink");
    let reason = later(send(&mut sink, "lilei@haichuan.example").await);
    assert_eq!(reason, "login: the server answered 535 5.7.8 authorisation code wrong");
    assert!(!format!("{sink:?}").contains("012345"));
    assert!(sink.probe().await.is_err());
}

#[tokio::test]
async fn a_server_without_a_login_by_password_is_named_as_such() {
    let peer = SmtpPeer::start(Script::default()).await;
    let login = Some(("bot@haichuan.example".to_owned(), Secret("012345".to_owned())));
    let settings = SmtpSettings { login, ..settings(peer.port, Security::Plain, LONG) };
    let mut sink = Sink::open(&SinkSettings::Smtp(settings), &Progress::default()).expect("a sink");
    let reason = later(send(&mut sink, "lilei@haichuan.example").await);
    assert!(reason.contains("AUTH PLAIN or LOGIN"), "{reason}");
}

#[tokio::test]
async fn what_the_server_cannot_take_is_refused_before_it_is_offered() {
    let script = Script::default().always("EHLO", Act::Say(b"250-peer.example\r\n250 SIZE 30"));
    let peer = SmtpPeer::start(script).await;
    let mut sink = sink(&peer, LONG);
    let eight_bit = OutgoingMail { raw: "询盘\r\n".into(), ..mail("lilei@haichuan.example") };
    let abroad = mail("джеймс@haichuan.example");
    for (mail, status) in [(mail("l@haichuan.example"), "5.3.4"), (eight_bit, "5.6.3"), (abroad, "5.6.7")] {
        let Err(Outcome::Refused { enhanced_status, .. }) = sink.offer(&mail).await else { panic!("{status}") };
        assert_eq!(enhanced_status.as_deref(), Some(status));
    }
    assert!(!peer.seen().commands.iter().any(|line| line.starts_with("MAIL")), "{:?}", peer.seen());
    assert_eq!(peer.seen().connections, 1);
}

#[tokio::test]
async fn a_mail_offered_and_not_handed_over_is_withdrawn_before_the_next() {
    let peer = SmtpPeer::start(Script::default()).await;
    let mut sink = sink(&peer, LONG);
    assert_eq!(sink.offer(&mail("lilei@haichuan.example")).await, Ok(()));
    assert_eq!(send(&mut sink, "hanmeimei@haichuan.example").await, Outcome::Sent);
    let seen = peer.seen();
    let verbs: Vec<&str> = seen.commands.iter().filter_map(|line| line.get(..4)).collect();
    assert_eq!(verbs, ["EHLO", "EHLO", "MAIL", "RCPT", "RSET", "MAIL", "RCPT", "DATA"]);
}

#[tokio::test]
async fn a_mail_that_was_not_offered_is_not_handed_over() {
    let peer = SmtpPeer::start(Script::default()).await;
    let mut sink = sink(&peer, LONG);
    later(sink.hand_over(&mail("lilei@haichuan.example")).await);
    assert_eq!(send(&mut sink, "lilei@haichuan.example").await, Outcome::Sent);
    later(sink.hand_over(&mail("lilei@haichuan.example")).await);
    assert_eq!(sink.offer(&mail("lilei@haichuan.example")).await, Ok(()));
    later(sink.hand_over(&mail("hanmeimei@haichuan.example")).await);
    assert_eq!((peer.seen().mails.len(), peer.seen().connections), (1, 1));
}

#[tokio::test]
async fn a_send_that_is_cancelled_leaves_no_connection_behind_for_the_next() {
    let peer = SmtpPeer::start(Script::default().once("DOT", Act::Silence)).await;
    let mut sink = sink(&peer, LONG);
    let first = mail("lilei@haichuan.example");
    assert_eq!(sink.offer(&first).await, Ok(()));
    assert!(tokio::time::timeout(SHORT, sink.hand_over(&first)).await.is_err());
    assert_eq!(send(&mut sink, "hanmeimei@haichuan.example").await, Outcome::Sent);
    assert_eq!(peer.seen().connections, 2);
}

#[tokio::test]
async fn a_server_that_is_not_there_means_later() {
    let port =
        tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.and_then(|l| l.local_addr()).expect("bound").port();
    let settings = SinkSettings::Smtp(settings(port, Security::Plain, LONG));
    let mut sink = Sink::open(&settings, &Progress::default()).expect("a sink");
    let reason = later(send(&mut sink, "lilei@haichuan.example").await);
    assert!(reason.starts_with("connecting:"), "{reason}");
}

#[test]
fn certificates_that_cannot_be_used_are_named_before_any_mail_is_tried() {
    let folder = tempfile::tempdir().expect("a folder");
    let no_pem = folder.path().join("no.pem");
    std::fs::write(&no_pem, "this is no certificate").expect("written");
    let with = |host: &str, ca_file| {
        let server = Endpoint { host: host.to_owned(), port: 465, security: Security::Tls, ca_file };
        let settings = SinkSettings::Smtp(SmtpSettings { server, login: None, deadline: LONG });
        Sink::open(&settings, &Progress::default()).expect_err("unusable").to_string()
    };
    let missing = with("smtp.example", Some(folder.path().join("missing.pem")));
    assert!(missing.contains("missing.pem: can't read the certificates"), "{missing}");
    let empty = with("smtp.example", Some(no_pem));
    assert!(
        empty.ends_with("no.pem: can't read the certificates: there is no CERTIFICATE block in this file"),
        "{empty}"
    );
    assert_eq!(with("not a host", None), "\"not a host\" is neither a host name nor an IP address");
}
