//! One port: connections are admitted, greeted and served, each in a task of its own.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use polder_model::PartnerId;
use polder_trust::keys::SpkiPin;
use rustls::ServerConfig;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::activity::{GRACE, HEADERS, IDLE, Over, Times};
use super::admission::{Door, Place};
use super::connection::{self, Connection};
use super::network::network;
use crate::metrics::Metrics;
use crate::rarely::Rarely;

/// Whose key that is, by the register in force.
pub(super) type WhoseKey = Arc<dyn Fn(&SpkiPin) -> Option<PartnerId> + Send + Sync>;

/// The pause after a connection that could not be taken, such as for want of file descriptors.
const BREATH: Duration = Duration::from_millis(50);

/// How the other side of a port is greeted.
#[derive(Clone)]
pub(super) enum Greeting {
    /// Without TLS.
    Plain,
    /// TLS, whoever it is.
    Tls(TlsAcceptor),
    /// TLS, with clients that show a certificate, whoever they are.
    Certificates(TlsAcceptor),
    /// TLS, with partners alone.
    Partners(TlsAcceptor, WhoseKey),
}

impl Greeting {
    pub(super) fn tls(config: ServerConfig) -> Self {
        Self::Tls(Arc::new(config).into())
    }

    pub(super) fn certificates(config: ServerConfig) -> Self {
        Self::Certificates(Arc::new(config).into())
    }

    pub(super) fn partners(config: ServerConfig, whose: WhoseKey) -> Self {
        Self::Partners(Arc::new(config).into(), whose)
    }
}

/// A port.
#[derive(Clone)]
pub(super) struct Port {
    /// For the log.
    pub name: &'static str,
    pub door: Arc<Door>,
    pub greeting: Greeting,
    pub router: Router,
    pub http: Http,
    metrics: Arc<Metrics>,
    refused: Arc<Rarely<(&'static str, String)>>,
}

/// What HTTP on a port may cost.
#[derive(Clone, Copy, Debug)]
pub(super) struct Http {
    /// HTTP/2: requests at once on one connection.
    pub streams: u32,
    /// HTTP/2: bytes of one body that may come before they are read; a connection has twice that.
    pub window: u32,
    /// A connection that asks nothing is closed after this; `None` where HTTP/2 connections are kept, as peers keep theirs warm.
    pub idle: Option<Duration>,
    /// A connection is closed after this, and a random tenth of it, so that not all of them end at once.
    pub age: Duration,
}

impl Http {
    pub(super) fn times(self) -> Times {
        let random = uuid::Uuid::new_v4().as_fields().0;
        let age = self.age.mul_f64(1.0 + f64::from(random) / f64::from(u32::MAX) / 10.0);
        Times { idle: self.idle, age, overhead: 4 * self.window }
    }

    /// The bounds of hyper and h2. What h2 bounds of itself: CONTINUATION frames (by the header list), empty DATA (100 in a row), small DATA frames, pending
    /// PING and SETTINGS replies (one of each). What it does not bound is bounded by `overhead`.
    pub(super) fn builder(self) -> Builder<TokioExecutor> {
        let mut builder = Builder::new(TokioExecutor::new());
        builder
            .http1()
            .timer(TokioTimer::new())
            // Headers have less, see `activity`: this is for the second of two requests of which the first was slow.
            .header_read_timeout(IDLE)
            .max_buf_size(64 * 1024)
            .max_headers(100);
        builder
            .http2()
            .timer(TokioTimer::new())
            .max_concurrent_streams(self.streams)
            .initial_stream_window_size(self.window)
            .initial_connection_window_size(2 * self.window)
            .max_frame_size(16 * 1024)
            // Counted after HPACK: a header that is repeated by its index counts in full each time.
            .max_header_list_size(16 * 1024)
            .max_send_buf_size(64 * 1024)
            .max_pending_accept_reset_streams(32)
            .max_local_error_reset_streams(32)
            .keep_alive_interval(Duration::from_secs(30))
            .keep_alive_timeout(Duration::from_secs(20));
        builder
    }
}

/// The socket as the runtime takes it.
pub(super) fn ready(listener: TcpListener) -> std::io::Result<tokio::net::TcpListener> {
    listener.set_nonblocking(true)?;
    tokio::net::TcpListener::from_std(listener)
}

impl Port {
    pub(super) fn new(name: &'static str, door: Arc<Door>, greeting: Greeting, router: Router, http: Http, metrics: Arc<Metrics>) -> Self {
        Self { name, door, greeting, router, http, metrics, refused: Arc::default() }
    }

    /// Takes connections until it is told to stop, and then waits for those that there are.
    pub(super) async fn listen(self, listener: tokio::net::TcpListener, mut stopping: watch::Receiver<bool>) {
        let (builder, mut connections) = (Arc::new(self.http.builder()), JoinSet::new());
        let told = stopping.clone();
        loop {
            let taken = tokio::select! {
                biased;
                _ = stopping.wait_for(|stopping| *stopping) => break,
                Some(_) = connections.join_next() => continue,
                taken = listener.accept() => taken,
            };
            match taken {
                Ok((stream, from)) => {
                    let Some((place, made_room)) = self.door.admit(from.ip()) else {
                        self.refuse(from, None, "as many connections as the port takes are open");
                        continue;
                    };
                    if made_room {
                        self.refuse(from, None, "the oldest connection that had not shown who it is made room");
                    }
                    let (port, builder, told) = (self.clone(), Arc::clone(&builder), told.clone());
                    connections.spawn(async move { port.attend(stream, from, place, &builder, told).await });
                }
                Err(error) => {
                    self.say("none", &format!("a connection could not be taken: {error}"), None);
                    tokio::time::sleep(BREATH).await;
                }
            }
        }
        drop(listener);
        let all = async { while connections.join_next().await.is_some() {} };
        // Each has its own deadline; this one is for those that do not even get to theirs.
        let _ = tokio::time::timeout(GRACE + BREATH, all).await;
    }

