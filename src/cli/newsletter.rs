//! `inquiryd newsletter`

use super::ledger::Who;
use super::output::{Table, cut, json_lines, printable, say};
use super::{Configured, owner};
use crate::clock::{Clock, UnixTime};
use crate::jobs::{self, Context, newsletters};
use crate::letter::Letter;
use crate::newsletter::{Campaign, Candidate, Exclusion, Results};
use crate::progress::Progress;
use crate::schedule::wall_clock;
use crate::store::campaigns::{CampaignRow, Decision};
use anyhow::{Context as _, Result, bail};
use lettre::message::Mailbox;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

/// Buyers whom `plan` names for each reason.
const NAMED: usize = 5;

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
        Action::Check => check(&context).await,
        Action::Preview { name, buyer, html } => {
            let campaign = named(&context, &name)?;
            let reader = find(&context, campaign, &buyer).await?;
            let compiled = newsletters::Compiled::new(&context, campaign)?;
            let letter = compiled.letter(&context, &reader, "unsubscribe (a preview)")?;
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
        Action::Plan { name, all } => plan(&context, named(&context, &name)?, all).await,
        Action::Send { name, who } => send(&context, named(&context, &name)?, &who.by).await,
        Action::Pause { name, why, who } => decide(&context, &name, Decision::Pause, (&why, &who.by)).await,
        Action::Resume { name, who } => decide(&context, &name, Decision::Resume, ("", &who.by)).await,
        Action::Stop { name, why, who } => decide(&context, &name, Decision::Stop, (&why, &who.by)).await,
        Action::Suppressed { json } => suppressed(&context, json).await,
        Action::Suppress { addresses, file, why } => suppress(&context, addresses, file, &why).await,
        Action::Allow { address, he_asked_for_it } => allow(&context, &address, he_asked_for_it).await,
        Action::Status { json, watch } => status(&context, json, watch).await,
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
    let found = context.store.candidates(&campaign.name, buyer.id - 1, 1, context.now()).await?;
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

async fn check(context: &Context<'_>) -> Result<()> {
    for campaign in &context.settings.campaigns {
        let audience = Audience::of(context, campaign).await?;
        let broken = audience.excluded.get(&Exclusion::Words).map_or(0, |buyers| buyers.len());
        say!("{}: {}; {} would get it", campaign.name, campaign.segment, audience.wanted)?;
        if broken > 0 {
            say!(
                "    {broken} will not, because a sentence would be broken: something that it names is not known of them \
                 (inquiryd newsletter plan {})",
                campaign.name
            )?;
        }
    }
    if context.settings.campaigns.is_empty() {
        say!("There is no newsletter: put a file into the folder newsletters beside the configuration.")?;
    }
    Ok(())
}

/// Who gets a campaign, and who not.
struct Audience {
    wanted: u32,
    planned: u32,
    excluded: BTreeMap<Exclusion, Vec<Candidate>>,
}

impl Audience {
    async fn of(context: &Context<'_>, campaign: &Campaign) -> Result<Audience> {
        let mut audience = Audience { wanted: 0, planned: 0, excluded: BTreeMap::new() };
        newsletters::audience(context, campaign, |candidate, why| match why {
            None if candidate.planned => audience.planned += 1,
            None => audience.wanted += 1,
            Some(why) => audience.excluded.entry(why).or_default().push(candidate.clone()),
        })
        .await?;
        Ok(audience)
    }
}

async fn plan(context: &Context<'_>, campaign: &Campaign, all: bool) -> Result<()> {
    if all {
        return plan_as_csv(context, campaign).await;
    }
    let audience = Audience::of(context, campaign).await?;
    let zone = &context.settings.company.time_zone;
    say!("{}  {}, from {}", campaign.name, campaign.segment, wall_clock(campaign.date, zone))?;
    say!("{:>7}  will get it", audience.wanted)?;
    if audience.planned > 0 {
        say!("{:>7}  have it, or it waits for its turn", audience.planned)?;
    }
    for (why, buyers) in &audience.excluded {
        say!("{:>7}  not: {}", buyers.len(), why.as_str())?;
        // Whom the author never meant needs no names.
        let shown = if why.concerns_the_meant() { NAMED } else { 0 };
        for buyer in buyers.iter().take(shown) {
            say!("             {}", called(buyer))?;
        }
        if shown > 0 && buyers.len() > shown {
            say!("             … and {} more: --all", buyers.len() - shown)?;
        }
    }
    if audience.wanted > 0 {
        let end = newsletters::ends(context, audience.wanted, campaign.date).await?;
        say!("The last one would go about {}, if nothing holds them up.", wall_clock(end, zone))?;
    }
    Ok(())
}

async fn plan_as_csv(context: &Context<'_>, campaign: &Campaign) -> Result<()> {
    let mut lines = Vec::new();
    newsletters::audience(context, campaign, |candidate, why| {
        let fate = match why {
            None if candidate.planned => "planned",
            None => "will get it",
            Some(why) => why.as_str(),
        };
        let text = |text: &Option<String>| printable(text.as_deref().unwrap_or_default());
        lines.push([
            candidate.buyer_id.to_string(),
            text(&candidate.email),
            text(&candidate.name),
            text(&candidate.company),
            text(&candidate.country),
            fate.to_owned(),
        ]);
    })
    .await?;
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["buyer", "email", "name", "company", "country", "newsletter"])?;
    for line in lines {
        writer.write_record(line)?;
    }
    let bytes = writer.into_inner().map_err(|error| error.into_error())?;
    say!("{}", String::from_utf8_lossy(&bytes).trim_end())?;
    Ok(())
}

