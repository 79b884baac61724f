//! The partner's own offers: looked through, written, deleted, and what was done to them.

mod draft;
pub(super) mod import;

use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use polder_exchange::PublishRefused;
use polder_model::{Finding, Kind, OfferKey, Timestamp};
use polder_store::people::Role;
use polder_store::{Precondition, StoreError, StoredOffer};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::pages::find::{self, Coded};
use crate::pages::{PageError, Pages, Staff, on_to};
use draft::Draft;

/// Offers on a page.
const ON_A_PAGE: u32 = 50;
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
    staff: Staff,
    Path(name): Path<String>,
    Query(asked): Query<Listing>,
) -> Result<Response, PageError> {
    staff.require(Role::Desk)?;
    let kind = kind(&name)?;
    let store = pages.node().store();
    let after = asked.after.and_then(|after| after.parse().ok());
    let mut found = store.list_offers(kind, after.as_ref(), ON_A_PAGE + 1).await?;
    let more = found.len() > ON_A_PAGE as usize;
    found.truncate(ON_A_PAGE as usize);
    let next = found.last().filter(|_| more).map(|last| last.key.clone());
    let items = found.into_iter().map(|offer| {
        let title = members(&offer)?.get("title").and_then(Value::as_str).unwrap_or_default().to_owned();
        Ok(Listed { key: offer.key, title, version: offer.version, at: offer.modified_at })
    });
    let items = items.collect::<Result<_, PageError>>()?;
    let page = List { kind, told: asked.told, total: store.count_offers(kind).await?, items, next, first: after.is_none() };
    pages.show(&staff.visit, "desk/offers.html", "offers", page)
}

fn members(offer: &StoredOffer) -> Result<Map<String, Value>, PageError> {
    serde_json::from_slice(&offer.document).map_err(PageError::internal)
}

#[derive(Serialize)]
struct Page {
    draft: Draft,
    /// The key; empty where one is to be made.
    key: String,
    /// Whether it is there already.
    exists: bool,
    /// The tag of what the draft began from.
    etag: String,
    skills: Option<Vec<Coded>>,
    occupations: Option<Vec<Coded>>,
    findings: Vec<Wrong>,
}

/// What is wrong, and with which part of the form.
#[derive(Serialize)]
pub(super) struct Wrong {
    part: &'static str,
    /// The member, where the form has no part for it.
    pointer: String,
    code: Value,
}

impl Wrong {
    pub(super) fn of(kind: Kind, finding: &Finding) -> Self {
        let member = finding.pointer.split('/').nth(1).unwrap_or_default();
        Self { part: draft::part(kind, member), pointer: finding.pointer.clone(), code: serde_json::json!(finding.code) }
    }
}

/// An offer of a page; `None` where a new one is written.
async fn stored(pages: &Pages, kind: Kind, key: &str) -> Result<Option<StoredOffer>, PageError> {
    if key == NEW {
        return Ok(None);
    }
    let key: OfferKey = key.parse().map_err(|_| PageError::NotFound)?;
    Ok(Some(pages.node().store().offer(kind, &key).await?.ok_or(PageError::NotFound)?))
}

/// The form: of an offer as it is, or empty.
pub(super) async fn edit(
    State(pages): State<Pages>,
    staff: Staff,
    Path((name, key)): Path<(String, String)>,
) -> Result<Response, PageError> {
    staff.require(Role::Desk)?;
    let kind = kind(&name)?;
    let before = stored(&pages, kind, &key).await?;
    let document = before.as_ref().map(members).transpose()?.unwrap_or_default();
    let mut draft = Draft::of(kind, &pages.labelled(Value::Object(document)), staff.visit.language);
    if before.is_none() {
        draft.whom.clone_from(&pages.node().home().name);
    }
    let etag = before.as_ref().map(|offer| offer.etag.to_string()).unwrap_or_default();
    let exists = before.is_some();
    let key = if exists { key } else { String::new() };
    let page = Page { draft, key, exists, etag, skills: None, occupations: None, findings: Vec::new() };
    pages.show(&staff.visit, "desk/offer.html", "offers", page)
}

