//! What is done with people's data here: the register of processing activities, as far as the node knows it.

use axum::extract::State;
use axum::response::Response;
use polder_consent::is_offered;
use polder_exchange::people::Activities;
use polder_model::Purpose;
use serde::Serialize;

use crate::pages::{As, PageError, Pages, PrivacyOfficer};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    #[serde(flatten)]
    activities: Activities,
    /// The purposes for which this version exchanges nothing.
    not_offered: Vec<Purpose>,
}

/// The activities of this partner, as `/v1/activities` says them.
pub(super) async fn show(State(pages): State<Pages>, As { staff, .. }: As<PrivacyOfficer>) -> Result<Response, PageError> {
    let not_offered = Purpose::ALL.into_iter().filter(|purpose| !is_offered(*purpose)).collect();
    let page = Page { activities: pages.node().activities(), not_offered };
    pages.show(&staff.visit, "desk/processing.html", "processing", page)
}
