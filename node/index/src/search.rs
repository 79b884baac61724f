//! Answering a query from the segments.

use std::cell::RefCell;
use std::ops::Range;

use polder_model::PartnerId;
use polder_model::code::Importance;
use polder_model::fault::{Fault, planted};
use polder_model::rank::{Plan, filter, points};

use crate::entry::Found;
use crate::segment::Segment;
use crate::snapshot::View;
use top::Top;

mod top;

/// The mark of occupations; those of skills are 1–50.
const OCCUPATION_MARK: u8 = u8::MAX;

/// The best `most` hits over these views.
pub(crate) fn search(home: &PartnerId, views: &[View], plan: &Plan, most: usize) -> Found {
    let mut top = Top::new(plan, home, most);
    SCRATCH.with_borrow_mut(|scratch| {
        for view in views {
            Search { home, view, plan }.run(scratch, &mut top);
        }
    });
    top.into_found()
}

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

/// Accumulators, all zero between searches.
#[derive(Default)]
struct Scratch {
    slots: Vec<Slot>,
    touched: Vec<u32>,
}

/// What has been added up for one offer.
#[derive(Clone, Copy, Default)]
struct Slot {
    points: u32,
    /// The criterion that added last: of several matches of one criterion only the first, which is the best, counts.
    mark: u8,
}

impl Scratch {
    fn add(&mut self, offer: u32, points: u32) {
        let slot = &mut self.slots[offer as usize];
        if slot.points == 0 {
            self.touched.push(offer);
        }
        slot.points += points;
    }

    fn add_once(&mut self, offer: u32, points: u32, mark: u8) {
        if self.slots[offer as usize].mark != mark {
            self.add(offer, points);
            self.slots[offer as usize].mark = mark;
        }
    }
}

struct Search<'s> {
    home: &'s PartnerId,
    view: &'s View,
    plan: &'s Plan,
}

impl<'s> Search<'s> {
    fn run(&self, scratch: &mut Scratch, top: &mut Top<'s>) {
        let runs = self.runs();
        if !self.plan.query().criteria.asks_content() {
            runs.into_iter().flatten().for_each(|offer| self.consider(offer, 0, top));
            return;
        }
        if scratch.slots.len() < self.segment().len() {
            scratch.slots.resize(self.segment().len(), Slot::default());
        }
        self.add_skills(scratch, &runs);
        self.add_occupations(scratch, &runs);
        self.add_text(scratch, &runs);
        for offer in &scratch.touched {
            let slot = std::mem::take(&mut scratch.slots[*offer as usize]);
            self.consider(*offer, slot.points, top);
        }
        scratch.touched.clear();
    }

