//! The figures, as a table and as JSON.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};

use polder_index::{Bytes, Kernel};

use crate::postgres::Loaded;
use crate::updates::Updates;
use crate::written::{self, Written};

/// One question's median times.
pub struct Row {
    pub kind: &'static str,
    /// Whether Tantivy looked places up as terms.
    pub terms: bool,
    /// With each kernel, the best one last.
    pub kernels: Vec<Duration>,
    pub peer: Duration,
    /// Where it was asked.
    pub postgres: Option<PostgresRow>,
}

pub struct PostgresRow {
    /// Whether places were looked up in a list.
    pub places: bool,
    pub time: Duration,
}

impl Row {
    fn index(&self) -> Duration {
        self.kernels.last().copied().unwrap_or_default()
    }
}

pub struct Build {
    pub index: Duration,
    pub peer: Duration,
    pub bytes: Bytes,
    pub offers: u64,
}

impl Build {
    /// Bytes for each offer.
    fn per_offer(&self, bytes: usize) -> f64 {
        bytes as f64 / self.offers as f64
    }
}

pub struct Report {
    /// Whether these are the figures of a million vacancies.
    pub million: bool,
    pub build: Build,
    pub rows: Vec<Row>,
    /// PostgreSQL, where it was asked.
    pub loaded: Option<Loaded>,
    /// The time of the largest question that is allowed.
    pub largest: Duration,
    /// How long it takes to read the index from a file.
    pub restore: Duration,
    pub written: Written,
    pub updates: Updates,
}

/// The figures of some questions: medians and 95th percentiles.
struct Line {
    count: usize,
    /// How many of them the peer answered by a list of places.
    by_places: usize,
    /// The median with each kernel.
    kernels: Vec<f64>,
    index: (f64, f64),
    peer: (f64, f64),
    ratio: (f64, f64),
    ratio_of_question: f64,
}

pub fn micros(time: Duration) -> f64 {
    time.as_nanos() as f64 / 1_000.0
}

/// The value below which that share of them lies.
pub fn quantile(mut values: Vec<f64>, share: f64) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    let at = (values.len() as f64 * share) as usize;
    values.get(at.min(values.len().saturating_sub(1))).copied().unwrap_or(0.0)
}

fn both(times: Vec<f64>) -> (f64, f64) {
    (quantile(times.clone(), 0.5), quantile(times, 0.95))
}

impl Line {
    /// Of these questions, with a peer's times and whether it answered by a list of places.
    fn of(rows: &[&Row], peer: impl Fn(&Row) -> (Duration, bool)) -> Self {
        let median = |kernel: usize| quantile(rows.iter().map(|row| micros(row.kernels[kernel])).collect(), 0.5);
        let kernels = rows.first().map_or(0, |row| row.kernels.len());
        let index = both(rows.iter().map(|row| micros(row.index())).collect());
        let peers = both(rows.iter().map(|row| micros(peer(row).0)).collect());
        Self {
            count: rows.len(),
            by_places: rows.iter().filter(|row| peer(row).1).count(),
            kernels: (0..kernels).map(median).collect(),
            index,
            peer: peers,
            ratio: (peers.0 / index.0, peers.1 / index.1),
            ratio_of_question: quantile(rows.iter().map(|row| micros(peer(row).0) / micros(row.index())).collect(), 0.5),
        }
    }

    fn print(&self, name: &str) {
        let kernels: String = self.kernels.iter().map(|median| format!("{median:>9.1}")).collect();
        let (index, peer, ratio) = (self.index, self.peer, self.ratio);
        println!(
            "{name:<34}{:>4}{kernels}{:>9.1} |{:>11.1}{:>11.1} |{:>8.1}x{:>8.1}x{:>8.1}x{:>7}",
            self.count, index.1, peer.0, peer.1, ratio.0, ratio.1, self.ratio_of_question, self.by_places
        );
    }

    fn json(&self, peer: &str) -> Value {
        let kernels = Kernel::all().into_iter().zip(&self.kernels);
        let kernels: serde_json::Map<String, Value> = kernels.map(|(kernel, median)| (kernel.name().to_owned(), json!(median))).collect();
        json!({
            "questions": self.count,
            "indexMicros": {"median": self.index.0, "p95": self.index.1, "medianByKernel": kernels},
            format!("{peer}Micros"): {"median": self.peer.0, "p95": self.peer.1},
            "byListOfPlaces": self.by_places,
            "ratio": {"median": self.ratio.0, "p95": self.ratio.1, "medianOfQuestions": self.ratio_of_question},
        })
    }
}

