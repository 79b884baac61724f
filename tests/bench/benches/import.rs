//! Importing 50,000 vacancies (`-- --offers N` for another number): checked, durable and searchable, against a bare `COPY` of the same documents
//! into PostgreSQL.
//!
//! Nodes over SQLite and over PostgreSQL, and `COPY` into a table without an index, take the same documents in turn; nodes take them as offers in
//! memory, and as `/v1/imports` does: the bytes of its parts are spooled, read, stored, and the verdicts kept. What is there
//! afterwards is compared first: as many rows, and the same SHA-256 over keys and documents. The server is that of `tests/postgres`, with
//! `fsync` on. Figures go to the terminal and to `target/bench/import.json`.
#![expect(clippy::expect_used, clippy::print_stdout, clippy::cast_precision_loss, reason = "a benchmark")]

use std::hint::black_box;
use std::process::Command;
use std::time::{Duration, Instant};

use polder_bench::{documents, figures};
use polder_exchange::{Keeping, Publication};
use polder_model::reference::Reference;
use polder_model::{Date, Kind, offer};
use polder_store::Database;
use serde_json::json;
use sha2::{Digest, Sha256};
use sqlx::{AssertSqlSafe, Connection, PgConnection, Row};

const OFFERS: usize = 50_000;
const ROUNDS: usize = 3;
const POSTGRES: &str = "POLDER_TEST_POSTGRES";

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.iter().any(|argument| argument == "--test") {
        return;
    }
    let Ok(server) = std::env::var(POSTGRES) else {
        // Once more, with a server.
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../postgres");
        let mut command = Command::new(script);
        command.args(["-c", "fsync=on"]).arg(std::env::current_exe().expect("this program")).args(arguments);
        let status = command.status().expect("tests/postgres runs");
        std::process::exit(status.code().unwrap_or(1));
    };
    let number = arguments.iter().position(|argument| argument == "--offers").and_then(|at| arguments.get(at + 1));
    let offers = number.map_or(OFFERS, |number| number.parse().expect("--offers is followed by a number"));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    runtime.block_on(run(&server, offers));
}

/// What is there: how many rows, and the hash of all keys and documents in the order of keys.
type Content = (usize, String);

fn content<'r>(rows: impl Iterator<Item = (&'r str, &'r [u8])>) -> Content {
    let mut rows: Vec<_> = rows.collect();
    rows.sort_unstable();
    let mut sum = Sha256::new();
    for (key, document) in &rows {
        sum.update(key);
        sum.update([0]);
        sum.update(Sha256::digest(document));
    }
    (rows.len(), hex::encode(sum.finalize()))
}

/// What is given to a node: offers that it has in memory, or the parts of an import.
#[derive(Clone)]
enum Given<'g> {
    Offers(Vec<Publication>),
    Parts(&'g [Vec<u8>]),
}

/// Stores everything in a new node; how long it took, and what is there.
async fn import(database: Database, given: Given<'_>) -> (Duration, Content) {
    let data = tempfile::tempdir().expect("a directory");
    let node = documents::open(&database, data.path(), Keeping::default()).await;
    let questions = documents::questions(&node, 10);
    let began = Instant::now();
    match given {
        Given::Offers(publications) => documents::publish(&node, publications).await,
        Given::Parts(parts) => documents::import(&node, parts).await,
    }
    let time = began.elapsed();
    documents::answers(&node, &questions).await;
    let mut rows: Vec<(String, Vec<u8>)> = Vec::new();
    node.store().each_offer(|offer| rows.push((offer.key.to_string(), offer.document))).await.expect("read");
    let found = content(rows.iter().map(|(key, document)| (key.as_str(), document.as_slice())));
    node.store().close().await;
    (time, found)
}

/// Copies everything into a new table, whole in one transaction, from text that was made ready before.
async fn copy(connection: &mut PgConnection, table: &str, columns: &str, text: &[u8]) -> (Duration, Content) {
    let run = |sql: String| sqlx::raw_sql(AssertSqlSafe(sql));
    run(format!("DROP TABLE IF EXISTS {table}; CREATE TABLE {table} ({columns}); CHECKPOINT"))
        .execute(&mut *connection)
        .await
        .expect("a table");
    let began = Instant::now();
    let mut copying = connection.copy_in_raw(&format!("COPY {table} (kind, key, document) FROM STDIN")).await.expect("a copy");
    for part in text.chunks(1 << 20) {
        copying.send(part).await.expect("sent");
    }
    copying.finish().await.expect("copied");
    let time = began.elapsed();
    let rows = sqlx::query(AssertSqlSafe(format!("SELECT key, document FROM {table}"))).fetch_all(&mut *connection).await.expect("read");
    let found = content(rows.iter().map(|row| (row.get::<&str, _>(0), row.get::<&str, _>(1).as_bytes())));
    (time, found)
}

