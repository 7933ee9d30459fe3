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
            "finished",
            "完成",
            "已完成",
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
    (Word::Record(EventKind::Post), &["post", "信函", "寄信"]),
    (Word::Record(EventKind::Quote), &["quoted", "quote", "offered", "offer sent", "报价", "已报价", "报了价"]),
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

/// The longest known word at the beginning, what follows it, and whether a comma or the like stands between.
pub(super) fn word(rest: &str) -> Option<(Word, String, bool)> {
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
    let words = after.trim_start_matches(gap);
    let apart = after[..after.len() - words.len()].contains(|c: char| !c.is_whitespace());
    Some((word, words.trim_end().to_owned(), apart))
}

fn half_width(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '\u{3000}' => ' ',
        other => other,
    }
}

/// Whether what follows a word takes it back: "order not confirmed", "quote needed", "处理中", or asks. Behind a comma it is
/// only what was said ("called, not interested").
pub(super) fn is_not_so(words: &str, apart: bool) -> bool {
    let lower = words.to_lowercase();
    let first = lower.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    let english = ["not", "needed", "wanted", "should", "must", "please", "him", "her", "them"];
    let chinese = ["不", "没", "未", "还", "待", "单价", "吗"].iter().any(|begin| lower.starts_with(begin));
    let going_on = lower.starts_with('中') && !lower.starts_with("中国");
    let asks = lower.contains(['?', '？']);
    !apart && (asks || english.contains(&first) || chinese || going_on)
}

/// How a sample was sent, wherever the words say it.
pub(super) fn terms(words: &str) -> Option<SampleTerms> {
    let lower = words.to_lowercase();
    let chinese = |known: &[&str]| known.iter().any(|word| lower.contains(word));
    let english =
        |known: &[&str]| lower.split(|c: char| !c.is_alphanumeric() && c != '/').any(|word| known.contains(&word));
    if chinese(&["到付"]) || english(&["collect"]) || lower.contains("courier account") {
        Some(SampleTerms::CourierCollect)
    } else if chinese(&["电汇", "已付", "收费"]) || english(&["t/t", "tt", "paid"]) {
        Some(SampleTerms::Transfer)
    } else if chinese(&["免费"]) || english(&["free"]) {
        Some(SampleTerms::Free)
    } else {
        None
    }
}

/// `3d`, `3 days`, `3天`, `2w`, `2026-12-01`, at the beginning or behind "until"; anything else is no term.
pub(super) fn until(words: &str) -> Option<Until> {
    let lower = words.trim().to_lowercase();
    let begins = ["until", "till", "to", "for", "到", "至"];
    let words = begins.iter().find_map(|begin| lower.strip_prefix(begin)).unwrap_or(&lower).trim_start();
    let date: String = words.chars().take_while(|c| c.is_ascii_digit() || *c == '-').collect();
    if let Ok(date) = date.parse::<Date>() {
        return Some(Until::Date(date));
    }
    let digits: String = words.chars().take_while(char::is_ascii_digit).collect();
    let number: i64 = digits.parse().ok().filter(|number| (1..=400).contains(number))?;
    let unit: String = words[digits.len()..].trim_start().chars().take_while(|c| c.is_alphabetic()).collect();
    let days = match unit.as_str() {
        "" | "d" | "day" | "days" | "天" | "日" | "个工作日" | "工作日" => 1,
        "w" | "week" | "weeks" | "周" | "星期" | "个星期" => 7,
        "month" | "months" | "个月" => 30,
        _ => return None,
    };
    Some(Until::Days(number * days))
}
