//! What a reader sees: the segments as they were at one moment.

use std::sync::Arc;

use polder_model::rank::Plan;
use polder_model::{Date, Kind, PartnerId};

use crate::entry::Found;
use crate::search::{self, Kernel};
use crate::segment::{Bytes, Segment};

/// A segment, and which of its offers are deleted or replaced.
#[derive(Clone, Debug)]
pub(crate) struct View {
    pub segment: Arc<Segment>,
    /// One bit for each offer.
    deleted: Arc<Vec<u64>>,
    live: usize,
}

impl View {
    pub(crate) fn new(segment: Segment) -> Self {
        let words = segment.len().div_ceil(64);
        Self { live: segment.len(), segment: Arc::new(segment), deleted: Arc::new(vec![0; words]) }
    }

    pub(crate) fn is_deleted(&self, offer: u32) -> bool {
        self.deleted[offer as usize / 64] >> (offer % 64) & 1 == 1
    }

    /// A view that was written down.
    pub(crate) fn restored(segment: Segment, deleted: Vec<u64>) -> Self {
        let gone: usize = deleted.iter().map(|word| word.count_ones() as usize).sum();
        Self { live: segment.len().saturating_sub(gone), segment: Arc::new(segment), deleted: Arc::new(deleted) }
    }

    /// One bit for each deleted offer.
    pub(crate) fn deleted(&self) -> &[u64] {
        &self.deleted
    }

    /// Marks the offer with that key as deleted.
    pub(crate) fn delete(&mut self, key: &str) {
        if let Some(offer) = self.segment.find(key)
            && !self.is_deleted(offer)
        {
            Arc::make_mut(&mut self.deleted)[offer as usize / 64] |= 1 << (offer % 64);
            self.live -= 1;
        }
    }

    /// The offers that are deleted here and were not in an earlier view of the same segment.
    pub(crate) fn deleted_since(&self, earlier: &Self) -> impl Iterator<Item = u32> {
        let words = self.deleted.iter().zip(&*earlier.deleted).zip((0_u32..).step_by(64));
        words.flat_map(|((now, before), first)| {
            let new = now & !before;
            (0..64).filter(move |bit| new >> bit & 1 == 1).map(move |bit| first + bit)
        })
    }

    /// How many offers are not deleted.
    pub(crate) fn live(&self) -> usize {
        self.live
    }

    /// How many of them have not closed by that day.
    fn open(&self, today: Date) -> usize {
        (0_u32..).zip(&self.segment.rows).filter(|(offer, row)| !self.is_deleted(*offer) && !row.closed(today)).count()
    }
}

/// The segments of each kind, largest first.
pub(crate) type Views = [Vec<View>; 3];

pub(crate) const fn place_of(kind: Kind) -> usize {
    match kind {
        Kind::Vacancy => 0,
        Kind::Training => 1,
        Kind::SkillOffer => 2,
    }
}

/// The index as it was at one moment. Later changes do not touch it.
#[derive(Debug)]
pub struct Snapshot {
    pub(crate) home: PartnerId,
    pub(crate) views: Views,
    kernel: Kernel,
}

impl Snapshot {
    pub(crate) fn new(home: PartnerId, views: Views) -> Self {
        Self { home, views, kernel: Kernel::best() }
    }

    /// The same, searched with that kernel: for measuring and for tests.
    #[must_use]
    pub fn with_kernel(&self, kernel: Kernel) -> Self {
        Self { home: self.home.clone(), views: self.views.clone(), kernel }
    }

    /// The best `most` hits of this partner's offers for a query.
    #[must_use]
    pub fn search(&self, plan: &Plan, most: usize) -> Found {
        self.search_while(plan, most, &|| true).unwrap_or_default()
    }

    /// As [`Snapshot::search`], but gives up, with `None`, once `goes_on` says `false`. It is asked every millisecond or so, more seldom for
    /// questions with many related skills.
    #[must_use]
    pub fn search_while(&self, plan: &Plan, most: usize, goes_on: &dyn Fn() -> bool) -> Option<Found> {
        search::search(&self.home, &self.views[place_of(plan.query().kind)], plan, most, self.kernel, goes_on)
    }

    /// How many offers of that kind there are.
    #[must_use]
    pub fn count(&self, kind: Kind) -> usize {
        self.views[place_of(kind)].iter().map(View::live).sum()
    }

    /// How many offers of that kind can be found on a day: those that have not closed. All of them are looked at.
    #[must_use]
    pub fn open(&self, kind: Kind, today: Date) -> usize {
        self.views[place_of(kind)].iter().map(|view| view.open(today)).sum()
    }

    /// How many segments it has.
    #[must_use]
    pub fn segments(&self) -> usize {
        self.views.iter().map(|views| views.len()).sum()
    }

    /// About how many bytes the index takes.
    #[must_use]
    pub fn bytes(&self) -> Bytes {
        self.views.iter().flatten().fold(Bytes::default(), |sum, view| {
            let Bytes { columns, ids, codes, text } = view.segment.bytes();
            let marks = view.deleted.len() * size_of::<u64>();
            Bytes { columns: sum.columns + columns + marks, ids: sum.ids + ids, codes: sum.codes + codes, text: sum.text + text }
        })
    }
}
