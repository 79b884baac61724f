//! Answering about people: the index proposes, one transaction re-checks and writes the ledger, and only then is there an answer.

use std::sync::Arc;
use std::time::Instant;

use polder_consent::ViewId;
use polder_index::Found;
use polder_model::answer::{Disclosed as Under, MissingReason, People, PersonHit};
use polder_model::offer;
use polder_model::query::{Query, SURPLUS};
use polder_model::rank::{self, Plan, Ranked};
use polder_model::{Kind, OfferKey, Timestamp};
use polder_store::people::{Disclosed, Disclosing, Person, Refused};
use polder_trust::register::{Member, Standing};
use serde_json::value::RawValue;

use super::activity;
use crate::answer::{AnswerRefused, Released, own_failure, time_of};
use crate::clock_guard::SteadyClock;
use crate::node::Node;
use crate::peers::{PeerFailure, Received};
use crate::traces::{self, Outcome, Part};

/// Why nothing leaves for a partner that a restored node waits for.
pub(super) const NOT_OPEN: &str = "this node was restored from a backup, and has not heard yet what the asker holds";

/// Why a restored node asks a partner nothing about people.
pub(super) const ASKS_NOT: &str =
    "this node was restored from a backup, and has not heard yet what this partner ended: it uses nothing of its people";

impl Node {
    /// Whether anything about people may leave this node now: its clock was not set, and its register can be relied on.
    pub(crate) fn may_disclose(&self) -> Result<SteadyClock, AnswerRefused> {
        let steady = self.look_at_clock()?;
        if self.register().standing(self.now()) == Standing::NoDisclosure {
            return Err(AnswerRefused::NoDisclosure(
                "this node's register cannot be relied on: its freshness, members or root are out of date, or contradicted",
            ));
        }
        if self.log_is_cosigned(self.now()).is_err() {
            return Err(AnswerRefused::NoDisclosure("too few partners have cosigned this node's log for three days"));
        }
        Ok(steady)
    }

    /// The same, of whatever may leave to this partner.
    pub(crate) async fn may_disclose_to(&self, asker: &Member) -> Result<SteadyClock, AnswerRefused> {
        let steady = self.may_disclose()?;
        if self.is_overdue(&asker.partner).await? {
            return Err(AnswerRefused::NoDisclosure(
                "the asker has let tombstones lie for too long; it is answered again once it has acknowledged them",
            ));
        }
        Ok(steady)
    }

    /// Answers a question about people: those whom the asker may see for this purpose, as they stand when consent is re-checked, each with a row of the
    /// ledger that is on disk when this returns.
    ///
    /// # Errors
    /// [`AnswerRefused`]; nothing about anyone leaves then.
    pub async fn answer_about_people(&self, asker: &Member, query: &Arc<Query>) -> Result<Released<People>, AnswerRefused> {
        let until = Instant::now() + time_of(query);
        self.admit(asker, query)?;
        let Some(about) = query.about.clone().filter(|_| query.kind.is_personal()) else { return Err(AnswerRefused::PurposeNotAllowed) };
        if !self.policy().uses(query.purpose) {
            return Err(AnswerRefused::PurposeNotAllowed);
        }
        let steady = self.may_disclose_to(asker).await?;
        // Whatever a withdrawal does not stop in the transaction below, it waits for.
        let on_its_way = self.flights().begin(self.store().is_shared());
        let plan = Arc::new(Plan::new(Arc::clone(query)));
        let (began_at, found) = self.propose(asker, query, &plan, until).await?;
        let candidates = found.hits.iter().filter_map(|hit| Some((hit.key.as_str().parse::<ViewId>().ok()?, hit.version))).collect();
        let disclosing = Disclosing {
            recipient: asker.partner.clone(),
            purpose: query.purpose,
            about,
            activity: activity(query.purpose),
            candidates,
            wanted: usize::from(query.limit),
            more: found.more,
            budget: self.policy().budget,
            chain: traces::chain(),
            foreign: asker.partner != self.home().partner,
            began: began_at,
            now: self.now(),
        };
        let disclosed = match self.store().disclose(disclosing).await? {
            Ok(disclosed) => disclosed,
            Err(Refused::BudgetSpent) => return Err(AnswerRefused::BudgetSpent),
            Err(Refused::NotOpen) => return Err(AnswerRefused::NoDisclosure(NOT_OPEN)),
        };
        if !on_its_way.carries(disclosed.people().iter().map(|person| person.worker)) {
            return Err(AnswerRefused::OutOfTime);
        }
        let people = self.in_order(&plan, query, &disclosed).ok_or(AnswerRefused::Unreadable)?;
        let answer = People { query_id: query.id.clone(), partner: self.home().partner.clone(), began_at, more: disclosed.more(), people };
        Ok(Released::personal(disclosed, steady, on_its_way, answer))
    }

