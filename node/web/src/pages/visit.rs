//! Who visits a page, in which language: found out once, before the page is made.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{ACCEPT_LANGUAGE, SET_COOKIE, VARY};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method};
use polder_consent::WorkerId;
use polder_exchange::people::Language;
use polder_model::Kind;
use polder_store::StoredOffer;
use polder_store::people::{Door, LoggedIn};

use super::cookies::{Cookie, Cookies};
use super::problem::problem;
use super::{PageError, Pages, secured};
use crate::body;
use crate::serve::Connection;

/// Somebody who visits a page.
#[derive(Clone, Debug)]
pub(crate) struct Visit {
    pub language: Language,
    /// The address of the page, with its parameters.
    pub path: String,
    /// Whether it is only looked at: then it can be gone back to.
    pub looks: bool,
    /// The session at this door, with the token that stands for it.
    pub session: Option<Known>,
    /// The token of a session at this door that is over.
    pub over: Option<String>,
}

/// A session that is in force.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    pub token: String,
    pub is: LoggedIn,
}

impl Visit {
    /// The address of the page, without parameters.
    pub(crate) fn place(&self) -> &str {
        self.path.split('?').next().unwrap_or_default()
    }

    /// The door that it leads to.
    pub(crate) fn door(&self) -> Door {
        if self.place() == "/desk" || self.place().starts_with("/desk/") { Door::Desk } else { Door::Portal }
    }
}

/// Finds out who visits, lets through as much as one may ask, and makes every response one of a page.
pub(crate) async fn received(State(pages): State<Pages>, mut request: Request, next: Next) -> Response {
    let picked = picked(&request);
    let language = picked.unwrap_or_else(|| language(pages.cookies(), request.headers()));
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
    // What a provider sent back is for one use, and stands in no page.
    let path = path.split_once("/login").map_or(path, |(door, _)| door).to_owned();
    let looks = matches!(*request.method(), Method::GET | Method::HEAD);
    let mut visit = Visit { language, path, looks, session: None, over: None };
    let response = match admitted(&pages, &mut visit, &mut request).await {
        Ok(place) => {
            request.extensions_mut().insert(visit.clone());
            let response = next.run(request).await;
            match place {
                Some(place) => response.map(|body| body::holding(body, place)),
                None => response,
            }
        }
        Err(error) => error.into_response(),
    };
    let mut response = problem(&pages, &visit, response);
    response.headers_mut().extend(picked.into_iter().filter_map(|picked| Some((SET_COOKIE, pages.cookies().language(picked)?))));
    response.headers_mut().append(VARY, HeaderValue::from_static("accept-language, cookie"));
    secured(&mut response);
    response
}

type Place = crate::quota::Place;

/// The language that is picked on a page that answers a form: the same form, sent once more, says it in its address.
fn picked(request: &Request) -> Option<Language> {
    let said = request.uri().query().filter(|_| request.method() == Method::POST)?;
    form_urlencoded::parse(said.as_bytes()).find_map(|(name, value)| (name == "language").then(|| named(&value)).flatten())
}

async fn admitted(pages: &Pages, visit: &mut Visit, request: &mut Request) -> Result<Option<Place>, PageError> {
    let door = visit.door();
    let cookie = if door == Door::Desk { Cookie::Desk } else { Cookie::Portal };
    if request.uri().path().starts_with("/reference") {
        // Those are for everybody, whoever is logged in elsewhere.
        return Ok(None);
    }
    let Some(token) = pages.cookies().sent(cookie, request.headers()).map(str::to_owned) else { return Ok(None) };
    let Some(is) = pages.session(&token, door).await? else {
        visit.over = Some(token);
        return Ok(None);
    };
    if let Some(connection) = request.extensions().get::<Arc<Connection>>() {
        connection.recognise();
    }
    let place = pages.callers().of(&is.session.login).admit(false)?;
    visit.session = Some(Known { token, is });
    Ok(Some(place))
}

/// A language of the pages, by its code.
pub(super) fn named(code: &str) -> Option<Language> {
    [Language::Nl, Language::En].into_iter().find(|language| language.as_str() == code)
}

/// The language that was picked, or that the browser prefers; Dutch where neither is one that there is.
fn language(cookies: &Cookies, headers: &HeaderMap) -> Language {
    if let Some(picked) = cookies.sent(Cookie::Language, headers).and_then(named) {
        return picked;
    }
    let accepted = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut best = (Language::Nl, 0.0);
    for part in accepted.split(',') {
        let (tag, weight) = part.split_once(";q=").unwrap_or((part, "1"));
        let weight: f32 = weight.trim().parse().unwrap_or(0.0);
        let primary = tag.trim().split('-').next().unwrap_or_default();
        let Some(language) = named(primary) else { continue };
        if weight > best.1 {
            best = (language, weight);
        }
    }
    best.0
}

impl<S: Sync> FromRequestParts<S> for Visit {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, PageError> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| PageError::internal("a page that nobody was let in to"))
    }
}

/// A worker who is logged in.
#[derive(Clone, Debug)]
pub(crate) struct Worker {
    pub visit: Visit,
    pub known: Known,
}

impl Worker {
    /// The worker, where they have written a profile.
    pub(crate) fn id(&self) -> Option<WorkerId> {
        self.known.is.worker
    }

    /// The bytes of their profile; `None` where none is written, or it was deleted.
    pub(crate) async fn profile(&self, pages: &Pages) -> Result<Option<Vec<u8>>, PageError> {
        Ok(self.stored(pages).await?.map(|offer| offer.document))
    }

    /// Their profile with its tag.
    pub(crate) async fn stored(&self, pages: &Pages) -> Result<Option<StoredOffer>, PageError> {
        let Some(offer) = &self.known.is.offer else { return Ok(None) };
        Ok(pages.node().store().offer(Kind::SkillOffer, offer).await?)
    }

    /// The worker, with a name from now on where they have a profile.
    pub(crate) async fn named(&self, pages: &Pages) -> Result<Option<WorkerId>, PageError> {
        match (self.id(), &self.known.is.offer) {
            (Some(id), _) => Ok(Some(id)),
            (None, Some(offer)) => Ok(pages.node().store().worker_of(offer, pages.node().now()).await?),
            (None, None) => Ok(None),
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Worker {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, PageError> {
        let visit = Visit::from_request_parts(parts, state).await?;
        let known = visit.session.clone().filter(|known| known.is.session.door == Door::Portal);
        known.map(|known| Self { visit, known }).ok_or(PageError::LogIn)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::header::COOKIE;

    #[test]
    fn the_language_is_the_one_that_was_picked_or_that_the_browser_prefers() {
        let of = |accepted: &str, cookie: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_str(accepted).expect("a value"));
            headers.insert(COOKIE, HeaderValue::from_str(cookie).expect("a value"));
            language(&Cookies::of("https://werk.example"), &headers)
        };
        for accepted in ["", "nl", "nl-NL,nl;q=0.9,en;q=0.8", "de,fr", "en;q=0.1,nl;q=0.2", "en;q=nothing"] {
            assert_eq!(of(accepted, ""), Language::Nl, "{accepted}");
        }
        for accepted in ["en", "en-GB,en;q=0.9", "de, en;q=0.5, nl;q=0.4"] {
            assert_eq!(of(accepted, ""), Language::En, "{accepted}");
            assert_eq!(of(accepted, "__Host-polder-language=nl"), Language::Nl);
        }
        assert_eq!(of("nl", "__Host-polder-language=en"), Language::En);
    }
}
