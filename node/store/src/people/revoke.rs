//! A partner ends consents of its workers, or finds that they never held: by the same way as a worker withdraws, with a ground that the worker sees.

use std::collections::BTreeSet;

use polder_consent::state::step;
use polder_consent::{ConsentId, Event, Ground, WorkerId};
use polder_model::{PartnerId, Purpose, Timestamp};
use sha2::{Digest, Sha256};

use super::decide::{self, Ended, NotEnded};
use super::kept::{self, Kept};
use super::texts::TextVersion;
use super::{Desk, Work};
use crate::error::StoreError;
use crate::open::Store;
use crate::statement::Value;

/// Consents that one transaction looks at.
const AT_ONCE: i64 = 100;

/// Which consents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    /// Those of one worker: all of these, or none of them is touched; where none is named, all to which it can happen.
    Of(WorkerId, Vec<ConsentId>),
    /// All to which it can happen that were given on a text, by its SHA-256.
    OnNotice(String),
    /// All to which it can happen that were given on a version of a text.
    OnText(TextVersion),
    /// All to which it can happen that were given towards a partner.
    Towards(PartnerId),
    /// Those of these to which it can happen, whosoever they are; what is not there is left out.
    These(Vec<ConsentId>),
}

/// Some of what ended, and after which consent to go on; `None` where that is all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revoked {
    /// What ended, or was found never to have held.
    pub ended: Vec<Ended>,
    /// Where to go on.
    pub next: Option<ConsentId>,
}

/// What ending consents would do, looked at before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WhatEnds {
    /// How many consents would end, or be found never to have held.
    pub consents: u64,
    /// How many of them are applications.
    pub applications: u64,
    /// How many of them are in force.
    pub in_force: u64,
    /// How many recipients would be told to erase a copy.
    pub erases: u64,
}

/// What would end, to the last consent: two are the same only where the same would happen to the same ones, on the same ground.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seal(pub String);

impl Store {
    /// What [`Store::revoke`] would do now with all of these consents, and the seal by which [`Store::revoke_sealed`] does exactly that. Nothing is written.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn what_ends(&self, which: Which, ground: Ground, now: Timestamp) -> Result<(WhatEnds, Seal), StoreError> {
        let (mut all, mut after) = (Vec::new(), None);
        loop {
            let (some, next) = self.people(Look(Revoke { which: which.clone(), after, ground, now })).await?;
            all.extend(some);
            after = next;
            if after.is_none() {
                break;
            }
        }
        let count = |is: fn(&OneEnds) -> bool| all.iter().filter(|one| is(one)).count() as u64;
        let in_force = count(|one| one.in_force);
        let erases = all.iter().filter(|one| one.erases).map(|one| &one.recipient).collect::<BTreeSet<_>>().len() as u64;
        let ends = WhatEnds { consents: all.len() as u64, applications: count(|one| one.is_application), in_force, erases };
        Ok((ends, seal(&which, ground, &mut all)))
    }

    /// Ends these consents where they are exactly what was sealed; `None` where anything is different by now, and nothing has ended then. It is compared in
    /// the transaction that ends the first of them; the others are named in what comes back, to be ended by [`Which::These`]: whatever is new is not one of
    /// them.
    ///
    /// # Errors
    /// When the database cannot be written; nothing has ended then.
    pub async fn revoke_sealed(
        &self,
        which: Which,
        ground: Ground,
        sealed: Seal,
        now: Timestamp,
    ) -> Result<Option<(Vec<Ended>, Vec<ConsentId>)>, StoreError> {
        self.people(RevokeSealed { revoke: Revoke { which, after: None, ground, now }, sealed }).await
    }

    /// Ends some of these consents on a ground, or finds that they never held; to be called again from where it stopped, until that is nowhere.
    ///
    /// # Errors
    /// When the database cannot be written; nothing of this part has ended then.
    pub async fn revoke(
        &self,
        which: Which,
        after: Option<ConsentId>,
        ground: Ground,
        now: Timestamp,
    ) -> Result<Result<Revoked, NotEnded>, StoreError> {
        self.people(Revoke { which, after, ground, now }).await
    }
}

