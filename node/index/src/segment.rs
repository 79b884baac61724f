//! Some offers of one kind, never changed once made.

use std::collections::HashMap;
use std::ops::Range;

use polder_model::CodeUri;
use polder_model::code::{Cefr, Language};
use polder_model::features::{Audience, Opening};

use crate::record::Record;

/// A list of offers, as a range of the segment's postings.
pub(crate) type List = Range<u32>;

/// Whom an offer is for, and what languages it needs: values that many offers share.
pub(crate) type Class = (Audience, Box<[(Language, Cefr)]>);

/// Some offers. Those with one place come first, in the order of postcodes; the others follow.
#[derive(Debug, Default)]
pub(crate) struct Segment {
    pub records: Vec<Record>,
    /// The day of the last change of each offer, counted from 1970 and clamped to the range of `u16`.
    pub days: Vec<u16>,
    pub versions: Vec<u64>,
    pub keys: Keys,
    /// Offers in the order of their keys.
    pub by_key: Vec<u32>,
    /// For each postcode of the placed offers, the first of them; last, how many placed offers there are.
    pub runs: Vec<(u16, u32)>,
    /// Openings of the offers that have more than one, in the order of the offers.
    pub many: Vec<(u32, Box<[Opening]>)>,
    pub classes: Vec<Class>,
    /// Numbers of skills and, from the same range, of occupations.
    pub skills: HashMap<CodeUri, u32>,
    pub occupations: HashMap<CodeUri, u32>,
    /// For each number its lists by importance: essential, important, optional. An occupation has one list.
    pub lists: Vec<[List; 3]>,
    pub offers: Vec<u32>,
    /// Codes that do not fit into a record, by offer.
    pub more_codes: Vec<Box<[u32]>>,
    pub terms: HashMap<Box<str>, Term>,
    pub term_offers: Vec<u32>,
    pub impacts: Vec<u8>,
}

/// Where a stem stands.
#[derive(Clone, Debug)]
pub(crate) struct Term {
    pub list: List,
    /// The highest impact in the list.
    pub most: u8,
}

/// Keys one behind the other.
#[derive(Debug, Default)]
pub(crate) struct Keys {
    text: String,
    ends: Vec<u32>,
}

impl Keys {
    pub(crate) fn push(&mut self, key: &str) {
        self.text.push_str(key);
        self.ends.push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
    }

    pub(crate) fn get(&self, offer: u32) -> &str {
        let offer = offer as usize;
        let start = if offer == 0 { 0 } else { self.ends[offer - 1] as usize };
        &self.text[start..self.ends[offer] as usize]
    }
}

impl Segment {
    pub(crate) fn len(&self) -> usize {
        self.records.len()
    }

    /// The offer with that key.
    pub(crate) fn find(&self, key: &str) -> Option<u32> {
        let at = self.by_key.binary_search_by(|offer| self.keys.get(*offer).cmp(key)).ok()?;
        Some(self.by_key[at])
    }

    /// About how many bytes it takes.
    pub(crate) fn bytes(&self) -> usize {
        let columns = size_of_val(&*self.records) + size_of_val(&*self.days) + size_of_val(&*self.versions) + size_of_val(&*self.by_key);
        let openings: usize = self.many.iter().map(|(_, openings)| size_of_val(&**openings)).sum();
        let places = size_of_val(&*self.runs) + size_of_val(&*self.many) + openings + size_of_val(&*self.classes);
        let keys = self.keys.text.len() + size_of_val(&*self.keys.ends);
        let codes: usize =
            self.skills.keys().chain(self.occupations.keys()).map(|uri| uri.as_str().len() + size_of::<(CodeUri, u32)>()).sum();
        let postings = size_of_val(&*self.lists)
            + size_of_val(&*self.offers)
            + self.more_codes.iter().map(|codes| size_of_val(&**codes)).sum::<usize>();
        let terms: usize = self.terms.keys().map(|stem| stem.len() + size_of::<(Box<str>, Term)>()).sum();
        columns + places + keys + codes + postings + terms + size_of_val(&*self.term_offers) + size_of_val(&*self.impacts)
    }

    /// How many offers have exactly one place.
    pub(crate) fn placed(&self) -> u32 {
        self.runs.last().map_or(0, |run| run.1)
    }

    pub(crate) fn list(&self, list: &List) -> &[u32] {
        &self.offers[list.start as usize..list.end as usize]
    }

    /// The offers of a term and the impact in each.
    pub(crate) fn term(&self, term: &Term) -> (&[u32], &[u8]) {
        let list = term.list.start as usize..term.list.end as usize;
        (&self.term_offers[list.clone()], &self.impacts[list])
    }

    /// The openings of an offer that has more than one.
    pub(crate) fn many_openings(&self, offer: u32) -> &[Opening] {
        self.many.binary_search_by_key(&offer, |(offer, _)| *offer).map_or(&[], |at| &self.many[at].1)
    }
}
