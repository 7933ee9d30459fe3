//! A company mailbox is no bulk service: how fast newsletters may go.

use crate::clock::UnixTime;
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

impl Pace {
    /// Whether a newsletter may go to `recipient` now; `sent` are the recipients and instants of the last 24 hours.
    pub fn allows(&self, recipient: &str, sent: &[(String, UnixTime)], now: UnixTime) -> bool {
        let domain = domain_of(recipient);
        let to_domain = sent.iter().filter(|(to, at)| *at > now - HOUR && domain_of(to) == domain).count();
        self.allows_any(sent, now) && to_domain < self.per_domain_hour as usize
    }

    /// Whether any newsletter may go now.
    pub fn allows_any(&self, sent: &[(String, UnixTime)], now: UnixTime) -> bool {
        let today = sent.iter().filter(|(_, at)| *at > now - LOOK_BACK).count();
        let interval = i64::try_from(self.interval.as_secs()).unwrap_or(i64::MAX);
        let rested = sent.iter().map(|(_, at)| *at).max().is_none_or(|last| now.saturating_sub(last) >= interval);
        rested && today < self.per_day as usize
    }

    /// When the last of `mails` further ones would go, if nothing holds them up; `sent` as for [`Pace::allows`].
    pub fn ends(&self, mails: u32, sent: &[(String, UnixTime)], now: UnixTime) -> UnixTime {
        let Some(last) = mails.checked_sub(1) else { return now };
        let today = sent.iter().filter(|(_, at)| *at > now - LOOK_BACK).count();
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

    fn sent(list: &[(&str, UnixTime)]) -> Vec<(String, UnixTime)> {
        list.iter().map(|(to, at)| ((*to).to_owned(), *at)).collect()
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
