//! The configuration as the program uses it: validated, complete, nothing left to check.

use crate::message::House;
use crate::schedule::Plan;
use jiff::tz::TimeZone;
use lettre::message::Mailbox;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

/// Everything inquiryd.toml and the files beside it say.
#[derive(Clone, Debug)]
pub struct Settings {
    pub company: Company,
    pub accounts: Vec<Account>,
    pub team: Team,
    pub outbox: Outbox,
    pub poll: Plan,
    pub reminder: ReminderSettings,
    pub newsletter: NewsletterSettings,
    pub limits: Limits,
    /// `sqlite://…` or `postgres://…`.
    pub store_url: String,
    pub rules: crate::grading::RuleBook,
    pub campaigns: Vec<crate::newsletter::Campaign>,
}

#[derive(Clone, Debug)]
pub struct Company {
    pub name: String,
    pub house: House,
    pub time_zone: TimeZone,
    /// The language of the mails to the team.
    pub language: Language,
}

/// Languages that inquiryd's own mails speak.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    #[default]
    SimplifiedChinese,
    English,
}

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
    /// The longest silence on the network before the connection is given up.
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

/// Who gets which mail.
#[derive(Clone, Debug)]
pub struct Team {
    /// Digests and reminders.
    pub members: Vec<Mailbox>,
    /// What is overdue.
    pub managers: Vec<Mailbox>,
}

#[derive(Clone, Debug)]
pub struct Outbox {
    pub from: Mailbox,
    pub sink: SinkSettings,
    /// Mails an hour before the breaker trips.
    pub hourly_cap: u32,
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
    /// The longest silence on the network before the connection is given up.
    pub deadline: Duration,
}

#[derive(Clone, Debug)]
pub struct ReminderSettings {
    /// An unanswered inquiry is brought to the team after this long.
    pub target: Duration,
    /// And to the managers after this long.
    pub limit: Duration,
    /// No reminder sooner than this after the digest that told of the inquiry.
    pub grace: Duration,
}

#[derive(Clone, Debug)]
pub struct NewsletterSettings {
    pub per_day: u32,
    /// Between two newsletters.
    pub interval: Duration,
    /// To one recipient domain.
    pub per_domain_hour: u32,
    /// Legal name, postal address, phone: shown under every newsletter. Empty: newsletters are not sent.
    pub imprint: String,
    /// Where unsubscribing mail goes; must be polled.
    pub unsubscribe: Option<Mailbox>,
}

#[derive(Clone, Debug)]
pub struct Limits {
    /// Bytes; a larger mail is recorded from its headers.
    pub mail_size: u64,
    /// On the first look at a folder, older mail is recorded but nobody is reminded of it.
    pub history: Duration,
}
