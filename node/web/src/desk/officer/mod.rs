//! Pages for the privacy officer: what is still to be erased, what partners may learn and have, consents that the partner ends, and what is done with
//! people's data. Counts and handles, never names.

mod budgets;
mod copies;
mod processing;
mod revoke;
mod to_erase;

use axum::Router;
use axum::routing::get;
use polder_model::PartnerId;

use crate::pages::{PageError, Pages};

/// Every page of the privacy officer.
pub(super) fn router() -> Router<Pages> {
    Router::new()
        .route("/desk/outstanding", get(to_erase::show))
        .route("/desk/budgets", get(budgets::show))
        .route("/desk/incidents", get(copies::show))
        .route("/desk/incidents/{format}", get(copies::download))
        .route("/desk/revocations", get(revoke::begin).post(revoke::look_or_end))
        .route("/desk/processing", get(processing::show))
}

/// How many things there are to look at, by page.
pub(super) async fn to_look_at(pages: &Pages) -> Result<[(&'static str, usize); 2], PageError> {
    Ok([("outstanding", to_erase::late(pages).await?), ("budgets", budgets::spent(pages).await?)])
}

/// The name of a partner in the register, or what it is called by there.
fn name_of(pages: &Pages, partner: &PartnerId) -> String {
    pages.node().register().member(partner).map_or_else(|| partner.to_string(), |member| member.name.clone())
}
