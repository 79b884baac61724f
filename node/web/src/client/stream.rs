//! The feed as a stream of events (`text/event-stream`): each event has as its id the cursor of what comes after it, so that whoever was cut off goes on there.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures::future::BoxFuture;
use futures::{StreamExt, stream};
use http::HeaderName;
use http::header::CONTENT_TYPE;
use polder_model::problem::ProblemType;
use tokio::time::Instant;

use super::ClientApi;
use super::auth::{Caller, ClientId};
use super::changes::ON_A_PAGE;
use super::negotiate::EVENT_STREAM;
use crate::feed::{self, Cursor, Page};
use crate::refusal::Refusal;

/// In which whoever was cut off says where.
pub(super) const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");
/// Proxies are not to hold events back.
const X_ACCEL_BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");

/// Streams of one client, and of all, at the same time.
const OF_ONE: usize = 4;
const OF_ALL: usize = 64;
/// How often is looked whether something happened.
const LOOK: Duration = Duration::from_secs(1);
/// After which time of silence a word says that the stream still goes, and where it is.
const SILENCE: Duration = Duration::from_secs(10);
/// After how many milliseconds whoever was cut off is to come again.
const RETRY_MS: u32 = 2_000;

/// The streams that go now.
#[derive(Clone, Default)]
pub(crate) struct Streams(Arc<Mutex<HashMap<ClientId, usize>>>);

impl Streams {
    fn begin(&self, client: ClientId) -> Result<Place, Refusal> {
        let mut going = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (all, own) = (going.values().sum::<usize>(), going.get(&client).copied().unwrap_or(0));
        if own >= OF_ONE || all >= OF_ALL {
            let detail = format!("{OF_ONE} streams of one client go at the same time, and {OF_ALL} of all; end one, or read pages");
            return Err(Refusal::new(ProblemType::Unavailable, detail));
        }
        going.insert(client.clone(), own + 1);
        Ok(Place { streams: self.clone(), client })
    }
}

/// The place of one stream, until it ends.
struct Place {
    streams: Streams,
    client: ClientId,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut going = self.streams.0.lock().unwrap_or_else(PoisonError::into_inner);
        match going.get_mut(&self.client) {
            Some(count) if *count > 1 => *count -= 1,
            _ => drop(going.remove(&self.client)),
        }
    }
}

struct Streaming {
    api: ClientApi,
    caller: Caller,
    page: Option<Page>,
    at: Cursor,
    said: Instant,
    stops: BoxFuture<'static, ()>,
    _place: Place,
}

/// Begins a stream after a cursor. What is wrong with that is said as on a page.
pub(super) async fn begin(api: ClientApi, caller: Caller, after: Cursor) -> Result<Response, Refusal> {
    let place = api.streams.begin(caller.id())?;
    let page = feed::page(api.node.store(), &caller, after, ON_A_PAGE).await?;
    let stops = Box::pin(api.stopping.clone().time_is_up());
    let streaming = Streaming { api, caller, page: Some(page), at: after, said: Instant::now(), stops, _place: place };
    let first = stream::iter([Ok::<_, Infallible>(Bytes::from(format!("retry: {RETRY_MS}\n\n")))]);
    let rest = stream::unfold(streaming, |mut streaming| async move { Some((Ok(streaming.piece().await?), streaming)) });
    Ok(([(CONTENT_TYPE, EVENT_STREAM), (X_ACCEL_BUFFERING, "no")], Body::from_stream(first.chain(rest))).into_response())
}

impl Streaming {
    /// What is to be sent next; nothing after the end: where the node stops, and where the caller's token has run out or their client has ended.
    async fn piece(&mut self) -> Option<Bytes> {
        loop {
            let page = match self.page.take() {
                Some(page) => page,
                None => {
                    self.caller = self.caller.still(&self.api).await?;
                    feed::page(self.api.node.store(), &self.caller, self.at, ON_A_PAGE).await.ok()?
                }
            };
            let moved = page.next != self.at;
            self.at = page.next;
            if !page.items.is_empty() {
                self.said = Instant::now();
                return Some(events(&page));
            }
            if moved && page.more {
                continue;
            }
            if self.said.elapsed() >= SILENCE {
                self.said = Instant::now();
                // Without data it is no event, and says where to go on all the same.
                return Some(format!(":\nid: {}\n\n", self.at.write()).into());
            }
            tokio::select! {
                () = &mut self.stops => return None,
                () = tokio::time::sleep(LOOK) => {}
            }
        }
    }
}

fn events(page: &Page) -> Bytes {
    let mut text = String::new();
    for item in &page.items {
        // JSON of one line.
        let data = serde_json::to_string(item).unwrap_or_default();
        text.push_str(&format!("id: {}\nevent: {}\ndata: {data}\n\n", item.id, item.r#type));
    }
    text.into()
}
