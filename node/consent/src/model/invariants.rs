//! The invariants that can be seen in a state. Those of a step are noted where it is made.

use super::state::{State, World};

/// W3: each copy that a recipient may use has a row at the source, or is to be erased.
pub(super) fn has_rows(state: &State, to: usize) -> bool {
    let line = &state.database.records[to].line;
    !state.database.reopening.is_open_to(&to)
        || state.usable(to).iter().all(|copy| {
            // What was cut down to the epoch after is known by its row until the recipient has said so.
            line.held.contains(&copy.epoch) || line.owed.iter().any(|owed| owed.epoch >= copy.epoch || owed.epoch.next() == copy.epoch)
        })
}

/// W4: what a recipient says that it erased it does not use.
pub(super) fn erased_is_erased(state: &State, to: usize) -> bool {
    state.usable(to).iter().all(|copy| copy.epoch > state.noted[to].erased)
}

/// W5: who may use a copy of what has ended is shown to the worker.
pub(super) fn is_outstanding(state: &State, to: usize) -> bool {
    let owed = &state.database.records[to].line.owed;
    state.database.reopening.has_to_replay()
        || (state.usable(to).iter())
            .filter(|copy| copy.epoch <= state.noted[to].withdrawn)
            .all(|copy| owed.iter().any(|owed| owed.epoch >= copy.epoch))
}

/// W7: no copy shows more than the consent of its epoch granted.
pub(super) fn was_granted(state: &State, to: usize) -> bool {
    let granted = |copy: &crate::Copy| usize::try_from(copy.epoch.0).ok().and_then(|epoch| state.noted[to].granted.get(epoch - 1));
    state.usable(to).iter().all(|copy| granted(copy).is_some_and(|granted| copy.fields.is_within(*granted)))
}

/// W8: nothing is used past its lease.
pub(super) fn within_lease(state: &State, to: usize) -> bool {
    state.usable(to).iter().all(|copy| state.now() < copy.use_until)
}

/// W9: while anything may be disclosed, no consent is in force that was withdrawn, and no epoch comes again.
pub(super) fn stays_withdrawn(state: &State, to: usize) -> bool {
    let line = &state.database.records[to].line;
    !state.database.reopening.is_open_to(&to) || line.ended() >= state.noted[to].withdrawn
}

/// W11: whatever state either side is in, what is owed is sent, done and ticked off.
pub(super) fn gets_on(world: &World, state: &State, to: usize) -> bool {
    let mut line = state.database.records[to].line.clone();
    if line.owed.is_empty() || !state.is_up() {
        return true;
    }
    let mut copies = state.recipients[to].copies.clone();
    let owed = line.owed.clone();
    world.may_tell(state)
        && owed.into_iter().all(|owed| {
            copies.tombstone(owed);
            let left = line.owed.len();
            copies.held.iter().all(|copy| copy.epoch > owed.epoch) && line.acknowledged(owed.epoch) && line.owed.len() < left
        })
}
