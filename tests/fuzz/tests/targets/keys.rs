//! Keys that are the same in every run, so that an input that failed fails again. They guard nothing.

use std::sync::OnceLock;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use polder_trust::keys::SigningKey;

/// What stands before the 32 bytes of an Ed25519 key in PKCS #8 (RFC 8410, section 7).
const PKCS8: [u8; 16] = [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];
const COUNT: usize = 6;

/// The key with that number; there are six.
pub fn key(number: usize) -> &'static SigningKey {
    static KEYS: OnceLock<Vec<SigningKey>> = OnceLock::new();
    &KEYS.get_or_init(|| (0..COUNT).map(made).collect())[number % COUNT]
}

fn made(number: usize) -> SigningKey {
    let directory = tempfile::tempdir().expect("a directory");
    let seed = [u8::try_from(number).expect("few keys") + 1; 32];
    let path = directory.path().join("key");
    let pem = format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", STANDARD.encode([&PKCS8[..], &seed].concat()));
    polder_trust::keys::write_secret(&path, pem.as_bytes()).expect("written");
    SigningKey::load(&path).expect("a key")
}
