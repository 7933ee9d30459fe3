//! Bounces and complaints: RFC 3464, RFC 5965, and the many reports that follow no standard.

mod fields;
mod patience;
mod reason;
mod told;
mod unstandard;

use super::parse::{Enclosed, Parsed, Report};
use super::{Address, Bounce, BounceKind, House, KindReason};
use fields::{enhanced_status, field};
use regex::Regex;
use std::sync::LazyLock;

/// Text of a report that is looked at.
const WINDOW: usize = 16 * 1024;
/// Recipients of one report that are read.
const MAX_RECIPIENTS: usize = 50;

/// The bounce that a mail is, and why it is taken for one.
pub(super) fn recognise(
    parsed: &Parsed<'_>,
    from: &Address,
    subject: &str,
    text: &str,
    house: &House,
) -> Option<(Bounce, KindReason)> {
    let returned = Returned { parsed, text, house };
    if let Some(report) = parsed.reports.iter().find(|r| r.subtype == "feedback-report") {
        let complains = !matches!(field(&report.text, "feedback-type").as_deref(), Some("auth-failure" | "not-spam"));
        return complains
            .then(|| (complaint(&report.text, &returned), KindReason::Structure("feedback-report (RFC 5965)".into())));
    }
    let report = parsed.reports.iter().find(|r| r.subtype == "delivery-status");
    if let Some(report) = report {
        let bounce = from_report(report, &returned, from);
        // A delivery report may tell of success ("delivered", "relayed", "expanded").
        return bounce.map(|b| (b, KindReason::Structure("multipart/report delivery-status (RFC 3464)".into())));
    }
    if is_hotmail_complaint(parsed, subject) {
        let found = complaint("", &returned);
        return Some((found, KindReason::Structure("X-HmXmrOriginalRecipient (JMRP)".into())));
    }
    let by_colleague = from.email.as_deref().is_some_and(|e| house.is_ours(e)) && !unstandard::is_daemon(from);
    if by_colleague {
        return None;
    }
    let evidence = unstandard::evidence(&returned, from, subject)?;
    // A gateway passes on another server's report as an enclosed mail: a person who encloses one is stopped above.
    let passed_on = parsed.enclosed.iter().flat_map(|e| &e.reports).find(|r| r.subtype == "delivery-status");
    if let Some(report) = passed_on {
        return from_report(report, &returned, from).map(|found| (found, evidence));
    }
    unreported(&returned, from, subject).map(|found| (found, evidence))
}

/// A mail of a mail program that reports no failure: a success, a notice. Nobody waits for an answer to it.
pub(super) fn notice(parsed: &Parsed<'_>, from: &Address, subject: &str, text: &str) -> Option<KindReason> {
    if unstandard::is_daemon(from) && unstandard::tells_of_arrival(subject, text) {
        return Some(KindReason::DeliveredReport);
    }
    let only_daemons = unstandard::is_only_a_daemon(from) || unstandard::is_daemon(from) && is_null_sender(parsed);
    only_daemons.then(|| KindReason::Structure("MAILER-DAEMON (RFC 5321)".into()))
}

/// What a report without a machine-readable part says.
fn unreported(returned: &Returned<'_>, from: &Address, subject: &str) -> Option<Bounce> {
    let (parsed, house) = (returned.parsed, returned.house);
    let recipient = parsed.headers.addresses("x-failed-recipients").into_iter().find_map(|a| a.email);
    let recipient = recipient.filter(|email| !house.is_ours(email)).or_else(|| returned.recipient(from));
    let words = before_returned_mail(returned.text);
    let diagnostic = reason::lines_with_codes(words);
    let delayed = patience::is_still_trying(&format!("{subject}\n{words}"));
    let status = enhanced_status(&diagnostic);
    if recipient.is_none() && status.is_none() && !unstandard::is_certain(parsed, from) {
        return None;
    }
    let failure = Failure { recipient, status, diagnostic: &diagnostic, words, delayed };
    Some(failure.judged(returned))
}

