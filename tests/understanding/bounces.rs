//! Non-delivery reports as mail programs write them: whom they name, and whether his address is dead.

use super::mail;
use inquiryd::message::{Bounce, BounceKind, Kind};

const DAEMON: &str = "From: Mail Delivery System <MAILER-DAEMON@mx.carrier.example>\r\nTo: amy@seller.example";

fn bounce(subject: &str, text: &str) -> Bounce {
    let message = mail(&format!("{DAEMON}\r\nSubject: {subject}"), &text.replace('\n', "\r\n"));
    assert_eq!(message.kind, Kind::Bounce, "{subject}");
    message.bounce.expect("a bounce")
}

fn told(bounce: &Bounce) -> (Option<&str>, Option<&str>, BounceKind, bool) {
    (bounce.recipient.as_deref(), bounce.status.as_deref(), bounce.kind, bounce.permanent)
}

fn report(fields: &str, returned: &str) -> inquiryd::message::Message {
    let headers = format!(
        "{DAEMON}\r\nSubject: Undelivered Mail Returned to Sender\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=b"
    );
    let body = format!(
        "--b\n\nYour mail came to nothing.\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.carrier.example\n\n{fields}\n\
         --b\nContent-Type: text/rfc822-headers\n\n{returned}\n--b--\n"
    );
    mail(&headers, &body.replace('\n', "\r\n"))
}

#[test]
fn qmail_that_waited_too_long_has_given_up_on_an_address_that_may_live() {
    let found = bounce(
        "failure notice",
        "Hi. This is the qmail-send program at mx.carrier.example.\nI'm afraid I wasn't able to deliver your message to the following addresses.\n\n\
         <jo@kestrel.example>:\nSorry, I wasn't able to establish an SMTP connection. (#4.4.1)\nI'm not going to try again; this message has been in the queue too long.\n\n\
         --- Below this line is a copy of the message.\n\nReturn-Path: <amy@seller.example>\nTo: jo@kestrel.example\nMessage-ID: <offer.1@seller.example>\n",
    );
    assert_eq!(told(&found), (Some("jo@kestrel.example"), Some("4.4.1"), BounceKind::Soft, true));
    assert_eq!(found.original_message_id.as_deref(), Some("offer.1@seller.example"));
}

#[test]
fn exim_names_whom_we_wrote_to_and_not_where_he_forwards_to() {
    let found = bounce(
        "Mail delivery failed: returning message to sender",
        "A message that you sent could not be delivered to one or more of its recipients.\n\n  jo@home.example\n    (ultimately generated from jo@kestrel.example)\n    \
         SMTP error from remote mail server after RCPT TO:<jo@home.example>:\n    550 5.1.1 User unknown\n\n\
         ------ This is a copy of the message, including all the headers. ------\n\nMessage-Id: <offer.2@seller.example>\nTo: Jo Pike\n <jo@kestrel.example>\n",
    );
    assert_eq!(told(&found), (Some("jo@kestrel.example"), Some("5.1.1"), BounceKind::Hard, true));
    assert_eq!(found.original_message_id.as_deref(), Some("offer.2@seller.example"));
}

#[test]
fn exim_that_still_tries_is_no_dead_address() {
    let found = bounce(
        "Warning: message 1abcde-000123-4F delayed 24 hours",
        "A message that you sent has not yet been delivered to one or more of its recipients.\n\n  jo@kestrel.example\n    host mx [192.0.2.1]: 450 mailbox unavailable\n\n\
         No action is required on your part. Delivery attempts will continue for some time.\n",
    );
    assert_eq!(told(&found), (Some("jo@kestrel.example"), None, BounceKind::Soft, false));
}

