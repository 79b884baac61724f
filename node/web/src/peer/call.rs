//! A call of a peer: who it is, whether the message is theirs and fresh, and the signature under the reply.
//!
//! The certificate's key is looked up in the register at each call, not at each connection: who left the register is out at once. What an Inway passes on
//! shows who it is by the token instead (`crate::fsc`).

use std::sync::Arc;

use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, StatusCode};
use polder_consent::FscTransaction;
use polder_exchange::traces::{Parent, in_a_transaction};
use polder_model::problem::ProblemType;
use polder_model::query::LARGEST_QUERY;
use polder_trust::message::{self, MessageError};
use polder_trust::register::{Member, Status};
use sha2::{Digest, Sha256};
use tracing::Instrument;

use super::PeerApi;
use crate::body;
use crate::client::framing;
use crate::client::negotiate::JSON;
use crate::fsc::Inway;
use crate::quota::Place;
use crate::refusal::{PROBLEM_JSON, Refusal};
use crate::serve::{CarriesPeople, Connection};
use crate::traces;

/// How long a message is remembered, in seconds: it may come from a clock that is ahead, lives its time, and is taken by a clock that is behind;
/// and the clocks of two replicas may differ as well.
const REMEMBERED_SECONDS: i64 = message::LIFE_SECONDS + 4 * message::SKEW_SECONDS;

/// A message of a member whose signature holds.
pub(super) struct Call {
    pub from: Arc<Member>,
    pub body: Bytes,
    /// The purpose that the message names.
    pub purpose: String,
    /// The span of its sender below which this call is.
    pub below: Option<Parent>,
}

/// What a call is answered with.
pub(super) struct Reply {
    pub status: StatusCode,
    pub media: &'static str,
    pub body: Vec<u8>,
    /// Of one that carries people.
    pub people: Option<CarriesPeople>,
}

impl From<Vec<u8>> for Reply {
    /// Of JSON.
    fn from(body: Vec<u8>) -> Self {
        Self { status: StatusCode::OK, media: JSON, body, people: None }
    }
}

/// Whose calls are taken, and what is done with them when there is too much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// Of members who take part, and guests. Shed when there are too many.
    Ordinary,
    /// The same, for a question, of which there are only so many a minute.
    Question,
    /// Register news, tombstones and their acknowledgements: of every member that the register holds, also who is suspended or expelled. Never shed for what
    /// others ask or for what the member asks otherwise.
    NeverShed,
    /// Checkpoints to be cosigned: of the same members, and never shed either.
    Checkpoint,
}

impl Class {
    /// Whether calls are shed when there are too many, and taken of members alone who take part.
    fn is_shed(self) -> bool {
        match self {
            Self::Ordinary | Self::Question => true,
            Self::NeverShed | Self::Checkpoint => false,
        }
    }
}

/// Checks a call, has it carried out, and signs the reply, whatever it is.
pub(super) async fn carry_out(
    api: &PeerApi,
    request: Request,
    class: Class,
    work: impl AsyncFnOnce(Call) -> Result<Reply, Refusal>,
) -> Response {
    let (parts, body) = request.into_parts();
    let Some(target) = target(api, &parts) else {
        return Refusal::new(ProblemType::Unavailable, "this node does not stand in its own register").into_response();
    };
    let (outcome, held) = match caller(api, &parts, class).await {
        Ok(from) => {
            let (outcome, held) = placed(api, &parts, body, &target, &from, class, work).await;
            if let Err(refusal) = &outcome {
                note(api, &from, refusal);
            }
            (outcome, held)
        }
        Err(refusal) => (Err(refusal), None),
    };
    let response = reply(api, &parts.headers, &target, outcome);
    // What waits to be sent takes up a place as well.
    response.map(|body| body::holding(body, held))
}

/// A call of a member, with the place that it takes up.
async fn placed(
    api: &PeerApi,
    parts: &Parts,
    body: axum::body::Body,
    target: &str,
    from: &Arc<Member>,
    class: Class,
    work: impl AsyncFnOnce(Call) -> Result<Reply, Refusal>,
) -> (Result<Reply, Refusal>, Option<Place>) {
    let callers = match class {
        Class::Ordinary | Class::Question => &api.partners,
        Class::NeverShed => &api.for_news,
        Class::Checkpoint => &api.for_logs,
    };
    let caller = callers.of(&from.partner);
    match caller.admit(class == Class::Question) {
        Ok(place) => (admitted(api, parts, body::counted(body, &caller), target, from, class, work).await, Some(place)),
        Err(refusal) => (Err(refusal), None),
    }
}

