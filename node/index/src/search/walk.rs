//! Finding the best offers of one view.
//!
//! In each block, the nearest first, bounds on the scores are added up from the posting lists of what is asked. The offers with the highest
//! bounds are then scored exactly, until no bound is left that could come among the best. Criteria that cannot lift an offer among the
//! best by themselves are left out of the sums where that spares work (the idea of MaxScore).

use std::ops::Range;

use polder_model::rank::Plan;

use super::blocks::{Block, Run, blocks, runs};
use super::criteria::criteria;
use super::freshness::Freshness;
use super::kernel::Kernel;
use super::parts::Parts;
use super::rest::Rest;
use super::sums::{Candidate, Sums, place_of, plus, points, sum_of, units};
use super::top::Top;
use crate::postings::{CHUNK, chunk};
use crate::row::{Row, Stated};
use crate::segment::Segment;
use crate::snapshot::View;

/// A block with fewer offers than this for each posting is summed up whole.
const DENSE: usize = 8;
/// So many offers of a block are looked at first, then as many again as were looked at: what the first ones score spares work on the others.
const FIRST: usize = 1_024;
/// What is read of so many candidates is read together, so that the processor waits for memory once and not for each.
const GROUP: usize = 16;
/// So many times as many offers as hits are kept are scored before the others are looked at again.
const BATCH: usize = 4;
/// Criteria are left out only while they have more than this many postings in a chunk, on average.
const MANY: usize = CHUNK as usize / 16;

pub(super) struct Walk<'s, 'w> {
    view: &'s View,
    segment: &'s Segment,
    asks_content: bool,
    rest: Rest<'s>,
    freshness: Freshness,
    parts: Parts<'s>,
    runs: Vec<Run>,
    top: &'w mut Top<'s>,
    candidates: Vec<Candidate>,
    kernel: Kernel,
    /// Whether there is still time.
    goes_on: &'w dyn Fn() -> bool,
}

/// What the sums of a block hold.
#[derive(Clone, Copy)]
struct Summed {
    /// Whether travel and freshness are in them.
    whole: bool,
    /// Whether hours are in them, and none are left that the conditions exclude.
    refined: bool,
    /// The most points for the criteria that are not in them.
    left_out: u32,
}

/// What is read of a candidate before it is scored.
#[derive(Clone, Copy, Default)]
struct Read {
    deleted: bool,
    stated: Stated,
    row: Row,
    day: u16,
}

/// `None` where time was up.
pub(super) fn walk<'s>(
    view: &'s View,
    plan: &'s Plan,
    rest: Rest<'s>,
    top: &mut Top<'s>,
    kernel: Kernel,
    goes_on: &dyn Fn() -> bool,
) -> Option<()> {
    let segment = &*view.segment;
    let runs = runs(segment, plan);
    let mut walk = Walk {
        view,
        segment,
        asks_content: plan.query().criteria.asks_content(),
        rest,
        freshness: Freshness::new(plan),
        parts: Parts::new(criteria(segment, plan)),
        runs,
        top,
        candidates: Vec::new(),
        kernel,
        goes_on,
    };
    let blocks = blocks(&walk.runs);
    Sums::with(|sums| blocks.iter().try_for_each(|block| walk.block(block, sums)))
}

