//! Where mail comes from. Read-only: nothing here marks, moves or deletes a mail.

mod compare;
mod error;
mod folders;
mod imap;
mod maildir;
mod utf7;

pub use compare::{Compared, Noted, Recorded, RecordedUids};
pub use error::{MailboxError, Place};
pub use folders::{FolderList, SentFoundBy};
pub use imap::Imap;
pub use maildir::Maildir;

use crate::clock::UnixTime;
use crate::config::source::{Account, SourceSettings};
use crate::progress::Progress;
use std::collections::HashSet;
use std::fmt;
use tokio::sync::mpsc::Sender;

/// Which way the mail of a folder went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    Incoming,
    /// A Sent folder: our people's own mail.
    Outgoing,
}

/// A folder to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folder {
    /// Readable name, e.g. `已发送` (modified UTF-7 stays on the wire).
    pub name: String,
    pub direction: Direction,
}

/// Where a mail stands in its folder.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Position {
    /// IMAP (RFC 3501 section 2.3.1.1).
    Uid { uid_validity: u32, uid: u32 },
    /// Maildir: the file's unique name, without `:2,` and flags.
    File { name: String },
}

/// As the record names it.
impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Position::Uid { uid_validity, uid } => write!(f, "{uid_validity}/{uid}"),
            Position::File { name } => f.write_str(name),
        }
    }
}

/// What was taken from a folder so far.
#[derive(Clone, Debug)]
pub enum Taken {
    /// IMAP: all UIDs up to and including `last_uid`, if UIDVALIDITY is still this; None: nothing yet.
    Uids(Option<Cursor>),
    /// Maildir: unique names.
    Files(HashSet<String>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    pub uid_validity: u32,
    pub last_uid: u32,
}

/// One mail as the mailbox gives it.
#[derive(Clone, Debug)]
pub struct RawMail {
    pub position: Position,
    /// INTERNALDATE, or the Maildir file's time.
    pub arrived_at: Option<UnixTime>,
    /// Bytes on the server, whatever was fetched.
    pub size: u64,
    pub body: Body,
}

#[derive(Clone, Debug)]
pub enum Body {
    Whole(Vec<u8>),
    /// The beginning of a mail above the size limit: headers and perhaps some of the text.
    Beginning {
        bytes: Vec<u8>,
        reason: String,
    },
    /// The server shows it but can't or won't give it in a readable way.
    Unreadable {
        reason: String,
    },
}

/// Some mails of one folder, in ascending position.
#[derive(Debug)]
pub struct Batch {
    pub mails: Vec<RawMail>,
    /// IMAP: after these mails, everything up to here was shown; None for Maildir.
    pub cursor: Option<Cursor>,
}

/// What one fetch may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FetchLimits {
    /// Bytes; of a larger mail only the beginning is taken.
    pub mail_size: u64,
}

/// What became of one folder in one fetch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FolderSummary {
    /// IMAP: None where the server gives none, or zero; such a folder is read from its beginning each time.
    pub uid_validity: Option<u32>,
    /// Mails in the folder, by the server's or the file system's count.
    pub exists: u64,
    /// IMAP: nothing taken before counted, because it was the first time or UIDVALIDITY changed.
    pub from_the_beginning: bool,
    /// Mails handed on, unreadable ones included.
    pub delivered: u64,
    /// Mails handed on without their content.
    pub unreadable: u64,
    /// Mails that were listed, and gone when they were asked for.
    pub vanished: u64,
    /// Maildir: what lies there and is no mail, with the reason; the first hundred.
    pub skipped: Vec<String>,
    /// False when the receiver stopped taking mails before the end.
    pub complete: bool,
}

/// What a mailbox looks like, for `check --connect`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inspection {
    /// IMAP: the server's first words.
    pub greeting: Option<String>,
    /// IMAP: in capitals.
    pub capabilities: Vec<String>,
    /// IMAP: what the server answered to ID (RFC 2971), field and value.
    pub server_id: Vec<(String, String)>,
    pub folders: FolderList,
    pub counts: Vec<FolderCount>,
}

/// How many mails a folder holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FolderCount {
    pub folder: Folder,
    pub mails: u64,
}

/// A shared mailbox.
#[derive(Debug)]
pub enum Mailbox {
    Imap(Box<Imap>),
    Maildir(Maildir),
}

impl Mailbox {
    /// Connects and logs in, or finds the Maildir. `progress` moves with every response and every mail.
    pub async fn open(account: &Account, progress: &Progress) -> Result<Mailbox, MailboxError> {
        match &account.source {
            SourceSettings::Imap(settings) => {
                Ok(Mailbox::Imap(Box::new(Imap::open(account, settings, progress).await?)))
            }
            SourceSettings::Maildir(settings) => {
                Ok(Mailbox::Maildir(Maildir::open(account, settings, progress).await?))
            }
        }
    }

    /// The folders to read: the configured ones and the Sent folder.
    pub async fn folders(&mut self) -> Result<FolderList, MailboxError> {
        match self {
            Mailbox::Imap(imap) => imap.folders().await,
            Mailbox::Maildir(maildir) => maildir.folders().await,
        }
    }

    /// Sends to `out` every mail of `folder` that `taken` doesn't cover, in batches of at most 100 mails and about 1 MB
    /// (a larger mail goes alone). Waits where the receiver is slow and stops, with `complete` false, where it is gone.
    ///
    /// A changed, missing or zero UIDVALIDITY brings every mail again. A mail that makes trouble is tried alone, then
    /// by its beginning, then recorded as unreadable; a lost connection is made again as long as that gains mails.
    /// What was delivered before an error stays delivered.
    pub async fn fetch(
        &mut self,
        folder: &Folder,
        taken: &Taken,
        limits: &FetchLimits,
        out: &Sender<Batch>,
    ) -> Result<FolderSummary, MailboxError> {
        match (self, taken) {
            (Mailbox::Imap(imap), Taken::Uids(cursor)) => imap.fetch(folder, *cursor, limits, out).await,
            (Mailbox::Imap(imap), Taken::Files(_)) => imap.fetch(folder, None, limits, out).await,
            (Mailbox::Maildir(maildir), Taken::Files(names)) => maildir.fetch(folder, names, limits, out).await,
            (Mailbox::Maildir(maildir), Taken::Uids(_)) => maildir.fetch(folder, &HashSet::new(), limits, out).await,
        }
    }

    /// Looks which mails on record `folder` still has, and which it has that are not on record. None where nobody can say:
    /// the folder was made anew, or the server does not answer such questions, or contradicts itself.
    pub async fn compare(&mut self, folder: &Folder, recorded: &Recorded) -> Result<Option<Compared>, MailboxError> {
        match (self, recorded) {
            (Mailbox::Imap(imap), Recorded::Uids(uids)) => imap.compare(folder, uids).await,
            (Mailbox::Maildir(maildir), Recorded::Files(names)) => maildir.compare(folder, names).await.map(Some),
            (Mailbox::Imap(_), Recorded::Files(_)) | (Mailbox::Maildir(_), Recorded::Uids(_)) => Ok(None),
        }
    }

    /// What there is, for a person to read.
    pub async fn inspect(&mut self) -> Result<Inspection, MailboxError> {
        match self {
            Mailbox::Imap(imap) => imap.inspect().await,
            Mailbox::Maildir(maildir) => maildir.inspect().await,
        }
    }

    /// Leaves politely.
    pub async fn logout(self) {
        match self {
            Mailbox::Imap(imap) => imap.logout().await,
            Mailbox::Maildir(_) => {}
        }
    }
}
