//! The feed of changes: what happened to this node's own offers, and what else the caller may hear of; in pages, or as a stream.

use axum::response::{IntoResponse, Response};
use http::HeaderMap;
use polder_model::problem::ProblemType;
use serde::{Deserialize, Serialize};

use super::ClientApi;
use super::auth::Caller;
use super::negotiate::{EVENT_STREAM, JSON, accepted, only};
use super::offers::page_link;
use super::stream::{self, LAST_EVENT_ID};
use crate::feed::{self, Cursor, Item};
use crate::refusal::Refusal;

/// Most changes on a page.
pub(crate) const MOST_ON_A_PAGE: u32 = 1_000;
/// Changes on a page where nothing else is asked.
pub(crate) const ON_A_PAGE: u32 = 100;

/// From where, and how many.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangesAsked {
    cursor: Option<String>,
    limit: Option<u32>,
}

/// A page of the feed.
#[derive(Serialize)]
struct ChangePage {
    items: Vec<Item>,
    /// Whether there are later changes now.
    more: bool,
    next: String,
}

pub(crate) async fn list(api: ClientApi, caller: Caller, asked: ChangesAsked, headers: HeaderMap) -> Result<Response, Refusal> {
    let streamed = accepted(&headers, &[JSON, EVENT_STREAM])? == EVENT_STREAM;
    let limit = asked.limit.unwrap_or(ON_A_PAGE);
    if !(1..=MOST_ON_A_PAGE).contains(&limit) {
        return Err(Refusal::new(ProblemType::InvalidRequest, format!("limit is 1 to {MOST_ON_A_PAGE}")));
    }
    // Whoever reads a stream on says where it was cut.
    let resumed = if streamed { only(&headers, &LAST_EVENT_ID)?.filter(|id| !id.is_empty()) } else { None };
    let after = resumed.or(asked.cursor.as_deref()).map(Cursor::read).transpose()?.unwrap_or(Cursor::START);
    if streamed {
        return stream::begin(api, caller, after).await;
    }
    let page = feed::page(api.node.store(), &caller, after, limit).await?;
    let next = page.next.write();
    let link = page.more.then(|| page_link("/v1/changes", limit, &next));
    Ok((link, axum::Json(&ChangePage { items: page.items, more: page.more, next })).into_response())
}
