//! Tombstones on their way to whoever holds a copy, until each is acknowledged.
//!
//! Whoever is owed one is tried at once, then after 2 s, 4 s, 8 s and so on, and at least every 30 s as long as anything is pending: a partner that
//! comes back has heard within that time. Nothing stops this: not a stale register, nor a suspension, nor what else the partner asks. Partners that were heard
//! from the last time and those that were not have places of their own: nobody waits for a partner that does not answer but what is owed to it, and others that
//! do not answer.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::future::BoxFuture;
use futures::stream::{self, FuturesUnordered, StreamExt};
use polder_consent::{leaf, withdrawal};
use polder_model::{PartnerId, Timestamp};
use polder_store::StoreError;
use polder_store::people::Tombstone;
use polder_trust::evidence::{self, EvidenceKind};
use polder_trust::register::Member;
use tokio::sync::Notify;

use crate::duties::Duty;
use crate::node::Node;

/// Partners that are told at the same time, of those that were heard from the last time and of the others alike: even if a call to each of 190 takes as
/// long as one may, each has a turn in 30 s.
const PARTNERS_AT_ONCE: usize = 64;
/// Tombstones of one call.
const AT_ONCE: u32 = 100;
/// The first pause after a call that failed, and the longest.
const FIRST_PAUSE: Duration = Duration::from_secs(2);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// How long a call may take.
const DEADLINE: Duration = Duration::from_secs(10);
/// How often is looked for what another replica left.
const ROUND: Duration = Duration::from_secs(1);

/// What is on its way to recipients.
#[derive(Debug, Default)]
pub(crate) struct Delivery {
    pub(super) bell: Notify,
    tries: Mutex<HashMap<PartnerId, Try>>,
}

/// When a recipient is tried again.
#[derive(Clone, Copy, Debug)]
struct Try {
    failed: u32,
    /// By the steady clock.
    next: Duration,
    told_late: bool,
}

/// What came of something that goes on.
enum Came {
    /// Who is owed something, and whose turn it is.
    Due(Result<Vec<Arc<Member>>, StoreError>),
    /// A recipient was told. How many tombstones were acknowledged.
    Told(PartnerId, Result<usize, StoreError>),
}

fn say_later(done: Result<(), StoreError>) {
    if let Err(error) = done {
        tracing::warn!(%error, "tombstones are delivered later");
    }
}

/// A recipient that is owed tombstones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outstanding {
    /// Who.
    pub partner: PartnerId,
    /// Since when, the oldest of them.
    pub since: Timestamp,
    /// Whether it stands in the register still.
    pub is_known: bool,
}

/// How long a partner is left alone after so many calls that failed.
pub(super) fn pause_after(failed: u32) -> Duration {
    FIRST_PAUSE.saturating_mul(1 << failed.min(10)).min(LONGEST_PAUSE)
}

/// Who is being told.
#[derive(Default)]
struct Told {
    /// Whether more became owed to each meanwhile, and whether it was not heard from the last time.
    now: HashMap<PartnerId, (bool, bool)>,
    /// Whether somebody had no place.
    is_full: bool,
}

impl Told {
    /// Whether there is a place for this partner, which takes it. One that is being told hears of what is more afterwards.
    fn begin(&mut self, partner: &PartnerId, is_again: bool) -> bool {
        if let Some((more, _)) = self.now.get_mut(partner) {
            *more = true;
            return false;
        }
        if self.now.values().filter(|(_, again)| *again == is_again).count() >= PARTNERS_AT_ONCE {
            self.is_full = true;
            return false;
        }
        self.now.insert(partner.clone(), (false, is_again));
        true
    }

    /// A partner was told. Whether it is to be looked again who is due.
    fn end(&mut self, partner: &PartnerId) -> bool {
        let more = self.now.remove(partner).is_some_and(|(more, _)| more);
        std::mem::replace(&mut self.is_full, false) || more
    }
}

