//! One question on its way: replies and deadlines.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures::future::BoxFuture;
use futures::stream::{FuturesUnordered, StreamExt};
use polder_consent::{DisclosureId, FscTransaction};
use polder_model::answer::{
    Answer, Answered, Documents, DocumentsRequest, HitLink, MOST_WANTED, Missing, MissingReason, People, QueryResult, ResultHit,
    StreamLine, Wanted,
};
use polder_model::query::Query;
use polder_model::rank::Plan;
use polder_model::{OfferKey, PartnerId};
use polder_trust::register::Member;
use tokio::sync::Semaphore;

use super::merge::{Merge, Verified};
use super::progress::Teller;
use super::verify;
use super::{AskRefused, MOST_ASKED};
use crate::node::Node;
use crate::peers::{PeerFailure, Received};
use crate::people::For;
use crate::traces::{Outcome, Part, Span, coarse, noting_transaction};

/// When answers have been in for this long while others are still awaited, the documents of the winners so far are fetched.
const QUIET: Duration = Duration::from_millis(15);
/// The share of the deadline after which an answer is too late; the rest is for documents.
const ANSWERS_SHARE: f64 = 0.75;
/// What is kept back of the deadline for merging and writing the reply.
const LANDING: Duration = Duration::from_millis(5);

/// What came back from one partner.
enum Reply {
    Answer(Result<Received<Answer>, PeerFailure>),
    Documents(Vec<Wanted>, Result<Received<Documents>, PeerFailure>),
    /// With the transaction of FSC in which they came, where they came through an Outway.
    People(Result<Received<People>, PeerFailure>, Option<FscTransaction>),
}

/// A reply, from whom it is, and the span of the call, which ends when the reply is taken in.
type Arrival = (Arc<Member>, Reply, Span);
type Replies<'n> = FuturesUnordered<BoxFuture<'n, Arrival>>;

/// One question on its way.
pub(super) struct Flight<'n> {
    pub(super) node: &'n Node,
    pub(super) query: Arc<Query>,
    pub(super) plan: Plan,
    began: Instant,
    progress: Option<Teller>,
    pub(super) merge: Merge<'n>,
    members: HashMap<PartnerId, Arc<Member>>,
    arrived: HashMap<PartnerId, u64>,
    missing: Vec<Missing>,
    awaited: usize,
    /// The transactions of FSC in which people came.
    pub(super) transactions: HashMap<PartnerId, FscTransaction>,
    /// People who are noted.
    pub(super) noted: HashSet<DisclosureId>,
    /// The span of all fetching of documents, once that has begun.
    documents: Option<Span>,
    /// One for each partner that may be asked at the same time.
    places: Arc<Semaphore>,
}

impl<'n> Flight<'n> {
    pub(super) fn new(node: &'n Node, query: &'n Arc<Query>, began: Instant, progress: Option<Teller>) -> Self {
        Self {
            node,
            query: Arc::clone(query),
            plan: Plan::new(Arc::clone(query)),
            began,
            progress,
            merge: Merge::new(query),
            members: HashMap::new(),
            arrived: HashMap::new(),
            missing: Vec::new(),
            awaited: 0,
            transactions: HashMap::new(),
            noted: HashSet::new(),
            documents: None,
            places: Arc::new(Semaphore::new(MOST_ASKED)),
        }
    }

    fn left(&self, until: Duration) -> Duration {
        until.saturating_sub(self.began.elapsed())
    }

    fn deadline(&self) -> Duration {
        Duration::from_millis(u64::from(self.query.deadline_ms)).saturating_sub(LANDING)
    }

