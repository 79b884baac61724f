//! The way of a node to the others, within one process.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, RwLock, Weak};
use std::time::Duration;

use futures::future::BoxFuture;
use polder_consent::holdings::{Holdings, HoldingsRequest};
use polder_consent::request::{ConsentRequest, ConsentStanding};
use polder_exchange::log::{LogPeers, WitnessRefused, WitnessReply};
use polder_exchange::people::{Delivered, Recollection, RecollectionAsked};
use polder_exchange::{AnswerRefused, Node, PeerFailure, Peers, Received};
use polder_model::PartnerId;
use polder_model::answer::{Answer, Documents, DocumentsRequest, MissingReason, People};
use polder_model::application::{Application, ApplicationStanding};
use polder_model::contact::{Contact, ContactRequest};
use polder_model::problem::ProblemType;
use polder_model::query::Query;
use polder_trust::log::Refused;
use polder_trust::register::Member;

pub(super) type Nodes = Arc<RwLock<HashMap<PartnerId, Weak<Node>>>>;

/// What happens at a peer just before it is asked for documents.
pub type BeforeDocuments = Arc<dyn Fn(PartnerId, Arc<DocumentsRequest>) -> BoxFuture<'static, ()> + Send + Sync>;

/// Peers within this process.
pub struct LocalPeers {
    pub(super) me: PartnerId,
    pub(super) nodes: Nodes,
    pub(super) before_documents: Arc<RwLock<Option<BeforeDocuments>>>,
    /// Whether others know of no offer for which somebody is asked.
    pub(super) of_before: Arc<AtomicBool>,
}

impl LocalPeers {
    fn node(&self, of: &PartnerId) -> Result<Arc<Node>, PeerFailure> {
        let node = self.nodes.read().ok().and_then(|nodes| nodes.get(of).and_then(Weak::upgrade));
        node.ok_or_else(|| PeerFailure::new(MissingReason::Unreachable, "no such node"))
    }

    fn as_member(&self, at: &Node) -> Result<Arc<Member>, PeerFailure> {
        let register = at.register();
        let found = register.members().iter().find(|member| member.partner == self.me).cloned();
        found.ok_or_else(|| PeerFailure::new(MissingReason::NotAMember, "not in the register"))
    }
}

fn refused(error: impl std::fmt::Display) -> PeerFailure {
    PeerFailure::new(MissingReason::Refused, error.to_string())
}

/// What the peer interface makes of a refusal.
fn answer_refused(error: &AnswerRefused) -> PeerFailure {
    let reason = match error {
        AnswerRefused::BudgetSpent => MissingReason::BudgetSpent,
        AnswerRefused::NoDisclosure(_) => MissingReason::NoDisclosure,
        _ => MissingReason::Refused,
    };
    let problem = matches!(error, AnswerRefused::PurposeNotAllowed).then_some(ProblemType::PurposeNotAllowed);
    PeerFailure::new(reason, error.to_string()).with_problem(problem)
}

fn over_the_wire<T: serde::Serialize, U: serde::de::DeserializeOwned>(value: &T) -> Result<U, PeerFailure> {
    let text = serde_json::to_string(value).map_err(refused)?;
    serde_json::from_str(&text).map_err(refused)
}