/// What the stages before the store take of one thread, each alone, in the middle of some rounds.
fn stages(publications: &[Publication]) {
    let reference = Reference::starter();
    let line = |name: &str, stage: &dyn Fn(&Publication)| {
        let times: Vec<Duration> = (0..5)
            .map(|_| {
                let began = Instant::now();
                publications.iter().for_each(stage);
                began.elapsed()
            })
            .collect();
        println!("  {name:<46}{:>8.1} µs an offer", figures::seconds(&times) * 1e6 / publications.len() as f64);
    };
    let parsed = |one: &Publication| offer::parse(one.kind, &one.document).expect("valid");
    println!("stages, one thread:");
    line("strict reader, schema, types, rules", &|one| drop(black_box(offer::judge(one.kind, &one.document))));
    line("quick look", &|one| assert!(offer::is_surely_good(one.kind, &one.document)));
    line("parse, as a node does", &|one| drop(black_box(parsed(one))));
    line("parse and features", &|one| drop(black_box(parsed(one).features())));
    line("parse and notes", &|one| drop(black_box(parsed(one).notes(reference, Date::from_days(0)))));
    line("SHA-256", &|one| {
        black_box(Sha256::digest(&one.document));
    });
    println!();
}

async fn run(server: &str, offers: usize) {
    let publications = documents::publications(0..offers, 0);
    let bytes: usize = publications.iter().map(|publication| publication.document.len()).sum();
    let expected = content(publications.iter().map(|publication| (publication.key.as_str(), &*publication.document)));
    let mut text = Vec::with_capacity(bytes * 11 / 10);
    for publication in &publications {
        let document = String::from_utf8_lossy(&publication.document).replace('\\', "\\\\").replace('\n', "\\n").replace('\t', "\\t");
        text.extend_from_slice(format!("{}\t{}\t{document}\n", Kind::Vacancy, publication.key).as_bytes());
    }
    println!("{offers} vacancies of {} bytes at the middle, {:.1} MB", bytes / offers, bytes as f64 / 1e6);
    let mut connection = PgConnection::connect(server).await.expect("a connection");
    let fsync: String = sqlx::query_scalar("SHOW fsync").fetch_one(&mut connection).await.expect("a setting");

    stages(&publications);
    let parts = documents::parts(&publications);
    let mut times: [Vec<Duration>; 6] = Default::default();
    for round in 0..ROUNDS {
        let (bare, keyed) = ("kind TEXT, key TEXT, document TEXT", "kind TEXT, key TEXT, document TEXT, PRIMARY KEY (kind, key)");
        let [offers, lines] = ["offers", "lines"].map(|name| format!("{name}{round}"));
        let database = |schema: &str| format!("{server}&options=-csearch_path%3D{schema}").parse::<Database>().expect("an address");
        for schema in [&offers, &lines] {
            sqlx::raw_sql(AssertSqlSafe(format!("CREATE SCHEMA {schema}"))).execute(&mut connection).await.expect("a schema");
        }
        let directory = tempfile::tempdir().expect("a directory");
        let outcomes = [
            copy(&mut connection, "bare", bare, &text).await,
            import(directory.path().join("offers.db").into(), Given::Offers(publications.clone())).await,
            import(directory.path().join("lines.db").into(), Given::Parts(&parts)).await,
            copy(&mut connection, "keyed", keyed, &text).await,
            import(database(&offers), Given::Offers(publications.clone())).await,
            import(database(&lines), Given::Parts(&parts)).await,
        ];
        for (times, (time, found)) in times.iter_mut().zip(outcomes) {
            assert_eq!(found, expected, "what is there is what was given");
            times.push(time);
        }
    }
    let [bare, sqlite, sqlite_parts, keyed, postgres, postgres_parts] = times.map(|times| figures::seconds(&times));
    println!("equal in all: {} rows, SHA-256 {}…\n", expected.0, &expected.1[..16]);
    println!("median of {ROUNDS} rounds, in turn; fsync = {fsync}      seconds   offers/s    MB/s   of COPY");
    for (name, time) in [
        ("COPY into a table without an index", bare),
        ("COPY into a table with a primary key", keyed),
        ("offers into a node over SQLite", sqlite),
        ("parts of an import into a node over SQLite", sqlite_parts),
        ("offers into a node over PostgreSQL", postgres),
        ("parts of an import into a node over PostgreSQL", postgres_parts),
    ] {
        println!("{name:<48}{time:>8.2}{:>11.0}{:>8.1}{:>10.2}", offers as f64 / time, bytes as f64 / 1e6 / time, bare / time);
    }
    println!("\nrate of the import over SQLite: {:.2} of COPY's (target: at least 0.5)", bare / sqlite_parts);
    figures::write(
        "import",
        &json!({"offers": offers, "bytes": bytes, "fsync": fsync, "copySeconds": bare, "copyWithKeySeconds": keyed, "sqliteSeconds": sqlite,
            "sqlitePartsSeconds": sqlite_parts, "postgresSeconds": postgres, "postgresPartsSeconds": postgres_parts,
            "sqliteOfCopy": bare / sqlite, "sqlitePartsOfCopy": bare / sqlite_parts, "postgresOfCopy": bare / postgres,
            "postgresPartsOfCopy": bare / postgres_parts}),
    );
}
