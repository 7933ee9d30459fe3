//! One SMTP session: lettre speaks, we hold the stopwatch and insist on the right answers.

use super::SmtpInspection;
use super::fault::{Fault, Step};
use super::wire::{Tls, Wire};
use crate::config::source::{Security, SmtpSettings};
use crate::outbox::OutgoingMail;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::{Data, Ehlo, Mail, Rcpt, Rset};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};
use lettre::transport::smtp::response::Response;
use std::fmt::Display;
use std::io;
use std::net::IpAddr;
use std::time::Duration;
use tokio::time::timeout;

/// The answer to the final dot may take this many times longer than others (RFC 5321 section 4.5.3.2: 10 minutes
/// against 5), because servers scan the mail before they answer, and giving up early leaves its fate unknown.
const CONTENT_PATIENCE: u32 = 2;

pub(super) struct Session {
    connection: AsyncSmtpConnection,
    deadline: Duration,
    /// Largest mail in bytes (RFC 1870), None if the server names no limit.
    size_limit: Option<usize>,
    inspection: SmtpInspection,
    /// Whose mail was accepted, so that DATA may follow: recipient and Message-ID.
    offered: Option<(lettre::Address, String)>,
}

impl Session {
    /// Connects, secures, greets and logs in.
    pub(super) async fn open(settings: &SmtpSettings, tls: &Tls) -> Result<Session, Fault> {
        let deadline = settings.deadline;
        let (wire, name, greeting) = secure_wire(settings, tls).await?;
        let encryption = wire.encryption();
        let connecting = AsyncSmtpConnection::connect_with_transport(Box::new(wire), &name);
        let mut connection = lettre_step(Step::Ehlo, deadline, connecting).await?;
        // Said again because lettre keeps only the extensions it knows, and SIZE is not among them.
        let hello = lettre_step(Step::Ehlo, deadline, connection.command(Ehlo::new(name))).await?;
        let extensions: Vec<String> = hello.message().skip(1).map(str::to_owned).collect();
        let login = match &settings.login {
            Some((user, password)) => {
                let credentials = Credentials::new(user.clone(), password.0.clone());
                Some(log_in(&mut connection, deadline, &credentials).await?)
            }
            None => None,
        };
        let size_limit = size_limit(&extensions);
        let inspection = SmtpInspection { greeting, encryption, extensions, login };
        Ok(Session { connection, deadline, size_limit, inspection, offered: None })
    }

    pub(super) fn inspection(&self) -> &SmtpInspection {
        &self.inspection
    }

    /// MAIL FROM and RCPT TO.
    pub(super) async fn offer(&mut self, mail: &OutgoingMail) -> Result<(), Fault> {
        if self.offered.is_some() {
            self.reset().await?;
        }
        let parameters = self.mail_parameters(mail)?;
        self.exchange(Step::MailFrom, Mail::new(Some(mail.from.clone()), parameters), &[250]).await?;
        self.exchange(Step::RcptTo, Rcpt::new(mail.recipient.clone(), Vec::new()), &[250, 251, 252]).await?;
        self.offered = Some((mail.recipient.clone(), mail.message_id.clone()));
        Ok(())
    }

    /// Whether the server waits for the bytes of this very mail.
    pub(super) fn expects(&self, mail: &OutgoingMail) -> bool {
        self.offered.as_ref().is_some_and(|(to, id)| *to == mail.recipient && *id == mail.message_id)
    }

    pub(super) async fn reset(&mut self) -> Result<(), Fault> {
        self.offered = None;
        self.exchange(Step::Reset, Rset, &[250]).await
    }

    pub(super) async fn begin_data(&mut self) -> Result<(), Fault> {
        self.offered = None;
        self.exchange(Step::Data, Data, &[354]).await
    }

    /// The bytes, the dot, and the answer to it.
    pub(super) async fn content(&mut self, raw: &[u8]) -> Result<(), Fault> {
        // lettre begins the final dot with a line end of its own.
        let raw = raw.strip_suffix(b"\r\n").unwrap_or(raw);
        let patience = self.deadline * CONTENT_PATIENCE;
        let answer = lettre_step(Step::Content, patience, self.connection.message(raw)).await?;
        expect_code(Step::Content, &answer, &[250])
    }

    pub(super) async fn quit(mut self) {
        // Whatever the server says to it: everything that matters was answered before.
        let _ = timeout(self.deadline, self.connection.quit()).await;
    }

    async fn exchange(&mut self, step: Step, command: impl Display, codes: &[u16]) -> Result<(), Fault> {
        let answer = lettre_step(step, self.deadline, self.connection.command(command)).await?;
        expect_code(step, &answer, codes)
    }

    fn mail_parameters(&self, mail: &OutgoingMail) -> Result<Vec<MailParameter>, Fault> {
        let supports = |extension| self.connection.server_info().supports_feature(extension);
        let mut parameters = Vec::new();
        let addresses: [&str; 2] = [mail.from.as_ref(), mail.recipient.as_ref()];
        if !addresses.iter().all(|address| address.is_ascii()) {
            if !supports(Extension::SmtpUtfEight) {
                let reason = "the address is not ASCII and the server does not offer SMTPUTF8 (RFC 6531)".to_owned();
                return Err(Fault::Unfit { code: 550, enhanced_status: "5.6.7", reason });
            }
            parameters.push(MailParameter::SmtpUtfEight);
        }
        if !mail.raw.is_ascii() {
            if !supports(Extension::EightBitMime) {
                let reason = "the mail has 8-bit bytes and the server does not offer 8BITMIME (RFC 6152)".to_owned();
                return Err(Fault::Unfit { code: 554, enhanced_status: "5.6.3", reason });
            }
            parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
        }
        if let Some(limit) = self.size_limit {
            let size = mail.raw.len();
            if limit > 0 && size > limit {
                let reason = format!("the mail has {size} bytes, the server takes at most {limit} (SIZE, RFC 1870)");
                return Err(Fault::Unfit { code: 552, enhanced_status: "5.3.4", reason });
            }
            parameters.push(MailParameter::Size(size));
        }
        Ok(parameters)
    }
}

