//! The figures, as a table and as JSON.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};

use crate::updates::Updates;
use crate::written::Written;

/// One question's median times.
pub struct Row {
    pub kind: &'static str,
    /// Whether Tantivy looked places up as terms.
    pub terms: bool,
    pub index: Duration,
    pub peer: Duration,
}

pub struct Build {
    pub index: Duration,
    pub peer: Duration,
    pub bytes_per_offer: f64,
}

pub struct Report {
    /// Whether these are the figures of a million vacancies.
    pub million: bool,
    pub build: Build,
    pub rows: Vec<Row>,
    /// The time of the largest question that is allowed.
    pub largest: Duration,
    /// How long it takes to read the index from a file.
    pub restore: Duration,
    pub written: Written,
    pub updates: Updates,
}

/// The figures of some questions.
struct Line {
    count: usize,
    terms: usize,
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

impl Line {
    fn of(rows: &[&Row]) -> Self {
        let both = |times: Vec<f64>| (quantile(times.clone(), 0.5), quantile(times, 0.95));
        let index = both(rows.iter().map(|row| micros(row.index)).collect());
        let peer = both(rows.iter().map(|row| micros(row.peer)).collect());
        Self {
            count: rows.len(),
            terms: rows.iter().filter(|row| row.terms).count(),
            index,
            peer,
            ratio: (peer.0 / index.0, peer.1 / index.1),
            ratio_of_question: quantile(rows.iter().map(|row| micros(row.peer) / micros(row.index)).collect(), 0.5),
        }
    }

    fn print(&self, name: &str) {
        let (index, peer, ratio) = (self.index, self.peer, self.ratio);
        println!(
            "{name:<34}{:>5}{:>9.1}{:>9.1}{:>10.1}{:>10.1}{:>8.1}x{:>7.1}x{:>9.1}x{:>7}",
            self.count, index.0, index.1, peer.0, peer.1, ratio.0, ratio.1, self.ratio_of_question, self.terms
        );
    }

    fn json(&self) -> Value {
        json!({
            "questions": self.count,
            "indexMicros": {"median": self.index.0, "p95": self.index.1},
            "tantivyMicros": {"median": self.peer.0, "p95": self.peer.1},
            "ratio": {"median": self.ratio.0, "p95": self.ratio.1, "medianOfQuestions": self.ratio_of_question},
        })
    }
}

impl Report {
    fn lines(&self) -> Vec<(&'static str, Line)> {
        let mut kinds: BTreeMap<&'static str, Vec<&Row>> = BTreeMap::new();
        self.rows.iter().for_each(|row| kinds.entry(row.kind).or_default().push(row));
        kinds.into_iter().chain([("all", self.rows.iter().collect())]).map(|(kind, rows)| (kind, Line::of(&rows))).collect()
    }

    pub fn print(&self) {
        println!("\nmicroseconds                                index              tantivy           ratio            of each");
        println!("kind                                  n   median      p95    median       p95   median    p95   question  terms");
        self.lines().iter().for_each(|(kind, line)| line.print(kind));
        let (build, updates) = (&self.build, &self.updates);
        println!("\nbuild: index {:.2} s, tantivy {:.2} s", build.index.as_secs_f64(), build.peer.as_secs_f64());
        println!("index: about {:.0} bytes per offer", build.bytes_per_offer);
        let restore = self.restore.as_secs_f64();
        println!(
            "index from its file: {restore:.3} s, {:.3} of the build (which has the offers parsed already)",
            restore / build.index.as_secs_f64()
        );
        println!("the largest question that is allowed: {:.1} ms", micros(self.largest) / 1_000.0);
        let written = &self.written;
        println!(
            "searching while {:.0} changes a second are written: median {:.1} µs, without {:.1} µs: {:.2}x",
            written.rate,
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
        let kinds: serde_json::Map<String, Value> = self.lines().iter().map(|(kind, line)| ((*kind).to_owned(), line.json())).collect();
        let (build, updates) = (&self.build, &self.updates);
        let document = json!({
            "kinds": kinds,
            "build": {"indexSeconds": build.index.as_secs_f64(), "tantivySeconds": build.peer.as_secs_f64()},
            "bytesPerOffer": build.bytes_per_offer,
            "restoreSeconds": self.restore.as_secs_f64(),
            "largestMillis": micros(self.largest) / 1_000.0,
            "whileWritten": {
                "changesPerSecond": self.written.rate, "medianMicros": self.written.writing, "quietMedianMicros": self.written.quiet,
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
