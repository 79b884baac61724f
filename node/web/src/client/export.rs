//! All offers of a collection as lines, as of one moment.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures::future::BoxFuture;
use futures::stream::{self, Stream};
use http::header::CONTENT_TYPE;
use polder_exchange::Node;
use polder_model::problem::ProblemType;
use polder_model::{Kind, line};
use polder_store::{ActsFor, Exported};
use serde::Serialize;
use tokio::sync::{OwnedSemaphorePermit, mpsc};

use super::ClientApi;
use super::negotiate::NDJSON;
use crate::feed::cursor_at;
use crate::refusal::Refusal;

/// Exports on their way at the same time: each takes up a connection of the database.
pub(crate) const EXPORTS_AT_ONCE: usize = 2;
/// Offers that wait for a slow reader.
const WAITING: usize = 32;
/// Time for a whole export. The database keeps what is deleted meanwhile.
const WHOLE: Duration = Duration::from_secs(3_600);
/// Lines are sent in pieces of so many bytes.
const PIECE: usize = 64 * 1024;

pub(super) fn export(api: &ClientApi, acts_for: ActsFor, kind: Kind) -> Result<Response, Refusal> {
    let Ok(permit) = Arc::clone(&api.exports).try_acquire_owned() else {
        return Err(Refusal::new(ProblemType::Unavailable, "as many exports as this node makes at once are on their way; try again"));
    };
    let (sender, offers) = mpsc::channel(WAITING);
    let node = Arc::clone(&api.node);
    tokio::spawn(async move {
        // The connection is given back before another export may begin.
        let _permit: OwnedSemaphorePermit = permit;
        match tokio::time::timeout(WHOLE, node.store().send_offers(kind, sender)).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::error!(%kind, %error, "an export failed"),
            Err(_) => tracing::warn!(%kind, "an export was not read to its end within an hour"),
        }
    });
    let stops = Box::pin(api.stopping.clone().time_is_up());
    let lines = lines(Exporting { node: Arc::clone(&api.node), acts_for, kind, offers, stops, count: 0, ended: false });
    Ok(([(CONTENT_TYPE, NDJSON)], Body::from_stream(lines)).into_response())
}

/// The last line.
#[derive(Serialize)]
struct End {
    r#type: &'static str,
    offers: u64,
    /// The cursor of the change feed at the moment of the export.
    next: String,
}

/// The last line where the node stopped before the end.
#[derive(Serialize)]
struct Incomplete {
    r#type: &'static str,
    offers: u64,
}

struct Exporting {
    node: Arc<Node>,
    acts_for: ActsFor,
    kind: Kind,
    offers: mpsc::Receiver<Exported>,
    stops: BoxFuture<'static, ()>,
    count: u64,
    ended: bool,
}

fn lines(exporting: Exporting) -> impl Stream<Item = std::io::Result<Bytes>> {
    stream::try_unfold(exporting, |mut exporting| async move {
        let piece = exporting.piece().await?;
        Ok((!piece.is_empty()).then(|| (Bytes::from(piece), exporting)))
    })
}

impl Exporting {
    /// The next lines; none after the end.
    async fn piece(&mut self) -> std::io::Result<Vec<u8>> {
        let mut piece = Vec::new();
        while piece.len() < PIECE && !self.ended {
            let came = tokio::select! {
                biased;
                () = &mut self.stops => {
                    self.ended = true;
                    last(&mut piece, &Incomplete { r#type: "incomplete", offers: self.count })?;
                    break;
                }
                came = self.offers.recv() => came,
            };
            match came {
                Some(Exported::Offer(offer)) if !self.acts_for.includes(&offer.organisation) => {}
                Some(Exported::Offer(offer)) => {
                    piece.extend(line::write(self.kind, &offer.key, offer.version, offer.modified_at, &offer.document)?);
                    self.count += 1;
                }
                Some(Exported::End(latest)) => {
                    self.ended = true;
                    let next = cursor_at(self.node.store(), latest).await.map_err(|_| cut())?.write();
                    last(&mut piece, &End { r#type: "end", offers: self.count, next })?;
                }
                // The connection is cut, so that nobody takes this for the whole.
                None => return Err(cut()),
            }
        }
        Ok(piece)
    }
}

fn last(piece: &mut Vec<u8>, line: &impl Serialize) -> std::io::Result<()> {
    serde_json::to_writer(&mut *piece, line)?;
    piece.push(b'\n');
    Ok(())
}

fn cut() -> std::io::Error {
    std::io::Error::other("the export is not complete")
}
