//! Asking people for contact: the desk asks, the worker decides, and whoever says yes can be reached. What is not given looks the same whether the worker
//! refused, has not answered, or is not there.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use futures::future::join_all;
use http::StatusCode;
use polder_consent::request::AskedFor;
use polder_consent::{Field, FieldSet, RequestId};
use polder_exchange::OPERATOR;
use polder_exchange::people::{ContactRefused, NewRequest, RequestRefused, RequestStanding, StandingState};
use polder_model::about::About;
use polder_model::contact::ContactAsked;
use polder_model::{Kind, OfferKey, PartnerId, Purpose, Timestamp};
use polder_store::people::Made;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::vacancies::{self, ToPick};
use crate::pages::bounded::short;
use crate::pages::{As, Desk, PageError, Pages, Sent, on_to};

/// What is asked for.
const CONTACT: FieldSet = FieldSet::of(&[Field::ContactName, Field::ContactEmail, Field::ContactTelephone]);
/// Requests on a page: each is looked after at the node where its worker is.
const ON_A_PAGE: u32 = 20;

impl From<RequestRefused> for PageError {
    fn from(refused: RequestRefused) -> Self {
        match refused {
            RequestRefused::Invalid(findings) if findings.iter().any(|finding| finding.pointer.starts_with("/about")) => {
                Self::Said(StatusCode::BAD_REQUEST, "problem-no-vacancy")
            }
            RequestRefused::Invalid(_) => Self::Said(StatusCode::CONFLICT, "problem-cannot-ask"),
            RequestRefused::Unknown => Self::NotFound,
            RequestRefused::Peer(_) => Self::Said(StatusCode::SERVICE_UNAVAILABLE, "problem-partner-silent"),
            RequestRefused::Store(error) => error.into(),
        }
    }
}

impl From<ContactRefused> for PageError {
    fn from(refused: ContactRefused) -> Self {
        match refused {
            ContactRefused::Nobody => Self::Said(StatusCode::CONFLICT, "problem-no-contact"),
            ContactRefused::Invalid(_) => Self::Said(StatusCode::BAD_REQUEST, "problem-no-vacancy"),
            ContactRefused::Peer(_) => Self::Said(StatusCode::SERVICE_UNAVAILABLE, "problem-partner-silent"),
            ContactRefused::PurposeNotAllowed(_) => Self::Said(StatusCode::CONFLICT, "problem-cannot-ask"),
            ContactRefused::Store(error) => error.into(),
        }
    }
}

/// Asks somebody whom a result showed.
pub(super) async fn ask(State(pages): State<Pages>, Sent { staff, fields, .. }: Sent<Desk>) -> Result<Response, PageError> {
    let unreadable = || PageError::status(StatusCode::BAD_REQUEST);
    let partner: PartnerId = fields.one("partner").parse().map_err(|_| unreadable())?;
    let key: OfferKey = fields.one("key").parse().map_err(|_| unreadable())?;
    let vacancy: OfferKey = fields.one("about").parse().map_err(|_| PageError::Said(StatusCode::BAD_REQUEST, "problem-no-vacancy"))?;
    let request = NewRequest {
        partner: Some(partner),
        key,
        recipient: None,
        purpose: Purpose::BeContacted,
        fields: CONTACT,
        assisted_by: None,
        about: Some(About { kind: Kind::Vacancy, key: vacancy }),
    };
    pages.may_ask(&staff.known)?;
    pages.node().make_request(&request, OPERATOR).await?;
    Ok(on_to("/desk/asked?told=asked"))
}

#[derive(Deserialize)]
pub(super) struct Asked {
    told: Option<String>,
    before: Option<Timestamp>,
}

#[derive(Serialize)]
struct List {
    told: bool,
    items: Vec<Item>,
    /// From where the older ones go on.
    older: Option<Timestamp>,
    first: bool,
}

/// A request, as far as the desk may know.
#[derive(Serialize)]
struct Item {
    id: RequestId,
    partner: String,
    /// What the worker is known by here.
    key: OfferKey,
    /// For which vacancy they were asked.
    about: Option<AskedFor>,
    purpose: Purpose,
    at: Timestamp,
    state: How,
    /// Whether there is contact to be had.
    contact: bool,
}

