//! Everything of a leaver becomes an heir's.

use super::Context;
use crate::buyer::Stage;
use crate::grade::Grade;
use crate::letter::{PlannedMail, Task, TaskKind, TaskList, What, tasks};
use crate::staff::{Matter, Person};
use crate::store::briefing::Briefing;
use crate::store::inquiries::{InquiryDetails, InquiryFilter};
use crate::store::staff::Speaker;
use anyhow::{Context as _, Result};

/// Inquiries that are looked through for those of the leaver's buyers.
const WAITING: i64 = 10_000;

/// Gives all buyers of `from` (a name or an address, as cards have it) to `heir`, and plans one mail that tells him of them
/// and of what waits. Returns how many buyers.
///
/// # Errors
/// Nobody looks after anything under that name, or the store failed.
pub async fn hand_over(context: &Context<'_>, from: &str, heir: &Person, by: &str) -> Result<usize> {
    let (settings, store, now) = (context.settings, context.store, context.now());
    let leaver = settings.staff.named(from);
    let mut known_as = vec![from.trim().to_owned()];
    known_as.extend(leaver.map(|person| person.name.clone()));
    known_as.extend(leaver.map(Person::address));
    let owned = |owner: &str| known_as.iter().any(|name| name.to_lowercase() == owner.to_lowercase());
    let owners = store.owners().await?;
    owners
        .iter()
        .find(|count| owned(&count.owner))
        .with_context(|| format!("nobody called {from} looks after a buyer"))?;
    let filter = InquiryFilter { waiting: true, ..InquiryFilter::default() };
    let waiting = store.inquiries(filter, WAITING).await?;
    let waiting: Vec<_> =
        waiting.into_iter().filter(|inquiry| inquiry.buyer_owner.as_deref().is_some_and(owned)).collect();
    let address = heir.address();
    let to = Speaker { name: &heir.name, address: &address, calendar: &settings.calendar, now };
    let mut names = known_as.clone();
    names.sort();
    names.dedup_by_key(|name| name.to_lowercase());
    // The cards are read before they move: what the heir reads is what he gets.
    let ids = store.owned_by(&names).await?;
    let briefings = store.briefings(&ids).await?;
    let render = |buyers: &[i64]| -> Result<Vec<PlannedMail>> {
        let cards = buyers.iter().filter_map(|id| Some(card(*id, briefings.get(id)?)));
        let list = TaskList { at: now, tasks: waiting.iter().map(answer).chain(cards).collect(), put_off: 0 };
        let period = format!("{now}/{}", from.to_lowercase());
        Ok(context.task_letter(What::HandOver, &period, &address, &list, tasks)?.into_iter().collect())
    };
    store.hand_over(&names, to, by, render).await
}

/// An inquiry that waits for the heir's answer.
fn answer(inquiry: &InquiryDetails) -> Task {
    let buyer = [&inquiry.buyer_name, &inquiry.buyer_company, &inquiry.buyer_email];
    Task {
        kind: TaskKind::HandedOverWaiting,
        matter: Matter::Inquiry(inquiry.id),
        grade: Grade::from_letter(&inquiry.grade),
        headline: inquiry.subject.clone(),
        buyer: buyer.into_iter().flatten().cloned().collect::<Vec<_>>().join(" · "),
        since: inquiry.received_at,
        due: None,
        card: Vec::new(),
        stage: Stage::default(),
        last_words: Vec::new(),
    }
}

/// A buyer of the leaver's.
fn card(buyer_id: i64, briefing: &Briefing) -> Task {
    Task {
        kind: TaskKind::HandedOver,
        matter: Matter::Buyer(buyer_id),
        grade: briefing.grade,
        headline: briefing.subject.clone(),
        buyer: briefing.buyer.clone(),
        since: briefing.last_contact,
        due: None,
        card: briefing.card.clone(),
        stage: briefing.stage,
        last_words: briefing.last_words.clone(),
    }
}
