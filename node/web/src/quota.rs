//! How much one caller may ask: token buckets, one set for each client and each partner.
//!
//! A bucket may be overdrawn once: what a request costs (the bytes of its body) is known only when it is there. The next waits until the debt is paid.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use polder_model::problem::ProblemType;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::refusal::Refusal;

/// A bucket is full with what comes in so many seconds, where it counts by the second.
const SECONDS: f64 = 10.0;

/// One bucket.
#[derive(Clone, Debug)]
pub(crate) struct Bucket {
    most: f64,
    per_second: f64,
    left: f64,
    at: Instant,
}

impl Bucket {
    /// A full one.
    pub(crate) fn new(most: f64, per_second: f64, now: Instant) -> Self {
        Self { most, per_second, left: most, at: now }
    }

    /// Puts in what came since it was last filled.
    pub(crate) fn fill(&mut self, now: Instant) {
        let seconds = now.saturating_duration_since(self.at).as_secs_f64();
        self.at = now;
        self.left = (self.left + seconds * self.per_second).min(self.most);
    }

    /// Takes so much, if it is there; otherwise the time until it is.
    pub(crate) fn take(&mut self, amount: f64, now: Instant) -> Result<(), Duration> {
        self.fill(now);
        self.wait(amount).map_or(Ok(()), Err)?;
        self.left -= amount;
        Ok(())
    }

    /// Whether nothing is taken out of it.
    pub(crate) fn is_full(&mut self, now: Instant) -> bool {
        self.fill(now);
        self.left >= self.most
    }

    /// Whether there is so much in it.
    pub(crate) fn holds(&self, amount: f64) -> bool {
        self.left >= amount
    }

    /// Takes so much out, be it there or not.
    pub(crate) fn spend(&mut self, amount: f64) {
        self.left -= amount;
    }

    /// Puts so much back, up to what it holds.
    pub(crate) fn put_back(&mut self, amount: f64) {
        self.left = (self.left + amount).min(self.most);
    }

    /// The time until there is so much in it.
    fn wait(&self, amount: f64) -> Option<Duration> {
        let lacking = amount - self.left;
        (lacking > 0.0).then(|| Duration::from_secs_f64(lacking / self.per_second))
    }
}

/// How much callers of a kind may ask.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Quota {
    pub requests_per_second: u32,
    pub questions_per_minute: u32,
    pub body_kib_per_second: u32,
}

/// What one caller has left.
#[derive(Clone, Debug)]
pub(crate) struct Allowance {
    requests: Bucket,
    questions: Bucket,
    body: Bucket,
}

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Requests,
    Questions,
    Body,
}

impl Kind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Requests => "requests",
            Self::Questions => "questions",
            Self::Body => "body",
        }
    }
}

/// What there is too much of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Spent {
    pub what: Kind,
    /// When to come again.
    pub wait: Duration,
}

impl Quota {
    /// What may be asked of a kind, as a header has it: as much as a full bucket holds, in the time in which it fills.
    fn policy(self, what: Kind) -> String {
        let seconds = SECONDS as u64;
        let (size, window) = match what {
            Kind::Requests => (u64::from(self.requests_per_second) * seconds, seconds),
            Kind::Questions => (self.questions_per_minute.into(), 60),
            Kind::Body => (u64::from(self.body_kib_per_second) * 1024 * seconds, seconds),
        };
        format!("\"{}\";q={size};w={window}", what.name())
    }

    /// A full allowance.
    pub(crate) fn allowance(self, now: Instant) -> Allowance {
        let per_second = |amount: f64| Bucket::new(amount * SECONDS, amount, now);
        let questions = f64::from(self.questions_per_minute);
        Allowance {
            requests: per_second(self.requests_per_second.into()),
            questions: Bucket::new(questions, questions / 60.0, now),
            body: per_second(f64::from(self.body_kib_per_second) * 1024.0),
        }
    }
}

impl Allowance {
    /// Takes a request, and a question if it is one.
    pub(crate) fn request(&mut self, question: bool, now: Instant) -> Result<(), Spent> {
        for bucket in [&mut self.requests, &mut self.questions, &mut self.body] {
            bucket.fill(now);
        }
        let spent = |what, wait: Option<Duration>| wait.map_or(Ok(()), |wait| Err(Spent { what, wait }));
        spent(Kind::Requests, self.requests.wait(1.0))?;
        spent(Kind::Body, self.body.wait(0.0))?;
        if question {
            spent(Kind::Questions, self.questions.wait(1.0))?;
            self.questions.left -= 1.0;
        }
        self.requests.left -= 1.0;
        Ok(())
    }

    /// Takes the bytes of a body that came in.
    pub(crate) fn body(&mut self, bytes: usize) {
        self.body.left -= bytes as f64;
    }
}

/// One client or partner, and what it has left.
#[derive(Debug)]
pub(crate) struct Caller {
    allowance: Mutex<Allowance>,
    places: Arc<Semaphore>,
    quota: Quota,
    used: Mutex<Used>,
}

/// What one caller asked since the start.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Used {
    /// Requests that were let in.
    pub taken: u64,
    /// Requests that were more than it may ask.
    pub refused: u64,
    /// When the last one came.
    pub last: Option<Instant>,
}

/// A place for a request on its way.
pub(crate) type Place = OwnedSemaphorePermit;

impl Caller {
    /// Lets a request in, before its body is read.
    ///
    /// # Errors
    /// `too-many-requests` where the allowance is spent, `unavailable` where as many are on their way as may be.
    pub(crate) fn admit(&self, question: bool) -> Result<Place, Refusal> {
        let admitted = self.find_place(question);
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        used.last = Some(Instant::now());
        *(if admitted.is_ok() { &mut used.taken } else { &mut used.refused }) += 1;
        admitted
    }

