//! Webhooks: a system says where it is to be told of events, and looks how that goes. To others they are not there.

use axum::body::Body;
use axum::extract::{Extension, Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post};
use http::header::LOCATION;
use http::{HeaderMap, Method, StatusCode};
use polder_model::event::EventType;
use polder_model::json::read_strict;
use polder_model::problem::ProblemType;
use polder_model::{Finding, FindingCode, Timestamp};
use polder_store::webhooks::{MOST_OF_ONE, NewWebhook, Webhook, WebhookId};
use serde::{Deserialize, Serialize};

use super::ClientApi;
use super::auth::Caller;
use super::negotiate::{JSON, accepted, sends_json};
use super::operations::{Does, Name, Operation, Who, invalid};
use super::scope::Scope;
use crate::body;
use crate::feed::{self, Cursor};
use crate::refusal::Refusal;

/// Largest body, in bytes.
const LARGEST: usize = 4 * 1024;

/// What an operation about webhooks does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OfWebhooks {
    List,
    Create,
    Get,
    Delete,
    Rotate,
    Replay,
    Test,
}

impl OfWebhooks {
    pub(super) fn id(self) -> &'static str {
        match self {
            Self::List => "list_webhooks",
            Self::Create => "create_webhook",
            Self::Get => "get_webhook",
            Self::Delete => "delete_webhook",
            Self::Rotate => "rotate_webhook_secret",
            Self::Replay => "replay_webhook",
            Self::Test => "test_webhook",
        }
    }
}

/// The operations.
pub(super) fn all() -> [Operation; 7] {
    let (list, one, scope, of) = ("/v1/webhooks", "/v1/webhooks/{webhook}", Some(Scope::Webhooks), Does::Webhooks);
    [
        Operation::new(of(OfWebhooks::List), Method::GET, list, scope, get(list_webhooks)),
        Operation::new(of(OfWebhooks::Create), Method::POST, list, scope, post(create_webhook)),
        Operation::new(of(OfWebhooks::Get), Method::GET, one, scope, get(get_webhook)),
        Operation::new(of(OfWebhooks::Delete), Method::DELETE, one, scope, delete(delete_webhook)),
        Operation::new(of(OfWebhooks::Rotate), Method::POST, "/v1/webhooks/{webhook}/secret", scope, post(rotate_webhook_secret)),
        Operation::new(of(OfWebhooks::Replay), Method::POST, "/v1/webhooks/{webhook}/replay", scope, post(replay_webhook)),
        Operation::new(of(OfWebhooks::Test), Method::POST, "/v1/webhooks/{webhook}/test", scope, post(test_webhook)),
    ]
}

/// How a webhook is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum WebhookState {
    /// It took what it was told last, or was told nothing yet.
    Active,
    /// It did not, and is told again.
    Failing,
    /// It is told nothing any more.
    Disabled,
}

impl WebhookState {
    /// All of them.
    pub(crate) const ALL: [Self; 3] = [Self::Active, Self::Failing, Self::Disabled];

    pub(crate) fn of(webhook: &Webhook) -> Self {
        match (webhook.disabled_at, webhook.failures) {
            (Some(_), _) => Self::Disabled,
            (None, 0) => Self::Active,
            (None, _) => Self::Failing,
        }
    }

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Failing => "failing",
            Self::Disabled => "disabled",
        }
    }
}

/// A webhook as its system sees it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown {
    id: String,
    url: String,
    types: Vec<EventType>,
    state: WebhookState,
    made_at: Timestamp,
    failures: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    failing_since: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tried_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "String::is_empty")]
    outcome: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    disabled_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "String::is_empty")]
    last_event: String,
    /// Shown once: where it was made, or a new one.
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
}

