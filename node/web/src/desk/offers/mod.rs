//! The partner's own offers: looked through, written, deleted, and what was done to them.

mod document;
mod draft;
pub(super) mod edit;
mod editions;
mod form;
pub(super) mod import;
mod member;

use axum::extract::{Path, Query, State};
use axum::response::Response;
use http::StatusCode;
use polder_model::{Kind, OfferKey, Timestamp};
use polder_store::{Precondition, StoreError, StoredOffer};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::pages::bounded::short;
use crate::pages::{As, Desk, PageError, Pages, Sent, on_to};

/// Offers on a page.
const ON_A_PAGE: u32 = 25;
/// Changes on a page.
const CHANGES: u32 = 50;
/// What stands for the key of an offer that is not there yet: no key has it.
const NEW: &str = "+";

/// A kind of offer that staff writes: not people's.
pub(super) fn kind(name: &str) -> Result<Kind, PageError> {
    name.parse().ok().filter(|kind: &Kind| !kind.is_personal()).ok_or(PageError::NotFound)
}

#[derive(Deserialize)]
pub(super) struct Listing {
    after: Option<String>,
    told: Option<Told>,
}

/// What was just done.
#[derive(Clone, Copy, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Told {
    Kept,
    Deleted,
}

#[derive(Serialize)]
struct List {
    kind: Kind,
    told: Option<Told>,
    total: u64,
    items: Vec<Listed>,
    /// From where the next page goes on.
    next: Option<OfferKey>,
    first: bool,
}

#[derive(Serialize)]
struct Listed {
    key: OfferKey,
    title: String,
    version: u64,
    at: Timestamp,
}

/// The offers of a kind, in the order of their keys.
pub(super) async fn list(
    State(pages): State<Pages>,
    As { staff, .. }: As<Desk>,
    Path(name): Path<String>,
    Query(asked): Query<Listing>,
) -> Result<Response, PageError> {
    let kind = kind(&name)?;
    let store = pages.node().store();
    let after = asked.after.and_then(|after| after.parse().ok());
    let mut found = store.list_offers(kind, after.as_ref(), ON_A_PAGE + 1).await?;
    let more = found.len() > ON_A_PAGE as usize;
    found.truncate(ON_A_PAGE as usize);
    let next = found.last().filter(|_| more).map(|last| last.key.clone());
    let items = found.into_iter().map(|offer| {
        let title = title(&offer)?;
        Ok(Listed { key: offer.key, title, version: offer.version, at: offer.modified_at })
    });
    let items = items.collect::<Result<_, PageError>>()?;
    let page = List { kind, told: asked.told, total: store.count_offers(kind).await?, items, next, first: after.is_none() };
    pages.show(&staff.visit, "desk/offers.html", "offers", page)
}

/// The title of an offer, as a list shows it.
fn title(offer: &StoredOffer) -> Result<String, PageError> {
    Ok(short(members(offer)?.get("title").and_then(Value::as_str).unwrap_or_default()))
}

fn members(offer: &StoredOffer) -> Result<Map<String, Value>, PageError> {
    serde_json::from_slice(&offer.document).map_err(PageError::internal)
}

/// An offer of a page; `None` where a new one is written.
async fn stored(pages: &Pages, kind: Kind, key: &str) -> Result<Option<StoredOffer>, PageError> {
    if key == NEW {
        return Ok(None);
    }
    let key: OfferKey = key.parse().map_err(|_| PageError::NotFound)?;
    Ok(Some(pages.node().store().offer(kind, &key).await?.ok_or(PageError::NotFound)?))
}

const CHANGED: PageError = PageError::Said(StatusCode::CONFLICT, "problem-offer-changed");

#[derive(Serialize)]
struct Deleting {
    kind: Kind,
    key: OfferKey,
    title: String,
    etag: String,
}

/// Asks whether an offer is to be deleted.
pub(super) async fn ask_delete(
    State(pages): State<Pages>,
    As { staff, .. }: As<Desk>,
    Path((name, key)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let kind = kind(&name)?;
    let offer = stored(&pages, kind, &key).await?.ok_or(PageError::NotFound)?;
    let title = title(&offer)?;
    let page = Deleting { kind, key: offer.key, title, etag: offer.etag.to_string() };
    pages.show(&staff.visit, "desk/delete.html", "offers", page)
}

/// Deletes an offer, if it is still the one that was asked about.
pub(super) async fn delete(
    State(pages): State<Pages>,
    Path((name, key)): Path<(String, String)>,
    Sent { fields, .. }: Sent<Desk>,
) -> Result<Response, PageError> {
    let kind = kind(&name)?;
    let offer = stored(&pages, kind, &key).await?.ok_or(PageError::NotFound)?;
    if offer.etag.to_string() != fields.one("etag") {
        return Err(CHANGED);
    }
    match pages.node().delete(kind, &offer.key, Precondition::Matches(vec![offer.etag])).await {
        Ok(_) => Ok(on_to(&format!("/desk/offers/{kind}?told=deleted"))),
        Err(StoreError::PreconditionFailed) => Err(CHANGED),
        Err(error) => Err(error.into()),
    }
}

#[derive(Deserialize)]
pub(super) struct Before {
    before: Option<u64>,
}

#[derive(Serialize)]
struct Changes {
    items: Vec<Change>,
    /// From where the older ones go on.
    older: Option<u64>,
    first: bool,
}

#[derive(Serialize)]
struct Change {
    kind: Kind,
    key: OfferKey,
    version: u64,
    deleted: bool,
    at: Timestamp,
}

/// What was done to the offers, newest first.
pub(super) async fn changes(
    State(pages): State<Pages>,
    As { staff, .. }: As<Desk>,
    Query(asked): Query<Before>,
) -> Result<Response, PageError> {
    let found = pages.node().store().changes_before(asked.before.unwrap_or(u64::MAX), CHANGES).await?;
    let older = found.last().filter(|_| found.len() == CHANGES as usize).map(|last| last.change);
    let items =
        found.into_iter().map(|row| Change { kind: row.kind, key: row.key, version: row.version, deleted: row.deleted, at: row.at });
    let page = Changes { items: items.collect(), older, first: asked.before.is_none() };
    pages.show(&staff.visit, "desk/changes.html", "offers", page)
}
