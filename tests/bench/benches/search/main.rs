//! Search over 100,000 vacancies, or a million with `-- --million`: the index against Tantivy tuned for the same question, and with
//! `-- --postgres` against PostgreSQL with GIN and PostGIS too, for the questions without text:
//!
//! ```text
//! cargo bench -p polder-bench --bench search
//! tests/postgres -c shared_buffers=4GB cargo bench -p polder-bench --bench search -- --million --postgres
//! ```
//!
//! Results first: all must give the same keys, versions and scores for every question, and the same as brute force for a sample. Then
//! times, each question put to them in turn, to the index with one kernel after the other. One thread. After each answer of PostgreSQL the
//! index finds its caches cold: compare it with Tantivy in a run without. Last, the same questions while 1,000
//! changes a second are written. Figures go to the terminal and to `target/bench/search.json` (`search-million.json`).
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
mod postgres;
mod questions;
mod random;
mod report;
mod updates;
mod vocabulary;
mod written;

use std::hint::black_box;
use std::io::BufWriter;
use std::sync::Arc;
use std::time::{Duration, Instant};

use polder_index::{Index, Kernel, Snapshot, Stamp};
use polder_model::answer::Hit;
use polder_model::query::SURPLUS;
use polder_model::rank::{self, Plan, Ranked};

use corpus::{COUNTRY, Offer, PARTNER, World, home};
use peer::{Peer, Shape};
use postgres::Postgres;
use questions::{LIMIT, Question, largest, questions};
use report::{Build, PostgresRow, Report, Row};

/// How many hits are kept: the limit and the surplus.
const MOST: usize = (LIMIT + SURPLUS) as usize;
/// Every this many-th question is answered by brute force too.
const SAMPLE: usize = 17;
const WARMING: usize = 3;
/// The kernels take turns.
const ROUNDS: usize = 15;

fn main() {
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    let asked = |option: &str| std::env::args().any(|argument| argument == option);
    let million = asked("--million");
    if asked("--postgres") && std::env::var_os(postgres::ADDRESS).is_none() {
        println!(
            "--postgres: no server is given in {}; start the benchmark with: tests/postgres -c shared_buffers=4GB cargo bench …",
            postgres::ADDRESS
        );
        std::process::exit(2);
    }
    let world = World::new(if million { COUNTRY } else { PARTNER });
    let questions = questions(&world);
    println!("{} vacancies, {} skills, {} questions, the best {MOST} hits of each", world.size.offers, world.skills.len(), questions.len());

    let index = Arc::new(Index::new(home()));
    let mut rebuild = index.rebuild();
    let mut index_time = Duration::ZERO;
    world.offers().for_each(|offer| index_time += taken(|| rebuild.add(&offer.entry)));
    index_time += taken(|| rebuild.finish());
    let begun = Instant::now();
    let peer = Peer::build(world.offers(), &home());
    let peer_time = begun.elapsed();
    let snapshot = index.snapshot();
    println!("built: index {:.1} s, Tantivy {:.1} s", index_time.as_secs_f64(), peer_time.as_secs_f64());
    let mut postgres = asked("--postgres").then(|| Postgres::load(world.offers(), &home()));

    compare_with_peer(&snapshot, &peer, &questions);
    compare_with_brute_force(&snapshot, &world, &questions);
    if let Some(postgres) = &mut postgres {
        compare_with_postgres(&snapshot, postgres, &questions);
    }
    let kernels: Vec<Snapshot> = Kernel::all().into_iter().map(|kernel| snapshot.with_kernel(kernel)).collect();
    let mut rows = Vec::new();
    for (number, question) in questions.iter().enumerate() {
        if number % 20 == 0 {
            println!("measured {number} of {} questions", questions.len());
        }
        rows.push(measure(question, &kernels, &peer, postgres.as_mut()));
    }
    let build = Build { index: index_time, peer: peer_time, bytes: snapshot.bytes(), offers: world.size.offers };
    drop(peer);
    let loaded = postgres.map(Postgres::into_loaded);
    let query = largest(&world);
    let largest = median((0..WARMING).map(|_| time(|| snapshot.search(&Plan::new(Arc::clone(&query)), MOST).hits.len())).collect());
    let restore = restored(&index, &snapshot, &questions);
    let written = written::measure(&world, &index, &questions);
    let report = Report { million, build, rows, loaded, largest, restore, written, updates: updates::measure(&world, &index) };
    report.print();
    report.write();
}

/// How long it takes to read the index from a file instead of building it; it answers as before.
fn restored(index: &Index, snapshot: &Snapshot, questions: &[Question]) -> Duration {
    let file = tempfile::NamedTempFile::new().expect("a file");
    let stamp = Stamp { word: String::new(), change: 0 };
    snapshot.write(stamp, BufWriter::new(file.as_file())).expect("written");
    let other = Index::new(home());
    let time = taken(|| {
        let bytes = std::fs::read(file.path()).expect("read");
        other.restore(&bytes).expect("restored");
    });
    assert_eq!(other.snapshot().bytes(), index.snapshot().bytes());
    for question in questions {
        let plan = Plan::new(Arc::clone(&question.query));
        assert_eq!(other.snapshot().search(&plan, MOST), snapshot.search(&plan, MOST));
    }
    time
}

