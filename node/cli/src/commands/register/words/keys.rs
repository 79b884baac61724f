//! What is said of a partner's keys.

use polder_model::Timestamp;
use polder_trust::register::{MessageKey, TlsPin};

use super::Sayings;
use crate::digits::short_pin;
use crate::output::clean;

/// A partner's keys: those that identify its TLS, those that sign its messages.
type Keys<'a> = (&'a [TlsPin], &'a [MessageKey]);

/// One key in words, with what identifies it and its period.
struct Named {
    identity: String,
    name: String,
    period: (Option<Timestamp>, Option<Timestamp>),
}

impl Named {
    fn period(&self) -> String {
        let from = self.period.0.map(|from| format!(" from {}", from.date())).unwrap_or_default();
        let until = self.period.1.map_or_else(|| " without an end".to_owned(), |until| format!(" until {}", until.date()));
        format!("{from}{until}")
    }
}

fn named((pins, keys): Keys<'_>) -> Vec<Named> {
    let tls = pins.iter().map(|pin| {
        let sha256 = clean(pin.sha256.as_str());
        let name = format!("TLS key {}", short_pin(&sha256));
        Named { identity: sha256, name, period: (pin.not_before, pin.not_after) }
    });
    let message = keys.iter().map(|key| Named {
        identity: format!("{} {}", key.keyid, key.public_key),
        name: format!("message key {}", clean(key.keyid.as_str())),
        period: (Some(key.not_before), Some(key.not_after)),
    });
    tls.chain(message).collect()
}

/// The keys of a partner that is new.
pub(super) fn of(who: &str, pins: &[TlsPin], keys: &[MessageKey]) -> Vec<String> {
    named((pins, keys)).iter().map(|key| format!("{who}: {}{}", key.name, key.period())).collect()
}

/// What becomes of the keys of a partner that is known.
pub(super) fn changed(who: &str, before: Keys<'_>, after: Keys<'_>, found: &mut Sayings) {
    let (old, new) = (named(before), named(after));
    for key in &new {
        match old.iter().find(|known| known.identity == key.identity) {
            None => found.risk(format!("{who}: new {}{}", key.name, key.period())),
            Some(known) if known.period != key.period => {
                found.plain(format!("{who}: {} counts{} (before:{})", key.name, key.period(), known.period()));
            }
            Some(_) => {}
        }
    }
    for key in old.iter().filter(|key| !new.iter().any(|next| next.identity == key.identity)) {
        found.risk(format!("{who}: {} counts no more", key.name));
    }
}
