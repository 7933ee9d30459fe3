//! The reports: the figures first, then what needs somebody, then the picture of the business; all of it in a workbook.

mod buyers;
mod departures;
mod figures;
mod journey;
mod news;
mod replies;
mod section;
mod shares;

use super::template::{Content, Mail, Page, Subject};
use super::words::report as words;
use super::workbook::{Sheet, workbook};
use super::{Attachment, Letter, Look, when};
use crate::report::{Numbers, ReportName};
use replies::Tile;
use section::{Row, Section};
use serde::Serialize;

/// Lines of a section with links in the mail, from the fullest to what always fits.
const SIZES: [usize; 5] = [section::SHOWN, 8, 6, 3, 1];

#[derive(Serialize)]
struct View {
    tiles: Vec<Tile>,
    /// How the figures are to be read.
    tiles_hint: &'static str,
    sections: Vec<SectionView>,
    attached: Option<&'static str>,
}

#[derive(Serialize)]
struct SectionView {
    title: &'static str,
    hint: String,
    rows: Vec<Row>,
    more: Option<String>,
}

/// A report as a letter.
pub fn report(name: ReportName, numbers: &Numbers, look: &Look) -> Letter {
    let sections = sections(name, numbers, look);
    let (letter, most) = look.templates.fitting(&SIZES, |most| content(name, numbers, look, &sections, most));
    let attached = is_attached(name, &sections, most).then(|| attachment(name, numbers, sections, look));
    Letter { attachments: attached.into_iter().collect(), ..letter }
}

/// All that a report's templates are filled with.
pub(super) fn whole(name: ReportName, numbers: &Numbers, look: &Look) -> Content {
    content(name, numbers, look, &sections(name, numbers, look), SIZES[0])
}

fn content(name: ReportName, numbers: &Numbers, look: &Look, sections: &[Section], most: usize) -> Content {
    let view = View {
        tiles: replies::tiles(numbers, look),
        tiles_hint: words::WORKING_TIME.of(look.language),
        sections: sections.iter().map(|section| shown(section, most, numbers, look)).collect(),
        attached: is_attached(name, sections, most).then(|| words::FULL_LIST.of(look.language)),
    };
    Content::new(mail_of(name), look.language, page(name, numbers, look), subject(name, numbers, look), &view)
}

/// Whether a workbook goes along: with the long reports, and wherever the mail leaves something out.
fn is_attached(name: ReportName, sections: &[Section], most: usize) -> bool {
    let leaves_out = |section: &Section| section.more > 0 || section.rows.len() > room(section, most);
    !matches!(name, ReportName::Daily | ReportName::Weekly) || sections.iter().any(leaves_out)
}

fn mail_of(name: ReportName) -> Mail {
    match name {
        ReportName::Daily => Mail::Daily,
        ReportName::Weekly => Mail::Weekly,
        ReportName::Monthly => Mail::Monthly,
        ReportName::Quarterly => Mail::Quarterly,
        ReportName::Yearly => Mail::Yearly,
    }
}

fn page(name: ReportName, numbers: &Numbers, look: &Look) -> Page {
    let title = look.language.report_title(name, &figures::period(numbers.period, look.language));
    let preview = facts(name, numbers, look).join(look.language.words().comma);
    Page::new(title, preview, numbers.at, look)
}

fn subject(name: ReportName, numbers: &Numbers, look: &Look) -> Subject {
    let period = figures::period(numbers.period, look.language);
    Subject::new(facts(name, numbers, look), vec![look.language.report_title(name, &period), period])
}

