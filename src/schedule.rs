//! Wall-clock plans in a time zone, and when they are due next. Pure.

use crate::clock::UnixTime;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

/// A last run further ahead of now was noted by a clock that has been set back since; less is a clock being corrected.
const BELIEVABLE_LEAD: i64 = 60 * 60;

/// Whether a planned instant has not been run yet; `last_run` is the last one that has.
pub fn is_missed(slot: UnixTime, last_run: UnixTime, now: UnixTime) -> bool {
    slot > last_run || last_run - now > BELIEVABLE_LEAD
}

/// The same times of day, every day, as a clock on the wall in `zone` shows them.
///
/// Where the zone's clock jumps over a planned time, the time runs as much later as the clock jumped (02:30 becomes
/// 03:30); where it shows a planned time twice, the first one counts (RFC 5545 section 3.3.5 decides alike).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    pub times: Vec<Time>,
    pub zone: TimeZone,
}

impl Plan {
    /// The latest planned instant up to `now` that has not been run, however many were missed before it.
    ///
    /// None if nothing was planned since `last_run`. Without a last run the latest one is due, so that a first start
    /// works at once.
    pub fn latest_missed(&self, now: UnixTime, last_run: Option<UnixTime>) -> Option<UnixTime> {
        let latest = self.around(now).filter(|slot| *slot <= now).max()?;
        last_run.is_none_or(|last| is_missed(latest, last, now)).then_some(latest)
    }

    /// The first planned instant strictly after `now`; [`UnixTime::MAX`] if nothing is planned at all.
    pub fn next_after(&self, now: UnixTime) -> UnixTime {
        self.around(now).filter(|slot| *slot > now).min().unwrap_or(UnixTime::MAX)
    }

    /// The planned instants of the days around `now`, in no order.
    ///
    /// Three days each way, because a zone may skip a day (Samoa, 2011-12-30) and a clock set back across midnight
    /// shows a date twice.
    fn around(&self, now: UnixTime) -> impl Iterator<Item = UnixTime> {
        let today = wall_time(now, &self.zone).date();
        let days = (-3..=3).filter_map(move |days| today.checked_add(Span::new().days(days)).ok());
        days.flat_map(move |date| self.times.iter().filter_map(move |time| self.instant(date, *time)))
    }

    /// When the clock shows this; None at the end of the calendar.
    pub fn instant(&self, date: Date, time: Time) -> Option<UnixTime> {
        let zoned = self.zone.to_ambiguous_zoned(date.to_datetime(time)).compatible().ok()?;
        Some(zoned.timestamp().as_second())
    }
}

/// The same span of hours every day, as a clock on the wall shows them; over midnight where it ends before it begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hours {
    pub from: Time,
    /// The first moment that is no longer covered; the same as `from` where the whole day is meant.
    pub until: Time,
}

impl Hours {
    /// True if a clock on the wall in `zone` shows one of these hours at `now`.
    pub fn covers(&self, now: UnixTime, zone: &TimeZone) -> bool {
        self.covers_time(wall_time(now, zone).time())
    }

    /// True if this is one of these hours.
    pub fn covers_time(self, shown: Time) -> bool {
        if self.from < self.until {
            self.from <= shown && shown < self.until
        } else {
            self.from <= shown || shown < self.until
        }
    }
}

/// What calendar and clock in `zone` show at `now`; an instant beyond the calendar counts as its nearest end.
fn wall_time(now: UnixTime, zone: &TimeZone) -> DateTime {
    let (min, max) = (Timestamp::MIN.as_second(), Timestamp::MAX.as_second());
    let instant = Timestamp::from_second(now.clamp(min, max)).unwrap_or_default();
    zone.to_datetime(instant)
}

/// An instant as a clock on the wall in `zone` shows it: `2026-11-23 12:30`.
pub fn wall_clock(at: UnixTime, zone: &TimeZone) -> String {
    match Timestamp::from_second(at) {
        Ok(instant) => zone.to_datetime(instant).strftime("%Y-%m-%d %H:%M").to_string(),
        Err(_) => "never".to_owned(),
    }
}

