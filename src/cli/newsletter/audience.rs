//! Who gets a newsletter, who not, and why.

use crate::cli::output::{cut, printable, say};
use crate::jobs::{Context, Headway, newsletters};
use crate::newsletter::{Campaign, Candidate, Exclusion};
use crate::schedule::wall_clock;
use anyhow::Result;
use std::collections::BTreeMap;

/// Days within which the end of a consent is told.
const SOON: i64 = 30;
/// Buyers whom `plan` names for each reason.
const NAMED: usize = 5;

/// Every newsletter, tried on every buyer.
pub(super) async fn check(context: &Context<'_>) -> Result<()> {
    for campaign in &context.settings.campaigns {
        let audience = Audience::of(context, campaign).await?;
        let broken = audience.excluded.get(&Exclusion::Words).map_or(0, |left| left.count);
        let (name, segment, pace) = (&campaign.name, &campaign.segment, campaign.pace);
        say!("{name}: {segment}{pace}; {} would get it", audience.wanted)?;
        campaign.greeting.iter().try_for_each(|greeting| say!("    {greeting}"))?;
        for enclosure in &campaign.attachments {
            say!("    with {} ({} kB)", enclosure.name, enclosure.file.size.div_ceil(1_000))?;
        }
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
    excluded: BTreeMap<Exclusion, Named>,
    /// Whose consent ends soon.
    ending: Named,
}

/// Buyers, and some of them by name.
#[derive(Default)]
struct Named {
    count: usize,
    /// The first of them.
    first: Vec<Candidate>,
}

impl Named {
    fn add(&mut self, candidate: &Candidate) {
        self.count += 1;
        if self.first.len() < NAMED {
            self.first.push(candidate.clone());
        }
    }

    fn show(&self) -> Result<()> {
        Ok(self.first.iter().try_for_each(|buyer| say!("             {}", called(buyer)))?)
    }
}

impl Audience {
    async fn of(context: &Context<'_>, campaign: &Campaign) -> Result<Audience> {
        let mut audience = Audience { wanted: 0, planned: 0, excluded: BTreeMap::new(), ending: Named::default() };
        let (rules, now) = (&context.settings.newsletter.rules, context.now());
        newsletters::audience(context, campaign, |candidate, why| {
            let is_meant = why.is_none_or(Exclusion::concerns_the_meant);
            if is_meant && rules.consent_ends_within(candidate, SOON * 86_400, now) {
                audience.ending.add(candidate);
            }
            match why {
                None if candidate.planned => audience.planned += 1,
                None => audience.wanted += 1,
                Some(why) => audience.excluded.entry(why).or_default().add(candidate),
            }
        })
        .await?;
        Ok(audience)
    }
}

/// The audience in numbers, or everybody as CSV.
pub(super) async fn plan(context: &Context<'_>, campaign: &Campaign, all: bool) -> Result<()> {
    if all {
        return plan_as_csv(context, campaign).await;
    }
    let audience = Audience::of(context, campaign).await?;
    let zone = &context.settings.company.time_zone;
    say!("{}  {}, from {}", campaign.name, campaign.segment, wall_clock(campaign.date, zone))?;
    campaign.greeting.iter().try_for_each(|greeting| say!("    {greeting}"))?;
    say!("{:>7}  will get it", audience.wanted)?;
    if audience.planned > 0 {
        say!("{:>7}  have it, or it waits for its turn", audience.planned)?;
    }
    for (why, left) in &audience.excluded {
        say!("{:>7}  not: {}", left.count, why.as_str())?;
        // Whom the author never meant needs no names.
        if why.concerns_the_meant() {
            left.show()?;
            if left.count > left.first.len() {
                say!("             … and {} more: --all", left.count - left.first.len())?;
            }
        }
    }
    if audience.ending.count > 0 {
        say!("{:>7}  of their consents end within the next {SOON} days", audience.ending.count)?;
        audience.ending.show()?;
    }
    if audience.wanted > 0 {
        let begins = campaign.date.max(context.now());
        let end = Headway::look(context).await?.ends(audience.wanted, begins);
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
