//! A whole list of tasks as a workbook.

use super::Task;
use crate::clock::UnixTime;
use crate::letter::words::Titles;
use crate::letter::workbook::ColumnKind::{Figure, Long, Text};
use crate::letter::workbook::{Cell, Column, ColumnKind, Sheet, workbook};
use crate::letter::{Attachment, Look, grade, plain, when};

const COLUMNS: [(Titles, u8, ColumnKind); 11] = [
    (Titles::Task, 24, Text),
    (Titles::Number, 10, Text),
    (Titles::Grade, 7, Text),
    (Titles::Why, 40, Long),
    (Titles::Buyer, 40, Long),
    (Titles::Subject, 40, Long),
    (Titles::Since, 16, Figure),
    (Titles::Due, 16, Figure),
    (Titles::Stage, 16, Text),
    (Titles::Notes, 40, Long),
    (Titles::LastWords, 60, Long),
];

pub(super) fn attachment(sorted: &[&Task], at: UnixTime, look: &Look) -> Attachment {
    let made = when::wall(at, look);
    let name = look.language.tasks_sheet().to_owned();
    let file = format!("{name} {}.xlsx", made.strftime("%Y-%m-%d %H%M"));
    let column =
        |(title, width, kind): &(Titles, u8, ColumnKind)| Column::new(look.language.column(*title), *width, *kind);
    let rows = sorted.iter().map(|task| row(task, look)).collect();
    let sheet = Sheet { name, columns: COLUMNS.iter().map(column).collect(), rows, chart: None };
    Attachment::xlsx(file, workbook(&[sheet], made))
}

fn row(task: &Task, look: &Look) -> Vec<Cell> {
    let language = look.language;
    let words = task.last_words.iter().map(|words| {
        let who = language.said(words.ours, &when::day(words.at, task.since.max(words.at), look));
        format!("{who} {}", language.entry(words.event, &words.text))
    });
    vec![
        Cell::text(language.task_name(task.kind)),
        Cell::Text(task.matter.to_string()),
        task.grade.map_or(Cell::Empty, |grade| Cell::text(grade::name(grade))),
        language.grounds(&task.why).into(),
        Cell::Text(plain::line(&task.buyer, 200)),
        Cell::Text(plain::line(&task.headline, 200)),
        Cell::moment(task.since, &look.time_zone),
        task.due.map_or(Cell::Empty, |due| Cell::moment(due, &look.time_zone)),
        Cell::text(language.stage(task.stage)),
        Cell::Text(plain::line(&task.card.join(" · "), 400)),
        Cell::Text(plain::line(&words.collect::<Vec<_>>().join(" · "), 1000)),
    ]
}
