//! A company mailbox is no bulk service: how fast newsletters may go.

use super::refusal::Slowdown;
use crate::clock::UnixTime;
use std::collections::{HashMap, VecDeque};
use std::time::Duration;

/// How many newsletters may go in which time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pace {
    /// In any 24 hours.
    pub per_day: u32,
    /// In any hour.
    pub per_hour: u32,
    /// Between two newsletters, at least.
    pub interval: Duration,
    /// Up to this much longer, each time another.
    pub jitter: Duration,
    /// To one recipient domain in any hour.
    pub per_domain_hour: u32,
    /// For each of the first 24 hours since the first newsletter, the most that may go in them.
    pub warm_up: Vec<u32>,
}

/// Seconds that the pace looks back.
pub const LOOK_BACK: i64 = 24 * 3600;
const HOUR: i64 = 3600;
/// Days after which nobody asks any more when a newsletter would end.
const LONGEST: u32 = 3_660;

/// Newsletters of the last 24 hours, as the pace counts them.
#[derive(Clone, Debug, Default)]
pub struct Recent {
    /// Oldest first.
    sent: VecDeque<UnixTime>,
    by_domain: HashMap<String, VecDeque<UnixTime>>,
    /// When the mailbox sent its first newsletter, if it was in the time in which it is warmed up.
    begun_at: Option<UnixTime>,
}

impl Recent {
    /// Of recipients and instants, in any order; the first newsletter ever went at `begun_at`.
    pub fn new(mut sent: Vec<(String, UnixTime)>, begun_at: Option<UnixTime>) -> Recent {
        sent.sort_by_key(|(_, at)| *at);
        let mut recent = Recent { begun_at, ..Recent::default() };
        for (recipient, at) in sent {
            recent.add(&recipient, at);
        }
        recent
    }

    /// One more has gone.
    pub fn add(&mut self, recipient: &str, at: UnixTime) {
        self.begun_at = self.begun_at.or(Some(at));
        self.sent.push_back(at);
        self.by_domain.entry(domain_of(recipient).to_owned()).or_default().push_back(at);
    }

    /// When the last one went.
    pub fn last(&self) -> Option<UnixTime> {
        self.sent.back().copied()
    }

    fn within(times: &VecDeque<UnixTime>, now: UnixTime, seconds: i64) -> usize {
        times.iter().rev().take_while(|at| **at > now - seconds).count()
    }
}

impl Pace {
    /// Nothing holds newsletters up.
    pub fn unlimited() -> Pace {
        let (none, most) = (Duration::ZERO, u32::MAX);
        Pace { per_day: most, per_hour: most, interval: none, jitter: none, per_domain_hour: most, warm_up: Vec::new() }
    }

    /// Whether a newsletter may go to `recipient` now.
    pub fn allows(&self, recipient: &str, recent: &Recent, slowdown: Slowdown, now: UnixTime) -> bool {
        let to_domain = recent.by_domain.get(domain_of(recipient));
        let to_domain = to_domain.map_or(0, |times| Recent::within(times, now, HOUR));
        self.allows_any(recent, slowdown, now) && to_domain < self.per_domain_hour as usize
    }

    /// Whether any newsletter may go now.
    pub fn allows_any(&self, recent: &Recent, slowdown: Slowdown, now: UnixTime) -> bool {
        let within = |seconds, most: u32| Recent::within(&recent.sent, now, seconds) < most as usize;
        let interval = |last: UnixTime| self.interval_after(last).saturating_mul(i64::from(slowdown.factor));
        let rested = recent.sent.back().is_none_or(|last| now.saturating_sub(*last) >= interval(*last));
        rested && within(HOUR, self.per_hour) && within(LOOK_BACK, self.on_day(day_of(recent.begun_at, now)))
    }

    /// Seconds between a newsletter at `last` and the next one: the same whenever somebody asks.
    fn interval_after(&self, last: UnixTime) -> i64 {
        let jitter = seconds(self.jitter);
        // The middle bits of a multiplication by a large odd number look random (Knuth, volume 3, section 6.4).
        let random =
            i64::from(u32::try_from(last.unsigned_abs().wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32).unwrap_or(0));
        let longer = if jitter > 0 { random % (jitter.saturating_add(1)) } else { 0 };
        seconds(self.interval).saturating_add(longer)
    }

    /// The most of the day with this number since the mailbox sent its first newsletter.
    fn on_day(&self, day: usize) -> u32 {
        self.warm_up.get(day).map_or(self.per_day, |step| self.per_day.min(*step))
    }

    /// When the last of `mails` further ones would go, if nothing holds them up.
    pub fn ends(&self, mails: u32, recent: &Recent, now: UnixTime) -> UnixTime {
        let between = (seconds(self.interval) + seconds(self.jitter) / 2).max(HOUR / i64::from(self.per_hour.max(1)));
        let a_day = u32::try_from(LOOK_BACK / between.max(1)).unwrap_or(u32::MAX).max(1);
        let mut gone_today = u32::try_from(Recent::within(&recent.sent, now, LOOK_BACK)).unwrap_or(u32::MAX);
        let (mut left, today) = (mails, day_of(recent.begun_at, now));
        for day in 0..LONGEST {
            let room = self.on_day(today + day as usize).saturating_sub(gone_today).min(a_day);
            if left <= room {
                let in_day = i64::from(left.saturating_sub(1)).saturating_mul(between);
                return now.saturating_add(i64::from(day) * LOOK_BACK).saturating_add(in_day);
            }
            left -= room;
            gone_today = 0;
        }
        UnixTime::MAX
    }
}

