//! Replies: how many, how soon, whose, and which came late.

use super::figures;
use super::section::{Row, Section, SheetOf, hours, number, share};
use crate::letter::words::report as words;
use crate::letter::workbook::{Cell, Sheet};
use crate::letter::{Look, countries, plain, when};
use crate::report::{Numbers, PersonResult, RecordLine, Responses};
use crate::staff::Matter;
use serde::Serialize;

/// A key figure, and what it was before.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Tile {
    pub label: &'static str,
    pub value: String,
    pub before: String,
}

/// The figures that stand first.
pub(super) fn tiles(numbers: &Numbers, look: &Look) -> Vec<Tile> {
    let language = look.language;
    let (now, before) = (&numbers.responses, &numbers.responses_before);
    let tile = |label: words::Phrase, value: String, before: String| Tile {
        label: label.of(language),
        value,
        before: language.was(&before),
    };
    let percent =
        |label, of: fn(&Responses) -> Option<f64>| tile(label, figures::percent(of(now)), figures::percent(of(before)));
    let time = |label, of: fn(&Responses) -> Option<i64>| {
        tile(label, figures::duration(of(now), language), figures::duration(of(before), language))
    };
    vec![
        tile(words::NEW_INQUIRIES, figures::count(numbers.inquiries), figures::count(numbers.inquiries_before)),
        percent(words::REPLY_RATE, |responses| responses.reply_rate),
        time(words::MEDIAN, |responses| responses.median_worked),
        time(words::NINETIETH, |responses| responses.ninetieth_worked),
        percent(words::WITHIN_2H, |responses| responses.within_2h),
        percent(words::WITHIN_24H, |responses| responses.within_24h),
    ]
}

/// Both periods side by side, for the workbook.
pub(super) fn summary(numbers: &Numbers, look: &Look) -> Sheet {
    let language = look.language;
    let sheet = SheetOf::new(words::SUMMARY, language);
    let sheet = sheet.text(words::WHAT, 34).figure(words::CASES).figure(words::BEFORE);
    let (now, before) = (&numbers.responses, &numbers.responses_before);
    let counts: [(words::Phrase, u64, u64); 5] = [
        (words::NEW_INQUIRIES, numbers.inquiries, numbers.inquiries_before),
        (words::RECEIVED, now.received, before.received),
        (words::ANSWERED, now.answered, before.answered),
        (words::WAITING, now.waiting, before.waiting),
        (words::EXCUSED, now.excused, before.excused),
    ];
    let shares: [(words::Phrase, Option<f64>, Option<f64>); 3] = [
        (words::REPLY_RATE, now.reply_rate, before.reply_rate),
        (words::WITHIN_2H, now.within_2h, before.within_2h),
        (words::WITHIN_24H, now.within_24h, before.within_24h),
    ];
    let times: [(String, Option<i64>, Option<i64>); 4] = [
        (timed(words::MEDIAN, words::WORKING_HOURS, look), now.median_worked, before.median_worked),
        (timed(words::NINETIETH, words::WORKING_HOURS, look), now.ninetieth_worked, before.ninetieth_worked),
        (timed(words::MEDIAN, words::ELAPSED, look), now.median_elapsed, before.median_elapsed),
        (timed(words::NINETIETH, words::ELAPSED, look), now.ninetieth_elapsed, before.ninetieth_elapsed),
    ];
    let line = |label: &str, now: Cell, before: Cell| vec![Cell::text(label), now, before];
    let new_buyers = line(words::NEW_BUYERS.of(language), number(numbers.new_buyers), Cell::Empty);
    let counts = counts.map(|(label, now, before)| line(label.of(language), number(now), number(before)));
    let shares = shares.map(|(label, now, before)| line(label.of(language), share(now), share(before)));
    let times = times.map(|(label, now, before)| line(&label, hours(now), hours(before)));
    sheet.rows(counts.into_iter().chain([new_buyers]).chain(shares).chain(times))
}

fn timed(what: words::Phrase, how: words::Phrase, look: &Look) -> String {
    format!("{}{}{}", what.of(look.language), look.language.words().colon, how.of(look.language))
}

/// Which replies came late, or are still to come: those that wait first.
pub(super) fn late(numbers: &Numbers, look: &Look) -> Option<Section> {
    let language = look.language;
    let mut late: Vec<&RecordLine> = numbers.lists.late.iter().collect();
    late.sort_by_key(|line| line.answered_at.is_some());
    let row = |line: &&RecordLine| {
        let waits = line.answered_at.is_none();
        let took = match line.worked.filter(|_| !waits) {
            Some(worked) => format!("{} {}", words::ANSWERED_LATE.of(language), when::wait(worked, language)),
            None => {
                format!("{} {}", words::STILL_WAITING.of(language), when::wait(numbers.at - line.received_at, language))
            }
        };
        let why = language.graded_for(line.grade, &line.why);
        let who = [Some(line.buyer.clone()), country(line.country.as_deref(), look), line.owner.clone(), why];
        let matter = Matter::Inquiry(line.id);
        let links = look.actions.as_ref().filter(|_| waits).map(|actions| actions.few(matter, language));
        Row::new(format!("{matter} {}", line.subject), took)
            .graded(line.grade)
            .detail(joined(&who))
            .urgent(waits)
            .actions(links.unwrap_or_default())
    };
    let section = Section::of((words::LATE, words::LATE_HINT.of(language)), &late, language, row)?;
    Some(section.sheet(record_sheet(words::LATE, late.into_iter(), look)))
}

