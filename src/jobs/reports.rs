//! The daily, weekly, monthly, quarterly and yearly reports.

use super::Context;
use crate::buyer::Stage;
use crate::clock::UnixTime;
use crate::letter::{self, Letter, PlannedMail, What};
use crate::report::{
    Counting, Entry, Lists, Moments, NewsletterLine, Numbers, Period, ReportName, ReportPlan, Slot, StandingNumbers,
    Stretch, completeness, funnel, milestones, samples,
};
use crate::schedule::is_missed;
use crate::staff::{Person, Role};
use crate::store::reports::{BuyerList, Scope};
use anyhow::{Context as _, Result};

/// Lines of a list that goes into a workbook.
const LINES: i64 = 5_000;
/// Inquiries of a period whose record is attached.
const RECORD: i64 = 20_000;
/// A sample without a word after so many days is forgotten.
const SAMPLE_DAYS: i64 = 180;

/// Plans each report whose time has come, once, however many times were missed. Returns how many mails.
///
/// # Errors
/// The first failure; it doesn't stop the other reports, and what failed is tried again.
pub async fn reports(context: &Context<'_>) -> Result<usize> {
    let (mut planned, mut failure) = (0, None);
    for plan in &context.settings.reports.plans {
        match report(context, plan).await.with_context(|| format!("the {} report", plan.name.as_str())) {
            Ok(mails) => planned += mails,
            Err(error) => failure = failure.or(Some(error)),
        }
    }
    failure.map_or(Ok(planned), Err)
}

async fn report(context: &Context<'_>, plan: &ReportPlan) -> Result<usize> {
    let (store, now) = (context.store, context.now());
    let job = format!("report/{}", plan.name.as_str());
    let Some(slot) = plan.due.latest(now) else { return Ok(0) };
    match store.last_run(&job).await? {
        // Before the first start there was nothing to report.
        None => return store.finish_run(&job, slot.at).await.map(|()| 0),
        Some(last) if !is_missed(slot.at, last, now) => return Ok(0),
        Some(_) => {}
    }
    let mails = if is_wanted(context, plan.name, slot) { mails(context, plan, slot).await? } else { Vec::new() };
    if !store.plan_reports((&job, slot.at), &mails, now).await? {
        return Ok(0);
    }
    if !mails.is_empty() {
        tracing::info!(report = plan.name.as_str(), mails = mails.len(), "report planned");
    }
    context.progress.step();
    Ok(mails.len())
}

/// On weekends and holidays nobody asks what was done today.
fn is_wanted(context: &Context<'_>, name: ReportName, slot: Slot) -> bool {
    name != ReportName::Daily || context.settings.calendar.is_working_day(slot.day)
}

async fn mails(context: &Context<'_>, plan: &ReportPlan, slot: Slot) -> Result<Vec<PlannedMail>> {
    let (settings, period) = (context.settings, plan.name.period(slot.day));
    let mut mails = Vec::new();
    let mut counted: Vec<(Scope, Numbers)> = Vec::new();
    for person in plan.readers(&settings.staff, slot.day) {
        let scope = scope_of(context, person).await?;
        let known = counted.iter().position(|(known, _)| *known == scope);
        let index = match known {
            Some(index) => index,
            None => {
                let numbers = named(context, numbers(context, plan.name, period, &scope).await?);
                counted.push((scope.clone(), numbers));
                counted.len() - 1
            }
        };
        let numbers = &counted[index].1;
        if settings.reports.heartbeat || !numbers.is_quiet() {
            let letter = letter(context, plan.name, numbers, person);
            let of = format!("{}/{}", plan.name.as_str(), period.first);
            mails.push(context.letter_to(What::Report, &of, &letter, person)?);
        }
    }
    Ok(mails)
}

/// With owners and writers as people call them.
pub fn named(context: &Context<'_>, numbers: Numbers) -> Numbers {
    numbers.named(|owner| context.settings.staff.name_of(owner).to_owned())
}

/// A report as one of us gets it, of numbers that are [`named`].
pub fn letter(context: &Context<'_>, name: ReportName, numbers: &Numbers, person: &Person) -> Letter {
    letter::report(name, numbers, &context.look_of(person))
}

/// A salesperson's report is about his own buyers.
pub async fn scope_of(context: &Context<'_>, person: &Person) -> Result<Scope> {
    if person.role != Role::Sales || !person.owns_buyers {
        return Ok(Scope::Everybody);
    }
    let owners = context.store.owner_names().await?.into_iter();
    let own = owners.filter(|owner| context.settings.staff.named(owner) == Some(person));
    Ok(Scope::Owners(own.collect()))
}

/// So long after its last mail a newsletter is told of.
const NEWS_DAYS: i64 = 30;

