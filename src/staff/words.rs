//! The words that people use in their mails to us, in either language, and what stands beside them.

use super::instruction::Until;
use crate::buyer::{EventKind, SampleTerms};
use crate::grade::Grade;
use jiff::civil::Date;

/// What a word means.
#[derive(Clone, Copy)]
pub(super) enum Word {
    Grade,
    Letter(Grade),
    Done,
    Record(EventKind),
    Sent,
    Order,
    Stage,
    Snooze,
    Negotiating,
    NotAnInquiry,
    Mine,
    Except,
}

/// The words that people use, lower case. The longest that fits counts.
const WORDS_OF: &[(Word, &[&str])] = &[
    (Word::Letter(Grade::A), &["a", "a级", "a类"]),
    (Word::Letter(Grade::B), &["b", "b级", "b类"]),
    (Word::Letter(Grade::C), &["c", "c级", "c类"]),
    (Word::Letter(Grade::D), &["d", "d级", "d类"]),
    (Word::Grade, &["grade", "graded", "评级", "级别", "改为", "定为"]),
    (
        Word::Done,
        &[
            "done",
            "answered",
            "replied",
            "ok",
            "finished",
            "完成",
            "已完成",
            "处理",
            "已处理",
            "处理完",
            "已回复",
            "已答复",
            "回复了",
            "搞定",
        ],
    ),
    (
        Word::Record(EventKind::Phone),
        &[
            "called",
            "call",
            "phone",
            "phoned",
            "rang",
            "telephoned",
            "电话",
            "已电话",
            "打电话",
            "已打电话",
            "打过电话",
            "致电",
            "已致电",
            "通话",
        ],
    ),
    (Word::Record(EventKind::Fax), &["fax", "faxed", "传真", "已传真"]),
    (Word::Record(EventKind::Chat), &["chat", "wechat", "whatsapp", "微信", "即时通讯", "聊过", "已微信"]),
    (Word::Record(EventKind::Visit), &["visited", "visit", "met", "拜访", "已拜访", "见面"]),
    (Word::Record(EventKind::Fair), &["fair", "展会", "展会见面"]),
    (Word::Record(EventKind::Post), &["post", "letter", "信函", "寄信"]),
    (
        Word::Record(EventKind::Quote),
        &["quoted", "quote", "offer", "offered", "offer sent", "报价", "已报价", "报了价"],
    ),
    (
        Word::Record(EventKind::SampleAsked),
        &["sample asked", "sample requested", "asked for a sample", "wants a sample", "索样", "要样品", "索要样品"],
    ),
    (
        Word::Sent,
        &[
            "sample sent",
            "samples sent",
            "sample_sent",
            "sent sample",
            "sent samples",
            "寄样",
            "已寄样",
            "样品已寄",
            "寄出样品",
        ],
    ),
    (
        Word::Record(EventKind::SampleResult),
        &["sample result", "sample ok", "sample approved", "sample rejected", "样品反馈", "样品结果", "样品确认"],
    ),
    (
        Word::Record(EventKind::FactoryVisit),
        &["factory visit", "factory_visit", "visits us", "看厂", "来访", "参观工厂"],
    ),
    (Word::Record(EventKind::SampleOrder), &["sample order", "sample_order", "样品单", "样单"]),
    (Word::Record(EventKind::TrialOrder), &["trial order", "trial_order", "试订单", "试单"]),
    (Word::Record(EventKind::RepeatOrder), &["repeat order", "repeat_order", "reorder", "返单", "翻单"]),
    (Word::Record(EventKind::Note), &["note", "备注", "记录", "备忘"]),
    (Word::Order, &["order", "ordered", "订单", "下单", "已下单", "成交"]),
    (Word::Stage, &["stage", "阶段"]),
    (Word::Snooze, &["snooze", "later", "remind me", "稍后", "推迟", "延后", "暂缓"]),
    (Word::Negotiating, &["negotiating", "in negotiation", "洽谈", "洽谈中", "谈判", "谈判中"]),
    (
        Word::NotAnInquiry,
        &[
            "not an inquiry",
            "no inquiry",
            "not inquiry",
            "not an enquiry",
            "spam",
            "不是询盘",
            "非询盘",
            "不是客户",
            "垃圾",
            "垃圾邮件",
        ],
    ),
    (Word::Mine, &["mine", "my", "me", "我的", "我跟", "我来", "归我", "我跟进", "我的客户"]),
    (
        Word::Except,
        &["exception", "except", "excuse", "excused", "no answer needed", "例外", "不用回复", "无需回复", "免回复"],
    ),
];

/// The longest known word at the beginning, and what follows it.
pub(super) fn word(rest: &str) -> Option<(Word, String)> {
    // Full-width letters are letters, and no character gets longer or shorter where it matters.
    let rest: String = rest.chars().map(half_width).collect();
    let lower = rest.to_lowercase();
    let fits = |known: &str| {
        lower.strip_prefix(known).is_some_and(|after| {
            let letters = known.ends_with(|c: char| c.is_ascii_alphanumeric());
            !letters || !after.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
        })
    };
    let all = WORDS_OF.iter().flat_map(|(word, known)| known.iter().map(move |known| (*word, known)));
    let (word, known) = all.filter(|(_, known)| fits(known)).max_by_key(|(_, known)| known.len())?;
    let after: String = rest.chars().skip(known.chars().count()).collect();
    let gap = |c: char| c.is_whitespace() || ",，:：;；-—–。.、!！".contains(c);
    Some((word, after.trim_start_matches(gap).trim_end().to_owned()))
}

fn half_width(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '\u{3000}' => ' ',
        other => other,
    }
}

/// How a sample was sent, wherever the words say it.
pub(super) fn terms(words: &str) -> Option<SampleTerms> {
    let lower = words.to_lowercase();
    let has = |known: &[&str]| known.iter().any(|word| lower.contains(word));
    if has(&["到付", "collect", "his account", "courier account"]) {
        Some(SampleTerms::CourierCollect)
    } else if has(&["电汇", "t/t", "tt", "paid", "已付", "收费"]) {
        Some(SampleTerms::Transfer)
    } else if has(&["免费", "free"]) {
        Some(SampleTerms::Free)
    } else {
        None
    }
}

/// `3d`, `3 days`, `3天`, `2w`, `2026-12-01`.
pub(super) fn until(words: &str) -> Option<Until> {
    let words = words.trim_start_matches(|c: char| !c.is_ascii_digit());
    let date: String = words.chars().take_while(|c| c.is_ascii_digit() || *c == '-').collect();
    if let Ok(date) = date.parse::<Date>() {
        return Some(Until::Date(date));
    }
    let digits: String = words.chars().take_while(char::is_ascii_digit).collect();
    let number: i64 = digits.parse().ok().filter(|number| (1..=400).contains(number))?;
    let unit = words[digits.len()..].trim_start().to_lowercase();
    let week =
        unit.starts_with('w') || unit.starts_with("周") || unit.starts_with("个星期") || unit.starts_with("星期");
    let month = unit.starts_with("mo") || unit.starts_with("个月");
    Some(Until::Days(
        number
            * if week {
                7
            } else if month {
                30
            } else {
                1
            },
    ))
}
