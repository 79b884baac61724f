//! The order of hits (`docs/ranking.md`, section 5).

use std::cmp::Ordering;
use std::hash::Hasher;

use siphasher::sip::SipHasher24;

use crate::fault::{Fault, planted};
use crate::name::{OfferKey, PartnerId};
use crate::query::TieKey;

/// Computes the tie hashes of one partner's offers: SipHash-2-4 over partner, a zero byte and key.
#[derive(Clone, Copy, Debug)]
pub struct TieHasher(SipHasher24);

impl TieHasher {
    /// For the offers of that partner.
    #[must_use]
    pub fn new(key: &TieKey, partner: &PartnerId) -> Self {
        let mut hasher = SipHasher24::new_with_key(&key.0);
        hasher.write(partner.as_str().as_bytes());
        hasher.write(&[0]);
        Self(hasher)
    }

    /// The tie hash of the offer with that key.
    #[must_use]
    pub fn hash(&self, offer: &str) -> u64 {
        let mut hasher = self.0;
        hasher.write(offer.as_bytes());
        hasher.finish()
    }
}

/// The order of two hits by score, highest first, and tie hash, lowest first.
#[must_use]
pub fn by_score_and_tie(a: (u32, u64), b: (u32, u64)) -> Ordering {
    let ties = if planted(Fault::TieReversed) { b.1.cmp(&a.1) } else { a.1.cmp(&b.1) };
    b.0.cmp(&a.0).then(ties)
}

/// A hit with what decides its place. Orders best first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ranked {
    /// The score.
    pub score: u32,
    /// The tie hash; lower comes first.
    pub tie: u64,
    /// Whose offer it is.
    pub partner: PartnerId,
    /// Its key.
    pub key: OfferKey,
    /// Its version.
    pub version: u64,
}

impl Ranked {
    /// A hit of that partner.
    #[must_use]
    pub fn new(tie_key: &TieKey, partner: &PartnerId, key: OfferKey, version: u64, score: u32) -> Self {
        Self { score, tie: TieHasher::new(tie_key, partner).hash(key.as_str()), partner: partner.clone(), key, version }
    }
}

impl Ord for Ranked {
    fn cmp(&self, other: &Self) -> Ordering {
        let order = by_score_and_tie((self.score, self.tie), (other.score, other.tie));
        order.then_with(|| self.partner.cmp(&other.partner)).then_with(|| self.key.cmp(&other.key))
    }
}

impl PartialOrd for Ranked {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
