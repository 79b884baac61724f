//! The points of one offer for skills, occupation and text.

use polder_model::code::Importance;
use polder_model::rank::{Plan, points};

use super::criteria::Word;
use crate::segment::Segment;

/// What the query asks of content, ready to be held against one offer after the other.
pub(super) struct Content<'s> {
    segment: &'s Segment,
    /// What each code of a [`crate::record::Record`] is worth, see [`Match`]; 0 where it is not asked.
    asked: Vec<u32>,
    /// The matches of codes that meet several criteria.
    several: Vec<Vec<Match>>,
    /// The points of each criterion so far.
    best: Vec<u32>,
    words: Vec<Word<'s>>,
}

/// Points for a criterion in one number: the criterion times 2²⁰, plus the points.
type Match = u32;

/// Marks the place of a list of matches.
const SEVERAL: u32 = 1 << 31;
/// Points are fewer than this.
const POINTS: u32 = 1 << 20;

impl<'s> Content<'s> {
    pub(super) fn new(segment: &'s Segment, plan: &Plan, words: Vec<Word<'s>>) -> Self {
        let criteria = &plan.query().criteria;
        let mut content =
            Self { segment, asked: vec![0; segment.lists.len() * 4], several: Vec::new(), best: vec![0; criteria.skills.len() + 1], words };
        for (uri, matches) in plan.skill_matches() {
            let Some(number) = segment.skills.get(uri) else { continue };
            for found in matches {
                let weight = criteria.skills[found.skill].weight;
                for (place, importance) in (0..).zip([Importance::Essential, Importance::Important, Importance::Optional]) {
                    content.ask(number * 4 + place, found.skill, points::skill(plan.skill_weight(), weight, found.worth(importance)));
                }
            }
        }
        for asked in &criteria.occupations {
            if let Some(number) = segment.occupations.get(&asked.uri) {
                content.ask(number * 4, criteria.skills.len(), points::occupation(asked.factor));
            }
        }
        content
    }

    /// A query has at most 50 skills: criteria and points fit into a [`Match`].
    fn ask(&mut self, code: u32, criterion: usize, points: u32) {
        let found = u32::try_from(criterion).unwrap_or(0) * POINTS + points;
        let known = &mut self.asked[code as usize];
        if *known == 0 {
            *known = found;
        } else if *known & SEVERAL == 0 {
            self.several.push(vec![*known, found]);
            *known = SEVERAL | u32::try_from(self.several.len() - 1).unwrap_or(0);
        } else {
            self.several[(*known & !SEVERAL) as usize].push(found);
        }
    }

    pub(super) fn word(&self, place: usize) -> &Word<'s> {
        &self.words[place]
    }

    /// The points for skills and occupation.
    pub(super) fn coded(&mut self, offer: u32) -> u32 {
        self.best.fill(0);
        let (best, mut sum) = (&mut self.best, 0);
        let mut add = |found: Match| {
            let (best, points) = (&mut best[(found / POINTS) as usize], found % POINTS);
            if points > *best {
                sum += points - *best;
                *best = points;
            }
        };
        let record = &self.segment.records[offer as usize];
        for code in record.codes().chain(record.more(&self.segment.more_codes).iter().copied()) {
            match self.asked[code as usize] {
                0 => {}
                several if several & SEVERAL != 0 => self.several[(several & !SEVERAL) as usize].iter().for_each(|found| add(*found)),
                found => add(found),
            }
        }
        sum
    }

    /// The points for text.
    pub(super) fn text(&self, offer: u32) -> u32 {
        let points = |word: &Word<'s>| word.offers.binary_search(&offer).map_or(0, |at| word.points[usize::from(word.impacts[at])]);
        self.words.iter().map(points).sum()
    }
}
