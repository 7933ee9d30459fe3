//! Mutated mails: whatever the bytes, there is a message and no panic.

use super::{MAILS, house};
use inquiryd::domain::Trusted;
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
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_mutated_mail_never_panics(sample in 0..MAILS.len(), changes in changes()) {
        let raw = mutated(MAILS[sample].1, &changes);
        let message = understand(&raw, &house());
        prop_assert!(message.attachments.len() <= 100);
        prop_assert!(!message.kind_reason.told(inquiryd::language::Language::English).is_empty());
        let found = risks(&message, &house(), &Trusted::new(["kestrel-leisure.co.uk"]));
        prop_assert!(found.len() < 50);
        let _ = understand_beginning(&raw, &house(), "cut");
        let _ = body_digest(&raw);
        let _ = message.settled_kind(true, true);
    }
}
