//! The collector: filters and remaining points from fast fields, and the best hits.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;

use polder_model::answer::Hit;
use polder_model::code::{Cefr, Language};
use polder_model::features::Audience;
use polder_model::rank::order::TieHasher;
use polder_model::rank::{Plan, filter, points};
use polder_model::{Date, PartnerId, Timestamp};
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::ColumnValues;
use tantivy::query::Weight;
use tantivy::{DocId, Result, Score, SegmentReader};

use super::build::{NO_DAY, NO_HOURS, REMOTE};
use crate::corpus::key;

const OUT_OF_REACH: u32 = u32::MAX;
const PLACES: usize = 10_001;

/// What the collector needs to know of the query.
pub struct Best {
    plan: Arc<Plan>,
    most: usize,
    ties: TieHasher,
    rest: u32,
    /// Points for travel by postcode.
    travel: Option<Arc<Vec<u32>>>,
    speaks: Arc<Vec<bool>>,
    admits: Arc<Vec<bool>>,
}

impl Best {
    pub fn new(plan: &Arc<Plan>, home: &PartnerId, most: usize, languages: &[Vec<(Language, Cefr)>], audiences: &[Audience]) -> Self {
        let (query, criteria) = (plan.query(), &plan.query().criteria);
        let travel = criteria.travel.as_ref().map(|travel| {
            let mut by_place = vec![OUT_OF_REACH; PLACES];
            for row in travel.reach.iter().filter(|row| row.distance(travel.measure) <= travel.limit) {
                by_place[usize::from(row.0.number())] = points::travel(travel.limit, row.distance(travel.measure));
            }
            by_place[REMOTE as usize] = points::travel(travel.limit, 0);
            Arc::new(by_place)
        });
        let part = |asked: bool, most: u64| if asked { most } else { 0 };
        let rest = part(travel.is_some(), points::TRAVEL) + part(criteria.hours.is_some(), points::HOURS) + points::FRESHNESS;
        let admits = audiences.iter().map(|audience| audience.admits(&query.asker, home, query.purpose, plan.today()));
        Self {
            plan: Arc::clone(plan),
            most,
            ties: TieHasher::new(&query.tie_key, home),
            rest: u32::try_from(rest).expect("few points"),
            travel,
            speaks: Arc::new(languages.iter().map(|set| filter::speaks(plan, set)).collect()),
            admits: Arc::new(admits.collect()),
        }
    }
}

impl Collector for Best {
    type Fruit = Vec<Hit>;
    type Child = Keeper;

    fn for_segment(&self, _: u32, segment: &SegmentReader) -> Result<Keeper> {
        let column = |name| segment.fast_fields().column_first_or_default::<u64>(name);
        Ok(Keeper {
            plan: Arc::clone(&self.plan),
            most: self.most,
            ties: self.ties,
            rest: self.rest,
            travel: self.travel.clone(),
            speaks: Arc::clone(&self.speaks),
            admits: Arc::clone(&self.admits),
            values: column("values")?,
            sets: column("sets")?,
            closes: column("closes")?,
            start: column("start")?,
            modified: column("modified")?,
            terms: column("terms")?,
            number: column("number")?,
            version: column("version")?,
            heap: BinaryHeap::with_capacity(self.most + 1),
            lowest: 0,
        })
    }

    fn requires_scoring(&self) -> bool {
        self.plan.query().criteria.asks_content()
    }

    fn merge_fruits(&self, mut fruits: Vec<Vec<Hit>>) -> Result<Vec<Hit>> {
        Ok(fruits.pop().unwrap_or_default())
    }

    fn collect_segment(&self, weight: &dyn Weight, ordinal: u32, reader: &SegmentReader) -> Result<Vec<Hit>> {
        let mut keeper = self.for_segment(ordinal, reader)?;
        if self.requires_scoring() {
            weight.for_each_pruning(0.0, reader, &mut |doc, score| {
                keeper.collect(doc, score);
                keeper.threshold()
            })?;
        } else {
            weight.for_each_no_score(reader, &mut |docs| keeper.collect_block(docs))?;
        }
        Ok(keeper.harvest())
    }
}

