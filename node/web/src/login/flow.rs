//! The way to the provider and back.

use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::header::{LOCATION, SET_COOKIE};
use http::{HeaderMap, HeaderValue, StatusCode};
use polder_store::people::{Door, Ends, Session, SessionId};
use polder_trust::random;
use serde::Deserialize;
use subtle::ConstantTimeEq;

use super::provider::{Begun, How};
use super::{CameFrom, Identity, LoginFailed};
use crate::pages::{Cookie, PageError, Pages, Visit, is_own, on_to, whose};

/// Time to log in, in seconds.
const PATIENCE: u32 = 15 * 60;
/// The longest life of a session, in seconds.
const LONGEST: i64 = 8 * 3_600;

/// Where somebody wants to go once they are logged in.
#[derive(Deserialize)]
pub(crate) struct Asked {
    back: Option<String>,
    /// Whether they are to show again who they are.
    #[serde(default)]
    anew: bool,
}

/// What the provider sends back with somebody (OpenID Connect Core 1.0 §3.1.2.5 and §3.1.2.6, RFC 9207).
#[derive(Deserialize)]
pub(crate) struct Answer {
    state: Option<String>,
    code: Option<String>,
    iss: Option<String>,
    error: Option<String>,
}

fn home(door: Door) -> (&'static str, Cookie) {
    if door == Door::Desk { ("/desk", Cookie::Desk) } else { ("/portal", Cookie::Portal) }
}

impl From<LoginFailed> for PageError {
    fn from(failed: LoginFailed) -> Self {
        match failed {
            LoginFailed::Provider(what) => {
                tracing::error!(%what, "nobody can log in: the provider does not answer as it should");
                Self::Said(StatusCode::BAD_GATEWAY, "problem-provider")
            }
            LoginFailed::Wrong(what) => {
                tracing::warn!(%what, "a log-in does not hold");
                Self::Said(StatusCode::FORBIDDEN, "problem-login-wrong")
            }
            LoginFailed::Forbidden => {
                tracing::error!(
                    "the provider says what a node may not know, such as a citizen service number: have it say a pseudonym instead"
                );
                Self::Said(StatusCode::FORBIDDEN, "problem-login-forbidden")
            }
        }
    }
}

/// Sends somebody to the provider.
pub(crate) async fn begin(door: Door, State(pages): State<Pages>, visit: Visit, Query(asked): Query<Asked>) -> Result<Response, PageError> {
    let provider = pages.providers().of(door).ok_or(PageError::NotFound)?;
    let begun = Begun(random().map_err(PageError::internal)?);
    let how = if asked.anew { How::Anew } else { How::Usual };
    let location = provider.begin(&begun, how, visit.language).await?;
    let back = asked.back.filter(|back| is_own(back)).unwrap_or_else(|| home(door).0.to_owned());
    let kept = format!("{}.{}", URL_SAFE_NO_PAD.encode(begun.0), URL_SAFE_NO_PAD.encode(back));
    let location = HeaderValue::try_from(location).map_err(PageError::internal)?;
    let mut response = (StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response();
    response.headers_mut().extend(pages.cookies().set(Cookie::Login, &kept, Some(PATIENCE)).map(|cookie| (SET_COOKIE, cookie)));
    Ok(response)
}

/// The log-in that this browser began, and where it was to lead.
fn begun(pages: &Pages, headers: &HeaderMap) -> Option<(Begun, String)> {
    let (secret, back) = pages.cookies().sent(Cookie::Login, headers)?.split_once('.')?;
    let secret: [u8; 32] = URL_SAFE_NO_PAD.decode(secret).ok()?.try_into().ok()?;
    let back = String::from_utf8(URL_SAFE_NO_PAD.decode(back).ok()?).ok().filter(|back| is_own(back))?;
    Some((Begun(secret), back))
}

/// Somebody comes back from the provider.
pub(crate) async fn finish(
    door: Door,
    State(pages): State<Pages>,
    visit: Visit,
    came: CameFrom,
    headers: HeaderMap,
    Query(answer): Query<Answer>,
) -> Result<Response, PageError> {
    let provider = pages.providers().of(door).ok_or(PageError::NotFound)?;
    // Who did not begin here is not logged in here: nobody is led into the session of another.
    let stale = PageError::Said(StatusCode::FORBIDDEN, "problem-login-stale");
    let (begun, back) = begun(&pages, &headers).ok_or_else(|| stale.clone())?;
    let state = answer.state.unwrap_or_default();
    if !bool::from(begun.state().as_bytes().ct_eq(state.as_bytes())) {
        return Err(stale);
    }
    if let Some(error) = answer.error {
        tracing::info!(error = %error.chars().take(64).filter(char::is_ascii_graphic).collect::<String>(), "somebody did not log in");
        return Err(PageError::Said(StatusCode::FORBIDDEN, "problem-login-refused"));
    }
    let code = answer.code.ok_or(stale)?;
    // Not before: what another site has a browser ask for here says no state of that browser, and counts for nobody.
    came.tries(&pages, door)?;
    let now = pages.node().now();
    let identity = provider.finish(&begun, &code, answer.iss.as_deref(), now).await?;
    if door == Door::Desk && identity.roles.is_empty() {
        return Err(PageError::Said(StatusCode::FORBIDDEN, "problem-login-no-role"));
    }
    if door == Door::Desk && !provider.at().is_enough(&identity.level) {
        return Err(PageError::Said(StatusCode::FORBIDDEN, "problem-login-level"));
    }
    // A new name for each log-in: what somebody had set in this browser before stands for nobody.
    if let Some(before) = visit.session {
        pages.node().store().end_sessions(Ends::One(SessionId::of(&before.token))).await?;
    }
    let Identity { login, provider, provider_session, level, authenticated_at, roles, name } = identity;
    let token = whose::token(&login)?;
    let until = now.plus_seconds(LONGEST);
    let session =
        Session { door, login, provider, provider_session, level, authenticated_at, roles, name, began_at: now, seen_at: now, until };
    pages.node().store().open_session(SessionId::of(&token), session).await?;
    came.came_right(&pages, door);
    let mut response = on_to(&back);
    let cookies = pages.cookies();
    for cookie in [cookies.set(home(door).1, &token, None), cookies.clear(Cookie::Login)].into_iter().flatten() {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    Ok(response)
}

/// Somebody leaves.
pub(crate) async fn log_out(
    door: Door,
    State(pages): State<Pages>,
    visit: Visit,
    headers: HeaderMap,
    body: axum::body::Body,
) -> Result<Response, PageError> {
    let (start, cookie) = home(door);
    let Some(known) = visit.session else { return Ok(on_to(start)) };
    pages.form(&known, &headers, body).await?;
    pages.node().store().end_sessions(Ends::One(SessionId::of(&known.token))).await?;
    let mut response = on_to(&format!("{start}/welcome?left=yes"));
    response.headers_mut().extend(pages.cookies().clear(cookie).map(|cookie| (SET_COOKIE, cookie)));
    Ok(response)
}
