//! What can go wrong in an SMTP session, and what that means for a mail.

use crate::outbox::Outcome;
use std::fmt;
use std::time::Duration;

/// Characters of a server's words that are kept.
const TEXT_LENGTH: usize = 300;

/// The steps of an SMTP session, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Connect,
    Tls,
    Greeting,
    Ehlo,
    StartTls,
    Login,
    MailFrom,
    RcptTo,
    Reset,
    Data,
    /// The mail's bytes and the answer to the dot at their end.
    Content,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Step::Connect => "connecting",
            Step::Tls => "TLS handshake",
            Step::Greeting => "greeting",
            Step::Ehlo => "EHLO",
            Step::StartTls => "STARTTLS",
            Step::Login => "login",
            Step::MailFrom => "MAIL FROM",
            Step::RcptTo => "RCPT TO",
            Step::Reset => "RSET",
            Step::Data => "DATA",
            Step::Content => "end of the mail",
        })
    }
}

/// Why a step did not succeed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The server answered, but not what the step needs.
    #[error("{step}: the server answered {code} {text}")]
    Answer { step: Step, code: u16, text: String },
    #[error("{step}: no answer within {after:?}")]
    Silent { step: Step, after: Duration },
    #[error("{step}: {reason}")]
    Broken { step: Step, reason: String },
    /// The server can't do what we must have.
    #[error("{0}")]
    Missing(&'static str),
    /// The server can't take this one mail; told by its EHLO, in the words of RFC 3463.
    #[error("{reason}")]
    Unfit { code: u16, enhanced_status: &'static str, reason: String },
}

impl Fault {
    /// A server's answer; its words are made one line of bounded length.
    pub(super) fn answer(step: Step, code: u16, text: &str) -> Fault {
        let words = text.split(|c: char| c.is_control() || c == ' ').filter(|word| !word.is_empty());
        let line: String = words.collect::<Vec<_>>().join(" ").chars().take(TEXT_LENGTH).collect();
        Fault::Answer { step, code, text: line }
    }

    pub(super) fn from_lettre(step: Step, error: &lettre::transport::smtp::Error) -> Fault {
        let source = std::error::Error::source(error).map(ToString::to_string);
        match (error.status(), source) {
            (Some(code), words) => Fault::answer(step, code.into(), &words.unwrap_or_default()),
            (None, Some(words)) if words == "incomplete response" => {
                Fault::Broken { step, reason: "the server closed the connection".to_owned() }
            }
            (None, _) => Fault::Broken { step, reason: error.to_string() },
        }
    }

    /// The connection can serve the next mail.
    pub(super) fn leaves_connection_usable(&self) -> bool {
        match self {
            Fault::Answer { code, .. } => *code >= 400 && *code != 421,
            Fault::Unfit { .. } => true,
            Fault::Silent { .. } | Fault::Broken { .. } | Fault::Missing(_) => false,
        }
    }

    /// What a fault before the mail's bytes means: nothing was taken.
    pub(super) fn before_content(self) -> Outcome {
        let reason = self.to_string();
        match self {
            // A refusal of the sender says nothing about the recipient: a quota that is used up comes back.
            Fault::Answer { step: Step::MailFrom, .. } => Outcome::Later { reason },
            Fault::Answer { code, text, .. } if (500..600).contains(&code) => {
                Outcome::Refused { code, enhanced_status: enhanced_status(&text), reason }
            }
            Fault::Unfit { code, enhanced_status, .. } => {
                Outcome::Refused { code, enhanced_status: Some(enhanced_status.to_owned()), reason }
            }
            _ => Outcome::Later { reason },
        }
    }

    /// What a fault after the first byte of the mail means: only a clear refusal says that nothing was taken.
    pub(super) fn after_content(self) -> Outcome {
        match &self {
            Fault::Answer { code, .. } if (400..600).contains(code) => self.before_content(),
            _ => Outcome::Unknown { reason: self.to_string() },
        }
    }
}

/// The enhanced status code that begins a server's words (RFC 3463 section 2, RFC 2034 section 4).
pub fn enhanced_status(text: &str) -> Option<String> {
    let first = text.split_whitespace().next()?;
    let parts: Vec<&str> = first.split('.').collect();
    let number = |part: &str| (1..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    match parts[..] {
        ["2" | "4" | "5", subject, detail] if number(subject) && number(detail) => Some(first.to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_enhanced_status_is_read_only_where_there_is_one() {
        assert_eq!(enhanced_status("5.1.1 no such user").as_deref(), Some("5.1.1"));
        assert_eq!(enhanced_status("4.7.650 too fast").as_deref(), Some("4.7.650"));
        for text in ["", "no such user 5.1.1", "5.1 no", "3.1.1 no", "5.1.1234 no", "5.x.1", "10.0.0.1 refused"] {
            assert_eq!(enhanced_status(text), None, "{text:?}");
        }
    }

    #[test]
    fn a_servers_words_become_one_bounded_line() {
        let Fault::Answer { text, .. } = Fault::answer(Step::RcptTo, 550, &format!("no\r\n\u{7}{}", "x".repeat(9000)))
        else {
            panic!("an answer")
        };
        assert!(text.starts_with("no xxx") && text.len() == TEXT_LENGTH, "{text}");
    }

    #[test]
    fn only_a_clear_no_after_the_dot_means_that_nothing_was_taken() {
        let fault = |code| Fault::answer(Step::Content, code, "5.7.1 words");
        assert!(matches!(fault(451).after_content(), Outcome::Later { .. }));
        assert!(matches!(fault(554).after_content(), Outcome::Refused { code: 554, .. }));
        assert!(matches!(fault(354).after_content(), Outcome::Unknown { .. }));
        let silent = Fault::Silent { step: Step::Content, after: Duration::from_secs(1) };
        assert!(matches!(silent.after_content(), Outcome::Unknown { .. }));
    }
}
