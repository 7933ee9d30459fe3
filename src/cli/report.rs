//! `inquiryd report`

use super::output::say;
use super::{Configured, owner};
use crate::clock::Clock;
use crate::jobs::{self, Context, reports};
use crate::letter::Letter;
use crate::progress::Progress;
use crate::report::{Period, ReportName};
use crate::staff::Person;
use anyhow::{Context as _, Result, bail};
use jiff::civil::Date;
use std::path::{Path, PathBuf};

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Which report; "digest" and "plan" are what the next digest and today's morning plan would say now.
    #[arg(value_parser = ["digest", "plan", "daily", "weekly", "monthly", "quarterly", "yearly"])]
    name: String,
    /// A day of the period that the report is about; without it the last one that has ended, or today.
    #[arg(long, value_name = "YYYY-MM-DD")]
    on: Option<Date>,
    /// Whose report: name or address of one of your people. A salesperson's is about his own buyers.
    #[arg(long = "for", value_name = "WHO")]
    whose: Option<String>,
    /// Writes the mail as HTML, with its workbook, into this folder and tells the names.
    #[arg(long, value_name = "FOLDER", num_args = 0..=1, require_equals = true, default_missing_value = ".")]
    preview: Option<PathBuf>,
    /// The numbers as one JSON object.
    #[arg(long, conflicts_with = "preview")]
    json: bool,
}

/// Prints the report's text, or its numbers, or writes it as files. Nothing is sent, and nothing is noted.
pub async fn run(config: &Configured, arguments: Arguments) -> Result<()> {
    let (loaded, store) = config.store().await?;
    let settings = &loaded.settings;
    let (clock, progress, owner) = (Clock::System, Progress::default(), owner());
    let secret = jobs::installation_secret(&store).await?;
    let context =
        Context { settings, store: &store, clock: &clock, progress: &progress, owner: &owner, secret: &secret };
    let today = settings.calendar.date(context.now());
    let name = ReportName::ALL.into_iter().find(|name| name.as_str() == arguments.name);
    let person = reader(&context, name, arguments.whose.as_deref(), today)?;
    let Some(name) = name else {
        if arguments.json || arguments.on.is_some() {
            bail!("--json and --on are for the daily to yearly reports");
        }
        let is_plan = arguments.name == "plan";
        let of_now = if is_plan {
            jobs::morning_plan_of(&context, person).await
        } else {
            jobs::digest_of(&context, person).await
        };
        return show(arguments.preview.as_deref(), &format!("{}-{today}", arguments.name), &of_now?);
    };
    let period = arguments.on.map_or_else(|| name.period(today), |day| Period::of(name.stretch(), day));
    if period.first > today {
        bail!("nothing is known yet of the time from {} on; give --on a day up to today", period.first);
    }
    let scope = reports::scope_of(&context, person).await?;
    let numbers = reports::numbers(&context, name, period, &scope).await?;
    if arguments.json {
        say!("{}", serde_json::to_string_pretty(&numbers)?)?;
        return Ok(());
    }
    let letter = reports::letter(&context, name, &reports::named(&context, numbers), person);
    show(arguments.preview.as_deref(), &format!("{}-{}", name.as_str(), period.first), &letter)
}

/// Whoever is named, or else the first who gets this report by himself.
fn reader<'a>(context: &Context<'a>, name: Option<ReportName>, whose: Option<&str>, today: Date) -> Result<&'a Person> {
    let settings = context.settings;
    if let Some(whose) = whose {
        return settings.staff.named(whose).with_context(|| {
            let names: Vec<&str> = settings.staff.people.iter().map(|person| person.name.as_str()).collect();
            format!("nobody of the staff is called {whose}; there are: {}", names.join(", "))
        });
    }
    let plan = settings.reports.plans.iter().find(|plan| Some(plan.name) == name);
    let planned = plan.and_then(|plan| plan.readers(&settings.staff, today).first().copied());
    planned.or_else(|| settings.staff.managers(today).first().copied()).context("there is nobody on the staff")
}

/// On the terminal, or as files in a folder.
fn show(folder: Option<&Path>, stem: &str, letter: &Letter) -> Result<()> {
    let Some(folder) = folder else {
        say!("{}\n\n{}", letter.subject, letter.text.trim_end())?;
        return Ok(());
    };
    let mut files = vec![(format!("{stem}.html"), letter.html.as_bytes())];
    files.extend(letter.attachments.iter().map(|attachment| (attachment.name.clone(), &*attachment.bytes)));
    std::fs::create_dir_all(folder).with_context(|| format!("making the folder {}", folder.display()))?;
    for (file, bytes) in files {
        let path = folder.join(file);
        std::fs::write(&path, bytes).with_context(|| format!("writing {}", path.display()))?;
        say!("{}", path.display())?;
    }
    Ok(())
}
