//! The first page: who may see what, who asks for more, and one click to stop.

use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use http::HeaderMap;
use polder_consent::{ConsentId, State as Standing};
use polder_exchange::people::{RequestSight, Sight};
use serde::{Deserialize, Serialize};

use crate::pages::{PageError, Pages, Worker, on_to};

/// Consents that are read at a time.
const AT_ONCE: u32 = 200;
/// Most consents that are looked through for those in force.
const MOST: usize = 2_000;

#[derive(Deserialize)]
pub(super) struct Asked {
    told: Option<Told>,
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
    consents: Vec<Sight>,
}

pub(super) async fn home(State(pages): State<Pages>, worker: Worker, Query(asked): Query<Asked>) -> Result<Response, PageError> {
    let (mut requests, mut consents) = (Vec::new(), Vec::new());
    if let Some(id) = worker.id() {
        requests = pages.node().requests_of(id).await?;
        requests.retain(|request| request.state == Some(Standing::Requested));
        let (mut before, mut seen) = (None, 0);
        loop {
            let page = pages.node().consents_of(id, before, AT_ONCE).await?;
            seen += page.len();
            let whole = page.len() == AT_ONCE as usize;
            before = page.last().map(|(_, leaf)| *leaf);
            consents.extend(page.into_iter().map(|(sight, _)| sight).filter(|sight| sight.state == Some(Standing::Given)));
            if !whole || seen >= MOST {
                break;
            }
        }
    }
    let profile = worker.profile(&pages).await?.is_some();
    pages.show(&worker.visit, "portal/home.html", "home", Home { told: asked.told, profile, requests, consents })
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
