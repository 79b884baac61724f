//! Figures: the median, and a file of them.

use std::time::Duration;

use serde_json::Value;

/// The value in the middle.
///
/// # Panics
/// When there are none.
#[must_use]
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values[values.len() / 2]
}

/// The median of some times, in seconds.
#[must_use]
pub fn seconds(times: &[Duration]) -> f64 {
    median(times.iter().map(Duration::as_secs_f64).collect())
}

/// Writes `target/bench/NAME.json`.
///
/// # Panics
/// When it cannot be written.
pub fn write(name: &str, figures: &Value) {
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/bench");
    std::fs::create_dir_all(directory).expect("a directory");
    let text = serde_json::to_string_pretty(figures).expect("JSON");
    std::fs::write(format!("{directory}/{name}.json"), text + "\n").expect("a file");
}
