//! Newsletters whose date has come.

pub use super::compiled::{Compiled, way_out};

use super::Context;
use super::restored::newsletters_wait;
use crate::letter::{Notice, PlannedMail, What};
use crate::newsletter::{Campaign, Candidate, Exclusion, Fair, Guest, Part};
use crate::store::campaigns::{CampaignRow, Decision};
use anyhow::Result;
use lettre::message::Mailbox;
use std::collections::HashMap;

/// Buyers that are looked at in one go.
const LOOKED_AT: i64 = 200;

/// Newsletters that are planned ahead where nothing slows them down.
const UNPACED_AHEAD: i64 = 2_000;

/// Plans newsletters, at most a day's worth ahead, so that late unsubscribing and changed segments still count. One that is
/// late, or comes back too often, waits for a word from a person. Returns how many were planned.
pub async fn newsletters(context: &Context<'_>) -> Result<usize> {
    super::fairs::tell(context).await?;
    let (store, now) = (context.store, context.now());
    if newsletters_wait(context).await? {
        return Ok(0);
    }
    let pace = context.settings.newsletter.pace.as_ref();
    let ahead = pace.map_or(UNPACED_AHEAD, |pace| i64::from(pace.per_day));
    let mut room = ahead - store.count_planned_newsletters().await?;
    let mut planned = 0;
    for campaign in context.settings.campaigns.iter().filter(|campaign| campaign.date <= now && !campaign.is_over(now))
    {
        let row = store.open_campaign(campaign, now).await?;
        if row.is_running() && !asks_first(context, campaign, &row).await? {
            let count = plan(context, campaign, &row, room).await?;
            room -= i64::try_from(count).unwrap_or(i64::MAX);
            planned += count;
        }
    }
    if planned > 0 {
        tracing::info!(newsletters = planned, "newsletters planned");
        context.progress.step();
    }
    Ok(planned)
}

/// Plans at most `room` more mails of a campaign, unless it pauses itself. Returns how many.
async fn plan(context: &Context<'_>, campaign: &Campaign, row: &CampaignRow, room: i64) -> Result<usize> {
    let (store, name) = (context.store, campaign.name.as_str());
    let next = match usize::try_from(room).unwrap_or(0) {
        0 => Next { mails: Vec::new(), scanned_to: row.scanned_to },
        room => match Compiled::new(context, campaign) {
            Ok(compiled) => next_mails(context, &compiled, row.scanned_to, room).await?,
            Err(error) => {
                pause_broken(context, name, &format!("{error:#}")).await?;
                return Ok(0);
            }
        },
    };
    let goes_on = !next.mails.is_empty() || store.has_planned_newsletters(name).await?;
    if goes_on && pauses_itself(context, row).await? {
        return Ok(0);
    }
    store.plan_campaign(name, &next.mails, next.scanned_to, context.now()).await
}

/// A campaign whose files are no longer what they were waits for a word from a person: half of the readers should not get
/// another catalogue than the rest.
///
/// # Errors
/// The store failed.
pub async fn pause_broken(context: &Context<'_>, name: &str, error: &str) -> Result<()> {
    tracing::error!(newsletter = name, error, "the newsletter is paused");
    context.store.decide_campaign(name, Decision::Pause, (error, "inquiryd"), context.now()).await?;
    let notice = Notice::NewsletterBroken { name, error };
    context.notice(&format!("broken/{name}/{}", context.now()), &notice).await
}

/// Whether it is so late that a person is to say first that it may go; he is asked.
async fn asks_first(context: &Context<'_>, campaign: &Campaign, row: &CampaignRow) -> Result<bool> {
    let is_late = campaign.is_late(context.now()) && row.begun_at.is_none() && row.confirmed_by.is_none();
    if is_late {
        let name = campaign.name.as_str();
        context.notice(&format!("late/{name}"), &Notice::NewsletterLate { name }).await?;
    }
    Ok(is_late)
}

