//! Bounces and complaints: RFC 3464, RFC 5965, and the many reports that follow no standard.

use super::parse::{Enclosed, Parsed, Report};
use super::{Address, Bounce, BounceKind, House};
use aho_corasick::AhoCorasick;
use regex::Regex;
use std::sync::LazyLock;

/// Text of a report that is looked at.
const WINDOW: usize = 16 * 1024;

/// The bounce that a mail is, and why it is taken for one.
pub(super) fn recognise(
    parsed: &Parsed<'_>,
    from: &Address,
    subject: &str,
    text: &str,
    house: &House,
) -> Option<(Bounce, String)> {
    if let Some(report) = parsed.reports.iter().find(|r| r.subtype == "feedback-report") {
        return Some((complaint(report, parsed), "feedback-report (RFC 5965)".into()));
    }
    let report = parsed.reports.iter().find(|r| r.subtype == "delivery-status");
    let text = before_returned_mail(text);
    if let Some(report) = report {
        let bounce = from_report(report, parsed, text, house);
        // A delivery report may tell of success ("delivered", "relayed", "expanded").
        return bounce.map(|b| (b, "multipart/report delivery-status (RFC 3464)".into()));
    }
    let evidence = unstandard_evidence(parsed, from, subject, text)?;
    let recipient = parsed.headers.addresses("x-failed-recipients").into_iter().find_map(|a| a.email);
    let recipient = recipient.or_else(|| failed_address(text, from, house));
    let recipient = recipient.or_else(|| parsed.enclosed.iter().flat_map(|e| &e.to).find_map(|a| a.email.clone()));
    Some((judged(recipient, None, text, None, parsed), evidence))
}

fn complaint(report: &Report, parsed: &Parsed<'_>) -> Bounce {
    let recipient =
        ["original-rcpt-to", "original-recipient", "removal-recipient"].iter().find_map(|n| field(&report.text, n));
    let recipient = recipient
        .and_then(|r| address_in(&r))
        .or_else(|| parsed.enclosed.iter().flat_map(|e| &e.to).find_map(|a| a.email.clone()));
    Bounce {
        recipient,
        status: None,
        permanent: true,
        kind: BounceKind::Complaint,
        original_message_id: original_id(parsed),
    }
}

fn from_report(report: &Report, parsed: &Parsed<'_>, text: &str, house: &House) -> Option<Bounce> {
    // The per-recipient block that failed counts, not the ones that arrived.
    let blocks = report.text.replace('\r', "");
    let blocks: Vec<&str> = blocks
        .split("\n\n")
        .filter(|b| {
            field(b, "final-recipient").is_some()
                || field(b, "action").is_some()
                || field(b, "original-recipient").is_some()
        })
        .collect();
    let action = |b: &&&str| field(b, "action").unwrap_or_default().to_ascii_lowercase();
    let block = blocks
        .iter()
        .find(|b| action(b) == "failed")
        .or(blocks.iter().find(|b| action(b) == "delayed"))
        .or(blocks.first());
    let Some(block) = block else {
        return Some(judged(failed_address(text, &Address::default(), house), None, text, None, parsed));
    };
    let action = field(block, "action").unwrap_or_default().to_ascii_lowercase();
    if matches!(action.as_str(), "delivered" | "relayed" | "expanded") {
        return None;
    }
    // The original recipient is whom we wrote to; the final one may be where he forwards his mail.
    let recipient = ["original-recipient", "final-recipient", "x-actual-recipient"]
        .iter()
        .find_map(|n| field(block, n).and_then(|r| address_in(&r)));
    let recipient = recipient.or_else(|| failed_address(text, &Address::default(), house));
    let diagnostic = field(block, "diagnostic-code").unwrap_or_default();
    let status = field(block, "status").and_then(|s| enhanced_status(&s));
    // A generic x.0.0 says less than what the remote server said.
    let status = status
        .filter(|s| !s.ends_with(".0.0"))
        .or_else(|| enhanced_status(&diagnostic))
        .or_else(|| field(block, "status").and_then(|s| enhanced_status(&s)));
    let words = format!("{diagnostic}\n{text}");
    Some(judged(recipient, status, &words, Some(&action), parsed))
}

fn judged(
    recipient: Option<String>,
    status: Option<String>,
    words: &str,
    action: Option<&str>,
    parsed: &Parsed<'_>,
) -> Bounce {
    let status = status.or_else(|| enhanced_status(words));
    let reply_code = reply_code(words);
    let transient =
        action == Some("delayed") || status.as_deref().map_or(reply_code == Some(4), |s| s.starts_with('4'));
    let delayed = transient && action != Some("failed");
    let kind = if transient { BounceKind::Soft } else { hard_or_soft(status.as_deref(), words) };
    Bounce { recipient, status, permanent: !delayed, kind, original_message_id: original_id(parsed) }
}

