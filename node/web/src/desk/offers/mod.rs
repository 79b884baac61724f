//! The partner's own offers: looked through, written, deleted, and what was done to them.

mod document;
mod draft;
pub(super) mod edit;
mod editions;
mod form;
pub(super) mod import;
mod member;

use std::collections::{BTreeSet, HashMap};

use axum::extract::{Path, Query, State};
use axum::response::Response;
use http::StatusCode;
use polder_exchange::people::Language;
use polder_model::{Finding, FindingCode, Kind, OfferKey, Timestamp};
use polder_store::people::Applied;
use polder_store::{Edit, Precondition, StoreError, StoredOffer};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use self::member::{Shape, Wrong};
use super::own;

use crate::pages::bounded::short;
use crate::pages::cursor::cut;
use crate::pages::{As, Desk, PageError, Pages, Sent, Staff, on_to};

/// Offers on a page.
const ON_A_PAGE: u32 = 20;
/// Offers that are looked at at once for a text; who wants more goes on from there.
const LOOKED_AT: usize = 2_000;
/// Longest text that is looked for, in characters.
const LONGEST: usize = 100;
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
    /// Those that changed before this change.
    before: Option<u64>,
    told: Option<Told>,
    /// What was just kept.
    key: Option<String>,
    /// What is looked for in titles and keys.
    text: Option<String>,
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
    kept: Option<Kept>,
    total: u64,
    items: Vec<Listed>,
    /// From where the next page goes on.
    next: Option<u64>,
    first: bool,
    /// What is looked for; empty: all are shown.
    text: String,
    /// Whether as many were looked at as are at once, and fewer found than a page has.
    looks_on: bool,
    today: String,
}

/// An offer that was just kept.
#[derive(Serialize)]
struct Kept {
    key: OfferKey,
    title: String,
    /// Who finds it: `everyone`, `some` as its terms say, or `nobody` any more.
    found: &'static str,
    /// What of it no table knows, so that nobody finds it by that.
    notes: Vec<Wrong>,
}

/// What is to be said of an offer that was just kept; `None` where it is not there.
async fn kept(pages: &Pages, language: Language, kind: Kind, key: &str) -> Result<Option<Kept>, PageError> {
    let Ok(key) = key.parse::<OfferKey>() else { return Ok(None) };
    let Some(offer) = pages.node().store().offer(kind, &key).await? else { return Ok(None) };
    let document = Value::Object(members(&offer)?);
    let today = pages.node().now().date().to_string();
    let found = match () {
        () if document["closingDate"].as_str().is_some_and(|closes| *closes < *today) => "nobody",
        () if document["terms"].is_object() => "some",
        () => "everyone",
    };
    let notes = pages.node().would_publish(kind, key.clone(), &offer.document).unwrap_or_default();
    let shape = Shape::of(kind, pages.words(language), language);
    let notes = notes.iter().map(|note| shape.wrong(note, &document)).collect();
    Ok(Some(Kept { key, title: title(&offer)?, found, notes }))
}

#[derive(Serialize)]
struct Listed {
    key: OfferKey,
    title: String,
    /// As what a search for people names it; empty where it is closed.
    about: String,
    at: Timestamp,
    /// Until which day it is open, where it says so.
    closes: Option<String>,
    /// Applications to it, and how many of them nobody is done with.
    applied: Applied,
}

/// Leads to the offers that this partner has most of: a school's trainings, anybody else's vacancies.
pub(super) async fn begin(State(pages): State<Pages>) -> Response {
    let kind = if super::home::is_school(&pages) { Kind::Training } else { Kind::Vacancy };
    on_to(&format!("/desk/offers/{kind}"))
}

