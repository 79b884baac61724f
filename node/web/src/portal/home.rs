//! The first page: who may see what, who asks for more, and one click to stop.

use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use http::HeaderMap;
use polder_consent::ConsentId;
use polder_exchange::people::{RequestSight, Sight};
use serde::{Deserialize, Serialize};

use crate::pages::cursor::cut;
use crate::pages::{PageError, Pages, Worker, on_to};

/// Consents on a page.
const ON_A_PAGE: u32 = 12;
/// Requests on the page: who answers these sees the others.
const REQUESTS: u32 = 5;

#[derive(Deserialize)]
pub(super) struct Asked {
    told: Option<Told>,
    before: Option<u64>,
}

/// What was just done.
#[derive(Clone, Copy, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Told {
    Withdrawn,
    WithdrawnAll,
    Shared,
    NotShared,
}

#[derive(Serialize)]
struct Home {
    told: Option<Told>,
    /// Whether there is a profile.
    profile: bool,
    requests: Vec<RequestSight>,
    /// How many wait for an answer.
    waiting: u64,
    consents: Vec<Sight>,
    /// How many are in force.
    count: u64,
    /// How many partners have not said yet that they erased what they were to erase.
    owing: usize,
    /// Where older ones are.
    older: Option<u64>,
    newest: bool,
}

pub(super) async fn home(State(pages): State<Pages>, worker: Worker, Query(asked): Query<Asked>) -> Result<Response, PageError> {
    let (mut requests, mut waiting, mut consents, mut count, mut owing) = (Vec::new(), 0, Vec::new(), 0, 0);
    if let Some(id) = worker.id() {
        (requests, waiting) = pages.node().requests_waiting(id, REQUESTS).await?;
        let before = asked.before.map(|before| before.min(i64::MAX.unsigned_abs()));
        (consents, count) = pages.node().consents_in_force(id, before, ON_A_PAGE + 1).await?;
        owing = pages.node().store().owing_for(id).await?.len();
    }
    let older = cut(&mut consents, ON_A_PAGE).map(|(_, leaf)| *leaf);
    let page = Home {
        told: asked.told,
        profile: worker.profile(&pages).await?.is_some(),
        requests,
        waiting,
        consents: consents.into_iter().map(|(sight, _)| sight).collect(),
        count,
        owing,
        older,
        newest: asked.before.is_none(),
    };
    pages.show(&worker.visit, "portal/home.html", "home", page)
}

/// Stops one, at once.
pub(super) async fn withdraw(
    State(pages): State<Pages>,
    worker: Worker,
    Path(consent): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, PageError> {
    pages.form(&worker.known, &headers, body).await?;
    let consent: ConsentId = consent.parse().map_err(|_| PageError::NotFound)?;
    let id = worker.id().ok_or(PageError::NotFound)?;
    pages.node().withdraw(id, consent).await?;
    Ok(on_to("/portal?told=withdrawn"))
}

/// Stops everything, at once.
pub(super) async fn withdraw_all(
    State(pages): State<Pages>,
    worker: Worker,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, PageError> {
    pages.form(&worker.known, &headers, body).await?;
    if let Some(id) = worker.id() {
        pages.node().withdraw_all(id).await?;
    }
    Ok(on_to("/portal?told=withdrawn-all"))
}
