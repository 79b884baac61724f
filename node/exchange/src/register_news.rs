//! How a node's register goes forward: it hears news from peers and from files, keeps what holds, puts it in force and passes it on.
//!
//! The rules are in `polder_trust::register::step`. Here they get a database, a log, and peers to ask.

mod catch_up;
mod evidence;
mod keep;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use futures::future::BoxFuture;
use polder_model::Timestamp;
use polder_store::{Store, StoreError};
use polder_trust::register::{Effect, Fresh, Held, News, Register, RegisterError, SharedRegister, Signed, step};
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;

use crate::node::{Node, OpenError};
use crate::peers::PeerFailure;
use polder_trust::register::Member;

pub use catch_up::CatchUpFailed;
pub use keep::kept;

/// What a node says of its register: enough for another to see who is ahead (`docs/interfaces.md`, section 9).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Announcement {
    /// The region.
    pub region: String,
    /// The version of the root.
    pub root: u64,
    /// SHA-256 of the root.
    pub root_sha256: String,
    /// The epoch of the members.
    pub epoch: u64,
    /// The version of the members.
    pub version: u64,
    /// SHA-256 of the members.
    pub sha256: String,
    /// Until when freshness is known.
    pub fresh_until: Timestamp,
    /// Whether a contradiction is open.
    pub alarm: bool,
}

/// A document that a node serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RegisterDocument {
    /// That version of the root.
    Root(u64),
    /// Members of that epoch and version.
    Members(u64, u64),
    /// The newest freshness.
    Fresh,
    /// The documents of the contradiction that is open.
    Evidence,
}

/// The evidence of a contradiction, as it travels.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// The two files.
    pub documents: [Box<serde_json::value::RawValue>; 2],
}

/// Carries register news from other nodes. Nothing that it brings is believed before it is verified.
pub trait RegisterPeers: Send + Sync {
    /// What that member's node says of its register.
    fn announcement(&self, of: Arc<Member>) -> BoxFuture<'_, Result<Announcement, PeerFailure>>;
    /// One document of that member's node; `None` where it has none.
    fn document(&self, of: Arc<Member>, which: RegisterDocument) -> BoxFuture<'_, Result<Option<Vec<u8>>, PeerFailure>>;
}

/// What became of news.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Heard {
    /// Whether the register in force is another now.
    pub changed: bool,
    /// Whether a contradiction came to light.
    pub contradicted: bool,
    /// What was not taken, and why.
    pub refused: Vec<RegisterError>,
}

/// The register of a node and all that is held of it. One at a time takes news in.
pub(crate) struct Keeper {
    held: Mutex<Held>,
    evidence: PathBuf,
}

impl Keeper {
    /// Takes up what was held when this node last ran, and what its files say now.
    pub(crate) async fn open(store: &Store, register: &SharedRegister, data: &Path, now: Timestamp) -> Result<Self, OpenError> {
        let given = register.current();
        let evidence = data.join("evidence");
        let held = match keep::restore(store, &given).await? {
            None => {
                keep::whole(store, &given).await?;
                Held::of(Register::clone(&given))
            }
            Some(held) => {
                let (next, effects) = step(&held, &keep::news_of(&given), now);
                let heard = carry_out(store, &evidence, &next, &effects, "the register's files").await?;
                for error in heard.refused {
                    tracing::warn!(%error, "the register's files are not those in force; what this node took from its peers stays");
                }
                next
            }
        };
        register.adopt(Arc::clone(held.register()));
        Ok(Self { held: Mutex::new(held), evidence })
    }
}

