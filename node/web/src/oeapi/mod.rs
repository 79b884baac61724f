//! The trainings of this partner as a catalogue of the Open Education API, version 6, for everyone: only what everyone may see stands in it.
//!
//! - `catalogue` knows which objects there are, and in which order; the objects themselves are made of the offers when they are asked for.
//! - `asked` reads the parameters of a collection, and refuses those that are not known.
//! - `document` is what the interface says of itself.

mod asked;
mod catalogue;
mod document;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Path, RawQuery, State};
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CONTENT_TYPE};
use polder_exchange::Node;
use polder_formats::education::{self, CONSUMER, Published};
use polder_model::problem::ProblemType;
use polder_model::{Kind, OfferKey};
use serde_json::{Value, json};
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::client::{every_response, framing};
use crate::oauth::OAuth;
use crate::refusal::Refusal;
use asked::Asked;
use catalogue::{Catalogue, Kept, Training, identifier};

/// Under which path it stands.
const BASE: &str = "/oeapi/v6";
/// Requests that are worked on at the same time: each may hold a page of large offers.
const AT_ONCE: usize = 4;
/// How long one waits for its turn.
const PATIENCE: Duration = Duration::from_secs(10);

#[derive(Clone)]
struct Oeapi(Arc<Inner>);

struct Inner {
    node: Arc<Node>,
    oauth: OAuth,
    kept: Kept,
    at_once: Semaphore,
}

/// The interface.
pub(crate) fn router(node: Arc<Node>, oauth: OAuth) -> Router {
    let oeapi = Oeapi(Arc::new(Inner { node, oauth, kept: Kept::default(), at_once: Semaphore::new(AT_ONCE) }));
    let at = |path: &str| format!("{BASE}{path}");
    Router::new()
        .route(BASE, get(service))
        .route(&at("/"), get(service))
        .route(&at("/openapi.json"), get(openapi))
        .route(&at("/organisations"), get(organisations))
        .route(&at("/organisations/{id}"), get(organisation))
        .route(&at("/learning-outcomes"), get(outcomes))
        .route(&at("/learning-outcomes/{id}"), get(outcome))
        .route(&at("/programmes"), get(programmes))
        .route(&at("/programmes/{id}"), get(programme))
        .route(&at("/programmes/{id}/programme-offerings"), get(programme_offerings))
        .route(&at("/courses"), get(courses))
        .route(&at("/courses/{id}"), get(course))
        .route(&at("/courses/{id}/course-offerings"), get(course_offerings))
        .method_not_allowed_fallback(|| async { Refusal::method_not_allowed("GET, HEAD") })
        .layer(middleware::from_fn(framing::one_reading))
        .layer(middleware::from_fn(every_response))
        .with_state(oeapi)
}

fn said(value: &Value) -> Response {
    ([(ACCESS_CONTROL_ALLOW_ORIGIN, "*")], axum::Json(value)).into_response()
}

fn unknown() -> Refusal {
    Refusal::new(ProblemType::NotFound, "there is nothing with this id")
}

fn no_parameters(query: Option<&str>) -> Result<(), Refusal> {
    if query.is_none_or(str::is_empty) {
        return Ok(());
    }
    Err(Refusal::new(ProblemType::InvalidRequest, "this address takes no query parameters; leave out the ? and what follows"))
}

async fn service(State(oeapi): State<Oeapi>) -> Response {
    let (origin, home) = (oeapi.0.oauth.issuer(), oeapi.0.node.home());
    let mut service = json!({
        "specification": "https://openonderwijsapi.nl/specification/v6/docs.html",
        "documentation": format!("{origin}{BASE}/openapi.json"),
        "supportedConsumers": [{"consumerKey": CONSUMER}],
        "supportedOperations": document::operations(),
        "supportedExpands": [],
    });
    // The API wants an address of e-mail; where the partner gives a page, there is none.
    if let Some(contact) = home.contact.as_deref().filter(|contact| contact.contains('@')) {
        service["contactEmail"] = contact.into();
    }
    said(&service)
}

async fn openapi(State(oeapi): State<Oeapi>) -> Response {
    let document = document::of(&oeapi.0.oauth.issuer(), oeapi.0.node.home());
    ([(CONTENT_TYPE, "application/json"), (ACCESS_CONTROL_ALLOW_ORIGIN, "*")], document).into_response()
}

