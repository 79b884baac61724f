//! How long one publish takes: a changed offer, replaced in the index by itself.

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

pub fn measure(world: &World, index: &Index) -> Updates {
    let offers = index.snapshot().count(Kind::Vacancy);
    let mut random = Random::new(5);
    let mut times = Vec::new();
    for _ in 0..COUNT {
        let mut entry = world.offer(random.below(offers) as u64).entry;
        entry.version += 10;
        let change = IndexChange::Put(Box::new(entry));
        let begun = Instant::now();
        index.apply([change]);
        times.push(micros(begun.elapsed()) / 1_000.0);
    }
    assert_eq!(index.snapshot().count(Kind::Vacancy), offers);
    let most = times.iter().copied().fold(0.0, f64::max);
    Updates { count: COUNT, median: quantile(times.clone(), 0.5), p99: quantile(times, 0.99), most }
}
