//! Systems of the partner: proposed, approved by a second person, ended. For whoever runs the node; no system does it to another.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post, put};
use http::{HeaderMap, Method, StatusCode};
use polder_exchange::{Node, OPERATOR};
use polder_model::problem::ProblemType;
use polder_model::{Finding, OfferKey, Timestamp};
use polder_store::StoreError;
use polder_store::clients::{Approval, ClientRow, NotApproved, NotProposed, Person};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use super::ClientApi;
use super::negotiate::{JSON, accepted, sends_json};
use super::offers::{PageAsked, page_link};
use super::operations::{Does, Name, Operation, Page, invalid, page_asked};
use super::scope::Scope;
use crate::body;
use crate::oauth::document::{ClientDocument, LARGEST, MOST_DAYS, NoWay};
use crate::refusal::Refusal;

/// What an operation about clients does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OfClients {
    List,
    Get,
    Propose,
    Approve,
    End,
}

impl OfClients {
    pub(super) fn id(self) -> &'static str {
        match self {
            Self::List => "list_clients",
            Self::Get => "get_client",
            Self::Propose => "propose_client",
            Self::Approve => "approve_client",
            Self::End => "end_client",
        }
    }
}

/// The operations.
pub(super) fn all() -> [Operation; 5] {
    let (one, scope) = ("/v1/clients/{client}", Some(Scope::Manage));
    let of = Does::Clients;
    [
        Operation::new(of(OfClients::List), Method::GET, "/v1/clients", scope, get(list)),
        Operation::new(of(OfClients::Get), Method::GET, one, scope, get(read)),
        Operation::new(of(OfClients::Propose), Method::PUT, one, scope, put(put_client)),
        Operation::new(of(OfClients::Approve), Method::POST, "/v1/clients/{client}/approval", scope, post(post_approval)),
        Operation::new(of(OfClients::End), Method::DELETE, one, scope, delete(end)),
    ]
}

/// A client as it stands.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    in_force: Option<InForce>,
    #[serde(skip_serializing_if = "Option::is_none")]
    proposed: Option<Proposed>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ended_at: Option<Timestamp>,
    /// What it counts on and this node does not have.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notes: Vec<Finding>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct InForce {
    document: Option<Box<RawValue>>,
    approved_at: Timestamp,
    until: Timestamp,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Proposed {
    document: Option<Box<RawValue>>,
    /// Of the document as it is kept: who approves names it.
    sha256: String,
    proposed_at: Timestamp,
}

fn shown(api: &ClientApi, row: ClientRow) -> Shown {
    let latest = row.proposed.as_ref().map(|waits| &waits.document).or(row.in_force.as_ref().map(|now| &now.document));
    let document = latest.filter(|_| row.ended_at.is_none()).and_then(|latest| ClientDocument::read(latest).ok());
    let notes = document.map(|document| document.lacks(api.oauth.ways())).unwrap_or_default().into_iter().map(NoWay::finding).collect();
    let raw = |document: String| RawValue::from_string(document).ok();
    let in_force = row.in_force.map(|now| InForce { document: raw(now.document), approved_at: now.at, until: now.until });
    let proposed =
        row.proposed.map(|waits| Proposed { sha256: digest(&waits.document), document: raw(waits.document), proposed_at: waits.at });
    Shown { id: row.id, in_force, proposed, ended_at: row.ended_at, notes }
}

/// By which whoever approves says what they looked at.
pub(crate) fn digest(document: &str) -> String {
    hex::encode(Sha256::digest(document.as_bytes()))
}

