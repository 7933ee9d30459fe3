//! One poll of one account, by one daemon at a time.

use super::Context;
use crate::config::settings::Account;
use crate::intake::{Intake, PollError, Polled};
use crate::letter::Notice;
use std::time::Duration;

/// Seconds that a lease lasts; renewed while the poll goes on.
const LEASE: i64 = 180;
/// Seconds after which a remark that still holds is told again.
const WEEK: i64 = 7 * 24 * 3600;
const RENEW_AFTER: Duration = Duration::from_secs(60);

/// Polls `account`; None if another daemon is at it.
///
/// # Errors
/// See [`Intake::poll`].
pub async fn poll(context: &Context<'_>, account: &Account) -> Result<Option<Polled>, PollError> {
    let job = format!("poll/{}", account.name);
    if !context.store.lease(&job, context.owner, context.now(), LEASE).await? {
        tracing::info!(account = account.name, "another daemon polls this account");
        return Ok(None);
    }
    let Context { settings, store, clock, progress, .. } = *context;
    let intake = Intake { settings, store, clock, progress };
    // Both are polled side by side: on SQLite the renewal waits for the connection that the poll may hold.
    let renewing = async {
        loop {
            tokio::time::sleep(RENEW_AFTER).await;
            if let Err(error) = context.store.lease(&job, context.owner, context.now(), LEASE).await {
                break error;
            }
        }
    };
    let polled = tokio::select! {
        polled = intake.poll(account) => polled,
        error = renewing => Err(error.into()),
    };
    context.store.release(&job, context.owner).await?;
    let polled = polled?;
    tell(context, account, &polled).await?;
    Ok(Some(polled))
}

async fn tell(context: &Context<'_>, account: &Account, polled: &Polled) -> anyhow::Result<()> {
    let Polled { shown, recorded, inquiries, quarantined, history, .. } = *polled;
    tracing::info!(account = account.name, shown, recorded, inquiries, quarantined, history, "polled");
    for remark in &polled.remarks {
        tracing::warn!(account = account.name, remark, "polled with a remark");
        let notice = Notice::Account { account: &account.name, remark };
        let week = context.now() / WEEK;
        context.notice(&format!("account/{}/{week}/{remark}", account.name), &notice).await?;
    }
    if history > 0 {
        let days = context.settings.limits.history.as_secs() / (24 * 3600);
        let notice = Notice::History { account: &account.name, mails: history, days };
        let day = context.now() / (24 * 3600);
        context.notice(&format!("history/{}/{day}", account.name), &notice).await?;
    }
    Ok(())
}
