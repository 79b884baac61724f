//! How much one party behind the exchange may ask: so many questions and so many whole vacancies a minute. The exchange itself has the quota of a client.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use super::{Error, VumSource};
use crate::quota::Bucket;

/// So many parties are told apart. While there are more, those that are new share one count.
const MOST: usize = 1_024;

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// Which vacancies match.
    Question,
    /// A vacancy, whole.
    Detail,
}

struct Left {
    questions: Bucket,
    details: Bucket,
}

/// What every party has left.
pub(super) struct Quota {
    at: VumSource,
    parties: Mutex<HashMap<Arc<str>, Left>>,
}

impl Quota {
    pub(super) fn new(at: VumSource) -> Self {
        Self { at, parties: Mutex::default() }
    }

    /// Takes one of what a party may ask.
    ///
    /// # Errors
    /// When it has none left: when to come again.
    pub(super) fn take(&self, party: &Arc<str>, what: What) -> Result<(), Error> {
        self.take_at(party, what, Instant::now())
    }

    fn take_at(&self, party: &Arc<str>, what: What, now: Instant) -> Result<(), Error> {
        let mut parties = self.parties.lock().unwrap_or_else(PoisonError::into_inner);
        if parties.len() >= MOST && !parties.contains_key(party) {
            parties.retain(|_, left| !(left.questions.is_full(now) && left.details.is_full(now)));
        }
        let name = if parties.len() >= MOST && !parties.contains_key(party) { Arc::from("") } else { Arc::clone(party) };
        let bucket = |most: u32| Bucket::new(most.into(), f64::from(most) / 60.0, now);
        let VumSource { questions_per_minute, details_per_minute } = self.at;
        let left =
            parties.entry(name).or_insert_with(|| Left { questions: bucket(questions_per_minute), details: bucket(details_per_minute) });
        let (bucket, most, name) = match what {
            What::Question => (&mut left.questions, questions_per_minute, "questions"),
            What::Detail => (&mut left.details, details_per_minute, "vacancies"),
        };
        bucket.take(1.0, now).map_err(|wait| Error::too_many(&format!("a party may ask {most} {name} a minute"), wait))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn each_party_has_its_own_and_how_many_are_known_is_bounded() {
        let (quota, now) = (Quota::new(VumSource { questions_per_minute: 2, details_per_minute: 3 }), Instant::now());
        let take = |party: &str, what, now| quota.take_at(&Arc::from(party), what, now).is_ok();
        assert_eq!((0..9).filter(|_| take("a", What::Question, now)).count(), 2);
        assert_eq!((0..9).filter(|_| take("a", What::Detail, now)).count(), 3);
        assert!(take("b", What::Question, now) && take("a", What::Question, now + Duration::from_secs(30)));
        let all = (0..5_000).filter(|number| take(&format!("p{number}"), What::Question, now)).count();
        assert_eq!((all, quota.parties.lock().expect("a lock").len()), (MOST - 2 + 2, MOST + 1), "those that are too many share one count");
        assert!(take("late", What::Question, now + Duration::from_secs(60)));
        assert!(quota.parties.lock().expect("a lock").len() < 9);
    }
}
