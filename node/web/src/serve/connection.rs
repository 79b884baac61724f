//! One connection, from its first byte to its last.

use std::convert::Infallible;
use std::error::Error;
use std::future::poll_fn;
use std::net::IpAddr;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use axum::Router;
use http::{HeaderValue, Request, Version, header};
use hyper::body::Incoming;
use hyper::service::Service;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use hyper_util::service::TowerToHyperService;
use polder_trust::keys::SpkiPin;
use rustls_pki_types::CertificateDer;
use sha2::{Digest, Sha256};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::watch;
use tokio::time::Instant;

use super::activity::{Activity, Over, Times};
use super::admission::Place;
use super::escort::{CarriesPeople, Escorted};
use super::watched::{InFlight, ResponseBody, WatchedStream, request_body};
use crate::causes::with_causes;

/// A connection as handlers see it.
#[derive(Debug)]
pub(crate) struct Connection {
    /// The key that the other side showed in the handshake.
    pub pin: Option<SpkiPin>,
    /// The SHA-256 of the TLS certificate that a client showed, in hexadecimal digits.
    pub certificate: Option<String>,
    /// Where it comes from: an address, or the network of one subscriber.
    pub origin: IpAddr,
    place: Place,
}

impl Connection {
    pub(super) fn new(place: Place, pin: Option<SpkiPin>) -> Self {
        Self { pin, certificate: None, origin: place.origin(), place }
    }

    /// The same, of a client that showed that certificate.
    pub(super) fn with_certificate(self, certificate: &CertificateDer<'_>) -> Self {
        Self { certificate: Some(hex::encode(Sha256::digest(certificate))), ..self }
    }

    /// It is closed at once, with all that is on its way.
    pub(super) fn leave(&self) {
        self.place.told_to_leave().notify_one();
    }

    /// Who calls showed a right to something: the connection does not make room for strangers.
    pub(crate) fn recognise(&self) {
        self.place.recognise();
    }
}

/// Serves until the other side, this node or a deadline ends it. Says why where it was cut off.
pub(super) async fn serve<S>(
    stream: S,
    connection: Connection,
    router: Router,
    builder: &Builder<TokioExecutor>,
    times: Times,
    mut stopping: watch::Receiver<bool>,
) -> Option<Over>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let activity = Arc::new(Activity::new(times));
    let leave = connection.place.told_to_leave();
    let stream = TokioIo::new(WatchedStream::new(stream, Arc::clone(&activity)));
    let service = service(router, Arc::new(connection), Arc::clone(&activity));
    let mut serving = pin!(builder.serve_connection(stream, service));
    let mut leaving = pin!(leave.notified());
    // The end of whoever tells to stop is a word to stop as well.
    let mut stops = pin!(async move {
        let _ = stopping.wait_for(|stopping| *stopping).await;
    });
    let mut stopped = false;
    let mut clock = pin!(tokio::time::sleep_until(activity.due().0));
    poll_fn(|context| {
        loop {
            if let Poll::Ready(ended) = serving.as_mut().poll(context) {
                return Poll::Ready(ended.err().and_then(|error| too_much(&*error)));
            }
            if leaving.as_mut().poll(context).is_ready() {
                return Poll::Ready(None);
            }
            let stops = !stopped && stops.as_mut().poll(context).is_ready();
            stopped |= stops;
            let ends = activity.abuse().map(Over::Abuse).or(stops.then_some(Over::Stop));
            if ends.is_some_and(|why| activity.ends(why)) {
                serving.as_mut().graceful_shutdown();
                continue;
            }
            let (at, why) = activity.due();
            if at <= Instant::now() {
                // The first time it is told; then its time for that is over.
                if why == Over::Age && activity.ends(why) {
                    serving.as_mut().graceful_shutdown();
                    continue;
                }
                return Poll::Ready(Some(why));
            }
            // A deadline that moved away is looked at when the old one is there; one that came nearer at once.
            if at < clock.deadline() || clock.is_elapsed() {
                clock.as_mut().reset(at);
            }
            if clock.as_mut().poll(context).is_pending() {
                return Poll::Pending;
            }
        }
    })
    .await
}

/// Whether h2 ended the connection because it was asked too much (RFC 9113, section 7). Other errors are those of whoever went away.
fn too_much(error: &(dyn Error + 'static)) -> Option<Over> {
    let mut errors = std::iter::successors(Some(error), |error| (*error).source());
    tracing::debug!(error = with_causes(error), "a connection ended with an error");
    let reason = errors.find_map(|error| error.downcast_ref::<h2::Error>()).and_then(h2::Error::reason);
    (reason == Some(h2::Reason::ENHANCE_YOUR_CALM)).then_some(Over::Abuse("HTTP/2 that asks too much"))
}

/// The router, with each request counted and each body watched.
fn service(
    router: Router,
    connection: Arc<Connection>,
    activity: Arc<Activity>,
) -> impl Service<Request<Incoming>, Response = http::Response<ResponseBody>, Error = Infallible, Future: Send + 'static> {
    let router = TowerToHyperService::new(router);
    hyper::service::service_fn(move |request: Request<Incoming>| {
        let http2 = request.version() == Version::HTTP_2;
        // Where chunks end is not looked at again (see `heads`), and whoever saw the end elsewhere finds nobody to whom the rest would be a request.
        let last = !http2 && request.headers().contains_key(header::TRANSFER_ENCODING);
        let in_flight = InFlight::begin(&activity, http2);
        let activity = Arc::clone(&activity);
        let mut request = request.map(|body| request_body(body, &activity));
        request.extensions_mut().insert(Arc::clone(&connection));
        let connection = Arc::clone(&connection);
        let response = router.call(request);
        async move {
            let Ok(mut response) = response.await;
            // What HTTP/2 says with GOAWAY.
            if last || !http2 && activity.is_old() {
                response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
            }
            let people = response.extensions_mut().remove::<CarriesPeople>();
            let escorted = people.map(|people| Escorted::begin(people, &connection, &activity));
            Ok(response.map(|body| ResponseBody::new(body, in_flight, escorted)))
        }
    })
}
