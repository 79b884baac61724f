//! What a client of this partner is to erase of people whom it was told of, and what other partners are still to erase.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::HeaderMap;
use polder_consent::{DisclosureId, Epoch, FieldSet, Handle};
use polder_model::problem::ProblemType;
use polder_model::{PartnerId, Purpose, Timestamp};
use serde::Serialize;

use super::me::{limit_of, name_of};
use super::negotiate::{JSON, accepted, sends_json};
use super::offers::PageAsked;
use super::{ClientApi, erased};
use crate::body;
use crate::refusal::Refusal;

/// The highest number that an erasure may have.
pub(super) const MOST: u64 = 9_007_199_254_740_991;

#[derive(Serialize)]
struct ErasurePage {
    items: Vec<ListedErasure>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ListedErasure {
    number: u64,
    partner: PartnerId,
    partner_name: String,
    /// The key under which results named the person.
    key: Handle,
    purpose: Purpose,
    epoch: Epoch,
    fields: FieldSet,
    /// Only what came under these, where there are any.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    disclosures: Vec<DisclosureId>,
    at: Timestamp,
}

/// What the client is still to erase, the oldest first.
pub(crate) async fn list(api: ClientApi, client: &str, asked: PageAsked, headers: HeaderMap) -> Result<Response, Refusal> {
    accepted(&headers, &[JSON])?;
    let limit = limit_of(&asked)?;
    let after = asked.cursor.as_deref().map(read_cursor).transpose()?.unwrap_or(0);
    let mut found = api.node.erasures(client, after, limit.saturating_add(1)).await?;
    let more = found.len() > limit as usize;
    found.truncate(limit as usize);
    let next = found.last().filter(|_| more).map(|last| format!("e{}", last.number));
    let items = found.into_iter().map(|erasure| ListedErasure {
        number: erasure.number,
        partner_name: name_of(&api, &erasure.source),
        partner: erasure.source,
        key: erasure.handle,
        purpose: erasure.purpose,
        epoch: erasure.epoch,
        fields: erasure.fields,
        disclosures: erasure.named,
        at: erasure.at,
    });
    Ok(axum::Json(&ErasurePage { items: items.collect(), next }).into_response())
}

fn read_cursor(cursor: &str) -> Result<u64, Refusal> {
    let number = cursor.strip_prefix('e').and_then(|number| number.parse().ok());
    let number = number.filter(|number| *number <= MOST && format!("e{number}") == cursor);
    number.ok_or_else(|| Refusal::new(ProblemType::InvalidRequest, "cursor is what `next` of the page before says"))
}

#[derive(Serialize)]
struct Settled {
    /// How many withdrawals are done with here: no client is behind with them any more.
    settled: usize,
}

/// The client has erased all that was listed up to a number, but for what it keeps by law.
pub(crate) async fn acknowledge(api: ClientApi, client: &str, headers: HeaderMap, body: Body) -> Result<Response, Refusal> {
    sends_json(&headers)?;
    accepted(&headers, &[JSON])?;
    let body = body::read(body, erased::LARGEST).await?;
    let (up_to, keeps) = erased::read(&body, api.node.now())?;
    let settled = api.node.erased(client, up_to, keeps).await?.map_err(erased::refused)?;
    Ok(axum::Json(&Settled { settled }).into_response())
}

#[derive(Serialize)]
struct OutstandingPage {
    items: Vec<ListedOutstanding>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ListedOutstanding {
    partner: PartnerId,
    partner_name: String,
    since: Timestamp,
    is_known: bool,
}

/// Who has not said yet that it erased what workers of this node withdrew. Not whose it is: that is the workers' to see.
pub(crate) async fn outstanding(api: ClientApi, headers: HeaderMap) -> Result<Response, Refusal> {
    accepted(&headers, &[JSON])?;
    let owed = api.node.outstanding().await?;
    let items = owed.into_iter().map(|owed| ListedOutstanding {
        partner_name: name_of(&api, &owed.partner),
        partner: owed.partner,
        since: owed.since,
        is_known: owed.is_known,
    });
    Ok(axum::Json(&OutstandingPage { items: items.collect() }).into_response())
}