/// The offers of a kind, the one that changed last first.
pub(super) async fn list(
    State(pages): State<Pages>,
    As { staff, .. }: As<Desk>,
    Path(name): Path<String>,
    Query(asked): Query<Listing>,
) -> Result<Response, PageError> {
    let kind = kind(&name)?;
    let store = pages.node().store();
    let before = asked.before.unwrap_or(u64::MAX);
    let text: String = asked.text.unwrap_or_default().trim().chars().take(LONGEST).collect();
    let (found, next) = if text.is_empty() {
        let mut found = store.offers_changed_before(kind, before, ON_A_PAGE + 1).await?;
        let next = cut(&mut found, ON_A_PAGE).map(|last| last.change);
        (found, next)
    } else {
        sought(&pages, kind, asked.before, &text).await?
    };
    let mut applied = if kind == Kind::Vacancy { pages.node().applications_counted().await? } else { Default::default() };
    let today = pages.node().now().date();
    let looks_on = next.is_some() && !text.is_empty() && found.len() < ON_A_PAGE as usize;
    let items = found.into_iter().map(|offer| {
        let members = members(&offer)?;
        let said = |name: &str| members.get(name).and_then(Value::as_str);
        let (title, closes) = (short(said("title").unwrap_or_default()), said("closingDate").map(str::to_owned));
        let applied = applied.remove(&offer.key).unwrap_or_default();
        let about = own::named_where_open(&offer, today).unwrap_or_default();
        Ok(Listed { key: offer.key, title, about, at: offer.modified_at, closes, applied })
    });
    let items = items.collect::<Result<_, PageError>>()?;
    let (total, today) = (store.count_offers(kind).await?, today.to_string());
    let kept = match (asked.told, &asked.key) {
        (Some(Told::Kept), Some(key)) => kept(&pages, staff.visit.language, kind, key).await?,
        _ => None,
    };
    let page = List { kind, told: asked.told, kept, total, items, next, first: asked.before.is_none(), text, looks_on, today };
    pages.show(&staff.visit, "desk/offers.html", "offers", page)
}

/// Offers with all of these words in their title, and those whose key begins so; the one with that very key before all others.
async fn sought(pages: &Pages, kind: Kind, before: Option<u64>, text: &str) -> Result<(Vec<StoredOffer>, Option<u64>), PageError> {
    let (store, wanted) = (pages.node().store(), text.to_lowercase());
    let words: Vec<&str> = wanted.split_whitespace().collect();
    let is_meant = |offer: &StoredOffer| {
        #[derive(Deserialize)]
        struct Titled {
            title: String,
        }
        let title = serde_json::from_slice::<Titled>(&offer.document).map(|one| one.title.to_lowercase()).unwrap_or_default();
        offer.key.as_str().to_lowercase().starts_with(&wanted) || words.iter().all(|word| title.contains(word))
    };
    let named = match text.parse::<OfferKey>() {
        Ok(key) => store.offer(kind, &key).await?,
        Err(_) => None,
    };
    let (mut found, next) = store.find_offers(kind, before.unwrap_or(u64::MAX), (ON_A_PAGE as usize, LOOKED_AT), is_meant).await?;
    if let Some(named) = named {
        found.retain(|one| one.key != named.key);
        if before.is_none() {
            found.insert(0, named);
        }
    }
    Ok((found, next))
}

/// The title of an offer, as a list shows it.
fn title(offer: &StoredOffer) -> Result<String, PageError> {
    Ok(short(members(offer)?.get("title").and_then(Value::as_str).unwrap_or_default()))
}

fn members(offer: &StoredOffer) -> Result<Map<String, Value>, PageError> {
    serde_json::from_slice(&offer.document).map_err(PageError::internal)
}

/// Notes what staff did, for the history. It is done by now, whether that can be noted or not.
async fn note(pages: &Pages, edits: Vec<Edit>) {
    if !edits.is_empty()
        && let Err(error) = pages.node().store().note_edits(edits).await
    {
        tracing::warn!(%error, "what staff did to offers could not be noted for their history");
    }
}

/// That staff did something to an offer, as it stood before.
fn edit_of(before: &StoredOffer, way: &str) -> Result<Edit, PageError> {
    let (kind, key, title) = (before.kind, before.key.clone(), title(before)?);
    Ok(Edit { kind, key, version: before.version + 1, way: way.to_owned(), title, members: Vec::new() })
}

/// Ranges of a document of which the least is more than the most, and that are not found yet: those are looked at last, where all else holds, and are said
/// with what does not.
fn reversed(document: &Value, found: &[Finding]) -> Vec<Finding> {
    let ranges = ["hours", "hoursPerWeek", "salary"].into_iter().filter(|range| {
        let bound = |name: &str| document[range][name].as_u64();
        bound("min").zip(bound("max")).is_some_and(|(min, max)| min > max)
    });
    let all = ranges.map(|range| Finding::new(format!("/{range}"), FindingCode::Contradiction, "min is more than max"));
    all.filter(|one| found.iter().all(|found| found.pointer != one.pointer)).collect()
}