/// What the report says in a line, the most important first.
fn facts(name: ReportName, numbers: &Numbers, look: &Look) -> Vec<String> {
    let language = look.language;
    let late = numbers.lists.late.iter().filter(|line| line.answered_at.is_none()).count();
    let mut facts = Vec::new();
    if late > 0 {
        facts.push(language.late_count(late));
    }
    let (reached, aimed) = journey::reached(&numbers.standing.milestones);
    if name == ReportName::Yearly && aimed > 0 {
        facts.push(language.milestone_count(reached, aimed));
    }
    if name == ReportName::Daily && numbers.is_quiet() {
        return vec![language.quiet_day()];
    }
    facts.push(language.inquiry_count(numbers.inquiries));
    if numbers.responses.reply_rate.is_some() {
        facts.push(language.answered_of(&figures::percent(numbers.responses.reply_rate)));
    }
    if numbers.deeds.orders() > 0 {
        facts.push(language.order_count(numbers.deeds.orders()));
    }
    if name == ReportName::Monthly && !numbers.lists.a_buyers.is_empty() {
        facts.push(language.a_buyer_count(numbers.lists.a_buyers.len()));
    }
    facts
}

/// What each report tells, what needs somebody first.
fn sections(name: ReportName, numbers: &Numbers, look: &Look) -> Vec<Section> {
    type Make = fn(&Numbers, &Look) -> Option<Section>;
    const DAILY: &[Make] = &[
        replies::late,
        buyers::done,
        buyers::samples,
        departures::removed,
        departures::forwarded,
        shares::grades,
        shares::countries,
    ];
    const WEEKLY: &[Make] = &[
        replies::late,
        buyers::samples,
        buyers::quiet,
        departures::removed,
        departures::forwarded,
        replies::people,
        news::newsletters,
        buyers::entries,
        shares::grades,
        shares::sources,
        shares::countries,
        shares::products,
    ];
    const MONTHLY: &[Make] = &[
        buyers::a_buyers,
        replies::late,
        buyers::quiet,
        buyers::dormant,
        buyers::samples,
        departures::removed,
        departures::forwarded,
        replies::people,
        journey::milestones,
        journey::funnel,
        news::newsletters,
        buyers::entries,
        shares::grades,
        shares::sources,
        shares::countries,
        shares::products,
        shares::pairings,
        shares::prices,
        journey::completeness,
    ];
    const YEARLY: &[Make] = &[
        journey::milestones,
        journey::funnel,
        journey::channels,
        replies::people,
        shares::countries,
        shares::products,
        shares::pairings,
        shares::prices,
        shares::sources,
        shares::grades,
        buyers::a_buyers,
        buyers::dormant,
        journey::completeness,
    ];
    let makers = match name {
        ReportName::Daily => DAILY,
        ReportName::Weekly => WEEKLY,
        ReportName::Monthly | ReportName::Quarterly => MONTHLY,
        ReportName::Yearly => YEARLY,
    };
    makers.iter().filter_map(|make| make(numbers, look)).collect()
}

/// How many lines of a section are shown: links are what makes a mail long, so that lines without them stay.
fn room(section: &Section, most: usize) -> usize {
    if section.rows.iter().any(|row| !row.actions.is_empty()) { most } else { section::SHOWN }
}

fn shown(section: &Section, most: usize, numbers: &Numbers, look: &Look) -> SectionView {
    let rows: Vec<Row> = section.rows.iter().take(room(section, most)).cloned().collect();
    let more = section.more + section.rows.len() - rows.len();
    let is_plan = section.title == words::MILESTONES.of(look.language);
    let hint = if is_plan { plan_year(numbers, look) } else { section.hint.to_owned() };
    SectionView { title: section.title, hint, rows, more: (more > 0).then(|| look.language.more_in_workbook(more)) }
}

fn plan_year(numbers: &Numbers, look: &Look) -> String {
    let Some(year) = numbers.standing.plan_year else { return String::new() };
    let date = |day| figures::date(day, look.language);
    look.language.plan_year(year.number, &date(year.first), &date(year.last))
}

fn attachment(name: ReportName, numbers: &Numbers, sections: Vec<Section>, look: &Look) -> Attachment {
    let mut sheets: Vec<Sheet> = vec![replies::summary(numbers, look)];
    sheets.extend(replies::record(numbers, look));
    sheets.extend(sections.into_iter().filter_map(|section| section.sheet));
    let file = format!("{}-{}.xlsx", name.as_str(), numbers.period.first);
    Attachment::xlsx(file, workbook(&sheets, when::wall(numbers.at, look)))
}
