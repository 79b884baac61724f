//! Every operation of the client interface, in one table. The router and the OpenAPI document are made from it.

use axum::body::Body;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Extension, Path, Query, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, delete, get, post, put};
use http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CONTENT_TYPE};
use http::{HeaderMap, Method};
use polder_model::Kind;
use polder_model::problem::ProblemType;
use serde::Deserialize;

use super::auth::Caller;
use super::changes::{self, ChangesAsked};
use super::clients::{self, OfClients};
use super::imports::{self, VerdictsAsked};
use super::offers::{self, PageAsked};
use super::people_operations::{self, OfPeople};
use super::rights_operations::{self, OfRights};
use super::scope::Scope;
use super::searches::{self, OfSearches};
use super::syncs::{self, OfSyncs};
use super::webhooks::{self, OfWebhooks};
use super::{ClientApi, partners, queries, skill_proposals};
use crate::refusal::Refusal;

/// One operation.
pub(crate) struct Operation {
    /// Its id in the OpenAPI document.
    pub id: String,
    pub method: Method,
    pub path: String,
    /// What the caller must be allowed; `None` where everyone may.
    pub scope: Option<Scope>,
    pub handler: MethodRouter<ClientApi>,
    pub does: Does,
}

/// What an operation does; the OpenAPI document says it in full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Does {
    Put(Kind),
    Get(Kind),
    Delete(Kind),
    List(Kind),
    OpenImport,
    ListImports,
    DeleteImport,
    PutPart,
    GetImport,
    Verdicts,
    Changes,
    Query,
    Partners,
    ProposeSkills,
    OpenApi,
    /// Something about people.
    People(OfPeople),
    /// A right of a worker, or a request to one.
    Rights(OfRights),
    /// Something about systems of this partner.
    Clients(OfClients),
    /// Something about webhooks.
    Webhooks(OfWebhooks),
    /// Something about saved searches.
    Searches(OfSearches),
    /// Something about course systems.
    Syncs(OfSyncs),
}

impl Operation {
    pub(super) fn new(does: Does, method: Method, path: impl Into<String>, scope: Option<Scope>, handler: MethodRouter<ClientApi>) -> Self {
        Self { id: does.id(), method, path: path.into(), scope, handler, does }
    }

    /// Whether this path of a request is that of the operation.
    pub(crate) fn matches(&self, path: &str) -> bool {
        let mut asked = path.split('/');
        let mut steps = self.path.split('/');
        loop {
            match (steps.next(), asked.next()) {
                (None, None) => return true,
                (Some(step), Some(part)) if step.starts_with('{') || step == part => {}
                _ => return false,
            }
        }
    }
}

impl Does {
    fn id(self) -> String {
        let of = |verb: &str, kind: Kind| format!("{verb}_{}", kind.as_str().replace('-', "_"));
        match self {
            Self::Put(kind) => of("put", kind),
            Self::Get(kind) => of("get", kind),
            Self::Delete(kind) => of("delete", kind),
            Self::List(kind) => format!("list_{}", kind.collection().replace('-', "_")),
            Self::OpenImport => "open_import".to_owned(),
            Self::ListImports => "list_imports".to_owned(),
            Self::DeleteImport => "delete_import".to_owned(),
            Self::PutPart => "put_import_part".to_owned(),
            Self::GetImport => "get_import".to_owned(),
            Self::Verdicts => "list_import_verdicts".to_owned(),
            Self::Changes => "list_changes".to_owned(),
            Self::Query => "query".to_owned(),
            Self::Partners => "list_partners".to_owned(),
            Self::ProposeSkills => "propose_skills".to_owned(),
            Self::OpenApi => "get_openapi".to_owned(),
            Self::People(does) => does.id().to_owned(),
            Self::Rights(does) => does.id().to_owned(),
            Self::Clients(does) => does.id().to_owned(),
            Self::Webhooks(does) => does.id().to_owned(),
            Self::Searches(does) => does.id().to_owned(),
            Self::Syncs(does) => does.id().to_owned(),
        }
    }

    /// Whether each request makes something new, which it does once under one key of the caller's own ([`super::repeated`]).
    pub(crate) fn creates(self) -> bool {
        matches!(
            self,
            Self::OpenImport
                | Self::People(OfPeople::Invite)
                | Self::Rights(OfRights::AskConsent)
                | Self::Webhooks(OfWebhooks::Create)
                | Self::Searches(OfSearches::Create)
        )
    }

