//! The vacancies of this partner that everyone may see, for the exchange: matches for a question, and one vacancy whole.
//!
//! - `heads` reads the headers that the contract demands, and says them again in each response;
//! - `kept` knows what each vacancy is sought by; what it says is read when it is shown;
//! - `quota` is how much one party behind the exchange may ask;
//! - `error` is the error of the contract, and `document` what the interface says of itself.

mod document;
mod error;
mod heads;
mod kept;
mod quota;

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, Request, State};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use axum::{Extension, Router};
use http::HeaderMap;
use http::header::CONTENT_TYPE;
use polder_formats::vum::{self, MOST_MATCHES, NotAsked, Question};
use polder_model::reference::Reference;
use polder_model::{Kind, OfferKey, travel};
use serde_json::{Value, json};
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::body;
use crate::client::auth::ClientId;
use crate::client::scope::Scope;
use crate::client::{ClientApi, every_response, framing};
use crate::quota::Place;
use crate::serve::Connection;
use error::Error;
use heads::Heads;
use kept::Kept;
use quota::{Quota, What};

/// Under which path it stands.
const BASE: &str = "/vum/v3";
/// Questions that are worked on at the same time.
const AT_ONCE: usize = 4;
/// How long one waits for its turn.
const PATIENCE: Duration = Duration::from_secs(10);
/// Vacancies beyond those that are shown, for those that change meanwhile.
const SURPLUS: usize = 20;

/// How much a party behind the exchange may ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VumSource {
    /// Questions a minute.
    pub questions_per_minute: u32,
    /// Whole vacancies a minute.
    pub details_per_minute: u32,
}

#[derive(Clone)]
struct Source(Arc<Inner>);

struct Inner {
    api: ClientApi,
    kept: Kept,
    quota: Quota,
    at_once: Semaphore,
    /// Under which address it is reached.
    origin: String,
}

/// The interface, at the address for certificates.
pub(crate) fn router(api: &ClientApi, at: VumSource, origin: &str) -> Router {
    let (quota, at_once) = (Quota::new(at), Semaphore::new(AT_ONCE));
    let inner = Inner { api: api.clone(), kept: Kept::default(), quota, at_once, origin: origin.to_owned() };
    let source = Source(Arc::new(inner));
    let at = |path: &str| format!("{BASE}{path}");
    Router::new()
        .route(&at("/vacatures/matches"), post(matches))
        .route(&at("/vacatures/{id}"), get(vacancy))
        .route(&at("/werkzoekendeProfielen/matches"), post(no_workers))
        .route(&at("/werkzoekendeProfielen/{id}"), get(no_workers))
        .route(BASE, any(no_address))
        .route(&at("/"), any(no_address))
        .route(&at("/{*rest}"), any(no_address))
        .method_not_allowed_fallback(|| async { Error::method() })
        .layer(middleware::from_fn_with_state(source.clone(), admitted))
        .route(&at("/openapi.json"), get(openapi))
        .layer(middleware::from_fn(framing::one_reading))
        .layer(middleware::from_fn(every_response))
        .with_state(source)
}

/// Lets in whoever shows a certificate of a system that is registered for this, with the headers of the contract. These stand in each response.
async fn admitted(State(source): State<Source>, request: Request, next: Next) -> Response {
    let heads = Heads::read(request.headers());
    let said = heads.as_ref().ok().cloned();
    let response = match source.admit(request, heads).await {
        // What waits to be sent takes up a place as well.
        Ok((request, place)) => next.run(request).await.map(|body| body::holding(body, place)),
        Err(error) => error.into_response(),
    };
    heads::say(said.as_ref(), response)
}

impl Source {
    async fn admit(&self, request: Request, heads: Result<Heads, Error>) -> Result<(Request, Place), Error> {
        let api = &self.0.api;
        let (mut parts, body) = request.into_parts();
        let connection = parts.extensions.get::<Arc<Connection>>().map(Arc::clone);
        let certificate = connection.as_ref().and_then(|connection| connection.certificate.as_deref());
        let found = match certificate {
            Some(certificate) => api.oauth.by_certificate(certificate, Scope::Vum).await?,
            None => None,
        };
        let Some(id) = found else {
            api.metrics.failed_try(http::StatusCode::UNAUTHORIZED.as_u16());
            return Err(match connection.map_or(Ok(()), |connection| api.tries.more(connection.origin)) {
                Ok(()) => Error::unknown(),
                Err(wait) => Error::too_many("too many requests without a right certificate", wait),
            });
        };
        connection.into_iter().for_each(|connection| connection.recognise());
        let client = api.clients.of(&ClientId::System(id));
        let place = client.admit(parts.method == http::Method::POST)?;
        parts.extensions.insert(heads?);
        Ok((Request::from_parts(parts, body::counted(body, &client)), place))
    }

