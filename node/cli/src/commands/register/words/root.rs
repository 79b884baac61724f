//! What a next root changes.

use polder_model::Timestamp;
use polder_trust::register::{KeySet, Recognised, Root};

use super::super::new::ROOT_DAYS;
use super::super::thresholds;
use super::{Sayings, between, listed};
use crate::output::clean;

pub(super) fn say(before: &Root, after: &Root, now: Timestamp, found: &mut Sayings) {
    let regions = (clean(&before.region), clean(&after.region));
    let expires = (before.expires, after.expires);
    found.frame((&regions.0, &regions.1), (before.version, after.version), expires, (now, ROOT_DAYS));
    key_set("steward", &before.stewards, &after.stewards, found);
    key_set("registrar", &before.registrars, &after.registrars, found);
    key_set("freshness", &before.freshness, &after.freshness, found);
    if before.members_epoch != after.members_epoch {
        let (old, new) = (before.members_epoch, after.members_epoch);
        found
            .risk(format!("epoch {old} → {new}: every list of an earlier epoch counts no more; a list of epoch {new} goes with this root"));
    }
    recognised(before, after, found);
    let known = thresholds::warnings(before);
    thresholds::warnings(after).into_iter().filter(|warning| !known.contains(warning)).for_each(|warning| found.risk(warning));
}

/// What a root says beside its keys.
pub(super) fn whole(root: &Root, found: &mut Sayings) {
    if root.members_epoch != 1 {
        found.plain(format!("lists of epoch {} count, and none of an earlier one", root.members_epoch));
    }
    let mut nothing = root.clone();
    nothing.recognised.clear();
    recognised(&nothing, root, found);
    thresholds::warnings(root).into_iter().for_each(|warning| found.risk(warning));
}

fn key_set(role: &str, before: &KeySet, after: &KeySet, found: &mut Sayings) {
    for (id, key) in &after.keys {
        match before.keys.get(id) {
            None => found.risk(format!("adds the {role} key {id}")),
            Some(known) if known != key => found.risk(format!("the {role} key {id} is another public key")),
            Some(_) => {}
        }
    }
    for id in before.keys.keys().filter(|id| !after.keys.contains_key(*id)) {
        found.risk(format!("removes the {role} key {id}"));
    }
    let numbers = |set: &KeySet| (set.threshold, set.keys.len());
    if numbers(before) != numbers(after) {
        let ((k, n), (next_k, next_n)) = (numbers(before), numbers(after));
        found.risk(format!("{role} keys: {next_k} of {next_n} must sign (before: {k} of {n})"));
    }
}

fn recognised(before: &Root, after: &Root, found: &mut Sayings) {
    let of = |root: &Root, region: &str| root.recognised.iter().find(|known| known.region == region).cloned();
    for next in &after.recognised {
        let Recognised { region, root_fingerprint, purposes } = next;
        let name = clean(region);
        let Some(known) = of(before, region) else {
            let purposes = listed(purposes.iter().map(|purpose| purpose.as_str()));
            found.risk(format!("recognises region {name}, fingerprint {}: its members may ask for {purposes}", clean(root_fingerprint)));
            continue;
        };
        if known.root_fingerprint != *root_fingerprint {
            found.risk(format!(
                "region {name} is another one: fingerprint {} (before: {})",
                clean(root_fingerprint),
                known.root_fingerprint
            ));
        }
        let (less, more) = between(&known.purposes, purposes);
        if !more.is_empty() {
            found.risk(format!("members of region {name} may ask for more: {}", listed(more.iter().map(|purpose| purpose.as_str()))));
        }
        if !less.is_empty() {
            found.plain(format!("members of region {name} may no longer ask for {}", listed(less.iter().map(|purpose| purpose.as_str()))));
        }
    }
    for known in before.recognised.iter().filter(|known| of(after, &known.region).is_none()) {
        found.plain(format!("no longer recognises region {}", clean(&known.region)));
    }
}