#[test]
fn sendmail_domino_mdaemon_and_asian_systems_name_the_dead_address() {
    for (subject, text) in [
        (
            "Returned mail: see transcript for details",
            "   ----- The following addresses had permanent fatal errors -----\n<jo@kestrel.example>\n    (reason: 550 5.1.1 <jo@kestrel.example>... User unknown)\n",
        ),
        (
            "DELIVERY FAILURE: User jo (jo@kestrel.example) not listed in Domino Directory",
            "Your message\n\n  Subject: Offer\n\nwas not delivered to:\n\n  jo@kestrel.example\n\nbecause:\n\n  User jo (jo@kestrel.example) not listed in Domino Directory\n",
        ),
        (
            "Permanent Delivery Failure",
            "The attached message had PERMANENT fatal delivery errors!\n\nFailed address: jo@kestrel.example\n\n--- Session Transcript ---\n<-- 550 <jo@kestrel.example>, Recipient unknown\n",
        ),
        (
            "Delivery failure",
            "Message from  carrier.example.\nUnable to deliver message to the following address(es).\n\n<jo@kestrel.example>:\nThis user doesn't have an account (jo@kestrel.example) [0] : no such user\n",
        ),
        (
            "系统退信/Systems bounce",
            "抱歉，您的邮件被退回来了……\n收件人邮箱：jo@kestrel.example\n退信原因：收件人邮箱不存在 (550 User not found)\n原邮件信息：\nMessage-ID: <x@seller.example>\n",
        ),
        (
            "Mail could not be delivered",
            "宛先のメールアドレスが見つかりませんでした。\n次の宛先に配信できませんでした: <jo@kestrel.example>\n550 Unknown user\n",
        ),
        (
            "Недоставленное сообщение",
            "Это письмо создано автоматически. Ваше письмо не может быть доставлено:\njo@kestrel.example\nПользователь не найден\n",
        ),
        (
            "Unzustellbar: Angebot",
            "Fehler bei der Nachrichtenzustellung an folgende Empfänger: jo@kestrel.example\nDie E-Mail-Adresse wurde nicht gefunden.\n#550 5.1.1 RESOLVER.ADR.RecipNotFound; not found ##\n",
        ),
    ] {
        let found = bounce(subject, text);
        let (recipient, _, kind, permanent) = told(&found);
        assert_eq!((recipient, kind, permanent), (Some("jo@kestrel.example"), BounceKind::Hard, true), "{subject}");
    }
}

#[test]
fn a_full_mailbox_a_blocklist_and_a_large_mail_leave_the_address_alive() {
    for reason in [
        "552 5.2.2 Over quota",
        "550 5.0.0 The mailbox is full",
        "554 5.7.1 <jo@kestrel.example>: Recipient address rejected: blocked using zen.spamhaus.example",
        "552 5.3.4 Message size exceeds fixed limit",
        "550 5.2.1 The user you are trying to contact is receiving mail at a rate that prevents additional messages",
    ] {
        let found = bounce(
            "Delivery Status Notification (Failure)",
            &format!("Delivery to the following recipient failed permanently:\n\n  jo@kestrel.example\n\n{reason}\n"),
        );
        assert_eq!((found.kind, found.permanent), (BounceKind::Soft, true), "{reason}");
    }
}

#[test]
fn an_unknown_user_is_dead_even_under_a_wrong_status() {
    for reason in ["550 5.7.1 No such user here", "554 5.0.0 Unknown user", "450 4.1.1 User unknown, giving up"] {
        let message = report(
            &format!(
                "Final-Recipient: rfc822; jo@kestrel.example\nAction: failed\nStatus: {}\nDiagnostic-Code: smtp; {reason}\n",
                &reason[4..9]
            ),
            "Message-ID: <offer.3@seller.example>\nTo: jo@kestrel.example",
        );
        let found = message.bounce.expect("a bounce");
        assert_eq!((found.kind, found.permanent), (BounceKind::Hard, true), "{reason}");
        assert_eq!(found.original_message_id.as_deref(), Some("offer.3@seller.example"));
    }
}

#[test]
fn a_forwarded_address_is_reported_as_the_one_we_wrote_to() {
    let fields = "Original-Recipient: rfc822;jo@kestrel.example\nFinal-Recipient: rfc822;jo@home.example\nAction: failed\nStatus: 5.1.1\n";
    let found = report(fields, "To: jo@kestrel.example").bounce.expect("a bounce");
    assert_eq!(told(&found), (Some("jo@kestrel.example"), Some("5.1.1"), BounceKind::Hard, true));
}

#[test]
fn our_own_address_in_a_report_is_never_the_one_that_failed() {
    let fields = "Final-Recipient: rfc822; sales@seller.example\nAction: failed\nStatus: 5.1.1\n";
    let found = report(fields, "To: Jo <jo@kestrel.example>").bounce.expect("a bounce");
    assert_eq!(found.recipient.as_deref(), Some("jo@kestrel.example"));
}

