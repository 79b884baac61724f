//! What a query asks of content: for each criterion the posting lists that give points for it.

use std::cmp::Reverse;

use polder_model::code::Importance;
use polder_model::rank::{Plan, points};

use super::sums::units;
use crate::postings::Lists;
use crate::segment::Segment;

/// A skill, the occupations, or a word. Of several lists that an offer stands in, the one with the most points counts.
pub(super) struct Criterion<'s> {
    /// Those with the most points first.
    pub lists: Vec<List<'s>>,
    /// The most points for it, more than 0.
    pub most: u32,
    /// How many postings its lists have together.
    pub postings: usize,
}

/// A posting list.
pub(super) struct List<'s> {
    pub lists: &'s Lists,
    pub number: u32,
    /// The most points for it.
    pub most: u32,
    pub worth: Worth<'s>,
}

/// What a posting is worth.
pub(super) enum Worth<'s> {
    ByTag(Table<4>),
    ByImpact(&'s [u8], Box<Table<256>>),
}

/// Points, and units of [`super::sums`] that cover them.
pub(super) struct Table<const N: usize> {
    pub points: [u32; N],
    pub units: [u16; N],
}

impl<const N: usize> Table<N> {
    fn new(points: [u32; N]) -> Self {
        Self { units: points.map(units), points }
    }
}

/// The criteria, first those with few postings for their points.
pub(super) fn criteria<'s>(segment: &'s Segment, plan: &Plan) -> Vec<Criterion<'s>> {
    let mut criteria = skills(segment, plan);
    criteria.push(occupations(segment, plan));
    criteria.extend(words(segment, plan));
    criteria.retain(|criterion| criterion.most > 0);
    criteria.iter_mut().for_each(|criterion| criterion.lists.sort_by_key(|list| Reverse(list.most)));
    criteria.sort_by_key(|criterion| criterion.postings as u64 * 1_000 / u64::from(criterion.most));
    criteria
}

impl<'s> Criterion<'s> {
    fn new() -> Self {
        Self { lists: Vec::new(), most: 0, postings: 0 }
    }

    fn add(&mut self, lists: &'s Lists, number: u32, most: u32, worth: Worth<'s>) {
        if most > 0 {
            self.most = self.most.max(most);
            self.postings += lists.count(number);
            self.lists.push(List { lists, number, most, worth });
        }
    }
}

fn skills<'s>(segment: &'s Segment, plan: &Plan) -> Vec<Criterion<'s>> {
    let asked = &plan.query().criteria.skills;
    let mut criteria: Vec<Criterion<'s>> = asked.iter().map(|_| Criterion::new()).collect();
    for (uri, matches) in plan.skill_matches() {
        let Some(number) = segment.skills.get(uri) else { continue };
        for found in matches {
            let points = |importance| points::skill(plan.skill_weight(), asked[found.skill].weight, found.worth(importance));
            let by_tag = [points(Importance::Essential), points(Importance::Important), points(Importance::Optional), 0];
            let most = by_tag.into_iter().max().unwrap_or(0);
            criteria[found.skill].add(&segment.lists, *number, most, Worth::ByTag(Table::new(by_tag)));
        }
    }
    criteria
}

fn occupations<'s>(segment: &'s Segment, plan: &Plan) -> Criterion<'s> {
    let mut criterion = Criterion::new();
    for asked in &plan.query().criteria.occupations {
        if let Some(number) = segment.occupations.get(&asked.uri) {
            let points = points::occupation(asked.factor);
            criterion.add(&segment.lists, *number, points, Worth::ByTag(Table::new([points; 4])));
        }
    }
    criterion
}

fn words<'s>(segment: &'s Segment, plan: &Plan) -> impl Iterator<Item = Criterion<'s>> {
    plan.query().criteria.text.iter().filter_map(|asked| {
        let number = *segment.terms.get(asked.term.as_str())?;
        let points = |impact| points::text(plan.text_weight(), asked.weight, impact);
        let by_impact = std::array::from_fn(|impact| points(u8::try_from(impact).unwrap_or(u8::MAX)));
        let most = points(segment.most_impact[number as usize]);
        let mut criterion = Criterion::new();
        criterion.add(&segment.term_lists, number, most, Worth::ByImpact(&segment.impacts, Box::new(Table::new(by_impact))));
        Some(criterion)
    })
}
