//! How much each partner learnt today of this node's people, of what it may.

use axum::extract::State;
use axum::response::Response;
use polder_consent::disclosure::NARROW;
use polder_model::{PartnerId, Timestamp};
use serde::Serialize;

use super::name_of;
use crate::pages::plot::{Amount, Bars};
use crate::pages::{As, PageError, Pages, PrivacyOfficer};

const DAY: i64 = 86_400;
/// Bars of a plot.
const BARS: usize = 8;
/// Rows of the page, those of today first, and of them those that learnt most.
const SHOWN: usize = 60;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    /// The most that one partner may.
    workers: u32,
    narrow: u32,
    /// An answer with fewer people is narrow.
    narrow_below: usize,
    plot: Option<Bars>,
    items: Vec<Spent>,
    /// How many rows more.
    more: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Spent {
    partner: PartnerId,
    name: String,
    day: Timestamp,
    today: bool,
    workers: u64,
    narrow: u64,
    /// Whether one of the two is spent, or nearly.
    state: &'static str,
}

/// What is spent, today and yesterday.
pub(super) async fn show(State(pages): State<Pages>, As { staff, .. }: As<PrivacyOfficer>) -> Result<Response, PageError> {
    let (budget, mut items) = (pages.node().policy().budget, items(&pages).await?);
    let bars = items.iter().filter(|one| one.today).take(BARS).map(|one| Amount {
        name: one.name.chars().take(34).collect(),
        said: format!("{} / {}", one.workers, budget.workers),
        value: one.workers,
        warns: one.state != "within",
    });
    let plot = Bars::new(bars.collect(), Some(budget.workers.into()));
    let more = items.len().saturating_sub(SHOWN);
    items.truncate(SHOWN);
    let page = Page { workers: budget.workers, narrow: budget.narrow, narrow_below: NARROW, plot, items, more };
    pages.show(&staff.visit, "desk/budgets.html", "budgets", page)
}

/// How many partners have spent theirs today, or nearly.
pub(super) async fn spent(pages: &Pages) -> Result<usize, PageError> {
    Ok(items(pages).await?.iter().filter(|one| one.today && one.state != "within").count())
}

async fn items(pages: &Pages) -> Result<Vec<Spent>, PageError> {
    let (node, now) = (pages.node(), pages.node().now());
    let (budget, today) = (node.policy().budget, now.seconds().div_euclid(DAY));
    let items = node.store().learnt(now).await?.into_iter().map(|one| {
        let share = |spent: u64, most: u32| spent * 100 / u64::from(most.max(1));
        let state = match share(one.workers, budget.workers).max(share(one.narrow, budget.narrow)) {
            100.. => "spent",
            80.. => "nearly",
            _ => "within",
        };
        let day = Timestamp::from_micros(0).plus_seconds(one.day * DAY);
        let name = name_of(pages, &one.recipient);
        Spent { name, partner: one.recipient, day, today: one.day == today, workers: one.workers, narrow: one.narrow, state }
    });
    Ok(items.collect())
}
