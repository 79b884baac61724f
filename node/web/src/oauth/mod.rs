//! Systems of the partner that call its node: how they show who they are, and the short-lived tokens that they get for it (OAuth 2.0, client credentials).
//!
//! - `document` is what a client may do, as it was registered;
//! - `clients` is every client in force, kept in memory and read anew when one has changed, so that what is ended is refused with the next call;
//! - `assertion` is the proof by which a client shows who it is (RFC 7523), `proof` the one by which it shows that a token is its own (DPoP, RFC 9449);
//! - `keys` are those of another server whose tokens are taken;
//! - `provider` takes tokens of the partner's own authorization server, for clients that are registered here;
//! - `backoff` has those wait who go on failing;
//! - `issue` gives tokens, `access` checks them, `metadata` says how all of it is done (RFC 8414);
//! - `key` signs tokens.
//!
//! A token is bound to a key of its client, and is worth nothing without it. A scope never stands in the place of a worker's consent.

mod access;
mod assertion;
mod backoff;
mod clients;
pub(crate) mod document;
mod issue;
pub(crate) mod jose;
mod key;
pub(crate) mod keys;
mod metadata;
mod nonce;
mod problem;
mod proof;
mod provider;
mod reading;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};
use polder_exchange::Node;
use polder_model::Timestamp;
use polder_trust::message::ReplayCache;

use crate::serve::ServerOptions;
use crate::tries::Tries;
use access::Access;
pub(crate) use access::{BEARER, Call, ClientSession, NoAccess};
use backoff::Backoff;
use clients::Clients;
use document::Ways;
pub use key::{TOKEN_KEY_FILE, TokenKey, TokenKeyError};
pub use keys::KeysAt;
use nonce::Nonces;
pub(crate) use proof::{DPOP_NONCE, NotProven};
use provider::Provider;
pub use provider::TokensOf;

/// How long a token counts, in seconds.
pub(crate) const TOKEN_SECONDS: i64 = 300;
/// How far a client's clock may differ from this node's, in seconds.
pub(crate) const SKEW_SECONDS: i64 = 30;

/// What the handlers share.
#[derive(Clone)]
pub(crate) struct OAuth(Arc<Inner>);

struct Inner {
    node: Arc<Node>,
    /// Under which address browsers reach this node, where it has pages.
    pages_url: Option<String>,
    /// On which it listens for clients.
    client_url: String,
    /// Where it takes TLS certificates of clients.
    certificates_url: Option<String>,
    key: TokenKey,
    clients: Clients,
    nonces: Nonces,
    /// Proofs of possession that were shown.
    proofs: ReplayCache,
    access: Access,
    tries: Tries,
    backoff: Backoff,
    /// The authorization server of the partner, where its tokens are taken too.
    provider: Option<Provider>,
}

impl OAuth {
    pub(crate) fn new(node: Arc<Node>, options: &ServerOptions, key: TokenKey) -> Self {
        let (nonces, proofs) = (Nonces::new(&key, node.store().is_shared()), ReplayCache::new(node.now()));
        let tries = Tries::new(options.limits.client_failed_tries_per_minute);
        let (pages_url, client_url) = (options.pages.as_ref().map(|pages| pages.url.clone()), options.client_url.clone());
        let (clients, access, certificates_url) = (Clients::default(), Access::default(), options.certificates_url.clone());
        let (backoff, provider) = (Backoff::default(), options.tokens_of.clone().and_then(Provider::new));
        Self(Arc::new(Inner {
            node,
            pages_url,
            client_url,
            certificates_url,
            key,
            clients,
            nonces,
            proofs,
            access,
            tries,
            backoff,
            provider,
        }))
    }

    /// The issuer of tokens, which is their audience too: the address under which clients reach this node, by its configuration or else the register.
    pub(crate) fn issuer(&self) -> String {
        let inner = &self.0;
        let in_register = || inner.node.register().member(&inner.node.home().partner).and_then(|own| own.client_url.clone());
        let address = inner.pages_url.clone().or_else(in_register).unwrap_or_else(|| inner.client_url.clone());
        address.trim_end_matches('/').to_owned()
    }

    /// Which ways beside keys this node has for systems to show who they are.
    pub(crate) fn ways(&self) -> Ways {
        Ways { certificates: self.0.certificates_url.is_some(), provider: self.0.provider.is_some() }
    }

    /// A secret for something else, known to all replicas of this node: it follows from the key of tokens, and whoever has that key has it.
    pub(crate) fn secret_for(&self, what: &str) -> [u8; 32] {
        self.0.key.secret_for(what)
    }

    fn now(&self) -> Timestamp {
        self.0.node.now()
    }
}

/// The routes beside the client interface.
pub(crate) fn router(oauth: &OAuth) -> Router {
    Router::new()
        .route("/oauth/token", post(issue::token))
        .route("/oauth/jwks", get(metadata::keys))
        .route("/.well-known/oauth-authorization-server", get(metadata::server))
        .layer(axum::middleware::from_fn(crate::client::framing::one_reading))
        .layer(axum::middleware::from_fn(crate::client::every_response))
        .with_state(oauth.clone())
}
