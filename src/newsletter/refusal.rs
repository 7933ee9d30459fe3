//! A provider that has had enough of us says so in many ways: then newsletters rest, and go on slower.

use crate::clock::UnixTime;
use regex::Regex;
use std::sync::LazyLock;

/// Seconds of the first rest; each further refusal doubles it.
const FIRST_REST: i64 = 15 * 60;
const LONGEST_REST: i64 = 24 * 3600;
/// At most so many times slower.
const SLOWEST: u32 = 16;

/// What the providers write: Gmail 421 4.7.0, 4.7.28, 550 5.4.5; Microsoft 4.7.500 to 5.7.708, SubmissionQuotaExceeded; QQ and
/// exmail "frequency limited", "too frequently"; Aliyun "too frequently sending"; NetEase "DT:SPM", "exceed".
static OF_THE_SENDER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?ix) \b421\b | \b[45]\.7\.(28|5\d\d|7\d\d)\b | \b5\.4\.5\b | \b[45]\.5\.3\b
        | too\s(many|much|fast|frequent|quick) | frequen(t|cy) | \brate\b.*\blimit | \blimit\b.*\brate\b | throttl
        | (sending|daily|hourly|message|submission|user|account|sender|domain)\s?\w*\s?(quota|limit) | quotaexceeded
        | DT:SPM | try\sagain\slater,?\sclosing | slow\sdown
        | 频率|频繁|超限|发信超|配额|发送过多",
    )
    .expect("a pattern of ours")
});
/// What is the recipient's: his mailbox is full.
static OF_THE_RECIPIENT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b[45]\.2\.[12]\b|mailbox.{0,20}full|over\s?quota|recipient.{0,40}quota|user is over")
        .expect("a pattern of ours")
});

/// Whether an answer of the server is about how much we send, and not about this recipient.
pub fn is_of_the_sender(answer: &str) -> bool {
    OF_THE_SENDER.is_match(answer) && !OF_THE_RECIPIENT.is_match(answer)
}

/// A server that had enough of us.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub at: UnixTime,
    pub answer: String,
}

/// How newsletters go after refusals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slowdown {
    /// They rest until then.
    pub until: UnixTime,
    /// Afterwards, so many times slower.
    pub factor: u32,
}

impl Slowdown {
    pub const NONE: Slowdown = Slowdown { until: 0, factor: 1 };
    /// Seconds for which a refusal slows newsletters down.
    pub const REMEMBERED: i64 = 24 * 3600;

    /// After the `refusals` of the last day, the oldest first; those after the last success at `went_at` came in a row.
    pub fn after(refusals: &[UnixTime], went_at: Option<UnixTime>, now: UnixTime) -> Slowdown {
        let recent: Vec<UnixTime> = refusals.iter().copied().filter(|at| now - at < Self::REMEMBERED).collect();
        let Some(last) = recent.last() else { return Slowdown::NONE };
        let in_a_row = recent.iter().filter(|at| went_at.is_none_or(|went_at| **at >= went_at)).count();
        let rest = match u32::try_from(in_a_row).unwrap_or(u32::MAX) {
            0 => 0,
            times => FIRST_REST.saturating_mul(1 << (times - 1).min(10)).min(LONGEST_REST),
        };
        let factor = 1 << u32::try_from(recent.len()).unwrap_or(u32::MAX).min(SLOWEST.ilog2());
        Slowdown { until: last + rest, factor }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_provider_says_of_us_is_told_from_what_he_says_of_a_recipient() {
        for ours in [
            "421 4.7.0 Try again later, closing connection.",
            "550 5.4.5 Daily user sending limit exceeded.",
            "450 4.7.28 Our system has detected an unusual rate of unsolicited mail",
            "550 Domain frequency limited, please try later",
            "554 5.2.0 STOREDRV; SubmissionQuotaExceededException",
            "451 too frequently sending",
            "554 DT:SPM 126 smtp5",
            "452 4.5.3 Too many recipients",
            "550 您的发信频率过高",
        ] {
            assert!(is_of_the_sender(ours), "{ours}");
        }
        for theirs in [
            "451 4.7.1 Greylisting in action, please come back later",
            "452 4.2.2 The recipient's inbox is out of storage: over quota",
            "550 5.1.1 no such user",
            "552 5.2.2 Mailbox full",
            "450 4.2.0 mailbox busy",
            "the connection to the server timed out",
        ] {
            assert!(!is_of_the_sender(theirs), "{theirs}");
        }
    }

    #[test]
    fn newsletters_rest_longer_after_each_refusal_and_go_on_slower_for_a_day() {
        let minutes = |refusals: &[UnixTime], went_at| {
            let slowdown = Slowdown::after(refusals, went_at, 10_000);
            ((slowdown.until - 10_000) / 60, slowdown.factor)
        };
        assert_eq!(Slowdown::after(&[], None, 10_000), Slowdown::NONE);
        assert_eq!(minutes(&[10_000], Some(9_000)), (15, 2));
        assert_eq!(minutes(&[9_400, 10_000], Some(9_000)), (30, 4));
        assert_eq!(minutes(&[9_400, 10_000], Some(9_500)), (15, 4), "one went in between");
        assert_eq!(minutes(&[10_000; 30], Some(9_000)), (24 * 60, 16));
        assert_eq!(minutes(&[9_400], Some(9_900)), (-10, 2), "it goes on, slower");
        assert_eq!(Slowdown::after(&[10_000], None, 10_000 + Slowdown::REMEMBERED), Slowdown::NONE);
    }
}
