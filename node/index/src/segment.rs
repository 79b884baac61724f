//! Some offers of one kind, never changed once made.

use std::collections::HashMap;

use polder_model::CodeUri;
use polder_model::code::{Cefr, Language};
use polder_model::features::{Audience, Opening};

use crate::codes::Codes;
use crate::postings::Lists;
use crate::row::Row;

/// Whom an offer is for, and what languages it needs: values that many offers share.
pub(crate) type Class = (Audience, Box<[(Language, Cefr)]>);

/// Some offers: first those with one place, in the order of postcodes; then those that can be done from anywhere, those with several
/// openings, and those without a place.
#[derive(Debug, Default)]
pub(crate) struct Segment {
    pub rows: Vec<Row>,
    /// The day of the last change of each offer, counted from 1970 and clamped to the range of `u16`.
    pub days: Vec<u16>,
    pub versions: Vec<u64>,
    pub keys: Keys,
    /// Offers in the order of their keys.
    pub by_key: Vec<u32>,
    /// For each postcode of the placed offers, the first of them; last, how many placed offers there are.
    pub places: Vec<(u16, u32)>,
    /// Where the placed offers end, the remote ones, and those with several openings.
    pub groups: [u32; 3],
    /// Openings of the offers that have more than one, in the order of the offers.
    pub many: Vec<(u32, Box<[Opening]>)>,
    pub classes: Vec<Class>,
    /// Numbers of skills and, from the same range, of occupations.
    pub skills: HashMap<CodeUri, u32>,
    pub occupations: HashMap<CodeUri, u32>,
    /// By number; tags of skills are the place of the importance: essential, important, optional.
    pub lists: Lists,
    pub codes: Codes,
    /// Numbers of stems.
    pub terms: HashMap<Box<str>, u32>,
    pub term_lists: Lists,
    /// For each posting of a stem its impact.
    pub impacts: Vec<u8>,
    /// For each stem the highest impact.
    pub most_impact: Vec<u8>,
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

    /// About how many bytes it takes.
    pub(crate) fn bytes(&self) -> usize {
        let columns = size_of_val(&*self.rows) + size_of_val(&*self.days) + size_of_val(&*self.versions) + size_of_val(&*self.by_key);
        let openings: usize = self.many.iter().map(|(_, openings)| size_of_val(&**openings)).sum();
        let places = size_of_val(&*self.places) + size_of_val(&*self.many) + openings + size_of_val(&*self.classes);
        let keys = self.keys.text.len() + size_of_val(&*self.keys.ends);
        let uris = self.skills.keys().chain(self.occupations.keys());
        let codes: usize = uris.map(|uri| uri.as_str().len() + size_of::<(CodeUri, u32)>()).sum();
        let terms: usize = self.terms.keys().map(|stem| stem.len() + size_of::<(Box<str>, u32)>()).sum();
        let postings = self.lists.bytes() + self.codes.bytes() + self.term_lists.bytes() + self.impacts.len() + self.most_impact.len();
        columns + places + keys + codes + terms + postings
    }

    /// How many offers have exactly one place.
    pub(crate) fn placed(&self) -> u32 {
        self.groups[0]
    }

    /// The openings of an offer that has more than one.
    pub(crate) fn many_openings(&self, offer: u32) -> &[Opening] {
        self.many.binary_search_by_key(&offer, |(offer, _)| *offer).map_or(&[], |at| &self.many[at].1)
    }
}
