//! Phrases with numbers and names in them; both languages of a phrase stand side by side.

use crate::buyer::Stage;
use crate::letter::Language;
use crate::message::{Kind, Sample};

impl Language {
    pub(in crate::letter) fn pick<T>(self, chinese: T, english: T) -> T {
        match self {
            Language::SimplifiedChinese => chinese,
            Language::English => english,
        }
    }

    /// "3 new inquiries, 1 reply"; empty if there are neither.
    pub(in crate::letter) fn new_mail(self, inquiries: usize, replies: usize, unread: usize) -> String {
        let parts = [
            (
                inquiries,
                self.pick(format!("新询盘 {inquiries} 封"), counted(inquiries, "new inquiry", "new inquiries")),
            ),
            (replies, self.replies(replies)),
            (unread, self.unread(unread)),
        ];
        let said: Vec<String> = parts.into_iter().filter(|(count, _)| *count > 0).map(|(_, words)| words).collect();
        said.join(self.pick("、", ", "))
    }

    pub(in crate::letter) fn unreadable(self, count: usize) -> String {
        self.pick(
            format!("{count} 封邮件无法识别，请人工查看"),
            format!("{} could not be read, please look", counted(count, "mail", "mails")),
        )
    }

    pub(in crate::letter) fn may_not_have_arrived(self, count: usize) -> String {
        self.pick(
            format!("{count} 封发出的邮件不确定是否送达"),
            format!("{} of ours may not have arrived", counted(count, "mail", "mails")),
        )
    }

    pub(in crate::letter) fn nothing_new(self) -> String {
        self.pick("没有新询盘", "No new inquiries").to_owned()
    }

    pub(in crate::letter) fn waiting(self, count: i64) -> String {
        let english = match count {
            0 => "Every inquiry has been answered".to_owned(),
            1 => "1 inquiry waits for an answer".to_owned(),
            _ => format!("{count} inquiries wait for an answer"),
        };
        let chinese = if count == 0 {
            "所有询盘均已回复".to_owned()
        } else {
            format!("目前有 {count} 个询盘等待回复")
        };
        self.pick(chinese, english)
    }

    pub(in crate::letter) fn nth_mail(self, nth: i64) -> String {
        self.pick(format!("第 {nth} 次来信"), format!("{} mail", ordinal(nth)))
    }

    pub(in crate::letter) fn last_contact(self, day: &str) -> String {
        self.pick(format!("上次联系 {day}"), format!("last contact {day}"))
    }

    pub(in crate::letter) fn graded_last(self, grade: &str) -> String {
        self.pick(format!("上次评级 {grade}"), format!("graded {grade} last"))
    }

    pub(in crate::letter) fn looked_after(self, owner: &str) -> String {
        self.pick(format!("负责人 {owner}"), format!("looked after by {owner}"))
    }

