//! The desk: where the partner's staff asks the federation, by name and never by code.

mod administrator;
mod contact;
mod offers;
mod officer;
mod search;
mod vacancies;

use std::collections::BTreeMap;

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::{get, post};
use polder_store::people::{Door, Role};
use serde::Serialize;

use crate::login;
use crate::pages::{PageError, Pages, Staff, on_to};

/// Every page of the desk.
pub(crate) fn router() -> Router<Pages> {
    Router::new()
        .route("/desk", get(home))
        .route("/desk/welcome", get(|pages, visit, asked| login::welcome(Door::Desk, pages, visit, asked)))
        .route("/desk/login", get(|pages, visit, asked| login::begin(Door::Desk, pages, visit, asked)))
        .route("/desk/login/done", get(|pages, visit, headers, answer| login::finish(Door::Desk, pages, visit, headers, answer)))
        .route("/desk/login/backchannel", post(|pages, headers, body| login::ended(Door::Desk, pages, headers, body)))
        .route("/desk/logout", post(|pages, visit, headers, body| login::log_out(Door::Desk, pages, visit, headers, body)))
        .route("/desk/search", get(search::begin).post(search::ask))
        .route("/desk/search/stream", post(search::stream))
        .route("/desk/offers", get(|| async { on_to("/desk/offers/vacancy") }))
        .route("/desk/offers/{kind}", get(offers::list))
        .route("/desk/offers/{kind}/{key}", get(offers::edit).post(offers::keep))
        .route("/desk/offers/{kind}/{key}/delete", get(offers::ask_delete).post(offers::delete))
        .route("/desk/import/{kind}", get(offers::import::begin).post(offers::import::try_or_store))
        .route("/desk/changes", get(offers::changes))
        .merge(administrator::router())
        .merge(officer::router())
        .route("/desk/asked", get(contact::list).post(contact::ask))
        .route("/desk/asked/{request}/contact", get(|| async { on_to("/desk/asked") }).post(contact::reach))
}

#[derive(Serialize)]
struct Home {
    /// How many things there are to look at, by the page that says which.
    to_look_at: BTreeMap<&'static str, usize>,
}

/// The first page: what whoever is logged in can do here, and where somebody should look.
async fn home(State(pages): State<Pages>, staff: Staff) -> Result<Response, PageError> {
    let mut to_look_at = BTreeMap::new();
    if staff.has(Role::Administrator) {
        to_look_at.extend(administrator::to_look_at(&pages).await?);
    }
    if staff.has(Role::PrivacyOfficer) {
        to_look_at.extend(officer::to_look_at(&pages).await?);
    }
    pages.show(&staff.visit, "desk/home.html", "home", Home { to_look_at })
}
