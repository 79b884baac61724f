//! Listening: three ports, each with its limits.

use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum_server::Handle;
use axum_server::accept::NoDelayAcceptor;
use axum_server::tls_rustls::{RustlsAcceptor, RustlsConfig};
use polder_exchange::Node;
use polder_trust::keys::{Identity, SpkiPin};
use polder_trust::tls::{self, PinCheck};
use rustls::ServerConfig;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use tokio::sync::Semaphore;

use crate::client::auth::OperatorTokenHash;
use crate::client::{self, ClientApi};
use crate::operator::{self, Readiness};
use crate::peer::news::Hints;
use crate::peer::{self, PeerApi};

/// Time for a handshake, and for the headers of a request.
const PATIENCE: Duration = Duration::from_secs(10);
/// Time for requests on their way when the node stops.
const GRACE: Duration = Duration::from_secs(11);
const LARGEST_HEADERS: u32 = 16 * 1024;
const STREAMS_AT_ONCE: u32 = 128;

/// The sockets of a node, bound already: who starts it knows the ports.
#[derive(Debug)]
pub struct Listeners {
    /// For this partner's own clients.
    pub client: TcpListener,
    /// For other nodes.
    pub peer: TcpListener,
    /// For the machine's operator.
    pub operator: TcpListener,
}

/// A certificate chain and its key, in PEM files.
#[derive(Clone, Debug)]
pub struct Tls {
    /// The chain.
    pub certificate: PathBuf,
    /// The private key.
    pub key: PathBuf,
}

/// What a server is told.
#[derive(Clone, Debug)]
pub struct ServerOptions {
    /// The hash of the operator token.
    pub operator_token: OperatorTokenHash,
    /// TLS of the client port; none where a proxy does it, or on loopback.
    pub client_tls: Option<Tls>,
    /// Questions that may be on their way at the same time.
    pub questions_at_once: usize,
}

/// Why a node cannot listen.
#[derive(Debug)]
pub enum ServeError {
    /// A socket.
    Io(std::io::Error),
    /// TLS.
    Tls(String),
}

impl std::fmt::Display for ServeError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Io(error) => write!(f, "a port cannot be listened on: {error}"),
            Self::Tls(what) => write!(f, "TLS cannot be set up: {what}"),
        }
    }
}

impl std::error::Error for ServeError {}

/// A node that listens.
pub struct Server {
    handles: [Handle<SocketAddr>; 3],
    tasks: Vec<tokio::task::JoinHandle<std::io::Result<()>>>,
}

impl Server {
    /// Listens on all three ports.
    ///
    /// # Errors
    /// When TLS cannot be set up or a socket cannot be used.
    pub fn start(
        node: &Arc<Node>,
        identity: &Arc<Identity>,
        listeners: Listeners,
        options: ServerOptions,
        readiness: Readiness,
        hints: Hints,
    ) -> Result<Self, ServeError> {
        let handles = [Handle::new(), Handle::new(), Handle::new()];
        let api = ClientApi {
            node: Arc::clone(node),
            operator: options.operator_token,
            questions: Arc::new(Semaphore::new(options.questions_at_once)),
            parts: Arc::new(Semaphore::new(client::imports::PARTS_AT_ONCE)),
            exports: Arc::new(Semaphore::new(client::export::EXPORTS_AT_ONCE)),
        };
        let clients = client::router(&api);
        let peers = peer::router(PeerApi::new(Arc::clone(node), Arc::clone(identity), hints));
        let client_task = match &options.client_tls {
            Some(files) => listen_tls(listeners.client, handles[0].clone(), clients, client_tls(files)?)?,
            None => listen(listeners.client, handles[0].clone(), clients)?,
        };
        let peer_task = listen_tls(listeners.peer, handles[1].clone(), peers, peer_tls(node, identity)?)?;
        let operator_task = listen(listeners.operator, handles[2].clone(), operator::router(readiness))?;
        Ok(Self { handles, tasks: vec![client_task, peer_task, operator_task] })
    }

