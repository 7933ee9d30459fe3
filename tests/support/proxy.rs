//! A TCP proxy that cuts connections: the network as it is on a bad day.

use std::net::Ipv4Addr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

pub struct Proxy {
    pub port: u16,
    task: JoinHandle<()>,
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Proxy {
    /// Forwards to `upstream`; the n-th connection is cut after `cuts[n]` bytes from the server, later ones never.
    pub async fn start(upstream: u16, cuts: Vec<u64>) -> Proxy {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let task = tokio::spawn(async move {
            let mut cuts = cuts.into_iter();
            while let Ok((client, _)) = listener.accept().await {
                let bytes = cuts.next().unwrap_or(u64::MAX);
                tokio::spawn(forward(client, upstream, bytes));
            }
        });
        Proxy { port, task }
    }
}

async fn forward(client: TcpStream, upstream: u16, bytes: u64) {
    let server = TcpStream::connect((Ipv4Addr::LOCALHOST, upstream)).await.expect("the server behind the proxy");
    let (mut from_client, mut to_client) = client.into_split();
    let (from_server, mut to_server) = server.into_split();
    let up = tokio::spawn(async move { tokio::io::copy(&mut from_client, &mut to_server).await });
    let _ = tokio::io::copy(&mut from_server.take(bytes), &mut to_client).await;
    let _ = to_client.shutdown().await;
    up.abort();
}
