//! What of the waiting inquiries a person should see first in the morning. Pure.

use super::{Level, Rules, Waiting, owners};
use crate::clock::UnixTime;
use crate::grade::Grade;
use crate::staff::Person;
use std::collections::HashSet;
use std::ops::Range;

/// Why an inquiry comes first, the most pressing above.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Pressing {
    /// Past the limit.
    Overdue,
    /// Past the target.
    Late,
    /// With signs of fraud: careful.
    Risky,
    /// An A or a B that came since the last plan.
    New,
}

/// An inquiry of the morning.
#[derive(Clone, Debug)]
pub struct MorningInquiry {
    pub waiting: Waiting,
    pub why: Pressing,
    /// When it was or is due.
    pub due: UnixTime,
    /// Addresses.
    pub whom: Vec<String>,
}

/// The waiting inquiries that come first at `now`: each to who looks after it, and what is overdue, risky or a new A to
/// the managers, too. `risky` are the numbers of those with signs of fraud. The last plan was made at `plans.start`, and this
/// one was due at `plans.end`: what came later is told by digests, and by the next plan.
pub fn morning(
    now: UnixTime,
    waiting: Vec<Waiting>,
    risky: &HashSet<i64>,
    plans: &Range<UnixTime>,
    rules: &Rules<'_>,
) -> Vec<MorningInquiry> {
    let first = |waiting: Waiting| {
        let deadline = |level| rules.deadlines.at(&waiting, level, rules.calendar);
        let put_off = waiting.snoozed_until.is_some_and(|until| until > now);
        let (limit, target) = (deadline(Level::Limit), deadline(Level::Target));
        let why = match waiting.grade {
            _ if put_off || waiting.received_at >= plans.end => return None,
            _ if limit <= now => Pressing::Overdue,
            _ if target <= now => Pressing::Late,
            _ if risky.contains(&waiting.inquiry_id) => Pressing::Risky,
            Grade::A | Grade::B if waiting.received_at >= plans.start => Pressing::New,
            _ => return None,
        };
        let due = if why == Pressing::Overdue { limit } else { target };
        let whom = whom(now, &waiting, why, rules);
        Some(MorningInquiry { waiting, why, due, whom })
    };
    let mut first: Vec<MorningInquiry> = waiting.into_iter().filter_map(first).collect();
    first.sort_by_key(|one| (one.why, one.waiting.grade as u8, one.waiting.received_at));
    first
}

fn whom(now: UnixTime, waiting: &Waiting, why: Pressing, rules: &Rules<'_>) -> Vec<String> {
    let today = rules.calendar.date(now);
    let mut people: Vec<&Person> = owners(rules.staff, waiting.owner.as_deref(), &waiting.traits, today);
    if matches!(why, Pressing::Overdue | Pressing::Risky) || why == Pressing::New && waiting.grade == Grade::A {
        people.extend(rules.staff.managers(today));
    }
    let mut addresses: Vec<String> = people.into_iter().map(Person::address).collect();
    addresses.sort();
    addresses.dedup();
    addresses
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::{DaysOff, WorkingCalendar};
    use crate::follow_up::{Cadence, Deadlines, Times, Traits};
    use crate::grade::Grounds;
    use crate::staff::{Role, Staff};
    use jiff::tz::TimeZone;
    use std::collections::BTreeMap;
    use std::time::Duration;

    const HOUR: i64 = 3600;
    const NOW: UnixTime = 100 * 24 * HOUR;

    fn waiting(inquiry_id: i64, grade: Grade, hours_ago: i64) -> Waiting {
        Waiting {
            inquiry_id,
            buyer_id: 1,
            received_at: NOW - hours_ago * HOUR,
            told_at: NOW - hours_ago * HOUR,
            grade,
            why: Grounds::Unknown,
            subject: String::new(),
            buyer: String::new(),
            traits: Traits::default(),
            owner: Some("amy@h.example".to_owned()),
            fax: false,
            snoozed_until: None,
            reminded: Vec::new(),
        }
    }

    fn planned(all: Vec<Waiting>) -> Vec<(i64, Pressing, usize)> {
        let hours = |hours: u64| Duration::from_secs(hours * 3600);
        let person =
            |address: &str, role| Person { role, ..Person::sharing(address.parse().expect("an address"), role) };
        let staff =
            Staff { people: vec![person("amy@h.example", Role::Sales), person("chen@h.example", Role::Manager)] };
        let calendar = WorkingCalendar::new(TimeZone::UTC, &[], DaysOff::default());
        let deadlines = Deadlines {
            usual: Times { target: hours(2), limit: hours(24) },
            by_grade: BTreeMap::new(),
            fax: hours(12),
            near: hours(0),
            grace: hours(0),
        };
        let cadence = Cadence { every: [3, 7, 15, 30], everyone: None, per_day: 20, sample: 3 };
        let rules = Rules { calendar: &calendar, deadlines: &deadlines, cadence: &cadence, staff: &staff };
        let first = morning(NOW, all, &HashSet::from([3]), &(NOW - 24 * HOUR..NOW), &rules);
        first.into_iter().map(|one| (one.waiting.inquiry_id, one.why, one.whom.len())).collect()
    }

    #[test]
    fn what_is_overdue_comes_first_then_late_then_risky_then_new_a_and_b() {
        let all = vec![
            waiting(1, Grade::B, 1),
            waiting(2, Grade::A, 1),
            waiting(3, Grade::D, 1),
            waiting(4, Grade::C, 3),
            waiting(5, Grade::C, 30),
            waiting(6, Grade::C, 1),
        ];
        let expected = [
            (5, Pressing::Overdue, 2),
            (4, Pressing::Late, 1),
            (3, Pressing::Risky, 2),
            (2, Pressing::New, 2),
            (1, Pressing::New, 1),
        ];
        assert_eq!(planned(all), expected, "a new C can wait for its turn");
    }

    #[test]
    fn what_was_put_off_or_came_after_the_plan_was_due_is_left_alone() {
        let put_off = Waiting { snoozed_until: Some(NOW + HOUR), ..waiting(1, Grade::A, 30) };
        assert_eq!(planned(vec![put_off, waiting(3, Grade::A, 0)]), []);
    }
}
