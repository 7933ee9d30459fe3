//! Bounces that follow no standard: a daemon wrote, and it says that something was not delivered.

use super::reason::{self, automaton};
use super::{Returned, WINDOW, before_returned_mail, enhanced_status, is_null_sender};
use crate::message::auto_reply::{is_absence, is_automatic};
use crate::message::parse::Parsed;
use crate::message::{Address, KindReason};
use aho_corasick::AhoCorasick;
use regex::Regex;
use std::sync::LazyLock;

/// Reports without a machine-readable part: a daemon wrote, and it says that something was not delivered.
pub(super) fn evidence(returned: &Returned<'_>, from: &Address, subject: &str) -> Option<KindReason> {
    failure_told(returned, from, subject).filter(|_| !tells_of_arrival(subject, returned.text))
}

fn failure_told(returned: &Returned<'_>, from: &Address, subject: &str) -> Option<KindReason> {
    let (parsed, text) = (returned.parsed, returned.text);
    if parsed.headers.has("x-failed-recipients") {
        return Some(KindReason::Structure("X-Failed-Recipients".into()));
    }
    let beginning = &text[..text.floor_char_boundary(WINDOW)];
    if parsed.report_type.as_deref() == Some("delivery-status") {
        return Some(KindReason::Structure("multipart/report delivery-status (RFC 3464)".into()));
    }
    if beginning.trim_start().starts_with("Hi. This is the qmail-send program") {
        return Some(KindReason::Structure("qmail-send".into()));
    }
    let subject_says = SUBJECT.is_match(subject) && !is_absence(subject);
    let text_says = || NOT_DELIVERED.is_match(&beginning.to_lowercase());
    let told = || text_says() || enhanced_status(beginning).is_some() || refuses(beginning);
    if is_daemon(from) {
        let by_names = || {
            names_a_failure(beginning)
                || returns_a_mail(returned)
                || (text_says() || refuses(beginning)) && !asks(beginning)
        };
        let is_report = match is_certain(parsed, from) {
            true => {
                subject_says
                    || told()
                    || returns_a_mail(returned)
                    || is_exchange(from) && returned.recipient(from).is_some()
            }
            false => (subject_says || text_says() || refuses(beginning)) && by_names(),
        };
        return is_report.then_some(KindReason::DaemonNotice);
    }
    if is_null_sender(parsed) {
        return (subject_says && told()).then_some(KindReason::NullSender);
    }
    let no_reply = |email: &str| is_no_reply(email) && returns_a_mail(returned);
    let by_program = || is_automatic(&parsed.headers) || from.email.as_deref().is_none_or(no_reply);
    let is_report =
        subject_says && !is_handed_on(subject) && text_says() && (by_program() || names_a_failure(beginning));
    is_report.then_some(KindReason::ProgramNotice)
}

/// The report speaks of mail that arrived, and of none that did not.
pub(super) fn tells_of_arrival(subject: &str, text: &str) -> bool {
    let beginning = before_returned_mail(text).to_lowercase();
    ARRIVED_SUBJECT.is_match(subject) || ARRIVED.is_match(&beginning) && !NOT_DELIVERED.is_match(&beginning)
}

/// A line gives a server's refusal: a reply code, and words that explain it.
fn refuses(text: &str) -> bool {
    let lines = reason::lines_with_codes(before_returned_mail(text));
    !lines.is_empty() && reason::told_by_words(&lines, false).is_some()
}

/// The mail that came back stands in the report, or hangs on it.
fn returns_a_mail(returned: &Returned<'_>) -> bool {
    let cut = before_returned_mail(returned.text).len();
    !returned.parsed.enclosed.is_empty() || cut < returned.text.len().min(WINDOW)
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
        || is_only_a_daemon(from)
}

/// An address that no person writes from.
pub(super) fn is_only_a_daemon(from: &Address) -> bool {
    from.email.as_deref().is_some_and(|email| email.starts_with("mailer-daemon")) || is_exchange(from)
}

/// Exchange's own address for reports: `MicrosoftExchange` and a number.
fn is_exchange(from: &Address) -> bool {
    from.email.as_deref().is_some_and(|email| email.starts_with("microsoftexchange"))
}

fn is_no_reply(email: &str) -> bool {
    ["no-reply@", "noreply@", "no_reply@", "donotreply@", "do-not-reply@"].iter().any(|local| email.starts_with(local))
}

/// Programs have no questions; a question mark inside a link is none.
fn asks(text: &str) -> bool {
    before_returned_mail(text).split_whitespace().any(|word| word.ends_with(['?', '？']))
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
        r"|nedoručiteln|kézbesíthetetlen|ei voi toimittaa|δεν ήταν δυνατή η παράδοση|nelivrabil|tidak terkirim|ส่งไม่ได้|не вдалося доставити|غير قابل للتسليم|לא ניתן למסירה|recapito non riuscito|non (?:recapitato|consegnato)|não é possível entregar|falha no envio|aviso de fallo|無法傳遞|エラー通知|mail failed|not be delivered",
        r"|не удается доставить|недоставлен|не доставлен|доставк|退信|退回|投递失败|无法投递|發送失敗|传送失败|傳遞失敗|配信(?:不能|エラー|でき)|配送エラー|届きません|반송|전송 ?실패|배달(?:되지| 실패)|teslim edilemedi|iletilemedi|لم يتم التسليم|thất bại|không gửi được|gagal"
    ))
    .expect("a fixed pattern compiles")
});

static NOT_DELIVERED: LazyLock<AhoCorasick> = LazyLock::new(|| {
    automaton(&[
        "could not be delivered",
        "recapito non riuscito",
        "non è stato consegnato",
        "falha na entrega",
        "não foi possível enviar",
        "no he podido entregar",
        "no se pudo realizar la entrega",
        "échec de la remise",
        "fehler bei der nachrichtenzustellung",
        "не удалось выполнить доставку",
        "не вдалося доставити",
        "не может быть отправлен",
        "傳遞給這些收件者",
        "への配信に失敗",
        "への送信に失敗",
        "배달하지 못",
        "반송되",
        "doručení následujícím",
        "kézbesítés nem sikerült",
        "toimitus seuraaville",
        "παράδοση σε αυτούς",
        "فشل التسليم",
        "המסירה לנמענים",
        "livrarea la următorii",
        "pengiriman ke penerima",
        "การจัดส่งไปยังผู้รับ",
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

static ARRIVED_SUBJECT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)\((?:success|relay|expanded)\)|successful mail delivery|^\W*(?:relayed|delivered|expanded|zugestellt|weitergeleitet|remis|relayé|",
        r"entregado|retransmitido|entregue|recapitato|bezorgd|dostarczono|доставлено|已送达|已送達|配信済み|배달됨|iletildi)\s*[:：]"
    ))
    .expect("a fixed pattern compiles")
});
static ARRIVED: LazyLock<AhoCorasick> = LazyLock::new(|| {
    automaton(&[
        "successfully delivered",
        "successfully relayed",
        "successful delivery",
        "was delivered successfully",
        "has been delivered successfully",
        "delivered to the following recipients",
        "delivery to these recipients or groups is complete",
        "has been delivered to the following",
        "erfolgreich zugestellt",
        "投递成功",
        "成功投递",
    ])
});

/// A program that carries mail wrote, as its address or its name says.
pub(super) fn is_daemon(from: &Address) -> bool {
    let local = from.email.as_deref().and_then(|email| email.split('@').next()).unwrap_or_default();
    let name = from.name.as_deref().unwrap_or_default().to_lowercase();
    const LOCALS: &[&str] = &[
        "postmaster",
        "post_master",
        "post-master",
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
