//! One generated federation: offers come, change and go, questions are asked, and every result is held against the oracle.

use std::sync::Arc;

use polder_exchange::Node;
use polder_model::answer::QueryResult;
use polder_model::query::Query;
use polder_model::{Kind, OfferKey, Timestamp};
use polder_oracle::{Line, compare_result, parse_export};
use polder_store::Precondition;

use crate::changes::Changes;
use crate::local::Federation;
use crate::random::Random;
use crate::{offers, queries};

/// What a federation was put through.
#[derive(Clone, Copy, Debug, Default)]
pub struct Checked {
    /// Questions whose results were compared.
    pub queries: usize,
    /// Hits in those results.
    pub hits: usize,
    /// Offers that changed between the two phases and were replaced.
    pub replaced: usize,
}

/// Generates a federation from the seed, asks it, and compares each result with the oracle.
///
/// # Errors
/// The first difference, readable, with the seed.
pub async fn federation(seed: u64) -> Result<Checked, String> {
    let mut random = Random::new(seed);
    let start: Timestamp = "2026-03-02T09:30:00.123456Z".parse().map_err(|error| format!("{error}"))?;
    let federation = Federation::open(1 + random.below(6), start.plus_seconds(-40 * 86_400)).await;
    fill(&federation, &mut random, start).await?;
    federation.clock.set(start);
    let mut checked = Checked::default();
    for round in 0..3 {
        // Asking changes nothing.
        let exports = exports(&federation).await?;
        for _ in 0..2 {
            ask(&federation, &exports, &mut random, start, &mut checked)
                .await
                .map_err(|what| format!("seed {seed}, round {round}: {what}"))?;
        }
        change(&federation, &mut random, start, 12).await?;
    }
    while_changing(&federation, &mut random, start, &mut checked).await.map_err(|what| format!("seed {seed}, changing: {what}"))?;
    Ok(checked)
}

async fn fill(federation: &Federation, random: &mut Random, now: Timestamp) -> Result<(), String> {
    for days in [40, 10, 0] {
        federation.clock.set(now.plus_seconds(-86_400 * days - 3_600));
        for node in &federation.nodes {
            if random.chance(10) {
                continue;
            }
            for _ in 0..random.below(14) {
                put(node, random, now).await?;
            }
        }
    }
    Ok(())
}

async fn put(node: &Node, random: &mut Random, now: Timestamp) -> Result<(), String> {
    let kind = *random.pick(&[Kind::Vacancy, Kind::Vacancy, Kind::Training, Kind::SkillOffer]);
    let document = offers::document(kind, random, now);
    let published = node.publish(kind, key(random)?, document.as_bytes(), Precondition::None).await;
    published.map(|_| ()).map_err(|error| format!("{error:?} for {document}"))
}

fn key(random: &mut Random) -> Result<OfferKey, String> {
    format!("{}{}", random.pick(&["V-", "a.", "Z_"]), random.below(16)).parse().map_err(|error| format!("{error}"))
}

/// Publishes over what is there, and deletes.
async fn change(federation: &Federation, random: &mut Random, now: Timestamp, times: usize) -> Result<(), String> {
    for _ in 0..times {
        let node = random.pick(&federation.nodes).clone();
        if random.chance(50) {
            put(&node, random, now).await?;
        } else {
            let kind = *random.pick(&[Kind::Vacancy, Kind::Training]);
            node.delete(kind, &key(random)?, Precondition::None).await.map_err(|error| format!("{error:?}"))?;
        }
    }
    Ok(())
}

async fn ask(
    federation: &Federation,
    exports: &[(String, Vec<Line>)],
    random: &mut Random,
    now: Timestamp,
    checked: &mut Checked,
) -> Result<(), String> {
    let asking = random.pick(&federation.nodes).clone();
    let query = queries::query(random, &asking.home().partner, now);
    let result = asking.ask_query(Arc::new(query), &crate::operator(), None).await.expect("asked");
    hold_against(&result, exports, federation.nodes.len(), checked)
}

/// Compares a result, in which nobody may be missing, with what the exports say.
pub(crate) fn hold_against(
    result: &QueryResult,
    exports: &[(String, Vec<Line>)],
    nodes: usize,
    checked: &mut Checked,
) -> Result<(), String> {
    checked.queries += 1;
    checked.hits += result.hits.len();
    checked.replaced += usize::try_from(result.replaced).unwrap_or(0);
    if result.answered.len() != nodes || !result.missing.is_empty() {
        return Err(format!("answered {:?}, missing {:?}", result.answered, result.missing));
    }
    equals_oracle(result, exports)
}

/// Compares a result with what the exports of those that answered say.
///
/// # Errors
/// The first difference, readable.
pub fn equals_oracle(result: &QueryResult, exports: &[(String, Vec<Line>)]) -> Result<(), String> {
    let value = serde_json::to_value(result).map_err(|error| error.to_string())?;
    let differences = compare_result(&value, exports).map_err(|error| format!("{error:?}"))?;
    match differences.first() {
        None => Ok(()),
        Some(first) => Err(format!("{} difference(s), first: {first}\nquery: {}", differences.len(), value["query"])),
    }
}

/// What each node of a federation holds.
pub(crate) async fn exports(federation: &Federation) -> Result<Vec<(String, Vec<Line>)>, String> {
    exports_of(&federation.nodes).await
}

/// What each of these nodes holds, in the form that `polder export` writes.
///
/// # Errors
/// When a database cannot be read.
pub async fn exports_of(nodes: &[Arc<Node>]) -> Result<Vec<(String, Vec<Line>)>, String> {
    let mut all = Vec::new();
    for node in nodes {
        let mut text = String::new();
        let written = node.store().each_offer(|offer| {
            let document = String::from_utf8_lossy(&offer.document).replace(['\n', '\r'], " ");
            text.push_str(&format!(
                "{{\"kind\":\"{}\",\"key\":\"{}\",\"version\":{},\"modifiedAt\":\"{}\",\"document\":{document}}}\n",
                offer.kind, offer.key, offer.version, offer.modified_at
            ));
        });
        written.await.map_err(|error| format!("{error:?}"))?;
        let lines = parse_export(&text).map_err(|error| format!("{error:?}"))?;
        all.push((node.home().partner.to_string(), lines));
    }
    Ok(all)
}

/// Offers change between the two phases: the result is what the oracle says of those that did not.
async fn while_changing(federation: &Federation, random: &mut Random, now: Timestamp, checked: &mut Checked) -> Result<(), String> {
    let asking = random.pick(&federation.nodes).clone();
    let query: Query = queries::query(random, &asking.home().partner, now);
    let mut exports = exports(federation).await?;
    let changes = Changes::begin(federation, query.kind, None, random.below(4), now);
    let result = asking.ask_query(Arc::new(query), &crate::operator(), None).await.expect("asked");
    let gone = changes.end(federation)?;
    gone.leave(&mut exports);
    if usize::try_from(result.replaced).unwrap_or(0) != gone.len() {
        return Err(format!("{} offers changed, the result says {}", gone.len(), result.replaced));
    }
    hold_against(&result, &exports, federation.nodes.len(), checked)
}
