//! Fetching tombstones: a node that was away, or was restored, asks each partner what it is owed, instead of waiting to be tried again.

use std::sync::Arc;
use std::time::Duration;

use futures::stream::{self, StreamExt};
use polder_consent::withdrawal::Tombstone;
use polder_model::answer::MissingReason;
use polder_trust::evidence::EvidenceKind;
use polder_trust::register::Member;

use super::ReceiveRefused;
use crate::node::Node;
use crate::peers::PeerFailure;

/// How long a partner has for one page, or to take acknowledgements.
const DEADLINE: Duration = Duration::from_secs(10);
/// Partners that are asked at the same time.
const AT_ONCE: usize = 16;
/// Most pages of one partner.
const MOST_PAGES: usize = 1_000;

impl Node {
    /// Fetches what every other partner owes this node, also who is suspended. Whoever cannot be reached sends it again by itself. How many tombstones
    /// were taken.
    pub async fn fetch_tombstones(&self) -> usize {
        let (register, own) = (self.register(), &self.home().partner);
        let others = register.members().iter().filter(|member| member.partner != *own);
        let fetches: Vec<_> = others.map(|member| self.fetch_tombstones_of(member)).collect();
        stream::iter(fetches).buffer_unordered(AT_ONCE).fold(0, |taken, more| async move { taken + more }).await
    }

    /// The same, of one partner.
    pub(super) async fn fetch_tombstones_of(&self, from: &Arc<Member>) -> usize {
        let (mut after, mut taken) = (0, 0);
        for _ in 0..MOST_PAGES {
            match self.fetch_page(from, after).await {
                Ok(Some((last, count))) => (after, taken) = (last, taken + count),
                Ok(None) => break,
                Err(failed) => {
                    tracing::debug!(partner = %from.partner, why = failed.detail, "tombstones were not fetched; they are sent again");
                    break;
                }
            }
        }
        if taken > 0 {
            tracing::info!(partner = %from.partner, taken, "tombstones of this partner were fetched");
        }
        taken
    }

    /// Takes a page in, and says so. The number of the last, and how many; `None` where there are no more.
    async fn fetch_page(&self, from: &Arc<Member>, after: u64) -> Result<Option<(u64, usize)>, PeerFailure> {
        let said = self.peers().owed(Arc::clone(from), after, DEADLINE).await?;
        let Some(last) = said.last() else { return Ok(None) };
        let refused = |refused: ReceiveRefused| PeerFailure::new(MissingReason::Untrustworthy, refused.to_string());
        let last = self.read::<Tombstone>(EvidenceKind::Tombstone, last, from).map_err(refused)?.seq;
        if last <= after {
            return Err(PeerFailure::new(MissingReason::Untrustworthy, "tombstones that are not after those before"));
        }
        let delivered = self.take_tombstones(from, &said).await.map_err(refused)?;
        if !delivered.acknowledgements.is_empty() {
            self.peers().acknowledgements(Arc::clone(from), delivered.acknowledgements, DEADLINE).await?;
        }
        Ok(Some((last, said.len())))
    }
}
