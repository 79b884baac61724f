//! What staff is to erase: of people who stopped something, wherever it was written down. Only when it is said here does the worker see it as erased.

use std::collections::BTreeSet;

use axum::extract::{Query, State};
use axum::response::Response;
use http::StatusCode;
use polder_consent::{FieldSet, Handle};
use polder_exchange::OPERATOR;
use polder_exchange::people::ReceiveRefused;
use polder_model::{Kind, OfferKey, Purpose, Timestamp};
use polder_store::people::Erasure;
use serde::{Deserialize, Serialize};

use crate::pages::bounded::{fitting, short};
use crate::pages::{As, Desk, PageError, Pages, Sent, Staff, on_to};

/// Most erasures on a page, the oldest first.
const ON_A_PAGE: u32 = 25;
/// The highest number that one may have.
const HIGHEST: u64 = 9_007_199_254_740_991;
/// Bytes of the page around one.
const AROUND: usize = 1_200;

#[derive(Deserialize)]
pub(super) struct Asked {
    told: Option<String>,
}

#[derive(Serialize)]
struct Page {
    items: Vec<Item>,
    /// How many there are in all.
    total: u64,
    /// Whether some were just said to be erased.
    told: bool,
    /// Why nothing was noted, where something was to be.
    wrong: Option<&'static str>,
}

/// Something to erase.
#[derive(Serialize)]
struct Item {
    number: u64,
    partner: String,
    /// What the worker is known by here.
    key: Handle,
    purpose: Purpose,
    /// What; nothing: all of it.
    fields: FieldSet,
    at: Timestamp,
    /// As what they were seen when they were asked something; empty where that is not known.
    seen_as: String,
    /// When they were looked at here, and for which offer.
    looked: Vec<Look>,
}

#[derive(Serialize)]
struct Look {
    at: Timestamp,
    kind: Kind,
    key: OfferKey,
    /// How that was called then; empty where it is not known.
    title: String,
}

/// What is to be erased.
pub(super) async fn list(
    State(pages): State<Pages>,
    As { staff, .. }: As<Desk>,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    show(&pages, &staff, StatusCode::OK, (asked.told.is_some(), None)).await
}

async fn show(
    pages: &Pages,
    staff: &Staff,
    status: StatusCode,
    (told, wrong): (bool, Option<&'static str>),
) -> Result<Response, PageError> {
    let found = pages.node().erasures(OPERATOR, 0, ON_A_PAGE).await?;
    let mut items: Vec<Item> = found.into_iter().map(|erasure| item(pages, erasure)).collect();
    items.truncate(fitting(&items, AROUND));
    let page = Page { items, total: pages.node().store().count_erasures(OPERATOR).await?, told, wrong };
    pages.show_as(status, &staff.visit, "desk/erasures.html", "erasures", page)
}

fn item(pages: &Pages, erasure: Erasure) -> Item {
    let Erasure { number, source, handle, purpose, fields, at, looked, seen_as, .. } = erasure;
    let partner = pages.node().register().member(&source).map_or_else(|| source.to_string(), |member| short(&member.name));
    let looked = looked.into_iter().map(|look| Look { at: look.at, kind: look.kind, key: look.about, title: short(&look.title) });
    Item { number, partner, key: handle, purpose, fields, at, seen_as, looked: looked.collect() }
}

/// Staff says what they erased of what a page listed: what they ticked, or all of it. Said twice it is as said once; where some of it is not to be erased any more as
/// it was listed, nothing is noted.
pub(super) async fn erased(State(pages): State<Pages>, Sent { staff, fields, .. }: Sent<Desk>) -> Result<Response, PageError> {
    let meant = if fields.one("all") == "yes" { "listed" } else { "number" };
    let number =
        |text: &str| text.parse().ok().filter(|number| *number <= HIGHEST).ok_or_else(|| PageError::status(StatusCode::BAD_REQUEST));
    let numbers: BTreeSet<u64> = fields.all(meant).map(number).collect::<Result<_, _>>()?;
    if numbers.is_empty() {
        return show(&pages, &staff, StatusCode::BAD_REQUEST, (false, Some("erasing-not-ticked"))).await;
    }
    match pages.node().erased_these(OPERATOR, numbers).await {
        Ok(_) => Ok(on_to("/desk/erasures?told=yes")),
        Err(ReceiveRefused::NotListed { .. }) => show(&pages, &staff, StatusCode::CONFLICT, (false, Some("erasing-changed"))).await,
        Err(ReceiveRefused::Store(error)) => Err(error.into()),
        Err(error) => Err(PageError::internal(error)),
    }
}
