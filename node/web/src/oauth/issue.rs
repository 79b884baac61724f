//! `POST /oauth/token`: a client shows who it is, and gets a token that counts five minutes and only beside its key (RFC 6749 section 4.4, RFC 9449).

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Extension;
use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue, Method};
use serde::{Deserialize, Serialize};

use super::backoff::From;
use super::clients::Client;
use super::problem::NoToken;
use super::proof::{self, DPOP_NONCE, NotProven};
use super::{OAuth, TOKEN_SECONDS, assertion};
use crate::body;
use crate::client::scope::Scope;
use crate::serve::Connection;

/// Most bytes of a request for a token.
const LARGEST: usize = 16 * 1024;
const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// What a token claims (RFC 9068).
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Claims {
    pub iss: String,
    pub aud: String,
    pub sub: String,
    pub client_id: String,
    pub iat: i64,
    pub exp: i64,
    pub jti: String,
    pub scope: String,
    pub cnf: Bound,
}

/// The key to which a token is bound.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Bound {
    /// The thumbprint of the key by which proofs are signed (RFC 9449).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jkt: Option<String>,
    /// The SHA-256 of the TLS certificate (RFC 8705), in base64url.
    #[serde(rename = "x5t#S256", skip_serializing_if = "Option::is_none")]
    pub certificate: Option<String>,
}

#[derive(Serialize)]
struct Token {
    access_token: String,
    token_type: &'static str,
    expires_in: i64,
    scope: String,
}

/// What a client asks.
#[derive(Default)]
struct Asked {
    grant_type: Option<String>,
    client_id: Option<String>,
    client_assertion_type: Option<String>,
    client_assertion: Option<String>,
    scope: Option<String>,
    resource: Option<String>,
}

/// A token, or why there is none.
pub(super) async fn token(
    State(oauth): State<OAuth>,
    connection: Option<Extension<Arc<Connection>>>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let issued = issue(&oauth, connection.as_ref().map(|Extension(connection)| &**connection), &headers, body).await;
    let nonce = matches!(issued, Ok(_) | Err(NoToken::Nonce(_)));
    let mut response = match (issued, connection) {
        (Ok(token), connection) => {
            if let Some(Extension(connection)) = connection {
                connection.recognise();
            }
            axum::Json(&token).into_response()
        }
        (Err(refused @ NoToken::Refused("invalid_client", _)), Some(Extension(connection))) => {
            match oauth.0.tries.more(connection.origin) {
                Ok(()) => refused.into_response(),
                Err(wait) => NoToken::TooMany(wait).into_response(),
            }
        }
        (Err(refused), _) => refused.into_response(),
    };
    if nonce && let Ok(nonce) = HeaderValue::from_str(&oauth.0.nonces.now(oauth.now())) {
        response.headers_mut().insert(DPOP_NONCE, nonce);
    }
    response
}

