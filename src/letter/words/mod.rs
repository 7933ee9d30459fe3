//! The words of inquiryd's own mails: fixed ones here, phrases in `phrases`. A missing word does not compile.

mod phrases;

use super::Language;
use serde::Serialize;

/// Fixed words; templates use them by name.
#[derive(Debug, Serialize)]
pub(super) struct Words {
    /// BCP 47, for the HTML `lang` attribute.
    pub lang: &'static str,
    /// In front of every subject.
    pub mark: &'static str,
    pub known_buyer: &'static str,
    pub new_buyer: &'static str,
    pub no_name: &'static str,
    pub no_subject: &'static str,
    pub reply: &'static str,
    pub products: &'static str,
    pub quantity: &'static str,
    pub target_price: &'static str,
    pub terms: &'static str,
    pub sample: &'static str,
    pub certificates: &'static str,
    pub phones: &'static str,
    pub websites: &'static str,
    pub attachments: &'static str,
    pub risk: &'static str,
    pub more_inquiries: &'static str,
    pub notices: &'static str,
    pub quarantined: &'static str,
    pub quarantined_hint: &'static str,
    pub set_aside: &'static str,
    pub set_aside_hint: &'static str,
    pub questions: &'static str,
    pub questions_hint: &'static str,
    pub held: &'static str,
    pub held_hint: &'static str,
    pub counts: &'static str,
    pub colon: &'static str,
    pub automatic: &'static str,
    pub target_hint: &'static str,
    pub limit_hint: &'static str,
}

static CHINESE: Words = Words {
    lang: "zh-CN",
    mark: "[询盘]",
    known_buyer: "老客户",
    new_buyer: "新客户",
    no_name: "未留姓名",
    no_subject: "（无主题）",
    reply: "回复",
    products: "产品",
    quantity: "数量",
    target_price: "目标价",
    terms: "条款",
    sample: "样品",
    certificates: "认证",
    phones: "电话",
    websites: "网站",
    attachments: "附件",
    risk: "风险",
    more_inquiries: "其余询盘",
    notices: "请注意",
    quarantined: "无法识别的邮件",
    quarantined_hint: "这些邮件没有丢：请到邮箱的相应文件夹里人工查看。",
    set_aside: "未列为询盘的邮件",
    set_aside_hint: "请扫一眼：如有误判，请直接到邮箱里回复买家。",
    questions: "是不是同一个客户？",
    questions_hint: "证据不足，系统不会替您猜。请用下面的命令告诉系统。",
    held: "不确定是否送达的邮件",
    held_hint: "发送时连接中断，无法得知对方是否收到。请向收件人确认；系统不会自动重发。",
    counts: "本次收到的邮件",
    colon: "：",
    automatic: "本邮件由 inquiryd 自动发送，请勿直接回复。",
    target_hint: "请尽快回复买家；从公司邮箱回复后，系统会自动识别，不再提醒。",
    limit_hint: "以下询盘已超过最长回复时限，请安排人员处理。",
};

static ENGLISH: Words = Words {
    lang: "en",
    mark: "[inquiryd]",
    known_buyer: "Known buyer",
    new_buyer: "New buyer",
    no_name: "no name",
    no_subject: "(no subject)",
    reply: "Reply",
    products: "Products",
    quantity: "Quantity",
    target_price: "Target price",
    terms: "Terms",
    sample: "Sample",
    certificates: "Certificates",
    phones: "Phone",
    websites: "Website",
    attachments: "Attachments",
    risk: "Risk",
    more_inquiries: "More inquiries",
    notices: "Please note",
    quarantined: "Mails that could not be read",
    quarantined_hint: "They are not lost: please look at them yourself, in the mailbox and folder named here.",
    set_aside: "Taken for no inquiry",
    set_aside_hint: "Please glance at them: if one is an inquiry after all, answer it in the mailbox.",
    questions: "The same buyer?",
    questions_hint: "What speaks for it is not enough to be sure, and nothing is guessed. Please say which it is.",
    held: "Mails of ours that may not have arrived",
    held_hint: "The connection broke while they were handed over. Please ask the recipient; \
                they are not sent again by themselves.",
    counts: "Mail of this round",
    colon: ": ",
    automatic: "Sent by inquiryd. Please don't reply to this mail.",
    target_hint: "Please answer the buyer soon. An answer from the company's mailbox is noticed and ends the reminders.",
    limit_hint: "These inquiries have passed the limit for an answer. Please see that somebody takes care of them.",
};

impl Language {
    pub(super) fn words(self) -> &'static Words {
        match self {
            Language::SimplifiedChinese => &CHINESE,
            Language::English => &ENGLISH,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_of_either_language_is_empty() {
        for words in [&CHINESE, &ENGLISH] {
            let words = serde_json::to_value(words).expect("plain strings");
            for (name, word) in words.as_object().expect("a struct") {
                assert!(word.as_str().is_some_and(|word| !word.is_empty()), "{name}");
            }
        }
    }
}
