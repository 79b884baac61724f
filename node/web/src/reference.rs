//! The reference of the client interface as pages: what operations there are, with examples, and a form to try them for whoever has a token.

use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;
use polder_model::problem::ProblemType;
use serde::Serialize;

use crate::client::API_VERSION;
use crate::openapi::reference::{Section, Told};
use crate::pages::{PageError, Pages, Visit};

/// Its pages.
pub(crate) fn router() -> Router<Pages> {
    Router::new().route("/reference", get(home)).route("/reference/{section}", get(section))
}

#[derive(Serialize)]
struct Home<'p> {
    version: &'static str,
    url: &'p str,
    sections: &'p [Section],
    problems: Vec<Problem>,
}

#[derive(Serialize)]
struct Problem {
    name: &'static str,
    status: u16,
    title: &'static str,
}

/// What there is.
async fn home(State(pages): State<Pages>, visit: Visit) -> Result<Response, PageError> {
    let problem = |kind: &ProblemType| Problem { name: kind.name(), status: kind.status(), title: kind.title() };
    let mut problems: Vec<Problem> = ProblemType::ALL.iter().map(problem).collect();
    problems.sort_by_key(|problem| (problem.status, problem.name));
    pages.show(&visit, "reference.html", "", Home { version: API_VERSION, url: pages.url(), sections: pages.reference(), problems })
}

#[derive(Serialize)]
struct Shown<'p> {
    section: &'p Section,
    /// The names of all sections.
    sections: Vec<&'p str>,
    /// Whether one of them takes a token.
    can_be_tried: bool,
}

/// The operations of one section.
async fn section(State(pages): State<Pages>, visit: Visit, Path(name): Path<String>) -> Result<Response, PageError> {
    let all = pages.reference();
    let section = all.iter().find(|section| section.name == name).ok_or(PageError::NotFound)?;
    let sections = all.iter().map(|section| section.name.as_str()).collect();
    let can_be_tried = section.operations.iter().any(Told::is_guarded);
    pages.show(&visit, "operations.html", "", Shown { section, sections, can_be_tried })
}
