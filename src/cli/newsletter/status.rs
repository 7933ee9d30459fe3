//! How newsletters stand.

use crate::cli::output::{printable, say};
use crate::clock::UnixTime;
use crate::jobs::{self, Context, Headway};
use crate::newsletter::Results;
use crate::schedule::wall_clock;
use crate::store::campaigns::CampaignRow;
use anyhow::Result;
use std::time::Duration;

#[derive(serde::Serialize)]
struct Line<'a> {
    name: &'a str,
    date: UnixTime,
    state: Option<CampaignRow>,
    results: Results,
}

/// A line a newsletter, once or until nothing waits.
pub(super) async fn status(context: &Context<'_>, json: bool, watch: bool) -> Result<()> {
    loop {
        let mut lines = Vec::new();
        for campaign in &context.settings.campaigns {
            let state = context.store.campaign(&campaign.name).await?;
            let results = context.store.campaign_results(&campaign.name).await?;
            lines.push(Line { name: &campaign.name, date: campaign.date, state, results });
        }
        if json {
            say!("{}", serde_json::to_string_pretty(&lines)?)?;
            return Ok(());
        }
        show_headway(context).await?;
        show(context, &lines)?;
        let waiting = lines
            .iter()
            .any(|line| line.results.planned > 0 && line.state.as_ref().is_some_and(CampaignRow::is_running));
        if !watch || !waiting {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_secs(2)).await;
        say!("")?;
    }
}

/// What holds all newsletters up, if anything does.
async fn show_headway(context: &Context<'_>) -> Result<()> {
    if let Some(since) = context.store.newsletters_held_at().await? {
        let since = wall_clock(since, &context.settings.company.time_zone);
        say!("Newsletters wait since {since}: the store may be a copy of before (inquiryd newsletter confirm).")?;
    }
    let headway = Headway::look(context).await?;
    if let (Some(refusal), true) = (headway.refusals.last(), headway.slowdown.until > context.now()) {
        let until = wall_clock(headway.slowdown.until, &context.settings.company.time_zone);
        say!("Newsletters rest until {until}: the mail server said {}", printable(&refusal.answer))?;
    } else if headway.slowdown.factor > 1 {
        say!("Newsletters go {} times slower for a day: the mail server had enough of them.", headway.slowdown.factor)?;
    }
    if headway.room.is_some_and(|room| room <= 0) {
        say!(
            "Newsletters wait: what is left of the mailbox's day is kept for people (outbox.per_day, outbox.reserve)."
        )?;
    }
    Ok(())
}

/// A person says that newsletters go on.
pub(super) async fn confirm(context: &Context<'_>) -> Result<()> {
    if context.store.newsletters_held_at().await?.is_none() {
        say!("No newsletter waits for this.")?;
        return Ok(());
    }
    jobs::let_newsletters_go_on(context).await?;
    say!(
        "Newsletters go on. If the store was restored from a copy, whoever got one after the copy was made gets it again; \
         inquiryd newsletter stop NAME ends one for ever."
    )?;
    Ok(())
}

fn show(context: &Context<'_>, lines: &[Line<'_>]) -> Result<()> {
    let zone = &context.settings.company.time_zone;
    if lines.is_empty() {
        say!("There is no newsletter: put a file into the folder newsletters beside the configuration.")?;
    }
    for line in lines {
        let state = line.state.as_ref();
        let word = match state {
            Some(row) if !row.is_running() => row.state.clone(),
            Some(row) if row.begun_at.is_some() && line.results.planned > 0 => "running".to_owned(),
            Some(row) if row.begun_at.is_some() => "sent".to_owned(),
            _ if line.date > context.now() => format!("from {}", wall_clock(line.date, zone)),
            _ => "not begun".to_owned(),
        };
        say!("{}  {word}", line.name)?;
        if let Some(reason) = state.and_then(|row| row.reason.as_deref()).filter(|reason| !reason.is_empty()) {
            say!("    {}", printable(reason))?;
        }
        let Results { planned, sent, bounced, held, dropped, unsubscribed, complaints, answered } = line.results;
        if planned + sent + bounced + held + dropped > 0 {
            say!("    sent {sent}, waiting {planned}, came back {bounced}, held {held}, withdrawn {dropped}")?;
            say!("    answered {answered}, unsubscribed {unsubscribed}, complained {complaints}")?;
        }
    }
    Ok(())
}
