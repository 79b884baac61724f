//! What failed, by the address that it came from: requests without a right token, and log-ins that come to nothing. So many of one address are told what
//! is wrong, and more are only told to wait.
//!
//! A right token is taken whatever came from its address before. A token has 256 random bits, so nobody finds one by trying; and one address may be a
//! proxy of many, of whom none may lock out the others. A log-in asks something of its provider, and so has to wait: see [`crate::login`].

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use polder_model::problem::ProblemType;

use crate::quota::{Bucket, whole_seconds};
use crate::rarely::Rarely;
use crate::refusal::Refusal;
use crate::serve::network;

/// So many addresses are told apart. While there are more, those that are new share one count.
const MOST: usize = 4_096;
/// The time between two looks for addresses that can be forgotten.
const SWEEP: Duration = Duration::from_secs(1);

/// The tries of all addresses.
#[derive(Debug)]
pub(crate) struct Tries {
    per_minute: u32,
    counts: Mutex<Counts>,
    /// By networks: the log says no more of an address.
    said: Rarely<String>,
}

#[derive(Debug)]
struct Counts {
    of_address: HashMap<IpAddr, Bucket>,
    of_others: Bucket,
    /// When those that are full again were last forgotten.
    swept: Instant,
}

impl Tries {
    /// So many of one address, a minute.
    pub(crate) fn new(per_minute: u32) -> Self {
        let now = Instant::now();
        let counts = Counts { of_address: HashMap::new(), of_others: bucket(per_minute, now), swept: now };
        Self { per_minute, counts: Mutex::new(counts), said: Rarely::default() }
    }

    /// Counts one more of an address; how long to wait where there are too many.
    pub(crate) fn more(&self, origin: IpAddr) -> Result<(), Duration> {
        self.count(origin, Instant::now())
    }

    /// What is replied to a request of that address whose token is not right: why, or to wait.
    pub(crate) fn failed(&self, origin: IpAddr, why: Refusal) -> Refusal {
        let Err(wait) = self.count(origin, Instant::now()) else { return why };
        self.say(origin, "too many requests without a right token");
        let (most, seconds) = (self.per_minute, whole_seconds(wait));
        let detail = format!("more than {most} requests a minute without a right token came from your address; come again in {seconds} s");
        Refusal::new(ProblemType::TooManyRequests, detail)
            .retry_after(wait)
            .rate_limit(&format!("\"tries\";q={most};w=60"), &format!("\"tries\";r=0;t={seconds}"))
    }

    /// Counts something that an address begins, until it [comes to something](Self::came_right).
    ///
    /// # Errors
    /// The time to wait, where so much of that address failed lately as may.
    pub(crate) fn begins(&self, origin: IpAddr) -> Result<(), Duration> {
        self.count(origin, Instant::now()).inspect_err(|_| self.say(origin, "too many log-ins that come to nothing"))
    }

    fn say(&self, origin: IpAddr, what: &'static str) {
        let from = network(origin);
        if let Some(more) = self.said.may(from.clone()) {
            tracing::warn!(from, more, "{what}");
        }
    }

    /// What that address began has come to something: it does not count.
    pub(crate) fn came_right(&self, origin: IpAddr) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bucket) = counts.of_address.get_mut(&origin) {
            bucket.put_back(1.0);
        }
    }

    fn count(&self, origin: IpAddr, now: Instant) -> Result<(), Duration> {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let Counts { of_address, of_others, swept } = &mut *counts;
        if of_address.len() >= MOST && now.saturating_duration_since(*swept) >= SWEEP {
            *swept = now;
            of_address.retain(|_, bucket| !bucket.is_full(now));
        }
        if of_address.len() >= MOST && !of_address.contains_key(&origin) {
            return of_others.take(1.0, now);
        }
        of_address.entry(origin).or_insert_with(|| bucket(self.per_minute, now)).take(1.0, now)
    }
}

fn bucket(per_minute: u32, now: Instant) -> Bucket {
    Bucket::new(per_minute.into(), f64::from(per_minute) / 60.0, now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_address_has_its_own_and_time_forgives() {
        let (tries, now) = (Tries::new(30), Instant::now());
        let (one, other): (IpAddr, IpAddr) = ([192, 0, 2, 1].into(), [192, 0, 2, 2].into());
        assert_eq!((0..100).filter(|_| tries.count(one, now).is_ok()).count(), 30);
        assert_eq!(tries.count(one, now), Err(Duration::from_secs(2)));
        assert!(tries.count(other, now).is_ok());
        assert!(tries.count(one, now + Duration::from_secs(2)).is_ok());
    }

    #[test]
    fn what_comes_right_does_not_count() {
        let (tries, now) = (Tries::new(30), Instant::now());
        let one: IpAddr = [192, 0, 2, 1].into();
        for _ in 0..100 {
            assert!(tries.count(one, now).is_ok());
            tries.came_right(one);
        }
        assert_eq!((0..100).filter(|_| tries.count(one, now).is_ok()).count(), 30, "and leaves no more than there was");
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let (tries, now) = (Tries::new(30), Instant::now());
        let address = |number: u32| IpAddr::from(number.to_be_bytes());
        let many = u32::try_from(2 * MOST).expect("a number");
        assert_eq!((0..many).filter(|number| tries.count(address(*number), now).is_ok()).count(), MOST + 30);
        assert_eq!(tries.counts.lock().expect("a lock").of_address.len(), MOST);
        let later = now + Duration::from_secs(60);
        assert!(tries.count(address(many), later).is_ok());
        assert_eq!(tries.counts.lock().expect("a lock").of_address.len(), 1, "what is full again is forgotten");
    }
}
