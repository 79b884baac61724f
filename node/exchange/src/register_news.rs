//! How a node's register goes forward: it hears news from peers and from files, keeps what holds, puts it in force and passes it on.
//!
//! The rules are in `polder_trust::register::step`. Here they get a database, a log, and peers to ask.

mod catch_up;
mod evidence;
mod keep;
mod leaf;
mod say;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use futures::future::BoxFuture;
use polder_model::Timestamp;
use polder_store::{Store, StoreError};
use polder_trust::register::{About, Effect, Fresh, Held, News, Register, RegisterError, SharedRegister, Signed, step};
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;

use crate::duties::Duty;
use crate::node::Node;
use crate::open_error::OpenError;
use crate::peers::PeerFailure;
use polder_trust::register::Member;

pub use catch_up::CatchUpFailed;
use keep::{Shelf, Shelved};
pub use keep::{kept, kept_of_region};

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

/// A register and all that is held of it. One at a time takes news in; of several replicas, one after the other.
pub(crate) struct Keeper {
    shelved: Mutex<Shelved>,
    shelf: Shelf,
}

impl Keeper {
    /// Takes up what was held of the own register when this node last ran, and what its files say now.
    pub(crate) async fn open(store: &Store, register: &SharedRegister, data: &Path, now: Timestamp) -> Result<Self, OpenError> {
        let keeper = Self::of(Shelf::own(store), &register.current(), &data.join(EVIDENCE), now).await?;
        register.adopt(Arc::clone(keeper.shelved.lock().await.held.register()));
        Ok(keeper)
    }

    async fn of(shelf: Shelf, given: &Register, evidence: &Path, now: Timestamp) -> Result<Self, OpenError> {
        let mut shelved = loop {
            if let Some(shelved) = shelf.restore(given, None).await? {
                break shelved;
            }
            if let Some(marks) = shelf.whole(given, now).await? {
                return Ok(Self { shelved: Mutex::new(Shelved { held: Held::of(Register::clone(given)), marks }), shelf });
            }
        };
        shelf.log(&mut shelved, now).await?;
        let heard = take_in(&shelf, &mut shelved, evidence, &keep::news_of(given), FILES, now).await?;
        if !shelved.held.register().is_contradicted() {
            heard.refused.iter().for_each(|error| say::files_refused(given.region(), error));
        }
        say::at_start(shelved.held.register());
        Ok(Self { shelved: Mutex::new(shelved), shelf })
    }
}

/// Takes news in: a step from what is held, made durable. Where another replica was sooner, the step is made anew from what it left.
async fn take_in(
    shelf: &Shelf,
    shelved: &mut Shelved,
    evidence: &Path,
    news: &News,
    from: &str,
    now: Timestamp,
) -> Result<Heard, OpenError> {
    for _ in 0..MOST_ATTEMPTS {
        let (next, effects) = step(&shelved.held, news, now);
        let heard = carry_out(shelf, evidence, &effects, from).await?;
        if !heard.changed {
            return Ok(heard);
        }
        if let Some(marks) = shelf.mark(&next, Some(&shelved.marks), now).await? {
            *shelved = Shelved { held: next, marks };
            return Ok(heard);
        }
        if let Some(left) = shelf.restore(shelved.held.register(), Some(&shelved.marks)).await? {
            *shelved = left;
        }
    }
    Err(StoreError::Busy.into())
}

/// How often a step is tried that other replicas were sooner with. Each time one of them went forward: more than a few are a damaged database.
const MOST_ATTEMPTS: usize = 8;

/// The registers of other regions that a node carries, by region.
pub(crate) type OtherKeepers = Mutex<BTreeMap<String, Arc<Keeper>>>;

/// The directory of evidence, below that of the data.
pub(crate) const EVIDENCE: &str = "evidence";
/// Where news is from that nobody sent.
const FILES: &str = "the register's files";

/// Makes durable what a step asks for, but for the marks, and tells people.
async fn carry_out(shelf: &Shelf, evidence: &Path, effects: &[Effect], from: &str) -> Result<Heard, StoreError> {
    let mut heard = Heard::default();
    for effect in effects {
        match effect {
            Effect::Keep(piece) => shelf.piece(piece).await?,
            Effect::Contradicted(contradiction) => {
                heard.contradicted = true;
                shelf.contradiction(contradiction).await?;
                evidence::write(evidence, contradiction, from).await;
            }
            Effect::Settled => tracing::warn!(from, "a root of the stewards has settled the contradiction"),
            Effect::InForce => heard.changed = true,
            Effect::Refused(error) => heard.refused.push(error.clone()),
        }
    }
    Ok(heard)
}

impl Node {
    /// Takes news of the own register in, from a partner or elsewhere: what holds is durable and in force when this returns.
    ///
    /// # Errors
    /// When it cannot be made durable; what was in force stays.
    pub async fn hear(&self, news: &News, from: &str) -> Result<Heard, OpenError> {
        self.hear_at(self.keeper(), news, from).await
    }

