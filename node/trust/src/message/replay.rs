//! Which signed messages were seen.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use polder_model::Timestamp;

use super::{LIFE_SECONDS, MessageError, SKEW_SECONDS};

/// Most messages that are remembered; each lives at most a minute and a half.
const MOST: usize = 200_000;
/// For how many seconds a message is remembered at most, from when it was noted.
pub const REMEMBERED_SECONDS: i64 = LIFE_SECONDS + 2 * SKEW_SECONDS;
/// The share of them that one key may fill: nobody takes the places of all others.
const SHARE: usize = 8;

/// How long a node has been running, by a clock that nobody sets.
pub type Running = Arc<dyn Fn() -> Duration + Send + Sync>;

/// Remembers nonces until their messages have expired. Bounded: when it is full, messages are refused, never accepted unseen.
///
/// It lives in memory. A node that starts refuses every message that was made before its start. A clock that jumps makes it forget nothing: what
/// has expired by the clock is forgotten only when that much time has passed as well.
pub struct ReplayCache {
    started: Timestamp,
    running: Running,
    most: usize,
    seen: Mutex<Seen>,
}

impl fmt::Debug for ReplayCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReplayCache").field("started", &self.started).field("most", &self.most).finish_non_exhaustive()
    }
}

#[derive(Debug, Default)]
struct Seen {
    nonces: HashSet<(String, String)>,
    /// When its message expires and, by the running time, is forgotten at the earliest, in seconds; then key and nonce.
    by_expiry: BTreeSet<(i64, u64, String, String)>,
    by_key: HashMap<String, usize>,
}

impl ReplayCache {
    /// An empty cache of a node that starts at this instant.
    #[must_use]
    pub fn new(started: Timestamp) -> Self {
        Self::with_capacity(started, MOST)
    }

    /// An empty cache that remembers at most so many messages.
    #[must_use]
    pub fn with_capacity(started: Timestamp, most: usize) -> Self {
        let start = Instant::now();
        Self::running(started, most, Arc::new(move || start.elapsed()))
    }

    /// The same with a running time of its own.
    #[must_use]
    pub fn running(started: Timestamp, most: usize, running: Running) -> Self {
        Self { started, running, most, seen: Mutex::default() }
    }

    /// How many messages of one key are remembered at most, and for how many more there is a place as of the last one that was noted.
    #[must_use]
    pub fn places(&self, keyid: &str) -> (usize, usize) {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let (share, own) = (self.share(), seen.by_key.get(keyid).copied().unwrap_or_default());
        (share, share.saturating_sub(own).min(self.most.saturating_sub(seen.nonces.len())))
    }

    fn share(&self) -> usize {
        self.most.div_ceil(SHARE)
    }

    /// Refuses a message that was made at a second before the start, since it may have been seen. A clock that is set back after the start does not
    /// make it so: then the message is younger than the node has been running. One that is made anew is taken when the node has been running as long
    /// as this one is old: sooner it may be from before as well, by a clock that is behind.
    pub(super) fn check_start(&self, created: i64, now: Timestamp) -> Result<(), MessageError> {
        let age = u64::try_from(now.seconds() - created).unwrap_or(0);
        let early = age.saturating_sub((self.running)().as_secs());
        if created < self.started.seconds() && early > 0 { Err(MessageError::BeforeStart { wait: early }) } else { Ok(()) }
    }

    /// Notes a message whose signature holds.
    ///
    /// # Errors
    /// [`MessageError::Replayed`] when it was seen, [`MessageError::Full`] when there is no place for it.
    pub fn note(&self, keyid: &str, nonce: &str, expires: i64, now: Timestamp) -> Result<(), MessageError> {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let (seen, running) = (&mut *seen, (self.running)().as_secs());
        while let Some(first) = seen.by_expiry.first()
            && first.0 + SKEW_SECONDS < now.seconds()
            && first.1 < running
        {
            if let Some((_, _, keyid, nonce)) = seen.by_expiry.pop_first() {
                if let Some(count) = seen.by_key.get_mut(&keyid) {
                    *count -= 1;
                }
                seen.nonces.remove(&(keyid, nonce));
            }
        }
        if seen.nonces.contains(&(keyid.to_owned(), nonce.to_owned())) {
            return Err(MessageError::Replayed);
        }
        let own = seen.by_key.entry(keyid.to_owned()).or_default();
        if seen.nonces.len() >= self.most || *own >= self.share() {
            return Err(MessageError::Full);
        }
        *own += 1;
        let expires = expires.min(now.seconds() + LIFE_SECONDS + SKEW_SECONDS);
        let left = u64::try_from(expires - now.seconds() + SKEW_SECONDS).unwrap_or(0);
        seen.nonces.insert((keyid.to_owned(), nonce.to_owned()));
        seen.by_expiry.insert((expires, running + left, keyid.to_owned(), nonce.to_owned()));
        Ok(())
    }
}
