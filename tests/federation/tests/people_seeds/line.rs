//! The way of one node to the others, over the network of a run.

use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use polder_consent::holdings::{Holdings, HoldingsRequest};
use polder_consent::request::{ConsentRequest, ConsentStanding};
use polder_exchange::people::{Delivered, Recollection, RecollectionAsked};
use polder_exchange::{AnswerRefused, Node, OnItsWay, PeerFailure, Peers, Received};
use polder_model::answer::{Answer, Documents, DocumentsRequest, MissingReason, People};
use polder_model::application::{Application, ApplicationStanding};
use polder_model::contact::{Contact, ContactRequest};
use polder_model::query::Query;
use polder_trust::register::Member;

use crate::history::Item;
use crate::network::{Busy, Fate, Late, Net};
use crate::world::{number_of, partner};

/// The way of one node to the others.
pub struct Line {
    pub me: usize,
    pub net: Arc<Net>,
}

fn failed(error: impl std::fmt::Display) -> PeerFailure {
    PeerFailure::new(MissingReason::Refused, error.to_string())
}

fn lost() -> PeerFailure {
    PeerFailure::new(MissingReason::Slow, "no reply")
}

fn refused(error: &AnswerRefused) -> PeerFailure {
    PeerFailure::new(MissingReason::NoDisclosure, error.to_string())
}

fn over_the_wire<T: serde::Serialize, U: serde::de::DeserializeOwned>(value: &T) -> U {
    serde_json::from_str(&serde_json::to_string(value).expect("JSON")).expect("its own JSON")
}

impl Line {
    fn there(&self, to: usize) -> Result<(Arc<Node>, Arc<Member>), PeerFailure> {
        let node = self.net.node(to)?;
        let me = node.register().member(&partner(self.me)).map(Arc::clone).ok_or_else(|| failed("no member"))?;
        Ok((node, me))
    }

    /// Carries an answer about people back. It has a row for everyone in it; its bytes leave now, or when it is let go.
    async fn carry(&self, fate: Fate, busy: &Busy, to: usize, on_its_way: Option<OnItsWay>, items: Vec<Item>) -> Result<(), PeerFailure> {
        let node = self.net.node(to)?;
        for item in &items {
            let worker = node.store().worker_by_handle(item.handle, &partner(self.me)).await.map_err(failed)?;
            let rows = match worker {
                Some(worker) => node.disclosures_of(worker, None, 100).await.map_err(failed)?,
                None => Vec::new(),
            };
            self.net.history().answered(to, self.me, item, worker, &rows);
        }
        drop(node);
        let sending = if fate == Fate::Sending {
            on_its_way
        } else {
            drop(on_its_way);
            self.net.history().left(to, self.me, &items);
            None
        };
        if fate == Fate::ReplyLost {
            return Err(lost());
        }
        if fate == Fate::Sending || fate == Fate::Late {
            self.hold(busy, to, sending, items.clone()).await?;
        }
        self.net.came(self.me, to, items);
        Ok(())
    }

    async fn hold(&self, busy: &Busy, source: usize, sending: Option<OnItsWay>, items: Vec<Item>) -> Result<(), PeerFailure> {
        self.net.hold(busy, source, self.me, sending, items).await.map_err(|_| lost())
    }
}