#[test]
fn a_mail_that_arrived_is_no_bounce_and_a_late_one_no_dead_address() {
    let fields = |action: &str, status: &str| {
        format!("Final-Recipient: rfc822; jo@kestrel.example\nAction: {action}\nStatus: {status}\n")
    };
    for action in ["delivered", "relayed", "expanded (to a list)"] {
        let arrived = report(&fields(action, "2.0.0"), "To: jo@kestrel.example");
        assert_eq!((arrived.kind, arrived.bounce.is_none()), (Kind::AutoReply, true), "{action}");
    }
    let late = report(&fields("delayed", "4.4.7"), "To: jo@kestrel.example").bounce.expect("a bounce");
    assert_eq!((late.kind, late.permanent), (BounceKind::Soft, false));
}

fn feedback(feedback_type: &str, fields: &str) -> inquiryd::message::Message {
    let headers = "From: Feedback <fbl@carrier.example>\r\nSubject: complaint\r\nMIME-Version: 1.0\r\n\
                   Content-Type: multipart/report; report-type=feedback-report; boundary=b";
    let body = format!(
        "--b\n\nA report.\n--b\nContent-Type: message/feedback-report\n\nFeedback-Type: {feedback_type}\n{fields}\n\
         --b\nContent-Type: message/rfc822\n\nTo: jo@kestrel.example\nMessage-ID: <news.4@seller.example>\n\nNews\n--b--\n"
    );
    mail(headers, &body.replace('\n', "\r\n"))
}

#[test]
fn a_complaint_names_the_buyer_even_where_only_the_enclosed_mail_does() {
    for fields in ["Original-Rcpt-To: jo@kestrel.example\n", "Original-Mail-From: amy@seller.example\n"] {
        let found = feedback("abuse", fields).bounce.expect("a complaint");
        assert_eq!(told(&found), (Some("jo@kestrel.example"), None, BounceKind::Complaint, true));
        assert_eq!(found.original_message_id.as_deref(), Some("news.4@seller.example"));
    }
}

#[test]
fn a_report_of_failed_authentication_is_nobodys_complaint() {
    let message = feedback("auth-failure", "Auth-Failure: dmarc\n");
    assert_eq!((message.kind, message.bounce.is_none()), (Kind::AutoReply, true));
}

#[test]
fn a_buyer_who_tells_of_a_bounce_and_a_colleague_who_forwards_one_are_people() {
    let told = "Our mail to you came back: could not be delivered, 550 5.1.1 User unknown. Which address is right?";
    let buyer = mail("From: Jo <jo@kestrel.example>\r\nSubject: Fwd: Undeliverable: order 12", told);
    assert_eq!((buyer.kind, buyer.bounce.is_none()), (Kind::Inquiry, true));
    let colleague =
        mail("From: Amy <amy@seller.example>\r\nSubject: failure notice\r\nAuto-Submitted: auto-generated", told);
    assert!(colleague.bounce.is_none());
}

#[test]
fn of_several_recipients_the_dead_one_counts_before_the_full_one_and_the_late_one() {
    let found = report(
        "Final-Recipient: rfc822; ann@kestrel.example\nAction: delayed\nStatus: 4.4.1\n\n\
         Final-Recipient: rfc822; bob@kestrel.example\nAction: failed\nStatus: 5.2.2\n\n\
         Final-Recipient: rfc822; jo@kestrel.example\nAction: failed\nStatus: 5.1.1\n",
        "To: ann@kestrel.example, bob@kestrel.example, jo@kestrel.example\n",
    );
    let found = found.bounce.expect("a bounce");
    assert_eq!(told(&found), (Some("jo@kestrel.example"), Some("5.1.1"), BounceKind::Hard, true));
}

#[test]
fn an_address_beyond_ascii_or_in_xtext_is_named_as_we_wrote_to_it() {
    for (recipient, to, email) in [
        ("utf-8;j\u{f6}rg@kestrel.example", "x@other.example", "j\u{f6}rg@kestrel.example"),
        (r"utf-8;j\x{F6}rg@kestrel.example", "x@other.example", "j\u{f6}rg@kestrel.example"),
        ("rfc822;jo+2Bchairs@kestrel.example", "jo+chairs@kestrel.example", "jo+chairs@kestrel.example"),
        ("rfc822;jo+2bchairs@kestrel.example", "jo+2bchairs@kestrel.example", "jo+2bchairs@kestrel.example"),
    ] {
        let fields = format!("Final-Recipient: {recipient}\nAction: failed\nStatus: 5.1.1\n");
        let found = report(&fields, &format!("To: {to}\n")).bounce.expect("a bounce");
        assert_eq!(found.recipient.as_deref(), Some(email), "{recipient}");
    }
}

