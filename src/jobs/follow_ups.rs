//! Each working day's plan: what waits and presses, and which buyers should hear from us today.

use super::Context;
use crate::clock::UnixTime;
use crate::follow_up::{
    Day, Due, MorningInquiry, Pressing, Reason, Silent, State, Turns, Way, What as DueWhat, due, morning, share_out,
};
use crate::letter::{Letter, Task, TaskKind, TaskList, What};
use crate::staff::{Matter, Person};
use crate::store::briefing::Briefing;
use crate::store::follow_ups::Asked;
use anyhow::Result;
use std::collections::{BTreeMap, HashMap, HashSet};

/// What came before that is not new any more, however long the holidays were: seconds.
const LONGEST_WEEKEND: i64 = 4 * 24 * 3600;

/// The job's name among the runs.
const JOB: &str = "follow_up";

/// Plans the day's lists, once a working day, when their time has come. Returns how many follow-ups are asked for.
pub async fn follow_ups(context: &Context<'_>) -> Result<usize> {
    let (settings, store, now) = (context.settings, context.store, context.now());
    if !context.may_remind() {
        return Ok(0);
    }
    let last_run = store.last_run(JOB).await?;
    let Some(slot) = settings.follow_up.at.latest_missed(now, last_run) else { return Ok(0) };
    let today = settings.calendar.date(now);
    // Yesterday's list is no use any more: today's comes at its time.
    if settings.calendar.date(slot) != today {
        return Ok(0);
    }
    store.begin_looking_at_buyers().await?;
    let (Turns { buyers: known, put_off }, later) = due_today(context).await?;
    store.look_at_buyers_again(&later).await?;
    let day = Day::plan(now, &context.rules(), owned(context, known).await?, put_off);
    let pressing = pressing(context, last_run, slot).await?;
    let briefings = store.briefings(&buyers(&day, &pressing)).await?;
    let mut mails = Vec::new();
    for (person, list) in lists(&day, &pressing, &briefings, now) {
        mails.extend(context.task_letter(What::FollowUp, &today.to_string(), &person, &list)?);
    }
    if !store.plan_follow_ups((JOB, slot), &asked(&day), &mails, now).await? {
        return Ok(0);
    }
    if !mails.is_empty() {
        tracing::info!(follow_ups = day.chosen.len(), mails = mails.len(), "follow-ups planned");
    }
    context.progress.step();
    Ok(day.chosen.len())
}

/// The plan of today as one of us would get it now; nothing is noted, and nobody is given a buyer.
pub async fn morning_plan_of(context: &Context<'_>, person: &Person) -> Result<Letter> {
    let (store, now) = (context.store, context.now());
    let (Turns { buyers: known, put_off }, _) = due_today(context).await?;
    let day = Day::plan(now, &context.rules(), known, put_off);
    let pressing = pressing(context, store.last_run(JOB).await?, now).await?;
    let briefings = store.briefings(&buyers(&day, &pressing)).await?;
    let list = lists(&day, &pressing, &briefings, now).remove(&person.address());
    let list = list.unwrap_or(TaskList { at: now, tasks: Vec::new(), put_off: 0 });
    Ok(context.tasks_of(person, &list))
}

/// A buyer, and when to look at him again; None: not before something happens.
type Later = Vec<(i64, Option<UnixTime>)>;

/// Today's buyers; and, for those whose turn has not come, when to look again.
async fn due_today(context: &Context<'_>) -> Result<(Turns, Later)> {
    let (store, now, rules) = (context.store, context.now(), context.rules());
    let (mut found, mut page) = (Turns::default(), Some((i64::MIN, 0)));
    let mut later = Vec::new();
    while let Some(after) = page {
        let (buyers, next) = store.silent_due(now, after).await?;
        page = next;
        for buyer in buyers {
            let state = State { buyers: vec![buyer.clone()], ..State::default() };
            let due = due(now, &state, &rules);
            match due.is_empty() {
                true => later.push((buyer.buyer_id, rules.cadence.next(&buyer, rules.calendar, now))),
                false => found.buyers.push((buyer, due)),
            }
        }
        found.keep_a_day(rules.cadence.per_day, rules.staff.sales().count());
        context.progress.step();
    }
    Ok((found, later))
}

/// Buyers of the old customer base whom nobody looks after are given to somebody when their turn comes first.
async fn owned(context: &Context<'_>, known: Vec<(Silent, Vec<Due>)>) -> Result<Vec<(Silent, Vec<Due>)>> {
    let (settings, now) = (context.settings, context.now());
    let unowned = known.iter().filter(|(buyer, _)| buyer.owner.is_none());
    let unowned: Vec<_> = unowned.map(|(buyer, _)| (buyer.buyer_id, buyer.traits.clone())).collect();
    if unowned.is_empty() || !settings.staff.has_owners() {
        return Ok(known);
    }
    let mut load = context.store.load().await?;
    let given = share_out(&settings.staff, &unowned, &mut load, settings.calendar.date(now));
    context.store.give(&given).await?;
    let owners: HashMap<i64, String> = given.into_iter().collect();
    let with_owner = |(buyer, due_before): (Silent, Vec<Due>)| {
        let Some(owner) = owners.get(&buyer.buyer_id) else { return (buyer, due_before) };
        let buyer = Silent { owner: Some(owner.clone()), ..buyer };
        let state = State { buyers: vec![buyer.clone()], ..State::default() };
        let due = due(now, &state, &context.rules());
        (buyer, due)
    };
    Ok(known.into_iter().map(with_owner).collect())
}