    fn find_place(&self, question: bool) -> Result<Place, Refusal> {
        // Not before there is a place: who is refused for want of one has spent nothing.
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(|_| {
            Refusal::new(ProblemType::Unavailable, "as many calls of yours as this node takes at once are on their way; try again")
        })?;
        let mut allowance = self.allowance.lock().unwrap_or_else(PoisonError::into_inner);
        allowance.request(question, Instant::now()).map_err(|spent| self.too_many(spent))?;
        Ok(place)
    }

    /// The policies that a request counts for, each with what is left of it (draft-ietf-httpapi-ratelimit-headers).
    pub(crate) fn standing(&self, question: bool) -> Vec<(String, String)> {
        let mut allowance = self.allowance.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let mut said = vec![self.said(Kind::Requests, &mut allowance.requests, now)];
        if question {
            said.push(self.said(Kind::Questions, &mut allowance.questions, now));
        }
        said
    }

    fn said(&self, kind: Kind, bucket: &mut Bucket, now: Instant) -> (String, String) {
        bucket.fill(now);
        let left = bucket.left.max(0.0).floor();
        (self.quota.policy(kind), format!("\"{}\";r={left}", kind.name()))
    }

    /// What it asked since the start.
    pub(crate) fn used(&self) -> Used {
        *self.used.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts bytes of a body that came in.
    pub(crate) fn came(&self, bytes: usize) {
        self.allowance.lock().unwrap_or_else(PoisonError::into_inner).body(bytes);
    }

    fn too_many(&self, Spent { what, wait }: Spent) -> Refusal {
        let Quota { requests_per_second, questions_per_minute, body_kib_per_second } = self.quota;
        let may = match what {
            Kind::Requests => format!("{requests_per_second} requests a second"),
            Kind::Questions => format!("{questions_per_minute} questions a minute"),
            Kind::Body => format!("{body_kib_per_second} KiB of bodies a second"),
        };
        let (name, seconds) = (what.name(), whole_seconds(wait));
        Refusal::new(ProblemType::TooManyRequests, format!("more than {may}; come again in {seconds} s"))
            .retry_after(wait)
            .rate_limit(&self.quota.policy(what), &format!("\"{name}\";r=0;t={seconds}"))
    }
}

/// Seconds as a header has them: whole ones, at least one.
pub(crate) fn whole_seconds(time: Duration) -> u64 {
    time.as_secs() + u64::from(time.subsec_nanos() > 0 || time.is_zero())
}

/// All callers of a kind. There are no more than the node knows by name.
#[derive(Debug)]
pub(crate) struct Callers<K> {
    quota: Quota,
    places: usize,
    all: Mutex<HashMap<K, Arc<Caller>>>,
}

impl<K: Eq + Hash + Clone> Callers<K> {
    /// Each with that quota, and so many requests on their way at once.
    pub(crate) fn new(quota: Quota, places: usize) -> Self {
        Self { quota, places, all: Mutex::default() }
    }

    /// How many callers there were.
    pub(crate) fn count(&self) -> usize {
        self.all.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// The caller of that name.
    pub(crate) fn of(&self, name: &K) -> Arc<Caller> {
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(caller) = all.get(name) {
            return Arc::clone(caller);
        }
        let (allowance, places) = (self.quota.allowance(Instant::now()), Arc::new(Semaphore::new(self.places)));
        let caller = Arc::new(Caller { allowance: Mutex::new(allowance), places, quota: self.quota, used: Mutex::default() });
        all.insert(name.clone(), Arc::clone(&caller));
        caller
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUOTA: Quota = Quota { requests_per_second: 10, questions_per_minute: 30, body_kib_per_second: 1 };

    #[test]
    fn a_burst_and_then_the_rate() {
        let now = Instant::now();
        let mut allowance = QUOTA.allowance(now);
        let taken = (0..1_000).take_while(|_| allowance.request(false, now).is_ok()).count();
        assert_eq!(taken, 100);
        assert_eq!(allowance.request(false, now), Err(Spent { what: Kind::Requests, wait: Duration::from_millis(100) }));
        let later = now + Duration::from_secs(1);
        assert_eq!((0..1_000).take_while(|_| allowance.request(false, later).is_ok()).count(), 10);
        let much_later = now + Duration::from_secs(1_000);
        assert_eq!((0..1_000).take_while(|_| allowance.request(false, much_later).is_ok()).count(), 100, "no more than a full bucket");
    }

    #[test]
    fn questions_have_a_bucket_of_their_own() {
        let now = Instant::now();
        let mut allowance = QUOTA.allowance(now);
        assert_eq!((0..100).take_while(|_| allowance.request(true, now).is_ok()).count(), 30);
        assert_eq!(allowance.request(true, now), Err(Spent { what: Kind::Questions, wait: Duration::from_secs(2) }));
        assert_eq!(allowance.request(false, now), Ok(()), "other requests go on");
        assert_eq!(allowance.request(true, now + Duration::from_secs(2)), Ok(()));
    }

    #[test]
    fn a_large_body_is_paid_off() {
        let now = Instant::now();
        let mut allowance = QUOTA.allowance(now);
        assert!(allowance.request(false, now).is_ok());
        allowance.body(15 * 1024);
        assert_eq!(allowance.request(false, now), Err(Spent { what: Kind::Body, wait: Duration::from_secs(5) }));
        assert!(allowance.request(false, now + Duration::from_secs(5)).is_ok());
    }

    #[test]
    fn who_waits_is_told_whole_seconds() {
        for (millis, seconds) in [(0, 1), (1, 1), (1_000, 1), (1_001, 2), (59_999, 60)] {
            assert_eq!(whole_seconds(Duration::from_millis(millis)), seconds, "{millis}");
        }
    }
}
