//! The first page: what whoever is logged in can do here, and what waits for them.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::response::Response;
use polder_exchange::OPERATOR;
use polder_store::people::Role;
use serde::Serialize;

use super::search::saved::{self, Found};
use super::{administrator, officer};
use crate::pages::{PageError, Pages, Staff};

#[derive(Default, Serialize)]
struct Home {
    /// What is searched here, that first which this partner has itself.
    kinds: [&'static str; 3],
    /// Own saved searches that found something new.
    found: Vec<Found>,
    /// Applications that nobody is done with.
    applications: u64,
    /// What is to be erased.
    erasures: u64,
    /// How many things the administrator and the privacy officer should look at, by the page that says which.
    to_look_at: BTreeMap<&'static str, usize>,
    /// How much goes its way there and is not done yet.
    waits: BTreeMap<&'static str, u64>,
}

pub(super) async fn home(State(pages): State<Pages>, staff: Staff) -> Result<Response, PageError> {
    let mut page = if staff.has(Role::Desk) { waiting(&pages, &staff).await? } else { Home::default() };
    if staff.has(Role::Administrator) {
        page.to_look_at.extend(administrator::to_look_at(&pages).await?);
    }
    if staff.has(Role::PrivacyOfficer) {
        let (to_look_at, waiting) = officer::to_look_at(&pages).await?;
        page.to_look_at.extend(to_look_at);
        page.waits = [("outstanding", waiting)].into();
    }
    pages.show(&staff.visit, "desk/home.html", "home", page)
}

/// A school begins with trainings, anybody else with vacancies.
fn kinds(pages: &Pages) -> [&'static str; 3] {
    if is_school(pages) { ["training", "vacancy", "skill-offer"] } else { ["vacancy", "training", "skill-offer"] }
}

/// Whether this partner teaches.
pub(super) fn is_school(pages: &Pages) -> bool {
    let home = pages.node().register().member(&pages.node().home().partner).cloned();
    home.is_some_and(|member| member.roles.iter().any(|role| ["school", "training-provider"].contains(&role.as_str())))
}

async fn waiting(pages: &Pages, staff: &Staff) -> Result<Home, PageError> {
    let node = pages.node();
    Ok(Home {
        found: saved::found(pages, staff).await?,
        applications: node.applications_counted().await?.values().map(|applied| applied.waiting).sum(),
        kinds: kinds(pages),
        erasures: node.store().count_erasures(OPERATOR).await?,
        ..Home::default()
    })
}
