//! Asking people for contact: the desk asks, the worker decides, and whoever says yes can be reached. What is not given looks the same whether the worker
//! refused, has not answered, or is not there.

use std::time::Duration;

use axum::extract::{Path, Query, State};
use axum::response::Response;
use futures::future::join_all;
use http::StatusCode;
use polder_consent::request::AskedFor;
use polder_consent::{Field, FieldSet, RequestId};
use polder_exchange::OPERATOR;
use polder_exchange::people::{ContactRefused, NewRequest, RequestRefused, RequestStanding, StandingState};
use polder_model::about::About;
use polder_model::{FindingCode, OfferKey, PartnerId, Purpose, Timestamp};
use polder_store::people::Made;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::time::timeout;

use super::own::{self, ToPick};
use crate::pages::bounded::{cut, short};
use crate::pages::{As, Desk, PageError, Pages, Sent, on_to};

/// What is asked for.
const CONTACT: FieldSet = FieldSet::of(&[Field::ContactName, Field::ContactEmail, Field::ContactTelephone]);
/// Requests on a page: each is looked after at the node where its worker is.
const ON_A_PAGE: u32 = 20;
/// Characters of the line by which somebody is recognised.
const MOST_SEEN: usize = 300;
/// How long a page waits for all other nodes together; what is not said by then is not known now.
const PATIENCE: Duration = Duration::from_secs(1);

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
            ContactRefused::Invalid(findings) if findings.iter().any(|finding| finding.code == FindingCode::Contradiction) => {
                Self::Said(StatusCode::BAD_REQUEST, "problem-another-vacancy")
            }
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
    let about: About = fields.one("about").parse().map_err(|_| PageError::Said(StatusCode::BAD_REQUEST, "problem-no-vacancy"))?;
    let request = NewRequest {
        partner: Some(partner),
        key,
        recipient: None,
        purpose: Purpose::BeContacted,
        fields: CONTACT,
        assisted_by: None,
        about: Some(about),
        seen_as: cut(fields.one("seen_as"), MOST_SEEN),
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
    /// Where it is looked again, when somebody did not say.
    again: Option<String>,
}

/// A request, as far as the desk may know.
#[derive(Serialize)]
struct Item {
    id: RequestId,
    partner: String,
    /// As what they were seen; empty where the copy of that is gone.
    seen_as: String,
    /// What the worker is known by here.
    key: OfferKey,
    /// For which offer they were asked.
    about: Option<AskedFor>,
    purpose: Purpose,
    /// What was asked for.
    fields: FieldSet,
    at: Timestamp,
    state: How,
    /// Whether there is contact to be had.
    contact: bool,
}

/// How it stands.
#[derive(PartialEq, Eq, Serialize)]
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
    if made.iter().any(|one| one.partner != node.home().partner) {
        pages.may_ask(&staff.known)?;
    }
    let older = made.last().filter(|_| made.len() == ON_A_PAGE as usize).map(|last| last.at);
    let standing = join_all(made.iter().map(|one| standing(&pages, one))).await;
    let items = made.into_iter().zip(standing).map(|(made, standing)| item(&pages, made, standing));
    let items = items.collect::<Result<Vec<_>, _>>()?;
    let again = items.iter().any(|item| item.state == How::Unknown).then(|| match asked.before {
        Some(before) => format!("/desk/asked?before={before}"),
        None => "/desk/asked".to_owned(),
    });
    let page = List { told: asked.told.is_some(), items, older, first: asked.before.is_none(), again };
    pages.show(&staff.visit, "desk/asked.html", "asked", page)
}

/// What a partner is called.
fn name_of(pages: &Pages, partner: &PartnerId) -> String {
    pages.node().register().member(partner).map_or_else(|| partner.to_string(), |member| short(&member.name))
}

/// How a request stands; `None` where that is not said in time.
async fn standing(pages: &Pages, made: &Made) -> Option<Result<RequestStanding, RequestRefused>> {
    timeout(PATIENCE, pages.node().request_standing(made.id, OPERATOR)).await.ok()
}

fn item(pages: &Pages, made: Made, standing: Option<Result<RequestStanding, RequestRefused>>) -> Result<Item, PageError> {
    let (state, in_force) = match standing {
        Some(Ok(standing)) => match standing.state {
            StandingState::Given => (How::Given, standing.in_force),
            StandingState::NotGiven => (How::NotGiven, standing.in_force),
            StandingState::Asked => (How::Asked, standing.in_force),
        },
        Some(Err(RequestRefused::Store(error))) => return Err(error.into()),
        Some(Err(_)) | None => (How::Unknown, FieldSet::NONE),
    };
    let Made { id, key, about, purpose, fields, at, partner, seen_as, .. } = made;
    let partner = name_of(pages, &partner);
    let contact = purpose == Purpose::BeContacted && !in_force.and(CONTACT).is_empty();
    Ok(Item { id, partner, seen_as, key, about, purpose, fields, at, state, contact })
}

#[derive(Serialize)]
struct Reaching {
    item: Item,
    /// As what a form names that offer.
    about: String,
    /// Whether the offer for which they were asked is closed, or gone.
    closed: bool,
    /// Own offers to pick from, where they were asked for none.
    to_pick: ToPick,
    again: String,
}

/// The request of a path, made at this desk.
async fn made(pages: &Pages, request: &str) -> Result<Made, PageError> {
    let request: RequestId = request.parse().map_err(|_| PageError::NotFound)?;
    pages.node().store().request_made(OPERATOR, request).await?.ok_or(PageError::NotFound)
}

/// Asks whether somebody is to be reached who said yes: for the offer for which they were asked, or else for one to pick. Nothing is looked at yet.
pub(super) async fn reaching(
    State(pages): State<Pages>,
    As { staff, .. }: As<Desk>,
    Path(request): Path<String>,
) -> Result<Response, PageError> {
    let made = made(&pages, &request).await?;
    if made.partner != pages.node().home().partner {
        pages.may_ask(&staff.known)?;
    }
    let standing = standing(&pages, &made).await;
    let again = format!("/desk/asked/{}/contact", made.id);
    let about = made.about.as_ref().map(|about| About { kind: about.kind, key: about.key.clone() }.to_string()).unwrap_or_default();
    let (closed, to_pick) = match &made.about {
        Some(_) => (own::one(&pages, &about).await?.is_none(), ToPick::default()),
        None => (false, own::open(&pages).await?),
    };
    let page = Reaching { item: item(&pages, made, standing)?, about, closed, to_pick, again };
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
    let about: About = fields.one("about").parse().map_err(|_| PageError::Said(StatusCode::BAD_REQUEST, "problem-no-vacancy"))?;
    let made = made(&pages, &request).await?;
    pages.may_ask(&staff.known)?;
    let reached = pages.node().contact_as_asked(&made, about, OPERATOR).await?;
    let document: Value = serde_json::from_str(reached.document.get()).map_err(PageError::internal)?;
    let partner = name_of(&pages, &reached.partner);
    let page = Reached { partner, contact: document, until: reached.disclosure.use_until };
    pages.show(&staff.visit, "desk/reached.html", "asked", page)
}
