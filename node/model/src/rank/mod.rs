//! The ranking `polder-1` (`docs/ranking.md`): a pure function of query and offer, in integers.
//!
//! [`score`] is the whole rule. The index computes the same numbers faster, with the same [`points`] and [`filter`];
//! the asking node recomputes every document that it shows with [`score`].

pub mod filter;
pub mod order;
mod plan;
pub mod points;

pub use order::{Ranked, TieHasher};
pub use plan::{Plan, SkillMatch};

use crate::code::{Importance, Relation};
use crate::fault::{Fault, planted};
use crate::features::{Features, Opening};
use crate::name::{CodeUri, PartnerId, Postcode4};
use crate::reason::{Ground, Reason};
use crate::time::Timestamp;

/// A score with the reasons that add up to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scored {
    /// 0–1,000,000.
    pub score: u32,
    /// In the order of `docs/interfaces.md`, section 4.
    pub reasons: Vec<Reason>,
}

/// Scores an offer of `home`, last changed at `modified`. `None` when it is not eligible, is filtered out or is no hit.
#[must_use]
pub fn score(plan: &Plan, home: &PartnerId, offer: &Features, modified: Timestamp) -> Option<Scored> {
    if !filter::eligible(plan, home, offer) || !filter::passes(plan, offer, modified) {
        return None;
    }
    let mut reasons = Vec::new();
    skill_reasons(plan, offer, &mut reasons);
    occupation_reason(plan, offer, &mut reasons);
    text_reasons(plan, offer, &mut reasons);
    if plan.query().criteria.asks_content() && reasons.is_empty() {
        return None;
    }
    let opening = best_opening(plan, offer)?;
    travel_reason(plan, &opening, &mut reasons);
    if let (Some(asked), Some(stated)) = (plan.query().criteria.hours, offer.hours) {
        let overlap = points::overlap(asked, stated);
        push(&mut reasons, points::hours(asked, overlap), Ground::Hours { overlap });
    }
    let days = points::days(plan.query().as_of, modified);
    push(&mut reasons, points::freshness(days), Ground::Freshness { days });
    Some(Scored { score: reasons.iter().map(|reason| reason.points).sum(), reasons })
}

fn push(reasons: &mut Vec<Reason>, points: u32, ground: Ground) {
    if points > 0 {
        reasons.push(Reason { points, ground });
    }
}

fn skill_reasons(plan: &Plan, offer: &Features, reasons: &mut Vec<Reason>) {
    let asked = &plan.query().criteria.skills;
    let mut best: Vec<Option<Best>> = vec![None; asked.len()];
    for (uri, importance) in &offer.skills {
        for found in plan.matches(uri) {
            let candidate = Best { worth: found.worth(*importance), matched: uri, relation: found.relation, importance: *importance };
            let slot = &mut best[found.skill];
            if slot.as_ref().is_none_or(|known| candidate.beats(known)) {
                *slot = Some(candidate);
            }
        }
    }
    for (skill, found) in asked.iter().zip(best) {
        let Some(found) = found else { continue };
        let points = points::skill(plan.skill_weight(), skill.weight, found.worth);
        let ground = Ground::Skill {
            code: skill.uri.clone(),
            matched: found.matched.clone(),
            relation: found.relation,
            importance: found.importance,
        };
        push(reasons, points, ground);
    }
}

#[derive(Clone)]
struct Best<'o> {
    worth: u64,
    matched: &'o CodeUri,
    relation: Relation,
    importance: Importance,
}

impl Best<'_> {
    fn beats(&self, known: &Best<'_>) -> bool {
        let lower = self.matched < known.matched || planted(Fault::HighestUri) && self.matched > known.matched;
        self.worth > known.worth || self.worth == known.worth && lower
    }
}

fn occupation_reason(plan: &Plan, offer: &Features, reasons: &mut Vec<Reason>) {
    let asked = plan.query().criteria.occupations.iter();
    let fitting = asked.filter(|occupation| offer.occupations.contains(&occupation.uri));
    let best = fitting.max_by(|a, b| a.factor.cmp(&b.factor).then_with(|| b.uri.cmp(&a.uri)));
    if let Some(best) = best {
        push(reasons, points::occupation(best.factor), Ground::Occupation { matched: best.uri.clone() });
    }
}

fn text_reasons(plan: &Plan, offer: &Features, reasons: &mut Vec<Reason>) {
    for asked in &plan.query().criteria.text {
        if let Some(impact) = offer.terms.impact(asked.term.as_str()) {
            let points = points::text(plan.text_weight(), asked.weight, impact);
            push(reasons, points, Ground::Text { term: asked.term.clone() });
        }
    }
}

/// The opening that counts: the nearest that passes; the first that passes where travel is not asked.
fn best_opening(plan: &Plan, offer: &Features) -> Option<Near> {
    let passing = offer.openings.iter().filter(|opening| filter::live(plan, offer.kind, opening));
    let near = passing.filter_map(|opening| Near::of(plan, opening));
    near.min_by_key(|near| (near.distance, near.place.map(Postcode4::number)))
}

struct Near {
    distance: u32,
    /// `None` for a remote opening, which comes before every place of the same distance.
    place: Option<Postcode4>,
    metres: u32,
    minutes: u16,
}

impl Near {
    /// How far this opening is; `None` where it does not pass the criteria `travel` and `start`.
    fn of(plan: &Plan, opening: &Opening) -> Option<Self> {
        if !filter::starts(plan, opening) {
            return None;
        }
        let (distance, reach) = filter::distance(plan, opening)?;
        Some(Self { distance, place: reach.map(|r| r.0), metres: reach.map_or(0, |r| r.1), minutes: reach.map_or(0, |r| r.2) })
    }
}

fn travel_reason(plan: &Plan, near: &Near, reasons: &mut Vec<Reason>) {
    let Some(travel) = &plan.query().criteria.travel else { return };
    let points = points::travel(travel.limit, near.distance);
    let there = |value| near.place.map(|_| value);
    let ground = Ground::Travel {
        postcode: near.place,
        metres: there(near.metres),
        minutes: near.place.map(|_| near.minutes),
        remote: near.place.is_none(),
    };
    push(reasons, points, ground);
}
