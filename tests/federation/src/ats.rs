//! A system of a partner that calls its node as any other would: it has a key, shows who it is by an assertion, and each call by a proof.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use polder_store::clients::{Approval, Person};
use polder_web::RunningNode;
use reqwest::{RequestBuilder, Response};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::http::Client;

/// A key, of P-256 unless it is made otherwise.
pub struct Key {
    signs: EncodingKey,
    public: Jwk,
    /// By which it signs.
    pub algorithm: Algorithm,
}

impl Key {
    /// A new one.
    ///
    /// # Panics
    /// When the system gives no randomness.
    #[must_use]
    pub fn fresh() -> Self {
        let random = aws_lc_rs::rand::SystemRandom::new();
        let algorithm = &aws_lc_rs::signature::ECDSA_P256_SHA256_FIXED_SIGNING;
        let pkcs8 = aws_lc_rs::signature::EcdsaKeyPair::generate_pkcs8(algorithm, &random).expect("a key");
        let signs = EncodingKey::from_ec_der(pkcs8.as_ref());
        Self::of(signs, Algorithm::ES256)
    }

    /// A new one of RSA with 2048 bits, for one algorithm.
    ///
    /// # Panics
    /// When the system gives no randomness.
    #[must_use]
    pub fn rsa(algorithm: Algorithm) -> Self {
        let pair = aws_lc_rs::rsa::KeyPair::generate(aws_lc_rs::rsa::KeySize::Rsa2048).expect("a key");
        let pkcs8 = aws_lc_rs::encoding::AsDer::<aws_lc_rs::encoding::Pkcs8V1Der<'_>>::as_der(&pair).expect("DER");
        // The key itself stands behind 26 bytes that say what it is.
        Self::of(EncodingKey::from_rsa_der(&pkcs8.as_ref()[26..]), algorithm)
    }

    fn of(signs: EncodingKey, algorithm: Algorithm) -> Self {
        let public = Jwk::from_encoding_key(&signs, algorithm).expect("a public key");
        Self { signs, public, algorithm }
    }

    /// Its public half.
    ///
    /// # Panics
    /// Never: it is JSON.
    #[must_use]
    pub fn public(&self) -> Value {
        serde_json::to_value(&self.public).expect("JSON")
    }

    /// Its thumbprint (RFC 7638).
    ///
    /// # Panics
    /// Never: it is a key.
    #[must_use]
    pub fn thumbprint(&self) -> String {
        self.public.thumbprint(jsonwebtoken::jwk::ThumbprintHash::SHA256).expect("a thumbprint")
    }

    /// Signs claims.
    ///
    /// # Panics
    /// When they cannot be signed.
    #[must_use]
    pub fn sign(&self, header: &Header, claims: &Value) -> String {
        jsonwebtoken::encode(header, claims, &self.signs).expect("signed")
    }
}

impl Key {
    /// Signs claims under a header that may say anything.
    ///
    /// # Panics
    /// When they cannot be signed.
    #[must_use]
    pub fn sign_under(&self, header: &Value, claims: &Value) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let text = format!("{}.{}", part(header), part(claims));
        let signature = jsonwebtoken::crypto::sign(text.as_bytes(), &self.signs, self.algorithm).expect("signed");
        format!("{text}.{signature}")
    }
}

/// A system that is registered at a node.
pub struct Ats {
    /// Its id.
    pub id: String,
    /// The key by which it shows who it is, and that its tokens are bound to.
    pub key: Key,
    /// By how many seconds its clock is ahead of this machine's.
    pub ahead: u64,
    issuer: String,
    http: Client,
    token: String,
    nonce: String,
}

/// Text that nobody can guess.
#[must_use]
pub fn unguessable() -> String {
    uuid::Uuid::new_v4().simple().to_string()
}

/// The parameters of a request for a token.
#[must_use]
pub fn form<'a>(assertion: &'a str, scope: &'a str) -> [(&'static str, &'a str); 4] {
    [
        ("grant_type", "client_credentials"),
        ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
        ("client_assertion", assertion),
        ("scope", scope),
    ]
}

/// Parameters as a form has them.
#[must_use]
pub fn encoded(form: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish()
}

impl Ats {
    /// A system of that id that calls that node; it has to be registered before it gets a token.
    #[must_use]
    pub fn new(node: &RunningNode, id: &str) -> Self {
        let issuer = format!("http://{}", node.client);
        let http = Client::of(node).without_token();
        Self { id: id.to_owned(), key: Key::fresh(), ahead: 0, issuer, http, token: String::new(), nonce: String::new() }
    }

    /// What is registered of it.
    #[must_use]
    pub fn document(&self, scopes: &[&str], organisations: &[&str]) -> Value {
        json!({"name": "Proefsysteem", "scopes": scopes, "organisations": organisations, "keys": [self.key.public()], "until": "2035-01-01"})
    }

    fn now(&self) -> u64 {
        jsonwebtoken::get_current_timestamp() + self.ahead
    }

    /// The same system, calling from another address of this machine.
    #[must_use]
    pub fn calling_from(self, address: std::net::IpAddr) -> Self {
        Self { http: self.http.calling_from(address), ..self }
    }

    /// Has a token that it did not get itself.
    pub fn take_token(&mut self, token: &str) {
        token.clone_into(&mut self.token);
    }

    /// What it claims to show who it is.
    #[must_use]
    pub fn claims(&self) -> Value {
        let now = self.now();
        json!({"iss": self.id, "sub": self.id, "aud": self.issuer, "iat": now, "exp": now + 50, "jti": unguessable()})
    }

