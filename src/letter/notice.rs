//! Sentences for the next digest: what went wrong or needs a person, and what to do.

use crate::language::Language;

/// Something people should know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice<'a> {
    /// The account could not be read.
    AccountFails { account: &'a str, error: &'a str },
    /// A remark about an account that still works.
    Account { account: &'a str, remark: &'a str },
    /// The first look at an account found older mail.
    History { account: &'a str, mails: u64, days: u64 },
    /// A mail of ours was refused for good.
    Refused { outbox_id: i64, recipient: &'a str, subject: &'a str, error: &'a str },
    /// The hourly cap was reached; the rest waits.
    Breaker { cap: u32 },
    /// A newsletter's day was long ago: somebody must say that it may still go.
    NewsletterLate { name: &'a str },
    /// Too many of a newsletter's mails came back.
    NewsletterBounces { name: &'a str, bounced: i64, tried: i64 },
    /// A newsletter's words or attachments can't be read any more.
    NewsletterBroken { name: &'a str, error: &'a str },
    /// The mail server has had enough of newsletters.
    ProviderRefuses { answer: &'a str, until: &'a str },
    /// The store may be a copy of before: nobody knows which newsletters went since.
    Restored { away_since: Option<&'a str> },
    /// Nobody can listen where readers' one click would arrive.
    OneClick { listen: &'a str, error: &'a str },
    /// A fair begins on the next working day.
    FairBegins { title: &'a str, name: &'a str, answered: usize, named_a_day: usize },
    /// A new configuration was refused.
    Reload { error: &'a str },
    /// Nobody has told which weekends of a year are worked.
    Calendar { year: i16 },
}

impl Notice<'_> {
    /// One sentence, or two: what happened and what to do.
    pub fn sentence(&self, language: Language) -> String {
        match language {
            Language::SimplifiedChinese => self.chinese(),
            Language::English => self.english(),
        }
    }

    fn chinese(&self) -> String {
        match self {
            Notice::AccountFails { account, error } => format!("邮箱“{account}”收取失败，将自动重试：{error}"),
            Notice::Account { account, remark } => format!("邮箱“{account}”：{remark}"),
            Notice::History { account, mails, days } => {
                format!("首次读取邮箱“{account}”：{mails} 封 {days} 天以前的旧邮件已存档，不再催办。")
            }
            Notice::Refused { outbox_id, recipient, subject, error } => format!(
                "发给 {recipient} 的邮件《{subject}》被拒收：{error}。改好后运行 inquiryd outbox resend {outbox_id}，\
                 或用 inquiryd outbox drop {outbox_id} 放弃。"
            ),
            Notice::NewsletterLate { name } => format!(
                "群发邮件“{name}”的日期已过，尚未发送。仍要发送：inquiryd newsletter send {name}；不再发送：inquiryd newsletter stop {name}。"
            ),
            Notice::NewsletterBounces { name, bounced, tried } => format!(
                "群发邮件“{name}”已自动暂停：{tried} 封中有 {bounced} 封被退回，继续发送会损害邮箱信誉。请先清理地址；继续：inquiryd newsletter resume {name}。"
            ),
            Notice::NewsletterBroken { name, error } => format!(
                "群发邮件“{name}”已自动暂停：{error}。改好后重新加载（systemctl reload inquiryd），再继续：inquiryd newsletter resume {name}。"
            ),
            Notice::FairBegins { title, name, answered, named_a_day } => format!(
                "{title}即将开幕：{answered} 位受邀客户已回复，其中 {named_a_day} 位说了哪天来。名单：inquiryd newsletter fair {name}。"
            ),
            Notice::Breaker { cap } => {
                format!("一小时内已发送 {cap} 封邮件，达到上限，其余邮件顺延（outbox.hourly_cap）。")
            }
            Notice::ProviderRefuses { answer, until } => format!(
                "邮件服务器暂时拒收群发邮件（{answer}）。群发已暂停，{until} 起放慢速度继续；如经常出现，请调低 newsletter.per_day。"
            ),
            Notice::Restored { away_since } => {
                let why = away_since.map_or_else(
                    || "数据库比已发送的邮件旧，可能是从备份恢复的".to_owned(),
                    |since| format!("本服务自 {since} 起没有运行，数据库可能是当时的备份"),
                );
                format!("{why}：为避免重复发送，群发邮件已暂停。确认后继续：inquiryd newsletter confirm。")
            }
            Notice::OneClick { listen, error } => format!(
                "一键退订服务无法在 {listen} 监听（{error}）：读者的一键退订暂时收不到；程序会不断重试，请检查端口或修改 newsletter.listen。"
            ),
            Notice::Reload { error } => format!("新配置有误，仍使用旧配置：{error}"),
            Notice::Calendar { year } => format!(
                "{year} 年的放假调休安排还没有录入：国务院公布后，请把调休上班日写入 calendar.workdays，放假日写入 \
                 calendar.holidays。"
            ),
        }
    }

    fn english(&self) -> String {
        match self {
            Notice::AccountFails { account, error } => {
                format!("The mailbox \"{account}\" could not be read; it is tried again by itself: {error}")
            }
            Notice::Account { account, remark } => format!("The mailbox \"{account}\": {remark}"),
            Notice::History { account, mails, days } => format!(
                "The first look at the mailbox \"{account}\" recorded {mails} mails older than {days} days; nobody is \
                 reminded of them."
            ),
            Notice::Refused { outbox_id, recipient, subject, error } => format!(
                "The mail \"{subject}\" to {recipient} was refused: {error}. Once that is mended, run inquiryd outbox \
                 resend {outbox_id}, or give it up with inquiryd outbox drop {outbox_id}."
            ),
            Notice::NewsletterLate { name } => format!(
                "The newsletter {name} is past its date and was not sent. To send it all the same: inquiryd newsletter send \
                 {name}. To drop it: inquiryd newsletter stop {name}."
            ),
            Notice::NewsletterBounces { name, bounced, tried } => format!(
                "The newsletter {name} paused itself: {bounced} of {tried} mails came back, and more would cost the mailbox \
                 its good name. Clear the addresses first; then: inquiryd newsletter resume {name}."
            ),
            Notice::NewsletterBroken { name, error } => format!(
                "The newsletter {name} paused itself: {error}. Mend that, reload the service (systemctl reload inquiryd), then: \
                 inquiryd newsletter resume {name}."
            ),
            Notice::FairBegins { title, name, answered, named_a_day } => format!(
                "{title} is about to begin: {answered} of the invited buyers have answered, {named_a_day} named a day. The list: \
                 inquiryd newsletter fair {name}."
            ),
            Notice::Breaker { cap } => {
                format!("{cap} mails went out within an hour; the rest waits (outbox.hourly_cap).")
            }
            Notice::ProviderRefuses { answer, until } => format!(
                "The mail server refuses newsletters for now ({answer}). They rest until {until} and go on slower; if this \
                 happens often, lower newsletter.per_day."
            ),
            Notice::Restored { away_since } => {
                let why = away_since.map_or_else(
                    || {
                        "The store knows of fewer newsletters than were sent: it may have been restored from a copy"
                            .to_owned()
                    },
                    |since| format!("The service was away since {since}: its store may be a copy of that time"),
                );
                format!(
                    "{why}. So that nobody gets one twice, newsletters wait until you say: inquiryd newsletter confirm."
                )
            }
            Notice::OneClick { listen, error } => format!(
                "Nobody can listen on {listen} ({error}): readers who unsubscribe by one click are not heard. It is tried again \
                 by itself; see which program has the port, or change newsletter.listen."
            ),
            Notice::Reload { error } => format!("The new configuration is wrong, the old one stays in force: {error}"),
            Notice::Calendar { year } => format!(
                "The working days on weekends of {year} are not known yet: once they are announced, write them into \
                 calendar.workdays, and the further days off into calendar.holidays."
            ),
        }
    }
}
