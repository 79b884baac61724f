//! What a worker decides about themself, and what they see of what was done with it.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderName, StatusCode};
use polder_consent::dpv::Exported;
use polder_consent::{Consent, ConsentId, State, WorkerId};
use polder_exchange::people::{Asked, Copies, DecideRefused, Sight, Withdrawn};
use polder_model::problem::ProblemType;
use polder_model::{PartnerId, Purpose, Timestamp};
use polder_store::people::Kept;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::auth::Login;
use super::negotiate::{JSON, accepted, sends_json};
use super::offers::{MOST_ON_A_PAGE, ON_A_PAGE, PageAsked};
use super::{ClientApi, decision, imports};
use crate::body;
use crate::refusal::Refusal;

#[derive(Serialize)]
struct Items<T> {
    items: Vec<T>,
}

#[derive(Serialize)]
struct Page<T> {
    items: Vec<T>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

#[derive(Serialize)]
struct Notice {
    text: String,
    sha256: String,
    language: &'static str,
}

/// The text that goes with a decision.
pub(super) async fn notice(api: ClientApi, headers: HeaderMap, body: Body) -> Result<Response, Refusal> {
    sends_json(&headers)?;
    accepted(&headers, &[JSON])?;
    let decision = decision::to_show(&body::read(body, decision::LARGEST).await?)?;
    let text = api.node.notice_for(&decision)?;
    let sha256 = hex::encode(Sha256::digest(&text));
    Ok(axum::Json(&Notice { text, sha256, language: decision.language.as_str() }).into_response())
}

/// Gives what was decided: all of it or none.
pub(super) async fn give(api: ClientApi, login: Login, headers: HeaderMap, body: Body) -> Result<Response, Refusal> {
    sends_json(&headers)?;
    accepted(&headers, &[JSON])?;
    let (decision, notice, request) = decision::to_carry_out(&body::read(body, decision::LARGEST).await?)?;
    let assisted_by = match request.map(|request| request.parse().map_err(|_| DecideRefused::UnknownRequest)).transpose()? {
        Some(request) => api.node.assistance(login.worker, request, &decision).await?,
        None => None,
    };
    let given = api.node.give(login.worker, &decision, &notice, login.authentication, assisted_by).await?;
    let kept: Vec<Kept> = given.into_iter().map(|given| given.kept).collect();
    let receipts = receipts(&api, &kept).await;
    let items: Vec<Sight> = kept.into_iter().map(|kept| api.node.sight(kept)).collect();
    Ok((StatusCode::CREATED, axum::Json(&GivenConsents { items, receipts })).into_response())
}

#[derive(Serialize)]
struct GivenConsents {
    items: Vec<Sight>,
    receipts: Vec<String>,
}

/// Receipts of what was decided. It was decided all the same where there can be none: they can be had later.
async fn receipts(api: &ClientApi, kept: &[Kept]) -> Vec<String> {
    match api.node.receipts(kept).await {
        Ok(receipts) => receipts.into_iter().map(|(signed, _)| signed).collect(),
        Err(error) => {
            tracing::error!(%error, "a worker gets no receipt");
            Vec::new()
        }
    }
}

#[derive(Serialize)]
struct ReceiptOf {
    /// The signed receipt.
    jws: String,
    /// The same in the words of ISO/IEC TS 27560.
    dpv: Exported,
}

/// The receipt of one consent as it stands now.
pub(super) async fn receipt(api: ClientApi, login: Login, name: String, headers: HeaderMap) -> Result<Response, Refusal> {
    accepted(&headers, &[JSON])?;
    let kept = find(&api, login.worker, &name).await?;
    let made = api.node.receipts(&[kept]).await.map_err(|error| Refusal::internal(&error))?.pop();
    let (jws, receipt) = made.ok_or_else(|| Refusal::internal(&"a receipt about nothing"))?;
    Ok(axum::Json(&ReceiptOf { jws, dpv: api.node.in_dpv(&receipt) }).into_response())
}

/// What was decided, the last one first.
pub(super) async fn consents(api: ClientApi, login: Login, asked: PageAsked, headers: HeaderMap) -> Result<Response, Refusal> {
    accepted(&headers, &[JSON])?;
    let limit = limit_of(&asked)?;
    let before = asked.cursor.as_deref().map(read_cursor).transpose()?;
    let mut found = api.node.consents_of(login.worker, before, limit.saturating_add(1)).await?;
    let more = found.len() > limit as usize;
    found.truncate(limit as usize);
    let next = found.last().filter(|_| more).map(|(_, leaf)| format!("b{leaf}"));
    let items = found.into_iter().map(|(sight, _)| sight).collect();
    Ok(axum::Json(&Page { items, next }).into_response())
}

/// A consent, with the text that was read when it was decided.
#[derive(Serialize)]
struct WithText {
    #[serde(flatten)]
    sight: Sight,
    text: String,
}

/// One consent, with the text that was read.
pub(super) async fn consent(api: ClientApi, login: Login, name: String, headers: HeaderMap) -> Result<Response, Refusal> {
    accepted(&headers, &[JSON])?;
    let kept = find(&api, login.worker, &name).await?;
    let text = api.node.store().notice(&kept.consent.notice.sha256).await?.unwrap_or_default();
    let text = String::from_utf8(text).map_err(|error| Refusal::internal(&error))?;
    Ok(axum::Json(&WithText { sight: api.node.sight(kept), text }).into_response())
}

/// The consent, unless there is none or it is another worker's: nobody learns which.
async fn find(api: &ClientApi, worker: WorkerId, name: &str) -> Result<Kept, Refusal> {
    let Ok(id) = name.parse::<ConsentId>() else { return Err(DecideRefused::Unknown.into()) };
    let kept = api.node.store().consent_of(worker, id).await?;
    kept.ok_or_else(|| DecideRefused::Unknown.into())
}

/// What a withdrawal did.
#[derive(Serialize)]
struct Ending {
    /// When it took effect; of what had ended before, when that was.
    at: Timestamp,
    /// Whether it had ended before.
    already: bool,
    items: Vec<EndedConsent>,
    /// Signed receipts of what ended.
    receipts: Vec<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct EndedConsent {
    consent: ConsentId,
    recipient: PartnerId,
    recipient_name: String,
    purpose: Purpose,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<State>,
    /// Whether the recipient has, or had, a copy, and is to erase it.
    erases: bool,
}

/// Ends one consent. When the response comes, nothing leaves under it any more.
pub(super) async fn withdraw(api: ClientApi, login: Login, name: String) -> Result<Response, Refusal> {
    let kept = find(&api, login.worker, &name).await?;
    match api.node.withdraw(login.worker, kept.consent.id).await {
        Ok(withdrawn) => Ok(ending(&api, withdrawn).await),
        Err(DecideRefused::NotInForce(Some(state))) if ended_for_good(state) => already(&api, login.worker, &name).await,
        Err(DecideRefused::NotInForce(Some(State::Superseded))) => {
            let detail = "a newer consent came in the place of this one, and is in force or was withdrawn by itself; withdraw that one";
            Err(Refusal::new(ProblemType::NotInForce, detail))
        }
        Err(refused) => Err(refused.into()),
    }
}

/// Whether nothing came in the place of a consent that ended so.
fn ended_for_good(state: State) -> bool {
    match state {
        State::Withdrawn | State::Expired | State::Revoked | State::Invalidated => true,
        State::Requested | State::Deferred | State::Lapsed | State::Refused | State::Given | State::Superseded => false,
    }
}

async fn ending(api: &ClientApi, withdrawn: Withdrawn) -> Response {
    let kept: Vec<Kept> = withdrawn.ended.iter().map(|ended| ended.kept.clone()).collect();
    let receipts = receipts(api, &kept).await;
    let items = withdrawn.ended.into_iter().map(|ended| ended_consent(api, &ended.kept, ended.owed));
    axum::Json(&Ending { at: withdrawn.at, already: false, items: items.collect(), receipts }).into_response()
}

fn ended_consent(api: &ClientApi, kept: &Kept, erases: bool) -> EndedConsent {
    let Consent { id, recipient, purpose, .. } = &kept.consent;
    EndedConsent {
        consent: *id,
        recipient: recipient.clone(),
        recipient_name: name_of(api, recipient),
        purpose: *purpose,
        state: kept.state(api.node.now()),
        erases,
    }
}

/// Says of a consent that had ended before when that was.
async fn already(api: &ClientApi, worker: WorkerId, name: &str) -> Result<Response, Refusal> {
    let kept = find(api, worker, name).await?;
    let ended = kept.events.last().filter(|_| kept.events.len() > 1).map_or(kept.consent.until, |event| event.at);
    let Consent { recipient, purpose, epoch, .. } = &kept.consent;
    let copies = api.node.copies_of(worker).await?;
    let erases = copies.iter().any(|copies| {
        copies.recipient == *recipient && copies.purpose == *purpose && copies.epoch == *epoch && copies.disclosures.is_empty()
    });
    let items = vec![ended_consent(api, &kept, erases)];
    let receipts = receipts(api, &[kept]).await;
    Ok(axum::Json(&Ending { at: ended, already: true, items, receipts }).into_response())
}

/// Ends every consent that is in force.
pub(super) async fn withdraw_all(api: ClientApi, login: Login) -> Result<Response, Refusal> {
    let withdrawn = api.node.withdraw_all(login.worker).await?;
    Ok(ending(&api, withdrawn).await)
}

/// Who saw what, when and why, the last one first.
pub(super) async fn disclosures(api: ClientApi, login: Login, asked: PageAsked, headers: HeaderMap) -> Result<Response, Refusal> {
    accepted(&headers, &[JSON])?;
    let limit = limit_of(&asked)?;
    let before = asked.cursor.as_deref().map(read_cursor).transpose()?;
    let mut found = api.node.disclosures_of(login.worker, before, limit.saturating_add(1)).await?;
    let more = found.len() > limit as usize;
    found.truncate(limit as usize);
    let next = found.last().filter(|_| more).map(|last| format!("b{}", last.leaf));
    let items = found.into_iter().map(|row| api.node.seen(row));
    Ok(axum::Json(&Page { items: items.collect(), next }).into_response())
}

/// What became of copies under what ended.
pub(super) async fn copies(api: ClientApi, login: Login, headers: HeaderMap) -> Result<Response, Refusal> {
    accepted(&headers, &[JSON])?;
    let items: Vec<Copies> = api.node.copies_of(login.worker).await?;
    Ok(axum::Json(&Items { items }).into_response())
}

/// What was asked on the worker's behalf, the last one first.
pub(super) async fn questions(api: ClientApi, login: Login, asked: PageAsked, headers: HeaderMap) -> Result<Response, Refusal> {
    accepted(&headers, &[JSON])?;
    let limit = limit_of(&asked)?;
    let after = asked.cursor.as_deref().map(imports::read_cursor).transpose()?;
    let after = after.as_ref().map(|(at, query)| (*at, query.as_str()));
    let mut found: Vec<Asked> = api.node.asked_for(login.worker, after, limit.saturating_add(1)).await?;
    let more = found.len() > limit as usize;
    found.truncate(limit as usize);
    let next = found.last().filter(|_| more).map(|last| imports::cursor_after(last.at, &last.query));
    Ok(axum::Json(&Page { items: found, next }).into_response())
}

/// Whatever came before: a number of this node's own.
fn read_cursor(cursor: &str) -> Result<u64, Refusal> {
    let number = cursor.strip_prefix('b').and_then(|number| number.parse().ok());
    let number = number.filter(|number: &u64| i64::try_from(*number).is_ok() && format!("b{number}") == cursor);
    number.ok_or_else(|| Refusal::new(ProblemType::InvalidRequest, "cursor is what `next` of the page before says"))
}

/// How many are asked on a page.
pub(super) fn limit_of(asked: &PageAsked) -> Result<u32, Refusal> {
    let limit = asked.limit.unwrap_or(ON_A_PAGE);
    let detail = || Refusal::new(ProblemType::InvalidRequest, format!("limit is 1 to {MOST_ON_A_PAGE}"));
    if (1..=MOST_ON_A_PAGE).contains(&limit) { Ok(limit) } else { Err(detail()) }
}

/// The name of a partner in the register; empty where it has left.
pub(super) fn name_of(api: &ClientApi, partner: &PartnerId) -> String {
    api.node.register().member(partner).map(|member| member.name.clone()).unwrap_or_default()
}

/// How many rows are under no checkpoint yet, and so not in the proof.
const PENDING: HeaderName = HeaderName::from_static("polder-log-pending");

/// The proof that everything that was written down of a worker stands in the log.
pub(super) async fn log(api: ClientApi, login: Login, headers: HeaderMap) -> Result<Response, Refusal> {
    accepted(&headers, &[JSON])?;
    let (export, pending) = api.node.proof_of(login.worker).await?;
    Ok(([(PENDING, pending.to_string())], axum::Json(&export)).into_response())
}
