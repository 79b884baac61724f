//! The provider says that somebody is logged out there (OpenID Connect Back-Channel Logout 1.0): their sessions here end too.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderMap};
use http::{HeaderValue, StatusCode};
use openidconnect::JsonWebKey;
use openidconnect::core::CoreJsonWebKey;
use polder_store::people::{Door, Ends, LoginId};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::provider::{OLDEST, SKEW};
use super::{LoginAt, algorithm};
use crate::body;
use crate::pages::Pages;

/// Largest request, in bytes.
const LARGEST: usize = 16 * 1024;
/// What says that a token is one of log-out (§2.4).
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";
/// Tokens that are remembered, so that each counts once; more at a time are refused.
const MOST: usize = 10_000;

/// The log-outs that came lately, by the SHA-256 of issuer and `jti`, with the second until which they would hold.
#[derive(Default)]
pub(crate) struct Heard(Mutex<HashMap<[u8; 32], i64>>);

impl Heard {
    /// Whether it is heard for the first time.
    fn is_new(&self, issuer: &str, jti: &str, until: i64, now: i64) -> Result<bool, Refused> {
        let name = Sha256::new().chain_update(issuer).chain_update([0]).chain_update(jti).finalize().into();
        let mut heard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if heard.len() >= MOST {
            heard.retain(|_, until| *until >= now);
        }
        if heard.len() >= MOST {
            return Err(Refused::Busy);
        }
        Ok(heard.insert(name, until).is_none_or(|until| until < now))
    }
}

/// Why nobody is logged out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// The token does not hold; what of it, for the log.
    Wrong(&'static str),
    /// More of them than are remembered.
    Busy,
    /// The provider cannot be asked for its keys, or the database is not to be written.
    Later,
}

/// Whose sessions end.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Whom {
    session: Option<String>,
    subject: Option<String>,
    jti: String,
    /// Until when the token would be taken, in seconds since 1970.
    until: i64,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    typ: Option<String>,
    crit: Option<Value>,
}

/// A token in parts. Nothing of it is believed before its signature is.
pub(super) struct Token<'t> {
    signed: &'t str,
    header: Header,
    claims: Map<String, Value>,
    signature: Vec<u8>,
}

impl<'t> Token<'t> {
    fn parse(text: &'t str) -> Option<Self> {
        let (signed, signature) = text.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.')?;
        let decode = |part: &str| URL_SAFE_NO_PAD.decode(part).ok();
        Some(Self {
            signed,
            header: serde_json::from_slice(&decode(header)?).ok()?,
            claims: serde_json::from_slice(&decode(claims)?).ok()?,
            signature: decode(signature)?,
        })
    }

    /// Whether one of these keys signed it, by the algorithm that is configured.
    pub(super) fn is_signed(&self, at: &LoginAt, keys: &[CoreJsonWebKey]) -> bool {
        let named = |key: &&CoreJsonWebKey| match (&self.header.kid, key.key_id()) {
            (Some(said), Some(known)) => said == known.as_str(),
            (Some(_), None) => false,
            (None, _) => true,
        };
        let holds = |key: &CoreJsonWebKey| key.verify_signature(&at.algorithm, self.signed.as_bytes(), &self.signature).is_ok();
        keys.iter().filter(named).any(holds)
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.claims.get(name).and_then(Value::as_str)
    }

    /// Everything but the signature (§2.6).
    fn check(&self, at: &LoginAt, now: i64) -> Result<Whom, Refused> {
        let must = |holds: bool, what: &'static str| if holds { Ok(()) } else { Err(Refused::Wrong(what)) };
        must(algorithm(&self.header.alg).as_ref() == Some(&at.algorithm), "alg")?;
        must(self.header.crit.is_none(), "crit")?;
        let kind = self.header.typ.as_deref().map(str::to_ascii_lowercase);
        must(kind.is_none_or(|kind| ["logout+jwt", "application/logout+jwt", "jwt"].contains(&kind.as_str())), "typ")?;
        must(self.text("iss") == Some(&at.issuer), "iss")?;
        let is_own = match self.claims.get("aud") {
            Some(Value::String(one)) => *one == at.client_id,
            Some(Value::Array(all)) => !all.is_empty() && all.iter().all(|one| *one == at.client_id),
            _ => false,
        };
        must(is_own, "aud")?;
        let instant = |name: &str| self.claims.get(name).and_then(Value::as_i64);
        let made = instant("iat").ok_or(Refused::Wrong("iat"))?;
        must((now - OLDEST - SKEW..=now + SKEW).contains(&made), "iat")?;
        let ends = instant("exp").ok_or(Refused::Wrong("exp"))?;
        must(ends >= now - SKEW, "exp")?;
        let event = self.claims.get("events").and_then(|events| events.get(EVENT));
        must(event.is_some_and(Value::is_object), "events")?;
        must(!self.claims.contains_key("nonce"), "nonce")?;
        let bounded = |name: &str| self.text(name).filter(|text| !text.is_empty() && text.len() <= 256).map(str::to_owned);
        let jti = bounded("jti").ok_or(Refused::Wrong("jti"))?;
        let (session, subject) = (bounded("sid"), bounded("sub"));
        must(session.is_some() || subject.is_some(), "sid and sub")?;
        Ok(Whom { session, subject, jti, until: made + OLDEST + 2 * SKEW })
    }
}