fn shown(webhook: Webhook, secret: Option<String>) -> Shown {
    Shown {
        state: WebhookState::of(&webhook),
        id: webhook.id.to_string(),
        url: webhook.url,
        types: webhook.types,
        made_at: webhook.made_at,
        failures: webhook.failures,
        failing_since: webhook.failing_since,
        tried_at: webhook.tried_at,
        outcome: webhook.outcome,
        next_at: webhook.next_at,
        disabled_at: webhook.disabled_at,
        last_event: webhook.last_event,
        secret,
    }
}

#[derive(Serialize)]
struct List {
    items: Vec<Shown>,
}

fn unknown() -> Refusal {
    Refusal::new(ProblemType::NotFound, "there is no such webhook of this client")
}

fn id(name: Name) -> Result<WebhookId, Refusal> {
    let Path(name) = name.map_err(|_| invalid("the webhook in the address is not readable text"))?;
    name.parse().map_err(|()| unknown())
}

async fn found(api: &ClientApi, caller: &Caller, id: &WebhookId) -> Result<Webhook, Refusal> {
    api.node.store().webhook(caller.client()?, id).await?.ok_or_else(unknown)
}

async fn list_webhooks(State(api): State<ClientApi>, Extension(caller): Who, headers: HeaderMap) -> Result<Response, Refusal> {
    accepted(&headers, &[JSON])?;
    let all = api.node.store().webhooks_of(caller.client()?).await?;
    Ok(axum::Json(&List { items: all.into_iter().map(|webhook| shown(webhook, None)).collect() }).into_response())
}

