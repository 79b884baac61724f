//! The node itself: its program, its database, the room that it takes, who does its work, and what is configured.

use axum::extract::State;
use axum::response::Response;
use polder_exchange::people::Language;
use polder_model::{Kind, Timestamp};
use polder_store::Size;
use serde::Serialize;

use super::{Named, Warning, bytes};
use crate::disk::{DiskRoom, LEAST_ROOM, LITTLE_ROOM, NO_ROOM, disk_room};
use crate::pages::plot::{Amount, Bars};
use crate::pages::{Administrator, As, PageError, Pages};

/// Partners that are named of those for which the node waits.
const WAITS_FOR: usize = 40;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    version: &'static str,
    /// Since when this process runs.
    since: Timestamp,
    /// How far the clock was set since, in seconds.
    clock: i64,
    engine: &'static str,
    warnings: Vec<Warning>,
    size: String,
    /// Of the file, what is free to be written again.
    free_in_file: String,
    free_on_disk: Option<String>,
    room: Option<Bars>,
    offers: Option<Bars>,
    kinds: Vec<Count>,
    offers_total: u64,
    offers_limit: u64,
    index: String,
    segments: usize,
    queued: u64,
    commits: u64,
    commit_ms: u64,
    /// Who does which piece of background work, where several processes may.
    duties: Vec<Duty>,
    processes: usize,
    waits_for: Vec<Named>,
    /// For how many partners more.
    waits_for_more: usize,
    url: String,
    portal: Option<String>,
    desk: Option<String>,
    visitors: usize,
    limits: Vec<Limit>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Count {
    kind: Kind,
    /// What is kept, and what of it can be found.
    kept: u64,
    count: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Duty {
    name: String,
    holder: String,
    until: Timestamp,
}

/// What is configured, by its key.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Limit {
    key: &'static str,
    value: u64,
}

/// The node.
pub(super) async fn show(State(pages): State<Pages>, As { staff, .. }: As<Administrator>) -> Result<Response, PageError> {
    let (node, watched, language) = (pages.node(), pages.watched(), staff.visit.language);
    let (store, index, now) = (node.store(), node.indexed(), node.now());
    let size = store.size().await?;
    let disk = disk_room(node.data()).ok();
    let free = disk.map(|disk| disk.bytes);
    let mut kinds = Vec::new();
    for kind in Kind::ALL {
        kinds.push(Count { kind, kept: store.count_offers(kind).await?, count: index.open(kind, now.date()) });
    }
    let offers_total = store.reader().offers().await?;
    let leases = if store.is_shared() { store.leases(now).await? } else { Vec::new() };
    let mut holders: Vec<&str> = leases.iter().map(|(lease, _)| lease.holder.as_str()).collect();
    holders.sort_unstable();
    holders.dedup();
    let processes = holders.len();
    let written = store.written();
    let open = node.openness_now();
    let up = i64::try_from(watched.since.elapsed().as_micros()).unwrap_or(i64::MAX);
    let page = Page {
        version: env!("CARGO_PKG_VERSION"),
        since: now.plus_micros(-up),
        clock: node.clock_set_by(),
        engine: store.engine(),
        warnings: warnings(&pages).await?,
        size: bytes(language, size.bytes),
        free_in_file: bytes(language, size.free),
        free_on_disk: free.map(|free| bytes(language, free)),
        room: disk.and_then(|disk| room(&pages, language, size, disk)),
        offers: offers(&pages, language, &kinds, watched.limits.offers),
        offers_total,
        offers_limit: watched.limits.offers,
        index: bytes(language, index.bytes().total() as u64),
        segments: index.segments(),
        queued: store.waiting().await?.iter().map(|waiting| waiting.count).sum(),
        commits: written.commits,
        commit_ms: written.milliseconds / written.commits.max(1),
        duties: leases
            .iter()
            .map(|(lease, until)| Duty { name: lease.name.clone(), holder: lease.holder.chars().take(8).collect(), until: *until })
            .collect(),
        processes,
        waits_for: open.reopening().waits_for().iter().take(WAITS_FOR).map(|partner| Named::of(&pages, partner)).collect(),
        waits_for_more: open.reopening().waits_for().len().saturating_sub(WAITS_FOR),
        url: pages.url().to_owned(),
        portal: pages.at().portal.as_ref().map(|at| at.issuer.clone()),
        desk: pages.at().desk.as_ref().map(|at| at.issuer.clone()),
        visitors: pages.visitors(),
        limits: limits(&pages),
        kinds,
    };
    pages.show(&staff.visit, "desk/node.html", "node", page)
}

