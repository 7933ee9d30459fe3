//! `inquiryd newsletter`

mod audience;
mod fair;
mod status;
mod suppression;

use super::ledger::Who;
use super::output::say;
use super::{Configured, owner};
use crate::clock::Clock;
use crate::jobs::{self, Context, newsletters};
use crate::letter::Letter;
use crate::newsletter::{Campaign, Candidate};
use crate::progress::Progress;
use crate::schedule::wall_clock;
use crate::store::campaigns::Decision;
use anyhow::{Context as _, Result, bail};
use lettre::message::Mailbox;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Reads every newsletter, tries its words on every buyer, and says what would be wrong.
    Check,
    /// The newsletter as one buyer would read it.
    Preview {
        name: String,
        /// Number, address or name.
        buyer: String,
        /// Writes the mail as HTML into this folder.
        #[arg(long, value_name = "FOLDER", num_args = 0..=1, require_equals = true, default_missing_value = ".")]
        html: Option<PathBuf>,
    },
    /// Sends it to one of you, with the words for a buyer.
    Test {
        name: String,
        address: Mailbox,
        /// Number, address or name of the buyer whose words it says.
        #[arg(long = "as", value_name = "BUYER")]
        reader: Option<String>,
    },
    /// Who gets it, who not and why, and when the last one would go.
    Plan {
        name: String,
        /// Everybody, a line each, as CSV.
        #[arg(long)]
        all: bool,
    },
    /// Lets a newsletter go that is past its date.
    Send {
        name: String,
        #[command(flatten)]
        who: Who,
    },
    /// Holds back what was not sent yet.
    Pause {
        name: String,
        #[arg(long, default_value = "")]
        why: String,
        #[command(flatten)]
        who: Who,
    },
    /// Lets a paused newsletter go on.
    Resume {
        name: String,
        #[command(flatten)]
        who: Who,
    },
    /// Ends a newsletter for ever: what was not sent yet is withdrawn.
    Stop {
        name: String,
        #[arg(long, default_value = "")]
        why: String,
        #[command(flatten)]
        who: Who,
    },
    /// Lets newsletters go on after the store was restored from a copy, or the service was away for long.
    Confirm,
    /// Addresses that get no newsletter any more.
    Suppressed {
        /// As JSON Lines.
        #[arg(long)]
        json: bool,
    },
    /// Takes addresses off the list of readers, by hand or from a file.
    Suppress {
        addresses: Vec<String>,
        /// A file with an address a line; what stands behind a comma or a tab on its line is the reason.
        #[arg(long, value_name = "FILE")]
        file: Option<PathBuf>,
        #[arg(long, default_value = "by hand")]
        why: String,
    },
    /// Lets an address get newsletters again.
    Allow {
        address: String,
        /// He unsubscribed or complained, and has asked for newsletters since.
        #[arg(long)]
        he_asked_for_it: bool,
    },
    /// A fair: who answered the invitation and comes when, and what came of it.
    Fair {
        name: String,
        /// As one JSON object.
        #[arg(long)]
        json: bool,
    },
    /// How the newsletters stand.
    Status {
        /// As one JSON object.
        #[arg(long)]
        json: bool,
        /// Shows it anew every two seconds until nothing waits.
        #[arg(long, conflicts_with = "json")]
        watch: bool,
    },
}

