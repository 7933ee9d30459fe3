//! Buyers' mail that one of us passed on to somebody outside: decided once the buyer's own mail may be on record.

use super::Intake;
use crate::buyer::Known;
use crate::clock::UnixTime;
use crate::message::{House, Message, Passing, Verdict};
use crate::store::forwards::{ForwardDecision, ForwardRow, UndecidedForward};

/// Forwards that are decided in one transaction.
const AT_ONCE: i64 = 100;
/// Seconds in which the mail that is passed on may still be recorded: another account may have it.
const PATIENCE: i64 = 24 * 3600;

/// Our mail that may pass a buyer's mail on to somebody outside. Whether it does is decided after the poll, when the mail
/// that it passes on is on record, too.
pub(super) fn forward_row(
    mail_id: i64,
    message: &Message,
    sent_at: UnixTime,
    known: &Known,
    house: &House,
) -> Option<ForwardRow> {
    let by_inquiryd = message.message_id.as_ref().is_some_and(|id| known.ours.contains(id));
    let passing = Passing::of(message, house).filter(|_| !by_inquiryd)?;
    Some(ForwardRow { mail_id, sender: message.from.email.clone().unwrap_or_default(), sent_at, passing })
}

impl Intake<'_> {
    /// Decides about the forwards of which nobody has.
    pub(super) async fn settle_forwards(&self) -> anyhow::Result<()> {
        let mut after = 0;
        loop {
            let undecided = self.store.undecided_forwards(after, AT_ONCE).await?;
            let Some(last) = undecided.last() else { return Ok(()) };
            after = last.mail_id;
            let sources = self.store.sources_of(&undecided).await?;
            let house = &self.settings.company.house;
            let now = self.clock.now();
            let decided = |forward: &UndecidedForward| {
                (forward.mail_id, decision(forward.passing.judge(&sources, house), forward.recorded_at, now))
            };
            self.store.decide_forwards(&undecided.iter().map(decided).collect::<Vec<_>>()).await?;
        }
    }
}

fn decision(verdict: Verdict, recorded_at: UnixTime, now: UnixTime) -> ForwardDecision {
    match verdict {
        Verdict::Harmless => ForwardDecision::default(),
        Verdict::Unknown { private } => ForwardDecision {
            told: (!private.is_empty()).then_some(private),
            open: now - recorded_at < PATIENCE,
            ..ForwardDecision::default()
        },
        Verdict::PassedOn { mail, address, recipients } => {
            ForwardDecision { told: Some(recipients), of_mail: mail, of_address: address, open: false }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forward_of_an_unknown_mail_waits_a_day_for_the_mail_that_it_passes_on() {
        let unknown = |private: &[&str], age| {
            let private = private.iter().map(|email| (*email).to_owned()).collect();
            let decided = decision(Verdict::Unknown { private }, 1_000, 1_000 + age);
            (decided.told.is_some(), decided.open)
        };
        assert_eq!(unknown(&["x@gmail.com"], 0), (true, true));
        assert_eq!(unknown(&["x@gmail.com"], PATIENCE), (true, false));
        assert_eq!(unknown(&[], PATIENCE - 1), (false, true));
        assert_eq!(unknown(&[], PATIENCE), (false, false));
    }
}
