//! Making a segment, out of new offers or out of other segments.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;

use foldhash::fast::RandomState;
use polder_model::code::Importance;
use polder_model::features::{Features, Opening};
use polder_model::{CodeUri, Timestamp};

use crate::columns::Keys;
use crate::entry::IndexEntry;
use crate::row::{Row, Stated, only_place};
use crate::segment::{Class, Segment};
use crate::snapshot::View;

/// A segment in the making. Offers have provisional numbers until it is finished.
#[derive(Debug, Default)]
pub(crate) struct Builder {
    offers: Vec<Offer>,
    many: HashMap<u32, Box<[Opening]>>,
    classes: Vec<Class>,
    class_numbers: HashMap<Class, u32>,
    skills: Named<CodeUri>,
    occupations: Named<CodeUri>,
    terms: Named<Box<str>>,
}

/// Offers, each with a tag or an impact.
type Postings = Vec<(u32, u8)>;

/// Postings by name.
#[derive(Debug)]
struct Named<K> {
    numbers: HashMap<K, usize, RandomState>,
    postings: Vec<Postings>,
}

impl<K> Default for Named<K> {
    fn default() -> Self {
        Self { numbers: HashMap::default(), postings: Vec::new() }
    }
}

impl<K: Eq + Hash> Named<K> {
    fn of<Q: Eq + Hash + ?Sized>(&mut self, name: &Q, owned: impl FnOnce() -> K) -> &mut Postings
    where
        K: Borrow<Q>,
    {
        let number = match self.numbers.get(name) {
            Some(known) => *known,
            None => {
                self.numbers.insert(owned(), self.postings.len());
                self.postings.push(Postings::new());
                self.postings.len() - 1
            }
        };
        &mut self.postings[number]
    }

    /// Those that are not empty.
    fn into_lists(mut self) -> impl Iterator<Item = (K, Postings)> {
        let lists = self.numbers.into_iter().map(move |(name, number)| (name, std::mem::take(&mut self.postings[number])));
        lists.filter(|(_, postings)| !postings.is_empty())
    }
}

#[derive(Debug)]
struct Offer {
    key: Box<str>,
    version: u64,
    modified: Timestamp,
    group: Group,
    stated: Stated,
    row: Row,
}

/// Sorts offers as a segment has them: taken in so, they need no other numbers.
pub(crate) fn sort(entries: &mut [&IndexEntry]) {
    entries.sort_by_key(|entry| Group::of(&entry.features));
}

/// Where an offer stands among the others, see [`Segment`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Group {
    Placed(u16),
    Remote,
    Many,
    Nowhere,
}

impl Group {
    fn of(features: &Features) -> Self {
        match only_place(features) {
            Some(place) => Self::Placed(place),
            None if features.openings.len() > 1 => Self::Many,
            None if features.openings.iter().any(|only| only.remote) => Self::Remote,
            None => Self::Nowhere,
        }
    }
}

/// A number of offers or postings. A segment holds fewer than 2³².
fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

