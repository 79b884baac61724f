//! One run: nodes, clocks, workers, systems that ask, and what happens to them.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use polder_exchange::people::ContactRefused;
use polder_exchange::{AskRefused, Clock, Node};
use polder_federation_tests::local::ManualClock;
use polder_federation_tests::people::morning;
use polder_federation_tests::random::Random;
use polder_model::answer::QueryResult;
use polder_model::contact::Reached;
use polder_model::{Purpose, Timestamp};
use tokio::task::JoinHandle;

use crate::clients::Client;
use crate::history::{History, Item};
use crate::line::Line;
use crate::network::Net;
use crate::world::{PARTNERS_IN_ALL, WORKERS, World, database, number_of, place};

/// A question on its way.
pub struct Ask {
    pub asker: usize,
    pub task: Asking,
}

pub enum Asking {
    People(JoinHandle<Result<QueryResult, AskRefused>>),
    /// Of that partner's node.
    Contact(usize, JoinHandle<Result<Reached, ContactRefused>>),
}

impl Asking {
    pub fn is_finished(&self) -> bool {
        match self {
            Self::People(task) => task.is_finished(),
            Self::Contact(_, task) => task.is_finished(),
        }
    }

    pub fn abort(&self) {
        match self {
            Self::People(task) => task.abort(),
            Self::Contact(_, task) => task.abort(),
        }
    }
}

/// A run.
pub struct Run<'w> {
    pub world: &'w World,
    pub draw: Random,
    pub net: Arc<Net>,
    /// How many nodes there are.
    pub count: usize,
    pub nodes: Vec<Option<Arc<Node>>>,
    pub clocks: Vec<Arc<ManualClock>>,
    /// By how many seconds each clock is off.
    pub skews: Vec<i64>,
    pub now: Timestamp,
    pub clients: Vec<Client>,
    pub asks: Vec<Ask>,
    /// Whether each worker's profile is there.
    pub offered: Vec<Vec<bool>>,
    pub editions: usize,
    /// How much came to systems.
    pub arrived: usize,
    /// How often an end waited for an answer that was about to leave.
    pub drains: usize,
    /// How many answers of partners about what they hold were held against a ledger.
    pub compared: usize,
    /// How many requests of systems were answered.
    pub requested: usize,
    pub step: u64,
    pub directory: tempfile::TempDir,
    pub log: Vec<String>,
}

impl<'w> Run<'w> {
    pub async fn begin(world: &'w World, seed: u64) -> Self {
        let history = Arc::new(Mutex::new(History::default()));
        let net = Net::new(seed, Arc::clone(&history));
        let mut draw = Random::new(seed.wrapping_mul(0x5851_F42D_4C95_7F2D) ^ 11);
        draw.bits();
        let count = if draw.chance(15) { 4 + draw.below(3) } else { 3 };
        // Clocks differ by up to 40 s, of which a question bears 30.
        let skews: Vec<i64> = (0..count).map(|_| i64::try_from(draw.below(41)).expect("small") - 20).collect();
        let clocks = skews.iter().map(|skew| Arc::new(ManualClock::at(morning().plus_seconds(*skew)))).collect();
        let mut run = Self {
            world,
            draw,
            net,
            count,
            nodes: vec![None; count],
            clocks,
            skews,
            now: morning(),
            clients: (0..count).map(|_| Client::default()).collect(),
            asks: Vec::new(),
            offered: vec![vec![true; WORKERS]; count],
            editions: 0,
            arrived: 0,
            drains: 0,
            compared: 0,
            requested: 0,
            step: 0,
            directory: place(),
            log: Vec::new(),
        };
        for node in 0..count {
            world.copy(node, run.directory.path());
            for (number, worker) in world.workers[node].iter().enumerate() {
                run.net.history().know(*worker, number);
            }
            run.start(node).await;
        }
        for (line, grant) in &world.given {
            run.net.history().given(*line, grant.clone());
        }
        run
    }

    pub fn say(&mut self, what: String) {
        self.log.push(format!("{:3} {what}", self.step));
    }

    pub async fn start(&mut self, number: usize) {
        let line = Arc::new(Line { me: number, net: Arc::clone(&self.net) });
        let clock: Arc<dyn Clock> = Arc::<ManualClock>::clone(&self.clocks[number]);
        let node = Arc::new(self.world.open(number, self.directory.path(), line, clock).await);
        self.net.up(number, Some(&node));
        self.nodes[number] = Some(node);
    }