impl Peers for Line {
    fn query(&self, _: Arc<Member>, _: Arc<Query>, _: Duration) -> BoxFuture<'_, Result<Received<Answer>, PeerFailure>> {
        Box::pin(async { Err(failed("nobody asks for offers here")) })
    }

    fn documents(&self, _: Arc<Member>, _: Arc<DocumentsRequest>, _: Duration) -> BoxFuture<'_, Result<Received<Documents>, PeerFailure>> {
        Box::pin(async { Err(failed("nobody asks for offers here")) })
    }

    fn people(&self, to: Arc<Member>, query: Arc<Query>, _: Duration) -> BoxFuture<'_, Result<Received<People>, PeerFailure>> {
        Box::pin(async move {
            let to = number_of(&to.partner);
            let fate = self.net.fate(self.me, to, true)?;
            let busy = Busy::on(&self.net);
            let (node, me) = self.there(to)?;
            let mut released = node.answer_about_people(&me, &query).await;
            if fate == Fate::Twice {
                released = node.answer_about_people(&me, &query).await;
            }
            let (answer, on_its_way) = released.map_err(|error| refused(&error))?.into_parts();
            let items = answer.people.iter().map(Item::of_person).collect();
            // What is on the wire keeps no node up.
            drop(node);
            self.carry(fate, &busy, to, on_its_way, items).await?;
            Ok(Received { reply: over_the_wire(&answer), evidence: String::new() })
        })
    }

    fn contact(&self, to: Arc<Member>, request: Arc<ContactRequest>, _: Duration) -> BoxFuture<'_, Result<Option<Contact>, PeerFailure>> {
        Box::pin(async move {
            let to = number_of(&to.partner);
            let fate = self.net.fate(self.me, to, true)?;
            let busy = Busy::on(&self.net);
            let (node, me) = self.there(to)?;
            let released = node.answer_contact(&me, &request).await.map_err(|error| refused(&error))?;
            let Some((contact, on_its_way)) = released.map(polder_exchange::Released::into_parts) else { return Ok(None) };
            drop(node);
            self.carry(fate, &busy, to, on_its_way, vec![Item::of_contact(&contact)]).await?;
            Ok(Some(over_the_wire(&contact)))
        })
    }

    fn application(&self, _: Arc<Member>, _: Arc<Application>, _: Duration) -> BoxFuture<'_, Result<ApplicationStanding, PeerFailure>> {
        Box::pin(async { Err(lost()) })
    }

    fn tombstones(&self, to: Arc<Member>, evidence: Vec<String>, _: Duration) -> BoxFuture<'_, Result<Delivered, PeerFailure>> {
        Box::pin(async move {
            let to = number_of(&to.partner);
            let fate = self.net.fate(self.me, to, false)?;
            let _busy = Busy::on(&self.net);
            if fate == Fate::Late {
                self.net.comes_late(Late { from: self.me, to, evidence, tombstones: true });
                return Err(lost());
            }
            let (node, me) = self.there(to)?;
            let mut taken = node.take_tombstones(&me, &evidence).await.map_err(failed)?;
            if fate == Fate::Twice {
                taken = node.take_tombstones(&me, &evidence).await.map_err(failed)?;
            }
            if fate == Fate::ReplyLost { Err(lost()) } else { Ok(taken) }
        })
    }

    fn holdings(&self, to: Arc<Member>, request: HoldingsRequest, _: Duration) -> BoxFuture<'_, Result<Holdings, PeerFailure>> {
        Box::pin(async move {
            let to = number_of(&to.partner);
            let fate = self.net.fate(self.me, to, false)?;
            let _busy = Busy::on(&self.net);
            let (node, me) = self.there(to)?;
            let held = node.answer_holdings(&me, request).await.map_err(failed)?;
            if fate == Fate::Arrives { Ok(over_the_wire(&held)) } else { Err(lost()) }
        })
    }

    fn consent_request(
        &self,
        to: Arc<Member>,
        request: Arc<ConsentRequest>,
        _: Duration,
    ) -> BoxFuture<'_, Result<ConsentStanding, PeerFailure>> {
        Box::pin(async move {
            let to = number_of(&to.partner);
            let fate = self.net.fate(self.me, to, false)?;
            let _busy = Busy::on(&self.net);
            let (node, me) = self.there(to)?;
            let mut said = node.answer_consent_request(&me, &request).await;
            if fate == Fate::Twice {
                said = node.answer_consent_request(&me, &request).await;
            }
            let said = said.map_err(|error| refused(&error))?;
            if matches!(fate, Fate::Arrives | Fate::Twice) { Ok(over_the_wire(&said)) } else { Err(lost()) }
        })
    }

    fn recollections(&self, to: Arc<Member>, asked: RecollectionAsked, _: Duration) -> BoxFuture<'_, Result<Recollection, PeerFailure>> {
        Box::pin(async move {
            let to = number_of(&to.partner);
            let fate = self.net.fate(self.me, to, false)?;
            let _busy = Busy::on(&self.net);
            let (node, me) = self.there(to)?;
            let recollection = node.recollection_for(&me.partner, asked).await.map_err(failed)?;
            if fate == Fate::Arrives { Ok(over_the_wire(&recollection)) } else { Err(lost()) }
        })
    }

    fn owed(&self, to: Arc<Member>, after: u64, _: Duration) -> BoxFuture<'_, Result<Vec<String>, PeerFailure>> {
        Box::pin(async move {
            let to = number_of(&to.partner);
            let fate = self.net.fate(self.me, to, false)?;
            let _busy = Busy::on(&self.net);
            let (node, me) = self.there(to)?;
            let owed = node.tombstones_for(&me.partner, after, 100).await.map_err(failed)?;
            if fate == Fate::Arrives { Ok(owed) } else { Err(lost()) }
        })
    }

    fn acknowledgements(&self, to: Arc<Member>, evidence: Vec<String>, _: Duration) -> BoxFuture<'_, Result<(), PeerFailure>> {
        Box::pin(async move {
            let to = number_of(&to.partner);
            let fate = self.net.fate(self.me, to, false)?;
            let _busy = Busy::on(&self.net);
            if fate == Fate::Late {
                self.net.comes_late(Late { from: self.me, to, evidence, tombstones: false });
                return Err(lost());
            }
            let (node, me) = self.there(to)?;
            node.take_acknowledgements(&me, &evidence).await.map_err(failed)?;
            if fate == Fate::Twice {
                node.take_acknowledgements(&me, &evidence).await.map_err(failed)?;
            }
            if fate == Fate::ReplyLost { Err(lost()) } else { Ok(()) }
        })
    }
}
