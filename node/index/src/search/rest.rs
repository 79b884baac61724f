//! What an offer gets beside the points for content, if it passes the filters.

use std::cell::RefCell;

use polder_model::PartnerId;
use polder_model::fault::{Fault, planted};
use polder_model::features::Opening;
use polder_model::rank::{Plan, filter, points};

use super::blocks::Run;
use super::conditions::Conditions;
use crate::row::{Row, Stated};
use crate::segment::Segment;

pub(super) struct Rest<'s> {
    home: &'s PartnerId,
    segment: &'s Segment,
    plan: &'s Plan,
    /// Whether the offers of each class may be seen, and their languages are spoken and licences held, where that is known already.
    classes: RefCell<Vec<Option<bool>>>,
    pub conditions: Conditions,
}

impl<'s> Rest<'s> {
    pub(super) fn new(home: &'s PartnerId, segment: &'s Segment, plan: &'s Plan) -> Self {
        let classes = RefCell::new(vec![None; segment.classes.len()]);
        Self { home, segment, plan, classes, conditions: Conditions::new(plan) }
    }

    /// What the conditions look at.
    #[inline]
    pub(super) fn stated(&self, offer: u32) -> Stated {
        self.segment.stated[offer as usize]
    }

    /// What else is read of one.
    #[inline]
    pub(super) fn row(&self, offer: u32) -> Row {
        self.segment.rows[offer as usize]
    }

    /// The points for travel, hours and freshness of an offer that the conditions let pass, with these points for hours; `None` where
    /// another filter does not pass.
    pub(super) fn points(&self, offer: u32, row: Row, run: &Run, hours: u32) -> Option<u32> {
        if row.closed(self.plan.today()) && !planted(Fault::ClosingDateIgnored) || !self.admits(row) {
            return None;
        }
        let modified = self.segment.modified(offer);
        if self.plan.query().criteria.modified_since.is_some_and(|since| modified < since) {
            return None;
        }
        let freshness = points::freshness(points::days(self.plan.query().as_of, modified));
        Some(self.travel(offer, row, run)? + hours + freshness)
    }

    fn admits(&self, row: Row) -> bool {
        let place = row.class() as usize;
        let known = self.classes.borrow()[place];
        known.unwrap_or_else(|| {
            let (class, query) = (&self.segment.classes[place], self.plan.query());
            let seen = class.audience.admits(&query.asker, self.home, query.purpose, self.plan.today()) || planted(Fault::AudienceIgnored);
            let admits = seen && filter::speaks(self.plan, &class.languages) && filter::holds(self.plan, class.licences);
            self.classes.borrow_mut()[place] = Some(admits);
            admits
        })
    }

    fn travel(&self, offer: u32, row: Row, run: &Run) -> Option<u32> {
        if self.segment.has_many_openings(offer) {
            return self.nearest(self.segment.many_openings(offer));
        }
        if run.exact {
            return self.stands(&row.opening(self.segment.is_remote(offer))).then_some(run.travel);
        }
        self.nearest(&[row.opening(self.segment.is_remote(offer))])
    }

    fn nearest(&self, openings: &[Opening]) -> Option<u32> {
        let standing = openings.iter().filter(|opening| self.stands(opening));
        let distance = standing.filter_map(|opening| filter::distance(self.plan, opening)).map(|(distance, _)| distance).min()?;
        Some(self.plan.query().criteria.travel.as_ref().map_or(0, |travel| points::travel(travel.limit, distance)))
    }

    /// Whether an opening still exists and starts when asked.
    fn stands(&self, opening: &Opening) -> bool {
        filter::live(self.plan, self.plan.query().kind, opening) && filter::starts(self.plan, opening)
    }
}