    pub(in crate::letter) fn stage(self, stage: Stage) -> &'static str {
        let english = match stage {
            Stage::Potential => "potential buyer",
            Stage::Intent => "with intent",
            Stage::SampleAsked => "asked for a sample",
            Stage::SampleSent => "has a sample",
            Stage::FactoryVisit => "saw the factory",
            Stage::SampleOrder => "ordered a sample",
            Stage::TrialOrder => "placed a trial order",
            Stage::RepeatOrder => "orders again",
            Stage::BigPotential => "big potential",
        };
        self.pick(stage.in_chinese(), english)
    }

    pub(in crate::letter) fn stage_suggested(self, stage: Stage) -> String {
        self.pick(format!("建议阶段：{}", self.stage(stage)), format!("new stage? {}", self.stage(stage)))
    }

    /// What speaks for two buyers being one.
    pub(in crate::letter) fn in_common(self, reason: &str) -> String {
        match reason {
            "domain" => self.pick("公司域名相同", "same company domain").to_owned(),
            "phone" => self.pick("电话相同", "same telephone").to_owned(),
            "name" => self.pick("姓名和公司相近", "like name and company").to_owned(),
            other => other.replace('_', " "),
        }
    }

    /// How a person answers whether two buyers are one.
    pub(in crate::letter) fn same_or_different(self, known: i64, new: i64) -> String {
        let (same, different) =
            (format!("inquiryd buyers same {known} {new}"), format!("inquiryd buyers different {known} {new}"));
        self.pick(format!("是：{same} · 不是：{different}"), format!("Yes: {same} · No: {different}"))
    }

    /// May this buyer be that one?
    pub(in crate::letter) fn may_be(self, buyer: &str, known: &str) -> String {
        self.pick(format!("{buyer} 是否就是 {known}？"), format!("Is {buyer} the same as {known}?"))
    }

    pub(in crate::letter) fn recognised(self, by: &str) -> String {
        match by {
            "other_address" => self.pick("按另一邮箱识别", "recognised by another address").to_owned(),
            "phone" => self.pick("按电话识别", "recognised by telephone").to_owned(),
            "name" => self.pick("按姓名和公司识别", "recognised by name and company").to_owned(),
            "address" => self.pick("按邮箱识别", "recognised by address").to_owned(),
            "thread" => self.pick("按往来邮件识别", "recognised by thread").to_owned(),
            "domain" => self.pick("按公司域名识别", "recognised by company domain").to_owned(),
            other => self.pick(format!("按 {other} 识别"), format!("recognised by {other}")),
        }
    }

    pub(in crate::letter) fn relay(self, relay: &str) -> String {
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

    pub(in crate::letter) fn risk(self, risk: &str) -> String {
        match risk {
            "lookalike_domain" => self.pick("疑似仿冒域名", "lookalike domain"),
            "new_domain_in_thread" => self.pick("往来邮件中出现新域名", "new domain in a known thread"),
            "reply_to_differs" => self.pick("回复地址与发件人不符", "answers go elsewhere"),
            "impersonated_brand" => self.pick("冒用知名公司名", "a brand's name misused"),
            "false_link" => self.pick("链接与显示不符", "false link"),
            "login_link" => self.pick("指向登录页的链接", "link to a login page"),
            "dangerous_attachment" => self.pick("危险附件", "dangerous attachment"),
            "authentication_failed" => self.pick("发件人验证失败", "authentication failed"),
            "advance_fee" => self.pick("预付费诈骗用语", "advance fee"),
            "credential_phishing" => self.pick("骗取密码", "phishing for passwords"),
            "overpayment" => self.pick("多付退款骗局", "overpayment"),
            "bank_detail_change" => self.pick("变更收款账户", "change of bank details"),
            "domain_registration" => self.pick("域名注册骗局", "domain registration"),
            "invitation_letter" => self.pick("索要邀请函", "invitation letter wanted"),
            "investment" => self.pick("投资或情感骗局", "investment or romance"),
            "executive_order" => self.pick("冒充老板", "an order in the boss's name"),
            "parcel_fee" => self.pick("包裹费用骗局", "parcel fee"),
            other => return other.replace('_', " "),
        }
        .to_owned()
    }

    pub(in crate::letter) fn sample(self, sample: Sample) -> Option<&'static str> {
        Some(match sample {
            Sample::None => return None,
            Sample::Requested => self.pick("需要样品", "wanted"),
            Sample::Free => self.pick("要求免费", "wanted for free"),
            Sample::CourierAccount => self.pick("运费到付（自有快递账号）", "wanted, courier account given"),
            Sample::Paid => self.pick("愿意付费", "wanted and paid"),
        })
    }

    pub(in crate::letter) fn why(self, grade: &str, score: i64) -> String {
        let points = if score.abs() == 1 { "point" } else { "points" };
        self.pick(format!("为何评为 {grade}（{score} 分）"), format!("Why {grade} ({score} {points})"))
    }

    pub(in crate::letter) fn left_out(self, count: usize) -> String {
        self.pick(
            format!("另有 {count} 条，全部见附件表格"),
            format!("+{count} more, all of them in the attached workbook"),
        )
    }

    pub(in crate::letter) fn kind(self, kind: Kind) -> &'static str {
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

    pub(in crate::letter) fn history(self) -> &'static str {
        self.pick("历史邮件", "from before")
    }

    pub(in crate::letter) fn mails(self, count: i64) -> String {
        self.pick(format!("共 {count} 封"), if count == 1 { "1 mail".to_owned() } else { format!("{count} mails") })
    }

    pub(in crate::letter) fn waited(self, wait: &str) -> String {
        self.pick(format!("已等待 {wait}"), format!("waits for {wait}"))
    }

    pub(in crate::letter) fn received(self, moment: &str) -> String {
        self.pick(format!("{moment} 收到"), format!("received {moment}"))
    }

    pub(in crate::letter) fn why_newsletter(self, company: &str) -> String {
        self.pick(
            format!("您曾就产品事宜与{company}联系，因此收到本邮件。"),
            format!("You receive this mail because you wrote to {company} about its products."),
        )
    }

    /// In front of the unsubscribe link, and the link's own words.
    pub(in crate::letter) fn unsubscribe_link(self, by_click: bool) -> [&'static str; 2] {
        let english = if by_click { "Unsubscribe" } else { "Unsubscribe by mail" };
        self.pick(["不想再收到？", "点此退订"], ["No more news?", english])
    }

    /// Where one click is enough.
    pub(in crate::letter) fn unsubscribe_page(self, page: &str) -> String {
        self.pick(format!("退订请打开：{page}"), format!("Unsubscribe: {page}"))
    }

    pub(in crate::letter) fn unsubscribe_by_hand(self, address: &str, subject: &str) -> String {
        self.pick(
            format!("退订请发送主题为“{subject}”的邮件至 {address}，一封即可。"),
            format!("To unsubscribe, write to {address} with the subject “{subject}”. One mail is enough."),
        )
    }
}

pub(super) fn counted(count: usize, one: &str, many: &str) -> String {
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
        assert_eq!(Language::English.waiting(0), "Every inquiry has been answered");
    }

    #[test]
    fn chinese_says_only_what_there_is() {
        assert_eq!(Language::SimplifiedChinese.new_mail(3, 0, 1), "新询盘 3 封、待查 1 封");
        assert_eq!(Language::SimplifiedChinese.new_mail(0, 0, 0), "");
    }
}
