//! Lists of buyers, and what was done for them.

use super::figures;
use super::replies::{country, joined, whose};
use super::section::{Row, Section, SheetOf, number};
use crate::buyer::EventKind;
use crate::clock::UnixTime;
use crate::letter::words::report as words;
use crate::letter::workbook::{Cell, Sheet};
use crate::letter::{Look, when};
use crate::report::{BuyerLine, Entry, Numbers, SampleLine, SampleState};
use crate::staff::Matter;

/// The A buyers and how they stand.
pub(super) fn a_buyers(numbers: &Numbers, look: &Look) -> Option<Section> {
    buyers((words::A_BUYERS, words::A_BUYERS_HINT), &numbers.lists.a_buyers, numbers.at, look)
}

/// Who went quiet.
pub(super) fn quiet(numbers: &Numbers, look: &Look) -> Option<Section> {
    buyers((words::QUIET, words::QUIET_HINT), &numbers.lists.quiet, numbers.at, look)
}

/// Who is worth waking.
pub(super) fn dormant(numbers: &Numbers, look: &Look) -> Option<Section> {
    buyers((words::DORMANT, words::DORMANT_HINT), &numbers.lists.dormant, numbers.at, look)
}

fn buyers(
    (title, hint): (words::Phrase, words::Phrase),
    buyers: &[BuyerLine],
    now: UnixTime,
    look: &Look,
) -> Option<Section> {
    let language = look.language;
    let row = |buyer: &BuyerLine| {
        let contact = language.last_contact(&figures::day(buyer.last_contact, now, look));
        let parts = [
            Some(buyer.person.clone()),
            country(buyer.country.as_deref(), look),
            buyer.owner.clone(),
            language.graded_for(buyer.grade, &buyer.why),
            Some(contact),
            (buyer.waiting > 0).then(|| language.waiting_inquiries(buyer.waiting)),
            Some(buyer.subject.clone()),
        ];
        // The list of the A buyers is read; the others ask for something.
        let asks = look.actions.as_ref().filter(|_| title != words::A_BUYERS);
        let links = asks.map(|actions| actions.few(Matter::Buyer(buyer.id), language));
        Row::new(format!("{} {}", Matter::Buyer(buyer.id), buyer.buyer), language.stage(buyer.stage))
            .graded(buyer.grade)
            .detail(joined(&parts))
            .actions(links.unwrap_or_default())
    };
    let section = Section::of((title, hint.of(language)), buyers, language, row)?;
    Some(section.sheet(buyer_sheet(title, buyers, look)))
}

fn buyer_sheet(title: words::Phrase, buyers: &[BuyerLine], look: &Look) -> Sheet {
    let language = look.language;
    let sheet = SheetOf::new(title, language)
        .text(words::NUMBER, 9)
        .text(words::BUYER, 28)
        .text(words::PERSON, 20)
        .text(words::COUNTRY, 16)
        .text(words::GRADE, 7)
        .long(words::WHY)
        .text(words::STAGE, 16)
        .text(words::OWNER, 16)
        .moment(words::LAST_CONTACT)
        .figure(words::INQUIRIES)
        .figure(words::WAITING)
        .long(words::SUBJECT);
    sheet.rows(buyers.iter().map(|buyer| {
        vec![
            Cell::Text(Matter::Buyer(buyer.id).to_string()),
            Cell::Text(buyer.buyer.clone()),
            Cell::Text(buyer.person.clone()),
            country(buyer.country.as_deref(), look).into(),
            buyer.grade.map(|grade| grade.as_str().to_owned()).into(),
            language.grounds(&buyer.why).into(),
            Cell::text(language.stage(buyer.stage)),
            buyer.owner.clone().into(),
            Cell::moment(buyer.last_contact, &look.time_zone),
            number(buyer.inquiries),
            number(buyer.waiting),
            Cell::Text(buyer.subject.clone()),
        ]
    }))
}

