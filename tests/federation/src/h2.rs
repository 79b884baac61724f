//! HTTP/2 frame by frame, as no client would send them.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use polder_trust::keys::Identity;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::peer::{Peer, Shows};

/// Types of frames (RFC 9113, section 6).
pub mod kind {
    /// DATA.
    pub const DATA: u8 = 0;
    /// HEADERS.
    pub const HEADERS: u8 = 1;
    /// PRIORITY.
    pub const PRIORITY: u8 = 2;
    /// RST_STREAM.
    pub const RST_STREAM: u8 = 3;
    /// SETTINGS.
    pub const SETTINGS: u8 = 4;
    /// PING.
    pub const PING: u8 = 6;
    /// GOAWAY.
    pub const GOAWAY: u8 = 7;
    /// WINDOW_UPDATE.
    pub const WINDOW_UPDATE: u8 = 8;
    /// CONTINUATION.
    pub const CONTINUATION: u8 = 9;
}

/// The flag END_STREAM, and that of an acknowledgement.
pub const END_STREAM: u8 = 1;
/// The flag END_HEADERS.
pub const END_HEADERS: u8 = 4;

/// A stream of bytes in both directions.
pub trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}

impl<S: AsyncRead + AsyncWrite + Unpin + Send> Stream for S {}

/// A connection without TLS.
///
/// # Panics
/// When there is none.
pub async fn plain(address: SocketAddr) -> TcpStream {
    TcpStream::connect(address).await.expect("a connection")
}

/// A connection to a port for peers, showing that identity. Whoever is turned away may notice only when they read.
///
/// # Errors
/// When the handshake fails.
pub async fn peer(address: SocketAddr, shows: &Identity) -> std::io::Result<tokio_rustls::client::TlsStream<TcpStream>> {
    let tls = TlsConnector::from(Arc::new(Peer::tls(&Shows::Certificate(shows))));
    tls.connect(address.ip().into(), TcpStream::connect(address).await?).await
}

/// A frame.
///
/// # Panics
/// When the payload is too long.
#[must_use]
pub fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).expect("a length").to_be_bytes();
    [&length[1..], &[kind, flags], &stream.to_be_bytes(), payload].concat()
}

/// How a client begins: preface and settings, each a number and a value.
#[must_use]
pub fn hello(settings: &[(u16, u32)]) -> Vec<u8> {
    let settings: Vec<u8> = settings.iter().flat_map(|(id, value)| [&id.to_be_bytes()[..], &value.to_be_bytes()].concat()).collect();
    [&b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"[..], &frame(kind::SETTINGS, 0, 0, &settings)].concat()
}

/// The headers of a request, without compression.
///
/// # Panics
/// When a header is too long.
#[must_use]
pub fn headers(method: &str, path: &str, more: &[(&str, &str)]) -> Vec<u8> {
    let pseudo = [(":method", method), (":scheme", "http"), (":authority", "polder.example"), (":path", path)];
    let mut block = Vec::new();
    for (name, value) in pseudo.iter().chain(more) {
        block.push(0);
        for text in [name, value] {
            block.push(u8::try_from(text.len()).ok().filter(|length| *length < 127).expect("a short text"));
            block.extend_from_slice(text.as_bytes());
        }
    }
    block
}

/// How a connection went.
#[derive(Clone, Debug)]
pub struct Went {
    /// Bytes that the other side took, or the system for it.
    pub sent: usize,
    /// Types of the frames that came back.
    pub came: Vec<u8>,
    /// Whether the other side closed the connection.
    pub closed: bool,
    /// When it was over.
    pub after: Duration,
}

/// Sends these pieces (an empty one is a pause of 20 ms), and takes in what comes until the other side closes or has had its time.
pub async fn flood(stream: impl Stream, pieces: impl IntoIterator<Item = Vec<u8>>, patience: Duration) -> Went {
    let (began, mut sent, mut bytes) = (Instant::now(), 0, Vec::new());
    let (mut from, mut to) = tokio::io::split(stream);
    let write = async {
        for piece in pieces {
            if piece.is_empty() {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            if to.write_all(&piece).await.is_err() {
                break;
            }
            sent += piece.len();
        }
        std::future::pending::<()>().await;
    };
    let read = async {
        let mut buffer = vec![0; 64 * 1024];
        while let Ok(count @ 1..) = from.read(&mut buffer).await {
            bytes.extend_from_slice(&buffer[..count]);
        }
    };
    let closed = tokio::select! {
        () = read => true,
        () = write => false,
        () = tokio::time::sleep(patience) => false,
    };
    Went { sent, came: kinds(&bytes), closed, after: began.elapsed() }
}

fn kinds(mut bytes: &[u8]) -> Vec<u8> {
    let mut kinds = Vec::new();
    while let [a, b, c, kind, ..] = bytes {
        kinds.push(*kind);
        let length = u32::from_be_bytes([0, *a, *b, *c]) as usize + 9;
        bytes = bytes.get(length..).unwrap_or_default();
    }
    kinds
}
