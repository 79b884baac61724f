//! The merge: which hits are shown, which documents are still wanted, who drops out. No I/O, no clock.
//!
//! A partner takes part with what its answer named. It leaves, with all its hits, as soon as anything it sent does not hold, or when
//! the result is closed while a document of a hit in the shown list is still missing. So what is shown is exact for those who answered.

use std::collections::{HashMap, HashSet};

use polder_model::answer::{Answer, Disclosed, HitLink, MissingReason, OfferDocument, PersonHit, Wanted};
use polder_model::fault::{Fault, planted};
use polder_model::query::{Query, SURPLUS};
use polder_model::rank::Ranked;
use polder_model::{OfferKey, PartnerId};

/// The replies to one query, as they come in.
pub(crate) struct Merge<'q> {
    query: &'q Query,
    limit: usize,
    contributions: HashMap<PartnerId, Contribution>,
}

/// What one partner contributes.
struct Contribution {
    hits: Vec<Ranked>,
    more: bool,
    named: usize,
    documents: HashMap<OfferKey, Verified>,
    asked: HashSet<OfferKey>,
    /// How many of its hits changed since it named them.
    replaced: u32,
}

/// A document that is what its partner said it is, and where it sends people.
pub(crate) struct Verified {
    pub(crate) document: OfferDocument,
    pub(crate) link: Option<HitLink>,
    /// Of a person: under what it was given.
    pub(crate) disclosure: Option<Disclosed>,
}

impl Verified {
    /// A person, under their handle.
    pub(crate) fn of_person(person: PersonHit) -> Self {
        let PersonHit { handle, version, modified_at, score, reasons, document, disclosure } = person;
        let document = OfferDocument { key: handle, version, modified_at, score, reasons, document };
        Self { document, link: None, disclosure: Some(disclosure) }
    }
}

/// A hit that is shown, with its verified document.
pub(crate) type Shown<'m> = (&'m Ranked, &'m Verified);

impl<'q> Merge<'q> {
    pub(crate) fn new(query: &'q Query) -> Self {
        Self { query, limit: usize::from(query.limit), contributions: HashMap::new() }
    }

