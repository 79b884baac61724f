//! The best hits so far.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use polder_model::PartnerId;
use polder_model::answer::Hit;
use polder_model::fault::{Fault, planted};
use polder_model::rank::order::TieHasher;
use polder_model::rank::{Plan, points};

use crate::entry::Found;

/// A hit, ordered worst last: the greatest of a heap is the first to leave.
#[derive(PartialEq, Eq)]
struct Candidate<'s> {
    score: u32,
    tie: u64,
    key: &'s str,
    version: u64,
}

impl Ord for Candidate<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        let ties = if planted(Fault::TieReversed) { other.tie.cmp(&self.tie) } else { self.tie.cmp(&other.tie) };
        other.score.cmp(&self.score).then(ties).then_with(|| self.key.cmp(other.key))
    }
}

impl PartialOrd for Candidate<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The best hits so far, and what it takes to be among them.
pub(super) struct Top<'s> {
    most: usize,
    ties: TieHasher,
    /// The most points that an offer can get beside those for its content.
    rest: u32,
    heap: BinaryHeap<Candidate<'s>>,
    /// The lowest score in a full heap.
    lowest: u32,
    more: bool,
}

impl<'s> Top<'s> {
    pub(super) fn new(plan: &Plan, home: &PartnerId, most: usize) -> Self {
        let criteria = &plan.query().criteria;
        let part = |asked: bool, most: u64| if asked { most } else { 0 };
        let rest = part(criteria.travel.is_some(), points::TRAVEL) + part(criteria.hours.is_some(), points::HOURS) + points::FRESHNESS;
        Self {
            most,
            ties: TieHasher::new(&plan.query().tie_key, home),
            rest: u32::try_from(rest).unwrap_or(u32::MAX),
            heap: BinaryHeap::with_capacity(most + 1),
            lowest: 0,
            more: false,
        }
    }

    /// Whether an offer with that many points for its content can change anything. Once it is known that there are more hits than are
    /// kept, one that cannot be among the best is not looked at.
    pub(super) fn may_enter(&self, content: u32) -> bool {
        !self.more || content + self.rest >= self.lowest
    }

    /// Takes a hit in, if it is among the best.
    pub(super) fn enter(&mut self, score: u32, key: &'s str, version: u64) {
        let full = self.heap.len() >= self.most;
        self.more |= full;
        if full && score < self.lowest {
            return;
        }
        let candidate = Candidate { score, tie: self.ties.hash(key), key, version };
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
            candidate.key.parse().ok().map(|key| Hit { key, version: candidate.version, score: candidate.score })
        };
        Found { hits: best.into_iter().filter_map(hit).collect(), more: self.more }
    }
}
