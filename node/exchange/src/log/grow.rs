//! Growing the tree by the leaves that were appended since the last checkpoint.

use std::collections::BTreeSet;

use polder_store::{Store, Tile};
use polder_trust::log::{Hash, Head, Span, leaf_hash, root};

use super::LogFailed;
use super::hashes::{Hashes, Place, WIDTH};

/// Leaves that are read at a time.
const PAGE: u32 = 1_000;
/// How much higher a node of the next level is.
const HEIGHT: u32 = 8;
/// The highest level of tiles.
const HIGHEST: u8 = 7;

/// A larger tree, and the tiles that are new or have grown.
pub(super) struct Grown {
    pub head: Head,
    pub tiles: Vec<Tile>,
}

/// Grows the tree that was signed last to that size. What is there already must be what was signed: nothing is signed over hashes that were changed.
pub(super) async fn grow(store: &Store, signed: &Head, size: u64) -> Result<Grown, LogFailed> {
    let mut places: BTreeSet<Place> = (0..=HIGHEST).map(|level| edge(level, signed.size).0).collect();
    for span in [Span::tree(signed.size), Span::tree(size)] {
        places.extend(span.parts().iter().map(|part| (part.level, part.start / WIDTH)));
    }
    let mut growing = Growing { hashes: Hashes::read(store, places).await?, changed: BTreeSet::new() };
    for level in 0..=HIGHEST {
        let (place, count) = edge(level, signed.size);
        // What another replica has added, whose checkpoint was not kept, is made anew.
        growing.hashes.tile(place).truncate(count);
    }
    if growing.hashes.root(Span::tree(signed.size))? != signed.root {
        return Err(LogFailed::Damaged("the tiles of hashes are not those under the last checkpoint"));
    }
    let mut seq = signed.size;
    while seq < size {
        let leaves = store.leaves(seq, PAGE).await?;
        if leaves.is_empty() {
            return Err(LogFailed::Damaged("a leaf is missing"));
        }
        for leaf in leaves.iter().take(usize::try_from(size - seq).unwrap_or(usize::MAX)) {
            growing.push(0, seq, leaf_hash(leaf))?;
            seq += 1;
        }
    }
    let head = Head { size, root: growing.hashes.root(Span::tree(size))? };
    Ok(Grown { head, tiles: growing.tiles() })
}

/// The last tile of a level in a tree of that size, and how many hashes it has.
fn edge(level: u8, size: u64) -> (Place, usize) {
    let count = size >> (u32::from(level) * HEIGHT);
    ((level, count / WIDTH), usize::try_from(count % WIDTH).unwrap_or_default())
}

struct Growing {
    hashes: Hashes,
    changed: BTreeSet<Place>,
}

impl Growing {
    /// The hash with that number of a level; a tile that is full with it makes one of the next.
    fn push(&mut self, level: u8, number: u64, hash: Hash) -> Result<(), LogFailed> {
        let place = (level, number / WIDTH);
        let tile = self.hashes.tile(place);
        if tile.len() as u64 != number % WIDTH {
            return Err(LogFailed::Damaged("a tile of hashes is missing, or has too few"));
        }
        tile.push(hash);
        let full = (tile.len() as u64 == WIDTH).then(|| root(tile));
        self.changed.insert(place);
        match full {
            Some(root) if level < HIGHEST => self.push(level + 1, place.1, root),
            _ => Ok(()),
        }
    }

    fn tiles(mut self) -> Vec<Tile> {
        let changed = std::mem::take(&mut self.changed);
        let tile = |place: Place| {
            let hashes = self.hashes.tile(place).iter().flat_map(|hash| *hash.as_bytes()).collect();
            Tile { level: place.0, number: place.1, hashes }
        };
        changed.into_iter().map(tile).collect()
    }
}