    /// Takes a partner's answer in. An answer that breaks the rules of its form is an error that says which.
    pub(crate) fn answer(&mut self, partner: &PartnerId, answer: Answer) -> Result<usize, &'static str> {
        if answer.query_id != self.query.id || answer.partner != *partner {
            return Err("the answer is to another query or of another partner");
        }
        if answer.hits.len() > self.limit + usize::from(SURPLUS) {
            return Err("the answer names more hits than were asked");
        }
        let ranked = |hit: polder_model::answer::Hit| Ranked::new(&self.query.tie_key, partner, hit.key, hit.version, hit.score);
        let hits: Vec<Ranked> = answer.hits.into_iter().map(ranked).collect();
        let mut keys = HashSet::with_capacity(hits.len());
        if !hits.is_sorted_by(|a, b| a < b) || !hits.iter().all(|hit| keys.insert(&hit.key)) {
            return Err("the hits are not in order, or one stands twice");
        }
        if answer.more && hits.len() < self.limit {
            return Err("the answer holds hits back");
        }
        let named = hits.len();
        let contribution = Contribution { hits, more: answer.more, named, documents: HashMap::new(), asked: HashSet::new(), replaced: 0 };
        self.contributions.insert(partner.clone(), contribution);
        Ok(named)
    }

    /// Whether this partner takes part.
    pub(crate) fn has(&self, partner: &PartnerId) -> bool {
        self.contributions.contains_key(partner)
    }

    /// Removes a partner with all its hits.
    pub(crate) fn drop_partner(&mut self, partner: &PartnerId) {
        self.contributions.remove(partner);
    }

    /// The best hits over all who take part.
    fn top(&self) -> Vec<&Ranked> {
        let mut all: Vec<&Ranked> = self.contributions.values().flat_map(|one| &one.hits).collect();
        all.sort_unstable();
        if planted(Fault::PartnerDropped) {
            let first = all.first().map(|hit| hit.partner.clone());
            all.retain(|hit| Some(&hit.partner) != first.as_ref());
        }
        if planted(Fault::HitTwice)
            && let Some(first) = all.first().copied()
        {
            all.insert(1, first);
        }
        all.truncate(self.limit);
        all
    }

    /// The documents that the list as it stands still lacks and that have not been asked for, by partner; marks them as asked.
    pub(crate) fn wanted(&mut self) -> Vec<(PartnerId, Vec<Wanted>)> {
        let mut by_partner: HashMap<PartnerId, Vec<Wanted>> = HashMap::new();
        for hit in self.top() {
            let known = self.contributions.get(&hit.partner);
            if known.is_some_and(|one| !one.documents.contains_key(&hit.key) && !one.asked.contains(&hit.key)) {
                let wanted = Wanted { key: hit.key.clone(), version: hit.version };
                by_partner.entry(hit.partner.clone()).or_default().push(wanted);
            }
        }
        for (partner, wanted) in &by_partner {
            if let Some(one) = self.contributions.get_mut(partner) {
                one.asked.extend(wanted.iter().map(|wanted| wanted.key.clone()));
            }
        }
        by_partner.into_iter().collect()
    }

    /// The score that a partner named for an offer in that version.
    pub(crate) fn named_score(&self, partner: &PartnerId, key: &OfferKey, version: u64) -> Option<u32> {
        let hits = &self.contributions.get(partner)?.hits;
        hits.iter().find(|hit| hit.key == *key && hit.version == version).map(|hit| hit.score)
    }

    /// Takes a verified document in.
    pub(crate) fn document(&mut self, partner: &PartnerId, verified: Verified) {
        if let Some(one) = self.contributions.get_mut(partner) {
            one.documents.insert(verified.document.key.clone(), verified);
        }
    }

    /// Removes offers that changed since they were named. False when so many changed that the partner's list is no longer exact.
    pub(crate) fn gone(&mut self, partner: &PartnerId, gone: &[OfferKey]) -> bool {
        let Some(one) = self.contributions.get_mut(partner) else { return true };
        let before = one.hits.len();
        if !planted(Fault::SurplusForgotten) {
            one.hits.retain(|hit| !gone.contains(&hit.key));
        }
        one.replaced += u32::try_from(before - one.hits.len()).unwrap_or(u32::MAX);
        !one.more || one.hits.len() >= self.limit
    }

    /// Drops everyone of whom a shown document is still missing, and says who.
    pub(crate) fn close(&mut self) -> Vec<(PartnerId, MissingReason)> {
        let mut dropped = Vec::new();
        loop {
            let lacking = self.top().into_iter().find(|hit| self.document_of(hit).is_none()).map(|hit| hit.partner.clone());
            let Some(partner) = lacking else { return dropped };
            self.drop_partner(&partner);
            dropped.push((partner, MissingReason::Slow));
        }
    }

    fn document_of(&self, hit: &Ranked) -> Option<&Verified> {
        self.contributions.get(&hit.partner)?.documents.get(&hit.key)
    }

    /// The list as it stands, as far as it has its documents.
    pub(crate) fn shown(&self) -> Vec<Shown<'_>> {
        self.top().into_iter().filter_map(|hit| Some((hit, self.document_of(hit)?))).collect()
    }

    /// Whether those who take part hold more hits than the limit.
    pub(crate) fn more(&self) -> bool {
        let hits: usize = self.contributions.values().map(|one| one.hits.len()).sum();
        hits > self.limit || self.contributions.values().any(|one| one.more)
    }

    /// How many hits a partner's answer named, and whether it has more.
    pub(crate) fn named(&self, partner: &PartnerId) -> (usize, bool) {
        self.contributions.get(partner).map_or((0, false), |one| (one.named, one.more))
    }

    /// How many offers of those who take part changed between the phases.
    pub(crate) fn replaced(&self) -> u32 {
        self.contributions.values().map(|one| one.replaced).sum()
    }
}
