//! Which offers may be seen, and which pass the hard filters (`docs/ranking.md`, sections 2 and 3).

use super::Plan;
use crate::code::{Cefr, Language};
use crate::features::{Features, Opening};
use crate::name::{Kind, PartnerId};
use crate::query::Reach;
use crate::time::Timestamp;

/// Whether the asker may see an offer of `home` at all.
#[must_use]
pub fn eligible(plan: &Plan, home: &PartnerId, offer: &Features) -> bool {
    let query = plan.query();
    offer.kind == query.kind
        && offer.audience.admits(&query.asker, home, query.purpose, plan.today())
        && offer.closes.is_none_or(|day| day >= plan.today())
        && offer.openings.iter().any(|opening| live(plan, offer.kind, opening))
}

/// Whether an opening still exists: an edition of a training that has started does not.
#[must_use]
pub fn live(plan: &Plan, kind: Kind, opening: &Opening) -> bool {
    kind != Kind::Training || opening.start.is_none_or(|day| day >= plan.today())
}

/// Whether an eligible offer passes every hard filter.
#[must_use]
pub fn passes(plan: &Plan, offer: &Features, modified: Timestamp) -> bool {
    passes_columns(plan, offer.hours, offer.level, (offer.contracts, offer.sectors, offer.licences), offer.sharing, modified)
        && speaks(plan, &offer.languages)
        && offer.openings.iter().any(|opening| live(plan, offer.kind, opening) && passes_opening(plan, opening))
}

/// Whether one opening passes both `travel` and `start`.
#[must_use]
pub fn passes_opening(plan: &Plan, opening: &Opening) -> bool {
    starts(plan, opening) && distance(plan, opening).is_some()
}

/// The filters on plain columns. The masks are contracts, sectors, licences.
#[must_use]
pub fn passes_columns(
    plan: &Plan,
    hours: Option<(u8, u8)>,
    level: Option<u8>,
    (contracts, sectors, licences): (u32, u32, u32),
    sharing: bool,
    modified: Timestamp,
) -> bool {
    let criteria = &plan.query().criteria;
    let hours_fit = criteria.hours.zip(hours).is_none_or(|(asked, (min, max))| min <= asked.max && max >= asked.min);
    let level_fits = criteria
        .level
        .zip(level)
        .is_none_or(|(asked, level)| asked.min.is_none_or(|min| level >= min) && asked.max.is_none_or(|max| level <= max));
    let contract_fits = plan.contracts() == 0 || contracts == 0 || contracts & plan.contracts() != 0;
    let sector_fits = plan.sectors() == 0 || sectors == 0 || sectors & plan.sectors() != 0;
    let recent = criteria.modified_since.is_none_or(|since| modified >= since);
    hours_fit && level_fits && contract_fits && sector_fits && holds(plan, licences) && recent && (sharing || !criteria.sharing)
}

/// Whether the held licences cover these.
#[must_use]
pub fn holds(plan: &Plan, licences: u32) -> bool {
    plan.licences().is_none_or(|held| licences & !held == 0)
}

/// Whether the asked languages cover those that an offer needs.
#[must_use]
pub fn speaks(plan: &Plan, needed: &[(Language, Cefr)]) -> bool {
    let Some(held) = &plan.query().criteria.languages else { return true };
    needed.iter().all(|(language, level)| held.iter().any(|own| own.language == *language && own.level >= *level))
}

/// Whether an opening starts on an asked day, or says nothing of it.
#[must_use]
pub fn starts(plan: &Plan, opening: &Opening) -> bool {
    let asked = plan.query().criteria.start.zip(opening.start);
    asked.is_none_or(|(asked, day)| asked.from.is_none_or(|from| day >= from) && asked.until.is_none_or(|until| day <= until))
}

/// How far an opening is in the asked measure, and the row that says so; `(0, None)` for a remote opening and
/// where travel is not asked; `None` out of reach.
#[must_use]
pub fn distance<'p>(plan: &'p Plan, opening: &Opening) -> Option<(u32, Option<&'p Reach>)> {
    let Some(travel) = &plan.query().criteria.travel else { return Some((0, None)) };
    if opening.remote {
        return Some((0, None));
    }
    let row = plan.reach(opening.place?)?;
    let distance = row.distance(travel.measure);
    (distance <= travel.limit).then_some((distance, Some(row)))
}
