//! What passes through a connection, told to its [`Activity`]: bytes, bodies that come in, responses that go out.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use http_body_util::BodyExt;
use hyper::body::{Body as HttpBody, Frame, Incoming, SizeHint};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Instant;

use super::activity::Activity;
use super::escort::Escorted;
use super::frames::Streams;
use super::heads::Heads;

/// A response is handed out in pieces of this size, so that little of it waits where no deadline sees it.
const PIECE: usize = 64 * 1024;

/// How a head ends that was refused.
const END_OF_HEAD: &[u8] = b"\r\n\r\n";

/// A stream of bytes.
pub(super) struct WatchedStream<S> {
    inner: S,
    activity: Arc<Activity>,
    heads: Heads,
    /// So much of [`END_OF_HEAD`] was handed on.
    ended: usize,
    /// Bytes read since others had their turn.
    turn: usize,
    streams: Streams,
}

/// After so many bytes others have their turn: they may be thousands of frames, which h2 would work off in one go.
const TURN: usize = 64 * 1024;

impl<S> WatchedStream<S> {
    pub(super) fn new(inner: S, activity: Arc<Activity>) -> Self {
        Self { inner, activity, heads: Heads::default(), ended: 0, turn: 0, streams: Streams::default() }
    }
}

impl<S> Drop for WatchedStream<S> {
    fn drop(&mut self) {
        self.activity.closed();
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for WatchedStream<S> {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        if self.activity.is_deaf() {
            // The connection ends by its own clock.
            return Poll::Pending;
        }
        if self.heads.are_refused() {
            // hyper looks for the end of a head before it reads one. Behind it nothing comes.
            let left = &END_OF_HEAD[self.ended..];
            let some = left.len().min(buffer.remaining());
            buffer.put_slice(&left[..some]);
            self.ended += some;
            return Poll::Ready(Ok(()));
        }
        if self.turn >= TURN {
            self.turn = 0;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.inner).poll_read(context, buffer))?;
        let came = &mut buffer.filled_mut()[before..];
        let bytes = came.len();
        self.heads.look(came);
        self.turn += bytes;
        self.activity.read(bytes);
        self.streams.came(&buffer.filled()[before..]);
        // Before any request of it is begun.
        self.activity.passed(self.streams.clean_from());
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> WatchedStream<S> {
    /// The last look before bytes are handed on.
    fn may_write(&self) -> io::Result<()> {
        if self.activity.is_silent() {
            return Err(io::Error::new(io::ErrorKind::ConnectionAborted, "cut off: an answer about people was not taken in time"));
        }
        Ok(())
    }

    fn seen<T>(&self, outcome: Poll<T>) -> Poll<T> {
        self.activity.sends(outcome.is_pending());
        outcome
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for WatchedStream<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.may_write()?;
        let outcome = Pin::new(&mut self.inner).poll_write(context, bytes);
        if let Poll::Ready(Ok(went)) = outcome {
            self.streams.went(&bytes[..went]);
            self.activity.passed(self.streams.clean_from());
        }
        self.seen(outcome)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let outcome = Pin::new(&mut self.inner).poll_flush(context);
        if matches!(outcome, Poll::Ready(Ok(()))) {
            self.activity.flushed();
        }
        self.seen(outcome)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let outcome = Pin::new(&mut self.inner).poll_shutdown(context);
        self.seen(outcome)
    }

    fn poll_write_vectored(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[io::IoSlice<'_>]) -> Poll<io::Result<usize>> {
        self.may_write()?;
        let outcome = Pin::new(&mut self.inner).poll_write_vectored(context, bytes);
        if let Poll::Ready(Ok(mut went)) = outcome {
            for piece in bytes {
                let some = went.min(piece.len());
                self.streams.went(&piece[..some]);
                went -= some;
            }
            self.activity.passed(self.streams.clean_from());
        }
        self.seen(outcome)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }
}

/// A request on its way: from its headers to the end of its response.
pub(super) struct InFlight {
    activity: Arc<Activity>,
    number: u64,
    whole: bool,
}

impl InFlight {
    pub(super) fn begin(activity: &Arc<Activity>, http2: bool) -> Self {
        Self { activity: Arc::clone(activity), number: activity.request_begins(http2), whole: false }
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.activity.request_ends(self.number, self.whole);
    }
}

/// The body of a request.
pub(super) struct RequestBody {
    inner: Incoming,
    activity: Arc<Activity>,
}

impl RequestBody {
    pub(super) fn new(inner: Incoming, activity: &Arc<Activity>) -> Self {
        Self { inner, activity: Arc::clone(activity) }
    }
}

impl HttpBody for RequestBody {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let frame = ready!(Pin::new(&mut self.inner).poll_frame(context));
        if let Some(Ok(frame)) = &frame {
            self.activity.read_body(frame.data_ref().map_or(0, Bytes::len));
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

/// The body of a response, handed out in pieces. A reader who lets it wait has so much time.
pub(super) struct ResponseBody {
    inner: Body,
    /// What is left of a piece that was too large.
    rest: Bytes,
    in_flight: InFlight,
    /// Of one that carries people.
    escorted: Option<Escorted>,
    /// Since when the next piece can be taken.
    offered: Option<Instant>,
    waited: Duration,
    taken: u64,
}

impl ResponseBody {
    pub(super) fn new(inner: Body, in_flight: InFlight, escorted: Option<Escorted>) -> Self {
        let mut body = Self { inner, rest: Bytes::new(), in_flight, escorted, offered: None, waited: Duration::ZERO, taken: 0 };
        body.offer();
        body
    }

    fn offer(&mut self) {
        self.offered = Some(Instant::now());
        self.in_flight.activity.waits_for_reader(self.in_flight.number, self.waited, self.taken);
    }

    fn hand_out(&mut self, mut data: Bytes) -> Frame<Bytes> {
        self.rest = data.split_off(data.len().min(PIECE));
        self.taken += data.len() as u64;
        if self.is_end_stream() {
            self.in_flight.whole = true;
        } else {
            self.offer();
        }
        Frame::data(data)
    }
}

impl HttpBody for ResponseBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if let Some(since) = self.offered.take() {
            self.waited += since.elapsed();
            self.in_flight.activity.reader_came(self.in_flight.number);
        }
        if self.escorted.as_ref().is_some_and(Escorted::is_cut) {
            return Poll::Ready(Some(Err(axum::Error::new("cut off: somebody in it withdrew"))));
        }
        if !self.rest.is_empty() {
            let rest = std::mem::take(&mut self.rest);
            return Poll::Ready(Some(Ok(self.hand_out(rest))));
        }
        match ready!(Pin::new(&mut self.inner).poll_frame(context)) {
            None => {
                self.in_flight.whole = true;
                Poll::Ready(None)
            }
            Some(Err(error)) => Poll::Ready(Some(Err(error))),
            Some(Ok(frame)) => Poll::Ready(Some(Ok(match frame.into_data() {
                Ok(data) => self.hand_out(data),
                Err(trailers) => trailers,
            }))),
        }
    }

    fn is_end_stream(&self) -> bool {
        // One that carries people says so when it is asked for more.
        self.escorted.is_none() && self.rest.is_empty() && self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let inner = self.inner.size_hint();
        let mut hint = SizeHint::new();
        let rest = self.rest.len() as u64;
        hint.set_lower(inner.lower() + rest);
        if let Some(upper) = inner.upper() {
            hint.set_upper(upper + rest);
        }
        hint
    }
}

/// The body of a request as handlers take it.
pub(super) fn request_body(body: Incoming, activity: &Arc<Activity>) -> Body {
    Body::new(RequestBody::new(body, activity).map_err(axum::Error::new))
}
