//! Many posting lists, one behind the other.
//!
//! Offers are counted in chunks of [`CHUNK`]. Within a chunk a posting takes two bytes: the offer's place in it, and a tag of two bits. What a
//! list holds in one chunk is a cell; empty cells take no room.

use serde::{Deserialize, Serialize};
use std::ops::Range;

/// The number of bits of an offer's place in its chunk.
const PLACE_BITS: u32 = 14;
/// Bits of a posting's tag.
const TAG_BITS: u32 = 2;
/// About half the postings of a cache line.
const NEAR: usize = 16;
/// How many offers are in a chunk.
pub(crate) const CHUNK: u32 = 1 << PLACE_BITS;

/// An offer's place in its chunk, times four, plus a tag.
pub(crate) type Posting = u16;

/// The place in the chunk.
#[inline]
pub(crate) const fn place(posting: Posting) -> usize {
    (posting >> TAG_BITS) as usize
}

/// The tag, 0–3.
#[inline]
pub(crate) const fn tag(posting: Posting) -> usize {
    (posting & ((1 << TAG_BITS) - 1)) as usize
}

/// The chunk that an offer is in.
pub(crate) const fn chunk(offer: u32) -> u32 {
    offer >> PLACE_BITS
}

/// Posting lists by number.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Lists {
    /// For each list where its cells end.
    ends: Vec<u32>,
    /// For each cell its chunk.
    chunks: Vec<u16>,
    /// For each cell where its postings end.
    posting_ends: Vec<u32>,
    postings: Vec<Posting>,
}

fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

fn before(ends: &[u32], at: usize) -> usize {
    at.checked_sub(1).map_or(0, |before| ends[before] as usize)
}

impl Lists {
    /// Appends a list of offers, ascending, each with its tag, 0–3.
    pub(crate) fn push(&mut self, list: impl IntoIterator<Item = (u32, u8)>) {
        let first = self.chunks.len();
        for (offer, tag) in list {
            let chunk = u16::try_from(chunk(offer)).unwrap_or(u16::MAX);
            if self.chunks.len() == first || self.chunks.last() != Some(&chunk) {
                self.chunks.push(chunk);
                self.posting_ends.push(count(self.postings.len()));
            }
            let posting = (offer % CHUNK) << TAG_BITS | u32::from(tag);
            self.postings.push(Posting::try_from(posting).unwrap_or(Posting::MAX));
            if let Some(end) = self.posting_ends.last_mut() {
                *end += 1;
            }
        }
        self.ends.push(count(self.chunks.len()));
    }

    /// How many postings a list has.
    pub(crate) fn count(&self, list: u32) -> usize {
        let cells = self.cells(list);
        before(&self.posting_ends, cells.end) - before(&self.posting_ends, cells.start)
    }

    fn cells(&self, list: u32) -> Range<usize> {
        before(&self.ends, list as usize)..self.ends[list as usize] as usize
    }

    fn postings_of(&self, cell: usize) -> Range<usize> {
        before(&self.posting_ends, cell)..self.posting_ends[cell] as usize
    }

    /// Which postings a list has in a chunk.
    pub(crate) fn cell(&self, list: u32, chunk: u32) -> Range<usize> {
        let cells = self.cells(list);
        match self.chunks[cells.clone()].binary_search_by_key(&chunk, |chunk| u32::from(*chunk)) {
            Ok(at) => self.postings_of(cells.start + at),
            Err(_) => 0..0,
        }
    }

    /// Those postings of a cell whose places are in the range.
    pub(crate) fn within(&self, cell: Range<usize>, places: Range<usize>) -> Range<usize> {
        let postings = &self.postings[cell.clone()];
        if places.start == 0 && places.end == CHUNK as usize {
            return cell;
        }
        let start = seek(postings, places.start);
        let end = start + seek(&postings[start..], places.end);
        cell.start + start..cell.start + end
    }

    /// The postings of that range.
    pub(crate) fn postings(&self, range: Range<usize>) -> &[Posting] {
        &self.postings[range]
    }

    /// The offers of a list, ascending, with their tags and where each posting stands.
    pub(crate) fn iter(&self, list: u32) -> impl Iterator<Item = (u32, u8, usize)> {
        self.cells(list).flat_map(move |cell| {
            let first = u32::from(self.chunks[cell]) * CHUNK;
            self.postings_of(cell).map(move |at| {
                let posting = self.postings[at];
                (first + u32::from(posting >> TAG_BITS), (posting & ((1 << TAG_BITS) - 1)) as u8, at)
            })
        })
    }

    pub(crate) fn shrink(&mut self) {
        self.ends.shrink_to_fit();
        self.chunks.shrink_to_fit();
        self.posting_ends.shrink_to_fit();
        self.postings.shrink_to_fit();
    }

    /// How many bytes they take.
    pub(crate) fn bytes(&self) -> usize {
        size_of_val(&*self.ends) + size_of_val(&*self.chunks) + size_of_val(&*self.posting_ends) + size_of_val(&*self.postings)
    }
}

/// How many postings are of places before that one. Looks first where it were if they lay evenly: that reads less memory than halving.
fn seek(postings: &[Posting], before: usize) -> usize {
    let is_before = |at: usize| place(postings[at]) < before;
    let guess = (postings.len() * before / CHUNK as usize).min(postings.len());
    let (mut low, mut high, mut step) = (guess, guess, NEAR);
    while low > 0 && !is_before(low - 1) {
        high = low - 1;
        low = low.saturating_sub(step);
        step *= 2;
    }
    while high < postings.len() && is_before(high) {
        low = high + 1;
        high = (high + step).min(postings.len());
        step *= 2;
    }
    low + postings[low..high].partition_point(|posting| place(*posting) < before)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_pushed_is_there() {
        let lists: [Vec<(u32, u8)>; 4] = [
            vec![(0, 1), (7, 0), (CHUNK - 1, 3), (CHUNK, 2), (5 * CHUNK + 3, 0)],
            vec![],
            vec![(CHUNK + 9, 1)],
            (0..3 * CHUNK).step_by(5).map(|offer| (offer, (offer % 4) as u8)).collect(),
        ];
        let mut all = Lists::default();
        lists.iter().for_each(|list| all.push(list.iter().copied()));
        assert_eq!(all.count(0), 5);
        for (number, list) in (0..).zip(&lists) {
            assert_eq!(all.iter(number).map(|(offer, tag, _)| (offer, tag)).collect::<Vec<_>>(), *list);
            for chunk in 0..7 {
                for places in [0..CHUNK as usize, 0..1, 7..8, 100..3_000, 9..CHUNK as usize] {
                    let within = all.within(all.cell(number, chunk), places.clone());
                    let found: Vec<u32> = all.postings(within).iter().map(|posting| chunk * CHUNK + place(*posting) as u32).collect();
                    let inside = |offer: &u32| offer / CHUNK == chunk && places.contains(&((offer % CHUNK) as usize));
                    assert_eq!(found, list.iter().map(|(offer, _)| *offer).filter(inside).collect::<Vec<_>>());
                }
            }
        }
    }
}