/// How the samples stand.
pub(super) fn samples(numbers: &Numbers, look: &Look) -> Option<Section> {
    let language = look.language;
    let row = |sample: &SampleLine| {
        let parts = [
            country(sample.country.as_deref(), look),
            sample.owner.clone(),
            Some(figures::day(sample.since, numbers.at, look)),
            Some(sample.detail.clone()),
        ];
        Row::new(format!("{} {}", Matter::Buyer(sample.buyer_id), sample.buyer), language.sample_state(sample.state))
            .detail(joined(&parts))
            .urgent(sample.state == SampleState::Asked)
    };
    let samples = &numbers.lists.samples;
    let section = Section::of((words::SAMPLES, words::SAMPLES_HINT.of(language)), samples, language, row)?;
    let sheet = SheetOf::new(words::SAMPLES, language)
        .text(words::NUMBER, 9)
        .text(words::BUYER, 28)
        .text(words::COUNTRY, 16)
        .text(words::OWNER, 16)
        .text(words::STATE, 18)
        .moment(words::SINCE)
        .long(words::NOTE);
    let cells = |sample: &SampleLine| {
        vec![
            Cell::Text(Matter::Buyer(sample.buyer_id).to_string()),
            Cell::Text(sample.buyer.clone()),
            country(sample.country.as_deref(), look).into(),
            sample.owner.clone().into(),
            Cell::text(language.sample_state(sample.state)),
            Cell::moment(sample.since, &look.time_zone),
            Cell::Text(sample.detail.clone()),
        ]
    };
    Some(section.sheet(sheet.rows(samples.iter().map(cells))))
}

/// Something that one of us did for a buyer.
struct Deed<'a> {
    at: UnixTime,
    who: &'a str,
    buyer_id: i64,
    buyer: &'a str,
    country: Option<&'a str>,
    what: String,
    detail: &'a str,
}

fn deed<'a>(entry: &'a Entry, look: &Look) -> Deed<'a> {
    Deed {
        at: entry.at,
        who: entry.by_whom.as_deref().or(entry.owner.as_deref()).unwrap_or_default(),
        buyer_id: entry.buyer_id,
        buyer: &entry.buyer,
        country: entry.country.as_deref(),
        what: look.language.event(entry.what),
        detail: &entry.detail,
    }
}

/// Who followed up whom, and with what result: entries and mails, oldest first.
pub(super) fn done(numbers: &Numbers, look: &Look) -> Option<Section> {
    let entries = numbers.lists.entries.iter().map(|entry| deed(entry, look));
    let mails = numbers.lists.written.iter().map(|mail| Deed {
        at: mail.at,
        who: mail.by_whom.as_deref().unwrap_or_default(),
        buyer_id: mail.buyer_id,
        buyer: &mail.buyer,
        country: mail.country.as_deref(),
        what: words::WROTE.of(look.language).to_owned(),
        detail: &mail.subject,
    });
    let mut deeds: Vec<Deed<'_>> = entries.chain(mails).collect();
    deeds.sort_by_key(|deed| deed.at);
    deeds_section((words::DONE, words::DONE_HINT.of(look.language)), &deeds, numbers.at, look)
}

/// Quotes, samples, visits and orders.
pub(super) fn entries(numbers: &Numbers, look: &Look) -> Option<Section> {
    let counts = |entry: &&Entry| {
        matches!(
            entry.what,
            EventKind::Quote | EventKind::SampleSent | EventKind::SampleResult | EventKind::FactoryVisit
        ) || entry.what.stage().is_some_and(crate::buyer::Stage::is_order)
    };
    let deeds: Vec<Deed<'_>> = numbers.lists.entries.iter().filter(counts).map(|entry| deed(entry, look)).collect();
    deeds_section((words::ENTRIES, ""), &deeds, numbers.at, look)
}

fn deeds_section(
    title: (words::Phrase, &'static str),
    deeds: &[Deed<'_>],
    now: UnixTime,
    look: &Look,
) -> Option<Section> {
    let language = look.language;
    let row = |deed: &Deed<'_>| {
        let when = when::moment(deed.at, now, look);
        let parts = [country(deed.country, look), Some(deed.what.clone()), Some(deed.detail.to_owned())];
        let label = format!("{} → {} {}", whose(deed.who, look), Matter::Buyer(deed.buyer_id), deed.buyer);
        Row::new(label, when).detail(joined(&parts))
    };
    let section = Section::of(title, deeds, language, row)?;
    let sheet = SheetOf::new(title.0, language)
        .moment(words::DAY)
        .text(words::WHO, 20)
        .text(words::NUMBER, 9)
        .text(words::BUYER, 28)
        .text(words::COUNTRY, 16)
        .text(words::WHAT, 14)
        .long(words::NOTE);
    let cells = |deed: &Deed<'_>| {
        vec![
            Cell::moment(deed.at, &look.time_zone),
            Cell::Text(whose(deed.who, look)),
            Cell::Text(Matter::Buyer(deed.buyer_id).to_string()),
            Cell::text(deed.buyer),
            country(deed.country, look).into(),
            Cell::text(deed.what.as_str()),
            Cell::text(deed.detail),
        ]
    };
    Some(section.sheet(sheet.rows(deeds.iter().map(cells))))
}