    async fn turn(&self) -> Result<SemaphorePermit<'_>, Error> {
        match tokio::time::timeout(PATIENCE, self.0.at_once.acquire()).await {
            Ok(Ok(turn)) => Ok(turn),
            _ => Err(Error::busy()),
        }
    }

    /// Matches of a question, the nearest first; and whether there are more.
    async fn found(&self, question: Question) -> Result<(Vec<Value>, bool), Error> {
        let node = &self.0.api.node;
        let reference = node.reference();
        if reference.place(question.postcode).is_none() {
            return Err(Error::asked("selectiegebied.postcode: this source does not know the place of that postcode"));
        }
        let _turn = self.turn().await?;
        let kept = self.0.kept.now(node).await?;
        let (question, tables) = (Arc::new(question), Arc::clone(&reference));
        let asked = Arc::clone(&question);
        let (fitting, all) = blocking(move || {
            let around = travel::around(&tables, asked.postcode, asked.kilometres);
            let mut fitting = kept.fitting(&asked, &around);
            let all = fitting.len();
            fitting.truncate(MOST_MATCHES + SURPLUS);
            (fitting, all)
        })
        .await?;
        let mut stored = node.store().offers(Kind::Vacancy, &fitting).await?;
        let today = node.now().date();
        let shown = blocking(move || {
            let around = travel::around(&reference, question.postcode, question.kilometres);
            let mut shown = Vec::new();
            for key in &fitting {
                let Some(at) = stored.iter().position(|one| one.key == *key) else { continue };
                let one = stored.swap_remove(at);
                let Ok(written) = vum::vacancy(key, &one.document, today, &competentnl(&reference)) else { continue };
                // It may have changed since it was sought.
                let is_near = kept::place(&written.matching).is_some_and(|place| around.iter().any(|(near, _)| *near == place));
                if is_near && question.fits(&written.searched) && shown.len() < MOST_MATCHES {
                    shown.push(written.matching);
                }
            }
            shown
        })
        .await?;
        let more = all > shown.len() && shown.len() == MOST_MATCHES;
        Ok((shown, more))
    }
}

/// The code of CompetentNL for one of ESCO, by the tables of this node.
fn competentnl(reference: &Reference) -> impl Fn(&str) -> Option<String> {
    |esco| reference.crosswalk().competentnl(esco).map(ToString::to_string)
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
    tokio::task::spawn_blocking(work).await.map_err(|error| Error::internal(&error))
}

async fn openapi(State(source): State<Source>) -> Response {
    axum::Json(document::of(&source.0.origin, &source.0.api.node.home().name)).into_response()
}

async fn matches(
    State(source): State<Source>,
    Extension(heads): Extension<Heads>,
    headers: HeaderMap,
    body: axum::body::Body,
) -> Result<Response, Error> {
    source.0.quota.take(&heads.from, What::Question)?;
    let form = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).and_then(|value| value.split(';').next());
    if !form.is_some_and(|form| form.trim().eq_ignore_ascii_case("application/json")) {
        return Err(Error::asked("Content-Type: application/json is expected"));
    }
    let body = body::read(body, vum::LARGEST_QUESTION).await?;
    let question = Question::read(&body).map_err(|why: NotAsked| Error::asked(&why.to_string()))?;
    let (matches, more) = source.found(question).await?;
    Ok(axum::Json(json!({"maximumAantalResultatenBereikt": more, "matches": matches})).into_response())
}

async fn vacancy(State(source): State<Source>, Extension(heads): Extension<Heads>, Path(id): Path<String>) -> Result<Response, Error> {
    source.0.quota.take(&heads.from, What::Detail)?;
    let node = &source.0.api.node;
    let key: OfferKey = vum::key(&id).and_then(|key| key.parse().ok()).ok_or_else(Error::gone)?;
    let stored = node.store().offer(Kind::Vacancy, &key).await?.ok_or_else(Error::gone)?;
    let (reference, today) = (node.reference(), node.now().date());
    let written = blocking(move || vum::vacancy(&key, &stored.document, today, &competentnl(&reference))).await?;
    // What not everyone may see is told apart from what is not there by nobody.
    Ok(axum::Json(written.map_err(|_| Error::gone())?.detail).into_response())
}

/// What the contract does not have.
async fn no_address() -> Error {
    Error::path()
}

/// Of workers this source has nothing for the exchange.
async fn no_workers() -> Error {
    Error::no_workers()
}