/// Hotmail's junk mail reports are older than RFC 5965: the mail itself, with a field that names who complains.
fn is_hotmail_complaint(parsed: &Parsed<'_>, subject: &str) -> bool {
    let enclosed = || parsed.enclosed.iter().any(|e| e.is_junk_report);
    subject.to_ascii_lowercase().starts_with("complaint about message from") && enclosed()
}

/// What a report says of the mail that came back.
struct Returned<'a> {
    parsed: &'a Parsed<'a>,
    /// The report as a person reads it, often with the mail that came back under it.
    text: &'a str,
    house: &'a House,
}

impl Returned<'_> {
    /// Whom the mail was written to, as its own header block says; never one of us.
    fn addressees(&self) -> impl Iterator<Item = String> {
        static TO: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"(?mi)^[> \t]*to:((?:.{0,998}\n[ \t])?.{0,998})$").expect("a fixed pattern compiles")
        });
        let mails = &self.parsed.enclosed;
        let enclosed = mails.iter().flat_map(|e| &e.to).filter_map(|a| a.email.clone());
        // Where the header names nobody, the way the mail went does.
        let delivered = mails.iter().flat_map(|e| e.delivered_to.iter().cloned());
        let after = &self.text[before_returned_mail(self.text).len()..];
        let inline = TO.find(after).into_iter().flat_map(|to| super::addresses_in(to.as_str()));
        enclosed.chain(inline).chain(delivered).filter(|email| !self.house.is_ours(email))
    }

    /// The address that failed: the one we wrote to where the words name it, since the others may be where it forwards to.
    fn recipient(&self, daemon: &Address) -> Option<String> {
        let words = before_returned_mail(self.text);
        let addressees: Vec<String> = self.addressees().collect();
        let named = super::addresses_in(words).find(|email| addressees.contains(email));
        named.or_else(|| failed_address(words, daemon, self.house)).or_else(|| addressees.into_iter().next())
    }

    /// The address in a report's field, unless it is one of us.
    fn address_in_field(&self, block: &str, names: &[&str]) -> Option<String> {
        let mut addresses = names.iter().filter_map(|name| fields::address(&field(block, name)?));
        let email = addresses.find(|email| !self.house.is_ours(email))?;
        let decoded = fields::without_xtext(&email);
        Some(if self.addressees().any(|written_to| written_to == decoded) { decoded } else { email })
    }

    /// Message-ID of the mail that came back, from its header block wherever the report keeps it.
    fn message_id(&self) -> Option<String> {
        static ID: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"(?mi)^[> \t]*(?:original-|x-original-)?message-id:\s*<([^>\s]{3,500})>")
                .expect("a fixed pattern compiles")
        });
        let in_text = |text: &str| ID.captures(text).map(|c| c[1].to_owned());
        let mails = &self.parsed.enclosed;
        let ours = |e: &&Enclosed| e.from.email.as_deref().is_some_and(|email| self.house.is_ours(email));
        let enclosed = mails.iter().filter(ours).chain(mails).find_map(|e| e.message_id.clone());
        let reports = || self.parsed.reports.iter().find_map(|r| in_text(&r.text));
        enclosed.or_else(|| in_text(self.text)).or_else(|| in_text(&self.parsed.plain)).or_else(reports)
    }
}

/// The buyer who called our mail unwanted (RFC 5965 section 3.2).
fn complaint(report: &str, returned: &Returned<'_>) -> Bounce {
    const FIELDS: &[&str] = &["original-rcpt-to", "original-recipient", "removal-recipient", "final-recipient"];
    let recipient = returned.address_in_field(report, FIELDS).or_else(|| returned.addressees().next());
    Bounce {
        recipient,
        status: None,
        permanent: true,
        kind: BounceKind::Complaint,
        original_message_id: returned.message_id(),
    }
}

