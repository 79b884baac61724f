//! A member that is honest and resets streams (RST_STREAM, RFC 9113, section 6.4): all of them, some, or in the middle of a reply.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::{Bytes, BytesMut};
use h2::server::SendResponse;
use h2::{Reason, RecvStream};
use http::{Request, Response};
use polder_exchange::Node;
use polder_trust::register::Register;
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;

use crate::http::Partner;
use crate::liar::HonestHalf;
use crate::peer::{DOCUMENTS, QUERIES};

/// What becomes of a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    /// The reply comes.
    Replied,
    /// It is reset before anything comes.
    Reset,
    /// It is reset when half of the reply has come.
    ResetHalfway,
    /// The whole connection ends.
    ConnectionLost,
}

/// What becomes of the question with that number, counted over all connections from 0.
pub type Treatment = Arc<dyn Fn(usize) -> Stream + Send + Sync>;

/// The member.
pub struct Resetter {
    /// Its node, which holds its offers.
    pub node: Arc<Node>,
    treatment: Arc<Mutex<Treatment>>,
}

#[derive(Clone)]
struct Shared {
    half: HonestHalf,
    treatment: Arc<Mutex<Treatment>>,
    streams: Arc<AtomicUsize>,
}

impl Resetter {
    /// Listens where the node of that partner would.
    ///
    /// # Panics
    /// When it cannot listen.
    pub async fn start(partner: &mut Partner, register: Register) -> Self {
        let listener = partner.take_peer_port();
        listener.set_nonblocking(true).expect("a socket");
        let half = HonestHalf::open(partner, register).await;
        let tls = polder_trust::tls::server_config(&half.identity, Arc::new(|_| true)).expect("TLS");
        let treatment: Arc<Mutex<Treatment>> = Arc::new(Mutex::new(Arc::new(|_| Stream::Replied)));
        let shared = Shared { half, treatment: Arc::clone(&treatment), streams: Arc::default() };
        let node = Arc::clone(&shared.half.node);
        let (listener, acceptor) = (tokio::net::TcpListener::from_std(listener).expect("a listener"), TlsAcceptor::from(Arc::new(tls)));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(acceptor.clone(), stream, shared.clone()));
            }
        });
        Self { node, treatment }
    }

    /// From now on streams are treated like this.
    pub fn treats(&self, treatment: impl Fn(usize) -> Stream + Send + Sync + 'static) {
        *self.treatment.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(treatment);
    }
}

async fn serve(acceptor: TlsAcceptor, stream: TcpStream, shared: Shared) {
    // Who goes away in the middle of anything is nobody's fault.
    let Ok(stream) = acceptor.accept(stream).await else { return };
    let Ok(mut connection) = h2::server::handshake(stream).await else { return };
    while let Some(Ok((request, mut respond))) = connection.accept().await {
        if ![QUERIES, DOCUMENTS].contains(&request.uri().path()) {
            let mut response = Response::new(());
            *response.status_mut() = http::StatusCode::NOT_FOUND;
            // As above.
            let _ = respond.send_response(response, true);
            continue;
        }
        let number = shared.streams.fetch_add(1, Ordering::SeqCst);
        let treatment = Arc::clone(&*shared.treatment.lock().unwrap_or_else(PoisonError::into_inner));
        match treatment(number) {
            Stream::ConnectionLost => return,
            Stream::Reset => respond.send_reset(Reason::CANCEL),
            how => {
                let half = shared.half.clone();
                tokio::spawn(async move { reply(&half, request, respond, how == Stream::ResetHalfway).await });
            }
        }
    }
}

async fn reply(half: &HonestHalf, request: Request<RecvStream>, mut respond: SendResponse<Bytes>, halfway: bool) -> Option<()> {
    let (parts, mut body) = request.into_parts();
    let mut bytes = BytesMut::new();
    while let Some(piece) = body.data().await {
        let piece = piece.ok()?;
        body.flow_control().release_capacity(piece.len()).ok()?;
        bytes.extend_from_slice(&piece);
    }
    let (headers, reply) = half.reply(parts.uri.path(), &parts.headers, &bytes).await;
    let mut response = Response::new(());
    *response.headers_mut() = headers;
    let mut send = respond.send_response(response, false).ok()?;
    let reply = Bytes::from(reply);
    if halfway {
        send.send_data(reply.slice(..reply.len() / 2), false).ok()?;
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        send.send_reset(Reason::INTERNAL_ERROR);
    } else {
        send.send_data(reply, true).ok()?;
    }
    Some(())
}
