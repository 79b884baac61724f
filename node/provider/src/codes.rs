//! Codes that were handed out: each is for one use, within a minute.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

const LIFE: Duration = Duration::from_secs(60);
/// Most codes at a time: this provider is for a few people at one machine.
const MOST: usize = 1_000;

/// What stands behind a code.
#[derive(Clone, Debug)]
pub(crate) struct Granted {
    pub client: String,
    pub redirect_uri: String,
    pub challenge: String,
    pub nonce: Option<String>,
    pub person: usize,
    /// When they showed who they are, in seconds since 1970.
    pub authenticated_at: u64,
}

#[derive(Default)]
pub(crate) struct Codes(Mutex<HashMap<String, (Granted, Instant)>>);

impl Codes {
    pub(crate) fn keep(&self, code: String, granted: Granted) {
        let mut codes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        codes.retain(|_, (_, since)| since.elapsed() < LIFE);
        if codes.len() < MOST {
            codes.insert(code, (granted, Instant::now()));
        }
    }

    pub(crate) fn take(&self, code: &str) -> Option<Granted> {
        let mut codes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        codes.remove(code).filter(|(_, since)| since.elapsed() < LIFE).map(|(granted, _)| granted)
    }
}
