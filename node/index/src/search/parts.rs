//! The postings of a query in one block.

use std::cell::OnceCell;
use std::ops::Range;

use super::criteria::{Criterion, List, Worth};
use super::sums::{Sums, units};
use crate::postings::{Posting, place};

/// What the lists of a query hold in one block.
pub(super) struct Parts<'w, 's> {
    chunk: u32,
    /// Criterion by criterion.
    parts: Vec<Vec<Part<'w, 's>>>,
    /// How many criteria are summed up: the first ones.
    summed: usize,
    /// How many postings these have.
    pub postings: usize,
}

struct Part<'w, 's> {
    list: &'w List<'s>,
    /// Which postings; looked up when they are needed.
    range: OnceCell<Range<usize>>,
}

impl Part<'_, '_> {
    fn range(&self, chunk: u32) -> Range<usize> {
        self.range.get_or_init(|| self.list.lists.cell(self.list.number, chunk)).clone()
    }

    fn postings(&self, chunk: u32) -> &[Posting] {
        self.list.lists.postings(self.range(chunk))
    }

    /// The points of the offer at that place.
    fn points(&self, chunk: u32, sought: usize) -> u32 {
        let range = self.range(chunk);
        let postings = self.list.lists.postings(range.clone());
        let Ok(at) = postings.binary_search_by_key(&sought, |posting| place(*posting)) else { return 0 };
        match &self.list.worth {
            Worth::ByTag(table) => table.points[crate::postings::tag(postings[at])],
            Worth::ByImpact(impacts, table) => table.points[usize::from(impacts[range.start + at])],
        }
    }
}

impl<'w, 's> Parts<'w, 's> {
    /// The parts in these places of a chunk, of which those of the first criteria are to be summed up.
    pub(super) fn new(criteria: &'w [Criterion<'s>], summed: usize, chunk: u32, places: &Range<usize>) -> Self {
        let part = |list: &'w List<'s>| Part { list, range: OnceCell::new() };
        let parts = criteria.iter().map(|criterion| criterion.lists.iter().map(part).collect()).collect();
        let mut parts = Self { chunk, parts, summed, postings: 0 };
        for part in parts.summed() {
            let lists = part.list.lists;
            let range = lists.within(lists.cell(part.list.number, chunk), places.clone());
            let _ = part.range.set(range);
        }
        parts.postings = parts.summed().map(|part| part.range(chunk).len()).sum();
        parts
    }

    fn summed(&self) -> impl Iterator<Item = &Part<'w, 's>> {
        self.parts[..self.summed].iter().flatten()
    }

    /// The postings that are summed up.
    pub(super) fn each(&self) -> impl Iterator<Item = &[Posting]> {
        self.summed().map(|part| part.postings(self.chunk))
    }

    /// Adds them up, of each criterion at least what counts for an offer.
    pub(super) fn add(&self, sums: &mut Sums) {
        sums.begin();
        for (number, parts) in (1..).zip(&self.parts[..self.summed]) {
            let more = parts.iter().skip(1).map(|part| units(part.list.most)).chain([0]);
            for (part, more) in parts.iter().zip(more) {
                let postings = part.postings(self.chunk);
                match &part.list.worth {
                    // Lists come with the most points first: an offer's first one counts, or a later one with at most so much more.
                    Worth::ByTag(table) if parts.len() > 1 => sums.add_first(postings, table.units.map(|units| units.max(more)), number),
                    Worth::ByTag(table) => sums.add_by_tag(postings, table.units),
                    Worth::ByImpact(impacts, table) => sums.add_by_impact(postings, &impacts[part.range(self.chunk)], &table.units),
                }
            }
        }
    }

    /// The points for content of the offer at that place.
    pub(super) fn points(&self, sought: usize) -> u32 {
        let best_of = |parts: &Vec<Part<'w, 's>>| {
            let mut best = 0;
            for part in parts {
                if part.list.most <= best {
                    break;
                }
                best = best.max(part.points(self.chunk, sought));
            }
            best
        };
        self.parts.iter().map(best_of).sum()
    }
}
