//! What the OpenAPI document says of course systems.

use polder_model::problem::ProblemType;
use serde_json::{Map, Value, json};
use utoipa::openapi::path::{Parameter, ParameterIn};
use utoipa::openapi::{Content, Required};

use super::components::{instant, key, number, object, reference};
use super::describe::{form, parameter};
use super::examples;
use super::people::parts::{list, text};
use crate::client::syncs::OfSyncs;

pub(super) fn words(does: OfSyncs) -> (&'static str, String, String) {
    let (summary, description) = match does {
        OfSyncs::List => (
            "List the course systems that are read",
            "As they stand in the configuration (`[[sync]]`), with the report of the last crawl of each.",
        ),
        OfSyncs::Get => (
            "Read how it stands with a course system",
            "How far the crawl is that is on its way, and what is said of the last one: what was found, and what could not be mapped.",
        ),
        OfSyncs::Crawl => (
            "Have a course system read at once",
            "The crawl begins within some seconds; one that broke off goes on. Follow it at the address in `Location`.",
        ),
    };
    ("syncs", summary.to_owned(), description.to_owned())
}

pub(super) fn parameters(does: OfSyncs) -> Vec<Parameter> {
    if does == OfSyncs::List {
        return Vec::new();
    }
    let schema = form(1, 40, "^[a-z0-9-]+$", "rivierenland");
    vec![parameter("sync", ParameterIn::Path, Required::True, "How the configuration calls the course system.", schema)]
}

fn content(component: &str, value: Value) -> Option<Content> {
    Some(examples::content(component, vec![("a-school".to_owned(), value)]))
}

/// Status, description and content.
pub(super) fn success(does: OfSyncs) -> (&'static str, &'static str, Option<Content>) {
    match does {
        OfSyncs::List => ("200", "The course systems.", content("Syncs", json!({"items": [example()]}))),
        OfSyncs::Get => ("200", "The course system.", content("Sync", example())),
        OfSyncs::Crawl => ("202", "It is read within some seconds.", content("Sync", example())),
    }
}

pub(super) fn problems(does: OfSyncs) -> Vec<ProblemType> {
    use ProblemType as P;
    match does {
        OfSyncs::List => vec![P::InvalidRequest, P::NotAcceptable],
        OfSyncs::Get => vec![P::InvalidRequest, P::NotFound, P::NotAcceptable],
        OfSyncs::Crawl => vec![P::InvalidRequest, P::NotFound, P::NotAcceptable, P::Unavailable, P::StorageFull],
    }
}

pub(super) fn schemas() -> Map<String, Value> {
    let all = [("Syncs", object(&["items"], json!({"items": list(10, reference("Sync"))}))), ("Sync", sync())];
    all.map(|(name, schema)| (name.to_owned(), schema)).into_iter().collect()
}

fn sync() -> Value {
    let now = object(
        &["startedAt", "stage", "page", "counts"],
        json!({"startedAt": instant("When it began (UTC)."),
               "stage": {"description": "What it reads.", "enum": ["organisations", "learning-outcomes", "programmes", "courses", "missing"]},
               "page": number("Which page of that is next."), "counts": counts()}),
    );
    object(
        &["name", "url", "dueAt"],
        json!({"name": text("How the configuration calls it.", 40), "url": text("Where it is.", 500),
               "dueAt": instant("When the next crawl begins, or this one goes on (UTC)."), "now": now, "report": report()}),
    )
}

fn counts() -> Value {
    let of = [
        ("organisations", "Organisations."),
        ("learningOutcomes", "Learning outcomes."),
        ("programmes", "Programmes."),
        ("courses", "Courses."),
        ("offerings", "Offerings of both."),
        ("created", "Trainings that are new."),
        ("replaced", "Trainings that became others."),
        ("unchanged", "Trainings that stayed as they were."),
        ("ended", "Programmes and courses that are no offer now."),
        ("refused", "Objects of which no training could be made."),
        (
            "missing",
            "Trainings whose programme or course was not found, or is of another organisation; withdrawn when a second whole crawl says the same.",
        ),
        (
            "withdrawn",
            "Trainings that were withdrawn, since two whole crawls did not find them, or found them to be of another organisation.",
        ),
    ];
    let properties: Map<String, Value> = of.iter().map(|(name, says)| ((*name).to_owned(), number(says))).collect();
    object(&of.map(|(name, _)| name), Value::Object(properties))
}

fn report() -> Value {
    let status = json!({"description": "The status that the school replied.", "type": "integer", "minimum": 100, "maximum": 999});
    let trouble = object(
        &["code", "path"],
        json!({"code": text("Why it broke off.", 40), "path": text("At which path of the catalogue.", 400), "status": status}),
    );
    let not_mapped = object(
        &["path", "field", "code", "message"],
        json!({"path": text("Where it stands in the catalogue.", 1_000), "field": text("The field by its name there; empty for the whole object.", 500),
               "code": text("What is wrong, from a closed list.", 40), "message": text("What is wrong, and what is allowed.", 2_000)}),
    );
    let ended = object(
        &["path", "title", "code", "withdrawn"],
        json!({"path": text("Where it stands, or stood, in the catalogue.", 1_000), "title": text("What it is called; may be empty.", 200),
               "key": key(),
               "code": {"description": "Why: its own dates, its offerings, that it only describes others; or two whole crawls did not find it, or found it to be of another organisation.",
                        "enum": ["not-yet", "past", "cancelled", "nothing-open", "specification", "not-found", "another-organisation"]},
               "withdrawn": {"description": "Whether a training of it was published until now.", "type": "boolean"}}),
    );
    let lost = object(
        &["field", "code", "message", "count"],
        json!({"field": text("The field by its name in the catalogue.", 100), "code": text("What became of it, from a closed list.", 40),
               "message": text("What became of it.", 2_000), "count": number("Of how many objects.")}),
    );
    object(
        &["outcome", "startedAt", "endedAt", "counts", "notMapped", "ended", "lost"],
        json!({"outcome": {"description": "How it ended: all was read; it broke off and goes on later; or so much was missing that nothing of it is believed to be gone.",
                           "enum": ["whole", "broken-off", "lost-too-much"]},
               "startedAt": instant("When it began (UTC)."), "endedAt": instant("When it ended, or broke off (UTC)."),
               "version": {"description": "Which version of the Open Education API the catalogue speaks.", "enum": [5, 6]},
               "counts": counts(), "trouble": trouble, "notMapped": list(200, not_mapped), "ended": list(200, ended), "lost": list(200, lost)}),
    )
}

fn example() -> Value {
    json!({
        "name": "rivierenland", "url": "https://catalogus.example.nl/oeapi/v6", "dueAt": "2026-12-01T03:00:00Z",
        "report": {
            "outcome": "whole", "startedAt": "2026-11-30T03:00:00Z", "endedAt": "2026-11-30T03:04:12Z", "version": 6,
            "counts": {"organisations": 1, "learningOutcomes": 40, "programmes": 12, "courses": 130, "offerings": 211, "created": 3,
                       "replaced": 1, "unchanged": 136, "ended": 1, "refused": 1, "missing": 0, "withdrawn": 0},
            "notMapped": [{"path": "/courses/8f0e9d1c", "field": "name", "code": "missing", "message": "this must be given: a text with its language"}],
            "ended": [{"path": "/courses/2b7c0a44", "title": "Basis lassen", "key": "2b7c0a44", "code": "cancelled", "withdrawn": true}],
            "lost": [{"field": "duration", "code": "assumed", "message": "not given; weeks: a year was counted as 52 weeks", "count": 4}]
        }
    })
}