async fn issue(oauth: &OAuth, connection: Option<&Connection>, headers: &HeaderMap, body: Body) -> Result<Token, NoToken> {
    let issuer = oauth.issuer();
    let asked = read(headers, body).await?;
    match asked.grant_type.as_deref() {
        Some("client_credentials") => {}
        Some(_) => return Err(NoToken::Refused("unsupported_grant_type", "grant_type is client_credentials".to_owned())),
        None => return Err(NoToken::request("grant_type is missing: it is client_credentials")),
    }
    if asked.resource.as_ref().is_some_and(|resource| *resource != issuer) {
        return Err(NoToken::Refused("invalid_target", format!("resource is {issuer}, or left out")));
    }
    let certificate = connection.and_then(|connection| connection.certificate.as_deref());
    // Before the assertion is used up: with the nonce, the same one comes again (RFC 9449, section 8).
    let proof = check(oauth, headers, &issuer);
    if let (None, Err(why @ NotProven::Nonce)) = (certificate, &proof) {
        return Err(NoToken::Nonce(why.to_string()));
    }
    let client = authenticated_in_time(oauth, &asked, connection, &issuer).await?;
    client.takes_token().map_err(NoToken::TooMany)?;
    let scope = scope_of(&client, asked.scope.as_deref())?;
    let cnf = match certificate {
        Some(sha256) => Bound { jkt: None, certificate: Some(of_hex(sha256)) },
        None => Bound { jkt: Some(proven(oauth, proof).await?), certificate: None },
    };
    let token_type = if cnf.jkt.is_some() { "DPoP" } else { "Bearer" };
    let now = oauth.now().seconds();
    let jti = polder_trust::random::<16>().map_err(|error| NoToken::Failed(crate::refusal::Refusal::internal(&error)))?;
    let claims = Claims {
        iss: issuer.clone(),
        aud: issuer,
        sub: client.id.to_string(),
        client_id: client.id.to_string(),
        iat: now,
        exp: now + TOKEN_SECONDS,
        jti: URL_SAFE_NO_PAD.encode(jti),
        scope: scope.clone(),
        cnf,
    };
    let unsigned = || NoToken::Failed(crate::refusal::Refusal::internal(&"a token could not be signed"));
    Ok(Token { access_token: oauth.0.key.sign(&claims).ok_or_else(unsigned)?, token_type, expires_in: TOKEN_SECONDS, scope })
}

/// Reads the form; each field once.
async fn read(headers: &HeaderMap, body: Body) -> Result<Asked, NoToken> {
    let form = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).and_then(|value| value.split(';').next());
    if !form.is_some_and(|form| form.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded")) {
        return Err(NoToken::request("send the parameters as application/x-www-form-urlencoded"));
    }
    if headers.contains_key(http::header::AUTHORIZATION) {
        return Err(NoToken::request(
            "leave the header Authorization out: a client shows who it is by client_assertion (private_key_jwt) or by its TLS certificate, never by a \
             password",
        ));
    }
    let body = body::read(body, LARGEST).await?;
    let mut asked = Asked::default();
    for (name, value) in form_urlencoded::parse(&body) {
        let field = match &*name {
            "grant_type" => &mut asked.grant_type,
            "client_id" => &mut asked.client_id,
            "client_assertion_type" => &mut asked.client_assertion_type,
            "client_assertion" => &mut asked.client_assertion,
            "scope" => &mut asked.scope,
            "resource" => &mut asked.resource,
            "client_secret" => {
                return Err(NoToken::request("this node has no client secrets: register a public key, and send client_assertion"));
            }
            // A server ignores parameters that it does not know (RFC 6749, section 3.2).
            _ => continue,
        };
        if field.replace(value.into_owned()).is_some() {
            return Err(NoToken::request(format!("{name} stands there more than once")));
        }
    }
    Ok(asked)
}

/// The client that asks, unless whoever calls by its name from there has failed too often.
async fn authenticated_in_time(
    oauth: &OAuth,
    asked: &Asked,
    connection: Option<&Connection>,
    issuer: &str,
) -> Result<Arc<Client>, NoToken> {
    let certificate = connection.and_then(|connection| connection.certificate.as_deref());
    let claimed = asked.client_assertion.as_deref().map_or_else(|| asked.client_id.clone(), assertion::claimed);
    let from = connection.zip(claimed).map(|(connection, claimed)| From::of(&claimed, connection.origin));
    let backoff = &oauth.0.backoff;
    if let Some(from) = &from {
        backoff.may(from, Instant::now()).map_err(NoToken::Failing)?;
    }
    let authenticated = authenticated(oauth, asked, certificate, issuer).await;
    match (&from, &authenticated) {
        (Some(from), Ok(_)) => backoff.succeeded(from),
        (Some(from), Err(NoToken::Refused("invalid_client", _))) => backoff.failed(from, Instant::now()),
        _ => {}
    }
    authenticated
}

