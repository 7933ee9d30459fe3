//! `inquiryd status`

use super::Configured;
use super::output::{instant, json_lines, printable, say};
use crate::clock::{Clock, UnixTime};
use crate::report::Tally;
use crate::store::reply_ledger::FolderCount;
use anyhow::Result;
use serde::Serialize;

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// One JSON object.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Serialize)]
struct Status {
    next_poll: UnixTime,
    waiting: i64,
    buyers: i64,
    /// What became of the inquiries of the last 30 days.
    last_30_days: Tally,
    folders: Vec<FolderCount>,
    accounts: Vec<AccountStatus>,
    outbox: Vec<(String, i64)>,
}

#[derive(Debug, Serialize)]
struct AccountStatus {
    name: String,
    last_poll: Option<UnixTime>,
    mails: i64,
    quarantined: i64,
}

/// Whether the server counts alike.
fn counted(folder: &FolderCount) -> String {
    let name = printable(&folder.folder);
    match (folder.missing(), folder.gone()) {
        (0, 0) => format!("{name}: {} mails, the server counts as many", folder.taken),
        (0, gone) => format!("{name}: {} mails; {gone} of them have left the folder since", folder.taken),
        (missing, 0) => lost(&name, missing, folder.taken),
        (missing, gone) => {
            format!("{}; {gone} of those on record have left the folder since", lost(&name, missing, folder.taken))
        }
    }
}

fn lost(name: &str, missing: i64, taken: i64) -> String {
    format!("{name}: {missing} MAILS ON THE SERVER ARE NOT ON RECORD, beside {taken} that are: please look")
}

/// Prints how things stand.
pub async fn run(config: &Configured, arguments: Arguments) -> Result<()> {
    let (loaded, store) = config.store().await?;
    let settings = &loaded.settings;
    let counts = store.mail_counts().await?;
    let mut accounts = Vec::new();
    for account in &settings.accounts {
        let count = counts.iter().find(|(name, ..)| *name == account.name);
        accounts.push(AccountStatus {
            name: account.name.clone(),
            last_poll: store.last_run(&format!("poll/{}", account.name)).await?,
            mails: count.map_or(0, |(_, mails, _)| *mails),
            quarantined: count.map_or(0, |(.., quarantined)| *quarantined),
        });
    }
    let status = Status {
        next_poll: settings.poll.next_after(Clock::System.now()),
        waiting: store.count_waiting().await?,
        buyers: store.count_buyers().await?,
        last_30_days: store.tally(Clock::System.now() - 30 * 24 * 3600).await?,
        folders: store.folder_counts().await?,
        accounts,
        outbox: store.outbox_counts().await?,
    };
    if arguments.json {
        return json_lines([&status]);
    }
    let zone = &settings.company.time_zone;
    say!("next poll   {}", instant(Some(status.next_poll), zone))?;
    say!("waiting     {} inquiries without an answer", status.waiting)?;
    say!("buyers      {}", status.buyers)?;
    for account in &status.accounts {
        let last = instant(account.last_poll, zone);
        say!(
            "account     {}: last planned poll {last}; {} mails, {} quarantined",
            account.name,
            account.mails,
            account.quarantined
        )?;
    }
    let Tally { received, answered, waiting, excused, quarantined } = status.last_30_days;
    say!(
        "30 days     received {received}, answered {answered}, waiting {waiting}, excused {excused}, quarantined \
         {quarantined}"
    )?;
    for folder in &status.folders {
        say!("folder      {}: {}", folder.account, counted(folder))?;
    }
    for (state, number) in &status.outbox {
        say!("outbox      {number} {state}")?;
    }
    if status.outbox.iter().any(|(state, _)| state == "unknown") {
        say!("            held mails need you: `inquiryd outbox list --state unknown`")?;
    }
    Ok(())
}
