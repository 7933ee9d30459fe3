//! Bounces and complaints: RFC 3464, RFC 5965, and the many reports that follow no standard.

mod reason;
mod unstandard;

use super::parse::{Enclosed, Parsed, Report};
use super::{Address, Bounce, BounceKind, House};
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
    if let Some(report) = report {
        let text = before_returned_mail(text);
        let bounce = from_report(report, parsed, text, house);
        // A delivery report may tell of success ("delivered", "relayed", "expanded").
        return bounce.map(|b| (b, "multipart/report delivery-status (RFC 3464)".into()));
    }
    let evidence = unstandard::evidence(parsed, from, subject, text)?;
    let text = before_returned_mail(text);
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
    let kind = if transient { BounceKind::Soft } else { reason::hard_or_soft(status.as_deref(), words) };
    Bounce { recipient, status, permanent: !delayed, kind, original_message_id: original_id(parsed) }
}

/// The envelope sender was empty (RFC 5321 section 4.5.5).
pub(super) fn is_null_sender(parsed: &Parsed<'_>) -> bool {
    parsed.headers.raw("return-path").is_some_and(|v| v.trim_ascii() == b"<>" || v.trim_ascii().is_empty())
}

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
