//! A Maildir read where it lies.

use crate::support::mailbox::{LIMITS, inbox, open_maildir, read};
use inquiryd::mailbox::{Body, Direction, FetchLimits, Folder, MailboxError, Position, RawMail, SentFoundBy, Taken};
use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

fn maildir() -> TempDir {
    let directory = tempfile::tempdir().expect("a folder");
    make(directory.path());
    directory
}

fn make(path: &Path) {
    for part in ["new", "cur", "tmp"] {
        fs::create_dir_all(path.join(part)).expect("a part of the Maildir");
    }
}

fn put(directory: &TempDir, file: &str, content: &str) {
    fs::write(directory.path().join(file), content).expect("a mail");
}

fn nothing() -> Taken {
    Taken::Files(HashSet::new())
}

fn name(mail: &RawMail) -> &str {
    match &mail.position {
        Position::File { name } => name,
        Position::Uid { .. } => panic!("a UID where a file was expected"),
    }
}

/// Every file below a path with its content: whatever we do, it stays the same.
fn contents(path: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(path).expect("a folder") {
        let path = entry.expect("an entry").path();
        match path.is_dir() {
            true => files.extend(contents(&path)),
            false => drop(files.insert(path.clone(), fs::read(&path).unwrap_or_default())),
        }
    }
    files
}

#[tokio::test]
async fn new_and_opened_mail_comes_in_the_order_of_delivery_and_nothing_is_touched() {
    let directory = maildir();
    put(&directory, "cur/1700000300.M3P1.host:2,S", "third");
    put(&directory, "new/1700000200.M2P1.host", "second");
    put(&directory, "cur/1700000100.M1P1.host:2,RS", "first");
    let before = contents(directory.path());
    let mut mailbox = open_maildir(directory.path(), None).await.expect("a Maildir");
    let read = read(&mut mailbox, &inbox(), &nothing(), LIMITS).await;
    let names: Vec<_> = read.mails().map(name).collect();
    assert_eq!(names, ["1700000100.M1P1.host", "1700000200.M2P1.host", "1700000300.M3P1.host"]);
    assert!(read.mails().all(|mail| mail.arrived_at.is_some() && matches!(&mail.body, Body::Whole(_))));
    assert_eq!((read.summary().exists, read.summary().delivered, read.summary().complete), (3, 3, true));
    assert_eq!(contents(directory.path()), before);
}

#[tokio::test]
async fn a_maildir_restored_without_its_times_does_not_make_years_of_mail_new() {
    let directory = maildir();
    put(&directory, "cur/1500000000.M1P1.host:2,S", "written to this disk just now, delivered years ago");
    let mut mailbox = open_maildir(directory.path(), None).await.expect("a Maildir");
    let read = read(&mut mailbox, &inbox(), &nothing(), LIMITS).await;
    assert_eq!(read.mails().next().expect("the mail").arrived_at, Some(1_500_000_000));
}

#[tokio::test]
async fn what_was_taken_as_new_is_not_taken_again_when_a_colleague_opens_it() {
    let directory = maildir();
    put(&directory, "cur/1700000100.M1P1.host:2,S", "first");
    put(&directory, "new/1700000200.M2P1.host", "second");
    let mut mailbox = open_maildir(directory.path(), None).await.expect("a Maildir");
    let taken = Taken::Files(HashSet::from(["1700000100.M1P1.host".to_owned()]));
    let read = read(&mut mailbox, &inbox(), &taken, LIMITS).await;
    assert_eq!(read.mails().map(name).collect::<Vec<_>>(), ["1700000200.M2P1.host"]);
}

#[tokio::test]
async fn many_mails_come_in_batches_of_at_most_a_hundred_and_a_megabyte() {
    let directory = maildir();
    for number in 0..250 {
        put(&directory, &format!("new/17000{number:05}.M1P1.host"), "a small one");
    }
    for number in 0..3 {
        put(&directory, &format!("new/18000{number:05}.M1P1.host"), &"x".repeat(700_000));
    }
    let mut mailbox = open_maildir(directory.path(), None).await.expect("a Maildir");
    let read = read(&mut mailbox, &inbox(), &nothing(), LIMITS).await;
    let sizes: Vec<_> = read.batches.iter().map(|batch| batch.mails.len()).collect();
    assert_eq!(sizes, [100, 100, 51, 1, 1]);
}

