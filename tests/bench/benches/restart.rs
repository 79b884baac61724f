//! Restarting a node with 100,000 vacancies, or a million with `-- --million`: from the file of its index against building it anew.
//!
//! The whole of `Node::open`, over SQLite. Answers first: both starts must give the same to every question. Then times, the two in turn.
//! Last, a start from a file that is older: one offer in fifty changed since. Figures go to the terminal and to `target/bench/restart.json`.
#![expect(clippy::expect_used, clippy::print_stdout, clippy::cast_precision_loss, reason = "a benchmark")]

use std::path::Path;
use std::time::{Duration, Instant};

use polder_bench::{documents, figures};
use polder_exchange::{Keeping, Node};
use polder_store::Database;
use serde_json::json;

const OFFERS: usize = 100_000;
const MILLION: usize = 1_000_000;
const ROUNDS: usize = 5;
const QUESTIONS: usize = 100;

/// As in a node, but nothing is written while times are taken.
fn reading_only() -> Keeping {
    Keeping { least_offers: usize::MAX, ..Keeping::default() }
}

fn main() {
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    let offers = if std::env::args().any(|argument| argument == "--million") { MILLION } else { OFFERS };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    runtime.block_on(run(offers));
}

async fn opened(database: &Database, data: &Path) -> (Node, Duration) {
    let began = Instant::now();
    let node = documents::open(database, data, reading_only()).await;
    (node, began.elapsed())
}

async fn run(offers: usize) {
    let directory = tempfile::tempdir().expect("a directory");
    let (data, nothing) = (directory.path().join("data"), directory.path().join("nothing"));
    [&data, &nothing].into_iter().for_each(|path| std::fs::create_dir(path).expect("a directory"));
    let database: Database = directory.path().join("polder.db").into();
    // As long as it takes: a stop of a node would give it up after a while.
    let whole = Keeping { at_stop: Duration::from_mins(5), ..Keeping::default() };
    let node = documents::open(&database, &data, whole).await;
    let began = Instant::now();
    for first in (0..offers).step_by(20_000) {
        documents::publish(&node, documents::publications(first..(first + 20_000).min(offers), 0)).await;
    }
    println!("{offers} vacancies published in {:.1} s (made up and published by turns)", began.elapsed().as_secs_f64());
    let began = Instant::now();
    node.keep_index().await;
    node.close().await;
    let write = began.elapsed();
    drop(node);
    let bytes = std::fs::metadata(data.join("index.snapshot")).expect("the index's file").len();

    let (from_file, _) = opened(&database, &data).await;
    let (rebuilt, _) = opened(&database, &nothing).await;
    let questions = documents::questions(&from_file, QUESTIONS);
    let expected = documents::answers(&rebuilt, &questions).await;
    assert_eq!(documents::answers(&from_file, &questions).await, expected);
    println!("equal for all {QUESTIONS} questions: {} hits", expected.iter().map(|answer| answer.hits.len()).sum::<usize>());
    drop((from_file, rebuilt));

    let (mut file, mut rebuild) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        file.push(opened(&database, &data).await.1);
        rebuild.push(opened(&database, &nothing).await.1);
    }
    let (node, _) = opened(&database, &data).await;
    documents::publish(&node, documents::publications((0..offers).step_by(50), 1)).await;
    node.keep_index().await;
    node.close().await;
    drop(node);
    let mut older = Vec::new();
    for _ in 0..ROUNDS {
        older.push(opened(&database, &data).await.1);
    }
    let (file, rebuild, older) = (figures::seconds(&file), figures::seconds(&rebuild), figures::seconds(&older));
    println!("\nmedian of {ROUNDS} starts, in turn        seconds");
    println!("index built from the database    {rebuild:>9.3}   {:.1} µs per offer", rebuild * 1e6 / offers as f64);
    println!("index from its file              {file:>9.3}   {:.3} of it (target: at most 0.1)", file / rebuild);
    println!("from one that is older by 2 %    {older:>9.3}   {:.3} of it", older / rebuild);
    println!(
        "the file: {:.1} MB, {:.0} bytes per offer; stopping with it written took {:.2} s",
        bytes as f64 / 1e6,
        bytes as f64 / offers as f64,
        write.as_secs_f64()
    );
    let name = if offers == MILLION { "restart-million" } else { "restart" };
    figures::write(
        name,
        &json!({"offers": offers, "rebuildSeconds": rebuild, "fileSeconds": file, "ratio": file / rebuild, "olderFileSeconds": older,
            "fileBytes": bytes, "stopSeconds": write.as_secs_f64()}),
    );
}
