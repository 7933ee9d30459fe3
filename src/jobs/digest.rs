//! The digest after a poll.

use super::Context;
use crate::calendar::WorkingCalendar;
use crate::follow_up::{Traits, owners};
use crate::letter::{self, Letter, PlannedMail, What};
use crate::report::{Digest, FolderLine, InquiryLine, Tally};
use crate::staff::{DigestScope, Person, Staff};
use anyhow::Result;

const THIRTY_DAYS: i64 = 30 * 24 * 3600;

/// Plans a digest to the team if there is something to say: to each salesperson his own buyers' mail and what nobody
/// owns, to the others all. Returns its number.
pub async fn digest(context: &Context<'_>) -> Result<Option<i64>> {
    let settings = context.settings;
    let now = context.now();
    let ledger = ledger(context).await?;
    let render = |id: i64, digest: &Digest| {
        let digest = ledger.clone().of(with_deadlines(context, digest));
        let of_reader = |person: &Person| {
            let own = for_person(&digest, person, &settings.staff, &settings.calendar);
            own.map(|own| {
                let letter = letter::digest(&own, &context.look_of(person));
                context.letter_to(What::Digest, &id.to_string(), &letter, person)
            })
        };
        settings.staff.readers().filter_map(of_reader).collect::<Result<Vec<PlannedMail>>>()
    };
    let planned = context.store.plan_digest(&settings.company.name, now, render).await?;
    if let Some(id) = planned {
        tracing::info!(digest = id, "digest planned");
        context.progress.step();
    }
    Ok(planned)
}

/// What the next digest would say to who gets all of it.
pub async fn next_digest(context: &Context<'_>) -> Result<Digest> {
    let digest = context.store.next_digest(&context.settings.company.name, context.now()).await?;
    Ok(ledger(context).await?.of(with_deadlines(context, &digest)))
}

/// The next digest as one of us would get it; nothing is noted.
pub async fn digest_of(context: &Context<'_>, person: &Person) -> Result<Letter> {
    let settings = context.settings;
    let digest = next_digest(context).await?;
    let own = for_person(&digest, person, &settings.staff, &settings.calendar);
    let nothing = Digest { inquiries: Vec::new(), ..digest };
    Ok(letter::digest(&own.unwrap_or(nothing), &context.look_of(person)))
}

/// The digest, saying of each inquiry when it should be answered.
fn with_deadlines(context: &Context<'_>, digest: &Digest) -> Digest {
    let settings = context.settings;
    let mut digest = digest.clone();
    for line in &mut digest.inquiries {
        let deadlines = &settings.reminder.deadlines;
        line.due = Some(deadlines.target(line.received_at, line.grading.grade, &settings.calendar));
    }
    digest
}

/// What became of everything, and whether the server counts alike.
#[derive(Clone)]
struct Ledger {
    tally: Tally,
    uncounted: Option<Vec<FolderLine>>,
}

impl Ledger {
    fn of(self, digest: Digest) -> Digest {
        Digest { tally: self.tally, uncounted: self.uncounted, ..digest }
    }
}

async fn ledger(context: &Context<'_>) -> Result<Ledger> {
    let tally = context.store.tally(context.now() - THIRTY_DAYS).await?;
    Ok(Ledger { tally, uncounted: uncounted(context).await? })
}

/// Folders of which the server has more mail than is on record; None before anything was counted.
async fn uncounted(context: &Context<'_>) -> Result<Option<Vec<FolderLine>>> {
    let counts = context.store.folder_counts().await?;
    let missing = counts.iter().filter(|count| count.missing() > 0).map(|count| FolderLine {
        account: count.account.clone(),
        folder: count.folder.clone(),
        missing: count.missing(),
    });
    Ok((!counts.is_empty()).then(|| missing.collect()))
}

/// What this person should see of a digest; None if there is nothing for him.
fn for_person(digest: &Digest, person: &Person, staff: &Staff, calendar: &WorkingCalendar) -> Option<Digest> {
    if person.digest == DigestScope::All {
        return Some(digest.clone());
    }
    let today = calendar.date(digest.at);
    let concerns = |line: &&InquiryLine| {
        let Some(owner) = line.owner.as_deref() else { return true };
        let traits = Traits {
            country: line.buyer.country.clone(),
            language: line.language.clone(),
            products: line.facts.products.clone(),
        };
        staff.named(owner) == Some(person) || owners(staff, Some(owner), &traits, today).contains(&person)
    };
    let inquiries = digest.inquiries.iter().filter(concerns).cloned().collect();
    let own = Digest { inquiries, ..digest.clone() };
    own.says_something().then_some(own)
}
