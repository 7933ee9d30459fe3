//! Phrases of tasks and of what our people tell us; both languages of a phrase stand side by side.

use super::phrases::counted;
use crate::buyer::{EventKind, Stage};
use crate::grade::{Grade, Grounds};
use crate::letter::{Language, Refusal, TaskKind, plain};
use crate::report::{FolderLine, Tally};
use crate::staff::{Action, Effect, Instruction, Why};

/// Characters of a grade's reasons.
const REASONS: usize = 120;

impl Language {
    /// "2 overdue", in subjects and above sections.
    pub(in crate::letter) fn task_title(self, kind: TaskKind, count: usize) -> String {
        let (chinese, english) = match kind {
            TaskKind::Limit => (format!("逾期未回复 {count} 个"), format!("{count} overdue")),
            TaskKind::Target => (format!("超过目标时限 {count} 个"), format!("{count} past the target")),
            TaskKind::Near => (format!("即将到时限 {count} 个"), format!("{count} soon due")),
            TaskKind::Risky => (format!("可疑 {count} 个"), format!("{count} suspicious")),
            TaskKind::New => (format!("新 A、B 级 {count} 个"), format!("{count} new A or B")),
            TaskKind::Sample => (format!("样品未寄 {count} 个"), counted(count, "sample not sent", "samples not sent")),
            TaskKind::Forgotten => {
                (format!("跟进无动静 {count} 个"), counted(count, "buyer forgotten", "buyers forgotten"))
            }
            TaskKind::Call => (format!("今日致电 {count} 个"), counted(count, "call today", "calls today")),
            TaskKind::Write => {
                (format!("今日去信 {count} 个"), counted(count, "mail to write today", "mails to write today"))
            }
            TaskKind::NewAddress => {
                (format!("邮箱失效 {count} 个"), counted(count, "address no longer valid", "addresses no longer valid"))
            }
            TaskKind::HandedOverWaiting => (
                format!("接手：待回复 {count} 个"),
                format!("handed over: {}", counted(count, "inquiry waits", "inquiries wait")),
            ),
            TaskKind::HandedOver => {
                (format!("接手：客户 {count} 个"), format!("handed over: {}", counted(count, "buyer", "buyers")))
            }
        };
        self.pick(chinese, english)
    }