/// The client that asks, once it has shown who it is.
async fn authenticated(oauth: &OAuth, asked: &Asked, certificate: Option<&str>, issuer: &str) -> Result<Arc<Client>, NoToken> {
    let refused = |id: &str, why: &dyn std::fmt::Display| {
        // The id is what somebody sent: it is shortened, and has no line of its own.
        let shown: String = id.chars().filter(|one| !one.is_control()).take(64).collect();
        tracing::info!(client = shown, why = %why, "a client did not show who it is");
        NoToken::client()
    };
    let clients = &oauth.0.clients;
    if let Some(assertion) = &asked.client_assertion {
        if asked.client_assertion_type.as_deref() != Some(ASSERTION_TYPE) {
            return Err(NoToken::request(format!("client_assertion_type is {ASSERTION_TYPE}")));
        }
        let Some(id) = assertion::claimed(assertion) else { return Err(refused("", &assertion::NotTaken::Signature)) };
        if asked.client_id.as_ref().is_some_and(|given| *given != id) {
            return Err(NoToken::request("client_id is another one than sub of the assertion; leave it out"));
        }
        let found = clients.find(&oauth.0.node, &id).await?;
        let Some(client) = found else { return Err(refused(&id, &assertion::NotTaken::Client)) };
        return match assertion::take(oauth, &client, assertion, issuer).await? {
            Ok(()) => Ok(client),
            Err(why) => Err(refused(&id, &why)),
        };
    }
    let Some(certificate) = certificate else {
        return Err(NoToken::request("client_assertion is missing: a JWT signed by a key of the client (private_key_jwt, RFC 7523)"));
    };
    let id = asked.client_id.as_deref().ok_or_else(|| NoToken::request("client_id is missing"))?;
    let found = clients.find(&oauth.0.node, id).await?;
    found
        .filter(|client| client.has_certificate(certificate))
        .ok_or_else(|| refused(id, &"the certificate is none of a client of this id in force"))
}

/// What the token lets do: what is asked, or everything that the client may.
fn scope_of(client: &Client, asked: Option<&str>) -> Result<String, NoToken> {
    let may: Vec<String> = client.scopes.iter().copied().map(Scope::name).collect();
    let Some(asked) = asked.filter(|asked| !asked.trim().is_empty()) else { return Ok(may.join(" ")) };
    let mut wanted: Vec<&str> = asked.split(' ').filter(|one| !one.is_empty()).collect();
    wanted.sort_unstable();
    wanted.dedup();
    if wanted.iter().any(|one| !may.iter().any(|may| may == one)) {
        return Err(NoToken::Refused("invalid_scope", format!("this client may have of these: {}", may.join(" "))));
    }
    Ok(wanted.join(" "))
}

/// Checks the proof that goes with the request for a token.
fn check(oauth: &OAuth, headers: &HeaderMap, issuer: &str) -> Result<proof::Checked, NotProven> {
    proof::check(oauth, headers, &proof::For { method: &Method::POST, url: &format!("{issuer}/oauth/token"), token: None, key: None })
}

/// The thumbprint of the key that the token is to be bound to.
async fn proven(oauth: &OAuth, checked: Result<proof::Checked, NotProven>) -> Result<String, NoToken> {
    let proven = match checked {
        Ok(checked) => proof::use_up(oauth, checked).await?,
        Err(why) => Err(why),
    };
    match proven {
        Ok(thumbprint) => Ok(thumbprint),
        Err(NotProven::Full) => Err(NoToken::TooMany(Duration::from_secs(60))),
        Err(why @ NotProven::Nonce) => Err(NoToken::Nonce(why.to_string())),
        Err(NotProven::Missing) => {
            let detail =
                "a token is bound to a key: send a proof in the header DPoP (RFC 9449), or call with a TLS certificate of the client";
            Err(NoToken::Refused("invalid_dpop_proof", detail.to_owned()))
        }
        Err(why) => Err(NoToken::Refused("invalid_dpop_proof", why.to_string())),
    }
}

/// Hexadecimal digits as base64url.
pub(super) fn of_hex(digits: &str) -> String {
    URL_SAFE_NO_PAD.encode(hex::decode(digits).unwrap_or_default())
}
