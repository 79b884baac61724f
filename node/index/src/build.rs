//! Making a segment, out of new offers or out of other segments.

use std::collections::HashMap;
use std::hash::Hash;

use polder_model::CodeUri;
use polder_model::code::Importance;
use polder_model::features::Opening;

use crate::entry::IndexEntry;
use crate::record::{self, Record};
use crate::row::{Row, only_place};
use crate::segment::{Class, Keys, List, Segment, Term};
use crate::snapshot::View;

/// A segment in the making. Offers have provisional numbers until it is finished.
#[derive(Debug, Default)]
pub(crate) struct Builder {
    offers: Vec<Offer>,
    many: HashMap<u32, Box<[Opening]>>,
    classes: Vec<Class>,
    class_numbers: HashMap<Class, u32>,
    skills: HashMap<CodeUri, [Vec<u32>; 3]>,
    occupations: HashMap<CodeUri, Vec<u32>>,
    terms: HashMap<Box<str>, Vec<(u32, u8)>>,
}

#[derive(Debug)]
struct Offer {
    key: Box<str>,
    version: u64,
    place: Option<u16>,
    row: Row,
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
        self.offers.len()
    }

    fn class(&mut self, class: &Class) -> u32 {
        if let Some(known) = self.class_numbers.get(class) {
            return *known;
        }
        let number = count(self.classes.len());
        self.classes.push(class.clone());
        self.class_numbers.insert(class.clone(), number);
        number
    }

    /// Takes a new offer in.
    pub(crate) fn add(&mut self, entry: &IndexEntry) {
        let (offer, features) = (count(self.offers.len()), &entry.features);
        let class = self.class(&(features.audience.clone(), features.languages.clone().into_boxed_slice()));
        let row = Row::new(features, entry.modified, class);
        self.offers.push(Offer { key: entry.key.as_str().into(), version: entry.version, place: only_place(features), row });
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
        let classes: Vec<u32> = segment.classes.iter().map(|class| self.class(class)).collect();
        let mut renumbered = vec![None; segment.len()];
        let mut run = 0;
        for (old, record) in (0_u32..).zip(&segment.records) {
            while segment.runs.get(run + 1).is_some_and(|next| next.1 <= old) {
                run += 1;
            }
            if view.is_deleted(old) {
                continue;
            }
            let new = count(self.offers.len());
            renumbered[old as usize] = Some(new);
            let place = (old < segment.placed()).then(|| segment.runs[run].0);
            let mut row = record.row;
            row.class = classes[row.class as usize];
            self.offers.push(Offer { key: segment.keys.get(old).into(), version: segment.versions[old as usize], place, row });
            if row.has_many_openings() {
                self.many.insert(new, segment.many_openings(old).into());
            }
        }
        let new = |old: &u32| renumbered[*old as usize];
        for (uri, number) in &segment.skills {
            let into = posting(&mut self.skills, uri);
            for (into, list) in into.iter_mut().zip(&segment.lists[*number as usize]) {
                into.extend(segment.list(list).iter().filter_map(new));
            }
        }
        for (uri, number) in &segment.occupations {
            posting(&mut self.occupations, uri).extend(segment.list(&segment.lists[*number as usize][0]).iter().filter_map(new));
        }
        for (stem, term) in &segment.terms {
            let (offers, impacts) = segment.term(term);
            let live = offers.iter().zip(impacts).filter_map(|(old, impact)| Some((new(old)?, *impact)));
            posting(&mut self.terms, stem).extend(live);
        }
    }

    /// The segment.
    pub(crate) fn finish(self) -> Segment {
        let mut order: Vec<u32> = (0..count(self.offers.len())).collect();
        let place = |offer: u32| self.offers[offer as usize].place.map_or((1, 0), |place| (0, place));
        order.sort_by_key(|offer| place(*offer));
        let mut numbers = vec![0_u32; order.len()];
        for (new, old) in (0_u32..).zip(&order) {
            numbers[*old as usize] = new;
        }
        let new = |old: u32| numbers[old as usize];

        let mut segment = Segment { classes: self.classes, ..Segment::default() };
        let mut keys = Keys::default();
        for (number, old) in (0_u32..).zip(&order) {
            let offer = &self.offers[*old as usize];
            if let Some(place) = offer.place
                && segment.runs.last().is_none_or(|run| run.0 != place)
            {
                segment.runs.push((place, number));
            }
            keys.push(&offer.key);
            segment.records.push(Record::new(offer.row));
            segment.days.push(offer.row.day());
            segment.versions.push(offer.version);
        }
        let placed = order.partition_point(|old| self.offers[*old as usize].place.is_some());
        segment.runs.push((u16::MAX, count(placed)));
        segment.by_key = (0..count(order.len())).collect();
        segment.by_key.sort_unstable_by(|a, b| keys.get(*a).cmp(keys.get(*b)));
        segment.keys = keys;
        segment.many = self.many.into_iter().map(|(old, openings)| (new(old), openings)).collect();
        segment.many.sort_unstable_by_key(|(offer, _)| *offer);
        add_codes(&mut segment, self.skills, self.occupations, new);
        add_terms(&mut segment, self.terms, new);
        segment
    }
}

fn posting<'m, K: Clone + Eq + Hash, V: Default>(lists: &'m mut HashMap<K, V>, name: &K) -> &'m mut V {
    if !lists.contains_key(name) {
        lists.insert(name.clone(), V::default());
    }
    lists.entry(name.clone()).or_default()
}

fn add_codes(
    segment: &mut Segment,
    skills: HashMap<CodeUri, [Vec<u32>; 3]>,
    occupations: HashMap<CodeUri, Vec<u32>>,
    new: impl Fn(u32) -> u32 + Copy,
) {
    let mut append = |list: Vec<u32>| -> List {
        let start = segment.offers.len();
        segment.offers.extend(list.into_iter().map(new));
        // Lists of merged segments are a few ascending runs, which a stable sort merges.
        segment.offers[start..].sort();
        count(start)..count(segment.offers.len())
    };
    for (uri, lists) in skills.into_iter().filter(|(_, lists)| lists.iter().any(|list| !list.is_empty())) {
        segment.skills.insert(uri, count(segment.lists.len()));
        segment.lists.push(lists.map(&mut append));
    }
    for (uri, list) in occupations.into_iter().filter(|(_, list)| !list.is_empty()) {
        segment.occupations.insert(uri, count(segment.lists.len()));
        segment.lists.push([list, Vec::new(), Vec::new()].map(&mut append));
    }
    segment.offers.shrink_to_fit();
    segment.more_codes = record::add_codes(&mut segment.records, &segment.lists, &segment.offers);
}

fn add_terms(segment: &mut Segment, terms: HashMap<Box<str>, Vec<(u32, u8)>>, new: impl Fn(u32) -> u32) {
    for (stem, mut postings) in terms.into_iter().filter(|(_, postings)| !postings.is_empty()) {
        postings.iter_mut().for_each(|posting| posting.0 = new(posting.0));
        postings.sort();
        let start = count(segment.term_offers.len());
        segment.term_offers.extend(postings.iter().map(|posting| posting.0));
        segment.impacts.extend(postings.iter().map(|posting| posting.1));
        let most = postings.iter().map(|posting| posting.1).max().unwrap_or(0);
        segment.terms.insert(stem, Term { list: start..count(segment.term_offers.len()), most });
    }
    segment.term_offers.shrink_to_fit();
    segment.impacts.shrink_to_fit();
}
