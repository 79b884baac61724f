//! The desk: where the partner's staff asks the federation, by name and never by code.

mod administrator;
mod applications;
mod contact;
mod erasures;
mod home;
mod offers;
mod officer;
mod own;
mod search;

use axum::Router;
use axum::routing::{get, post};
use polder_store::people::Door;

use crate::login;
use crate::pages::{Pages, on_to};

/// Every page of the desk.
pub(crate) fn router() -> Router<Pages> {
    Router::new()
        .route("/desk", get(home::home))
        .route("/desk/welcome", get(|pages, visit, asked| login::welcome(Door::Desk, pages, visit, asked)))
        .route("/desk/login", get(|pages, visit, asked| login::begin(Door::Desk, pages, visit, asked)))
        .route(
            "/desk/login/done",
            get(|pages, visit, came, headers, answer| login::finish(Door::Desk, pages, visit, came, headers, answer)),
        )
        .route("/desk/login/backchannel", post(|pages, headers, body| login::ended(Door::Desk, pages, headers, body)))
        .route("/desk/logout", post(|pages, visit, headers, body| login::log_out(Door::Desk, pages, visit, headers, body)))
        .route("/desk/search", get(search::begin).post(search::ask))
        .route("/desk/search/stream", post(search::stream))
        .route("/desk/searches", get(search::saved::list).post(search::saved::save))
        .route("/desk/searches/{id}", get(|| async { on_to("/desk/searches") }).post(search::saved::open))
        .route("/desk/searches/{id}/delete", post(search::saved::delete))
        .route("/desk/applications", get(applications::list))
        .route("/desk/applications/{number}", get(applications::read).post(applications::set))
        .route("/desk/erasures", get(erasures::list).post(erasures::erased))
        .route("/desk/offers", get(offers::begin))
        .route("/desk/offers/{kind}", get(offers::list))
        .route("/desk/offers/{kind}/{key}", get(offers::edit::edit).post(offers::edit::keep))
        .route("/desk/offers/{kind}/{key}/resume", post(offers::edit::resume))
        .route("/desk/resume", get(offers::edit::logged_in))
        .route("/desk/offers/{kind}/{key}/delete", get(offers::ask_delete).post(offers::delete))
        .route("/desk/import/{kind}", get(offers::import::begin).post(offers::import::try_or_store))
        .route("/desk/import/{kind}/example", get(offers::import::example::example))
        .route("/desk/changes", get(offers::changes))
        .merge(administrator::router())
        .merge(officer::router())
        .route("/desk/asked", get(contact::list).post(contact::ask))
        .route("/desk/asked/{request}/contact", get(contact::reaching).post(contact::reach))
}
