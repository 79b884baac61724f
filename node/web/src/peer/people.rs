//! People between nodes: questions in one phase, tombstones, acknowledgements, and what is held.

use std::sync::Arc;

use axum::extract::{Query as Parameters, Request, State};
use axum::response::Response;
use polder_consent::holdings::HoldingsRequest;
use polder_consent::request::ConsentRequest;
use polder_exchange::people::{RecollectionAsked, Told};
use polder_exchange::traces::{Outcome, Part, Span, below, coarse};
use polder_model::Purpose;
use polder_model::application::Application;
use polder_model::contact::{Contact, ContactRequest};
use polder_model::problem::ProblemType;
use polder_model::query::{Query, reading_failed};
use serde::Deserialize;

use super::PeerApi;
use super::call::{Call, Class, Reply, carry_out};
use super::handlers::{begin, json, purpose_is_signed};
use crate::refusal::Refusal;
use crate::serve::CarriesPeople;
use crate::traces;

/// Most tombstones or acknowledgements of one call.
const MOST_EVIDENCE: usize = 100;

pub(super) async fn ask(State(api): State<PeerApi>, request: Request) -> Response {
    carry_out(&api, request, Class::Question, async |call: Call| {
        let span = begin(&api, Part::Answer, &call);
        let reply = below(call.below.clone(), span.cover(answer(&api, &call, &span))).await;
        traces::end(span, reply.map(|reply| (reply, Outcome::done("answered"))))
    })
    .await
}

async fn answer(api: &PeerApi, call: &Call, span: &Span) -> Result<Reply, Refusal> {
    let query = Query::parse(&call.body).map_err(|findings| Refusal::findings(ProblemType::InvalidRequest, findings))?;
    purpose_is_signed(call, &query)?;
    span.query(&query.id);
    let (answer, on_its_way) = api.node.answer_about_people(&call.from, &Arc::new(query)).await?.into_parts();
    span.say("polder.hits", coarse(answer.people.len()));
    let people = on_its_way.map(|on_its_way| CarriesPeople(Arc::new(on_its_way)));
    Ok(Reply { people, ..json(&answer)?.into() })
}

pub(super) async fn contact(State(api): State<PeerApi>, request: Request) -> Response {
    carry_out(&api, request, Class::Question, async |call: Call| {
        let request: ContactRequest = serde_json::from_slice(&call.body)
            .map_err(|error| Refusal::findings(ProblemType::InvalidRequest, vec![reading_failed(&error)]))?;
        if call.purpose != Purpose::BeContacted.as_str() {
            return Err(Refusal::new(ProblemType::InvalidRequest, "the header Polder-Purpose names another purpose than be-contacted"));
        }
        let answered = below(call.below.clone(), api.node.answer_contact(&call.from, &request)).await?;
        let Some(released) = answered else { return Ok(json(&None::<Contact>)?.into()) };
        let (contact, on_its_way) = released.into_parts();
        let people = on_its_way.map(|on_its_way| CarriesPeople(Arc::new(on_its_way)));
        Ok(Reply { people, ..json(&contact)?.into() })
    })
    .await
}

/// A worker of the partner applies here, or the partner asks what became of that.
pub(super) async fn application(State(api): State<PeerApi>, request: Request) -> Response {
    carry_out(&api, request, Class::Ordinary, async |call: Call| {
        let application: Application = serde_json::from_slice(&call.body)
            .map_err(|error| Refusal::findings(ProblemType::InvalidRequest, vec![reading_failed(&error)]))?;
        if call.purpose != Purpose::Application.as_str() {
            return Err(Refusal::new(ProblemType::InvalidRequest, "the header Polder-Purpose names another purpose than application"));
        }
        Ok(json(&below(call.below.clone(), api.node.receive_application(&call.from, &application)).await?)?.into())
    })
    .await
}

pub(super) async fn tombstones(State(api): State<PeerApi>, request: Request) -> Response {
    carry_out(&api, request, Class::NeverShed, async |call: Call| {
        let told = told(&call)?;
        Ok(json(&api.node.take_tombstones(&call.from, &told.evidence).await?)?.into())
    })
    .await
}

/// Something of a person is asked for. The reply says what is in force of it: the same whether there is nobody, or nobody said yes.
pub(super) async fn consent_request(State(api): State<PeerApi>, request: Request) -> Response {
    carry_out(&api, request, Class::Question, async |call: Call| {
        let request: ConsentRequest = serde_json::from_slice(&call.body)
            .map_err(|error| Refusal::findings(ProblemType::InvalidRequest, vec![reading_failed(&error)]))?;
        if call.purpose != request.purpose.as_str() {
            return Err(Refusal::new(ProblemType::InvalidRequest, "the header Polder-Purpose names another purpose than the request"));
        }
        Ok(json(&below(call.below.clone(), api.node.answer_consent_request(&call.from, &request)).await?)?.into())
    })
    .await
}

/// What is held of a worker: a right of theirs, which flows as withdrawals do.
pub(super) async fn holdings(State(api): State<PeerApi>, request: Request) -> Response {
    carry_out(&api, request, Class::NeverShed, async |call: Call| {
        let asked: HoldingsRequest = serde_json::from_slice(&call.body)
            .map_err(|error| Refusal::findings(ProblemType::InvalidRequest, vec![reading_failed(&error)]))?;
        Ok(json(&api.node.answer_holdings(&call.from, asked).await?)?.into())
    })
    .await
}

pub(super) async fn acknowledgements(State(api): State<PeerApi>, request: Request) -> Response {
    carry_out(&api, request, Class::NeverShed, async |call: Call| {
        let told = told(&call)?;
        api.node.take_acknowledgements(&call.from, &told.evidence).await?;
        Ok(json(&serde_json::json!({}))?.into())
    })
    .await
}

/// What a partner that was restored has lost, of what concerns it alone. Also of one that is suspended.
pub(super) async fn recollections(State(api): State<PeerApi>, request: Request) -> Response {
    carry_out(&api, request, Class::NeverShed, async |call: Call| {
        let asked: RecollectionAsked = serde_json::from_slice(&call.body)
            .map_err(|error| Refusal::findings(ProblemType::InvalidRequest, vec![reading_failed(&error)]))?;
        Ok(json(&api.node.recollection_for(&call.from.partner, asked).await?)?.into())
    })
    .await
}

/// From which tombstone on.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct After {
    #[serde(default)]
    after: u64,
}

/// What a recipient is owed: whoever was away fetches what did not reach it.
pub(super) async fn owed(
    State(api): State<PeerApi>,
    parameters: Result<Parameters<After>, axum::extract::rejection::QueryRejection>,
    request: Request,
) -> Response {
    carry_out(&api, request, Class::NeverShed, async |call: Call| {
        let Parameters(After { after }) = parameters.map_err(|_| {
            Refusal::new(ProblemType::InvalidRequest, "this address takes after=NUMBER alone, the last number that is known")
        })?;
        let evidence = api.node.tombstones_for(&call.from.partner, after, u32::try_from(MOST_EVIDENCE).unwrap_or(u32::MAX)).await?;
        Ok(json(&Told { evidence })?.into())
    })
    .await
}

fn told(call: &Call) -> Result<Told, Refusal> {
    let told: Told =
        serde_json::from_slice(&call.body).map_err(|error| Refusal::findings(ProblemType::InvalidRequest, vec![reading_failed(&error)]))?;
    if told.evidence.len() > MOST_EVIDENCE {
        return Err(Refusal::new(ProblemType::InvalidRequest, format!("at most {MOST_EVIDENCE} pieces of evidence in one call")));
    }
    Ok(told)
}
