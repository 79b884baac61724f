//! The systems that call this node, and who is logged in. No secret is shown: none is kept.

use axum::extract::{Query, State};
use axum::response::Response;
use http::StatusCode;
use polder_exchange::OPERATOR;
use polder_model::Timestamp;
use polder_store::people::{LoggedInNow, ToErase};
use serde::{Deserialize, Serialize};

use super::Named;
use super::registered::{self, Registered};
use super::webhooks::{self, Webhooks};
use crate::client::auth::{Caller, ClientId};
use crate::client::operations;
use crate::pages::{Administrator, As, IDLE_SECONDS, PageError, Pages, Staff};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    clients: Vec<Client>,
    registered: Vec<Registered>,
    /// Where the next page of those begins.
    next: Option<String>,
    first: bool,
    told: Option<&'static str>,
    /// What was proposed and is not, as it was typed.
    typed: Option<Typed>,
    /// Requests a second, questions a minute and KiB of bodies a second that each may ask.
    requests: u32,
    questions: u32,
    kib: u32,
    /// Workers, programs of workers and staff that are logged in.
    portal: u64,
    programs: u64,
    desk: u64,
    own_tls: bool,
    local: bool,
}

/// A system as it was proposed, and what is wrong with that.
#[derive(Serialize)]
pub(super) struct Typed {
    pub client: String,
    pub document: String,
    /// The messages that say it.
    pub wrong: Vec<&'static str>,
    /// What is wrong with the document.
    pub findings: Vec<Fault>,
}

/// A fault of a document: where, and what is allowed.
#[derive(Serialize)]
pub(super) struct Fault {
    pub at: String,
    pub says: String,
}

/// Which page of the registered ones, and what was done just now.
#[derive(Default, Deserialize)]
pub(super) struct Asked {
    after: Option<String>,
    told: Option<String>,
}

/// What a page can say was done.
const TOLD: [&str; 4] = ["proposed", "approved", "refused", "ended"];

/// Organisations that are named.
const ORGANISATIONS: usize = 40;

/// A system.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Client {
    name: &'static str,
    /// What it may do, as the interface says.
    scopes: Vec<String>,
    /// For which organisations.
    organisations: Vec<Named>,
    /// For how many more.
    organisations_more: usize,
    taken: u64,
    refused: u64,
    last: Option<Timestamp>,
    /// What it is still to erase.
    to_erase: u64,
    to_erase_since: Option<Timestamp>,
    webhooks: Webhooks,
}

/// The systems, what each may do, and what it did since the start.
pub(super) async fn list(
    State(pages): State<Pages>,
    As { staff, .. }: As<Administrator>,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    show(&pages, &staff, StatusCode::OK, asked, None).await
}

/// The same, with what was typed and is not proposed.
pub(super) async fn show(
    pages: &Pages,
    staff: &Staff,
    status: StatusCode,
    asked: Asked,
    typed: Option<Typed>,
) -> Result<Response, PageError> {
    let (node, watched) = (pages.node(), pages.watched());
    let (store, now) = (node.store(), node.now());
    let to_erase = store.to_erase_here().await?;
    let own = to_erase.iter().find(|one: &&ToErase| one.client == OPERATOR);
    let used = watched.clients.of(&ClientId::Operator).used();
    let ago = |at: std::time::Instant| now.plus_micros(-i64::try_from(at.elapsed().as_micros()).unwrap_or(i64::MAX));
    let (organisations, all) = organisations(pages);
    let operator = Client {
        name: OPERATOR,
        scopes: scopes(),
        organisations_more: all - organisations.len(),
        organisations,
        taken: used.taken,
        refused: used.refused,
        last: used.last.map(ago),
        to_erase: own.map_or(0, |one| one.count),
        to_erase_since: own.map(|one| one.since),
        webhooks: webhooks::of(store, OPERATOR).await?,
    };
    let LoggedInNow { portal, programs, desk } = store.logged_in(now.plus_seconds(-IDLE_SECONDS), now).await?;
    let (registered, next) = registered::some(pages, staff, asked.after.as_deref().unwrap_or_default()).await?;
    let told = TOLD.into_iter().find(|told| asked.told.as_deref() == Some(told));
    let page = Page {
        clients: vec![operator],
        registered,
        next,
        first: asked.after.is_none(),
        told,
        typed,
        requests: watched.limits.client_requests_per_second,
        questions: watched.limits.client_questions_per_minute,
        kib: watched.limits.client_body_kib_per_second,
        portal,
        programs,
        desk,
        own_tls: watched.own_tls.is_on,
        local: pages.url().starts_with("http://"),
    };
    pages.show_as(status, &staff.visit, "desk/clients.html", "clients", page)
}

/// What the operator token lets do: every scope of the interface that it carries, once.
fn scopes() -> Vec<String> {
    let of_operator = operations::all().into_iter().filter_map(|operation| operation.scope).filter(|scope| Caller::operator_may(*scope));
    let mut scopes: Vec<String> = of_operator.map(|scope| scope.name()).filter(|name| name.contains(':') || name == "query").collect();
    scopes.sort();
    scopes.dedup();
    scopes
}

/// This partner, and whom it acts for; and how many organisations those are.
fn organisations(pages: &Pages) -> (Vec<Named>, usize) {
    let (node, register) = (pages.node(), pages.node().register());
    let acts_for = register.member(&node.home().partner).map(|member| member.acts_for.clone()).unwrap_or_default();
    let all = std::iter::once(&node.home().partner).chain(&acts_for).take(ORGANISATIONS);
    (all.map(|partner| Named::of(pages, partner)).collect(), acts_for.len() + 1)
}
