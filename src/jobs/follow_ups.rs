//! Each working day's list: which buyers should hear from us today.

use super::Context;
use crate::clock::UnixTime;
use crate::follow_up::{Due, Silent, State, Way, What as DueWhat, due, share_out};
use crate::letter::{Task, TaskKind, TaskList, What, tasks};
use crate::staff::{Matter, Person};
use crate::store::briefing::Briefing;
use crate::store::follow_ups::Asked;
use anyhow::Result;
use jiff::civil::Date;
use std::collections::{BTreeMap, HashMap, HashSet};

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
    let Found { buyers, put_off } = due_today(context).await?;
    let day = Day::plan(context, owned(context, buyers).await?, put_off);
    let briefings = store.briefings(&day.buyers()).await?;
    let mut mails = Vec::new();
    for (person, list) in day.lists(&briefings, now) {
        mails.extend(context.task_letter(What::FollowUp, &today.to_string(), &person, &list, tasks)?);
    }
    if !store.plan_follow_ups((JOB, slot), &day.asked(), &mails, now).await? {
        return Ok(0);
    }
    let asked = day.chosen.len();
    if !mails.is_empty() {
        tracing::info!(follow_ups = asked, mails = mails.len(), "follow-ups planned");
    }
    context.progress.step();
    Ok(asked)
}

/// Buyers whose turn it is.
#[derive(Default)]
struct Found {
    buyers: Vec<(Silent, Vec<Due>)>,
    /// How many more each owner has, by what cards call him.
    put_off: HashMap<String, usize>,
}

impl Found {
    /// Keeps of each owner's buyers the best, as many as he can do in a day, and of those without an owner as many as all
    /// can do: however many buyers there are, a day is a day.
    fn keep_a_day(&mut self, a_day: usize, sellers: usize) {
        self.buyers.sort_by_key(|(buyer, _)| rank(buyer));
        let mut kept: HashMap<String, usize> = HashMap::new();
        let put_off = &mut self.put_off;
        self.buyers.retain(|(buyer, _)| {
            let owner = buyer.owner.clone().unwrap_or_default();
            let room = if buyer.owner.is_some() { a_day } else { a_day * sellers.max(1) };
            let count = kept.entry(owner.clone()).or_default();
            *count += 1;
            if *count > room {
                *put_off.entry(owner).or_default() += 1;
            }
            *count <= room
        });
    }
}

/// The best buyers first, then the longest silence.
fn rank(buyer: &Silent) -> (u8, UnixTime, i64) {
    (buyer.grade.map_or(4, |grade| grade as u8), buyer.last_contact, buyer.buyer_id)
}

