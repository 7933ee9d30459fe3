//! The whole digest as a workbook: a sheet a section.

use crate::letter::words::Titles;
use crate::letter::workbook::{Cell, Column, ColumnKind, Sheet, workbook};
use crate::letter::{Attachment, Look, countries, grade, plain, when};
use crate::report::{Digest, InquiryLine};

/// Characters of a cell; a mail's words stay in the mailbox.
const LONG: usize = 2000;
const SHORT: usize = 200;

/// Named for the day and the hour, so that two of them don't lie over each other in a folder.
pub(super) fn attachment(digest: &Digest, look: &Look) -> Attachment {
    let made = when::wall(digest.at, look);
    let sheets: Vec<Sheet> = sheets(digest, look).into_iter().filter(|sheet| !sheet.rows.is_empty()).collect();
    let name = format!("{} {}.xlsx", look.language.inquiries_sheet(), made.strftime("%Y-%m-%d %H%M"));
    Attachment::xlsx(name, workbook(&sheets, made))
}

fn sheets(digest: &Digest, look: &Look) -> [Sheet; 6] {
    [
        inquiries(digest, look),
        quarantined(digest, look),
        set_aside(digest, look),
        questions(digest, look),
        held(digest, look),
        notices(digest, look),
    ]
}

fn short(text: &str) -> Cell {
    Cell::Text(plain::line(text, SHORT))
}

fn maybe(text: Option<&str>) -> Cell {
    text.map_or(Cell::Empty, short)
}

fn columns(look: &Look, columns: &[(Titles, u8, ColumnKind)]) -> Vec<Column> {
    columns.iter().map(|(title, width, kind)| Column::new(look.language.column(*title), *width, *kind)).collect()
}

use ColumnKind::{Figure, Long, Text};

const INQUIRIES: [(Titles, u8, ColumnKind); 22] = [
    (Titles::Number, 8, Figure),
    (Titles::Grade, 7, Text),
    (Titles::Score, 7, Figure),
    (Titles::Received, 16, Figure),
    (Titles::Due, 16, Figure),
    (Titles::Name, 20, Text),
    (Titles::Company, 26, Text),
    (Titles::Country, 14, Text),
    (Titles::Email, 28, Text),
    (Titles::Known, 12, Text),
    (Titles::Owner, 12, Text),
    (Titles::Subject, 40, Long),
    (Titles::Words, 60, Long),
    (Titles::Products, 24, Long),
    (Titles::Quantity, 12, Text),
    (Titles::TargetPrice, 12, Text),
    (Titles::Terms, 16, Text),
    (Titles::Sample, 18, Text),
    (Titles::Certificates, 16, Text),
    (Titles::Why, 50, Long),
    (Titles::Risks, 30, Long),
    (Titles::Attachments, 30, Long),
];

fn inquiries(digest: &Digest, look: &Look) -> Sheet {
    Sheet {
        name: look.language.inquiries_sheet().to_owned(),
        columns: columns(look, &INQUIRIES),
        rows: digest.inquiries.iter().map(|line| inquiry(line, look)).collect(),
        chart: None,
    }
}

