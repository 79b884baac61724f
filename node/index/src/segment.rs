//! Some offers of one kind, never changed once made.

use serde::{Deserialize, Serialize};
use std::collections::HashMap;

use polder_model::code::{Cefr, Language};
use polder_model::features::{Audience, Opening};
use polder_model::{CodeUri, Timestamp};

use crate::columns::{Keys, Small};
use crate::postings::Lists;
use crate::row::{Row, Stated};

const DAY_MICROS: i64 = 86_400_000_000;

/// Whom an offer is for, and which languages and licences it needs: values that many offers share.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct Class {
    pub audience: Audience,
    pub languages: Box<[(Language, Cefr)]>,
    /// Set of [`polder_model::code::Licence`] bits.
    pub licences: u32,
}

/// About how many bytes the tables of an index take, without the overhead of the allocator.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bytes {
    /// What filters and points read of each offer.
    pub columns: usize,
    /// Keys and versions.
    pub ids: usize,
    /// Skills and occupations with their postings.
    pub codes: usize,
    /// Stems with their postings.
    pub text: usize,
}

impl Bytes {
    /// All of them.
    #[must_use]
    pub fn total(&self) -> usize {
        self.columns + self.ids + self.codes + self.text
    }
}

/// Some offers: first those with one place, in the order of postcodes; then those that can be done from anywhere, those with several
/// openings, and those without a place.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Segment {
    pub stated: Vec<Stated>,
    pub rows: Vec<Row>,
    /// The day of the last change of each offer, counted from 1970 and clamped to the range of `u16`.
    pub days: Vec<u16>,
    /// The last change, in microseconds, of the offers whose day does not fit.
    pub late: HashMap<u32, i64>,
    pub versions: Small,
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
    /// Numbers of stems.
    pub terms: HashMap<Box<str>, u32>,
    pub term_lists: Lists,
    /// For each posting of a stem its impact.
    pub impacts: Vec<u8>,
    /// For each stem the highest impact.
    pub most_impact: Vec<u8>,
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
    pub(crate) fn bytes(&self) -> Bytes {
        let late = self.late.len() * size_of::<(u32, i64)>();
        let columns = late + size_of_val(&*self.stated) + size_of_val(&*self.rows) + size_of_val(&*self.days);
        let ids = self.keys.bytes() + self.versions.bytes() + size_of_val(&*self.by_key);
        let openings: usize = self.many.iter().map(|(_, openings)| size_of_val(&**openings)).sum();
        let places = size_of_val(&*self.places) + size_of_val(&*self.many) + openings + size_of_val(&*self.classes);
        let uris = self.skills.keys().chain(self.occupations.keys());
        let codes: usize = uris.map(|uri| uri.as_str().len() + size_of::<(CodeUri, u32)>()).sum();
        let terms: usize = self.terms.keys().map(|stem| stem.len() + size_of::<(Box<str>, u32)>()).sum();
        let text = terms + self.term_lists.bytes() + self.impacts.len() + self.most_impact.len();
        Bytes { columns: columns + places, ids, codes: codes + self.lists.bytes(), text }
    }

    /// How many offers have exactly one place.
    pub(crate) fn placed(&self) -> u32 {
        self.groups[0]
    }

    /// Whether an offer has more than one opening.
    pub(crate) fn has_many_openings(&self, offer: u32) -> bool {
        (self.groups[1]..self.groups[2]).contains(&offer)
    }

    /// Whether an offer that has one opening can be taken up from anywhere.
    pub(crate) fn is_remote(&self, offer: u32) -> bool {
        (self.groups[0]..self.groups[1]).contains(&offer)
    }

    /// When an offer last changed.
    pub(crate) fn modified(&self, offer: u32) -> Timestamp {
        let at = offer as usize;
        let (day, time) = (self.days[at], self.rows[at].time_of_day(self.stated[at]));
        let late = if day == u16::MAX { self.late.get(&offer).copied() } else { None };
        Timestamp::from_micros(late.unwrap_or(i64::from(day) * DAY_MICROS + time))
    }

    /// Appends an offer's last change.
    pub(crate) fn push_modified(&mut self, modified: Timestamp) {
        let day = modified.micros().div_euclid(DAY_MICROS);
        let short = u16::try_from(day).unwrap_or(u16::MAX);
        if short == u16::MAX {
            self.late.insert(u32::try_from(self.days.len()).unwrap_or(u32::MAX), modified.micros());
        }
        self.days.push(short);
    }

    /// The openings of an offer that has more than one.
    pub(crate) fn many_openings(&self, offer: u32) -> &[Opening] {
        self.many.binary_search_by_key(&offer, |(offer, _)| *offer).map_or(&[], |at| &self.many[at].1)
    }
}
