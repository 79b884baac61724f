//! What an observer sees who knows everything.

use std::sync::Arc;

use polder_model::Timestamp;

use super::documents::Documents;
use crate::register::{Held, Members, Signed, Standing};

/// Which rule fell in a step, if any.
pub(super) fn of_step(documents: &Documents, before: &Held, after: &Held, now: Timestamp) -> Option<&'static str> {
    let (old, new) = (before.register(), after.register());
    let roots: Vec<String> = new.root_files().iter().filter_map(|file| Signed::parse(file).ok()).map(|root| root.sha256()).collect();
    let forbidden = documents.forbidden.iter().find(|(sha256, _)| *sha256 == new.adopted().sha256 || roots.contains(sha256));
    if let Some((_, rule)) = forbidden {
        return Some(*rule);
    }
    if usize::try_from(new.root().version) != Ok(roots.len()) {
        return Some("R2 every root is one version later than the one before");
    }
    let taken = new.adopted() != old.adopted();
    if taken && new.members_document().expires <= now {
        return Some("R6 what has expired is not taken");
    }
    if new.members_document().expires <= now && new.standing(now) != Standing::NoDisclosure {
        return Some("R6 what has expired authorises nothing");
    }
    if taken && after.contradiction().is_some() && before.contradiction().is_some() {
        return Some("R3 nothing changes while a contradiction is open");
    }
    if !is_chain(after) {
        return Some("R3 each list follows on the one before");
    }
    let about = new.fresh_file().and_then(|file| Signed::parse(file).ok());
    let about = about.and_then(|signed| serde_json::from_slice::<crate::register::Fresh>(&signed.bytes).ok())?;
    let known = after.members_file(about.epoch, about.version).and_then(|file| Signed::parse(file).ok());
    known.is_some_and(|known| known.sha256() != about.sha256).then_some("R3 freshness is about members that were in force")
}

/// Whether each version that directly follows on another names it.
fn is_chain(held: &Held) -> bool {
    let lists: Vec<(Signed, Members)> = held
        .recent
        .values()
        .filter_map(|file| {
            let signed = Signed::parse(file).ok()?;
            let members = serde_json::from_slice(&signed.bytes).ok()?;
            Some((signed, members))
        })
        .collect();
    lists.windows(2).all(|two| {
        let direct = two[0].1.epoch == two[1].1.epoch && two[0].1.version + 1 == two[1].1.version;
        !direct || two[1].1.previous == Some(two[0].0.sha256())
    })
}

/// Whether two nodes hold different bytes for one version that is in force at one of them.
pub(super) fn split(a: &Held, b: &Held) -> bool {
    let differ = |one: &Held, other: &Held| {
        let adopted = one.register().adopted();
        // Of a version before a root that raised the epoch there is nothing to settle any more.
        let current = adopted.epoch == one.register().root().members_epoch && adopted.epoch == other.register().root().members_epoch;
        let known = other.members_file(adopted.epoch, adopted.version).and_then(|file| Signed::parse(file).ok());
        current && known.is_some_and(|known| known.sha256() != adopted.sha256)
    };
    differ(a, b) || differ(b, a)
}

/// Whether two nodes who told each other everything are of one mind: the same register, or an alarm at both. Lists that have expired meanwhile
/// are not taken any more, and wait for newer ones.
pub(super) fn converged([a, b]: &[Arc<Held>; 2], now: Timestamp) -> bool {
    let alarmed = a.contradiction().is_some() && b.contradiction().is_some();
    let expired = [a, b].iter().any(|held| held.register().members_document().expires <= now);
    let (a, b) = (Arc::clone(a.register()), Arc::clone(b.register()));
    alarmed || expired || a.adopted() == b.adopted() && a.root_files() == b.root_files()
}
