//! What can go wrong with a mailbox: what happened, where, and what to do.

use std::fmt;
use std::io;
use std::path::PathBuf;
use thiserror::Error;

/// An account on its server, as errors name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub account: String,
    pub host: String,
    pub port: u16,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "account `{}` at {}:{}", self.account, self.host, self.port)
    }
}

/// Why a mailbox could not be read. Messages hold no mail content and no password.
///
/// Callers branch on [`MailboxError::is_temporary`]: try again at the next poll, or tell a person.
#[derive(Debug, Error)]
pub enum MailboxError {
    #[error("{place}: can't be reached: {source}; check host, port and the network, the next poll tries again")]
    Unreachable { place: Place, source: io::Error },
    #[error("{place}: silent for {seconds} s during {during}; the next poll goes on from here")]
    Silent { place: Place, during: String, seconds: u64 },
    #[error("{place}: the connection broke during {during}: {why}; the next poll goes on from here")]
    Broken { place: Place, during: String, why: String },
    #[error("{place}: the server can't serve us now ({during}): \"{said}\"; the next poll tries again")]
    Busy { place: Place, during: String, said: String },
    #[error("{place}: the server refused {during}: \"{said}\"; the next poll tries again")]
    Refused { place: Place, during: String, said: String },
    #[error("{place}: folder `{folder}` was replaced while it was read; the next poll reads it from the beginning")]
    Replaced { place: Place, folder: String },
    #[error("{place}: the login of `{user}` was refused: \"{said}\"; {remedy}")]
    LoginRefused { place: Place, user: String, said: String, remedy: &'static str },
    #[error("{place}: the secure connection failed: {why}; {remedy}")]
    Certificate { place: Place, why: String, remedy: &'static str },
    #[error(
        "{place}: there is no folder `{folder}` (the server says \"{said}\"); `inquiryd check --connect` lists the folders there are"
    )]
    FolderMissing { place: Place, folder: String, said: String },
    #[error("account `{account}`: {} is no Maildir (no folders `new` and `cur`); correct its path in the configuration", path.display())]
    NotAMaildir { account: String, path: PathBuf },
    #[error("account `{account}`: {} can't be read: {source}; give the user inquiryd runs as the right to read it", path.display())]
    Unreadable { account: String, path: PathBuf, source: io::Error },
}

impl MailboxError {
    /// True where waiting may help; false where a person has to do something first.
    pub fn is_temporary(&self) -> bool {
        match self {
            MailboxError::Unreachable { .. }
            | MailboxError::Silent { .. }
            | MailboxError::Broken { .. }
            | MailboxError::Busy { .. }
            | MailboxError::Refused { .. }
            | MailboxError::Replaced { .. } => true,
            MailboxError::LoginRefused { .. }
            | MailboxError::Certificate { .. }
            | MailboxError::FolderMissing { .. }
            | MailboxError::NotAMaildir { .. }
            | MailboxError::Unreadable { .. } => false,
        }
    }
}
