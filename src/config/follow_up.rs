//! `[calendar]`, `[reminder]` and `[follow_up]`: working time, deadlines, and the rhythm in which buyers hear from us.

use super::Context;
use super::settings::{FollowUpSettings, ReminderSettings};
use crate::calendar::{DaysOff, WorkingCalendar, country as days_of};
use crate::follow_up::{Cadence, Deadlines, Times};
use crate::grade::Grade;
use crate::schedule::{Hours, Plan};
use crate::written::reader::{Mistake, Reader};
use crate::written::values::{boolean, country, days, duration, hours, integer, time_of_day, weekday};
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use std::time::Duration;

const HOUR: Duration = Duration::from_secs(3600);
const DAY: u64 = 24 * 3600;
const OFFICE_HOURS: Hours = Hours { from: Time::constant(8, 30, 0, 0), until: Time::constant(18, 0, 0, 0) };
const REMINDED: Hours = Hours { from: Time::constant(8, 0, 0, 0), until: Time::constant(20, 0, 0, 0) };
/// From this month on people arrange the next year, and China has announced its holidays.
const ANNOUNCED_IN: i8 = 11;

/// The company's working time.
pub(super) fn calendar(section: Reader<'_>, zone: &TimeZone) -> WorkingCalendar {
    let code = section.or("country", country, "CN".to_owned());
    let theirs = &days_of(&code).days_off;
    let open = section.list("hours", hours).map(|found| found.into_iter().map(|hours| hours.value).collect::<Vec<_>>());
    let open = open.unwrap_or_else(|| vec![OFFICE_HOURS]);
    if open.iter().any(|hours| hours.until < hours.from && hours.until != Time::midnight()) {
        let what = "working hours over midnight belong to two days";
        section.wrong("hours", Mistake::new(what, "write them as two, e.g. [\"20:00-24:00\", \"00:00-04:00\"]"));
    }
    if section.is_empty_list("hours") {
        section.wrong("hours", Mistake::new("nobody would ever work", "e.g. [\"08:30-12:00\", \"13:30-18:00\"]"));
    }
    let weekend = section.list("weekend", weekday);
    let weekend = weekend.map(|found| found.into_iter().map(|day| day.value).collect());
    let weekend: Vec<_> = weekend.unwrap_or_else(|| theirs.weekend.clone());
    if weekend.len() > 6 {
        section.wrong("weekend", Mistake::new("nobody would ever work", "leave a working day"));
    }
    let off = all_days(section.values("holidays", days));
    let work = all_days(section.values("workdays", days));
    if let Some(both) = off.iter().find(|day| work.contains(day)) {
        section
            .wrong("workdays", Mistake::new(format!("{both} is a holiday here, too"), "leave it in one of the lists"));
    }
    section.finish();
    let mut days_off = DaysOff { weekend, ..theirs.clone() };
    days_off.holidays.extend(off.iter().copied());
    days_off.make_up_days.extend(work.iter().copied());
    // The company's own word counts, whatever its country says.
    days_off.make_up_days.retain(|day| !off.contains(day));
    WorkingCalendar::new(zone.clone(), &open, days_off).of_country(&code, [off, work].concat())
}

fn all_days(spans: Vec<(Date, Date)>) -> Vec<Date> {
    let each =
        |(first, last): (Date, Date)| first.series(jiff::Span::new().days(1)).take_while(move |day| *day <= last);
    spans.into_iter().flat_map(each).collect()
}

/// The year whose make-up working days nobody has told, if it is time to know them.
pub fn unannounced_year(calendar: &WorkingCalendar, today: Date) -> Option<i16> {
    let next = today.year() + 1;
    let (this_year, next_year) = (today.year(), (today.month() >= ANNOUNCED_IN).then_some(next));
    [Some(this_year), next_year].into_iter().flatten().find(|year| calendar.awaits_announcement(*year))
}

