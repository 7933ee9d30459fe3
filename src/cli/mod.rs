//! The command line: one file a subcommand.

mod backtest;
mod buyers;
mod card;
mod check;
mod demo;
mod explain;
mod inquiries;
mod ledger;
mod newsletter;
mod outbox;
mod output;
mod poll;
mod progress_bar;
mod report;
mod rules;
mod run;
mod staff;
mod status;
mod tell;

use crate::clock::Clock;
use crate::config::{self, Environment, LoadOptions, Loaded, Problems, Secrets};
use crate::store::Store;
use anyhow::Result;
use clap::{Parser, Subcommand};
use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;

/// `EX_CONFIG` of sysexits.h.
const BAD_CONFIGURATION: u8 = 78;
const DEFAULT_CONFIG: &str = "/etc/inquiryd/inquiryd.toml";

/// Never lets an inquiry go unanswered: reads the company's shared mailbox, grades each inquiry, and keeps people on
/// time by mail.
#[derive(Debug, Parser)]
#[command(
    version,
    disable_help_subcommand = true,
    after_help = "Try `inquiryd demo` first: it needs no server and no configuration."
)]
pub struct Cli {
    /// The configuration; rules and newsletters are found beside it.
    #[arg(short, long, global = true, env = "INQUIRYD_CONFIG", default_value = DEFAULT_CONFIG, value_name = "FILE")]
    config: PathBuf,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// The service: polls at the planned times, sends what is due, until it is told to stop.
    Run,
    /// The whole main job on a bundled sample mailbox: no server and no configuration needed.
    Demo(demo::Arguments),
    /// Validates every file, reports all problems at once, and says what it found.
    Check(check::Arguments),
    /// One poll now: mail is read, recorded and graded, the digest is sent.
    Poll(poll::Arguments),
    /// What inquiryd makes of a mail, without recording it.
    Explain(explain::Arguments),
    /// Grades the inquiries on record again, with these rules or others, and tells what would change.
    Backtest(backtest::Arguments),
    /// What the grades that people gave by hand teach the rules.
    Rules(rules::Arguments),
    /// Recorded inquiries.
    Inquiries(inquiries::Arguments),
    /// The buyers that inquiryd knows.
    Buyers(buyers::Arguments),
    /// Says what happened, as our people do by mail: "#123 B", "#124 called, wants CIF price".
    Tell(tell::Arguments),
    /// Who looks after whom; hand-over of everything from a leaver.
    Staff(staff::Arguments),
    /// The daily to yearly reports: read one now, look at its mail, or get its numbers.
    Report(report::Arguments),
    /// Newsletters to the buyer base: who gets one, how it reads, and how it goes.
    Newsletter(newsletter::Arguments),
    /// Mail that inquiryd sends: what is planned, sent, held or refused.
    Outbox(outbox::Arguments),
    /// How things stand: what waits, what failed, what comes next.
    Status(status::Arguments),
}

/// Logs go to standard error: what the service does, or, for a person's command, only what goes wrong.
pub fn log_to_stderr(cli: &Cli) {
    let level = if matches!(cli.command, Command::Run) { "info" } else { "error" };
    // async-imap logs LOGIN with the password at trace: it never gets further than warn, whatever RUST_LOG says.
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(level));
    let sqlx = if matches!(cli.command, Command::Run) { "sqlx=warn" } else { "sqlx=error" };
    let filter = ["async_imap=warn", sqlx]
        .iter()
        .fold(filter, |filter, directive| filter.add_directive(directive.parse().expect("a directive of our own")));
    let under_systemd = std::env::var_os("JOURNAL_STREAM").is_some();
    let log = tracing_subscriber::fmt().with_writer(std::io::stderr).with_env_filter(filter).with_target(false);
    let log = log.with_ansi(std::io::stderr().is_terminal());
    if under_systemd { log.without_time().init() } else { log.init() }
}

/// Runs the command.
///
/// # Errors
/// Whatever a person must read; see [`report`].
pub async fn run(cli: Cli) -> Result<ExitCode> {
    let config = Configured { path: cli.config, environment: config::process_environment() };
    match cli.command {
        Command::Run => run::run(&config).await?,
        Command::Demo(arguments) => demo::run(arguments).await?,
        Command::Check(arguments) => return check::run(&config, arguments).await,
        Command::Poll(arguments) => return poll::run(&config, arguments).await,
        Command::Explain(arguments) => return explain::run(&config, arguments).await,
        Command::Backtest(arguments) => backtest::run(&config, arguments).await?,
        Command::Rules(arguments) => rules::run(&config, arguments).await?,
        Command::Inquiries(arguments) => inquiries::run(&config, arguments).await?,
        Command::Buyers(arguments) => buyers::run(&config, arguments).await?,
        Command::Tell(arguments) => tell::run(&config, arguments).await?,
        Command::Staff(arguments) => staff::run(&config, arguments).await?,
        Command::Report(arguments) => report::run(&config, arguments).await?,
        Command::Newsletter(arguments) => newsletter::run(&config, arguments).await?,
        Command::Outbox(arguments) => outbox::run(&config, arguments).await?,
        Command::Status(arguments) => status::run(&config, arguments).await?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Tells the person what went wrong, and the shell with which code.
pub fn report(error: &anyhow::Error) -> ExitCode {
    if let Some(problems) = error.downcast_ref::<Problems>() {
        eprintln!("{problems}");
        let count = problems.len();
        eprintln!("inquiryd: {count} problem{} in the configuration", if count == 1 { "" } else { "s" });
        return ExitCode::from(BAD_CONFIGURATION);
    }
    // A reader that has seen enough (`inquiryd buyers list | head`) is no failure.
    if error.downcast_ref::<std::io::Error>().is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe) {
        return ExitCode::SUCCESS;
    }
    eprintln!("inquiryd: {error:#}");
    ExitCode::FAILURE
}

/// Where the configuration is, and what the environment adds to it.
struct Configured {
    path: PathBuf,
    environment: Environment,
}

impl Configured {
    /// Everything, secrets too: for what logs in.
    fn load(&self) -> Result<Loaded, Problems> {
        config::load(&self.path, &self.environment, LoadOptions { secrets: Secrets::Require })
    }

    /// Without secrets: for what only reads the store.
    fn load_without_secrets(&self) -> Result<Loaded, Problems> {
        config::load(&self.path, &self.environment, LoadOptions { secrets: Secrets::NameOnly })
    }

    async fn store(&self) -> Result<(Loaded, Store)> {
        let loaded = self.load_without_secrets()?;
        let store = Store::open(&loaded.settings.store_url).await?;
        Ok((loaded, store))
    }
}

/// Names this process in leases and claims: machine and process.
fn owner() -> String {
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    format!("{}/{}/{}", host.trim(), std::process::id(), Clock::System.now())
}