struct Revoke {
    which: Which,
    after: Option<ConsentId>,
    ground: Ground,
    now: Timestamp,
}

impl Work for Revoke {
    type Told = Result<Revoked, NotEnded>;

    async fn carry_out(self, desk: &mut Desk<'_, '_>) -> Result<Self::Told, StoreError> {
        desk.batch.may_end().await?;
        let (all, next) = match self.some(desk).await? {
            Ok(some) => some,
            Err(refused) => return Ok(Err(refused)),
        };
        Ok(Ok(Revoked { ended: self.end(desk, all).await?, next }))
    }
}

/// Ends what is sealed, and nothing else.
struct RevokeSealed {
    revoke: Revoke,
    sealed: Seal,
}

impl Work for RevokeSealed {
    type Told = Option<(Vec<Ended>, Vec<ConsentId>)>;

    async fn carry_out(self, desk: &mut Desk<'_, '_>) -> Result<Self::Told, StoreError> {
        desk.batch.may_end().await?;
        let Self { mut revoke, sealed } = self;
        let mut all = Vec::new();
        loop {
            let (some, next) = revoke.look(desk).await?;
            all.extend(some);
            revoke.after = next;
            if next.is_none() {
                break;
            }
        }
        if seal(&revoke.which, revoke.ground, &mut all) != sealed {
            return Ok(None);
        }
        let mut ids: Vec<ConsentId> = all.iter().map(|one| one.id).collect();
        let rest = ids.split_off(ids.len().min(usize::try_from(AT_ONCE).unwrap_or(usize::MAX)));
        let first = revoke.these(desk, &ids).await?;
        Ok(Some((revoke.end(desk, first).await?, rest)))
    }
}

/// Looks what would be done.
struct Look(Revoke);

impl Work for Look {
    type Told = (Vec<OneEnds>, Option<ConsentId>);

    async fn carry_out(self, desk: &mut Desk<'_, '_>) -> Result<Self::Told, StoreError> {
        self.0.look(desk).await
    }
}

/// What would happen to one consent.
struct OneEnds {
    id: ConsentId,
    in_force: bool,
    /// Whether its recipient would be told to erase a copy.
    erases: bool,
    is_application: bool,
    recipient: PartnerId,
}

/// The seal of these, in whatever order they were found.
fn seal(which: &Which, ground: Ground, all: &mut [OneEnds]) -> Seal {
    all.sort_by_key(|one| one.id);
    let mut hash = Sha256::new().chain_update(format!("{which:?} {}", ground.as_str()));
    for one in all {
        hash.update(format!("\n{} {} {}", one.id, one.in_force, one.erases));
    }
    Seal(hex::encode(hash.finalize()))
}

impl Revoke {
    fn event(&self) -> Event {
        Event { ground: Some(self.ground), ..Event::new(self.ground.what(), self.now) }
    }

    fn can_happen_to(&self, kept: &Kept) -> bool {
        kept.state(self.now).is_some_and(|state| step(Some(state), self.ground.what()).is_ok())
    }

    /// What would happen to some of those that are meant, and after which to go on.
    async fn look(&self, desk: &mut Desk<'_, '_>) -> Result<(Vec<OneEnds>, Option<ConsentId>), StoreError> {
        let (all, next) = self.some(desk).await?.unwrap_or_default();
        let mut found = Vec::new();
        for kept in &all {
            let in_force = kept.is_given(self.now);
            let erases = in_force && decide::would_owe(desk, kept, self.now).await?;
            let is_application = kept.consent.purpose == Purpose::Application;
            found.push(OneEnds { id: kept.consent.id, in_force, erases, is_application, recipient: kept.consent.recipient.clone() });
        }
        Ok((found, next))
    }

