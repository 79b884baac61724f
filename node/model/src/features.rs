//! What ranking reads from an offer (`docs/ranking.md`, section 1).

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use crate::code::{Cefr, Importance, Language};
use crate::name::{CodeUri, Kind, PartnerId, Postcode4, Purpose};
use crate::time::Date;

/// The values of one offer's visible document that decide whether and where it stands in an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Features {
    /// The kind of offer.
    pub kind: Kind,
    /// Distinct skills with the highest importance that each has.
    pub skills: Vec<(CodeUri, Importance)>,
    /// Distinct occupations.
    pub occupations: Vec<CodeUri>,
    /// Stems of title and body with their impact (0–255).
    pub terms: Terms,
    /// Where and when; never empty.
    pub openings: Vec<Opening>,
    /// Hours a week, least and most.
    pub hours: Option<(u8, u8)>,
    /// NLQF × 10.
    pub level: Option<u8>,
    /// Set of [`crate::code::Contract`] bits; 0 where the offer says nothing.
    pub contracts: u32,
    /// Set of [`crate::code::Sector`] bits; 0 where the offer says nothing.
    pub sectors: u32,
    /// Languages that are needed.
    pub languages: Vec<(Language, Cefr)>,
    /// Set of [`crate::code::Licence`] bits that are needed.
    pub licences: u32,
    /// Whether the employer welcomes sharing the employee with other employers.
    pub sharing: bool,
    /// The last day on which the offer stands.
    pub closes: Option<Date>,
    /// Who may see it.
    pub audience: Audience,
}

/// Stems, each once and in their order, with a number. One behind the other: an offer has a hundred of them.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Terms {
    stems: String,
    /// Where each stem ends, and its impact.
    ends: Vec<(u32, u8)>,
}

impl Terms {
    /// Adds a stem that comes after all others.
    pub fn push(&mut self, stem: &str, impact: u8) {
        self.stems.push_str(stem);
        self.ends.push((u32::try_from(self.stems.len()).unwrap_or(u32::MAX), impact));
    }

    fn stem(&self, at: usize) -> &str {
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before].0);
        &self.stems[start as usize..self.ends[at].0 as usize]
    }

    /// The stems with their impacts.
    pub fn iter(&self) -> impl Iterator<Item = (&str, u8)> {
        self.ends.iter().enumerate().map(|(at, (_, impact))| (self.stem(at), *impact))
    }

    /// The impact of a stem that is there.
    #[must_use]
    pub fn impact(&self, stem: &str) -> Option<u8> {
        let mut places = 0..self.ends.len();
        while !places.is_empty() {
            let middle = places.start.midpoint(places.end);
            match self.stem(middle).cmp(stem) {
                Ordering::Equal => return Some(self.ends[middle].1),
                Ordering::Less => places.start = middle + 1,
                Ordering::Greater => places.end = middle,
            }
        }
        None
    }
}

impl<S: AsRef<str>> FromIterator<(S, u8)> for Terms {
    fn from_iter<I: IntoIterator<Item = (S, u8)>>(stems: I) -> Self {
        let mut terms = Self::default();
        stems.into_iter().for_each(|(stem, impact)| terms.push(stem.as_ref(), impact));
        terms
    }
}

/// One place and time at which an offer can be taken up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Opening {
    /// The place.
    pub place: Option<Postcode4>,
    /// Whether it is wholly remote.
    pub remote: bool,
    /// The first day.
    pub start: Option<Date>,
}

/// Under which terms an offer may be seen.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Audience {
    /// The partners who may see it; `None` for every partner.
    pub recipients: Option<Vec<PartnerId>>,
    /// The purposes for which it may be seen; `None` for every purpose that fits its kind.
    pub purposes: Option<Vec<Purpose>>,
    /// The last day on which it may be seen.
    pub until: Option<Date>,
}

impl Audience {
    /// Whether this asker may see an offer of `home` for this purpose on that day.
    #[must_use]
    pub fn admits(&self, asker: &PartnerId, home: &PartnerId, purpose: Purpose, today: Date) -> bool {
        // Of people, the partner who keeps their data sees what they let it see, like any other.
        let own = asker == home && !purpose.is_about_people();
        let named = self.recipients.as_ref().is_none_or(|list| list.contains(asker)) || own;
        let meant = self.purposes.as_ref().is_none_or(|list| list.contains(&purpose));
        named && meant && self.until.is_none_or(|until| until >= today)
    }
}

impl Features {
    /// Features of an offer that says nothing: one opening, no criteria. A start for building others.
    #[must_use]
    pub fn empty(kind: Kind) -> Self {
        Self {
            kind,
            skills: Vec::new(),
            occupations: Vec::new(),
            terms: Terms::default(),
            openings: vec![Opening::default()],
            hours: None,
            level: None,
            contracts: 0,
            sectors: 0,
            languages: Vec::new(),
            licences: 0,
            sharing: false,
            closes: None,
            audience: Audience::default(),
        }
    }
}
