//! What a query asks of content: for each criterion the posting lists that give points for it.

use std::cmp::Reverse;

use polder_model::code::Importance;
use polder_model::rank::{Plan, points};

use crate::segment::Segment;

/// A skill, the occupations, or a word. Of several lists that an offer stands in, the one with the most points counts.
pub(super) struct Criterion<'s> {
    /// The most points first.
    pub lists: Vec<List<'s>>,
    /// How many postings they have together.
    pub postings: usize,
}

/// A posting list, and the most points that it gives.
pub(super) struct List<'s> {
    pub points: u32,
    pub postings: Postings<'s>,
}

/// The offers of a list.
#[derive(Clone, Copy)]
pub(super) enum Postings<'s> {
    /// Each gets the same points.
    Same(&'s [u32]),
    /// A word of the query, by its place there.
    Word(usize),
}

/// A word of the query and where it stands.
pub(super) struct Word<'s> {
    pub offers: &'s [u32],
    pub impacts: &'s [u8],
    /// Points by impact, up to the highest in the list.
    pub points: Vec<u32>,
}

/// The words of the query.
pub(super) fn words<'s>(segment: &'s Segment, plan: &Plan) -> Vec<Word<'s>> {
    let asked = plan.query().criteria.text.iter();
    asked
        .filter_map(|asked| {
            let term = segment.terms.get(asked.term.as_str())?;
            let (offers, impacts) = segment.term(term);
            let points = (0..=term.most).map(|impact| points::text(plan.text_weight(), asked.weight, impact)).collect();
            Some(Word { offers, impacts, points })
        })
        .collect()
}

/// The criteria, first those with few postings for their points.
pub(super) fn criteria<'s>(segment: &'s Segment, plan: &Plan, words: &[Word<'s>]) -> Vec<Criterion<'s>> {
    let mut criteria = skills(segment, plan);
    criteria.push(occupations(segment, plan));
    let length = |list: &List<'_>| match list.postings {
        Postings::Same(offers) => offers.len(),
        Postings::Word(place) => words[place].offers.len(),
    };
    let word_lists = words.iter().enumerate().map(|(place, word)| {
        let points = word.points.last().copied().unwrap_or(0);
        vec![List { points, postings: Postings::Word(place) }]
    });
    criteria.extend(word_lists);
    criteria.iter_mut().for_each(|lists| lists.retain(|list| list.points > 0 && length(list) > 0));
    criteria.retain(|lists| !lists.is_empty());
    let criterion = |mut lists: Vec<List<'s>>| {
        lists.sort_by_key(|list| Reverse(list.points));
        Criterion { postings: lists.iter().map(length).sum(), lists }
    };
    let mut criteria: Vec<Criterion<'s>> = criteria.into_iter().map(criterion).collect();
    criteria.sort_by_key(|criterion| criterion.postings as u64 * 1_000 / u64::from(criterion.most()));
    criteria
}

impl Criterion<'_> {
    /// The most points for it, more than 0.
    pub(super) fn most(&self) -> u32 {
        self.lists.first().map_or(1, |list| list.points)
    }
}

fn skills<'s>(segment: &'s Segment, plan: &Plan) -> Vec<Vec<List<'s>>> {
    let asked = &plan.query().criteria.skills;
    let mut criteria: Vec<Vec<List<'s>>> = asked.iter().map(|_| Vec::new()).collect();
    for (uri, matches) in plan.skill_matches() {
        let Some(number) = segment.skills.get(uri) else { continue };
        for found in matches {
            for (importance, list) in Importance::ALL.iter().zip(&segment.lists[*number as usize]) {
                let points = points::skill(plan.skill_weight(), asked[found.skill].weight, found.worth(*importance));
                criteria[found.skill].push(List { points, postings: Postings::Same(segment.list(list)) });
            }
        }
    }
    criteria
}

fn occupations<'s>(segment: &'s Segment, plan: &Plan) -> Vec<List<'s>> {
    let asked = plan.query().criteria.occupations.iter();
    asked
        .filter_map(|asked| {
            let number = segment.occupations.get(&asked.uri)?;
            let offers = segment.list(&segment.lists[*number as usize][0]);
            Some(List { points: points::occupation(asked.factor), postings: Postings::Same(offers) })
        })
        .collect()
}
