//! The few words that a subject has room for; both languages of each stand side by side.

use super::phrases::counted;
use crate::letter::Language;
use jiff::civil::Weekday;

impl Language {
    /// In front of a date.
    pub(in crate::letter) fn weekday(self, day: Weekday) -> &'static str {
        match day {
            Weekday::Monday => self.pick("周一", "Mon"),
            Weekday::Tuesday => self.pick("周二", "Tue"),
            Weekday::Wednesday => self.pick("周三", "Wed"),
            Weekday::Thursday => self.pick("周四", "Thu"),
            Weekday::Friday => self.pick("周五", "Fri"),
            Weekday::Saturday => self.pick("周六", "Sat"),
            Weekday::Sunday => self.pick("周日", "Sun"),
        }
    }

    /// "3 new A", of the best grade that came.
    pub(in crate::letter) fn new_of_grade(self, count: usize, grade: &str) -> String {
        self.pick(format!("新 {grade} 级 {count} 个"), format!("{count} new {grade}"))
    }

    pub(in crate::letter) fn inquiries(self, count: usize) -> String {
        self.pick(format!("新询盘 {count} 封"), counted(count, "inquiry", "inquiries"))
    }

    pub(in crate::letter) fn replies(self, count: usize) -> String {
        self.pick(format!("回复 {count} 封"), counted(count, "reply", "replies"))
    }

    pub(in crate::letter) fn risky(self, count: usize) -> String {
        self.pick(format!("有风险 {count} 封"), format!("{count} risky"))
    }

    pub(in crate::letter) fn unread(self, count: usize) -> String {
        self.pick(format!("待查 {count} 封"), format!("{count} unreadable"))
    }

    /// Shorter, for subjects.
    pub(in crate::letter) fn unread_alone(self, count: usize) -> String {
        self.pick(format!("{count} 封邮件无法识别"), counted(count, "unreadable mail", "unreadable mails"))
    }

    /// Shorter, for subjects.
    pub(in crate::letter) fn held(self, count: usize) -> String {
        self.pick(
            format!("{count} 封发出的邮件不确定是否送达"),
            format!("{} maybe not delivered", counted(count, "mail", "mails")),
        )
    }
}
