//! The protocol as a model: two honest nodes, and an enemy who holds every document below and delivers any of them to anyone, in any order, again and
//! again. Nodes talk, crash between two durable steps, and clocks move on. [`step_under`] itself is what runs.
//!
//! Each part of the protocol is then taken away in turn, and an invariant has to fall.

mod documents;
mod invariants;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use stateright::{Checker, HasDiscoveries, Model, Property};

use super::in_force::{File, Standing};
use super::rules::{Rule, Rules};
use super::step::{Effect, News, Piece, step_under};
use super::{Contradiction, Held, Kept, Status};
use documents::{Documents, instant};

/// What a node held, by its number in [`Region::seen`].
type Number = usize;

/// What two nodes are, and what an observer has noted of them. An observer's notes never go back.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct State {
    /// 0: everything is in date. 1: what expires early has expired.
    time: u8,
    nodes: [Observed; 2],
    /// Two nodes talked, hold different bytes for one version, and neither is alarmed.
    silent_split: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Observed {
    held: Number,
    /// The highest (epoch, version) that was ever in force here.
    highest: (u64, u64),
    /// A list that expels the partner was in force here.
    expelled: bool,
    /// A rule of `invariants` fell in a step.
    fell: Option<&'static str>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Action {
    /// The enemy delivers that document.
    Deliver(usize, usize),
    /// Each node hears what the other has in force: first that one, then the other.
    Talk(usize),
    /// A node hears a document, crashes after so many durable steps, and starts again.
    Crash(usize, usize, usize),
    /// Time goes on.
    Later,
}

/// By what two nodes that hold the same are known to hold the same.
type Key = (Vec<File>, Vec<File>, Option<File>, Option<Contradiction>);

/// Where a node hears something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum From {
    /// That document of the enemy.
    Enemy(usize),
    /// A node that holds that.
    Node(Number),
}

/// Everything that was computed once: steps are pure.
#[derive(Default)]
struct Seen {
    held: Vec<Arc<Held>>,
    numbers: HashMap<Key, Number>,
    steps: HashMap<(Number, From, u8), (Number, Option<&'static str>)>,
    crashes: HashMap<(Number, usize, usize, u8), Number>,
    splits: HashMap<[Number; 2], bool>,
    settled: HashMap<([Number; 2], u8), bool>,
}

struct Region {
    rules: Rules,
    documents: Documents,
    seen: Mutex<Seen>,
}

impl Region {
    fn new(without: Option<Rule>) -> Self {
        Self { rules: Rules::without(without), documents: Documents::new(), seen: Mutex::default() }
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn number(&self, held: Held) -> Number {
        let mut seen = self.seen();
        let register = held.register();
        let recent = held.recent.values().cloned().collect();
        let key = (register.root_files().to_vec(), recent, register.fresh_file().cloned(), held.contradiction().cloned());
        if let Some(number) = seen.numbers.get(&key) {
            return *number;
        }
        let number = seen.held.len();
        seen.held.push(Arc::new(held));
        seen.numbers.insert(key, number);
        number
    }

    fn held(&self, number: Number) -> Arc<Held> {
        Arc::clone(&self.seen().held[number])
    }

    fn news(&self, from: From) -> News {
        match from {
            From::Enemy(document) => self.documents.deliverable()[document].clone(),
            From::Node(number) => {
                let held = self.held(number);
                let register = held.register();
                News {
                    roots: register.root_files().to_vec(),
                    members: Some(register.members_file().clone()),
                    fresh: register.fresh_file().cloned(),
                    evidence: held.contradiction().map(|open| open.documents.clone()),
                }
            }
        }
    }

    /// One step, and which rule of the observer fell in it.
    fn step(&self, number: Number, from: From, time: u8) -> (Number, Option<&'static str>) {
        let known = self.seen().steps.get(&(number, from, time)).copied();
        known.unwrap_or_else(|| {
            let before = self.held(number);
            let (after, _) = step_under(self.rules, &before, &self.news(from), instant(time));
            let fell = invariants::of_step(&self.documents, &before, &after, instant(time));
            let outcome = (self.number(after), fell);
            self.seen().steps.insert((number, from, time), outcome);
            outcome
        })
    }

    fn hear(&self, node: Observed, from: From, time: u8) -> Observed {
        let (held, fell) = self.step(node.held, from, time);
        self.observed(Observed { held, fell: node.fell.or(fell), ..node })
    }

    fn observed(&self, node: Observed) -> Observed {
        let held = self.held(node.held);
        let adopted = held.register().adopted();
        let expels = held.register().member(self.documents.partner()).is_some_and(|member| member.status == Status::Expelled);
        Observed { highest: node.highest.max((adopted.epoch, adopted.version)), expelled: node.expelled || expels, ..node }
    }

    /// A node that hears a document and crashes when `durable` of its pieces are written. The marks, with the freshness in them, come last.
    fn crash(&self, node: Observed, document: usize, durable: usize, time: u8) -> Observed {
        let known = self.seen().crashes.get(&(node.held, document, durable, time)).copied();
        let held = known.unwrap_or_else(|| {
            let before = self.held(node.held);
            let (after, effects) = step_under(self.rules, &before, &self.news(From::Enemy(document)), instant(time));
            let pieces = effects.iter().filter(|effect| matches!(effect, Effect::Keep(Piece::Root(..) | Piece::Members(..)))).count();
            let source = if durable > pieces { &after } else { &*before };
            let kept = Kept {
                roots: source.register().root_files().to_vec(),
                members: source.recent.values().cloned().collect(),
                fresh: source.register().fresh_file().cloned(),
                contradiction: source.contradiction().map(|open| open.documents.clone()),
            };
            // Where a rule was taken away, a node may hold what it would not read again.
            let restored = Held::restore(&self.documents.fingerprint(), kept).unwrap_or_else(|_| source.clone());
            let number = self.number(restored);
            self.seen().crashes.insert((node.held, document, durable, time), number);
            number
        });
        self.observed(Observed { held, ..node })
    }

    fn talk(&self, state: &State, first: usize) -> State {
        let mut next = state.clone();
        for to in [first, 1 - first] {
            next.nodes[to] = self.hear(next.nodes[to], From::Node(next.nodes[1 - to].held), state.time);
        }
        next.silent_split |= self.split(next.nodes.map(|node| node.held));
        next
    }

    /// Whether two nodes hold different bytes for one version, and neither is alarmed.
    fn split(&self, nodes: [Number; 2]) -> bool {
        let known = self.seen().splits.get(&nodes).copied();
        known.unwrap_or_else(|| {
            let [a, b] = nodes.map(|number| self.held(number));
            let split = invariants::split(&a, &b) && a.contradiction().is_none() && b.contradiction().is_none();
            self.seen().splits.insert(nodes, split);
            split
        })
    }

    /// Whether both are of one mind when they have told each other all.
    fn converges(&self, state: &State) -> bool {
        let key = (state.nodes.map(|node| node.held), state.time);
        let known = self.seen().settled.get(&key).copied();
        known.unwrap_or_else(|| {
            let mut nodes = key.0;
            for (to, from) in [(0, 1), (1, 0), (0, 1), (1, 0)] {
                nodes[to] = self.step(nodes[to], From::Node(nodes[from]), state.time).0;
            }
            let converged = invariants::converged(&nodes.map(|number| self.held(number)), instant(state.time));
            self.seen().settled.insert(key, converged);
            converged
        })
    }
}

impl Model for Region {
    type State = State;
    type Action = Action;