/// What is to be done.
pub(super) async fn warnings(pages: &Pages) -> Result<Vec<Warning>, PageError> {
    let (node, limit) = (pages.node(), pages.watched().limits.offers);
    let offers = node.store().reader().offers().await?;
    let free = disk_room(node.data()).ok().map(|disk| disk.bytes);
    let mut all = Vec::new();
    all.extend(free.and_then(of_room).map(Warning::new));
    if node.look_at_clock().is_err() {
        all.push(Warning::new("clock").count(node.clock_set_by()));
    }
    if offers >= limit {
        all.push(Warning::new("offers-full"));
    } else if offers > limit - limit / 10 {
        all.push(Warning::new("offers-many"));
    }
    let open = node.openness_now();
    if open.has_lost_its_journal() {
        all.push(Warning::new("lost-journal"));
    } else if !open.is_open() {
        let waits = open.reopening().waits_for().len();
        all.push(Warning::new("reopening").count(i64::try_from(waits).unwrap_or(i64::MAX)));
    }
    Ok(all)
}

/// What so many free bytes mean.
fn of_room(free: u64) -> Option<&'static str> {
    match free {
        free if free < NO_ROOM => Some("disk-none"),
        free if free < LEAST_ROOM => Some("disk-full"),
        free if free < LITTLE_ROOM => Some("disk-little"),
        _ => None,
    }
}

/// What takes room on the disk, of all that it has.
fn room(pages: &Pages, language: Language, size: Size, disk: DiskRoom) -> Option<Bars> {
    let words = pages.words(language);
    let used = disk.whole.saturating_sub(disk.bytes);
    let of_disk = format!("{} / {}", bytes(language, used), bytes(language, disk.whole));
    let amount = |name: &str, said, value, warns| Amount { name: words.text(name, &[]), said, value, warns };
    let bars = vec![
        amount("node-disk-used", of_disk, used, disk.bytes < LITTLE_ROOM),
        amount("node-database", bytes(language, size.bytes), size.bytes, false),
    ];
    Bars::new(bars, Some(disk.whole))
}

fn offers(pages: &Pages, language: Language, kinds: &[Count], limit: u64) -> Option<Bars> {
    let words = pages.words(language);
    let bars = kinds.iter().map(|one| Amount {
        name: words.text(&format!("node-kind-{}", one.kind), &[]),
        said: one.count.to_string(),
        value: one.count as u64,
        warns: one.count as u64 > limit - limit / 10,
    });
    Bars::new(bars.collect(), None)
}

fn limits(pages: &Pages) -> Vec<Limit> {
    let limits = &pages.watched().limits;
    [
        ("limits.offers", limits.offers),
        ("limits.queries_at_once", limits.queries_at_once as u64),
        ("limits.client_connections", limits.client_connections as u64),
        ("limits.client_idle_seconds", limits.client_idle_seconds.into()),
        ("limits.client_requests_per_second", limits.client_requests_per_second.into()),
        ("limits.client_questions_per_minute", limits.client_questions_per_minute.into()),
        ("limits.client_body_kib_per_second", limits.client_body_kib_per_second.into()),
        ("limits.client_failed_tries_per_minute", limits.client_failed_tries_per_minute.into()),
        ("limits.peer_connections", limits.peer_connections as u64),
        ("limits.peer_connections_per_partner", limits.peer_connections_per_partner as u64),
        ("limits.connection_seconds", limits.connection_seconds.into()),
        ("limits.peer_calls_at_once", limits.peer_calls_at_once as u64),
        ("limits.peer_requests_per_second", limits.peer_requests_per_second.into()),
        ("limits.peer_questions_per_minute", limits.peer_questions_per_minute.into()),
        ("limits.peer_body_kib_per_second", limits.peer_body_kib_per_second.into()),
    ]
    .into_iter()
    .map(|(key, value)| Limit { key, value })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disk_that_is_full_is_not_said_to_be_full_soon() {
        let found = [0, NO_ROOM, LEAST_ROOM, LITTLE_ROOM].map(of_room);
        assert_eq!(found, [Some("disk-none"), Some("disk-full"), Some("disk-little"), None]);
    }
}
