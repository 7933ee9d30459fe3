//! The words of the reports; both languages of each stand side by side.

use super::super::Language;
use crate::report::{Goal, ReportName, SampleState, Trend};

/// A fixed text in both languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::letter) struct Phrase {
    chinese: &'static str,
    english: &'static str,
}

impl Phrase {
    pub(in crate::letter) fn of(self, language: Language) -> &'static str {
        language.pick(self.chinese, self.english)
    }
}

/// Constants for phrases, and a list of them all for the tests.
macro_rules! phrases {
    ($($name:ident: $chinese:literal, $english:literal;)+) => {
        $(pub(in crate::letter) const $name: Phrase = Phrase { chinese: $chinese, english: $english };)+
        #[cfg(test)]
        const ALL: &[(&str, Phrase)] = &[$((stringify!($name), $name)),+];
    };
}

phrases! {
    NOT_KNOWN: "不详", "not known";
    NOBODY: "无人负责", "nobody's";
    RECEIVED: "收到", "received";
    ANSWERED: "已回复", "answered";
    WAITING: "待回复", "waiting";
    EXCUSED: "无需回复", "excused";
    REPLY_RATE: "回复率", "reply rate";
    MEDIAN: "回复用时（中位）", "median reply time";
    NINETIETH: "九成在此之内", "nine of ten within";
    WITHIN_2H: "2 小时内", "within 2 h";
    WITHIN_24H: "24 小时内", "within 24 h";
    WORKING_TIME: "用时按工作时间计算；24 小时指一个工作日。", "Times are working time; 24 hours are one working day.";
    ELAPSED: "自然时间", "by the wall clock";
    NEW_INQUIRIES: "新询盘", "new inquiries";
    NEW_BUYERS: "新客户", "new buyers";
    BEFORE: "上期", "before";
    CHANGE: "变化", "change";

    LATE: "哪些回复晚了？", "Which replies are late?";
    LATE_HINT: "超过一个工作日才回复，或至今未回复，最久的在前。", "Answered after more than one working day, or not yet; the longest first.";
    ANSWERED_LATE: "晚了才回复", "answered late";
    STILL_WAITING: "仍未回复", "still waiting";
    DONE: "谁跟进了谁，结果如何", "Who followed up whom, and with what result";
    DONE_HINT: "今天发给客户的邮件和登记的联系。", "Mails to buyers and entries made today.";
    WROTE: "发邮件", "wrote";
    PEOPLE: "每位业务员的成绩", "Results a salesperson";
    PEOPLE_HINT: "回复率和用时按其客户的询盘计算；其余按其本人登记。", "Replies are counted on the inquiries of his or her buyers, the rest by who entered it.";
    GRADES: "按等级", "By grade";
    SOURCES: "按来源", "By source";
    COUNTRIES: "更多询盘从哪里来？", "More inquiries from where?";
    COUNTRIES_HINT: "按国家，与上期比较。", "By country, against the period before.";
    PRODUCTS: "按产品", "By product";
    PAIRINGS: "什么产品适合什么国家？", "Which product suits which country?";
    PAIRINGS_HINT: "产品 × 国家，箭头表示与上期相比的走势。", "Product by country; the arrow is the trend against the period before.";
    PRICES: "目标价与报价", "Target prices and quotes";
    PRICES_HINT: "单价的中位数（最低–最高），按产品和国家。", "Median unit price (lowest to highest), by product and country.";
    TARGET: "目标价", "target";
    QUOTED: "我方报价", "quoted";
    FUNNEL: "从潜在客户到返单", "From potential to repeat order";
    FUNNEL_HINT: "走到或走过每一步的客户数；百分比是相对上一步的转化率。", "Buyers who came at least this far; the percentage is of the step before.";
    MILESTONES: "年度目标", "The year's milestones";
    A_BUYERS: "A 级客户及现状", "A buyers and how they stand";
    A_BUYERS_HINT: "最近联系的在前。", "The newest contact first.";
    QUIET: "谁没有消息了？", "Who went quiet?";
    QUIET_HINT: "A、B 级客户：上期还有联系，本期没有。", "A and B buyers who were in touch in the period before, and not since.";
    DORMANT: "值得唤醒的老客户", "Dormant buyers worth waking";
    DORMANT_HINT: "90 天以上没有联系，但等级高或已寄样、看厂、下过单。", "Silent for more than 90 days, yet graded high, or with a sample, a visit or an order behind them.";
    SAMPLES: "样品", "Samples";
    SAMPLES_HINT: "没有样品，就没有订单。", "No sample, no order.";
    ENTRIES: "报价、样品、看厂、订单", "Quotes, samples, visits, orders";
    COMPLETENESS: "客户资料完整度", "How complete the cards are";
    CHANNELS: "订单来自哪些渠道？", "By which channels do orders come?";
    CHANNELS_HINT: "本年度订单，按客户最初的来源。", "Orders of the plan's year, by how their buyers first came to us.";
    REMOVED: "从邮箱里消失的客户邮件", "Buyers' mail gone from the mailbox";
    REMOVED_HINT: "被删除，或移到了系统不读取的文件夹；原件都在存档里。", "Deleted, or moved to a folder that is not read; the originals are on record.";
    FORWARDED: "转发到公司外部的客户邮件", "Buyers' mail forwarded outside";
    FORWARDED_HINT: "收件人不是同事、不是客户，也不是登记过的合作方。", "To people who are neither colleagues, nor the buyer, nor a partner on the list.";
    NEWSLETTERS: "群发邮件带来了什么？", "What did the newsletters bring?";
    NEWSLETTERS_HINT: "回复：收到邮件后 30 天内来信的客户／已发送。", "Answered: buyers who wrote within 30 days after it, of those it was sent to.";
    NEWSLETTER: "群发邮件", "newsletter";
    SENT: "已发送", "sent";
    STILL_TO_GO: "待发送", "waiting";
    CAME_BACK: "退回", "came back";
    HELD: "待确认", "held";
    UNSUBSCRIBED: "退订", "unsubscribed";
    COMPLAINED: "投诉", "complained";
    RECORD: "询盘回复记录", "Inquiry-reply record";
    SUMMARY: "汇总", "Summary";

    BUYER: "客户", "buyer";
    PERSON: "联系人", "person";
    COUNTRY: "国家", "country";
    GRADE: "等级", "grade";
    STAGE: "阶段", "stage";
    OWNER: "业务员", "owner";
    SOURCE: "来源", "source";
    PRODUCT: "产品", "product";
    SUBJECT: "主题", "subject";
    NUMBER: "编号", "number";
    LAST_CONTACT: "上次联系", "last contact";
    INQUIRIES: "询盘", "inquiries";
    RECEIVED_AT: "收到时间", "received at";
    ANSWERED_AT: "回复时间", "answered at";
    ANSWERED_BY: "回复人", "answered by";
    WORKING_HOURS: "用时（工作小时）", "working hours";
    NOTE: "说明", "note";
    WHY: "评级原因", "why this grade";
    STATE: "状态", "state";
    SINCE: "自", "since";
    DAY: "日期", "day";
    WHAT: "事项", "what";
    WHO: "谁", "who";
    CURRENCY: "币种", "currency";
    CASES: "次数", "cases";
    LOWEST: "最低", "lowest";
    MEDIAN_PRICE: "中位", "median";
    HIGHEST: "最高", "highest";
    MAILS: "邮件", "mails";
    CONTACTS: "电话等联系", "calls and the like";
    QUOTES: "报价", "quotes";
    SAMPLES_SENT: "寄样", "samples";
    VISITS: "看厂", "factory visits";
    ORDERS: "订单", "orders";
    FOLLOW_UPS: "应跟进", "follow-ups asked";
    A_INQUIRIES: "A 级询盘", "A inquiries";
    CONVERSION: "转化率", "conversion";
    HERE: "目前在此", "here now";
    REACHED: "达到", "reached";
    TARGET_OF_YEAR: "目标", "target";
    NAME: "姓名", "name";
    COMPANY: "公司", "company";
    PHONE: "电话", "telephone";
    FOLDER: "文件夹", "folder";
    RECIPIENTS: "收件人", "recipients";
    FULL_LIST: "完整数据见附件表格。", "The workbook attached has everything.";
}

