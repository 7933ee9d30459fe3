//! Bounces that follow no standard: a daemon wrote, and it says that something was not delivered.

use super::reason;
use super::told::{ARRIVED, ARRIVED_SUBJECT, NOT_DELIVERED, SUBJECT};
use super::{Returned, WINDOW, before_returned_mail, enhanced_status, is_null_sender};
use crate::message::auto_reply::{is_absence, is_automatic};
use crate::message::parse::Parsed;
use crate::message::{Address, KindReason};

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
