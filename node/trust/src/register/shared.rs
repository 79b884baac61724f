//! The register in force, shared by everything that looks into it.

use std::sync::{Arc, PoisonError, RwLock};

use polder_model::{PartnerId, Timestamp};

use super::{Member, Register, Status};
use crate::keys::SpkiPin;

/// The register in force. Clones share it: what one adopts, all see at once, also on connections that are open.
#[derive(Clone, Debug)]
pub struct SharedRegister(Arc<RwLock<Arc<Register>>>);

impl SharedRegister {
    /// Puts a first register in force.
    #[must_use]
    pub fn new(register: Register) -> Self {
        Self(Arc::new(RwLock::new(Arc::new(register))))
    }

    /// The register in force now.
    #[must_use]
    pub fn current(&self) -> Arc<Register> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts another register in force.
    pub fn adopt(&self, register: impl Into<Arc<Register>>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = register.into();
    }

    /// The member who has that TLS key at that instant, whatever its status: who left may still learn why.
    #[must_use]
    pub fn known_by_pin(&self, pin: &SpkiPin, now: Timestamp) -> Option<Arc<Member>> {
        self.current().by_pin(pin, now).map(Arc::clone)
    }

    /// The active member who has that TLS key at that instant.
    #[must_use]
    pub fn active_by_pin(&self, pin: &SpkiPin, now: Timestamp) -> Option<Arc<Member>> {
        let register = self.current();
        register.by_pin(pin, now).filter(|member| member.status == Status::Active).map(Arc::clone)
    }

    /// Whether that TLS key is that partner's at that instant.
    #[must_use]
    pub fn is_pin_of(&self, partner: &PartnerId, pin: &SpkiPin, now: Timestamp) -> bool {
        self.current().member(partner).is_some_and(|member| member.status == Status::Active && member.has_pin(pin, now))
    }
}