/// The worst that a report (RFC 3464) tells: a dead address before a full mailbox before a delay. Mail that arrived is none.
fn from_report(report: &Report, returned: &Returned<'_>, from: &Address) -> Option<Bounce> {
    let text = report.text.replace('\r', "");
    let of_a_recipient =
        |b: &&str| ["final-recipient", "action", "original-recipient"].iter().any(|n| field(b, n).is_some());
    let blocks: Vec<&str> = text.split("\n\n").filter(of_a_recipient).take(MAX_RECIPIENTS).collect();
    if blocks.is_empty() {
        return Some(of_block("", returned, from));
    }
    let failures: Vec<Bounce> =
        blocks.iter().filter(|block| !arrived(block)).map(|block| of_block(block, returned, from)).collect();
    let rank = |found: &&Bounce| (found.permanent, found.kind == BounceKind::Hard);
    let worst = failures.iter().map(|found| rank(&found)).max()?;
    failures.into_iter().find(|found| rank(&found) == worst)
}

/// `delivered`, `relayed`, `expanded`; a status of class 2 says the same where the action is missing.
fn arrived(block: &str) -> bool {
    let action = field(block, "action").unwrap_or_default().to_ascii_lowercase();
    let status = || field(block, "status").is_some_and(|status| status.starts_with("2."));
    ["delivered", "relayed", "expanded"].iter().any(|done| action.starts_with(done)) || action.is_empty() && status()
}

/// One recipient's block.
fn of_block(block: &str, returned: &Returned<'_>, from: &Address) -> Bounce {
    let action = field(block, "action").unwrap_or_default().to_ascii_lowercase();
    // The original recipient is whom we wrote to; the final one may be where he forwards his mail.
    let named = ["original-recipient", "final-recipient", "x-actual-recipient"];
    let recipient = returned.address_in_field(block, &named).or_else(|| returned.recipient(from));
    let words = before_returned_mail(returned.text);
    let diagnostic = field(block, "diagnostic-code").unwrap_or_default();
    let stated = field(block, "status").and_then(|s| enhanced_status(&s));
    // A generic x.0.0 says less than what the remote server said.
    let told = |s: &String| !s.ends_with(".0.0");
    let status = stated.clone().filter(told).or_else(|| enhanced_status(&diagnostic)).or(stated);
    let status = status.or_else(|| enhanced_status(words));
    let delayed = action.starts_with("delayed") || action.is_empty() && patience::is_still_trying(words);
    Failure { recipient, status, diagnostic: &diagnostic, words, delayed }.judged(returned)
}

/// A delivery that failed, before it is judged.
struct Failure<'a> {
    recipient: Option<String>,
    status: Option<String>,
    /// What the refusing server said.
    diagnostic: &'a str,
    /// What the reporting server said around it.
    words: &'a str,
    delayed: bool,
}

impl Failure<'_> {
    fn judged(self, returned: &Returned<'_>) -> Bounce {
        let kind = match self.delayed {
            true => BounceKind::Soft,
            false => reason::hard_or_soft(self.status.as_deref(), self.diagnostic, self.words),
        };
        Bounce {
            recipient: self.recipient,
            status: self.status,
            permanent: !self.delayed,
            kind,
            original_message_id: returned.message_id(),
        }
    }
}

/// The envelope sender was empty (RFC 5321 section 4.5.5).
pub(super) fn is_null_sender(parsed: &Parsed<'_>) -> bool {
    parsed.headers.raw("return-path").is_some_and(|v| v.trim_ascii() == b"<>" || v.trim_ascii().is_empty())
}

fn before_returned_mail(text: &str) -> &str {
    static MARK: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?mi)^\W*(?:below this line is a copy|this is a copy of the message|-+ ?(?:original|returned) message|-+ ?(?:this is a copy|enclosed is a copy|the header of the original|unsent message)|included is a copy of the message|content of the message:|(?:原邮件|原郵件|原始邮件)[:：]?\s*$|the original message (?:follows|headers)|return-path:|received:|original message follows|message text follows|message header follows|unsent message)").expect("a fixed pattern compiles")
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
            && !matches!(
                local,
                "mailer-daemon" | "postmaster" | "abuse" | "support" | "helpdesk" | "hostmaster" | "admin"
            )
    })
}
