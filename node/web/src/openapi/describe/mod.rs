//! What the OpenAPI document says of each operation.

mod contents;
mod parameters;
mod problems;
mod words;

use polder_model::problem::ProblemType;
use utoipa::openapi::Required;
use utoipa::openapi::path::{Operation as Described, OperationBuilder};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::security::SecurityRequirement;
use utoipa::openapi::tag::{Tag, TagBuilder};

pub(super) use self::contents::page_of;
use self::contents::{body, counted, other_bodies, problem_response, successes};
use self::parameters::{around, parameters};
pub(super) use self::parameters::{form, page, parameter};
use self::problems::problems;
use self::words::words;
use crate::client::auth::Caller;
use crate::client::operations::Operation;
use crate::client::scope::Scope;

pub(super) fn tags() -> Vec<Tag> {
    [
        ("offers", "This partner's own vacancies, trainings and skill offers"),
        ("bulk", "Many offers in parts"),
        ("events", "What happened: in pages, as a stream, and by webhooks"),
        ("federation", "Questions to all partners at once, and who they are"),
        ("workers", "What workers decide about themselves, and see of what was done with it"),
        ("applications", "Applications of workers to vacancies of this partner"),
        ("erasures", "What a partner's systems are to erase of people whom they were told of, and who has not"),
        ("rights", "What is held of a worker everywhere, and what a worker may have done with it"),
        ("clients", "Systems of this partner: who looks after the node proposes and approves them"),
        ("syncs", "Course systems of schools, whose catalogues become trainings"),
        ("meta", "This document"),
    ]
    .map(|(name, text)| TagBuilder::new().name(name).description(Some(text)).build())
    .into()
}

pub(super) fn operation(operation: &Operation) -> Described {
    let (tag, summary, description) = words(operation.does);
    let mut described =
        OperationBuilder::new().operation_id(Some(&operation.id)).tag(tag).summary(Some(summary)).description(Some(description));
    for parameter in parameters(operation.does).into_iter().chain(around(operation.does)) {
        described = described.parameter(parameter);
    }
    if let Some((media, content)) = body(operation.does) {
        let body = RequestBodyBuilder::new().required(Some(Required::True)).content(media, content);
        let body = other_bodies(operation.does).into_iter().fold(body, |body, (media, content)| body.content(media, content));
        described = described.request_body(Some(body.build()));
    }
    for (status, response) in successes(operation.does) {
        let response = if operation.scope.is_some() { counted(response.into()).build() } else { response };
        described = described.response(status, response);
    }
    let mut statuses = std::collections::BTreeMap::<u16, Vec<ProblemType>>::new();
    for problem in problems(operation) {
        statuses.entry(problem.status()).or_default().push(problem);
    }
    for (status, types) in statuses {
        described = described.response(status.to_string(), problem_response(&types));
    }
    for (scheme, may) in [("operator", Caller::operator_may as fn(Scope) -> bool), ("worker", Caller::worker_may)] {
        if operation.scope.is_some_and(may) {
            described = described.security(SecurityRequirement::new(scheme, Vec::<String>::new()));
        }
    }
    if let Some(scope) = operation.scope {
        let granted = Scope::of_clients();
        // One of them is enough: each stands as a way of its own.
        for one in scope.one_of().into_iter().filter(|one| granted.contains(one)) {
            described = described.security(SecurityRequirement::new("client", [one.name()]));
        }
    }
    described.build()
}
