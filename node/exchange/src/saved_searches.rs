//! Searches that staff saved are asked again by themselves, each once an hour, so that its owner hears of what is new. Never those for people: each
//! question about people is noted at the node of the worker and counts against a budget, and nobody looks.

use std::sync::Arc;

use polder_model::request::QueryRequest;
use polder_model::{OfferKey, PartnerId, Timestamp};
use polder_store::StoreError;
use polder_store::people::{DueSearch, Look, SearchId};

use crate::duties::Duty;
use crate::node::{Node, OPERATOR};
use crate::people::For;

/// How often is looked which are due, in seconds.
pub const SAVED_SECONDS: u64 = 10;
/// Most that are asked at one look, one after the other: they end within the lease of whoever asks them.
const AT_ONCE: u32 = 8;
/// An hour, but for what makes searches that were saved together drift apart, in seconds.
const HOUR: i64 = 3_300;
/// From how many seconds on they are the same again.
const DRIFT: i64 = 600;
/// For whoever was not here for so long nothing is asked, in seconds.
const AWAY: i64 = 30 * 86_400;

/// When a search is asked again.
fn next(id: &SearchId, now: Timestamp) -> Timestamp {
    let drift = id.to_string().bytes().fold(0_i64, |sum, byte| (sum * 31 + i64::from(byte)) % DRIFT);
    now.plus_seconds(HOUR + drift)
}

impl Node {
    /// Asks some of the saved searches that are due, and notes what they found. How many were.
    ///
    /// # Errors
    /// When the store could not; the others are asked the next time.
    pub async fn ask_saved_searches(&self) -> Result<usize, StoreError> {
        if !self.takes_on(Duty::AskSavedSearches).await? {
            return Ok(0);
        }
        self.forget_closed_searches().await?;
        let now = self.now();
        let due = self.store().searches_due(now, now.plus_seconds(-AWAY), AT_ONCE).await?;
        for search in &due {
            self.ask_saved(search).await?;
        }
        Ok(due.len())
    }

    /// A search for people is there as long as the offer for which they are sought is open.
    async fn forget_closed_searches(&self) -> Result<(), StoreError> {
        for about in self.store().searched_about().await? {
            if !self.is_live(&about, self.now().date()).await? {
                self.store().delete_searches_about(about).await?;
            }
        }
        Ok(())
    }

    async fn ask_saved(&self, search: &DueSearch) -> Result<(), StoreError> {
        let due_at = next(&search.id, self.now());
        let found = match serde_json::from_str::<QueryRequest>(&search.request) {
            Ok(request) if !request.kind.is_personal() => self.found(&request).await,
            _ => None,
        };
        // A skill that is not known any more, a node that is busy: its owner sees what is wrong when they open it.
        let Some(found) = found else {
            tracing::debug!(search = %search.id, "a saved search could not be asked; it is in an hour");
            return self.store().postpone_search(search.id.clone(), due_at).await;
        };
        self.store().note_found(search.id.clone(), found, Look::Nobody { due_at }, self.now()).await.map(drop)
    }

    async fn found(&self, request: &QueryRequest) -> Option<Vec<(PartnerId, OfferKey)>> {
        let query = Arc::new(self.self_contained(request).ok()?);
        let result = self.ask_query(query, &For::Client(OPERATOR.to_owned()), None).await.ok()?;
        Some(result.hits.into_iter().map(|hit| (hit.partner, hit.key)).collect())
    }
}
