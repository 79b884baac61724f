//! What a run is told by its environment.

use std::path::PathBuf;
use std::time::Duration;

/// How long, from which seed, or which input again.
pub(crate) struct Settings {
    pub time: Duration,
    pub seed: u64,
    pub replay: Option<PathBuf>,
}

impl Settings {
    pub(crate) fn from_environment() -> Self {
        let number = |name: &str| {
            let text = std::env::var(name).ok()?;
            Some(text.parse::<u64>().unwrap_or_else(|_| panic!("{name} is {text}: a whole number is expected")))
        };
        Self {
            time: Duration::from_secs(number("POLDER_FUZZ_SECONDS").unwrap_or(1)),
            seed: number("POLDER_FUZZ_SEED").unwrap_or(1),
            replay: std::env::var_os("POLDER_FUZZ_REPLAY").map(PathBuf::from),
        }
    }
}

/// Where inputs that failed are left.
pub(crate) fn failures() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/fuzz"))
}