/// Everything that this report says of a period.
///
/// # Errors
/// The store failed.
pub async fn numbers(context: &Context<'_>, name: ReportName, period: Period, scope: &Scope) -> Result<Numbers> {
    let (settings, store) = (context.settings, context.store);
    let staff = &settings.staff;
    let address_of = |owner: &str| staff.named(owner).map_or_else(|| owner.to_lowercase(), Person::address);
    let moments = period.moments(settings.calendar.zone());
    let now = context.now().min(moments.until);
    let mut counting = Counting::new(period, now, &settings.calendar, &address_of);
    store.received(counting.moments(), scope, |received| counting.received(received)).await?;
    let mut entries = Vec::new();
    store
        .entries(counting.moments(), scope, |entry| {
            counting.entry(&entry);
            keep(&mut entries, entry, moments);
        })
        .await?;
    for mails in store.count_written(moments, scope).await? {
        // Whoever writes from the shared mailbox is taken for the buyer's owner.
        let sender = mails.from_email.filter(|sender| staff.at(sender).is_some());
        counting.mails(sender.or(mails.owner).as_deref(), u64::try_from(mails.number).unwrap_or(0));
    }
    for (owner, number) in store.count_asked(moments, scope).await? {
        counting.asked(owner.as_deref(), u64::try_from(number).unwrap_or(0));
    }
    let late = store.record_of(&counting.latest()).await?;
    let lists = Lists { late, entries, ..lists(context, name, period, scope).await? };
    Ok(counting.result(standing(context, period, scope).await?, lists))
}

fn keep(entries: &mut Vec<Entry>, entry: Entry, moments: Moments) {
    if moments.contains(entry.at) && i64::try_from(entries.len()).is_ok_and(|kept| kept < LINES) {
        entries.push(entry);
    }
}

/// The lists, as far as this report has them.
async fn lists(context: &Context<'_>, name: ReportName, period: Period, scope: &Scope) -> Result<Lists> {
    let (store, zone) = (context.store, context.settings.calendar.zone());
    let moments = period.moments(zone);
    let now = context.now().min(moments.until);
    let long = matches!(period.stretch, Stretch::Month | Stretch::Quarter | Stretch::Year);
    let mut lists = Lists::default();
    if matches!(name, ReportName::Daily | ReportName::Weekly) {
        lists.written = store.written(moments, scope, LINES).await?;
    }
    if name != ReportName::Daily {
        lists.quiet = store.buyer_lines(BuyerList::LastSeen(period.before().moments(zone)), scope, LINES).await?;
    }
    if long {
        lists.a_buyers = store.buyer_lines(BuyerList::A, scope, LINES).await?;
        lists.dormant = store.buyer_lines(BuyerList::Dormant(now), scope, LINES).await?;
    }
    if matches!(name, ReportName::Monthly | ReportName::Quarterly) {
        lists.record = store.record_lines(moments, scope, RECORD).await?;
    }
    if name != ReportName::Daily && *scope == Scope::Everybody {
        // Answers come for weeks: the newsletters of the month before are still told of.
        let since = moments.from.saturating_sub(NEWS_DAYS * 24 * 3600);
        for name in store.campaigns_between(since, moments.until).await? {
            let results = store.campaign_results(&name).await?;
            lists.newsletters.push(NewsletterLine { name, results });
        }
    }
    let is_seen = |owner: &Option<String>| match scope {
        Scope::Everybody => true,
        Scope::Owners(owners) => owner.as_ref().is_some_and(|owner| owners.contains(owner)),
    };
    lists.removed = store.removed(moments.from, moments.until, LINES).await?;
    lists.removed.retain(|mail| is_seen(&mail.owner));
    lists.forwarded = store.forwarded(moments.from, moments.until, LINES).await?;
    lists.forwarded.retain(|mail| is_seen(&mail.owner));
    lists.samples = sample_lines(context, moments.until, scope).await?;
    Ok(lists)
}

async fn sample_lines(context: &Context<'_>, until: UnixTime, scope: &Scope) -> Result<Vec<crate::report::SampleLine>> {
    let waiting = context.store.samples_waiting(scope, LINES).await?;
    let moments = Moments { from: until.saturating_sub(SAMPLE_DAYS * 24 * 3600), until };
    let mut entries = Vec::new();
    let tells = |entry: &Entry| entry.what.stage().is_some_and(|stage| stage >= Stage::SampleSent);
    context.store.entries(moments, scope, |entry| entries.extend(Some(entry).filter(tells))).await?;
    Ok(samples(waiting, &entries))
}

/// How the buyer base stands, and how far the year of the plan is.
async fn standing(context: &Context<'_>, period: Period, scope: &Scope) -> Result<StandingNumbers> {
    let (settings, store) = (context.settings, context.store);
    let plan = &settings.reports.plan;
    let today = settings.calendar.date(context.now());
    let year = plan.year_of(period.last.min(today));
    let end = year.last.tomorrow().unwrap_or(year.last);
    let moments = Moments { from: settings.calendar.start_of(year.first), until: settings.calendar.start_of(end) };
    let standings = store.standings(moments, scope).await?;
    let achieved = store.achieved(moments, scope).await?;
    Ok(StandingNumbers {
        funnel: funnel(&standings),
        completeness: completeness(&standings),
        plan_year: Some(year),
        milestones: milestones(plan, year.number, &standings, &achieved),
        channels: achieved.channels,
    })
}
