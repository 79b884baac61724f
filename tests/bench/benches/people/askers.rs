//! Askers: partners who put questions to one node, over mutual TLS with signed messages, or to the node itself.

use std::sync::Arc;

use polder_exchange::{Clock, Node, SystemClock};
use polder_federation_tests::http::Partner;
use polder_federation_tests::peer::{DOCUMENTS, PEOPLE, Peer, QUERIES, Shows};
use polder_model::answer::{Answer, DocumentsRequest, People, Wanted};
use polder_model::query::Query;
use polder_trust::register::Member;

use crate::answers::TEN;

/// One who asks.
pub struct Asker {
    pub node: Arc<Node>,
    pub member: Arc<Member>,
    pub partner: Partner,
    pub peer: Peer,
}

/// How a question goes to the node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// A call of the function that the peer interface calls.
    Direct,
    /// Over a socket, as peers do.
    Peer,
}

impl Asker {
    pub fn new(node: &Arc<Node>, home: &Partner, partner: Partner) -> Self {
        let member = Arc::clone(node.register().member(&partner.id).expect("a member"));
        let peer = Peer::calling(home, &Shows::Certificate(&partner.identity));
        Self { node: Arc::clone(node), member, partner, peer }
    }

    /// The question as this asker puts it, now.
    fn own(&self, question: &Query) -> Query {
        let id = format!("{:08x}-0000-4000-8000-000000000000", SystemClock.now().micros() as u32);
        Query { asker: self.member.partner.clone(), as_of: SystemClock.now(), id, ..question.clone() }
    }

    async fn post(&self, path: &str, body: Vec<u8>, purpose: &str) -> String {
        let headers = self.peer.signed(self.partner.identity.message_key(), "POST", path, &body, purpose, SystemClock.now());
        let (status, text) = self.peer.call("POST", path, headers, body).await.expect("a response");
        assert_eq!(status, 200, "{text}");
        text
    }

    /// How many people the answer shows.
    pub async fn people(&self, way: Way, question: &Query) -> usize {
        let query = self.own(question);
        let (purpose, query) = (query.purpose.as_str(), Arc::new(query));
        match way {
            Way::Direct => self.node.answer_about_people(&self.member, &query).await.expect("answered").into_parts().0.people.len(),
            Way::Peer => {
                let text = self.post(PEOPLE, serde_json::to_vec(&*query).expect("JSON"), purpose).await;
                serde_json::from_str::<People>(&text).expect("an answer").people.len()
            }
        }
    }

    /// How many vacancies the answer names; with their documents, where they are wanted.
    pub async fn vacancies(&self, way: Way, question: &Query, documents: bool) -> usize {
        let query = self.own(question);
        let (purpose, query) = (query.purpose.as_str(), Arc::new(query));
        let answer: Answer = match way {
            Way::Direct => self.node.answer(&self.member, &query).await.expect("answered").into_inner(),
            Way::Peer => {
                let text = self.post(QUERIES, serde_json::to_vec(&*query).expect("JSON"), purpose).await;
                serde_json::from_str(&text).expect("an answer")
            }
        };
        if !documents {
            return answer.hits.len().min(TEN);
        }
        let wanted = answer.hits.iter().take(TEN).map(|hit| Wanted { key: hit.key.clone(), version: hit.version }).collect();
        let request = DocumentsRequest { query: Query::clone(&query), wanted };
        match way {
            Way::Direct => self.node.documents(&self.member, &request).await.expect("answered").into_inner().documents.len(),
            Way::Peer => {
                let text = self.post(DOCUMENTS, serde_json::to_vec(&request).expect("JSON"), purpose).await;
                serde_json::from_str::<polder_model::answer::Documents>(&text).expect("documents").documents.len()
            }
        }
    }
}
