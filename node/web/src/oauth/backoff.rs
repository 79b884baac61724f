//! Requests for tokens that fail: who goes on failing as one client from one network has to wait, longer each time. Somebody elsewhere who tries the name of
//! a client does not keep that client out.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};

use crate::quota::Bucket;
use crate::serve::network;

/// Failures in a minute that need no waiting.
const PER_MINUTE: f64 = 10.0;
/// The first time to wait; twice as long each further time.
const FIRST: Duration = Duration::from_secs(30);
/// The longest time to wait.
const LONGEST: Duration = Duration::from_secs(15 * 60);
/// So many are told apart. More are bounded by their addresses alone.
const MOST: usize = 4_096;

/// One client from one network that failed.
struct Failing {
    left: Bucket,
    /// How often it had to wait.
    times: u32,
    /// Until when.
    until: Instant,
}

/// Those that failed lately.
#[derive(Default)]
pub(super) struct Backoff(Mutex<HashMap<[u8; 32], Failing>>);

/// A client, as it calls itself, from a network.
pub(super) struct From([u8; 32]);

impl From {
    pub(super) fn of(client: &str, origin: IpAddr) -> Self {
        Self(Sha256::new().chain_update(client).chain_update("\n").chain_update(network(origin)).finalize().into())
    }
}

impl Backoff {
    /// Whether it may try now; otherwise how long to wait.
    pub(super) fn may(&self, from: &From, now: Instant) -> Result<(), Duration> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let wait = all.get(&from.0).map(|failing| failing.until.saturating_duration_since(now)).filter(|wait| !wait.is_zero());
        wait.map_or(Ok(()), Err)
    }

    /// It failed.
    pub(super) fn failed(&self, from: &From, now: Instant) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MOST && !all.contains_key(&from.0) {
            all.retain(|_, failing| now < failing.until + LONGEST);
            if all.len() >= MOST {
                return;
            }
        }
        let new = || Failing { left: Bucket::new(PER_MINUTE, PER_MINUTE / 60.0, now), times: 0, until: now };
        let failing = all.entry(from.0).or_insert_with(new);
        if now >= failing.until + LONGEST {
            *failing = new();
        }
        if failing.left.take(1.0, now).is_err() {
            failing.until = now + FIRST.saturating_mul(1 << failing.times.min(10)).min(LONGEST);
            failing.times += 1;
        }
    }

    /// It showed who it is.
    pub(super) fn succeeded(&self, from: &From) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&from.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_goes_on_failing_waits_longer_and_nobody_else_does() {
        let (backoff, start) = (Backoff::default(), Instant::now());
        let from = |client: &str, last: u8| From::of(client, [192, 0, last, 1].into());
        let one = from("ats", 2);
        let mut now = start;
        let mut waits = Vec::new();
        while waits.len() < 8 {
            match backoff.may(&one, now) {
                Ok(()) => backoff.failed(&one, now),
                Err(wait) => {
                    waits.push(wait.as_secs());
                    assert_eq!(backoff.may(&from("ats", 3), now), Ok(()), "from another network");
                    assert_eq!(backoff.may(&from("other", 2), now), Ok(()), "another client");
                    now += wait;
                }
            }
        }
        assert_eq!(waits, [30, 60, 120, 240, 480, 900, 900, 900]);
        backoff.succeeded(&one);
        assert!(
            (0..10).all(|_| {
                backoff.failed(&one, now);
                backoff.may(&one, now).is_ok()
            }),
            "begins anew"
        );
        backoff.failed(&one, now);
        assert!(backoff.may(&one, now).is_err());
        assert!(backoff.may(&From::of("ats", [192, 0, 2, 99].into()), now).is_err(), "another address of the network");
    }

    #[test]
    fn what_is_remembered_is_bounded_and_forgotten() {
        let (backoff, now) = (Backoff::default(), Instant::now());
        let from = |number: usize| From::of(&number.to_string(), [192, 0, 2, 1].into());
        for number in 0..2 * MOST {
            backoff.failed(&from(number), now);
        }
        assert_eq!(backoff.0.lock().expect("a lock").len(), MOST);
        backoff.failed(&from(2 * MOST), now + LONGEST);
        assert_eq!(backoff.0.lock().expect("a lock").len(), 1);
    }
}
