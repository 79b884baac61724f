//! What consent costs.
//!
//! ```text
//! cargo bench -p polder-bench --bench people              both
//! cargo bench -p polder-bench --bench people -- --index   the index with views and recipients against the same offers without
//! cargo bench -p polder-bench --bench people -- --answers answers about ten people, each in the ledger on disk, against answers about vacancies
//! ```
//!
//! What is compared takes turns in one run, results first. Figures go to the terminal and to `target/bench/people.json`.
#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "a benchmark"
)]

mod answers;
mod askers;
#[path = "../search/corpus.rs"]
#[expect(dead_code, reason = "the benchmark `search` uses the rest")]
mod corpus;
mod index;
#[path = "../search/questions.rs"]
#[expect(dead_code, reason = "the benchmark `search` uses the rest")]
mod questions;
#[path = "../search/random.rs"]
mod random;
#[path = "../search/vocabulary.rs"]
mod vocabulary;
mod workers;

use polder_bench::figures;
use serde_json::{Map, Value};

fn main() {
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    let asked = |option: &str| std::env::args().any(|argument| argument == option);
    let both = !asked("--index") && !asked("--answers");
    let mut report = Map::new();
    if both || asked("--index") {
        report.insert("index".to_owned(), index::measure());
    }
    if both || asked("--answers") {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
        report.insert("answers".to_owned(), runtime.block_on(answers::measure()));
    }
    figures::write("people", &Value::Object(report));
}
