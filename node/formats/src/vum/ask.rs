//! What a mediator asks of the exchange: the part of a query that VUM has words for. The rest is for whoever ranks what comes back.

use polder_model::Postcode4;
use polder_model::query::Query;
use serde_json::{Map, Value, json};

use super::vacancy::{LETTERS, is_competentnl};
use super::{Crosswalk, MOST_KILOMETRES};

/// Hours a week that VUM asks for.
const HOURS: std::ops::RangeInclusive<u8> = 1..=99;

/// What became of the occupation of a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occupation {
    /// None is sought.
    NotSought,
    /// It is asked for.
    Asked,
    /// VUM takes one occupation, by a code of CompetentNL: there is none for it, or it is not all that is sought.
    NotAsked,
}

/// A question for the exchange: its body, and what became of the occupation.
///
/// From the place come the four digits alone. Where skills or words are sought as well, a vacancy may fit without the occupation, and the occupation is not asked.
#[must_use]
pub fn question(query: &Query, from: Postcode4, crosswalk: Crosswalk<'_>) -> (Value, Occupation) {
    let criteria = &query.criteria;
    let mut asked = Map::new();
    let area = json!({"postcode": format!("{from}{LETTERS}"), "afstand": kilometres(query)});
    asked.insert("selectiegebied".to_owned(), area);
    // Related occupations fit less well; the one that is sought fits whole.
    let mut sought = criteria.occupations.iter().filter(|one| one.factor == 100).map(|one| one.uri.as_str());
    let occupation = match (sought.next(), sought.next()) {
        (None, _) => Occupation::NotSought,
        (Some(uri), None) if criteria.skills.is_empty() && criteria.text.is_empty() => {
            match is_competentnl(uri).then(|| uri.to_owned()).or_else(|| crosswalk(uri)) {
                Some(code) => {
                    asked.insert("beroep.codeBeroepsnaam".to_owned(), json!({"$eq": code}));
                    Occupation::Asked
                }
                None => Occupation::NotAsked,
            }
        }
        _ => Occupation::NotAsked,
    };
    if let Some(hours) = criteria.hours {
        if HOURS.contains(&hours.min) {
            asked.insert("werktijden.aantalWerkurenPerWeekMaximaal".to_owned(), json!({"$gte": hours.min}));
        }
        if HOURS.contains(&hours.max) && hours.max < 80 {
            asked.insert("werktijden.aantalWerkurenPerWeekMinimaal".to_owned(), json!({"$lte": hours.max}));
        }
    }
    if let Some(from) = criteria.start.and_then(|start| start.from) {
        asked.insert("datumAanvangWerkzaamheden".to_owned(), json!({"$gte": from.to_string()}));
    }
    (json!({"vraagObject": asked}), occupation)
}

/// Kilometres in which every place lies that is within reach: a straight line is no longer than the road.
fn kilometres(query: &Query) -> u32 {
    let metres = query.criteria.travel.iter().flat_map(|travel| &travel.reach).map(|reach| reach.1).max().unwrap_or(0);
    metres.div_ceil(1_000).clamp(1, MOST_KILOMETRES.into())
}
