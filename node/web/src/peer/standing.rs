//! What this process remembers of its calls at each partner: when it was last reached, since when it is not, and how long it took. It begins anew at a start.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use polder_exchange::{PeerFailure, Trouble};
use polder_model::answer::MissingReason;
use polder_model::text::is_invisible;
use polder_model::{PartnerId, Timestamp};
use polder_trust::tls::chain_period;
use rustls_pki_types::CertificateDer;

/// So many times of replies are remembered.
const TIMES: usize = 16;
/// Longest text of a partner that is remembered, and of a failure that is logged, in characters.
const LONGEST: usize = 200;

/// How a partner stands, as calls at it went.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Standing {
    /// When it last replied.
    pub reached_at: Option<Timestamp>,
    /// Why it cannot be reached now.
    pub failing: Option<Failing>,
    /// Milliseconds of its last replies, the newest last.
    pub took: VecDeque<u64>,
    /// The version of its program, as it said.
    pub version: Option<String>,
    /// Epoch and version of its list of members, as it said.
    pub register: Option<(u64, u64)>,
    /// How many milliseconds its clock was ahead, where it was looked at.
    pub ahead_ms: Option<i64>,
    /// The certificate that it last showed (DER), and until when it counts, where that can be read.
    certificate: Vec<u8>,
    pub certificate_until: Option<Timestamp>,
}

/// That a partner cannot be reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failing {
    /// Since when, as far as it was tried.
    pub since: Timestamp,
    /// When it was last tried.
    pub tried_at: Timestamp,
    /// What is the matter.
    pub reason: MissingReason,
    /// What is the matter with the connection, where that is what failed.
    pub trouble: Option<Trouble>,
}

impl Standing {
    /// The middle one of the times of its last replies.
    pub(crate) fn usual_ms(&self) -> Option<u64> {
        let mut took: Vec<u64> = self.took.iter().copied().collect();
        took.sort_unstable();
        took.get(took.len() / 2).copied()
    }
}

/// How all partners stand. There are no more than the registers hold.
#[derive(Clone, Debug, Default)]
pub(crate) struct Standings(Arc<Mutex<HashMap<PartnerId, Standing>>>);

impl Standings {
    fn all(&self) -> MutexGuard<'_, HashMap<PartnerId, Standing>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, partner: &PartnerId, note: impl FnOnce(&mut Standing)) {
        let mut all = self.all();
        match all.get_mut(partner) {
            Some(standing) => note(standing),
            None => note(all.entry(partner.clone()).or_default()),
        }
    }

    /// How a partner stands.
    pub(crate) fn of(&self, partner: &PartnerId) -> Standing {
        self.all().get(partner).cloned().unwrap_or_default()
    }

    /// A call ended. Who refuses has been reached all the same.
    pub(crate) fn called(&self, partner: &PartnerId, took: Duration, failed: Option<&PeerFailure>, now: Timestamp) {
        self.note(partner, |standing| match failed {
            None => {
                (standing.reached_at, standing.failing) = (Some(now), None);
                if standing.took.len() == TIMES {
                    standing.took.pop_front();
                }
                standing.took.push_back(u64::try_from(took.as_millis()).unwrap_or(u64::MAX));
            }
            Some(failed) if is_refusal(failed.reason) => (standing.reached_at, standing.failing) = (Some(now), None),
            Some(failed) => {
                let before = standing.failing.as_ref();
                let since = before.map_or(now, |failing| failing.since);
                if before.is_none_or(|before| (before.reason, before.trouble) != (failed.reason, failed.trouble)) {
                    tracing::info!(%partner, reason = failed.reason.as_str(), detail = shortened(&failed.detail), "a partner cannot be reached");
                }
                standing.failing = Some(Failing { since, tried_at: now, reason: failed.reason, trouble: failed.trouble });
            }
        });
    }

    /// It said which program it runs.
    pub(crate) fn runs(&self, partner: &PartnerId, version: &str) {
        self.note(partner, |standing| standing.version = Some(shortened(version)));
    }

    /// It said which list of members it has.
    pub(crate) fn has_register(&self, partner: &PartnerId, register: (u64, u64)) {
        self.note(partner, |standing| standing.register = Some(register));
    }

    /// It showed a certificate.
    pub(crate) fn shows(&self, partner: &PartnerId, certificate: &[u8]) {
        self.note(partner, |standing| {
            if standing.certificate != certificate {
                certificate.clone_into(&mut standing.certificate);
                standing.certificate_until = chain_period(&[CertificateDer::from_slice(certificate)]).ok().map(|(_, until)| until);
            }
        });
    }

    /// Its clock was looked at.
    pub(crate) fn is_ahead(&self, partner: &PartnerId, ms: Option<i64>) {
        self.note(partner, |standing| standing.ahead_ms = ms.or(standing.ahead_ms));
    }
}

/// Whether a partner that replied so can be reached.
fn is_refusal(reason: MissingReason) -> bool {
    use MissingReason as Why;
    !matches!(reason, Why::Unreachable | Why::Slow | Why::Untrustworthy | Why::ClockSkew | Why::NotAMember)
}

fn shortened(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() && !is_invisible(*c)).take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_remembered_since_when_a_partner_is_not_reached_and_no_more_than_a_few_times() {
        let Ok(partner) = "kvk:90000001".parse::<PartnerId>() else { return };
        let (all, at) = (Standings::default(), |seconds| Timestamp::from_micros(0).plus_seconds(seconds));
        assert_eq!(all.of(&partner), Standing::default());
        for second in 0_i64..40 {
            all.called(&partner, Duration::from_millis(second.unsigned_abs()), None, at(second));
        }
        let reached = all.of(&partner);
        assert_eq!((reached.reached_at, reached.took.len(), reached.usual_ms()), (Some(at(39)), TIMES, Some(32)));
        let gone = PeerFailure::new(MissingReason::Unreachable, "connection refused").with_trouble(Trouble::Refused);
        assert_eq!(shortened(&("a\nb".to_owned() + &"x".repeat(1_000))).len(), LONGEST);
        all.called(&partner, Duration::ZERO, Some(&gone), at(50));
        all.called(&partner, Duration::ZERO, Some(&gone), at(60));
        let failing = all.of(&partner).failing;
        assert_eq!(failing.as_ref().map(|failing| (failing.since, failing.tried_at)), Some((at(50), at(60))));
        assert_eq!(failing.and_then(|failing| failing.trouble), Some(Trouble::Refused));
        assert_eq!(all.of(&partner).reached_at, Some(at(39)));
        let refused = PeerFailure::new(MissingReason::BudgetSpent, String::new());
        all.called(&partner, Duration::ZERO, Some(&refused), at(70));
        let refused = all.of(&partner);
        assert_eq!((refused.failing, refused.reached_at, refused.took.len()), (None, Some(at(70)), TIMES), "it was reached");
    }
}
