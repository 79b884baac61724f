//! A small OpenID provider (OpenID Connect Core 1.0, authorization code flow) with people who are made up: whoever asks picks one of them, without a password.
//!
//! It is there so that the demo and the tests log in by the very path that a real provider is used by. It knows nothing of polder, and shares no code with what
//! checks its tokens. It serves plain HTTP on loopback alone, and never real people.

mod authorize;
mod codes;
mod keys;
mod page;
mod people;
mod sessions;
mod token;

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

use axum::extract::State;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};

use codes::Codes;
use keys::Key;
pub use keys::NoKey;
pub use people::{Client, Person};
use sessions::Sessions;

/// What a provider is told.
#[derive(Clone, Debug)]
pub struct Provider {
    /// Who may ask it.
    pub clients: Vec<Client>,
    /// Whom it knows.
    pub people: Vec<Person>,
}

/// What handlers share.
pub(crate) struct Shared {
    issuer: String,
    clients: Vec<Client>,
    people: Vec<Person>,
    key: Key,
    codes: Codes,
    sessions: Sessions,
}

/// Why a provider cannot serve.
#[derive(Debug)]
pub enum Failed {
    /// The address is reached from elsewhere: anybody could log in as anybody.
    NotLoopback(SocketAddr),
    /// The socket.
    Io(io::Error),
    /// The key.
    Key(NoKey),
}

impl std::fmt::Display for Failed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NotLoopback(address) => write!(f, "{address} is reached from elsewhere; this provider is for this machine alone"),
            Self::Io(error) => write!(f, "the provider cannot listen: {error}"),
            Self::Key(error) => write!(f, "the provider has no key: {error}"),
        }
    }
}

impl std::error::Error for Failed {}

impl Provider {
    /// Serves until the task ends. The issuer is `http://` and the address of the socket.
    ///
    /// # Errors
    /// When the address is not on loopback, the socket cannot be used, or there is no randomness for a key.
    pub fn serve(self, listener: TcpListener) -> Result<tokio::task::JoinHandle<()>, Failed> {
        let address = listener.local_addr().map_err(Failed::Io)?;
        if !address.ip().is_loopback() {
            return Err(Failed::NotLoopback(address));
        }
        listener.set_nonblocking(true).map_err(Failed::Io)?;
        let listener = tokio::net::TcpListener::from_std(listener).map_err(Failed::Io)?;
        let key = Key::fresh().map_err(Failed::Key)?;
        let shared = Shared {
            issuer: format!("http://{address}"),
            clients: self.clients,
            people: self.people,
            key,
            codes: Codes::default(),
            sessions: Sessions::default(),
        };
        let router = router(shared);
        Ok(tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, router).await {
                tracing::error!(%error, "the OpenID provider of the demo stopped");
            }
        }))
    }
}

fn router(shared: Shared) -> Router {
    Router::new()
        .route("/.well-known/openid-configuration", get(discovery))
        .route("/jwks", get(jwks))
        .route("/authorize", get(authorize::choose).post(authorize::chosen))
        .route("/token", post(token::token))
        .route("/sessions", get(sessions::sessions).post(sessions::end))
        .with_state(Arc::new(shared))
}

/// OpenID Connect Discovery 1.0 §3.
async fn discovery(State(provider): State<Arc<Shared>>) -> Json<Value> {
    let issuer = &provider.issuer;
    Json(json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/jwks"),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["ES256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "code_challenge_methods_supported": ["S256"],
        "scopes_supported": ["openid", "profile"],
        "claims_supported": ["sub", "iss", "aud", "exp", "iat", "auth_time", "nonce", "acr", "name", "email", "email_verified", "roles", "sid"],
        "authorization_response_iss_parameter_supported": true,
        "backchannel_logout_supported": true,
        "backchannel_logout_session_supported": true,
    }))
}

async fn jwks(State(provider): State<Arc<Shared>>) -> Json<Value> {
    Json(provider.key.jwks())
}