impl Peers for LocalPeers {
    fn query(&self, to: Arc<Member>, query: Arc<Query>, _deadline: Duration) -> BoxFuture<'_, Result<Received<Answer>, PeerFailure>> {
        Box::pin(async move {
            let node = self.node(&to.partner)?;
            let bytes = serde_json::to_vec(&*query).map_err(refused)?;
            let query = Query::parse(&bytes).map_err(|findings| refused(format!("{findings:?}")))?;
            let released = node.answer(&*self.as_member(&node)?, &Arc::new(query)).await.map_err(refused)?;
            Ok(Received { reply: over_the_wire(&released.into_inner())?, evidence: String::new() })
        })
    }

    fn documents(
        &self,
        to: Arc<Member>,
        request: Arc<DocumentsRequest>,
        _deadline: Duration,
    ) -> BoxFuture<'_, Result<Received<Documents>, PeerFailure>> {
        Box::pin(async move {
            let before = self.before_documents.read().ok().and_then(|before| before.clone());
            if let Some(before) = before {
                before(to.partner.clone(), Arc::clone(&request)).await;
            }
            let node = self.node(&to.partner)?;
            let request: DocumentsRequest = over_the_wire(&*request)?;
            let released = node.documents(&*self.as_member(&node)?, &request).await.map_err(refused)?;
            Ok(Received { reply: over_the_wire(&released.into_inner())?, evidence: String::new() })
        })
    }

    fn people(&self, to: Arc<Member>, query: Arc<Query>, _deadline: Duration) -> BoxFuture<'_, Result<Received<People>, PeerFailure>> {
        Box::pin(async move {
            let (node, me) = self.there(&to)?;
            let bytes = serde_json::to_vec(&*query).map_err(refused)?;
            let query = Query::parse(&bytes).map_err(|findings| refused(format!("{findings:?}")))?;
            let released = node.answer_about_people(&me, &Arc::new(query)).await.map_err(|error| answer_refused(&error))?;
            let (answer, _on_its_way) = released.into_parts();
            Ok(Received { reply: over_the_wire(&answer)?, evidence: String::new() })
        })
    }

    fn contact(
        &self,
        to: Arc<Member>,
        request: Arc<ContactRequest>,
        _deadline: Duration,
    ) -> BoxFuture<'_, Result<Option<Contact>, PeerFailure>> {
        Box::pin(async move {
            let (node, me) = self.there(&to)?;
            let request: ContactRequest = over_the_wire(&*request)?;
            let released = node.answer_contact(&me, &request).await.map_err(|error| answer_refused(&error))?;
            released.map(|released| over_the_wire(&released.into_parts().0)).transpose()
        })
    }

    fn application(
        &self,
        to: Arc<Member>,
        application: Arc<Application>,
        _deadline: Duration,
    ) -> BoxFuture<'_, Result<ApplicationStanding, PeerFailure>> {
        Box::pin(async move {
            let (node, me) = self.there(&to)?;
            let application: Application = over_the_wire(&*application)?;
            let standing = node.receive_application(&me, &application).await.map_err(|error| {
                let problem = error.problem();
                refused(error).with_problem(problem)
            })?;
            over_the_wire(&standing)
        })
    }

    fn tombstones(&self, to: Arc<Member>, evidence: Vec<String>, _deadline: Duration) -> BoxFuture<'_, Result<Delivered, PeerFailure>> {
        Box::pin(async move {
            let (node, me) = self.there(&to)?;
            node.take_tombstones(&me, &evidence).await.map_err(refused)
        })
    }

    fn consent_request(
        &self,
        to: Arc<Member>,
        request: Arc<ConsentRequest>,
        _deadline: Duration,
    ) -> BoxFuture<'_, Result<ConsentStanding, PeerFailure>> {
        Box::pin(async move {
            let (node, me) = self.there(&to)?;
            if self.of_before.load(Ordering::SeqCst) && request.about.is_some() {
                return Err(refused("unknown field `about`").with_problem(Some(ProblemType::InvalidRequest)));
            }
            let request: ConsentRequest = over_the_wire(&*request)?;
            over_the_wire(&node.answer_consent_request(&me, &request).await.map_err(|error| answer_refused(&error))?)
        })
    }

    fn holdings(&self, to: Arc<Member>, request: HoldingsRequest, _deadline: Duration) -> BoxFuture<'_, Result<Holdings, PeerFailure>> {
        Box::pin(async move {
            let (node, me) = self.there(&to)?;
            over_the_wire(&node.answer_holdings(&me, over_the_wire(&request)?).await.map_err(refused)?)
        })
    }

    fn recollections(
        &self,
        to: Arc<Member>,
        asked: RecollectionAsked,
        _deadline: Duration,
    ) -> BoxFuture<'_, Result<Recollection, PeerFailure>> {
        Box::pin(async move {
            let (node, me) = self.there(&to)?;
            let asked: RecollectionAsked = over_the_wire(&asked)?;
            over_the_wire(&node.recollection_for(&me.partner, asked).await.map_err(refused)?)
        })
    }

    fn owed(&self, to: Arc<Member>, after: u64, _deadline: Duration) -> BoxFuture<'_, Result<Vec<String>, PeerFailure>> {
        Box::pin(async move {
            let (node, me) = self.there(&to)?;
            node.tombstones_for(&me.partner, after, 100).await.map_err(refused)
        })
    }

    fn acknowledgements(&self, to: Arc<Member>, evidence: Vec<String>, _deadline: Duration) -> BoxFuture<'_, Result<(), PeerFailure>> {
        Box::pin(async move {
            let (node, me) = self.there(&to)?;
            node.take_acknowledgements(&me, &evidence).await.map(drop).map_err(refused)
        })
    }
}

impl LocalPeers {
    /// The other node, and who this one is there.
    fn there(&self, to: &Member) -> Result<(Arc<Node>, Arc<Member>), PeerFailure> {
        let node = self.node(&to.partner)?;
        let me = self.as_member(&node)?;
        Ok((node, me))
    }
}

impl LogPeers for LocalPeers {
    fn add_checkpoint(&self, to: Arc<Member>, submission: String) -> BoxFuture<'_, Result<WitnessReply, PeerFailure>> {
        Box::pin(async move {
            match self.node(&to.partner)?.add_checkpoint(submission.as_bytes(), &self.me).await {
                Ok(line) => Ok(WitnessReply::Cosigned(line.into_bytes())),
                Err(WitnessRefused::Refused(Refused::OtherSize { size } | Refused::Forked { size, .. })) => Ok(WitnessReply::Knows(size)),
                Err(error) => Err(refused(error)),
            }
        })
    }
}