    async fn end(&self, desk: &mut Desk<'_, '_>, all: Vec<Kept>) -> Result<Vec<Ended>, StoreError> {
        let mut ended = Vec::new();
        for kept in all {
            if !kept.is_given(self.now) {
                decide::expire(desk, kept.consent.worker, self.now).await?;
            }
            ended.push(decide::end_by(desk, kept, self.event(), self.now).await?);
        }
        Ok(ended)
    }

    /// Some of those that are meant, and after which to go on.
    async fn some(&self, desk: &mut Desk<'_, '_>) -> Result<Result<(Vec<Kept>, Option<ConsentId>), NotEnded>, StoreError> {
        match &self.which {
            Which::Of(worker, named) if !named.is_empty() => Ok(self.named(desk, *worker, named).await?.map(|all| (all, None))),
            Which::Of(worker, _) => self.page(desk, "worker = $3", &[(&worker.to_string()).into()]).await.map(Ok),
            Which::OnNotice(sha256) => self.page(desk, "notice = $3", &[sha256.into()]).await.map(Ok),
            Which::OnText(TextVersion { version, language, purpose }) => {
                let condition = "purpose = $5 AND notice IN (SELECT sha256 FROM notices WHERE version = $3 AND language = $4)";
                self.page(desk, condition, &[version.into(), language.into(), purpose.as_str().into()]).await.map(Ok)
            }
            Which::Towards(partner) => self.page(desk, "recipient = $3", &[partner.as_str().into()]).await.map(Ok),
            Which::These(named) => Ok(Ok((self.these(desk, named).await?, None))),
        }
    }

    /// Those of these to which it can happen, each once.
    async fn these(&self, desk: &mut Desk<'_, '_>, named: &[ConsentId]) -> Result<Vec<Kept>, StoreError> {
        let mut all = Vec::new();
        for consent in named.iter().collect::<BTreeSet<_>>() {
            all.extend(kept::by_id(desk, *consent).await?.filter(|kept| self.can_happen_to(kept)));
        }
        Ok(all)
    }

    /// Those that were named, each once, where it can happen to all of them.
    async fn named(
        &self,
        desk: &mut Desk<'_, '_>,
        worker: WorkerId,
        named: &[ConsentId],
    ) -> Result<Result<Vec<Kept>, NotEnded>, StoreError> {
        let mut all: Vec<Kept> = Vec::new();
        for consent in named {
            let Some(kept) = kept::by_id(desk, *consent).await?.filter(|kept| kept.consent.worker == worker) else {
                return Ok(Err(NotEnded::Unknown));
            };
            if !self.can_happen_to(&kept) {
                return Ok(Err(NotEnded::NotInForce(kept.state(self.now))));
            }
            if !all.iter().any(|one| one.consent.id == *consent) {
                all.push(kept);
            }
        }
        Ok(Ok(all))
    }

    /// Some of those under a condition to which it can happen, in the order of their ids, and after which to go on.
    async fn page(
        &self,
        desk: &mut Desk<'_, '_>,
        condition: &str,
        values: &[Value<'_>],
    ) -> Result<(Vec<Kept>, Option<ConsentId>), StoreError> {
        let after = self.after.map(|after| after.to_string()).unwrap_or_default();
        let condition = format!("id IN (SELECT id FROM consents WHERE {condition} AND id > $1 ORDER BY id LIMIT $2)");
        let found = kept::consents(desk, &condition, &[&[(&after).into(), AT_ONCE.into()], values].concat()).await?;
        let is_all = i64::try_from(found.len()).is_ok_and(|found| found < AT_ONCE);
        let last = found.iter().map(|kept| kept.consent.id).max();
        Ok((found.into_iter().filter(|kept| self.can_happen_to(kept)).collect(), last.filter(|_| !is_all)))
    }
}
