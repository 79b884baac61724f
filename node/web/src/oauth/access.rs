//! Checks the tokens of calls: each token once in full, and at each call whether its client is still in force and its key was used.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use http::{HeaderMap, Method};
use polder_store::{ActsFor, StoreError};
use polder_trust::message::REMEMBERED_SECONDS;
use sha2::{Digest, Sha256};

use super::clients::Client;
use super::issue::{Bound, Claims, of_hex};
use super::proof::{self, NotProven};
use super::provider::Taken;
use super::{OAuth, SKEW_SECONDS};
use crate::client::scope::Scope;
use crate::refusal::Refusal;

/// Most tokens that are remembered.
const MOST: usize = 20_000;

/// A client that calls, with what its token lets it do.
#[derive(Clone)]
pub(crate) struct ClientSession {
    client: Arc<Client>,
    scopes: Arc<[String]>,
    /// Until when its token counts, in seconds since 1970.
    expires: i64,
    /// The thumbprint of the key to which that is bound, where it is one for DPoP.
    key: Option<Arc<str>>,
}

impl std::fmt::Debug for ClientSession {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ClientSession({})", self.client.id)
    }
}

impl ClientSession {
    /// Which client.
    pub(crate) fn id(&self) -> &Arc<str> {
        &self.client.id
    }

    /// Whether both the token and the client, as it is registered now, have the scope.
    pub(crate) fn may(&self, scope: Scope) -> bool {
        let partner = self.client.acts_for.includes("");
        let has = |scope: Scope| {
            let of_token = self.scopes.iter().any(|one| *one == scope.name());
            self.client.scopes.contains(&scope) && of_token && (partner || !scope.is_of_partner())
        };
        scope.one_of().into_iter().any(has)
    }

    /// The thumbprint of the key by which it proves its calls (DPoP).
    pub(crate) fn key(&self) -> Option<&str> {
        self.key.as_deref()
    }

    /// Whether what it publishes lies in a sandbox.
    pub(crate) fn is_in_sandbox(&self) -> bool {
        self.client.sandbox
    }

    /// For whom it reads and writes offers.
    pub(crate) fn acts_for(&self) -> ActsFor {
        self.client.acts_for.clone()
    }
}

/// A token that was checked.
#[derive(Clone)]
struct Checked {
    /// As whoever issued it knows it.
    client: Arc<str>,
    scopes: Arc<[String]>,
    /// For whom it is, where this node issued it; one of the partner's own authorization server is for this node.
    audience: Option<Arc<str>>,
    expires: i64,
    key: Option<Arc<str>>,
    certificate: Option<Arc<str>>,
}

/// Tokens that were checked, by their hash.
#[derive(Default)]
pub(crate) struct Access(Mutex<HashMap<[u8; 32], Checked>>);

/// Why a token is not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum NoAccess {
    /// It is none of this node's, has run out, or its client has ended.
    Token(&'static str),
    /// The key to which it is bound was not used.
    Proof(NotProven),
}

const UNKNOWN: NoAccess = NoAccess::Token("this token is none of this node, or it has run out; get another one at /oauth/token");
const ENDED: NoAccess = NoAccess::Token(
    "the client of this token has ended, or the time for which it was approved is over; ask whoever registers clients at this node",
);
const CERTIFICATE: NoAccess =
    NoAccess::Token("this token is bound to a TLS certificate: call with that one, at the address for certificates");
/// A token for DPoP that came without it.
pub(crate) const BEARER: NoAccess =
    NoAccess::Token("this token is bound to a key: send it as `Authorization: DPoP …` with a proof in the header DPoP (RFC 9449)");

/// A call.
pub(crate) struct Call<'c> {
    pub method: &'c Method,
    /// The path of its address.
    pub path: &'c str,
    pub headers: &'c HeaderMap,
    /// Whether the token came with the scheme `DPoP`.
    pub dpop: bool,
    /// The SHA-256 of the TLS certificate that was shown, in hexadecimal digits.
    pub certificate: Option<&'c str>,
}

