use super::house;
use inquiryd::message::{body_digest, understand, understand_beginning};

#[test]
fn mails_within_mails_within_mails_do_not_exhaust_the_stack() {
    let mut raw = b"From: a@x.example\r\nSubject: deep\r\n".to_vec();
    for _ in 0..50_000 {
        raw.extend_from_slice(b"Content-Type: message/rfc822\r\n\r\n");
    }
    let message = understand(&raw, &house());
    assert_eq!(message.subject, "deep");
    assert!(message.remarks.iter().any(|r| r.contains("headers only")), "{:?}", message.remarks);
}

#[test]
fn a_thousand_parts_are_read_from_the_headers() {
    let mut raw = b"From: a@x.example\r\nSubject: many\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n".to_vec();
    for _ in 0..1_000 {
        raw.extend_from_slice(b"--b\r\nContent-Type: text/plain; name=a.txt\r\n\r\nx\r\n");
    }
    assert!(understand(&raw, &house()).attachments.len() <= 100);
}

#[test]
fn an_endless_text_is_cut_and_still_understood() {
    let raw = format!(
        "From: a@x.example\r\nSubject: long\r\n\r\nPlease quote 300 pcs.\r\n{}",
        "lorem ipsum ".repeat(200_000)
    );
    let message = understand(raw.as_bytes(), &house());
    assert!(message.whole_text.len() <= 256 * 1024);
    assert_eq!(message.facts.quantity.as_deref(), Some("300 pcs"));
}

#[test]
fn the_beginning_of_an_oversized_mail_gives_headers_text_and_the_remark() {
    let raw = "From: Jo <jo@x.example>\r\nSubject: big\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nPlease quote 300 pcs.\r\n--b\r\n\
               Content-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\nJVBERi0xLjQ";
    let message = understand_beginning(raw.as_bytes(), &house(), "600 MB: only the beginning was read");
    assert_eq!(message.from.email.as_deref(), Some("jo@x.example"));
    assert_eq!(message.facts.quantity.as_deref(), Some("300 pcs"));
    assert_eq!(message.remarks, ["600 MB: only the beginning was read"]);
}

#[test]
fn a_mail_is_the_same_by_whichever_path_it_came() {
    let crlf = b"Received: here\r\nSubject: a\r\n\r\nline\r\nline\r\n";
    let lf = b"Received: there\nX: y\nSubject: a\n\nline\nline\n";
    assert_eq!(body_digest(crlf), body_digest(lf));
    assert_ne!(body_digest(crlf), body_digest(b"Subject: a\r\n\r\nline\r\nother\r\n"));
}

#[test]
fn nothing_and_nonsense_are_mails_too() {
    for raw in [&b""[..], b"\n", b"\r\n\r\n", b":", b"\xff\xfe\x00", b"From ", b"Content-Type: multipart/mixed\n\n--\n"]
    {
        let message = understand(raw, &house());
        assert!(message.bounce.is_none());
        body_digest(raw);
    }
}

#[test]
fn a_hundred_multiparts_in_each_other_are_recorded_and_said() {
    let mut raw = b"From: a@x.example\r\nSubject: deep\r\n".to_vec();
    for level in 0..100 {
        raw.extend(format!("Content-Type: multipart/mixed; boundary=b{level}x\r\n\r\n--b{level}x\r\n").bytes());
    }
    let message = understand(&raw, &house());
    assert_eq!(message.subject, "deep");
    assert!(message.remarks.iter().any(|r| r.contains("headers only")), "{:?}", message.remarks);
}

#[test]
fn twenty_thousand_fields_and_one_of_five_megabytes_are_cut_and_said() {
    let many = format!("From: a@x.example\r\n{}\r\nhello", "X-A: b\r\n".repeat(20_000));
    let long = format!("From: a@x.example\r\nSubject: {}\r\n\r\nhello", "a ".repeat(2_500_000));
    for raw in [many, long] {
        let message = understand(raw.as_bytes(), &house());
        assert_eq!((message.text.as_str(), message.from.email.as_deref()), ("hello", Some("a@x.example")));
        assert!(message.remarks.iter().any(|r| r.contains("header fields")), "{:?}", message.remarks);
    }
}
