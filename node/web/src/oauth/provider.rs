//! Access tokens of the partner's own authorization server: taken for clients that are registered here under the name that it knows them by, bound to a key
//! as this node's own are, and for no more than the client may here.

use std::sync::LazyLock;
use std::time::Duration;

use jsonwebtoken::Algorithm;
use jsonwebtoken::jwk::{Jwk, JwkSet};
use openidconnect::AsyncHttpClient;
use serde::Deserialize;
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::issue::Bound;
use super::{SKEW_SECONDS, jose};
use crate::login::Http;

/// For how long its keys are believed.
const KNOWN_FOR: Duration = Duration::from_secs(3_600);
/// The least time between two looks at them, whatever keys tokens name.
const COOLDOWN: Duration = Duration::from_secs(60);
/// For how long a token may count, in seconds.
const LONGEST_LIFE: i64 = 3_600;
/// Most keys that it may have.
const MOST_KEYS: usize = 50;

/// An authorization server whose tokens are taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokensOf {
    /// Its issuer, exactly.
    pub issuer: String,
    /// What its tokens name as audience where they are for this node.
    pub audience: String,
    /// Where its public keys are (JWKS).
    pub keys: String,
    /// The one algorithm by which it signs.
    pub algorithm: String,
}

/// Such a server, and the keys that it had lately.
pub(super) struct Provider {
    at: TokensOf,
    algorithm: Algorithm,
    http: LazyLock<Result<Http, String>>,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    keys: Vec<Jwk>,
    /// When they were read.
    read: Option<Instant>,
    /// When they were last asked for.
    asked: Option<Instant>,
}

/// What its tokens claim.
#[derive(Deserialize)]
struct Claims {
    iss: String,
    /// One text: a token for others as well could be shown by them.
    aud: String,
    /// RFC 9068; OAuth-NL calls it `azp`.
    client_id: Option<String>,
    azp: Option<String>,
    exp: i64,
    iat: i64,
    nbf: Option<i64>,
    #[serde(default)]
    scope: String,
    cnf: Bound,
}

/// A token of it that holds.
pub(super) struct Taken {
    /// The client, as that server knows it.
    pub client: String,
    pub scope: String,
    pub expires: i64,
    pub bound: Bound,
}

impl Provider {
    /// `None` where the algorithm is none that can be verified.
    pub(super) fn new(at: TokensOf) -> Option<Self> {
        let algorithm = match at.algorithm.as_str() {
            "RS256" => Algorithm::RS256,
            "PS256" => Algorithm::PS256,
            "ES256" => Algorithm::ES256,
            "ES384" => Algorithm::ES384,
            "EdDSA" => Algorithm::EdDSA,
            _ => return None,
        };
        // Made when it is first needed: it holds all certificates that this machine trusts.
        let http =
            if at.keys.starts_with("http:") { LazyLock::new(Http::plain as fn() -> _) } else { LazyLock::new(Http::new as fn() -> _) };
        Some(Self { at, algorithm, http, known: Mutex::default() })
    }

    /// What a token says, if it is of this server, for this node, and in time.
    pub(super) async fn take(&self, token: &str, now: i64) -> Option<Taken> {
        let header = jose::header(token)?;
        let is_access = header.typ.as_deref().is_none_or(|typ| ["at+jwt", "application/at+jwt", "JWT"].contains(&typ));
        if header.alg != self.algorithm || !is_access {
            return None;
        }
        let key = self.key(&header.kid?).await?;
        let claims: Claims = jose::claims_by(token, &jsonwebtoken::DecodingKey::from_jwk(&key).ok()?, self.algorithm)?;
        let lately = |at: i64| at <= now.saturating_add(SKEW_SECONDS);
        let is_ours = claims.iss == self.at.issuer && claims.aud == self.at.audience;
        let is_in_time = now < claims.exp && claims.exp.saturating_sub(claims.iat) <= LONGEST_LIFE && lately(claims.iat);
        let client = claims.client_id.or(claims.azp)?;
        let holds = is_ours && is_in_time && claims.nbf.is_none_or(lately);
        holds.then_some(Taken { client, scope: claims.scope, expires: claims.exp, bound: claims.cnf })
    }

    /// The key of that id. Keys are read anew when they are old, or one is missing, though not often.
    async fn key(&self, id: &str) -> Option<Jwk> {
        let mut known = self.known.lock().await;
        let now = Instant::now();
        let find = |known: &Known| known.keys.iter().find(|key| key.common.key_id.as_deref() == Some(id)).cloned();
        let is_fresh = known.read.is_some_and(|read| now < read + KNOWN_FOR);
        let found = find(&known).filter(|_| is_fresh);
        if found.is_some() || known.asked.is_some_and(|asked| now < asked + COOLDOWN) {
            return found;
        }
        known.asked = Some(now);
        match self.read().await {
            Ok(keys) => *known = Known { keys, read: Some(now), asked: Some(now) },
            Err(why) => tracing::warn!(issuer = self.at.issuer, why, "the keys of the authorization server cannot be read"),
        }
        find(&known).filter(|_| known.read.is_some_and(|read| now < read + KNOWN_FOR))
    }

    async fn read(&self) -> Result<Vec<Jwk>, String> {
        let http = self.http.as_ref().map_err(Clone::clone)?;
        let request = http::Request::get(&self.at.keys).body(Vec::new()).map_err(|error| error.to_string())?;
        let reply = http.call(request).await.map_err(|error| error.to_string())?;
        if !reply.status().is_success() {
            return Err(format!("status {}", reply.status()));
        }
        // A key of a kind that is not known here is left out, not the others with it.
        let set: serde_json::Value = serde_json::from_slice(reply.body()).map_err(|_| "no JSON".to_owned())?;
        let keys = set["keys"].as_array().ok_or("no keys")?.iter().take(MOST_KEYS);
        let keys = keys.filter_map(|key| serde_json::from_value(key.clone()).ok()).collect();
        Ok(JwkSet { keys }.keys)
    }
}
