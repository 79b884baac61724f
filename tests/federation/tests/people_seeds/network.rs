//! The network of a run: what becomes of each call follows from the seed.
//!
//! A call is lost, refused without a reason (as an unfair server does), carried out without its reply coming back, carried out twice, or late: tombstones
//! and acknowledgements arrive when their sender has given up on them, answers are held where they are, before their bytes leave or after.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, Weak};
use std::time::Duration;

use futures::future::BoxFuture;
use polder_consent::holdings::{Holdings, HoldingsRequest};
use polder_consent::request::{ConsentRequest, ConsentStanding};
use polder_exchange::people::{Delivered, Recollection, RecollectionAsked};
use polder_exchange::{AnswerRefused, Node, OnItsWay, PeerFailure, Peers, Received};
use polder_federation_tests::random::Random;
use polder_model::answer::{Answer, Documents, DocumentsRequest, MissingReason, People};
use polder_model::application::{Application, ApplicationStanding};
use polder_model::contact::{Contact, ContactRequest};
use polder_model::query::Query;
use polder_trust::register::Member;
use tokio::sync::oneshot;

use crate::history::{History, Item};
use crate::world::{PARTNERS_IN_ALL, number_of, partner};

/// What becomes of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
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

    fn fate(&self, me: usize, to: usize, holds: bool) -> Result<Fate, PeerFailure> {
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
struct Busy {
    net: Arc<Net>,
    counted: Arc<AtomicBool>,
}

impl Busy {
    fn on(net: &Arc<Net>) -> Self {
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

/// The way of one node to the others.
pub struct Line {
    pub me: usize,
    pub net: Arc<Net>,
}

fn failed(error: impl std::fmt::Display) -> PeerFailure {
    PeerFailure::new(MissingReason::Refused, error.to_string())
}

fn lost() -> PeerFailure {
    PeerFailure::new(MissingReason::Slow, "no reply")
}

fn refused(error: &AnswerRefused) -> PeerFailure {
    PeerFailure::new(MissingReason::NoDisclosure, error.to_string())
}

fn over_the_wire<T: serde::Serialize, U: serde::de::DeserializeOwned>(value: &T) -> U {
    serde_json::from_str(&serde_json::to_string(value).expect("JSON")).expect("its own JSON")
}

impl Line {
    fn there(&self, to: usize) -> Result<(Arc<Node>, Arc<Member>), PeerFailure> {
        let node = self.net.node(to)?;
        let me = node.register().member(&partner(self.me)).map(Arc::clone).ok_or_else(|| failed("no member"))?;
        Ok((node, me))
    }

    /// Carries an answer about people back. It has a row for everyone in it; its bytes leave now, or when it is let go.
    async fn carry(&self, fate: Fate, busy: &Busy, to: usize, on_its_way: Option<OnItsWay>, items: Vec<Item>) -> Result<(), PeerFailure> {
        let node = self.net.node(to)?;
        for item in &items {
            let worker = node.store().worker_by_handle(item.handle, &partner(self.me)).await.map_err(failed)?;
            let rows = match worker {
                Some(worker) => node.disclosures_of(worker, None, 100).await.map_err(failed)?,
                None => Vec::new(),
            };
            self.net.history().answered(to, self.me, item, worker, &rows);
        }
        drop(node);
        let sending = if fate == Fate::Sending {
            on_its_way
        } else {
            drop(on_its_way);
            self.net.history().left(to, self.me, &items);
            None
        };
        if fate == Fate::ReplyLost {
            return Err(lost());
        }
        if fate == Fate::Sending || fate == Fate::Late {
            self.hold(busy, to, sending, items.clone()).await?;
        }
        self.net.state().arrived.extend(items.into_iter().map(|item| (self.me, to, item)));
        Ok(())
    }

    async fn hold(&self, busy: &Busy, source: usize, sending: Option<OnItsWay>, items: Vec<Item>) -> Result<(), PeerFailure> {
        let (release, released) = oneshot::channel();
        {
            let workers = items.iter().filter_map(|item| self.net.history().line_of(item.disclosure)).map(|line| line.1).collect();
            let (counted, mut state) = (Arc::clone(&busy.counted), self.net.state());
            state.held.push(Held { source, recipient: self.me, sending, items, workers, release, counted });
            count(&mut state, &busy.counted, false);
        }
        released.await.map_err(|_| lost())
    }
}

impl Peers for Line {
    fn query(&self, _: Arc<Member>, _: Arc<Query>, _: Duration) -> BoxFuture<'_, Result<Received<Answer>, PeerFailure>> {
        Box::pin(async { Err(failed("nobody asks for offers here")) })
    }

    fn documents(&self, _: Arc<Member>, _: Arc<DocumentsRequest>, _: Duration) -> BoxFuture<'_, Result<Received<Documents>, PeerFailure>> {
        Box::pin(async { Err(failed("nobody asks for offers here")) })
    }

    fn people(&self, to: Arc<Member>, query: Arc<Query>, _: Duration) -> BoxFuture<'_, Result<Received<People>, PeerFailure>> {
        Box::pin(async move {
            let to = number_of(&to.partner);
            let fate = self.net.fate(self.me, to, true)?;
            let busy = Busy::on(&self.net);
            let (node, me) = self.there(to)?;
            let mut released = node.answer_about_people(&me, &query).await;
            if fate == Fate::Twice {
                released = node.answer_about_people(&me, &query).await;
            }
            let (answer, on_its_way) = released.map_err(|error| refused(&error))?.into_parts();
            let items = answer.people.iter().map(Item::of_person).collect();
            // What is on the wire keeps no node up.
            drop(node);
            self.carry(fate, &busy, to, on_its_way, items).await?;
            Ok(Received { reply: over_the_wire(&answer), evidence: String::new() })
        })
    }

    fn contact(&self, to: Arc<Member>, request: Arc<ContactRequest>, _: Duration) -> BoxFuture<'_, Result<Option<Contact>, PeerFailure>> {
        Box::pin(async move {
            let to = number_of(&to.partner);
            let fate = self.net.fate(self.me, to, true)?;
            let busy = Busy::on(&self.net);
            let (node, me) = self.there(to)?;
            let released = node.answer_contact(&me, &request).await.map_err(|error| refused(&error))?;
            let Some((contact, on_its_way)) = released.map(polder_exchange::Released::into_parts) else { return Ok(None) };
            drop(node);
            self.carry(fate, &busy, to, on_its_way, vec![Item::of_contact(&contact)]).await?;
            Ok(Some(over_the_wire(&contact)))
        })
    }

    fn application(&self, _: Arc<Member>, _: Arc<Application>, _: Duration) -> BoxFuture<'_, Result<ApplicationStanding, PeerFailure>> {
        Box::pin(async { Err(lost()) })
    }

    fn tombstones(&self, to: Arc<Member>, evidence: Vec<String>, _: Duration) -> BoxFuture<'_, Result<Delivered, PeerFailure>> {
        Box::pin(async move {
            let to = number_of(&to.partner);
            let fate = self.net.fate(self.me, to, false)?;
            let _busy = Busy::on(&self.net);
            if fate == Fate::Late {
                self.net.state().late.push(Late { from: self.me, to, evidence, tombstones: true });
                return Err(lost());
            }
            let (node, me) = self.there(to)?;
            let mut taken = node.take_tombstones(&me, &evidence).await.map_err(failed)?;
            if fate == Fate::Twice {
                taken = node.take_tombstones(&me, &evidence).await.map_err(failed)?;
            }
            if fate == Fate::ReplyLost { Err(lost()) } else { Ok(taken) }
        })
    }

    fn holdings(&self, to: Arc<Member>, request: HoldingsRequest, _: Duration) -> BoxFuture<'_, Result<Holdings, PeerFailure>> {
        Box::pin(async move {
            let to = number_of(&to.partner);
            let fate = self.net.fate(self.me, to, false)?;
            let _busy = Busy::on(&self.net);
            let (node, me) = self.there(to)?;
            let held = node.answer_holdings(&me, request).await.map_err(failed)?;
            if fate == Fate::Arrives { Ok(over_the_wire(&held)) } else { Err(lost()) }
        })
    }

    fn consent_request(
        &self,
        to: Arc<Member>,
        request: Arc<ConsentRequest>,
        _: Duration,
    ) -> BoxFuture<'_, Result<ConsentStanding, PeerFailure>> {
        Box::pin(async move {
            let to = number_of(&to.partner);
            let fate = self.net.fate(self.me, to, false)?;
            let _busy = Busy::on(&self.net);
            let (node, me) = self.there(to)?;
            let mut said = node.answer_consent_request(&me, &request).await;
            if fate == Fate::Twice {
                said = node.answer_consent_request(&me, &request).await;
            }
            let said = said.map_err(|error| refused(&error))?;
            if matches!(fate, Fate::Arrives | Fate::Twice) { Ok(over_the_wire(&said)) } else { Err(lost()) }
        })
    }

    fn recollections(&self, to: Arc<Member>, asked: RecollectionAsked, _: Duration) -> BoxFuture<'_, Result<Recollection, PeerFailure>> {
        Box::pin(async move {
            let to = number_of(&to.partner);
            let fate = self.net.fate(self.me, to, false)?;
            let _busy = Busy::on(&self.net);
            let (node, me) = self.there(to)?;
            let recollection = node.recollection_for(&me.partner, asked).await.map_err(failed)?;
            if fate == Fate::Arrives { Ok(over_the_wire(&recollection)) } else { Err(lost()) }
        })
    }

    fn owed(&self, to: Arc<Member>, after: u64, _: Duration) -> BoxFuture<'_, Result<Vec<String>, PeerFailure>> {
        Box::pin(async move {
            let to = number_of(&to.partner);
            let fate = self.net.fate(self.me, to, false)?;
            let _busy = Busy::on(&self.net);
            let (node, me) = self.there(to)?;
            let owed = node.tombstones_for(&me.partner, after, 100).await.map_err(failed)?;
            if fate == Fate::Arrives { Ok(owed) } else { Err(lost()) }
        })
    }

    fn acknowledgements(&self, to: Arc<Member>, evidence: Vec<String>, _: Duration) -> BoxFuture<'_, Result<(), PeerFailure>> {
        Box::pin(async move {
            let to = number_of(&to.partner);
            let fate = self.net.fate(self.me, to, false)?;
            let _busy = Busy::on(&self.net);
            if fate == Fate::Late {
                self.net.state().late.push(Late { from: self.me, to, evidence, tombstones: false });
                return Err(lost());
            }
            let (node, me) = self.there(to)?;
            node.take_acknowledgements(&me, &evidence).await.map_err(failed)?;
            if fate == Fate::Twice {
                node.take_acknowledgements(&me, &evidence).await.map_err(failed)?;
            }
            if fate == Fate::ReplyLost { Err(lost()) } else { Ok(()) }
        })
    }
}
