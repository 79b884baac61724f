//! Ending consents of this partner's workers on a stated ground, for its privacy officer.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::HeaderMap;
use polder_consent::{ConsentId, Ground, WorkerId};
use polder_exchange::Node;
use polder_model::problem::ProblemType;
use polder_model::{Finding, FindingCode, OfferKey, Timestamp};
use polder_store::StoreError;
use polder_store::people::Which;
use serde::{Deserialize, Serialize};

use super::ClientApi;
use super::negotiate::{JSON, accepted, sends_json};
use crate::body;
use crate::refusal::Refusal;

/// Largest request, in bytes.
const LARGEST: usize = 16 * 1024;
/// Most consents that are named.
pub(crate) const MOST_NAMED: usize = 200;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Said {
    key: Option<String>,
    consents: Option<Vec<String>>,
    notice: Option<String>,
    ground: String,
}

/// Which consents, as they were named: those of the worker of a skill offer, or those on a text.
enum Named {
    Of(OfferKey, Vec<ConsentId>),
    OnNotice(String),
}

/// What was done. Towards whom each worker had decided is theirs to see.
#[derive(Serialize)]
struct Revocation {
    at: Timestamp,
    ground: Ground,
    /// How many consents ended, or were found never to have held.
    consents: usize,
    /// Of how many of them the recipient was told to erase a copy.
    erases: usize,
}

pub(super) async fn revoke(api: ClientApi, headers: HeaderMap, body: Body) -> Result<Response, Refusal> {
    sends_json(&headers)?;
    accepted(&headers, &[JSON])?;
    let (named, ground) = read(&body::read(body, LARGEST).await?)?;
    let which = match named {
        Named::OnNotice(sha256) if api.node.store().notice(&sha256).await?.is_none() => {
            return Err(Refusal::new(ProblemType::NotFound, "no text with this sha256 is kept here: nothing was given on it"));
        }
        Named::OnNotice(sha256) => Which::OnNotice(sha256),
        Named::Of(key, consents) => Which::Of(worker(&api, &key).await?, consents),
    };
    let done = api.node.revoke(which, ground).await?;
    let erases = done.ended.iter().filter(|one| one.owed).count();
    Ok(axum::Json(&Revocation { at: done.at, ground, consents: done.ended.len(), erases }).into_response())
}

/// The worker of a skill offer, also of one that was deleted: what had ended may still be found never to have held.
pub(crate) async fn worker_of(node: &Node, key: &OfferKey) -> Result<Option<WorkerId>, StoreError> {
    match node.store().reader().worker_of_offer(key).await? {
        Some(known) => Ok(Some(known)),
        None => node.store().worker_of(key, node.now()).await,
    }
}

async fn worker(api: &ClientApi, key: &OfferKey) -> Result<WorkerId, Refusal> {
    let worker = worker_of(&api.node, key).await?;
    worker.ok_or_else(|| Refusal::new(ProblemType::NotFound, "there is no skill-offer with this key"))
}

fn read(body: &[u8]) -> Result<(Named, Ground), Refusal> {
    crate::body::is_object(body)?;
    let form = r#"send {"key": a skill offer of yours, "ground": "worker-asked"}, with "consents" where not all of them are meant, or {"notice": the sha256 of a text, "ground": "notice-wrong"}"#;
    let said: Said = crate::body::of_form(body, form)?;
    let mut findings = Vec::new();
    let ground = said.ground.parse::<Ground>();
    if let Err(error) = &ground {
        findings.push(Finding::new("/ground", FindingCode::UnknownCode, error.to_string()));
    }
    let named = match (said.key, said.notice) {
        (Some(key), None) => of_worker(&key, said.consents.as_deref(), &mut findings),
        (None, Some(notice)) => on_notice(notice, said.consents.as_deref().unwrap_or_default(), &mut findings),
        _ => {
            findings.push(Finding::new(
                "/key",
                FindingCode::Contradiction,
                "give either key or notice: whose consents, or those on which text",
            ));
            None
        }
    };
    match (named, ground, findings.is_empty()) {
        (Some(named), Ok(ground), true) => Ok((named, ground)),
        _ => Err(Refusal::findings(ProblemType::InvalidRequest, findings)),
    }
}

fn of_worker(key: &str, consents: Option<&[String]>, findings: &mut Vec<Finding>) -> Option<Named> {
    let key = key.parse::<OfferKey>().map_err(|error| findings.push(Finding::new("/key", FindingCode::OutOfBounds, error.to_string())));
    // An empty list may be one that was computed: all of them are meant by whoever leaves it out, and by nobody else.
    if consents.is_some_and(|consents| consents.is_empty() || consents.len() > MOST_NAMED) {
        let message = format!("1 to {MOST_NAMED} consents; leave it out where all of them are meant");
        findings.push(Finding::new("/consents", FindingCode::OutOfBounds, message));
        return None;
    }
    let consents = consents.unwrap_or_default();
    let mut all = Vec::new();
    for (place, consent) in consents.iter().enumerate() {
        match consent.parse() {
            Ok(consent) => all.push(consent),
            Err(error) => {
                let error: polder_consent::NoId = error;
                findings.push(Finding::new(format!("/consents/{place}"), FindingCode::OutOfBounds, error.to_string()));
            }
        }
    }
    Some(Named::Of(key.ok()?, all))
}

fn on_notice(notice: String, consents: &[String], findings: &mut Vec<Finding>) -> Option<Named> {
    if !consents.is_empty() {
        findings.push(Finding::new("/consents", FindingCode::Contradiction, "consents are named of one worker, with key; leave them out"));
    }
    let is_hash = notice.len() == 64 && notice.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    if !is_hash {
        findings.push(Finding::new(
            "/notice",
            FindingCode::OutOfBounds,
            "the sha256 of a text, as consents have it: 64 hexadecimal digits in lower case",
        ));
    }
    is_hash.then_some(Named::OnNotice(notice))
}
