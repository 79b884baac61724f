//! Pages for the privacy officer: what is still to be erased, what partners may learn and have, consents that the partner ends, and what is done with
//! people's data. Counts and handles, never names.

mod budgets;
mod copies;
mod pick;
mod processing;
mod revoke;
mod to_erase;

use axum::Router;
use axum::routing::get;
use polder_model::PartnerId;
use serde::Serialize;

use crate::pages::bounded::{cut, short};
use crate::pages::{PageError, Pages};

/// Every page of the privacy officer.
pub(super) fn router() -> Router<Pages> {
    Router::new()
        .route("/desk/outstanding", get(to_erase::show))
        .route("/desk/budgets", get(budgets::show))
        .route("/desk/incidents", get(copies::show))
        .route("/desk/incidents/{format}", get(copies::download))
        .route("/desk/revocations", get(revoke::begin).post(revoke::look_or_end))
        .route("/desk/revocations/{what}", get(pick::list))
        .route("/desk/processing", get(processing::show))
}

/// What there is to look at: how many things, by page, and how many copies are still to be erased of which nothing is late.
pub(super) async fn to_look_at(pages: &Pages) -> Result<([(&'static str, usize); 2], u64), PageError> {
    let (late, waiting) = to_erase::late(pages).await?;
    Ok(([("outstanding", late), ("budgets", budgets::spent(pages).await?)], waiting))
}

/// Characters of a name in a list of all partners.
const NAME: usize = 40;

/// A partner to pick.
#[derive(Serialize)]
struct Named {
    partner: PartnerId,
    name: String,
}

/// Every partner of the register, this one too, by name.
fn partners(pages: &Pages) -> Vec<Named> {
    let register = pages.node().register();
    let all = register.members().iter().map(|member| Named { partner: member.partner.clone(), name: cut(&member.name, NAME) });
    let mut all: Vec<Named> = all.collect();
    all.sort_by(|one, other| (&one.name, &one.partner).cmp(&(&other.name, &other.partner)));
    all
}

/// The name of a partner in the register, or what it is called by there.
fn name_of(pages: &Pages, partner: &PartnerId) -> String {
    pages.node().register().member(partner).map_or_else(|| partner.to_string(), |member| short(&member.name))
}