    /// Whatever was not durable is gone: what was on its way from it, and what it asked.
    pub async fn crash(&mut self, number: usize) {
        self.net.up(number, None);
        for ask in self.asks.iter().filter(|ask| ask.asker == number) {
            ask.task.abort();
        }
        self.asks.retain(|ask| ask.asker != number);
        self.net.take_arrived(number);
        while self.net.take_held(0, |held| held.recipient == number || held.source == number && held.sending.is_some()).is_some() {}
        self.nodes[number] = None;
        self.settle().await;
        // A process that is gone holds no file; here its tasks end when it is their turn.
        for file in ["polder.journal", "polder.leaves"] {
            let path = database(self.directory.path(), number).with_file_name(file);
            while !std::fs::File::open(&path).is_ok_and(|file| file.try_lock().is_ok()) {
                tokio::time::sleep(Duration::from_micros(100)).await;
            }
        }
    }

    pub fn node(&self, number: usize) -> Option<Arc<Node>> {
        self.nodes[number].clone()
    }

    /// Time passes for all of them.
    pub fn pass(&mut self, time: Duration) {
        self.now = self.now.plus_micros(i64::try_from(time.as_micros()).expect("some days"));
        self.clocks.iter().for_each(|clock| clock.pass(time));
    }

    /// By how much a node's clock was set, in seconds.
    pub fn set_by(&self, number: usize) -> i64 {
        (self.clocks[number].now().micros() - self.now.micros()) / 1_000_000 - self.skews[number]
    }

    /// Takes in what has come for questions whose calls are all done, and waits until nothing goes on but what is held.
    pub async fn settle(&mut self) {
        loop {
            while self.net.busy() > 0 {
                tokio::task::yield_now().await;
                tokio::time::sleep(Duration::from_micros(50)).await;
            }
            // A system asks one question at a time: what is held for its node is a reply to that.
            let waits = |ask: &Ask| self.net.held(|held| held.recipient == ask.asker) > 0;
            let Some(done) = self.asks.iter().position(|ask| ask.task.is_finished() || !waits(ask)) else { return };
            let ask = self.asks.remove(done);
            self.land(ask).await;
        }
    }

    async fn land(&mut self, ask: Ask) {
        let arrived = self.net.take_arrived(ask.asker);
        let mut came = Vec::new();
        let mut answered = Vec::new();
        match ask.task {
            Asking::People(task) => {
                let Ok(Ok(result)) = task.await else { return };
                answered.extend(result.answered.iter().map(|answered| number_of(&answered.partner)));
                for hit in result.hits {
                    let Some(under) = hit.disclosure.as_ref() else { continue };
                    let item = Item::new(hit.key.as_str(), Purpose::MatchVacancy, under, hit.document.get());
                    came.push((number_of(&hit.partner), item));
                }
            }
            Asking::Contact(source, task) => {
                let Ok(Ok(reached)) = task.await else { return };
                let item = Item::new(reached.key.as_str(), Purpose::BeContacted, &reached.disclosure, reached.document.get());
                answered.push(source);
                came.push((source, item));
            }
        }
        for (source, item) in arrived {
            let live = self.live(&item) && item.use_until > self.clocks[ask.asker].now();
            if live && answered.contains(&source) && !came.iter().any(|(_, came)| came.disclosure == item.disclosure) {
                let what = format!("W6: node {} dropped a copy of epoch {}, which is in force at node {source}", ask.asker, item.epoch);
                self.net.history().broken(what);
            }
        }
        for (source, item) in came {
            self.takes(ask.asker, source, item);
        }
    }

    /// Whether something was given under a consent that is in force.
    fn live(&self, item: &Item) -> bool {
        let history = self.net.history();
        let live = history.line_of(item.disclosure).and_then(|line| history.live(&line).cloned());
        live.is_some_and(|live| live.epoch == item.epoch)
    }

    /// A system gets something about a person.
    fn takes(&mut self, asker: usize, source: usize, item: Item) {
        if self.now > item.use_until.plus_seconds(60) {
            let what = format!("W8: node {asker} returned what was to be used until {}, at {}", item.use_until, self.now);
            self.net.history().broken(what);
        }
        self.arrived += 1;
        self.clients[asker].takes(source, item);
    }
}

/// Partners that a question is sent to: all but the asker.
pub const OTHERS: usize = PARTNERS_IN_ALL - 1;
