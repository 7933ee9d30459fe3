//! Newsletters whose date has come.

use super::{Context, unsubscribe_subject};
use crate::language::Language;
use crate::letter::{self, Newsletter, Unsubscribe, What, key, message_id};
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
        if room <= 0 {
            break;
        }
        let subscribers = context.store.subscribers(&campaign.name, &campaign.grades, room).await?;
        let mut mails = Vec::with_capacity(subscribers.len());
        for subscriber in &subscribers {
            match one(context, campaign, subscriber) {
                Ok(mail) => mails.push(mail),
                Err(error) => tracing::warn!(campaign = campaign.name, %error, "a newsletter can't be composed"),
            }
        }
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

fn one(context: &Context<'_>, campaign: &Campaign, subscriber: &Subscriber) -> Result<crate::letter::PlannedMail> {
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
