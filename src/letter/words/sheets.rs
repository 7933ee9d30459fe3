//! Titles of columns and names of sheets and files; both languages of each stand side by side.

use crate::letter::Language;

/// What stands above the columns of workbooks.
#[derive(Clone, Copy, Debug)]
pub(in crate::letter) enum Titles {
    Number,
    Grade,
    Score,
    Kind,
    Received,
    Due,
    Since,
    Name,
    Company,
    Country,
    Email,
    Buyer,
    Known,
    Stage,
    Owner,
    Subject,
    Words,
    Products,
    Quantity,
    TargetPrice,
    Terms,
    Sample,
    Certificates,
    Why,
    Risks,
    Attachments,
    From,
    Reason,
    Folder,
    Recipient,
    Question,
    HowToAnswer,
    Notice,
    Task,
    Notes,
    LastWords,
}

impl Language {
    pub(in crate::letter) fn column(self, title: Titles) -> &'static str {
        let (chinese, english) = match title {
            Titles::Number => ("编号", "Number"),
            Titles::Grade => ("评级", "Grade"),
            Titles::Score => ("分数", "Score"),
            Titles::Kind => ("类型", "Kind"),
            Titles::Received => ("收到时间", "Received"),
            Titles::Due => ("应回复时间", "Due"),
            Titles::Since => ("起始时间", "Since"),
            Titles::Name => ("姓名", "Name"),
            Titles::Company => ("公司", "Company"),
            Titles::Country => ("国家", "Country"),
            Titles::Email => ("邮箱", "Address"),
            Titles::Buyer => ("客户", "Buyer"),
            Titles::Known => ("新老客户", "Known"),
            Titles::Stage => ("阶段", "Stage"),
            Titles::Owner => ("负责人", "Owner"),
            Titles::Subject => ("主题", "Subject"),
            Titles::Words => ("原文", "Words"),
            Titles::Products => ("产品", "Products"),
            Titles::Quantity => ("数量", "Quantity"),
            Titles::TargetPrice => ("目标价", "Target price"),
            Titles::Terms => ("条款", "Terms"),
            Titles::Sample => ("样品", "Sample"),
            Titles::Certificates => ("认证", "Certificates"),
            Titles::Why => ("评级原因", "Why this grade"),
            Titles::Risks => ("风险", "Risks"),
            Titles::Attachments => ("附件", "Attachments"),
            Titles::From => ("发件人", "From"),
            Titles::Reason => ("原因", "Reason"),
            Titles::Folder => ("文件夹", "Folder"),
            Titles::Recipient => ("收件人", "Recipient"),
            Titles::Question => ("问题", "Question"),
            Titles::HowToAnswer => ("如何回答", "How to answer"),
            Titles::Notice => ("注意", "Notice"),
            Titles::Task => ("任务", "Task"),
            Titles::Notes => ("备注", "Notes"),
            Titles::LastWords => ("最近往来", "Last words"),
        };
        self.pick(chinese, english)
    }

    /// The name of the sheet, and of the file, that holds all inquiries.
    pub(in crate::letter) fn inquiries_sheet(self) -> &'static str {
        self.pick("询盘", "Inquiries")
    }

    pub(in crate::letter) fn tasks_sheet(self) -> &'static str {
        self.pick("任务", "Tasks")
    }
}
