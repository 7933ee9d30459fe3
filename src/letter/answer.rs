//! Short answers to our own people: what was done, and what was refused and why.

use super::template::{Content, Mail, Page, Subject};
use super::{Language, Letter, Look, plain, when};
use crate::clock::UnixTime;
use crate::staff::{Effect, Misread, Outcome, Why};
use jiff::tz::TimeZone;
use serde::Serialize;

/// Why instructions were not followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The receiving server says that somebody else sent it.
    Forged,
    /// No token, and no answer to a mail of ours.
    NoToken,
    /// The token is for another person or line, or was made up.
    WrongToken,
    /// The token is too old.
    Expired,
    /// Nothing in the mail was understood.
    NothingUnderstood,
}

impl Refusal {
    /// The word in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Refusal::Forged => "forged",
            Refusal::NoToken => "no token",
            Refusal::WrongToken => "wrong token",
            Refusal::Expired => "expired token",
            Refusal::NothingUnderstood => "nothing understood",
        }
    }

    /// Whether somebody may be writing in a colleague's name.
    pub fn is_suspicious(self) -> bool {
        matches!(self, Refusal::Forged | Refusal::WrongToken | Refusal::NoToken)
    }
}

/// What a mail of one of us led to.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    pub at: UnixTime,
    pub done: Vec<Outcome>,
    /// Lines that name a matter and were not understood.
    pub misread: Vec<Misread>,
    /// What was refused: the line, or the whole mail, and why.
    pub refused: Vec<(String, Refusal)>,
}

#[derive(Serialize)]
struct View {
    lines: Vec<Line>,
    help: bool,
}

#[derive(Serialize)]
struct Line {
    good: bool,
    text: String,
    detail: String,
}

/// One outcome in one line, for whoever reads it at once.
pub fn told(outcome: &Outcome, zone: &TimeZone, language: Language) -> String {
    let effect = match outcome.effect {
        Effect::PutOff(until) => language.put_off_until(&crate::schedule::wall_clock(until, zone)),
        effect => language.effect(effect),
    };
    format!("{}: {effect}", language.instruction(&outcome.instruction))
}

/// Why a line was not understood.
pub fn why_misread(why: Why, language: Language) -> &'static str {
    language.misread(why)
}

/// The answer to the person who wrote.
pub fn answer(answer: &Answer, look: &Look) -> Letter {
    look.templates.letter(&content(answer, look))
}

pub(super) fn content(answer: &Answer, look: &Look) -> Content {
    let language = look.language;
    let done = answer.done.iter().map(|outcome| Line {
        good: outcome.effect != Effect::Unknown,
        text: language.instruction(&outcome.instruction),
        detail: match outcome.effect {
            Effect::PutOff(until) => language.put_off_until(&when::day(until, answer.at, look)),
            effect => language.effect(effect),
        },
    });
    let misread = answer.misread.iter().map(|misread| Line {
        good: false,
        text: plain::line(&misread.line, 120),
        detail: language.misread(misread.why).to_owned(),
    });
    let refused = answer.refused.iter().map(|(line, refusal)| Line {
        good: false,
        text: plain::line(line, 120),
        detail: language.refusal(*refusal).to_owned(),
    });
    let lines: Vec<Line> = done.chain(misread).chain(refused).collect();
    let good = lines.iter().filter(|line| line.good).count();
    let title = language.answer_title(good, lines.len() - good);
    let help = !answer.misread.is_empty() || !answer.refused.is_empty();
    filled(title.clone(), title, &View { lines, help }, answer.at, look)
}

/// What the managers are told of a mail that somebody may have written in a colleague's name.
pub fn suspicion(person: &str, subject: &str, refusal: Refusal, at: UnixTime, look: &Look) -> Letter {
    let language = look.language;
    let line = Line { good: false, text: plain::line(subject, 120), detail: language.refusal(refusal).to_owned() };
    let title = language.suspicion_title(&plain::line(person, 80));
    let fact = language.suspicion_fact(&plain::line(person, 80));
    look.templates.letter(&filled(title, fact, &View { lines: vec![line], help: false }, at, look))
}

fn filled(title: String, fact: String, view: &View, at: UnixTime, look: &Look) -> Content {
    let told = |line: &Line| format!("{} — {}", line.text, line.detail);
    let preview = view.lines.iter().take(3).map(told).collect::<Vec<_>>().join(" | ");
    let subject = Subject::new(vec![fact], Vec::new());
    let page = Page { urgent: view.lines.iter().all(|line| !line.good), ..Page::new(title, preview, at, look) };
    Content::new(Mail::Answer, look.language, page, subject, view)
}
