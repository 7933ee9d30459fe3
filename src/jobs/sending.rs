//! The outbox is drained: planned mail goes to the sink, and its fate is recorded.

use super::Context;
use crate::clock::UnixTime;
use crate::letter::{Notice, What, key};
use crate::newsletter::{LOOK_BACK, Pace, Recent};
use crate::outbox::{Outcome, OutgoingMail, Sink};
use crate::store::outbox::{Claimed, Fate};
use anyhow::Result;
use std::collections::VecDeque;
use tokio_util::sync::CancellationToken;

/// Seconds that a claim lasts: longer than any sending takes with its deadlines.
const CLAIM: i64 = 600;
/// Deferrals in a row after which the server is left alone until the next round.
const DEFERRALS: u32 = 3;
/// Tries after which a mail counts as refused: about a day.
const TRIES: i64 = 30;
/// How a refusal begins that says the mailbox does not exist (RFC 3463 section 3.2).
const NO_SUCH_ADDRESS: &str = "550 5.1.1";
/// Mails below the hourly cap from which on each is counted.
const NEAR_THE_CAP: i64 = 100;
/// Mails after which they are counted again, further away from it.
const COUNTED_AFTER: u32 = 50;
/// Seconds after which newsletters are looked at again while they go: somebody may have paused one.
const LOOK_AGAIN: i64 = 10;
/// Due newsletters that are looked at for one that the pace allows.
const CANDIDATES: i64 = 500;

/// What a round of sending did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sent {
    pub sent: u64,
    pub deferred: u64,
    pub refused: u64,
    pub unknown: u64,
}

/// Sends what is due until nothing is, the hourly cap is reached, the sink defers again and again, or `stop` is called;
/// a mail whose bytes are leaving is finished first.
///
/// # Errors
/// The store failed. A mail's own failure is recorded with it instead.
pub async fn drain(context: &Context<'_>, sink: &mut Sink, stop: &CancellationToken) -> Result<Sent> {
    let due = context.store.due_mail(context.now()).await?;
    if due.orphans {
        settle_orphans(context, sink).await?;
    } else if !due.planned {
        return Ok(Sent::default());
    }
    let (mut sent, mut deferred_in_a_row) = (Sent::default(), 0);
    let mut round = Round::new(context);
    while !stop.is_cancelled() && deferred_in_a_row < DEFERRALS && !round.is_at_the_cap().await? {
        let Some(mail) = round.next().await? else { break };
        let fate = send(context, sink, &mail).await?;
        round.settled(&mail, fate.as_ref());
        context.progress.step();
        deferred_in_a_row = if matches!(fate, Some(Fate::Again { .. })) { deferred_in_a_row + 1 } else { 0 };
        match fate {
            Some(Fate::Sent) => sent.sent += 1,
            Some(Fate::Again { .. }) => sent.deferred += 1,
            Some(Fate::Refused { .. }) => sent.refused += 1,
            Some(Fate::Unknown { .. }) => sent.unknown += 1,
            Some(Fate::Dropped { .. }) | None => {}
        }
    }
    sink.close().await;
    if sent != Sent::default() {
        let Sent { sent, deferred, refused, unknown } = sent;
        tracing::info!(sent, deferred, refused, unknown, "outbox drained");
    }
    Ok(sent)
}

async fn settle_orphans(context: &Context<'_>, sink: &Sink) -> Result<()> {
    let recognises = matches!(sink, Sink::Folder(_));
    let orphans = context.store.settle_orphans(context.now(), recognises).await?;
    if orphans > 0 && !recognises {
        tracing::warn!(orphans, "mails are held: the last sender ended before the server answered");
    }
    Ok(())
}

/// What a round of sending knows of what went before: looked up now and then, not before each mail.
struct Round<'a> {
    context: &'a Context<'a>,
    pace: Option<Pace>,
    /// Mails that may go under the hourly cap, as far as known.
    room: i64,
    /// Mails until the room is counted again: other daemons send, too.
    until_counted: u32,
    recent: Recent,
    /// Newsletters that are due: number and recipient.
    due: VecDeque<(i64, String)>,
    /// When the two before were read.
    looked_at: Option<UnixTime>,
}

impl<'a> Round<'a> {
    fn new(context: &'a Context<'a>) -> Round<'a> {
        let (pace, recent, due) = (super::newsletters::pace(context), Recent::default(), VecDeque::new());
        Round { context, pace, room: 0, until_counted: 0, recent, due, looked_at: None }
    }

    /// Whether the hourly cap is reached, which people are told of.
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

    /// The next mail: people's own first, then newsletters as far as the pace allows.
    async fn next(&mut self) -> Result<Option<Claimed>> {
        let (store, now) = (self.context.store, self.context.now());
        if let Some(mail) = store.claim(self.context.owner, now, CLAIM).await? {
            return Ok(Some(mail));
        }
        if self.due.is_empty() || self.looked_at.is_none_or(|at| now - at >= LOOK_AGAIN) {
            self.look().await?;
        }
        while let Some((id, _)) = self.next_due(now) {
            if let Some(mail) = store.claim_one(id, self.context.owner, now, CLAIM).await? {
                return Ok(Some(mail));
            }
        }
        Ok(None)
    }

    /// What is due, and what went lately.
    async fn look(&mut self) -> Result<()> {
        let (store, now) = (self.context.store, self.context.now());
        self.due = store.due_newsletters(now, CANDIDATES).await?.into();
        if self.pace.is_some() && !self.due.is_empty() {
            self.recent = Recent::new(store.newsletters_since(now - LOOK_BACK).await?);
        }
        self.looked_at = Some(now);
        Ok(())
    }

    fn next_due(&mut self, now: UnixTime) -> Option<(i64, String)> {
        let Some(pace) = self.pace else { return self.due.pop_front() };
        if !pace.allows_any(&self.recent, now) {
            return None;
        }
        let index = self.due.iter().position(|(_, recipient)| pace.allows(recipient, &self.recent, now))?;
        self.due.remove(index)
    }

    fn settled(&mut self, mail: &Claimed, fate: Option<&Fate>) {
        if !matches!(fate, Some(Fate::Sent | Fate::Unknown { .. } | Fate::Refused { .. })) {
            return;
        }
        self.room -= 1;
        if mail.what == What::Newsletter.as_str() {
            self.recent.add(&mail.recipient, self.context.now());
        }
    }
}

