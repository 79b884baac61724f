//! What a query asks of content: for each criterion the posting lists that give points for it.

use polder_model::code::Importance;
use polder_model::rank::{Plan, SkillMatch, points};

use super::sums::units;
use crate::postings::Lists;
use crate::segment::Segment;

/// A skill, the occupations, or a word. Of several lists that an offer stands in, the one with the most points counts.
pub(super) struct Criterion<'s> {
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
    pub worth: Worth<'s>,
}

/// What a posting is worth, in units of [`super::sums`].
pub(super) enum Worth<'s> {
    ByTag([u16; 4]),
    ByImpact(&'s [u8], Box<[u16; 256]>),
}

/// Points of a skill by the place of the importance.
pub(super) fn skill_points(plan: &Plan, found: &SkillMatch) -> [u32; 3] {
    let weight = plan.query().criteria.skills[found.skill].weight;
    [Importance::Essential, Importance::Important, Importance::Optional]
        .map(|importance| points::skill(plan.skill_weight(), weight, found.worth(importance)))
}

/// The criteria, first those with few postings for their points.
pub(super) fn criteria<'s>(segment: &'s Segment, plan: &Plan) -> Vec<Criterion<'s>> {
    let mut criteria = skills(segment, plan);
    criteria.push(occupations(segment, plan));
    criteria.extend(words(segment, plan));
    criteria.retain(|criterion| criterion.most > 0);
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
            self.lists.push(List { lists, number, worth });
        }
    }
}

fn skills<'s>(segment: &'s Segment, plan: &Plan) -> Vec<Criterion<'s>> {
    let mut criteria: Vec<Criterion<'s>> = plan.query().criteria.skills.iter().map(|_| Criterion::new()).collect();
    for (uri, matches) in plan.skill_matches() {
        let Some(number) = segment.skills.get(uri) else { continue };
        for found in matches {
            let [essential, important, optional] = skill_points(plan, found);
            let worth = Worth::ByTag([essential, important, optional, 0].map(units));
            criteria[found.skill].add(&segment.lists, *number, essential.max(important).max(optional), worth);
        }
    }
    criteria
}

fn occupations<'s>(segment: &'s Segment, plan: &Plan) -> Criterion<'s> {
    let mut criterion = Criterion::new();
    for asked in &plan.query().criteria.occupations {
        if let Some(number) = segment.occupations.get(&asked.uri) {
            let points = points::occupation(asked.factor);
            criterion.add(&segment.lists, *number, points, Worth::ByTag([units(points); 4]));
        }
    }
    criterion
}

fn words<'s>(segment: &'s Segment, plan: &Plan) -> impl Iterator<Item = Criterion<'s>> {
    plan.query().criteria.text.iter().filter_map(|asked| {
        let number = *segment.terms.get(asked.term.as_str())?;
        let worth = std::array::from_fn(|impact| {
            let impact = u8::try_from(impact).unwrap_or(u8::MAX);
            units(points::text(plan.text_weight(), asked.weight, impact))
        });
        let most = points::text(plan.text_weight(), asked.weight, segment.most_impact[number as usize]);
        let mut criterion = Criterion::new();
        criterion.add(&segment.term_lists, number, most, Worth::ByImpact(&segment.impacts, Box::new(worth)));
        Some(criterion)
    })
}