/// An offer of a page; `None` where a new one is written.
async fn stored(pages: &Pages, kind: Kind, key: &str) -> Result<Option<StoredOffer>, PageError> {
    if key == NEW {
        return Ok(None);
    }
    let key: OfferKey = key.parse().map_err(|_| PageError::NotFound)?;
    Ok(Some(pages.node().store().offer(kind, &key).await?.ok_or(PageError::NotFound)?))
}

#[derive(Serialize)]
struct Deleting {
    kind: Kind,
    key: OfferKey,
    title: String,
    etag: String,
    /// Whether it was changed since that was asked before.
    changed: bool,
}

/// Asks whether an offer is to be deleted.
pub(super) async fn ask_delete(
    State(pages): State<Pages>,
    As { staff, .. }: As<Desk>,
    Path((name, key)): Path<(String, String)>,
) -> Result<Response, PageError> {
    question(&pages, &staff, kind(&name)?, &key, false).await
}

async fn question(pages: &Pages, staff: &Staff, kind: Kind, key: &str, changed: bool) -> Result<Response, PageError> {
    let offer = stored(pages, kind, key).await?.ok_or(PageError::NotFound)?;
    let title = title(&offer)?;
    let page = Deleting { kind, key: offer.key, title, etag: offer.etag.to_string(), changed };
    let status = if changed { StatusCode::CONFLICT } else { StatusCode::OK };
    pages.show_as(status, &staff.visit, "desk/delete.html", "offers", page)
}

/// Deletes an offer, if it is still the one that was asked about; it is asked again otherwise.
pub(super) async fn delete(
    State(pages): State<Pages>,
    Path((name, key)): Path<(String, String)>,
    Sent { staff, fields, .. }: Sent<Desk>,
) -> Result<Response, PageError> {
    let kind = kind(&name)?;
    let offer = stored(&pages, kind, &key).await?.ok_or(PageError::NotFound)?;
    if offer.etag.to_string() != fields.one("etag") {
        return question(&pages, &staff, kind, &key, true).await;
    }
    let edit = edit_of(&offer, "delete")?;
    match pages.node().delete(kind, &offer.key, Precondition::Matches(vec![offer.etag])).await {
        Ok(_) => {
            note(&pages, vec![edit]).await;
            Ok(on_to(&format!("/desk/offers/{kind}?told=deleted")))
        }
        Err(StoreError::PreconditionFailed) => question(&pages, &staff, kind, &key, true).await,
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
    /// What it was called then, or else now; empty where that is not known.
    title: String,
    /// How staff did it; a system otherwise.
    way: Option<String>,
    /// What became another, as people call it.
    parts: Vec<String>,
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
    let (mut titles, mut edits) = (HashMap::new(), HashMap::new());
    for kind in [Kind::Vacancy, Kind::Training] {
        let keys: BTreeSet<OfferKey> = found.iter().filter(|row| row.kind == kind).map(|row| row.key.clone()).collect();
        let keys: Vec<OfferKey> = keys.into_iter().collect();
        for offer in pages.node().store().offers(kind, &keys).await? {
            titles.insert((kind, offer.key.clone()), title(&offer)?);
        }
        edits.extend(
            pages.node().store().edits_of(kind, &keys).await?.into_iter().map(|edit| ((kind, edit.key.clone(), edit.version), edit)),
        );
    }
    let language = staff.visit.language;
    let shapes = [Kind::Vacancy, Kind::Training].map(|kind| (kind, Shape::of(kind, pages.words(language), language)));
    let items = found.into_iter().map(|row| {
        let edit = edits.remove(&(row.kind, row.key.clone(), row.version));
        let now = || titles.get(&(row.kind, row.key.clone())).cloned().unwrap_or_default();
        let title = edit.as_ref().map_or_else(now, |edit| short(&edit.title));
        let shape = shapes.iter().find(|(kind, _)| *kind == row.kind).map(|(_, shape)| shape);
        let members = edit.iter().flat_map(|edit| &edit.members);
        let parts = members.filter_map(|member| Some(shape?.label(&format!("/{member}")))).collect();
        Change {
            title,
            way: edit.map(|edit| edit.way),
            parts,
            kind: row.kind,
            key: row.key,
            version: row.version,
            deleted: row.deleted,
            at: row.at,
        }
    });
    let page = Changes { items: items.collect(), older, first: asked.before.is_none() };
    pages.show(&staff.visit, "desk/changes.html", "offers", page)
}
