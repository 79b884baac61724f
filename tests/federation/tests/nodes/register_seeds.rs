//! Federations in one process whose register changes while messages are lost and late, parts are cut off, nodes crash and clocks differ. One seed, one run.
//!
//! The nodes are real ones with their own databases; only the network and the clocks are played. `POLDER_SEEDS=N` runs N seeds, `POLDER_SEED=S` one.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use futures::future::BoxFuture;
use polder_exchange::{Announcement, AnswerRefused, Clock, Home, Node, PeerFailure, RegisterDocument, RegisterPeers};
use polder_federation_tests::local::ManualClock;
use polder_federation_tests::no_peers::NoPeers;
use polder_federation_tests::offers::PARTNERS;
use polder_federation_tests::random::Random;
use polder_federation_tests::register::{Region, member};
use polder_model::answer::MissingReason;
use polder_model::query::Query;
use polder_model::{PartnerId, Timestamp};
use polder_trust::register::{Member, SharedRegister, Status};
use serde_json::json;

const NODES: usize = 5;
const STEPS: usize = 60;
/// The partner who is expelled in the course of a run.
const EXPELLED: usize = 4;

/// What one node hears from another: lost, late (as the other was some steps ago), or as it is.
struct Line {
    other: Arc<Node>,
    loss: Mutex<Random>,
    percent: usize,
}

impl Line {
    fn lost(&self) -> Result<(), PeerFailure> {
        let lost = self.loss.lock().expect("a lock").chance(self.percent);
        if lost { Err(PeerFailure::new(MissingReason::Unreachable, "lost")) } else { Ok(()) }
    }
}

impl RegisterPeers for Line {
    fn announcement(&self, _: Arc<Member>) -> BoxFuture<'_, Result<Announcement, PeerFailure>> {
        Box::pin(async {
            self.lost()?;
            Ok(self.other.announcement().await)
        })
    }

    fn document(&self, _: Arc<Member>, which: RegisterDocument) -> BoxFuture<'_, Result<Option<Vec<u8>>, PeerFailure>> {
        Box::pin(async move {
            self.lost()?;
            self.other.register_document(which).await.map_err(|error| PeerFailure::new(MissingReason::Refused, error.to_string()))
        })
    }
}

struct Run {
    draw: Random,
    region: Region,
    /// Every register that was ever published, for those who come late with an old one.
    published: Vec<Region>,
    nodes: Vec<Option<Arc<Node>>>,
    clocks: Vec<Arc<ManualClock>>,
    now: Timestamp,
    /// Which side of a cut each node is on.
    side: Vec<usize>,
    /// The highest pair that was in force at each node.
    highest: Vec<(u64, u64, u64)>,
    directory: tempfile::TempDir,
    expelled: bool,
}

impl Run {
    async fn begin(seed: u64) -> Self {
        let shared = PathBuf::from("/dev/shm");
        let place = if shared.is_dir() { shared } else { std::env::temp_dir() };
        let directory = tempfile::tempdir_in(place).expect("a directory");
        let now: Timestamp = "2026-11-23T12:00:00Z".parse().expect("an instant");
        let region = Region::new(PARTNERS[..NODES].iter().map(|partner| member(partner)).collect());
        let mut draw = Random::new(seed);
        // Clocks differ by up to 25 s.
        let skew: Vec<i64> = (0..NODES).map(|_| i64::try_from(draw.below(51)).expect("small") - 25).collect();
        let clocks = skew.iter().map(|skew| Arc::new(ManualClock::at(now.plus_seconds(*skew)))).collect();
        let mut run = Self {
            draw,
            published: vec![region.clone()],
            region,
            nodes: vec![None; NODES],
            clocks,
            now,
            side: vec![0; NODES],
            highest: vec![(0, 0, 0); NODES],
            directory,
            expelled: false,
        };
        for index in 0..NODES {
            run.start(index).await;
        }
        run
    }

    /// Starts a node with the first files, as its directory has them for ever.
    async fn start(&mut self, index: usize) {
        let partner: PartnerId = PARTNERS[index].parse().expect("a partner");
        let name = format!("Partner {partner}");
        let home = Home::named(partner, name);
        let path = self.directory.path().join(index.to_string()).join("polder.db");
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("a directory");
        let register = SharedRegister::new(self.published[0].register(self.now));
        let clock: Arc<dyn Clock> = Arc::<ManualClock>::clone(&self.clocks[index]);
        let node = Node::open(home, &path, register, Arc::new(NoPeers), clock).await.expect("a node opens");
        self.nodes[index] = Some(Arc::new(node));
    }

