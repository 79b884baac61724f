//! A provider of log-ins that does one thing wrong: what a node believes of it is what it should not. Its tokens are made by hand, so that they can be anything.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use aws_lc_rs::{digest, hmac};
use axum::extract::{Form, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Mutex;

/// What it does wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evil {
    /// Nothing: whoever comes is logged in.
    Nothing,
    /// What it says of itself names another issuer.
    AnotherIssuerOfItself,
    /// The token names another issuer.
    Issuer,
    /// The token is for another client.
    Audience,
    /// The token is for this client and another one.
    TwoAudiences,
    /// The token has the nonce of another log-in.
    Nonce,
    /// The token has none.
    NoNonce,
    /// The token is over.
    Expired,
    /// The token was made an hour ago.
    Old,
    /// The token is of tomorrow.
    Early,
    /// `alg` is `none`, without a signature.
    Unsigned,
    /// `HS256` with the public key as its secret.
    PublicKeyAsSecret,
    /// `HS256` with the client's secret.
    ClientSecret,
    /// Signed by another key under the same name.
    AnotherKey,
    /// Signed by a key that it does not show, under a name that leads to a file.
    UnknownKey,
    /// The key stands in the header of the token itself.
    KeyInHeader,
    /// There is no ID token.
    NoToken,
    /// The access token is another one than the ID token names.
    AccessToken,
    /// A claim that names a citizen service number.
    CitizenServiceNumber,
    /// A subject that is one.
    SubjectIsOne,
    /// No subject.
    NoSubject,
    /// Its keys are 10 MB.
    HugeKeys,
    /// Its keys never come.
    SlowKeys,
    /// It leads on to another address.
    LeadsOn,
    /// It says with somebody that another provider sent them.
    AnotherInAnswer,
    /// It does not say who sent them, though it says that it does.
    NobodyInAnswer,
    /// It sends somebody with the state of another log-in.
    AnotherState,
}

impl Evil {
    /// Everything that it can do wrong.
    pub const ALL: [Self; 26] = [
        Self::AnotherIssuerOfItself,
        Self::Issuer,
        Self::Audience,
        Self::TwoAudiences,
        Self::Nonce,
        Self::NoNonce,
        Self::Expired,
        Self::Old,
        Self::Early,
        Self::Unsigned,
        Self::PublicKeyAsSecret,
        Self::ClientSecret,
        Self::AnotherKey,
        Self::UnknownKey,
        Self::KeyInHeader,
        Self::NoToken,
        Self::AccessToken,
        Self::CitizenServiceNumber,
        Self::SubjectIsOne,
        Self::NoSubject,
        Self::HugeKeys,
        Self::SlowKeys,
        Self::LeadsOn,
        Self::AnotherInAnswer,
        Self::NobodyInAnswer,
        Self::AnotherState,
    ];
}

struct Provider {
    issuer: String,
    evil: Evil,
    key: EcdsaKeyPair,
    other: EcdsaKeyPair,
    secret: String,
    /// The nonce of each code.
    nonces: Mutex<BTreeMap<String, String>>,
}

/// Serves on a port of loopback for as long as the runtime lives; its issuer.
///
/// # Panics
/// When there is no port.
#[must_use]
pub fn serve(evil: Evil, secret: &str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.set_nonblocking(true).expect("a socket");
    let issuer = format!("http://{}", listener.local_addr().expect("an address"));
    let key = || EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).expect("a key");
    let provider = Provider { issuer: issuer.clone(), evil, key: key(), other: key(), secret: secret.to_owned(), nonces: Mutex::default() };
    let router = Router::new()
        .route("/.well-known/openid-configuration", get(discovery))
        .route("/elsewhere", get(described))
        .route("/jwks", get(jwks))
        .route("/authorize", get(authorize))
        .route("/token", post(token))
        .route("/sign", post(sign))
        .with_state(Arc::new(provider));
    let listener = tokio::net::TcpListener::from_std(listener).expect("a socket");
    tokio::spawn(async move { axum::serve(listener, router).await });
    issuer
}

async fn discovery(state: State<Arc<Provider>>) -> Response {
    if state.evil == Evil::LeadsOn { Redirect::temporary("/elsewhere").into_response() } else { described(state).await.into_response() }
}

async fn described(State(provider): State<Arc<Provider>>) -> Json<Value> {
    let issuer = &provider.issuer;
    let said = if provider.evil == Evil::AnotherIssuerOfItself { "https://login.example.nl" } else { issuer };
    Json(json!({
        "issuer": said, "authorization_endpoint": format!("{issuer}/authorize"), "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/jwks"), "response_types_supported": ["code"], "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["ES256", "HS256", "none"], "authorization_response_iss_parameter_supported": true,
    }))
}

fn jwk(key: &EcdsaKeyPair) -> Value {
    let public = key.public_key().as_ref();
    let part = |from: usize| URL_SAFE_NO_PAD.encode(&public[from..from + 32]);
    json!({"kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": "k", "x": part(1), "y": part(33)})
}

