//! The best hits so far.

use std::cell::OnceCell;
use std::cmp::Ordering;
use std::collections::BinaryHeap;

use polder_model::PartnerId;
use polder_model::answer::Hit;
use polder_model::fault::{Fault, planted};
use polder_model::rank::Plan;
use polder_model::rank::order::{TieHasher, by_score_and_tie};

use crate::entry::Found;
use crate::segment::Segment;

/// A hit, ordered worst last: the greatest of a heap is the first to leave. Key and tie hash are only looked up where scores are equal.
struct Candidate<'s> {
    score: u32,
    offer: u32,
    segment: &'s Segment,
    ties: TieHasher,
    tie: OnceCell<u64>,
}

impl<'s> Candidate<'s> {
    fn key(&self) -> &'s str {
        self.segment.keys.get(self.offer)
    }

    fn tie(&self) -> u64 {
        *self.tie.get_or_init(|| self.ties.hash(self.key()))
    }
}

impl Ord for Candidate<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        if self.score != other.score {
            return by_score_and_tie((self.score, 0), (other.score, 0));
        }
        by_score_and_tie((self.score, self.tie()), (other.score, other.tie())).then_with(|| self.key().cmp(other.key()))
    }
}

impl PartialOrd for Candidate<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Candidate<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Candidate<'_> {}

/// The best hits so far, and what it takes to be among them.
pub(super) struct Top<'s> {
    most: usize,
    ties: TieHasher,
    heap: BinaryHeap<Candidate<'s>>,
    /// The lowest score in a full heap.
    lowest: u32,
    more: bool,
}

impl<'s> Top<'s> {
    pub(super) fn new(plan: &Plan, home: &PartnerId, most: usize) -> Self {
        Self { most, ties: TieHasher::new(&plan.query().tie_key, home), heap: BinaryHeap::with_capacity(most + 1), lowest: 0, more: false }
    }

    /// How many hits are kept.
    pub(super) fn most(&self) -> usize {
        self.most
    }

    /// The least score that can change anything: once it is known that there are more hits than are kept, the lowest score among the best.
    pub(super) fn needed(&self) -> u32 {
        if self.more { self.lowest } else { 0 }
    }

    /// Whether an offer with at most that score can change anything.
    pub(super) fn may_enter(&self, score: u32) -> bool {
        score >= self.needed()
    }

    /// Takes a hit in, if it is among the best.
    pub(super) fn enter(&mut self, score: u32, segment: &'s Segment, offer: u32) {
        let full = self.heap.len() >= self.most;
        self.more |= full;
        if full && score < self.lowest {
            return;
        }
        let candidate = Candidate { score, offer, segment, ties: self.ties, tie: OnceCell::new() };
        if full {
            if self.heap.peek().is_some_and(|worst| candidate > *worst) {
                return;
            }
            self.heap.pop();
        }
        self.heap.push(candidate);
        if self.heap.len() >= self.most {
            self.lowest = self.heap.peek().map_or(0, |worst| worst.score);
        }
    }

    pub(super) fn into_found(self) -> Found {
        let mut best = self.heap.into_sorted_vec();
        if planted(Fault::TieOffByOne)
            && let Some(at) = best.windows(2).position(|two| two[0].score == two[1].score)
        {
            best.remove(at + 1);
        }
        // Every key in the index was an OfferKey when it came in.
        let hit = |candidate: Candidate<'_>| {
            let version = candidate.segment.versions.get(candidate.offer);
            candidate.key().parse().ok().map(|key| Hit { key, version, score: candidate.score })
        };
        Found { hits: best.into_iter().filter_map(hit).collect(), more: self.more }
    }
}
