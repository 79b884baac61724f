//! The log of disclosures: how large it is, who has seen it, and how much left each day.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::response::Response;
use polder_exchange::log::{LogStanding, LogView, RED_SECONDS};
use polder_model::{PartnerId, Timestamp};
use polder_store::people::{DisclosedInDay, MOST_LOOKED_AT};
use serde::Serialize;

use super::Warning;
use super::partners::short;
use crate::pages::bounded;
use crate::pages::plot::{Days, PARTS};
use crate::pages::{Administrator, As, PageError, Pages};

/// Days that are shown.
const DAYS: i64 = 30;
const DAY: i64 = 86_400;
/// Witnesses that are listed: as many as a note has place for.
const WITNESSES: usize = 63;
/// Partners that are listed.
const PARTNERS: usize = 40;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    leaves: u64,
    signed: u64,
    cosigned: u64,
    root: Option<String>,
    signed_at: Option<Timestamp>,
    /// As of when enough others have cosigned it.
    since: Option<Timestamp>,
    standing: &'static str,
    quorum: usize,
    witnesses: Vec<Witness>,
    warnings: Vec<Warning>,
    plot: Option<Days>,
    total: u64,
    /// The day on which most left, and how many.
    most: Option<DayCount>,
    /// How much left on each day, the newest first, where any did; and to each partner.
    days: Vec<DayCount>,
    partners: Vec<PartnerCount>,
    /// To how many partners more.
    partners_more: usize,
    /// How many rows were counted, where there are more.
    cut_at: Option<u32>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Witness {
    partner: PartnerId,
    name: String,
    at: Option<Timestamp>,
    size: u64,
    /// Whether it is lately.
    recent: bool,
}

#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "camelCase")]
struct DayCount {
    day: Timestamp,
    count: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PartnerCount {
    partner: PartnerId,
    name: String,
    count: u64,
    today: u64,
}

/// The log, and what left in the last days.
pub(super) async fn show(State(pages): State<Pages>, As { staff, .. }: As<Administrator>) -> Result<Response, PageError> {
    let (node, now) = (pages.node(), pages.node().now());
    let view = node.log_view().await?;
    let today = now.seconds().div_euclid(DAY);
    let first = today - DAYS + 1;
    let (found, is_cut) = node.store().disclosed_by_day(Timestamp::from_micros(0).plus_seconds(first * DAY)).await?;
    let partners = by_partner(&pages, &found, today);
    let days = by_day(&found, first, today);
    let plot = plot(&pages, staff.visit.language, &found, &partners, first..=today);
    let most = days.iter().copied().max_by_key(|one| (one.count, std::cmp::Reverse(one.day))).filter(|one| one.count > 0);
    let witnesses = view.witnesses.iter().rev().take(WITNESSES).map(|seen| Witness {
        partner: seen.partner.clone(),
        name: bounded::short(&seen.name),
        at: seen.at,
        size: seen.size,
        recent: seen.at.is_some_and(|at| at.plus_seconds(RED_SECONDS) > now),
    });
    let page = Page {
        leaves: view.now.leaves,
        signed: view.now.signed,
        cosigned: view.now.cosigned,
        root: view.last.as_ref().map(|last| last.root.clone()),
        signed_at: view.last.as_ref().map(|last| last.at),
        since: view.now.since,
        standing: standing(&view, now),
        quorum: view.quorum,
        witnesses: witnesses.collect(),
        warnings: warnings(now, &view),
        plot,
        total: found.iter().map(|one| one.count).sum(),
        most,
        days: days.into_iter().rev().filter(|one| one.count > 0).collect(),
        partners_more: partners.len().saturating_sub(PARTNERS),
        partners: partners.into_iter().take(PARTNERS).collect(),
        cut_at: is_cut.then_some(MOST_LOOKED_AT),
    };
    pages.show(&staff.visit, "desk/ledger.html", "ledger", page)
}

/// How the log stands, in a word.
fn standing(view: &LogView, now: Timestamp) -> &'static str {
    match view.now.standing(now) {
        LogStanding::Red => "red",
        LogStanding::Stopped => "stopped",
        // It is not late, and that is not to say that anybody has cosigned.
        LogStanding::Cosigned if view.now.leaves == 0 => "none",
        LogStanding::Cosigned if view.quorum == 0 => "alone",
        LogStanding::Cosigned if view.now.cosigned == 0 => "waiting",
        LogStanding::Cosigned => "cosigned",
    }
}

