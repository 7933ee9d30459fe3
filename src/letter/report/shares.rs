//! Inquiries by grade, source, country and product, and prices.

use super::figures;
use super::replies::{country, joined};
use super::section::{Row, Section, SheetOf, number};
use crate::grade::Grade;
use crate::letter::words::report as words;
use crate::letter::workbook::{Cell, Sheet};
use crate::letter::{Look, plain};
use crate::report::{Numbers, Pairing, PriceLine, PriceRange, Share, Trend};

pub(super) fn grades(numbers: &Numbers, look: &Look) -> Option<Section> {
    let mut grades: Vec<&Share> = numbers.grades.iter().collect();
    grades.sort_by(|one, other| one.name.cmp(&other.name));
    let largest = largest(&numbers.grades);
    let row = |share: &&Share| row(share, largest, String::new()).graded(Grade::from_letter(&share.name));
    let section = Section::of((words::GRADES, ""), &grades, look.language, row)?;
    Some(section.sheet(sheet(words::GRADES, words::GRADE, &numbers.grades, look, Clone::clone)))
}

pub(super) fn sources(numbers: &Numbers, look: &Look) -> Option<Section> {
    let name = |name: &String| look.language.source(name);
    shares((words::SOURCES, ""), words::SOURCE, &numbers.sources, look, name)
}

/// The most first, and beside them what changed most.
pub(super) fn countries(numbers: &Numbers, look: &Look) -> Option<Section> {
    let hint = words::COUNTRIES_HINT.of(look.language);
    shares((words::COUNTRIES, hint), words::COUNTRY, &numbers.countries, look, |code| named_country(code, look))
}

pub(super) fn products(numbers: &Numbers, look: &Look) -> Option<Section> {
    shares((words::PRODUCTS, ""), words::PRODUCT, &numbers.products, look, |name| known(name, look))
}

