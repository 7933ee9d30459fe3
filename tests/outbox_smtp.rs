//! The SMTP sink against a real Postfix, whose mail is read back from a real Dovecot.

use crate::support::servers;
use inquiryd::config::source::{Endpoint, Secret, Security, SinkSettings, SmtpSettings};
use inquiryd::letter::Letter;
use inquiryd::outbox::{Envelope, Inspection, Outcome, OutgoingMail, Sink, compose};
use inquiryd::progress::Progress;
use std::path::PathBuf;
use std::time::Duration;

fn sink(port: u16, security: Security, ca_file: Option<PathBuf>) -> Sink {
    sink_with_login(port, security, ca_file, None)
}

fn sink_with_login(port: u16, security: Security, ca_file: Option<PathBuf>, password: Option<&str>) -> Sink {
    let server = Endpoint { host: "localhost".to_owned(), port, security, ca_file };
    let login = password.map(|password| ("inquiryd".to_owned(), Secret(password.to_owned())));
    let settings = SmtpSettings { server, login, deadline: Duration::from_secs(30) };
    Sink::open(&SinkSettings::Smtp(settings), &Progress::default()).expect("a sink")
}

fn digest_to(user: &str, number: usize) -> OutgoingMail {
    let recipient = format!("{user}@test.example");
    let letter = Letter {
        subject: format!("[询盘] 新询盘 {number} 封（A1）· 11月23日 12:30"),
        text: "买家 James Whitfield\n.\n..two dots\nFrom the buyer\n".to_owned(),
        html: format!("<p>{}</p>", "买家 & Co. ".repeat(500)),
        attachments: Vec::new(),
    };
    let message_id = format!("digest.{number}.{user}@test.example");
    let envelope = Envelope {
        from: "询盘助手 <inquiryd@test.example>".parse().expect("valid"),
        to: vec![recipient.parse().expect("valid")],
        message_id: message_id.clone(),
        date: 1_795_408_200,
        auto_submitted: true,
        unsubscribe: None,
        in_reply_to: None,
        reply_to: None,
    };
    OutgoingMail {
        from: envelope.from.email.clone(),
        recipient: recipient.parse().expect("valid"),
        message_id,
        what: "digest".to_owned(),
        planned_at: envelope.date,
        raw: compose(&letter, &envelope).expect("composes"),
    }
}

async fn send(sink: &mut Sink, mail: &OutgoingMail) -> Outcome {
    match sink.offer(mail).await {
        Ok(()) => sink.hand_over(mail).await,
        Err(outcome) => outcome,
    }
}

/// Sends ten mails on one connection and compares what arrives, byte for byte below the servers' own headers.
async fn everything_arrives(mut sink: Sink, user: &str) {
    let mails: Vec<OutgoingMail> = (0..10).map(|number| digest_to(user, number)).collect();
    for mail in &mails {
        assert_eq!(send(&mut sink, mail).await, Outcome::Sent);
    }
    sink.close().await;
    let arrived = servers::wait_for_mail(user, "INBOX", mails.len());
    assert_eq!(arrived.len(), mails.len());
    for mail in &mails {
        let count = arrived.iter().filter(|arrived| arrived.ends_with(&mail.raw)).count();
        assert_eq!(count, 1, "{} arrived unchanged, once", mail.message_id);
    }
}

#[tokio::test]
async fn mails_reach_a_real_mailbox_unchanged() {
    let user = servers::unique_user("outbox-plain");
    everything_arrives(sink(servers::smtp_port(), Security::Plain, None), &user).await;
}

#[tokio::test]
async fn mails_reach_a_real_mailbox_over_starttls() {
    let user = servers::unique_user("outbox-starttls");
    everything_arrives(sink(servers::smtp_port(), Security::StartTls, Some(servers::ca_file())), &user).await;
}

#[tokio::test]
async fn mails_reach_a_real_mailbox_over_tls() {
    let user = servers::unique_user("outbox-tls");
    everything_arrives(sink(servers::smtps_port(), Security::Tls, Some(servers::ca_file())), &user).await;
}

#[tokio::test]
async fn a_server_whose_certificate_nobody_vouches_for_gets_no_mail() {
    for (port, security) in [(servers::smtp_port(), Security::StartTls), (servers::smtps_port(), Security::Tls)] {
        let outcome = send(&mut sink(port, security, None), &digest_to("nobody", 1)).await;
        let Outcome::Later { reason } = outcome else { panic!("{outcome:?}") };
        assert!(reason.contains("certificate"), "{reason}");
    }
}

#[tokio::test]
async fn a_recipient_whom_postfix_refuses_does_not_stop_the_next() {
    let user = servers::unique_user("outbox-refused");
    let mut sink = sink(servers::smtp_port(), Security::Plain, None);
    let abroad = OutgoingMail { recipient: "buyer@elsewhere.invalid".parse().expect("valid"), ..digest_to(&user, 0) };
    let Outcome::Refused { code, enhanced_status, .. } = send(&mut sink, &abroad).await else { panic!("relayed") };
    assert_eq!((code, enhanced_status.as_deref()), (554, Some("5.7.1")));
    assert_eq!(send(&mut sink, &digest_to(&user, 1)).await, Outcome::Sent);
    assert_eq!(servers::wait_for_mail(&user, "INBOX", 1).len(), 1);
}

#[tokio::test]
async fn check_learns_what_the_server_can_do() {
    let mut plain = sink(servers::smtp_port(), Security::Plain, None);
    let Inspection::Smtp(plain) = plain.probe().await.expect("Postfix answers") else { panic!("SMTP") };
    assert!(plain.greeting.contains("ESMTP") && plain.encryption.is_none(), "{plain:?}");
    assert!(plain.extensions.iter().any(|line| line.starts_with("SIZE")), "{plain:?}");
    let mut secure = sink(servers::smtps_port(), Security::Tls, Some(servers::ca_file()));
    let Inspection::Smtp(secure) = secure.probe().await.expect("Postfix answers") else { panic!("SMTP") };
    assert!(secure.encryption.is_some_and(|encryption| encryption.starts_with("TLSv1")));
}

#[tokio::test]
async fn the_right_password_sends_and_the_wrong_one_keeps_the_mail() {
    let user = servers::unique_user("outbox-login");
    let with =
        |password| sink_with_login(servers::smtp_port(), Security::StartTls, Some(servers::ca_file()), Some(password));
    let mut right = with(servers::PASSWORD);
    assert_eq!(send(&mut right, &digest_to(&user, 1)).await, Outcome::Sent);
    let Inspection::Smtp(seen) = right.probe().await.expect("Postfix answers") else { panic!("SMTP") };
    assert_eq!(seen.login.as_deref(), Some("PLAIN"));
    let Outcome::Later { reason } = send(&mut with("wrong"), &digest_to(&user, 2)).await else { panic!("no login") };
    assert!(reason.starts_with("login: the server answered 535"), "{reason}");
    assert_eq!(servers::wait_for_mail(&user, "INBOX", 1).len(), 1);
}
