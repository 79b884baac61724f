//! Search over 100,000 vacancies: the index against Tantivy tuned for the same question.
//!
//! Results first: both must give the same keys, versions and scores for every question, and the same as brute force for a sample. Then
//! times, each question put to the two in turn. One thread. Figures go to the terminal and to `target/bench/search.json`.
#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "a benchmark"
)]

mod corpus;
mod peer;
mod questions;
mod random;
mod report;
mod updates;
mod vocabulary;

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use polder_index::{Index, Snapshot};
use polder_model::answer::Hit;
use polder_model::query::SURPLUS;
use polder_model::rank::{self, Plan, Ranked};

use corpus::{Offer, World, home};
use peer::{Peer, Shape};
use questions::{LIMIT, Question, questions};
use report::{Build, Report, Row};

const OFFERS: u64 = 100_000;
/// How many hits are kept: the limit and the surplus.
const MOST: usize = (LIMIT + SURPLUS) as usize;
/// Every this many-th question is answered by brute force too.
const SAMPLE: usize = 17;
const WARMING: usize = 3;
const ROUNDS: usize = 15;

fn main() {
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    let world = World::new();
    let offers: Vec<Offer> = (0..OFFERS).map(|number| world.offer(number)).collect();
    let questions = questions(&world);
    println!("{OFFERS} vacancies, {} questions, the best {MOST} hits of each", questions.len());

    let index = Index::new(home());
    let begun = Instant::now();
    let mut rebuild = index.rebuild();
    offers.iter().for_each(|offer| rebuild.add(&offer.entry));
    rebuild.finish();
    let index_time = begun.elapsed();
    let begun = Instant::now();
    let peer = Peer::build(&offers, &home());
    let peer_time = begun.elapsed();
    let snapshot = index.snapshot();

    compare_with_peer(&snapshot, &peer, &questions);
    compare_with_brute_force(&snapshot, &offers, &questions);
    let rows = questions.iter().map(|question| measure(question, &snapshot, &peer)).collect();
    let build = Build { index: index_time, peer: peer_time, bytes_per_offer: snapshot.bytes() as f64 / OFFERS as f64 };
    drop(peer);
    let report = Report { build, rows, updates: updates::measure(&world, &index) };
    report.print();
    report.write();
}

fn compare_with_peer(snapshot: &Snapshot, peer: &Peer, questions: &[Question]) {
    let mut hits = 0;
    for question in questions {
        let plan = Arc::new(Plan::new(Arc::clone(&question.query)));
        let found = snapshot.search(&plan, MOST).hits;
        for shape in [Shape::Collector, Shape::Terms] {
            assert_eq!(found, peer.search(&plan, MOST, shape), "{} ({shape:?}, {})", question.kind, question.query.id);
        }
        hits += found.len();
    }
    println!("equal for all {} questions: keys, versions and scores of {hits} hits", questions.len());
}

fn compare_with_brute_force(snapshot: &Snapshot, offers: &[Offer], questions: &[Question]) {
    let mut count = 0;
    for question in questions.iter().step_by(SAMPLE) {
        let plan = Plan::new(Arc::clone(&question.query));
        let ranked = offers.iter().filter_map(|Offer { entry, .. }| {
            let score = rank::score(&plan, &home(), &entry.features, entry.modified)?.score;
            Some(Ranked::new(&question.query.tie_key, &home(), entry.key.clone(), entry.version, score))
        });
        let mut ranked: Vec<Ranked> = ranked.collect();
        ranked.sort_unstable();
        let found = snapshot.search(&plan, MOST);
        assert_eq!(found.more, ranked.len() > MOST, "{}", question.kind);
        ranked.truncate(MOST);
        let best: Vec<Hit> = ranked.into_iter().map(|hit| Hit { key: hit.key, version: hit.version, score: hit.score }).collect();
        assert_eq!(found.hits, best, "{}", question.kind);
        count += 1;
    }
    println!("equal to brute force for a sample of {count}");
}

/// The median times of both for one question, from making the plan to having the hits.
fn measure(question: &Question, snapshot: &Snapshot, peer: &Peer) -> Row {
    let ours = || time(|| snapshot.search(&Plan::new(Arc::clone(&question.query)), MOST).hits.len());
    let theirs = |shape| time(|| peer.search(&Arc::new(Plan::new(Arc::clone(&question.query))), MOST, shape).len());
    // Tantivy answers in the shape that suits the question better.
    let trial = |shape| median((0..WARMING).map(|_| theirs(shape)).collect());
    let shape = if trial(Shape::Terms) < trial(Shape::Collector) { Shape::Terms } else { Shape::Collector };
    (0..WARMING).for_each(|_| {
        ours();
        theirs(shape);
    });
    let (index, tantivy) = (0..ROUNDS).map(|_| (ours(), theirs(shape))).unzip();
    Row { kind: question.kind, terms: shape == Shape::Terms, index: median(index), peer: median(tantivy) }
}

fn time(work: impl FnOnce() -> usize) -> Duration {
    let begun = Instant::now();
    black_box(work());
    begun.elapsed()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}
