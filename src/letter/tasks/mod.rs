//! What somebody must do: reminders, a day's follow-ups, a hand-over.

mod sheet;

use super::actions::ActionLink;
use super::template::{Content, Mail, Page, Subject};
use super::{Letter, Look, grade, plain, when};
use crate::buyer::{EventKind, Stage};
use crate::clock::UnixTime;
use crate::grade::{Grade, Grounds};
use crate::staff::Matter;
use serde::Serialize;

/// Tasks of a section that are shown, from the fullest mail to what always fits.
const SIZES: [usize; 5] = [10, 7, 4, 2, 1];
/// Further tasks that the text has a line for: whoever searches his mailbox for a number finds the mail.
const LINES: usize = 200;

/// Why tasks stand together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TaskKind {
    /// Past the limit: the managers.
    Limit,
    /// Past the target.
    Target,
    /// Soon past the target.
    Near,
    /// With signs of fraud.
    Risky,
    /// An A or a B that came since yesterday.
    New,
    /// A sample that nobody sent: the managers.
    Sample,
    /// Asked for before, and nothing happened: the managers.
    Forgotten,
    Call,
    Write,
    /// Mail comes back.
    NewAddress,
    /// What waits for an answer, from a leaver.
    HandedOverWaiting,
    /// A leaver's buyers.
    HandedOver,
}

/// Something that somebody must do.
#[derive(Clone, Debug)]
pub struct Task {
    pub kind: TaskKind,
    pub matter: Matter,
    pub grade: Option<Grade>,
    pub why: Grounds,
    /// The subject of the inquiry, or what the buyer asked for last.
    pub headline: String,
    /// The buyer in one short phrase.
    pub buyer: String,
    /// Since when it waits, or the last contact.
    pub since: UnixTime,
    /// When it was or is due.
    pub due: Option<UnixTime>,
    /// What we know of him: stage, country, owner, telephone.
    pub card: Vec<String>,
    /// How far he got.
    pub stage: Stage,
    /// The last words exchanged, oldest first: who said them, when, which.
    pub last_words: Vec<LastWords>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastWords {
    pub ours: bool,
    pub at: UnixTime,
    /// What was entered by hand.
    pub event: Option<EventKind>,
    pub text: String,
}

/// All that one person is told in one mail.
#[derive(Clone, Debug)]
pub struct TaskList {
    pub at: UnixTime,
    pub tasks: Vec<Task>,
    /// Further buyers whose turn has come, for whom today has no room.
    pub put_off: usize,
}

#[derive(Serialize)]
struct View {
    /// What else there is, beside the title.
    others: String,
    sections: Vec<Section>,
    put_off: Option<String>,
}

#[derive(Serialize)]
struct Section {
    title: String,
    hint: &'static str,
    urgent: bool,
    items: Vec<Item>,
    more: Option<String>,
    /// What is not shown, for the text alone.
    rest: Vec<Line>,
}

/// A task in one line.
#[derive(Serialize)]
struct Line {
    grade: Option<&'static str>,
    matter: String,
    text: String,
}

#[derive(Serialize)]
struct Item {
    grade: Option<&'static str>,
    colour: &'static str,
    matter: String,
    headline: String,
    buyer: String,
    waited: String,
    detail: String,
    why: Option<String>,
    card: String,
    last_words: Vec<Quote>,
    actions: Vec<ActionLink>,
}

#[derive(Serialize)]
struct Quote {
    who: String,
    text: String,
}

/// The list as a letter: the most pressing first, in each section the best grade, then the longest wait. What has no room
/// in it stands in a workbook that goes along.
pub fn tasks(list: &TaskList, look: &Look) -> Letter {
    let (letter, size) = look.templates.fitting(&SIZES, |size| content(list, look, size));
    let sorted = sorted(list);
    let is_short = sections(&sorted).iter().any(|section| section.len() > size);
    let whole = is_short.then(|| sheet::attachment(&sorted, list.at, look));
    Letter { attachments: whole.into_iter().collect(), ..letter }
}

/// The fullest content, as samples have it.
pub(super) fn whole(list: &TaskList, look: &Look) -> Content {
    content(list, look, SIZES[0])
}

fn content(list: &TaskList, look: &Look, size: usize) -> Content {
    let sorted = sorted(list);
    let sections = sections(&sorted);
    let mut titles: Vec<String> =
        sections.iter().map(|tasks| look.language.task_title(tasks[0].kind, tasks.len())).collect();
    if titles.is_empty() {
        titles.push(look.language.nothing_to_do().to_owned());
    }
    let comma = look.language.words().comma;
    let view = View {
        others: titles.iter().skip(1).map(String::as_str).collect::<Vec<_>>().join(comma),
        sections: sections.iter().map(|tasks| section(tasks, list.at, look, size)).collect(),
        put_off: (list.put_off > 0).then(|| look.language.put_off(list.put_off)),
    };
    let title = titles.first().cloned().unwrap_or_default();
    let page = Page {
        urgent: sorted.iter().any(|task| is_urgent(task.kind)),
        ..Page::new(title, preview(&sorted), list.at, look)
    };
    Content::new(Mail::Tasks, look.language, page, Subject::new(titles, when::moments(list.at, look)), &view)
}

fn sorted(list: &TaskList) -> Vec<&Task> {
    let mut tasks: Vec<&Task> = list.tasks.iter().collect();
    tasks.sort_by_key(|task| (task.kind, task.grade.map_or(4, |grade| grade as u8), task.since));
    tasks
}

fn sections<'a, 'b>(sorted: &'b [&'a Task]) -> Vec<&'b [&'a Task]> {
    sorted.chunk_by(|one, other| one.kind == other.kind).collect()
}

