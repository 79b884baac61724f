//! Walking the posting lists of a query that asks for skills, occupations or words.
//!
//! Points are added up criterion by criterion, those first that have few postings for their points. Then offers are scored in full, the best
//! sums first, so that few need be. Once the criteria that are left cannot lift an offer among the best by themselves, their lists are not
//! walked at all (the idea of MaxScore): only offers that have been met already are asked for them.

use polder_model::rank::Plan;

use super::content::Content;
use super::criteria::{Criterion, Postings, criteria, words};
use super::rest::Rest;
use super::runs::{Run, for_each_run};
use super::scratch::Scratch;
use super::top::Top;
use crate::segment::Segment;
use crate::snapshot::View;

/// Before a criterion with more postings than this, the best offers so far are scored, to know whether it must be walked.
const MANY_POSTINGS: usize = 2_000;
/// So many times as many offers are scored first as hits are kept, since not all of them pass the filters.
const FIRST: usize = 3;

struct Walk<'s, 'w> {
    segment: &'s Segment,
    runs: &'w [Run],
    rest: &'w Rest<'s>,
    top: &'w mut Top<'s>,
    content: Content<'s>,
    /// One bit for each offer that is deleted or has been scored.
    done: Vec<u64>,
}

pub(super) fn walk<'s>(view: &'s View, plan: &Plan, runs: &[Run], rest: &Rest<'s>, top: &mut Top<'s>) {
    let segment = &*view.segment;
    let words = words(segment, plan);
    let criteria = criteria(segment, plan, &words);
    let content = Content::new(segment, plan, words);
    let mut walk = Walk { segment, runs, rest, top, content, done: view.deleted().to_vec() };
    Scratch::with(segment.len(), |sums| walk.run(&criteria, sums));
}

impl<'s> Walk<'s, '_> {
    fn run(&mut self, criteria: &[Criterion<'s>], sums: &mut Scratch) {
        let farthest = self.runs.iter().map(|run| run.travel).max().unwrap_or(0);
        // The most points of the criteria that have not been walked.
        let mut left: u32 = criteria.iter().map(Criterion::most).sum();
        for (mark, criterion) in (1..).zip(criteria) {
            if criterion.postings > MANY_POSTINGS {
                self.score_first(sums, left);
            }
            if !self.top.may_enter(left + farthest + self.rest.most) {
                break;
            }
            self.add(criterion, mark, sums);
            left -= criterion.most();
        }
        self.score_first(sums, left);
        for offer in sums.met() {
            self.score(*offer, sums.sum(*offer), left);
        }
    }

    fn add(&self, criterion: &Criterion<'s>, mark: u32, sums: &mut Scratch) {
        for list in &criterion.lists {
            match list.postings {
                Postings::Same(offers) => for_each_run(offers, self.runs, |run, inside| {
                    offers[inside].iter().for_each(|offer| sums.add(*offer, run.travel, list.points, mark));
                }),
                Postings::Word(place) => {
                    let word = self.content.word(place);
                    for_each_run(word.offers, self.runs, |run, inside| {
                        for (offer, impact) in word.offers[inside.clone()].iter().zip(&word.impacts[inside]) {
                            let points = word.points[usize::from(*impact)];
                            if points > 0 {
                                sums.add(*offer, run.travel, points, mark);
                            }
                        }
                    });
                }
            }
        }
    }

    /// Scores the best offers so far.
    fn score_first(&mut self, sums: &Scratch, left: u32) {
        let level = sums.level(self.top.most() * FIRST);
        for offer in sums.met() {
            let sum = sums.sum(*offer);
            if sum >= level {
                self.score(*offer, sum, left);
            }
        }
    }

    /// Scores an offer, if it can come among the best, with that sum of points for travel and the criteria that have been walked, and at most
    /// `left` more for content.
    fn score(&mut self, offer: u32, sum: u32, left: u32) {
        if !self.top.may_enter(sum + left + self.rest.most) || !self.top.may_enter(sum + left + self.rest.most_of(offer)) {
            return;
        }
        let (word, bit) = (&mut self.done[offer as usize / 64], 1 << (offer % 64));
        if *word & bit != 0 {
            return;
        }
        *word |= bit;
        let run = &self.runs[self.runs.partition_point(|run| run.offers.end <= offer)];
        let Some(rest) = self.rest.points(offer, run) else { return };
        if self.top.may_enter(sum - run.travel + left + rest) {
            let content = if left == 0 { sum - run.travel } else { self.content.coded(offer) + self.content.text(offer) };
            self.top.enter(content + rest, self.segment, offer);
        }
    }
}
