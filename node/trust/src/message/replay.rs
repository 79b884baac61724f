//! Which signed messages were seen.

use std::collections::{BTreeSet, HashSet};
use std::sync::{Mutex, PoisonError};

use polder_model::Timestamp;

use super::{LIFE_SECONDS, MessageError, SKEW_SECONDS};

/// Most messages that are remembered; each lives at most a minute and a half.
const MOST: usize = 200_000;

/// Remembers nonces until their messages have expired. Bounded: when it is full, messages are refused, never accepted unseen.
///
/// It lives in memory. A node that starts refuses every message that was made before its start.
#[derive(Debug)]
pub struct ReplayCache {
    started: Timestamp,
    most: usize,
    seen: Mutex<Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    nonces: HashSet<(String, String)>,
    by_expiry: BTreeSet<(i64, String, String)>,
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
        Self { started, most, seen: Mutex::default() }
    }

    /// When the node started.
    #[must_use]
    pub fn started(&self) -> Timestamp {
        self.started
    }

    /// Notes a message whose signature holds.
    ///
    /// # Errors
    /// [`MessageError::Replayed`] when it was seen, [`MessageError::Full`] when there is no place for it.
    pub fn note(&self, keyid: &str, nonce: &str, expires: i64, now: Timestamp) -> Result<(), MessageError> {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let seen = &mut *seen;
        while let Some(first) = seen.by_expiry.first()
            && first.0 + SKEW_SECONDS < now.seconds()
        {
            if let Some((_, keyid, nonce)) = seen.by_expiry.pop_first() {
                seen.nonces.remove(&(keyid, nonce));
            }
        }
        if seen.nonces.contains(&(keyid.to_owned(), nonce.to_owned())) {
            return Err(MessageError::Replayed);
        }
        if seen.nonces.len() >= self.most {
            return Err(MessageError::Full);
        }
        let expires = expires.min(now.seconds() + LIFE_SECONDS + SKEW_SECONDS);
        seen.nonces.insert((keyid.to_owned(), nonce.to_owned()));
        seen.by_expiry.insert((expires, keyid.to_owned(), nonce.to_owned()));
        Ok(())
    }
}
