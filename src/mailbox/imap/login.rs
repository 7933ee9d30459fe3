//! From the greeting to a session: STARTTLS, capabilities, login, ID.

use super::super::error::{MailboxError, Place};
use super::connect;
use super::guard::{Guard, Stream};
use super::session::{Fault, Session, is_busy, received, words};
use crate::config::source::{ImapSettings, Security};
use crate::progress::Progress;
use async_imap::error::Error;
use async_imap::types::UnsolicitedResponse;
use async_imap::{Authenticator, Client};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use imap_proto::{Capability, Response, ResponseCode, Status};
use std::collections::BTreeSet;

/// Literals that answers other than mail may have.
pub const SMALL: u64 = 64 * 1024;

/// What the server said of itself.
#[derive(Clone, Debug, Default)]
pub struct Welcome {
    pub greeting: String,
    /// In capitals, e.g. `AUTH=PLAIN`.
    pub capabilities: BTreeSet<String>,
    /// The answer to ID (RFC 2971): field and value.
    pub server_id: Vec<(String, String)>,
}

/// Connects and logs in.
pub async fn open(
    settings: &ImapSettings,
    place: &Place,
    progress: &Progress,
) -> Result<(Session, Welcome), MailboxError> {
    let at = |fault: Fault, during: &str| fault.at(place, during, settings.deadline);
    let (mut client, greeting) = greeted(settings, place, progress).await?;
    let offered = offered(&mut client).await.map_err(|fault| at(fault, "CAPABILITY"))?;
    let mut session = logged_in(client, &offered, settings, place).await?;
    let mut welcome = Welcome { greeting, ..Welcome::default() };
    let asked = session.exec("CAPABILITY", |response| welcome.capabilities.extend(capabilities(response)));
    asked.await.map_err(|fault| at(fault, "CAPABILITY"))?;
    if welcome.capabilities.contains("ID") {
        let command = concat!("ID (\"name\" \"inquiryd\" \"version\" \"", env!("CARGO_PKG_VERSION"), "\")");
        match session.exec(command, |response| welcome.server_id.extend(identity(response))).await {
            Ok(()) | Err(Fault::Refused(_)) => {}
            Err(fault) => return Err(at(fault, "ID")),
        }
    }
    Ok((session, welcome))
}

/// The connection with its last greeting read, secured as the settings say.
async fn greeted(
    settings: &ImapSettings,
    place: &Place,
    progress: &Progress,
) -> Result<(Client<Guard>, String), MailboxError> {
    let (server, deadline) = (&settings.server, settings.deadline);
    let client = |stream| Client::new(Guard::new(stream, deadline, SMALL, progress.clone()));
    let tcp = connect::tcp(server, place, deadline).await?;
    if server.security == Security::Tls {
        let mut client = client(connect::secured(tcp, server, place, deadline).await?);
        let greeting = greeting(&mut client, place, settings).await?;
        return Ok((client, greeting));
    }
    let mut plain = client(Stream::Plain(tcp));
    let greeting = greeting(&mut plain, place, settings).await?;
    if server.security == Security::Plain {
        return Ok((plain, greeting));
    }
    plain.run_command_and_check_ok("STARTTLS", None).await.map_err(|error| match fault(error) {
        Fault::Refused(said) => MailboxError::Certificate {
            place: place.clone(),
            why: format!("the server refused STARTTLS: \"{said}\""),
            remedy: "use `tls = \"implicit\"` with the server's TLS port, usually 993",
        },
        fault => fault.at(place, "STARTTLS", deadline),
    })?;
    // Whatever an attacker put behind the OK goes with the parser's buffer; TLS starts on the bare socket.
    match plain.into_inner().into_stream() {
        Stream::Plain(tcp) => Ok((client(connect::secured(tcp, server, place, deadline).await?), greeting)),
        secured @ Stream::Tls(_) => Ok((client(secured), greeting)),
    }
}

async fn greeting(client: &mut Client<Guard>, place: &Place, settings: &ImapSettings) -> Result<String, MailboxError> {
    let response =
        received(client.read_response()).await.map_err(|fault| fault.at(place, "the greeting", settings.deadline))?;
    let refused = |fault: Fault| Err(fault.at(place, "the greeting", settings.deadline));
    match response.parsed() {
        Response::Data { status: Status::Ok, outcome } => Ok(words(outcome.information.as_deref())),
        Response::Data { status: Status::Bye, outcome } => refused(Fault::Bye(words(outcome.information.as_deref()))),
        Response::Data { status: Status::PreAuth, .. } => refused(Fault::Refused(
            "the connection is logged in already (PREAUTH), which inquiryd does not use".to_owned(),
        )),
        _ => refused(Fault::Unparsable),
    }
}

/// What the server offers before the login.
async fn offered(client: &mut Client<Guard>) -> Result<BTreeSet<String>, Fault> {
    let (tell, told) = async_channel::bounded(16);
    client.run_command_and_check_ok("CAPABILITY", Some(tell)).await.map_err(fault)?;
    let mut offered = BTreeSet::new();
    while let Ok(told) = told.try_recv() {
        if let UnsolicitedResponse::Other(response) = told {
            offered.extend(capabilities(response.parsed()));
        }
    }
    Ok(offered)
}