fn called(buyer: &Candidate) -> String {
    let parts = [&buyer.name, &buyer.company, &buyer.email];
    let named = parts.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(" · ");
    cut(&printable(&format!("@{} {named}", buyer.buyer_id)), 70)
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

async fn suppressed(context: &Context<'_>, json: bool) -> Result<()> {
    let list = context.store.suppressed().await?;
    if json {
        return json_lines(&list);
    }
    let mut table = Table::new(&[("ADDRESS", 50), ("WHY", 40), ("SINCE", 16)]);
    for line in list {
        table.row(vec![line.address, line.reason, wall_clock(line.since, &context.settings.company.time_zone)]);
    }
    if table.is_empty() {
        say!("Nobody: every address may get newsletters.")?;
        return Ok(());
    }
    Ok(table.print()?)
}

async fn suppress(context: &Context<'_>, addresses: Vec<String>, file: Option<PathBuf>, why: &str) -> Result<()> {
    let mut list: Vec<(String, String)> = addresses.into_iter().map(|address| (address, why.to_owned())).collect();
    if let Some(path) = file {
        let text = std::fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
        let entry = |line: &str| match line.split_once([',', '\t']) {
            Some((address, reason)) if !reason.trim().is_empty() => (address.to_owned(), reason.trim().to_owned()),
            Some((address, _)) => (address.to_owned(), why.to_owned()),
            None => (line.to_owned(), why.to_owned()),
        };
        list.extend(text.lines().filter(|line| !line.trim().is_empty()).map(entry));
    }
    for (address, _) in &mut list {
        *address = address.trim().trim_matches('"').to_lowercase();
    }
    // All or nothing: a list with a slip in it is looked at before it counts.
    if let Some((wrong, _)) = list.iter().find(|(address, _)| !crate::buyer::is_address(address)) {
        bail!("`{}` is no mail address; nothing was changed", printable(wrong));
    }
    if list.is_empty() {
        bail!("name addresses, or a file of them with --file");
    }
    for (address, why) in &list {
        context.store.suppress(address, why, context.now()).await?;
    }
    say!("{} addresses get no newsletter any more.", list.len())?;
    Ok(())
}

async fn allow(context: &Context<'_>, address: &str, he_asked_for_it: bool) -> Result<()> {
    let address = address.trim().to_lowercase();
    let list = context.store.suppressed().await?;
    let Some(line) = list.into_iter().find(|line| line.address == address) else {
        bail!("{} is not on the list: inquiryd newsletter suppressed", printable(&address));
    };
    if matches!(line.reason.as_str(), "unsubscribed" | "complaint") && !he_asked_for_it {
        bail!(
            "{address} is on the list because of this: {}. Only if he has asked for it: --he-asked-for-it",
            line.reason
        );
    }
    context.store.allow(&address).await?;
    say!("{address} may get newsletters again.")?;
    Ok(())
}

#[derive(serde::Serialize)]
struct Line<'a> {
    name: &'a str,
    date: UnixTime,
    state: Option<CampaignRow>,
    results: Results,
}

async fn status(context: &Context<'_>, json: bool, watch: bool) -> Result<()> {
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
