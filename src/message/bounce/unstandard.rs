//! Bounces that follow no standard: a daemon wrote, and it says that something was not delivered.

use super::reason::automaton;
use super::{WINDOW, enhanced_status, is_null_sender};
use crate::message::auto_reply::{is_absence, is_automatic};
use crate::message::parse::Parsed;
use crate::message::{Address, KindReason};
use aho_corasick::AhoCorasick;
use regex::Regex;
use std::sync::LazyLock;

/// Reports without a machine-readable part: a daemon wrote, and it says that something was not delivered.
pub(super) fn evidence(parsed: &Parsed<'_>, from: &Address, subject: &str, text: &str) -> Option<KindReason> {
    if parsed.headers.has("x-failed-recipients") {
        return Some(KindReason::Structure("X-Failed-Recipients".into()));
    }
    let daemon = is_daemon(from);
    let by_program = is_automatic(&parsed.headers) || from.email.is_none();
    let null_sender = is_null_sender(parsed);
    let report = parsed.report_type.as_deref().is_some_and(|t| t == "delivery-status");
    let subject_says = SUBJECT.is_match(subject);
    let beginning = &text[..text.floor_char_boundary(WINDOW)];
    let text_says = || NOT_DELIVERED.is_match(&beginning.to_lowercase());
    let names_failure = || names_a_failure(beginning);
    let certain = is_certain(parsed, from);
    match (daemon, null_sender) {
        _ if report => Some(KindReason::Structure("multipart/report delivery-status (RFC 3464)".into())),
        (true, _)
            if certain
                && (subject_says && !is_absence(subject) || text_says() || enhanced_status(beginning).is_some()) =>
        {
            Some(KindReason::DaemonNotice)
        }
        (true, _)
            if (subject_says && !is_absence(subject) || text_says())
                && (names_failure() || text_says() && !asks(beginning)) =>
        {
            Some(KindReason::DaemonNotice)
        }
        (_, true) if subject_says && (text_says() || enhanced_status(beginning).is_some()) => {
            Some(KindReason::NullSender)
        }
        (false, false) if !is_handed_on(subject) && subject_says && text_says() && (by_program || names_failure()) => {
            Some(KindReason::ProgramNotice)
        }
        (false, false) if beginning.trim_start().starts_with("Hi. This is the qmail-send program") => {
            Some(KindReason::Structure("qmail-send".into()))
        }
        _ => None,
    }
}

/// A status, or an address alone on its line, as programs write it.
fn names_a_failure(text: &str) -> bool {
    let alone = |line: &str| {
        let line = line.trim().trim_matches(['<', '>', ':', ';', '"']);
        line.contains('@') && !line.contains(char::is_whitespace)
    };
    enhanced_status(text).is_some() || text.lines().any(alone)
}

/// Nobody but programs writes so; a postmaster may be a person.
pub(super) fn is_certain(parsed: &Parsed<'_>, from: &Address) -> bool {
    is_null_sender(parsed)
        || parsed.report_type.is_some()
        || parsed.headers.has("x-failed-recipients")
        || from.email.as_deref().is_some_and(|email| email.starts_with("mailer-daemon"))
}

/// Programs have no questions; a question mark inside a link is none.
fn asks(text: &str) -> bool {
    super::before_returned_mail(text).split_whitespace().any(|word| word.ends_with(['?', '？']))
}

/// A person answers or hands on what came back to him.
fn is_handed_on(subject: &str) -> bool {
    let subject = subject.trim_start().to_lowercase();
    ["re:", "fw:", "fwd:", "aw:", "wg:", "tr:", "rv:", "回复", "转发", "答复"]
        .iter()
        .any(|prefix| subject.starts_with(prefix))
}

static SUBJECT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)undeliver|returned mail|return(?:ed|ing)? to sender|mail failed|発送失敗|발송 ?실패|전송에 실패|returning message|delivery (?:status notification|failure|failed|has failed|problem|report|error|delayed)|mail delivery|failure notice|delayed mail|non.?deliver|not delivered",
        r"|could not (?:be )?(?:send|sent|deliver)|mail system error|message (?:status|undeliverable|not delivered|delayed|delivery)|nondeliverable|mail failure|unzustellbar|zustellung|nicht zugestellt|non remis|échec de (?:la )?(?:remise|livraison)|non (?:remis|distribu)",
        r"|no se pudo entregar|no se puede entregar|no entregado|devuelto|não (?:foi )?(?:entregue|pôde)|não entreg|falha na entrega|mancata consegna|impossibile recapitare|non recapitabile|onbestelbaar|niet bezorgd|kan inte levereras|ikke leveres|niedostarczon",
        r"|недоставлен|не доставлен|доставк|退信|退回|投递失败|无法投递|發送失敗|传送失败|傳遞失敗|配信(?:不能|エラー|でき)|配送エラー|届きません|반송|전송 ?실패|배달(?:되지| 실패)|teslim edilemedi|iletilemedi|لم يتم التسليم|thất bại|không gửi được|gagal"
    ))
    .expect("a fixed pattern compiles")
});