type Values = Arc<dyn ColumnValues<u64>>;

/// The best hits of a segment so far.
pub struct Keeper {
    plan: Arc<Plan>,
    most: usize,
    ties: TieHasher,
    rest: u32,
    travel: Option<Arc<Vec<u32>>>,
    speaks: Arc<Vec<bool>>,
    admits: Arc<Vec<bool>>,
    values: Values,
    sets: Values,
    closes: Values,
    start: Values,
    modified: Values,
    terms: Values,
    number: Values,
    version: Values,
    /// Worst first out: score, tie hash, number, document.
    heap: BinaryHeap<(Reverse<u32>, u64, u64, DocId)>,
    lowest: u32,
}

fn bits(value: u64, shift: u32, width: u32) -> u32 {
    (value >> shift & ((1 << width) - 1)) as u32
}

impl Keeper {
    /// Content must give more points than this to matter.
    fn threshold(&self) -> Score {
        self.lowest.saturating_sub(self.rest + 1) as Score
    }

    /// Points beside those for content; `None` where a filter does not pass.
    fn rest_of(&self, doc: DocId) -> Option<u32> {
        let values = self.values.get_val(doc);
        let travel = match &self.travel {
            Some(by_place) => Some(by_place[bits(values, 0, 16) as usize]).filter(|points| *points != OUT_OF_REACH)?,
            None => 0,
        };
        let hours = (bits(values, 16, 8) as u8, bits(values, 24, 8) as u8);
        let hours = (hours != NO_HOURS).then_some(hours);
        let level = Some(bits(values, 32, 8) as u8).filter(|level| *level != 0);
        let sets = self.sets.get_val(doc);
        let sets = (bits(sets, 0, 11), bits(sets, 11, 21), bits(sets, 32, 16));
        let modified = Timestamp::from_micros(self.modified.get_val(doc) as i64);
        if !filter::passes_columns(&self.plan, hours, level, sets, bits(values, 40, 1) == 1, modified) {
            return None;
        }
        let terms = self.terms.get_val(doc);
        if !self.speaks[bits(terms, 0, 16) as usize] || !self.admits[(terms >> 16) as usize] {
            return None;
        }
        let closes = self.closes.get_val(doc);
        if closes != NO_DAY && (closes as i64) < i64::from(self.plan.today().days()) {
            return None;
        }
        if let Some(asked) = self.plan.query().criteria.start {
            let start = Some(self.start.get_val(doc)).filter(|day| *day != NO_DAY).map(|day| Date::from_days(day as i32));
            if start.is_some_and(|day| asked.from.is_some_and(|from| day < from) || asked.until.is_some_and(|until| day > until)) {
                return None;
            }
        }
        let asked = self.plan.query().criteria.hours.zip(hours);
        let hours = asked.map_or(0, |(asked, stated)| points::hours(asked, points::overlap(asked, stated)));
        Some(travel + hours + points::freshness(points::days(self.plan.query().as_of, modified)))
    }
}

impl SegmentCollector for Keeper {
    type Fruit = Vec<Hit>;

    #[inline]
    fn collect(&mut self, doc: DocId, content: Score) {
        let Some(rest) = self.rest_of(doc) else { return };
        let score = content as u32 + rest;
        let full = self.heap.len() >= self.most;
        if full && score < self.lowest {
            return;
        }
        let number = self.number.get_val(doc);
        let candidate = (Reverse(score), self.ties.hash(&key(number)), number, doc);
        if full {
            if self.heap.peek().is_some_and(|worst| candidate > *worst) {
                return;
            }
            self.heap.pop();
        }
        self.heap.push(candidate);
        if self.heap.len() >= self.most {
            self.lowest = self.heap.peek().map_or(0, |worst| worst.0.0);
        }
    }

    fn harvest(self) -> Vec<Hit> {
        let best = self.heap.into_sorted_vec().into_iter();
        best.map(|(Reverse(score), _, number, doc)| Hit {
            key: key(number).parse().expect("a key"),
            version: self.version.get_val(doc),
            score,
        })
        .collect()
    }
}
