//! Whether enough partners cosigned. A partner counts once, a key counts once, and neither the partner of the log nor its keys count.

use std::collections::HashSet;

use polder_model::{PartnerId, Timestamp};

use super::checkpoint::SignedCheckpoint;
use super::note::WrongSignature;
use crate::keys::PublicKey;

/// How far the clock of a witness may be ahead of the one here, in seconds.
const AHEAD: i64 = 300;

/// Who may have cosigned a log.
#[derive(Clone, Debug)]
pub struct Witnesses {
    /// The keys of the partner whose log it is.
    pub own: Vec<PublicKey>,
    /// The other partners, with their keys.
    pub others: Vec<(PartnerId, Vec<PublicKey>)>,
    /// How many of them must have cosigned; 0 asks for none.
    pub quorum: usize,
}

/// What one of them says.
pub(super) type Said<'w> = (&'w PartnerId, Result<Timestamp, WrongSignature>);

impl Witnesses {
    /// What each of them says who says something, in their order.
    pub(super) fn say(&self, signed: &SignedCheckpoint) -> Vec<Said<'_>> {
        let (mut said, mut counted) = (Vec::new(), HashSet::from([signed.checkpoint().origin.partner()]));
        let mut taken: HashSet<PublicKey> = self.own.iter().copied().collect();
        for (witness, keys) in &self.others {
            if !counted.insert(witness) {
                continue;
            }
            let keys: Vec<PublicKey> = keys.iter().copied().filter(|key| taken.insert(*key)).collect();
            if let Some(at) = signed.cosigned(witness, &keys).transpose() {
                said.push((witness, at));
            }
        }
        said
    }

    /// As of when enough of them have cosigned it: the last instant at which as many as have to say that they saw it, not after `now`. `None` where they
    /// are not enough. What is said for a time that is still to come, or does not hold, does not count.
    #[must_use]
    pub fn cosigned_at(&self, signed: &SignedCheckpoint, now: Timestamp) -> Option<Timestamp> {
        if self.quorum == 0 {
            return Some(now);
        }
        let said = self.say(signed).into_iter().filter_map(|(_, at)| at.ok());
        let mut times: Vec<Timestamp> = said.filter(|at| is_past(*at, now)).collect();
        times.sort_unstable_by(|a, b| b.cmp(a));
        times.get(self.quorum - 1).map(|at| (*at).min(now))
    }
}

/// Whether that is no time that is still to come, by clocks that differ.
pub(super) fn is_past(at: Timestamp, now: Timestamp) -> bool {
    at <= now.plus_seconds(AHEAD)
}
