//! The reminder: inquiries that have waited too long for an answer.

use super::words::Words;
use super::{Letter, Look, grade, plain, template, when};
use crate::clock::UnixTime;
use crate::follow_up::{Level, Waiting};
use serde::Serialize;

/// Inquiries shown; the rest is counted.
const SHOWN: usize = 80;

/// What a reminder says and to whom.
#[derive(Clone, Debug)]
pub struct ReminderContent {
    pub level: Level,
    pub at: UnixTime,
    pub waiting: Vec<Waiting>,
}

#[derive(Serialize)]
struct View {
    w: &'static Words,
    company: String,
    at: String,
    title: String,
    hint: &'static str,
    overdue: bool,
    items: Vec<Item>,
    more: Option<String>,
}

#[derive(Serialize)]
struct Item {
    grade: &'static str,
    colour: &'static str,
    id: i64,
    subject: String,
    buyer: String,
    waited: String,
    received: String,
}

/// The reminder as a letter: best grade first, then the longest wait.
pub fn reminder(content: &ReminderContent, look: &Look) -> Letter {
    let language = look.language;
    let mut waiting: Vec<&Waiting> = content.waiting.iter().collect();
    waiting.sort_by_key(|inquiry| (inquiry.grade, inquiry.received_at));
    let longest = waiting.iter().map(|inquiry| content.at - inquiry.received_at).max().unwrap_or(0);
    let title = language.reminder(content.level, waiting.len(), &when::wait(longest, language));
    let words = language.words();
    let view = View {
        w: words,
        company: plain::line(&look.company, 80),
        at: when::day_and_time(content.at, look),
        hint: match content.level {
            Level::Target => words.target_hint,
            Level::Limit => words.limit_hint,
        },
        overdue: content.level == Level::Limit,
        items: waiting.iter().take(SHOWN).map(|inquiry| item(inquiry, content.at, look)).collect(),
        more: (waiting.len() > SHOWN).then(|| language.left_out(waiting.len() - SHOWN)),
        title: title.clone(),
    };
    Letter {
        subject: format!("{} {title}", words.mark),
        text: template::render("reminder.txt", &view),
        html: template::render("reminder.html", &view),
    }
}

fn item(inquiry: &Waiting, now: UnixTime, look: &Look) -> Item {
    let language = look.language;
    let subject = plain::line(&inquiry.subject, 120);
    Item {
        grade: grade::name(inquiry.grade),
        colour: grade::colour(inquiry.grade),
        id: inquiry.inquiry_id,
        subject: if subject.is_empty() { language.words().no_subject.to_owned() } else { subject },
        buyer: plain::line(&inquiry.buyer, 160),
        waited: language.waited(&when::wait(now - inquiry.received_at, language)),
        received: language.received(&when::moment(inquiry.received_at, now, look)),
    }
}
