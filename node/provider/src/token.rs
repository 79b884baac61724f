//! A code is exchanged for an ID token (OpenID Connect Core 1.0 §3.1.3).

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::{Form, Json};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use http::header::{AUTHORIZATION, CACHE_CONTROL};
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde_json::json;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::authorize::seconds;
use crate::keys::random;
use crate::sessions::Session;
use crate::{Client, Shared};

/// How long an ID token holds, in seconds.
const LIFE: u64 = 300;

#[derive(Deserialize)]
pub(crate) struct Asked {
    grant_type: String,
    code: String,
    redirect_uri: String,
    code_verifier: String,
    client_id: Option<String>,
    client_secret: Option<String>,
}

fn refused(status: StatusCode, error: &str) -> Response {
    (status, Json(json!({"error": error}))).into_response()
}

/// The client that shows its secret, in the header or in the form (RFC 6749 §2.3.1).
fn client<'p>(provider: &'p Shared, headers: &HeaderMap, asked: &Asked) -> Option<&'p Client> {
    let (id, secret) = match headers.get(AUTHORIZATION) {
        Some(value) => {
            let encoded = value.to_str().ok()?.strip_prefix("Basic ")?;
            let text = String::from_utf8(STANDARD.decode(encoded).ok()?).ok()?;
            let (id, secret) = text.split_once(':')?;
            (unescaped(id), unescaped(secret))
        }
        None => (asked.client_id.clone()?, asked.client_secret.clone()?),
    };
    let client = provider.clients.iter().find(|client| client.id == id)?;
    bool::from(client.secret.as_bytes().ct_eq(secret.as_bytes())).then_some(client)
}

/// Both are written as in a form (RFC 6749 §2.3.1).
fn unescaped(text: &str) -> String {
    form_urlencoded::parse(format!("it={text}").as_bytes()).next().map(|(_, value)| value.into_owned()).unwrap_or_default()
}

pub(crate) async fn token(
    State(provider): State<Arc<Shared>>,
    headers: HeaderMap,
    asked: Result<Form<Asked>, axum::extract::rejection::FormRejection>,
) -> Response {
    let Ok(Form(asked)) = asked else { return refused(StatusCode::BAD_REQUEST, "invalid_request") };
    let Some(client) = client(&provider, &headers, &asked) else { return refused(StatusCode::UNAUTHORIZED, "invalid_client") };
    if asked.grant_type != "authorization_code" {
        return refused(StatusCode::BAD_REQUEST, "unsupported_grant_type");
    }
    let Some(granted) = provider.codes.take(&asked.code) else { return refused(StatusCode::BAD_REQUEST, "invalid_grant") };
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(asked.code_verifier.as_bytes()));
    if granted.client != client.id || granted.redirect_uri != asked.redirect_uri || granted.challenge != challenge {
        return refused(StatusCode::BAD_REQUEST, "invalid_grant");
    }
    let Some(person) = provider.people.get(granted.person) else { return refused(StatusCode::BAD_REQUEST, "invalid_grant") };
    let now = seconds();
    let (Ok(access), Ok(session)) = (random(24), random(16)) else {
        return refused(StatusCode::INTERNAL_SERVER_ERROR, "server_error");
    };
    let mut claims = json!({
        "iss": provider.issuer, "sub": person.subject(&client.id), "aud": client.id, "iat": now, "exp": now + LIFE,
        "auth_time": granted.authenticated_at, "acr": person.level, "name": person.name, "sid": session,
    });
    if let Some(nonce) = granted.nonce {
        claims["nonce"] = json!(nonce);
    }
    if let Some(email) = &person.email {
        (claims["email"], claims["email_verified"]) = (json!(email), json!(true));
    }
    if !person.roles.is_empty() {
        claims["roles"] = json!(person.roles);
    }
    match provider.key.sign(&claims) {
        Ok(signed) => {
            provider.sessions.keep(Session { id: session, client: client.id.clone(), person: granted.person });
            let body = json!({"access_token": access, "token_type": "Bearer", "expires_in": LIFE, "id_token": signed});
            ([(CACHE_CONTROL, "no-store")], Json(body)).into_response()
        }
        Err(error) => {
            tracing::error!(%error, "the OpenID provider of the demo cannot sign");
            refused(StatusCode::INTERNAL_SERVER_ERROR, "server_error")
        }
    }
}
