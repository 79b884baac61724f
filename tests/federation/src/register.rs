//! A register for nodes that reach each other in memory.

use std::sync::Arc;

use polder_model::{Purpose, Timestamp};
use polder_trust::keys::SigningKey;
use polder_trust::register::{DocumentType, Files, Fresh, KeySet, Member, Members, Register, Root, Signed, Status};

/// A register in force, of these partners, each allowed to ask for work and for training.
///
/// # Panics
/// When a key cannot be made or the register does not hold.
#[must_use]
pub fn of(partners: &[&str], now: Timestamp) -> Register {
    let (fingerprint, files) = files(partners.iter().map(|partner| member(partner)).collect(), now);
    Register::load(&fingerprint, &files, None, now).expect("the register holds")
}

/// The fingerprint of the root and the files of a register with these members, signed by one key for everything.
///
/// # Panics
/// When a key cannot be made.
#[must_use]
pub fn files(members: Vec<Member>, now: Timestamp) -> (String, Files) {
    let key = SigningKey::generate().expect("a key");
    let keys = || KeySet::new([key.public()], 1);
    let year = now.plus_seconds(365 * 86_400);
    let root = Root::new("proef", year, keys(), keys(), keys());
    let mut listed = Members::new("proef", year);
    listed.members = members.into_iter().map(Arc::new).collect();
    let root = signed(&key, DocumentType::Root, &root);
    let members = signed(&key, DocumentType::Members, &listed);
    let fresh = signed(&key, DocumentType::Fresh, &Fresh::of(&listed, members.sha256(), year));
    let file = |signed: &Signed| signed.to_file().into_bytes();
    (root.sha256(), Files { roots: vec![file(&root)], members: file(&members), fresh: file(&fresh) })
}

fn signed(key: &SigningKey, document: DocumentType, value: &impl serde::Serialize) -> Signed {
    let mut signed = Signed::unsigned(serde_json::to_vec(value).expect("JSON"));
    signed.sign(document, key);
    signed
}

fn member(partner: &str) -> Member {
    Member {
        partner: partner.parse().expect("a partner"),
        name: format!("Partner {partner}"),
        roles: vec!["employer".to_owned()],
        client_url: None,
        peer_url: "https://127.0.0.1:1".to_owned(),
        purposes: vec![Purpose::FindWork, Purpose::FindTraining],
        acts_for: Vec::new(),
        tls_pins: Vec::new(),
        message_keys: Vec::new(),
        status: Status::Active,
        since: 1,
    }
}
