//! `inquiryd poll`

use super::output::say;
use super::{Configured, owner};
use crate::clock::Clock;
use crate::jobs::{self, Context};
use crate::outbox::Sink;
use crate::progress::Progress;
use crate::store::Store;
use anyhow::{Result, bail};
use std::process::ExitCode;
use tokio_util::sync::CancellationToken;

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Only this account.
    #[arg(long, value_name = "NAME")]
    account: Option<String>,
    /// Record and plan, but send nothing: what is planned goes out with the service's next round.
    #[arg(long)]
    no_send: bool,
}

/// Polls each account once, plans the digest and drains the outbox.
pub async fn run(config: &Configured, arguments: Arguments) -> Result<ExitCode> {
    let settings = config.load()?.settings;
    let store = Store::open(&settings.store_url).await?;
    let _hold = store.hold().await?;
    let (clock, progress, owner) = (Clock::System, Progress::default(), owner());
    let secret = jobs::installation_secret(&store).await?;
    let context = Context {
        settings: &settings,
        store: &store,
        clock: &clock,
        progress: &progress,
        owner: &owner,
        secret: &secret,
    };
    let wanted = |name: &str| arguments.account.as_deref().is_none_or(|wanted| wanted == name);
    let accounts: Vec<_> = settings.accounts.iter().filter(|account| wanted(&account.name)).collect();
    if accounts.is_empty() {
        let names: Vec<_> = settings.accounts.iter().map(|account| account.name.as_str()).collect();
        bail!("no account has that name; there are: {}", names.join(", "));
    }
    let mut failed = false;
    for account in accounts {
        match jobs::poll(&context, account).await {
            Ok(Some(polled)) => tell(&format!(
                "{}: {} mails shown, {} new, {} inquiries, {} quarantined",
                account.name, polled.shown, polled.recorded, polled.inquiries, polled.quarantined
            )),
            Ok(None) => tell(&format!("{}: another daemon polls it just now", account.name)),
            Err(error) => {
                failed = true;
                eprintln!("{}: {error}", account.name);
            }
        }
    }
    match jobs::staff_mail(&context).await? {
        0 => {}
        mails => tell(&format!("{mails} mails of our own people settled")),
    }
    match jobs::digest(&context).await? {
        Some(id) => tell(&format!("digest {id} planned")),
        None => tell("nothing to say: no digest"),
    }
    if !arguments.no_send {
        let mut sink = Sink::open(&settings.outbox.sink, &progress)?;
        let sent = jobs::drain(&context, &mut sink, &CancellationToken::new()).await?;
        tell(&format!(
            "outbox: {} sent, {} deferred, {} refused, {} held",
            sent.sent, sent.deferred, sent.refused, sent.unknown
        ));
    }
    store.close().await;
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// The work goes on even if nobody reads what is said of it (`| head -1`).
fn tell(line: &str) {
    let _ = say!("{line}");
}
