//! Tokens that this node gets from another authorization server, to call a source of somebody else's: client credentials, by an assertion that a key of its
//! own signs (`private_key_jwt`, RFC 7523). A token is kept until shortly before it runs out, and got once for all who want it.

use std::fmt;
use std::sync::{Arc, LazyLock};

use jsonwebtoken::{Algorithm, EncodingKey, Header};
use oauth2::basic::BasicClient;
use oauth2::{AuthType, ClientId, EndpointNotSet, EndpointSet, RequestTokenError, Scope, TokenResponse, TokenUrl};
use polder_exchange::Clock;
use polder_model::Timestamp;
use rustls_pki_types::PrivateKeyDer;
use rustls_pki_types::pem::PemObject;
use serde::Serialize;
use tokio::sync::Mutex;

use crate::login::Http;

/// How long before its end a token is replaced, in seconds; a short one at half its life.
const EARLY_SECONDS: i64 = 60;
/// For how long a token counts that does not say so, in seconds.
const LIFE_SECONDS: i64 = 300;
/// For how long an assertion counts, in seconds.
const ASSERTION_SECONDS: i64 = 60;
/// The time before it is asked again after a failure, in seconds: the first time, and the longest. It doubles in between.
const AGAIN_SECONDS: std::ops::RangeInclusive<i64> = 5..=300;
const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

type Client = BasicClient<EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointSet>;

/// Where tokens come from, and as whom they are asked for.
#[derive(Clone, Debug)]
pub struct BearerAt {
    /// The address of the token endpoint.
    pub token_url: String,
    /// What the assertion names as its audience: the issuer.
    pub audience: String,
    /// The id of this node there.
    pub client: String,
    /// The id of the key there, if it has one.
    pub key_id: Option<String>,
    /// What the token is to let do, parted by spaces; empty: whatever the client may.
    pub scope: String,
}

/// A key by which a node shows who it is elsewhere.
pub struct BearerKey {
    key: EncodingKey,
    algorithm: Algorithm,
}

impl BearerKey {
    /// Reads a private key in PEM: of P-256 (ES256) or Ed25519 (EdDSA) as PKCS #8, of RSA (PS256, RS256) as PKCS #1.
    ///
    /// # Errors
    /// What is expected, where it is no such key or another algorithm.
    pub fn read(pem: &[u8], algorithm: &str) -> Result<Self, String> {
        let form = || {
            "a private key in PEM is expected: of P-256 for ES256 or Ed25519 for EdDSA as PKCS #8 (BEGIN PRIVATE KEY), of RSA for PS256 or RS256 as PKCS #1 \
             (BEGIN RSA PRIVATE KEY)"
                .to_owned()
        };
        let (key, algorithm) = match (PrivateKeyDer::from_pem_slice(pem).map_err(|_| form())?, algorithm) {
            (PrivateKeyDer::Pkcs8(der), "ES256") => (EncodingKey::from_ec_der(der.secret_pkcs8_der()), Algorithm::ES256),
            (PrivateKeyDer::Pkcs8(der), "EdDSA") => (EncodingKey::from_ed_der(der.secret_pkcs8_der()), Algorithm::EdDSA),
            (PrivateKeyDer::Pkcs1(der), "PS256") => (EncodingKey::from_rsa_der(der.secret_pkcs1_der()), Algorithm::PS256),
            (PrivateKeyDer::Pkcs1(der), "RS256") => (EncodingKey::from_rsa_der(der.secret_pkcs1_der()), Algorithm::RS256),
            _ => return Err(form()),
        };
        // One that cannot sign is found out now, and not in the night.
        jsonwebtoken::encode(&Header::new(algorithm), &(), &key).map_err(|_| form())?;
        Ok(Self { key, algorithm })
    }
}

impl fmt::Debug for BearerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BearerKey({:?})", self.algorithm)
    }
}

/// Why there is no token. Nothing of a key, an assertion or a token stands in it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoBearer {
    /// The server refused: its error code.
    #[error("the authorization server refuses: {0}; look at the client, its key and its scopes there")]
    Refused(String),
    /// It was not reached, or said something that is no token.
    #[error("no token came from the authorization server: {0}")]
    Failed(String),
}

impl fmt::Debug for Bearer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Bearer({:?})", self.at)
    }
}

/// A token that is there, or was refused.
#[derive(Default)]
struct Now {
    token: Option<(String, Timestamp)>,
    failed: Option<(NoBearer, Timestamp, i64)>,
}

