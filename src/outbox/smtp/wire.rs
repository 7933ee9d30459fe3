//! The byte stream under an SMTP session: TCP without Nagle's delay, TLS where asked for, answers made ASCII.

use crate::config::source::Endpoint;
use crate::outbox::OpenError;
use crate::tls;
use lettre::transport::smtp::client::AsyncTokioStream;
use rustls::pki_types::ServerName;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// Bytes of one answer that are read before the session proper.
const ANSWER_LENGTH: usize = 16 * 1024;

/// How TLS is made with one server.
#[derive(Clone)]
pub(super) struct Tls {
    connector: TlsConnector,
    name: ServerName<'static>,
}

impl Tls {
    /// Trusts the public authorities and those of the endpoint's `ca_file`.
    pub(super) fn new(server: &Endpoint) -> Result<Tls, OpenError> {
        let name =
            ServerName::try_from(server.host.clone()).map_err(|_| OpenError::Host { host: server.host.clone() })?;
        let config = tls::client_config(server.ca_file.as_deref())?;
        Ok(Tls { connector: TlsConnector::from(config), name })
    }
}

impl std::fmt::Debug for Tls {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tls").field("name", &self.name).finish_non_exhaustive()
    }
}

/// A connection to the server.
#[derive(Debug)]
pub(super) struct Wire {
    peer: SocketAddr,
    local: SocketAddr,
    transport: Transport,
    /// Read before the session proper began, to be read again by it.
    replay: io::Cursor<Vec<u8>>,
}

#[derive(Debug)]
enum Transport {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

impl Wire {
    pub(super) async fn connect(server: &Endpoint) -> io::Result<Wire> {
        let stream = TcpStream::connect((server.host.as_str(), server.port)).await?;
        stream.set_nodelay(true)?;
        Ok(Wire {
            peer: stream.peer_addr()?,
            local: stream.local_addr()?,
            transport: Transport::Plain(stream),
            replay: io::Cursor::default(),
        })
    }

    /// The TLS handshake. Plain text that the peer sent ahead of it can't survive: it is still in the socket, where
    /// the handshake meets it and fails.
    pub(super) async fn secured(self, tls: &Tls) -> io::Result<Wire> {
        let Transport::Plain(stream) = self.transport else { return Ok(self) };
        let stream = tls.connector.connect(tls.name.clone(), stream).await?;
        Ok(Wire { transport: Transport::Tls(Box::new(stream)), ..self })
    }

    /// "TLSv1_3 …", or None for plain text.
    pub(super) fn encryption(&self) -> Option<String> {
        let Transport::Tls(stream) = &self.transport else { return None };
        let (_, session) = stream.get_ref();
        let version = session.protocol_version()?.as_str()?.to_owned();
        let suite = session.negotiated_cipher_suite()?.suite().as_str()?;
        Some(format!("{version} {suite}"))
    }

    pub(super) fn local_address(&self) -> SocketAddr {
        self.local
    }

    pub(super) async fn say(&mut self, line: &str) -> io::Result<()> {
        self.write_all(line.as_bytes()).await?;
        self.write_all(b"\r\n").await?;
        self.flush().await
    }

    /// One whole answer, read byte by byte so that nothing behind it is consumed.
    pub(super) async fn answer(&mut self) -> io::Result<String> {
        let mut answer = String::new();
        let mut line_start = 0;
        while answer.len() < ANSWER_LENGTH {
            let byte = self.read_u8().await?;
            answer.push(char::from(byte));
            if byte == b'\n' {
                if answer.as_bytes().get(line_start + 3) != Some(&b'-') {
                    return Ok(answer);
                }
                line_start = answer.len();
            }
        }
        Err(io::Error::other("the answer is too long"))
    }

    /// Puts an answer back, for the session to read it.
    pub(super) fn unread(&mut self, answer: &str) {
        self.replay = io::Cursor::new(answer.as_bytes().to_vec());
    }
}

impl AsyncTokioStream for Wire {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.peer)
    }
}

impl AsyncRead for Wire {
    /// Answers are ASCII (RFC 5321 section 2.4). Some providers answer in GBK, on which the session would stumble and
    /// take a refusal for a broken line: other bytes are read as `?`.
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buf.filled().len();
        if this.replay.position() < this.replay.get_ref().len() as u64 {
            return Pin::new(&mut this.replay).poll_read(cx, buf);
        }
        let polled = match &mut this.transport {
            Transport::Plain(stream) => Pin::new(stream).poll_read(cx, buf),
            Transport::Tls(stream) => Pin::new(stream).poll_read(cx, buf),
        };
        for byte in &mut buf.filled_mut()[before..] {
            if !byte.is_ascii() {
                *byte = b'?';
            }
        }
        polled
    }
}

impl AsyncWrite for Wire {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match &mut self.get_mut().transport {
            Transport::Plain(stream) => Pin::new(stream).poll_write(cx, bytes),
            Transport::Tls(stream) => Pin::new(stream).poll_write(cx, bytes),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.get_mut().transport {
            Transport::Plain(stream) => Pin::new(stream).poll_flush(cx),
            Transport::Tls(stream) => Pin::new(stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.get_mut().transport {
            Transport::Plain(stream) => Pin::new(stream).poll_shutdown(cx),
            Transport::Tls(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }
}
