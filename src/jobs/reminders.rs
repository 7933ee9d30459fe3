//! Reminders of what has no answer yet, and of samples that nobody sent.

use super::Context;
use crate::buyer::Stage;
use crate::follow_up::{Due, Level, Reason, SampleWait, State, Waiting, What as DueWhat, due};
use crate::grade::Grounds;
use crate::letter::{Task, TaskKind, TaskList, What};
use crate::staff::Matter;
use crate::store::follow_ups::Told;
use crate::store::samples::WaitingSample;
use anyhow::Result;
use std::collections::BTreeMap;

/// Plans the reminders that are due: one mail a person and round, naming each inquiry once for ever at each level. Returns
/// how many; none outside the hours of working days in which people may be reminded.
pub async fn reminders(context: &Context<'_>) -> Result<usize> {
    let now = context.now();
    if !context.may_remind() {
        return Ok(0);
    }
    if context.store.next_look().await? == Some(0) {
        context.store.begin_looking_at_inquiries().await?;
    }
    let mut known = Known::read(context).await?;
    if !due(now, &known.state(), &context.rules()).is_empty() {
        look_for_answers(context).await?;
        known = Known::read(context).await?;
    }
    let due = due(now, &known.state(), &context.rules());
    if known.waiting.is_empty() && due.is_empty() {
        return Ok(0);
    }
    let told = known.told(context, &due);
    let render = |told: &Told| {
        let lists = known.lists(told, &due);
        let first = |list: &[Task]| list.iter().map(|task| format!("{:?}{}", task.kind, task.matter)).min();
        let letters = lists.into_iter().map(|(person, list)| {
            // What is named first was never named at this level before: it makes the period unique.
            let period = format!("{now}/{}", first(&list).unwrap_or_default());
            context.task_letter(What::Reminder, &period, &person, &TaskList { at: now, tasks: list, put_off: 0 })
        });
        letters.filter_map(Result::transpose).collect()
    };
    let told = context.store.plan_reminders(told, now, render).await?;
    let named = told.levels.len() + told.samples.len();
    if named > 0 {
        tracing::info!(inquiries = told.levels.len(), samples = told.samples.len(), "reminders planned");
        context.progress.step();
    }
    Ok(named)
}

struct Known {
    waiting: Vec<Waiting>,
    samples: Vec<WaitingSample>,
}

impl Known {
    async fn read(context: &Context<'_>) -> Result<Known> {
        let waiting = context.store.waiting_due(context.now()).await?;
        Ok(Known { waiting, samples: context.store.waiting_samples().await? })
    }

    fn state(&self) -> State {
        let samples = self.samples.iter().map(SampleWait::from).collect();
        State { waiting: self.waiting.clone(), buyers: Vec::new(), samples }
    }

    /// What is to be written down: who was reminded of what, and when to look again.
    fn told(&self, context: &Context<'_>, due: &[Due]) -> Told {
        let (now, rules) = (context.now(), context.rules());
        let mut told = Told::default();
        for one in due {
            match one.what {
                DueWhat::Answer(id, level) => told.levels.push((id, level)),
                DueWhat::Sample(id) => told.samples.push(id),
                DueWhat::FollowUp(..) | DueWhat::Forgotten(_) | DueWhat::NewAddress(_) => {}
            }
        }
        for waiting in &self.waiting {
            let mut after = waiting.clone();
            let levels = told.levels.iter().filter(|(id, _)| *id == waiting.inquiry_id);
            after.reminded.extend(levels.map(|(_, level)| *level));
            told.next.push((waiting.inquiry_id, rules.deadlines.next(&after, rules.calendar, now)));
        }
        told
    }

    /// Each person's tasks, of what is told now.
    fn lists(&self, told: &Told, due: &[Due]) -> BTreeMap<String, Vec<Task>> {
        let mut lists: BTreeMap<String, Vec<Task>> = BTreeMap::new();
        for one in due {
            let task = match one.what {
                DueWhat::Answer(id, level) if told.levels.contains(&(id, level)) => self
                    .waiting
                    .iter()
                    .find(|waiting| waiting.inquiry_id == id)
                    .map(|waiting| answer(waiting, level, one)),
                DueWhat::Sample(id) if told.samples.contains(&id) => {
                    self.samples.iter().find(|sample| sample.id == id).map(sample)
                }
                _ => None,
            };
            let Some(task) = task else { continue };
            for person in &one.whom {
                lists.entry(person.clone()).or_default().push(task.clone());
            }
        }
        lists
    }
}

fn answer(waiting: &Waiting, level: Level, due: &Due) -> Task {
    let deadline = match due.reason {
        Reason::Deadline(at) => Some(at),
        _ => None,
    };
    Task {
        kind: match level {
            Level::Near => TaskKind::Near,
            Level::Target => TaskKind::Target,
            Level::Limit => TaskKind::Limit,
        },
        matter: Matter::Inquiry(waiting.inquiry_id),
        grade: Some(waiting.grade),
        why: waiting.why.clone(),
        headline: waiting.subject.clone(),
        buyer: waiting.buyer.clone(),
        since: waiting.received_at,
        due: deadline,
        card: waiting.owner.iter().cloned().collect(),
        stage: Stage::default(),
        last_words: Vec::new(),
    }
}

fn sample(sample: &WaitingSample) -> Task {
    Task {
        kind: TaskKind::Sample,
        matter: sample.inquiry_id.map_or(Matter::Buyer(sample.buyer_id), Matter::Inquiry),
        grade: None,
        why: Grounds::Unknown,
        headline: sample.buyer.clone(),
        buyer: String::new(),
        since: sample.asked_at,
        due: None,
        card: sample.owner.iter().cloned().collect(),
        stage: Stage::default(),
        last_words: Vec::new(),
    }
}

/// Reads the mailboxes before anybody is reminded of what was answered, or told to inquiryd, since the last poll. An account
/// that can't be read keeps nobody from being reminded.
async fn look_for_answers(context: &Context<'_>) -> Result<()> {
    for account in &context.settings.accounts {
        if let Err(error) = super::poll(context, account).await {
            tracing::info!(account = account.name, %error, "the mailbox could not be read before a reminder");
        }
    }
    super::staff_mail(context).await?;
    Ok(())
}
