//! A session that was over while a worker filled in a form.

use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use http::HeaderMap;

use super::{apply, profile};
use crate::pages::over::{self, Typing};
use crate::pages::{PageError, Pages, Visit, Worker};

/// A form into which workers type much.
#[derive(Clone, Copy)]
pub(super) enum Form {
    Profile,
    Application,
}

impl Form {
    const fn typing(self) -> Typing<'static> {
        let form = match self {
            Self::Profile => "profile",
            Self::Application => "application",
        };
        Typing { action: "/portal/resume", form }
    }
}

/// Keeps what was typed on a page, where it was sent from a form that was made for the session that is over.
pub(super) async fn keep(pages: &Pages, visit: &Visit, form: Form, headers: &HeaderMap, body: Body) -> Result<Response, PageError> {
    over::keep(pages, visit, form.typing(), headers, body).await
}

/// Whoever logged in beside that page goes back to it.
pub(super) async fn logged_in(State(pages): State<Pages>, worker: Worker) -> Result<Response, PageError> {
    over::logged_in(&pages, &worker.visit)
}

/// The form again, with what was typed. Nothing of it is kept or sent.
pub(super) async fn resume(
    State(pages): State<Pages>,
    visit: Visit,
    worker: Result<Worker, PageError>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, PageError> {
    let by = worker.as_ref().ok().map(|worker| &worker.known.is.session.login);
    let kept = over::read(&pages, &visit, by, &headers, body).await?;
    let form = if kept.fields.one("form") == "profile" { Form::Profile } else { Form::Application };
    match (worker, form) {
        (Err(_), form) => kept.again(&pages, &visit, form.typing()),
        (Ok(worker), Form::Profile) => profile::go_on(&pages, &worker, &kept.fields).await,
        (Ok(worker), Form::Application) => apply::go_on(&pages, &worker, &kept.fields).await,
    }
}