/// How it stands.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
enum How {
    Given,
    NotGiven,
    Asked,
    /// The other node does not say at the moment.
    Unknown,
}

/// What was asked, and how each stands now.
pub(super) async fn list(
    State(pages): State<Pages>,
    As { staff, .. }: As<Desk>,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let node = pages.node();
    let before = asked.before.unwrap_or_else(|| node.now().plus_seconds(1));
    let made = node.store().requests_made(OPERATOR, before, ON_A_PAGE).await?;
    let older = made.last().filter(|_| made.len() == ON_A_PAGE as usize).map(|last| last.at);
    let standing = join_all(made.iter().map(|one| node.request_standing(one.id, OPERATOR))).await;
    let items = made.into_iter().zip(standing).map(|(made, standing)| item(&pages, made, standing));
    let items = items.collect::<Result<_, _>>()?;
    let page = List { told: asked.told.is_some(), items, older, first: asked.before.is_none() };
    pages.show(&staff.visit, "desk/asked.html", "asked", page)
}

/// What a partner is called.
fn name_of(pages: &Pages, partner: &PartnerId) -> String {
    pages.node().register().member(partner).map_or_else(|| partner.to_string(), |member| short(&member.name))
}

fn item(pages: &Pages, made: Made, standing: Result<RequestStanding, RequestRefused>) -> Result<Item, PageError> {
    let (state, in_force) = match standing {
        Ok(standing) => match standing.state {
            StandingState::Given => (How::Given, standing.in_force),
            StandingState::NotGiven => (How::NotGiven, standing.in_force),
            StandingState::Asked => (How::Asked, standing.in_force),
        },
        Err(RequestRefused::Store(error)) => return Err(error.into()),
        Err(_) => (How::Unknown, FieldSet::NONE),
    };
    let Made { id, key, about, purpose, at, partner, .. } = made;
    let partner = name_of(pages, &partner);
    let contact = purpose == Purpose::BeContacted && !in_force.and(CONTACT).is_empty();
    Ok(Item { id, partner, key, about, purpose, at, state, contact })
}

#[derive(Serialize)]
struct Reaching {
    item: Item,
    /// Own vacancies for which somebody is reached.
    to_pick: ToPick,
}

/// The request of a path, made at this desk.
async fn made(pages: &Pages, request: &str) -> Result<Made, PageError> {
    let request: RequestId = request.parse().map_err(|_| PageError::NotFound)?;
    pages.node().store().request_made(OPERATOR, request).await?.ok_or(PageError::NotFound)
}

/// Asks for which vacancy somebody is reached who said yes. Nothing is looked at yet.
pub(super) async fn reaching(
    State(pages): State<Pages>,
    As { staff, .. }: As<Desk>,
    Path(request): Path<String>,
) -> Result<Response, PageError> {
    let made = made(&pages, &request).await?;
    let standing = pages.node().request_standing(made.id, OPERATOR).await;
    let page = Reaching { item: item(&pages, made, standing)?, to_pick: vacancies::open(&pages).await? };
    pages.show(&staff.visit, "desk/reaching.html", "asked", page)
}

#[derive(Serialize)]
struct Reached {
    partner: String,
    contact: Value,
    until: Timestamp,
}

/// How somebody can be reached who said yes. It is noted at their node, and they see it.
pub(super) async fn reach(
    State(pages): State<Pages>,
    Path(request): Path<String>,
    Sent { staff, fields, .. }: Sent<Desk>,
) -> Result<Response, PageError> {
    let key: OfferKey = fields.one("about").parse().map_err(|_| PageError::Said(StatusCode::BAD_REQUEST, "problem-no-vacancy"))?;
    let made = made(&pages, &request).await?;
    pages.may_ask(&staff.known)?;
    let asked = ContactAsked { partner: made.partner, key: made.key, about: About { kind: Kind::Vacancy, key } };
    let reached = pages.node().contact(&asked, OPERATOR).await?;
    let document: Value = serde_json::from_str(reached.document.get()).map_err(PageError::internal)?;
    let partner = name_of(&pages, &reached.partner);
    let page = Reached { partner, contact: document, until: reached.disclosure.use_until };
    pages.show(&staff.visit, "desk/reached.html", "asked", page)
}
