//! `inquiryd staff`: who looks after whom, and the hand-over of everything from a leaver.

use super::output::{Table, json_lines, say};
use super::{Configured, owner};
use crate::clock::Clock;
use crate::jobs::{self, Context};
use crate::progress::Progress;
use anyhow::{Context as _, Result};
use clap::Subcommand;
use serde::Serialize;

#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Everybody, with what he looks after; and owners on cards who are nobody here.
    List {
        #[arg(long)]
        json: bool,
    },
    /// Everything of a leaver becomes the heir's, who gets one mail about it.
    HandOver {
        /// Name or address, as the cards have it.
        from: String,
        /// Name or address of one of the staff.
        to: String,
        #[command(flatten)]
        who: super::ledger::Who,
    },
}

#[derive(Debug, Serialize)]
struct Line {
    name: String,
    address: String,
    /// None: on cards only, nobody of the staff.
    role: Option<&'static str>,
    absent: bool,
    buyers: i64,
    waiting: i64,
}

pub async fn run(config: &Configured, arguments: Arguments) -> Result<()> {
    let (loaded, store) = config.store().await?;
    let settings = &loaded.settings;
    match arguments.action {
        Action::List { json } => {
            let lines = lines(settings, &store.owners().await?);
            if json { json_lines(&lines) } else { print(lines) }
        }
        Action::HandOver { from, to, who } => {
            let heir = settings.staff.named(&to).with_context(|| {
                let names: Vec<&str> = settings.staff.people.iter().map(|person| person.name.as_str()).collect();
                format!("nobody of the staff is called {to}; there are: {}", names.join(", "))
            })?;
            let (clock, progress, owner) = (Clock::System, Progress::default(), owner());
            let secret = jobs::installation_secret(&store).await?;
            let context =
                Context { settings, store: &store, clock: &clock, progress: &progress, owner: &owner, secret: &secret };
            let buyers = jobs::hand_over(&context, &from, heir, &who.by).await?;
            say!("{buyers} buyers of {from} are {}'s now; the service sends a mail about them", heir.name)?;
            Ok(())
        }
    }
}

fn lines(settings: &crate::config::Settings, owners: &[crate::store::owners::OwnerCount]) -> Vec<Line> {
    let staff = &settings.staff;
    let today = settings.calendar.date(Clock::System.now());
    let of = |person: &crate::staff::Person| {
        let own = owners.iter().filter(|count| staff.named(&count.owner) == Some(person));
        let (buyers, waiting) = own.fold((0, 0), |sum, count| (sum.0 + count.buyers, sum.1 + count.waiting));
        let (name, address) = (person.name.clone(), person.address());
        Line { name, address, role: Some(person.role.as_str()), absent: person.is_absent(today), buyers, waiting }
    };
    let nobody = owners.iter().filter(|count| staff.named(&count.owner).is_none()).map(|count| Line {
        name: count.owner.clone(),
        address: String::new(),
        role: None,
        absent: true,
        buyers: count.buyers,
        waiting: count.waiting,
    });
    staff.people.iter().map(of).chain(nobody).collect()
}

fn print(lines: Vec<Line>) -> Result<()> {
    let columns = [("NAME", 24), ("ADDRESS", 36), ("ROLE", 16), ("BUYERS", 8), ("WAITING", 8)];
    let mut table = Table::new(&columns);
    let strangers = lines.iter().any(|line| line.role.is_none());
    for line in lines {
        let role = match (line.role, line.absent) {
            (Some(role), false) => role.to_owned(),
            (Some(role), true) => format!("{role}, absent"),
            (None, _) => "nobody here".to_owned(),
        };
        table.row(vec![line.name, line.address, role, line.buyers.to_string(), line.waiting.to_string()]);
    }
    table.print()?;
    if strangers {
        say!("\n`inquiryd staff hand-over NAME HEIR` gives the buyers of somebody who left to somebody who is here.")?;
    }
    Ok(())
}