impl Delivery {
    /// Something is owed: it is sent at once.
    pub(crate) fn ring(&self) {
        self.bell.notify_one();
    }

    pub(super) fn may_try(&self, partner: &PartnerId, now: Duration) -> bool {
        let tries = self.tries.lock().unwrap_or_else(PoisonError::into_inner);
        tries.get(partner).is_none_or(|one| one.next <= now)
    }

    /// How often a partner failed since it was heard from.
    pub(super) fn failed(&self, partner: &PartnerId) -> u32 {
        self.tries.lock().unwrap_or_else(PoisonError::into_inner).get(partner).map_or(0, |one| one.failed)
    }

    /// Whose turn comes first: who was heard from the last time, then who waits the longest.
    fn turn(&self, partner: &PartnerId) -> (bool, Duration) {
        let tries = self.tries.lock().unwrap_or_else(PoisonError::into_inner);
        tries.get(partner).map_or_else(Default::default, |one| (one.failed > 0, one.next))
    }

    /// Notes how a try went. A partner that was heard from is tried at once when there is more.
    pub(super) fn tried(&self, partner: &PartnerId, heard: bool, now: Duration) {
        let mut tries = self.tries.lock().unwrap_or_else(PoisonError::into_inner);
        if heard {
            tries.remove(partner);
            return;
        }
        let one = tries.entry(partner.clone()).or_insert(Try { failed: 0, next: now, told_late: false });
        let pause = pause_after(one.failed);
        one.failed = one.failed.saturating_add(1);
        one.next = now + pause;
    }

    /// Whether it is told for the first time that this recipient is late.
    fn is_told_first(&self, partner: &PartnerId, now: Duration) -> bool {
        let mut tries = self.tries.lock().unwrap_or_else(PoisonError::into_inner);
        let one = tries.entry(partner.clone()).or_insert(Try { failed: 0, next: now, told_late: false });
        !std::mem::replace(&mut one.told_late, true)
    }
}

impl Node {
    /// Brings what is owed to its recipients, whenever something is, without end.
    pub async fn deliver_tombstones(&self) {
        // Everything that is awaited goes on beside the rest: nobody is held up by another, nor holds a connection to the database that another waits for.
        let mut goes_on: FuturesUnordered<BoxFuture<'_, Came>> = FuturesUnordered::new();
        let mut told = Told::default();
        let mut rounds = tokio::time::interval(ROUND);
        loop {
            tokio::select! {
                // What this process itself decided is sent at once; of the rest one replica takes care.
                () = self.delivery().bell.notified() => goes_on.push(Box::pin(async { Came::Due(self.due().await) })),
                _ = rounds.tick() => goes_on.push(Box::pin(async {
                    let mine = self.takes_on(Duty::DeliverTombstones).await.unwrap_or(false);
                    Came::Due(if mine { self.due().await } else { Ok(Vec::new()) })
                })),
                Some(came) = goes_on.next() => match came {
                    Came::Due(Ok(due)) => for to in due {
                        if told.begin(&to.partner, self.delivery().failed(&to.partner) > 0) {
                            goes_on.push(Box::pin(async move { Came::Told(to.partner.clone(), self.deliver_to(to).await) }));
                        }
                    },
                    Came::Told(partner, done) => {
                        if told.end(&partner) {
                            self.delivery().ring();
                        }
                        say_later(done.map(drop));
                    }
                    Came::Due(Err(error)) => say_later(Err(error)),
                },
            }
        }
    }

    /// Who is owed something, and whose turn it is.
    async fn due(&self) -> Result<Vec<Arc<Member>>, StoreError> {
        let (register, now, mut due) = (self.register(), self.clock().steady(), Vec::new());
        for (partner, since) in self.store().recipients_owed().await? {
            self.say_late(&partner, since);
            if let Some(member) = register.member(&partner)
                && self.delivery().may_try(&partner, now)
            {
                due.push(Arc::clone(member));
            }
        }
        due.sort_by_cached_key(|member| self.delivery().turn(&member.partner));
        Ok(due)
    }

