//! Requests to see something of a worker: systems make them, workers answer them.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode};
use polder_consent::RequestId;
use polder_exchange::people::{NewRequest, RequestSight};
use polder_model::about::About;
use polder_model::problem::ProblemType;
use polder_model::{Finding, FindingCode, OfferKey, PartnerId, Purpose};
use polder_store::people::NotAnswered;
use serde::{Deserialize, Serialize};

use super::ClientApi;
use super::auth::Login;
use super::decision::fields;
use super::negotiate::{JSON, accepted, sends_json};
use crate::body;
use crate::refusal::Refusal;

/// Largest request, in bytes.
const LARGEST: usize = 4 * 1024;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Said {
    partner: Option<String>,
    key: String,
    recipient: Option<String>,
    purpose: String,
    fields: Vec<String>,
    assisted_by: Option<String>,
    about: Option<About>,
}

/// Asks a worker for something, for a system of this partner.
pub(super) async fn ask(api: ClientApi, client: &str, headers: HeaderMap, body: Body) -> Result<Response, Refusal> {
    sends_json(&headers)?;
    accepted(&headers, &[JSON])?;
    let request = read(&body::read(body, LARGEST).await?)?;
    Ok((StatusCode::CREATED, axum::Json(&api.node.make_request(&request, client).await?)).into_response())
}

/// What is in force of what was asked.
pub(super) async fn standing(api: ClientApi, client: &str, name: String, headers: HeaderMap) -> Result<Response, Refusal> {
    accepted(&headers, &[JSON])?;
    let request = name.parse::<RequestId>().map_err(|_| unknown())?;
    Ok(axum::Json(&api.node.request_standing(request, client).await?).into_response())
}

fn unknown() -> Refusal {
    Refusal::new(ProblemType::NotFound, "there is no such request")
}

fn read(body: &[u8]) -> Result<NewRequest, Refusal> {
    crate::body::is_object(body)?;
    let form = r#"send {"key": a skill offer of yours, or of a result with its "partner", "purpose": "match-vacancy", "fields": ["/title", "/skills"]}, and where they are needed "recipient", "assistedBy" and "about": {"kind": "vacancy", "key": an open one of yours}"#;
    let said: Said = crate::body::of_form(body, form)?;
    let mut findings = Vec::new();
    let fields = fields(&said.fields, &mut findings);
    let mut bad = |pointer: &str, code, message: &str| findings.push(Finding::new(pointer, code, message));
    let purpose = said.purpose.parse::<Purpose>().map_err(|_| bad("/purpose", FindingCode::UnknownCode, "there is no such purpose")).ok();
    let mut partner = |text: Option<&str>, pointer: &str| match text.map(str::parse::<PartnerId>) {
        Some(Err(error)) => {
            bad(pointer, FindingCode::OutOfBounds, &error.to_string());
            None
        }
        other => other.and_then(Result::ok),
    };
    let at = partner(said.partner.as_deref(), "/partner");
    let recipient = partner(said.recipient.as_deref(), "/recipient");
    let key = said.key.parse::<OfferKey>().map_err(|error| bad("/key", FindingCode::OutOfBounds, &error.to_string())).ok();
    let assisted_by = said.assisted_by.map(|who| who.parse::<OfferKey>()).transpose();
    if assisted_by.is_err() {
        bad("/assistedBy", FindingCode::OutOfBounds, "an id of your own that says nothing: 1 to 100 of A-Z a-z 0-9 . _ ~ -");
    }
    match (purpose, key, assisted_by, findings.is_empty()) {
        (Some(purpose), Some(key), Ok(assisted_by), true) => {
            Ok(NewRequest { partner: at, key, recipient, purpose, fields, assisted_by, about: said.about, seen_as: String::new() })
        }
        _ => Err(Refusal::findings(ProblemType::InvalidRequest, findings)),
    }
}

#[derive(Serialize)]
struct Items {
    items: Vec<RequestSight>,
}

/// What was asked of the worker.
pub(super) async fn list(api: ClientApi, login: Login, headers: HeaderMap) -> Result<Response, Refusal> {
    accepted(&headers, &[JSON])?;
    Ok(axum::Json(&Items { items: api.node.requests_of(login.worker).await? }).into_response())
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Says {
    Refuse,
    Defer,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Answer {
    answer: Says,
}

/// The worker says no, or not now. Nobody else hears of it.
pub(super) async fn answer(api: ClientApi, login: Login, name: String, headers: HeaderMap, body: Body) -> Result<Response, Refusal> {
    sends_json(&headers)?;
    accepted(&headers, &[JSON])?;
    let body = body::read(body, LARGEST).await?;
    let Ok(request) = name.parse::<RequestId>() else { return Err(unknown()) };
    if api.node.store().request_of(login.worker, request).await?.is_none() {
        return Err(unknown());
    }
    let form = r#"send {"answer": "refuse"} or {"answer": "defer"}; to give, answer it with POST /v1/me/consents"#;
    let said: Answer = body::of_form(&body, form)?;
    match api.node.answer_request(login.worker, request, matches!(said.answer, Says::Refuse)).await? {
        Ok(request) => Ok(axum::Json(&request).into_response()),
        Err(NotAnswered::Unknown) => Err(unknown()),
        Err(NotAnswered::NotOpen) => Err(Refusal::new(ProblemType::NotInForce, "this request is open no more, or was closed before")),
    }
}
