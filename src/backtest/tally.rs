//! Counting what a backtest finds.

use super::Recorded;
use crate::grade::Grade;
use crate::grading::{Grading, RuleBook};
use serde::Serialize;
use std::collections::HashMap;

/// What a backtest found. Tallies of parts can be added up.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    pub inquiries: usize,
    /// Inquiries whose grade by the rules would be another.
    pub changed: usize,
    /// The first of them, at most as many as asked for.
    pub changes: Vec<Change>,
    /// What people said beside what the rules on record said.
    pub before: Agreement,
    /// What people said beside what these rules say.
    pub after: Agreement,
    /// In the order of the rules.
    pub rules: Vec<RuleCount>,
    /// What the rules on trial would change, where any of them fired.
    pub experiment_changes: usize,
    index: HashMap<String, usize>,
    most: usize,
}

/// An inquiry whose grade would be another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    pub inquiry: i64,
    pub buyer_id: i64,
    pub buyer: String,
    pub subject: String,
    pub before: Grade,
    pub after: Grade,
    pub by_hand: Option<Grade>,
    /// Rules that fire now.
    pub rules: Vec<String>,
}

/// How often rules and people agree: rows are people's grades, columns the rules'.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Agreement(pub [[usize; 4]; 4]);

impl Agreement {
    fn add(&mut self, by_hand: Grade, by_rules: Grade) {
        self.0[by_hand as usize][by_rules as usize] += 1;
    }

    /// Inquiries that people graded.
    pub fn graded(&self) -> usize {
        self.0.iter().flatten().sum()
    }

    /// Inquiries on which rules and people agree.
    pub fn agreed(&self) -> usize {
        (0..4).map(|grade| self.0[grade][grade]).sum()
    }
}

/// How often a rule fired, and what people thought of the inquiries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RuleCount {
    pub id: String,
    pub points: i64,
    pub fired: usize,
    /// Inquiries graded by people on which it fired.
    pub graded: usize,
    /// Those on which people and rules disagree.
    pub disagreed: usize,
    /// Whether the rules said better grades than people there (above zero) or worse: steps of grades, summed.
    pub too_good: i64,
}

impl Tally {
    pub(super) fn new(rules: &RuleBook, most: usize) -> Self {
        let count = |line: &crate::grading::Line| RuleCount {
            id: line.id.clone(),
            points: line.points,
            fired: 0,
            graded: 0,
            disagreed: 0,
            too_good: 0,
        };
        let rules: Vec<RuleCount> = rules.lines().iter().map(count).collect();
        let index = rules.iter().enumerate().map(|(at, rule)| (rule.id.clone(), at)).collect();
        Tally { rules, index, most, ..Tally::default() }
    }

    pub(super) fn add(&mut self, recorded: &Recorded, now: &Grading) {
        self.inquiries += 1;
        for reason in now.reasons.iter().chain(&now.experiment) {
            let Some(rule) = self.index.get(&reason.rule).map(|at| &mut self.rules[*at]) else { continue };
            rule.fired += 1;
            if let Some(by_hand) = recorded.by_hand {
                rule.graded += 1;
                rule.disagreed += usize::from(by_hand != now.grade);
                rule.too_good += by_hand as i64 - now.grade as i64;
            }
        }
        if let Some(by_hand) = recorded.by_hand {
            self.before.add(by_hand, recorded.ruled);
            self.after.add(by_hand, now.grade);
        }
        self.experiment_changes += usize::from(now.experiment_grade.is_some_and(|grade| grade != now.grade));
        if now.grade != recorded.ruled {
            self.changed += 1;
            if self.changes.len() < self.most {
                self.changes.push(change(recorded, now));
            }
        }
    }

    /// Adds what another part of the inquiries came to.
    pub fn merge(&mut self, other: Tally) {
        self.inquiries += other.inquiries;
        self.changed += other.changed;
        self.experiment_changes += other.experiment_changes;
        let room = self.most.saturating_sub(self.changes.len());
        self.changes.extend(other.changes.into_iter().take(room));
        for (mine, theirs) in [(&mut self.before, other.before), (&mut self.after, other.after)] {
            for (mine, theirs) in mine.0.iter_mut().flatten().zip(theirs.0.into_iter().flatten()) {
                *mine += theirs;
            }
        }
        for (mine, theirs) in self.rules.iter_mut().zip(other.rules) {
            mine.fired += theirs.fired;
            mine.graded += theirs.graded;
            mine.disagreed += theirs.disagreed;
            mine.too_good += theirs.too_good;
        }
    }
}

fn change(recorded: &Recorded, now: &Grading) -> Change {
    Change {
        inquiry: recorded.id,
        buyer_id: recorded.buyer_id,
        buyer: recorded.buyer.clone(),
        subject: recorded.subject.clone(),
        before: recorded.ruled,
        after: now.grade,
        by_hand: recorded.by_hand,
        rules: now.reasons.iter().map(|reason| reason.rule.clone()).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backtest::Regrading;
    use crate::language::Language;
    use crate::message::{Facts, Kind, Writer};

    const RULES: &str = "
        [thresholds]
        A = 30
        B = 20
        C = 10
        [[rule]]
        id = \"chairs\"
        why = \"chairs\"
        points = 20
        text = [\"chairs\"]
        [[rule]]
        id = \"urgent\"
        why = \"urgent\"
        points = 15
        text = [\"urgent\"]
        [[rule]]
        id = \"never\"
        why = \"never\"
        points = 5
        text = [\"unicorns\"]
    ";

    fn recorded(id: i64, text: &str, ruled: Grade, by_hand: Option<Grade>) -> Recorded {
        Recorded {
            id,
            buyer_id: id,
            buyer: "Kestrel Ltd".into(),
            subject: "An inquiry".into(),
            text: text.into(),
            kind: Kind::Inquiry,
            relay: None,
            language: None,
            writer: Writer::default(),
            facts: Facts::default(),
            attachments: Vec::new(),
            received_at: 0,
            past: None,
            ruled,
            by_hand,
        }
    }

    fn tally(inquiries: &[Recorded]) -> Tally {
        let rules = RuleBook::parse(RULES, "grading.toml").expect("good rules");
        let regrading = Regrading { rules, zone: jiff::tz::TimeZone::UTC, language: Language::English };
        regrading.tally(inquiries, 10)
    }

    #[test]
    fn a_backtest_counted_by_hand() {
        let inquiries = [
            recorded(1, "chairs", Grade::B, Some(Grade::B)),
            recorded(2, "chairs, urgent", Grade::B, Some(Grade::B)),
            recorded(3, "urgent", Grade::C, None),
            recorded(4, "tables", Grade::A, Some(Grade::C)),
        ];
        let mut found = tally(&inquiries[..2]);
        found.merge(tally(&inquiries[2..]));
        assert_eq!((found.inquiries, found.changed), (4, 2));
        let changes: Vec<_> = found.changes.iter().map(|c| (c.inquiry, c.before, c.after)).collect();
        assert_eq!(changes, [(2, Grade::B, Grade::A), (4, Grade::A, Grade::D)]);
        assert_eq!((found.before.graded(), found.before.agreed(), found.after.agreed()), (3, 2, 1));
        let rule = |id: &str| found.rules.iter().find(|rule| rule.id == id).expect("a rule");
        assert_eq!((rule("chairs").fired, rule("chairs").graded, rule("chairs").disagreed), (2, 2, 1));
        assert_eq!((rule("urgent").fired, rule("urgent").too_good), (2, 1));
        assert_eq!(rule("never").fired, 0);
    }
}