/// What the form sends: something to look for by name, or all of it to be kept.
pub(super) async fn keep(
    State(pages): State<Pages>,
    staff: Staff,
    Path((name, key)): Path<(String, String)>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, PageError> {
    staff.require(Role::Desk)?;
    let fields = pages.form(&staff.known, &headers, body).await?;
    let kind = kind(&name)?;
    let before = stored(&pages, kind, &key).await?;
    let (reference, language) = (pages.node().reference(), staff.visit.language);
    let draft = Draft::read(kind, &fields, &reference, language);
    let exists = before.is_some();
    let key = if exists { key } else { fields.one("key").to_owned() };
    let mut page = Page { draft, key, exists, etag: fields.one("etag").to_owned(), skills: None, occupations: None, findings: Vec::new() };
    match fields.one("do") {
        "skill" => page.skills = Some(find::skills(&reference, language, &page.draft.find_skill)),
        "occupation" => page.occupations = Some(find::occupations(&reference, language, &page.draft.find_occupation)),
        _ => match save(&pages, &page, before).await? {
            Ok(()) => return Ok(on_to(&format!("/desk/offers/{kind}?told=kept"))),
            Err(findings) => page.findings = findings.iter().map(|finding| Wrong::of(kind, finding)).collect(),
        },
    }
    find::leave_out(&mut page.skills, &page.draft.skills);
    find::leave_out(&mut page.occupations, &page.draft.occupations);
    let status = if page.findings.is_empty() { StatusCode::OK } else { StatusCode::BAD_REQUEST };
    pages.show_as(status, &staff.visit, "desk/offer.html", "offers", page)
}

const CHANGED: PageError = PageError::Said(StatusCode::CONFLICT, "problem-offer-changed");

/// Keeps an offer, if nobody changed it meanwhile; a new one, if there is none of its key.
async fn save(pages: &Pages, page: &Page, before: Option<StoredOffer>) -> Result<Result<(), Vec<Finding>>, PageError> {
    let (key, precondition, document) = match before {
        Some(offer) if offer.etag.to_string() != page.etag => return Err(CHANGED),
        Some(offer) => {
            let document = members(&offer)?;
            (offer.key, Precondition::Matches(vec![offer.etag]), document)
        }
        None => {
            let named = if page.key.is_empty() { uuid::Uuid::new_v4().to_string() } else { page.key.clone() };
            let key = named.parse().ok();
            let key: OfferKey = key.ok_or(PageError::Said(StatusCode::BAD_REQUEST, "problem-offer-key"))?;
            (key, Precondition::Absent, Map::new())
        }
    };
    let document = match page.draft.document(document, &pages.node().reference()) {
        Ok(document) => Value::Object(document).to_string(),
        Err(findings) => return Ok(Err(findings)),
    };
    match pages.node().publish(page.draft.kind, key, document.as_bytes(), precondition).await {
        Ok(_) => Ok(Ok(())),
        Err(PublishRefused::Invalid(findings)) => Ok(Err(findings)),
        Err(PublishRefused::Store(StoreError::PreconditionFailed)) => Err(CHANGED),
        Err(PublishRefused::Store(error)) => Err(error.into()),
    }
}

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
    staff: Staff,
    Path((name, key)): Path<(String, String)>,
) -> Result<Response, PageError> {
    staff.require(Role::Desk)?;
    let kind = kind(&name)?;
    let offer = stored(&pages, kind, &key).await?.ok_or(PageError::NotFound)?;
    let title = members(&offer)?.get("title").and_then(Value::as_str).unwrap_or_default().to_owned();
    let page = Deleting { kind, key: offer.key, title, etag: offer.etag.to_string() };
    pages.show(&staff.visit, "desk/delete.html", "offers", page)
}

/// Deletes an offer, if it is still the one that was asked about.
pub(super) async fn delete(
    State(pages): State<Pages>,
    staff: Staff,
    Path((name, key)): Path<(String, String)>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, PageError> {
    staff.require(Role::Desk)?;
    let fields = pages.form(&staff.known, &headers, body).await?;
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
pub(super) async fn changes(State(pages): State<Pages>, staff: Staff, Query(asked): Query<Before>) -> Result<Response, PageError> {
    staff.require(Role::Desk)?;
    let found = pages.node().store().changes_before(asked.before.unwrap_or(u64::MAX), ON_A_PAGE).await?;
    let older = found.last().filter(|_| found.len() == ON_A_PAGE as usize).map(|last| last.change);
    let items =
        found.into_iter().map(|row| Change { kind: row.kind, key: row.key, version: row.version, deleted: row.deleted, at: row.at });
    let page = Changes { items: items.collect(), older, first: asked.before.is_none() };
    pages.show(&staff.visit, "desk/changes.html", "offers", page)
}
