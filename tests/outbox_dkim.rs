//! Signatures of ours, as another program (dkimpy) finds them.

use crate::support::servers;
use crate::support::site::{Site, inquiry};
use inquiryd::letter::{Attachment, Letter, Unsubscribe};
use inquiryd::outbox::{Envelope, Signer, compose};
use std::io::Write;
use std::process::{Command, Stdio};

const VERIFY: &str = "
import sys, dkim
name, record = sys.argv[1], sys.argv[2]
def dns(asked, timeout=5):
    return record.encode() if asked.decode().rstrip('.') == name else None
print('good' if dkim.verify(sys.stdin.buffer.read(), dnsfunc=dns) else 'bad')
";

/// Whether the signature of a mail fits it, for whoever finds this record.
fn is_good(mail: &[u8], (name, record): &(String, String)) -> bool {
    let mut command = Command::new("/usr/bin/python3");
    command.args(["-c", VERIFY, name, record]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut program = command.spawn().expect("python3 with python3-dkim");
    program.stdin.take().expect("a pipe").write_all(mail).expect("taken");
    let output = program.wait_with_output().expect("an end");
    match String::from_utf8_lossy(&output.stdout).trim() {
        "good" => true,
        "bad" => false,
        _ => panic!("python3-dkim: {}", String::from_utf8_lossy(&output.stderr)),
    }
}

fn openssl(arguments: &[&str], input: &str) -> String {
    let mut command = Command::new("openssl");
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut program = command.spawn().expect("openssl");
    program.stdin.take().expect("a pipe").write_all(input.as_bytes()).expect("taken");
    let output = program.wait_with_output().expect("an end");
    assert!(output.status.success(), "openssl {arguments:?}");
    String::from_utf8(output.stdout).expect("PEM")
}

fn rsa(bits: u16) -> String {
    openssl(&["genpkey", "-algorithm", "RSA", "-pkeyopt", &format!("rsa_keygen_bits:{bits}")], "")
}

/// Keys as people have them: RSA in both of its forms, and Ed25519.
fn keys() -> [String; 3] {
    let pkcs8 = rsa(2048);
    let pkcs1 = openssl(&["rsa", "-traditional"], &pkcs8);
    assert!(pkcs1.starts_with("-----BEGIN RSA PRIVATE KEY-----"), "{pkcs1}");
    [pkcs8, pkcs1, openssl(&["genpkey", "-algorithm", "ED25519"], "")]
}

fn signer(pem: &str) -> Signer {
    Signer::new("factory.example", "s1", pem).expect("a key")
}

/// A newsletter with everything that a header can hold, and odd white space in its body.
fn mail() -> Vec<u8> {
    let letter = Letter {
        subject: "新款折叠椅 · ".repeat(12),
        text: "Dear Ann ,\t \n\n  two  spaces \n.\n\n\n".to_owned(),
        html: format!("<p>{}</p>\n\n\n", "椅子 & Co. ".repeat(300)),
        attachments: vec![Attachment::xlsx("价目表.xlsx".to_owned(), (0..=255).collect())],
    };
    let address = "news@factory.example".parse().expect("valid");
    let envelope = Envelope {
        from: "海川户外 <sales@factory.example>".parse().expect("valid"),
        to: vec!["Ann <ann@kestrel.example>".parse().expect("valid"), "b@heron.example".parse().expect("valid")],
        message_id: "spring.1@factory.example".to_owned(),
        date: 1_795_408_200,
        auto_submitted: true,
        unsubscribe: Some(Unsubscribe { address, subject: "unsubscribe spring".to_owned(), page: None }),
        in_reply_to: Some("q1@kestrel.example".to_owned()),
        reply_to: Some("amy@factory.example".parse().expect("valid")),
    };
    compose(&letter, &envelope).expect("composes")
}

fn changed(mail: &[u8], from: &str, to: &str) -> Vec<u8> {
    let text = String::from_utf8(mail.to_vec()).expect("ASCII");
    assert!(text.contains(from), "{from} is not in the mail");
    text.replacen(from, to, 1).into_bytes()
}

#[test]
fn another_program_finds_our_signature_good_and_any_change_bad() {
    for pem in keys() {
        let signer = signer(&pem);
        let signed = signer.signed(&mail(), 1_795_408_200).expect("signed");
        let record = signer.dns_record();
        assert!(signed.ends_with(&mail()) && signed.is_ascii());
        assert!(is_good(&signed, &record), "{}", String::from_utf8_lossy(&signed));
        assert_eq!(signer.signed(&mail(), 1_795_408_200).expect("signed"), signed, "a second attempt is identical");
        for (from, to) in [
            ("\r\nSubject: ", "\r\nSubject: Cheap "),
            ("\r\nList-Unsubscribe: <mailto:", "\r\nList-Unsubscribe: <mailto:x"),
            ("\r\nAuto-Submitted: auto-generated", "\r\nAuto-Submitted: no"),
            ("\r\nReply-To: ", "\r\nReply-To: x@y.example, "),
            ("\r\nFrom: ", "\r\nFrom: boss@factory.example\r\nFrom: "),
            ("Dear Ann", "Dear Bob"),
            ("t=1795408200", "t=1795408201"),
        ] {
            assert!(!is_good(&changed(&signed, from, to), &record), "{from:?} became {to:?}");
        }
        assert!(!is_good(&signed, &signer_of_another().dns_record()), "another key");
        // What servers on the way may do.
        let folded = changed(&signed, "\r\nDate: ", "\r\nDate:\r\n   ");
        let stamped = [b"Received: from a by b; today\r\n", folded.as_slice(), b"\r\n\r\n"].concat();
        assert!(is_good(&stamped, &record));
    }
}

fn signer_of_another() -> Signer {
    signer(&rsa(2048))
}

#[test]
fn a_key_that_nobody_trusts_is_refused() {
    let error = |pem: &str| Signer::new("factory.example", "s1", pem).expect_err("refused").to_string();
    assert_eq!(error(&rsa(1024)), "the RSA key is shorter than 2048 bits, which receivers don't trust");
    let curve = ["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"];
    assert_eq!(error(&openssl(&curve, "")), "the key is neither RSA nor Ed25519, or damaged");
    let public = openssl(&["pkey", "-pubout"], &rsa(2048));
    assert_eq!(error(&public), "it holds no private key in PEM");
}

#[test]
fn a_mail_to_the_team_arrives_signed_and_check_tells_the_record() {
    let site = Site::new("dkim")
        .file("dkim.pem", &rsa(2048))
        .file("inquiryd.d/dkim.toml", "[outbox.dkim]\nselector = \"s1\"\nkey = \"dkim.pem\"\n");
    let checked = site.prints(&["check"]);
    assert!(checked.contains("signed by   haiyue.example, once this is in its DNS"), "{checked}");
    let line = checked.lines().find_map(|line| line.trim().split_once(" TXT ")).expect("a record");
    let record = (line.0.to_owned(), line.1.trim_matches('"').to_owned());
    assert_eq!(record.0, "s1._domainkey.haiyue.example");
    assert!(record.1.starts_with("v=DKIM1; k=rsa; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A"), "{}", record.1);
    servers::append(&site.sales, "INBOX", "", &inquiry("signed"));
    site.prints(&["poll"]);
    let arrived = servers::wait_for_mail(&site.team, "INBOX", 1);
    assert!(is_good(&arrived[0], &record), "{}", String::from_utf8_lossy(&arrived[0]));
}
