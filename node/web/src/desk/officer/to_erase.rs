//! Who has not said yet that it erased what was withdrawn: other partners, and this partner's own systems.

use axum::extract::State;
use axum::response::Response;
use polder_model::{PartnerId, Timestamp};
use serde::Serialize;

use super::name_of;
use crate::pages::{As, PageError, Pages, PrivacyOfficer};

/// Partners that the page lists.
const SHOWN: usize = 60;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    partners: Vec<Owing>,
    /// How many partners more.
    more: usize,
    systems: Vec<System>,
    late_hours: i64,
    overdue_hours: i64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Owing {
    partner: PartnerId,
    name: String,
    count: u64,
    since: Timestamp,
    /// `waiting`, `late`, `overdue`, or `left` the register.
    state: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct System {
    client: String,
    count: u64,
    since: Timestamp,
    late: bool,
}

/// What is still to be erased, the oldest first.
pub(super) async fn show(State(pages): State<Pages>, As { staff, .. }: As<PrivacyOfficer>) -> Result<Response, PageError> {
    let mut page = look(&pages).await?;
    page.more = page.partners.len().saturating_sub(SHOWN);
    page.partners.truncate(SHOWN);
    pages.show(&staff.visit, "desk/outstanding.html", "outstanding", page)
}

/// How many partners and systems are late, and how many erasures wait without being so.
pub(super) async fn late(pages: &Pages) -> Result<(usize, u64), PageError> {
    let page = look(pages).await?;
    let late = page.partners.iter().filter(|one| matches!(one.state, "late" | "overdue")).count();
    let elsewhere = page.partners.iter().filter(|one| matches!(one.state, "waiting" | "left")).map(|one| one.count);
    let here = page.systems.iter().filter(|one| !one.late).map(|one| one.count);
    Ok((late + page.systems.iter().filter(|one| one.late).count(), elsewhere.chain(here).sum()))
}

async fn look(pages: &Pages) -> Result<Page, PageError> {
    let (node, now) = (pages.node(), pages.node().now());
    let (register, policy) = (node.register(), node.policy());
    let partners = node.store().to_erase_elsewhere().await?.into_iter().map(|owed| {
        let state = match () {
            () if register.member(&owed.partner).is_none() => "left",
            () if owed.since.plus_seconds(policy.overdue_seconds()) <= now => "overdue",
            () if owed.since.plus_seconds(policy.late_seconds()) <= now => "late",
            () => "waiting",
        };
        Owing { name: name_of(pages, &owed.partner), partner: owed.partner, count: owed.count, since: owed.since, state }
    });
    let partners = partners.collect();
    let systems = node.store().to_erase_here().await?.into_iter().map(|one| System {
        late: one.since.plus_seconds(policy.late_seconds()) <= now,
        client: one.client,
        count: one.count,
        since: one.since,
    });
    Ok(Page { partners, more: 0, systems: systems.collect(), late_hours: policy.late_hours, overdue_hours: policy.overdue_hours })
}
