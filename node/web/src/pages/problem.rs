//! Why there is no page, and the page that says so.

use std::time::Duration;

use axum::response::{IntoResponse, Response};
use http::header::{CONTENT_TYPE, RETRY_AFTER, SET_COOKIE};
use http::{HeaderValue, StatusCode};
use polder_exchange::people::DecideRefused;
use polder_store::StoreError;
use serde::Serialize;

use super::over::cookie_of;
use super::{Pages, Visit, is_own, on_to};
use crate::quota::whole_seconds;
use crate::refusal::Refusal;

/// Why there is no page.
#[derive(Clone, Debug)]
pub(crate) enum PageError {
    /// Whoever asks is not logged in.
    LogIn,
    /// A form that was not sent from a page of this node, or from one of another session.
    Forged,
    /// What somebody else typed when their session was over: it is gone from then on.
    OfAnother,
    /// Whoever asks has not the role for it.
    NotAllowed,
    /// There is no such page, or not for whoever asks.
    NotFound,
    /// It cannot be done, for a reason that a message says.
    Said(StatusCode, &'static str),
    /// As many as may be.
    Busy(Duration),
    /// As many log-ins came to nothing as may, from where this one comes.
    LogInLater(Duration),
    /// Another status, with its general words.
    Status(StatusCode),
    /// A fault of ours; the log has it under this name.
    Internal(String),
}

impl PageError {
    pub(crate) fn status(status: StatusCode) -> Self {
        Self::Status(status)
    }

    pub(crate) fn internal(error: impl std::fmt::Display) -> Self {
        let instance = uuid::Uuid::new_v4().to_string();
        tracing::error!(%instance, %error, "a page failed");
        Self::Internal(instance)
    }

    fn code(&self) -> StatusCode {
        match self {
            Self::LogIn => StatusCode::UNAUTHORIZED,
            Self::Forged | Self::OfAnother | Self::NotAllowed => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Said(status, _) | Self::Status(status) => *status,
            Self::Busy(_) | Self::LogInLater(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The message that says it.
    fn message(&self) -> &'static str {
        match self {
            Self::LogIn => "problem-log-in",
            Self::Forged => "problem-forged",
            Self::OfAnother => "problem-of-another",
            Self::NotAllowed => "problem-not-allowed",
            Self::NotFound => "problem-not-found",
            Self::Said(_, message) => message,
            Self::Busy(_) => "problem-busy",
            Self::LogInLater(_) => "problem-log-in-later",
            Self::Status(_) => "problem-request",
            Self::Internal(_) => "problem-internal",
        }
    }
}

impl From<StoreError> for PageError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Full => {
                tracing::error!(%error, "a page cannot keep what was sent");
                Self::Said(StatusCode::SERVICE_UNAVAILABLE, "problem-disk")
            }
            StoreError::Busy | StoreError::ReadOnly(_) | StoreError::Unreachable(_) | StoreError::TooMany { .. } => {
                tracing::error!(%error, "a page cannot keep what was sent");
                Self::Said(StatusCode::SERVICE_UNAVAILABLE, "problem-full")
            }
            error => Self::internal(error),
        }
    }
}

impl From<DecideRefused> for PageError {
    fn from(refused: DecideRefused) -> Self {
        match refused {
            DecideRefused::Unknown | DecideRefused::UnknownRequest => Self::NotFound,
            DecideRefused::NotOpen => Self::Said(StatusCode::CONFLICT, "problem-request-over"),
            DecideRefused::NotInForce(_) => Self::Said(StatusCode::CONFLICT, "problem-not-in-force"),
            DecideRefused::NoticeDiffers => Self::Said(StatusCode::CONFLICT, "problem-notice-differs"),
            DecideRefused::NoOffer => Self::Said(StatusCode::CONFLICT, "problem-no-profile"),
            DecideRefused::ClosedTo(_) => Self::Said(StatusCode::SERVICE_UNAVAILABLE, "problem-closed"),
            DecideRefused::Enough { wait } => Self::Busy(wait),
            DecideRefused::Invalid(_) => Self::Status(StatusCode::BAD_REQUEST),
            DecideRefused::Store(error) => error.into(),
        }
    }
}

impl From<Refusal> for PageError {
    fn from(refusal: Refusal) -> Self {
        let seconds = refusal.headers().get(RETRY_AFTER).and_then(|wait| wait.to_str().ok()?.parse().ok());
        seconds.map_or_else(|| Self::Status(refusal.status()), |seconds| Self::Busy(Duration::from_secs(seconds)))
    }
}

/// The layer around every page makes a page of it: it knows the language.
impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        let mut response = self.code().into_response();
        if let Self::Busy(wait) | Self::LogInLater(wait) = &self {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(whole_seconds(*wait)));
        }
        response.extensions_mut().insert(self);
        response
    }
}

#[derive(Serialize)]
struct Problem<'p> {
    message: &'static str,
    status: u16,
    instance: Option<&'p str>,
}

/// What the way to a page refused by itself, in a few words and without a page: a parameter that cannot be read, a method that it does not take.
fn unread(response: &Response) -> Option<PageError> {
    let plain = response.headers().get(CONTENT_TYPE).is_none_or(|kind| kind.as_bytes().starts_with(b"text/plain"));
    (response.status().is_client_error() && plain).then(|| PageError::Status(response.status()))
}

/// Makes a page of what went wrong; whoever is not logged in is led to where they log in.
pub(super) fn problem(pages: &Pages, visit: &Visit, response: Response) -> Response {
    let Some(error) = response.extensions().get::<PageError>().cloned().or_else(|| unread(&response)) else { return response };
    let door = if visit.path.starts_with("/desk") { "desk" } else { "portal" };
    if response.status() == StatusCode::METHOD_NOT_ALLOWED && visit.looks {
        // An address that forms are sent to, and that somebody came back to: they begin again.
        return on_to(&format!("/{door}"));
    }
    if matches!(error, PageError::LogIn) && is_own(&visit.path) {
        let back = if visit.looks { visit.path.clone() } else { format!("/{door}") };
        let back: String = form_urlencoded::Serializer::new(String::new()).append_pair("back", &back).finish();
        let over = if visit.over.is_some() { "over=yes&" } else { "" };
        return on_to(&format!("/{door}/welcome?{over}{back}"));
    }
    let instance = match &error {
        PageError::Internal(instance) => Some(instance.as_str()),
        _ => None,
    };
    let page = Problem { message: error.message(), status: error.code().as_u16(), instance };
    match pages.show_as(error.code(), visit, "problem.html", "", page) {
        Ok(mut shown) => {
            if matches!(error, PageError::OfAnother) {
                shown.headers_mut().extend(pages.cookies().clear(cookie_of(visit)).map(|cookie| (SET_COOKIE, cookie)));
            }
            shown.headers_mut().extend(response.headers().get(RETRY_AFTER).map(|wait| (RETRY_AFTER, wait.clone())));
            shown
        }
        // The page that says so cannot be made either.
        Err(_) => error.code().into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_finds_the_disk_full_says_so() {
        assert_eq!(PageError::from(StoreError::Full).message(), "problem-disk");
        assert_eq!(PageError::from(StoreError::Busy).message(), "problem-full");
    }
}
