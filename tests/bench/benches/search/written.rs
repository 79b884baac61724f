//! Searching while offers are written, against the same questions while none are.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use polder_index::{Index, IndexChange};
use polder_model::rank::Plan;

use crate::corpus::World;
use crate::questions::Question;
use crate::random::Random;
use crate::report::{micros, quantile};
use crate::updates::Compaction;
use crate::{MOST, time};

/// Changes a second.
pub const RATE: usize = 1_000;
/// Changes of one batch, and how often one comes.
const BATCH: usize = 50;
const PAUSE: Duration = Duration::from_millis(1_000 * BATCH as u64 / RATE as u64);
/// How long each half of the measurement takes, at least.
const LASTS: Duration = Duration::from_secs(10);

/// Microseconds for one question at the median, quiet and while offers are written.
pub struct Written {
    /// The lower of two: before anything was written, and in turns with the writing.
    pub quiet: f64,
    pub writing: f64,
    /// Changes a second that were really written.
    pub rate: f64,
}

impl Written {
    /// Whether the writer kept its pace.
    pub fn reached(&self) -> bool {
        self.rate >= 0.98 * RATE as f64
    }
}

/// The changes that will be written, in batches, made beforehand: making them is no part of writing.
fn batches(world: &World) -> Vec<Vec<IndexChange>> {
    let mut random = Random::new(6);
    let mut change = || {
        let mut entry = world.offer(random.next() % world.size.offers).entry;
        entry.version += 10;
        IndexChange::Put(Box::new(entry))
    };
    let count = (LASTS.as_millis() / PAUSE.as_millis()) as usize;
    (0..count).map(|_| (0..BATCH).map(|_| change()).collect()).collect()
}

pub fn measure(world: &World, index: &Arc<Index>, questions: &[Question]) -> Written {
    let (writing, ended, written) = (AtomicBool::new(false), AtomicBool::new(false), AtomicU64::new(0));
    let batches = batches(world);
    std::thread::scope(|scope| {
        let (ended, writing, written) = (&ended, &writing, &written);
        scope.spawn(move || {
            let compaction = Compaction::start(index);
            let mut coming = batches.iter().cycle();
            let mut due = Instant::now();
            while !ended.load(Ordering::Acquire) {
                if writing.load(Ordering::Acquire) {
                    // A batch that is late is made up for.
                    index.apply(coming.next().into_iter().flatten().cloned());
                    compaction.wake();
                    written.fetch_add(BATCH as u64, Ordering::AcqRel);
                    due += PAUSE;
                } else {
                    due = Instant::now() + Duration::from_millis(1);
                }
                std::thread::sleep(due.saturating_duration_since(Instant::now()));
            }
        });
        let ask = |times: &mut Vec<f64>| {
            for question in questions {
                let plan = || Plan::new(Arc::clone(&question.query));
                times.push(micros(time(|| index.snapshot().search(&plan(), MOST).hits.len())));
            }
        };
        let (mut before, begun) = (Vec::new(), Instant::now());
        while begun.elapsed() < LASTS / 2 {
            ask(&mut before);
        }
        // In turns, so that whatever else the machine does falls on both.
        let (mut quiet, mut busy, mut wrote) = (Vec::new(), Vec::new(), Duration::ZERO);
        let begun = Instant::now();
        while begun.elapsed() < 2 * LASTS {
            for now in [false, true] {
                writing.store(now, Ordering::Release);
                let turn = Instant::now();
                while turn.elapsed() < Duration::from_secs(1) {
                    ask(if now { &mut busy } else { &mut quiet });
                }
                if now {
                    wrote += turn.elapsed();
                }
            }
        }
        ended.store(true, Ordering::Release);
        let rate = written.load(Ordering::Acquire) as f64 / wrote.as_secs_f64();
        Written { quiet: quantile(quiet, 0.5).min(quantile(before, 0.5)), writing: quantile(busy, 0.5), rate }
    })
}
