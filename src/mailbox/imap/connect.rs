//! The way to the server: TCP without Nagle's delay, then TLS.

use super::super::error::{MailboxError, Place};
use super::guard::Stream;
use crate::config::source::Endpoint;
use crate::tls;
use rustls::pki_types::ServerName;
use std::io;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

/// A TCP connection; the first of the host's addresses that answers.
pub async fn tcp(server: &Endpoint, place: &Place, deadline: Duration) -> Result<TcpStream, MailboxError> {
    let unreachable = |source| MailboxError::Unreachable { place: place.clone(), source };
    let connecting = TcpStream::connect((server.host.as_str(), server.port));
    let stream = timeout(deadline, connecting)
        .await
        .unwrap_or_else(|_| Err(io::Error::new(io::ErrorKind::TimedOut, "no answer to the connection")))
        .map_err(unreachable)?;
    stream.set_nodelay(true).map_err(unreachable)?;
    Ok(stream)
}

/// TLS on top of it; the certificate must be the host's, from a public authority or one of the endpoint's own file.
pub async fn secured(
    stream: TcpStream,
    server: &Endpoint,
    place: &Place,
    deadline: Duration,
) -> Result<Stream, MailboxError> {
    let config = tls::client_config(server.ca_file.as_deref()).map_err(|error| MailboxError::Certificate {
        place: place.clone(),
        why: error.to_string(),
        remedy: "let `ca_file` name a readable PEM file of certificates",
    })?;
    let name = ServerName::try_from(server.host.clone()).map_err(|_| MailboxError::Certificate {
        place: place.clone(),
        why: format!("`{}` is no host name a certificate can be checked against", server.host),
        remedy: "write the server's name as it stands in its certificate",
    })?;
    match timeout(deadline, TlsConnector::from(config).connect(name, stream)).await {
        Ok(Ok(stream)) => Ok(Stream::Tls(Box::new(stream))),
        Ok(Err(error)) => Err(handshake_failed(error, place)),
        Err(_) => Err(MailboxError::Silent {
            place: place.clone(),
            during: "the TLS handshake".to_owned(),
            seconds: deadline.as_secs(),
        }),
    }
}

fn handshake_failed(source: io::Error, place: &Place) -> MailboxError {
    let why = match source.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
        Some(rustls::Error::InvalidCertificate(_)) => source.to_string(),
        Some(error @ rustls::Error::InvalidMessage(_)) => {
            return MailboxError::Certificate {
                place: place.clone(),
                why: format!("the server does not speak TLS here ({error})"),
                remedy: "use `tls = \"starttls\"` or the server's TLS port, usually 993",
            };
        }
        _ => return MailboxError::Unreachable { place: place.clone(), source },
    };
    MailboxError::Certificate {
        place: place.clone(),
        why,
        remedy: "use the host name the certificate is for, or name its authority with `ca_file`",
    }
}
