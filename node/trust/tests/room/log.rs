//! The log: its tree, its checkpoints, its witnesses, and what a worker takes along.

mod checkpoints;
mod export;
mod tree;
mod witness;

use std::sync::OnceLock;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use polder_model::Timestamp;
use polder_trust::keys::SigningKey;
use polder_trust::log::{Checkpoint, Hash, Origin, Span, consistency, inclusion, leaf_hash, root};

/// What stands before the 32 bytes of an Ed25519 key in PKCS #8 (RFC 8410, section 7).
const PKCS8: [u8; 16] = [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];

/// The key with that private value (RFC 8032, section 5.1.5).
pub(super) fn from_seed(seed: &[u8; 32]) -> SigningKey {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("key");
    let pem = format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", STANDARD.encode([&PKCS8[..], seed].concat()));
    polder_trust::keys::write_secret(&path, pem.as_bytes()).expect("written");
    SigningKey::load(&path).expect("a key")
}

/// A key that is the same in every run: number 1 is of the log, the others are of witnesses. It guards nothing.
fn key(number: u8) -> &'static SigningKey {
    static KEYS: OnceLock<Vec<SigningKey>> = OnceLock::new();
    &KEYS.get_or_init(|| (1..=5).map(|number| from_seed(&[number; 32])).collect())[usize::from(number) - 1]
}

fn now() -> Timestamp {
    "2026-11-23T12:00:00Z".parse().expect("an instant")
}

fn origin() -> Origin {
    "flevoland/kvk:90000001".parse().expect("an origin")
}

/// Hashes of leaves that are all different.
fn leaves(count: u64) -> Vec<Hash> {
    (0..count).map(|number| leaf_hash(&number.to_be_bytes())).collect()
}

fn slice(leaves: &[Hash], span: Span) -> &[Hash] {
    let at = |number: u64| usize::try_from(number).expect("few leaves");
    &leaves[at(span.start())..at(span.end())]
}

fn proof(leaves: &[Hash], spans: Option<Vec<Span>>) -> Vec<Hash> {
    spans.expect("a proof").into_iter().map(|span| root(slice(leaves, span))).collect()
}

/// That leaf `index` stands in the tree of these leaves.
fn inclusion_proof(leaves: &[Hash], index: u64) -> Vec<Hash> {
    proof(leaves, inclusion(index, leaves.len() as u64))
}

/// That the tree of these leaves begins with that of the first `old`.
fn consistency_proof(leaves: &[Hash], old: u64) -> Vec<Hash> {
    proof(leaves, consistency(old, leaves.len() as u64))
}

fn checkpoint(leaves: &[Hash]) -> Checkpoint {
    Checkpoint { origin: origin(), size: leaves.len() as u64, root: root(leaves) }
}
