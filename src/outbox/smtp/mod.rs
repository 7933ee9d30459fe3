//! An SMTP server as a sink (RFC 5321): one connection, used for one mail after the other.
//!
//! Every step has a deadline as a whole, so that a server which dribbles its answer is given up like a silent one.
//! The session is taken out while it works and put back only when it is known to be in order: a cancelled send can't
//! leave a connection behind whose next answer belongs to the mail before.

pub mod fault;
mod session;
mod wire;

use super::{OpenError, Outcome, OutgoingMail};
use crate::config::source::SmtpSettings;
use crate::progress::Progress;
use fault::Fault;
use session::Session;
use wire::Tls;

/// Sends over SMTP.
pub struct SmtpSink {
    settings: SmtpSettings,
    tls: Tls,
    progress: Progress,
    session: Option<Box<Session>>,
}

/// What a server told us at login; no mail was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SmtpInspection {
    /// The greeting's first line, without its code.
    pub greeting: String,
    /// "TLSv1_3 …"; None for plain text.
    pub encryption: Option<String>,
    /// The lines of the EHLO answer, e.g. "SIZE 52428800".
    pub extensions: Vec<String>,
    /// The mechanism that accepted us; None if no login is configured.
    pub login: Option<String>,
}

impl std::fmt::Debug for SmtpSink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SmtpSink").field("settings", &self.settings).finish_non_exhaustive()
    }
}

impl SmtpSink {
    pub fn new(settings: SmtpSettings, progress: Progress) -> Result<Self, OpenError> {
        let tls = Tls::new(&settings.server)?;
        Ok(SmtpSink { settings, tls, progress, session: None })
    }

    /// Another one to the same server, not yet connected.
    pub(super) fn another(&self) -> SmtpSink {
        let SmtpSink { settings, tls, progress, session: _ } = self;
        SmtpSink { settings: settings.clone(), tls: tls.clone(), progress: progress.clone(), session: None }
    }

    /// Connects if needed, then MAIL FROM and RCPT TO. A connection that died while idle is replaced once: nothing was
    /// sent on it yet.
    pub(super) async fn offer(&mut self, mail: &OutgoingMail) -> Result<(), Outcome> {
        if let Some(mut session) = self.session.take() {
            let offered = session.offer(mail).await;
            if !matches!(&offered, Err(fault) if !fault.leaves_connection_usable()) {
                return self.settle(session, offered).await;
            }
        }
        let mut session = self.connect().await.map_err(not_now)?;
        let offered = session.offer(mail).await;
        self.settle(session, offered).await
    }

    /// DATA and the bytes.
    pub(super) async fn hand_over(&mut self, mail: &OutgoingMail) -> Outcome {
        let Some(mut session) = self.session.take_if(|session| session.expects(mail)) else {
            return Outcome::Later { reason: "the mail was not offered to the server first".to_owned() };
        };
        if let Err(fault) = session.begin_data().await {
            self.keep_if_usable(session, &fault).await;
            return fault.before_content();
        }
        match session.content(&mail.raw).await {
            Ok(()) => {
                self.progress.step();
                self.session = Some(session);
                Outcome::Sent
            }
            Err(fault) => {
                self.keep_if_usable(session, &fault).await;
                fault.after_content()
            }
        }
    }

    /// Logs in and out on a connection of its own.
    pub(super) async fn probe(&self) -> Result<SmtpInspection, Fault> {
        let session = self.connect().await?;
        let inspection = session.inspection().clone();
        session.quit().await;
        Ok(inspection)
    }

    pub(super) async fn close(&mut self) {
        if let Some(session) = self.session.take() {
            session.quit().await;
        }
    }

    async fn connect(&self) -> Result<Box<Session>, Fault> {
        let session = Session::open(&self.settings, &self.tls).await?;
        self.progress.step();
        Ok(Box::new(session))
    }

    async fn settle(&mut self, session: Box<Session>, offered: Result<(), Fault>) -> Result<(), Outcome> {
        match offered {
            Ok(()) => {
                self.session = Some(session);
                Ok(())
            }
            Err(fault) => {
                self.keep_if_usable(session, &fault).await;
                Err(fault.before_content())
            }
        }
    }

    /// After a refusal the next mail begins on a clean slate, or on a new connection.
    async fn keep_if_usable(&mut self, mut session: Box<Session>, fault: &Fault) {
        if fault.leaves_connection_usable() && session.reset().await.is_ok() {
            self.progress.step();
            self.session = Some(session);
        }
    }
}

/// A server that can't be reached, or refuses us as a whole, says nothing about the mail: even a 5xx means later.
fn not_now(fault: Fault) -> Outcome {
    Outcome::Later { reason: fault.to_string() }
}