    /// The same for the register that a keeper holds.
    async fn hear_at(&self, keeper: &Keeper, news: &News, from: &str) -> Result<Heard, OpenError> {
        let mut shelved = keeper.shelved.lock().await;
        let heard = take_in(&keeper.shelf, &mut shelved, &self.data().join(EVIDENCE), news, from, self.now()).await?;
        self.put_in_force(&shelved.held, from);
        Ok(heard)
    }

    /// Puts in force what other replicas of this node have taken in meanwhile.
    ///
    /// # Errors
    /// When the database cannot be read or is damaged; what was in force stays.
    pub async fn hear_of_replicas(&self) -> Result<(), OpenError> {
        let others: Vec<Arc<Keeper>> = self.other_keepers().lock().await.values().cloned().collect();
        for keeper in std::iter::once(self.keeper()).chain(others.iter().map(|keeper| &**keeper)) {
            let mut shelved = keeper.shelved.lock().await;
            if let Some(left) = keeper.shelf.restore(shelved.held.register(), Some(&shelved.marks)).await? {
                *shelved = left;
                self.put_in_force(&shelved.held, "another replica of this node");
            }
        }
        Ok(())
    }

    fn put_in_force(&self, held: &Held, from: &str) {
        let (register, shared) = (held.register(), self.shared_register());
        let known = shared.of_region(register.region());
        if known.as_ref().is_some_and(|known| Arc::ptr_eq(known, register)) {
            return;
        }
        if register.region() == shared.current().region() {
            shared.adopt(Arc::clone(register));
        } else {
            shared.adopt_other(Arc::clone(register));
        }
        say::in_force(known.as_deref(), register, from);
    }

    /// Carries the register of another region from now on, or takes in what its files have that is newer. What its members may do here is for the
    /// root of the own register to say, at each request.
    ///
    /// # Errors
    /// When the own root does not recognise it, a document is refused, or nothing can be made durable.
    pub async fn carry(&self, register: Register) -> Result<(), OpenError> {
        if self.register().recognises(&register).is_none() {
            return Err(OpenError::NotRecognised(register.region().to_owned()));
        }
        let mut keepers = self.other_keepers().lock().await;
        if let Some(keeper) = keepers.get(register.region()) {
            let heard = self.hear_at(keeper, &keep::news_of(&register), FILES).await?;
            return heard.refused.into_iter().next().map_or(Ok(()), |error| Err(OpenError::Register(error)));
        }
        let shelf = Shelf::of_region(self.store(), register.region());
        let keeper = Keeper::of(shelf, &register, &self.data().join(EVIDENCE), self.now()).await?;
        self.put_in_force(&keeper.shelved.lock().await.held, FILES);
        keepers.insert(register.region().to_owned(), Arc::new(keeper));
        Ok(())
    }

    /// Takes in a register that was read from files.
    ///
    /// # Errors
    /// When a document is refused or nothing can be made durable.
    pub async fn adopt(&self, register: Register) -> Result<(), OpenError> {
        let heard = self.hear(&keep::news_of(&register), FILES).await?;
        heard.refused.into_iter().next().map_or(Ok(()), |error| Err(OpenError::Register(error)))
    }

    /// Signs freshness of the members in force, where this node has the key for it, less than `due_seconds` of the last are left, and no other
    /// replica is at it. Gives until when it is, if it was signed.
    ///
    /// # Errors
    /// When it cannot be made durable.
    pub async fn renew_freshness(
        &self,
        key: &polder_trust::keys::SigningKey,
        due_seconds: i64,
        life_seconds: i64,
    ) -> Result<Option<Timestamp>, OpenError> {
        let (register, now) = (self.register(), self.now());
        let rests = self.keeper().shelved.lock().await.held.contradiction().is_some();
        if rests || register.fresh_until() > now.plus_seconds(due_seconds) || !self.takes_on(Duty::RenewFreshness).await? {
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
        announcement(&self.keeper().shelved.lock().await.held)
    }

    /// What contradicts itself, of the own register and of those of other regions, each with its region.
    pub async fn contradictions(&self) -> Vec<(String, About)> {
        let others: Vec<Arc<Keeper>> = self.other_keepers().lock().await.values().map(Arc::clone).collect();
        let mut found = Vec::new();
        for keeper in std::iter::once(self.keeper()).chain(others.iter().map(|keeper| &**keeper)) {
            let held = &keeper.shelved.lock().await.held;
            found.extend(held.contradiction().map(|open| (held.register().region().to_owned(), open.about)));
        }
        found
    }

    /// A document of the register, as it came; `None` where this node never had it.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn register_document(&self, which: RegisterDocument) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.keeper().shelf.document(which).await?.map(String::into_bytes))
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
