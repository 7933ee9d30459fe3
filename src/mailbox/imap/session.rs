//! One command loop over async-imap that believes no failure to be a success.
//!
//! async-imap's own methods answer `Ok` and nothing to NO, BAD and a lost connection. Here a command ends with its own
//! tagged OK or with a [`Fault`], and after a fault the caller drops the connection.

use super::super::error::{MailboxError, Place};
use super::framing::Excess;
use super::guard::Guard;
use futures_util::FutureExt;
use imap_proto::{RequestId, Response, Status};
use std::io;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

/// Why a command has no answer.
#[derive(Debug)]
pub enum Fault {
    /// Nothing came for the whole deadline.
    Silent,
    Closed,
    Broken(io::ErrorKind),
    /// A response the parser can't read; its text may hold mail and is dropped.
    Unparsable,
    Excess(Excess),
    /// NO or BAD, and the server's words.
    Refused(String),
    /// BYE, and the server's words.
    Bye(String),
}

impl Fault {
    /// In words, without place.
    pub fn why(&self) -> String {
        match self {
            Fault::Silent => "the server fell silent".to_owned(),
            Fault::Closed => "the server closed the connection".to_owned(),
            Fault::Broken(kind) => format!("the network failed ({kind})"),
            Fault::Unparsable => "the server sent a response that can't be understood".to_owned(),
            Fault::Excess(excess) => excess.to_string(),
            Fault::Refused(said) => format!("the server refused it: \"{said}\""),
            Fault::Bye(said) => format!("the server said goodbye: \"{said}\""),
        }
    }

    /// The same for the person who has to know where it happened.
    pub fn at(self, place: &Place, during: &str, deadline: Duration) -> MailboxError {
        let (place, during) = (place.clone(), during.to_owned());
        match self {
            Fault::Silent => MailboxError::Silent { place, during, seconds: deadline.as_secs() },
            Fault::Refused(said) | Fault::Bye(said) if is_busy(&said) => MailboxError::Busy { place, during, said },
            Fault::Refused(said) => MailboxError::Refused { place, during, said },
            fault => MailboxError::Broken { place, during, why: fault.why() },
        }
    }
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        if let Some(excess) = error.get_ref().and_then(|inner| inner.downcast_ref::<Excess>()) {
            return Fault::Excess(*excess);
        }
        match error.kind() {
            io::ErrorKind::TimedOut => Fault::Silent,
            io::ErrorKind::UnexpectedEof => Fault::Closed,
            // The parser's errors come as `Other` and carry the raw buffer.
            io::ErrorKind::Other => Fault::Unparsable,
            kind => Fault::Broken(kind),
        }
    }
}

/// Whether a refusal asks for patience (RFC 5530 codes, and what providers say in words).
pub fn is_busy(said: &str) -> bool {
    let said = said.to_lowercase();
    let codes = ["[unavailable]", "[inuse]", "[limit]", "[serverbug]"];
    let words = ["too frequent", "too many", "try again", "try later", "temporar", "busy", "频繁", "稍后", "繁忙"];
    codes.iter().chain(&words).any(|word| said.contains(word))
}

/// The server's words, fit for a log line.
pub fn words(text: Option<&str>) -> String {
    text.unwrap_or("no reason given").chars().filter(|c| !c.is_control()).take(200).collect()
}

/// What a response means for the command loop.
#[derive(Debug)]
pub enum Step {
    Data,
    Done { tag: RequestId, result: Result<(), String> },
}

/// A logged-in connection.
#[derive(Debug)]
pub struct Session {
    inner: async_imap::Session<Guard>,
}

impl Session {
    pub fn new(inner: async_imap::Session<Guard>) -> Self {
        Session { inner }
    }

    /// Bytes of literals that a response may have from now on.
    pub fn expect_at_most(&mut self, bytes: u64) {
        self.inner.as_mut().framing.limit = bytes;
    }

    /// Sends a command; its end is the [`Step::Done`] with this tag.
    pub async fn send(&mut self, command: &str) -> Result<RequestId, Fault> {
        self.inner.run_command(command).await.map_err(|error| match error {
            async_imap::error::Error::Io(error) => error.into(),
            _ => Fault::Closed,
        })
    }

    /// The next response, looked at before its buffer goes.
    pub async fn next<T>(&mut self, look: impl FnOnce(&Response<'_>) -> T) -> Result<(Step, T), Fault> {
        let response = received(self.inner.read_response()).await?;
        let step = match response.parsed() {
            Response::Done { tag, status, outcome } => {
                let said = words(outcome.information.as_deref());
                Step::Done { tag: tag.clone(), result: if *status == Status::Ok { Ok(()) } else { Err(said) } }
            }
            Response::Data { status: Status::Bye, outcome } => {
                return Err(Fault::Bye(words(outcome.information.as_deref())));
            }
            _ => Step::Data,
        };
        Ok((step, look(response.parsed())))
    }

    /// Runs one command to its end.
    pub async fn exec(&mut self, command: &str, mut each: impl FnMut(&Response<'_>)) -> Result<(), Fault> {
        let sent = self.send(command).await?;
        loop {
            match self.next(&mut each).await? {
                (Step::Done { tag, result }, ()) if tag == sent => return result.map_err(Fault::Refused),
                // The end of a command we never sent: whatever follows belongs to nobody.
                (Step::Done { .. }, ()) => return Err(Fault::Unparsable),
                (Step::Data, ()) => {}
            }
        }
    }
}

/// A response, or why there is none. A panic of the parser is a response that can't be understood: imap-proto cuts text
/// after a response code inside a character.
pub async fn received<T>(reading: impl Future<Output = io::Result<Option<T>>>) -> Result<T, Fault> {
    match AssertUnwindSafe(reading).catch_unwind().await {
        Ok(Ok(Some(response))) => Ok(response),
        Ok(Ok(None)) => Err(Fault::Closed),
        Ok(Err(error)) => Err(error.into()),
        Err(_) => Err(Fault::Unparsable),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_can_not_reach_a_log_because_trace_does_not_exist() {
        assert!(log::STATIC_MAX_LEVEL <= log::LevelFilter::Debug);
    }

    #[test]
    fn a_busy_server_is_told_from_one_that_refuses() {
        for busy in ["[UNAVAILABLE] down for repair", "Too frequent login", "登录过于频繁，请稍后再试", "[LIMIT] x"]
        {
            assert!(is_busy(busy), "{busy}");
        }
        for refusal in ["[AUTHENTICATIONFAILED] Authentication failed.", "Unsafe Login", "no such mailbox"] {
            assert!(!is_busy(refusal), "{refusal}");
        }
    }

    #[test]
    fn the_raw_buffer_of_a_parse_error_is_dropped() {
        let fault = Fault::from(io::Error::other("Error(..) during parsing of \"buyer@example.com\""));
        assert!(!fault.why().contains("buyer"), "{}", fault.why());
    }
}