/// What waits and comes before all follow-ups.
async fn pressing(context: &Context<'_>, last_plan: Option<UnixTime>, slot: UnixTime) -> Result<Vec<MorningInquiry>> {
    let now = context.now();
    let (waiting, risky) = context.store.waiting_told().await?;
    let since = last_plan.unwrap_or(slot).max(slot - LONGEST_WEEKEND);
    Ok(morning(now, waiting, &risky, &(since..slot), &context.rules()))
}

fn buyers(day: &Day, pressing: &[MorningInquiry]) -> Vec<i64> {
    let pressing = pressing.iter().map(|one| one.waiting.buyer_id);
    let mut ids: Vec<i64> = day.chosen.iter().map(|(buyer, _)| buyer.buyer_id).chain(pressing).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// What is written down with the lists.
fn asked(day: &Day) -> Asked {
    let mut asked = Asked { next: day.next.clone(), ..Asked::default() };
    for (buyer, due) in &day.chosen {
        for one in due {
            match (one.what, one.reason) {
                (DueWhat::FollowUp(_, way), Reason::Silence { due, .. }) => {
                    asked.follow_ups.push((buyer.buyer_id, due.to_string(), way));
                }
                (DueWhat::NewAddress(id), _) => asked.addresses.push(id),
                _ => {}
            }
        }
    }
    asked
}

/// Each person's list.
fn lists(
    day: &Day,
    pressing: &[MorningInquiry],
    briefings: &HashMap<i64, Briefing>,
    now: UnixTime,
) -> BTreeMap<String, TaskList> {
    let mut lists: BTreeMap<String, TaskList> = BTreeMap::new();
    let empty = || TaskList { at: now, tasks: Vec::new(), put_off: 0 };
    for one in pressing {
        let task = answer(one, briefings.get(&one.waiting.buyer_id));
        for person in &one.whom {
            lists.entry(person.clone()).or_insert_with(empty).tasks.push(task.clone());
        }
    }
    for (buyer, due) in &day.chosen {
        let mut told = HashSet::new();
        for one in due {
            let task = task(buyer, one, briefings.get(&buyer.buyer_id));
            for person in &one.whom {
                // Whoever both owns and manages reads of one buyer once.
                if told.insert(person.clone()) {
                    lists.entry(person.clone()).or_insert_with(empty).tasks.push(task.clone());
                }
            }
        }
    }
    for (person, list) in &mut lists {
        list.put_off = day.put_off.get(person).copied().unwrap_or(0);
    }
    lists
}

/// An inquiry that waits for its answer.
fn answer(one: &MorningInquiry, briefing: Option<&Briefing>) -> Task {
    let kind = match one.why {
        Pressing::Overdue => TaskKind::Limit,
        Pressing::Late => TaskKind::Target,
        Pressing::Risky => TaskKind::Risky,
        Pressing::New => TaskKind::New,
    };
    Task {
        kind,
        matter: Matter::Inquiry(one.waiting.inquiry_id),
        grade: Some(one.waiting.grade),
        why: one.waiting.why.clone(),
        headline: one.waiting.subject.clone(),
        buyer: one.waiting.buyer.clone(),
        since: one.waiting.received_at,
        due: Some(one.due),
        card: one.waiting.owner.clone().into_iter().collect(),
        stage: briefing.map(|briefing| briefing.stage).unwrap_or_default(),
        last_words: briefing.map(|briefing| briefing.last_words.clone()).unwrap_or_default(),
    }
}

fn task(buyer: &Silent, due: &Due, briefing: Option<&Briefing>) -> Task {
    let kind = match due.what {
        DueWhat::FollowUp(_, Way::Call) => TaskKind::Call,
        DueWhat::NewAddress(_) => TaskKind::NewAddress,
        DueWhat::Forgotten(_) => TaskKind::Forgotten,
        DueWhat::FollowUp(_, Way::Mail) | DueWhat::Answer(..) | DueWhat::Sample(_) => TaskKind::Write,
    };
    Task {
        kind,
        matter: Matter::Buyer(buyer.buyer_id),
        grade: buyer.grade,
        why: briefing.map(|briefing| briefing.why.clone()).unwrap_or_default(),
        headline: briefing.map(|briefing| briefing.subject.clone()).unwrap_or_default(),
        buyer: briefing.map(|briefing| briefing.buyer.clone()).unwrap_or_default(),
        since: buyer.last_contact,
        due: None,
        card: briefing.map(|briefing| briefing.card.clone()).unwrap_or_default(),
        stage: briefing.map(|briefing| briefing.stage).unwrap_or_default(),
        last_words: briefing.map(|briefing| briefing.last_words.clone()).unwrap_or_default(),
    }
}