pub async fn run(config: &Configured, arguments: Arguments) -> Result<()> {
    let (loaded, store) = config.store().await?;
    let (clock, progress, owner) = (Clock::System, Progress::default(), owner());
    let secret = jobs::installation_secret(&store).await?;
    let settings = &loaded.settings;
    let context =
        Context { settings, store: &store, clock: &clock, progress: &progress, owner: &owner, secret: &secret };
    match arguments.action {
        Action::Check => audience::check(&context).await,
        Action::Preview { name, buyer, html } => {
            let campaign = named(&context, &name)?;
            let reader = find(&context, campaign, &buyer).await?;
            let compiled = newsletters::Compiled::new(&context, campaign)?;
            let letter = compiled.letter(&context, &reader, &newsletters::way_out(&context, "a preview", (0, "")))?;
            if let Some(why) = compiled.excluded(&context, &reader) {
                say!("This buyer will not get it: {}.\n", why.as_str())?;
            }
            preview(&letter, html, &name)
        }
        Action::Test { name, address, reader } => {
            let campaign = named(&context, &name)?;
            let reader = match reader {
                Some(buyer) => find(&context, campaign, &buyer).await?,
                None => example(),
            };
            newsletters::test(&context, campaign, &reader, &address).await?;
            say!("{name} goes to {} with the next mail, and to no buyer.", address.email)?;
            Ok(())
        }
        Action::Plan { name, all } => audience::plan(&context, named(&context, &name)?, all).await,
        Action::Send { name, who } => send(&context, named(&context, &name)?, &who.by).await,
        Action::Pause { name, why, who } => decide(&context, &name, Decision::Pause, (&why, &who.by)).await,
        Action::Resume { name, who } => decide(&context, &name, Decision::Resume, ("", &who.by)).await,
        Action::Stop { name, why, who } => decide(&context, &name, Decision::Stop, (&why, &who.by)).await,
        Action::Confirm => status::confirm(&context).await,
        Action::Suppressed { json } => suppression::list(&context, json).await,
        Action::Suppress { addresses, file, why } => suppression::add(&context, addresses, file, &why).await,
        Action::Allow { address, he_asked_for_it } => suppression::allow(&context, &address, he_asked_for_it).await,
        Action::Fair { name, json } => fair::fair(&context, &name, json).await,
        Action::Status { json, watch } => status::status(&context, json, watch).await,
    }
}

fn named<'a>(context: &Context<'a>, name: &str) -> Result<&'a Campaign> {
    let campaigns = &context.settings.campaigns;
    campaigns.iter().find(|campaign| campaign.name == name).with_context(|| {
        let names: Vec<&str> = campaigns.iter().map(|campaign| campaign.name.as_str()).collect();
        let there = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
        format!("there is no newsletter {name}; beside the configuration, in newsletters, there are: {there}")
    })
}

/// Somebody of whom everything is known.
fn example() -> Candidate {
    Candidate {
        name: Some("Ann Lindqvist".to_owned()),
        company: Some("Kestrel Leisure Ltd".to_owned()),
        country: Some("GB".to_owned()),
        products: vec!["folding chairs".to_owned()],
        ..Candidate::default()
    }
}

async fn find(context: &Context<'_>, campaign: &Campaign, buyer: &str) -> Result<Candidate> {
    let buyer = super::ledger::find(context.store, buyer).await?;
    let found = newsletters::candidates(context, campaign, buyer.id - 1, 1).await?;
    found.into_iter().next().filter(|candidate| candidate.buyer_id == buyer.id).context("this buyer became another one")
}

fn preview(letter: &Letter, folder: Option<PathBuf>, name: &str) -> Result<()> {
    let Some(folder) = folder else {
        say!("{}\n\n{}", letter.subject, letter.text.trim_end())?;
        return Ok(());
    };
    std::fs::create_dir_all(&folder).with_context(|| format!("making the folder {}", folder.display()))?;
    let path = folder.join(format!("{name}.html"));
    std::fs::write(&path, &letter.html).with_context(|| format!("writing {}", path.display()))?;
    say!("{}", path.display())?;
    Ok(())
}

async fn send(context: &Context<'_>, campaign: &Campaign, by: &str) -> Result<()> {
    let (store, now, zone) = (context.store, context.now(), &context.settings.company.time_zone);
    if campaign.date > now {
        bail!(
            "{} goes by itself from {} on; to send it sooner, change its date",
            campaign.name,
            wall_clock(campaign.date, zone)
        );
    }
    let row = store.open_campaign(campaign, now).await?;
    if !row.is_running() {
        bail!("{} is {}; inquiryd newsletter resume lets a paused one go on", campaign.name, row.state);
    }
    store.confirm_campaign(&campaign.name, by).await?;
    say!("{} goes now, at its pace: inquiryd newsletter status --watch", campaign.name)?;
    Ok(())
}

async fn decide(context: &Context<'_>, name: &str, decision: Decision, why_and_who: (&str, &str)) -> Result<()> {
    let campaign = named(context, name)?;
    let store = context.store;
    store.open_campaign(campaign, context.now()).await?;
    if !store.decide_campaign(name, decision, why_and_who, context.now()).await? {
        bail!("{name} was stopped, and that is for ever: a new newsletter wants a file with a new name");
    }
    let waiting = store.campaign_results(name).await?.planned;
    match decision {
        Decision::Pause => say!("{name} is paused; {waiting} planned mails wait.")?,
        Decision::Resume => say!("{name} goes on.")?,
        Decision::Stop => say!("{name} is stopped for ever; what was not sent yet is withdrawn.")?,
    }
    Ok(())
}