    /// The assertion of those claims.
    #[must_use]
    pub fn assertion(&self, claims: &Value) -> String {
        self.key.sign(&Header::new(self.key.algorithm), claims)
    }

    /// A proof for a request.
    #[must_use]
    pub fn proof(&self, method: &str, path: &str, token: Option<&str>) -> String {
        self.proof_of(&self.proof_claims(method, path, token))
    }

    /// What a proof for a request claims.
    #[must_use]
    pub fn proof_claims(&self, method: &str, path: &str, token: Option<&str>) -> Value {
        let path = path.split('?').next().unwrap_or(path);
        let mut claims = json!({"jti": unguessable(), "htm": method, "htu": format!("{}{path}", self.issuer),
                                "iat": self.now(), "nonce": self.nonce});
        if let Some(token) = token {
            claims["ath"] = json!(URL_SAFE_NO_PAD.encode(Sha256::digest(token.as_bytes())));
        }
        claims
    }

    /// The proof of those claims.
    #[must_use]
    pub fn proof_of(&self, claims: &Value) -> String {
        let mut header = Header::new(self.key.algorithm);
        (header.typ, header.jwk) = (Some("dpop+jwt".to_owned()), Some(self.key.public.clone()));
        self.key.sign(&header, claims)
    }

    /// Has a nonce that another system got.
    pub fn take_nonce(&mut self, of: &str) {
        of.clone_into(&mut self.nonce);
    }

    /// The nonce that the node gave it.
    #[must_use]
    pub fn nonce(&self) -> &str {
        &self.nonce
    }

    /// Asks for a token with those parameters and that proof.
    ///
    /// # Panics
    /// When there is no response.
    pub async fn ask(&mut self, form: &[(&str, &str)], proof: Option<&str>) -> (u16, Value) {
        let request =
            self.http.request("POST", "/oauth/token").header("content-type", "application/x-www-form-urlencoded").body(encoded(form));
        let request = proof.into_iter().fold(request, |request, proof| request.header("dpop", proof));
        let response = request.send().await.expect("a response");
        self.learn(&response);
        (response.status().as_u16(), response.json().await.expect("JSON"))
    }

    /// Gets a token with that assertion, as a well-made client does: the same once more where another nonce is wanted.
    ///
    /// # Panics
    /// When there is no response.
    pub async fn token_by(&mut self, claims: impl Fn(&Self) -> Value, scope: &str) -> (u16, Value) {
        let assertion = self.assertion(&claims(self));
        loop {
            let form = form(&assertion, scope);
            let proof = self.proof("POST", "/oauth/token", None);
            let (status, reply) = self.ask(&form, Some(&proof)).await;
            if reply["error"] != "use_dpop_nonce" {
                if let Some(token) = reply["access_token"].as_str() {
                    token.clone_into(&mut self.token);
                }
                return (status, reply);
            }
        }
    }

    /// Gets a token for those scopes; all that it may have where none is named.
    ///
    /// # Panics
    /// When it does not get one.
    pub async fn log_in(&mut self, scope: &str) {
        let (status, reply) = self.token_by(Self::claims, scope).await;
        assert_eq!(status, 200, "{reply}");
    }

    /// The token that it has.
    #[must_use]
    pub fn token(&self) -> &str {
        &self.token
    }

    /// A request without any token.
    pub fn bare(&self, method: &str, path: &str) -> RequestBuilder {
        self.http.request(method, path)
    }

    /// A request with its token and a proof.
    pub fn request(&self, method: &str, path: &str) -> RequestBuilder {
        let proof = self.proof(method, path, Some(&self.token));
        self.bare(method, path).header("authorization", format!("DPoP {}", self.token)).header("dpop", proof)
    }

    /// Sends JSON; the status and what came back, `null` where that is no JSON.
    ///
    /// # Panics
    /// When there is no response.
    pub async fn call(&mut self, method: &str, path: &str, body: Option<&Value>) -> (u16, Value) {
        loop {
            let request = body.iter().fold(self.request(method, path), |request, body| request.json(body));
            let response = request.send().await.expect("a response");
            let stale =
                response.headers().get("www-authenticate").is_some_and(|why| why.as_bytes().starts_with(b"DPoP error=\"use_dpop_nonce\""));
            self.learn(&response);
            if !stale {
                let status = response.status().as_u16();
                return (status, response.json().await.unwrap_or_default());
            }
        }
    }

    /// The nonce that the node last gave.
    pub fn learn(&mut self, response: &Response) {
        if let Some(nonce) = response.headers().get("dpop-nonce").and_then(|nonce| nonce.to_str().ok()) {
            nonce.clone_into(&mut self.nonce);
        }
    }
}

/// Registers a system, beside its node: one proposes it, and another approves it.
///
/// # Panics
/// When it cannot be written.
pub async fn register(node: &RunningNode, id: &str, document: &Value) {
    let scopes = document["scopes"].as_array().cloned().unwrap_or_default();
    let (store, now, document) = (node.node.store(), node.node.now(), document.to_string());
    let person = |id: &str| Person { id: id.to_owned(), name: id.to_owned() };
    store.propose_client(id, &document, person("one"), now).await.expect("written").expect("proposed");
    let until = now.plus_seconds(86_400);
    // Whoever may get nothing of people has nothing to erase.
    let people = ["skill-offer:match", "application:read"].iter().any(|scope| scopes.contains(&json!(scope)));
    let approval = Approval { id: id.to_owned(), document, by: person("another"), alone: false, people, until, now };
    store.approve_client(approval).await.expect("written").expect("approved");
}