    /// Whether it can be tried: the same reply, and nothing is stored.
    pub(crate) fn can_be_tried(self) -> bool {
        matches!(self, Self::Put(_) | Self::PutPart)
    }

    /// Whether the address takes query parameters.
    pub(crate) fn takes_parameters(self) -> bool {
        match self {
            Self::List(_) | Self::ListImports | Self::Verdicts | Self::Changes | Self::Put(_) | Self::PutPart => true,
            Self::People(does) => does.takes_parameters(),
            Self::Rights(_) | Self::Syncs(_) | Self::Webhooks(_) | Self::Searches(_) => false,
            Self::Clients(does) => does == OfClients::List,
            Self::Get(_) | Self::Delete(_) | Self::Query | Self::Partners | Self::ProposeSkills | Self::OpenApi => false,
            Self::OpenImport | Self::DeleteImport | Self::GetImport => false,
        }
    }
}

/// The table.
pub(crate) fn all() -> Vec<Operation> {
    let mut table: Vec<Operation> = Kind::ALL.into_iter().flat_map(of_offers).collect();
    let (follow, write) = (Some(Scope::Follow), Some(Scope::WriteSome));
    table.extend([
        Operation::new(Does::OpenImport, Method::POST, "/v1/imports", write, post(open_import)),
        Operation::new(Does::GetImport, Method::GET, "/v1/imports/{import}", write, get(get_import)),
        Operation::new(Does::ListImports, Method::GET, "/v1/imports", write, get(list_imports)),
        Operation::new(Does::DeleteImport, Method::DELETE, "/v1/imports/{import}", write, delete(delete_import)),
        Operation::new(Does::PutPart, Method::PUT, "/v1/imports/{import}/parts/{part}", write, put(put_import_part)),
        Operation::new(Does::Verdicts, Method::GET, "/v1/imports/{import}/verdicts", write, get(list_import_verdicts)),
        Operation::new(Does::Changes, Method::GET, "/v1/changes", follow, get(list_changes)),
        Operation::new(Does::Query, Method::POST, "/v1/queries", Some(Scope::Query), post(query)),
        Operation::new(Does::Partners, Method::GET, "/v1/partners", Some(Scope::ReadPartners), get(list_partners)),
        Operation::new(Does::ProposeSkills, Method::POST, "/v1/skill-proposals", write, post(propose_skills)),
        Operation::new(Does::OpenApi, Method::GET, "/v1/openapi.json", None, get(get_openapi)),
    ]);
    table.extend(people_operations::all());
    table.extend(rights_operations::all());
    table.extend(clients::all());
    table.extend(searches::all());
    table.extend(webhooks::all());
    table.extend(syncs::all());
    table
}

pub(super) type Name = Result<Path<String>, PathRejection>;
pub(super) type Page = Result<Query<PageAsked>, QueryRejection>;

/// Whether something is to be tried alone.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct TrialAsked {
    dry_run: Option<bool>,
}

type Trial = Result<Query<TrialAsked>, QueryRejection>;

fn is_trial(asked: Trial) -> Result<bool, Refusal> {
    let Query(asked) = asked.map_err(|_| invalid("the query takes dryRun (true or false), once"))?;
    Ok(asked.dry_run.unwrap_or(false))
}

fn of_offers(kind: Kind) -> [Operation; 4] {
    let (one, list) = (format!("/v1/{}/{{key}}", kind.collection()), format!("/v1/{}", kind.collection()));
    let (read, write) = (Some(Scope::Read(kind)), Some(Scope::Write(kind)));
    [
        Operation::new(
            Does::List(kind),
            Method::GET,
            list,
            read,
            get(move |State(api): State<ClientApi>, Extension(caller): Who, page: Page, headers: HeaderMap| async move {
                offers::list(api, caller.space(), kind, page_asked(page)?, headers).await
            }),
        ),
        Operation::new(
            Does::Put(kind),
            Method::PUT,
            one.clone(),
            write,
            put(
                move |State(api): State<ClientApi>, Extension(caller): Who, name: Name, trial: Trial, headers: HeaderMap, body: Body| async move {
                    let name = key(name)?;
                    if is_trial(trial)? {
                        return offers::try_put(api, caller.space(), kind, name, headers, body).await;
                    }
                    offers::put(api, caller.space(), kind, name, headers, body).await
                },
            ),
        ),
        Operation::new(
            Does::Get(kind),
            Method::GET,
            one.clone(),
            read,
            get(move |State(api): State<ClientApi>, Extension(caller): Who, name: Name, headers: HeaderMap| async move {
                offers::get(api, caller.space(), kind, key(name)?, headers).await
            }),
        ),
        Operation::new(
            Does::Delete(kind),
            Method::DELETE,
            one,
            write,
            delete(move |State(api): State<ClientApi>, Extension(caller): Who, name: Name, headers: HeaderMap| async move {
                offers::delete(api, caller.space(), kind, key(name)?, headers).await
            }),
        ),
    ]
}

