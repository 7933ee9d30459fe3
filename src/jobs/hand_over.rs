//! Everything of a leaver becomes an heir's.

use super::Context;
use crate::buyer::Stage;
use crate::grade::Grade;
use crate::letter::{PlannedMail, Task, TaskKind, TaskList, What};
use crate::staff::{Matter, Person};
use crate::store::briefing::Briefing;
use crate::store::inquiries::{InquiryDetails, InquiryFilter};
use anyhow::{Result, bail};

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
    let is_leaver = |owner: &str| {
        owner.to_lowercase() == from.trim().to_lowercase() || leaver.is_some() && settings.staff.named(owner) == leaver
    };
    let owners: Vec<String> = store.owners().await?.into_iter().map(|count| count.owner).collect();
    let names: Vec<String> = owners.into_iter().filter(|owner| is_leaver(owner)).collect();
    if names.is_empty() {
        bail!("nobody called {from} looks after a buyer");
    }
    let filter = InquiryFilter { waiting: true, ..InquiryFilter::default() };
    let of_leaver = |inquiry: &InquiryDetails| inquiry.buyer_owner.as_ref().is_some_and(|owner| names.contains(owner));
    let waiting: Vec<_> = store.inquiries(filter, WAITING).await?.into_iter().filter(of_leaver).collect();
    let address = heir.address();
    // The cards are read before they move: what the heir reads is what he gets.
    let briefings = store.briefings(&store.owned_by(&names).await?).await?;
    let render = |buyers: &[i64]| -> Result<Vec<PlannedMail>> {
        let cards = buyers.iter().filter_map(|id| Some(card(*id, briefings.get(id)?)));
        let list = TaskList { at: now, tasks: waiting.iter().map(answer).chain(cards).collect(), put_off: 0 };
        let period = format!("{now}/{}", from.to_lowercase());
        Ok(context.task_letter(What::HandOver, &period, &address, &list)?.into_iter().collect())
    };
    store.hand_over(&names, &address, by, now, render).await
}

/// An inquiry that waits for the heir's answer.
fn answer(inquiry: &InquiryDetails) -> Task {
    let buyer = [&inquiry.buyer_name, &inquiry.buyer_company, &inquiry.buyer_email];
    Task {
        kind: TaskKind::HandedOverWaiting,
        matter: Matter::Inquiry(inquiry.id),
        grade: Grade::from_letter(&inquiry.grade),
        why: inquiry.grounds(),
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
        why: briefing.why.clone(),
        headline: briefing.subject.clone(),
        buyer: briefing.buyer.clone(),
        since: briefing.last_contact,
        due: None,
        card: briefing.card.clone(),
        stage: briefing.stage,
        last_words: briefing.last_words.clone(),
    }
}
