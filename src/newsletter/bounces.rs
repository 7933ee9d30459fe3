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

impl Results {
    /// Mails of which it is known what became of them.
    pub fn tried(&self) -> i64 {
        self.sent + self.bounced
    }
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
    /// Whether the campaign must stop.
    pub fn is_reached(self, results: &Results) -> bool {
        let tried = results.tried();
        tried >= LEAST && results.bounced * 100 >= i64::from(self.percent) * tried
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_campaign_ends_when_four_in_a_hundred_come_back() {
        let limit = BounceLimit { percent: 4 };
        let results = |sent, bounced| Results { sent, bounced, ..Results::default() };
        assert!(!limit.is_reached(&results(20, 4)), "too few to tell");
        assert!(!limit.is_reached(&results(97, 3)));
        assert!(limit.is_reached(&results(96, 4)));
        assert!(limit.is_reached(&results(0, 25)));
    }
}
