//! A session that was over while somebody filled in a form: what they typed stays on their own page, they log in beside it, and go on. Nobody else does, who logs
//! in there.

use axum::body::Body;
use axum::response::Response;
use http::header::SET_COOKIE;
use http::{HeaderMap, StatusCode};
use polder_store::people::{Door, LoginId};
use serde::Serialize;

use super::{Cookie, Fields, PageError, Pages, Visit, form_token, whose};

/// Bytes of what was typed that one page holds.
const MOST: usize = 30_000;
/// How long it can be gone on with, in seconds.
const PATIENCE: u32 = 3_600;

/// A form into which people type much.
#[derive(Clone, Copy)]
pub(crate) struct Typing<'f> {
    /// Where it is gone on with.
    pub action: &'f str,
    /// Which form of that place it is.
    pub form: &'static str,
}

/// By which a page at the door of this visit is known again.
pub(super) fn cookie_of(visit: &Visit) -> Cookie {
    if visit.door() == Door::Desk { Cookie::DeskResume } else { Cookie::PortalResume }
}

#[derive(Serialize)]
struct Page<'f> {
    action: &'f str,
    form: &'static str,
    /// What only this page knows.
    token: String,
    typed: Vec<&'f (String, String)>,
}

/// Keeps what was typed on a page, where it was sent from a form that was made for the session that is over; whoever typed nothing is led to where they log in.
pub(crate) async fn keep(pages: &Pages, visit: &Visit, typing: Typing<'_>, headers: &HeaderMap, body: Body) -> Result<Response, PageError> {
    let token = visit.over.as_ref().ok_or(PageError::LogIn)?;
    let Ok(fields) = Fields::read(headers, body, pages.url(), token).await else { return Err(PageError::LogIn) };
    let cookie = whose::another(token)?;
    let mut response = show(pages, visit, typing, &fields, &cookie)?;
    response.headers_mut().extend(pages.cookies().set(cookie_of(visit), &cookie, Some(PATIENCE)).map(|cookie| (SET_COOKIE, cookie)));
    Ok(response)
}

fn show(pages: &Pages, visit: &Visit, Typing { action, form }: Typing<'_>, fields: &Fields, cookie: &str) -> Result<Response, PageError> {
    let typed: Vec<_> = fields.typed().filter(|(name, value)| !value.is_empty() && name != "do" && name != "form").collect();
    let is_much = typed.iter().map(|(name, value)| name.len() + value.len()).sum::<usize>() > MOST;
    if is_much || ["title", "description", "motivation"].iter().all(|name| fields.one(name).is_empty()) {
        return Err(PageError::LogIn);
    }
    pages.show_as(StatusCode::UNAUTHORIZED, visit, "over.html", "", Page { action, form, token: form_token(cookie), typed })
}

/// What was typed, as that page sends it, with what it shows again; whoever has another page, or none, is refused, and so is somebody else than who typed it.
pub(crate) async fn read(pages: &Pages, visit: &Visit, by: Option<&LoginId>, headers: &HeaderMap, body: Body) -> Result<Kept, PageError> {
    let nobody = if by.is_some() { PageError::Forged } else { PageError::LogIn };
    let cookie = pages.cookies().sent(cookie_of(visit), headers).map(str::to_owned).ok_or(nobody)?;
    let fields = Fields::read(headers, body, pages.url(), &cookie).await?;
    if by.is_some_and(|by| !whose::is_of(&cookie, by)) {
        return Err(PageError::OfAnother);
    }
    Ok(Kept { fields, cookie })
}

/// What was typed before a session was over.
pub(crate) struct Kept {
    pub fields: Fields,
    cookie: String,
}

impl Kept {
    /// The same page once more, for somebody who has not logged in yet.
    pub(crate) fn again(&self, pages: &Pages, visit: &Visit, typing: Typing<'_>) -> Result<Response, PageError> {
        show(pages, visit, typing, &self.fields, &self.cookie)
    }
}

/// Whoever logged in beside that page goes back to it.
pub(crate) fn logged_in(pages: &Pages, visit: &Visit) -> Result<Response, PageError> {
    pages.show(visit, "resumed.html", "", ())
}