fn shares(
    title: (words::Phrase, &'static str),
    column: words::Phrase,
    shares: &[Share],
    look: &Look,
    name: impl Fn(&String) -> String,
) -> Option<Section> {
    let largest = largest(shares);
    let section = Section::of(title, shares, look.language, |share| row(share, largest, name(&share.name)))?;
    Some(section.sheet(sheet(title.0, column, shares, look, name)))
}

fn row(share: &Share, largest: u64, label: String) -> Row {
    Row::new(label, figures::count(share.inquiries))
        .bar(figures::bar(share.inquiries, largest))
        .change(figures::change(share.inquiries, share.before))
}

fn sheet(
    title: words::Phrase,
    column: words::Phrase,
    shares: &[Share],
    look: &Look,
    name: impl Fn(&String) -> String,
) -> Sheet {
    let sheet = SheetOf::new(title, look.language).text(column, 24).figure(words::INQUIRIES).figure(words::BEFORE);
    let sheet = sheet.figure(words::CHANGE).bars(&[1, 2]);
    let change = |share: &Share| {
        let signed = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        Cell::Count(signed(share.inquiries) - signed(share.before))
    };
    sheet.rows(
        shares.iter().map(|share| {
            vec![Cell::Text(name(&share.name)), number(share.inquiries), number(share.before), change(share)]
        }),
    )
}

fn largest(shares: &[Share]) -> u64 {
    shares.iter().map(|share| share.inquiries).max().unwrap_or(0)
}

/// Which product suits which country, and which fades.
pub(super) fn pairings(numbers: &Numbers, look: &Look) -> Option<Section> {
    let language = look.language;
    let largest = numbers.pairings.iter().map(|pairing| pairing.inquiries).max().unwrap_or(0);
    let row = |pairing: &Pairing| {
        let trend = Trend::of(pairing.inquiries, pairing.before);
        let sign = match trend {
            Trend::New | Trend::Growing => "▲",
            Trend::Steady => "→",
            Trend::Fading => "▼",
        };
        let label = format!("{} × {}", known(&pairing.product, look), named_country(&pairing.country, look));
        Row::new(label, figures::count(pairing.inquiries))
            .bar(figures::bar(pairing.inquiries, largest))
            .change(format!("{sign} {}", language.trend(trend)))
    };
    let title = (words::PAIRINGS, words::PAIRINGS_HINT.of(language));
    let section = Section::of(title, &numbers.pairings, language, row)?;
    Some(section.sheet(pairing_sheet(&numbers.pairings, look)))
}

fn pairing_sheet(pairings: &[Pairing], look: &Look) -> Sheet {
    let sheet = SheetOf::new(words::PAIRINGS, look.language).text(words::PRODUCT, 24).text(words::COUNTRY, 18);
    let sheet = sheet.figure(words::INQUIRIES).figure(words::BEFORE).text(words::CHANGE, 12);
    sheet.rows(pairings.iter().map(|pairing| {
        let trend = look.language.trend(Trend::of(pairing.inquiries, pairing.before));
        let names = [known(&pairing.product, look), named_country(&pairing.country, look)].map(Cell::Text);
        names.into_iter().chain([number(pairing.inquiries), number(pairing.before), Cell::text(trend)]).collect()
    }))
}

/// What buyers want to pay, and what we quoted.
pub(super) fn prices(numbers: &Numbers, look: &Look) -> Option<Section> {
    let language = look.language;
    let range = |label: words::Phrase, range: &PriceRange, currency: &str| {
        let median = language.money(&figures::amount(range.median?), currency);
        let (lowest, highest) = (figures::amount(range.lowest?), figures::amount(range.highest?));
        let spread =
            if range.count > 1 { format!(" ({lowest}–{highest}, {}×)", range.count) } else { String::new() };
        Some(format!("{} {median}{spread}", label.of(language)))
    };
    let row = |line: &PriceLine| {
        let label = format!("{} × {}", known(&line.product, look), named_country(&line.country, look));
        let parts =
            [range(words::TARGET, &line.target, line.currency), range(words::QUOTED, &line.quoted, line.currency)];
        Row::new(label, "").detail(joined(&parts))
    };
    let title = (words::PRICES, words::PRICES_HINT.of(language));
    let section = Section::of(title, &numbers.prices, language, row)?;
    Some(section.sheet(price_sheet(&numbers.prices, look)))
}

fn price_sheet(prices: &[PriceLine], look: &Look) -> Sheet {
    let language = look.language;
    let sheet = SheetOf::new(words::PRICES, language).text(words::PRODUCT, 24).text(words::COUNTRY, 18);
    let sheet = sheet.text(words::PRICES, 14).text(words::CURRENCY, 9).figure(words::CASES);
    let sheet = sheet.figure(words::LOWEST).figure(words::MEDIAN_PRICE).figure(words::HIGHEST);
    let lines = prices.iter().flat_map(|line| {
        [(words::TARGET, &line.target), (words::QUOTED, &line.quoted)].map(|(kind, range)| (line, kind, range))
    });
    let lines = lines.filter(|(.., range)| range.count > 0);
    sheet.rows(lines.map(|(line, kind, range)| {
        let money = |amount: Option<f64>| match amount {
            Some(amount) if line.currency.is_empty() => Cell::Number(amount),
            Some(amount) => Cell::Money { amount, currency: line.currency.to_owned() },
            None => Cell::Empty,
        };
        let names = [known(&line.product, look), named_country(&line.country, look)].map(Cell::Text);
        let figures = [number(range.count), money(range.lowest), money(range.median), money(range.highest)];
        let kinds = [Cell::text(kind.of(language)), Cell::text(line.currency)];
        names.into_iter().chain(kinds).chain(figures).collect()
    }))
}

fn known(name: &str, look: &Look) -> String {
    if name.is_empty() { words::NOT_KNOWN.of(look.language).to_owned() } else { plain::line(name, 60) }
}

fn named_country(code: &str, look: &Look) -> String {
    country(Some(code), look).unwrap_or_else(|| words::NOT_KNOWN.of(look.language).to_owned())
}
