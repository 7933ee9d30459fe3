//! Why a mail came back: a dead address, or one that lives.

use super::WINDOW;
use super::fields::enhanced_status;
use crate::message::BounceKind;
use aho_corasick::AhoCorasick;
use regex::Regex;
use std::sync::LazyLock;

/// Whether the address itself is dead, or only this mail was unwelcome or the mailbox full. What the refusing server said
/// counts before what the reporting one says around it, which often lists every possible cause.
pub(super) fn hard_or_soft(status: Option<&str>, diagnostic: &str, words: &str) -> BounceKind {
    const DEAD: &[&str] = &["5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.4.1", "5.4.4", "5.4.310"];
    const ALIVE: &[&str] = &["4.2.2", "5.2.2", "5.2.3", "5.3.4", "5.4.6", "5.4.7", "5.4.14", "5.4.300", "5.4.316"];
    match status {
        Some(code) if ALIVE.contains(&code) => return BounceKind::Soft,
        Some(code) if DEAD.contains(&code) => return BounceKind::Hard,
        _ => {}
    }
    let transient = status.map_or_else(|| begins_with_4(diagnostic), |code| code.starts_with('4'));
    let by_words = [diagnostic, words].iter().find_map(|said| told_by_words(said, transient));
    let class_of_policy = status.is_some_and(|s| ["5.7.", "5.6.", "5.3."].iter().any(|class| s.starts_with(class)));
    let unsaid = if transient || class_of_policy { BounceKind::Soft } else { BounceKind::Hard };
    by_words.unwrap_or(unsaid)
}

/// What the words alone say. Under a transient code only plain words count: `450 mailbox unavailable` is greylisting.
pub(super) fn told_by_words(said: &str, transient: bool) -> Option<BounceKind> {
    let lower = said[..said.floor_char_boundary(WINDOW)].to_lowercase();
    let hit = |automaton: &AhoCorasick| automaton.is_match(&lower);
    if hit(&FULL) {
        Some(BounceKind::Soft)
    } else if hit(&UNKNOWN_USER) {
        Some(BounceKind::Hard)
    } else if hit(&REFUSED_CONTENT) || hit(&TEMPORARY) {
        Some(BounceKind::Soft)
    } else {
        (!transient && hit(&UNAVAILABLE)).then_some(BounceKind::Hard)
    }
}

/// The lines in which a server's own answer stands: a reply code or an enhanced status code.
pub(super) fn lines_with_codes(words: &str) -> String {
    let lines = words.lines().filter(|line| enhanced_status(line).is_some() || reply_class(line).is_some());
    lines.take(20).collect::<Vec<_>>().join("\n")
}

/// The class of the first SMTP reply code (RFC 5321 section 4.2.1) of a refusal: b'4' or b'5'.
fn reply_class(text: &str) -> Option<u8> {
    static CODE: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"(?:^|[ :#(<])[45][0-9]{2}(?:[ -]|$)").expect("a fixed pattern compiles"));
    CODE.find(text)?.as_str().bytes().find(|b| matches!(b, b'4' | b'5'))
}

fn begins_with_4(diagnostic: &str) -> bool {
    reply_class(diagnostic) == Some(b'4')
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
        "overquota",
        "mailfolder is full",
        "too many messages in",
        "storage allocation",
        "邮箱已满",
        "空间已满",
        "空间不足",
        "buzón lleno",
        "está lleno",
        "boîte pleine",
        "postfach voll",
        "caixa cheia",
        "переполнен",
        "メールボックスがいっぱい",
        "casella piena",
        "casella di posta è piena",
        "está cheia",
        "postal cheia",
        "correio cheia",
        "está llena",
        "est pleine",
        "postfach ist voll",
        "postvak is vol",
        "przepełnion",
        "kutusu dolu",
        "brevlådan är full",
        "postkassen er fuld",
        "postboksen er full",
        "переповнен",
        "一杯",
        "満杯",
        "容量",
        "용량",
        "가득",
        "ممتلئ",
        "đã đầy",
        "penuh",
        "exceeds allowed size",
        "mailbox size limit",
        "storage limit",
        "over storage",
        "exceeded the local limit",
        "超出",
        "已满",
        "已滿",
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
        "retry time",
        "initial connection",
        "connection refused",
        "connection lost",
        "not accepting messages",
        "too busy",
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
        "mailbox not found",
        "invalid recipient",
        "invalid mailbox",
        "unknown recipient",
        "recipient unknown",
        "address not found",
        "wasn't found",
        "no such recipient",
        "not our customer",
        "account disabled",
        "account has been disabled",
        "inactive",
        "unrouteable",
        "relay access denied",
        "relaying denied",
        "relay not permitted",
        "unable to relay",
        "not listed in",
        "unknown address",
        "unknown mailbox",
        "unknown host",
        "mailbox not available on this server",
        "isn't a valid",
        "not a valid",
        "not found in directory",
        "no mailbox here",
        "unknown user account",
        "mail domain mentioned in recipient",
        "couldn't find any host",
        "undeliverable address",
        "account is disabled",
        "user disabled",
        "mailbox disabled",
        "is disabled",
        "has been deactivated",
        "has been suspended",
        "account suspended",
        "用户不存在",
        "帐号不存在",
        "账号不存在",
        "ユーザーが見つかりません",
        "見つかりません",
        "知らない",
        "수신자를 찾을 수 없",
        "존재하지 않",
        "nicht gefunden",
        "introuvable",
        "no se encontró",
        "não foi encontrado",
        "nie istnieje",
        "bulunamadı",
        "onbekend",
        "host not found",
        "domain not found",
        "name or service not known",
        "nxdomain",
        "null mx",
        "does not like recipient",
        "not local or not known",
        "no mailbox by that name",
        "no such address",
        "invalid user",
        "user is unknown",
        "is not a known user",
        "no longer available",
        "desconhecid",
        "desconocid",
        "inconnu",
        "sconosciut",
        "nieznan",
        "bilinmeyen",
        "неизвестн",
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
/// Words that say that the address is dead, unless something else explains them.
static UNAVAILABLE: LazyLock<AhoCorasick> =
    LazyLock::new(|| automaton(&["mailbox unavailable", "address rejected", "recipient rejected", "no longer"]));
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
        "at a rate that",
        "too big",
        "spamhaus",
        "black list",
        "message size",
        "exceeded the",
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
