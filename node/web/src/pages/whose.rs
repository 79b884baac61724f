//! Whose a token is. It stands hashed in the token itself, with a salt of its own: it can be told also where its session is over, and nobody is named by it.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use polder_store::people::LoginId;
use polder_trust::random;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::PageError;

/// Bytes that nobody guesses.
const SECRET: usize = 32;
/// Bytes of the salt.
const SALT: usize = 16;

fn hash(salt: &[u8], login: &LoginId) -> [u8; 32] {
    Sha256::new().chain_update(b"polder whose\n").chain_update(salt).chain_update(login.as_str().as_bytes()).finalize().into()
}

fn with_secret(whose: &[u8]) -> Result<String, PageError> {
    let secret = random::<SECRET>().map_err(PageError::internal)?;
    Ok(URL_SAFE_NO_PAD.encode([secret.as_slice(), whose].concat()))
}

/// A new token of somebody.
pub(crate) fn token(login: &LoginId) -> Result<String, PageError> {
    let salt = random::<SALT>().map_err(PageError::internal)?;
    with_secret(&[salt.as_slice(), &hash(&salt, login)].concat())
}

/// Another token of the same person; of nobody, where that one does not say whose it is.
pub(super) fn another(token: &str) -> Result<String, PageError> {
    let bytes = URL_SAFE_NO_PAD.decode(token).unwrap_or_default();
    with_secret(bytes.get(SECRET..).unwrap_or_default())
}

/// Whether a token is of this person.
pub(super) fn is_of(token: &str, login: &LoginId) -> bool {
    let bytes = URL_SAFE_NO_PAD.decode(token).unwrap_or_default();
    let whose = bytes.get(SECRET..).and_then(|whose| whose.split_at_checked(SALT));
    whose.is_some_and(|(salt, said)| hash(salt, login).as_slice().ct_eq(said).into())
}
