//! What a worker brings in: the code of an invitation, and programs that act for them.

use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::{HeaderMap, StatusCode};
use polder_model::Timestamp;
use polder_store::people::{Door, Ends, Invited, Session, SessionId};
use polder_trust::random;
use serde::Serialize;

use super::share::may_give;
use crate::client::auth::WORKER_PREFIX;
use crate::client::invitations::typed;
use crate::pages::{PageError, Pages, Worker, on_to};

/// For how many hours a program may act.
const HOURS: [i64; 3] = [1, 4, 12];

#[derive(Serialize)]
struct Invitation {
    /// Whether a code was entered that does not hold.
    unknown: bool,
    /// Whether there is a profile already.
    has_profile: bool,
}

/// Asks for the code.
pub(super) async fn ask_code(State(pages): State<Pages>, worker: Worker) -> Result<Response, PageError> {
    let has_profile = worker.profile(&pages).await?.is_some();
    pages.show(&worker.visit, "portal/invitation.html", "home", Invitation { unknown: false, has_profile })
}

/// Takes over the profile that the code stands for.
pub(super) async fn take_code(State(pages): State<Pages>, worker: Worker, headers: HeaderMap, body: Body) -> Result<Response, PageError> {
    let fields = pages.form(&worker.known, &headers, body).await?;
    let login = worker.known.is.session.login.clone();
    match pages.node().store().take_invitation(login, &typed(fields.one("code")), pages.node().now()).await? {
        Invited::Taken(_) => Ok(on_to("/portal/profile")),
        refused => {
            let page = Invitation { unknown: refused == Invited::Unknown, has_profile: refused == Invited::HasProfile };
            pages.show_as(StatusCode::BAD_REQUEST, &worker.visit, "portal/invitation.html", "home", page)
        }
    }
}

#[derive(Serialize)]
struct Programs {
    hours: [i64; 3],
    /// A token that was just made; it is shown once.
    token: Option<String>,
    until: Option<Timestamp>,
    /// Where to show anew who they are, before one can be made.
    anew: Option<&'static str>,
}

/// Programs that act for the worker.
pub(super) async fn programs(State(pages): State<Pages>, worker: Worker) -> Result<Response, PageError> {
    let anew = (!may_give(&pages, &worker)).then_some("/portal/login?anew=true&back=/portal/programs");
    pages.show(&worker.visit, "portal/programs.html", "data", Programs { hours: HOURS, token: None, until: None, anew })
}

/// Makes a token, by which a program acts for the worker for some hours.
pub(super) async fn make(State(pages): State<Pages>, worker: Worker, headers: HeaderMap, body: Body) -> Result<Response, PageError> {
    let fields = pages.form(&worker.known, &headers, body).await?;
    if !may_give(&pages, &worker) {
        return Err(PageError::Said(StatusCode::FORBIDDEN, "problem-show-again"));
    }
    worker.named(&pages).await?.ok_or(PageError::Said(StatusCode::CONFLICT, "problem-no-profile"))?;
    let hours = fields.one("hours").parse().ok().filter(|hours| HOURS.contains(hours)).ok_or(PageError::status(StatusCode::BAD_REQUEST))?;
    let token = format!("{WORKER_PREFIX}{}", URL_SAFE_NO_PAD.encode(random::<32>().map_err(PageError::internal)?));
    let now = pages.node().now();
    let until = now.plus_seconds(hours * 3_600);
    let session = Session {
        door: Door::Program,
        provider_session: String::new(),
        name: String::new(),
        began_at: now,
        seen_at: now,
        until,
        ..worker.known.is.session.clone()
    };
    pages.node().store().open_session(SessionId::of(&token), session).await?;
    let page = Programs { hours: HOURS, token: Some(token), until: Some(until), anew: None };
    pages.show(&worker.visit, "portal/programs.html", "data", page)
}

/// No program acts for the worker any more.
pub(super) async fn end(State(pages): State<Pages>, worker: Worker, headers: HeaderMap, body: Body) -> Result<Response, PageError> {
    pages.form(&worker.known, &headers, body).await?;
    let login = worker.known.is.session.login.clone();
    pages.node().store().end_sessions(Ends::Of(login, vec![Door::Program])).await?;
    Ok(on_to("/portal/programs"))
}
