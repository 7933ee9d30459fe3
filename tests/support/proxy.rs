//! A TCP proxy that cuts connections, or is slow: the network as it is on a bad day.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

pub struct Proxy {
    pub port: u16,
    opened: Arc<AtomicUsize>,
    closed: Arc<AtomicUsize>,
    task: JoinHandle<()>,
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// What passes from the server to the client.
#[derive(Clone, Copy)]
enum Way {
    /// So many bytes; then the connection is cut.
    Cut(u64),
    /// At most so many bytes at a time, each time after a pause.
    Slow(usize, Duration),
}

impl Proxy {
    /// Forwards to `upstream`; the n-th connection is cut after `cuts[n]` bytes from the server, later ones never.
    pub async fn start(upstream: u16, cuts: Vec<u64>) -> Proxy {
        let mut cuts = cuts.into_iter();
        Proxy::forwarding(upstream, move || Way::Cut(cuts.next().unwrap_or(u64::MAX))).await
    }

    /// Forwards to `upstream`; the server's answers come in pieces of `bytes`, each after a `pause`.
    pub async fn slow(upstream: u16, bytes: usize, pause: Duration) -> Proxy {
        Proxy::forwarding(upstream, move || Way::Slow(bytes, pause)).await
    }

    async fn forwarding(upstream: u16, mut way: impl FnMut() -> Way + Send + 'static) -> Proxy {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let (opened, closed) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let counters = (Arc::clone(&opened), Arc::clone(&closed));
        let task = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                counters.0.fetch_add(1, Ordering::SeqCst);
                let (way, closed) = (way(), Arc::clone(&counters.1));
                tokio::spawn(async move {
                    forward(client, upstream, way).await;
                    closed.fetch_add(1, Ordering::SeqCst);
                });
            }
        });
        Proxy { port, opened, closed, task }
    }

    /// Connections so far.
    pub fn opened(&self) -> usize {
        self.opened.load(Ordering::SeqCst)
    }

    /// Connections whose server or client has ended them.
    pub fn closed(&self) -> usize {
        self.closed.load(Ordering::SeqCst)
    }
}

async fn forward(client: TcpStream, upstream: u16, way: Way) {
    let server = TcpStream::connect((Ipv4Addr::LOCALHOST, upstream)).await.expect("the server behind the proxy");
    for stream in [&client, &server] {
        stream.set_nodelay(true).expect("a TCP option");
    }
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let up = tokio::spawn(async move { tokio::io::copy(&mut from_client, &mut to_server).await });
    match way {
        Way::Cut(bytes) => {
            let _ = tokio::io::copy(&mut from_server.take(bytes), &mut to_client).await;
        }
        Way::Slow(bytes, pause) => {
            let mut piece = vec![0; bytes];
            while let Ok(length @ 1..) = from_server.read(&mut piece).await {
                tokio::time::sleep(pause).await;
                if to_client.write_all(&piece[..length]).await.is_err() {
                    break;
                }
            }
        }
    }
    let _ = to_client.shutdown().await;
    up.abort();
}
