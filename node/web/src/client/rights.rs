//! A worker's rights: access to everything that is held of them, and its end.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode};
use polder_consent::export::{Export, LARGEST};
use polder_exchange::people::{Brought, Gone, MoveRefused, ReceiptFailed};
use polder_model::problem::ProblemType;
use polder_model::{OfferKey, Timestamp};
use serde::{Deserialize, Serialize};

use super::ClientApi;
use super::auth::Login;
use super::negotiate::{JSON, accepted, sends_json};
use crate::body;
use crate::refusal::Refusal;

/// Largest request with an export, in bytes: others write it with spaces, lines and escapes, and take no more than three times as much.
pub(crate) const LARGEST_TAKEN_IN: usize = 3 * LARGEST + 64 * 1024;
/// Requests with an export that are on their way at the same time: each is in memory.
pub(super) const MOVES_AT_ONCE: usize = 2;

/// Asks every partner that received something what it holds, and replies with all that is held.
pub(super) async fn ask_access(api: ClientApi, login: Login, headers: HeaderMap) -> Result<Response, Refusal> {
    accepted(&headers, &[JSON])?;
    api.node.gather_holdings(login.worker).await?;
    show(&api, login).await
}

/// The same as far as is known, without asking.
pub(super) async fn access(api: ClientApi, login: Login, headers: HeaderMap) -> Result<Response, Refusal> {
    accepted(&headers, &[JSON])?;
    show(&api, login).await
}

#[derive(Serialize)]
struct Erased {
    /// When it took effect.
    at: Timestamp,
    /// The signed receipt of the erasure.
    #[serde(skip_serializing_if = "Option::is_none")]
    receipt: Option<String>,
    /// Signed receipts of the consents that ended.
    receipts: Vec<String>,
}

/// Ends and erases everything. When the response comes, nothing leaves any more, and the caller is nobody here.
pub(super) async fn erase(api: ClientApi, login: Login) -> Result<Response, Refusal> {
    let Gone { at, receipt, receipts, .. } = api.node.erase(login.worker).await?;
    Ok(axum::Json(&Erased { at, receipt, receipts }).into_response())
}

/// Everything that a worker takes along.
pub(super) async fn export(api: ClientApi, login: Login, headers: HeaderMap) -> Result<Response, Refusal> {
    accepted(&headers, &[JSON])?;
    Ok(axum::Json(&api.node.export_of(login.worker).await?).into_response())
}

#[derive(Serialize)]
struct History {
    items: Vec<Brought>,
}

/// What a worker brought along from other nodes.
pub(super) async fn history(api: ClientApi, login: Login, headers: HeaderMap) -> Result<Response, Refusal> {
    accepted(&headers, &[JSON])?;
    Ok(axum::Json(&History { items: api.node.histories_of(login.worker).await? }).into_response())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TakeIn {
    key: OfferKey,
    export: Export,
}

/// Takes in what a worker brings along, for a system of this partner.
pub(super) async fn take_in(api: ClientApi, headers: HeaderMap, body: Body) -> Result<Response, Refusal> {
    sends_json(&headers)?;
    accepted(&headers, &[JSON])?;
    let Ok(_place) = api.moves.try_acquire() else {
        let busy = "as many workers as this node takes in at once are on their way; send it again";
        return Err(Refusal::new(ProblemType::Unavailable, busy));
    };
    let body = body::read(body, LARGEST_TAKEN_IN).await?;
    let form = r#"send {"key": a free key for the skill offer, "export": what GET /v1/me/export of the other node gave}"#;
    let TakeIn { key, export } = body::of_form(&body, form)?;
    Ok((StatusCode::CREATED, axum::Json(&api.node.take_in(key, &export).await?)).into_response())
}

async fn show(api: &ClientApi, login: Login) -> Result<Response, Refusal> {
    Ok(axum::Json(&api.node.access(login.worker).await?).into_response())
}

impl From<ReceiptFailed> for Refusal {
    fn from(failed: ReceiptFailed) -> Self {
        match failed {
            ReceiptFailed::Store(error) => error.into(),
            ReceiptFailed::Consents(_) | ReceiptFailed::Evidence(_) | ReceiptFailed::NoKey => Self::internal(&failed),
        }
    }
}

impl From<MoveRefused> for Refusal {
    fn from(refused: MoveRefused) -> Self {
        let detail = refused.to_string();
        match refused {
            MoveRefused::TooLarge => Self::new(ProblemType::TooLarge, detail),
            MoveRefused::Form(_) => Self::new(ProblemType::InvalidRequest, detail),
            MoveRefused::Evidence(_) | MoveRefused::NotNow(_) => Self::new(ProblemType::Forbidden, detail),
            MoveRefused::Taken(_) => Self::new(ProblemType::PreconditionFailed, detail),
            MoveRefused::Profile(findings) => Self::findings(ProblemType::InvalidDocument, findings),
            MoveRefused::Store(error) => error.into(),
        }
    }
}
