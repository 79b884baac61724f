//! Searching off the threads that serve, a bounded number at a time.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Instant;

use polder_model::PartnerId;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Places for searches: as many as there are processors, and of one asker half of them, so that no asker holds up the others.
pub(crate) struct Searches {
    all: Arc<Semaphore>,
    of_one: usize,
    askers: Mutex<HashMap<PartnerId, Weak<Semaphore>>>,
}

/// A place, held until the search has ended, also when nobody waits for it any more.
pub(crate) struct Place {
    _of_all: OwnedSemaphorePermit,
    _of_asker: OwnedSemaphorePermit,
    // Keeps the asker's places known while one is taken.
    _asker: Arc<Semaphore>,
}

impl Searches {
    pub(crate) fn new() -> Self {
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        Self { all: Arc::new(Semaphore::new(processors)), of_one: processors.div_ceil(2), askers: Mutex::default() }
    }

    fn asker(&self, asker: &PartnerId) -> Arc<Semaphore> {
        let mut askers = self.askers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = askers.get(asker).and_then(Weak::upgrade) {
            return known;
        }
        askers.retain(|_, places| places.strong_count() > 0);
        let places = Arc::new(Semaphore::new(self.of_one));
        askers.insert(asker.clone(), Arc::downgrade(&places));
        places
    }

    /// Waits for a place, in the order of arrival; `None` where none has come free until then.
    pub(crate) async fn place(&self, asker: &PartnerId, until: Instant) -> Option<Place> {
        let asker = self.asker(asker);
        let both = async {
            let of_asker = Arc::clone(&asker).acquire_owned().await.ok()?;
            Some((of_asker, Arc::clone(&self.all).acquire_owned().await.ok()?))
        };
        let (of_asker, of_all) = tokio::time::timeout_at(until.into(), both).await.ok()??;
        Some(Place { _of_all: of_all, _of_asker: of_asker, _asker: asker })
    }
}

impl Place {
    /// Runs a search on a thread of its own; `None` where it found none, or failed.
    pub(crate) async fn run<T: Send + 'static>(self, search: impl FnOnce() -> Option<T> + Send + 'static) -> Option<T> {
        let search = move || {
            let found = search();
            drop(self);
            found
        };
        match tokio::task::spawn_blocking(search).await {
            Ok(found) => found,
            Err(error) => {
                tracing::error!(%error, "a search failed");
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn one_asker_leaves_room_for_others() {
        let searches = Searches { all: Arc::new(Semaphore::new(2)), of_one: 1, askers: Mutex::default() };
        let (one, other) = ("kvk:10000001".parse().expect("a partner"), "kvk:10000002".parse().expect("a partner"));
        let soon = || Instant::now() + Duration::from_millis(20);
        let place = searches.place(&one, soon()).await.expect("a place");
        assert!(searches.place(&one, soon()).await.is_none(), "one place for one asker");
        let second = searches.place(&other, soon()).await.expect("a place for the other");
        assert!(searches.place(&"kvk:10000003".parse().expect("a partner"), soon()).await.is_none(), "two places in all");
        assert_eq!(place.run(|| Some(1)).await, Some(1));
        drop(second);
        assert!(searches.place(&one, soon()).await.is_some());
        assert_eq!(searches.askers.lock().expect("a lock").len(), 1, "who asks nothing is forgotten");
    }
}
