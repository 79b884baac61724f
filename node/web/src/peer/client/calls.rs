//! The calls themselves, each with its path and its purpose.

use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use http::Method;
use polder_consent::holdings::{Holdings, HoldingsRequest};
use polder_consent::request::{ConsentRequest, ConsentStanding};
use polder_exchange::people::{Delivered, Recollection, RecollectionAsked, Told};
use polder_exchange::{Announcement, PeerFailure, Peers, Received, RegisterDocument, RegisterPeers};
use polder_model::Purpose;
use polder_model::answer::{Answer, Documents, DocumentsRequest, MissingReason, People};
use polder_model::application::{Application, ApplicationStanding};
use polder_model::contact::{Contact, ContactRequest};
use polder_model::query::Query;
use polder_trust::register::Member;

use super::super::reply::failure;
use super::super::{
    ACKNOWLEDGEMENTS, APPLICATIONS, CONTACTS, DOCUMENTS, HOLDINGS, PEOPLE, QUERIES, RECOLLECTIONS, REGISTER, REQUESTS, TOMBSTONES,
};
use super::{GREETING_TIME, HttpPeers};

impl Peers for HttpPeers {
    fn query(&self, to: Arc<Member>, query: Arc<Query>, deadline: Duration) -> BoxFuture<'_, Result<Received<Answer>, PeerFailure>> {
        Box::pin(async move {
            self.may_ask(&to.partner)?;
            let body = serde_json::to_vec(&*query).map_err(|error| failure(MissingReason::Refused, error))?;
            self.ask(&to, deadline, (Method::POST, QUERIES), body, query.purpose.as_str()).await
        })
    }

    fn documents(
        &self,
        to: Arc<Member>,
        request: Arc<DocumentsRequest>,
        deadline: Duration,
    ) -> BoxFuture<'_, Result<Received<Documents>, PeerFailure>> {
        Box::pin(async move {
            let body = serde_json::to_vec(&*request).map_err(|error| failure(MissingReason::Refused, error))?;
            self.ask(&to, deadline, (Method::POST, DOCUMENTS), body, request.query.purpose.as_str()).await
        })
    }

    fn people(&self, to: Arc<Member>, query: Arc<Query>, deadline: Duration) -> BoxFuture<'_, Result<Received<People>, PeerFailure>> {
        Box::pin(async move {
            self.may_ask(&to.partner)?;
            let body = serde_json::to_vec(&*query).map_err(|error| failure(MissingReason::Refused, error))?;
            self.ask(&to, deadline, (Method::POST, PEOPLE), body, query.purpose.as_str()).await
        })
    }

    fn contact(
        &self,
        to: Arc<Member>,
        request: Arc<ContactRequest>,
        deadline: Duration,
    ) -> BoxFuture<'_, Result<Option<Contact>, PeerFailure>> {
        Box::pin(async move {
            self.may_ask(&to.partner)?;
            let body = serde_json::to_vec(&*request).map_err(|error| failure(MissingReason::Refused, error))?;
            self.ask(&to, deadline, (Method::POST, CONTACTS), body, Purpose::BeContacted.as_str()).await.map(|received| received.reply)
        })
    }

    fn application(
        &self,
        to: Arc<Member>,
        application: Arc<Application>,
        deadline: Duration,
    ) -> BoxFuture<'_, Result<ApplicationStanding, PeerFailure>> {
        Box::pin(async move {
            self.may_ask(&to.partner)?;
            let body = serde_json::to_vec(&*application).map_err(|error| failure(MissingReason::Refused, error))?;
            self.ask(&to, deadline, (Method::POST, APPLICATIONS), body, Purpose::Application.as_str()).await.map(|received| received.reply)
        })
    }

    fn tombstones(&self, to: Arc<Member>, evidence: Vec<String>, deadline: Duration) -> BoxFuture<'_, Result<Delivered, PeerFailure>> {
        Box::pin(async move {
            let body = serde_json::to_vec(&Told { evidence }).map_err(|error| failure(MissingReason::Refused, error))?;
            self.ask(&to, deadline, (Method::POST, TOMBSTONES), body, "none").await.map(|received| received.reply)
        })
    }

    fn consent_request(
        &self,
        to: Arc<Member>,
        request: Arc<ConsentRequest>,
        deadline: Duration,
    ) -> BoxFuture<'_, Result<ConsentStanding, PeerFailure>> {
        Box::pin(async move {
            self.may_ask(&to.partner)?;
            let body = serde_json::to_vec(&*request).map_err(|error| failure(MissingReason::Refused, error))?;
            self.ask(&to, deadline, (Method::POST, REQUESTS), body, request.purpose.as_str()).await.map(|received| received.reply)
        })
    }

    fn holdings(&self, to: Arc<Member>, request: HoldingsRequest, deadline: Duration) -> BoxFuture<'_, Result<Holdings, PeerFailure>> {
        Box::pin(async move {
            let body = serde_json::to_vec(&request).map_err(|error| failure(MissingReason::Refused, error))?;
            self.ask(&to, deadline, (Method::POST, HOLDINGS), body, "none").await.map(|received| received.reply)
        })
    }

    fn recollections(
        &self,
        to: Arc<Member>,
        asked: RecollectionAsked,
        deadline: Duration,
    ) -> BoxFuture<'_, Result<Recollection, PeerFailure>> {
        Box::pin(async move {
            let body = serde_json::to_vec(&asked).map_err(|error| failure(MissingReason::Refused, error))?;
            self.ask(&to, deadline, (Method::POST, RECOLLECTIONS), body, "none").await.map(|received| received.reply)
        })
    }

    fn owed(&self, to: Arc<Member>, after: u64, deadline: Duration) -> BoxFuture<'_, Result<Vec<String>, PeerFailure>> {
        Box::pin(async move {
            let path = format!("{TOMBSTONES}?after={after}");
            let told = self.ask::<Told>(&to, deadline, (Method::GET, &path), Vec::new(), "none").await?;
            Ok(told.reply.evidence)
        })
    }

    fn acknowledgements(&self, to: Arc<Member>, evidence: Vec<String>, deadline: Duration) -> BoxFuture<'_, Result<(), PeerFailure>> {
        Box::pin(async move {
            let body = serde_json::to_vec(&Told { evidence }).map_err(|error| failure(MissingReason::Refused, error))?;
            self.noted(&to, deadline, self.call(&to, Method::POST, ACKNOWLEDGEMENTS, body, "none")).await.map(drop)
        })
    }
}

impl RegisterPeers for HttpPeers {
    fn announcement(&self, of: Arc<Member>) -> BoxFuture<'_, Result<Announcement, PeerFailure>> {
        Box::pin(async move { Ok(self.ask(&of, GREETING_TIME, (Method::GET, REGISTER), Vec::new(), "none").await?.reply) })
    }

    fn document(&self, of: Arc<Member>, which: RegisterDocument) -> BoxFuture<'_, Result<Option<Vec<u8>>, PeerFailure>> {
        Box::pin(async move {
            let path = match which {
                RegisterDocument::Root(version) => format!("{REGISTER}/root/{version}"),
                RegisterDocument::Members(epoch, version) => format!("{REGISTER}/members/{epoch}/{version}"),
                RegisterDocument::Fresh => format!("{REGISTER}/fresh"),
                RegisterDocument::Evidence => format!("{REGISTER}/evidence"),
            };
            match self.get(&of, &path).await {
                Ok(reply) => Ok(Some(reply.body)),
                Err(failed) if failed.detail.starts_with("404") => Ok(None),
                Err(failed) => Err(failed),
            }
        })
    }
}
