//! Lists of tasks: a manager's reminder, a salesperson's day.

use super::NOON;
use crate::buyer::{EventKind, Stage};
use crate::grade::{Grade, Grounds};
use crate::letter::{LastWords, Task, TaskKind, TaskList};
use crate::staff::Matter;

fn task(kind: TaskKind, matter: Matter, hours: i64, grade: Grade, headline: &str, buyer: &str) -> Task {
    Task {
        kind,
        matter,
        grade: Some(grade),
        why: Grounds::Rules(vec!["names a target price".to_owned(), "asks for <600> chairs".to_owned()]),
        headline: headline.to_owned(),
        buyer: buyer.to_owned(),
        since: NOON - hours * 3600 - 20 * 60,
        due: None,
        card: Vec::new(),
        stage: Stage::Potential,
        last_words: Vec::new(),
    }
}

const GERMAN: &str = "Sabine Krüger · Gartenwelt Krüger GmbH · einkauf@gartenwelt-krueger.de";
const BRITISH: &str = "James Whitfield · Kestrel Leisure Ltd · j.whitfield@kestrel-leisure.co.uk";

/// What a manager who sells, too, is reminded of.
pub fn reminder() -> TaskList {
    let rfq = "RFQ: 2,400 folding camp chairs for spring 2027, FOB Ningbo";
    let due =
        Task { due: Some(NOON - 3600), ..task(TaskKind::Target, Matter::Inquiry(1042), 3, Grade::A, rfq, BRITISH) };
    let tasks = vec![
        due,
        task(TaskKind::Limit, Matter::Inquiry(1043), 28, Grade::B, "Angebot Sonnenschirme", GERMAN),
        task(TaskKind::Limit, Matter::Inquiry(1031), 51, Grade::A, "", "<b>nobody</b>@example.com"),
        task(TaskKind::Near, Matter::Inquiry(1047), 1, Grade::C, "Hammocks", "Ada"),
        task(TaskKind::Sample, Matter::Inquiry(998), 75, Grade::B, "Egret Garden LLC", ""),
    ];
    TaskList { at: NOON, tasks, put_off: 0 }
}

/// A salesperson's day.
pub fn follow_ups() -> TaskList {
    let words =
        |ours, days: i64, event, text: &str| LastWords { ours, at: NOON - days * 86_400, event, text: text.to_owned() };
    let call = Task {
        card: vec!["+44 1632 960714".to_owned(), "j.whitfield@kestrel-leisure.co.uk".to_owned()],
        stage: Stage::SampleSent,
        last_words: vec![
            words(
                false,
                6,
                None,
                "The sample chair arrived. The board meets on Friday; we will come back with the quantities.",
            ),
            words(true, 4, Some(EventKind::Phone), "asked about the carton size"),
        ],
        ..task(TaskKind::Call, Matter::Buyer(7), 100, Grade::A, "RFQ: 2,400 folding camp chairs", BRITISH)
    };
    let write = task(TaskKind::Write, Matter::Buyer(12), 170, Grade::B, "Angebot Sonnenschirme", GERMAN);
    let address = task(TaskKind::NewAddress, Matter::Buyer(31), 900, Grade::C, "", "Ada · Egret Garden LLC");
    let forgotten = task(TaskKind::Forgotten, Matter::Buyer(44), 400, Grade::A, "Hammocks 40HQ", "Cid · Stork SA");
    TaskList { at: NOON, tasks: vec![write, call, address, forgotten], put_off: 3 }
}

/// More of each section than a mail shows.
pub fn long() -> TaskList {
    let both = [reminder().tasks, follow_ups().tasks].concat();
    let tasks = both.iter().cycle().take(12 * both.len()).cloned().collect();
    TaskList { tasks, ..follow_ups() }
}
