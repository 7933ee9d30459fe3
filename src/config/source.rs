//! Where mail comes from and where it goes: the settings of mailboxes, servers and sinks.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

/// One shared mailbox.
#[derive(Clone, Debug)]
pub struct Account {
    /// Unique; names the account in the store, in logs and in digests.
    pub name: String,
    pub source: SourceSettings,
}

#[derive(Clone, Debug)]
pub enum SourceSettings {
    Imap(ImapSettings),
    Maildir(MaildirSettings),
}

#[derive(Clone, Debug)]
pub struct ImapSettings {
    pub server: Endpoint,
    pub user: String,
    pub password: Secret,
    /// Folders of incoming mail, in readable (not modified UTF-7) names; default INBOX.
    pub folders: Vec<String>,
    /// The Sent folder's name where it can't be found by itself.
    pub sent: Option<String>,
    /// The longest silence on the network before the connection is given up; at most two minutes.
    pub deadline: Duration,
}

#[derive(Clone, Debug)]
pub struct MaildirSettings {
    pub path: PathBuf,
    /// Maildir++ subfolders of incoming mail besides the top one, without the leading dot.
    pub folders: Vec<String>,
    /// The Maildir++ subfolder that holds sent mail, without the leading dot.
    pub sent: Option<String>,
}

/// A server, and how the way to it is kept secret.
#[derive(Clone, Debug)]
pub struct Endpoint {
    pub host: String,
    pub port: u16,
    pub security: Security,
    /// A PEM file of certificate authorities to trust besides the public ones.
    pub ca_file: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// TLS from the first byte (RFC 8314).
    Tls,
    /// Plain greeting, then STARTTLS, which must succeed.
    StartTls,
    /// No TLS: only to loopback or where the configuration allows it in so many words.
    Plain,
}

/// A password; never printed.
#[derive(Clone, Default)]
pub struct Secret(pub String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

#[derive(Clone, Debug)]
pub enum SinkSettings {
    Smtp(SmtpSettings),
    /// A folder that gets one .eml file a mail.
    Folder(PathBuf),
}

#[derive(Clone, Debug)]
pub struct SmtpSettings {
    pub server: Endpoint,
    /// None: the server takes our mail without a login.
    pub login: Option<(String, Secret)>,
    /// The longest silence on the network before the connection is given up; at most two minutes.
    pub deadline: Duration,
}
