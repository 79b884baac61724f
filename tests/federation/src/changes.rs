//! Offers that change between the two phases of a question.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use polder_model::{Kind, OfferKey, PartnerId, Timestamp};
use polder_oracle::Line;
use polder_store::Precondition;

use crate::local::Federation;
use crate::offers;
use crate::random::Random;

/// Offers that are deleted or replaced just before the asking node fetches them.
pub(crate) struct Changes {
    kind: Kind,
    gone: Arc<Mutex<Vec<(PartnerId, OfferKey)>>>,
}

/// The offers that changed: their version that an answer named is there no more.
pub(crate) struct Gone {
    kind: Kind,
    offers: Vec<(PartnerId, OfferKey)>,
}

impl Changes {
    /// From now on, of the offers that are fetched from one partner (or from anyone) the first `most` change.
    pub(crate) fn begin(federation: &Federation, kind: Kind, only: Option<&PartnerId>, most: usize, now: Timestamp) -> Self {
        let gone: Arc<Mutex<Vec<(PartnerId, OfferKey)>>> = Arc::default();
        let (nodes, noted, only, budget) = (federation.nodes.clone(), Arc::clone(&gone), only.cloned(), Arc::new(AtomicUsize::new(most)));
        federation.before_documents(Some(Arc::new(move |partner, request| {
            let (nodes, noted, budget) = (nodes.clone(), Arc::clone(&noted), Arc::clone(&budget));
            let spared = only.as_ref().is_some_and(|only| *only != partner);
            Box::pin(async move {
                let Some(node) = nodes.iter().find(|node| node.home().partner == partner && !spared) else { return };
                for wanted in &request.wanted {
                    if budget.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_err() {
                        return;
                    }
                    // Deleted or replaced: in both cases the version that was named is there no more.
                    let left = budget.load(Ordering::SeqCst);
                    let changed = if left % 2 == 0 {
                        node.delete(kind, &wanted.key, Precondition::None).await.is_ok()
                    } else {
                        let another = offers::document(kind, &mut Random::new(u64::try_from(left).unwrap_or(0)), now);
                        node.publish(kind, wanted.key.clone(), another.as_bytes(), Precondition::None).await.is_ok()
                    };
                    if changed && let Ok(mut noted) = noted.lock() {
                        noted.push((partner.clone(), wanted.key.clone()));
                    }
                }
            })
        })));
        Self { kind, gone }
    }

    /// Nothing changes any more.
    ///
    /// # Errors
    /// When a change failed in a panic.
    pub(crate) fn end(self, federation: &Federation) -> Result<Gone, String> {
        federation.before_documents(None);
        let offers = self.gone.lock().map_err(|_| "a lock was poisoned")?.clone();
        Ok(Gone { kind: self.kind, offers })
    }
}

impl Gone {
    /// How many changed.
    pub(crate) fn len(&self) -> usize {
        self.offers.len()
    }

    /// Takes them out of what the nodes held before.
    pub(crate) fn leave(&self, exports: &mut [(String, Vec<Line>)]) {
        for (partner, lines) in exports {
            let here = |line: &Line| self.offers.iter().any(|(of, key)| of.as_str() == partner && key.as_str() == line.key);
            lines.retain(|line| line.kind != self.kind.as_str() || !here(line));
        }
    }
}
