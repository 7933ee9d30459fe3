//! Newsletters whose date has come.

use super::{Context, unsubscribe_subject};
use crate::language::Language;
use crate::letter::{self, Newsletter, PlannedMail, Unsubscribe, What, key, message_id};
use crate::newsletter::Campaign;
use crate::store::mailings::Subscriber;
use anyhow::Result;
use lettre::message::Mailbox;

/// Plans newsletters, at most a day's worth ahead, so that late unsubscribing and changed segments still count.
/// Returns how many.
pub async fn newsletters(context: &Context<'_>) -> Result<usize> {
    let settings = &context.settings.newsletter;
    let mut room = i64::from(settings.per_day) - context.store.count_planned_newsletters().await?;
    let mut planned = 0;
    for campaign in context.settings.campaigns.iter().filter(|campaign| campaign.date <= context.now()) {
        let mails = next_mails(context, campaign, room).await?;
        context.store.plan(&mails, context.now()).await?;
        room -= i64::try_from(mails.len()).unwrap_or(i64::MAX);
        planned += mails.len();
    }
    if planned > 0 {
        tracing::info!(newsletters = planned, "newsletters planned");
        context.progress.step();
    }
    Ok(planned)
}

/// The campaign's next mails, at most `room`. A buyer whom nobody could write to (some providers give out addresses that
/// no standard knows) is passed over.
async fn next_mails(context: &Context<'_>, campaign: &Campaign, room: i64) -> Result<Vec<PlannedMail>> {
    let room = usize::try_from(room).unwrap_or(0);
    let (mut mails, mut after) = (Vec::new(), 0);
    while mails.len() < room {
        let missing = i64::try_from(room - mails.len()).unwrap_or(i64::MAX);
        let subscribers =
            context.store.subscribers(&campaign.name, campaign.date, &campaign.grades, after, missing).await?;
        let Some(last) = subscribers.last() else { break };
        after = last.buyer_id;
        for subscriber in &subscribers {
            match one(context, campaign, subscriber) {
                Ok(mail) => mails.push(mail),
                Err(error) => {
                    let (campaign, buyer) = (&campaign.name, subscriber.buyer_id);
                    tracing::debug!(campaign, buyer, %error, "a newsletter can't be composed");
                }
            }
        }
    }
    Ok(mails)
}

fn one(context: &Context<'_>, campaign: &Campaign, subscriber: &Subscriber) -> Result<PlannedMail> {
    let recipient = Mailbox::new(subscriber.name.clone(), subscriber.email.parse()?);
    let settings = &context.settings.newsletter;
    let unsubscribe = settings.unsubscribe.as_ref().unwrap_or(&context.settings.outbox.from);
    let key = key(What::Newsletter, &campaign.name, &subscriber.email);
    let subject = unsubscribe_subject(&message_id(&key, context.secret, context.settings.outbox.from.email.domain()));
    let company = &context.settings.company;
    let content = Newsletter {
        subject: &campaign.subject,
        body: &campaign.body,
        language: Language::English,
        company: &company.name,
        imprint: &settings.imprint,
        unsubscribe: &Unsubscribe { address: unsubscribe.email.clone(), subject },
        templates: &context.settings.templates,
    };
    let letter = letter::newsletter(&content);
    context.planned(
        What::Newsletter,
        &campaign.name,
        &letter,
        &recipient,
        std::slice::from_ref(&recipient),
        Some(unsubscribe),
    )
}