/// Today's buyers; for those whose turn has not come it is noted when to look again.
async fn due_today(context: &Context<'_>) -> Result<Found> {
    let (store, now, rules) = (context.store, context.now(), context.rules());
    let (mut found, mut page) = (Found::default(), Some((i64::MIN, 0)));
    while let Some(after) = page {
        let (buyers, next) = store.silent_due(now, after).await?;
        page = next;
        let mut later = Vec::new();
        for buyer in buyers {
            let state = State { buyers: vec![buyer.clone()], ..State::default() };
            let due = due(now, &state, &rules);
            match due.is_empty() {
                true => later.push((buyer.buyer_id, rules.cadence.next(&buyer, rules.calendar, now))),
                false => found.buyers.push((buyer, due)),
            }
        }
        found.keep_a_day(rules.cadence.per_day, rules.staff.sales().count());
        store.look_at_buyers_again(&later).await?;
        context.progress.step();
    }
    Ok(found)
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

/// What is asked for today.
struct Day {
    chosen: Vec<(Silent, Vec<Due>)>,
    /// Buyers for whom a person's day has no room.
    put_off: HashMap<String, usize>,
    next: Vec<(i64, Option<UnixTime>)>,
}

impl Day {
    /// As many as a person can do in a day, the best first; `put_off` are those that nobody had room for before.
    fn plan(context: &Context<'_>, mut due: Vec<(Silent, Vec<Due>)>, put_off: HashMap<String, usize>) -> Day {
        let (now, rules) = (context.now(), context.rules());
        due.sort_by_key(|(buyer, _)| rank(buyer));
        let address = |owner: String| rules.staff.named(&owner).map_or(owner, Person::address);
        let put_off = put_off.into_iter().map(|(owner, count)| (address(owner), count)).collect();
        let mut full: HashMap<String, usize> = HashMap::new();
        let mut day = Day { chosen: Vec::new(), put_off, next: Vec::new() };
        for (buyer, due) in due {
            let persons: Vec<String> =
                due.iter().filter(|one| !is_forgotten(one)).flat_map(|one| one.whom.clone()).collect();
            let has_room = |person: &String| full.get(person).is_none_or(|count| *count < rules.cadence.per_day);
            if !persons.iter().any(has_room) {
                // Tomorrow's list begins with him, should nobody better have come.
                persons.into_iter().for_each(|person| *day.put_off.entry(person).or_default() += 1);
                continue;
            }
            persons.into_iter().for_each(|person| *full.entry(person).or_default() += 1);
            let asked = due.iter().any(|one| matches!(one.what, DueWhat::FollowUp(..)));
            let after = Silent {
                asked_at: if asked { Some(now) } else { buyer.asked_at },
                address_asked_at: if asked { buyer.address_asked_at } else { Some(now) },
                ..buyer.clone()
            };
            day.next.push((buyer.buyer_id, rules.cadence.next(&after, rules.calendar, now)));
            day.chosen.push((buyer, due));
        }
        day
    }

    fn buyers(&self) -> Vec<i64> {
        self.chosen.iter().map(|(buyer, _)| buyer.buyer_id).collect()
    }

    fn asked(&self) -> Asked {
        let mut asked = Asked { next: self.next.clone(), ..Asked::default() };
        for (buyer, due) in &self.chosen {
            for one in due {
                match (one.what, one.reason) {
                    (DueWhat::FollowUp(_, way), crate::follow_up::Reason::Silence { due, .. }) => {
                        asked.follow_ups.push((buyer.buyer_id, day_of(due), way));
                    }
                    (DueWhat::NewAddress(id), _) => asked.addresses.push(id),
                    _ => {}
                }
            }
        }
        asked
    }

    fn lists(&self, briefings: &HashMap<i64, Briefing>, now: UnixTime) -> BTreeMap<String, TaskList> {
        let mut lists: BTreeMap<String, TaskList> = BTreeMap::new();
        for (buyer, due) in &self.chosen {
            let mut told = HashSet::new();
            for one in due {
                let task = task(buyer, one, briefings.get(&buyer.buyer_id));
                for person in &one.whom {
                    // Whoever both owns and manages reads of one buyer once.
                    if told.insert(person.clone()) {
                        let empty = || TaskList { at: now, tasks: Vec::new(), put_off: 0 };
                        lists.entry(person.clone()).or_insert_with(empty).tasks.push(task.clone());
                    }
                }
            }
        }
        for (person, list) in &mut lists {
            list.put_off = self.put_off.get(person).copied().unwrap_or(0);
        }
        lists
    }
}

fn is_forgotten(due: &Due) -> bool {
    matches!(due.what, DueWhat::Forgotten(_))
}

fn day_of(day: Date) -> String {
    day.to_string()
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
        headline: briefing.map(|briefing| briefing.subject.clone()).unwrap_or_default(),
        buyer: briefing.map(|briefing| briefing.buyer.clone()).unwrap_or_default(),
        since: buyer.last_contact,
        due: None,
        card: briefing.map(|briefing| briefing.card.clone()).unwrap_or_default(),
        stage: briefing.map(|briefing| briefing.stage).unwrap_or_default(),
        last_words: briefing.map(|briefing| briefing.last_words.clone()).unwrap_or_default(),
    }
}