#[tokio::test]
async fn of_a_file_above_the_limit_the_beginning_is_taken() {
    let directory = maildir();
    put(&directory, "new/1700000100.M1P1.host", &"x".repeat(500_000));
    let mut mailbox = open_maildir(directory.path(), None).await.expect("a Maildir");
    let read = read(&mut mailbox, &inbox(), &nothing(), FetchLimits { mail_size: 400_000 }).await;
    let mail = read.mails().next().expect("the mail");
    assert_eq!(mail.size, 500_000);
    assert!(
        matches!(&mail.body, Body::Beginning { bytes, reason } if bytes.len() == 262_144 && reason.contains("500000"))
    );
}

#[tokio::test]
async fn what_is_no_mail_is_skipped_with_the_reason() {
    let directory = maildir();
    let outside = tempfile::NamedTempFile::new().expect("a file");
    let at = |file: &str| directory.path().join(file);
    put(&directory, "new/1700000100.M1P1.host", "a mail");
    put(&directory, "cur/.nfs0001", "a remainder");
    fs::create_dir(at("cur/folder")).expect("a folder");
    assert!(Command::new("mkfifo").arg(at("new/pipe")).status().expect("mkfifo").success());
    symlink(outside.path(), at("new/passwd")).expect("a link");
    symlink("nowhere", at("new/dangling")).expect("a link");
    symlink(at("new/1700000100.M1P1.host"), at("cur/1700000200.M2P1.host:2,")).expect("a link");
    let mut mailbox = open_maildir(directory.path(), None).await.expect("a Maildir");
    let read = read(&mut mailbox, &inbox(), &nothing(), LIMITS).await;
    assert_eq!(read.mails().map(name).collect::<Vec<_>>(), ["1700000100.M1P1.host", "1700000200.M2P1.host"]);
    let mut skipped = read.summary().skipped.clone();
    skipped.sort();
    assert_eq!(
        skipped,
        [
            "cur/folder: a directory",
            "new/dangling: a link to nothing",
            "new/passwd: a link that leaves the Maildir",
            "new/pipe: neither file nor directory (a pipe, a socket or a device)",
        ]
    );
}

#[tokio::test]
async fn sent_is_found_among_maildir_folders_by_its_chinese_name() {
    let directory = maildir();
    make(&directory.path().join(".&XfJT0ZAB-"));
    make(&directory.path().join(".客户.德国"));
    put(&directory, ".&XfJT0ZAB-/cur/1700000100.M1P1.host:2,S", "our answer");
    put(&directory, ".客户.德国/cur/1700000100.M1P1.host:2,S", "a buyer");
    let mut mailbox = open_maildir(directory.path(), None).await.expect("a Maildir");
    let list = mailbox.folders().await.expect("folders");
    assert_eq!(list.all_names, ["INBOX", "客户.德国", "已发送"]);
    assert_eq!(list.sent_found_by, Some(SentFoundBy::KnownName));
    let sent = &list.folders[1];
    assert_eq!(*sent, Folder { name: "已发送".to_owned(), direction: Direction::Outgoing });
    assert_eq!(read(&mut mailbox, sent, &nothing(), LIMITS).await.mails().count(), 1);
    let german = Folder { name: "客户.德国".to_owned(), direction: Direction::Incoming };
    assert_eq!(read(&mut mailbox, &german, &nothing(), LIMITS).await.mails().count(), 1);
    let counts: Vec<_> =
        mailbox.inspect().await.expect("an inspection").counts.iter().map(|count| count.mails).collect();
    assert_eq!(counts, [0, 1]);
}

#[tokio::test]
async fn a_path_that_is_no_maildir_is_said_to_be_none() {
    let directory = tempfile::tempdir().expect("a folder");
    let error = open_maildir(directory.path(), None).await.expect_err("no Maildir");
    assert!(matches!(error, MailboxError::NotAMaildir { .. }));
    assert!(!error.is_temporary() && error.to_string().contains(&directory.path().display().to_string()));
}
