//! Reminders of what has no answer yet.

use super::Context;
use crate::follow_up::{Deadlines, Level, Waiting};
use crate::intake::Intake;
use crate::letter::{self, ReminderContent, What};
use anyhow::Result;

/// Plans the reminders that are due: one mail a level, naming each inquiry once for ever. Returns how many inquiries;
/// none outside the hours in which people may be reminded.
pub async fn reminders(context: &Context<'_>) -> Result<usize> {
    let settings = &context.settings.reminder;
    let deadlines = Deadlines { target: settings.target, limit: settings.limit, grace: settings.grace };
    let now = context.now();
    if !settings.hours.covers(now, &context.settings.company.time_zone) {
        return Ok(0);
    }
    let is_due = |waiting: &[Waiting]| {
        [Level::Target, Level::Limit].iter().any(|level| !deadlines.due(waiting, *level, now).is_empty())
    };
    let mut waiting = context.store.waiting().await?;
    if is_due(&waiting) {
        look_for_answers(context).await;
        waiting = context.store.waiting().await?;
    }
    let mut reminded = 0;
    for level in [Level::Target, Level::Limit] {
        let team = &context.settings.team;
        let recipients = match level {
            Level::Limit if !team.managers.is_empty() => &team.managers,
            Level::Target | Level::Limit => &team.members,
        };
        let due = deadlines.due(&waiting, level, now);
        if due.is_empty() {
            continue;
        }
        let ids: Vec<i64> = due.iter().map(|waiting| waiting.inquiry_id).collect();
        let render = |new: &[i64]| {
            let waiting = due.iter().filter(|one| new.contains(&one.inquiry_id)).map(|one| (*one).clone()).collect();
            let letter = letter::reminder(&ReminderContent { level, at: now, waiting }, &context.look());
            // The first inquiry was never named at this level before: it makes the period unique.
            let period = format!("{}/{}", level.as_str(), new[0]);
            context.one_for_each(What::Reminder, &period, &letter, recipients)
        };
        let named = context.store.plan_reminders(level, &ids, now, render).await?;
        tracing::info!(level = level.as_str(), inquiries = named, "reminder planned");
        context.progress.step();
        reminded += named;
    }
    Ok(reminded)
}

/// Reads the Sent folders before anybody is reminded of what was answered since the last poll. An account that can't be
/// read keeps nobody from being reminded.
async fn look_for_answers(context: &Context<'_>) {
    let Context { settings, store, clock, progress, .. } = *context;
    let intake = Intake { settings, store, clock, progress };
    for account in &settings.accounts {
        if let Err(error) = intake.poll_sent(account).await {
            tracing::info!(account = account.name, %error, "the Sent folder could not be read before a reminder");
        }
    }
}
