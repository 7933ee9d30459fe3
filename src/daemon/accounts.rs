//! When each account is polled next: at its planned times, sooner after a failure. Pure.

use crate::clock::UnixTime;
use crate::schedule::Plan;
use std::collections::HashMap;

/// Failures of the accounts that fail just now, by account.
#[derive(Debug, Default)]
pub struct Failures(HashMap<String, Failure>);

#[derive(Debug)]
struct Failure {
    in_a_row: u32,
    not_before: UnixTime,
}

/// Seconds before the first retry; doubled each time.
const FIRST_PAUSE: i64 = 120;
const LONGEST_PAUSE: i64 = 1800;
/// Temporary failures in a row before people are told.
const PATIENCE: u32 = 3;

impl Failures {
    /// The planned slot that this account is due for now; None if it ran, or must rest after a failure.
    pub fn due(&self, account: &str, plan: &Plan, last_run: Option<UnixTime>, now: UnixTime) -> Option<UnixTime> {
        let resting = self.0.get(account).is_some_and(|failure| failure.not_before > now);
        plan.latest_missed(now, last_run).filter(|_| !resting)
    }

    /// Notes a failure; `spread` in 0..1 keeps many accounts from coming back in the same second.
    ///
    /// Returns whether people should be told: at once if only a person can help, else after some tries in vain.
    pub fn failed(&mut self, account: &str, needs_a_person: bool, now: UnixTime, spread: f64) -> bool {
        let failure = self.0.entry(account.to_owned()).or_insert(Failure { in_a_row: 0, not_before: now });
        failure.in_a_row += 1;
        let doubled = FIRST_PAUSE << (failure.in_a_row - 1).min(4);
        let pause = if needs_a_person { LONGEST_PAUSE } else { doubled.min(LONGEST_PAUSE) };
        #[allow(clippy::cast_possible_truncation, reason = "a quarter of half an hour is small")]
        let jitter = (pause as f64 * 0.25 * spread) as i64;
        failure.not_before = now + pause + jitter;
        needs_a_person || failure.in_a_row >= PATIENCE
    }

    /// Notes that the account works.
    pub fn succeeded(&mut self, account: &str) {
        self.0.remove(account);
    }

    /// Forgets the pauses: a person asked for a poll now.
    pub fn forget_pauses(&mut self) {
        self.0.values_mut().for_each(|failure| failure.not_before = UnixTime::MIN);
    }

    /// The next retry.
    pub fn next_retry(&self) -> Option<UnixTime> {
        self.0.values().map(|failure| failure.not_before).min()
    }

    /// Accounts that fail just now.
    pub fn failing(&self) -> usize {
        self.0.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::time;
    use jiff::tz::TimeZone;

    fn plan() -> Plan {
        Plan { times: vec![time(8, 0, 0, 0), time(12, 0, 0, 0)], zone: TimeZone::UTC }
    }

    #[test]
    fn a_failed_account_rests_longer_each_time_and_then_runs_its_missed_slot_once() {
        let mut failures = Failures::default();
        let slot = 8 * 3600;
        assert_eq!(failures.due("sales", &plan(), Some(0), slot), Some(slot));
        assert!(!failures.failed("sales", false, slot, 0.0));
        assert_eq!(failures.due("sales", &plan(), Some(0), slot + 119), None);
        assert_eq!(failures.due("sales", &plan(), Some(0), slot + 120), Some(slot));
        assert!(!failures.failed("sales", false, slot + 120, 0.0));
        assert_eq!(failures.due("sales", &plan(), Some(0), slot + 300), None);
        assert!(failures.failed("sales", false, slot + 400, 0.0), "people are told after three tries");
        failures.succeeded("sales");
        assert_eq!(failures.due("sales", &plan(), Some(slot), slot + 400), None);
    }

    #[test]
    fn a_refused_login_is_told_at_once_and_not_repeated_until_the_provider_locks_us_out() {
        let mut failures = Failures::default();
        assert!(failures.failed("sales", true, 0, 0.0));
        assert_eq!(failures.next_retry(), Some(LONGEST_PAUSE));
    }
}
