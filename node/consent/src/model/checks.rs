//! What is tried: everything up to some bounds, several of them because all that may happen at once is too much to try.

use std::time::Instant;

use stateright::{Checker, HasDiscoveries, Model};

use super::act::Action;
use super::state::{Bounds, Part, State, World};

/// One recipient; two consents, one narrowing, two answers; nothing fails but the network.
const PLAIN: Bounds = Bounds {
    recipients: 1,
    processes: 2,
    gives: 2,
    widths: 1,
    narrows: 1,
    answers: 2,
    crashes: 0,
    restores: 0,
    recipient_restores: 0,
    later: 0,
};

/// What is tried each time: about a million states.
const USUAL: [Bounds; 7] = [
    Bounds { recipients: 2, ..PLAIN },
    Bounds { gives: 1, narrows: 2, ..PLAIN },
    Bounds { crashes: 1, ..PLAIN },
    Bounds { gives: 1, crashes: 1, later: 1, ..PLAIN },
    Bounds { processes: 1, recipient_restores: 1, ..PLAIN },
    Bounds { gives: 1, restores: 1, ..PLAIN },
    Bounds { processes: 1, gives: 1, restores: 1, recipient_restores: 1, ..PLAIN },
];

/// What is tried beside it where `POLDER_MODEL` is `long`: some 20 million states, which takes minutes and gigabytes.
const LONG: [Bounds; 14] = [
    Bounds { recipients: 2, narrows: 0, crashes: 1, later: 1, ..PLAIN },
    Bounds { processes: 1, widths: 2, recipient_restores: 1, ..PLAIN },
    Bounds { gives: 1, crashes: 1, restores: 1, ..PLAIN },
    Bounds { narrows: 0, restores: 1, recipient_restores: 1, ..PLAIN },
    Bounds { narrows: 2, ..PLAIN },
    Bounds { later: 1, ..PLAIN },
    Bounds { recipient_restores: 1, ..PLAIN },
    Bounds { recipients: 2, narrows: 0, restores: 1, ..PLAIN },
    Bounds { gives: 1, restores: 1, later: 1, ..PLAIN },
    Bounds { gives: 1, restores: 1, recipient_restores: 1, ..PLAIN },
    Bounds { answers: 1, restores: 1, recipient_restores: 1, ..PLAIN },
    Bounds { narrows: 0, restores: 1, recipient_restores: 1, later: 1, ..PLAIN },
    Bounds { narrows: 0, crashes: 1, restores: 1, later: 1, ..PLAIN },
    Bounds { crashes: 1, restores: 1, ..PLAIN },
];

/// Each part, how much has to happen until it is missed, and the invariant that falls without it.
const PARTS: [(Part, Bounds, &str); 24] = [
    (Part::Drain, PLAIN, "W1"),
    (Part::DrainElsewhere, PLAIN, "W1"),
    (Part::BeginBefore, PLAIN, "W1"),
    (Part::Remember, PLAIN, "W4"),
    (Part::EraseFirst, PLAIN, "W4"),
    (Part::Retry, PLAIN, "W5"),
    (Part::Epochs, Bounds { narrows: 0, ..PLAIN }, "W6"),
    (Part::Atomic, PLAIN, "W2"),
    (Part::FieldsOfTransaction, PLAIN, "W7"),
    (Part::RowFirst, PLAIN, "W3"),
    (Part::SameTransaction, PLAIN, "W5"),
    (Part::Whole, Bounds { narrows: 2, gives: 1, ..PLAIN }, "W7"),
    (Part::Lease, Bounds { later: 1, ..PLAIN }, "W8"),
    (Part::JournalFirst, Bounds { restores: 1, ..PLAIN }, "W9"),
    (Part::NoDisclosure, Bounds { restores: 1, ..PLAIN }, "W2"),
    (Part::NoGiving, Bounds { widths: 2, restores: 1, ..PLAIN }, "W7"),
    (Part::AskRecipients, Bounds { restores: 1, ..PLAIN }, "W3"),
    (Part::AskLater, Bounds { restores: 1, ..PLAIN }, "W3"),
    (Part::RecallWhileClosed, Bounds { restores: 1, ..PLAIN }, "W5"),
    (Part::AskSources, Bounds { recipient_restores: 1, ..PLAIN }, "W4"),
    (Part::WholeWhileClosed, Bounds { processes: 1, widths: 2, recipient_restores: 1, ..PLAIN }, "W7"),
    (Part::ReplayBeforeTelling, Bounds { processes: 1, narrows: 0, restores: 1, recipient_restores: 1, ..PLAIN }, "W4"),
    (Part::KeptReopening, Bounds { processes: 1, gives: 1, crashes: 1, restores: 1, ..PLAIN }, "W9"),
    (Part::AlwaysTell, Bounds { restores: 1, ..PLAIN }, "W11"),
];

/// The invariants that fall, and the shortest way to each; how many states there are.
fn check(without: Option<Part>, bounds: Bounds) -> (Vec<(&'static str, String)>, usize) {
    let world = World { without, bounds };
    let checker = world.checker().threads(2).finish_when(HasDiscoveries::AnyFailures).spawn_bfs().join();
    let way = |(name, path): (&'static str, stateright::Path<State, Action>)| (name, format!("{:?}", path.into_actions()));
    let mut fallen: Vec<(&'static str, String)> = checker.discoveries().into_iter().map(way).collect();
    fallen.sort_unstable();
    (fallen, checker.unique_state_count())
}

#[test]
fn the_protocol_holds() {
    let (mut all, began) = (0, Instant::now());
    for bounds in USUAL.into_iter().chain(LONG.into_iter().filter(|_| super::is_long())) {
        let (fallen, states) = check(None, bounds);
        println!("{states} states up to {bounds:?}, {:?}", began.elapsed());
        assert!(fallen.is_empty(), "{fallen:?} up to {bounds:?}");
        all += states;
    }
    println!("{all} states in {:?}", began.elapsed());
    assert!(all > 500_000, "{all}: the model is about something");
}

#[test]
fn without_any_part_of_it_the_invariant_falls_that_it_is_for() {
    for (part, bounds, expected) in PARTS {
        let (fallen, states) = check(Some(part), bounds);
        println!("without {part:?}, after {states} states: {fallen:?}");
        assert!(fallen.iter().any(|(name, _)| *name == expected), "without {part:?} {expected} does not fall");
    }
}
