//! What somebody asks a worker: what is to be known of it, and the offer that it is about, where anybody can read that.

use axum::extract::{Path, State};
use axum::response::Response;
use polder_consent::State as Standing;
use polder_consent::purpose::REQUEST_DAYS;
use polder_consent::request::AskedFor;
use polder_exchange::people::{DecideRefused, For, Language, RequestSight};
use polder_exchange::traces::{Origin, Part};
use polder_model::request::QueryRequest;
use polder_model::{Kind, PartnerId, Timestamp};
use serde::Serialize;
use serde_json::{Value, json};

use crate::pages::bounded::within;
use crate::pages::facts::{Fact, Teller};
use crate::pages::{PageError, Pages, Worker};

const DAY: i64 = 86_400;
/// Words of a title by which an offer is looked for, and how many are looked through.
const WORDS: usize = 10;
const LOOKED_THROUGH: u16 = 50;
/// Bytes of a page for what an offer says of itself, for its text, and for the ways to apply.
const ROOM: usize = 10 * 1024;

/// What somebody asked, and what is to be known of it.
#[derive(Serialize)]
pub(super) struct Asking {
    #[serde(flatten)]
    pub sight: RequestSight,
    /// What whoever is to see it is in the region, such as an employer; empty where it has left.
    kind: String,
    /// Where they let it be seen before they moved here: nobody asked for it.
    brought: Option<String>,
    /// Whether they put it off.
    later: bool,
    /// Until when they can answer it.
    closes: Timestamp,
}

impl Asking {
    pub(super) fn new(pages: &Pages, language: Language, sight: RequestSight) -> Self {
        let register = pages.node().register();
        let name = |from: &PartnerId| register.member(from).map_or_else(|| from.to_string(), |member| member.name.clone());
        let kind = register.member(&sight.recipient).map(|member| pages.words(language).roles(&member.roles));
        Self {
            kind: kind.unwrap_or_default(),
            brought: sight.brought_from.as_ref().map(name),
            later: sight.state == Some(Standing::Deferred),
            closes: sight.at.plus_seconds(REQUEST_DAYS * DAY),
            sight,
        }
    }
}

/// A request that is open, of this worker.
pub(super) async fn open_request(pages: &Pages, worker: &Worker, name: &str) -> Result<RequestSight, PageError> {
    let (id, request) = (worker.id().ok_or(PageError::NotFound)?, name.parse().map_err(|_| PageError::NotFound)?);
    let found = pages.node().store().request_of(id, request).await?.ok_or(PageError::NotFound)?;
    let found = pages.node().request_sight(found);
    if matches!(found.state, Some(Standing::Requested | Standing::Deferred)) { Ok(found) } else { Err(DecideRefused::NotOpen.into()) }
}

/// An offer as whoever asks publishes it.
#[derive(Serialize)]
struct Offer {
    title: String,
    by: String,
    text: String,
    facts: Vec<Fact>,
    ways: Vec<Fact>,
}

#[derive(Serialize)]
struct Page {
    request: String,
    about: AskedFor,
    asker: String,
    /// `None` where it is not found: it is closed, or nobody answered.
    offer: Option<Offer>,
}

/// The offer that a request is about, as it is published now: looked for by the words of its title, as any search does. Nobody learns for whom.
pub(super) async fn offer(State(pages): State<Pages>, worker: Worker, Path(name): Path<String>) -> Result<Response, PageError> {
    let sight = open_request(&pages, &worker, &name).await?;
    let about = sight.about.clone().ok_or(PageError::NotFound)?;
    let offer = found(&pages, &worker, &sight.asker, &about).await?;
    let asker = if sight.asker_name.is_empty() { sight.asker.to_string() } else { sight.asker_name };
    let page = Page { request: sight.id.to_string(), about, asker, offer };
    pages.show(&worker.visit, "portal/asked-offer.html", "home", page)
}

async fn found(pages: &Pages, worker: &Worker, asker: &PartnerId, about: &AskedFor) -> Result<Option<Offer>, PageError> {
    let words: Vec<&str> = about.title.split_whitespace().take(WORDS).collect();
    let request = json!({"kind": about.kind, "text": words.join(" "), "limit": LOOKED_THROUGH});
    let request: QueryRequest = serde_json::from_value(request).map_err(PageError::internal)?;
    let id = worker.named(pages).await?.ok_or(PageError::NotFound)?;
    pages.may_ask(&worker.known)?;
    let span = pages.node().traces().begin(Part::Query, || Origin::Question, None);
    // Words that say nothing make no question: then it is not found.
    let Ok(question) = pages.questions().begin(&request, For::Worker(id)).await else { return Ok(None) };
    let result = pages.questions().whole(question, span).await?;
    let hit = result.hits.into_iter().find(|hit| hit.partner == *asker && hit.key == about.key);
    let Some(document) = hit.and_then(|hit| serde_json::from_str::<Value>(hit.document.get()).ok()) else { return Ok(None) };
    let reference = pages.node().reference();
    let teller = Teller { words: pages.words(worker.visit.language), reference: &reference, language: worker.visit.language };
    let text = |pointer: &str| document.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let by = if about.kind == Kind::Training { text("/provider/name") } else { text("/employer/name") };
    Ok(Some(Offer {
        title: text("/title").to_owned(),
        by: by.to_owned(),
        text: within(text("/description"), ROOM),
        facts: teller.facts(about.kind, &document, ROOM),
        ways: teller.ways(&document, ROOM / 2),
    }))
}
