//! Mails as broken programs write them.

use super::{house, mail};
use inquiryd::message::understand;

const JO: &str = "From: Jo <jo@x.example>\r\nSubject: tents";

#[test]
fn words_behind_a_boundary_in_mid_line_are_not_lost() {
    let message = mail(
        &format!("{JO}\r\nContent-Type: multipart/mixed; boundary=b"),
        "--b\r\n\r\nsee --b here\r\nPlease quote 300 pcs.\r\n--b--\r\n",
    );
    assert_eq!(message.text, "see _-b here\nPlease quote 300 pcs.", "one sign is the price");
}

#[test]
fn a_nested_mail_in_base64_is_opened() {
    let message = mail(
        &format!("{JO}\r\nContent-Type: multipart/mixed; boundary=b"),
        "--b\r\nContent-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n\
         RnJvbTogYUB4LmV4YW1wbGUNClN1YmplY3Q6IGlubmVyDQoNClBsZWFzZSBxdW90ZSAzMDAgcGNz\r\n--b--\r\n",
    );
    assert!(message.text.contains("Please quote 300 pcs"), "{}", message.text);
}

#[test]
fn a_footer_behind_the_html_part_does_not_hide_the_words() {
    let message = mail(
        &format!("{JO}\r\nContent-Type: multipart/mixed; boundary=b"),
        "--b\r\nContent-Type: text/html\r\n\r\n<p>Please quote 300 pcs.</p>\r\n--b\r\n\r\nScanned by our gateway.\r\n--b--\r\n",
    );
    assert_eq!(message.facts.quantity.as_deref(), Some("300 pcs"), "{}", message.text);
}

#[test]
fn a_header_without_an_empty_line_behind_it_ends_where_the_words_begin() {
    let message = understand(b"From: jo@x.example\r\nSubject: tents\r\nPlease quote 300 pcs.\r\n", &house());
    assert_eq!((message.subject.as_str(), message.text.as_str()), ("tents", "Please quote 300 pcs."));
    let words = understand(b"Please quote 300 pcs.\r\nRegards", &house());
    assert_eq!(words.facts.quantity.as_deref(), Some("300 pcs"));
}

#[test]
fn an_unlabelled_subject_is_read_as_its_body_is() {
    let (subject, _, _) = encoding_rs::GB18030.encode("询价");
    let raw = [
        &b"From: jo@x.example\r\nContent-Type: text/plain; charset=gb2312\r\nSubject: "[..],
        &subject,
        b"\r\n\r\n",
        &subject,
    ]
    .concat();
    assert_eq!(understand(&raw, &house()).subject, "询价");
}

#[test]
fn two_digit_years_and_two_senders_are_understood() {
    let message = mail("From: a@x.example\r\nFrom: b@x.example\r\nDate: Tue, 27 Oct 26 15:15:00 +0800", "Hello");
    assert_eq!((message.from.email.as_deref(), message.sent_at), (Some("a@x.example"), Some(1_793_085_300)));
    assert!(message.remarks.iter().any(|r| r.contains("several From")), "{:?}", message.remarks);
}

#[test]
fn a_winmail_dat_gives_its_words_and_files() {
    let message = mail(
        &format!("{JO}\r\nContent-Type: application/ms-tnef; name=winmail.dat\r\nContent-Transfer-Encoding: base64"),
        "eJ8+IgEAAgyAAAAOAAAAUGxlYXNlIHF1b3RlLgAAAAICkAAADgAAAAAAAAAAAAAAAAAAAAAAAAACEIAAAAoAAABvcmRlci5wZGYAAAACD4AAAAgAAAAlUERGLTEuNAAA",
    );
    assert_eq!(message.text, "Please quote.");
    assert_eq!((message.attachments[0].name.as_str(), message.attachments[0].size), ("order.pdf", 8));
    assert_eq!(message.attachments[0].media_type, "application/pdf");
}
