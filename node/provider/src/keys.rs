//! The key that signs tokens: fresh at each start, kept nowhere.

use aws_lc_rs::rand;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

const ID: &str = "demo";

/// The system gives no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoKey;

impl std::fmt::Display for NoKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the system gives no randomness")
    }
}

impl std::error::Error for NoKey {}

pub(crate) struct Key {
    signs: EncodingKey,
    /// The public point: 4, x, y.
    public: Vec<u8>,
}

impl Key {
    pub(crate) fn fresh() -> Result<Self, NoKey> {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).map_err(|_| NoKey)?;
        let pkcs8 = pair.to_pkcs8v1().map_err(|_| NoKey)?;
        Ok(Self { signs: EncodingKey::from_ec_der(pkcs8.as_ref()), public: pair.public_key().as_ref().to_vec() })
    }

    pub(crate) fn jwks(&self) -> Value {
        let part = |from: usize| URL_SAFE_NO_PAD.encode(self.public.get(from..from + 32).unwrap_or_default());
        json!({"keys": [{"kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": ID, "x": part(1), "y": part(33)}]})
    }

    pub(crate) fn sign(&self, claims: &Value) -> Result<String, jsonwebtoken::errors::Error> {
        self.sign_as("JWT", claims)
    }

    /// The same, of another kind (`typ`).
    pub(crate) fn sign_as(&self, kind: &str, claims: &Value) -> Result<String, jsonwebtoken::errors::Error> {
        let mut header = Header::new(Algorithm::ES256);
        (header.kid, header.typ) = (Some(ID.to_owned()), Some(kind.to_owned()));
        jsonwebtoken::encode(&header, claims, &self.signs)
    }
}

/// So many random bytes, in base64url.
pub(crate) fn random(bytes: usize) -> Result<String, NoKey> {
    let mut random = vec![0; bytes];
    rand::fill(&mut random).map_err(|_| NoKey)?;
    Ok(URL_SAFE_NO_PAD.encode(random))
}
