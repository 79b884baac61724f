//! The network of a run: what becomes of each call follows from the seed.
//!
//! A call is lost, refused without a reason (as an unfair server does), carried out without its reply coming back, carried out twice, or late: tombstones
//! and acknowledgements arrive when their sender has given up on them, answers are held where they are, before their bytes leave or after.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, Weak};

use polder_exchange::{Node, OnItsWay, PeerFailure};
use polder_federation_tests::random::Random;
use polder_model::answer::MissingReason;
use tokio::sync::oneshot;

use crate::history::{History, Item};
use crate::world::PARTNERS_IN_ALL;

/// What becomes of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    Arrives,
    Lost,
    Refused,
    ReplyLost,
    Twice,
    /// A reply is held at its source, before its bytes leave; a message arrives later.
    Sending,
    /// A reply is held on the way; a message arrives later.
    Late,
}

/// An answer that is held.
pub struct Held {
    pub source: usize,
    pub recipient: usize,
    /// What it is held by at its source, as long as its bytes have not left.
    pub sending: Option<OnItsWay>,
    pub items: Vec<Item>,
    /// The workers of the source whom it carries, by number.
    pub workers: Vec<usize>,
    release: oneshot::Sender<()>,
    counted: Arc<AtomicBool>,
}

/// A message that arrives when nobody waits for a reply any more.
pub struct Late {
    pub from: usize,
    pub to: usize,
    pub evidence: Vec<String>,
    pub tombstones: bool,
}

#[derive(Default)]
struct State {
    nodes: Vec<Weak<Node>>,
    side: Vec<usize>,
    held: Vec<Held>,
    late: Vec<Late>,
    /// The number of the step: fates are drawn from it.
    step: u64,
    calm: bool,
    begun: usize,
    busy: usize,
    arrived: Vec<(usize, usize, Item)>,
    fates: BTreeMap<&'static str, usize>,
}

/// The network.
pub struct Net {
    seed: u64,
    state: Mutex<State>,
    history: Arc<Mutex<History>>,
}

impl Net {
    pub fn new(seed: u64, history: Arc<Mutex<History>>) -> Arc<Self> {
        let state =
            State { nodes: (0..PARTNERS_IN_ALL).map(|_| Weak::new()).collect(), side: vec![0; PARTNERS_IN_ALL], ..State::default() };
        Arc::new(Self { seed, state: Mutex::new(state), history })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("a lock")
    }

