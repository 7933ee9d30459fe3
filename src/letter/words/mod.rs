//! The words of inquiryd's own mails: fixed ones here, phrases in `phrases`. A missing word does not compile.

mod phrases;
pub(super) mod report;
mod sheets;
mod subjects;
mod tasks;

pub(super) use sheets::Titles;

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
    pub answer_first: &'static str,
    pub comma: &'static str,
    /// In front of the links that grade.
    pub regrade: &'static str,
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
    pub answer_hint: &'static str,
    pub answer_help: &'static str,
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
    answer_first: "请先回复",
    comma: "、",
    regrade: "改评级：",
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
    answer_hint: "直接回复本邮件即可更新：每行写编号和一个词，例如“#123 B”“#124 已打电话 要CIF价”“#125 已报价”。",
    answer_help: "写法：#123 B（评级）· #123 已处理 · #123 已打电话 内容 · #123 已报价 · #123 已寄样 免费/到付/电汇 单号 · \
                  #123 订单 · #123 阶段 试订单 · #123 推迟3天 · #123 洽谈中 · #123 我跟进 · #123 备注 内容 · \
                  #123 例外 原因 · #123 不是询盘。客户用 @编号。",
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
    answer_first: "Answer first",
    comma: ", ",
    regrade: "Grade:",
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
    answer_hint: "Reply to this mail with plain lines: \"#123 B\", \"#124 called, wants CIF price\", \"#125 quoted\".",
    answer_help: "How to say it: #123 B (the grade) · #123 done · #123 called, and what was said · #123 quoted · #123 sample \
                  sent free/collect/T/T and the number · #123 order · #123 stage trial order · #123 snooze 3 days · #123 \
                  negotiating · #123 mine · #123 note … · #123 exception, and why · #123 not an inquiry. A buyer is @45.",
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