static NOT_DELIVERED: LazyLock<AhoCorasick> = LazyLock::new(|| {
    automaton(&[
        "could not be delivered",
        "couldn't be delivered",
        "could not be sent",
        "failed to deliver",
        "failed to reach",
        "is not reachable",
        "can't be delivered",
        "cannot be delivered",
        "does not exist",
        "not listed in",
        "delivery to these recipients",
        "have been delayed",
        "delivery attempts",
        "have not been delivered",
        "has not been delivered",
        "did not receive",
        "n'a pu être",
        "ne peut être remis",
        "nie został dostarczony",
        "nie można dostarczyć",
        "kunde inte levereras",
        "kunne ikke leveres",
        "teslim edilemedi",
        "无法投递",
        "无法发送",
        "无法被送达",
        "被退回",
        "配信できませんでした",
        "届きませんでした",
        "送信できませんでした",
        "보내지 못",
        "was not delivered",
        "wasn't delivered",
        "not be delivered",
        "unable to deliver",
        "wasn't able to deliver",
        "delivery failed",
        "delivery to the following",
        "delivery has failed",
        "failed permanently",
        "permanent error",
        "permanent fatal errors",
        "transient non-fatal errors",
        "undeliverable",
        "undelivered",
        "delivery failure",
        "could not deliver",
        "did not reach",
        "user unknown",
        "mailbox full",
        "not delivered",
        "konnte nicht zugestellt",
        "nicht zugestellt",
        "n'a pas pu être remis",
        "n'a pas été remis",
        "no se pudo entregar",
        "no se ha podido entregar",
        "não foi possível entregar",
        "não pôde ser entregue",
        "impossibile recapitare",
        "non è stato recapitato",
        "не может быть доставлено",
        "не удалось доставить",
        "не доставлено",
        "没有送达",
        "未送达",
        "无法送达",
        "無法傳遞",
        "退信",
        "退回",
        "投递失败",
        "配信できません",
        "届けることができません",
        "전송되지",
        "전달하지 못",
        "전송에 실패",
        "전송하지 못하",
        "발송 실패",
        "iletilemedi",
        "teslim edilemedi",
        "gönderilemedi",
        "nie została dostarczona",
        "nie zostało dostarczone",
        "nie może zostać dostarczon",
        "niet worden bezorgd",
        "niet bezorgd",
        "kunde inte levereras",
        "kunne ikke leveres",
        "nebylo možné doručit",
        "nem kézbesíthető",
        "nu a putut fi livrat",
        "تعذر تسليم",
        "لم يتم تسليم",
        "không thể gửi",
        "không gửi được",
        "tidak dapat dikirim",
        "发送失败",
        "无法投递",
        "無法投遞",
        "傳送失敗",
        "配信されませんでした",
        "送信できませんでした",
        "no valid recipients",
        "unknown user",
        "전송하지 못",
    ])
});

/// A program that carries mail wrote, as its address or its name says.
pub(super) fn is_daemon(from: &Address) -> bool {
    let local = from.email.as_deref().and_then(|email| email.split('@').next()).unwrap_or_default();
    let name = from.name.as_deref().unwrap_or_default().to_lowercase();
    const LOCALS: &[&str] = &[
        "postmaster",
        "maildelivery",
        "mail-delivery",
        "mail-daemon",
        "mailer_daemon",
        "mailerdaemon",
        "mdaemon",
        "smtp-daemon",
        "daemon",
        "mail_delivery_subsystem",
        "mail.delivery.subsystem",
    ];
    const PREFIXES: &[&str] = &["mailer-daemon", "microsoftexchange", "bounce"];
    const NAMES: &[&str] = &[
        "mail delivery",
        "mailer-daemon",
        "mailer daemon",
        "mail system",
        "postmaster",
        "delivery subsystem",
        "mail administrator",
        "internet mail delivery",
        "mail router",
        "system administrator",
        "mail subsystem",
        "系统退信",
        "邮件系统",
    ];
    LOCALS.contains(&local) || PREFIXES.iter().any(|p| local.starts_with(p)) || NAMES.iter().any(|n| name.contains(n))
}
