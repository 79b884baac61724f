//! Applications that came for vacancies of this partner, for its own systems.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::HeaderMap;
use polder_consent::Handle;
use polder_model::answer::Disclosed;
use polder_model::application::ApplicationState;
use polder_model::problem::ProblemType;
use polder_model::query::reading_failed;
use polder_model::{Kind, OfferKey, PartnerId, Timestamp};
use polder_store::people::ReceivedApplication;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::ClientApi;
use super::auth::Caller;
use super::me::{limit_of, name_of};
use super::negotiate::{JSON, accepted, sends_json};
use super::offers::PageAsked;
use crate::body;
use crate::refusal::Refusal;

/// The highest number that an application may have.
const MOST: u64 = 9_007_199_254_740_991;
/// Largest body of a status, in bytes.
const LARGEST: usize = 1024;

#[derive(Serialize)]
struct ApplicationPage {
    items: Vec<Listed>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Listed {
    number: u64,
    partner: PartnerId,
    partner_name: String,
    /// What this partner, and nobody else, knows the worker by.
    key: Handle,
    vacancy: OfferKey,
    at: Timestamp,
    status: ApplicationState,
    document: Box<RawValue>,
    disclosure: Disclosed,
}

/// A page of applications, in the order in which they came.
pub(super) async fn list(api: ClientApi, caller: Caller, asked: PageAsked, headers: HeaderMap) -> Result<Response, Refusal> {
    accepted(&headers, &[JSON])?;
    let limit = limit_of(&asked)?;
    let after = asked.cursor.as_deref().map(read_cursor).transpose()?.unwrap_or(0);
    let mut found = api.node.applications_after(after, limit.saturating_add(1)).await?;
    let more = found.len() > limit as usize;
    found.truncate(limit as usize);
    let next = found.last().filter(|_| more).map(|last| format!("a{}", last.number));
    let acts_for = caller.acts_for();
    found.retain(|one| acts_for.includes(&one.organisation));
    let found = api.node.hand_out(caller.client()?, found).await?;
    let items = found.into_iter().map(|one| listed(&api, one)).collect::<Result<_, _>>()?;
    Ok(axum::Json(&ApplicationPage { items, next }).into_response())
}

fn listed(api: &ClientApi, one: ReceivedApplication) -> Result<Listed, Refusal> {
    let text = String::from_utf8(one.document).map_err(|error| Refusal::internal(&error))?;
    Ok(Listed {
        number: one.number,
        partner_name: name_of(api, &one.source),
        partner: one.source,
        key: one.handle,
        vacancy: one.vacancy,
        at: one.at,
        status: one.state,
        document: RawValue::from_string(text).map_err(|error| Refusal::internal(&error))?,
        disclosure: Disclosed {
            id: one.disclosure.to_string(),
            epoch: one.epoch.0,
            fields: one.fields.iter().map(|field| field.pointer().to_owned()).collect(),
            use_until: one.use_until,
        },
    })
}

fn read_cursor(cursor: &str) -> Result<u64, Refusal> {
    let number = cursor.strip_prefix('a').and_then(|number| number.parse().ok());
    let number = number.filter(|number| *number <= MOST && format!("a{number}") == cursor);
    number.ok_or_else(|| Refusal::new(ProblemType::InvalidRequest, "cursor is what `next` of the page before says"))
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Status {
    status: ApplicationState,
}

/// Says what became of an application. Its worker hears of it.
pub(super) async fn set_status(
    api: ClientApi,
    caller: Caller,
    number: String,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refusal> {
    sends_json(&headers)?;
    accepted(&headers, &[JSON])?;
    let bytes = body::read(body, LARGEST).await?;
    body::is_object(&bytes)?;
    let said: Status =
        serde_json::from_slice(&bytes).map_err(|error| Refusal::findings(ProblemType::InvalidRequest, vec![reading_failed(&error)]))?;
    let unknown = || Refusal::new(ProblemType::NotFound, "there is no such application, or its worker took it back, or its time is over");
    let number = number.parse::<u64>().ok().filter(|number| *number <= MOST).ok_or_else(unknown)?;
    let found = api.node.application_numbered(number).await?.ok_or_else(unknown)?;
    if !caller.acts_for_offer(&api, Kind::Vacancy, &found.vacancy).await? || !api.node.set_application(number, said.status).await? {
        return Err(unknown());
    }
    Ok(axum::Json(&said).into_response())
}
