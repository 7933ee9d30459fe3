//! `inquiryd check`: all problems at once, and what was found.

use super::Configured;
use super::output::{cut, printable, say};
use crate::clock::Clock;
use crate::config::settings::{Account, Security, Settings, SinkSettings, SourceSettings};
use crate::config::{self, LoadOptions, Loaded, Secrets, unannounced_year};
use crate::mailbox::{Direction, Mailbox};
use crate::outbox::{Inspection, Sink};
use crate::progress::Progress;
use crate::schedule::wall_clock;
use crate::staff::Person;
use crate::store::Store;
use anyhow::Result;
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Log in everywhere as well: list folders, say which is Sent, open the way out. Nothing is read or sent.
    #[arg(long)]
    connect: bool,
    /// Accept that passwords can't be read here, e.g. because systemd gives them to the service alone.
    #[arg(long, conflicts_with = "connect")]
    without_passwords: bool,
}

/// Checks, and says what it found.
pub async fn run(config: &Configured, arguments: Arguments) -> Result<ExitCode> {
    let secrets = if arguments.without_passwords { Secrets::NameOnly } else { Secrets::Require };
    let loaded = config::load(&config.path, &config.environment, LoadOptions { secrets })?;
    for remark in loaded.remarks.iter() {
        say!("remark: {remark}")?;
    }
    describe(&loaded)?;
    if !arguments.connect {
        say!("\nThe configuration is good. `inquiryd check --connect` tries the servers too.")?;
        return Ok(ExitCode::SUCCESS);
    }
    let settings = &loaded.settings;
    let mut well = true;
    for account in &settings.accounts {
        well &= connect_account(account).await?;
    }
    well &= connect_sink(settings).await?;
    well &= connect_store(settings).await?;
    say!("\n{}", if well { "Everything answers." } else { "Something does not work: see above." })?;
    Ok(if well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn describe(loaded: &Loaded) -> Result<()> {
    let settings = &loaded.settings;
    let company = &settings.company;
    for file in &loaded.files {
        say!("read        {}", file.display())?;
    }
    say!("company     {} ({})", company.name, company.house.domains.join(", "))?;
    let zone = company.time_zone.iana_name().unwrap_or("a zone of its own");
    say!("clock       {zone}; mails to the team in {}", company.language.tag())?;
    for account in &settings.accounts {
        say!("account     {}: {}", account.name, source(account))?;
    }
    let rules = match &loaded.rules_file {
        Some(file) => format!("{} from {}", settings.rules.len(), file.display()),
        None => format!(
            "{}, the shipped ones (put a grading.toml beside the configuration to change them)",
            settings.rules.len()
        ),
    };
    say!("rules       {rules}")?;
    say!("relays      {}", relays(loaded))?;
    let readers: Vec<_> = settings.staff.readers().collect();
    say!("digest to   {}", addresses(&readers))?;
    say!("managers    {}", addresses(&settings.staff.managers(settings.calendar.date(Clock::System.now()))))?;
    for person in settings.staff.people.iter().filter(|person| person.owns_buyers) {
        say!("sales       {}: {}", person.name, limits(person))?;
    }
    follow_up(settings)?;
    say!("mail from   {} by {}", settings.outbox.from, sink(&settings.outbox.sink))?;
    dkim(settings)?;
    say!("store       {}", crate::store::without_password(&settings.store_url))?;
    let own = loaded.files.iter().filter(|file| file.ancestors().nth(2).is_some_and(|up| up.ends_with("templates")));
    let templates = match own.count() {
        0 => "the shipped ones (put a folder templates beside the configuration to change them)".to_owned(),
        own => format!("the shipped ones, with {own} of your own"),
    };
    say!("templates   {templates}")?;
    for campaign in &settings.campaigns {
        let date = wall_clock(campaign.date, &company.time_zone);
        let tags = campaign.variants.iter().filter_map(|variant| variant.language.as_deref());
        let tags = tags.collect::<Vec<_>>().join(", ");
        let languages = if tags.is_empty() { String::new() } else { format!(", in {tags}") };
        say!("newsletter  {}: {}, from {date}{languages}", campaign.name, campaign.segment)?;
    }
    if let Some(one_click) = &settings.newsletter.one_click {
        say!("one click   at {}, which your proxy forwards to {}", one_click.url, one_click.listen)?;
    }
    let mut at = Clock::System.now();
    let next: Vec<String> = std::iter::repeat_with(|| {
        at = settings.poll.next_after(at);
        wall_clock(at, &company.time_zone)
    })
    .take(3)
    .collect();
    say!("next polls  {}", next.join(", "))?;
    Ok(())
}

/// Who signs, and the record that receivers look for.
fn dkim(settings: &Settings) -> Result<()> {
    let Some(signer) = &settings.outbox.dkim else { return Ok(()) };
    let (name, text) = signer.dns_record();
    say!(
        "signed by   {}, once this is in its DNS (long texts may stand there in pieces of 255 characters):",
        signer.domain()
    )?;
    say!("            {name} TXT \"{text}\"")?;
    Ok(())
}

fn source(account: &Account) -> String {
    match &account.source {
        SourceSettings::Imap(imap) => {
            let server = &imap.server;
            format!(
                "{} at {}:{} ({}), folders {}",
                imap.user,
                server.host,
                server.port,
                security(server.security),
                imap.folders.join(", ")
            )
        }
        SourceSettings::Maildir(maildir) => format!("the Maildir {}", maildir.path.display()),
    }
}

fn sink(sink: &SinkSettings) -> String {
    match sink {
        SinkSettings::Smtp(smtp) => {
            let server = &smtp.server;
            format!("{}:{} ({})", server.host, server.port, security(server.security))
        }
        SinkSettings::Folder(path) => format!("files in {}", path.display()),
    }
}

fn security(security: Security) -> &'static str {
    match security {
        Security::Tls => "TLS",
        Security::StartTls => "STARTTLS",
        Security::Plain => "NO ENCRYPTION",
    }
}

/// Who writes for a buyer, the company's own named.
fn relays(loaded: &Loaded) -> String {
    let names: Vec<&str> = loaded.settings.company.house.relays.names().collect();
    match &loaded.relays_file {
        Some(file) => format!("{} known, with {}: {}", names.len(), file.display(), cut(&names.join(", "), 200)),
        None => format!("{} known (put a relays.toml beside the configuration to add your own)", names.len()),
    }
}

fn addresses(people: &[&Person]) -> String {
    people.iter().map(|person| person.mailbox.to_string()).collect::<Vec<_>>().join(", ")
}

/// Which buyers somebody is given, in words.
fn limits(person: &Person) -> String {
    let limits = [("countries", &person.countries), ("languages", &person.languages), ("products", &person.products)];
    let stated = limits.iter().filter(|(_, words)| !words.is_empty());
    let stated: Vec<String> = stated.map(|(what, words)| format!("{what} {}", words.join(", "))).collect();
    if stated.is_empty() { "any buyer".to_owned() } else { stated.join("; ") }
}

/// Deadlines, working time and rhythm, and what nobody has told of the calendar.
fn follow_up(settings: &Settings) -> Result<()> {
    let (deadlines, cadence) = (&settings.reminder.deadlines, &settings.follow_up.cadence);
    let hours = |duration: std::time::Duration| duration.as_secs() as f64 / 3600.0;
    say!(
        "deadlines   {} working hours, then the managers after {} hours of working days ({} by fax)",
        hours(deadlines.usual.target),
        hours(deadlines.usual.limit),
        hours(deadlines.fax)
    )?;
    let [a, b, c, d] = cadence.every;
    say!("rhythm      A every {a} days, B {b}, C {c}, D {d}; at most {} a person and day", cadence.per_day)?;
    let today = settings.calendar.date(Clock::System.now());
    if let Some(year) = unannounced_year(&settings.calendar, today) {
        say!(
            "REMARK      the working days on weekends of {year} are not known yet: once they are announced, write them \
             into calendar.workdays and the further days off into calendar.holidays"
        )?;
    }
    Ok(())
}

async fn connect_account(account: &Account) -> Result<bool> {
    say!("\naccount {}", account.name)?;
    let inspected = async {
        let mut mailbox = Mailbox::open(account, &Progress::default()).await?;
        let inspection = mailbox.inspect().await?;
        mailbox.logout().await;
        Ok::<_, crate::mailbox::MailboxError>(inspection)
    };
    let inspection = match inspected.await {
        Ok(inspection) => inspection,
        Err(error) => {
            say!("  FAILS: {error}")?;
            return Ok(false);
        }
    };
    if let Some(greeting) = &inspection.greeting {
        say!("  greeting      {}", printable(greeting))?;
        say!("  capabilities  {}", printable(&inspection.capabilities.join(" ")))?;
    }
    say!("  all folders   {}", printable(&inspection.folders.all_names.join(", ")))?;
    for count in &inspection.counts {
        let what = match count.folder.direction {
            Direction::Incoming => "incoming",
            Direction::Outgoing => "Sent",
        };
        say!("  reads         {} ({what}): {} mails", printable(&count.folder.name), count.mails)?;
    }
    let remarks = inspection.folders.remarks();
    for remark in &remarks {
        say!("  REMARK        {}", printable(remark))?;
    }
    Ok(inspection.folders.missing.is_empty())
}

async fn connect_sink(settings: &Settings) -> Result<bool> {
    say!("\nthe way out")?;
    let probed = async {
        let mut sink = Sink::open(&settings.outbox.sink, &Progress::default())?;
        let inspection = sink.probe().await?;
        sink.close().await;
        Ok::<_, anyhow::Error>(inspection)
    };
    match probed.await {
        Ok(Inspection::Folder(path)) => say!("  files can be written in {}", path.display())?,
        Ok(Inspection::Smtp(smtp)) => {
            say!("  greeting      {}", printable(&smtp.greeting))?;
            say!("  encryption    {}", smtp.encryption.as_deref().unwrap_or("none"))?;
            say!("  extensions    {}", printable(&smtp.extensions.join(" ")))?;
            say!("  login         {}", smtp.login.as_deref().unwrap_or("none: the server takes our mail without"))?;
        }
        Err(error) => {
            say!("  FAILS: {error:#}")?;
            return Ok(false);
        }
    }
    Ok(true)
}

async fn connect_store(settings: &Settings) -> Result<bool> {
    say!("\nthe store")?;
    match Store::open(&settings.store_url).await {
        Ok(store) => {
            store.close().await;
            say!("  opens, its tables are up to date")?;
            Ok(true)
        }
        Err(error) => {
            say!("  FAILS: {error:#}")?;
            Ok(false)
        }
    }
}
