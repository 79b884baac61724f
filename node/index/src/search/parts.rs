//! The postings of a query in one block.

use std::cell::OnceCell;
use std::ops::Range;

use super::criteria::{Criterion, List, Worth};
use super::sums::{Sums, units};
use crate::postings::{Posting, place, tag};

/// What the lists of a query hold in the block that was entered last.
#[derive(Default)]
pub(super) struct Parts<'s> {
    criteria: Vec<Criterion<'s>>,
    /// For each list, criterion by criterion, which postings; looked up when they are needed.
    ranges: Vec<OnceCell<Range<usize>>>,
    chunk: u32,
    /// How many criteria are summed up: the first ones.
    summed: usize,
    /// How many postings these have.
    pub postings: usize,
}

/// A list, and which of its postings.
#[derive(Clone, Copy)]
struct Part<'p, 's> {
    list: &'p List<'s>,
    range: &'p OnceCell<Range<usize>>,
    chunk: u32,
}

impl<'p> Part<'p, '_> {
    fn range(self) -> Range<usize> {
        self.range.get_or_init(|| self.list.lists.cell(self.list.number, self.chunk)).clone()
    }

    fn postings(self) -> &'p [Posting] {
        self.list.lists.postings(self.range())
    }

    /// The points of the offer at that place.
    fn points(self, sought: usize) -> u32 {
        let postings = self.postings();
        let Ok(at) = postings.binary_search_by_key(&sought, |posting| place(*posting)) else { return 0 };
        match &self.list.worth {
            Worth::ByTag(table) => table.points[tag(postings[at])],
            Worth::ByImpact(impacts, table) => table.points[usize::from(impacts[self.range().start + at])],
        }
    }
}

impl<'s> Parts<'s> {
    pub(super) fn new(criteria: Vec<Criterion<'s>>) -> Self {
        let lists = criteria.iter().map(|criterion| criterion.lists.len()).sum();
        Self { criteria, ranges: vec![OnceCell::new(); lists], ..Self::default() }
    }

    /// What is asked of content.
    pub(super) fn criteria(&self) -> &[Criterion<'s>] {
        &self.criteria
    }

    /// Goes to these places of a chunk, of which the postings of the first criteria are to be summed up.
    pub(super) fn enter(&mut self, summed: usize, chunk: u32, places: &Range<usize>) {
        (self.chunk, self.summed, self.postings) = (chunk, summed, 0);
        self.ranges.fill(OnceCell::new());
        let mut postings = 0;
        for part in self.each_criterion().take(summed).flatten() {
            let (list, lists) = (part.list, part.list.lists);
            let range = part.range.get_or_init(|| lists.within(lists.cell(list.number, chunk), places.clone()));
            postings += range.len();
        }
        self.postings = postings;
    }

    /// The parts of each criterion.
    fn each_criterion(&self) -> impl Iterator<Item = impl Iterator<Item = Part<'_, 's>> + Clone> {
        let (mut ranges, chunk) = (&self.ranges[..], self.chunk);
        self.criteria.iter().map(move |criterion| {
            let (own, others) = ranges.split_at(criterion.lists.len());
            ranges = others;
            criterion.lists.iter().zip(own).map(move |(list, range)| Part { list, range, chunk })
        })
    }

    /// The postings that are summed up.
    pub(super) fn each(&self) -> impl Iterator<Item = &[Posting]> {
        self.each_criterion().take(self.summed).flatten().map(Part::postings)
    }

    /// Adds them up, of each criterion at least what counts for an offer.
    pub(super) fn add(&self, sums: &mut Sums) {
        sums.begin();
        for ((number, criterion), parts) in (1..).zip(&self.criteria[..self.summed]).zip(self.each_criterion()) {
            let more = criterion.lists.iter().skip(1).map(|list| units(list.most)).chain([0]);
            for (part, more) in parts.zip(more) {
                let postings = part.postings();
                match &part.list.worth {
                    // Lists come with the most points first: an offer's first one counts, or a later one with at most so much more.
                    Worth::ByTag(table) if criterion.lists.len() > 1 => {
                        sums.add_first(postings, table.units.map(|units| units.max(more)), number)
                    }
                    Worth::ByTag(table) => sums.add_by_tag(postings, table.units),
                    Worth::ByImpact(impacts, table) => sums.add_by_impact(postings, &impacts[part.range()], &table.units),
                }
            }
        }
    }

    /// The points for content of the offer at that place.
    pub(super) fn points(&self, sought: usize) -> u32 {
        let best_of = |parts: &mut dyn Iterator<Item = Part<'_, 's>>| {
            let mut best = 0;
            for part in parts {
                if part.list.most <= best {
                    break;
                }
                best = best.max(part.points(sought));
            }
            best
        };
        self.each_criterion().map(|mut parts| best_of(&mut parts)).sum()
    }
}
