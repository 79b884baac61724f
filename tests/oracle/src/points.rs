//! Points and reasons: docs/ranking.md sections 4 and 5.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::filters::{opening_passes, reached};
use crate::offer::Offer;
use crate::query::Query;
use crate::text::stems;

/// Score and reasons of an offer that passes the filters; nothing when it is not a hit.
pub fn points(query: &Query, offer: &Offer, modified: Timestamp) -> Option<(u64, Vec<Value>)> {
    let asked = &query.criteria;
    let mut found = skills(query, offer);
    found.extend(occupation(query, offer));
    found.extend(text(query, offer));
    found.retain(|(points, _)| *points > 0);
    let asks_content = !asked.skills.is_empty() || !asked.occupations.is_empty() || !asked.text.is_empty();
    if asks_content && found.is_empty() {
        return None;
    }
    found.extend(travel(query, offer));
    found.extend(hours(query, offer));
    found.extend(freshness(query, modified));
    found.retain(|(points, _)| *points > 0);
    let score = found.iter().map(|(points, _)| points).sum();
    let reasons = found.into_iter().map(|(points, mut reason)| {
        reason["points"] = json!(points);
        reason
    });
    Some((score, reasons.collect()))
}

fn skills(query: &Query, offer: &Offer) -> Vec<(u64, Value)> {
    let mut found = Vec::new();
    let all: u64 = query.criteria.skills.iter().map(|skill| skill.weight).sum();
    for skill in &query.criteria.skills {
        let mut best: Option<(u64, &str, &str, u64)> = None;
        for (uri, importance) in &offer.skills {
            let mut matches = Vec::new();
            if *uri == skill.uri {
                matches.push((100, "exact"));
            }
            for related in &skill.related {
                if *uri == related.uri {
                    matches.push((related.factor, related.relation.as_str()));
                }
            }
            for (factor, relation) in matches {
                let worth = factor * importance;
                if best.is_none_or(|(most, lowest, _, _)| worth > most || (worth == most && uri.as_str() < lowest)) {
                    best = Some((worth, uri, relation, *importance));
                }
            }
        }
        if let Some((worth, matched, relation, importance)) = best {
            let points = 400_000 * skill.weight * worth / (all * 10_000);
            let importance = match importance {
                100 => "essential",
                80 => "important",
                _ => "optional",
            };
            let reason = json!({"kind": "skill", "code": skill.uri, "matched": matched, "relation": relation, "importance": importance});
            found.push((points, reason));
        }
    }
    found
}

fn occupation(query: &Query, offer: &Offer) -> Option<(u64, Value)> {
    let mut best: Option<(u64, &str)> = None;
    for occupation in &query.criteria.occupations {
        if !offer.occupations.contains(&occupation.uri) {
            continue;
        }
        let (factor, uri) = (occupation.factor, occupation.uri.as_str());
        if best.is_none_or(|(most, lowest)| factor > most || (factor == most && uri < lowest)) {
            best = Some((factor, uri));
        }
    }
    let (factor, matched) = best?;
    Some((150_000 * factor / 100, json!({"kind": "occupation", "matched": matched})))
}

fn text(query: &Query, offer: &Offer) -> Vec<(u64, Value)> {
    let mut found = Vec::new();
    if query.criteria.text.is_empty() {
        return found;
    }
    let title = stems(&offer.title);
    let mut body = Vec::new();
    for text in &offer.body {
        body.extend(stems(text));
    }
    let all: u64 = query.criteria.text.iter().map(|word| word.weight).sum();
    let n = ((title.len() + body.len()) as u64).min(2_000);
    for word in &query.criteria.text {
        let count = |stems: &[String]| (stems.iter().filter(|stem| **stem == word.term).count() as u64).min(255);
        let f = 3 * count(&title) + count(&body);
        let impact = 255 * 8_000 * f / (8_000 * f + 2_400 + 90 * n);
        let points = 150_000 * word.weight * impact / (all * 255);
        found.push((points, json!({"kind": "text", "term": word.term})));
    }
    found
}

fn travel(query: &Query, offer: &Offer) -> Option<(u64, Value)> {
    let travel = query.criteria.travel.as_ref()?;
    // Distance, whether not remote, postcode: the lowest of these counts.
    let mut best: Option<((u64, bool, &str), Value)> = None;
    for opening in &offer.openings {
        if !opening_passes(query, opening) {
            continue;
        }
        let (order, reason) = if opening.remote {
            ((0, false, ""), json!({"kind": "travel", "remote": true}))
        } else if let (Some(postcode), Some((distance, metres, minutes))) = (&opening.place, reached(travel, opening)) {
            let reason = json!({"kind": "travel", "postcode": postcode, "metres": metres, "minutes": minutes});
            ((distance, true, postcode.as_str()), reason)
        } else {
            continue;
        };
        if best.as_ref().is_none_or(|(lowest, _)| order < *lowest) {
            best = Some((order, reason));
        }
    }
    let ((distance, _, _), reason) = best?;
    Some((200_000 * (travel.limit - distance) / travel.limit, reason))
}

fn hours(query: &Query, offer: &Offer) -> Option<(u64, Value)> {
    let asked = query.criteria.hours.as_ref()?;
    let (min, max) = offer.hours?;
    let overlap = (max.min(asked.max) + 1).saturating_sub(min.max(asked.min));
    let width = asked.max - asked.min + 1;
    Some((50_000 * overlap / width, json!({"kind": "hours", "overlap": overlap})))
}

fn freshness(query: &Query, modified: Timestamp) -> Option<(u64, Value)> {
    let micros = query.as_of.as_microsecond() - modified.as_microsecond();
    let days = u64::try_from(micros).unwrap_or(0) / 86_400_000_000;
    (days < 90).then(|| (50_000 * (90 - days) / 90, json!({"kind": "freshness", "days": days})))
}
