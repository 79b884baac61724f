//! What is done with people's data here: the register of processing activities, as far as the node knows it.

use axum::extract::State;
use axum::response::Response;

use crate::pages::{As, PageError, Pages, PrivacyOfficer};

/// The activities of this partner, as `/v1/activities` says them.
pub(super) async fn show(State(pages): State<Pages>, As { staff, .. }: As<PrivacyOfficer>) -> Result<Response, PageError> {
    pages.show(&staff.visit, "desk/processing.html", "processing", pages.node().activities())
}