/// What each of our people achieved.
pub(super) fn people(numbers: &Numbers, look: &Look) -> Option<Section> {
    let language = look.language;
    let mut people: Vec<&PersonResult> = numbers.people.iter().collect();
    people.sort_by_key(|person| (person.person.is_empty(), std::cmp::Reverse(person.responses.received)));
    let row = |person: &&PersonResult| {
        let responses = &person.responses;
        let value = format!("{}/{}", figures::count(responses.answered), figures::count(responses.received));
        let said = |label: words::Phrase, number: u64| (number > 0).then(|| format!("{} {number}", label.of(language)));
        let parts = [
            Some(format!("{} {}", words::REPLY_RATE.of(language), figures::percent(responses.reply_rate))),
            Some(format!("{} {}", words::MEDIAN.of(language), figures::duration(responses.median_worked, language))),
            said(words::A_INQUIRIES, person.a_inquiries),
            said(words::MAILS, person.mails),
            said(words::CONTACTS, person.deeds.contacts),
            said(words::QUOTES, person.deeds.quotes),
            said(words::SAMPLES_SENT, person.deeds.samples),
            said(words::VISITS, person.deeds.factory_visits),
            said(words::ORDERS, person.deeds.orders()),
            said(words::FOLLOW_UPS, person.asked),
        ];
        Row::new(whose(&person.person, look), value).detail(joined(&parts))
    };
    let section = Section::of((words::PEOPLE, words::PEOPLE_HINT.of(language)), &people, language, row)?;
    Some(section.sheet(people_sheet(&people, look)))
}

fn people_sheet(people: &[&PersonResult], look: &Look) -> Sheet {
    let sheet = SheetOf::new(words::PEOPLE, look.language).text(words::OWNER, 20);
    let sheet =
        [words::RECEIVED, words::ANSWERED, words::WAITING, words::REPLY_RATE, words::WITHIN_2H, words::WITHIN_24H]
            .into_iter()
            .fold(sheet, SheetOf::figure)
            .figure(words::WORKING_HOURS);
    let deeds = [
        words::A_INQUIRIES,
        words::MAILS,
        words::CONTACTS,
        words::QUOTES,
        words::SAMPLES_SENT,
        words::VISITS,
        words::ORDERS,
        words::FOLLOW_UPS,
    ];
    let sheet = deeds.into_iter().fold(sheet, SheetOf::figure).bars(&[1, 2]);
    sheet.rows(people.iter().map(|person| {
        let (responses, deeds) = (&person.responses, &person.deeds);
        let counts = [
            person.a_inquiries,
            person.mails,
            deeds.contacts,
            deeds.quotes,
            deeds.samples,
            deeds.factory_visits,
            deeds.orders(),
            person.asked,
        ];
        let mut cells = vec![Cell::Text(whose(&person.person, look))];
        cells.extend([responses.received, responses.answered, responses.waiting].map(number));
        cells.extend([responses.reply_rate, responses.within_2h, responses.within_24h].map(share));
        cells.push(hours(responses.median_worked));
        cells.extend(counts.map(number));
        cells
    }))
}

/// The record of every inquiry.
pub(super) fn record(numbers: &Numbers, look: &Look) -> Option<Sheet> {
    let record = &numbers.lists.record;
    (!record.is_empty()).then(|| record_sheet(words::RECORD, record.iter(), look))
}

fn record_sheet<'a>(title: words::Phrase, lines: impl Iterator<Item = &'a RecordLine>, look: &Look) -> Sheet {
    let sheet = SheetOf::new(title, look.language)
        .text(words::NUMBER, 9)
        .moment(words::RECEIVED_AT)
        .text(words::BUYER, 26)
        .text(words::COUNTRY, 14)
        .text(words::GRADE, 7)
        .long(words::WHY)
        .long(words::SUBJECT)
        .text(words::PRODUCT, 20)
        .text(words::SOURCE, 14)
        .text(words::OWNER, 16)
        .moment(words::ANSWERED_AT)
        .figure(words::WORKING_HOURS)
        .text(words::ANSWERED_BY, 22)
        .text(words::NOTE, 24);
    let moment = |at| Cell::moment(at, &look.time_zone);
    sheet.rows(lines.map(|line| {
        vec![
            Cell::Text(Matter::Inquiry(line.id).to_string()),
            moment(line.received_at),
            Cell::Text(line.buyer.clone()),
            country(line.country.as_deref(), look).into(),
            line.grade.map(|grade| grade.as_str().to_owned()).into(),
            look.language.grounds(&line.why).into(),
            Cell::Text(line.subject.clone()),
            Cell::Text(line.products.join(", ")),
            Cell::Text(look.language.source(&line.source)),
            line.owner.clone().into(),
            line.answered_at.map_or(Cell::Empty, moment),
            hours(line.worked),
            line.answered_by.clone().into(),
            line.excuse.clone().into(),
        ]
    }))
}

/// A country's name, where it is known.
pub(super) fn country(code: Option<&str>, look: &Look) -> Option<String> {
    code.filter(|code| !code.is_empty()).map(|code| countries::name(code, look.language).to_owned())
}

/// A person's name, or that it is nobody's.
pub(super) fn whose(person: &str, look: &Look) -> String {
    if person.is_empty() { words::NOBODY.of(look.language).to_owned() } else { plain::line(person, 60) }
}

/// What is there, with points between.
pub(super) fn joined(parts: &[Option<String>]) -> String {
    parts.iter().flatten().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join(" · ")
}
