//! Mutated mails: whatever the bytes, there is a message and no panic.

use super::{MAILS, house};
use inquiryd::domain::Trusted;
use inquiryd::language::Language;
use inquiryd::message::{body_digest, understand, understand_beginning};
use inquiryd::risk::risks;
use proptest::prelude::*;

/// Pieces that mail programs break on.
const PIECES: &[&[u8]] = &[
    b"\r\n\r\n",
    b"=?UTF-8?B?",
    b"?=",
    b"--b\r\n",
    b"Content-Type: multipart/mixed; boundary=b\r\n",
    b"Content-Type: message/rfc822\r\n\r\n",
    b"<",
    b">",
    b"&#x110000;",
    b"\xff",
    b"\x1b$B",
    b"=",
    b"<div style=\"",
    b"<!--",
    b"\n> ",
    b"On 1 wrote:\n",
    b"From: ",
    "请".as_bytes(),
    b"\x81",
    b"charset=utf-7",
    b"Final-Recipient: rfc822;",
    b"1x40HQ",
    b"USD ",
    b"FOB \xe4",
    b"\0",
    b"\r",
    b"\r\r\n",
    b"--b--\r\n",
    b"Content-Transfer-Encoding: base64\r\n",
    b"Content-Transfer-Encoding: quoted-printable\r\n",
    b"Content-Type: text/html; charset=utf-16\r\n",
    b"Content-Type: multipart/alternative\r\n\r\n--b\r\n",
    b"Content-Disposition: attachment; filename*0*=gbk''%D1; filename*1*=%AF\r\n",
    b"Content-Type: application/ms-tnef; name=winmail.dat\r\n\r\n\x78\x9f\x3e\x22\x01\0\x02\x0f\x80\0\0\xff\xff\xff\xff",
    b"=?gbk?Q?=D1?=",
    b"\nDate: 99 Oct 9999 99:99:99 +9999\n",
    b"charset=hz-gb-2312",
    b"charset=iso-2022-kr",
    b"\x1b$)C\x0e",
    b"+AGE~{",
    b"=3D=\r\n",
    b"[Content_Types].xml",
    b"PK\x03\x04",
];

#[derive(Clone, Debug)]
enum Change {
    Put(usize, usize),
    Cut(usize, usize),
    Set(usize, u8),
}

fn changes() -> impl Strategy<Value = Vec<Change>> {
    let place = 0..100_000usize;
    let change = prop_oneof![
        (place.clone(), 0..PIECES.len()).prop_map(|(at, piece)| Change::Put(at, piece)),
        (place.clone(), 1..200usize).prop_map(|(at, length)| Change::Cut(at, length)),
        (place, any::<u8>()).prop_map(|(at, byte)| Change::Set(at, byte)),
    ];
    prop::collection::vec(change, 1..12)
}

fn mutated(raw: &[u8], changes: &[Change]) -> Vec<u8> {
    let mut raw = raw.to_vec();
    for change in changes {
        let length = raw.len().max(1);
        match *change {
            Change::Put(at, piece) => drop(
                raw.splice((at % length).min(raw.len())..(at % length).min(raw.len()), PIECES[piece].iter().copied()),
            ),
            Change::Cut(at, count) => {
                drop(raw.drain((at % length).min(raw.len())..(at % length + count).min(raw.len())))
            }
            Change::Set(at, byte) => {
                if let Some(old) = raw.get_mut(at % length) {
                    *old = byte;
                }
            }
        }
    }
    raw
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_mutated_mail_never_panics(sample in 0..MAILS.len(), changes in changes()) {
        let raw = mutated(MAILS[sample].1, &changes);
        let message = understand(&raw, &house());
        prop_assert!(message.attachments.len() <= 100);
        prop_assert!(!message.kind_reason.told(Language::English).is_empty());
        prop_assert!(message.remarks.len() < 60 && message.whole_text.len() <= 2 * 1024 * 1024);
        let odd = |text: &str| text.chars().any(|c| c.is_ascii_control() && !matches!(c, '\n' | '\t'));
        prop_assert!(!odd(&message.whole_text) && !odd(&message.text) && !odd(&message.subject));
        for attachment in &message.attachments {
            prop_assert!(!attachment.name.is_empty() && attachment.name.chars().count() <= 120);
            prop_assert!(!odd(&attachment.name) && !attachment.name.contains(['/', '\\', '\n']));
        }
        prop_assert_eq!(format!("{:?}", &message), format!("{:?}", understand(&raw, &house())));
        let found = risks(&message, &house(), &Trusted::new(["kestrel-leisure.co.uk"]));
        prop_assert!(found.len() < 50);
        let _ = understand_beginning(&raw, &house(), "cut");
        let _ = body_digest(&raw);
        let _ = message.settled_kind(true, true);
    }
}
