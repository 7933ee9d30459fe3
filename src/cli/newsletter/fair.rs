//! A fair: who comes when, and what came of it.

use crate::cli::output::{Table, instant, printable, say};
use crate::clock::UnixTime;
use crate::jobs::{Context, newsletters};
use crate::newsletter::{Fair, FairResults, Part, Visit, appointments};
use anyhow::{Context as _, Result};
use jiff::civil::Date;
use serde::Serialize;

/// Characters of what a buyer said.
const SAID: usize = 120;

#[derive(Serialize)]
struct Told<'a> {
    fair: &'a str,
    title: &'a str,
    place: &'a str,
    booth: &'a str,
    first: Date,
    last: Date,
    newsletters: Vec<Newsletter>,
    appointments: Vec<Visit>,
    results: FairResults,
}

#[derive(Serialize)]
struct Newsletter {
    name: String,
    /// None: it is switched off.
    date: Option<UnixTime>,
}

pub(super) async fn fair(context: &Context<'_>, name: &str, json: bool) -> Result<()> {
    let fairs = &context.settings.fairs;
    let fair = fairs.iter().find(|fair| fair.name == name).with_context(|| {
        let names: Vec<&str> = fairs.iter().map(|fair| fair.name.as_str()).collect();
        let there = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
        format!("there is no fair {name}; as [[fair]] in the configuration there are: {there}")
    })?;
    let guests = newsletters::fair_guests(context, fair).await?;
    let zone = &context.settings.company.time_zone;
    let deeds = context.store.fair_deeds(fair.opens(zone), fair.harvest_until(zone)).await?;
    let answers = context.store.fair_answers(&fair.campaign(Part::Invitation)).await?;
    let told = Told {
        fair: &fair.name,
        title: fair.title.in_language("en"),
        place: fair.place.in_language("en"),
        booth: &fair.booth,
        first: fair.first,
        last: fair.last,
        newsletters: newsletters_of(context, fair),
        appointments: appointments(answers, fair),
        results: FairResults::count(&guests, &deeds),
    };
    if json {
        say!("{}", serde_json::to_string_pretty(&told)?)?;
        return Ok(());
    }
    show(context, &told)
}

fn newsletters_of(context: &Context<'_>, fair: &Fair) -> Vec<Newsletter> {
    let newsletter = |part| {
        let name = fair.campaign(part);
        let found = context.settings.campaigns.iter().find(|campaign| campaign.name == name);
        Newsletter { date: found.map(|campaign| campaign.date), name }
    };
    Part::ALL.into_iter().map(newsletter).collect()
}

fn show(context: &Context<'_>, told: &Told<'_>) -> Result<()> {
    let zone = &context.settings.company.time_zone;
    say!("{}  {}, {} to {}, {}, booth {}", told.fair, told.title, told.first, told.last, told.place, told.booth)?;
    for newsletter in &told.newsletters {
        match newsletter.date {
            Some(date) => say!("    {}  {}", instant(Some(date), zone), newsletter.name)?,
            None => say!("    switched off      {}", newsletter.name)?,
        }
    }
    say!("")?;
    if told.appointments.is_empty() {
        say!("Nobody has answered the invitation yet.")?;
    } else {
        let columns = [("COMES", 16), ("BUYER", 36), ("COUNTRY", 7), ("OWNER", 24), ("HE SAID", SAID)];
        let mut table = Table::new(&columns);
        for guest in &told.appointments {
            let text = |text: &Option<String>| printable(text.as_deref().unwrap_or("-"));
            let comes = guest.comes.to_string();
            table.row(vec![
                if comes.is_empty() { "-".to_owned() } else { comes },
                format!("@{} {}", guest.buyer_id, guest.buyer),
                text(&guest.country),
                text(&guest.owner),
                guest.said.clone(),
            ]);
        }
        table.print()?;
    }
    let FairResults { invited, answered, met, met_uninvited, sample, order } = told.results;
    say!("")?;
    let mut table = Table::new(&[("INVITED", 7), ("ANSWERED", 8), ("MET", 24), ("SAMPLE", 6), ("ORDER", 6)]);
    let met = if met_uninvited > 0 { format!("{met} (and {met_uninvited} uninvited)") } else { met.to_string() };
    table.row(vec![invited.to_string(), answered.to_string(), met, sample.to_string(), order.to_string()]);
    Ok(table.print()?)
}
