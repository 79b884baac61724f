//! Moving: a worker brings everything along from another node, sees exactly what comes of it, and then keeps it; and how one leaves.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Query, State};
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use polder_consent::export::Export;
use polder_exchange::people::{MovePreview, MoveRefused};
use polder_model::{PartnerId, Purpose, Timestamp};
use polder_store::people::LoginId;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;
use tokio::time::Instant;

use crate::client::rights::LARGEST_TAKEN_IN;
use crate::pages::{PageError, Pages, Worker, on_to};

/// Files that come in at a time: one has up to 24 MiB.
static AT_ONCE: Semaphore = Semaphore::const_new(2);
/// Exports that were looked at and wait for a word, in memory alone: each has up to 8 MiB, and the oldest makes room.
const MOST_LOOKED_AT: usize = 4;
/// How long one waits.
const PATIENCE: Duration = Duration::from_secs(10 * 60);

struct Waiting {
    login: LoginId,
    sha256: String,
    export: Export,
    since: Instant,
}

/// Exports that somebody looks at.
#[derive(Default)]
pub(crate) struct LookedAt(Mutex<Vec<Waiting>>);

impl LookedAt {
    /// Keeps one for whoever brought it, for some minutes. Its name.
    fn keep(self: &Arc<Self>, login: LoginId, export: Export) -> String {
        let sha256 = hex::encode(Sha256::digest(export.content.get()));
        {
            let mut waiting = self.lock();
            waiting.retain(|one| one.login != login);
            if waiting.len() >= MOST_LOOKED_AT {
                waiting.remove(0);
            }
            waiting.push(Waiting { login, sha256: sha256.clone(), export, since: Instant::now() });
        }
        let all = Arc::clone(self);
        tokio::spawn(async move {
            tokio::time::sleep(PATIENCE).await;
            all.lock().retain(|one| one.since.elapsed() < PATIENCE);
        });
        sha256
    }

    /// The one of that name that they brought; it waits no longer.
    fn take(&self, login: &LoginId, sha256: &str) -> Option<Export> {
        let mut waiting = self.lock();
        let at = waiting.iter().position(|one| one.login == *login && one.sha256 == sha256 && one.since.elapsed() < PATIENCE)?;
        Some(waiting.remove(at).export)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Waiting>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Deserialize)]
pub(super) struct Told {
    told: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    /// What is wrong with the file that was sent.
    wrong: Option<&'static str>,
    /// Whether something was just brought.
    kept: bool,
    /// Whether there is a profile here, so that none can be brought.
    has_profile: bool,
    /// Whether there is anything to take along.
    has_some: bool,
    brought: Vec<From>,
}

/// From where somebody came before.
#[derive(Serialize)]
struct From {
    from: PartnerId,
    name: String,
    at: Timestamp,
}

#[derive(Serialize)]
struct Check {
    sha256: String,
    preview: MovePreview,
    /// Names of recipients for whom nothing is asked, since they take no part here or may not do this.
    others: Vec<String>,
    /// Whether there are applications: those stay where they were sent from.
    applied: bool,
}

async fn page(pages: &Pages, worker: &Worker, wrong: Option<&'static str>, kept: bool) -> Result<Response, PageError> {
    let brought = match worker.id() {
        Some(id) => pages.node().histories_of(id).await?,
        None => Vec::new(),
    };
    let brought = brought.into_iter().map(|one| From { from: one.from, name: one.from_name, at: one.at }).collect();
    let page = Page { wrong, kept, has_profile: worker.profile(pages).await?.is_some(), has_some: worker.id().is_some(), brought };
    let status = if wrong.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    pages.show_as(status, &worker.visit, "portal/move.html", "data", page)
}

/// How one comes, and how one leaves.
pub(super) async fn ask(State(pages): State<Pages>, worker: Worker, Query(asked): Query<Told>) -> Result<Response, PageError> {
    page(&pages, &worker, None, asked.told.is_some()).await
}

/// Why an export is not taken in, in words of the form; a fault of ours is a problem.
fn wrong(refused: MoveRefused) -> Result<&'static str, PageError> {
    match refused {
        MoveRefused::TooLarge => Ok("move-wrong-large"),
        MoveRefused::Form(_) => Ok("move-wrong-form"),
        MoveRefused::Evidence(_) | MoveRefused::NotNow(_) => Ok("move-wrong-now"),
        MoveRefused::Taken(_) => Ok("move-wrong-taken"),
        MoveRefused::Profile(_) => Ok("move-wrong-profile"),
        MoveRefused::Store(error) => Err(error.into()),
    }
}

/// Shows what would come of the file. Nothing is kept but the file, in memory, for some minutes.
pub(super) async fn check(State(pages): State<Pages>, worker: Worker, headers: HeaderMap, body: Body) -> Result<Response, PageError> {
    let file = match pages.form_with_file(&worker.known, &headers, body, LARGEST_TAKEN_IN).await {
        Ok((_, file)) => file,
        Err(PageError::Status(StatusCode::PAYLOAD_TOO_LARGE)) => return page(&pages, &worker, Some("move-wrong-large"), false).await,
        Err(error) => return Err(error),
    };
    // Whoever sends slowly holds nobody up.
    let _place = AT_ONCE.try_acquire().map_err(|_| PageError::Busy(Duration::from_secs(5)))?;
    let Ok(export) = serde_json::from_slice::<Export>(&file) else { return page(&pages, &worker, Some("move-wrong-form"), false).await };
    drop(file);
    look(&pages, &worker, export).await
}

/// What would come of an export.
async fn look(pages: &Pages, worker: &Worker, export: Export) -> Result<Response, PageError> {
    let key = worker.known.is.offer.clone().ok_or(PageError::NotFound)?;
    let mut preview = match pages.node().move_preview(&key, &export).await {
        Ok(preview) => preview,
        Err(refused) => return page(pages, worker, Some(wrong(refused)?), false).await,
    };
    preview.profile = pages.labelled(preview.profile);
    let register = pages.node().register();
    let name = |partner: &PartnerId| register.member(partner).map_or_else(|| partner.to_string(), |member| member.name.clone());
    let is_applied = |purpose: Purpose| purpose == Purpose::Application;
    let others = preview.not_asked.iter().filter(|one| !is_applied(one.purpose)).map(|one| name(&one.recipient)).collect();
    let applied = preview.not_asked.iter().any(|one| is_applied(one.purpose));
    let sha256 = pages.looked_at().keep(worker.known.is.session.login.clone(), export);
    pages.show(&worker.visit, "portal/moving.html", "data", Check { sha256, preview, others, applied })
}

/// Keeps what was looked at.
pub(super) async fn keep(State(pages): State<Pages>, worker: Worker, headers: HeaderMap, body: Body) -> Result<Response, PageError> {
    let fields = pages.form(&worker.known, &headers, body).await?;
    let export = pages.looked_at().take(&worker.known.is.session.login, fields.one("file"));
    if !["yes", "look"].contains(&fields.one("answer")) {
        return Ok(on_to("/portal/move"));
    }
    let Some(export) = export else { return page(&pages, &worker, Some("move-wrong-gone"), false).await };
    if fields.one("answer") == "look" {
        return look(&pages, &worker, export).await;
    }
    let key = worker.known.is.offer.clone().ok_or(PageError::NotFound)?;
    match pages.node().take_in(key, &export).await {
        Ok(_) => Ok(on_to("/portal/move?told=kept")),
        Err(refused) => page(&pages, &worker, Some(wrong(refused)?), false).await,
    }
}
