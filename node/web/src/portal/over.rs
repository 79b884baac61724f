//! A session that was over while somebody filled in a form: what they typed stays on their own page, they log in beside it, and go on.

use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::header::SET_COOKIE;
use http::{HeaderMap, StatusCode};
use polder_trust::random;
use serde::Serialize;

use super::{apply, profile};
use crate::pages::{Cookie, Fields, PageError, Pages, Visit, Worker, form_token};

/// Bytes of what was typed that one page holds.
const MOST: usize = 30_000;
/// How long it can be gone on with, in seconds.
const PATIENCE: u32 = 3_600;

/// A form into which people type much.
#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Form {
    Profile,
    Application,
}

#[derive(Serialize)]
struct Page<'f> {
    form: Form,
    /// What only this page knows.
    token: String,
    typed: Vec<&'f (String, String)>,
}

/// Keeps what was typed on a page, where it was sent from a form that was made for the session that is over; whoever typed nothing is led to where they log in.
pub(super) async fn keep(pages: &Pages, visit: &Visit, form: Form, headers: &HeaderMap, body: Body) -> Result<Response, PageError> {
    let token = visit.over.as_ref().ok_or(PageError::LogIn)?;
    let Ok(fields) = Fields::read(headers, body, pages.url(), token).await else { return Err(PageError::LogIn) };
    let cookie = URL_SAFE_NO_PAD.encode(random::<32>().map_err(PageError::internal)?);
    let mut response = show(pages, visit, form, &fields, &cookie)?;
    response.headers_mut().extend(pages.cookies().set(Cookie::Resume, &cookie, Some(PATIENCE)).map(|cookie| (SET_COOKIE, cookie)));
    Ok(response)
}

fn show(pages: &Pages, visit: &Visit, form: Form, fields: &Fields, cookie: &str) -> Result<Response, PageError> {
    let typed: Vec<_> = fields.typed().filter(|(name, value)| !value.is_empty() && name != "do" && name != "form").collect();
    let is_much = typed.iter().map(|(name, value)| name.len() + value.len()).sum::<usize>() > MOST;
    if is_much || ["title", "description", "motivation"].iter().all(|name| fields.one(name).is_empty()) {
        return Err(PageError::LogIn);
    }
    pages.show_as(StatusCode::UNAUTHORIZED, visit, "portal/over.html", "", Page { form, token: form_token(cookie), typed })
}

/// Whoever logged in beside that page goes back to it.
pub(super) async fn logged_in(State(pages): State<Pages>, worker: Worker) -> Result<Response, PageError> {
    pages.show(&worker.visit, "portal/resumed.html", "", ())
}

/// The form again, with what was typed. Nothing of it is kept or sent.
pub(super) async fn resume(
    State(pages): State<Pages>,
    visit: Visit,
    worker: Result<Worker, PageError>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, PageError> {
    let cookie = pages.cookies().sent(Cookie::Resume, &headers).map(str::to_owned);
    let nobody = if worker.is_ok() { PageError::Forged } else { PageError::LogIn };
    let cookie = cookie.ok_or(nobody)?;
    let fields = Fields::read(&headers, body, pages.url(), &cookie).await?;
    let form = if fields.one("form") == "profile" { Form::Profile } else { Form::Application };
    match (worker, form) {
        (Err(_), form) => show(&pages, &visit, form, &fields, &cookie),
        (Ok(worker), Form::Profile) => profile::go_on(&pages, &worker, &fields).await,
        (Ok(worker), Form::Application) => apply::go_on(&pages, &worker, &fields).await,
    }
}
