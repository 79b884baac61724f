//! A query made ready for scoring many offers.

use std::collections::HashMap;
use std::sync::Arc;

use super::points;
use crate::code::{Importance, Relation};
use crate::name::{CodeUri, Postcode4};
use crate::query::{Query, Reach};
use crate::time::Date;

/// A query with what scoring looks up, computed once.
#[derive(Clone, Debug)]
pub struct Plan {
    query: Arc<Query>,
    today: Date,
    skills: HashMap<CodeUri, Vec<SkillMatch>>,
    skill_weight: u64,
    text_weight: u64,
    contracts: u32,
    sectors: u32,
    licences: Option<u32>,
}

/// An asked skill that some skill of an offer meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SkillMatch {
    /// The place of the asked skill in the query.
    pub skill: usize,
    /// 100 for the skill itself, less for a related one.
    pub factor: u8,
    /// How the offer's skill relates to the asked one.
    pub relation: Relation,
}

impl SkillMatch {
    /// What the match is worth, 0–10,000.
    #[must_use]
    pub fn worth(&self, importance: Importance) -> u64 {
        points::worth(self.factor, importance)
    }
}

impl Plan {
    /// Makes a query ready. Its bounds hold, see [`Query::findings`].
    #[must_use]
    pub fn new(query: Arc<Query>) -> Self {
        let criteria = &query.criteria;
        let mut skills: HashMap<CodeUri, Vec<SkillMatch>> = HashMap::new();
        for (skill, asked) in criteria.skills.iter().enumerate() {
            let exact = SkillMatch { skill, factor: 100, relation: Relation::Exact };
            skills.entry(asked.uri.clone()).or_default().push(exact);
            for related in &asked.related {
                let part = SkillMatch { skill, factor: related.factor, relation: related.relation };
                skills.entry(related.uri.clone()).or_default().push(part);
            }
        }
        Self {
            today: query.as_of.date(),
            skills,
            skill_weight: criteria.skills.iter().map(|skill| u64::from(skill.weight)).sum(),
            text_weight: criteria.text.iter().map(|term| u64::from(term.weight)).sum(),
            contracts: criteria.contracts.iter().fold(0, |set, code| set | code.bit()),
            sectors: criteria.sectors.iter().fold(0, |set, code| set | code.bit()),
            licences: criteria.licences.as_ref().map(|held| held.iter().fold(0, |set, code| set | code.bit())),
            query,
        }
    }

    /// The query.
    #[must_use]
    pub fn query(&self) -> &Query {
        &self.query
    }

    /// The day of `asOf`.
    #[must_use]
    pub fn today(&self) -> Date {
        self.today
    }

    /// Every skill URI that meets an asked skill, with what it meets.
    pub fn skill_matches(&self) -> impl Iterator<Item = (&CodeUri, &[SkillMatch])> {
        self.skills.iter().map(|(uri, matches)| (uri, matches.as_slice()))
    }

    /// The asked skills that this skill meets.
    #[must_use]
    pub fn matches(&self, uri: &CodeUri) -> &[SkillMatch] {
        self.skills.get(uri).map_or(&[], Vec::as_slice)
    }

    /// The sum of the weights of the asked skills.
    #[must_use]
    pub fn skill_weight(&self) -> u64 {
        self.skill_weight
    }

    /// The sum of the weights of the asked terms.
    #[must_use]
    pub fn text_weight(&self) -> u64 {
        self.text_weight
    }

    /// The asked contract forms as bits; 0 where none is asked.
    #[must_use]
    pub fn contracts(&self) -> u32 {
        self.contracts
    }

    /// The asked sectors as bits; 0 where none is asked.
    #[must_use]
    pub fn sectors(&self) -> u32 {
        self.sectors
    }

    /// The licences that are held as bits; `None` where licences are not looked at.
    #[must_use]
    pub fn licences(&self) -> Option<u32> {
        self.licences
    }

    /// The row of the travel table for a place.
    #[must_use]
    pub fn reach(&self, place: Postcode4) -> Option<&Reach> {
        let reach = &self.query.criteria.travel.as_ref()?.reach;
        reach.binary_search_by_key(&place, |row| row.0).ok().map(|index| &reach[index])
    }
}
