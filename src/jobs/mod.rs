//! One round of each job: the service runs them when they are due, `poll` and `demo` run them once.

mod compiled;
mod digest;
mod fairs;
mod follow_ups;
mod hand_over;
mod headway;
pub mod newsletters;
mod poll;
mod reminders;
pub mod reports;
mod restored;
mod sending;
mod staff_mail;

pub use digest::{digest, digest_of, next_digest};
pub use follow_ups::{follow_ups, morning_plan_of};
pub use hand_over::hand_over;
pub use headway::Headway;
pub use newsletters::newsletters;
pub use poll::poll;
pub use reminders::reminders;
pub use reports::reports;
pub use restored::let_newsletters_go_on;
pub use sending::{Sent, bytes_of, drain};
pub use staff_mail::staff_mail;

use crate::clock::{Clock, UnixTime};
use crate::config::settings::Settings;
use crate::follow_up::Rules;
use crate::letter::{
    self, Actions, Letter, Look, Notice, PlannedMail, Task, TaskList, Unsubscribe, What, key, message_id,
};
use crate::outbox::{Envelope, compose};
use crate::progress::Progress;
use crate::staff::Person;
use crate::store::Store;
use anyhow::{Context as _, Result};
use lettre::message::Mailbox;

/// What every job needs.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    pub settings: &'a Settings,
    pub store: &'a Store,
    pub clock: &'a Clock,
    pub progress: &'a Progress,
    /// Names this process in leases and claims.
    pub owner: &'a str,
    /// The installation's secret, see [`installation_secret`].
    pub secret: &'a str,
}

impl Context<'_> {
    pub fn now(&self) -> UnixTime {
        self.clock.now()
    }

    /// How letters to one of us look, and how he answers them.
    pub fn look_of(&self, person: &Person) -> Look {
        let company = &self.settings.company;
        let actions = Actions {
            reply_to: self.settings.outbox.reply_to.email.to_string(),
            secret: self.secret.to_owned(),
            person: person.address(),
            now: self.now(),
        };
        Look {
            language: person.reads.unwrap_or(company.language),
            time_zone: company.time_zone.clone(),
            company: company.name.clone(),
            actions: Some(actions),
            templates: self.settings.templates.clone(),
        }
    }

    /// What the company has decided about deadlines and rhythm.
    pub fn rules(&self) -> Rules<'_> {
        let settings = self.settings;
        Rules {
            calendar: &settings.calendar,
            deadlines: &settings.reminder.deadlines,
            cadence: &settings.follow_up.cadence,
            staff: &settings.staff,
        }
    }

    /// Whether people may be reminded of anything now: on working days, in the hours that are configured.
    pub fn may_remind(&self) -> bool {
        let calendar = &self.settings.calendar;
        let now = self.now();
        calendar.is_working_day(calendar.date(now)) && self.settings.reminder.hours.covers(now, calendar.zone())
    }

    /// Tells people in the next digest, once for each `key`.
    pub async fn notice(&self, key: &str, notice: &Notice<'_>) -> Result<()> {
        let sentence = notice.sentence(self.settings.company.language);
        self.store.notice(key, &sentence, self.now()).await
    }

    /// One letter to one of us.
    fn letter_to(&self, what: What, period: &str, letter: &Letter, person: &Person) -> Result<PlannedMail> {
        let to = &person.mailbox;
        self.planned(what, period, letter, to, None)
    }

    /// A list of tasks to the person at an address; None if nobody of us has it.
    fn task_letter(&self, what: What, period: &str, address: &str, list: &TaskList) -> Result<Option<PlannedMail>> {
        let Some(person) = self.settings.staff.at(address) else { return Ok(None) };
        self.letter_to(what, period, &self.tasks_of(person, list), person).map(Some)
    }

    /// A list of tasks as one of us reads it.
    fn tasks_of(&self, person: &Person, list: &TaskList) -> Letter {
        let named = |task: &Task| {
            let card = task.card.iter().map(|part| self.settings.staff.name_of(part).to_owned()).collect();
            Task { card, ..task.clone() }
        };
        let list = TaskList { tasks: list.tasks.iter().map(named).collect(), ..list.clone() };
        letter::tasks(&list, &self.look_of(person))
    }

    /// `from` is None where it comes from the shared mailbox.
    fn planned(
        &self,
        what: What,
        period: &str,
        letter: &Letter,
        to: &Mailbox,
        from: Option<&Mailbox>,
    ) -> Result<PlannedMail> {
        let key = key(what, period, to.email.as_ref());
        let message_id = message_id(&key, self.secret, self.settings.outbox.from.email.domain());
        let envelope = self.envelope((from, to), &message_id, self.now(), None);
        let raw = Some(self.composed(letter, &envelope).with_context(|| format!("composing {key}"))?);
        let (recipient, subject, not_before) = (to.email.to_string(), letter.subject.clone(), self.now());
        Ok(PlannedMail { key, what, recipient, message_id, subject, raw, not_before })
    }

    /// The mail as it goes over the wire, signed where the company signs.
    fn composed(&self, letter: &Letter, envelope: &Envelope) -> Result<Vec<u8>> {
        let raw = compose(letter, envelope)?;
        match &self.settings.outbox.dkim {
            Some(signer) => Ok(signer.signed(&raw, envelope.date)?),
            None => Ok(raw),
        }
    }

    /// Everything of a mail of ours besides its words.
    fn envelope(
        &self,
        (from, to): (Option<&Mailbox>, &Mailbox),
        message_id: &str,
        date: UnixTime,
        unsubscribe: Option<Unsubscribe>,
    ) -> Envelope {
        let (ours, reply_to) = (&self.settings.outbox.from, &self.settings.outbox.reply_to);
        // Answers to who writes in his own name go where they are read, too.
        let elsewhere = from.is_some() || unsubscribe.is_none() && reply_to != ours;
        Envelope {
            from: from.unwrap_or(ours).clone(),
            to: vec![to.clone()],
            message_id: message_id.to_owned(),
            date,
            auto_submitted: true,
            unsubscribe,
            in_reply_to: None,
            reply_to: elsewhere.then(|| reply_to.clone()),
        }
    }
}

/// 256 random bits that belong to this installation, made when they are first asked for.
///
/// # Errors
/// The store failed, or the machine has no randomness.
pub async fn installation_secret(store: &Store) -> Result<String> {
    let mut random = [0_u8; 32];
    getrandom::fill(&mut random).map_err(|error| anyhow::anyhow!("the machine gives no random bytes: {error}"))?;
    store.setting("secret", &crate::text::hex(&random)).await
}