async fn jwks(State(provider): State<Arc<Provider>>) -> Response {
    let keys = json!({"keys": [jwk(&provider.key)]});
    match provider.evil {
        Evil::HugeKeys => Json(json!({"keys": [jwk(&provider.key)], "more": "x".repeat(10_000_000)})).into_response(),
        Evil::SlowKeys => {
            tokio::time::sleep(Duration::from_secs(60)).await;
            Json(keys).into_response()
        }
        _ => Json(keys).into_response(),
    }
}

async fn authorize(State(provider): State<Arc<Provider>>, Query(asked): Query<BTreeMap<String, String>>) -> Redirect {
    let code = format!("code-{}", asked["state"]);
    provider.nonces.lock().expect("not poisoned").insert(code.clone(), asked["nonce"].clone());
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("code", &code);
    query.append_pair("state", if provider.evil == Evil::AnotherState { "AAAA" } else { &asked["state"] });
    match provider.evil {
        Evil::AnotherInAnswer => drop(query.append_pair("iss", "https://login.example.nl")),
        Evil::NobodyInAnswer => {}
        _ => drop(query.append_pair("iss", &provider.issuer)),
    }
    Redirect::to(&format!("{}?{}", asked["redirect_uri"], query.finish()))
}

/// Signs whatever it is told, by its key, by another one, or by its client's secret.
async fn sign(State(provider): State<Arc<Provider>>, Form(form): Form<BTreeMap<String, String>>) -> String {
    let asked: Value = serde_json::from_str(&form["asked"]).expect("JSON");
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", part(&asked["header"]), part(&asked["claims"]));
    let by = |key: &EcdsaKeyPair| key.sign(&SystemRandom::new(), signed.as_bytes()).expect("signed").as_ref().to_vec();
    let signature = match asked["by"].as_str() {
        Some("another key") => by(&provider.other),
        Some("the secret") => {
            hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, provider.secret.as_bytes()), signed.as_bytes()).as_ref().to_vec()
        }
        Some("nobody") => Vec::new(),
        _ => by(&provider.key),
    };
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
}

async fn token(State(provider): State<Arc<Provider>>, Form(asked): Form<BTreeMap<String, String>>) -> Json<Value> {
    let nonce = provider.nonces.lock().expect("not poisoned").remove(&asked["code"]);
    let access = "the access token";
    let mut reply = json!({"access_token": access, "token_type": "Bearer", "expires_in": 300});
    if provider.evil != Evil::NoToken {
        reply["id_token"] = json!(provider.id_token(nonce.as_deref(), access));
    }
    Json(reply)
}

impl Provider {
    fn id_token(&self, nonce: Option<&str>, access: &str) -> String {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("a time").as_secs();
        let hash = digest::digest(&digest::SHA256, access.as_bytes());
        let mut claims = json!({
            "iss": self.issuer, "sub": "worker-1", "aud": "portal", "iat": now, "exp": now + 300, "auth_time": now,
            "acr": crate::browser::SUBSTANTIAL, "name": "Evi Voorbeeld", "sid": "session-1", "nonce": nonce, "at_hash": URL_SAFE_NO_PAD.encode(&hash.as_ref()[..16]),
        });
        match self.evil {
            Evil::Issuer => claims["iss"] = json!("https://login.example.nl"),
            Evil::Audience => claims["aud"] = json!("another"),
            Evil::TwoAudiences => claims["aud"] = json!(["portal", "another"]),
            Evil::Nonce => claims["nonce"] = json!("AAAA"),
            Evil::NoNonce => drop(claims.as_object_mut().expect("an object").remove("nonce")),
            Evil::Expired => claims["exp"] = json!(now - 120),
            Evil::Old => (claims["iat"], claims["exp"]) = (json!(now - 3_600), json!(now + 300)),
            Evil::Early => claims["iat"] = json!(now + 86_400),
            Evil::AccessToken => claims["at_hash"] = json!(URL_SAFE_NO_PAD.encode([7; 16])),
            Evil::CitizenServiceNumber => claims["bsn"] = json!("111222333"),
            Evil::SubjectIsOne => claims["sub"] = json!("111222333"),
            Evil::NoSubject => claims["sub"] = json!(""),
            _ => {}
        }
        let mut header = json!({"alg": "ES256", "kid": "k", "typ": "JWT"});
        match self.evil {
            Evil::Unsigned => header = json!({"alg": "none"}),
            Evil::PublicKeyAsSecret | Evil::ClientSecret => header["alg"] = json!("HS256"),
            Evil::UnknownKey => header["kid"] = json!("../../../etc/passwd"),
            Evil::KeyInHeader => (header["kid"], header["jwk"]) = (json!("mine"), jwk(&self.other)),
            _ => {}
        }
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(&header), part(&claims));
        let by = |key: &EcdsaKeyPair| key.sign(&SystemRandom::new(), signed.as_bytes()).expect("signed").as_ref().to_vec();
        let hmac = |key: &[u8]| hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), signed.as_bytes()).as_ref().to_vec();
        let signature = match self.evil {
            Evil::Unsigned => Vec::new(),
            Evil::PublicKeyAsSecret => hmac(self.key.public_key().as_ref()),
            Evil::ClientSecret => hmac(self.secret.as_bytes()),
            Evil::AnotherKey | Evil::UnknownKey | Evil::KeyInHeader => by(&self.other),
            _ => by(&self.key),
        };
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}