impl Language {
    pub(in crate::letter) fn report_title(self, name: ReportName, period: &str) -> String {
        let (chinese, english) = match name {
            ReportName::Daily => ("日报", "Daily report"),
            ReportName::Weekly => ("周报", "Weekly report"),
            ReportName::Monthly => ("月报", "Monthly report"),
            ReportName::Quarterly => ("季报", "Quarterly report"),
            ReportName::Yearly => ("年度总结", "Review of the year"),
        };
        self.pick(format!("{period} {chinese}"), format!("{english}, {period}"))
    }

    pub(in crate::letter) fn goal(self, goal: Goal) -> &'static str {
        match goal {
            Goal::Potentials => self.pick("新潜在客户", "potentials"),
            Goal::ABuyers => self.pick("A 级客户", "A buyers"),
            Goal::Samples => self.pick("寄样客户", "sampled buyers"),
            Goal::FactoryVisits => self.pick("看厂客户", "factory visits"),
            Goal::SampleOrders => self.pick("样品单客户", "sample orders"),
            Goal::TrialOrders => self.pick("试订单客户", "trial orders"),
            Goal::RepeatOrders => self.pick("返单客户", "repeat orders"),
            Goal::BigPotentials => self.pick("大潜力客户", "big potentials"),
            Goal::QualityPotentials => self.pick("优质潜在客户", "quality potentials"),
            Goal::SteadyCustomers => self.pick("稳定客户", "steady customers"),
            Goal::Channels => self.pick("出单渠道数", "channels with orders"),
            Goal::LargestChannel => self.pick("最大渠道占比 %", "largest channel's share, %"),
        }
    }

    pub(in crate::letter) fn sample_state(self, state: SampleState) -> &'static str {
        match state {
            SampleState::Asked => self.pick("待寄样", "asked for, not sent"),
            SampleState::Out => self.pick("已寄，未反馈", "sent, no word yet"),
            SampleState::Result => self.pick("已反馈", "result is in"),
            SampleState::Ordered => self.pick("已下单", "ordered"),
        }
    }

    pub(in crate::letter) fn trend(self, trend: Trend) -> &'static str {
        match trend {
            Trend::New => self.pick("新出现", "new"),
            Trend::Growing => self.pick("上升", "growing"),
            Trend::Steady => self.pick("平稳", "steady"),
            Trend::Fading => self.pick("下降", "fading"),
        }
    }

    /// The word of the store for how an inquiry came to us, as people call it; others stay as they are.
    pub(in crate::letter) fn source(self, source: &str) -> String {
        let (chinese, english) = match source {
            "" => ("不详", "not known"),
            "mail" => ("邮件", "mail"),
            "web_form" => ("网站表单", "web form"),
            "alibaba" => ("阿里巴巴", "Alibaba"),
            "made_in_china" => ("中国制造网", "Made-in-China"),
            "global_sources" => ("环球资源", "Global Sources"),
            "forward" => ("转发", "forwarded"),
            "fax" => ("传真", "fax"),
            "fair" => ("展会", "fair"),
            "import" => ("导入", "imported"),
            other => return other.replace('_', " "),
        };
        self.pick(chinese, english).to_owned()
    }

    /// The first words of a subject: what waits, or what came.
    pub(in crate::letter) fn late_count(self, count: usize) -> String {
        self.pick(format!("{count} 个超时"), format!("{count} late"))
    }

    pub(in crate::letter) fn answered_of(self, rate: &str) -> String {
        self.pick(format!("回复率 {rate}"), format!("{rate} answered"))
    }

    pub(in crate::letter) fn inquiry_count(self, count: u64) -> String {
        let english = if count == 1 { "1 inquiry".to_owned() } else { format!("{count} inquiries") };
        self.pick(format!("{count} 个询盘"), english)
    }

    pub(in crate::letter) fn order_count(self, count: u64) -> String {
        let english = if count == 1 { "1 order".to_owned() } else { format!("{count} orders") };
        self.pick(format!("{count} 个订单"), english)
    }

    pub(in crate::letter) fn a_buyer_count(self, count: usize) -> String {
        self.pick(format!("A 级客户 {count} 家"), format!("{count} A buyers"))
    }

    pub(in crate::letter) fn milestone_count(self, reached: usize, all: usize) -> String {
        self.pick(format!("{all} 个目标完成 {reached} 个"), format!("{reached} of {all} milestones"))
    }

    pub(in crate::letter) fn quiet_day(self) -> String {
        self.pick("没有新询盘，系统运行正常", "Nothing new, all is well").to_owned()
    }

    pub(in crate::letter) fn plan_year(self, number: u32, first: &str, last: &str) -> String {
        self.pick(
            format!("计划第 {number} 年：{first} 至 {last}"),
            format!("Year {number} of the plan: {first} to {last}"),
        )
    }

    /// What stood at the same place in the period before.
    pub(in crate::letter) fn was(self, before: &str) -> String {
        self.pick(format!("上期 {before}"), format!("before: {before}"))
    }

    pub(in crate::letter) fn waiting_inquiries(self, count: u64) -> String {
        self.pick(format!("{count} 个待回复"), format!("{count} waiting"))
    }

    pub(in crate::letter) fn of_target(self, target: &str) -> String {
        self.pick(format!("目标 {target}"), format!("target {target}"))
    }

    pub(in crate::letter) fn at_most(self, target: &str) -> String {
        self.pick(format!("不超过 {target}"), format!("at most {target}"))
    }

    /// "+4 more, in the workbook".
    pub(in crate::letter) fn more_in_workbook(self, more: usize) -> String {
        self.pick(format!("还有 {more} 条，见附件表格"), format!("+{more} more, in the workbook attached"))
    }

    /// An amount with its currency.
    pub(in crate::letter) fn money(self, amount: &str, currency: &str) -> String {
        let chinese = match currency {
            "USD" => "美元",
            "EUR" => "欧元",
            "GBP" => "英镑",
            "JPY" => "日元",
            "CNY" => "元",
            "HKD" => "港元",
            other => other,
        };
        let written = self.pick(format!("{amount} {chinese}"), format!("{currency} {amount}"));
        written.trim().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_phrase_is_missing_in_either_language() {
        let is_chinese = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
        for (name, phrase) in ALL {
            assert!(!phrase.chinese.is_empty() && !phrase.english.is_empty(), "{name}");
            assert!(is_chinese(phrase.chinese) && !is_chinese(phrase.english), "{name}");
        }
    }

    #[test]
    fn money_is_written_as_each_language_does() {
        assert_eq!(Language::SimplifiedChinese.money("3.10", "USD"), "3.10 美元");
        assert_eq!(Language::English.money("3.10", "USD"), "USD 3.10");
        assert_eq!(
            (Language::English.money("3.10", ""), Language::SimplifiedChinese.money("3.10", "")),
            ("3.10".into(), "3.10".into())
        );
    }
}
