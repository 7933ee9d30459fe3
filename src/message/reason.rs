//! Why a mail is of its kind, told in the languages of inquiryd's own mails.

use crate::domain::Likeness;
use crate::language::Language;

/// Why a mail is of its kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KindReason {
    /// A header field or MIME structure, by its name and standard.
    Structure(String),
    /// A mail daemon's subject or words.
    DaemonNotice,
    /// An empty envelope sender and a failure notice.
    NullSender,
    /// A program's failure notice with an SMTP status.
    ProgramNotice,
    ReadReceipt,
    DeliveredReport,
    HarmlessFeedback,
    AutomaticSubject,
    TicketSubject,
    /// The words of an automatic answer.
    AutomaticWords(String),
    /// A platform writes for itself.
    Platform(String),
    /// A buyer's words brought by a platform, a form or a colleague.
    Brought,
    /// A colleague shows us what looks like fraud, by these words.
    ShownFraud(String),
    AnswersUs,
    QuotesUs,
    /// Claims to be ours, but authentication failed.
    FalseColleague,
    /// From this domain of ours.
    OwnDomain(String),
    FraudWords(String),
    /// The sender's domain looks like ours.
    LooksLikeUs {
        theirs: String,
        own: String,
        why: Likeness,
    },
    /// A vague mail with this dangerous attachment.
    DangerousAttachment(String),
    /// A circular's small print, in these words.
    SmallPrint(String),
    /// Offers of a seller, in these words.
    Sells(String),
    Person,
    KnownThread,
    /// Asks to be taken off our newsletters.
    AsksOut,
    /// One of us tells inquiryd something.
    Instructs,
    /// A known buyer in a known thread, whatever the mail itself says.
    KnownBuyerInThread(Box<KindReason>),
    /// A known buyer, whatever the mail itself says.
    KnownBuyer(Box<KindReason>),
}

impl KindReason {
    /// The reason in a few words.
    pub fn told(&self, language: Language) -> String {
        match language {
            Language::English => self.in_english(),
            Language::SimplifiedChinese => self.in_chinese(),
        }
    }

    fn in_english(&self) -> String {
        match self {
            Self::Structure(what) => what.clone(),
            Self::DaemonNotice => "a mail daemon says that mail was not delivered".into(),
            Self::NullSender => "null sender and a failure notice".into(),
            Self::ProgramNotice => "a failure notice with an SMTP status".into(),
            Self::ReadReceipt => "a read receipt (RFC 8098)".into(),
            Self::DeliveredReport => "a report of a delivery that succeeded (RFC 3464)".into(),
            Self::HarmlessFeedback => "a feedback report that is no complaint (RFC 6591)".into(),
            Self::AutomaticSubject => "the subject of an automatic answer".into(),
            Self::TicketSubject => "Auto-Submitted: auto-generated, and a ticket's subject".into(),
            Self::AutomaticWords(words) => format!("the words of an automatic answer: {words}"),
            Self::Platform(platform) => format!("{platform} writes for itself: no buyer in it"),
            Self::Brought => "a buyer's words brought by someone else".into(),
            Self::ShownFraud(words) => format!("a colleague shows us what looks like fraud: {words}"),
            Self::AnswersUs => "answers a mail of ours (In-Reply-To, References)".into(),
            Self::QuotesUs => "quotes a mail of ours".into(),
            Self::FalseColleague => "claims to be ours, but authentication failed".into(),
            Self::OwnDomain(domain) => format!("from our own {domain}"),
            Self::FraudWords(words) => format!("the words of fraud: {words}"),
            Self::LooksLikeUs { theirs, own, why } => {
                format!("{theirs} looks like our own {own}: {}", why.told(Language::English))
            }
            Self::DangerousAttachment(name) => format!("a vague mail with {name}"),
            Self::SmallPrint(words) => format!("a circular's small print: {words}"),
            Self::Sells(words) => format!("sells to us: {words}"),
            Self::Person => "a person writes, and nothing says otherwise".into(),
            Self::AsksOut => "asks to be taken off our newsletters".into(),
            Self::Instructs => "one of us tells inquiryd something".into(),
            Self::KnownThread => "goes on in a known thread".into(),
            Self::KnownBuyerInThread(but) => format!("a known buyer in a known thread, although: {}", but.in_english()),
            Self::KnownBuyer(but) => format!("a known buyer, although: {}", but.in_english()),
        }
    }

    fn in_chinese(&self) -> String {
        match self {
            Self::Structure(what) => format!("邮件结构或邮件头：{what}"),
            Self::DaemonNotice => "邮件系统通知：邮件未能送达".into(),
            Self::NullSender => "信封发件人为空，且内容为投递失败通知".into(),
            Self::ProgramNotice => "程序发出的投递失败通知，带 SMTP 状态码".into(),
            Self::ReadReceipt => "已读回执（RFC 8098）".into(),
            Self::DeliveredReport => "投递成功报告（RFC 3464）".into(),
            Self::HarmlessFeedback => "反馈报告，但并非投诉（RFC 6591）".into(),
            Self::AutomaticSubject => "主题表明是自动回复".into(),
            Self::TicketSubject => "Auto-Submitted: auto-generated，主题为工单通知".into(),
            Self::AutomaticWords(words) => format!("内容是自动回复：{words}"),
            Self::Platform(platform) => format!("{platform} 平台自己的通知，不含买家来信"),
            Self::Brought => "由平台、表单或同事转来的买家来信".into(),
            Self::ShownFraud(words) => format!("同事转来的疑似诈骗邮件：{words}"),
            Self::AnswersUs => "回复我方邮件(In-Reply-To、References)".into(),
            Self::QuotesUs => "引用了我方邮件".into(),
            Self::FalseColleague => "自称是我方人员，但发件人身份验证失败".into(),
            Self::OwnDomain(domain) => format!("来自我方域名 {domain}"),
            Self::FraudWords(words) => format!("含诈骗用语：{words}"),
            Self::LooksLikeUs { theirs, own, why } => {
                format!("{theirs} 与我方域名 {own} 相似：{}", why.told(Language::SimplifiedChinese))
            }
            Self::DangerousAttachment(name) => format!("内容空泛，却带有危险附件 {name}"),
            Self::SmallPrint(words) => format!("含群发邮件的例行说明：{words}"),
            Self::Sells(words) => format!("对方在向我方推销：{words}"),
            Self::Person => "由真人书写，未见其他迹象".into(),
            Self::AsksOut => "要求退订我方邮件".into(),
            Self::Instructs => "我方人员给 inquiryd 的指令".into(),
            Self::KnownThread => "已有往来邮件的后续".into(),
            Self::KnownBuyerInThread(but) => format!("老客户在已有往来中的来信，尽管：{}", but.in_chinese()),
            Self::KnownBuyer(but) => format!("老客户来信，尽管：{}", but.in_chinese()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_tells_the_reason_in_the_companys_own_language() {
        let reason = KindReason::KnownBuyer(Box::new(KindReason::Sells("our services".into())));
        assert_eq!(reason.told(Language::English), "a known buyer, although: sells to us: our services");
        assert_eq!(reason.told(Language::SimplifiedChinese), "老客户来信，尽管：对方在向我方推销：our services");
    }
}