    pub(in crate::letter) fn nothing_to_do(self) -> &'static str {
        self.pick("目前没有要处理的事", "Nothing to do right now")
    }

    /// What is to be done, alone.
    pub(in crate::letter) fn task_name(self, kind: TaskKind) -> &'static str {
        match kind {
            TaskKind::Limit => self.pick("逾期未回复", "overdue"),
            TaskKind::Target => self.pick("超过目标时限", "past the target"),
            TaskKind::Near => self.pick("即将到时限", "soon due"),
            TaskKind::Risky => self.pick("可疑", "suspicious"),
            TaskKind::New => self.pick("新 A、B 级", "new A or B"),
            TaskKind::Sample => self.pick("样品未寄", "sample not sent"),
            TaskKind::Forgotten => self.pick("跟进无动静", "forgotten"),
            TaskKind::Call => self.pick("今日致电", "call"),
            TaskKind::Write => self.pick("今日去信", "write"),
            TaskKind::NewAddress => self.pick("邮箱失效", "address no longer valid"),
            TaskKind::HandedOverWaiting => self.pick("接手：待回复", "handed over, waits"),
            TaskKind::HandedOver => self.pick("接手：客户", "handed over"),
        }
    }

    pub(in crate::letter) fn task_hint(self, kind: TaskKind) -> &'static str {
        match kind {
            TaskKind::Limit => self.pick(
                "以下询盘已超过最长回复时限，请安排人员处理。",
                "These inquiries have passed the limit for an answer. Please see that somebody takes care of them.",
            ),
            TaskKind::Target | TaskKind::Near => self.pick(
                "请尽快回复买家；从公司邮箱回复后，系统会自动识别，不再提醒。",
                "Please answer the buyer soon. An answer from the company's mailbox is noticed and ends the reminders.",
            ),
            TaskKind::Risky => self.pick(
                "这些邮件有诈骗迹象：回复、付款或点击之前，请先通过其他途径核实。",
                "They bear signs of fraud: before you answer, pay or click, check with the buyer in another way.",
            ),
            TaskKind::New => {
                self.pick("昨天以来的新 A、B 级询盘，请最先回复。", "They came since yesterday: answer these first.")
            }
            TaskKind::Sample => self.pick(
                "客户索样后一直没有寄出：没有样品，就没有订单。",
                "These buyers asked for a sample and none was sent: no sample, no order.",
            ),
            TaskKind::Forgotten => self.pick(
                "上一轮已请负责人跟进，至今没有联系记录。",
                "Somebody was asked to follow these up last time, and no contact is on record since.",
            ),
            TaskKind::Call => self.pick("A 类客户建议打电话。", "A telephone call is best for these."),
            TaskKind::Write => self.pick(
                "写信或联系后，系统会自动重新计时。",
                "Any contact begins the rhythm anew; mail from the company's mailbox is noticed by itself.",
            ),
            TaskKind::NewAddress => self.pick(
                "发给他们的邮件被退回，请设法问到新的邮箱。",
                "Mail to them comes back. Please find out another address.",
            ),
            TaskKind::HandedOverWaiting => {
                self.pick("这些询盘现在由您负责，正在等待回复。", "They are yours now, and wait for an answer.")
            }
            TaskKind::HandedOver => self.pick("这些客户现在由您负责。", "These buyers are yours now."),
        }
    }

    pub(in crate::letter) fn put_off(self, count: usize) -> String {
        self.pick(
            format!("另有 {count} 个客户到期，今天已排满，将顺延到以后几天。"),
            format!(
                "{} due as well; today is full, they follow on the next days.",
                counted(count, "more buyer is", "more buyers are")
            ),
        )
    }

    pub(in crate::letter) fn silent_for(self, wait: &str) -> String {
        self.pick(format!("未联系 {wait}"), format!("silent for {wait}"))
    }

    /// Why something is graded as it is; None if nobody knows.
    pub(in crate::letter) fn grounds(self, why: &Grounds) -> Option<String> {
        match why {
            Grounds::Unknown => None,
            Grounds::ByHand => Some(self.pick("人工评级", "graded by hand").to_owned()),
            Grounds::Rules(reasons) => Some(plain::line(&reasons.join(self.words().comma), REASONS)),
        }
    }

    /// The same, with the grade before it.
    pub(in crate::letter) fn graded_for(self, grade: Option<Grade>, why: &Grounds) -> Option<String> {
        let (grade, why) = (grade?.as_str(), self.grounds(why)?);
        Some(self.pick(format!("评为 {grade}：{why}"), format!("{grade}: {why}")))
    }

    pub(in crate::letter) fn due(self, moment: &str) -> String {
        self.pick(format!("应于 {moment} 前"), format!("due {moment}"))
    }

    pub(in crate::letter) fn overdue_since(self, moment: &str) -> String {
        self.pick(format!("逾期：应于 {moment} 前"), format!("overdue since {moment}"))
    }

    pub(in crate::letter) fn said(self, ours: bool, day: &str) -> String {
        match ours {
            true => self.pick(format!("我方 {day}："), format!("we, {day}:")),
            false => self.pick(format!("对方 {day}："), format!("the buyer, {day}:")),
        }
    }

    /// What somebody asked, in one line.
    pub(in crate::letter) fn instruction(self, instruction: &Instruction) -> String {
        let said = match &instruction.action {
            Action::Grade(grade) => self.pick(format!("评级 {}", grade.as_str()), format!("grade {}", grade.as_str())),
            Action::Done(how) => with(self.pick("已处理", "answered"), how),
            Action::Record(what, detail) => with(&self.event(*what), detail),
            Action::Order(detail) => with(self.pick("订单", "order"), detail),
            Action::Stage(stage) => {
                self.pick(format!("阶段 {}", stage.in_chinese()), format!("stage {}", stage.as_str()))
            }
            Action::Snooze(_) => self.pick("推迟", "snooze").to_owned(),
            Action::Negotiating(_, words) => with(self.pick("洽谈中", "negotiating"), words),
            Action::NotAnInquiry(why) => with(self.pick("不是询盘", "not an inquiry"), why),
            Action::Mine => self.pick("由我跟进", "mine").to_owned(),
            Action::Except(why) => with(self.pick("例外", "exception"), why),
        };
        format!("{} {}", instruction.matter, crate::letter::plain::line(&said, 160))
    }

    /// An entry of the ledger in one phrase.
    pub(in crate::letter) fn entry(self, what: Option<EventKind>, detail: &str) -> String {
        what.map_or_else(|| detail.to_owned(), |what| with(&self.event(what), detail))
    }

    pub(in crate::letter) fn event(self, what: EventKind) -> String {
        self.pick(what.in_chinese().to_owned(), what.as_str().replace('_', " "))
    }

    pub(in crate::letter) fn effect(self, effect: Effect) -> String {
        match effect {
            Effect::Done | Effect::PutOff(_) => self.pick("已记录", "noted").to_owned(),
            Effect::Reached(stage) => self.reached(stage),
            Effect::Already => self.pick("此前已记录，未重复", "was noted before; nothing is done twice").to_owned(),
            Effect::Unknown => self.pick("没有这个编号", "there is no such number").to_owned(),
        }
    }

    fn reached(self, stage: Stage) -> String {
        self.pick(
            format!("已记录，客户阶段：{}", stage.in_chinese()),
            format!("noted; stage now: {}", self.stage(stage)),
        )
    }

    pub(in crate::letter) fn put_off_until(self, day: &str) -> String {
        self.pick(format!("{day} 之前不再提醒"), format!("no reminders before {day}"))
    }

    pub(in crate::letter) fn misread(self, why: Why) -> &'static str {
        match why {
            Why::Unknown => self.pick("没有看懂要做什么", "what is to be done was not understood"),
            Why::NeedsWords => self.pick("请在后面写上内容", "please write the words behind it"),
            Why::NeedsTerms => {
                self.pick("请写明样品 免费、到付 或 电汇", "please say whether the sample was free, collect or T/T")
            }
            Why::NeedsDay => self.pick("请写明推迟到哪天，例如 推迟3天", "please say until when, e.g. snooze 3 days"),
        }
    }

    pub(in crate::letter) fn refusal(self, refusal: Refusal) -> &'static str {
        match refusal {
            Refusal::Forged => self.pick(
                "收信服务器判定发件人是伪造的，未执行。如果确实是您发的，请联系邮箱管理员。",
                "Not done: the receiving server says that the sender is forged. If it was you, please ask whoever runs the mail server.",
            ),
            Refusal::NoToken => self.pick(
                "未执行：邮件里没有口令。请直接回复系统发给您的邮件，或点其中的链接。",
                "Not done: there is no token. Please reply to a mail that inquiryd sent you, or use its links.",
            ),
            Refusal::WrongToken => self.pick(
                "未执行：口令不是给您或这一条的。请使用系统发给您本人的邮件。",
                "Not done: the token is not yours, or is for another line. Please use the mail that inquiryd sent to you.",
            ),
            Refusal::Expired => self.pick(
                "未执行：口令已过期。请使用较新的邮件。",
                "Not done: the token has expired. Please use a newer mail.",
            ),
            Refusal::NothingUnderstood => self.pick("没有看懂要做什么。", "What is to be done was not understood."),
        }
    }

    pub(in crate::letter) fn answer_title(self, done: usize, not_done: usize) -> String {
        match (done, not_done) {
            (done, 0) => self.pick(format!("已记录 {done} 条"), format!("{done} noted")),
            (0, not_done) => self.pick(format!("未执行 {not_done} 条"), format!("{not_done} not done")),
            _ => self
                .pick(format!("已记录 {done} 条，未执行 {not_done} 条"), format!("{done} noted, {not_done} not done")),
        }
    }

    pub(in crate::letter) fn suspicion_title(self, person: &str) -> String {
        self.pick(
            format!("可疑指令：有人以 {person} 的名义来信"),
            format!("Suspicious: somebody wrote in the name of {person}"),
        )
    }

    /// The same in a subject.
    pub(in crate::letter) fn suspicion_fact(self, person: &str) -> String {
        self.pick(format!("可疑：冒用 {person} 的来信"), format!("suspicious mail as {person}"))
    }

    /// What became of everything: the ledger in one sentence.
    pub(in crate::letter) fn tally(self, tally: &Tally) -> String {
        let Tally { received, answered, waiting, excused, quarantined } = tally;
        self.pick(
            format!("近 30 天：收到 {received}，已回复 {answered}，待回复 {waiting}，例外 {excused}，待查 {quarantined}"),
            format!(
                "Last 30 days: received {received}, answered {answered}, waiting {waiting}, excused {excused}, quarantined \
                 {quarantined}"
            ),
        )
    }

    pub(in crate::letter) fn agrees(self) -> &'static str {
        self.pick("与服务器上的邮件数核对一致", "the server's count agrees with ours")
    }

    pub(in crate::letter) fn disagrees(self, folder: &FolderLine) -> String {
        let FolderLine { account, folder, missing } = folder;
        self.pick(
            format!("邮箱“{account}”的文件夹“{folder}”里有 {missing} 封邮件未取到，请人工核对"),
            format!("{missing} mails in the folder \"{folder}\" of \"{account}\" are not on record: please look"),
        )
    }
}

fn with(what: &str, detail: &str) -> String {
    if detail.is_empty() { what.to_owned() } else { format!("{what} {detail}") }
}
