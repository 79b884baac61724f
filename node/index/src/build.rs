//! Making a segment, out of new offers or out of other segments.

use std::collections::HashMap;
use std::hash::Hash;

use polder_model::CodeUri;
use polder_model::code::Importance;
use polder_model::features::{Audience, Opening};

use crate::entry::IndexEntry;
use crate::row::Row;
use crate::segment::{Keys, LanguageSet, List, Segment};
use crate::snapshot::View;

/// A segment in the making. Offers have provisional numbers until it is finished.
#[derive(Debug, Default)]
pub(crate) struct Builder {
    rows: Vec<(Box<str>, Row)>,
    many: HashMap<u32, Box<[Opening]>>,
    language_sets: Interned<LanguageSet>,
    audiences: Interned<Audience>,
    skills: HashMap<CodeUri, [Vec<u32>; 3]>,
    occupations: HashMap<CodeUri, Vec<u32>>,
    terms: HashMap<Box<str>, Vec<(u32, u8)>>,
}

/// Values that many offers share, each kept once.
#[derive(Debug)]
struct Interned<T> {
    list: Vec<T>,
    numbers: HashMap<T, u32>,
}

impl<T> Default for Interned<T> {
    fn default() -> Self {
        Self { list: Vec::new(), numbers: HashMap::new() }
    }
}

impl<T: Clone + Eq + Hash> Interned<T> {
    fn number(&mut self, value: &T) -> u32 {
        if let Some(known) = self.numbers.get(value) {
            return *known;
        }
        let number = count(self.list.len());
        self.list.push(value.clone());
        self.numbers.insert(value.clone(), number);
        number
    }
}

/// A number of offers or postings. A segment holds fewer than 2³².
fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

const fn place_of(importance: Importance) -> usize {
    match importance {
        Importance::Essential => 0,
        Importance::Important => 1,
        Importance::Optional => 2,
    }
}

impl Builder {
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Takes a new offer in.
    pub(crate) fn add(&mut self, entry: &IndexEntry) {
        let (offer, features) = (count(self.rows.len()), &entry.features);
        let languages = self.language_sets.number(&features.languages.clone().into_boxed_slice());
        let audience = self.audiences.number(&features.audience);
        let row = Row::new(features, entry.version, entry.modified, languages, audience);
        self.rows.push((entry.key.as_str().into(), row));
        if row.has_many_openings() {
            self.many.insert(offer, features.openings.clone().into_boxed_slice());
        }
        for (uri, importance) in &features.skills {
            posting(&mut self.skills, uri)[place_of(*importance)].push(offer);
        }
        for uri in &features.occupations {
            posting(&mut self.occupations, uri).push(offer);
        }
        for (stem, impact) in &features.terms {
            posting(&mut self.terms, stem).push((offer, *impact));
        }
    }

    /// Takes in what is not deleted of a segment.
    pub(crate) fn add_view(&mut self, view: &View) {
        let segment = &*view.segment;
        let mut renumbered = vec![None; segment.len()];
        for (old, row) in (0_u32..).zip(&segment.rows) {
            if view.is_deleted(old) {
                continue;
            }
            let new = count(self.rows.len());
            renumbered[old as usize] = Some(new);
            let languages = self.language_sets.number(&segment.language_sets[row.languages as usize]);
            let audience = self.audiences.number(&segment.audiences[row.audience as usize]);
            self.rows.push((segment.keys.get(old).into(), Row { languages, audience, ..*row }));
            if row.has_many_openings() {
                self.many.insert(new, segment.many_openings(old).into());
            }
        }
        let new = |old: u32| renumbered[old as usize];
        for (uri, lists) in &segment.skills {
            let into = posting(&mut self.skills, uri);
            for (into, list) in into.iter_mut().zip(lists) {
                into.extend(segment.list(list).iter().filter_map(|old| new(*old)));
            }
        }
        for (uri, list) in &segment.occupations {
            posting(&mut self.occupations, uri).extend(segment.list(list).iter().filter_map(|old| new(*old)));
        }
        for stem in segment.terms.keys() {
            let live = segment.term(stem).iter().filter_map(|(old, impact)| Some((new(*old)?, *impact)));
            posting(&mut self.terms, stem).extend(live);
        }
    }

    /// The segment.
    pub(crate) fn finish(self) -> Segment {
        let mut order: Vec<u32> = (0..count(self.rows.len())).collect();
        let place = |offer: u32| self.rows[offer as usize].1.run().map_or((1, 0), |place| (0, place));
        order.sort_unstable_by_key(|offer| (place(*offer), *offer));
        let mut numbers = vec![0_u32; order.len()];
        for (new, old) in (0_u32..).zip(&order) {
            numbers[*old as usize] = new;
        }
        let new = |old: u32| numbers[old as usize];

        let mut segment = Segment { language_sets: self.language_sets.list, audiences: self.audiences.list, ..Segment::default() };
        let mut keys = Keys::default();
        for old in &order {
            let (key, row) = &self.rows[*old as usize];
            if let Some(place) = row.run()
                && segment.runs.last().is_none_or(|run| run.0 != place)
            {
                segment.runs.push((place, count(segment.rows.len())));
            }
            keys.push(key);
            segment.rows.push(*row);
        }
        let placed = segment.rows.partition_point(|row| row.run().is_some());
        segment.runs.push((u16::MAX, count(placed)));
        segment.by_key = (0..count(segment.rows.len())).collect();
        segment.by_key.sort_unstable_by(|a, b| keys.get(*a).cmp(keys.get(*b)));
        segment.keys = keys;
        segment.many = self.many.into_iter().map(|(old, openings)| (new(old), openings)).collect();
        segment.many.sort_unstable_by_key(|(offer, _)| *offer);

        for (uri, lists) in self.skills {
            let lists = lists.map(|list| append(&mut segment.offers, list.into_iter().map(new)));
            segment.skills.insert(uri, lists);
        }
        for (uri, list) in self.occupations {
            let list = append(&mut segment.offers, list.into_iter().map(new));
            segment.occupations.insert(uri, list);
        }
        for (stem, list) in self.terms {
            let list = append(&mut segment.term_offers, list.into_iter().map(|(old, impact)| (new(old), impact)));
            segment.terms.insert(stem, list);
        }
        segment.offers.shrink_to_fit();
        segment.term_offers.shrink_to_fit();
        segment
    }
}

fn posting<'m, K: Clone + Eq + Hash, V: Default>(lists: &'m mut HashMap<K, V>, name: &K) -> &'m mut V {
    if !lists.contains_key(name) {
        lists.insert(name.clone(), V::default());
    }
    lists.entry(name.clone()).or_default()
}

/// Appends a list in the order of its offers.
fn append<T: Ord + Copy>(all: &mut Vec<T>, list: impl Iterator<Item = T>) -> List {
    let start = all.len();
    all.extend(list);
    all[start..].sort_unstable();
    count(start)..count(all.len())
}
