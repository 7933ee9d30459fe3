//! What a round of sending knows of what went before: looked up now and then, not before each mail.

use super::Sent;
use crate::clock::UnixTime;
use crate::jobs::restored::{count_round, newsletters_wait};
use crate::jobs::{Context, Headway};
use crate::letter::Notice;
use crate::newsletter::Resting;
use crate::schedule::wall_clock;
use crate::store::newsletters::DueNewsletter;
use crate::store::outbox::{Claimed, Fate};
use anyhow::Result;
use std::collections::VecDeque;

/// Deferrals in a row after which the server is left alone until the next round.
const DEFERRALS: u32 = 3;
/// Mails below the hourly cap from which on each is counted.
const NEAR_THE_CAP: i64 = 100;
/// Looks at the cap after which it is counted again, further away from it.
const COUNTED_AFTER: u32 = 50;
/// Seconds after which newsletters are looked at again while they go: somebody may have paused one.
const LOOK_AGAIN: i64 = 10;
/// Seconds within which refusals count as one.
const AT_ONCE: i64 = 60;
/// Due newsletters that are looked at for one that the pace allows.
const CANDIDATES: i64 = 500;

pub(super) struct Round<'a> {
    pub context: &'a Context<'a>,
    pub sent: Sent,
    /// Of newsletters; None: not looked at yet.
    headway: Option<Headway<'a>>,
    deferred_in_a_row: u32,
    /// Mails that may go under the hourly cap, as far as known.
    room: i64,
    /// Looks until the room is counted again: other daemons send, too.
    until_counted: u32,
    /// Newsletters that are due.
    due: VecDeque<DueNewsletter>,
    /// The round is counted, see [`count_round`].
    counted: bool,
    /// When headway and newsletters were looked at.
    looked_at: Option<UnixTime>,
    /// In which second it was looked whether people's own mail is due.
    own_looked_at: Option<UnixTime>,
}

impl<'a> Round<'a> {
    pub fn new(context: &'a Context<'a>) -> Round<'a> {
        Round {
            context,
            sent: Sent::default(),
            headway: None,
            deferred_in_a_row: 0,
            room: 0,
            until_counted: 0,
            due: VecDeque::new(),
            counted: false,
            looked_at: None,
            own_looked_at: None,
        }
    }

    /// Whether another mail may go: the server takes them, and the hourly cap, which people are told of, is not reached.
    pub async fn goes_on(&mut self) -> Result<bool> {
        Ok(self.deferred_in_a_row < DEFERRALS && !self.is_at_the_cap().await?)
    }

    async fn is_at_the_cap(&mut self) -> Result<bool> {
        let context = self.context;
        let (cap, now) = (context.settings.outbox.hourly_cap, context.now());
        if self.room > NEAR_THE_CAP && self.until_counted > 0 {
            self.until_counted -= 1;
            return Ok(false);
        }
        self.room = i64::from(cap) - context.store.count_sent_since(now - 3600).await?;
        self.until_counted = COUNTED_AFTER;
        let tripped = self.room <= 0;
        if tripped && context.store.next_planned().await?.is_some_and(|due| due <= now) {
            tracing::warn!(cap, "the hourly cap of outgoing mail is reached");
            context.notice(&format!("breaker/{}", now / 3600), &Notice::Breaker { cap }).await?;
        }
        Ok(tripped)
    }

    /// Whether people's own mail is due, which goes first.
    pub async fn has_own_mail(&mut self) -> Result<bool> {
        let now = self.context.now();
        Ok(self.own_looked_at.replace(now) != Some(now) && self.context.store.has_own_mail(now).await?)
    }

    /// Newsletters that may go now, at most `most`. They count as gone.
    pub async fn pick(&mut self, most: usize) -> Result<Vec<i64>> {
        let now = self.context.now();
        if self.due.is_empty() || self.looked_at.is_none_or(|at| now - at >= LOOK_AGAIN) {
            self.look().await?;
        }
        let most = most.min(usize::try_from(self.room).unwrap_or(0));
        let mut picked = Vec::with_capacity(most);
        while let Some(id) = (picked.len() < most).then(|| self.next_due(now)).flatten() {
            picked.push(id);
        }
        if !picked.is_empty() && !self.counted {
            count_round(self.context).await?;
            self.counted = true;
        }
        Ok(picked)
    }

    /// What is due where people read now, and what went lately.
    async fn look(&mut self) -> Result<()> {
        let (store, settings, now) = (self.context.store, self.context.settings, self.context.now());
        let resting = settings.newsletter.recipient_hours.map(|hours| Resting::at(now, hours)).unwrap_or_default();
        let greetings = settings.campaigns.iter().filter(|campaign| campaign.greeting.is_some());
        let greetings: Vec<&str> = greetings.map(|campaign| campaign.name.as_str()).collect();
        self.due = store.due_newsletters(now, CANDIDATES, &resting, &greetings).await?.into();
        if !self.due.is_empty() && newsletters_wait(self.context).await? {
            self.due.clear();
        }
        self.headway = if self.due.is_empty() { None } else { Some(Headway::look(self.context).await?) };
        self.looked_at = Some(now);
        Ok(())
    }

    fn next_due(&mut self, now: UnixTime) -> Option<i64> {
        let headway = self.headway.as_mut().filter(|headway| headway.allows_any(now))?;
        let index = self.due.iter().position(|due| headway.allows(due, now))?;
        let due = self.due.remove(index)?;
        headway.goes(&due, now);
        Some(due.id)
    }

    /// The provider has had enough: newsletters rest.
    pub async fn refused(&mut self, answer: &str) -> Result<()> {
        let now = self.context.now();
        // What a handful was told at once is one refusal.
        if !self.context.store.refusals_since(now - AT_ONCE).await?.is_empty() {
            return Ok(());
        }
        self.context.store.note_refusal(answer, now).await?;
        let headway = self.headway.insert(Headway::look(self.context).await?);
        let until = headway.slowdown.until;
        tracing::warn!(answer, until, "the mail server refuses newsletters for now: they rest, and go on slower");
        let zone = &self.context.settings.company.time_zone;
        let next = wall_clock(until, zone);
        let notice = Notice::ProviderRefuses { answer, until: &next };
        self.context.notice(&format!("provider/{}", now / (24 * 3600)), &notice).await
    }

    /// A mail's fate is recorded.
    pub fn settled(&mut self, mail: &Claimed, fate: &Fate) {
        self.context.progress.step();
        let is_later = matches!(fate, Fate::Again { .. });
        self.deferred_in_a_row = if is_later { self.deferred_in_a_row + 1 } else { 0 };
        match fate {
            Fate::Sent => self.sent.sent += 1,
            Fate::Again { .. } => self.sent.deferred += 1,
            Fate::Refused { .. } => self.sent.refused += 1,
            Fate::Unknown { .. } => self.sent.unknown += 1,
            Fate::Dropped { .. } => {}
        }
        if !is_later && !matches!(fate, Fate::Dropped { .. }) {
            self.room -= 1;
        }
        tracing::debug!(outbox = mail.id, ?fate, "settled");
    }
}
