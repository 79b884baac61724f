//! Searches that a system saves: the node asks them again by itself, and an event says what is new. For vacancies and trainings alone.

use axum::body::Body;
use axum::extract::{Extension, Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post};
use http::{HeaderMap, Method, StatusCode};
use polder_model::json::read_strict;
use polder_model::offer::is_personal;
use polder_model::problem::ProblemType;
use polder_model::request::{LARGEST_REQUEST, QueryRequest};
use polder_model::{Finding, FindingCode};
use polder_store::people::{LoginId, Saving, SearchId};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::ClientApi;
use super::negotiate::{JSON, accepted, sends_json};
use super::operations::{Does, Name, Operation, Who, invalid};
use super::scope::Scope;
use crate::body;
use crate::refusal::Refusal;

/// Longest name, in characters.
pub(crate) const LONGEST_NAME: usize = 60;

/// What an operation about saved searches does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OfSearches {
    List,
    Create,
    Delete,
}

impl OfSearches {
    pub(super) fn id(self) -> &'static str {
        match self {
            Self::List => "list_searches",
            Self::Create => "create_search",
            Self::Delete => "delete_search",
        }
    }
}

/// The operations.
pub(super) fn all() -> [Operation; 3] {
    let (list, scope, of) = ("/v1/searches", Some(Scope::Searches), Does::Searches);
    [
        Operation::new(of(OfSearches::List), Method::GET, list, scope, get(list_searches)),
        Operation::new(of(OfSearches::Create), Method::POST, list, scope, post(create_search)),
        Operation::new(of(OfSearches::Delete), Method::DELETE, "/v1/searches/{search}", scope, delete(delete_search)),
    ]
}

#[derive(Serialize)]
struct Listed {
    id: String,
    name: String,
    query: Box<RawValue>,
}

#[derive(Serialize)]
struct List {
    items: Vec<Listed>,
}

/// Whose searches they are. No login of staff is one of these.
fn owner(client: &str) -> LoginId {
    LoginId::of("client", client)
}

async fn list_searches(State(api): State<ClientApi>, Extension(caller): Who, headers: HeaderMap) -> Result<Response, Refusal> {
    accepted(&headers, &[JSON])?;
    let all = api.node.store().saved_searches(&owner(caller.client()?)).await?;
    let listed = all.into_iter().map(|one| {
        let query = RawValue::from_string(one.request).map_err(|error| Refusal::internal(&error))?;
        Ok(Listed { id: one.id.to_string(), name: one.name, query })
    });
    Ok(axum::Json(&List { items: listed.collect::<Result<_, Refusal>>()? }).into_response())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Saves {
    name: String,
    query: Box<RawValue>,
}

async fn create_search(State(api): State<ClientApi>, Extension(caller): Who, headers: HeaderMap, body: Body) -> Result<Response, Refusal> {
    sends_json(&headers)?;
    accepted(&headers, &[JSON])?;
    let body = body::read(body, LARGEST_REQUEST).await?;
    read_strict(&body).map_err(|finding| Refusal::findings(ProblemType::InvalidRequest, vec![finding]))?;
    let form = r#"send {"name": a name of your own, "query": what POST /v1/queries takes, for vacancies or trainings}"#;
    let said: Saves = body::of_form(&body, form)?;
    let (request, name) = (checked(&api, &said)?, said.name.clone());
    let saving = Saving {
        login: owner(caller.client()?),
        client: caller.client()?.to_owned(),
        name: said.name,
        kind: request.kind,
        about: None,
        request: said.query.get().to_owned(),
        now: api.node.now(),
    };
    let made = api.node.store().save_search(saving).await?;
    let made = made.map_err(|why| Refusal::new(ProblemType::TooManyOffers, format!("{why}; delete one that is not used")))?;
    Ok((StatusCode::CREATED, axum::Json(&Listed { id: made.to_string(), name, query: said.query })).into_response())
}

/// The question, if it could be asked; else everything that is wrong with it. It is not asked yet.
fn checked(api: &ClientApi, said: &Saves) -> Result<QueryRequest, Refusal> {
    let within = |findings: Vec<Finding>| {
        findings.into_iter().map(|found| Finding { pointer: format!("/query{}", found.pointer), ..found }).collect::<Vec<_>>()
    };
    let mut findings = Vec::new();
    if said.name.trim().is_empty() || said.name.chars().count() > LONGEST_NAME || said.name.chars().any(char::is_control) {
        findings.push(Finding::new("/name", FindingCode::OutOfBounds, format!("1 to {LONGEST_NAME} characters, on one line")));
    } else if is_personal(&said.name) {
        findings.push(Finding::new(
            "/name",
            FindingCode::NotAllowed,
            "it names somebody, or says something of their health; choose another",
        ));
    }
    let request = match QueryRequest::parse(said.query.get().as_bytes()) {
        Ok(request) if request.kind.is_personal() => {
            let message = "people are asked for by whoever looks for them, each time; searches are saved for vacancies and trainings";
            findings.push(Finding::new("/query/kind", FindingCode::OutOfBounds, message));
            None
        }
        Ok(request) => {
            if let Err(polder_exchange::AskRefused::Invalid(wrong)) = api.node.self_contained(&request) {
                findings.extend(within(wrong));
            }
            Some(request)
        }
        Err(wrong) => {
            findings.extend(within(wrong));
            None
        }
    };
    request.filter(|_| findings.is_empty()).ok_or_else(|| Refusal::findings(ProblemType::InvalidRequest, findings))
}

async fn delete_search(State(api): State<ClientApi>, Extension(caller): Who, name: Name) -> Result<Response, Refusal> {
    let unknown = || Refusal::new(ProblemType::NotFound, "there is no such search of this client");
    let Path(name) = name.map_err(|_| invalid("the search in the address is not readable text"))?;
    let id: SearchId = name.parse().map_err(|_| unknown())?;
    let is_gone = api.node.store().delete_search(owner(caller.client()?), id).await?;
    if is_gone { Ok(StatusCode::NO_CONTENT.into_response()) } else { Err(unknown()) }
}
