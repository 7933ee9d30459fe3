//! How far a buyer got with us, as the trade counts it.

use serde::{Deserialize, Serialize};

/// The lead stage of a buyer, from the first interest to the big customer. Later sorts higher.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// He could become a buyer.
    #[default]
    Potential,
    /// He wants something particular.
    Intent,
    SampleAsked,
    /// A sample is on its way; who paid stands in the ledger.
    SampleSent,
    /// He came, or is coming, to see the factory.
    FactoryVisit,
    /// He paid for a sample as for goods.
    SampleOrder,
    TrialOrder,
    RepeatOrder,
    BigPotential,
}

impl Stage {
    /// Lowest first.
    pub const ALL: [Stage; 9] = [
        Stage::Potential,
        Stage::Intent,
        Stage::SampleAsked,
        Stage::SampleSent,
        Stage::FactoryVisit,
        Stage::SampleOrder,
        Stage::TrialOrder,
        Stage::RepeatOrder,
        Stage::BigPotential,
    ];

    /// The word in the store, in rules and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Stage::Potential => "potential",
            Stage::Intent => "intent",
            Stage::SampleAsked => "sample_asked",
            Stage::SampleSent => "sample_sent",
            Stage::FactoryVisit => "factory_visit",
            Stage::SampleOrder => "sample_order",
            Stage::TrialOrder => "trial_order",
            Stage::RepeatOrder => "repeat_order",
            Stage::BigPotential => "big_potential",
        }
    }

    /// As Chinese salespeople say it.
    pub fn in_chinese(self) -> &'static str {
        match self {
            Stage::Potential => "潜在客户",
            Stage::Intent => "意向客户",
            Stage::SampleAsked => "索样",
            Stage::SampleSent => "已寄样",
            Stage::FactoryVisit => "看厂",
            Stage::SampleOrder => "样品单",
            Stage::TrialOrder => "试订单",
            Stage::RepeatOrder => "返单",
            Stage::BigPotential => "大潜力客户",
        }
    }

    /// The stage of a word as people write it: `sample sent`, `Sample-Sent`, `已寄样`; None for any other.
    pub fn parse(word: &str) -> Option<Self> {
        let word = word.trim().to_lowercase().replace([' ', '-'], "_");
        Self::ALL.into_iter().find(|stage| stage.as_str() == word || stage.in_chinese() == word)
    }

    /// Whether goods were or are being paid for.
    pub fn is_order(self) -> bool {
        matches!(self, Stage::SampleOrder | Stage::TrialOrder | Stage::RepeatOrder)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stage_is_understood_as_salespeople_write_it() {
        for stage in Stage::ALL {
            assert_eq!(Stage::parse(stage.as_str()), Some(stage));
            assert_eq!(Stage::parse(stage.in_chinese()), Some(stage));
        }
        assert_eq!(Stage::parse(" Trial order"), Some(Stage::TrialOrder));
        assert_eq!(Stage::parse("order"), None);
    }
}