/// What is to be done.
pub(super) fn warnings(now: Timestamp, view: &LogView) -> Vec<Warning> {
    let says = match view.now.standing(now) {
        LogStanding::Red => Some("log-red"),
        LogStanding::Stopped => Some("log-stopped"),
        LogStanding::Cosigned => None,
    };
    let since = view.now.since.unwrap_or(Timestamp::from_micros(0));
    let alone = (view.quorum == 0 && view.now.leaves > 0).then(|| Warning::new("log-alone"));
    says.map(|says| Warning::new(says).at(since)).into_iter().chain(alone).collect()
}

fn by_day(found: &[DisclosedInDay], first: i64, today: i64) -> Vec<DayCount> {
    let count = |day| found.iter().filter(|one| one.day == day).map(|one| one.count).sum();
    (first..=today).map(|day| DayCount { day: Timestamp::from_micros(0).plus_seconds(day * DAY), count: count(day) }).collect()
}

/// The partners to whom something left, those to whom most did first.
fn by_partner(pages: &Pages, found: &[DisclosedInDay], today: i64) -> Vec<PartnerCount> {
    let register = pages.node().register();
    let mut counts: BTreeMap<&PartnerId, (u64, u64)> = BTreeMap::new();
    for one in found {
        let (all, of_today) = counts.entry(&one.recipient).or_default();
        *all += one.count;
        *of_today += if one.day == today { one.count } else { 0 };
    }
    let named = |partner: &PartnerId| register.member(partner).map_or_else(|| partner.to_string(), |member| bounded::short(&member.name));
    let mut all: Vec<PartnerCount> = counts
        .into_iter()
        .map(|(partner, (count, today))| PartnerCount { partner: partner.clone(), name: named(partner), count, today })
        .collect();
    all.sort_by_key(|one| std::cmp::Reverse(one.count));
    all
}

/// Columns of days: the partners to whom most left apart, the others together.
fn plot(
    pages: &Pages,
    language: polder_exchange::people::Language,
    found: &[DisclosedInDay],
    partners: &[PartnerCount],
    days: std::ops::RangeInclusive<i64>,
) -> Option<Days> {
    let is_all = partners.len() <= PARTS;
    let apart = if is_all { partners.len() } else { PARTS - 1 };
    let mut names: Vec<String> = partners.iter().take(apart).map(|one| short(&one.name)).collect();
    if !is_all {
        names.push(pages.words(language).text("ledger-others", &[]));
    }
    let columns: Vec<(String, Vec<u64>)> = days
        .map(|day| {
            let mut amounts = vec![0; names.len()];
            for one in found.iter().filter(|one| one.day == day) {
                let place = partners.iter().take(apart).position(|partner| partner.partner == one.recipient).unwrap_or(apart);
                if let Some(amount) = amounts.get_mut(place) {
                    *amount += one.count;
                }
            }
            (language.day(Timestamp::from_micros(0).plus_seconds(day * DAY)), amounts)
        })
        .collect();
    Days::new(&columns, names)
}

#[cfg(test)]
mod tests {
    use polder_exchange::log::LogNow;

    use super::*;

    #[test]
    fn what_nobody_has_cosigned_is_not_said_to_be_cosigned() {
        let now = Timestamp::from_micros(0).plus_seconds(1_000);
        let of = |leaves, cosigned, quorum| {
            let log = LogNow { leaves, signed: leaves, cosigned, since: Some(now) };
            standing(&LogView { now: log, last: None, quorum, witnesses: Vec::new() }, now)
        };
        assert_eq!([of(0, 0, 2), of(3, 0, 2), of(3, 0, 0), of(3, 2, 2)], ["none", "waiting", "alone", "cosigned"]);
    }
}