fn inquiry(line: &InquiryLine, look: &Look) -> Vec<Cell> {
    let words = look.language.words();
    let (buyer, facts) = (&line.buyer, &line.facts);
    let terms = [&facts.incoterm, &facts.port].into_iter().flatten().cloned().collect::<Vec<_>>().join(" ");
    let reasons = line.grading.reasons.iter().map(|reason| format!("{} {:+}", reason.why, reason.points));
    let risks = line.risks.iter().map(|risk| format!("{}: {}", look.language.risk(&risk.risk), risk.detail));
    vec![
        Cell::Count(line.id),
        Cell::text(grade::name(line.grading.grade)),
        Cell::Count(line.grading.score),
        Cell::moment(line.received_at, &look.time_zone),
        line.due.map_or(Cell::Empty, |due| Cell::moment(due, &look.time_zone)),
        maybe(buyer.name.as_deref()),
        maybe(buyer.company.as_deref()),
        maybe(buyer.country.as_deref().map(|code| countries::name(code, look.language))),
        maybe(buyer.email.as_deref()),
        Cell::text(if line.known { words.known_buyer } else { words.new_buyer }),
        maybe(line.owner.as_deref()),
        short(&line.subject),
        Cell::Text(plain::line(&line.excerpt, LONG)),
        short(&facts.products.join(", ")),
        maybe(facts.quantity.as_deref()),
        maybe(facts.target_price.as_deref()),
        short(&terms),
        maybe(look.language.sample(facts.sample)),
        short(&facts.certificates.join(", ")),
        Cell::Text(plain::line(&reasons.collect::<Vec<_>>().join(" · "), LONG)),
        Cell::Text(plain::line(&risks.collect::<Vec<_>>().join(" · "), LONG)),
        short(&line.attachments.join(", ")),
    ]
}

fn quarantined(digest: &Digest, look: &Look) -> Sheet {
    let titles = [
        (Titles::Number, 8, Figure),
        (Titles::Received, 16, Figure),
        (Titles::From, 30, Text),
        (Titles::Subject, 40, Long),
        (Titles::Reason, 50, Long),
        (Titles::Folder, 24, Text),
    ];
    let row = |line: &crate::report::QuarantineLine| {
        vec![
            Cell::Count(line.mail_id),
            Cell::moment(line.received_at, &look.time_zone),
            short(&line.from),
            short(&line.subject),
            short(&line.reason),
            short(&format!("{} / {}", line.account, line.folder)),
        ]
    };
    let name = look.language.words().quarantined.to_owned();
    Sheet { name, columns: columns(look, &titles), rows: digest.quarantined.iter().map(row).collect(), chart: None }
}

fn set_aside(digest: &Digest, look: &Look) -> Sheet {
    let titles =
        [(Titles::Kind, 12, Text), (Titles::From, 30, Text), (Titles::Subject, 40, Long), (Titles::Reason, 50, Long)];
    let row = |line: &crate::report::SetAsideLine| {
        vec![Cell::text(look.language.kind(line.kind)), short(&line.from), short(&line.subject), short(&line.reason)]
    };
    let name = look.language.words().set_aside.to_owned();
    Sheet { name, columns: columns(look, &titles), rows: digest.set_aside.iter().map(row).collect(), chart: None }
}

fn questions(digest: &Digest, look: &Look) -> Sheet {
    let titles = [(Titles::Number, 10, Text), (Titles::Question, 60, Long), (Titles::HowToAnswer, 60, Long)];
    let row = |line: &crate::report::QuestionLine| {
        let item = super::question(line, look);
        vec![Cell::Text(item.head), Cell::Text(item.subject), Cell::Text(item.detail)]
    };
    let name = look.language.words().questions.to_owned();
    Sheet { name, columns: columns(look, &titles), rows: digest.questions.iter().map(row).collect(), chart: None }
}

fn held(digest: &Digest, look: &Look) -> Sheet {
    let titles = [
        (Titles::Number, 8, Figure),
        (Titles::Since, 16, Figure),
        (Titles::Recipient, 30, Text),
        (Titles::Subject, 40, Long),
    ];
    let row = |line: &crate::report::HeldLine| {
        vec![
            Cell::Count(line.outbox_id),
            Cell::moment(line.since, &look.time_zone),
            short(&line.recipient),
            short(&line.subject),
        ]
    };
    let name = look.language.words().held.to_owned();
    Sheet { name, columns: columns(look, &titles), rows: digest.held.iter().map(row).collect(), chart: None }
}

fn notices(digest: &Digest, look: &Look) -> Sheet {
    let row = |notice: &String| vec![Cell::Text(plain::line(notice, LONG))];
    Sheet {
        name: look.language.words().notices.to_owned(),
        columns: columns(look, &[(Titles::Notice, 120, Long)]),
        rows: digest.notices.iter().map(row).collect(),
        chart: None,
    }
}
