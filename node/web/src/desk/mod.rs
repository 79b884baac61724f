//! The desk: where the partner's staff asks the federation, by name and never by code.

mod contact;
mod offers;
mod search;
mod vacancies;

use axum::Router;
use axum::extract::{Query, State};
use axum::response::Response;
use axum::routing::{get, post};
use polder_store::people::Door;
use serde::{Deserialize, Serialize};

use crate::login;
use crate::pages::{PageError, Pages, Staff, Visit, is_own, on_to};

/// Every page of the desk.
pub(crate) fn router() -> Router<Pages> {
    Router::new()
        .route("/desk", get(home))
        .route("/desk/welcome", get(welcome))
        .route("/desk/login", get(|pages, visit, asked| login::begin(Door::Desk, pages, visit, asked)))
        .route("/desk/login/done", get(|pages, visit, headers, answer| login::finish(Door::Desk, pages, visit, headers, answer)))
        .route("/desk/logout", post(|pages, visit, headers, body| login::log_out(Door::Desk, pages, visit, headers, body)))
        .route("/desk/search", get(search::begin).post(search::ask))
        .route("/desk/search/stream", post(search::stream))
        .route("/desk/offers", get(|| async { on_to("/desk/offers/vacancy") }))
        .route("/desk/offers/{kind}", get(offers::list))
        .route("/desk/offers/{kind}/{key}", get(offers::edit).post(offers::keep))
        .route("/desk/offers/{kind}/{key}/delete", get(offers::ask_delete).post(offers::delete))
        .route("/desk/import/{kind}", get(offers::import::begin).post(offers::import::try_or_store))
        .route("/desk/changes", get(offers::changes))
        .route("/desk/asked", get(contact::list).post(contact::ask))
        .route("/desk/asked/{request}/contact", get(|| async { on_to("/desk/asked") }).post(contact::reach))
}

#[derive(Deserialize)]
struct Asked {
    back: Option<String>,
    left: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Welcome {
    /// Where to log in; `None` where nobody can.
    log_in: Option<String>,
    /// Whether whoever visits has just left.
    left: bool,
}

/// For whoever is not logged in.
async fn welcome(State(pages): State<Pages>, visit: Visit, Query(asked): Query<Asked>) -> Result<Response, PageError> {
    let back = asked.back.as_deref().filter(|back| is_own(back)).unwrap_or("/desk");
    let back: String = form_urlencoded::Serializer::new(String::new()).append_pair("back", back).finish();
    let log_in = pages.providers().at(Door::Desk).map(|_| format!("/desk/login?{back}"));
    pages.show(&visit, "desk/welcome.html", "", Welcome { log_in, left: asked.left.is_some() })
}

#[derive(Serialize)]
struct Home {}

/// The first page: what whoever is logged in can do here.
async fn home(State(pages): State<Pages>, staff: Staff) -> Result<Response, PageError> {
    pages.show(&staff.visit, "desk/home.html", "home", Home {})
}
