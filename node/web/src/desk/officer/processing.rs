//! What is done with people's data here: the register of processing activities, as far as the node knows it.

use axum::extract::State;
use axum::response::Response;
use polder_store::people::Role;

use crate::pages::{PageError, Pages, Staff};

/// The activities of this partner, as `/v1/activities` says them.
pub(super) async fn show(State(pages): State<Pages>, staff: Staff) -> Result<Response, PageError> {
    staff.require(Role::PrivacyOfficer)?;
    pages.show(&staff.visit, "desk/processing.html", "processing", pages.node().activities())
}
