//! Where mail comes from. Read-only: nothing here marks, moves or deletes a mail.

use crate::clock::UnixTime;
use std::collections::HashSet;

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
