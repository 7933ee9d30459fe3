//! A company mailbox is no bulk service: how fast newsletters may go.

use crate::clock::UnixTime;
use std::collections::{HashMap, VecDeque};
use std::time::Duration;

/// How many newsletters may go in which time.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// In any 24 hours.
    pub per_day: u32,
    /// Between two newsletters.
    pub interval: Duration,
    /// To one recipient domain in any hour.
    pub per_domain_hour: u32,
}

/// Seconds that the pace looks back.
pub const LOOK_BACK: i64 = 24 * 3600;
const HOUR: i64 = 3600;

/// Newsletters of the last 24 hours, as the pace counts them.
#[derive(Clone, Debug, Default)]
pub struct Recent {
    /// Oldest first.
    sent: VecDeque<UnixTime>,
    by_domain: HashMap<String, VecDeque<UnixTime>>,
}

impl Recent {
    /// Of recipients and instants, in any order.
    pub fn new(mut sent: Vec<(String, UnixTime)>) -> Recent {
        sent.sort_by_key(|(_, at)| *at);
        let mut recent = Recent::default();
        for (recipient, at) in sent {
            recent.add(&recipient, at);
        }
        recent
    }

    /// One more has gone.
    pub fn add(&mut self, recipient: &str, at: UnixTime) {
        self.sent.push_back(at);
        self.by_domain.entry(domain_of(recipient).to_owned()).or_default().push_back(at);
    }

    fn within(times: &VecDeque<UnixTime>, now: UnixTime, seconds: i64) -> usize {
        times.iter().rev().take_while(|at| **at > now - seconds).count()
    }
}

impl Pace {
    /// Whether a newsletter may go to `recipient` now.
    pub fn allows(&self, recipient: &str, recent: &Recent, now: UnixTime) -> bool {
        let to_domain = recent.by_domain.get(domain_of(recipient));
        let to_domain = to_domain.map_or(0, |times| Recent::within(times, now, HOUR));
        self.allows_any(recent, now) && to_domain < self.per_domain_hour as usize
    }

    /// Whether any newsletter may go now.
    pub fn allows_any(&self, recent: &Recent, now: UnixTime) -> bool {
        let today = Recent::within(&recent.sent, now, LOOK_BACK);
        let interval = i64::try_from(self.interval.as_secs()).unwrap_or(i64::MAX);
        let rested = recent.sent.back().is_none_or(|last| now.saturating_sub(*last) >= interval);
        rested && today < self.per_day as usize
    }

    /// When the last of `mails` further ones would go, if nothing holds them up.
    pub fn ends(&self, mails: u32, recent: &Recent, now: UnixTime) -> UnixTime {
        let Some(last) = mails.checked_sub(1) else { return now };
        let today = Recent::within(&recent.sent, now, LOOK_BACK);
        let room = self.per_day.saturating_sub(u32::try_from(today).unwrap_or(u32::MAX));
        let days = if last < room { 0 } else { 1 + (last - room) / self.per_day.max(1) };
        let in_day = if days == 0 { last } else { (last - room) % self.per_day.max(1) };
        let interval = i64::try_from(self.interval.as_secs()).unwrap_or(i64::MAX);
        now.saturating_add(i64::from(days) * LOOK_BACK).saturating_add(i64::from(in_day).saturating_mul(interval))
    }
}

fn domain_of(address: &str) -> &str {
    address.rsplit_once('@').map_or(address, |(_, domain)| domain)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PACE: Pace = Pace { per_day: 3, interval: Duration::from_secs(30), per_domain_hour: 1 };

    fn sent(list: &[(&str, UnixTime)]) -> Recent {
        Recent::new(list.iter().map(|(to, at)| ((*to).to_owned(), *at)).collect())
    }

    #[test]
    fn newsletters_keep_their_distance() {
        let sent = sent(&[("a@one.example", 1000)]);
        assert!(!PACE.allows("b@two.example", &sent, 1029));
        assert!(PACE.allows("b@two.example", &sent, 1030));
    }

    #[test]
    fn one_domain_is_not_flooded() {
        let sent = sent(&[("a@one.example", 1000)]);
        assert!(!PACE.allows("b@one.example", &sent, 1000 + HOUR - 1));
        assert!(PACE.allows("b@one.example", &sent, 1000 + HOUR));
    }

    #[test]
    fn the_end_is_told_by_days_and_distances() {
        let ends = |mails, sent: &[(&str, UnixTime)]| PACE.ends(mails, &self::sent(sent), 1_000) - 1_000;
        assert_eq!((ends(0, &[]), ends(1, &[]), ends(3, &[])), (0, 0, 60));
        assert_eq!((ends(4, &[]), ends(6, &[])), (LOOK_BACK, LOOK_BACK + 60));
        assert_eq!(ends(3, &[("a@a.example", 900)]), LOOK_BACK, "one of today's three has gone");
    }

    #[test]
    fn the_day_has_its_limit() {
        let sent = sent(&[("a@a.example", 0), ("b@b.example", 100), ("c@c.example", 200)]);
        assert!(!PACE.allows("d@d.example", &sent, LOOK_BACK - 1));
        assert!(PACE.allows("d@d.example", &sent, LOOK_BACK));
    }
}