fn taken(work: impl FnOnce()) -> Duration {
    let begun = Instant::now();
    work();
    begun.elapsed()
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

fn compare_with_brute_force(snapshot: &Snapshot, world: &World, questions: &[Question]) {
    let sample: Vec<_> = questions.iter().step_by(SAMPLE).map(|question| (question, Plan::new(Arc::clone(&question.query)))).collect();
    let mut ranked: Vec<Vec<Ranked>> = sample.iter().map(|_| Vec::new()).collect();
    for Offer { entry, .. } in world.offers() {
        for ((question, plan), ranked) in sample.iter().zip(&mut ranked) {
            if let Some(scored) = rank::score(plan, &home(), &entry.features, entry.modified) {
                ranked.push(Ranked::new(&question.query.tie_key, &home(), entry.key.clone(), entry.version, scored.score));
            }
        }
    }
    for ((question, plan), mut ranked) in sample.iter().zip(ranked) {
        ranked.sort_unstable();
        let found = snapshot.search(plan, MOST);
        assert_eq!(found.more, ranked.len() > MOST, "{}", question.kind);
        ranked.truncate(MOST);
        let best: Vec<Hit> = ranked.into_iter().map(|hit| Hit { key: hit.key, version: hit.version, score: hit.score }).collect();
        assert_eq!(found.hits, best, "{}", question.kind);
    }
    println!("equal to brute force for a sample of {}", sample.len());
}

fn compare_with_postgres(snapshot: &Snapshot, postgres: &mut Postgres, questions: &[Question]) {
    let (mut count, mut hits) = (0, 0);
    for question in questions.iter().filter(|question| Postgres::takes(&question.query)) {
        let plan = Plan::new(Arc::clone(&question.query));
        let found = snapshot.search(&plan, MOST).hits;
        for shape in postgres::Shape::ALL {
            let statement = postgres.prepare(&plan, MOST, shape);
            assert_eq!(postgres.search(&statement), found, "{} ({shape:?}, {})", question.kind, question.query.id);
        }
        (count, hits) = (count + 1, hits + found.len());
    }
    println!("equal in PostgreSQL for all {count} questions without text: {hits} hits");
}

/// The median times of all for one question, from making the plan to having the hits; of PostgreSQL without making the plan.
fn measure(question: &Question, kernels: &[Snapshot], peer: &Peer, postgres: Option<&mut Postgres>) -> Row {
    let ours = |kernel: usize| time(|| kernels[kernel].search(&Plan::new(Arc::clone(&question.query)), MOST).hits.len());
    let theirs = |shape| time(|| peer.search(&Arc::new(Plan::new(Arc::clone(&question.query))), MOST, shape).len());
    // Tantivy answers in the shape that suits the question better.
    let trial = |shape| median((0..WARMING).map(|_| theirs(shape)).collect());
    let shape = if trial(Shape::Terms) < trial(Shape::Collector) { Shape::Terms } else { Shape::Collector };
    let mut prepared = postgres.filter(|_| Postgres::takes(&question.query)).map(|postgres| prepare(question, postgres));
    (0..WARMING).for_each(|round| {
        ours(round % kernels.len());
        theirs(shape);
    });
    let (mut index, mut tantivy, mut rows) = (vec![Vec::new(); kernels.len()], Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let kernel = round % kernels.len();
        index[kernel].push(ours(kernel));
        tantivy.push(theirs(shape));
        if let Some((postgres, statement, _)) = &mut prepared {
            rows.push(time(|| postgres.search(statement).len()));
        }
    }
    let postgres = prepared.map(|(_, _, shape)| PostgresRow { places: shape == postgres::Shape::Places, time: median(rows) });
    Row {
        kind: question.kind,
        terms: shape == Shape::Terms,
        kernels: index.into_iter().map(median).collect(),
        peer: median(tantivy),
        postgres,
    }
}

/// The statement in the shape that suits the question better.
fn prepare<'p>(question: &Question, postgres: &'p mut Postgres) -> (&'p mut Postgres, postgres::Statement, postgres::Shape) {
    let plan = Plan::new(Arc::clone(&question.query));
    let mut trial = |shape| {
        let statement = postgres.prepare(&plan, MOST, shape);
        (median((0..WARMING).map(|_| time(|| postgres.search(&statement).len())).collect()), statement, shape)
    };
    let (circle, places) = (trial(postgres::Shape::Circle), trial(postgres::Shape::Places));
    let (_, statement, shape) = if places.0 < circle.0 { places } else { circle };
    (postgres, statement, shape)
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