/// A call of a member: bounded by what this member and all of them have on their way.
async fn admitted(
    api: &PeerApi,
    parts: &Parts,
    body: axum::body::Body,
    target: &str,
    from: &Arc<Member>,
    class: Class,
    work: impl AsyncFnOnce(Call) -> Result<Reply, Refusal>,
) -> Result<Reply, Refusal> {
    let busy = || Refusal::new(ProblemType::Unavailable, "as many calls of all as this node takes at once are on their way; try again");
    let shed = class.is_shed();
    // Before the body is read; the place itself is taken after, so that whoever sends slowly takes none.
    if shed && api.calls.available_permits() == 0 {
        return Err(busy());
    }
    framing::uncompressed(&parts.headers)?;
    let body = body::read(body, LARGEST_QUERY + 16 * 1024).await?;
    let verified = message::verify_request(from, parts.method.as_str(), target, &parts.headers, &body, &api.seen, api.node.now());
    let verified = verified.map_err(|error| api.inway.as_ref().map_or_else(|| error.into(), |inway| inway.unsigned(error)))?;
    let transaction = api.inway.is_some().then(|| Inway::transaction(&parts.headers)).transpose()?;
    first_seen(api, parts).await?;
    api.hints.note(&verified.register, &from.partner);
    let _one = if shed { Some(api.calls.try_acquire().map_err(|_| busy())?) } else { None };
    let call = Call { from: Arc::clone(from), body, purpose: verified.purpose, below: traces::parent(&parts.headers) };
    match transaction {
        None => work(call).await,
        Some(transaction) => in_transaction(parts, from, transaction, work(call)).await,
    }
}

/// Carries a call out of which every line of the log, every record and every row of the ledger names the transaction.
async fn in_transaction(
    parts: &Parts,
    from: &Member,
    transaction: FscTransaction,
    work: impl Future<Output = Result<Reply, Refusal>>,
) -> Result<Reply, Refusal> {
    let log = tracing::error_span!("fsc", %transaction);
    let outcome = in_a_transaction(transaction, work).instrument(log).await;
    let status = outcome.as_ref().map_or_else(Refusal::status, |reply| reply.status).as_u16();
    tracing::info!(partner = %from.partner, %transaction, path = parts.uri.path(), status, "a call came through the Inway");
    outcome
}

/// The log names who is refused, and why, at a bounded rate.
fn note(api: &PeerApi, from: &Member, refusal: &Refusal) {
    let kind = refusal.kind();
    if let Some(more) = api.refused.may((from.partner.clone(), kind)) {
        tracing::info!(partner = %from.partner, problem = kind.urn(), more, "a call of a partner was refused");
    }
}

/// Refuses a message that another replica of this node has taken. What this one has taken is refused already.
///
/// Only a message whose signature holds comes here: its `Signature-Input` has one form, and differs by the nonce from all others.
async fn first_seen(api: &PeerApi, parts: &Parts) -> Result<(), Refusal> {
    let input = parts.headers.get(message::SIGNATURE_INPUT).map_or(&[][..], |value| value.as_bytes());
    let now = api.node.now();
    if api.node.store().first_seen(&hex::encode(Sha256::digest(input)), now.plus_seconds(REMEMBERED_SECONDS), now).await? {
        return Ok(());
    }
    Err(MessageError::Replayed.into())
}

/// The address that the caller must have signed: that of this node in the register, not what a header says.
fn target(api: &PeerApi, parts: &Parts) -> Option<String> {
    let register = api.node.register();
    let home = register.member(&api.node.home().partner)?;
    let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    Some(format!("{}{path}", home.peer_url.trim_end_matches('/')))
}

/// The member or guest whose key the connection's certificate has, or for whom the token is that an Inway passes on.
async fn caller(api: &PeerApi, parts: &Parts, class: Class) -> Result<Arc<Member>, Refusal> {
    let refused = |detail| Refusal::new(ProblemType::NotAMember, detail);
    let connection = parts.extensions.get::<Arc<Connection>>();
    let member = match &api.inway {
        Some(inway) => {
            let member = inway.caller(&parts.headers, api.node.shared_register(), api.node.now()).await?;
            connection.into_iter().for_each(|connection| connection.recognise());
            member
        }
        None => {
            let pin = connection.and_then(|connection| connection.pin.as_ref());
            let pin = pin.ok_or_else(|| refused("the connection has no certificate"))?;
            let known = api.node.shared_register().known_by_pin(pin, api.node.now());
            known.ok_or_else(|| refused("the register of this node does not hold this key"))?
        }
    };
    if class.is_shed() && member.status != Status::Active {
        return Err(refused("the register of this node says that this member does not take part"));
    }
    Ok(member)
}

fn reply(api: &PeerApi, request: &HeaderMap, target: &str, outcome: Result<Reply, Refusal>) -> Response {
    let problem = outcome.as_ref().err().map(Refusal::kind);
    let (status, media, body, people, mut headers) = match outcome {
        Ok(Reply { status, media, body, people }) => (status, media, body, people, HeaderMap::new()),
        Err(refusal) => {
            let problem = refusal.problem();
            let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            (status, PROBLEM_JSON, serde_json::to_vec(&problem).unwrap_or_default(), None, refusal.headers())
        }
    };
    if let Ok(register) = HeaderValue::try_from(api.node.register().header_value()) {
        headers.insert(message::POLDER_REGISTER, register);
    }
    let key = api.identity.message_key();
    // A request without a signature has nothing to bind a signature to: its refusal goes out unsigned.
    let signed = message::sign_response(key, status.as_u16(), &mut headers, &body, target, request, api.node.now());
    if signed.is_err() && problem.is_none() {
        return Refusal::internal(&"a reply could not be signed").into_response();
    }
    let mut response = (status, headers, [(CONTENT_TYPE, media)], body).into_response();
    if let Some(problem) = problem {
        response.extensions_mut().insert(problem);
    }
    if let Some(people) = people {
        response.extensions_mut().insert(people);
    }
    response
}
