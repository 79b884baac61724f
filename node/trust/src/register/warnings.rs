//! What is about to expire, said once at 14, 7 and 2 days before.

use std::collections::BTreeMap;

use polder_model::{PartnerId, Timestamp};

use super::{MessageKey, Register, TlsPin};
use crate::keys::Identity;

/// So many days before something expires people are told, the longest first.
pub const WARNING_DAYS: [i64; 3] = [14, 7, 2];
const DAY: i64 = 86_400;

/// What can expire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Expiring {
    /// The root: the stewards sign the next.
    Root,
    /// The list of members: the registrars sign the next.
    Members,
    /// A message key.
    MessageKey,
    /// A TLS key.
    TlsKey,
    /// The certificate of the port for clients.
    ClientCertificate,
}

impl Expiring {
    /// What it is, and what to do.
    #[must_use]
    pub const fn advice(self) -> &'static str {
        match self {
            Self::Root => "the register's root expires; the stewards renew it (polder register renew --root)",
            Self::Members => "the list of members expires; the registrars renew it (polder register renew)",
            Self::MessageKey => "this node's message key ends; make new keys and have a registrar rotate them (polder register rotate)",
            Self::TlsKey => "this node's TLS key ends; make new keys and have a registrar rotate them (polder register rotate)",
            Self::ClientCertificate => {
                "the certificate of the client port ends; renew it and restart the node: after that nobody can log in, and no system gets in"
            }
        }
    }
}

/// When each of them expires: of the keys of `own`, those that its node uses, where that is known, else the last ones. A TLS key without an end does not
/// expire, and a key that the register does not know is none.
#[must_use]
pub fn expiring(register: &Register, own: &PartnerId, uses: Option<&Identity>) -> Vec<(Expiring, Timestamp)> {
    let mut all = vec![(Expiring::Root, register.root().expires), (Expiring::Members, register.members_document().expires)];
    if let Some(member) = register.member(own) {
        let is_used = |key: &&MessageKey| uses.is_none_or(|uses| key.public_key == uses.message_key().public());
        all.extend(member.message_keys.iter().filter(is_used).map(|key| key.not_after).max().map(|end| (Expiring::MessageKey, end)));
        let is_shown = |pin: &&TlsPin| uses.is_none_or(|uses| pin.sha256 == *uses.pin());
        let ends: Option<Vec<Timestamp>> = member.tls_pins.iter().filter(is_shown).map(|pin| pin.not_after).collect();
        all.extend(ends.and_then(|ends| ends.into_iter().max()).map(|end| (Expiring::TlsKey, end)));
    }
    all
}

/// What was said already.
#[derive(Clone, Debug, Default)]
pub struct Warned(BTreeMap<Expiring, (Timestamp, i64)>);

impl Warned {
    /// What is to be said now, with the days that are left, rounded down; each once for each of [`WARNING_DAYS`], and anew after a renewal.
    pub fn due(&mut self, expiring: &[(Expiring, Timestamp)], now: Timestamp) -> Vec<(Expiring, i64)> {
        let mut due = Vec::new();
        for (what, expires) in expiring {
            let left = expires.seconds() - now.seconds();
            let Some(step) = WARNING_DAYS.into_iter().filter(|days| left <= days * DAY).min() else { continue };
            if self.0.get(what) != Some(&(*expires, step)) {
                self.0.insert(*what, (*expires, step));
                due.push((*what, left.div_euclid(DAY)));
            }
        }
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_said_once_at_14_7_and_2_days() {
        let end = Timestamp::from_micros(0).plus_seconds(100 * DAY);
        let mut warned = Warned::default();
        let mut said = Vec::new();
        for hour in 80 * 24..102 * 24 {
            said.extend(warned.due(&[(Expiring::Members, end)], Timestamp::from_micros(0).plus_seconds(hour * 3_600)));
        }
        let days: Vec<i64> = said.iter().map(|(_, days)| *days).collect();
        assert_eq!(days, [14, 7, 2]);
        let renewed = end.plus_seconds(30 * DAY);
        assert!(warned.due(&[(Expiring::Members, renewed)], end).is_empty());
        assert_eq!(warned.due(&[(Expiring::Members, renewed)], renewed.plus_seconds(-DAY)), [(Expiring::Members, 1)]);
    }
}
