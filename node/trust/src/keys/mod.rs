//! Keys: made, kept in files that only their owner can read, never shown.

mod file;
mod identity;
mod signing;

pub use file::{KeyFileError, read_secret, write_secret};
pub use identity::{Identity, SpkiPin};
pub use signing::{KeyId, PublicKey, SigningKey};

/// Why a key cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file that holds it.
    #[error(transparent)]
    File(#[from] KeyFileError),
    /// It is not a key of the expected kind.
    #[error("this is not {0}")]
    Form(&'static str),
    /// The TLS key is not that of the certificate.
    #[error("tls.key is not the key of the certificate in tls.pem")]
    OtherCertificate,
    /// The library could not make or use it.
    #[error("the key could not be made or used")]
    Failed,
}

/// A new private key of P-256, in PEM (PKCS #8).
///
/// # Errors
/// When the system gives no randomness.
pub fn p256_pem() -> Result<zeroize::Zeroizing<String>, KeyError> {
    let key = rcgen::KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).map_err(|_| KeyError::Failed)?;
    Ok(zeroize::Zeroizing::new(key.serialize_pem()))
}

/// 32 bytes that nobody can guess, such as a salt.
///
/// # Errors
/// When the system gives no randomness.
pub fn random() -> Result<[u8; 32], KeyError> {
    let mut bytes = [0; 32];
    aws_lc_rs::rand::fill(&mut bytes).map_err(|_| KeyError::Failed)?;
    Ok(bytes)
}