/// Connects and, where so configured, makes TLS; the greeting waits in the wire to be read by the session.
async fn secure_wire(settings: &SmtpSettings, tls: &Tls) -> Result<(Wire, ClientId, String), Fault> {
    let deadline = settings.deadline;
    let security = settings.server.security;
    let mut wire = io_step(Step::Connect, deadline, Wire::connect(&settings.server)).await?;
    if security == Security::Tls {
        wire = io_step(Step::Tls, deadline, wire.secured(tls)).await?;
    }
    let name = client_name(wire.local_address().ip());
    let greeting = io_step(Step::Greeting, deadline, wire.answer()).await?;
    let greeting_line = parsed(Step::Greeting, &greeting, &[220])?.first_line().unwrap_or_default().to_owned();
    if security == Security::StartTls {
        let offer = dialogue(&mut wire, Step::Ehlo, deadline, &format!("EHLO {name}"), &[250]).await?;
        if !offer.message().any(|line| line.trim().eq_ignore_ascii_case("STARTTLS")) {
            return Err(Fault::Missing(
                "the server does not offer STARTTLS, which the configuration requires: nothing was sent in plain text \
                 (use `tls = \"implicit\"` with the server's TLS port, usually 465, or ask whether someone on the way \
                 strips STARTTLS)",
            ));
        }
        dialogue(&mut wire, Step::StartTls, deadline, "STARTTLS", &[220]).await?;
        wire = io_step(Step::Tls, deadline, wire.secured(tls)).await?;
    }
    wire.unread(&greeting);
    Ok((wire, name, greeting_line))
}

async fn dialogue(
    wire: &mut Wire,
    step: Step,
    deadline: Duration,
    line: &str,
    codes: &[u16],
) -> Result<Response, Fault> {
    let answer = io_step(step, deadline, async {
        wire.say(line).await?;
        wire.answer().await
    });
    parsed(step, &answer.await?, codes)
}

/// Uses the first mechanism of ours that the server offers; returns its name.
async fn log_in(
    connection: &mut AsyncSmtpConnection,
    deadline: Duration,
    credentials: &Credentials,
) -> Result<String, Fault> {
    let ours = [Mechanism::Plain, Mechanism::Login];
    let Some(mechanism) = connection.server_info().get_auth_mechanism(&ours) else {
        return Err(Fault::Missing(
            "the server offers no login by password (AUTH PLAIN or LOGIN); some offer it only after TLS",
        ));
    };
    let answer = lettre_step(Step::Login, deadline, connection.auth(&[mechanism], credentials)).await?;
    expect_code(Step::Login, &answer, &[235])?;
    Ok(mechanism.to_string())
}

/// Our name for EHLO: the machine's if it is a full one, else the address literal (RFC 5321 section 4.1.4).
fn client_name(local: IpAddr) -> ClientId {
    match (ClientId::default(), local) {
        (ClientId::Domain(name), _) if name.contains('.') => ClientId::Domain(name),
        (_, IpAddr::V4(address)) => ClientId::Ipv4(address),
        (_, IpAddr::V6(address)) => ClientId::Ipv6(address),
    }
}

fn size_limit(extensions: &[String]) -> Option<usize> {
    let size = extensions.iter().find_map(|line| {
        let (keyword, value) = line.split_once(' ').unwrap_or((line, ""));
        keyword.eq_ignore_ascii_case("SIZE").then(|| value.trim().parse().unwrap_or(0))
    })?;
    Some(size)
}

fn parsed(step: Step, answer: &str, codes: &[u16]) -> Result<Response, Fault> {
    let response: Response =
        answer.parse().map_err(|_| Fault::Broken { step, reason: "this is no SMTP answer".to_owned() })?;
    expect_code(step, &response, codes)?;
    Ok(response)
}

fn expect_code(step: Step, answer: &Response, codes: &[u16]) -> Result<(), Fault> {
    let code = u16::from(answer.code());
    if codes.contains(&code) {
        return Ok(());
    }
    Err(Fault::answer(step, code, &answer.message().collect::<Vec<_>>().join(" ")))
}

async fn io_step<T>(step: Step, after: Duration, work: impl Future<Output = io::Result<T>>) -> Result<T, Fault> {
    let done = timeout(after, work).await.map_err(|_| Fault::Silent { step, after })?;
    done.map_err(|error| match error.kind() {
        io::ErrorKind::UnexpectedEof => Fault::Broken { step, reason: "the server closed the connection".to_owned() },
        _ => Fault::Broken { step, reason: error.to_string() },
    })
}

async fn lettre_step<T>(
    step: Step,
    after: Duration,
    work: impl Future<Output = Result<T, lettre::transport::smtp::Error>>,
) -> Result<T, Fault> {
    let done = timeout(after, work).await.map_err(|_| Fault::Silent { step, after })?;
    done.map_err(|error| Fault::from_lettre(step, &error))
}