#[derive(Serialize)]
struct List {
    items: Vec<Shown>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

fn operator() -> Person {
    Person { id: OPERATOR.to_owned(), name: OPERATOR.to_owned() }
}

/// The id of a client: what is right for a key of an offer is right for it.
fn id(name: Name) -> Result<String, Refusal> {
    let Path(name) = name.map_err(|_| invalid("the client in the address is not readable text"))?;
    name.parse::<OfferKey>().map(|_| name).map_err(|error| invalid(&error.to_string()))
}

fn unknown() -> Refusal {
    Refusal::new(ProblemType::NotFound, "there is no client with this id")
}

async fn list(State(api): State<ClientApi>, page: Page, headers: HeaderMap) -> Result<Response, Refusal> {
    accepted(&headers, &[JSON])?;
    let PageAsked { limit, cursor } = page_asked(page)?;
    let limit = super::offers::limit_of(limit)?;
    let after = cursor.as_deref().map(super::offers::read_cursor).transpose()?;
    let mut found = api.node.store().clients(after.as_ref().map_or("", OfferKey::as_str), limit + 1).await?;
    let more = found.len() > limit as usize;
    found.truncate(limit as usize);
    let next = found.last().filter(|_| more).map(|last| super::offers::cursor_of(&last.id));
    let link = next.as_ref().map(|next| page_link("/v1/clients", limit, next));
    Ok((link, axum::Json(&List { items: found.into_iter().map(|row| shown(&api, row)).collect(), next })).into_response())
}

async fn read(State(api): State<ClientApi>, name: Name, headers: HeaderMap) -> Result<Response, Refusal> {
    accepted(&headers, &[JSON])?;
    let found = api.node.store().client(&id(name)?).await?.ok_or_else(unknown)?;
    Ok(axum::Json(&shown(&api, found)).into_response())
}

async fn put_client(State(api): State<ClientApi>, name: Name, headers: HeaderMap, body: Body) -> Result<Response, Refusal> {
    sends_json(&headers)?;
    accepted(&headers, &[JSON])?;
    let id = id(name)?;
    if id == OPERATOR {
        return Err(invalid("operator is the name of the machine's own operator; choose another"));
    }
    let body = body::read(body, LARGEST).await?;
    let text = std::str::from_utf8(&body).map_err(|_| invalid("the body is not UTF-8"))?;
    polder_model::json::read_strict(&body).map_err(|finding| Refusal::findings(ProblemType::InvalidDocument, vec![finding]))?;
    let document = ClientDocument::read(text).map_err(|findings| Refusal::findings(ProblemType::InvalidDocument, findings))?;
    propose(&api.node, &id, &document, operator()).await?;
    let found = api.node.store().client(&id).await?.ok_or_else(unknown)?;
    Ok(axum::Json(&shown(&api, found)).into_response())
}

/// Why something of a client is not so from now on.
#[derive(Debug)]
pub(crate) enum NotInForce {
    /// There is no such client, or nothing of it waits.
    Nothing,
    /// Something else waits than what was looked at.
    Other,
    /// Whoever proposed it may not approve it.
    SamePerson,
    /// The last day of what is proposed is over.
    Over,
    /// The client was ended for good.
    Ended,
    /// There are as many clients as may be.
    TooMany,
    /// The store could not.
    Store(StoreError),
}

impl From<StoreError> for NotInForce {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<NotInForce> for Refusal {
    fn from(not: NotInForce) -> Self {
        match not {
            NotInForce::Nothing => Self::new(ProblemType::NotInForce, "nothing of this client waits to be approved"),
            NotInForce::Other => Self::new(
                ProblemType::PreconditionFailed,
                "something else is proposed now than what you looked at; look again, and approve that",
            ),
            NotInForce::SamePerson => Self::new(
                ProblemType::Forbidden,
                "who proposed a client does not approve it: a second person does, an administrator at the desk or the operator of the machine. Where one \
                 person has to do, set client.one_person",
            ),
            NotInForce::Over => Self::new(ProblemType::NotInForce, "the last day of what is proposed is over; propose it with another"),
            NotInForce::Ended => Self::new(ProblemType::NotInForce, "this client was ended for good; register it anew under another id"),
            NotInForce::TooMany => {
                Self::new(ProblemType::TooManyOffers, "there are as many clients as a node has; end those that call no more")
            }
            NotInForce::Store(error) => error.into(),
        }
    }
}

/// Somebody proposes what a client may do.
pub(crate) async fn propose(node: &Node, id: &str, document: &ClientDocument, by: Person) -> Result<(), NotInForce> {
    node.store().propose_client(id, &document.write(), by, node.now()).await?.map_err(|not| match not {
        NotProposed::Ended => NotInForce::Ended,
        NotProposed::TooMany => NotInForce::TooMany,
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Approves {
    sha256: String,
}

async fn post_approval(State(api): State<ClientApi>, name: Name, headers: HeaderMap, body: Body) -> Result<Response, Refusal> {
    sends_json(&headers)?;
    accepted(&headers, &[JSON])?;
    let id = id(name)?;
    let form = r#"send {"sha256": "what sha256 of the proposal is"}"#;
    let body = body::read(body, 1_024).await?;
    let said: Approves = body::of_form(&body, form)?;
    if api.node.store().client(&id).await?.is_none() {
        return Err(unknown());
    }
    approve(&api.node, api.one_person, &id, &said.sha256, operator()).await?;
    let found = api.node.store().client(&id).await?.ok_or_else(unknown)?;
    Ok(axum::Json(&shown(&api, found)).into_response())
}

/// Somebody approves what they looked at; with `alone`, whoever proposed it may.
pub(crate) async fn approve(node: &Node, alone: bool, id: &str, sha256: &str, by: Person) -> Result<(), NotInForce> {
    let (store, now) = (node.store(), node.now());
    let proposed = store.client(id).await?.and_then(|found| found.proposed).ok_or(NotInForce::Nothing)?;
    if digest(&proposed.document) != sha256 {
        return Err(NotInForce::Other);
    }
    let document = ClientDocument::read(&proposed.document).map_err(|_| NotInForce::Nothing)?;
    let until = document.ends().min(now.plus_seconds(MOST_DAYS * 86_400));
    if until <= now {
        return Err(NotInForce::Over);
    }
    let people = document.is_about_people();
    let approval = Approval { id: id.to_owned(), document: proposed.document, by, alone, people, until, now };
    store.approve_client(approval).await?.map_err(|not| match not {
        NotApproved::Nothing => NotInForce::Nothing,
        NotApproved::Other => NotInForce::Other,
        NotApproved::SamePerson => NotInForce::SamePerson,
    })
}

async fn end(State(api): State<ClientApi>, name: Name) -> Result<Response, Refusal> {
    let (id, store, now) = (id(name)?, api.node.store(), api.node.now());
    let found = store.client(&id).await?.ok_or_else(unknown)?;
    if found.in_force.is_none() {
        store.refuse_client(&id, operator(), now).await?;
    } else {
        store.end_client(&id, operator(), now).await?;
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}