    /// What the index proposes: more than is wanted, so that whoever may be seen no more is made up for.
    async fn propose(&self, asker: &Member, query: &Query, plan: &Arc<Plan>, until: Instant) -> Result<(Timestamp, Found), AnswerRefused> {
        let place = self.searches().place(&asker.partner, until).await.ok_or(AnswerRefused::OutOfTime)?;
        let (began_at, span) = (self.now(), self.traces().part(Part::Search));
        self.store().catch_up().await?;
        let (snapshot, plan, most) = (self.index().snapshot(), Arc::clone(plan), usize::from(query.limit + SURPLUS));
        let found = place.run(move || snapshot.search_while(&plan, most, &|| Instant::now() < until)).await;
        span.ended(if found.is_some() { Outcome::done("searched") } else { Outcome::failure("slow") });
        Ok((began_at, found.ok_or(AnswerRefused::OutOfTime)?))
    }

    /// The people in the order of their scores. Ties are settled by the handle, which is another one for each asker.
    fn in_order(&self, plan: &Plan, query: &Query, disclosed: &Disclosed) -> Option<Vec<PersonHit>> {
        let mut ordered = Vec::with_capacity(disclosed.people().len());
        for person in disclosed.people() {
            let hit = self.hit(plan, person)?;
            let ranked = Ranked::new(&query.tie_key, &self.home().partner, hit.handle.clone(), hit.version, hit.score);
            ordered.push((ranked, hit));
        }
        ordered.sort_by(|(one, _), (other, _)| one.cmp(other));
        Some(ordered.into_iter().map(|(_, hit)| hit).collect())
    }

    fn hit(&self, plan: &Plan, person: &Person) -> Option<PersonHit> {
        let features = offer::read_stored(Kind::SkillOffer, &person.document).ok()?;
        let scored = rank::score(plan, &self.home().partner, &features, person.modified_at)?;
        Some(PersonHit {
            handle: person.handle.to_string().parse::<OfferKey>().ok()?,
            version: person.version,
            modified_at: person.modified_at,
            score: scored.score,
            reasons: scored.reasons,
            document: RawValue::from_string(String::from_utf8(person.document.clone()).ok()?).ok()?,
            disclosure: Under {
                id: person.disclosure.to_string(),
                epoch: person.epoch.0,
                fields: person.fields.iter().map(|field| field.pointer().to_owned()).collect(),
                use_until: person.use_until,
            },
        })
    }

    /// Asks one partner about people; this node itself without a network.
    pub(crate) async fn people_of_partner(
        &self,
        to: &Arc<Member>,
        query: Arc<Query>,
        deadline: std::time::Duration,
    ) -> Result<Received<People>, PeerFailure> {
        if !self.openness_now().is_open_to(&to.partner) {
            return Err(PeerFailure::new(MissingReason::NoDisclosure, ASKS_NOT));
        }
        if to.partner != self.home().partner {
            return self.peers().people(Arc::clone(to), query, deadline).await;
        }
        if to.status != polder_trust::register::Status::Active {
            return Err(PeerFailure::new(MissingReason::NotAMember, "this partner does not take part"));
        }
        let released = self.answer_about_people(to, &query).await.map_err(|refused| own_failure(&refused))?;
        let (reply, _on_its_way) = released.into_parts();
        Ok(Received { reply, evidence: String::new() })
    }
}