    /// Tries every recipient that is owed something and whose turn it is. How many tombstones were acknowledged.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn deliver_once(&self) -> Result<usize, StoreError> {
        let (due, mut acknowledged) = (self.due().await?, 0);
        let mut told = stream::iter(due.into_iter().map(|to| self.deliver_to(to))).buffer_unordered(PARTNERS_AT_ONCE);
        while let Some(done) = told.next().await {
            acknowledged += done?;
        }
        Ok(acknowledged)
    }

    /// Who is owed tombstones, and since when.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn outstanding(&self) -> Result<Vec<Outstanding>, StoreError> {
        let register = self.register();
        let owed = self.store().recipients_owed().await?.into_iter();
        Ok(owed.map(|(partner, since)| Outstanding { is_known: register.member(&partner).is_some(), partner, since }).collect())
    }

    /// Whether a partner has let tombstones lie for so long that it gets nothing about people any more.
    pub(crate) async fn is_overdue(&self, partner: &PartnerId) -> Result<bool, StoreError> {
        let oldest = self.store().owed_since(partner).await?;
        Ok(oldest.is_some_and(|since| since.plus_seconds(self.policy().overdue_seconds()) <= self.now()))
    }

    fn say_late(&self, partner: &PartnerId, since: Timestamp) {
        if since.plus_seconds(self.policy().late_seconds()) <= self.now() && self.delivery().is_told_first(partner, self.clock().steady()) {
            let known = self.register().member(partner).is_some();
            tracing::error!(%partner, %since, known, "a partner has not acknowledged in time that it erased what workers withdrew; ask its operator. After `consent.overdue_hours` it is answered nothing about people");
        }
    }

    async fn deliver_to(&self, to: Arc<Member>) -> Result<usize, StoreError> {
        let (mut after, mut acknowledged) = (0, 0);
        loop {
            let owed = self.store().owed_to(&to.partner, after, AT_ONCE).await?;
            let Some(last) = owed.last() else { return Ok(acknowledged) };
            after = last.number;
            let Some(said) = owed.iter().map(|tombstone| self.sign_tombstone(tombstone)).collect::<Option<Vec<String>>>() else {
                tracing::error!("tombstones cannot be signed: this node has no key");
                return Ok(acknowledged);
            };
            match self.send(&to, said).await {
                Ok(acknowledgements) => {
                    self.delivery().tried(&to.partner, true, self.clock().steady());
                    acknowledged += self.take_acknowledgements(&to, &acknowledgements).await?;
                }
                Err(why) => {
                    tracing::info!(partner = %to.partner, why, "tombstones were not delivered; they are sent again");
                    self.delivery().tried(&to.partner, false, self.clock().steady());
                    return Ok(acknowledged);
                }
            }
        }
    }

    async fn send(&self, to: &Arc<Member>, said: Vec<String>) -> Result<Vec<String>, String> {
        if to.partner == self.home().partner {
            return self.take_tombstones(to, &said).await.map(|taken| taken.acknowledgements).map_err(|refused| refused.to_string());
        }
        let sent = self.peers().tombstones(Arc::clone(to), said, DEADLINE).await;
        sent.map(|taken| taken.acknowledgements).map_err(|failure| failure.detail)
    }

    pub(crate) fn sign_tombstone(&self, tombstone: &Tombstone) -> Option<String> {
        let said = withdrawal::Tombstone {
            id: tombstone.id,
            iss: self.home().partner.clone(),
            aud: tombstone.recipient.clone(),
            handle: tombstone.handle,
            purpose: tombstone.purpose,
            epoch: tombstone.epoch,
            fields: tombstone.fields,
            disclosures: tombstone.named.clone(),
            // Two recipients would know by the instant that one worker ended both.
            iat: leaf::minute(tombstone.at),
            seq: tombstone.number,
        };
        evidence::sign(self.signing_key()?, EvidenceKind::Tombstone, &said).ok()
    }
}