async fn get_webhook(State(api): State<ClientApi>, Extension(caller): Who, name: Name, headers: HeaderMap) -> Result<Response, Refusal> {
    accepted(&headers, &[JSON])?;
    Ok(axum::Json(&shown(found(&api, &caller, &id(name)?).await?, None)).into_response())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Creates {
    url: String,
    #[serde(default)]
    types: Vec<String>,
    cursor: Option<String>,
}

async fn create_webhook(State(api): State<ClientApi>, Extension(caller): Who, headers: HeaderMap, body: Body) -> Result<Response, Refusal> {
    sends_json(&headers)?;
    accepted(&headers, &[JSON])?;
    let body = body::read(body, LARGEST).await?;
    read_strict(&body).map_err(|finding| Refusal::findings(ProblemType::InvalidRequest, vec![finding]))?;
    let form = r#"send {"url": "https://ats.example.nl/polder"}, and where not all events are wanted "types": ["application.received"]; "cursor" where what came before is wanted too"#;
    let said: Creates = body::of_form(&body, form)?;
    let types = checked(&api, &caller, &said)?;
    let position = match &said.cursor {
        Some(cursor) => Some(place(&api, &caller, cursor).await?),
        None => None,
    };
    let new = NewWebhook { client: caller.client()?.to_owned(), url: said.url, types, position, now: api.node.now() };
    let made = api.node.store().make_webhook(new).await?.map_err(|_| {
        let detail = format!("as many webhooks as may be: {MOST_OF_ONE} of one client, and a number of all; delete one that is not used");
        Refusal::new(ProblemType::TooManyOffers, detail)
    })?;
    let webhook = found(&api, &caller, &made).await?;
    let secret = api.webhooks.secret(&webhook);
    let place = format!("/v1/webhooks/{made}");
    Ok((StatusCode::CREATED, [(LOCATION, place)], axum::Json(&shown(webhook, Some(secret)))).into_response())
}

/// Everything that is wrong at once; else of which events it is to be told.
fn checked(api: &ClientApi, caller: &Caller, said: &Creates) -> Result<Vec<EventType>, Refusal> {
    let (mut findings, mut types) = (Vec::new(), Vec::new());
    if let Err(what) = api.webhooks.hosts().url(&said.url) {
        findings.push(Finding::new("/url", FindingCode::OutOfBounds, what));
    }
    if said.types.len() > EventType::ALL.len() {
        findings.push(Finding::new("/types", FindingCode::OutOfBounds, "each event once at most"));
    }
    for (number, name) in said.types.iter().take(EventType::ALL.len()).enumerate() {
        let at = format!("/types/{number}");
        match name.parse::<EventType>() {
            Err(error) => findings.push(Finding::new(at, FindingCode::UnknownCode, error.to_string())),
            Ok(event) if types.contains(&event) => findings.push(Finding::new(at, FindingCode::OutOfBounds, "each event once at most")),
            Ok(event) => match feed::scopes(event) {
                scopes if scopes.iter().any(|scope| caller.may(*scope)) => types.push(event),
                scopes => {
                    let names: Vec<String> = scopes.into_iter().map(Scope::name).collect();
                    findings.push(Finding::new(at, FindingCode::OutOfBounds, format!("this needs the scope {}", names.join(" or "))));
                }
            },
        }
    }
    if findings.is_empty() { Ok(types) } else { Err(Refusal::findings(ProblemType::InvalidRequest, findings)) }
}

/// The change after which a cursor stands, where all that comes after it is still there.
async fn place(api: &ClientApi, caller: &Caller, cursor: &str) -> Result<u64, Refusal> {
    let cursor = Cursor::read(cursor)?;
    feed::page(api.node.store(), caller, cursor, 1).await?;
    Ok(cursor.change())
}

async fn delete_webhook(State(api): State<ClientApi>, Extension(caller): Who, name: Name) -> Result<Response, Refusal> {
    if api.node.store().delete_webhook(caller.client()?, &id(name)?).await? {
        Ok(StatusCode::NO_CONTENT.into_response())
    } else {
        Err(unknown())
    }
}

async fn rotate_webhook_secret(
    State(api): State<ClientApi>,
    Extension(caller): Who,
    name: Name,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    accepted(&headers, &[JSON])?;
    let id = id(name)?;
    if !api.node.store().rotate_webhook(caller.client()?, &id, api.node.now()).await? {
        return Err(unknown());
    }
    let webhook = found(&api, &caller, &id).await?;
    let secret = api.webhooks.secret(&webhook);
    Ok(axum::Json(&shown(webhook, Some(secret))).into_response())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Replays {
    cursor: Option<String>,
}

async fn replay_webhook(
    State(api): State<ClientApi>,
    Extension(caller): Who,
    name: Name,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refusal> {
    sends_json(&headers)?;
    accepted(&headers, &[JSON])?;
    let id = id(name)?;
    let webhook = found(&api, &caller, &id).await?;
    let body = body::read(body, LARGEST).await?;
    let form = r#"send {"cursor": the id of the last event that you have}, or {} to go on where it stands"#;
    read_strict(&body).map_err(|finding| Refusal::findings(ProblemType::InvalidRequest, vec![finding]))?;
    let said: Replays = body::of_form(&body, form)?;
    let after = match &said.cursor {
        Some(cursor) => Some(place(&api, &caller, cursor).await?),
        None if webhook.position < api.node.store().events_forgotten().await? => {
            let detail = "it stands where events are kept no more: send a cursor, `0-0000000000000000` for all that is kept";
            return Err(Refusal::new(ProblemType::CursorLost, detail));
        }
        None => None,
    };
    if !api.node.store().replay_webhook(caller.client()?, &id, after).await? {
        return Err(unknown());
    }
    Ok(axum::Json(&shown(found(&api, &caller, &id).await?, None)).into_response())
}

#[derive(Serialize)]
struct Tested {
    took: bool,
    outcome: String,
}

async fn test_webhook(State(api): State<ClientApi>, Extension(caller): Who, name: Name, headers: HeaderMap) -> Result<Response, Refusal> {
    accepted(&headers, &[JSON])?;
    let webhook = found(&api, &caller, &id(name)?).await?;
    let test = api.webhooks.test(&webhook).await.ok_or_else(|| {
        Refusal::new(ProblemType::Unavailable, "as many webhooks as this node tries out at once are on their way; try again")
    })?;
    Ok(axum::Json(&Tested { took: test.took, outcome: test.outcome }).into_response())
}
