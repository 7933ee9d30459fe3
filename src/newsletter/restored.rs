//! A store that was restored from a copy does not know what was sent since: nothing may go before a person says so.

use super::audience::within;
use crate::clock::UnixTime;
use std::time::Duration;

/// What the store says of itself, and what stands beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Traces {
    /// When the service was last seen alive with this store.
    pub alive_at: Option<UnixTime>,
    /// Rounds of newsletters that the store knows of.
    pub rounds: i64,
    pub witness: Witness,
}

/// The number of rounds as it stands outside of the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Witness {
    /// There is no place for it.
    Nowhere,
    /// Nobody wrote it.
    Missing,
    Says(i64),
}

/// Why newsletters wait for a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// More was sent than the store knows of: it is a copy of before.
    Older,
    /// The store came from elsewhere.
    Moved,
    /// The service was away for so long that it may be a copy of that time.
    Away { since: UnixTime },
}

impl Doubt {
    /// None: the store is the one that sent the last newsletter.
    pub fn of(traces: Traces, longest_absence: Duration, now: UnixTime) -> Option<Doubt> {
        match traces.witness {
            Witness::Says(rounds) if rounds > traces.rounds => return Some(Doubt::Older),
            Witness::Missing if traces.rounds > 0 => return Some(Doubt::Moved),
            _ => {}
        }
        let since = traces.alive_at.filter(|alive_at| !within(Some(*alive_at), longest_absence, now))?;
        Some(Doubt::Away { since })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_that_knows_less_than_was_sent_is_doubted() {
        let day = 86_400;
        let doubt = |rounds, witness, days_ago: i64| {
            let traces = Traces { alive_at: Some(100 * day - days_ago * day), rounds, witness };
            Doubt::of(traces, Duration::from_secs(3 * 86_400), 100 * day)
        };
        assert_eq!(doubt(7, Witness::Says(7), 0), None);
        assert_eq!(doubt(7, Witness::Says(6), 0), None, "it died before it wrote outside");
        assert_eq!(doubt(6, Witness::Says(7), 0), Some(Doubt::Older));
        assert_eq!(doubt(0, Witness::Missing, 0), None, "no newsletter ever went");
        assert_eq!(doubt(3, Witness::Missing, 0), Some(Doubt::Moved));
        assert_eq!(doubt(3, Witness::Nowhere, 2), None);
        assert_eq!(doubt(7, Witness::Says(7), 4), Some(Doubt::Away { since: 96 * day }));
        let new = Traces { alive_at: None, rounds: 0, witness: Witness::Missing };
        assert_eq!(Doubt::of(new, Duration::ZERO, 5), None);
    }
}