/// Whom the first tasks are about.
fn preview(sorted: &[&Task]) -> String {
    let about = |task: &&Task| {
        let grade = task.grade.map(|grade| format!("{} ", grade::name(grade))).unwrap_or_default();
        let what = if task.headline.is_empty() { &task.buyer } else { &task.headline };
        format!("{grade}{} {}", task.matter, plain::line(what, 50))
    };
    sorted.iter().take(3).map(about).collect::<Vec<_>>().join(" | ")
}

fn is_urgent(kind: TaskKind) -> bool {
    matches!(kind, TaskKind::Limit | TaskKind::Risky | TaskKind::Sample | TaskKind::Forgotten)
}

fn section(tasks: &[&Task], now: UnixTime, look: &Look, most: usize) -> Section {
    let kind = tasks[0].kind;
    let more = tasks.len().saturating_sub(most);
    let line = |task: &&Task| Line {
        grade: task.grade.map(grade::name),
        matter: task.matter.to_string(),
        text: [plain::line(&task.headline, 50), plain::line(&task.buyer, 40)].join(" · "),
    };
    Section {
        title: look.language.task_title(kind, tasks.len()),
        hint: look.language.task_hint(kind),
        urgent: is_urgent(kind),
        items: tasks.iter().take(most).map(|task| item(task, now, look)).collect(),
        more: (more > 0).then(|| look.language.left_out(more)),
        rest: tasks.iter().skip(most).take(LINES).map(line).collect(),
    }
}

fn item(task: &Task, now: UnixTime, look: &Look) -> Item {
    let language = look.language;
    let headline = plain::line(&task.headline, 120);
    let silent = matches!(
        task.kind,
        TaskKind::Forgotten | TaskKind::Call | TaskKind::Write | TaskKind::NewAddress | TaskKind::HandedOver
    );
    let wait = when::wait(now - task.since, language);
    let since = when::moment(task.since, now, look);
    let due = task.due.map(|due| language.due(&when::moment(due, now, look)));
    let detail = if silent { language.last_contact(&since) } else { language.received(&since) };
    let said = |words: &LastWords| Quote {
        who: language.said(words.ours, &when::day(words.at, now, look)),
        text: plain::line(&language.entry(words.event, &words.text), 240),
    };
    let stage = (task.stage > Stage::Potential).then(|| language.stage(task.stage).to_owned());
    Item {
        grade: task.grade.map(grade::name),
        colour: task.grade.map_or("#69717b", grade::colour),
        matter: task.matter.to_string(),
        headline: if headline.is_empty() && !silent { language.words().no_subject.to_owned() } else { headline },
        buyer: plain::line(&task.buyer, 160),
        waited: if silent { language.silent_for(&wait) } else { language.waited(&wait) },
        detail: std::iter::once(detail).chain(due).collect::<Vec<_>>().join(" · "),
        why: language.graded_for(task.grade, &task.why),
        card: task.card.iter().map(|part| plain::line(part, 80)).chain(stage).collect::<Vec<_>>().join(" · "),
        last_words: task.last_words.iter().map(said).collect(),
        actions: look.actions.as_ref().map(|actions| actions.all(task.matter, language)).unwrap_or_default(),
    }
}
