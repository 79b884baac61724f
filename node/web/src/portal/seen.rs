//! Who saw what, what has to be erased and is, and what was asked on the worker's behalf.

use axum::extract::{Query, State};
use axum::response::Response;
use polder_exchange::people::{Asked as Question, Copies, Seen};
use serde::{Deserialize, Serialize};

use crate::pages::{PageError, Pages, Worker};

/// Rows on a page.
const ON_A_PAGE: u32 = 25;

#[derive(Deserialize)]
pub(super) struct Before {
    before: Option<u64>,
}

#[derive(Serialize)]
struct Disclosures {
    items: Vec<Seen>,
    /// Where older ones are.
    older: Option<u64>,
    /// Whether these are the last ones.
    newest: bool,
}

/// Who saw what, the last one first.
pub(super) async fn disclosures(State(pages): State<Pages>, worker: Worker, Query(asked): Query<Before>) -> Result<Response, PageError> {
    let mut items = Vec::new();
    if let Some(id) = worker.id() {
        items = pages.node().disclosures_of(id, asked.before.map(|before| before.min(i64::MAX.unsigned_abs())), ON_A_PAGE + 1).await?;
    }
    let more = items.len() > ON_A_PAGE as usize;
    items.truncate(ON_A_PAGE as usize);
    let older = items.last().filter(|_| more).map(|last| last.leaf);
    let items = items.into_iter().map(|row| pages.node().seen(row)).collect();
    pages.show(&worker.visit, "portal/seen.html", "seen", Disclosures { items, older, newest: asked.before.is_none() })
}

#[derive(Serialize)]
struct Erasures {
    items: Vec<Copies>,
}

/// What was to be erased, and whether it is.
pub(super) async fn erasures(State(pages): State<Pages>, worker: Worker) -> Result<Response, PageError> {
    let mut items = match worker.id() {
        Some(id) => pages.node().copies_of(id).await?,
        None => Vec::new(),
    };
    items.reverse();
    pages.show(&worker.visit, "portal/erasures.html", "seen", Erasures { items })
}

#[derive(Serialize)]
struct Questions {
    items: Vec<Named>,
}

#[derive(Serialize)]
struct Named {
    #[serde(flatten)]
    question: Question,
    names: Vec<String>,
}

/// What was asked on the worker's behalf, the last ones.
pub(super) async fn questions(State(pages): State<Pages>, worker: Worker) -> Result<Response, PageError> {
    let items = match worker.id() {
        Some(id) => pages.node().asked_for(id, None, 4 * ON_A_PAGE).await?,
        None => Vec::new(),
    };
    let register = pages.node().register();
    let named = |question: Question| {
        let name = |partner| register.member(partner).map_or_else(|| partner.to_string(), |member| member.name.clone());
        Named { names: question.partners.iter().map(name).collect(), question }
    };
    pages.show(&worker.visit, "portal/questions.html", "seen", Questions { items: items.into_iter().map(named).collect() })
}
