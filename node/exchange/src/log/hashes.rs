//! Hashes of the tree, as they are kept: in tiles. What a proof needs is read in few statements.

use std::collections::{BTreeSet, HashMap};

use polder_store::{Store, StoreError};
use polder_trust::log::{Hash, Part, Span};

use super::LogFailed;

/// Hashes of a tile.
pub(super) const WIDTH: u64 = 256;
const BYTES: usize = 32;

/// Level and number of a tile.
pub(super) type Place = (u8, u64);

/// Some tiles of a log.
#[derive(Debug, Default)]
pub(super) struct Hashes(HashMap<Place, Vec<Hash>>);

impl Hashes {
    /// Reads what the roots of these spans are made of.
    pub(super) async fn of_spans(store: &Store, spans: &[Span]) -> Result<Self, StoreError> {
        let parts = spans.iter().flat_map(|span| span.parts());
        Self::read(store, parts.map(|part| place(&part)).collect()).await
    }

    /// Reads these tiles. One that is not there is missed when it is needed.
    pub(super) async fn read(store: &Store, places: BTreeSet<Place>) -> Result<Self, StoreError> {
        let places: Vec<Place> = places.into_iter().collect();
        let tiles = store.log_tiles(&places).await?.into_iter();
        Ok(Self(tiles.map(|tile| ((tile.level, tile.number), hashes(&tile.hashes))).collect()))
    }

    /// The root of a span.
    pub(super) fn root(&self, span: Span) -> Result<Hash, LogFailed> {
        let mut all = Vec::new();
        for part in span.parts() {
            all.extend_from_slice(self.part(&part).ok_or(LogFailed::Damaged("a tile of hashes is missing, or has too few"))?);
        }
        span.root(&all).ok_or(LogFailed::Damaged("a span has other parts than it should"))
    }

    /// A span is cut into parts that stand in one tile each.
    fn part(&self, part: &Part) -> Option<&[Hash]> {
        let (from, count) = (usize::try_from(part.start % WIDTH).ok()?, usize::try_from(part.end - part.start).ok()?);
        self.0.get(&place(part))?.get(from..from + count)
    }

    /// A tile, as it is or will be.
    pub(super) fn tile(&mut self, place: Place) -> &mut Vec<Hash> {
        self.0.entry(place).or_default()
    }
}

fn place(part: &Part) -> Place {
    (part.level, part.start / WIDTH)
}

fn hashes(bytes: &[u8]) -> Vec<Hash> {
    bytes.chunks_exact(BYTES).filter_map(|hash| Hash::try_from(hash).ok()).collect()
}
