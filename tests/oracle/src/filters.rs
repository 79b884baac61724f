//! Which offers may be seen, and the hard filters: docs/ranking.md sections 2 and 3.

use jiff::Timestamp;

use crate::offer::{Offer, Opening};
use crate::query::{Measure, Query, Travel};

/// Whether the offer may be seen; takes away the openings that do not exist.
pub fn eligible(query: &Query, partner: &str, offer: &mut Offer) -> bool {
    if let Some(recipients) = &offer.recipients
        && !recipients.contains(&query.asker)
        && query.asker != partner
    {
        return false;
    }
    if let Some(purposes) = &offer.purposes
        && !purposes.contains(&query.purpose)
    {
        return false;
    }
    for last_day in [&offer.until, &offer.closes].into_iter().flatten() {
        if *last_day < query.today {
            return false;
        }
    }
    if offer.has_editions {
        offer.openings.retain(|opening| opening.start.as_ref().is_none_or(|start| *start >= query.today));
    }
    !offer.openings.is_empty()
}

/// Whether the offer passes every criterion of the query.
pub fn passes(query: &Query, offer: &Offer, modified: Timestamp) -> bool {
    let asked = &query.criteria;
    if let (Some(hours), Some((min, max))) = (&asked.hours, offer.hours)
        && (min > hours.max || max < hours.min)
    {
        return false;
    }
    if let (Some(bounds), Some(level)) = (&asked.level, offer.level)
        && (bounds.min.is_some_and(|min| level < min) || bounds.max.is_some_and(|max| level > max))
    {
        return false;
    }
    for (asked, stated) in [(&asked.contracts, &offer.contracts), (&asked.sectors, &offer.sectors)] {
        if let Some(asked) = asked
            && !asked.is_empty()
            && !stated.is_empty()
            && !stated.iter().any(|one| asked.contains(one))
        {
            return false;
        }
    }
    if let Some(spoken) = &asked.languages {
        for (language, level) in &offer.languages {
            if !spoken.iter().any(|one| one.language == *language && rank(&one.level) >= rank(level)) {
                return false;
            }
        }
    }
    if let Some(held) = &asked.licences
        && !offer.licences.iter().all(|licence| held.contains(licence))
    {
        return false;
    }
    if query.modified_since.is_some_and(|since| modified < since) || (asked.sharing && !offer.sharing) {
        return false;
    }
    offer.openings.iter().any(|opening| opening_passes(query, opening))
}

fn rank(level: &str) -> usize {
    ["A1", "A2", "B1", "B2", "C1", "C2"].iter().take_while(|known| **known != level).count()
}

/// Whether one opening passes both `travel` and `start`.
pub fn opening_passes(query: &Query, opening: &Opening) -> bool {
    if let (Some(asked), Some(start)) = (&query.criteria.start, &opening.start)
        && (asked.from.as_ref().is_some_and(|from| start < from) || asked.until.as_ref().is_some_and(|until| start > until))
    {
        return false;
    }
    let Some(travel) = &query.criteria.travel else { return true };
    opening.remote || reached(travel, opening).is_some_and(|(distance, _, _)| distance <= travel.limit)
}

/// Of an opening at a place in reach: the distance in the asked measure, metres, minutes.
pub fn reached(travel: &Travel, opening: &Opening) -> Option<(u64, u64, u64)> {
    let place = opening.place.as_ref()?;
    for (postcode, metres, minutes) in &travel.reach {
        if postcode == place {
            let distance = if travel.measure == Measure::Metres { *metres } else { *minutes };
            return Some((distance, *metres, *minutes));
        }
    }
    None
}
