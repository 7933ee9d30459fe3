//! Risks in words, as they are recorded and shown.

use super::Risk;
use crate::domain::{Likeness, punycode, readable};
use crate::language::Language;
use crate::message::{Danger, Fraud};
use serde::{Deserialize, Serialize};

/// A risk as it is recorded and shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// Machine name, e.g. "lookalike_domain".
    pub risk: String,
    /// The evidence for people, e.g. "kestrel-leisvre.co.uk looks like kestrel-leisure.co.uk: one letter differs".
    pub detail: String,
}

impl Risk {
    /// The machine name, as in `explain --json`.
    pub fn name(&self) -> &'static str {
        match self {
            Risk::LookalikeDomain { .. } => "lookalike_domain",
            Risk::NewDomainInThread { .. } => "new_domain_in_thread",
            Risk::ReplyToDiffers { .. } => "reply_to_differs",
            Risk::ImpersonatedBrand { .. } => "impersonated_brand",
            Risk::FalseLink { .. } => "false_link",
            Risk::LoginLink { .. } => "login_link",
            Risk::Words { fraud, .. } => fraud_name(*fraud),
            Risk::DangerousAttachment { .. } => "dangerous_attachment",
            Risk::AuthenticationFailed { .. } => "authentication_failed",
        }
    }

    /// The risk in the reader's language.
    pub fn told(&self, language: Language) -> Told {
        let detail = match language {
            Language::SimplifiedChinese => self.in_chinese(),
            Language::English => self.in_english(),
        };
        Told { risk: self.name().to_owned(), detail }
    }

    fn in_english(&self) -> String {
        match self {
            Risk::LookalikeDomain { written, trusted, likeness } => {
                format!("{} looks like {trusted}: {}", shown(written), likeness.told(Language::English))
            }
            Risk::NewDomainInThread { written, known } => {
                format!("goes on in the thread with {known}, but comes from {}", shown(written))
            }
            Risk::ReplyToDiffers { from, reply_to } => {
                format!("written from {}, answers go to {}", shown(from), shown(reply_to))
            }
            Risk::ImpersonatedBrand { written, brand, own } => {
                format!("{} carries the name {brand}, but is not {own}", shown(written))
            }
            Risk::FalseLink { shown, target } => format!("a link shows \"{shown}\" and leads to {target}"),
            Risk::LoginLink { target } => format!("a link leads to a page of {target} that asks for a password"),
            Risk::Words { evidence, .. } => format!("the words: {evidence}"),
            Risk::DangerousAttachment { name, danger } => format!("{name} is {}", danger.told(Language::English)),
            Risk::AuthenticationFailed { result } => format!("our mail server says {result}"),
        }
    }

    fn in_chinese(&self) -> String {
        match self {
            Risk::LookalikeDomain { written, trusted, likeness } => {
                format!("{} 与 {trusted} 相似：{}", shown(written), likeness.told(Language::SimplifiedChinese))
            }
            Risk::NewDomainInThread { written, known } => {
                format!("接着与 {known} 的往来邮件写，但发自 {}", shown(written))
            }
            Risk::ReplyToDiffers { from, reply_to } => {
                format!("发自 {}，回复却会发到 {}", shown(from), shown(reply_to))
            }
            Risk::ImpersonatedBrand { written, brand, own } => {
                format!("{} 带有 {brand} 的名字，但不是 {own}", shown(written))
            }
            Risk::FalseLink { shown, target } => format!("链接显示为“{shown}”，实际指向 {target}"),
            Risk::LoginLink { target } => format!("链接指向 {target} 上要求输入密码的页面"),
            Risk::Words { evidence, .. } => format!("可疑用语：{evidence}"),
            Risk::DangerousAttachment { name, danger } => {
                format!("{name} 是{}", danger.told(Language::SimplifiedChinese))
            }
            Risk::AuthenticationFailed { result } => format!("我方邮件服务器的验证结果：{result}"),
        }
    }
}

/// An internationalised domain in punycode, with the letters that a reader would see.
fn shown(domain: &str) -> String {
    let (wire, letters) = (punycode(domain), readable(domain));
    if wire == letters { wire.into_owned() } else { format!("{wire} ({letters})") }
}

fn fraud_name(fraud: Fraud) -> &'static str {
    match fraud {
        Fraud::AdvanceFee => "advance_fee",
        Fraud::Phishing => "credential_phishing",
        Fraud::Overpayment => "overpayment",
        Fraud::BankChange => "bank_detail_change",
        Fraud::DomainRegistration => "domain_registration",
        Fraud::InvitationLetter => "invitation_letter",
        Fraud::Investment => "investment",
        Fraud::ExecutiveOrder => "executive_order",
        Fraud::ParcelFee => "parcel_fee",
    }
}

impl Likeness {
    /// In the reader's language.
    pub fn told(self, language: Language) -> &'static str {
        let chinese = language == Language::SimplifiedChinese;
        let pick = |zh, en| if chinese { zh } else { en };
        match self {
            Likeness::OtherTopLevel => pick("名称相同，后缀不同", "the same name under another top level"),
            Likeness::SomethingAdded => pick("在对方名称上加了字", "the same name with something added"),
            Likeness::Hyphen => pick("只差一个连字符", "differs by a hyphen"),
            Likeness::LookAlikeLetters => pick("用了外形相似的字母", "letters replaced by look-alikes"),
            Likeness::OneLetter => pick("差一个字母", "one letter differs"),
            Likeness::TwoLetters => pick("差两个字母", "two letters differ"),
        }
    }
}

impl Danger {
    /// In the reader's language.
    pub fn told(self, language: Language) -> &'static str {
        let chinese = language == Language::SimplifiedChinese;
        let pick = |zh, en| if chinese { zh } else { en };
        match self {
            Danger::Program => pick("程序", "a program"),
            Danger::Macros => pick("带宏的文档", "a document with macros"),
            Danger::WebPage => pick("网页文件", "a web page as a file"),
            Danger::Archive => pick("压缩包", "an archive"),
        }
    }
}
