//! Members of other regions that the own root recognises.
//!
//! Such a region has a register of its own, pinned by the fingerprint of its first root; its stewards and registrars decide over its entries and over
//! nothing else. Recognition is not passed on: what a recognised region recognises counts for nothing here.

use std::sync::Arc;

use polder_model::Timestamp;

use super::{Member, Recognised, Register, Signed, Standing, Status};
use crate::keys::SpkiPin;

impl Register {
    /// What this root says of that region, if it recognises it: by its name and by the fingerprint of its first root.
    #[must_use]
    pub fn recognises(&self, other: &Self) -> Option<&Recognised> {
        let first = other.root_files().first().and_then(|file| Signed::parse(file).ok())?.sha256();
        let named = |known: &&Recognised| known.region == other.region() && known.root_fingerprint.eq_ignore_ascii_case(&first);
        self.root().recognised.iter().find(named).filter(|known| known.region != self.region())
    }

    /// The active member of another region who has that TLS key at that instant, with the purposes that both that register and this root allow.
    ///
    /// `None` where this root does not recognise the region, where that register is out of date or contradicted, and where this register
    /// holds the partner or the key itself: then it alone decides.
    #[must_use]
    pub fn guest(&self, other: &Self, pin: &SpkiPin, now: Timestamp) -> Option<Arc<Member>> {
        let recognised = self.recognises(other)?;
        let member = other.by_pin(pin, now).filter(|member| member.status == Status::Active)?;
        if other.standing(now) == Standing::NoDisclosure || self.member(&member.partner).is_some() || self.holds_key(pin) {
            return None;
        }
        let purposes = member.purposes.iter().filter(|purpose| recognised.purposes.contains(purpose)).copied().collect();
        Some(Arc::new(Member { purposes, acts_for: Vec::new(), ..Member::clone(member) }))
    }

    fn holds_key(&self, pin: &SpkiPin) -> bool {
        self.members().iter().any(|member| member.tls_pins.iter().any(|known| known.sha256 == *pin))
    }
}