    /// Asks everyone, and takes in what comes back until the list is settled or the deadline is there.
    pub(super) async fn fly(&mut self, asked: Vec<Arc<Member>>) {
        let (all, answers) = (self.deadline(), self.deadline().mul_f64(ANSWERS_SHARE));
        let mut replies: Replies<'n> = FuturesUnordered::new();
        for member in asked {
            self.members.insert(member.partner.clone(), Arc::clone(&member));
            self.awaited += 1;
            replies.push(self.send_query(member, self.left(answers)));
        }
        while !replies.is_empty() {
            let patience = if self.awaited > 0 { QUIET.min(self.left(all)) } else { self.left(all) };
            match tokio::time::timeout(patience, replies.next()).await {
                Ok(Some((member, reply, span))) => {
                    let outcome = self.take_in(&member, reply, &span);
                    span.ended(outcome);
                    if self.progress.is_some() && self.documents.is_none() {
                        // Who looks on sees something as soon as the first partner has something to show.
                        self.fetch(&mut replies, all);
                    }
                }
                Ok(None) => break,
                Err(_) if self.left(all).is_zero() => break,
                Err(_) => self.fetch(&mut replies, all),
            }
            if self.awaited == 0 {
                self.fetch(&mut replies, all);
            }
        }
        self.give_up_on_silent();
        if let Some(documents) = self.documents.take() {
            documents.ended(if replies.is_empty() { Outcome::done("fetched") } else { MissingReason::Slow.into() });
        }
    }