impl Oeapi {
    async fn turn(&self) -> Result<SemaphorePermit<'_>, Refusal> {
        let busy = || {
            Refusal::new(ProblemType::Unavailable, "as much is asked as this node takes at once; try again")
                .retry_after(Duration::from_secs(5))
        };
        match tokio::time::timeout(PATIENCE, self.0.at_once.acquire()).await {
            Ok(Ok(turn)) => Ok(turn),
            _ => Err(busy()),
        }
    }

    async fn catalogue(&self) -> Result<Arc<Catalogue>, Refusal> {
        Ok(self.0.kept.now(&self.0.node).await?)
    }

    /// The objects of these trainings, as they stand now, in their order; what cannot be seen any more is left out.
    async fn written(&self, some: &[&Training]) -> Result<Vec<Published>, Refusal> {
        let node = &self.0.node;
        let keys: Vec<OfferKey> = some.iter().map(|one| one.key.clone()).collect();
        let mut stored = node.store().offers(Kind::Training, &keys).await?;
        let (partner, today) = (node.home().partner.clone(), node.now().date());
        let write = move || {
            let mut written = Vec::new();
            for key in &keys {
                let Some(at) = stored.iter().position(|one| one.key == *key) else { continue };
                let one = stored.swap_remove(at);
                written.extend(education::write(&partner, key, &one.document, one.modified_at.date(), today));
            }
            written
        };
        tokio::task::spawn_blocking(write).await.map_err(|error| Refusal::internal(&error))
    }

    async fn page_of_trainings(&self, programmes: bool, query: Option<&str>) -> Result<Response, Refusal> {
        let asked = Asked::read(query, true)?;
        let _turn = self.turn().await?;
        let catalogue = self.catalogue().await?;
        let all = if programmes { &catalogue.programmes } else { &catalogue.courses };
        let fitting: Vec<&Training> = all.iter().filter(|one| asked.fits(one)).collect();
        let (from, to) = asked.range(fitting.len());
        let items = self.written(&fitting[from..to]).await?.into_iter().map(|one| one.object).collect();
        Ok(said(&asked.page(fitting.len(), items)))
    }

    async fn training(&self, programmes: bool, id: &str) -> Result<Published, Refusal> {
        let id = identifier(id).ok_or_else(unknown)?;
        let _turn = self.turn().await?;
        let catalogue = self.catalogue().await?;
        let all = if programmes { &catalogue.programmes } else { &catalogue.courses };
        let one = all.iter().find(|one| one.id == id).ok_or_else(unknown)?;
        self.written(&[one]).await?.pop().ok_or_else(unknown)
    }

    async fn offerings(&self, programmes: bool, id: &str, query: Option<&str>) -> Result<Response, Refusal> {
        let asked = Asked::read(query, false)?;
        let offerings = self.training(programmes, id).await?.offerings;
        let (from, to) = asked.range(offerings.len());
        Ok(said(&asked.page(offerings.len(), offerings[from..to].to_vec())))
    }
}

async fn programmes(State(oeapi): State<Oeapi>, RawQuery(query): RawQuery) -> Result<Response, Refusal> {
    oeapi.page_of_trainings(true, query.as_deref()).await
}

async fn courses(State(oeapi): State<Oeapi>, RawQuery(query): RawQuery) -> Result<Response, Refusal> {
    oeapi.page_of_trainings(false, query.as_deref()).await
}

async fn programme(State(oeapi): State<Oeapi>, Path(id): Path<String>, RawQuery(query): RawQuery) -> Result<Response, Refusal> {
    no_parameters(query.as_deref())?;
    Ok(said(&oeapi.training(true, &id).await?.object))
}

async fn course(State(oeapi): State<Oeapi>, Path(id): Path<String>, RawQuery(query): RawQuery) -> Result<Response, Refusal> {
    no_parameters(query.as_deref())?;
    Ok(said(&oeapi.training(false, &id).await?.object))
}

async fn programme_offerings(State(oeapi): State<Oeapi>, Path(id): Path<String>, RawQuery(query): RawQuery) -> Result<Response, Refusal> {
    oeapi.offerings(true, &id, query.as_deref()).await
}

async fn course_offerings(State(oeapi): State<Oeapi>, Path(id): Path<String>, RawQuery(query): RawQuery) -> Result<Response, Refusal> {
    oeapi.offerings(false, &id, query.as_deref()).await
}

async fn organisations(State(oeapi): State<Oeapi>, RawQuery(query): RawQuery) -> Result<Response, Refusal> {
    let catalogue = oeapi.catalogue().await?;
    page_of(&catalogue.organisations, query.as_deref())
}

async fn outcomes(State(oeapi): State<Oeapi>, RawQuery(query): RawQuery) -> Result<Response, Refusal> {
    let catalogue = oeapi.catalogue().await?;
    page_of(&catalogue.outcomes, query.as_deref())
}

fn page_of(all: &catalogue::Objects, query: Option<&str>) -> Result<Response, Refusal> {
    let asked = Asked::read(query, false)?;
    let (from, to) = asked.range(all.len());
    Ok(said(&asked.page(all.len(), all.values().skip(from).take(to - from).cloned().collect())))
}

async fn organisation(State(oeapi): State<Oeapi>, Path(id): Path<String>, RawQuery(query): RawQuery) -> Result<Response, Refusal> {
    no_parameters(query.as_deref())?;
    one_of(&oeapi.catalogue().await?.organisations, &id)
}

async fn outcome(State(oeapi): State<Oeapi>, Path(id): Path<String>, RawQuery(query): RawQuery) -> Result<Response, Refusal> {
    no_parameters(query.as_deref())?;
    one_of(&oeapi.catalogue().await?.outcomes, &id)
}

fn one_of(all: &catalogue::Objects, id: &str) -> Result<Response, Refusal> {
    identifier(id).and_then(|id| all.get(&id)).map(said).ok_or_else(unknown)
}
