//! Lines of the log at a bounded rate: whoever causes many refusals causes few lines.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The time between two lines about the same.
const PAUSE: Duration = Duration::from_secs(10);
/// So many different things are told apart; while there are more, nothing new is said before something old is forgotten.
const MOST: usize = 1_024;

/// Says when something may be said again.
#[derive(Debug)]
pub(crate) struct Rarely<K>(Mutex<HashMap<K, Said>>);

#[derive(Debug)]
struct Said {
    at: Instant,
    kept_back: u64,
}

impl<K> Default for Rarely<K> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Eq + Hash> Rarely<K> {
    /// If there may be a line about this now: how many there were since the last, none of which was said.
    pub(crate) fn may(&self, about: K) -> Option<u64> {
        self.may_at(about, Instant::now())
    }

    fn may_at(&self, about: K, now: Instant) -> Option<u64> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(said) = all.get_mut(&about) {
            if now.saturating_duration_since(said.at) < PAUSE {
                said.kept_back += 1;
                return None;
            }
            let kept_back = std::mem::take(&mut said.kept_back);
            said.at = now;
            return Some(kept_back);
        }
        if all.len() >= MOST {
            all.retain(|_, said| now.saturating_duration_since(said.at) < PAUSE);
        }
        if all.len() >= MOST {
            return None;
        }
        all.insert(about, Said { at: now, kept_back: 0 });
        Some(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_in_ten_seconds_says_how_many_there_were() {
        let (rarely, now) = (Rarely::default(), Instant::now());
        assert_eq!(rarely.may_at("a", now), Some(0));
        assert_eq!(rarely.may_at("b", now), Some(0));
        for _ in 0..5 {
            assert_eq!(rarely.may_at("a", now + PAUSE / 2), None);
        }
        assert_eq!(rarely.may_at("a", now + PAUSE), Some(5));
        assert_eq!(rarely.may_at("a", now + PAUSE + PAUSE), Some(0));
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let (rarely, now) = (Rarely::default(), Instant::now());
        let said = (0..2 * MOST).filter(|number| rarely.may_at(*number, now).is_some()).count();
        assert_eq!(said, MOST);
        assert_eq!(rarely.may_at(2 * MOST, now + PAUSE), Some(0), "what is old is forgotten");
    }
}