    fn node(&self, index: usize) -> Arc<Node> {
        Arc::clone(self.nodes[index].as_ref().expect("it runs"))
    }

    async fn gossip(&mut self, to: usize, from: usize, percent: usize) {
        if to == from || self.side[to] != self.side[from] {
            return;
        }
        let line = Line { other: self.node(from), loss: Mutex::new(Random::new(self.draw.bits())), percent };
        let node = self.node(to);
        let register = node.register();
        let partner: PartnerId = PARTNERS[from].parse().expect("a partner");
        let with = Arc::clone(register.member(&partner).expect("a member"));
        if with.status == Status::Active {
            // What is lost is heard another time.
            let _ = node.catch_up(&with, &line).await;
        }
    }

    async fn change(&mut self) {
        match self.draw.below(8) {
            0 if !self.expelled => {
                self.region.set_status(&PARTNERS[EXPELLED].parse().expect("a partner"), Status::Expelled);
                self.expelled = true;
            }
            1 => self.region.recover(),
            _ => self.region.change(|_| {}),
        }
        self.published.push(self.region.clone());
        let at = self.draw.below(NODES - 1);
        self.node(at).hear(&self.region.news(), "a registrar").await.expect("stored");
    }

    async fn step(&mut self) {
        let (a, b) = (self.draw.below(NODES), self.draw.below(NODES));
        match self.draw.below(20) {
            0..=9 => self.gossip(a, b, 20).await,
            10..=12 => self.change().await,
            // Late: an old register arrives.
            13..=14 => {
                let old = self.draw.below(self.published.len());
                self.node(a).hear(&self.published[old].news(), "someone late").await.expect("stored");
            }
            15 => (0..NODES).for_each(|node| self.side[node] = self.draw.below(2)),
            16 => self.side = vec![0; NODES],
            17..=18 => {
                // Whatever was not durable is gone.
                self.nodes[a] = None;
                self.start(a).await;
            }
            _ => {
                self.now = self.now.plus_seconds(20);
                self.clocks.iter().for_each(|clock| clock.set(clock.now().plus_seconds(20)));
            }
        }
        self.check().await;
    }

    /// Nothing falls, at any instant: no pair goes down, and the expelled get nothing from whoever knows that they are.
    async fn check(&mut self) {
        for index in 0..NODES {
            let node = self.node(index);
            let adopted = node.register().adopted().clone();
            let pair = (adopted.root, adopted.epoch, adopted.version);
            assert!(pair >= self.highest[index], "node {index}: {pair:?} after {:?}", self.highest[index]);
            self.highest[index] = pair;
            let register = node.register();
            let expelled = register.member(&PARTNERS[EXPELLED].parse().expect("a partner")).expect("its entry stays");
            if expelled.status == Status::Expelled && index != EXPELLED {
                let outcome = node.answer(expelled, &query(node.now())).await;
                assert!(matches!(outcome, Err(AnswerRefused::NotAMember)), "{outcome:?}");
            }
        }
    }

    /// All lines are good again: everyone asks everyone a few times, as nodes do within some rounds.
    async fn heal(&mut self) {
        self.side = vec![0; NODES];
        for _ in 0..3 {
            for to in 0..NODES {
                for from in 0..NODES {
                    self.gossip(to, from, 0).await;
                }
            }
        }
        let newest = self.region.register(self.now).adopted().clone();
        for index in 0..NODES {
            assert_eq!(self.node(index).register().adopted(), &newest, "node {index}");
            assert!(!self.node(index).announcement().await.alarm, "node {index}: honest people raise no alarm");
        }
        self.check().await;
    }
}

fn query(now: Timestamp) -> Arc<Query> {
    let query = json!({
        "id": "6f0b7f1e-6a55-4d4e-9a39-6a0f5b9c1e77", "asker": PARTNERS[EXPELLED], "kind": "vacancy", "purpose": "find-work", "ranking": "polder-1",
        "asOf": now, "limit": 20, "deadlineMs": 2000, "hops": 1, "tieKey": "00112233445566778899aabbccddeeff",
        "criteria": {"text": [{"term": "monteur", "weight": 50}]},
    });
    Arc::new(Query::parse(query.to_string().as_bytes()).expect("a query"))
}

async fn run(seed: u64) {
    let mut run = Run::begin(seed).await;
    for _ in 0..STEPS {
        run.step().await;
    }
    run.heal().await;
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|text| text.parse().ok())
}

#[tokio::test]
async fn registers_converge_under_every_seed() {
    let seeds = match number("POLDER_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("POLDER_SEEDS").unwrap_or(30),
    };
    for seed in seeds {
        println!("seed {seed}");
        run(seed).await;
    }
}
