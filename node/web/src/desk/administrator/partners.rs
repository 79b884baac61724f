//! The partners: who can be reached, how fast, and what waits for them. Nobody is called while a page is made, but where a button asks for it.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, Query, State as Shared};
use axum::response::Response;
use polder_model::{PartnerId, Purpose};
use polder_trust::register::{Member, Register};
use serde::{Deserialize, Serialize};

use super::Named;
use super::seen::{AllWaiting, Seen, State, all_waiting, seen, sort};
use crate::pages::plot::{Amount, Bars};
use crate::pages::{Administrator, As, PageError, Pages, Said, Sent, on_to};

/// Partners on a page: as many as are tried at once.
const ON_A_PAGE: usize = 25;
/// Organisations that are named of those that a partner acts for.
const ACTS_FOR: usize = 40;
/// From here on somebody should look soon.
const URGENT: u8 = 2;
/// Bars of a plot.
const BARS: usize = 8;

#[derive(Deserialize)]
pub(super) struct Asked {
    page: Option<usize>,
    tried: Option<usize>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct List {
    items: Vec<Seen>,
    total: usize,
    /// How many are reached, and how many take part.
    reached: usize,
    /// How many were not called since the start.
    not_called: usize,
    taking_part: usize,
    /// How many need somebody to look.
    urgent: usize,
    slow: Option<Bars>,
    waiting: Option<Bars>,
    page: usize,
    pages: usize,
    /// How many were just tried.
    tried: Option<usize>,
}

/// Every other member and guest, with the register that it stands in.
fn all(pages: &Pages) -> Vec<(Arc<Register>, Arc<Member>)> {
    let (node, own) = (pages.node(), pages.node().register());
    let home = &node.home().partner;
    let members = own.members().iter().filter(|member| member.partner != *home);
    let mut all: Vec<_> = members.map(|member| (Arc::clone(&own), Arc::clone(member))).collect();
    for other in node.shared_register().others().iter() {
        all.extend(own.guests(other, node.now()).map(|guest| (Arc::clone(other), guest)));
    }
    all
}

/// All of them as they stand, those first whom somebody should look at.
async fn all_seen(pages: &Pages) -> Result<(Vec<Seen>, AllWaiting), PageError> {
    let waiting = all_waiting(pages).await?;
    let mut found: Vec<Seen> = all(pages).iter().map(|(register, member)| seen(pages, register, member, &waiting)).collect();
    sort(&mut found);
    Ok((found, waiting))
}

/// How many somebody should look at now.
pub(super) async fn urgent(pages: &Pages) -> Result<usize, PageError> {
    Ok(all_seen(pages).await?.0.iter().filter(|one| one.urgency >= URGENT).count())
}

/// The partners, those first whom somebody should look at.
pub(super) async fn list(
    Shared(pages): Shared<Pages>,
    As { staff, .. }: As<Administrator>,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let (found, waiting) = all_seen(&pages).await?;
    let count = |is: fn(&Seen) -> bool| found.iter().filter(|one| is(one)).count();
    let (reached, urgent) = (count(|one| one.state == State::Reached), count(|one| one.urgency >= URGENT));
    let taking_part = count(|one| !matches!(one.state, State::Suspended | State::Expelled));
    let not_called = count(|one| one.state == State::NotCalled);
    let home = pages.words(staff.visit.language).text("partners-this-node", &[("name", Said::Text(&short(&pages.node().home().name)))]);
    let (slow, waits) = (slowest(&found), most_waiting(&found, &waiting, (&pages.node().home().partner, &home)));
    let (total, last) = (found.len(), found.len().div_ceil(ON_A_PAGE).max(1));
    let page = asked.page.unwrap_or(1).clamp(1, last);
    let items = found.into_iter().skip((page - 1) * ON_A_PAGE).take(ON_A_PAGE).collect();
    let page = List { items, total, reached, not_called, taking_part, urgent, slow, waiting: waits, page, pages: last, tried: asked.tried };
    pages.show(&staff.visit, "desk/partners.html", "partners", page)
}

/// Those that took longest to reply.
fn slowest(all: &[Seen]) -> Option<Bars> {
    let mut times: Vec<(u64, &Seen)> =
        all.iter().filter(|one| one.state == State::Reached).filter_map(|one| Some((one.usual_ms?, one))).collect();
    times.sort_by_key(|(ms, one)| (std::cmp::Reverse(*ms), &one.partner));
    let bars = times.into_iter().take(BARS).map(|(ms, one)| Amount {
        name: short(&one.name),
        said: format!("{ms} ms"),
        value: ms,
        warns: ms > 1_000,
    });
    Bars::new(bars.collect(), None)
}

/// Those for whom most waits, also where they have left the register; what this node owes itself too.
fn most_waiting(all: &[Seen], waiting: &AllWaiting, (home, own): (&PartnerId, &str)) -> Option<Bars> {
    let name = |partner: &PartnerId| match all.iter().find(|one| one.partner == *partner) {
        Some(one) => short(&one.name),
        None if partner == home => own.to_owned(),
        None => partner.to_string(),
    };
    let mut counts: Vec<_> = waiting.values().collect();
    counts.sort_by_key(|one| (std::cmp::Reverse(one.count), &one.partner));
    let is_late = |partner: &PartnerId| all.iter().any(|one| one.partner == *partner && one.urgency >= 3);
    let bars = counts.into_iter().take(BARS).map(|one| Amount {
        name: name(&one.partner),
        said: one.count.to_string(),
        value: one.count,
        warns: is_late(&one.partner),
    });
    Bars::new(bars.collect(), None)
}

/// A name as it fits into a plot.
pub(super) fn short(name: &str) -> String {
    const MOST: usize = 34;
    if name.chars().count() <= MOST { name.to_owned() } else { name.chars().take(MOST - 1).chain(['…']).collect() }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct One {
    seen: Seen,
    peer_url: String,
    purposes: Vec<Purpose>,
    acts_for: Vec<Named>,
    /// How many organisations more.
    acts_for_more: usize,
    link_hosts: Vec<String>,
    /// What it is in the region, in words where there are some for it.
    roles: Vec<String>,
    /// Since which version of the list its status holds.
    status_since: u64,
    /// The register's own version, and this program's, to compare with.
    ours: String,
    own_version: &'static str,
    tried: bool,
}

/// A partner by its name in an address.
fn found(pages: &Pages, name: &str) -> Result<(Arc<Register>, Arc<Member>), PageError> {
    let partner: PartnerId = name.parse().map_err(|_| PageError::NotFound)?;
    all(pages).into_iter().find(|(_, member)| member.partner == partner).ok_or(PageError::NotFound)
}

/// All that is known of one partner.
pub(super) async fn one(
    Shared(pages): Shared<Pages>,
    As { staff, .. }: As<Administrator>,
    Path(name): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let (register, member) = found(&pages, &name)?;
    let seen = seen(&pages, &register, &member, &all_waiting(&pages).await?);
    let ours = register.adopted();
    let page = One {
        roles: seen.roles.iter().map(|role| pages.words(staff.visit.language).role(role)).collect(),
        peer_url: member.peer_url.clone(),
        purposes: member.purposes.clone(),
        acts_for: member.acts_for.iter().take(ACTS_FOR).map(|one| Named::of(&pages, one)).collect(),
        acts_for_more: member.acts_for.len().saturating_sub(ACTS_FOR),
        link_hosts: member.link_hosts.iter().map(ToString::to_string).collect(),
        status_since: member.since,
        ours: format!("{}.{}", ours.epoch, ours.version),
        own_version: env!("CARGO_PKG_VERSION"),
        tried: asked.tried.is_some(),
        seen,
    };
    pages.show(&staff.visit, "desk/partner.html", "partners", page)
}

/// Calls the partners that a page listed, side by side: how that went is on the page to which this leads.
pub(super) async fn try_listed(Shared(pages): Shared<Pages>, Sent { fields, .. }: Sent<Administrator>) -> Result<Response, PageError> {
    let named: Vec<PartnerId> = fields.all("partner").filter_map(|name| name.parse().ok()).take(ON_A_PAGE).collect();
    let tried = try_all(&pages, &named).await?;
    let page: usize = fields.one("page").parse().unwrap_or(1);
    Ok(on_to(&format!("/desk/partners?page={page}&tried={tried}")))
}

/// Calls one partner.
pub(super) async fn try_one(Shared(pages): Shared<Pages>, Path(name): Path<String>, _: Sent<Administrator>) -> Result<Response, PageError> {
    let (_, member) = found(&pages, &name)?;
    let tried = try_all(&pages, std::slice::from_ref(&member.partner)).await?;
    Ok(on_to(&format!("/desk/partners/{}?tried={tried}", member.partner)))
}

/// Calls those of these partners who take part, each for 5 s at most, and one page at a time.
async fn try_all(pages: &Pages, named: &[PartnerId]) -> Result<usize, PageError> {
    let watched = pages.watched();
    let _one = watched.trying.try_lock().map_err(|_| PageError::Busy(Duration::from_secs(5)))?;
    let (register, now) = (pages.node().shared_register(), pages.node().now());
    let mut members: Vec<Arc<Member>> = named.iter().filter_map(|partner| register.active(partner, now)).collect();
    members.retain(|member| member.partner != pages.node().home().partner);
    Ok(watched.peers.visit_all(members).await.len())
}