fn capabilities(response: &Response<'_>) -> Vec<String> {
    let list = match response {
        Response::Capabilities(list) => list,
        Response::Data { outcome, .. } => match &outcome.code {
            Some(ResponseCode::Capabilities(list)) => list,
            _ => return Vec::new(),
        },
        _ => return Vec::new(),
    };
    let name = |capability: &Capability<'_>| match capability {
        Capability::Imap4rev1 => "IMAP4REV1".to_owned(),
        Capability::Auth(mechanism) => format!("AUTH={}", mechanism.to_uppercase()),
        Capability::Atom(atom) => atom.to_uppercase(),
    };
    list.iter().map(name).collect()
}

fn identity(response: &Response<'_>) -> Vec<(String, String)> {
    let Response::Id(Some(fields)) = response else { return Vec::new() };
    let mut fields: Vec<_> = fields.iter().map(|(field, value)| (words(Some(field)), words(Some(value)))).collect();
    fields.sort();
    fields
}

async fn logged_in(
    client: Client<Guard>,
    offered: &BTreeSet<String>,
    settings: &ImapSettings,
    place: &Place,
) -> Result<Session, MailboxError> {
    let (user, password) = (settings.user.as_str(), settings.password.0.as_str());
    let login_disabled = offered.contains("LOGINDISABLED");
    let quotable = [user, password].iter().all(|text| text.bytes().all(|byte| matches!(byte, b' '..=b'~')));
    let plain = offered.contains("AUTH=PLAIN");
    let entered = if plain && (login_disabled || !quotable) {
        authenticate_plain(client, offered.contains("SASL-IR"), user, password).await
    } else if login_disabled {
        Err(Fault::Refused("the server takes no password on this connection (LOGINDISABLED)".to_owned()))
    } else {
        client.login(user, password).await.map_err(|(error, _)| fault(error))
    };
    entered.map(Session::new).map_err(|fault| match fault {
        Fault::Refused(said) if !is_busy(&said) => {
            let said = without(&said, password);
            MailboxError::LoginRefused {
                place: place.clone(),
                user: user.to_owned(),
                remedy: remedy(&place.host, &said),
                said,
            }
        }
        Fault::Refused(said) => Fault::Refused(without(&said, password)).at(place, "the login", settings.deadline),
        fault => fault.at(place, "the login", settings.deadline),
    })
}

/// AUTHENTICATE PLAIN (RFC 4616), which carries any character; with the initial response in the command where the
/// server takes one (RFC 4959).
async fn authenticate_plain(
    client: Client<Guard>,
    initial_response: bool,
    user: &str,
    password: &str,
) -> Result<async_imap::Session<Guard>, Fault> {
    let credentials = format!("\0{user}\0{password}");
    let mechanism = match initial_response {
        true => format!("PLAIN {}", BASE64_STANDARD.encode(&credentials)),
        false => "PLAIN".to_owned(),
    };
    client.authenticate(mechanism, Credentials(credentials)).await.map_err(|(error, _)| fault(error))
}

struct Credentials(String);

impl Authenticator for Credentials {
    type Response = String;

    fn process(&mut self, _challenge: &[u8]) -> String {
        std::mem::take(&mut self.0)
    }
}

fn fault(error: Error) -> Fault {
    match error {
        Error::Io(error) => error.into(),
        Error::No(said) | Error::Bad(said) => Fault::Refused(told(&said)),
        Error::ConnectionLost => Fault::Closed,
        Error::Validate(_) => Fault::Refused("the user name or the password holds a line break".to_owned()),
        _ => Fault::Unparsable,
    }
}

/// The server's words out of async-imap's `code: …, info: Some("…")`.
fn told(debug: &str) -> String {
    let info = debug.rsplit_once("info: ").map_or(debug, |(_, info)| info);
    let text = info.strip_prefix("Some(\"").and_then(|text| text.strip_suffix("\")"));
    words(text.map(|text| text.replace("\\\"", "\"")).as_deref())
}

/// A server may quote what it was sent.
fn without(said: &str, password: &str) -> String {
    if password.is_empty() { said.to_owned() } else { said.replace(password, "…") }
}

/// What to do about a refused login, by what the server said and whose server it is.
pub fn remedy(host: &str, said: &str) -> &'static str {
    let of = |domains: &[&str]| domains.iter().any(|domain| host.ends_with(domain));
    if said.to_lowercase().contains("unsafe login") {
        "NetEase takes the client for an unsafe one: switch IMAP on in the webmail, use the authorisation code it shows \
         (授权码) as password, and if that is done write to kefu@188.com"
    } else if of(&["163.com", "126.com", "yeah.net", "qq.com", "aliyun.com", "mxhichina.com"]) {
        "switch IMAP on in the webmail and use the authorisation code it shows (授权码) as password, not the webmail's"
    } else if of(&["gmail.com", "googlemail.com"]) {
        "Gmail wants an app password (Google account, Security, 2-step verification)"
    } else if of(&["outlook.com", "office365.com"]) {
        "Microsoft 365 has switched password logins off for IMAP; read this mailbox by forwarding or as a Maildir"
    } else {
        "check user and password, and whether the provider allows IMAP for this mailbox"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_servers_words_are_found_in_async_imaps_error() {
        assert_eq!(
            told(r#"code: None, info: Some("[AUTHENTICATIONFAILED] no \"x\"")"#),
            "[AUTHENTICATIONFAILED] no \"x\""
        );
        assert_eq!(told("code: None, info: None"), "no reason given");
    }

    #[test]
    fn a_server_that_quotes_the_password_does_not_get_it_into_our_log() {
        assert_eq!(without("no user with s3cret", "s3cret"), "no user with …");
        assert_eq!(without("no", ""), "no");
    }
}