    fn send_query(&self, member: Arc<Member>, deadline: Duration) -> BoxFuture<'n, Arrival> {
        let (node, query, places, began) = (self.node, Arc::clone(&self.query), Arc::clone(&self.places), Instant::now());
        let span = node.traces().part(Part::AskPartner).slow_after(began + deadline);
        span.say("polder.partner", &member.partner);
        Box::pin(async move {
            let place = tokio::time::timeout(deadline, places.acquire()).await;
            let left = deadline.saturating_sub(began.elapsed());
            // Places that only the deadline frees come too late: who gets one then was not asked either.
            if !matches!(place, Ok(Ok(_))) || left.is_zero() {
                let failure = PeerFailure::new(MissingReason::NotAsked, "time was up before it was this partner's turn");
                return (member, Reply::Answer(Err(failure)), span);
            }
            let reply = if query.kind.is_personal() {
                let call = span.cover(within(left, node.people_of_partner(&member, query, left)));
                let (reply, transaction) = noting_transaction(call).await;
                Reply::People(reply, transaction)
            } else {
                Reply::Answer(span.cover(within(left, node.query_partner(&member, query, left))).await)
            };
            (member, reply, span)
        })
    }

    /// Fetches the documents that the list as it stands lacks, and shows what is there.
    fn fetch(&mut self, replies: &mut Replies<'n>, until: Duration) {
        let deadline = self.left(until);
        for (partner, all) in self.merge.wanted() {
            let Some(member) = self.members.get(&partner).cloned() else { continue };
            for wanted in all.chunks(MOST_WANTED) {
                replies.push(self.fetch_from(Arc::clone(&member), wanted.to_vec(), deadline));
            }
        }
    }

    fn fetch_from(&mut self, member: Arc<Member>, wanted: Vec<Wanted>, deadline: Duration) -> BoxFuture<'n, Arrival> {
        let request = Arc::new(DocumentsRequest { query: (*self.query).clone(), wanted: wanted.clone() });
        let node = self.node;
        let all = self.documents.get_or_insert_with(|| node.traces().part(Part::Documents));
        let span = node.traces().part_of(all, Part::FetchDocuments).slow_after(self.began + self.deadline());
        span.say("polder.partner", &member.partner);
        span.say("polder.documents", wanted.len());
        Box::pin(async move {
            let reply = span.cover(within(deadline, node.documents_of_partner(&member, request, deadline))).await;
            (member, Reply::Documents(wanted, reply), span)
        })
    }

    fn take_in(&mut self, member: &Arc<Member>, reply: Reply, span: &Span) -> Outcome {
        match reply {
            Reply::Answer(reply) => {
                self.awaited -= 1;
                self.take_in_answer(member, reply, span)
            }
            Reply::Documents(wanted, reply) => self.take_in_documents(member, &wanted, reply),
            Reply::People(reply, transaction) => {
                self.awaited -= 1;
                self.transactions.extend(transaction.map(|transaction| (member.partner.clone(), transaction)));
                self.take_in_people(member, reply, span)
            }
        }
    }

    fn take_in_answer(&mut self, member: &Arc<Member>, reply: Result<Received<Answer>, PeerFailure>, span: &Span) -> Outcome {
        let received = match reply {
            Ok(received) => received,
            Err(failure) => return self.fail(member, &failure),
        };
        let more = received.reply.more;
        match self.merge.answer(&member.partner, received.reply) {
            Ok(hits) => self.answered(member, hits, more, span),
            Err(what) => self.distrust(member, what, &received.evidence),
        }
    }

    pub(super) fn answered(&mut self, member: &Member, hits: usize, more: bool, span: &Span) -> Outcome {
        let ms = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.arrived.insert(member.partner.clone(), ms);
        let answered = Answered { partner: member.partner.clone(), name: member.name.clone(), ms, hits, more };
        self.tell(StreamLine::Answered(answered));
        span.say("polder.hits", coarse(hits));
        Outcome::done("answered")
    }

    fn take_in_documents(&mut self, member: &Arc<Member>, wanted: &[Wanted], reply: Result<Received<Documents>, PeerFailure>) -> Outcome {
        if !self.merge.has(&member.partner) {
            return Outcome::done("not-needed");
        }
        let received = match reply {
            Ok(received) => received,
            Err(failure) => return self.fail(member, &failure),
        };
        let exact = verify::are_those_wanted(wanted, &received.reply);
        let Documents { query_id, partner, documents, gone } = received.reply;
        if query_id != self.query.id || partner != member.partner || !exact {
            return self.distrust(member, "the documents are not those that were asked", &received.evidence);
        }
        let mut elsewhere = Vec::new();
        for document in documents {
            let named = self.merge.named_score(&member.partner, &document.key, document.version);
            let verified = verify::document(&self.plan, &member.partner, named, &document);
            let host = match verified.map_err(|what| format!("offer {} version {}: {what}", document.key, document.version)) {
                Ok(host) => host,
                Err(what) => return self.distrust(member, &what, &received.evidence),
            };
            let link = host.map(|host| HitLink { of_partner: member.has_link_host(&host), host });
            if link.as_ref().is_some_and(|link| !link.of_partner) {
                elsewhere.push(document.key.clone());
            }
            self.merge.document(&member.partner, Verified { document, link, disclosure: None });
        }
        self.say_elsewhere(member, &elsewhere);
        let exact = self.merge.gone(&member.partner, &gone);
        if !exact {
            let failure = PeerFailure::new(MissingReason::Changing, "more offers changed than the surplus could replace");
            return self.fail(member, &failure);
        }
        if self.progress.is_some() {
            self.tell(StreamLine::Hits { hits: self.hits() });
        }
        Outcome::done("fetched")
    }

    /// Offers that send people to another host than the register names for their partner, where it names any: results mark them.
    fn say_elsewhere(&self, member: &Member, offers: &[OfferKey]) {
        if let Some(first) = offers.first().filter(|_| !member.link_hosts.is_empty()) {
            let (partner, query, count) = (&member.partner, &self.query.id, offers.len());
            tracing::warn!(%partner, %query, %first, count, "offers lead to hosts that the register does not name for their partner");
        }
    }

    /// A partner whose reply does not hold leaves the result; the log keeps the evidence.
    pub(super) fn distrust(&mut self, member: &Arc<Member>, what: &str, evidence: &str) -> Outcome {
        tracing::warn!(partner = %member.partner, query = %self.query.id, what, evidence, "untrustworthy answer dropped");
        self.leave(member, MissingReason::Untrustworthy)
    }

    pub(super) fn fail(&mut self, member: &Arc<Member>, failure: &PeerFailure) -> Outcome {
        if failure.reason == MissingReason::Untrustworthy {
            return self.distrust(member, &failure.detail, &failure.evidence);
        }
        tracing::info!(partner = %member.partner, query = %self.query.id, reason = failure.reason.as_str(), detail = failure.detail, "partner is missing");
        self.leave(member, failure.reason)
    }

    fn leave(&mut self, member: &Arc<Member>, reason: MissingReason) -> Outcome {
        self.merge.drop_partner(&member.partner);
        self.arrived.remove(&member.partner);
        self.missing(Missing { partner: member.partner.clone(), name: member.name.clone(), reason });
        reason.into()
    }

    /// Names a partner as missing.
    pub(super) fn missing(&mut self, missing: Missing) {
        self.missing.push(missing.clone());
        self.tell(StreamLine::Missing(missing));
    }

    /// Whoever has neither answered nor been named as missing when time is up was slow; so is whoever owes a shown document.
    fn give_up_on_silent(&mut self) {
        let silent: Vec<Arc<Member>> = self.members.values().filter(|member| !self.accounted(&member.partner)).cloned().collect();
        let late = |reason| PeerFailure::new(reason, "not everything came before the deadline");
        for member in silent {
            self.fail(&member, &late(MissingReason::Slow));
        }
        for (partner, reason) in self.merge.close() {
            if let Some(member) = self.members.get(&partner).cloned() {
                self.fail(&member, &late(reason));
            }
        }
    }

    fn accounted(&self, partner: &PartnerId) -> bool {
        self.arrived.contains_key(partner) || self.missing.iter().any(|missing| missing.partner == *partner)
    }

    fn tell(&self, line: StreamLine) {
        if let Some(progress) = &self.progress {
            progress.tell(line);
        }
    }

    fn hits(&self) -> Vec<ResultHit> {
        let shown = self.merge.shown().into_iter();
        let hit = |(ranked, Verified { document, link, disclosure }): super::merge::Shown<'_>| ResultHit {
            link: link.clone(),
            disclosure: disclosure.clone(),
            partner: ranked.partner.clone(),
            partner_name: self.members.get(&ranked.partner).map(|member| member.name.clone()).unwrap_or_default(),
            key: document.key.clone(),
            version: document.version,
            modified_at: document.modified_at,
            score: document.score,
            reasons: document.reasons.clone(),
            document: document.document.clone(),
        };
        shown.map(hit).collect()
    }

    /// Closes the result.
    ///
    /// # Errors
    /// Where people cannot be noted: nobody gets them then.
    pub(super) async fn land(mut self, whom: &For) -> Result<QueryResult, AskRefused> {
        if self.query.kind.is_personal() {
            self.note_people(whom).await?;
        }
        Ok(self.landed())
    }

    fn landed(mut self) -> QueryResult {
        self.missing.sort_by(|a, b| a.partner.cmp(&b.partner));
        let mut answered: Vec<Answered> = Vec::new();
        for (partner, &ms) in &self.arrived {
            let name = self.members.get(partner).map(|member| member.name.clone()).unwrap_or_default();
            let (hits, more) = self.merge.named(partner);
            answered.push(Answered { partner: partner.clone(), name, ms, hits, more });
        }
        answered.sort_by(|a, b| a.ms.cmp(&b.ms).then_with(|| a.partner.cmp(&b.partner)));
        QueryResult {
            query: (*self.query).clone(),
            hits: self.hits(),
            answered,
            complete: self.missing.is_empty(),
            missing: self.missing.clone(),
            more: self.merge.more(),
            replaced: self.merge.replaced(),
            ms: u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX),
            notes: Vec::new(),
        }
    }
}

/// A call that is slow when its deadline passes.
async fn within<T>(deadline: Duration, call: impl Future<Output = Result<T, PeerFailure>>) -> Result<T, PeerFailure> {
    match tokio::time::timeout(deadline, call).await {
        Ok(reply) => reply,
        Err(_) => Err(PeerFailure::new(MissingReason::Slow, "no reply before the deadline")),
    }
}
