//! The HTTP server: bounded in connections, bytes and time.

use super::page::{Page, wants_to_leave};
use super::token::Token;
use crate::clock::Clock;
use crate::store::Store;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::header::{self, HeaderName, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;

const CONNECTIONS: usize = 256;
/// Of a whole exchange.
const PATIENCE: Duration = Duration::from_secs(10);
/// Of a request's head.
const HEAD_PATIENCE: Duration = Duration::from_secs(3);
/// Bytes of a request's head; hyper's least.
const HEAD: usize = 8 * 1024;
/// Bytes of its body.
const BODY: usize = 4 * 1024;
/// After an accept that failed, e.g. for want of file descriptors.
const PAUSE: Duration = Duration::from_millis(200);

const HEADERS: [(HeaderName, &str); 6] = [
    (header::CONTENT_TYPE, "text/html; charset=utf-8"),
    (header::CACHE_CONTROL, "no-store"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'",
    ),
    (HeaderName::from_static("x-robots-tag"), "noindex, nofollow"),
];

/// Listens until it is dropped.
#[derive(Debug)]
pub struct Server {
    task: JoinHandle<()>,
    /// Where it was asked to listen.
    pub asked: SocketAddr,
}

struct Door {
    store: Store,
    clock: Clock,
    secret: String,
}

impl Server {
    /// # Errors
    /// Nobody can listen there: the port is taken, or the address is not this machine's.
    pub async fn start(listen: SocketAddr, store: Store, clock: Clock, secret: String) -> io::Result<Server> {
        let listener = TcpListener::bind(listen).await?;
        let task = tokio::spawn(accept(listener, Arc::new(Door { store, clock, secret })));
        Ok(Server { task, asked: listen })
    }

    /// Ends it; the port is free then.
    pub async fn stop(mut self) {
        self.task.abort();
        // It was told to end, so that is what it says.
        let _ = (&mut self.task).await;
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn accept(listener: TcpListener, door: Arc<Door>) {
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
        match listener.accept().await {
            Ok((stream, _)) => {
                let door = Arc::clone(&door);
                tokio::spawn(async move {
                    // Whoever takes too long is left alone.
                    let _ = tokio::time::timeout(PATIENCE, talk(stream, door)).await;
                    drop(place);
                });
            }
            Err(error) => {
                tracing::warn!(%error, "a reader who wants no more newsletters can't be heard just now");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

async fn talk(stream: TcpStream, door: Arc<Door>) {
    let service = service_fn(|request| {
        let door = Arc::clone(&door);
        async move { Ok::<_, Infallible>(door.answer(request).await) }
    });
    let mut http = http1::Builder::new();
    http.keep_alive(false).max_buf_size(HEAD).timer(TokioTimer::new()).header_read_timeout(HEAD_PATIENCE);
    if let Err(error) = http.serve_connection(TokioIo::new(stream), service).await {
        tracing::debug!(%error, "a connection ended early");
    }
}

impl Door {
    async fn answer(&self, request: Request<Incoming>) -> Response<Full<Bytes>> {
        let token = request.uri().path().rsplit('/').next().unwrap_or_default();
        let Some(token) = Token::parse(token) else { return response(StatusCode::NOT_FOUND, Page::Unknown) };
        match *request.method() {
            Method::GET | Method::HEAD => response(StatusCode::OK, Page::Ask),
            Method::POST => self.posted(&token, request).await,
            _ => {
                let mut refused = response(StatusCode::METHOD_NOT_ALLOWED, Page::Unclear);
                refused.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD, POST"));
                refused
            }
        }
    }

    async fn posted(&self, token: &Token, request: Request<Incoming>) -> Response<Full<Bytes>> {
        let content_type = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let content_type = content_type.unwrap_or_default().to_owned();
        let Ok(body) = Limited::new(request.into_body(), BODY).collect().await else {
            return response(StatusCode::PAYLOAD_TOO_LARGE, Page::Unclear);
        };
        if !wants_to_leave(&content_type, &String::from_utf8_lossy(&body.to_bytes())) {
            return response(StatusCode::BAD_REQUEST, Page::Unclear);
        }
        let id = token.outbox_id;
        match self.left(token).await {
            Ok(Some(address)) => {
                tracing::info!(outbox = id, "a reader left the newsletters by one click");
                tracing::debug!(outbox = id, address, "left");
                response(StatusCode::OK, Page::Done)
            }
            Ok(None) => response(StatusCode::NOT_FOUND, Page::Unknown),
            Err(error) => {
                tracing::error!(outbox = id, error = format!("{error:#}"), "a reader's wish can't be recorded");
                response(StatusCode::SERVICE_UNAVAILABLE, Page::Failed)
            }
        }
    }

    /// The address that gets no newsletter any more; None if the link is not ours.
    async fn left(&self, token: &Token) -> anyhow::Result<Option<String>> {
        let recipient = self.store.newsletter_recipient(token.outbox_id).await?;
        let Some(address) = recipient.filter(|recipient| token.proves(recipient, &self.secret)) else {
            return Ok(None);
        };
        self.store.suppress(&address, "unsubscribed", self.clock.now()).await?;
        Ok(Some(address))
    }
}

fn response(status: StatusCode, page: Page) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(page.html())));
    *response.status_mut() = status;
    response.headers_mut().extend(HEADERS.map(|(name, value)| (name, HeaderValue::from_static(value))));
    response
}