#[test]
fn a_report_that_a_gateway_passes_on_is_read_inside() {
    let inner = "From: MAILER-DAEMON@inner.example\nMessage-ID: <report@inner.example>\nMIME-Version: 1.0\n\
        Content-Type: multipart/report; report-type=delivery-status; boundary=i\n\n--i\n\nsee below\n--i\n\
        Content-Type: message/delivery-status\n\nReporting-MTA: dns; inner.example\n\n\
        Final-Recipient: rfc822; jo@kestrel.example\nAction: failed\nStatus: 5.1.1\n\n--i\nContent-Type: message/rfc822\n\n\
        From: amy@seller.example\nTo: jo@kestrel.example\nMessage-ID: <offer.9@seller.example>\n\nDear Jo\n--i--\n";
    let outer = |from: &str, subject: &str| {
        let headers =
            format!("{from}\r\nSubject: {subject}\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=o");
        let body = format!(
            "--o\nContent-Type: text/plain\n\nSee what came.\n--o\nContent-Type: message/rfc822\n\n{inner}\n--o--\n"
        );
        mail(&headers, &body.replace('\n', "\r\n"))
    };
    let found = outer(DAEMON, "Returned mail: User unknown").bounce.expect("a bounce");
    assert_eq!(told(&found), (Some("jo@kestrel.example"), Some("5.1.1"), BounceKind::Hard, true));
    assert_eq!(found.original_message_id.as_deref(), Some("offer.9@seller.example"));
    assert_eq!(outer("From: Jo <jo@other.example>", "your mails come back").kind, Kind::Inquiry);
}

#[test]
fn mail_that_arrived_is_told_by_programs_in_many_ways_and_is_never_a_bounce() {
    for (subject, text) in [
        ("Delivery Status Notification (Success)", "Your mail was successfully delivered to\n\n  jo@kestrel.example\n"),
        ("Return receipt", "<jo@kestrel.example>... Successfully delivered\n"),
        ("Relayed: Offer", "Delivery to these recipients or groups is complete.\n\njo@kestrel.example\n"),
        ("Quarantine summary", "1. jo@kestrel.example  New inquiry\n2. win@lottery.example\n"),
    ] {
        let message = mail(&format!("{DAEMON}\r\nSubject: {subject}"), text);
        assert_eq!((message.kind, message.bounce), (Kind::AutoReply, None), "{subject}");
    }
}

#[test]
fn a_complaint_that_hides_the_buyer_is_read_from_the_way_the_mail_went() {
    for trace in [
        "Delivered-To: jo@kestrel.example",
        "X-HmXmrOriginalRecipient: jo@kestrel.example",
        "Received: from a.example by b.example with ESMTP id 1\r\n\tfor <jo@kestrel.example>; Mon, 23 Nov 2026 10:00:00 +0000",
    ] {
        let headers = "From: <fbl@isp.example>\r\nSubject: FW: Offer\r\nMIME-Version: 1.0\r\n\
            Content-Type: multipart/report; report-type=feedback-report; boundary=a";
        let body = format!(
            "--a\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\n\r\n--a\r\n\
             Content-Type: message/rfc822\r\n\r\n{trace}\r\nFrom: amy@seller.example\r\nTo: undisclosed-recipients:;\r\n\r\nx\r\n--a--\r\n"
        );
        let found = mail(headers, &body).bounce.expect("a complaint");
        assert_eq!(
            (found.recipient.as_deref(), found.kind),
            (Some("jo@kestrel.example"), BounceKind::Complaint),
            "{trace}"
        );
    }
}

#[test]
fn a_report_with_bare_carriage_returns_or_unmarked_parts_is_still_read() {
    let raw = "From: MAILER-DAEMON@mx.carrier.example\rSubject: Mail failure\r\r<jo@kestrel.example>:\r550 5.1.1 user unknown\r";
    let found = inquiryd::message::understand(raw.as_bytes(), &super::house()).bounce.expect("a bounce");
    assert_eq!(told(&found), (Some("jo@kestrel.example"), Some("5.1.1"), BounceKind::Hard, true));
    let headers = format!("{DAEMON}\r\nSubject: Returned mail\r\nContent-Type: multipart/mixed; boundary=nowhere");
    let found = mail(&headers, "<jo@kestrel.example>\r\n550 no such user\r\n").bounce.expect("a bounce");
    assert_eq!(found.recipient.as_deref(), Some("jo@kestrel.example"));
}
