//! The registers in force, shared by everything that looks into them.

use std::collections::HashSet;
use std::sync::{Arc, PoisonError, RwLock};

use polder_model::{PartnerId, Purpose, Timestamp};

use super::{Member, Register, Status};
use crate::keys::SpkiPin;

/// The register in force, and beside it those of other regions that its root recognises. Clones share them: what one adopts, all see at once, also
/// on connections that are open.
#[derive(Clone, Debug)]
pub struct SharedRegister(Arc<RwLock<InForce>>);

#[derive(Clone, Debug)]
struct InForce {
    own: Arc<Register>,
    others: Arc<[Arc<Register>]>,
}

impl SharedRegister {
    /// Puts a first register in force.
    #[must_use]
    pub fn new(register: Register) -> Self {
        Self(Arc::new(RwLock::new(InForce { own: Arc::new(register), others: Arc::new([]) })))
    }

    fn in_force(&self) -> InForce {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The register in force now.
    #[must_use]
    pub fn current(&self) -> Arc<Register> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner).own)
    }

    /// The registers of other regions, whether or not the root in force still recognises them.
    #[must_use]
    pub fn others(&self) -> Arc<[Arc<Register>]> {
        self.in_force().others
    }

    /// The register of that region.
    #[must_use]
    pub fn of_region(&self, region: &str) -> Option<Arc<Register>> {
        let InForce { own, others } = self.in_force();
        if own.region() == region { Some(own) } else { others.iter().find(|other| other.region() == region).cloned() }
    }

    /// Puts another register of the own region in force.
    pub fn adopt(&self, register: impl Into<Arc<Register>>) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).own = register.into();
    }

    /// Carries the register of another region, in place of the one that it had.
    pub fn adopt_other(&self, register: impl Into<Arc<Register>>) {
        let register = register.into();
        let mut in_force = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let kept = in_force.others.iter().filter(|other| other.region() != register.region()).cloned();
        in_force.others = kept.chain([Arc::clone(&register)]).collect();
    }

    /// Who has that TLS key at that instant: a member, whatever its status, since who left may still learn why; or a guest.
    #[must_use]
    pub fn known_by_pin(&self, pin: &SpkiPin, now: Timestamp) -> Option<Arc<Member>> {
        let InForce { own, others } = self.in_force();
        own.by_pin(pin, now).cloned().or_else(|| others.iter().find_map(|other| own.guest(other, pin, now)))
    }

    /// The active member who has that TLS key at that instant, or the guest.
    #[must_use]
    pub fn active_by_pin(&self, pin: &SpkiPin, now: Timestamp) -> Option<Arc<Member>> {
        self.known_by_pin(pin, now).filter(|member| member.status == Status::Active)
    }

    /// The active member or the guest of that name.
    #[must_use]
    pub fn active(&self, partner: &PartnerId, now: Timestamp) -> Option<Arc<Member>> {
        let InForce { own, others } = self.in_force();
        match own.member(partner) {
            Some(member) => Some(member).filter(|member| member.status == Status::Active).cloned(),
            None => others.iter().find_map(|other| own.guests(other, now).find(|guest| guest.partner == *partner)),
        }
    }

    /// Whether that TLS key is that partner's at that instant, whatever its status: tombstones go to whoever has a copy. Who is asked for what is decided
    /// elsewhere.
    #[must_use]
    pub fn is_pin_of(&self, partner: &PartnerId, pin: &SpkiPin, now: Timestamp) -> bool {
        let own = self.current();
        let member = own.member(partner).cloned().or_else(|| self.active(partner, now));
        member.is_some_and(|member| member.has_pin(pin, now))
    }

    /// The guests whose nodes answer members of this region about that purpose. Who stands in two regions is there once.
    #[must_use]
    pub fn hosts(&self, purpose: Purpose, now: Timestamp) -> Vec<Arc<Member>> {
        let InForce { own, others } = self.in_force();
        let answering = others.iter().filter(|other| other.recognises(&own).is_some_and(|known| known.purposes.contains(&purpose)));
        let mut seen = HashSet::new();
        answering.flat_map(|other| own.guests(other, now)).filter(|guest| seen.insert(guest.partner.clone())).collect()
    }
}