    async fn attend(
        self,
        stream: TcpStream,
        from: SocketAddr,
        mut place: Place,
        builder: &Builder<TokioExecutor>,
        told: watch::Receiver<bool>,
    ) {
        // A socket that does not take the option is slower, no more.
        let _ = stream.set_nodelay(true);
        let leave = place.told_to_leave();
        match &self.greeting {
            Greeting::Plain => {
                let over =
                    connection::serve(stream, Connection::new(place, None), self.router.clone(), builder, self.http.times(), told).await;
                self.over(from, None, over);
            }
            Greeting::Tls(tls) => {
                let Some(stream) = self.shake_hands(tls, stream, from, &leave, told.clone()).await else { return };
                let over =
                    connection::serve(stream, Connection::new(place, None), self.router.clone(), builder, self.http.times(), told).await;
                self.over(from, None, over);
            }
            Greeting::Certificates(tls) => {
                let Some(stream) = self.shake_hands(tls, stream, from, &leave, told.clone()).await else { return };
                let shown = stream.get_ref().1.peer_certificates().and_then(|chain| chain.first());
                let Some(certificate) = shown.map(|shown| shown.clone().into_owned()) else { return };
                let connection = Connection::new(place, None).with_certificate(&certificate);
                let over = connection::serve(stream, connection, self.router.clone(), builder, self.http.times(), told).await;
                self.over(from, None, over);
            }
            Greeting::Partners(tls, whose) => {
                let Some(stream) = self.shake_hands(tls, stream, from, &leave, told.clone()).await else { return };
                let shown = stream.get_ref().1.peer_certificates().and_then(|chain| chain.first());
                let Some(pin) = shown.and_then(|certificate| SpkiPin::of(certificate).ok()) else { return };
                // The register may have changed since the handshake.
                let Some(partner) = whose(&pin) else { return };
                if let Err(why) = place.belongs_to(&partner) {
                    return self.refuse(from, Some(&partner), why);
                }
                let connection = Connection::new(place, Some(pin));
                let over = connection::serve(stream, connection, self.router.clone(), builder, self.http.times(), told).await;
                self.over(from, Some(&partner), over);
            }
        }
    }

    async fn shake_hands(
        &self,
        tls: &TlsAcceptor,
        stream: TcpStream,
        from: SocketAddr,
        leave: &tokio::sync::Notify,
        mut told: watch::Receiver<bool>,
    ) -> Option<TlsStream<TcpStream>> {
        let shaken = tokio::select! {
            biased;
            _ = told.wait_for(|stopping| *stopping) => return None,
            () = leave.notified() => return None,
            shaken = tokio::time::timeout(HEADERS, greet(tls, stream)) => shaken,
        };
        match shaken {
            Ok(None) => None,
            Ok(Some(Ok(stream))) => Some(stream),
            Ok(Some(Err((error, stream)))) => {
                self.say(&network(from.ip()), "handshake failed", Some(&error));
                let _ = tokio::time::timeout(LINGER, read_out(stream)).await;
                None
            }
            Err(_) => {
                self.say(&network(from.ip()), "no handshake within 5 s", None);
                None
            }
        }
    }

    fn over(&self, from: SocketAddr, partner: Option<&PartnerId>, over: Option<Over>) {
        if let (Some(Over::Abuse(_)), Some(partner)) = (over, partner) {
            self.door.pause(partner);
        }
        if let Some(what) = over.and_then(Over::fault) {
            self.refuse(from, partner, what);
        }
    }

    fn refuse(&self, from: SocketAddr, partner: Option<&PartnerId>, what: &'static str) {
        self.metrics.connection_closed(self.name, what);
        let whose = partner.map_or_else(|| network(from.ip()), ToString::to_string);
        if let Some(more) = self.refused.may((what, whose.clone())) {
            tracing::warn!(port = self.name, from = whose, what, more, "a connection was closed");
        }
    }

    fn say(&self, from: &str, what: &str, error: Option<&std::io::Error>) {
        let detail = error.map(ToString::to_string).unwrap_or_default();
        if let Some(more) = self.refused.may(("handshake", from.to_owned())) {
            tracing::info!(port = self.name, from, what, detail, more, "a connection was not made");
        }
    }
}

/// Shakes hands with whoever says something. Who leaves before that only looked whether someone listens, as `polder doctor` and load balancers do: nothing
/// failed, and nothing is logged.
async fn greet(tls: &TlsAcceptor, stream: TcpStream) -> Option<Result<TlsStream<TcpStream>, (std::io::Error, TcpStream)>> {
    if stream.peek(&mut [0]).await.unwrap_or(0) == 0 {
        return None;
    }
    Some(tls.accept(stream).into_fallible().await)
}

/// How long a caller whose handshake was refused may take to read why.
const LINGER: Duration = Duration::from_secs(1);
/// How much of what it sent before it knew is read, in bytes.
const UNREAD: u64 = 64 * 1024;

/// Says that no more comes, and reads what is on its way: a socket that is closed with something unread in it takes back the alert that was sent.
async fn read_out(mut stream: TcpStream) {
    // Who has gone already need not be told.
    let _ = stream.shutdown().await;
    let _ = tokio::io::copy(&mut stream.take(UNREAD), &mut tokio::io::sink()).await;
}