/// None if another daemon took the mail over.
async fn send(context: &Context<'_>, sink: &mut Sink, mail: &Claimed) -> Result<Option<Fate>> {
    let fate = match outgoing(context, mail) {
        Err(error) => Fate::Refused { error: error.to_string() },
        Ok(_) if is_suppressed(context, mail).await? => Fate::Dropped { why: "unsubscribed meanwhile".to_owned() },
        Ok(_) if is_withdrawn(context, mail) => Fate::Dropped { why: "the newsletter was withdrawn".to_owned() },
        Ok(outgoing) => match sink.offer(&outgoing).await {
            Err(outcome) => fate(outcome, mail.attempts, context.now()),
            Ok(()) if !context.store.mark_sending(mail.id, context.owner).await? => return Ok(None),
            Ok(()) => fate(sink.hand_over(&outgoing).await, mail.attempts, context.now()),
        },
    };
    context.store.settle(mail.id, context.owner, &fate, context.now()).await?;
    if let Fate::Refused { error } = &fate
        && mail.what == What::Newsletter.as_str()
        && error.starts_with(NO_SUCH_ADDRESS)
    {
        context.store.suppress(&mail.recipient, "hard bounce", context.now()).await?;
    }
    tell(context, mail, &fate).await?;
    Ok(Some(fate))
}

fn outgoing(context: &Context<'_>, mail: &Claimed) -> Result<OutgoingMail, lettre::address::AddressError> {
    Ok(OutgoingMail {
        from: context.settings.outbox.from.email.clone(),
        recipient: mail.recipient.parse()?,
        message_id: mail.message_id.clone(),
        what: mail.what.clone(),
        planned_at: mail.created_at,
        raw: mail.raw.clone(),
    })
}

async fn is_suppressed(context: &Context<'_>, mail: &Claimed) -> Result<bool> {
    Ok(mail.what == What::Newsletter.as_str() && context.store.is_suppressed(&mail.recipient).await?)
}

/// A newsletter whose file is gone, or whose date was moved into the future.
fn is_withdrawn(context: &Context<'_>, mail: &Claimed) -> bool {
    let stands = |campaign: &crate::newsletter::Campaign| {
        campaign.date <= context.now() && mail.key == key(What::Newsletter, &campaign.name, &mail.recipient)
    };
    mail.what == What::Newsletter.as_str() && !context.settings.campaigns.iter().any(stands)
}

fn fate(outcome: Outcome, attempts: i64, now: UnixTime) -> Fate {
    match outcome {
        Outcome::Sent => Fate::Sent,
        Outcome::Later { reason } if attempts + 1 >= TRIES => {
            Fate::Refused { error: format!("given up after {TRIES} tries, the last: {reason}") }
        }
        Outcome::Later { reason } => Fate::Again { not_before: now + pause(attempts), error: reason },
        Outcome::Refused { code, enhanced_status, reason } => {
            let status = enhanced_status.map(|status| format!(" {status}")).unwrap_or_default();
            Fate::Refused { error: format!("{code}{status} {reason}") }
        }
        Outcome::Unknown { reason } => Fate::Unknown { error: reason },
    }
}

/// Seconds until the next try: 1, 2, 4 … minutes, at most an hour.
fn pause(attempts: i64) -> i64 {
    60 * (1 << attempts.clamp(0, 6)).min(60)
}

async fn tell(context: &Context<'_>, mail: &Claimed, fate: &Fate) -> Result<()> {
    match fate {
        Fate::Refused { error } => {
            tracing::warn!(outbox = mail.id, what = mail.what, error, "refused");
            let (recipient, subject) = (mail.recipient.as_str(), mail.subject.as_str());
            let notice = Notice::Refused { outbox_id: mail.id, recipient, subject, error };
            context.notice(&format!("refused/{}/{}", mail.id, context.now()), &notice).await
        }
        Fate::Unknown { error } => {
            tracing::warn!(outbox = mail.id, what = mail.what, error, "held: nobody knows whether it arrived");
            Ok(())
        }
        Fate::Again { error, .. } => {
            tracing::info!(outbox = mail.id, what = mail.what, error, "deferred");
            Ok(())
        }
        Fate::Sent | Fate::Dropped { .. } => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deferred_mail_waits_longer_each_time_and_is_given_up_after_a_day() {
        let later = || Outcome::Later { reason: "451 greylisted".to_owned() };
        let again = |seconds: i64| Fate::Again { not_before: 1000 + seconds, error: "451 greylisted".to_owned() };
        assert_eq!(fate(later(), 0, 1000), again(60));
        assert_eq!(fate(later(), 3, 1000), again(480));
        assert_eq!(fate(later(), 20, 1000), again(3600));
        assert!(matches!(fate(later(), TRIES - 1, 1000), Fate::Refused { .. }));
        let waited: i64 = (0..TRIES).map(pause).sum();
        assert!((20 * 3600..30 * 3600).contains(&waited), "{waited}");
    }
}
