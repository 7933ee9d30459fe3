//! The connection under the IMAP parser: a deadline on every silence, a bound on every response. Bytes that arrive are
//! progress: a large mail on a slow line takes longer than a watchdog waits.

use super::framing::Framing;
use crate::progress::Progress;
use std::fmt;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Sleep, sleep};
use tokio_rustls::client::TlsStream;

/// A connection in the clear or under TLS.
#[derive(Debug)]
pub enum Stream {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

/// A stream that gives up after `deadline` without a byte and refuses literals larger than the framing's limit.
pub struct Guard {
    stream: Stream,
    pub framing: Framing,
    /// Commands come in pieces; a flush sends them in one.
    unsent: Vec<u8>,
    deadline: Duration,
    /// Runs only while we wait: time in which nobody reads is not the server's silence.
    silence: Option<Pin<Box<Sleep>>>,
    progress: Progress,
}

/// Without what is about to be sent: it may be a password.
impl fmt::Debug for Guard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Guard").field("stream", &self.stream).field("framing", &self.framing).finish_non_exhaustive()
    }
}

impl Guard {
    pub fn new(stream: Stream, deadline: Duration, limit: u64, progress: Progress) -> Self {
        Guard { stream, framing: Framing::new(limit), unsent: Vec::new(), deadline, silence: None, progress }
    }

    pub fn into_stream(self) -> Stream {
        self.stream
    }

    /// What the stream said, or an error when it has been pending for too long.
    fn bounded<T>(&mut self, cx: &mut Context<'_>, polled: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if polled.is_ready() {
            self.silence = None;
            return polled;
        }
        let deadline = self.deadline;
        let silence = self.silence.get_or_insert_with(|| Box::pin(sleep(deadline)));
        ready!(silence.as_mut().poll(cx));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for Guard {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let polled = match &mut self.stream {
            Stream::Plain(stream) => Pin::new(stream).poll_read(cx, buf),
            Stream::Tls(stream) => Pin::new(stream).poll_read(cx, buf),
        };
        ready!(self.bounded(cx, polled))?;
        let arrived = &buf.filled()[before..];
        if !arrived.is_empty() {
            self.progress.step();
        }
        let checked = self.framing.follow(arrived);
        Poll::Ready(checked.map_err(io::Error::other))
    }
}

impl AsyncWrite for Guard {
    fn poll_write(mut self: Pin<&mut Self>, _cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.unsent.extend_from_slice(bytes);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let guard = &mut *self;
        while !guard.unsent.is_empty() {
            let polled = match &mut guard.stream {
                Stream::Plain(stream) => Pin::new(stream).poll_write(cx, &guard.unsent),
                Stream::Tls(stream) => Pin::new(stream).poll_write(cx, &guard.unsent),
            };
            match ready!(guard.bounded(cx, polled))? {
                0 => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                sent => drop(guard.unsent.drain(..sent)),
            }
        }
        let polled = match &mut guard.stream {
            Stream::Plain(stream) => Pin::new(stream).poll_flush(cx),
            Stream::Tls(stream) => Pin::new(stream).poll_flush(cx),
        };
        guard.bounded(cx, polled)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.as_mut().poll_flush(cx))?;
        let polled = match &mut self.stream {
            Stream::Plain(stream) => Pin::new(stream).poll_shutdown(cx),
            Stream::Tls(stream) => Pin::new(stream).poll_shutdown(cx),
        };
        self.bounded(cx, polled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    #[tokio::test]
    async fn a_large_mail_on_a_slow_line_is_progress_with_every_piece() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let client = TcpStream::connect(listener.local_addr().expect("an address")).await.expect("a connection");
        let (mut server, _) = listener.accept().await.expect("a connection");
        let progress = Progress::default();
        let mut guard = Guard::new(Stream::Plain(client), Duration::from_secs(60), 50_000_000, progress.clone());
        let mut buffer = [0; 64];
        for (piece, steps) in [("* 1 FETCH (UID 1 BODY[] {40000000}\r\n", 1), ("Subject: ", 2), ("photos", 3)] {
            server.write_all(piece.as_bytes()).await.expect("sent");
            guard.read_exact(&mut buffer[..piece.len()]).await.expect("received");
            assert_eq!(progress.steps(), steps, "{piece}");
        }
        drop(server);
        assert_eq!(guard.read(&mut buffer).await.expect("the end"), 0);
        assert_eq!(progress.steps(), 3, "the end of a connection is no progress");
    }
}
