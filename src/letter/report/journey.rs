//! The funnel, the year's milestones, the channels, and how complete the cards are.

use super::figures;
use super::section::{Row, Section, SheetOf, number, share};
use crate::letter::words::report as words;
use crate::letter::workbook::Cell;
use crate::letter::{Language, Look};
use crate::report::{Completeness, FunnelStep, Goal, Milestone, Numbers};

/// From potential to repeat order.
pub(super) fn funnel(numbers: &Numbers, look: &Look) -> Option<Section> {
    let language = look.language;
    let steps = &numbers.standing.funnel;
    let all = steps.first().map_or(0, |step| step.reached);
    if all == 0 {
        return None;
    }
    let row = |step: &FunnelStep| {
        Row::new(language.stage(step.stage), figures::count(step.reached))
            .bar(figures::bar(step.reached, all))
            .change(step.conversion.map(|share| figures::percent(Some(share))).unwrap_or_default())
            .detail(format!("{} {}", words::HERE.of(language), figures::count(step.here)))
    };
    let section = Section::of((words::FUNNEL, words::FUNNEL_HINT.of(language)), steps, language, row)?;
    let sheet = SheetOf::new(words::FUNNEL, language).text(words::STAGE, 20).figure(words::REACHED);
    let sheet = sheet.figure(words::HERE).figure(words::CONVERSION).bars(&[1]);
    let cells = |step: &FunnelStep| {
        vec![Cell::text(language.stage(step.stage)), number(step.reached), number(step.here), share(step.conversion)]
    };
    Some(section.sheet(sheet.rows(steps.iter().map(cells))))
}

/// How far the year of the plan is.
pub(super) fn milestones(numbers: &Numbers, look: &Look) -> Option<Section> {
    let language = look.language;
    let row = |milestone: &Milestone| {
        let row = Row::new(language.goal(milestone.goal), figures::count(milestone.reached));
        let Some(target) = milestone.target else { return row };
        let aim = if milestone.goal.is_ceiling() { Language::at_most } else { Language::of_target };
        row.bar(figures::bar(milestone.reached, target))
            .change(figures::percent(crate::report::share(milestone.reached, target)))
            .detail(aim(language, &figures::count(target)))
            .urgent(milestone.goal.is_ceiling() && milestone.reached > target)
    };
    let section = Section::of((words::MILESTONES, ""), &numbers.standing.milestones, language, row)?;
    let sheet = SheetOf::new(words::MILESTONES, language).text(words::WHAT, 26).figure(words::REACHED);
    let sheet = sheet.figure(words::TARGET_OF_YEAR).bars(&[1, 2]);
    let cells = |milestone: &Milestone| {
        let target = milestone.target.map_or(Cell::Empty, number);
        vec![Cell::text(language.goal(milestone.goal)), number(milestone.reached), target]
    };
    Some(section.sheet(sheet.rows(numbers.standing.milestones.iter().map(cells))))
}

/// Milestones that are reached, of those that have a target.
pub(super) fn reached(milestones: &[Milestone]) -> (usize, usize) {
    let aimed = || milestones.iter().filter_map(|one| Some((one.goal, one.reached, one.target?)));
    let is_reached =
        |goal: Goal, reached, target| if goal.is_ceiling() { reached <= target } else { reached >= target };
    (aimed().filter(|(goal, reached, target)| is_reached(*goal, *reached, *target)).count(), aimed().count())
}

/// By which channels orders come.
pub(super) fn channels(numbers: &Numbers, look: &Look) -> Option<Section> {
    let language = look.language;
    let channels = &numbers.standing.channels;
    let all: u64 = channels.iter().map(|(_, orders)| orders).sum();
    let row = |(source, orders): &(String, u64)| {
        Row::new(language.source(source), figures::count(*orders))
            .bar(figures::bar(*orders, all))
            .change(figures::percent(crate::report::share(*orders, all)))
    };
    let section = Section::of((words::CHANNELS, words::CHANNELS_HINT.of(language)), channels, language, row)?;
    let sheet = SheetOf::new(words::CHANNELS, language).text(words::SOURCE, 24).figure(words::ORDERS).bars(&[1]);
    let cells = |(source, orders): &(String, u64)| vec![Cell::Text(language.source(source)), number(*orders)];
    Some(section.sheet(sheet.rows(channels.iter().map(cells))))
}

/// How complete the cards are.
pub(super) fn completeness(numbers: &Numbers, look: &Look) -> Option<Section> {
    let language = look.language;
    let Completeness { buyers, name, company, country, phone, owner, graded } = &numbers.standing.completeness;
    if *buyers == 0 {
        return None;
    }
    let fields = [
        (words::NAME, *name),
        (words::COMPANY, *company),
        (words::COUNTRY, *country),
        (words::PHONE, *phone),
        (words::OWNER, *owner),
        (words::GRADE, *graded),
    ];
    let row = |(field, share): &(words::Phrase, Option<f64>)| {
        let hundredths = share.map_or(0, |share| figures::bar(whole_percent(share), 100));
        Row::new(field.of(language), figures::percent(*share)).bar(hundredths)
    };
    let section = Section::of((words::COMPLETENESS, ""), &fields, language, row)?;
    let sheet = SheetOf::new(words::COMPLETENESS, language).text(words::WHAT, 20).figure(words::REACHED);
    let cells = |(field, of): &(words::Phrase, Option<f64>)| vec![Cell::text(field.of(language)), share(*of)];
    Some(section.sheet(sheet.rows(fields.iter().map(cells))))
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 100")]
fn whole_percent(share: f64) -> u64 {
    (share * 100.0).round().clamp(0.0, 100.0) as u64
}
