//! The key that signs tokens. All replicas of a node have the same one.

use std::fmt;
use std::path::Path;

use jsonwebtoken::jwk::{Jwk, ThumbprintHash};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header};
use polder_trust::keys::{KeyFileError, read_secret, write_secret};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use super::jose;

/// The name of its file.
pub const TOKEN_KEY_FILE: &str = "token.key";

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
pub enum TokenKeyError {
    /// Its file.
    #[error(transparent)]
    File(#[from] KeyFileError),
    /// It is no such key.
    #[error("{0} is not a private key of P-256 in PEM (PKCS #8)")]
    Form(std::path::PathBuf),
    /// None could be made.
    #[error("no key could be made: the system gives no randomness")]
    Failed,
}

/// A private key of P-256 (ES256).
#[derive(Clone)]
pub struct TokenKey {
    signs: EncodingKey,
    verifies: DecodingKey,
    id: String,
    public: Jwk,
    /// By which other secrets are made of it.
    secret: [u8; 32],
}

impl fmt::Debug for TokenKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TokenKey({})", self.id)
    }
}

impl TokenKey {
    /// Reads the key in a directory; one is made where there is none yet.
    ///
    /// # Errors
    /// [`TokenKeyError`].
    pub fn open(directory: &Path) -> Result<Self, TokenKeyError> {
        let path = directory.join(TOKEN_KEY_FILE);
        if !path.exists() {
            match write_secret(&path, polder_trust::keys::p256_pem().map_err(|_| TokenKeyError::Failed)?.as_bytes()) {
                // Another process was sooner: its key is the one.
                Err(KeyFileError::Io { source, .. }) if source.kind() == std::io::ErrorKind::AlreadyExists => {}
                done => done?,
            }
        }
        let text = read_secret(&path)?;
        let form = || TokenKeyError::Form(path.clone());
        match PrivateKeyDer::from_pem_slice(text.as_bytes()).map_err(|_| form())? {
            PrivateKeyDer::Pkcs8(der) => Self::of(&der).ok_or_else(form),
            _ => Err(form()),
        }
    }

    fn of(der: &PrivatePkcs8KeyDer<'_>) -> Option<Self> {
        let signs = EncodingKey::from_ec_der(der.secret_pkcs8_der());
        let mut public = Jwk::from_encoding_key(&signs, Algorithm::ES256).ok()?;
        let id = public.thumbprint(ThumbprintHash::SHA256).ok()?;
        (public.common.key_id, public.common.public_key_use) = (Some(id.clone()), Some(jsonwebtoken::jwk::PublicKeyUse::Signature));
        let verifies = DecodingKey::from_jwk(&public).ok()?;
        let secret = Sha256::new().chain_update("polder token secrets").chain_update(der.secret_pkcs8_der()).finalize().into();
        Some(Self { signs, verifies, id, public, secret })
    }

    /// The key by which others may verify tokens.
    pub(super) fn public(&self) -> &Jwk {
        &self.public
    }

    /// A secret for something else, known to all who have this key.
    pub(super) fn secret_for(&self, what: &str) -> [u8; 32] {
        Sha256::new().chain_update(self.secret).chain_update(what).finalize().into()
    }

    /// An access token (RFC 9068).
    pub(super) fn sign<T: Serialize>(&self, claims: &T) -> Option<String> {
        let mut header = Header::new(Algorithm::ES256);
        (header.kid, header.typ) = (Some(self.id.clone()), Some("at+jwt".to_owned()));
        jsonwebtoken::encode(&header, claims, &self.signs).ok()
    }

    /// What an access token of this key claims.
    pub(super) fn verify<T: DeserializeOwned>(&self, token: &str) -> Option<T> {
        let header = jose::header(token)?;
        let ours = header.typ.as_deref() == Some("at+jwt") && header.kid.as_deref() == Some(&self.id);
        ours.then(|| jose::claims_by(token, &self.verifies, Algorithm::ES256)).flatten()
    }
}
