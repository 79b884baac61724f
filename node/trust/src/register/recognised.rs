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

    /// The guest who has that TLS key at that instant: an active member of another region, with the purposes that both that register and this root
    /// allow.
    ///
    /// `None` where this root does not recognise the region, where that register is out of date or contradicted, and where this register
    /// holds the partner or the key itself: then it alone decides.
    #[must_use]
    pub fn guest(&self, other: &Self, pin: &SpkiPin, now: Timestamp) -> Option<Arc<Member>> {
        let recognised = self.hears(other, now)?;
        other.by_pin(pin, now).and_then(|member| self.as_guest(recognised, member))
    }

    /// Every guest from that region.
    pub fn guests<'a>(&'a self, other: &'a Self, now: Timestamp) -> impl Iterator<Item = Arc<Member>> + 'a {
        self.hears(other, now).into_iter().flat_map(|known| other.members().iter().filter_map(|member| self.as_guest(known, member)))
    }

    /// What this root says of that region, while its register can be relied on.
    fn hears(&self, other: &Self, now: Timestamp) -> Option<&Recognised> {
        self.recognises(other).filter(|_| other.standing(now) != Standing::NoDisclosure)
    }

    fn as_guest(&self, recognised: &Recognised, member: &Member) -> Option<Arc<Member>> {
        let judged_here = self.member(&member.partner).is_some() || member.tls_pins.iter().any(|pin| self.holds_pin(&pin.sha256));
        if member.status != Status::Active || judged_here {
            return None;
        }
        let purposes = member.purposes.iter().filter(|purpose| recognised.purposes.contains(purpose)).copied().collect();
        Some(Arc::new(Member { purposes, acts_for: Vec::new(), ..Member::clone(member) }))
    }
}
