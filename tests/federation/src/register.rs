//! Registers for tests: one region whose keys this process holds, in as many versions as a test wants.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock};

use polder_model::{Purpose, Timestamp};
use polder_trust::keys::SigningKey;
use polder_trust::register::{
    DocumentType, Files, Fresh, KeySet, Member, Members, MessageKey, News, Recognised, Register, Root, Signed, Status,
};

/// Everything in these registers is in date for so long.
const FAR: &str = "2090-01-01T00:00:00Z";

/// A register in force, of these partners, each allowed to ask for work and for training.
///
/// # Panics
/// When a key cannot be made or the register does not hold.
#[must_use]
pub fn of(partners: &[&str], now: Timestamp) -> Register {
    Region::new(partners.iter().map(|partner| member(partner)).collect()).register(now)
}

/// The same, of partners who may ask about people too.
///
/// # Panics
/// As [`of`].
#[must_use]
pub fn about_people(partners: &[&str], now: Timestamp) -> Register {
    let asks = |partner: &&str| Member { purposes: Purpose::ALL.to_vec(), ..member(partner) };
    Region::new(partners.iter().map(asks).collect()).register(now)
}

/// The key of every registrar, steward and freshness of this process: what one test helper signs, another goes on from.
///
/// # Panics
/// When there is no randomness.
pub fn key() -> &'static SigningKey {
    static KEY: OnceLock<SigningKey> = OnceLock::new();
    KEY.get_or_init(|| kept("register"))
}

static KEPT: OnceLock<PathBuf> = OnceLock::new();

/// Keeps the keys of this process in a directory, for others to go on with: what they sign is the same then. To be called before the first is used.
///
/// # Panics
/// When keys are kept elsewhere already.
pub fn keep_keys_in(directory: &Path) {
    assert!(KEPT.get_or_init(|| directory.to_owned()) == directory, "keys are kept in one place");
}

/// A key of that name.
fn kept(name: &str) -> SigningKey {
    let Some(directory) = KEPT.get() else { return SigningKey::generate().expect("a key") };
    let file = directory.join(format!("{}.key", name.replace(':', "-")));
    if file.is_file() {
        return SigningKey::load(&file).expect("a key");
    }
    let key = SigningKey::generate().expect("a key");
    key.save(&file).expect("saved");
    key
}

fn far() -> Timestamp {
    FAR.parse().expect("an instant")
}

/// A region, with the documents that its people signed last.
#[derive(Clone)]
pub struct Region {
    roots: Vec<Signed>,
    root: Root,
    /// The newest members.
    pub members: Members,
    signed: Signed,
    /// Until when freshness is signed.
    pub fresh_until: Timestamp,
}

impl Region {
    /// A region with version 1 of these members.
    #[must_use]
    pub fn new(members: Vec<Member>) -> Self {
        Self::named("proef", members)
    }

    /// The same with another name.
    #[must_use]
    pub fn named(name: &str, members: Vec<Member>) -> Self {
        let keys = || KeySet::new([key().public()], 1);
        let root = Root::new(name, far(), keys(), keys(), keys());
        let mut listed = Members::new(name, far());
        listed.members = members.into_iter().map(Arc::new).collect();
        let signed = sign(DocumentType::Members, &listed);
        Self { roots: vec![sign(DocumentType::Root, &root)], root, members: listed, signed, fresh_until: far() }
    }

    /// SHA-256 of the first root.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        self.roots[0].sha256()
    }

    /// The next version of the members.
    pub fn change(&mut self, change: impl FnOnce(&mut Members)) {
        self.members.previous = Some(self.signed.sha256());
        self.members.version += 1;
        change(&mut self.members);
        self.signed = sign(DocumentType::Members, &self.members);
    }

    /// Gives a partner another status in the next version.
    pub fn set_status(&mut self, partner: &polder_model::PartnerId, status: Status) {
        self.change(|members| {
            let version = members.version;
            for member in members.members.iter_mut().filter(|member| member.partner == *partner) {
                let member = Arc::make_mut(member);
                (member.status, member.since) = (status, version);
            }
        });
    }

    /// A new root, which raises the epoch; the members begin again with version 1.
    pub fn recover(&mut self) {
        self.root.version += 1;
        self.root.members_epoch += 1;
        self.roots.push(sign(DocumentType::Root, &self.root));
        (self.members.epoch, self.members.version, self.members.previous) = (self.root.members_epoch, 1, None);
        self.signed = sign(DocumentType::Members, &self.members);
    }

    /// A new root by which members of another region may ask for these purposes.
    pub fn recognise(&mut self, other: &Self, purposes: &[Purpose]) {
        self.root.version += 1;
        let (region, root_fingerprint) = (other.root.region.clone(), other.fingerprint());
        self.root.recognised.push(Recognised { region, root_fingerprint, purposes: purposes.to_vec() });
        self.roots.push(sign(DocumentType::Root, &self.root));
    }

    /// The files.
    #[must_use]
    pub fn files(&self) -> Files {
        let fresh = sign(DocumentType::Fresh, &Fresh::of(&self.members, self.signed.sha256(), self.fresh_until));
        Files { roots: self.roots.iter().map(file).collect(), members: file(&self.signed), fresh: file(&fresh) }
    }

    /// All of it as news.
    #[must_use]
    pub fn news(&self) -> News {
        let files = self.files();
        News {
            roots: files.roots.into_iter().map(Into::into).collect(),
            members: Some(files.members.into()),
            fresh: Some(files.fresh.into()),
            evidence: None,
        }
    }

    /// Its register, as a node takes it in that has none.
    ///
    /// # Panics
    /// When it does not hold.
    #[must_use]
    pub fn register(&self, now: Timestamp) -> Register {
        Register::load(&self.fingerprint(), &self.files(), None, now).expect("the register holds")
    }
}

fn file(signed: &Signed) -> Vec<u8> {
    signed.to_file().into_bytes()
}

fn sign(document: DocumentType, value: &impl serde::Serialize) -> Signed {
    let mut signed = Signed::unsigned(serde_json::to_vec(value).expect("JSON"));
    signed.sign(document, key());
    signed
}

/// The message key of a partner whose node is reached in memory, as long as this process lives.
///
/// # Panics
/// When there is no randomness.
pub fn message_key(partner: &str) -> Arc<SigningKey> {
    static KEYS: Mutex<BTreeMap<String, Arc<SigningKey>>> = Mutex::new(BTreeMap::new());
    let mut keys = KEYS.lock().expect("no test panics while it holds the keys");
    Arc::clone(keys.entry(partner.to_owned()).or_insert_with(|| Arc::new(kept(partner))))
}

/// An entry with a message key and nothing for TLS, for nodes that reach each other in memory.
#[must_use]
pub fn member(partner: &str) -> Member {
    let key = message_key(partner).public();
    Member {
        partner: partner.parse().expect("a partner"),
        name: format!("Partner {partner}"),
        roles: vec!["employer".to_owned()],
        client_url: None,
        peer_url: "https://127.0.0.1:1".to_owned(),
        purposes: vec![Purpose::FindWork, Purpose::FindTraining],
        acts_for: Vec::new(),
        link_hosts: Vec::new(),
        tls_pins: Vec::new(),
        message_keys: vec![MessageKey { keyid: key.id(), public_key: key, not_before: Timestamp::from_micros(0), not_after: far() }],
        status: Status::Active,
        since: 1,
    }
}
