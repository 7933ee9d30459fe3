//! Reading a mailbox to its end, and what came.

use inquiryd::config::source::{Account, Endpoint, ImapSettings, MaildirSettings, Secret, Security, SourceSettings};
use inquiryd::mailbox::{
    Batch, Body, Cursor, Direction, FetchLimits, Folder, FolderSummary, Mailbox, MailboxError, Position, RawMail, Taken,
};
use inquiryd::progress::Progress;
use std::path::Path;
use std::time::Duration;
use tokio::sync::mpsc;

pub const LIMITS: FetchLimits = FetchLimits { mail_size: 50_000_000 };

/// Settings for a plain server on this machine, with a deadline no test reaches.
pub fn imap(port: u16) -> ImapSettings {
    ImapSettings {
        server: Endpoint { host: "127.0.0.1".to_owned(), port, security: Security::Plain, ca_file: None },
        user: "sales".to_owned(),
        password: Secret("test".to_owned()),
        folders: vec!["INBOX".to_owned()],
        sent: None,
        deadline: Duration::from_secs(60),
    }
}

pub fn account(settings: &ImapSettings) -> Account {
    Account { name: "shop".to_owned(), source: SourceSettings::Imap(settings.clone()) }
}

pub async fn open(settings: &ImapSettings) -> Result<Mailbox, MailboxError> {
    Mailbox::open(&account(settings), &Progress::default()).await
}

pub async fn open_maildir(path: &Path, sent: Option<&str>) -> Result<Mailbox, MailboxError> {
    let settings = MaildirSettings { path: path.to_owned(), folders: Vec::new(), sent: sent.map(str::to_owned) };
    let account = Account { name: "shop".to_owned(), source: SourceSettings::Maildir(settings) };
    Mailbox::open(&account, &Progress::default()).await
}

pub fn inbox() -> Folder {
    Folder { name: "INBOX".to_owned(), direction: Direction::Incoming }
}

/// What one fetch brought.
#[derive(Debug)]
pub struct Read {
    pub result: Result<FolderSummary, MailboxError>,
    pub batches: Vec<Batch>,
}

impl Read {
    pub fn mails(&self) -> impl Iterator<Item = &RawMail> {
        self.batches.iter().flat_map(|batch| &batch.mails)
    }

    pub fn uids(&self) -> Vec<u32> {
        self.mails().map(uid).collect()
    }

    pub fn cursor(&self) -> Option<Cursor> {
        self.batches.last().and_then(|batch| batch.cursor)
    }

    pub fn summary(&self) -> &FolderSummary {
        self.result.as_ref().expect("a fetch that succeeded")
    }

    pub fn error(&self) -> &MailboxError {
        self.result.as_ref().expect_err("a fetch that failed")
    }

    pub fn body(&self, wanted: u32) -> &Body {
        &self.mails().find(|mail| uid(mail) == wanted).expect("the mail").body
    }
}

pub fn uid(mail: &RawMail) -> u32 {
    match mail.position {
        Position::Uid { uid, .. } => uid,
        Position::File { .. } => panic!("a file where a UID was expected"),
    }
}

/// Reads a folder to its end.
pub async fn read(mailbox: &mut Mailbox, folder: &Folder, taken: &Taken, limits: FetchLimits) -> Read {
    let (out, mut mails) = mpsc::channel(1);
    let collecting = tokio::spawn(async move {
        let mut batches = Vec::new();
        while let Some(batch) = mails.recv().await {
            batches.push(batch);
        }
        batches
    });
    let fetching = mailbox.fetch(folder, taken, &limits, &out);
    assert_may_be_spawned(&fetching);
    let result = fetching.await;
    drop(out);
    Read { result, batches: collecting.await.expect("the collector") }
}

/// The daemon reads each account on a task of its own.
fn assert_may_be_spawned<T: Send>(_: &T) {}

/// Reads the whole INBOX.
pub async fn read_inbox(mailbox: &mut Mailbox) -> Read {
    read(mailbox, &inbox(), &Taken::Uids(None), LIMITS).await
}
