//! Answering a query from the segments.

mod blocks;
mod criteria;
mod freshness;
mod parts;
mod rest;
mod sums;
mod top;
mod walk;

use polder_model::PartnerId;
use polder_model::rank::Plan;

use crate::entry::Found;
use crate::snapshot::View;
use rest::Rest;
use top::Top;

/// The best `most` hits over these views.
pub(crate) fn search(home: &PartnerId, views: &[View], plan: &Plan, most: usize) -> Found {
    let mut top = Top::new(plan, home, most);
    for view in views {
        walk::walk(view, plan, Rest::new(home, &view.segment, plan), &mut top);
    }
    top.into_found()
}
