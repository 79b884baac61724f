//! The shape of the tree (RFC 6962, section 2.1): of which spans of leaves a proof is made, and from which whole subtrees a span's root follows.

use super::hash::{Hash, node_hash};

/// Most leaves of a log: as many as the database can count.
pub const MOST_LEAVES: u64 = i64::MAX.unsigned_abs();
/// The largest whole subtrees that are kept have 256 to the power of this many leaves.
const HIGHEST: u8 = 7;
/// A subtree one level up is higher by this many nodes.
const HEIGHT: u32 = 8;

/// Leaves that stand under one node of the tree: number `start` up to, and without, `end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Span {
    start: u64,
    end: u64,
}

/// Whole subtrees that stand side by side: those of 256 to the power of `level` leaves, number `start` up to, and without, `end`. Number `n` begins
/// with leaf number `n` × 256^`level`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Part {
    /// 0: leaves. 1: subtrees of 256 leaves. 2: of 65,536 …, at most 7.
    pub level: u8,
    /// The first.
    pub start: u64,
    /// The one after the last.
    pub end: u64,
}

impl Span {
    /// All leaves of a tree of that size; at most [`MOST_LEAVES`].
    #[must_use]
    pub fn tree(size: u64) -> Self {
        Self { start: 0, end: size.min(MOST_LEAVES) }
    }

    /// The first leaf.
    #[must_use]
    pub const fn start(self) -> u64 {
        self.start
    }

    /// The leaf after the last.
    #[must_use]
    pub const fn end(self) -> u64 {
        self.end
    }

    /// Cut into whole subtrees, the largest first: at most 255 of each level (128 of the highest). Their leaves follow each other.
    #[must_use]
    pub fn parts(self) -> Vec<Part> {
        let (mut parts, mut at) = (Vec::new(), self.start);
        for level in (0..=HIGHEST).rev() {
            // The start of a span is a multiple of the least power of two that is not less than its length, so of the width of each subtree that fits.
            let width = 1 << (u32::from(level) * HEIGHT);
            let count = (self.end - at) / width;
            if count > 0 {
                let start = at / width;
                parts.push(Part { level, start, end: start + count });
                at += count * width;
            }
        }
        parts
    }

    /// Its root, from the roots of the subtrees of its [`parts`](Self::parts), in their order; `None` where these are more or fewer.
    #[must_use]
    pub fn root(self, hashes: &[Hash]) -> Option<Hash> {
        let mut peaks = Peaks::default();
        let mut rest = hashes;
        for part in self.parts() {
            let (of_part, behind) = rest.split_at_checked(usize::try_from(part.end - part.start).ok()?)?;
            of_part.iter().for_each(|hash| peaks.push(u32::from(part.level) * HEIGHT, *hash));
            rest = behind;
        }
        rest.is_empty().then(|| peaks.root())
    }
}

/// The root of the tree with these hashes of leaves. Of 256 roots of whole subtrees it is the root of the subtree one level up.
#[must_use]
pub fn root(hashes: &[Hash]) -> Hash {
    let mut peaks = Peaks::default();
    hashes.iter().for_each(|hash| peaks.push(0, *hash));
    peaks.root()
}

/// Roots of whole subtrees that follow each other, each less high than the one before.
#[derive(Default)]
struct Peaks(Vec<(u32, Hash)>);

impl Peaks {
    fn push(&mut self, mut height: u32, mut hash: Hash) {
        while let Some((_, left)) = self.0.pop_if(|(last, _)| *last == height) {
            hash = node_hash(&left, &hash);
            height += 1;
        }
        self.0.push((height, hash));
    }

    fn root(self) -> Hash {
        let right_to_left = self.0.into_iter().rev().map(|(_, hash)| hash);
        right_to_left.reduce(|right, left| node_hash(&left, &right)).unwrap_or(Hash::EMPTY)
    }
}

/// The spans whose roots prove that the leaf with that number stands in the tree of that size, in the order of the proof (RFC 6962, section 2.1.1). `None`
/// where there is no such leaf, or the size is beyond [`MOST_LEAVES`].
#[must_use]
pub fn inclusion(index: u64, size: u64) -> Option<Vec<Span>> {
    if index >= size || size > MOST_LEAVES {
        return None;
    }
    let (mut spans, mut start, mut end) = (Vec::new(), 0, size);
    while end - start > 1 {
        let middle = middle(start, end);
        if index < middle {
            spans.push(Span { start: middle, end });
            end = middle;
        } else {
            spans.push(Span { start, end: middle });
            start = middle;
        }
    }
    spans.reverse();
    Some(spans)
}

/// The spans whose roots prove that the tree of the new size begins with that of the old, in the order of the proof (RFC 6962, section 2.1.2); none where
/// the old one is empty or the same. `None` where the old one is larger, or the new one is beyond [`MOST_LEAVES`].
#[must_use]
pub fn consistency(old: u64, new: u64) -> Option<Vec<Span>> {
    if old > new || new > MOST_LEAVES {
        return None;
    }
    let (mut spans, mut start, mut end) = (Vec::new(), 0, new);
    if old == 0 {
        return Some(spans);
    }
    while old != end {
        let middle = middle(start, end);
        if old <= middle {
            spans.push(Span { start: middle, end });
            end = middle;
        } else {
            spans.push(Span { start, end: middle });
            start = middle;
        }
    }
    if start > 0 {
        spans.push(Span { start, end });
    }
    spans.reverse();
    Some(spans)
}

/// Where the two sides of a node meet: the left one has as many leaves as the largest power of two below the number of all.
fn middle(start: u64, end: u64) -> u64 {
    start + (1 << (end - start - 1).ilog2())
}