/// Whether so many of its mails came back that it is paused now.
async fn pauses_itself(context: &Context<'_>, row: &CampaignRow) -> Result<bool> {
    let (store, name) = (context.store, row.name.as_str());
    // Whoever lets it go on by hand has seen the figures so far.
    let since = if row.changed_by.is_some() { row.changed_at } else { 0 };
    let (tried, bounced) = store.campaign_bounces(name, since).await?;
    if !context.settings.newsletter.bounces.is_reached(tried, bounced) {
        return Ok(false);
    }
    let reason = format!("{bounced} of {tried} mails came back");
    tracing::warn!(newsletter = name, bounced, tried, "the newsletter is paused");
    store.decide_campaign(name, Decision::Pause, (&reason, "inquiryd"), context.now()).await?;
    let notice = Notice::NewsletterBounces { name, bounced, tried };
    context.notice(&format!("bounces/{name}/{since}"), &notice).await?;
    Ok(true)
}

struct Next {
    mails: Vec<(i64, PlannedMail)>,
    scanned_to: i64,
}

/// The campaign's next mails, at most `room`, to buyers after `scanned_to`.
async fn next_mails(context: &Context<'_>, compiled: &Compiled<'_>, mut scanned_to: i64, room: usize) -> Result<Next> {
    let campaign = compiled.campaign();
    let mut mails = Vec::new();
    while mails.len() < room {
        let candidates = candidates(context, campaign, scanned_to, LOOKED_AT).await?;
        if candidates.is_empty() {
            break;
        }
        for candidate in candidates {
            if mails.len() == room {
                return Ok(Next { mails, scanned_to });
            }
            scanned_to = candidate.buyer_id;
            if candidate.planned || !campaign.has_come(&candidate, context.now()) {
                continue;
            }
            match compiled.planned(context, &candidate) {
                Ok(mail) => mails.push((candidate.buyer_id, mail)),
                Err(why) => {
                    let (campaign, buyer) = (&campaign.name, candidate.buyer_id);
                    tracing::debug!(campaign, buyer, %why, "no newsletter");
                }
            }
        }
    }
    Ok(Next { mails, scanned_to })
}

/// Buyers with a number above `after`, at most `limit`, as a newsletter sees them.
///
/// # Errors
/// The store failed.
pub async fn candidates(context: &Context<'_>, campaign: &Campaign, after: i64, limit: i64) -> Result<Vec<Candidate>> {
    let mut candidates = context.store.candidates(&campaign.name, after, limit, context.now()).await?;
    let of = campaign.fair.as_ref().filter(|of| of.part.is_some_and(Part::goes_on));
    if let Some(fair) = of.and_then(|of| context.settings.fairs.iter().find(|fair| fair.name == of.fair)) {
        let guests = fair_guests(context, fair).await?;
        for candidate in &mut candidates {
            candidate.guest = guests.get(&candidate.buyer_id).copied().unwrap_or_default();
        }
    }
    Ok(candidates)
}

/// Who was invited to a fair, answered, or was met there.
///
/// # Errors
/// The store failed.
pub async fn fair_guests(context: &Context<'_>, fair: &Fair) -> Result<HashMap<i64, Guest>> {
    let zone = &context.settings.company.time_zone;
    let met = (fair.opens(zone), fair.met_until(zone));
    context.store.fair_guests(&fair.campaign(Part::Invitation), met).await
}

/// Who of all buyers gets a campaign, and who not and why.
///
/// # Errors
/// The store failed, or the author's words can't be read.
pub async fn audience(
    context: &Context<'_>,
    campaign: &Campaign,
    mut each: impl FnMut(&Candidate, Option<Exclusion>),
) -> Result<()> {
    let compiled = Compiled::new(context, campaign)?;
    let mut after = 0;
    loop {
        let candidates = candidates(context, campaign, after, LOOKED_AT).await?;
        let Some(last) = candidates.last() else { return Ok(()) };
        after = last.buyer_id;
        for candidate in &candidates {
            each(candidate, compiled.excluded(context, candidate).filter(|_| !candidate.planned));
        }
    }
}

/// The campaign as it would look at one of us, with a buyer's words or an example's; sent like any mail to a colleague.
///
/// # Errors
/// The store failed, or a sentence would be broken.
pub async fn test(context: &Context<'_>, campaign: &Campaign, candidate: &Candidate, to: &Mailbox) -> Result<()> {
    let compiled = Compiled::new(context, campaign)?;
    let now = context.now();
    let letter = compiled.letter(context, candidate, &way_out(context, "a test", (0, "")))?;
    let period = format!("{}/{now}", campaign.name);
    let mail = context.planned(What::NewsletterTest, &period, &letter, to, campaign.from.as_ref())?;
    context.store.plan(std::slice::from_ref(&mail), now).await
}
