//! How long one publish takes: a changed offer, replaced in the index by itself.

use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::Instant;

use polder_index::{Index, IndexChange};
use polder_model::Kind;

use crate::corpus::World;
use crate::random::Random;
use crate::report::{micros, quantile};

/// So many that every merge that the index makes at this size is met.
const COUNT: usize = 30_000;

/// Milliseconds for one publish.
pub struct Updates {
    pub count: usize,
    pub median: f64,
    pub p99: f64,
    pub most: f64,
}

/// A thread that compacts, as a node has one.
pub struct Compaction(Option<(SyncSender<()>, JoinHandle<()>)>);

impl Compaction {
    pub fn start(index: &Arc<Index>) -> Self {
        let (sender, receiver) = sync_channel(1);
        let index = Arc::clone(index);
        let thread = std::thread::spawn(move || {
            while receiver.recv().is_ok() {
                while index.compact() {}
            }
        });
        Self(Some((sender, thread)))
    }

    pub fn wake(&self) {
        if let Some((sender, _)) = &self.0 {
            // A full channel holds a word to it already.
            let _ = sender.try_send(());
        }
    }
}

impl Drop for Compaction {
    fn drop(&mut self) {
        if let Some((sender, thread)) = self.0.take() {
            drop(sender);
            thread.join().expect("compaction ends");
        }
    }
}

pub fn measure(world: &World, index: &Arc<Index>) -> Updates {
    let offers = index.snapshot().count(Kind::Vacancy);
    let mut random = Random::new(5);
    let mut times = Vec::new();
    let compaction = Compaction::start(index);
    for _ in 0..COUNT {
        let mut entry = world.offer(random.below(offers) as u64).entry;
        entry.version += 10;
        let change = IndexChange::Put(Box::new(entry));
        let begun = Instant::now();
        index.apply([change]);
        times.push(micros(begun.elapsed()) / 1_000.0);
        compaction.wake();
    }
    assert_eq!(index.snapshot().count(Kind::Vacancy), offers);
    let most = times.iter().copied().fold(0.0, f64::max);
    Updates { count: COUNT, median: quantile(times.clone(), 0.5), p99: quantile(times, 0.99), most }
}