/// An instant as RFC 3339 writes it, in UTC.
pub fn rfc3339(at: UnixTime) -> String {
    Timestamp::from_second(at).map_or_else(|_| String::new(), |instant| instant.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::time;
    use proptest::prelude::*;

    fn plan(zone: &str, times: &[(i8, i8)]) -> Plan {
        Plan {
            times: times.iter().map(|(hour, minute)| time(*hour, *minute, 0, 0)).collect(),
            zone: TimeZone::get(zone).expect("bundled zone"),
        }
    }

    fn at(text: &str) -> UnixTime {
        text.parse::<Timestamp>().expect("instant").as_second()
    }

    #[test]
    fn a_weekend_without_power_is_caught_up_once() {
        let plan = plan("Asia/Shanghai", &[(8, 30), (12, 30), (17, 30)]);
        let friday_evening = at("2026-11-20T17:30:05+08:00");
        let monday = at("2026-11-23T09:00:00+08:00");
        let missed = plan.latest_missed(monday, Some(friday_evening));
        assert_eq!(missed, Some(at("2026-11-23T08:30:00+08:00")));
        assert_eq!(plan.latest_missed(monday, Some(monday)), None);
        assert_eq!(plan.latest_missed(monday, missed), None, "a run noted by its slot is not run again");
    }

    #[test]
    fn nothing_is_due_before_the_next_planned_time() {
        let plan = plan("Asia/Shanghai", &[(17, 30), (8, 30)]);
        let morning = at("2026-11-23T08:30:00+08:00");
        assert_eq!(plan.latest_missed(morning + 3600, Some(morning)), None);
        assert_eq!(plan.next_after(morning), at("2026-11-23T17:30:00+08:00"));
        assert_eq!(plan.next_after(morning - 1), morning);
        assert_eq!(plan.latest_missed(morning, Some(morning - 1)), Some(morning));
    }

    #[test]
    fn a_first_start_polls_at_once_even_before_the_first_slot_of_the_day() {
        let plan = plan("Asia/Shanghai", &[(8, 30), (17, 30)]);
        let night = at("2026-11-23T03:00:00+08:00");
        assert_eq!(plan.latest_missed(night, None), Some(at("2026-11-22T17:30:00+08:00")));
    }

    #[test]
    fn a_time_the_clock_jumps_over_runs_an_hour_later() {
        let plan = plan("America/New_York", &[(2, 30)]);
        assert_eq!(plan.next_after(at("2026-03-08T00:00:00-05:00")), at("2026-03-08T03:30:00-04:00"));
    }

    #[test]
    fn a_time_the_clock_shows_twice_runs_once() {
        let plan = plan("America/New_York", &[(1, 30)]);
        let first = at("2026-11-01T01:30:00-04:00");
        assert_eq!(plan.next_after(at("2026-11-01T00:00:00-04:00")), first);
        assert_eq!(plan.next_after(first), at("2026-11-02T01:30:00-05:00"));
        assert_eq!(plan.latest_missed(at("2026-11-01T01:45:00-05:00"), Some(first)), None);
    }

    #[test]
    fn the_day_that_samoa_skipped_breaks_nothing() {
        let plan = plan("Pacific/Apia", &[(8, 30)]);
        let last_before = at("2011-12-29T08:30:00-10:00");
        let first_after = at("2011-12-31T08:30:00+14:00");
        assert_eq!(plan.next_after(last_before), first_after);
        assert_eq!(plan.latest_missed(first_after, Some(last_before)), Some(first_after));
    }

    #[test]
    fn a_run_noted_by_a_clock_a_year_ahead_does_not_stop_the_service_for_a_year() {
        let plan = plan("Asia/Shanghai", &[(8, 30)]);
        let now = at("2026-11-23T09:00:00+08:00");
        assert!(plan.latest_missed(now, Some(now + 365 * 86_400)).is_some());
        assert!(plan.latest_missed(now, Some(now + 23 * 3600)).is_some(), "nor for a day");
        assert_eq!(plan.latest_missed(now, Some(now + 2)), None, "a clock corrected by seconds changes nothing");
    }

    #[test]
    fn an_empty_plan_never_runs() {
        let plan = plan("Asia/Shanghai", &[]);
        assert_eq!(plan.latest_missed(0, None), None);
        assert_eq!(plan.next_after(0), UnixTime::MAX);
    }

    #[test]
    fn nobody_is_reminded_at_midnight_or_before_breakfast() {
        let shanghai = TimeZone::get("Asia/Shanghai").expect("bundled zone");
        let day = Hours { from: time(8, 0, 0, 0), until: time(20, 0, 0, 0) };
        for (clock, covered) in
            [("00:00", false), ("07:59", false), ("08:00", true), ("12:30", true), ("19:59", true), ("20:00", false)]
        {
            assert_eq!(day.covers(at(&format!("2026-11-23T{clock}:00+08:00")), &shanghai), covered, "{clock}");
        }
        assert!(day.covers(at("2026-11-23T04:30:00Z"), &shanghai), "the hours are the company's, not UTC's");
        assert!(!day.covers(at("2026-11-23T12:30:00Z"), &shanghai));
    }

    #[test]
    fn a_night_shift_is_covered_over_midnight() {
        let night = Hours { from: time(22, 0, 0, 0), until: time(6, 0, 0, 0) };
        for (clock, covered) in [("21:59", false), ("22:00", true), ("00:00", true), ("05:59", true), ("06:00", false)]
        {
            assert_eq!(night.covers(at(&format!("2026-11-23T{clock}:00Z")), &TimeZone::UTC), covered, "{clock}");
        }
    }

    fn any_plan() -> impl Strategy<Value = Plan> {
        let zone =
            prop::sample::select(vec!["Asia/Shanghai", "America/New_York", "Asia/Kolkata", "Pacific/Apia", "UTC"]);
        let times = prop::collection::vec((0i8..24, 0i8..60), 1..5);
        (zone, times).prop_map(|(zone, times)| plan(zone, &times))
    }

    proptest! {
        #[test]
        fn the_next_run_is_ahead_and_nothing_lies_between(plan in any_plan(), now in 0i64..2_500_000_000) {
            let next = plan.next_after(now);
            prop_assert!(next > now && next - now <= 2 * 86_400);
            prop_assert_eq!(plan.latest_missed(next - 1, Some(now)), None);
            prop_assert_eq!(plan.latest_missed(next, Some(now)), Some(next));
        }

        #[test]
        fn whoever_runs_what_is_due_is_never_told_to_run_it_again(
            plan in any_plan(),
            now in 0i64..2_500_000_000,
            away in 0i64..10_000_000,
        ) {
            if let Some(slot) = plan.latest_missed(now, Some(now - away)) {
                prop_assert!(slot <= now && slot > now - away);
                prop_assert_eq!(plan.latest_missed(now, Some(slot)), None);
            }
        }

        #[test]
        fn every_run_shows_a_planned_time_on_the_wall_or_follows_a_gap(plan in any_plan(), now in 0i64..2_500_000_000) {
            let next = Timestamp::from_second(plan.next_after(now)).expect("in range");
            let shown = plan.zone.to_datetime(next).time();
            let before = plan.zone.to_offset(next - jiff::SignedDuration::from_hours(25));
            prop_assert!(plan.times.contains(&shown) || before != plan.zone.to_offset(next));
        }
    }
}