/// Makes what a step asks for durable, and tells people.
async fn carry_out(store: &Store, evidence: &Path, held: &Held, effects: &[Effect], from: &str) -> Result<Heard, StoreError> {
    let mut heard = Heard::default();
    for effect in effects {
        match effect {
            Effect::Keep(piece) => keep::piece(store, piece).await?,
            Effect::Contradicted(contradiction) => {
                heard.contradicted = true;
                keep::contradiction(store, contradiction).await?;
                evidence::write(evidence, contradiction, from).await;
            }
            Effect::Settled => tracing::warn!(from, "a root of the stewards has settled the contradiction"),
            Effect::InForce => heard.changed = true,
            Effect::Refused(error) => heard.refused.push(error.clone()),
        }
    }
    if heard.changed {
        keep::marks(store, held).await?;
    }
    Ok(heard)
}

impl Node {
    /// Takes news in, from a partner or elsewhere: what holds is durable and in force when this returns.
    ///
    /// # Errors
    /// When it cannot be made durable; what was in force stays.
    pub async fn hear(&self, news: &News, from: &str) -> Result<Heard, StoreError> {
        let keeper = self.keeper();
        let mut held = keeper.held.lock().await;
        let (next, effects) = step(&held, news, self.now());
        let heard = carry_out(self.store(), &keeper.evidence, &next, &effects, from).await?;
        if heard.changed {
            let adopted = next.register().adopted().clone();
            self.shared_register().adopt(Arc::clone(next.register()));
            *held = next;
            tracing::info!(from, root = adopted.root, epoch = adopted.epoch, version = adopted.version, "a newer register is in force");
        }
        Ok(heard)
    }

    /// Takes in a register that was read from files.
    ///
    /// # Errors
    /// When a document is refused or nothing can be made durable.
    pub async fn adopt(&self, register: Register) -> Result<(), OpenError> {
        let heard = self.hear(&keep::news_of(&register), "the register's files").await?;
        heard.refused.into_iter().next().map_or(Ok(()), |error| Err(OpenError::Register(error)))
    }

    /// Signs freshness of the members in force, where this node has the key for it and less than `due_seconds` of the last are left. Gives
    /// until when it is, if it was signed.
    ///
    /// # Errors
    /// When it cannot be made durable.
    pub async fn renew_freshness(
        &self,
        key: &polder_trust::keys::SigningKey,
        due_seconds: i64,
        life_seconds: i64,
    ) -> Result<Option<Timestamp>, StoreError> {
        let (register, now) = (self.register(), self.now());
        let rests = self.keeper().held.lock().await.contradiction().is_some();
        if rests || register.fresh_until() > now.plus_seconds(due_seconds) {
            return Ok(None);
        }
        let until = now.plus_seconds(life_seconds);
        let fresh = Fresh::of(register.members_document(), register.adopted().sha256.clone(), until);
        let mut signed = Signed::unsigned(serde_json::to_vec(&fresh).unwrap_or_default());
        signed.sign(polder_trust::register::DocumentType::Fresh, key);
        let news = News { fresh: Some(signed.to_file().into_bytes().into()), ..News::default() };
        let heard = self.hear(&news, "this node's own freshness key").await?;
        for error in &heard.refused {
            tracing::warn!(%error, "this node cannot renew freshness");
        }
        Ok(heard.changed.then_some(until))
    }

    /// What this node says of its register.
    pub async fn announcement(&self) -> Announcement {
        let held = self.keeper().held.lock().await;
        announcement(&held)
    }

    /// A document of the register, as it came; `None` where this node never had it.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn register_document(&self, which: RegisterDocument) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(keep::document(&self.store().reader(), which).await?.map(String::into_bytes))
    }
}

fn announcement(held: &Held) -> Announcement {
    let register = held.register();
    let adopted = register.adopted().clone();
    let root_sha256 = register.root_files().last().and_then(|file| Signed::parse(file).ok()).map(|root| root.sha256());
    Announcement {
        region: register.region().to_owned(),
        root: adopted.root,
        root_sha256: root_sha256.unwrap_or_default(),
        epoch: adopted.epoch,
        version: adopted.version,
        sha256: adopted.sha256,
        fresh_until: register.fresh_until(),
        alarm: held.contradiction().is_some(),
    }
}
