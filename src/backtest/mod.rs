//! What other rules would have made of the inquiries on record: which grades would change, how often rules agree with
//! people, and which rules help. Pure: it counts, nothing is changed.

mod recorded;
mod tally;

pub use recorded::Recorded;
pub use tally::{Agreement, Change, RuleCount, Tally};

use crate::grading::{Grading, Received, RuleBook};
use crate::language::Language;
use jiff::tz::TimeZone;

/// What an inquiry is graded with again.
#[derive(Clone, Debug)]
pub struct Regrading {
    pub rules: RuleBook,
    pub zone: TimeZone,
    pub language: Language,
}

impl Regrading {
    /// What the rules make of an inquiry as it was when it came.
    pub fn grade(&self, recorded: &Recorded) -> Grading {
        let inquiry = recorded.inquiry(Received::new(recorded.received_at, &self.zone));
        let hits = self.rules.scan(&inquiry);
        self.rules.grade(&inquiry, &hits, recorded.past.as_ref(), self.language)
    }

    /// Grades some inquiries and counts; `most` changes are kept to be shown.
    pub fn tally(&self, recorded: &[Recorded], most: usize) -> Tally {
        let mut tally = Tally::new(&self.rules, most);
        for inquiry in recorded {
            tally.add(inquiry, &self.grade(inquiry));
        }
        tally
    }
}