type Lines = Vec<(&'static str, Line)>;

/// A line for each kind of question, and one for all.
fn lines(rows: &[&Row], peer: impl Fn(&Row) -> (Duration, bool)) -> Lines {
    let mut kinds: BTreeMap<&'static str, Vec<&Row>> = BTreeMap::new();
    rows.iter().for_each(|row| kinds.entry(row.kind).or_default().push(row));
    kinds.into_iter().chain([("all", rows.to_vec())]).map(|(kind, rows)| (kind, Line::of(&rows, &peer))).collect()
}

fn print(lines: &Lines, peer: &str) {
    let kernels: String = Kernel::all().iter().map(|kernel| format!("{:>9}", kernel.name())).collect();
    println!(
        "\nmicroseconds: the index with each kernel at the median, with the best one at the 95th percentile; {peer}; how many times as long"
    );
    println!("kind                                 n{kernels}      p95 |     median        p95 |   median      p95 of each places");
    lines.iter().for_each(|(kind, line)| line.print(kind));
}

fn json_of(lines: &Lines, peer: &str) -> serde_json::Map<String, Value> {
    lines.iter().map(|(kind, line)| ((*kind).to_owned(), line.json(peer))).collect()
}

impl Report {
    fn tantivy(&self) -> Lines {
        lines(&self.rows.iter().collect::<Vec<_>>(), |row| (row.peer, row.terms))
    }

    /// Over the questions that it takes.
    fn postgres(&self) -> Lines {
        let rows: Vec<&Row> = self.rows.iter().filter(|row| row.postgres.is_some()).collect();
        lines(&rows, |row| row.postgres.as_ref().map_or((Duration::ZERO, false), |postgres| (postgres.time, postgres.places)))
    }

    pub fn print(&self) {
        print(&self.tantivy(), "Tantivy");
        if let Some(loaded) = &self.loaded {
            print(&self.postgres(), "PostgreSQL with GIN and PostGIS");
            let (times, bytes) = (loaded.times, loaded.bytes);
            println!(
                "PostgreSQL {}: sent in {:.1} s, ordered and indexed in {:.1} s; table {} MB, indexes {} MB",
                loaded.version,
                times.0.as_secs_f64(),
                times.1.as_secs_f64(),
                bytes.0 / 1_000_000,
                bytes.1 / 1_000_000
            );
        }
        let (build, updates) = (&self.build, &self.updates);
        println!("\nbuild: index {:.2} s, tantivy {:.2} s", build.index.as_secs_f64(), build.peer.as_secs_f64());
        let Bytes { columns, ids, codes, text } = build.bytes;
        println!(
            "index: about {:.1} bytes per offer: {:.1} structured (columns {:.1}, keys and versions {:.1}, skills and occupations {:.1}), text {:.1}",
            build.per_offer(build.bytes.total()),
            build.per_offer(columns + ids + codes),
            build.per_offer(columns),
            build.per_offer(ids),
            build.per_offer(codes),
            build.per_offer(text)
        );
        let restore = self.restore.as_secs_f64();
        println!(
            "index from its file: {restore:.3} s, {:.3} of the build (which has the offers parsed already)",
            restore / build.index.as_secs_f64()
        );
        println!("the largest question that is allowed: {:.1} ms", micros(self.largest) / 1_000.0);
        let written = &self.written;
        println!(
            "searching while {:.0} changes a second are written ({} were to be{}): median {:.1} µs, without {:.1} µs: {:.2}x",
            written.rate,
            written::RATE,
            if written.reached() { "" } else { "; THE WRITER FELL SHORT" },
            written.writing,
            written.quiet,
            written.writing / written.quiet
        );
        println!(
            "publish of one change, {} times: median {:.3} ms, p99 {:.3} ms, most {:.3} ms",
            updates.count, updates.median, updates.p99, updates.most
        );
    }

    /// Writes `target/bench/search.json`, or `search-million.json`.
    pub fn write(&self) {
        let (build, updates, bytes) = (&self.build, &self.updates, self.build.bytes);
        let postgres = self.loaded.as_ref().map(|loaded| {
            json!({
                "version": loaded.version, "kinds": json_of(&self.postgres(), "postgres"),
                "sendSeconds": loaded.times.0.as_secs_f64(), "indexSeconds": loaded.times.1.as_secs_f64(),
                "tableBytes": loaded.bytes.0, "indexBytes": loaded.bytes.1,
            })
        });
        let document = json!({
            "kinds": json_of(&self.tantivy(), "tantivy"),
            "postgres": postgres,
            "build": {"indexSeconds": build.index.as_secs_f64(), "tantivySeconds": build.peer.as_secs_f64()},
            "bytesPerOffer": {
                "all": build.per_offer(bytes.total()), "structured": build.per_offer(bytes.columns + bytes.ids + bytes.codes),
                "columns": build.per_offer(bytes.columns), "ids": build.per_offer(bytes.ids), "codes": build.per_offer(bytes.codes),
                "text": build.per_offer(bytes.text),
            },
            "restoreSeconds": self.restore.as_secs_f64(),
            "largestMillis": micros(self.largest) / 1_000.0,
            "whileWritten": {
                "changesPerSecond": self.written.rate, "reached": self.written.reached(), "medianMicros": self.written.writing, "quietMedianMicros": self.written.quiet,
                "ratio": self.written.writing / self.written.quiet,
            },
            "publishMillis": {"count": updates.count, "median": updates.median, "p99": updates.p99, "most": updates.most},
        });
        let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/bench");
        std::fs::create_dir_all(directory).expect("a directory");
        let text = serde_json::to_string_pretty(&document).expect("JSON");
        let name = if self.million { "search-million" } else { "search" };
        std::fs::write(format!("{directory}/{name}.json"), text + "\n").expect("a file");
    }
}