    fn segment(&self) -> &'s Segment {
        &self.view.segment
    }

    /// The offers that may be within reach: runs of placed ones, and all that can be taken up elsewhere.
    fn runs(&self) -> Vec<Range<u32>> {
        let (segment, all) = (self.segment(), u32::try_from(self.segment().len()).unwrap_or(u32::MAX));
        let Some(travel) = &self.plan.query().criteria.travel else { return vec![Range { start: 0, end: all }] };
        let mut runs: Vec<Range<u32>> = Vec::new();
        let reached = travel.reach.iter().filter(|row| row.distance(travel.measure) <= travel.limit);
        for run in reached.map(|row| segment.run(row.0.number())).chain(std::iter::once(segment.placed()..all)) {
            match runs.last_mut() {
                Some(last) if last.end == run.start => last.end = run.end,
                _ if run.is_empty() => {}
                _ => runs.push(run),
            }
        }
        runs
    }

    fn add_skills(&self, scratch: &mut Scratch, runs: &[Range<u32>]) {
        let asked = &self.plan.query().criteria.skills;
        let mut lists = Vec::new();
        for (uri, matches) in self.plan.skill_matches() {
            let Some(by_importance) = self.segment().skills.get(uri) else { continue };
            for found in matches {
                for (importance, list) in Importance::ALL.iter().zip(by_importance) {
                    lists.push((found.skill, std::cmp::Reverse(found.worth(*importance)), list));
                }
            }
        }
        lists.sort_unstable_by_key(|(skill, worth, _)| (*skill, *worth));
        for (skill, worth, list) in lists {
            let points = points::skill(self.plan.skill_weight(), asked[skill].weight, worth.0);
            let mark = u8::try_from(skill + 1).unwrap_or(OCCUPATION_MARK - 1);
            self.add_list(scratch, runs, list, points, mark);
        }
    }

    fn add_occupations(&self, scratch: &mut Scratch, runs: &[Range<u32>]) {
        let asked = self.plan.query().criteria.occupations.iter();
        let mut lists: Vec<_> = asked.filter_map(|asked| Some((asked.factor, self.segment().occupations.get(&asked.uri)?))).collect();
        lists.sort_by_key(|(factor, _)| std::cmp::Reverse(*factor));
        for (factor, list) in lists {
            self.add_list(scratch, runs, list, points::occupation(factor), OCCUPATION_MARK);
        }
    }

    fn add_list(&self, scratch: &mut Scratch, runs: &[Range<u32>], list: &Range<u32>, points: u32, mark: u8) {
        if points > 0 {
            for_each_within(self.segment().list(list), runs, |offer| *offer, |offer| scratch.add_once(*offer, points, mark));
        }
    }

    fn add_text(&self, scratch: &mut Scratch, runs: &[Range<u32>]) {
        for asked in &self.plan.query().criteria.text {
            let total = self.plan.text_weight();
            let mut by_impact = [0; 256];
            (0..=u8::MAX).for_each(|impact| by_impact[usize::from(impact)] = points::text(total, asked.weight, impact));
            let list = self.segment().term(&asked.term);
            for_each_within(
                list,
                runs,
                |posting| posting.0,
                |(offer, impact)| {
                    let points = by_impact[usize::from(*impact)];
                    if points > 0 {
                        scratch.add(*offer, points);
                    }
                },
            );
        }
    }

    /// Looks at an offer with that many points for its content: filters, remaining points, place among the best.
    fn consider(&self, offer: u32, content: u32, top: &mut Top<'s>) {
        if !top.may_enter(content) || self.view.is_deleted(offer) {
            return;
        }
        let (segment, plan) = (self.segment(), self.plan);
        let (query, row) = (plan.query(), &segment.rows[offer as usize]);
        if row.closed(plan.today()) && !planted(Fault::ClosingDateIgnored) || !row.passes(plan) {
            return;
        }
        let audience = &segment.audiences[row.audience as usize];
        if !audience.admits(&query.asker, self.home, query.purpose, plan.today()) && !planted(Fault::AudienceIgnored) {
            return;
        }
        if !filter::speaks(plan, &segment.language_sets[row.languages as usize]) {
            return;
        }
        let many = row.has_many_openings();
        let only = [row.opening()];
        let openings = if many { segment.many_openings(offer) } else { &only };
        let live = openings.iter().filter(|opening| filter::live(plan, query.kind, opening) && filter::starts(plan, opening));
        let Some(distance) = live.filter_map(|opening| filter::distance(plan, opening)).map(|(distance, _)| distance).min() else { return };
        let travel = query.criteria.travel.as_ref().map_or(0, |travel| points::travel(travel.limit, distance));
        top.enter(content + travel + row.points(plan), segment.keys.get(offer), row.version);
    }
}

/// Calls `each` for the postings whose offers lie within the runs. Both are in the order of offers.
fn for_each_within<P>(mut list: &[P], runs: &[Range<u32>], offer: impl Fn(&P) -> u32, mut each: impl FnMut(&P)) {
    for run in runs {
        let skipped = gallop(list, |posting| offer(posting) < run.start);
        list = &list[skipped..];
        let inside = gallop(list, |posting| offer(posting) < run.end);
        list[..inside].iter().for_each(&mut each);
        list = &list[inside..];
        if list.is_empty() {
            return;
        }
    }
}

/// How many leading postings are `before`: doubling steps, then halving ones.
fn gallop<P>(list: &[P], before: impl Fn(&P) -> bool) -> usize {
    let mut bound = 1;
    while bound < list.len() && before(&list[bound - 1]) {
        bound *= 2;
    }
    let (low, high) = (bound / 2, bound.min(list.len()));
    low + list[low..high].partition_point(before)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn galloping_finds_the_partition_point() {
        for length in 0..40_u32 {
            let list: Vec<u32> = (0..length).collect();
            for bound in 0..45 {
                assert_eq!(gallop(&list, |value| *value < bound), bound.min(length) as usize, "{length} {bound}");
            }
        }
    }
}