    /// Takes no more requests, and finishes those on their way.
    pub async fn stop(self) {
        for handle in &self.handles {
            handle.graceful_shutdown(Some(GRACE));
        }
        for task in self.tasks {
            // What a port that failed had to say was logged when it failed.
            let _ = task.await;
        }
    }
}

type Task = tokio::task::JoinHandle<std::io::Result<()>>;

fn listen(listener: TcpListener, handle: Handle<SocketAddr>, router: Router) -> Result<Task, ServeError> {
    let mut server = axum_server::from_tcp(listener).map_err(ServeError::Io)?.handle(handle).first_request_timeout(PATIENCE);
    bound(server.http_builder());
    let server = server.acceptor(NoDelayAcceptor::new());
    Ok(tokio::spawn(async move { logged(server.serve(router.into_make_service()).await) }))
}

fn listen_tls(listener: TcpListener, handle: Handle<SocketAddr>, router: Router, tls: ServerConfig) -> Result<Task, ServeError> {
    let mut server = axum_server::from_tcp(listener).map_err(ServeError::Io)?.handle(handle).first_request_timeout(PATIENCE);
    bound(server.http_builder());
    let acceptor =
        RustlsAcceptor::new(RustlsConfig::from_config(Arc::new(tls))).handshake_timeout(PATIENCE).acceptor(NoDelayAcceptor::new());
    let server = server.acceptor(acceptor);
    Ok(tokio::spawn(async move { logged(server.serve(router.into_make_service()).await) }))
}

fn logged(outcome: std::io::Result<()>) -> std::io::Result<()> {
    if let Err(error) = &outcome {
        tracing::error!(%error, "a port stopped listening");
    }
    outcome
}

/// Bounds on what a connection may cost.
fn bound(builder: &mut hyper_util::server::conn::auto::Builder<hyper_util::rt::TokioExecutor>) {
    builder.http1().header_read_timeout(PATIENCE).max_buf_size(64 * 1024);
    builder
        .http2()
        .max_concurrent_streams(STREAMS_AT_ONCE)
        .max_header_list_size(LARGEST_HEADERS)
        .max_pending_accept_reset_streams(Some(32))
        .max_local_error_reset_streams(Some(32))
        .keep_alive_interval(Some(Duration::from_secs(30)))
        .keep_alive_timeout(Duration::from_secs(20));
}

fn peer_tls(node: &Arc<Node>, identity: &Identity) -> Result<ServerConfig, ServeError> {
    let register = node.shared_register().clone();
    let clock = Arc::downgrade(node);
    let admits: PinCheck = Arc::new(move |pin: &SpkiPin| {
        let now = clock.upgrade().map(|node| node.now());
        // Of any status: who left still gets register news. Whether anything else is answered is decided at each request.
        now.is_some_and(|now| register.known_by_pin(pin, now).is_some())
    });
    tls::server_config(identity, admits).map_err(|error| ServeError::Tls(error.to_string()))
}

fn client_tls(files: &Tls) -> Result<ServerConfig, ServeError> {
    let failed = |path: &std::path::Path, error: &dyn std::fmt::Display| ServeError::Tls(format!("{}: {error}", path.display()));
    let chain: Result<Vec<_>, _> =
        CertificateDer::pem_file_iter(&files.certificate).map_err(|error| failed(&files.certificate, &error))?.collect();
    let chain = chain.map_err(|error| failed(&files.certificate, &error))?;
    let key = PrivateKeyDer::from_pem_file(&files.key).map_err(|error| failed(&files.key, &error))?;
    let builder = ServerConfig::builder_with_provider(tls::provider()).with_safe_default_protocol_versions();
    let builder = builder.map_err(|error| ServeError::Tls(error.to_string()))?;
    let mut config = builder.with_no_client_auth().with_single_cert(chain, key).map_err(|error| failed(&files.certificate, &error))?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}
