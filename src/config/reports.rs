//! The `[report]` and `[plan]` sections: which reports come when and to whom, and what the years should bring.

use super::settings::ReportSettings;
use crate::report::{Goal, Plan, Recipient, Recurrence, ReportName, ReportPlan};
use crate::staff::{Role, Staff};
use crate::written::reader::{Found, Mistake, Reader};
use crate::written::tree::Value;
use crate::written::values::{boolean, date, integer, text, time_of_day, weekday};
use jiff::civil::{Time, Weekday};
use jiff::tz::TimeZone;
use std::collections::BTreeMap;

const MORNING: Time = Time::constant(8, 0, 0, 0);
const EVENING: Time = Time::constant(18, 0, 0, 0);

/// `staff` is None where its section has mistakes of its own.
pub(super) fn reports(section: Reader<'_>, plan: Reader<'_>, zone: &TimeZone, staff: Option<&Staff>) -> ReportSettings {
    let heartbeat = section.or("heartbeat", boolean, true);
    let plans =
        ReportName::ALL.into_iter().filter_map(|name| report(name, section.section(name.as_str()), zone, staff));
    let plans = plans.collect();
    section.finish();
    ReportSettings { plans, heartbeat, plan: years(plan) }
}

/// None if nobody wants it.
fn report(name: ReportName, section: Reader<'_>, zone: &TimeZone, staff: Option<&Staff>) -> Option<ReportPlan> {
    let at = section.or("at", time_of_day, if name == ReportName::Daily { EVENING } else { MORNING });
    let day = day(name, &section);
    let usual = match name {
        ReportName::Daily | ReportName::Weekly => vec![Recipient::Role(Role::Manager)],
        _ => vec![Recipient::Role(Role::Manager), Recipient::Role(Role::GeneralManager)],
    };
    if section.is_empty_list("to") {
        section.wrong("to", Mistake::new("nobody would get it", "enabled = false, or leave this line out"));
    }
    let to = section.list("to", recipient);
    for stranger in to.iter().flatten().filter(|to| is_stranger(&to.value, staff)) {
        let remedy =
            "the address of somebody in [[staff]] or [team], or one of \"sales\", \"manager\", \"general_manager\"";
        section.wrong_at(stranger, Mistake::new("that is nobody of your people", remedy));
    }
    let to = to.map_or(usual, |to| to.into_iter().map(|found: Found<Recipient>| found.value).collect());
    let enabled = section.or("enabled", boolean, true);
    section.finish();
    let due = Recurrence { stretch: name.stretch(), day, at, zone: zone.clone() };
    enabled.then_some(ReportPlan { name, due, to })
}

/// The day of the period on which it comes, from 1.
fn day(name: ReportName, section: &Reader<'_>) -> u8 {
    let number = |last| u8::try_from(section.or("day", integer(1..=last), 1)).unwrap_or(1);
    match name {
        ReportName::Daily => 1,
        ReportName::Weekly => section.or("day", weekday, Weekday::Monday).to_monday_one_offset().unsigned_abs(),
        ReportName::Monthly => number(31),
        ReportName::Quarterly | ReportName::Yearly => number(90),
    }
}

fn recipient(value: &Value) -> Result<Recipient, Mistake> {
    let written = text(value)?;
    Ok(Role::parse(&written).map_or_else(|| Recipient::Person(written.to_lowercase()), Recipient::Role))
}

fn is_stranger(recipient: &Recipient, staff: Option<&Staff>) -> bool {
    match (recipient, staff) {
        (Recipient::Person(address), Some(staff)) => staff.at(address).is_none(),
        _ => false,
    }
}

fn years(section: Reader<'_>) -> Plan {
    let start = section.optional("start", date);
    let years = ["first_year", "second_year", "third_year"].map(|key| targets(section.section(key)));
    if start.is_none() && !section.has("start") && years[..2].iter().any(|year| !year.is_empty()) {
        section.missing("start", "the first day of the first year, e.g. \"2026-01-01\"");
    }
    section.finish();
    Plan { start, years }
}

fn targets(section: Reader<'_>) -> BTreeMap<Goal, u64> {
    let target = |goal: Goal| {
        let most = if goal.is_ceiling() { 100 } else { 1_000_000 };
        let target = section.optional(goal.as_str(), integer(1..=most))?;
        Some((goal, u64::try_from(target).ok()?))
    };
    let targets = Goal::ALL.into_iter().filter_map(target).collect();
    section.finish();
    targets
}