const fn tag_of(importance: Importance) -> u8 {
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
        let languages = features.languages.clone().into_boxed_slice();
        let class = self.class(&Class { audience: features.audience.clone(), languages, licences: features.licences });
        let (stated, row) = (Stated::new(features, entry.modified), Row::new(features, entry.modified, class));
        let group = Group::of(features);
        self.offers.push(Offer { key: entry.key.as_str().into(), version: entry.version, modified: entry.modified, group, stated, row });
        if group == Group::Many {
            self.many.insert(offer, features.openings.clone().into_boxed_slice());
        }
        for (uri, importance) in &features.skills {
            self.skills.of(uri, || uri.clone()).push((offer, tag_of(*importance)));
        }
        for uri in &features.occupations {
            self.occupations.of(uri, || uri.clone()).push((offer, 0));
        }
        for (stem, impact) in features.terms.iter() {
            self.terms.of(stem, || stem.into()).push((offer, impact));
        }
    }

    /// Takes in what is not deleted of a segment.
    pub(crate) fn add_view(&mut self, view: &View) {
        let segment = &*view.segment;
        let classes: Vec<u32> = segment.classes.iter().map(|class| self.class(class)).collect();
        let mut renumbered = vec![None; segment.len()];
        let mut run = 0;
        for (old, (stated, row)) in (0_u32..).zip(segment.stated.iter().zip(&segment.rows)) {
            while segment.places.get(run + 1).is_some_and(|next| next.1 <= old) {
                run += 1;
            }
            if view.is_deleted(old) {
                continue;
            }
            let new = count(self.offers.len());
            renumbered[old as usize] = Some(new);
            let group = match old {
                placed if placed < segment.placed() => Group::Placed(segment.places[run].0),
                remote if segment.is_remote(remote) => Group::Remote,
                many if segment.has_many_openings(many) => Group::Many,
                _ => Group::Nowhere,
            };
            let mut row = *row;
            row.set_class(classes[row.class() as usize]);
            let (version, modified) = (segment.versions.get(old), segment.modified(old));
            self.offers.push(Offer { key: segment.keys.get(old).into(), version, modified, group, stated: *stated, row });
            if group == Group::Many {
                self.many.insert(new, segment.many_openings(old).into());
            }
        }
        let new = |old: u32| renumbered[old as usize];
        let lists = segment.skills.iter().map(|list| (list, true)).chain(segment.occupations.iter().map(|list| (list, false)));
        for ((uri, number), is_skill) in lists {
            let into = if is_skill { &mut self.skills } else { &mut self.occupations }.of(uri, || uri.clone());
            into.reserve(segment.lists.count(*number));
            into.extend(segment.lists.iter(*number).filter_map(|(old, tag, _)| Some((new(old)?, tag))));
        }
        for (stem, number) in &segment.terms {
            let postings = segment.term_lists.iter(*number);
            let into = self.terms.of(stem, || stem.clone());
            into.reserve(segment.term_lists.count(*number));
            into.extend(postings.filter_map(|(old, _, at)| Some((new(old)?, segment.impacts[at]))));
        }
    }

    /// The segment.
    pub(crate) fn finish(self) -> Segment {
        let mut order: Vec<u32> = (0..count(self.offers.len())).collect();
        order.sort_by_key(|offer| self.offers[*offer as usize].group);
        let mut numbers = vec![0_u32; order.len()];
        for (new, old) in (0_u32..).zip(&order) {
            numbers[*old as usize] = new;
        }
        let new = |old: u32| numbers[old as usize];

        let mut segment = Segment { classes: self.classes, ..Segment::default() };
        let mut keys = Keys::default();
        for (number, old) in (0_u32..).zip(&order) {
            let offer = &self.offers[*old as usize];
            if let Group::Placed(place) = offer.group
                && segment.places.last().is_none_or(|run| run.0 != place)
            {
                segment.places.push((place, number));
            }
            keys.push(&offer.key);
            segment.stated.push(offer.stated);
            segment.rows.push(offer.row);
            segment.push_modified(offer.modified);
            segment.versions.push(offer.version);
        }
        let end = |last| count(order.partition_point(|old| self.offers[*old as usize].group <= last));
        segment.groups = [Group::Placed(u16::MAX), Group::Remote, Group::Many].map(end);
        segment.places.push((u16::MAX, segment.placed()));
        segment.by_key = (0..count(order.len())).collect();
        let key_of = |number: u32| &*self.offers[order[number as usize] as usize].key;
        segment.by_key.sort_unstable_by(|a, b| key_of(*a).cmp(key_of(*b)));
        segment.keys = keys;
        segment.many = self.many.into_iter().map(|(old, openings)| (new(old), openings)).collect();
        segment.many.sort_unstable_by_key(|(offer, _)| *offer);
        add_codes(&mut segment, self.skills, self.occupations, new);
        add_terms(&mut segment, self.terms, new);
        segment
    }
}

/// Postings by new numbers, ascending.
fn renumbered(mut postings: Postings, new: impl Fn(u32) -> u32) -> Postings {
    postings.iter_mut().for_each(|posting| posting.0 = new(posting.0));
    // Those of merged segments are a few ascending runs, which a stable sort merges.
    postings.sort();
    postings
}

fn add_codes(segment: &mut Segment, skills: Named<CodeUri>, occupations: Named<CodeUri>, new: impl Fn(u32) -> u32 + Copy) {
    let skills = skills.into_lists().map(|list| (list, true));
    let lists = skills.chain(occupations.into_lists().map(|list| (list, false)));
    for (number, ((uri, postings), is_skill)) in (0..).zip(lists) {
        if is_skill { &mut segment.skills } else { &mut segment.occupations }.insert(uri, number);
        segment.lists.push(renumbered(postings, new));
    }
    segment.lists.shrink();
}

fn add_terms(segment: &mut Segment, terms: Named<Box<str>>, new: impl Fn(u32) -> u32 + Copy) {
    for (number, (stem, postings)) in (0..).zip(terms.into_lists()) {
        let postings = renumbered(postings, new);
        segment.most_impact.push(postings.iter().map(|(_, impact)| *impact).max().unwrap_or(0));
        segment.impacts.extend(postings.iter().map(|(_, impact)| *impact));
        segment.term_lists.push(postings.iter().map(|(offer, _)| (*offer, 0)));
        segment.terms.insert(stem, number);
    }
    segment.term_lists.shrink();
    segment.impacts.shrink_to_fit();
}