pub(super) fn reminder(section: Reader<'_>) -> ReminderSettings {
    let usual = times(&section, Times { target: 2 * HOUR, limit: 24 * HOUR });
    let by_grade = section.section("grade");
    let grades = Grade::ALL.into_iter().filter(|grade| by_grade.has(grade.as_str()));
    let of_grade = |grade: Grade| {
        let of_grade = by_grade.section(grade.as_str());
        let times = times(&of_grade, usual);
        of_grade.finish();
        (grade, times)
    };
    let of_grades = grades.map(of_grade).collect();
    Grade::ALL.into_iter().for_each(|grade| by_grade.allow(&[grade.as_str()]));
    by_grade.finish();
    let deadlines = Deadlines {
        usual,
        by_grade: of_grades,
        fax: section.or("fax", duration, 12 * HOUR),
        near: section.or("near", duration, HOUR / 2),
        grace: section.or("grace", duration, HOUR / 2),
    };
    let hours = section.or("hours", hours, REMINDED);
    section.finish();
    ReminderSettings { deadlines, hours }
}

fn times(section: &Reader<'_>, default: Times) -> Times {
    let target = section.or("target", duration, default.target);
    let limit = section.or("limit", duration, default.limit);
    if target >= limit {
        let what = "the managers would be told before the team or together with it";
        let key = if section.has("limit") { "limit" } else { "target" };
        section.wrong(key, Mistake::new(what, "make limit longer than target"));
    }
    Times { target, limit }
}

/// `reminded` are the hours in which people may be reminded.
pub(super) fn follow_up(
    section: Reader<'_>,
    zone: &TimeZone,
    reminded: Hours,
    context: &Context<'_>,
) -> FollowUpSettings {
    let days = |key: &str, default: u64| {
        let written = section.or(key, duration, Duration::from_secs(default * DAY));
        if !written.as_secs().is_multiple_of(DAY) {
            section.wrong(key, Mistake::new("follow-ups are counted in whole days", "e.g. \"7d\""));
        }
        u32::try_from(written.as_secs() / DAY).unwrap_or(u32::MAX)
    };
    let every = [days("A", 3), days("B", 7), days("C", 15), days("D", 30)];
    if !every.is_sorted() {
        let what = "a better buyer would hear from us less often than a worse one";
        context.remark(section.problem_here(Mistake::new(what, "A at most B, B at most C, C at most D")));
    }
    let everyone = section.or("everyone_half_monthly", boolean, false).then_some(15);
    let per_day = usize::try_from(section.or("per_day", integer(1..=1000), 20)).unwrap_or(20);
    let sample = u32::try_from(section.or("sample", integer(1..=60), 3)).unwrap_or(3);
    let at = section.or("at", time_of_day, Time::constant(9, 0, 0, 0));
    if !reminded.covers_time(at) {
        let what = "that is outside of reminder.hours, and no list would ever go out";
        section.wrong("at", Mistake::new(what, "a time within reminder.hours"));
    }
    let enabled = section.or("enabled", boolean, true);
    section.finish();
    let times = if enabled { vec![at] } else { Vec::new() };
    FollowUpSettings { cadence: Cadence { every, everyone, per_day, sample }, at: Plan { times, zone: zone.clone() } }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_year_s_make_up_days_are_asked_for_once_they_are_announced_and_as_long_as_they_are_missing() {
        let days = || days_of("CN").days_off.clone();
        let zone = || TimeZone::get("Asia/Shanghai").expect("bundled");
        let china = WorkingCalendar::new(zone(), &[OFFICE_HOURS], days()).of_country("CN", Vec::new());
        assert_eq!(unannounced_year(&china, date(2026, 10, 31)), None);
        assert_eq!(unannounced_year(&china, date(2026, 11, 1)), Some(2027));
        assert_eq!(unannounced_year(&china, date(2027, 2, 1)), Some(2027));
        let told = WorkingCalendar::new(zone(), &[OFFICE_HOURS], days()).of_country("CN", vec![date(2027, 2, 20)]);
        assert_eq!(unannounced_year(&told, date(2026, 12, 1)), None);
        let german = WorkingCalendar::new(zone(), &[OFFICE_HOURS], days()).of_country("DE", Vec::new());
        assert_eq!(unannounced_year(&german, date(2027, 12, 1)), None, "nobody announces anything there");
    }
}
