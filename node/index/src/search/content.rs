//! The points of one offer for skills, occupation and text.

use std::ops::Range;

use polder_model::rank::{Plan, points};

use super::criteria::skill_points;
use crate::postings::{CHUNK, chunk, place};
use crate::segment::Segment;

/// What the query asks of content, ready to be held against one offer after the other.
pub(super) struct Content<'s> {
    segment: &'s Segment,
    /// For each list of codes which of the matches it has, plus one; 0 where it is not asked.
    asked: Vec<u16>,
    matches: Vec<Vec<Match>>,
    /// The points of each criterion so far.
    best: Vec<u32>,
    words: Vec<Word>,
    text_weight: u64,
}

/// A criterion, and points for it by tag.
struct Match {
    criterion: usize,
    points: [u32; 4],
}

/// A word of the query.
struct Word {
    list: u32,
    weight: u8,
    /// The chunk that was last looked at, and the postings in it.
    cell: (u32, Range<usize>),
}

impl<'s> Content<'s> {
    pub(super) fn new(segment: &'s Segment, plan: &Plan) -> Self {
        let criteria = &plan.query().criteria;
        let words = criteria.text.iter().filter_map(|asked| {
            let list = *segment.terms.get(asked.term.as_str())?;
            Some(Word { list, weight: asked.weight, cell: (u32::MAX, 0..0) })
        });
        let (asked, best) = (vec![0; segment.lists.len()], vec![0; criteria.skills.len() + 1]);
        let mut content = Self { segment, asked, matches: Vec::new(), best, words: words.collect(), text_weight: plan.text_weight() };
        for (uri, matches) in plan.skill_matches() {
            let Some(number) = segment.skills.get(uri) else { continue };
            for found in matches {
                let [essential, important, optional] = skill_points(plan, found);
                content.ask(*number, Match { criterion: found.skill, points: [essential, important, optional, 0] });
            }
        }
        for asked in &criteria.occupations {
            if let Some(number) = segment.occupations.get(&asked.uri) {
                content.ask(*number, Match { criterion: criteria.skills.len(), points: [points::occupation(asked.factor); 4] });
            }
        }
        content
    }

    /// A query has at most 50 skills with 40 related ones each, and 50 occupations: the numbers of the matches fit.
    fn ask(&mut self, list: u32, found: Match) {
        let asked = &mut self.asked[list as usize];
        if *asked == 0 {
            self.matches.push(Vec::new());
            *asked = u16::try_from(self.matches.len()).unwrap_or(0);
        }
        self.matches[usize::from(*asked) - 1].push(found);
    }

    /// The points of an offer.
    pub(super) fn points(&mut self, offer: u32) -> u32 {
        self.coded(offer) + self.text(offer)
    }

    fn coded(&mut self, offer: u32) -> u32 {
        if self.matches.is_empty() {
            return 0;
        }
        self.best.fill(0);
        let mut sum = 0;
        for code in self.segment.codes.of(offer) {
            let Some(asked) = usize::from(self.asked[code as usize / 4]).checked_sub(1) else { continue };
            for found in &self.matches[asked] {
                let (best, points) = (&mut self.best[found.criterion], found.points[code as usize % 4]);
                if points > *best {
                    sum += points - *best;
                    *best = points;
                }
            }
        }
        sum
    }

    fn text(&mut self, offer: u32) -> u32 {
        let (lists, impacts, chunk) = (&self.segment.term_lists, &self.segment.impacts, chunk(offer));
        let weight = self.text_weight;
        let points = |word: &mut Word| {
            if word.cell.0 != chunk {
                word.cell = (chunk, lists.cell(word.list, chunk));
            }
            let cell = word.cell.1.clone();
            let sought = (offer % CHUNK) as usize;
            let found = lists.postings(cell.clone()).binary_search_by_key(&sought, |posting| place(*posting));
            found.map_or(0, |at| points::text(weight, word.weight, impacts[cell.start + at]))
        };
        self.words.iter_mut().map(points).sum()
    }
}
