//! The log as a model: two processes that append to it in one database, sign checkpoints of it, crash, and are restored from a backup. A number
//! stands for an event: a consent given or ended, a disclosure.
//!
//! L1 each event has one leaf; L2 any two checkpoints are of one history; L4 the leaf is there before anybody is told of the event. What was told
//! in the time between a checkpoint and the loss of the database may have no leaf after it: no checkpoint bound it yet.

use stateright::{Checker, HasDiscoveries, Model, Property};

/// A part that can be taken away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// Row and leaf are written in one transaction.
    OneTransaction,
    /// … which also takes the number of the leaf.
    NumberInTransaction,
    /// Who does not know whether it was committed looks, before it writes again.
    Look,
    /// Nobody is told before it was committed.
    LeafFirst,
    /// Leaves are kept apart from the database before a checkpoint of them is signed.
    KeepApart,
    /// What was restored takes them from there again.
    Replay,
    /// … before anything else is written.
    ReplayFirst,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
struct Database {
    rows: Vec<u8>,
    /// Which event each leaf is of.
    leaves: Vec<u8>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Step {
    /// With the number that a leaf would have now.
    Begun(usize),
    /// The row has committed, its leaf has not.
    RowAlone,
    /// It may have committed, or not.
    Unsure,
    Committed,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
struct Process {
    down: bool,
    event: Option<(u8, Step)>,
    /// What it is about to sign, and whether that is kept apart.
    signs: Option<(Vec<u8>, bool)>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
struct State {
    database: Database,
    backup: Option<Database>,
    apart: Vec<u8>,
    must_replay: bool,
    processes: [Process; 2],
    /// The largest checkpoint that was signed.
    signed: Vec<u8>,
    begun: u8,
    crashes: u8,
    restores: u8,
    fell: Option<&'static str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Action {
    Begins(usize),
    Commits(usize),
    CommitsUnheard(usize),
    WritesLeaf(usize),
    Again(usize),
    Tells(usize),
    Reads(usize),
    KeepsApart(usize),
    Signs(usize),
    Crashes(usize),
    Starts(usize),
    BacksUp,
    IsRestored,
    Replays,
}

struct Log {
    without: Option<Part>,
    /// How many events there may be.
    events: u8,
}

impl Log {
    fn has(&self, part: Part) -> bool {
        self.without != Some(part)
    }

    fn write(&self, database: &mut Database, event: u8, number: usize) {
        if !self.has(Part::NumberInTransaction) && number < database.leaves.len() {
            database.leaves[number] = event;
        } else {
            database.leaves.push(event);
        }
    }

    fn of_process(&self, state: &State, by: usize, actions: &mut Vec<Action>) {
        let process = &state.processes[by];
        if process.down {
            actions.push(Action::Starts(by));
            return;
        }
        let may_write = !state.must_replay || !self.has(Part::ReplayFirst);
        match process.event {
            None if state.begun < self.events && may_write => actions.push(Action::Begins(by)),
            None => {}
            Some((_, Step::Begun(_))) => {
                if may_write {
                    actions.extend([Action::Commits(by), Action::CommitsUnheard(by)]);
                }
                if !self.has(Part::LeafFirst) {
                    actions.push(Action::Tells(by));
                }
            }
            Some((_, Step::RowAlone)) => actions.push(Action::WritesLeaf(by)),
            Some((_, Step::Unsure)) => actions.push(Action::Again(by)),
            Some((_, Step::Committed)) => actions.push(Action::Tells(by)),
        }
        match &process.signs {
            None if !state.must_replay => actions.push(Action::Reads(by)),
            Some((_, false)) if self.has(Part::KeepApart) => actions.push(Action::KeepsApart(by)),
            Some(_) => actions.push(Action::Signs(by)),
            None => {}
        }
        if state.crashes == 0 {
            actions.push(Action::Crashes(by));
        }
    }

    fn event(&self, state: &mut State, by: usize, action: Action) {
        let begun = state.begun;
        let Some((event, step)) = state.processes[by].event.or((action == Action::Begins(by)).then_some((begun, Step::Unsure))) else {
            return;
        };
        let database = &mut state.database;
        let number = if let Step::Begun(number) = step { number } else { database.leaves.len() };
        let next = match action {
            Action::Begins(_) => {
                state.begun += 1;
                Some((event, Step::Begun(database.leaves.len())))
            }
            Action::Commits(_) if !self.has(Part::OneTransaction) => {
                database.rows.push(event);
                Some((event, Step::RowAlone))
            }
            Action::Commits(_) | Action::CommitsUnheard(_) => {
                database.rows.push(event);
                self.write(database, event, number);
                Some((event, if matches!(action, Action::Commits(_)) { Step::Committed } else { Step::Unsure }))
            }
            Action::WritesLeaf(_) => {
                self.write(database, event, number);
                Some((event, Step::Committed))
            }
            Action::Again(_) => {
                if !database.rows.contains(&event) || !self.has(Part::Look) {
                    database.rows.push(event);
                    self.write(database, event, number);
                }
                Some((event, Step::Committed))
            }
            _ => {
                if !database.leaves.contains(&event) {
                    state.fell.get_or_insert("L4");
                }
                None
            }
        };
        state.processes[by].event = next;
    }

    fn sign(&self, state: &mut State, by: usize, action: Action) {
        let process = &mut state.processes[by];
        match action {
            Action::Reads(_) => process.signs = Some((state.database.leaves.clone(), false)),
            Action::KeepsApart(_) => {
                if let Some((leaves, is_apart)) = &mut process.signs {
                    *is_apart = true;
                    if leaves.len() > state.apart.len() {
                        state.apart.clone_from(leaves);
                    }
                }
            }
            _ => {
                let Some((leaves, _)) = process.signs.take() else { return };
                if !leaves.starts_with(&state.signed) && !state.signed.starts_with(&leaves) {
                    state.fell.get_or_insert("L2");
                }
                if leaves.len() > state.signed.len() {
                    state.signed = leaves;
                }
            }
        }
    }
}

impl Model for Log {
    type State = State;
    type Action = Action;

    fn init_states(&self) -> Vec<State> {
        vec![State::default()]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Action>) {
        (0..2).for_each(|by| self.of_process(state, by, actions));
        let is_up = state.processes.iter().any(|process| !process.down);
        if state.backup.is_none() {
            actions.push(Action::BacksUp);
        } else if state.restores == 0 {
            actions.push(Action::IsRestored);
        }
        if state.must_replay && is_up {
            actions.push(Action::Replays);
        }
    }

    fn next_state(&self, state: &State, action: Action) -> Option<State> {
        let mut next = state.clone();
        match action {
            Action::Begins(by) | Action::Commits(by) | Action::CommitsUnheard(by) | Action::WritesLeaf(by) => {
                self.event(&mut next, by, action);
            }
            Action::Again(by) | Action::Tells(by) => self.event(&mut next, by, action),
            Action::Reads(by) | Action::KeepsApart(by) | Action::Signs(by) => self.sign(&mut next, by, action),
            Action::Crashes(by) => {
                next.crashes += 1;
                next.processes[by] = Process { down: true, ..Process::default() };
            }
            Action::Starts(by) => next.processes[by].down = false,
            Action::BacksUp => next.backup = Some(state.database.clone()),
            Action::IsRestored => {
                next.restores += 1;
                next.database = state.backup.clone().unwrap_or_default();
                next.processes = [0, 1].map(|_| Process { down: true, ..Process::default() });
                next.must_replay = self.has(Part::Replay);
            }
            Action::Replays => {
                if next.apart.len() > next.database.leaves.len() {
                    next.database.leaves.clone_from(&state.apart);
                }
                next.must_replay = false;
            }
        }
        (next != *state).then_some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always("L1", |_, state: &State| {
                let Database { rows, leaves } = &state.database;
                let leaves_of = |event: &u8| leaves.iter().filter(|leaf| *leaf == event).count();
                state.must_replay || rows.iter().all(|event| leaves_of(event) == 1) && leaves.iter().all(|event| leaves_of(event) == 1)
            }),
            Property::always("L2", |_, state: &State| state.fell != Some("L2")),
            Property::always("L4", |_, state: &State| state.fell != Some("L4")),
        ]
    }
}

fn check(without: Option<Part>, events: u8) -> (Vec<(&'static str, String)>, usize) {
    let checker = Log { without, events }.checker().threads(2).finish_when(HasDiscoveries::AnyFailures).spawn_bfs().join();
    let way = |(name, path): (&'static str, stateright::Path<State, Action>)| (name, format!("{:?}", path.into_actions()));
    let mut fallen: Vec<(&'static str, String)> = checker.discoveries().into_iter().map(way).collect();
    fallen.sort_unstable();
    (fallen, checker.unique_state_count())
}

#[test]
fn the_log_holds() {
    let events = if super::is_long() { 3 } else { 2 };
    let (fallen, states) = check(None, events);
    println!("{states} states up to {events} events, a crash, a backup, a restore");
    assert!(fallen.is_empty(), "{fallen:?}");
    assert!(states > 10_000, "{states}: the model is about something");
}

#[test]
fn without_any_part_of_the_log_the_invariant_falls_that_it_is_for() {
    let parts = [
        (Part::OneTransaction, "L1"),
        (Part::NumberInTransaction, "L1"),
        (Part::Look, "L1"),
        (Part::LeafFirst, "L4"),
        (Part::KeepApart, "L2"),
        (Part::Replay, "L2"),
        (Part::ReplayFirst, "L2"),
    ];
    for (part, expected) in parts {
        let (fallen, states) = check(Some(part), 2);
        println!("without {part:?}, after {states} states: {fallen:?}");
        assert!(fallen.iter().any(|(name, _)| *name == expected), "without {part:?} {expected} does not fall");
    }
}
