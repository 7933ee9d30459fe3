//! The configuration as the program uses it: validated, complete, nothing left to check.

pub use super::source::*;
use crate::calendar::WorkingCalendar;
use crate::clock::UnixTime;
use crate::follow_up::{Cadence, Deadlines};
use crate::message::House;
use crate::newsletter::{BounceLimit, NewsRules, Pace};
use crate::report::ReportPlan;
use crate::schedule::{Hours, Plan};
use crate::staff::Staff;
use jiff::tz::TimeZone;
use lettre::message::Mailbox;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

pub use crate::language::Language;

/// Everything inquiryd.toml and the files beside it say.
#[derive(Clone, Debug)]
pub struct Settings {
    pub company: Company,
    pub accounts: Vec<Account>,
    pub staff: Staff,
    pub calendar: WorkingCalendar,
    pub outbox: Outbox,
    pub poll: Plan,
    pub reminder: ReminderSettings,
    pub follow_up: FollowUpSettings,
    pub reports: ReportSettings,
    pub newsletter: NewsletterSettings,
    pub limits: Limits,
    /// `sqlite://…` or `postgres://…`.
    pub store_url: String,
    pub rules: crate::grading::RuleBook,
    pub campaigns: Vec<crate::newsletter::Campaign>,
    pub fairs: Vec<crate::newsletter::Fair>,
    /// How our mails look: the shipped templates, with the company's own laid over them.
    pub templates: crate::letter::Templates,
}

#[derive(Clone, Debug)]
pub struct Company {
    pub name: String,
    pub house: House,
    pub time_zone: TimeZone,
    /// The language of the mails to the team.
    pub language: Language,
}

#[derive(Clone, Debug)]
pub struct Outbox {
    pub from: Mailbox,
    /// Where our people's answers to inquiryd's mails go; must be polled.
    pub reply_to: Mailbox,
    pub sink: SinkSettings,
    /// Signs our mails; None: the mail server does, or nobody.
    pub dkim: Option<crate::outbox::Signer>,
    /// Mails an hour before the breaker trips.
    pub hourly_cap: u32,
    pub budget: Budget,
}

/// The page where readers leave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OneClick {
    /// As readers reach it, through a proxy with TLS.
    pub url: String,
    /// As the proxy reaches us.
    pub listen: SocketAddr,
}

/// What the mailbox may send in 24 hours as its provider has it: everything counts, our people's own mail too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// None: nobody counts.
    pub per_day: Option<u32>,
    /// Of these, kept for people: newsletters leave them alone.
    pub reserve: u32,
}

#[derive(Clone, Debug)]
pub struct ReminderSettings {
    pub deadlines: Deadlines,
    /// Reminders go out only then, on working days, by the company's clock; what falls due outside waits until they begin.
    pub hours: Hours,
}

#[derive(Clone, Debug)]
pub struct FollowUpSettings {
    pub cadence: Cadence,
    /// When each day's list goes out; it goes on working days alone.
    pub at: Plan,
}

#[derive(Clone, Debug)]
pub struct ReportSettings {
    pub plans: Vec<ReportPlan>,
    /// Whether a day on which nothing happened has its report, too: a sign of life.
    pub heartbeat: bool,
    /// What the years should bring.
    pub plan: crate::report::Plan,
}

impl ReportSettings {
    /// When the next report is due; [`UnixTime::MAX`] if none is wanted.
    pub fn next_after(&self, now: UnixTime) -> UnixTime {
        self.plans.iter().map(|plan| plan.due.next_after(now)).min().unwrap_or(UnixTime::MAX)
    }
}

#[derive(Clone, Debug)]
pub struct NewsletterSettings {
    /// None: as fast as the server takes them.
    pub pace: Option<Pace>,
    /// Over which newsletters go at the same time where nothing slows them down.
    pub connections: usize,
    /// By the clock of the buyer's country, on its working days; None: at any time.
    pub recipient_hours: Option<Hours>,
    /// Where one click ends newsletters (RFC 8058), if anywhere.
    pub one_click: Option<OneClick>,
    /// Once nobody was alive for so long, the store may be a copy of before: people are asked whether newsletters go on.
    pub ask_after: Duration,
    pub rules: NewsRules,
    pub bounces: BounceLimit,
    /// What stands before the subject, by the reader's country (ISO 3166).
    pub labels: BTreeMap<String, String>,
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
