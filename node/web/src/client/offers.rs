//! Offers of this partner: put, get, delete, list.

use std::sync::Arc;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::header::{CONTENT_TYPE, ETAG, LINK, LOCATION, VARY};
use http::{HeaderMap, HeaderValue, StatusCode};
use polder_exchange::traces::{Origin, Part};
use polder_exchange::{Publication, Published};
use polder_formats::job_posting;
use polder_model::offer::LARGEST_OFFER;
use polder_model::problem::ProblemType;
use polder_model::receipt::{ListedOffer, OfferPage, Outcome, Receipt};
use polder_model::{Kind, OfferKey};
use polder_store::StoredOffer;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::auth::Space;
use super::negotiate::{JSON, JSON_LD, NDJSON, accepted, sends_json};
use super::{ClientApi, conditions, export};
use crate::refusal::Refusal;
use crate::{body, traces};

/// Most offers on one page.
pub(crate) const MOST_ON_A_PAGE: u32 = 100;
/// Offers on a page where nothing else is asked.
pub(crate) const ON_A_PAGE: u32 = 20;
/// Most document bytes on one page; a page ends early where they would be more.
const LARGEST_PAGE: usize = 2 * 1024 * 1024;

fn key(text: &str) -> Result<OfferKey, Refusal> {
    text.parse().map_err(|error: polder_model::name::NameError| Refusal::new(ProblemType::InvalidRequest, error.to_string()))
}

pub(crate) async fn put(
    api: ClientApi,
    space: Space,
    kind: Kind,
    name: String,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refusal> {
    let span = api.node.traces().begin(Part::Publish, || Origin::Offers, traces::parent(&headers));
    span.say("polder.kind", kind);
    let reply = span.cover(publish(&api, space, kind, &name, &headers, body)).await;
    traces::end(span, reply.map(|(response, outcome)| (response, outcome.into())))
}

/// What would become of a put.
pub(crate) async fn try_put(
    api: ClientApi,
    space: Space,
    kind: Kind,
    name: String,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refusal> {
    let publication = publication(kind, &name, &headers, body).await?;
    let key = publication.key.clone();
    // In a sandbox too it is tried among all: there it is to go one day.
    let receipt = receipt(key, &api.node.try_publish_for(space.acts_for, publication).await?);
    Ok(axum::Json(&Tried { dry_run: true, of: receipt }).into_response())
}

/// What something would have come to.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Tried<T> {
    pub dry_run: bool,
    #[serde(flatten)]
    pub of: T,
}

async fn publication(kind: Kind, name: &str, headers: &HeaderMap, body: Body) -> Result<Publication, Refusal> {
    sends_json(headers)?;
    accepted(headers, &[JSON])?;
    let (key, precondition) = (key(name)?, conditions::of_change(headers)?);
    let document = body::read(body, LARGEST_OFFER).await?;
    Ok(Publication { kind, key, document: Arc::from(&*document), precondition })
}

fn receipt(key: OfferKey, published: &Published) -> Receipt {
    let Published { stored, notes } = published;
    let (outcome, version, change, modified_at) = (stored.outcome, stored.version, stored.change, stored.modified_at);
    Receipt { key, outcome, version, change, modified_at, notes: notes.clone() }
}

async fn publish(
    api: &ClientApi,
    space: Space,
    kind: Kind,
    name: &str,
    headers: &HeaderMap,
    body: Body,
) -> Result<(Response, Outcome), Refusal> {
    let publication = publication(kind, name, headers, body).await?;
    let key = publication.key.clone();
    let published = match &space.sandbox {
        Some(client) => api.node.publish_in_sandbox(client, space.acts_for, publication).await?,
        None => api.node.publish_for(space.acts_for, publication).await?,
    };
    let receipt = receipt(key, &published);
    let status = if receipt.outcome == Outcome::Created { StatusCode::CREATED } else { StatusCode::OK };
    let mut response = (status, axum::Json(&receipt)).into_response();
    set(&mut response, ETAG, &published.stored.etag.to_string());
    if status == StatusCode::CREATED {
        set(&mut response, LOCATION, &format!("/v1/{}/{}", kind.collection(), receipt.key));
    }
    Ok((response, receipt.outcome))
}

pub(crate) async fn get(api: ClientApi, space: Space, kind: Kind, name: String, headers: HeaderMap) -> Result<Response, Refusal> {
    // A vacancy can be had as others know it too.
    let offered: &[&str] = if kind == Kind::Vacancy { &[JSON, JSON_LD] } else { &[JSON] };
    let media = accepted(&headers, offered)?;
    let (store, key) = (api.node.store(), key(&name)?);
    let stored = match &space.sandbox {
        Some(client) => store.in_sandbox(client, kind, &key, api.node.now()).await?,
        None => store.offer(kind, &key).await?,
    };
    let Some(stored) = stored.filter(|stored| space.acts_for.includes(&stored.organisation)) else {
        return Err(Refusal::new(ProblemType::NotFound, format!("there is no {kind} with this key")));
    };
    if media == JSON_LD {
        return posting(&api, &stored);
    }
    let mut response = if conditions::has(&headers, &stored.etag)? {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(CONTENT_TYPE, JSON)], stored.document).into_response()
    };
    set(&mut response, ETAG, &stored.etag.to_string());
    Ok(response)
}