/// Tokens of one authorization server.
pub struct Bearer {
    at: BearerAt,
    client: Client,
    key: BearerKey,
    clock: Arc<dyn Clock>,
    http: LazyLock<Result<Http, String>>,
    now: Mutex<Now>,
}

#[derive(Serialize)]
struct Assertion<'a> {
    iss: &'a str,
    sub: &'a str,
    aud: &'a str,
    iat: i64,
    exp: i64,
    jti: String,
}

impl Bearer {
    /// Tokens from there. Nothing is asked yet.
    ///
    /// # Errors
    /// When the address is none.
    pub fn new(at: BearerAt, key: BearerKey, clock: Arc<dyn Clock>) -> Result<Self, String> {
        let url = TokenUrl::new(at.token_url.clone()).map_err(|error| format!("{}: {error}", at.token_url))?;
        let client = BasicClient::new(ClientId::new(at.client.clone())).set_token_uri(url).set_auth_type(AuthType::RequestBody);
        let plain = at.token_url.starts_with("http:");
        let http = LazyLock::new(if plain { Http::plain as fn() -> _ } else { Http::new as fn() -> _ });
        Ok(Self { at, client, key, clock, http, now: Mutex::default() })
    }

    /// A token that counts for a while yet. Of many who ask at once one gets it for all.
    ///
    /// # Errors
    /// [`NoBearer`]; the server is not asked again at once then.
    pub async fn token(&self) -> Result<String, NoBearer> {
        let mut state = self.now.lock().await;
        let now = self.clock.now();
        if let Some((token, _)) = state.token.as_ref().filter(|(_, until)| now < *until) {
            return Ok(token.clone());
        }
        if let Some((why, ..)) = state.failed.as_ref().filter(|(_, until, _)| now < *until) {
            return Err(why.clone());
        }
        match self.ask(now).await {
            Ok((token, life)) => {
                let early = EARLY_SECONDS.min(life / 2);
                *state = Now { token: Some((token.clone(), now.plus_seconds(life - early))), failed: None };
                Ok(token)
            }
            Err(why) => {
                let before = state.failed.as_ref().map(|(.., wait)| *wait);
                let wait = before.map_or(*AGAIN_SECONDS.start(), |before| (2 * before).min(*AGAIN_SECONDS.end()));
                *state = Now { token: None, failed: Some((why.clone(), now.plus_seconds(wait), wait)) };
                Err(why)
            }
        }
    }

    /// The token was refused where it was shown: the next one is another.
    pub async fn forget(&self, token: &str) {
        let mut state = self.now.lock().await;
        if state.token.as_ref().is_some_and(|(known, _)| known == token) {
            state.token = None;
        }
    }

    /// A new one, and for how many seconds it counts.
    async fn ask(&self, now: Timestamp) -> Result<(String, i64), NoBearer> {
        let http = self.http.as_ref().map_err(|error| NoBearer::Failed(error.clone()))?;
        let scopes = self.at.scope.split(' ').filter(|scope| !scope.is_empty()).map(|scope| Scope::new(scope.to_owned()));
        let assertion = self.assertion(now)?;
        let request = self.client.exchange_client_credentials().add_scopes(scopes);
        let request = request.add_extra_param("client_assertion_type", ASSERTION_TYPE).add_extra_param("client_assertion", assertion);
        let reply = request.request_async(http).await.map_err(|error| match error {
            RequestTokenError::ServerResponse(said) => NoBearer::Refused(said.error().as_ref().chars().take(64).collect()),
            RequestTokenError::Request(error) => NoBearer::Failed(error.to_string()),
            RequestTokenError::Parse(..) | RequestTokenError::Other(_) => NoBearer::Failed("what it replied is no token".to_owned()),
        })?;
        let life = reply.expires_in().and_then(|life| i64::try_from(life.as_secs()).ok()).unwrap_or(LIFE_SECONDS);
        Ok((reply.access_token().secret().clone(), life))
    }

    fn assertion(&self, now: Timestamp) -> Result<String, NoBearer> {
        let (client, at) = (&self.at.client, now.seconds());
        let claims = Assertion {
            iss: client,
            sub: client,
            aud: &self.at.audience,
            iat: at,
            exp: at + ASSERTION_SECONDS,
            jti: uuid::Uuid::new_v4().to_string(),
        };
        let mut header = Header::new(self.key.algorithm);
        header.kid.clone_from(&self.at.key_id);
        jsonwebtoken::encode(&header, &claims, &self.key.key).map_err(|_| NoBearer::Failed("the assertion could not be signed".to_owned()))
    }
}
