//! Newsletters, a handful at a time: one over each connection, and one commit for all of them.
//!
//! While a handful's bytes leave, the next one is offered (MAIL FROM, RCPT TO) on the same connections, and the one after it
//! composed; then one commit says what became of the first, that the second's bytes leave now, and which go next. Whatever
//! ends this process, at most a handful is in doubt.

use super::round::Round;
use super::{CLAIM, fate, outgoing_with, pause, tell};
use crate::clock::UnixTime;
use crate::jobs::Context;
use crate::jobs::newsletters::{Compiled, pause_broken};
use crate::letter::{What, key};
use crate::newsletter::{Campaign, is_of_the_sender};
use crate::outbox::{Outcome, OutgoingMail, Sink};
use crate::store::newsletters::{Addressee, Turn, Turned};
use crate::store::outbox::{Claimed, Fate};
use anyhow::{Result, anyhow};
use futures_util::future::{join, join_all};
use std::collections::HashMap;
use std::iter;
use tokio::task::yield_now;
use tokio_util::sync::CancellationToken;

/// A newsletter that this process has claimed and composed.
struct Ready {
    mail: Claimed,
    outgoing: OutgoingMail,
}

/// What can go, and what became of mails that can't.
type Composed = (Vec<Ready>, Vec<(Claimed, Fate)>);

/// What one connection did in a turn.
struct Step {
    /// The bytes that left.
    gone: Option<(Claimed, Outcome)>,
    /// What the server waits for now.
    offered: Option<Ready>,
    /// What it did not want.
    unwanted: Option<(Claimed, Outcome)>,
}

/// Sends newsletters over `sink` and as many `others` as the company allows, until none may go now or people's own mail comes
/// up. Returns whether there were any.
pub(super) async fn newsletters(
    round: &mut Round<'_>,
    sink: &mut Sink,
    others: &mut Vec<Sink>,
    stop: &CancellationToken,
) -> Result<bool> {
    let context = round.context;
    let mut composer = Composer { context, campaigns: HashMap::new(), broken: None };
    let (mut any, mut finished) = (false, Vec::new());
    // By connection.
    let mut offered: Vec<Option<Ready>> = Vec::new();
    let mut composed: Vec<Ready> = Vec::new();
    loop {
        let leaving: Vec<i64> = offered.iter().flatten().map(|ready| ready.mail.id).collect();
        let wanted = wanted(round, leaving.is_empty() && composed.is_empty(), stop).await?;
        if wanted.is_empty() && leaving.is_empty() && composed.is_empty() && finished.is_empty() {
            return Ok(any);
        }
        any = true;
        let turned = turn(round, &mut finished, &leaving, &wanted).await?;
        others.extend((others.len() + 1..composed.len()).map(|_| sink.another()));
        let sinks = iter::once(&mut *sink).chain(others.iter_mut());
        let may_leave = |ready: &Ready| turned.leaving.contains(&ready.mail.id);
        let leaving = offered.drain(..).map(|ready| ready.filter(may_leave)).chain(iter::repeat_with(|| None));
        let next = composed.drain(..).map(Some).chain(iter::repeat_with(|| None));
        let steps = sinks.zip(leaving.zip(next)).map(|(sink, (leaving, next))| step(sink, leaving, next));
        let (steps, composing) = join(join_all(steps), composer.ready(turned.claimed, turned.addressees)).await;
        for Step { gone, offered: ready, unwanted } in steps {
            offered.push(ready);
            let fated = |(mail, outcome): (Claimed, Outcome)| {
                let fate = newsletter_fate(outcome, mail.attempts, context.now());
                (mail, fate)
            };
            finished.extend(gone.into_iter().chain(unwanted).map(fated));
        }
        let (ready, unfit) = composing?;
        finished.extend(unfit);
        composed = ready;
    }
}

/// What goes next. With a pace, nothing before it is known what became of the last one.
async fn wanted(round: &mut Round<'_>, is_idle: bool, stop: &CancellationToken) -> Result<Vec<i64>> {
    let most = match round.context.settings.newsletter.pace {
        Some(_) if !is_idle => 0,
        Some(_) => 1,
        None => round.context.settings.newsletter.connections,
    };
    if most == 0 || stop.is_cancelled() || !round.goes_on().await? || round.has_own_mail().await? {
        return Ok(Vec::new());
    }
    round.pick(most).await
}

/// The commit between two handfuls; then people are told what they must know of the last one.
async fn turn(
    round: &mut Round<'_>,
    finished: &mut Vec<(Claimed, Fate)>,
    leaving: &[i64],
    wanted: &[i64],
) -> Result<Turned> {
    let context = round.context;
    let settled: Vec<(i64, Fate)> = finished.iter().map(|(mail, fate)| (mail.id, fate.clone())).collect();
    let turn = Turn { settled: &settled, leaving, wanted };
    let turned = context.store.turn(context.owner, turn, context.now() + CLAIM, context.now()).await?;
    for (mail, fate) in finished.drain(..) {
        round.settled(&mail, &fate);
        tell(context, &mail, &fate).await?;
        if let Fate::Again { error, .. } = &fate
            && is_of_the_sender(error)
        {
            round.refused(error).await?;
        }
    }
    Ok(turned)
}

