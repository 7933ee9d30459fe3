//! Why a mail came back: a dead address, or one that lives.

use super::WINDOW;
use crate::message::BounceKind;
use aho_corasick::AhoCorasick;
use std::sync::LazyLock;

/// Whether the address itself is dead, or only this mail was unwelcome or the mailbox full.
pub(super) fn hard_or_soft(status: Option<&str>, words: &str) -> BounceKind {
    let lower = words[..words.floor_char_boundary(WINDOW)].to_lowercase();
    match status {
        Some("5.2.2") => return BounceKind::Soft,
        Some(code) if ["5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.4.1", "5.4.4", "5.2.1"].contains(&code) => {
            return BounceKind::Hard;
        }
        _ => {}
    }
    let hit = |automaton: &AhoCorasick| automaton.is_match(&lower);
    if hit(&FULL) || status.is_none() && hit(&TEMPORARY) {
        BounceKind::Soft
    } else if hit(&UNKNOWN_USER) {
        BounceKind::Hard
    } else if hit(&REFUSED_CONTENT)
        || status.is_some_and(|s| s.starts_with("5.7") || s.starts_with("5.6") || s.starts_with("5.3"))
    {
        BounceKind::Soft
    } else {
        BounceKind::Hard
    }
}

pub(super) fn automaton(words: &[&str]) -> AhoCorasick {
    AhoCorasick::new(words).expect("fixed words compile")
}

static FULL: LazyLock<AhoCorasick> = LazyLock::new(|| {
    automaton(&[
        "mailbox full",
        "mailbox is full",
        "quota",
        "insufficient storage",
        "out of storage",
        "out of space",
        "over limit",
        "storage allocation",
        "邮箱已满",
        "空间已满",
        "空间不足",
        "容量",
        "buzón lleno",
        "está lleno",
        "boîte pleine",
        "postfach voll",
        "caixa cheia",
        "переполнен",
        "メールボックスがいっぱい",
        "casella piena",
    ])
});
static TEMPORARY: LazyLock<AhoCorasick> = LazyLock::new(|| {
    automaton(&[
        "greylist",
        "graylist",
        "try again",
        "temporar",
        "timed out",
        "timeout",
        "will be retried",
        "will keep trying",
        "still being retried",
        "delayed",
        "deferred",
        "too many connections",
        "稍后",
        "延迟",
        "warning only",
        "not yet been delivered",
    ])
});
static UNKNOWN_USER: LazyLock<AhoCorasick> = LazyLock::new(|| {
    automaton(&[
        "user unknown",
        "unknown user",
        "no such user",
        "does not exist",
        "doesn't exist",
        "not exist",
        "user not found",
        "recipient not found",
        "recipientnotfound",
        "no mailbox",
        "mailbox unavailable",
        "mailbox not found",
        "invalid recipient",
        "invalid mailbox",
        "unknown recipient",
        "recipient unknown",
        "address rejected",
        "recipient rejected",
        "address not found",
        "wasn't found",
        "no such recipient",
        "not our customer",
        "account disabled",
        "account has been disabled",
        "inactive",
        "relay access denied",
        "relaying denied",
        "relay not permitted",
        "unable to relay",
        "unrouteable",
        "host not found",
        "domain not found",
        "name or service not known",
        "nxdomain",
        "null mx",
        "no longer",
        "does not like recipient",
        "no valid recipients",
        "unknown local",
        "bad destination",
        "不存在",
        "不存在的",
        "无效",
        "找不到",
        "无此用户",
        "無此",
        "n'existe pas",
        "no existe",
        "existiert nicht",
        "unbekannt",
        "não existe",
        "inexistente",
        "не существует",
        "не найден",
        "存在しません",
        "inesistente",
    ])
});
static REFUSED_CONTENT: LazyLock<AhoCorasick> = LazyLock::new(|| {
    automaton(&[
        "spam",
        "blocked",
        "blacklist",
        "blocklist",
        "block list",
        "policy",
        "content rejected",
        "virus",
        "too large",
        "size limit",
        "exceeds",
        "dmarc",
        "spf ",
        "dkim",
        "reputation",
        "not authorized",
        "unsolicited",
        "rate limit",
        "attachment",
        "垃圾",
        "拒绝",
        "拒絕",
        "access denied",
        "banned",
        "message rejected",
        "rejected for policy",
        "suspicious",
        "poor reputation",
    ])
});
