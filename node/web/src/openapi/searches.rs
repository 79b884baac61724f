//! What the OpenAPI document says of searches that systems save.

use polder_model::problem::ProblemType;
use serde_json::{Map, Value, json};
use utoipa::openapi::path::{Parameter, ParameterIn};
use utoipa::openapi::{Content, Required};

use super::components::{object, reference};
use super::describe::{form, parameter};
use super::examples;
use super::people::parts::{id, list};
use crate::client::negotiate::JSON;
use crate::client::searches::{LONGEST_NAME, OfSearches};

const EXAMPLE_ID: &str = "0c6f7b1e6a554d4e9a396a0f5b9c1e77";

pub(super) fn words(does: OfSearches) -> (&'static str, String, String) {
    let (summary, description) = match does {
        OfSearches::List => ("List your saved searches", "By their names."),
        OfSearches::Create => (
            "Save a search",
            "For vacancies or trainings. The node asks it about once an hour; what is found first is taken as known, and from then on the event `search.matched` names what is new. At most 50 of one client.",
        ),
        OfSearches::Delete => ("Delete a saved search", "It is not asked any more."),
    };
    ("events", summary.to_owned(), description.to_owned())
}

pub(super) fn parameters(does: OfSearches) -> Vec<Parameter> {
    match does {
        OfSearches::List | OfSearches::Create => Vec::new(),
        OfSearches::Delete => {
            vec![parameter(
                "search",
                ParameterIn::Path,
                Required::True,
                "The id of the search.",
                form(32, 32, "^[0-9a-f]{32}$", EXAMPLE_ID),
            )]
        }
    }
}

fn content(component: &str, name: &str, value: Value) -> Content {
    examples::content(component, vec![(name.to_owned(), value)])
}

fn new_search() -> Value {
    json!({"name": "Monteurs in Lelystad", "query": {"kind": "vacancy", "text": "monteur windmolens"}})
}

fn search() -> Value {
    let mut search = new_search();
    search["id"] = json!(EXAMPLE_ID);
    search
}

pub(super) fn body(does: OfSearches) -> Option<(&'static str, Content)> {
    (does == OfSearches::Create).then(|| (JSON, content("NewSearch", "vacancies", new_search())))
}

/// Status, description and content.
pub(super) fn success(does: OfSearches) -> (&'static str, &'static str, Option<Content>) {
    match does {
        OfSearches::List => ("200", "The searches.", Some(content("Searches", "one", json!({"items": [search()]})))),
        OfSearches::Create => ("201", "Saved.", Some(content("Search", "saved", search()))),
        OfSearches::Delete => ("204", "It is not there any more.", None),
    }
}

pub(super) fn problems(does: OfSearches) -> Vec<ProblemType> {
    use ProblemType as P;
    match does {
        OfSearches::List => vec![P::InvalidRequest, P::NotAcceptable],
        OfSearches::Create => vec![
            P::InvalidRequest,
            P::UnknownCode,
            P::FieldNotAllowed,
            P::NotAcceptable,
            P::RequestTimeout,
            P::TooLarge,
            P::TooManyOffers,
            P::UnsupportedMediaType,
            P::Unavailable,
            P::StorageFull,
        ],
        OfSearches::Delete => vec![P::InvalidRequest, P::NotFound, P::Unavailable, P::StorageFull],
    }
}

pub(super) fn schemas() -> Map<String, Value> {
    let name = json!({"description": "A name of your own.", "type": "string", "minLength": 1, "maxLength": LONGEST_NAME});
    let new = object(&["name", "query"], json!({"name": name, "query": reference("QueryRequest")}));
    let saved =
        object(&["id", "name", "query"], json!({"id": id("Its id, which events name."), "name": name, "query": reference("QueryRequest")}));
    let all = [("NewSearch", new), ("Search", saved), ("Searches", object(&["items"], json!({"items": list(50, reference("Search"))})))];
    all.map(|(name, schema)| (name.to_owned(), schema)).into_iter().collect()
}
