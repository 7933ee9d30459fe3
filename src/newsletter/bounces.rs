//! When a newsletter does more harm than good.

/// What became of a campaign's mails so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Results {
    /// Waiting for their turn.
    pub planned: i64,
    /// And not sent back.
    pub sent: i64,
    /// Refused at once, or sent back for ever.
    pub bounced: i64,
    /// Nobody knows whether they arrived: a person decides.
    pub held: i64,
    /// Withdrawn before they went.
    pub dropped: i64,
    pub unsubscribed: i64,
    pub complaints: i64,
    /// Readers who wrote to us since.
    pub answered: i64,
}

/// The share of dead addresses at which a provider takes a sender for a spammer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BounceLimit {
    /// Per cent of what was sent.
    pub percent: u8,
}

/// Fewer mails than this say nothing about a share.
const LEAST: i64 = 25;

impl BounceLimit {
    /// Whether the campaign must stop, of whose mails so many were tried and so many came back for ever.
    pub fn is_reached(self, tried: i64, bounced: i64) -> bool {
        tried >= LEAST && bounced * 100 >= i64::from(self.percent) * tried
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_campaign_ends_when_four_in_a_hundred_come_back() {
        let limit = BounceLimit { percent: 4 };
        assert!(!limit.is_reached(24, 4), "too few to tell");
        assert!(!limit.is_reached(100, 3));
        assert!(limit.is_reached(100, 4));
        assert!(limit.is_reached(25, 25));
    }
}
