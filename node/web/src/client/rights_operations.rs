//! The part of the table of operations that is about a worker's rights, about requests to workers, and about ending consents for them.

use axum::body::Body;
use axum::extract::{Extension, Path, State};
use axum::response::Response;
use axum::routing::{MethodRouter, delete, get, post};
use http::{HeaderMap, Method};
use polder_model::Kind;

use super::operations::{Does, Name, Operation, Who, invalid};
use super::scope::Scope;
use super::{ClientApi, requests, revocations, rights};
use crate::refusal::Refusal;

/// What an operation about rights does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OfRights {
    AskAccess,
    Access,
    Erase,
    ListRequests,
    AnswerRequest,
    AskConsent,
    Standing,
    Export,
    History,
    TakeIn,
    Revoke,
}

impl OfRights {
    pub(super) fn id(self) -> &'static str {
        match self {
            Self::AskAccess => "ask_access",
            Self::Access => "get_access",
            Self::Erase => "erase_me",
            Self::ListRequests => "list_requests",
            Self::AnswerRequest => "answer_request",
            Self::AskConsent => "ask_consent",
            Self::Standing => "get_request",
            Self::Export => "export_me",
            Self::History => "list_history",
            Self::TakeIn => "take_in",
            Self::Revoke => "revoke_consents",
        }
    }
}

fn operation(does: OfRights, method: Method, path: &str, scope: Scope, handler: MethodRouter<ClientApi>) -> Operation {
    Operation::new(Does::Rights(does), method, path, Some(scope), handler)
}

/// The operations.
pub(super) fn all() -> [Operation; 11] {
    [
        operation(OfRights::AskAccess, Method::POST, "/v1/me/access", Scope::Me, post(ask_access)),
        operation(OfRights::Access, Method::GET, "/v1/me/access", Scope::Me, get(get_access)),
        operation(OfRights::Erase, Method::DELETE, "/v1/me", Scope::Me, delete(erase_me)),
        operation(OfRights::ListRequests, Method::GET, "/v1/me/requests", Scope::Me, get(list_requests)),
        operation(OfRights::AnswerRequest, Method::POST, "/v1/me/requests/{request}", Scope::Me, post(answer_request)),
        operation(OfRights::AskConsent, Method::POST, "/v1/requests", Scope::AskConsent, post(ask_consent)),
        operation(OfRights::Standing, Method::GET, "/v1/requests/{request}", Scope::AskConsent, get(get_request)),
        operation(OfRights::Export, Method::GET, "/v1/me/export", Scope::Me, get(export_me)),
        operation(OfRights::History, Method::GET, "/v1/me/history", Scope::Me, get(list_history)),
        operation(OfRights::TakeIn, Method::POST, "/v1/moves", Scope::Write(Kind::SkillOffer), post(take_in)),
        operation(OfRights::Revoke, Method::POST, "/v1/revocations", Scope::RevokeConsent, post(revoke_consents)),
    ]
}

async fn ask_access(State(api): State<ClientApi>, Extension(caller): Who, headers: HeaderMap) -> Result<Response, Refusal> {
    rights::ask_access(api, caller.worker()?, headers).await
}

async fn get_access(State(api): State<ClientApi>, Extension(caller): Who, headers: HeaderMap) -> Result<Response, Refusal> {
    rights::access(api, caller.worker()?, headers).await
}

async fn erase_me(State(api): State<ClientApi>, Extension(caller): Who) -> Result<Response, Refusal> {
    rights::erase(api, caller.worker()?).await
}

fn request(name: Name) -> Result<String, Refusal> {
    name.map(|Path(name)| name).map_err(|_| invalid("the request in the address is not readable text"))
}

async fn list_requests(State(api): State<ClientApi>, Extension(caller): Who, headers: HeaderMap) -> Result<Response, Refusal> {
    requests::list(api, caller.worker()?, headers).await
}

async fn answer_request(
    State(api): State<ClientApi>,
    Extension(caller): Who,
    name: Name,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refusal> {
    requests::answer(api, caller.worker()?, request(name)?, headers, body).await
}

async fn ask_consent(State(api): State<ClientApi>, Extension(caller): Who, headers: HeaderMap, body: Body) -> Result<Response, Refusal> {
    requests::ask(api, caller.client()?, headers, body).await
}

async fn get_request(State(api): State<ClientApi>, Extension(caller): Who, name: Name, headers: HeaderMap) -> Result<Response, Refusal> {
    requests::standing(api, caller.client()?, request(name)?, headers).await
}

async fn export_me(State(api): State<ClientApi>, Extension(caller): Who, headers: HeaderMap) -> Result<Response, Refusal> {
    rights::export(api, caller.worker()?, headers).await
}

async fn list_history(State(api): State<ClientApi>, Extension(caller): Who, headers: HeaderMap) -> Result<Response, Refusal> {
    rights::history(api, caller.worker()?, headers).await
}

async fn take_in(State(api): State<ClientApi>, headers: HeaderMap, body: Body) -> Result<Response, Refusal> {
    rights::take_in(api, headers, body).await
}

async fn revoke_consents(State(api): State<ClientApi>, headers: HeaderMap, body: Body) -> Result<Response, Refusal> {
    revocations::revoke(api, headers, body).await
}