/// A vacancy as JobPosting of schema.org, for everyone: what its terms hide is not in it.
fn posting(api: &ClientApi, stored: &StoredOffer) -> Result<Response, Refusal> {
    let today = api.node.now().date();
    let written = job_posting::write(&stored.key, &stored.document, stored.modified_at.date(), today);
    let written = written.map_err(|not| {
        Refusal::new(
            ProblemType::NotAcceptable,
            format!("this vacancy cannot be had as JobPosting, which is for everyone: {not}; ask for {JSON}"),
        )
    })?;
    let mut response = ([(CONTENT_TYPE, JSON_LD), (VARY, "accept")], written.value.to_string()).into_response();
    // Weak: other bytes of the same version.
    set(&mut response, ETAG, &format!("W/{}", stored.etag));
    Ok(response)
}

pub(crate) async fn delete(api: ClientApi, space: Space, kind: Kind, name: String, headers: HeaderMap) -> Result<Response, Refusal> {
    let (key, precondition) = (key(&name)?, conditions::of_change(&headers)?);
    match &space.sandbox {
        Some(client) => {
            let now = api.node.now();
            api.node.store().delete_in_sandbox(client, (kind, &key), precondition, space.acts_for, now).await?;
        }
        None => drop(api.node.delete_for(space.acts_for, kind, &key, precondition).await?),
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Which page of a list.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PageAsked {
    pub limit: Option<u32>,
    pub cursor: Option<String>,
}

pub(crate) async fn list(api: ClientApi, space: Space, kind: Kind, asked: PageAsked, headers: HeaderMap) -> Result<Response, Refusal> {
    if accepted(&headers, &[JSON, NDJSON])? == NDJSON {
        if asked.limit.is_some() || asked.cursor.is_some() {
            return Err(Refusal::new(
                ProblemType::InvalidRequest,
                "an export as application/x-ndjson is whole: leave out limit and cursor",
            ));
        }
        if space.sandbox.is_some() {
            return Err(Refusal::new(ProblemType::NotAcceptable, "a sandbox has no export: it is offered as application/json"));
        }
        return export::export(&api, space.acts_for, kind);
    }
    let limit = limit_of(asked.limit)?;
    let after = asked.cursor.as_deref().map(read_cursor).transpose()?;
    let store = api.node.store();
    let mut found = match &space.sandbox {
        Some(client) => store.list_sandbox(client, kind, after.as_ref(), limit + 1, api.node.now()).await?,
        None => store.list_offers_of(kind, &space.acts_for, after.as_ref(), limit + 1).await?,
    };
    let mut bytes = 0;
    let fits = |offer: &StoredOffer| {
        bytes += offer.document.len();
        bytes <= LARGEST_PAGE
    };
    let kept = found.iter().map(fits).take_while(|fits| *fits).count().clamp(1, limit as usize);
    let more = found.len() > kept;
    found.truncate(kept);
    let next = found.last().filter(|_| more).map(|last| cursor_of(last.key.as_str()));
    let items = found.into_iter().map(item).collect::<Result<Vec<_>, _>>()?;
    let link = next.as_ref().map(|next| page_link(&format!("/v1/{}", kind.collection()), limit, next));
    Ok((link, axum::Json(&OfferPage { items, next })).into_response())
}

/// How many there are to be on a page.
pub(super) fn limit_of(asked: Option<u32>) -> Result<u32, Refusal> {
    let limit = asked.unwrap_or(ON_A_PAGE);
    if (1..=MOST_ON_A_PAGE).contains(&limit) { Ok(limit) } else { Err(Refusal::new(ProblemType::InvalidRequest, "limit is 1 to 100")) }
}

/// The header that leads to the next page (RFC 8288).
pub(super) fn page_link(path: &str, limit: u32, next: &str) -> [(http::HeaderName, String); 1] {
    [(LINK, format!("<{path}?limit={limit}&cursor={next}>; rel=\"next\""))]
}

/// The cursor of what comes after a key.
pub(super) fn cursor_of(key: &str) -> String {
    URL_SAFE_NO_PAD.encode(key)
}

fn item(stored: StoredOffer) -> Result<ListedOffer, Refusal> {
    let text = String::from_utf8(stored.document).map_err(|error| Refusal::internal(&error))?;
    let document = RawValue::from_string(text).map_err(|error| Refusal::internal(&error))?;
    Ok(ListedOffer { key: stored.key, version: stored.version, modified_at: stored.modified_at, document })
}

pub(super) fn read_cursor(cursor: &str) -> Result<OfferKey, Refusal> {
    let text = URL_SAFE_NO_PAD.decode(cursor).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let key = text.and_then(|text| text.parse().ok());
    key.ok_or_else(|| Refusal::new(ProblemType::InvalidRequest, "cursor is what `next` of the page before says"))
}

fn set(response: &mut Response, name: http::HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}