/// What a provider says when it has had enough of us is no word on the recipient, however final it sounds.
fn newsletter_fate(outcome: Outcome, attempts: i64, now: UnixTime) -> Fate {
    match fate(outcome, attempts, now) {
        Fate::Refused { error } if is_of_the_sender(&error) => Fate::Again { not_before: now + 60, error },
        fate => fate,
    }
}

async fn step(sink: &mut Sink, leaving: Option<Ready>, next: Option<Ready>) -> Step {
    let gone = match leaving {
        Some(Ready { mail, outgoing }) => Some((mail, sink.hand_over(&outgoing).await)),
        None => None,
    };
    let (offered, unwanted) = match next {
        None => (None, None),
        Some(ready) => match sink.offer(&ready.outgoing).await {
            Ok(()) => (Some(ready), None),
            Err(outcome) => (None, Some((ready.mail, outcome))),
        },
    };
    Step { gone, offered, unwanted }
}

/// Makes mails of newsletters as they leave; each campaign is compiled once.
struct Composer<'a> {
    context: &'a Context<'a>,
    campaigns: HashMap<&'a str, Compiled<'a>>,
    /// One that can't be compiled any more, and why.
    broken: Option<(&'a str, String)>,
}

impl<'a> Composer<'a> {
    /// The mails that can go, and what becomes of the others. Others' bytes leave between any two of them.
    async fn ready(&mut self, claimed: Vec<Claimed>, addressees: Vec<Addressee>) -> Result<Composed> {
        let mut addressees: HashMap<i64, Addressee> = addressees.into_iter().map(|one| (one.outbox_id, one)).collect();
        let (mut ready, mut unfit) = (Vec::with_capacity(claimed.len()), Vec::new());
        for mail in claimed {
            match self.outgoing(&mail, addressees.remove(&mail.id).as_ref()) {
                Ok(outgoing) => ready.push(Ready { mail, outgoing }),
                Err(fate) => unfit.push((mail, fate)),
            }
            yield_now().await;
        }
        if let Some((name, error)) = self.broken.take() {
            pause_broken(self.context, name, &error).await?;
        }
        Ok((ready, unfit))
    }

    fn outgoing(&mut self, mail: &Claimed, addressee: Option<&Addressee>) -> Result<OutgoingMail, Fate> {
        let context = self.context;
        let dropped = |why: &str| Fate::Dropped { why: why.to_owned() };
        let refused = |error: anyhow::Error| Fate::Refused { error: format!("{error:#}") };
        if addressee.is_some_and(|addressee| addressee.unwanted) {
            return Err(dropped("unsubscribed meanwhile"));
        }
        // Its file is gone, its date was moved into the future, or its fair is over.
        let campaign = campaign_of(context, mail).ok_or_else(|| dropped("the newsletter was withdrawn"))?;
        let raw = match (&mail.raw, addressee.and_then(|addressee| addressee.candidate.as_ref())) {
            (Some(raw), _) => raw.clone(),
            (None, None) => return Err(dropped("its buyer is gone")),
            (None, Some(buyer)) if campaign.is_missed(buyer, context.now()) => {
                return Err(dropped("the holiday is over"));
            }
            (None, Some(buyer)) => {
                let not_before = context.now() + pause(mail.attempts);
                let compiled = self.compiled(campaign).map_err(|error| Fate::Again { not_before, error })?;
                let broken = |error: anyhow::Error| dropped(&format!("a sentence would be broken: {error:#}"));
                compiled.mail(context, mail, buyer).map_err(broken)?
            }
        };
        outgoing_with(context, mail, raw).map_err(refused)
    }

    fn compiled(&mut self, campaign: &'a Campaign) -> Result<&Compiled<'a>, String> {
        let name = campaign.name.as_str();
        if !self.campaigns.contains_key(name) {
            let compiled = Compiled::new(self.context, campaign).map_err(|error| format!("{error:#}"));
            let compiled = compiled.inspect_err(|error| self.broken = Some((name, error.clone())))?;
            self.campaigns.insert(name, compiled);
        }
        Ok(&self.campaigns[name])
    }
}

/// What a newsletter says now.
pub(super) async fn composed(context: &Context<'_>, mail: &Claimed) -> Result<Vec<u8>> {
    let gone = || anyhow!("the newsletter's file or its buyer is gone; what it said is not kept");
    let addressee = context.store.addressee(mail.id).await?;
    let buyer = addressee.and_then(|addressee| addressee.candidate).ok_or_else(gone)?;
    let campaign = campaign_of(context, mail).ok_or_else(gone)?;
    Compiled::new(context, campaign)?.mail(context, mail, &buyer)
}

/// The campaign that a mail belongs to, if it stands and its day has come.
fn campaign_of<'a>(context: &Context<'a>, mail: &Claimed) -> Option<&'a Campaign> {
    let stands = |campaign: &&Campaign| {
        campaign.date <= context.now()
            && !campaign.is_over(context.now())
            && mail.key == key(What::Newsletter, &campaign.name, &mail.recipient)
    };
    context.settings.campaigns.iter().find(stands)
}
