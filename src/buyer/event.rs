//! What happens between a buyer and us besides his mails.

use super::Stage;
use serde::{Deserialize, Serialize};

/// An entry of a buyer's ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    Phone,
    Fax,
    Post,
    Fair,
    Visit,
    /// WhatsApp, WeChat and their like.
    Chat,
    /// By whatever way.
    Contact,
    Quote,
    SampleAsked,
    SampleSent,
    /// What he found about the sample.
    SampleResult,
    FactoryVisit,
    SampleOrder,
    TrialOrder,
    RepeatOrder,
    Note,
    /// A person set the stage.
    Stage,
    /// A person graded one of his inquiries.
    Grade,
    /// A person changed his card.
    Card,
    /// Two buyers became one, or one became two again.
    Merge,
}

impl EventKind {
    /// What a person may record; the others come from what he decides.
    pub const RECORDED: [EventKind; 16] = [
        EventKind::Phone,
        EventKind::Fax,
        EventKind::Post,
        EventKind::Fair,
        EventKind::Visit,
        EventKind::Chat,
        EventKind::Contact,
        EventKind::Quote,
        EventKind::SampleAsked,
        EventKind::SampleSent,
        EventKind::SampleResult,
        EventKind::FactoryVisit,
        EventKind::SampleOrder,
        EventKind::TrialOrder,
        EventKind::RepeatOrder,
        EventKind::Note,
    ];

    /// The word in the store and on the command line.
    pub fn as_str(self) -> &'static str {
        self.words().0
    }

    /// As Chinese salespeople say it.
    pub fn in_chinese(self) -> &'static str {
        self.words().1
    }

    fn words(self) -> (&'static str, &'static str) {
        match self {
            EventKind::Phone => ("phone", "电话"),
            EventKind::Fax => ("fax", "传真"),
            EventKind::Post => ("post", "信函"),
            EventKind::Fair => ("fair", "展会"),
            EventKind::Visit => ("visit", "拜访"),
            EventKind::Chat => ("chat", "即时通讯"),
            EventKind::Contact => ("contact", "联系"),
            EventKind::Quote => ("quote", "报价"),
            EventKind::SampleAsked => ("sample_asked", "索样"),
            EventKind::SampleSent => ("sample_sent", "寄样"),
            EventKind::SampleResult => ("sample_result", "样品反馈"),
            EventKind::FactoryVisit => ("factory_visit", "看厂"),
            EventKind::SampleOrder => ("sample_order", "样品单"),
            EventKind::TrialOrder => ("trial_order", "试订单"),
            EventKind::RepeatOrder => ("repeat_order", "返单"),
            EventKind::Note => ("note", "备注"),
            EventKind::Stage => ("stage", "阶段"),
            EventKind::Grade => ("grade", "评级"),
            EventKind::Card => ("card", "资料"),
            EventKind::Merge => ("merge", "合并"),
        }
    }

    /// The entry of a word as people write it; None for any other.
    pub fn parse(word: &str) -> Option<Self> {
        const DECIDED: [EventKind; 4] = [EventKind::Stage, EventKind::Grade, EventKind::Card, EventKind::Merge];
        let word = word.trim().to_lowercase().replace([' ', '-'], "_");
        let mut all = Self::RECORDED.into_iter().chain(DECIDED);
        all.find(|kind| kind.as_str() == word || kind.in_chinese() == word)
    }

    /// Whether we and the buyer were in touch: it counts as a contact everywhere.
    pub fn is_contact(self) -> bool {
        !matches!(self, EventKind::Note | EventKind::Stage | EventKind::Grade | EventKind::Card | EventKind::Merge)
    }

    /// Whether it answers what the buyer asked: we told or sent him something.
    pub fn answers(self) -> bool {
        self.is_contact()
            && !matches!(
                self,
                EventKind::SampleAsked | EventKind::SampleResult | EventKind::FactoryVisit | EventKind::Fair
            )
    }

    /// The stage that a buyer has at least reached by it.
    pub fn stage(self) -> Option<Stage> {
        Some(match self {
            EventKind::Quote => Stage::Intent,
            EventKind::SampleAsked => Stage::SampleAsked,
            EventKind::SampleSent | EventKind::SampleResult => Stage::SampleSent,
            EventKind::FactoryVisit => Stage::FactoryVisit,
            EventKind::SampleOrder => Stage::SampleOrder,
            EventKind::TrialOrder => Stage::TrialOrder,
            EventKind::RepeatOrder => Stage::RepeatOrder,
            _ => return None,
        })
    }
}

/// Who paid for a sample that was sent, and its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SampleTerms {
    Free,
    /// By the buyer's own courier account.
    CourierCollect,
    /// Paid by telegraphic transfer before it left.
    Transfer,
}

impl SampleTerms {
    /// The word in the ledger and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            SampleTerms::Free => "free",
            SampleTerms::CourierCollect => "courier_collect",
            SampleTerms::Transfer => "tt",
        }
    }

    /// The terms of a word as people write it; None for any other.
    pub fn parse(word: &str) -> Option<Self> {
        let word = word.trim().to_lowercase().replace([' ', '-', '/'], "_");
        Some(match word.as_str() {
            "free" | "免费" => SampleTerms::Free,
            "courier_collect" | "collect" | "到付" => SampleTerms::CourierCollect,
            "tt" | "t_t" | "paid" | "电汇" => SampleTerms::Transfer,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_understood_as_salespeople_write_it() {
        for kind in EventKind::RECORDED {
            assert_eq!(EventKind::parse(kind.as_str()), Some(kind));
            assert_eq!(EventKind::parse(kind.in_chinese()), Some(kind));
        }
        assert_eq!(EventKind::parse("Sample sent"), Some(EventKind::SampleSent));
        assert_eq!(EventKind::parse("telepathy"), None);
        assert_eq!(SampleTerms::parse("T/T"), Some(SampleTerms::Transfer));
    }

    #[test]
    fn a_note_is_no_contact_and_an_order_is() {
        assert!(!EventKind::Note.is_contact() && EventKind::Fax.is_contact() && EventKind::TrialOrder.is_contact());
    }
}