/// Whole days of 24 hours since `begun_at`.
fn day_of(begun_at: Option<UnixTime>, now: UnixTime) -> usize {
    usize::try_from((now - begun_at.unwrap_or(now)) / LOOK_BACK).unwrap_or(0)
}

fn seconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_secs()).unwrap_or(i64::MAX)
}

fn domain_of(address: &str) -> &str {
    address.rsplit_once('@').map_or(address, |(_, domain)| domain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pace() -> Pace {
        Pace {
            per_day: 3,
            per_hour: 100,
            interval: Duration::from_secs(30),
            jitter: Duration::ZERO,
            per_domain_hour: 1,
            warm_up: Vec::new(),
        }
    }

    fn sent(list: &[(&str, UnixTime)]) -> Recent {
        Recent::new(list.iter().map(|(to, at)| ((*to).to_owned(), *at)).collect(), None)
    }

    fn allows(pace: &Pace, to: &str, sent: &Recent, now: UnixTime) -> bool {
        pace.allows(to, sent, Slowdown::NONE, now)
    }

    #[test]
    fn newsletters_keep_their_distance() {
        let sent = sent(&[("a@one.example", 1000)]);
        assert!(!allows(&pace(), "b@two.example", &sent, 1029));
        assert!(allows(&pace(), "b@two.example", &sent, 1030));
        let slower = Slowdown { until: 0, factor: 4 };
        assert!(!pace().allows("b@two.example", &sent, slower, 1119));
        assert!(pace().allows("b@two.example", &sent, slower, 1120));
    }

    #[test]
    fn no_two_distances_need_be_the_same_and_none_is_too_short_or_too_long() {
        let pace = Pace { jitter: Duration::from_secs(20), ..pace() };
        let distances: Vec<i64> = (0..1_000).map(|at| pace.interval_after(1_795_408_200 + at * 37)).collect();
        assert!(distances.iter().all(|distance| (30..=50).contains(distance)));
        let different: std::collections::BTreeSet<_> = distances.iter().collect();
        assert_eq!(different.len(), 21);
    }

    #[test]
    fn one_domain_is_not_flooded() {
        let sent = sent(&[("a@one.example", 1000)]);
        assert!(!allows(&pace(), "b@one.example", &sent, 1000 + HOUR - 1));
        assert!(allows(&pace(), "b@one.example", &sent, 1000 + HOUR));
    }

    #[test]
    fn the_end_is_told_by_days_and_distances() {
        let ends = |mails, sent: &[(&str, UnixTime)]| pace().ends(mails, &self::sent(sent), 1_000) - 1_000;
        assert_eq!((ends(0, &[]), ends(1, &[]), ends(3, &[])), (0, 0, 72), "at most a hundred an hour");
        assert_eq!((ends(4, &[]), ends(6, &[])), (LOOK_BACK, LOOK_BACK + 72));
        assert_eq!(ends(3, &[("a@a.example", 900)]), LOOK_BACK, "one of today's three has gone");
        let warm_up = Pace { warm_up: vec![1, 2], ..pace() };
        assert_eq!(warm_up.ends(4, &self::sent(&[]), 1_000) - 1_000, 2 * LOOK_BACK);
    }

    #[test]
    fn the_day_and_the_hour_have_their_limits() {
        let sent = sent(&[("a@a.example", 0), ("b@b.example", 100), ("c@c.example", 200)]);
        assert!(!allows(&pace(), "d@d.example", &sent, LOOK_BACK - 1));
        assert!(allows(&pace(), "d@d.example", &sent, LOOK_BACK));
        let slow = Pace { per_day: 100, per_hour: 3, ..pace() };
        assert!(!allows(&slow, "d@d.example", &sent, HOUR - 1));
        assert!(allows(&slow, "d@d.example", &sent, HOUR));
    }

    #[test]
    fn a_mailbox_that_never_sent_newsletters_begins_with_few() {
        let pace = Pace { warm_up: vec![1, 2], ..pace() };
        let first = [("a@a.example".to_owned(), 1_000)];
        let recent = |sent: &[(String, UnixTime)]| Recent::new(sent.to_vec(), Some(1_000));
        assert!(!allows(&pace, "b@b.example", &recent(&first), 1_000 + HOUR));
        assert!(allows(&pace, "b@b.example", &recent(&first), 1_000 + LOOK_BACK));
        let second: Vec<_> = (1..=2).map(|n| (format!("a@c{n}.example"), 1_000 + LOOK_BACK + n)).collect();
        assert!(!allows(&pace, "b@b.example", &recent(&second), 1_000 + LOOK_BACK + HOUR));
        assert!(allows(&pace, "b@b.example", &recent(&second), 1_000 + 2 * LOOK_BACK), "then the usual three");
    }
}
