//! Reminders of what has no answer yet.

use super::Context;
use crate::follow_up::{Deadlines, Level};
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
    let waiting = context.store.waiting().await?;
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