/// Whether the address itself is dead, or only this mail was unwelcome or the mailbox full.
fn hard_or_soft(status: Option<&str>, words: &str) -> BounceKind {
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

fn automaton(words: &[&str]) -> AhoCorasick {
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

/// Reports without a machine-readable part: a daemon wrote, and it says that something was not delivered.
fn unstandard_evidence(parsed: &Parsed<'_>, from: &Address, subject: &str, text: &str) -> Option<String> {
    if parsed.headers.has("x-failed-recipients") {
        return Some("X-Failed-Recipients".into());
    }
    let email = from.email.as_deref().unwrap_or_default();
    let local = email.split('@').next().unwrap_or_default();
    let name = from.name.as_deref().unwrap_or_default().to_lowercase();
    const DAEMONS: &[&str] = &[
        "mailer-daemon",
        "mailer_daemon",
        "mailerdaemon",
        "mail-daemon",
        "postmaster",
        "maildelivery",
        "mail-delivery",
        "bounce",
        "bounces",
        "mdaemon",
        "smtp-daemon",
        "daemon",
    ];
    let daemon = DAEMONS.contains(&local)
        || local.starts_with("microsoftexchange")
        || local.starts_with("mailer-daemon")
        || local.starts_with("bounce")
        || [
            "mail delivery",
            "mailer-daemon",
            "mailer daemon",
            "mail system",
            "postmaster",
            "system administrator",
            "系统退信",
            "邮件系统",
            "mail subsystem",
        ]
        .iter()
        .any(|n| name.contains(n));
    let null_sender = is_null_sender(parsed);
    let report = parsed.report_type.as_deref().is_some_and(|t| t == "delivery-status");
    let subject_says = SUBJECT.is_match(subject);
    let beginning = &text[..text.floor_char_boundary(WINDOW)];
    let text_says = || NOT_DELIVERED.is_match(&beginning.to_lowercase());
    match (daemon, null_sender) {
        _ if report => Some("multipart/report delivery-status (RFC 3464)".into()),
        (true, _) if subject_says => Some("a mail daemon's failure notice".into()),
        (true, _) if text_says() => Some("a mail daemon says that mail was not delivered".into()),
        (_, true) if subject_says && (text_says() || enhanced_status(beginning).is_some()) => {
            Some("null sender and a failure notice".into())
        }
        (false, false) if subject_says && text_says() && enhanced_status(beginning).is_some() => {
            Some("a failure notice with an SMTP status".into())
        }
        (false, false) if beginning.trim_start().starts_with("Hi. This is the qmail-send program") => {
            Some("qmail-send".into())
        }
        _ => None,
    }
}

/// The envelope sender was empty (RFC 5321 section 4.5.5).
pub(super) fn is_null_sender(parsed: &Parsed<'_>) -> bool {
    parsed.headers.raw("return-path").is_some_and(|v| v.trim_ascii() == b"<>" || v.trim_ascii().is_empty())
}

static SUBJECT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)undeliver|returned mail|return(?:ed)? to sender|returning message|delivery (?:status notification|failure|failed|has failed|problem|report|error|delayed)|mail delivery|failure notice|delayed mail|non.?deliver|not delivered",
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
        "전송하지 못",
    ])
});

fn before_returned_mail(text: &str) -> &str {
    static MARK: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?mi)^\W*(?:below this line is a copy|this is a copy of the message|-+ ?(?:original|returned) message|the original message (?:follows|headers)|return-path:|received:|message header follows|unsent message)").expect("a fixed pattern compiles")
    });
    let text = &text[..text.floor_char_boundary(WINDOW)];
    MARK.find(text).filter(|m| m.start() > 0).map_or(text, |m| &text[..m.start()])
}

/// The first address that is neither ours nor the daemon's.
fn failed_address(text: &str, from: &Address, house: &House) -> Option<String> {
    let daemon_domain = from.email.as_deref();
    super::addresses_in(text).find(|email| {
        let local = email.split('@').next().unwrap_or_default();
        Some(email.as_str()) != daemon_domain
            && !house.is_ours(email)
            && !matches!(local, "mailer-daemon" | "postmaster" | "abuse" | "support" | "helpdesk")
    })
}

fn address_in(value: &str) -> Option<String> {
    super::addresses_in(value).next()
}

/// `name: value` in a block of header-like lines, folded lines joined.
fn field(block: &str, name: &str) -> Option<String> {
    let mut lines = block.lines();
    while let Some(line) = lines.next() {
        let Some((key, value)) = line.split_once(':') else { continue };
        if !key.trim().eq_ignore_ascii_case(name) {
            continue;
        }
        let mut value = value.trim().to_owned();
        for folded in lines.by_ref().take_while(|l| l.starts_with([' ', '\t'])) {
            value.push(' ');
            value.push_str(folded.trim());
        }
        return Some(value);
    }
    None
}

/// The first enhanced status code (RFC 3463) in a text.
fn enhanced_status(text: &str) -> Option<String> {
    static CODE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?:^|[^0-9.])([245]\.[0-9]{1,3}\.[0-9]{1,3})(?:[^0-9.]|\.?$|\.[^0-9])")
            .expect("a fixed pattern compiles")
    });
    CODE.captures(text).map(|c| c[1].to_owned())
}

/// The class of the first SMTP reply code in a text: 4 or 5.
fn reply_code(text: &str) -> Option<u8> {
    static CODE: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"(?:^|[^0-9.])([45])[0-9]{2}(?:[ -]|$)").expect("a fixed pattern compiles"));
    CODE.captures(text).map(|c| c[1].as_bytes()[0] - b'0')
}

fn original_id(parsed: &Parsed<'_>) -> Option<String> {
    parsed.enclosed.iter().find_map(|e: &Enclosed| e.message_id.clone()).or_else(|| {
        // Non-standard reports carry the returned header block as text.
        static ID: LazyLock<Regex> =
            LazyLock::new(|| Regex::new(r"(?mi)^message-id:\s*<([^>\s]{3,500})>").expect("a fixed pattern compiles"));
        ID.captures(&parsed.plain).map(|c| c[1].to_owned())
    })
}
