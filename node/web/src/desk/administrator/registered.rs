//! Systems that are registered: what each may do, what waits for a second person, and the buttons by which that person decides.

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use polder_exchange::Node;
use polder_model::{Finding, OfferKey, PartnerId, Timestamp};
use polder_store::clients::{ClientRow, Person};
use serde::Serialize;

use super::Named;
use super::clients::{self, Asked, Fault, Typed};
use super::webhooks::{self, Webhooks};
use crate::client::clients::{NotInForce, approve, digest, propose};
use crate::oauth::document::{ClientDocument, NoWay};
use crate::oauth::jose::thumbprint;
use crate::pages::{Administrator, PageError, Pages, Sent, Staff, bounded, on_to};

/// Systems on a page.
const ON_A_PAGE: u32 = 20;
/// Faults of a document that are said, and their longest, in characters.
const FINDINGS: usize = 12;
const LONGEST_FAULT: usize = 600;
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
    /// The thumbprints of its keys (RFC 7638), and the SHA-256 of its certificates.
    keys: Vec<String>,
    certificates: Vec<String>,
    provider_client: Option<String>,
    sandbox: bool,
    until: String,
    /// What it counts on and this node does not have: the messages `clients-no-way-…`.
    no_way: Vec<&'static str>,
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
        keys: document.keys.iter().filter_map(thumbprint).collect(),
        certificates: document.certificates.clone(),
        sandbox: document.sandbox,
        provider_client: document.provider_client.as_deref().map(bounded::short),
        until: document.until.to_string(),
        no_way: document.lacks(pages.watched().ways).into_iter().map(NoWay::as_str).collect(),
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
    // Looked at, it is shown once more, in another language.
    if ["propose", "look"].contains(&fields.one("do")) {
        let who = Some(who).filter(|_| fields.one("do") == "propose");
        return proposed(&pages, &staff, fields.one("client"), fields.one("document"), who).await;
    }
    let id: OfferKey = fields.one("client").parse().map_err(|_| PageError::Said(StatusCode::BAD_REQUEST, "problem-client-id"))?;
    let told = match fields.one("do") {
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

/// Proposes a system, where somebody does; what was typed comes back otherwise, and where that cannot be, with all that is wrong with it.
async fn proposed(pages: &Pages, staff: &Staff, client: &str, text: &str, who: Option<Person>) -> Result<Response, PageError> {
    let again = async |status, wrong, findings: Vec<Finding>| {
        let findings =
            findings.into_iter().take(FINDINGS).map(|one| Fault { at: one.pointer, says: bounded::cut(&one.message, LONGEST_FAULT) });
        let typed = Typed { client: client.to_owned(), document: text.to_owned(), wrong, findings: findings.collect() };
        clients::show(pages, staff, status, Asked::default(), Some(typed)).await
    };
    match (client.parse::<OfferKey>(), ClientDocument::read(text), who) {
        (Ok(id), Ok(document), Some(who)) => match propose(pages.node(), id.as_str(), &document, who).await.map_err(PageError::from) {
            Ok(_) => Ok(on_to("/desk/clients?told=proposed")),
            Err(PageError::Said(status, says)) => again(status, vec![says], Vec::new()).await,
            Err(error) => Err(error),
        },
        (id, document, _) => {
            let findings = document.err().unwrap_or_default();
            let wrong = [id.err().map(|_| "problem-client-id"), (!findings.is_empty()).then_some("problem-client-document")];
            let wrong: Vec<_> = wrong.into_iter().flatten().collect();
            again(if wrong.is_empty() { StatusCode::OK } else { StatusCode::BAD_REQUEST }, wrong, findings).await
        }
    }
}

fn found(there: bool, told: &'static str) -> Result<&'static str, PageError> {
    if there { Ok(told) } else { Err(PageError::NotFound) }
}

/// How many wait for a second person.
pub(super) async fn waiting(node: &Node) -> Result<usize, PageError> {
    Ok(usize::try_from(node.store().count_proposed_clients().await?).unwrap_or(usize::MAX))
}
