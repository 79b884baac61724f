//! Some offers of one kind, never changed once made.

use std::collections::HashMap;
use std::ops::Range;

use polder_model::CodeUri;
use polder_model::code::{Cefr, Language};
use polder_model::features::{Audience, Opening};

use crate::row::Row;

/// A list of offers, as a range of the segment's postings.
pub(crate) type List = Range<u32>;

/// What languages an offer needs.
pub(crate) type LanguageSet = Box<[(Language, Cefr)]>;

/// Some offers. Those with one place come first, in the order of postcodes; the others follow.
#[derive(Debug, Default)]
pub(crate) struct Segment {
    pub rows: Vec<Row>,
    pub keys: Keys,
    /// Offers in the order of their keys.
    pub by_key: Vec<u32>,
    /// For each postcode of the placed offers, the first of them; last, how many placed offers there are.
    pub runs: Vec<(u16, u32)>,
    /// Openings of the offers that have more than one, in the order of the offers.
    pub many: Vec<(u32, Box<[Opening]>)>,
    pub language_sets: Vec<LanguageSet>,
    pub audiences: Vec<Audience>,
    /// For each skill, its lists by importance: essential, important, optional.
    pub skills: HashMap<CodeUri, [List; 3]>,
    pub occupations: HashMap<CodeUri, List>,
    pub offers: Vec<u32>,
    pub terms: HashMap<Box<str>, List>,
    pub term_offers: Vec<(u32, u8)>,
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
        self.rows.len()
    }

    /// The offer with that key.
    pub(crate) fn find(&self, key: &str) -> Option<u32> {
        let at = self.by_key.binary_search_by(|offer| self.keys.get(*offer).cmp(key)).ok()?;
        Some(self.by_key[at])
    }

    /// How many offers have exactly one place.
    pub(crate) fn placed(&self) -> u32 {
        self.runs.last().map_or(0, |run| run.1)
    }

    pub(crate) fn list(&self, list: &List) -> &[u32] {
        &self.offers[list.start as usize..list.end as usize]
    }

    pub(crate) fn term(&self, stem: &str) -> &[(u32, u8)] {
        self.terms.get(stem).map_or(&[], |list| &self.term_offers[list.start as usize..list.end as usize])
    }

    /// The openings of an offer that has more than one.
    pub(crate) fn many_openings(&self, offer: u32) -> &[Opening] {
        self.many.binary_search_by_key(&offer, |(offer, _)| *offer).map_or(&[], |at| &self.many[at].1)
    }

    /// The placed offers in that postcode.
    pub(crate) fn run(&self, place: u16) -> Range<u32> {
        match self.runs.binary_search_by_key(&place, |run| run.0) {
            Ok(at) if at + 1 < self.runs.len() => self.runs[at].1..self.runs[at + 1].1,
            _ => 0..0,
        }
    }
}