    fn init_states(&self) -> Vec<State> {
        let held = self.number(self.documents.first());
        let node = Observed { held, highest: (1, 1), expelled: false, fell: None };
        vec![State { time: 0, nodes: [node; 2], silent_split: false }]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Action>) {
        for node in 0..2 {
            for document in 0..self.documents.deliverable().len() {
                actions.push(Action::Deliver(node, document));
            }
            actions.push(Action::Talk(node));
        }
        // The nodes are alike: one of them crashes.
        for document in 0..self.documents.deliverable().len() {
            actions.extend([0, 2].into_iter().map(|durable| Action::Crash(0, document, durable)));
        }
        if state.time == 0 {
            actions.push(Action::Later);
        }
    }

    fn next_state(&self, state: &State, action: Action) -> Option<State> {
        let mut next = state.clone();
        match action {
            Action::Deliver(node, document) => next.nodes[node] = self.hear(state.nodes[node], From::Enemy(document), state.time),
            Action::Talk(first) => next = self.talk(state, first),
            Action::Crash(node, document, durable) => next.nodes[node] = self.crash(state.nodes[node], document, durable, state.time),
            Action::Later => next.time = 1,
        }
        (next != *state).then_some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always("R1 (epoch, version) never falls", |region: &Self, state: &State| {
                state.nodes.iter().all(|node| {
                    let adopted = region.held(node.held).register().adopted().clone();
                    (adopted.epoch, adopted.version) == node.highest
                })
            }),
            Property::always("R2, R6, R7 in each step", |_, state: &State| state.nodes.iter().all(|node| node.fell.is_none())),
            Property::always("R3 no silent split", |_, state: &State| !state.silent_split),
            Property::always("R4 the expelled get nothing personal", |region: &Self, state: &State| {
                state.nodes.iter().all(|node| {
                    let register = Arc::clone(region.held(node.held).register());
                    let active = register.member(region.documents.partner()).is_some_and(|member| member.status == Status::Active);
                    !(node.expelled && active && register.standing(instant(state.time)) != Standing::NoDisclosure)
                })
            }),
            Property::always("R5 who talk converge", |region: &Self, state: &State| region.converges(state)),
        ]
    }
}

/// The invariants that fall, and the shortest way to each.
fn check(without: Option<Rule>) -> (Vec<String>, usize) {
    let checker = Region::new(without).checker().threads(2).finish_when(HasDiscoveries::AnyFailures).spawn_bfs().join();
    let way = |(name, path): (&'static str, stateright::Path<State, Action>)| {
        let fell: Vec<&str> = path.last_state().nodes.iter().filter_map(|node| node.fell).collect();
        format!("{name} {fell:?} by {:?}", path.into_actions())
    };
    let mut fallen: Vec<String> = checker.discoveries().into_iter().map(way).collect();
    fallen.sort_unstable();
    (fallen, checker.unique_state_count())
}

#[test]
fn the_protocol_holds() {
    let (fallen, states) = check(None);
    assert!(fallen.is_empty(), "{fallen:?}");
    println!("{states} states");
    assert!(states > 1_000, "{states}: the model is about something");
}

#[test]
fn without_any_part_of_it_an_invariant_falls() {
    let rules = [
        Rule::Threshold,
        Rule::KeysBefore,
        Rule::RootStep,
        Rule::Later,
        Rule::Previous,
        Rule::Expiry,
        Rule::Epoch,
        Rule::Contradiction,
        Rule::Stopped,
        Rule::Region,
        Rule::VeryMembers,
    ];
    for rule in rules {
        let (fallen, states) = check(Some(rule));
        println!("without {rule:?}, after {states} states: {}", fallen.join("; "));
        assert!(!fallen.is_empty(), "without {rule:?} nothing falls");
    }
}
