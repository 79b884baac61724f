//! Background work that one replica of a node does for all.
//!
//! Whoever takes it on has its lease in the database for as long as nobody else needs to do it. A replica that is killed keeps it until it has run out; one
//! that stops gives it back. Replicas' clocks differ, so now and then two do the same, which harms nothing.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use polder_store::{Lease, Store, StoreError};

use crate::node::Node;

/// How often what is kept of old imports is removed, in seconds. Whoever does it has the lease for as long.
pub const SWEEP_SECONDS: i64 = 600;
/// How long whoever renews the register's freshness has the lease for it, in seconds. Other replicas hear of what it signed before.
pub(crate) const RENEWAL_SECONDS: i64 = 60;
/// How long whoever tends the log has the lease for it, in seconds: a round ends within that time.
const TENDING_SECONDS: i64 = 30;

/// How long whoever sends the processing log has the lease for it, in seconds: a batch has ended within that time.
const KEEPING_SECONDS: i64 = 15;

/// How long whoever delivers tombstones, or closes consents, has the lease for it, in seconds.
const DELIVERY_SECONDS: i64 = 10;

/// What is done by one replica.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Duty {
    /// Removing what is kept of old imports.
    SweepImports,
    /// Renewing the register's freshness.
    RenewFreshness,
    /// Delivering tombstones again that were not acknowledged.
    DeliverTombstones,
    /// Sending applications that wait, and asking what became of others.
    DeliverApplications,
    /// Asking recipients again what they hold that have not answered.
    GatherHoldings,
    /// Closing consents whose time is over, and forgetting copies.
    SweepPeople,
    /// Sending the processing log on, and forgetting what is old of it.
    KeepProcessing,
    /// Signing the log, and having it cosigned.
    TendLog,
    /// Asking partners what a restored node has lost.
    Reopen,
    /// Asking searches again that staff saved.
    AskSavedSearches,
    /// Telling systems of events.
    DeliverEvents,
}

impl Duty {
    /// The name of its lease, and for how many seconds it is taken.
    fn lease(self) -> (&'static str, i64) {
        match self {
            Self::SweepImports => ("sweep-imports", SWEEP_SECONDS),
            Self::RenewFreshness => ("renew-freshness", RENEWAL_SECONDS),
            Self::DeliverTombstones => ("deliver-tombstones", DELIVERY_SECONDS),
            Self::DeliverApplications => ("deliver-applications", DELIVERY_SECONDS),
            Self::GatherHoldings => ("gather-holdings", DELIVERY_SECONDS),
            Self::SweepPeople => ("sweep-people", DELIVERY_SECONDS),
            Self::KeepProcessing => ("keep-processing", KEEPING_SECONDS),
            Self::TendLog => ("tend-log", TENDING_SECONDS),
            Self::Reopen => ("reopen", TENDING_SECONDS),
            Self::AskSavedSearches => ("ask-saved-searches", TENDING_SECONDS),
            Self::DeliverEvents => ("deliver-events", TENDING_SECONDS),
        }
    }
}

/// The duties that this process took on.
#[derive(Debug)]
pub(crate) struct Duties {
    /// A name that no other process has.
    holder: String,
    taken: Mutex<BTreeSet<Duty>>,
}

impl Duties {
    pub(crate) fn new() -> Self {
        Self { holder: uuid::Uuid::new_v4().to_string(), taken: Mutex::default() }
    }

    fn lease(&self, duty: Duty) -> Lease {
        Lease { name: duty.lease().0.to_owned(), holder: self.holder.clone() }
    }

    fn taken(&self) -> std::sync::MutexGuard<'_, BTreeSet<Duty>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives back what was taken on. What cannot be given back runs out.
    pub(crate) async fn give_back(&self, store: &Store) {
        let taken = std::mem::take(&mut *self.taken());
        for duty in taken {
            if let Err(error) = store.release_lease(&self.lease(duty)).await {
                tracing::debug!(?duty, %error, "a lease was not given back");
            }
        }
    }
}

impl Node {
    /// Takes a duty on, unless another replica has it. Whether this process does it.
    pub(crate) async fn takes_on(&self, duty: Duty) -> Result<bool, StoreError> {
        if !self.store().is_shared() {
            return Ok(true);
        }
        let (now, (_, seconds)) = (self.now(), duty.lease());
        let duties = self.duties();
        let has = self.store().take_lease(&duties.lease(duty), now, now.plus_seconds(seconds)).await?;
        if has {
            duties.taken().insert(duty);
        }
        tracing::debug!(?duty, has, "background work");
        Ok(has)
    }
}