/// A provider says that somebody is logged out.
pub(crate) async fn ended(door: Door, State(pages): State<Pages>, headers: HeaderMap, body: Body) -> Response {
    let (status, error) = match heard(door, &pages, &headers, body).await {
        Ok(sessions) => {
            tracing::debug!(sessions, "a provider logged somebody out");
            (StatusCode::OK, None)
        }
        Err(Refused::Wrong(what)) => {
            tracing::warn!(what, "a log-out that a provider is said to send does not hold");
            (StatusCode::BAD_REQUEST, Some("invalid_request"))
        }
        Err(Refused::Busy | Refused::Later) => (StatusCode::SERVICE_UNAVAILABLE, Some("temporarily_unavailable")),
    };
    let mut response = match error {
        Some(error) => (status, Json(json!({"error": error}))).into_response(),
        None => status.into_response(),
    };
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

async fn heard(door: Door, pages: &Pages, headers: &HeaderMap, body: Body) -> Result<u64, Refused> {
    let provider = pages.providers().of(door).ok_or(Refused::Wrong("door"))?;
    let is_form = headers.get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"application/x-www-form-urlencoded"));
    if !is_form {
        return Err(Refused::Wrong("content-type"));
    }
    let bytes = body::read(body, LARGEST).await.map_err(|_| Refused::Wrong("body"))?;
    let mut sent = form_urlencoded::parse(&bytes).filter(|(name, _)| name == "logout_token").map(|(_, value)| value);
    let (Some(text), None) = (sent.next(), sent.next()) else { return Err(Refused::Wrong("logout_token")) };
    let token = Token::parse(&text).ok_or(Refused::Wrong("form"))?;
    let (at, now) = (provider.at(), pages.node().now());
    let seconds = now.micros() / 1_000_000;
    // What costs least comes first: keys are asked for where all else holds.
    let whom = token.check(at, seconds)?;
    if !provider.signed(&token).await? {
        return Err(Refused::Wrong("signature"));
    }
    // A token that comes again logs nobody out who has logged in since.
    if !pages.providers().heard().is_new(&at.issuer, &whom.jti, whom.until, seconds)? {
        return Err(Refused::Wrong("jti"));
    }
    let which = match (whom.session, whom.subject) {
        (Some(session), _) => Ends::Provider { provider: at.issuer.clone(), session },
        (None, subject) => Ends::Of(LoginId::of(&at.issuer, &subject.unwrap_or_default()), vec![door]),
    };
    pages.node().store().end_sessions(which).await.map_err(|error| {
        tracing::error!(%error, "somebody who is logged out at the provider is logged in here still");
        Refused::Later
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_counts_once_and_no_more_are_remembered_than_may_be() {
        let heard = Heard::default();
        assert_eq!(heard.is_new("https://a", "1", 100, 0), Ok(true));
        assert_eq!(heard.is_new("https://a", "1", 100, 0), Ok(false));
        assert_eq!((heard.is_new("https://b", "1", 100, 0), heard.is_new("https://a", "2", 100, 0)), (Ok(true), Ok(true)));
        for number in 3..MOST {
            assert_eq!(heard.is_new("https://c", &number.to_string(), 100, 0), Ok(true));
        }
        assert_eq!(heard.is_new("https://c", "one more", 100, 100), Err(Refused::Busy));
        assert_eq!(heard.is_new("https://c", "one more", 300, 101), Ok(true), "what would not hold any more is forgotten");
        assert_eq!(heard.0.lock().expect("a lock").len(), 1);
    }
}
