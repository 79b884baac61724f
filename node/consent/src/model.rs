//! The protocol as a model: a source of two processes that share a database, two recipients, and a network that loses, repeats and reorders.
//! Processes crash, either side is restored from a backup, leases end. [`Line`], [`Copies`], [`Flights`] and [`Reopening`] themselves are what
//! runs.
//!
//! Each part of the protocol is then taken away in turn, and an invariant has to fall: the one that the part is for.
//!
//! Names of invariants are those of the requirements: W1 no bytes after the acknowledgement to the worker; W2 no row after the end; W3 a row for
//! each copy; W4 what is said to be erased is; W5 who has a copy of what ended is outstanding; W6 an end touches nothing given later; W7 no field
//! but those granted; W8 nothing is used past its lease; W9 a restore brings back nothing that was withdrawn; W11 tombstones always get on.

mod act;
mod checks;
mod invariants;
mod log;
mod possible;
mod state;

use stateright::{Model, Property};

use act::Action;
use state::{State, World};

/// Whether more is tried than each time: with `POLDER_MODEL=long`.
fn is_long() -> bool {
    std::env::var("POLDER_MODEL").is_ok_and(|word| word == "long")
}

impl Model for World {
    type State = State;
    type Action = Action;

    fn init_states(&self) -> Vec<State> {
        vec![State::default()]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Action>) {
        actions.extend(self.possible(state));
    }

    fn next_state(&self, state: &State, action: Action) -> Option<State> {
        let mut next = state.clone();
        self.act(&mut next, action);
        (next != *state).then_some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always("W1", |_, state: &State| state.fell != Some("W1")),
            Property::always("W2", |_, state: &State| state.fell != Some("W2")),
            Property::always("W3", |_, state: &State| state.fell != Some("W3") && state.each(invariants::has_rows)),
            Property::always("W4", |_, state: &State| state.each(invariants::erased_is_erased)),
            Property::always("W5", |_, state: &State| state.each(invariants::is_outstanding)),
            Property::always("W6", |_, state: &State| state.fell != Some("W6")),
            Property::always("W7", |_, state: &State| state.fell != Some("W7") && state.each(invariants::was_granted)),
            Property::always("W8", |_, state: &State| state.each(invariants::within_lease)),
            Property::always("W9", |_, state: &State| state.each(invariants::stays_withdrawn)),
            Property::always("W11", |world: &Self, state: &State| (0..2).all(|to| invariants::gets_on(world, state, to))),
        ]
    }
}
