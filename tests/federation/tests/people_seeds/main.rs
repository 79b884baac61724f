//! Federations in one process whose workers give, narrow and withdraw, while messages are lost, late, repeated and out of order, parts are cut off, nodes
//! crash, and clocks differ and are set. One seed, one run.
//!
//! The nodes are real ones with their own databases; only the network and the clocks are played. After each step what systems have is held against what
//! workers were told (`history`, which uses nothing of the code that it judges): W1 to W8 and L1 of `docs/decisions/0017-withdrawal.md`; at the end
//! the network heals, and everything that is owed must be done (W10).
//!
//! `POLDER_SEEDS=N` runs N seeds, `POLDER_SEED=S` one, and says what happened in it.
#![expect(clippy::expect_used, clippy::print_stdout, reason = "tests")]

mod check;
mod clients;
mod ends;
mod history;
mod line;
mod network;
mod rights;
mod run;
mod steps;
mod world;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use polder_federation_tests::ledger;
use run::Run;
use world::{World, database};

/// Seeds in an ordinary run.
const SEEDS: u64 = 2_000;
/// What happens in a run.
const STEPS: u64 = 40;
/// After so many steps everything is looked at.
const LOOKS: u64 = 10;
/// Seeds at a time.
const THREADS: usize = 2;

/// What came of some runs.
#[derive(Default)]
struct Came {
    left: usize,
    arrived: usize,
    drains: usize,
    compared: usize,
    requested: usize,
    fates: BTreeMap<&'static str, usize>,
    broken: Vec<String>,
}

async fn run(world: &World, seed: u64, tells: bool, came: &Mutex<Came>) {
    let mut run = Run::begin(world, seed).await;
    for step in 1..=STEPS {
        run.happens().await;
        if step % LOOKS == 0 {
            run.check().await;
        }
        if !run.net.history().violations.is_empty() {
            break;
        }
    }
    if run.net.history().violations.is_empty() {
        // Of some, everything is withdrawn in the end.
        run.ends(seed.is_multiple_of(4)).await;
    }
    for at in 0..run.count {
        if let Some(node) = run.node(at) {
            node.close().await;
        }
        for wrong in ledger::wrong(&database(run.directory.path(), at)).await {
            run.net.history().broken(format!("node {at}: {wrong}"));
        }
    }
    if tells {
        run.log.iter().for_each(|line| println!("{line}"));
    }
    let history = run.net.history();
    let mut came = came.lock().expect("a lock");
    (came.left, came.arrived, came.drains) = (came.left + history.left, came.arrived + run.arrived, came.drains + run.drains);
    (came.compared, came.requested) = (came.compared + run.compared, came.requested + run.requested);
    run.net.fates().into_iter().for_each(|(fate, count)| *came.fates.entry(fate).or_default() += count);
    came.broken.extend(history.violations.first().map(|first| format!("seed {seed}: {first}")));
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|text| text.parse().ok())
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime")
}

#[test]
fn a_withdrawal_reaches_every_copy_under_every_seed() {
    let one = number("POLDER_SEED");
    let seeds = one.map_or_else(|| 0..number("POLDER_SEEDS").unwrap_or(SEEDS), |seed| seed..seed + 1);
    let (began, world, next) = (Instant::now(), Arc::new(runtime().block_on(World::make())), AtomicU64::new(seeds.start));
    let came = Mutex::new(Came::default());
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::SeqCst);
                    if !seeds.contains(&seed) {
                        return;
                    }
                    // Each with a runtime of its own: what a run leaves behind is not there in the next one.
                    runtime().block_on(run(&world, seed, one.is_some(), &came));
                }
            });
        }
    });
    let Came { left, arrived, drains, compared, requested, fates, broken } = came.into_inner().expect("a lock");
    println!(
        "{} seeds of {STEPS} steps: {left} copies left, {arrived} came to systems, {drains} ends waited for what was about to leave, {compared} answers were held against a ledger, {requested} requests were made; calls: {fates:?}; in {:?}",
        seeds.end - seeds.start,
        began.elapsed()
    );
    assert!(broken.is_empty(), "{} of the seeds, the first: {}", broken.len(), broken[..broken.len().min(5)].join("\n"));
    let many = usize::try_from(seeds.end - seeds.start).expect("some") / 2;
    assert!(arrived >= many && compared >= many / 4 && requested >= many / 8, "what is looked for happens");
}
