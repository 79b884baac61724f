//! Answering a query from the segments.

mod content;
mod criteria;
mod rest;
mod runs;
mod scratch;
mod top;
mod walk;

use std::cmp::Reverse;

use polder_model::PartnerId;
use polder_model::rank::Plan;

use crate::entry::Found;
use crate::snapshot::View;
use rest::Rest;
use runs::{Run, runs};
use top::Top;

/// The best `most` hits over these views.
pub(crate) fn search(home: &PartnerId, views: &[View], plan: &Plan, most: usize) -> Found {
    let mut top = Top::new(plan, home, most);
    for view in views {
        let segment = &*view.segment;
        let mut runs = runs(segment, plan);
        let rest = Rest::new(home, segment, plan);
        if plan.query().criteria.asks_content() {
            walk::walk(view, plan, &runs, &rest, &mut top);
        } else {
            // Nearest first, so that the farther ones need not be looked at.
            runs.sort_by_key(|run| Reverse(run.travel));
            runs.iter().for_each(|run| without_content(view, run, &rest, &mut top));
        }
    }
    top.into_found()
}

fn without_content<'s>(view: &'s View, run: &Run, rest: &Rest<'s>, top: &mut Top<'s>) {
    if !top.may_enter(run.travel + rest.most) {
        return;
    }
    let mut oldest = rest.oldest(run.travel, top);
    for offer in run.offers.clone() {
        if view.segment.days[offer as usize] < oldest || view.is_deleted(offer) {
            continue;
        }
        if let Some(points) = rest.points(offer, run)
            && top.may_enter(points)
            && top.enter(points, &view.segment, offer)
        {
            oldest = rest.oldest(run.travel, top);
        }
    }
}