impl<'s> Walk<'s, '_> {
    fn block(&mut self, block: &Block, sums: &mut Sums) -> Option<()> {
        if !(self.goes_on)() {
            return None;
        }
        if self.asks_content && self.parts.criteria().is_empty() {
            return Some(());
        }
        let beside = block.travel + points(Freshness::most()) + self.rest.conditions.most_hours;
        let content: u32 = self.parts.criteria().iter().map(|criterion| criterion.most).sum();
        if !self.top.may_enter(beside + content) {
            return Some(());
        }
        let (walked, left_out) = self.left_out(beside);
        let mut parts = std::mem::take(&mut self.parts);
        let places = (block.offers.start % CHUNK) as usize..(block.offers.start % CHUNK) as usize + block.offers.len();
        parts.enter(walked, chunk(block.offers.start), &places);
        let summed = Summed { whole: !self.asks_content || parts.postings * DENSE > places.len(), refined: false, left_out };
        if parts.postings > 0 || !self.asks_content {
            if summed.whole {
                self.fill(block, sums)
            } else {
                parts.each().for_each(|postings| sums.clear(postings))
            }
            parts.add(sums);
            self.seek(block, &places, &parts, summed, sums)?;
        }
        self.parts = parts;
        Some(())
    }

    /// How many criteria are walked, and the most points for the others.
    fn left_out(&self, beside: u32) -> (usize, u32) {
        let criteria = self.parts.criteria();
        let (mut walked, mut left_out) = (criteria.len(), 0);
        let spare = self.top.needed().saturating_sub(beside) / 4;
        while let Some(last) = walked.checked_sub(1).map(|last| &criteria[last])
            && last.postings > self.segment.len() / (CHUNK as usize / MANY)
            && left_out + last.most < spare
        {
            left_out += last.most;
            walked -= 1;
        }
        (walked, left_out)
    }

    /// Begins the sums of a block with travel and freshness.
    fn fill(&self, block: &Block, sums: &mut Sums) {
        let first = block.offers.start / CHUNK * CHUNK;
        let mut done = block.offers.start;
        for run in &self.runs[block.runs.clone()] {
            let (start, end) = (run.offers.start.max(block.offers.start), run.offers.end.min(block.offers.end));
            sums.slots((done - first) as usize..(start - first) as usize).fill(0);
            let travel = units(run.travel);
            let days = &self.segment.days[start as usize..end as usize];
            self.kernel.fill(sums.slots((start - first) as usize..(end - first) as usize), days, travel, self.freshness);
            done = end;
        }
    }

    /// The units that an offer must have to come among the best.
    fn least(&self, block: &Block, summed: Summed) -> u16 {
        let beside = if summed.whole { 0 } else { block.travel + points(Freshness::most()) };
        let hours = if summed.refined { 0 } else { self.rest.conditions.most_hours };
        units(self.top.needed().saturating_sub(summed.left_out + hours + beside))
    }

    /// Finds the candidates of a block and scores them, some at a time: what they score spares others.
    fn seek(&mut self, block: &Block, places: &Range<usize>, parts: &Parts<'s>, summed: Summed, sums: &mut Sums) -> Option<()> {
        let mut lists = parts.each();
        let mut start = places.start;
        while start < places.end {
            let least = self.least(block, summed);
            // Whether every offer with such a sum has content.
            let telling = u32::from(least) > u32::from(units(block.travel)) + u32::from(Freshness::most());
            if summed.whole && (telling || !self.asks_content) {
                let end = places.end.min(start + FIRST.max(start - places.start));
                sums.at_least(least, start..end, self.kernel, &mut self.candidates);
                start = end;
            } else {
                match lists.next() {
                    Some(postings) => sums.take_at_least(least, postings, &mut self.candidates),
                    None => start = places.end,
                }
                if start < places.end && self.candidates.len() < FIRST {
                    continue;
                }
            }
            self.score_candidates(block, parts, summed)?;
        }
        Some(())
    }

    /// Scores candidates, the highest bounds first, until none is left that may come among the best.
    fn score_candidates(&mut self, block: &Block, parts: &Parts<'s>, mut summed: Summed) -> Option<()> {
        let mut candidates = std::mem::take(&mut self.candidates);
        let mut batch = self.top.most() * BATCH;
        while !candidates.is_empty() {
            if !(self.goes_on)() {
                return None;
            }
            if !summed.refined && self.top.needed() > 0 {
                self.refine(block, &mut candidates);
                summed.refined = true;
            }
            let least = self.least(block, summed);
            candidates.retain(|candidate| sum_of(*candidate) >= least);
            let rest = candidates.len().saturating_sub(batch);
            if rest > 0 {
                candidates.select_nth_unstable(rest);
            }
            for group in candidates[rest..].chunks(GROUP) {
                self.score_group(block, parts, summed, group);
            }
            candidates.truncate(rest);
            batch *= 2;
        }
        self.candidates = candidates;
        Some(())
    }

    /// Leaves those that the conditions let pass, and adds the units for hours to them.
    fn refine(&self, block: &Block, candidates: &mut Vec<Candidate>) {
        let first = block.offers.start / CHUNK * CHUNK;
        let mut kept = 0;
        for start in (0..candidates.len()).step_by(GROUP) {
            let end = candidates.len().min(start + GROUP);
            let mut group = [(0, Stated::default()); GROUP];
            for (candidate, of_group) in candidates[start..end].iter().zip(&mut group) {
                *of_group = (*candidate, self.rest.stated(first + place_of(*candidate)));
            }
            for (candidate, stated) in &group[..end - start] {
                let (passes, hours) = self.rest.conditions.points(*stated);
                candidates[kept] = plus(*candidate, units(hours));
                kept += usize::from(passes);
            }
        }
        candidates.truncate(kept);
    }

    fn score_group(&mut self, block: &Block, parts: &Parts<'s>, summed: Summed, candidates: &[Candidate]) {
        let first = block.offers.start / CHUNK * CHUNK;
        let mut group = [Read::default(); GROUP];
        for (candidate, read) in candidates.iter().zip(&mut group) {
            let offer = first + place_of(*candidate);
            let (stated, row, day) = (self.rest.stated(offer), self.rest.row(offer), self.segment.days[offer as usize]);
            *read = Read { deleted: self.view.is_deleted(offer), stated, row, day };
        }
        for (candidate, read) in candidates.iter().zip(group) {
            if !read.deleted {
                self.score(block, parts, summed, *candidate, read);
            }
        }
    }

    fn score(&mut self, block: &Block, parts: &Parts<'s>, summed: Summed, candidate: Candidate, read: Read) {
        let (sum, offer) = (sum_of(candidate), block.offers.start / CHUNK * CHUNK + place_of(candidate));
        if sum < self.least(block, summed) {
            return;
        }
        let runs = &self.runs[block.runs.clone()];
        let Some(run) = runs.get(runs.partition_point(|run| run.offers.end <= offer)).filter(|run| run.offers.contains(&offer)) else {
            return;
        };
        let beside = units(run.travel) + self.freshness.units(read.day);
        let (passes, hours) = self.rest.conditions.points(read.stated);
        if !passes {
            return;
        }
        let counted = if summed.whole { beside } else { 0 } + if summed.refined { units(hours) } else { 0 };
        let content = points(sum.saturating_sub(counted)) + summed.left_out;
        if !self.top.may_enter(points(beside) + content + hours) {
            return;
        }
        let Some(rest) = self.rest.points(offer, read.row, run, hours) else { return };
        if !self.top.may_enter(rest + content) {
            return;
        }
        let content = parts.points(place_of(candidate) as usize);
        if content > 0 || !self.asks_content {
            self.top.enter(content + rest, self.segment, offer);
        }
    }
}
