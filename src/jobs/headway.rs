//! How newsletters get on just now: what went lately, what the provider said to it, what the mailbox's day still bears.

use super::Context;
use crate::clock::UnixTime;
use crate::newsletter::{CampaignPace, LOOK_BACK, Pace, Recent, Refusal, Slowdown};
use crate::store::newsletters::DueNewsletter;
use anyhow::Result;
use std::collections::HashMap;

pub struct Headway<'a> {
    /// None: as fast as the server takes them.
    pub pace: Option<&'a Pace>,
    recent: Recent,
    /// Of the campaigns that are to go slower.
    own: HashMap<&'a str, (Pace, Recent)>,
    pub slowdown: Slowdown,
    /// The provider's words of the last day, the oldest first.
    pub refusals: Vec<Refusal>,
    /// Newsletters for which the mailbox has room in these 24 hours; None: nobody counts them.
    pub room: Option<i64>,
}

impl<'a> Headway<'a> {
    /// # Errors
    /// The store failed.
    pub async fn look(context: &Context<'a>) -> Result<Headway<'a>> {
        let (store, now) = (context.store, context.now());
        let pace = context.settings.newsletter.pace.as_ref();
        let refusals = store.refusals_since(now - Slowdown::REMEMBERED).await?;
        let mut recent = Recent::default();
        if pace.is_some() || !refusals.is_empty() {
            let begun_at = match pace {
                Some(pace) if !pace.warm_up.is_empty() => store.first_newsletter_at().await?,
                _ => None,
            };
            recent = Recent::new(store.newsletters_since(now - LOOK_BACK).await?, begun_at);
        }
        let at: Vec<UnixTime> = refusals.iter().map(|refusal| refusal.at).collect();
        let slowdown = Slowdown::after(&at, recent.last(), now);
        let budget = &context.settings.outbox.budget;
        let room = match budget.per_day {
            Some(per_day) => {
                Some(i64::from(per_day) - i64::from(budget.reserve) - store.count_mailed_since(now - LOOK_BACK).await?)
            }
            None => None,
        };
        let own = own_paces(context).await?;
        Ok(Headway { pace, recent, own, slowdown, refusals, room })
    }

    /// Whether any newsletter may go now.
    pub fn allows_any(&self, now: UnixTime) -> bool {
        now >= self.slowdown.until
            && self.room.is_none_or(|room| room > 0)
            && self.pace.is_none_or(|pace| pace.allows_any(&self.recent, self.slowdown, now))
    }

    /// Whether this one may go, where any may.
    pub fn allows(&self, due: &DueNewsletter, now: UnixTime) -> bool {
        let own = due.campaign.as_deref().and_then(|campaign| self.own.get(campaign));
        own.is_none_or(|(pace, recent)| pace.allows_any(recent, self.slowdown, now))
            && self.pace.is_none_or(|pace| pace.allows(&due.recipient, &self.recent, self.slowdown, now))
    }

    /// It goes.
    pub fn goes(&mut self, due: &DueNewsletter, now: UnixTime) {
        let recipient = due.recipient.as_str();
        self.room = self.room.map(|room| room - 1);
        if let Some((_, recent)) = due.campaign.as_deref().and_then(|campaign| self.own.get_mut(campaign)) {
            recent.add(recipient, now);
        }
        if self.pace.is_some() {
            self.recent.add(recipient, now);
        }
    }

    /// When `mails` further ones would have gone, if buyers' hours and the provider let them.
    pub fn ends(&self, mails: u32, begins: UnixTime) -> UnixTime {
        let begins = begins.max(self.slowdown.until);
        self.pace.map_or(begins, |pace| pace.ends(mails, &self.recent, begins))
    }
}

/// The paces of campaigns that want to go slower than `[newsletter]` lets them, with what went of each.
async fn own_paces<'a>(context: &Context<'a>) -> Result<HashMap<&'a str, (Pace, Recent)>> {
    let (settings, since) = (context.settings, context.now() - LOOK_BACK);
    let mut own = HashMap::new();
    for campaign in settings.campaigns.iter().filter(|campaign| campaign.pace != CampaignPace::default()) {
        let pace = campaign.pace.slower_than(settings.newsletter.pace.as_ref());
        let sent = context.store.newsletters_of_since(&campaign.name, since).await?;
        own.insert(campaign.name.as_str(), (pace, Recent::new(sent, None)));
    }
    Ok(own)
}
