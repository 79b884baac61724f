//! What an offer gets beside the points for content, if it passes the filters.

use std::cell::RefCell;

use polder_model::PartnerId;
use polder_model::fault::{Fault, planted};
use polder_model::features::Opening;
use polder_model::rank::{Plan, filter, points};

use super::runs::Run;
use super::top::Top;
use crate::row::Row;
use crate::segment::Segment;

pub(super) struct Rest<'s> {
    home: &'s PartnerId,
    segment: &'s Segment,
    plan: &'s Plan,
    /// Whether the offers of each class may be seen and their languages are spoken, where that is known already.
    classes: RefCell<Vec<Option<bool>>>,
    hours: u32,
    /// The most points for hours and freshness.
    pub most: u32,
    /// The most points for freshness by the number of days from the date of the change to that of the query.
    freshness: [u32; points::STALE_DAYS as usize + 2],
}

impl<'s> Rest<'s> {
    pub(super) fn new(home: &'s PartnerId, segment: &'s Segment, plan: &'s Plan) -> Self {
        let criteria = &plan.query().criteria;
        let hours = criteria.hours.map_or(0, |asked| points::hours(asked, points::overlap(asked, (asked.min, asked.max))));
        let mut freshness = [points::freshness(0); points::STALE_DAYS as usize + 2];
        // An offer is as many days old as there are between the two dates, or one fewer.
        (1_u32..).zip(&mut freshness[2..]).for_each(|(days, points)| *points = points::freshness(days));
        let classes = RefCell::new(vec![None; segment.classes.len()]);
        Self { home, segment, plan, classes, hours, most: hours + freshness[0], freshness }
    }

    /// The first day of change with which an offer can come among the best that has that many points beside hours and freshness.
    pub(super) fn oldest(&self, others: u32, top: &Top<'_>) -> u16 {
        let missing = top.needed().saturating_sub(others + self.hours);
        if missing == 0 {
            return 0;
        }
        // The age at which freshness has become less than what is missing.
        let (mut low, mut high) = (0, points::STALE_DAYS);
        while low < high {
            let middle = u32::midpoint(low, high);
            if points::freshness(middle) >= missing { low = middle + 1 } else { high = middle }
        }
        // An offer of that many days was changed so many dates before today, or one more.
        let day = self.plan.today().days().saturating_sub(i32::try_from(low).unwrap_or(0));
        u16::try_from(day.clamp(0, i32::from(u16::MAX))).unwrap_or(0)
    }

    /// The most points for hours and freshness of an offer, by the day of its last change.
    pub(super) fn most_of(&self, offer: u32) -> u32 {
        let day = self.segment.days[offer as usize];
        let days = usize::try_from(self.plan.today().days() - i32::from(day)).unwrap_or(0);
        // The highest day stands for later ones too.
        let days = if day == u16::MAX { 0 } else { days };
        self.hours + self.freshness[days.min(self.freshness.len() - 1)]
    }

    /// The points for travel, hours and freshness; `None` where a filter does not pass.
    pub(super) fn points(&self, offer: u32, run: &Run) -> Option<u32> {
        let row = &self.segment.records[offer as usize].row;
        if row.closed(self.plan.today()) && !planted(Fault::ClosingDateIgnored) || !row.passes(self.plan) || !self.admits(row) {
            return None;
        }
        Some(self.travel(offer, row, run)? + row.points(self.plan))
    }

    fn admits(&self, row: &Row) -> bool {
        let place = row.class as usize;
        let known = self.classes.borrow()[place];
        known.unwrap_or_else(|| {
            let ((audience, languages), query) = (&self.segment.classes[place], self.plan.query());
            let seen = audience.admits(&query.asker, self.home, query.purpose, self.plan.today()) || planted(Fault::AudienceIgnored);
            let admits = seen && filter::speaks(self.plan, languages);
            self.classes.borrow_mut()[place] = Some(admits);
            admits
        })
    }

    fn travel(&self, offer: u32, row: &Row, run: &Run) -> Option<u32> {
        if row.has_many_openings() {
            return self.nearest(self.segment.many_openings(offer));
        }
        if run.placed {
            return self.stands(&row.opening()).then_some(run.travel);
        }
        self.nearest(&[row.opening()])
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
