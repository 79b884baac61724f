//! A part that is tried: the verdicts that its lines would have, and nothing is stored.

use std::io;
use std::pin::Pin;

use futures::{Stream, StreamExt};
use polder_model::import::LineVerdict;
use polder_store::ActsFor;
use polder_store::imports::{Import, LineCounts};
use tokio::task::JoinHandle;

use super::{PartRefused, Piece, Spooled, add_verdicts, read, row};
use crate::node::Node;
use crate::publish::Trying;

/// A part on its way through a trial.
pub struct TriedPart {
    part: u32,
    pieces: Pin<Box<dyn Stream<Item = Piece> + Send>>,
    reading: Option<JoinHandle<io::Result<()>>>,
    trying: Trying,
    counts: LineCounts,
}

impl Node {
    /// Begins to try a part, as somebody who acts for these organisations.
    ///
    /// # Errors
    /// [`PartRefused::Differs`] where other bytes have taken its number, and where the store cannot be read.
    pub async fn try_part(&self, acts_for: ActsFor, import: &Import, part: u32, spooled: Spooled) -> Result<TriedPart, PartRefused> {
        let before = self.store().import_part(&import.id, part).await?;
        if before.is_some_and(|before| before.sha256 != spooled.taken_by()) {
            return Err(PartRefused::Differs);
        }
        let trying = self.trying(acts_for).await?;
        let (pieces, reading) = read(self.pieces(import.kind, spooled, 0).await?);
        Ok(TriedPart { part, pieces: Box::pin(pieces), reading: Some(reading), trying, counts: LineCounts::default() })
    }
}

impl TriedPart {
    /// The verdicts of the next lines, as NDJSON; none at the end.
    ///
    /// # Errors
    /// When the store or the part cannot be read: the rest is not known then.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>, PartRefused> {
        let Some((publications, read)) = self.pieces.next().await else {
            if let Some(reading) = self.reading.take() {
                reading.await.map_err(io::Error::other)??;
            }
            return Ok(None);
        };
        let mut verdicts: Vec<LineVerdict> = Vec::new();
        add_verdicts(&mut verdicts, self.part, read, self.trying.next(publications).await)?;
        let row = row(self.part, 0, &verdicts)?;
        self.counts.created += row.counts.created;
        self.counts.replaced += row.counts.replaced;
        self.counts.unchanged += row.counts.unchanged;
        self.counts.refused += row.counts.refused;
        Ok(Some(row.verdicts))
    }

    /// How many lines had which verdict so far.
    #[must_use]
    pub fn counts(&self) -> LineCounts {
        self.counts
    }
}