pub(super) type Who = Extension<Caller>;

async fn open_import(State(api): State<ClientApi>, Extension(caller): Who, headers: HeaderMap, body: Body) -> Result<Response, Refusal> {
    imports::open(api, caller, headers, body).await
}

async fn list_imports(State(api): State<ClientApi>, Extension(caller): Who, page: Page, headers: HeaderMap) -> Result<Response, Refusal> {
    imports::list(api, caller, page_asked(page)?, headers).await
}

async fn delete_import(State(api): State<ClientApi>, Extension(caller): Who, name: Name) -> Result<Response, Refusal> {
    imports::delete(api, caller, import(name)?).await
}

async fn get_import(State(api): State<ClientApi>, Extension(caller): Who, name: Name, headers: HeaderMap) -> Result<Response, Refusal> {
    imports::get(api, caller, import(name)?, headers).await
}

async fn put_import_part(
    State(api): State<ClientApi>,
    Extension(caller): Who,
    names: Result<Path<(String, String)>, PathRejection>,
    trial: Trial,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refusal> {
    let Path(names) = names.map_err(|_| invalid("the address is not readable text"))?;
    // What would come of a part is all that a sandbox has of it.
    if is_trial(trial)? || caller.space().sandbox.is_some() {
        return imports::try_part(api, caller, names, headers, body).await;
    }
    imports::put_part(api, caller, names, headers, body).await
}

async fn list_import_verdicts(
    State(api): State<ClientApi>,
    Extension(caller): Who,
    name: Name,
    asked: Result<Query<VerdictsAsked>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let Query(asked) = asked.map_err(|_| invalid("the query takes cursor, once"))?;
    imports::verdicts(api, caller, import(name)?, asked, headers).await
}

async fn list_changes(
    State(api): State<ClientApi>,
    Extension(caller): Who,
    asked: Result<Query<ChangesAsked>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let Query(asked) = asked.map_err(|_| invalid("the query takes cursor and limit (1 to 1000), each once"))?;
    changes::list(api, caller, asked, headers).await
}

pub(super) fn page_asked(page: Page) -> Result<PageAsked, Refusal> {
    page.map(|Query(asked)| asked).map_err(|_| invalid("the query takes limit (1 to 100) and cursor, each once"))
}

fn import(name: Name) -> Result<String, Refusal> {
    name.map(|Path(name)| name).map_err(|_| invalid("the import in the address is not readable text"))
}

async fn query(State(api): State<ClientApi>, Extension(caller): Who, headers: HeaderMap, body: Body) -> Result<Response, Refusal> {
    queries::query(api, caller, headers, body).await
}

async fn list_partners(State(api): State<ClientApi>, headers: HeaderMap) -> Result<Response, Refusal> {
    partners::list(api, headers).await
}

async fn propose_skills(State(api): State<ClientApi>, headers: HeaderMap, body: Body) -> Result<Response, Refusal> {
    skill_proposals::propose(api, headers, body).await
}

async fn get_openapi(State(api): State<ClientApi>) -> Response {
    let document = api.document.at(api.oauth.issuer(), api.node.home());
    ([(CONTENT_TYPE, "application/json"), (ACCESS_CONTROL_ALLOW_ORIGIN, "*")], document).into_response()
}

fn key(name: Name) -> Result<String, Refusal> {
    name.map(|Path(name)| name).map_err(|_| invalid("the key in the address is not readable text"))
}

pub(super) fn invalid(detail: &str) -> Refusal {
    Refusal::new(ProblemType::InvalidRequest, detail)
}
