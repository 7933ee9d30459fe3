//! The outbox is drained: planned mail goes to the sink, and its fate is recorded. People's own mail goes first, one after the
//! other; newsletters follow, several at a time where the company says so.

mod bulk;
mod round;

use super::Context;
use crate::clock::UnixTime;
use crate::letter::{Notice, What};
use crate::outbox::{Outcome, OutgoingMail, Sink};
use crate::store::outbox::{Claimed, Fate};
use anyhow::{Result, anyhow};
use round::Round;
use tokio_util::sync::CancellationToken;

/// Seconds that a claim lasts: longer than any sending takes with its deadlines.
const CLAIM: i64 = 600;
/// Tries after which a mail counts as refused: about a day.
const TRIES: i64 = 30;
/// How a refusal begins that says the mailbox does not exist (RFC 3463 section 3.2).
const NO_SUCH_ADDRESS: &str = "550 5.1.1";

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
    let mut round = Round::new(context);
    let mut others = Vec::new();
    while !stop.is_cancelled() && round.goes_on().await? {
        if let Some(mail) = context.store.claim(context.owner, context.now(), CLAIM).await? {
            if let Some(fate) = send(context, sink, &mail).await? {
                round.settled(&mail, &fate);
            }
        } else if !bulk::newsletters(&mut round, sink, &mut others, stop).await? {
            break;
        }
    }
    sink.close().await;
    futures_util::future::join_all(others.iter_mut().map(Sink::close)).await;
    if round.sent != Sent::default() {
        let Sent { sent, deferred, refused, unknown } = round.sent;
        tracing::info!(sent, deferred, refused, unknown, "outbox drained");
    }
    Ok(round.sent)
}

/// The mail itself. A newsletter is composed when it leaves: it is shown as its file and the buyer's card make it now.
///
/// # Errors
/// The store failed, or the newsletter's file or its buyer is gone.
pub async fn bytes_of(context: &Context<'_>, mail: &Claimed) -> Result<Vec<u8>> {
    match &mail.raw {
        Some(raw) => Ok(raw.clone()),
        None => bulk::composed(context, mail).await,
    }
}

async fn settle_orphans(context: &Context<'_>, sink: &Sink) -> Result<()> {
    let recognises = matches!(sink, Sink::Folder(_));
    let orphans = context.store.settle_orphans(context.now(), recognises).await?;
    if orphans > 0 && !recognises {
        tracing::warn!(orphans, "mails are held: the last sender ended before the server answered");
    }
    Ok(())
}

/// None if another daemon took the mail over.
async fn send(context: &Context<'_>, sink: &mut Sink, mail: &Claimed) -> Result<Option<Fate>> {
    let fate = match outgoing(context, mail) {
        Err(error) => Fate::Refused { error: error.to_string() },
        Ok(outgoing) => match sink.offer(&outgoing).await {
            Err(outcome) => fate(outcome, mail.attempts, context.now()),
            Ok(()) if !context.store.mark_sending(mail.id, context.owner).await? => return Ok(None),
            Ok(()) => fate(sink.hand_over(&outgoing).await, mail.attempts, context.now()),
        },
    };
    context.store.settle(mail.id, context.owner, &fate, context.now()).await?;
    tell(context, mail, &fate).await?;
    Ok(Some(fate))
}

fn outgoing(context: &Context<'_>, mail: &Claimed) -> Result<OutgoingMail> {
    let raw = mail.raw.clone().ok_or_else(|| anyhow!("the store has not kept the mail's bytes"))?;
    outgoing_with(context, mail, raw)
}

fn outgoing_with(context: &Context<'_>, mail: &Claimed, raw: Vec<u8>) -> Result<OutgoingMail> {
    Ok(OutgoingMail {
        from: context.settings.outbox.from.email.clone(),
        recipient: mail.recipient.parse()?,
        message_id: mail.message_id.clone(),
        what: mail.what.clone(),
        planned_at: mail.created_at,
        raw,
    })
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

/// Once a mail's fate is recorded: people are told, and a mailbox that does not exist gets no newsletter any more.
async fn tell(context: &Context<'_>, mail: &Claimed, fate: &Fate) -> Result<()> {
    if let Fate::Refused { error } = fate
        && mail.what == What::Newsletter.as_str()
        && error.starts_with(NO_SUCH_ADDRESS)
    {
        context.store.suppress(&mail.recipient, "hard bounce", context.now()).await?;
    }
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
