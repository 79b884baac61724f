//! Systems that are registered: what each may do, what waits for a second person, and the buttons by which that person decides.

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use polder_exchange::Node;
use polder_model::{OfferKey, PartnerId, Timestamp};
use polder_store::clients::{ClientRow, Person};
use serde::Serialize;

use super::Named;
use super::webhooks::{self, Webhooks};
use crate::client::clients::{NotInForce, approve, digest, propose};
use crate::oauth::document::ClientDocument;
use crate::pages::{Administrator, PageError, Pages, Sent, Staff, bounded, on_to};

/// Systems on a page.
const ON_A_PAGE: u32 = 20;
/// Organisations of a system that are named.
const ORGANISATIONS: usize = 10;

/// A registered system.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Registered {
    id: String,
    in_force: Option<Said>,
    until: Option<Timestamp>,
    proposed: Option<Said>,
    proposed_at: Option<Timestamp>,
    proposed_by: String,
    /// By which whoever approves says what they looked at.
    sha256: String,
    /// Whether whoever looks may approve it.
    may_approve: bool,
    ended_at: Option<Timestamp>,
    webhooks: Webhooks,
}

/// What a document says.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Said {
    name: String,
    scopes: Vec<String>,
    organisations: Vec<Named>,
    organisations_more: usize,
    keys: usize,
    certificates: usize,
    until: String,
}

/// A page of them after that one, and where the next page begins.
pub(super) async fn some(pages: &Pages, staff: &Staff, after: &str) -> Result<(Vec<Registered>, Option<String>), PageError> {
    let mut rows = pages.node().store().clients(after, ON_A_PAGE + 1).await?;
    let more = rows.len() > ON_A_PAGE as usize;
    rows.truncate(ON_A_PAGE as usize);
    let next = rows.last().filter(|_| more).map(|last| last.id.clone());
    let who = person(staff);
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        let webhooks = webhooks::of(pages.node().store(), &row.id).await?;
        found.push(registered(pages, row, &who, webhooks));
    }
    Ok((found, next))
}

fn registered(pages: &Pages, row: ClientRow, who: &Person, webhooks: Webhooks) -> Registered {
    let said = |document: &str| ClientDocument::read(document).ok().map(|document| said(pages, &document));
    let proposed = row.proposed.as_ref();
    Registered {
        id: row.id,
        until: row.in_force.as_ref().map(|now| now.until),
        in_force: row.in_force.as_ref().and_then(|now| said(&now.document)),
        proposed: proposed.and_then(|waits| said(&waits.document)),
        proposed_at: proposed.map(|waits| waits.at),
        proposed_by: proposed.map(|waits| bounded::short(&waits.by.name)).unwrap_or_default(),
        sha256: proposed.map(|waits| digest(&waits.document)).unwrap_or_default(),
        may_approve: proposed.is_some_and(|waits| waits.by.id != who.id || pages.watched().one_person),
        ended_at: row.ended_at,
        webhooks,
    }
}

fn said(pages: &Pages, document: &ClientDocument) -> Said {
    let named = |partner: &PartnerId| Named::of(pages, partner);
    Said {
        name: bounded::short(&document.name),
        scopes: document.scopes.iter().cloned().collect(),
        organisations: document.organisations.iter().take(ORGANISATIONS).map(named).collect(),
        organisations_more: document.organisations.len().saturating_sub(ORGANISATIONS),
        keys: document.keys.len(),
        certificates: document.certificates.len(),
        until: document.until.to_string(),
    }
}

/// Somebody of the staff, as the store tells them from others.
fn person(staff: &Staff) -> Person {
    let session = &staff.known.is.session;
    let id = session.login.as_str();
    // Without a name they are called by the first digits of what they log in by.
    let name = if session.name.is_empty() { id.chars().take(8).collect() } else { session.name.clone() };
    Person { id: id.to_owned(), name }
}

impl From<NotInForce> for PageError {
    fn from(not: NotInForce) -> Self {
        match not {
            NotInForce::Nothing => Self::Said(StatusCode::CONFLICT, "problem-client-nothing"),
            NotInForce::Other => Self::Said(StatusCode::CONFLICT, "problem-client-other"),
            NotInForce::SamePerson => Self::Said(StatusCode::FORBIDDEN, "problem-client-same"),
            NotInForce::Over => Self::Said(StatusCode::CONFLICT, "problem-client-over"),
            NotInForce::Ended => Self::Said(StatusCode::CONFLICT, "problem-client-ended"),
            NotInForce::TooMany => Self::Said(StatusCode::CONFLICT, "problem-client-many"),
            NotInForce::Store(error) => error.into(),
        }
    }
}

/// What a button says: something is proposed, approved, refused or ended.
pub(super) async fn decide(State(pages): State<Pages>, Sent { staff, fields, .. }: Sent<Administrator>) -> Result<Response, PageError> {
    let (node, who) = (pages.node(), person(&staff));
    let id: OfferKey = fields.one("client").parse().map_err(|_| PageError::Said(StatusCode::BAD_REQUEST, "problem-client-id"))?;
    let told = match fields.one("do") {
        "propose" => {
            let document = ClientDocument::read(fields.one("document"));
            let document = document.map_err(|_| PageError::Said(StatusCode::BAD_REQUEST, "problem-client-document"))?;
            propose(node, id.as_str(), &document, who).await?;
            "proposed"
        }
        "approve" => {
            approve(node, pages.watched().one_person, id.as_str(), fields.one("sha256"), who).await?;
            "approved"
        }
        "refuse" => found(node.store().refuse_client(id.as_str(), who, node.now()).await?, "refused")?,
        "end" => found(node.store().end_client(id.as_str(), who, node.now()).await?, "ended")?,
        _ => return Err(PageError::status(StatusCode::BAD_REQUEST)),
    };
    Ok(on_to(&format!("/desk/clients?told={told}")))
}

fn found(there: bool, told: &'static str) -> Result<&'static str, PageError> {
    if there { Ok(told) } else { Err(PageError::NotFound) }
}

/// How many wait for a second person.
pub(super) async fn waiting(node: &Node) -> Result<usize, PageError> {
    Ok(usize::try_from(node.store().count_proposed_clients().await?).unwrap_or(usize::MAX))
}
