//! Answering: what this node tells about its own offers, to a peer or to itself.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use polder_model::answer::{Answer, Documents, DocumentsRequest, MOST_WANTED, OfferDocument};
use polder_model::fault::{Fault, planted};
use polder_model::offer;
use polder_model::query::{Query, RANKING, SURPLUS};
use polder_model::rank::{self, Plan};
use polder_model::{Finding, FindingCode};
use polder_store::people::Disclosed;
use polder_store::{StoreError, StoredOffer};
use polder_trust::register::{Member, Status};
use serde_json::value::RawValue;

use crate::clock_guard::{ClockWasSet, SteadyClock};
use crate::node::Node;
use crate::peers::{PeerFailure, Received};
use crate::people::OnItsWay;
use crate::traces::{Outcome, Part};

/// How far the asker's clock and ours may differ, in seconds.
pub(crate) const MOST_SKEW_SECONDS: u64 = 30;

/// Why a query is not answered.
#[derive(Debug, thiserror::Error)]
pub enum AnswerRefused {
    /// It is not of its form.
    #[error("the query has {} finding(s)", .0.len())]
    Invalid(Vec<Finding>),
    /// Its asker is not who sent it.
    #[error("the query names another asker than the partner who sent it")]
    AnotherAsker,
    /// Its ranking version is not known here.
    #[error("this node computes {RANKING} only")]
    RankingUnsupported,
    /// `asOf` is too far from our clock.
    #[error("asOf is more than {MOST_SKEW_SECONDS} s from this node's clock")]
    ClockSkew,
    /// It is about people, and our clock was set while we ran.
    #[error(transparent)]
    ClockWasSet(#[from] ClockWasSet),
    /// It asks us to ask further.
    #[error("hops is not 1")]
    HopLimit,
    /// The register does not allow the asker this purpose, or this node answers nothing for it.
    #[error("the register does not allow this partner this purpose, or this node does not use it")]
    PurposeNotAllowed,
    /// The asker is no active member.
    #[error("the asker is no active member")]
    NotAMember,
    /// It is about people, and nothing about people leaves this node at the moment.
    #[error("nothing about people leaves this node at the moment: {0}")]
    NoDisclosure(&'static str),
    /// It is about people, and the asker has learnt as much today as one partner may.
    #[error("the asker has learnt as much of this partner's people today as one partner may; what is left begins anew at midnight UTC")]
    BudgetSpent,
    /// A stored view cannot be read.
    #[error("a stored view cannot be read")]
    Unreadable,
    /// The time of the question was up before the answer was found.
    #[error("the time of the question is over")]
    OutOfTime,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// How long this node works on a query at most: 50 ms to 10 s.
pub(crate) fn time_of(query: &Query) -> Duration {
    Duration::from_millis(u64::from(query.deadline_ms.clamp(50, 10_000)))
}

/// What may leave this node as an answer: public offers, or an answer about people for which the ledger vouches.
///
/// The peer interface sends nothing else. The personal kind cannot be built without what the transaction gave that wrote the ledger.
#[derive(Debug)]
pub struct Released<T> {
    answer: T,
    on_its_way: Option<OnItsWay>,
}

impl<T> Released<T> {
    /// Releases an answer about people whom the transaction has checked, by a clock that nobody set. It is on its way from here on.
    #[must_use]
    pub fn personal(_checked: Disclosed, _by: SteadyClock, on_its_way: OnItsWay, answer: T) -> Self {
        Self { answer, on_its_way: Some(on_its_way) }
    }

    /// Releases an answer about public offers only.
    fn public(query: &Query, answer: T) -> Result<Self, AnswerRefused> {
        only_public(query)?;
        Ok(Self { answer, on_its_way: None })
    }

    /// The answer about public offers, on its way out.
    #[must_use]
    pub fn into_inner(self) -> T {
        self.answer
    }

    /// The answer, and of one about people what is to be held until its last byte is out.
    #[must_use]
    pub fn into_parts(self) -> (T, Option<OnItsWay>) {
        (self.answer, self.on_its_way)
    }
}

/// Refuses a question about people where answers in two phases are given.
fn only_public(query: &Query) -> Result<(), AnswerRefused> {
    if query.kind.is_personal() {
        return Err(AnswerRefused::NoDisclosure("people are asked for at another address, in one phase"));
    }
    Ok(())
}

impl Node {
    /// Answers a query: the best offers of this partner that the asker may see, without documents. What any replica of this node acknowledged
    /// before is in it.
    ///
    /// # Errors
    /// [`AnswerRefused`]; nothing about offers leaves then.
    pub async fn answer(&self, asker: &Member, query: &Arc<Query>) -> Result<Released<Answer>, AnswerRefused> {
        let until = Instant::now() + time_of(query);
        self.admit(asker, query)?;
        only_public(query)?;
        let place = self.searches().place(&asker.partner, until).await.ok_or(AnswerRefused::OutOfTime)?;
        let (began_at, span) = (self.now(), self.traces().part(Part::Search));
        self.store().catch_up().await?;
        let (snapshot, plan, most) = (self.index().snapshot(), Plan::new(Arc::clone(query)), usize::from(query.limit + SURPLUS));
        let found = place.run(move || snapshot.search_while(&plan, most, &|| Instant::now() < until)).await;
        span.ended(if found.is_some() { Outcome::done("searched") } else { Outcome::failure("slow") });
        let found = found.ok_or(AnswerRefused::OutOfTime)?;
        let answer =
            Answer { query_id: query.id.clone(), partner: self.home().partner.clone(), began_at, more: found.more, hits: found.hits };
        Released::public(query, answer)
    }

    /// Gives the documents of offers that an answer named, as far as they are still there in that version.
    ///
    /// # Errors
    /// [`AnswerRefused`]; no document leaves then.
    pub async fn documents(&self, asker: &Member, request: &DocumentsRequest) -> Result<Released<Documents>, AnswerRefused> {
        let query = &request.query;
        self.admit(asker, query)?;
        only_public(query)?;
        let distinct: HashSet<_> = request.wanted.iter().map(|wanted| &wanted.key).collect();
        if request.wanted.len() > MOST_WANTED || distinct.len() < request.wanted.len() {
            let finding = Finding::new("/wanted", FindingCode::OutOfBounds, format!("at most {MOST_WANTED} offers, each once"));
            return Err(AnswerRefused::Invalid(vec![finding]));
        }
        let plan = Plan::new(Arc::new(query.clone()));
        let keys: Vec<_> = request.wanted.iter().map(|wanted| wanted.key.clone()).collect();
        let stored = self.store().offers(query.kind, &keys).await?;
        let (mut documents, mut gone) = (Vec::new(), Vec::new());
        for wanted in &request.wanted {
            let found = stored.iter().find(|offer| offer.key == wanted.key && offer.version == wanted.version);
            match found.and_then(|offer| self.document(&plan, offer)) {
                Some(document) => documents.push(document),
                None => gone.push(wanted.key.clone()),
            }
        }
        Released::public(query, Documents { query_id: query.id.clone(), partner: self.home().partner.clone(), documents, gone })
    }

    /// One document with its score and reasons; `None` when it is no hit (any more).
    fn document(&self, plan: &Plan, stored: &StoredOffer) -> Option<OfferDocument> {
        let parsed = offer::parse(stored.kind, &stored.document).ok()?;
        let scored = rank::score(plan, &self.home().partner, &parsed.features(), stored.modified_at)?;
        let visible = parsed.visible_document(&stored.document);
        let shown = if planted(Fault::HiddenFieldsShown) { &stored.document[..] } else { visible.as_ref() };
        let text = String::from_utf8(shown.to_vec()).ok()?;
        Some(OfferDocument {
            key: stored.key.clone(),
            version: stored.version,
            modified_at: stored.modified_at,
            score: scored.score,
            reasons: scored.reasons,
            document: RawValue::from_string(text).ok()?,
        })
    }

    /// Whether this query of this asker is answered at all.
    pub(crate) fn admit(&self, asker: &Member, query: &Query) -> Result<(), AnswerRefused> {
        if query.asker != asker.partner {
            return Err(AnswerRefused::AnotherAsker);
        }
        if asker.status != Status::Active {
            return Err(AnswerRefused::NotAMember);
        }
        if query.hops != 1 {
            return Err(AnswerRefused::HopLimit);
        }
        if query.ranking != RANKING {
            return Err(AnswerRefused::RankingUnsupported);
        }
        let findings = query.findings();
        if !findings.is_empty() {
            return Err(AnswerRefused::Invalid(findings));
        }
        if query.kind.is_personal() {
            self.look_at_clock()?;
        }
        if query.as_of.distance_micros(self.now()) > MOST_SKEW_SECONDS * 1_000_000 {
            return Err(AnswerRefused::ClockSkew);
        }
        if !asker.purposes.contains(&query.purpose) {
            return Err(AnswerRefused::PurposeNotAllowed);
        }
        Ok(())
    }

    /// Asks one partner; this node itself without a network.
    pub(crate) async fn query_partner(
        &self,
        to: &Arc<Member>,
        query: Arc<Query>,
        deadline: Duration,
    ) -> Result<Received<Answer>, PeerFailure> {
        if to.partner != self.home().partner {
            return self.peers().query(Arc::clone(to), query, deadline).await;
        }
        let released = self.answer(to, &query).await.map_err(|refused| own_failure(&refused))?;
        Ok(Received { reply: released.into_inner(), evidence: String::new() })
    }

    /// Fetches documents from one partner; from this node itself without a network.
    pub(crate) async fn documents_of_partner(
        &self,
        to: &Arc<Member>,
        request: Arc<DocumentsRequest>,
        deadline: Duration,
    ) -> Result<Received<Documents>, PeerFailure> {
        if to.partner != self.home().partner {
            return self.peers().documents(Arc::clone(to), request, deadline).await;
        }
        let released = self.documents(to, &request).await.map_err(|refused| own_failure(&refused))?;
        Ok(Received { reply: released.into_inner(), evidence: String::new() })
    }
}

pub(crate) fn own_failure(refused: &AnswerRefused) -> PeerFailure {
    use polder_model::answer::MissingReason;
    use polder_model::problem::ProblemType;
    let reason = match refused {
        AnswerRefused::ClockSkew | AnswerRefused::ClockWasSet(_) => MissingReason::ClockSkew,
        AnswerRefused::RankingUnsupported => MissingReason::RankingUnsupported,
        AnswerRefused::NoDisclosure(_) => MissingReason::NoDisclosure,
        AnswerRefused::BudgetSpent => MissingReason::BudgetSpent,
        AnswerRefused::NotAMember => MissingReason::NotAMember,
        AnswerRefused::OutOfTime => MissingReason::Slow,
        AnswerRefused::Invalid(_)
        | AnswerRefused::AnotherAsker
        | AnswerRefused::HopLimit
        | AnswerRefused::PurposeNotAllowed
        | AnswerRefused::Unreadable
        | AnswerRefused::Store(_) => MissingReason::Refused,
    };
    let problem = matches!(refused, AnswerRefused::PurposeNotAllowed).then_some(ProblemType::PurposeNotAllowed);
    PeerFailure::new(reason, refused.to_string()).with_problem(problem)
}
