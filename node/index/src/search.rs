//! Answering a query from the segments.

mod blocks;
mod conditions;
mod criteria;
mod freshness;
mod kernel;
mod parts;
mod rest;
mod sums;
#[cfg(test)]
mod testing;
mod top;
mod walk;

use polder_model::PartnerId;
use polder_model::rank::Plan;

use crate::entry::Found;
use crate::snapshot::View;
pub use kernel::Kernel;
use rest::Rest;
use top::Top;

/// The best `most` hits over these views; `None` where `goes_on` has said that there is no more time.
pub(crate) fn search(
    home: &PartnerId,
    views: &[View],
    plan: &Plan,
    most: usize,
    kernel: Kernel,
    goes_on: &dyn Fn() -> bool,
) -> Option<Found> {
    let mut top = Top::new(plan, home, most);
    for view in views {
        walk::walk(view, plan, Rest::new(home, &view.segment, plan), &mut top, kernel, goes_on)?;
    }
    Some(top.into_found())
}