impl OAuth {
    /// The client that calls with a token.
    pub(crate) async fn client_of(&self, token: &str, call: Call<'_>) -> Result<Result<ClientSession, NoAccess>, Refusal> {
        let (issuer, now) = (self.issuer(), self.now().seconds());
        let Some(checked) = self.checked(token, now).await else { return Ok(Err(UNKNOWN)) };
        if checked.audience.as_deref().is_some_and(|audience| audience != issuer) {
            return Ok(Err(UNKNOWN));
        }
        match (&checked.key, &checked.certificate) {
            (Some(key), None) => {
                if !call.dpop {
                    return Ok(Err(BEARER));
                }
                let url = format!("{issuer}{}", call.path);
                let request = proof::For { method: call.method, url: &url, token: Some(token), key: Some(key) };
                if let Err(why) = proof::take(self, call.headers, request).await? {
                    return Ok(Err(NoAccess::Proof(why)));
                }
            }
            (None, Some(certificate)) if call.certificate.map(of_hex).as_deref() == Some(&**certificate) => {}
            (None, Some(_)) => return Ok(Err(CERTIFICATE)),
            _ => return Ok(Err(UNKNOWN)),
        }
        let clients = &self.0.clients;
        let found = match &checked.audience {
            Some(_) => clients.find(&self.0.node, &checked.client).await?,
            None => clients.find_at_provider(&self.0.node, &checked.client).await?,
        };
        let Checked { scopes, expires, key, .. } = checked;
        Ok(found.map(|client| ClientSession { client, scopes, expires, key }).ok_or(ENDED))
    }

    /// A client that called before, as it is registered now; `None` where its token has run out or it has ended.
    pub(crate) async fn still(&self, session: &ClientSession) -> Result<Option<ClientSession>, StoreError> {
        if self.now().seconds() >= session.expires {
            return Ok(None);
        }
        let found = self.0.clients.find(&self.0.node, session.id()).await?;
        Ok(found.map(|client| ClientSession { client, ..session.clone() }))
    }

    /// A client that is in force, with all that it was approved for.
    pub(crate) async fn approved(&self, id: &str) -> Result<Option<ClientSession>, StoreError> {
        let found = self.0.clients.find(&self.0.node, id).await?;
        Ok(found.map(|client| {
            let scopes = client.scopes.iter().map(|scope| scope.name()).collect();
            ClientSession { client, scopes, expires: i64::MAX, key: None }
        }))
    }

    /// The client in force that has that TLS certificate and that scope, by its id: for an interface that knows no tokens.
    pub(crate) async fn by_certificate(&self, sha256: &str, scope: Scope) -> Result<Option<Arc<str>>, StoreError> {
        let found = self.0.clients.find_by_certificate(&self.0.node, sha256, scope).await?;
        Ok(found.map(|client| Arc::clone(&client.id)))
    }

    /// The nonce that the next proof is to name.
    pub(crate) fn nonce(&self) -> String {
        self.0.nonces.now(self.now())
    }

    /// How many proofs of one key are remembered, and of how many more there is room, as headers have it (draft-ietf-httpapi-ratelimit-headers).
    pub(crate) fn proofs(&self, key: &str) -> (String, String) {
        let (most, left) = self.0.proofs.places(key);
        (format!("\"proofs\";q={most};w={REMEMBERED_SECONDS}"), format!("\"proofs\";r={left}"))
    }

    async fn checked(&self, token: &str, now: i64) -> Option<Checked> {
        let hash = Sha256::digest(token.as_bytes()).into();
        let is_in_time = |checked: &Checked| now < checked.expires;
        let known = self.0.access.0.lock().unwrap_or_else(PoisonError::into_inner).get(&hash).cloned();
        if let Some(known) = known {
            return Some(known).filter(is_in_time);
        }
        let checked = match self.0.key.verify::<Claims>(token) {
            Some(claims) => of_own(claims, now)?,
            None => of_provider(self.0.provider.as_ref()?.take(token, now).await?),
        };
        if !is_in_time(&checked) {
            return None;
        }
        let mut all = self.0.access.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MOST {
            all.retain(|_, checked| is_in_time(checked));
        }
        // One that finds no place is checked in full each time.
        if all.len() < MOST {
            all.insert(hash, checked.clone());
        }
        Some(checked)
    }
}

/// What a token of this node says.
fn of_own(claims: Claims, now: i64) -> Option<Checked> {
    let is_whole = claims.iss == claims.aud && claims.sub == claims.client_id && claims.iat <= now + SKEW_SECONDS;
    let checked = |claims: Claims| bound(claims.client_id, &claims.scope, Some(claims.aud), claims.exp, claims.cnf);
    is_whole.then(|| checked(claims))
}

/// What a token of the partner's own authorization server says.
fn of_provider(taken: Taken) -> Checked {
    bound(taken.client, &taken.scope, None, taken.expires, taken.bound)
}

fn bound(client: String, scope: &str, audience: Option<String>, expires: i64, cnf: Bound) -> Checked {
    Checked {
        client: client.into(),
        scopes: scope.split(' ').map(ToOwned::to_owned).collect(),
        audience: audience.map(Into::into),
        expires,
        key: cnf.jkt.map(Into::into),
        certificate: cnf.certificate.map(Into::into),
    }
}
