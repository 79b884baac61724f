//! How many sign, and what becomes of a region when one key is lost or stolen.

use polder_trust::register::{KeySet, Root};

/// More than half: what must sign where nothing is said.
pub(super) fn majority(keys: usize) -> usize {
    keys / 2 + 1
}

/// What is dangerous in the numbers of a root, and what would be better.
pub(super) fn warnings(root: &Root) -> Vec<String> {
    let mut found = Vec::new();
    let numbers = |set: &KeySet| (set.threshold, set.keys.len());
    match numbers(&root.stewards) {
        (_, 1) => found.push(
            "there is one steward: who steals that key takes the region over, and when it is lost the region ends; name three, of whom two sign"
                .to_owned(),
        ),
        (1, keys) => {
            found.push(format!("one of {keys} stewards is enough to sign: who steals one key takes the region over; have two of three sign"));
        }
        (needed, keys) if needed == keys => found.push(format!(
            "all {keys} stewards must sign: when one key is lost no root can be signed any more, and the region ends; name more than must sign"
        )),
        _ => {}
    }
    match numbers(&root.registrars) {
        (_, 1) => found.push(
            "there is one registrar: in a holiday of 30 days the list of members expires, and who steals that key decides who is in; name three, of \
             whom two sign"
                .to_owned(),
        ),
        (needed, keys) if needed == keys => found.push(format!(
            "all {keys} registrars must sign: while one is away nobody can be added, suspended or expelled; name more than must sign"
        )),
        _ => {}
    }
    if root.freshness.keys.len() < 2 {
        found.push(
            "there is one freshness key: when the node that has it stands still for two days, everyone's register grows stale; have two nodes keep \
             one each"
                .to_owned(),
        );
    }
    found
}
