//! The words of inquiryd's own mails, each language in one place. A missing word does not compile.

use super::Language;
use crate::follow_up::Level;
use crate::message::{Kind, Sample};
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

    fn pick<T>(self, chinese: T, english: T) -> T {
        match self {
            Language::SimplifiedChinese => chinese,
            Language::English => english,
        }
    }

    /// "3 new inquiries, 1 reply"; empty if there are neither.
    pub(super) fn new_mail(self, inquiries: usize, replies: usize, unread: usize) -> String {
        let parts = [
            (
                inquiries,
                self.pick(format!("新询盘 {inquiries} 封"), counted(inquiries, "new inquiry", "new inquiries")),
            ),
            (replies, self.pick(format!("回复 {replies} 封"), counted(replies, "reply", "replies"))),
            (unread, self.pick(format!("待查 {unread} 封"), format!("{unread} unreadable"))),
        ];
        let said: Vec<String> = parts.into_iter().filter(|(count, _)| *count > 0).map(|(_, words)| words).collect();
        said.join(self.pick("、", ", "))
    }

    pub(super) fn unreadable(self, count: usize) -> String {
        self.pick(
            format!("{count} 封邮件无法识别，请人工查看"),
            format!("{} could not be read, please look", counted(count, "mail", "mails")),
        )
    }

    pub(super) fn may_not_have_arrived(self, count: usize) -> String {
        self.pick(
            format!("{count} 封发出的邮件不确定是否送达"),
            format!("{} of ours may not have arrived", counted(count, "mail", "mails")),
        )
    }

    pub(super) fn nothing_new(self) -> String {
        self.pick("没有新询盘", "No new inquiries").to_owned()
    }

    /// Grades and how many each: `A1 B2`, `A 1, B 2`.
    pub(super) fn grades(self, counts: &[(&'static str, usize)]) -> String {
        let space = self.pick("", " ");
        let each: Vec<String> = counts.iter().map(|(grade, count)| format!("{grade}{space}{count}")).collect();
        each.join(self.pick(" ", ", "))
    }

    pub(super) fn in_brackets(self, inner: &str) -> String {
        self.pick(format!("（{inner}）"), format!(" ({inner})"))
    }

    pub(super) fn waiting(self, count: i64) -> String {
        let english = match count {
            1 => "1 inquiry waits for an answer".to_owned(),
            _ => format!("{count} inquiries wait for an answer"),
        };
        self.pick(format!("目前有 {count} 个询盘等待回复"), english)
    }

    pub(super) fn nobody_waits(self) -> &'static str {
        self.pick("所有询盘均已回复", "Every inquiry has been answered")
    }

    pub(super) fn nth_mail(self, nth: i64) -> String {
        self.pick(format!("第 {nth} 次来信"), format!("{} mail", ordinal(nth)))
    }

    pub(super) fn recognised(self, by: &str) -> String {
        match by {
            "address" => self.pick("按邮箱识别", "recognised by address").to_owned(),
            "thread" => self.pick("按往来邮件识别", "recognised by thread").to_owned(),
            "domain" => self.pick("按公司域名识别", "recognised by company domain").to_owned(),
            other => self.pick(format!("按 {other} 识别"), format!("recognised by {other}")),
        }
    }

    pub(super) fn relay(self, relay: &str) -> String {
        match relay {
            "alibaba" => self.pick("来自阿里巴巴国际站", "via Alibaba").to_owned(),
            "made_in_china" => self.pick("来自中国制造网", "via Made-in-China").to_owned(),
            "web_form" => self.pick("来自网站表单", "via the website form").to_owned(),
            "forward" => self.pick("由同事转发", "forwarded").to_owned(),
            "fax" => self.pick("来自传真", "by fax").to_owned(),
            other => {
                let name = other.replace('_', " ");
                self.pick(format!("来自 {name}"), format!("via {name}"))
            }
        }
    }

    pub(super) fn risk(self, risk: &str) -> String {
        match risk {
            "lookalike_domain" => self.pick("疑似仿冒域名", "lookalike domain").to_owned(),
            other => other.replace('_', " "),
        }
    }

    pub(super) fn sample(self, sample: Sample) -> Option<&'static str> {
        Some(match sample {
            Sample::None => return None,
            Sample::Requested => self.pick("需要样品", "wanted"),
            Sample::Free => self.pick("要求免费", "wanted for free"),
            Sample::CourierAccount => self.pick("运费到付（自有快递账号）", "wanted, courier account given"),
            Sample::Paid => self.pick("愿意付费", "wanted and paid"),
        })
    }

    pub(super) fn why(self, grade: &str, score: i64) -> String {
        let points = if score.abs() == 1 { "point" } else { "points" };
        self.pick(format!("为何评为 {grade}（{score} 分）"), format!("Why {grade} ({score} {points})"))
    }

    pub(super) fn compact_note(self, count: usize) -> String {
        self.pick(
            format!("为控制邮件长度，以下 {count} 个询盘只列要点"),
            format!("{} in one line each, to keep this mail short", counted(count, "more inquiry", "more inquiries")),
        )
    }

    pub(super) fn left_out(self, count: usize) -> String {
        self.pick(format!("另有 {count} 条未列出，请在 inquiryd 中查看"), format!("and {count} more, not listed here"))
    }

    pub(super) fn kind(self, kind: Kind) -> &'static str {
        match kind {
            Kind::Inquiry => self.pick("询盘", "inquiries"),
            Kind::Reply => self.pick("回复", "replies"),
            Kind::Bounce => self.pick("退信", "bounces"),
            Kind::AutoReply => self.pick("自动回复", "automatic replies"),
            Kind::Newsletter => self.pick("订阅邮件", "newsletters"),
            Kind::Spam => self.pick("垃圾邮件", "spam"),
            Kind::Pitch => self.pick("推销", "sales pitches"),
            Kind::PlatformNotice => self.pick("平台通知", "platform notices"),
            Kind::Internal => self.pick("内部邮件", "internal"),
            Kind::Command => self.pick("指令", "commands"),
        }
    }

    pub(super) fn history(self) -> &'static str {
        self.pick("历史邮件", "from before")
    }

    pub(super) fn mails(self, count: i64) -> String {
        self.pick(format!("共 {count} 封"), if count == 1 { "1 mail".to_owned() } else { format!("{count} mails") })
    }

    /// What a reminder says in its subject and on top.
    pub(super) fn reminder(self, level: Level, count: usize, longest: &str) -> String {
        match level {
            Level::Target => self.pick(
                format!("{count} 个询盘等待回复，最久已 {longest}"),
                format!(
                    "{} for an answer, the longest for {longest}",
                    counted(count, "inquiry waits", "inquiries wait")
                ),
            ),
            Level::Limit => self.pick(
                format!("逾期未回复：{count} 个询盘，最久已 {longest}"),
                format!(
                    "Overdue: {} without an answer, the longest for {longest}",
                    counted(count, "inquiry", "inquiries")
                ),
            ),
        }
    }

    pub(super) fn waited(self, wait: &str) -> String {
        self.pick(format!("已等待 {wait}"), format!("waits for {wait}"))
    }

    pub(super) fn received(self, moment: &str) -> String {
        self.pick(format!("{moment} 收到"), format!("received {moment}"))
    }

    pub(super) fn why_newsletter(self, company: &str) -> String {
        self.pick(
            format!("您曾就产品事宜与{company}联系，因此收到本邮件。"),
            format!("You receive this mail because you wrote to {company} about its products."),
        )
    }

    /// In front of the unsubscribe link, and the link's own words.
    pub(super) fn unsubscribe_link(self) -> [&'static str; 2] {
        self.pick(["不想再收到？", "点此退订"], ["No more news?", "Unsubscribe by mail"])
    }

    pub(super) fn unsubscribe_by_hand(self, address: &str, subject: &str) -> String {
        self.pick(
            format!("退订请发送主题为“{subject}”的邮件至 {address}，一封即可。"),
            format!("To unsubscribe, write to {address} with the subject “{subject}”. One mail is enough."),
        )
    }
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

fn ordinal(n: i64) -> String {
    let suffix = match (n % 10, n % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{n}{suffix}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn english_counts_like_the_english() {
        let ordinals = [1, 2, 3, 4, 11, 12, 13, 21, 22, 111, 123].map(ordinal);
        let expected = ["1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "22nd", "111th", "123rd"];
        assert_eq!(ordinals, expected);
        assert_eq!(Language::English.new_mail(1, 2, 0), "1 new inquiry, 2 replies");
        assert_eq!(Language::English.waiting(1), "1 inquiry waits for an answer");
        assert_eq!(Language::English.waiting(0), "0 inquiries wait for an answer");
    }

    #[test]
    fn chinese_says_only_what_there_is() {
        assert_eq!(Language::SimplifiedChinese.new_mail(3, 0, 1), "新询盘 3 封、待查 1 封");
        assert_eq!(Language::SimplifiedChinese.new_mail(0, 0, 0), "");
    }

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
