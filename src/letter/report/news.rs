//! What newsletters brought, and what they cost.

use super::replies::joined;
use super::section::{Row, Section, SheetOf, number};
use crate::letter::Look;
use crate::letter::words::report as words;
use crate::letter::workbook::Cell;
use crate::report::{NewsletterLine, Numbers};

pub(super) fn newsletters(numbers: &Numbers, look: &Look) -> Option<Section> {
    let language = look.language;
    let row = |line: &NewsletterLine| {
        let counts = &line.results;
        let said = |label: words::Phrase, number: i64| (number > 0).then(|| format!("{} {number}", label.of(language)));
        let parts = [
            said(words::STILL_TO_GO, counts.planned),
            said(words::CAME_BACK, counts.bounced),
            said(words::HELD, counts.held),
            said(words::UNSUBSCRIBED, counts.unsubscribed),
            said(words::COMPLAINED, counts.complaints),
        ];
        let value = format!("{} {}/{}", words::ANSWERED.of(language), counts.answered, counts.sent);
        Row::new(line.name.clone(), value).detail(joined(&parts)).urgent(counts.complaints > 0 || counts.held > 0)
    };
    let lines = &numbers.lists.newsletters;
    let section = Section::of((words::NEWSLETTERS, words::NEWSLETTERS_HINT.of(language)), lines, language, row)?;
    let sheet = SheetOf::new(words::NEWSLETTERS, language).text(words::NEWSLETTER, 28);
    let columns = [
        words::SENT,
        words::STILL_TO_GO,
        words::CAME_BACK,
        words::HELD,
        words::UNSUBSCRIBED,
        words::COMPLAINED,
        words::ANSWERED,
    ];
    let sheet = columns.into_iter().fold(sheet, SheetOf::figure).bars(&[1, 7]);
    let cells = |line: &NewsletterLine| {
        let counts = &line.results;
        let numbers = [
            counts.sent,
            counts.planned,
            counts.bounced,
            counts.held,
            counts.unsubscribed,
            counts.complaints,
            counts.answered,
        ];
        let mut cells = vec![Cell::Text(line.name.clone())];
        cells.extend(numbers.map(|count| number(u64::try_from(count).unwrap_or(0))));
        cells
    };
    Some(section.sheet(sheet.rows(lines.iter().map(cells))))
}