    pub fn history(&self) -> MutexGuard<'_, History> {
        self.history.lock().expect("a lock")
    }

    /// A step begins: no call has begun in it.
    pub fn step(&self, step: u64) {
        let mut state = self.state();
        (state.step, state.begun) = (step, 0);
    }

    pub fn up(&self, number: usize, node: Option<&Arc<Node>>) {
        self.state().nodes[number] = node.map(Arc::downgrade).unwrap_or_default();
    }

    pub fn cut(&self, side: Vec<usize>) {
        self.state().side = side;
    }

    /// From now on everything arrives, or does not.
    pub fn calm(&self, calm: bool) {
        self.state().calm = calm;
    }

    /// How many calls have begun in this step.
    pub fn begun(&self) -> usize {
        self.state().begun
    }

    /// How many calls are being carried out.
    pub fn busy(&self) -> usize {
        self.state().busy
    }

    /// What came to a node since this was asked last, each with its source.
    pub fn take_arrived(&self, number: usize) -> Vec<(usize, Item)> {
        let mut state = self.state();
        let (here, others) = std::mem::take(&mut state.arrived).into_iter().partition(|(to, _, _)| *to == number);
        state.arrived = others;
        here.into_iter().map(|(_, source, item)| (source, item)).collect()
    }

    pub fn held(&self, which: impl Fn(&Held) -> bool) -> usize {
        self.state().held.iter().filter(|held| which(held)).count()
    }

    /// Takes a held answer out of the network: the one with that number of those.
    pub fn take_held(&self, number: usize, which: impl Fn(&Held) -> bool) -> Option<Held> {
        let mut state = self.state();
        let at = state.held.iter().enumerate().filter(|(_, held)| which(held)).map(|(at, _)| at).nth(number)?;
        Some(state.held.remove(at))
    }

    pub fn lates(&self) -> usize {
        self.state().late.len()
    }

    pub fn take_late(&self, number: usize) -> Late {
        self.state().late.remove(number)
    }

    /// Lets a held answer go on: its bytes leave now, unless they have, or it was cut off.
    pub fn release(&self, held: Held) {
        if let Some(on_its_way) = held.sending {
            if on_its_way.is_cut() {
                return;
            }
            self.history().left(held.source, held.recipient, &held.items);
        }
        count(&mut self.state(), &held.counted, true);
        if held.release.send(()).is_err() {
            count(&mut self.state(), &held.counted, false);
        }
    }

    /// Holds an answer until it is let go; the call that carries it is not busy meanwhile.
    pub fn hold(&self, busy: &Busy, source: usize, recipient: usize, sending: Option<OnItsWay>, items: Vec<Item>) -> oneshot::Receiver<()> {
        let (release, released) = oneshot::channel();
        let workers = items.iter().filter_map(|item| self.history().line_of(item.disclosure)).map(|line| line.1).collect();
        let (counted, mut state) = (Arc::clone(&busy.counted), self.state());
        state.held.push(Held { source, recipient, sending, items, workers, release, counted });
        count(&mut state, &busy.counted, false);
        released
    }

    /// An answer has come to whoever asked.
    pub fn came(&self, recipient: usize, source: usize, items: Vec<Item>) {
        self.state().arrived.extend(items.into_iter().map(|item| (recipient, source, item)));
    }

    /// A message is still on its way.
    pub fn comes_late(&self, late: Late) {
        self.state().late.push(late);
    }

    pub fn fate(&self, me: usize, to: usize, holds: bool) -> Result<Fate, PeerFailure> {
        let mut state = self.state();
        state.begun += 1;
        let mut draw = Random::new(self.seed ^ state.step.wrapping_mul(0x9E37_79B9) ^ ((me * 8 + to) as u64) << 40);
        draw.bits();
        let fate = match draw.below(100) {
            _ if state.side[me] != state.side[to] => Fate::Lost,
            _ if state.calm => Fate::Arrives,
            0..=9 => Fate::Lost,
            10..=14 => Fate::Refused,
            15..=24 => Fate::ReplyLost,
            25..=29 => Fate::Twice,
            30..=49 if holds => Fate::Sending,
            30..=44 => Fate::Late,
            50..=69 if holds => Fate::Late,
            _ => Fate::Arrives,
        };
        *state.fates.entry(name(fate)).or_default() += 1;
        if state.nodes[to].strong_count() == 0 || fate == Fate::Lost {
            return Err(PeerFailure::new(MissingReason::Unreachable, "lost"));
        }
        if fate == Fate::Refused {
            return Err(PeerFailure::new(MissingReason::Refused, "this nonce was seen before"));
        }
        Ok(fate)
    }

    /// What became of how many calls.
    pub fn fates(&self) -> BTreeMap<&'static str, usize> {
        self.state().fates.clone()
    }

    pub fn node(&self, number: usize) -> Result<Arc<Node>, PeerFailure> {
        self.state().nodes[number].upgrade().ok_or_else(|| PeerFailure::new(MissingReason::Unreachable, "down"))
    }
}

fn name(fate: Fate) -> &'static str {
    match fate {
        Fate::Arrives => "arrived",
        Fate::Lost => "lost",
        Fate::Refused => "refused",
        Fate::ReplyLost => "without a reply",
        Fate::Twice => "twice",
        Fate::Sending => "held before leaving",
        Fate::Late => "late",
    }
}

/// A call that is being carried out; one that is held is not counted.
pub struct Busy {
    net: Arc<Net>,
    counted: Arc<AtomicBool>,
}

impl Busy {
    pub fn on(net: &Arc<Net>) -> Self {
        net.state().busy += 1;
        Self { net: Arc::clone(net), counted: Arc::new(AtomicBool::new(true)) }
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        count(&mut self.net.state(), &self.counted, false);
    }
}

fn count(state: &mut State, counted: &AtomicBool, now: bool) {
    match (counted.swap(now, Ordering::SeqCst), now) {
        (false, true) => state.busy += 1,
        (true, false) => state.busy -= 1,
        _ => {}
    }
}
