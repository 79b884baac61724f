//! Proofs of inclusion at a million leaves, over SQLite: one leaf at a time as a worker asks for it, and a thousand together. Each is verified.
//!
//! The leaves are put into the database past the node, which signs them then. Figures go to the terminal and to `target/bench/log.json`.
#![expect(clippy::expect_used, clippy::print_stdout, clippy::cast_precision_loss, reason = "a benchmark")]

use std::path::Path;
use std::time::Instant;

use polder_bench::{documents, figures};
use polder_consent::{LeafKind, NewLeaf, Salt};
use polder_exchange::log::{LogRow, Pace};
use polder_exchange::{Keeping, Node};
use polder_federation_tests::no_peers::NoPeers;
use polder_federation_tests::random::Random;
use polder_federation_tests::register::message_key;
use polder_model::{Purpose, Timestamp};
use polder_store::Database;
use polder_trust::log::{Export, SignedCheckpoint, leaf_hash, verify_inclusion};
use serde_json::json;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, SqliteConnection};

const LEAVES: u64 = 1_000_000;
const ROUNDS: usize = 2_000;
const TOGETHER: usize = 1_000;

fn main() {
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    runtime.block_on(run());
}

async fn opened(database: &Database, data: &Path) -> Node {
    let node = documents::open(database, data, Keeping::default()).await;
    let key = message_key(node.home().partner.as_str());
    node.signing(key).cosigned_by(0)
}

fn leaf(seq: u64) -> Vec<u8> {
    let at = Timestamp::from_micros(1_800_000_000_000_000).plus_seconds(i64::try_from(seq).expect("a million"));
    let (recipient, purpose) = ("kvk:90000002".parse().ok(), Some(Purpose::MatchVacancy));
    let (activity, salt, row) = (Some("bemiddeling/3".to_owned()), Salt::from_random([7; 32]), seq.to_be_bytes().to_vec());
    NewLeaf { at, kind: LeafKind::Disclosure, recipient, purpose, activity, salt, row }.numbered(seq).bytes()
}

/// Puts leaves after those that there are, up to a million.
async fn fill(file: &Path) {
    let mut connection = SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(file)).await.expect("a connection");
    let there: i64 = sqlx::query_scalar("SELECT leaves FROM counter").fetch_one(&mut connection).await.expect("read");
    let mut transaction = connection.begin().await.expect("a transaction");
    for seq in u64::try_from(there).expect("some")..LEAVES {
        let query = sqlx::query("INSERT INTO leaves (seq, entry) VALUES ($1, $2)").bind(i64::try_from(seq).expect("a million"));
        query.bind(leaf(seq)).execute(&mut *transaction).await.expect("written");
    }
    let counter = sqlx::query("UPDATE counter SET leaves = $1").bind(i64::try_from(LEAVES).expect("a million"));
    counter.execute(&mut *transaction).await.expect("written");
    transaction.commit().await.expect("committed");
    connection.close().await.expect("closed");
}

fn verified(export: &Export) -> usize {
    let signed = SignedCheckpoint::parse(export.checkpoint.as_bytes()).expect("a checkpoint");
    let checkpoint = signed.checkpoint();
    let holds = export
        .rows
        .iter()
        .filter(|row| verify_inclusion(&leaf_hash(&row.leaf.bytes()), row.leaf.seq, checkpoint.size, &row.proof, &checkpoint.root));
    holds.count()
}

async fn run() {
    let directory = tempfile::tempdir().expect("a directory");
    let (data, file) = (directory.path().to_owned(), directory.path().join("polder.db"));
    let database: Database = file.clone().into();
    opened(&database, &data).await.close().await;
    fill(&file).await;
    let node = opened(&database, &data).await;
    let began = Instant::now();
    let found = node.tend_log(&NoPeers, Pace::AtOnce).await.expect("signed");
    let signing = began.elapsed().as_secs_f64();
    assert_eq!((found.leaves, found.signed, found.cosigned), (LEAVES, LEAVES, LEAVES));

    let mut random = Random::new(4);
    let mut row = || LogRow { seq: random.bits() % LEAVES, text: None };
    let mut times = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        let rows = vec![row()];
        let began = Instant::now();
        let export = node.log_export(rows).await.expect("proved");
        times.push(began.elapsed().as_secs_f64() * 1e3);
        assert_eq!(verified(&export), 1);
    }
    times.sort_unstable_by(f64::total_cmp);
    let (median, late) = (times[ROUNDS / 2], times[ROUNDS * 99 / 100]);
    let rows: Vec<LogRow> = (0..TOGETHER).map(|_| row()).collect();
    let began = Instant::now();
    let export = node.log_export(rows).await.expect("proved");
    let each = began.elapsed().as_secs_f64() * 1e3 / TOGETHER as f64;
    assert_eq!(verified(&export), TOGETHER);

    println!("{LEAVES} leaves signed in {signing:.2} s: {:.2} µs each", signing * 1e6 / LEAVES as f64);
    println!("a proof, with all that is read for it: median {median:.3} ms, 99th percentile {late:.3} ms (target: below 1 ms)");
    println!("a thousand together: {each:.3} ms each");
    figures::write("log", &json!({"leaves": LEAVES, "signSeconds": signing, "proofMs": median, "proofMs99": late, "togetherMs": each}));
}
