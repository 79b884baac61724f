//! The calls of the interface.

use polder_model::answer::QueryResult;
use polder_model::problem::Problem;
use polder_model::receipt::Receipt;
use polder_model::request::QueryRequest;
use polder_model::{Kind, OfferKey};
use reqwest::Method;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Content, NodeClient};
use crate::exit::Failure;

/// A code by which a worker takes over a profile.
#[derive(Serialize, Deserialize)]
pub(crate) struct Invitation {
    /// The code.
    pub code: String,
    /// Until when it holds.
    pub until: String,
    /// Where the worker enters it; left out where the node has no pages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// What became of an offer that was put.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PutOutcome {
    /// The node has it.
    Stored,
    /// The node does not take it.
    Refused(Box<Problem>),
}

impl NodeClient {
    /// Asks the federation.
    pub(crate) async fn query(&self, request: &QueryRequest) -> Result<QueryResult, Failure> {
        self.post("/v1/queries", request).await
    }

    /// Sends JSON, and reads JSON.
    pub(crate) async fn post<T: DeserializeOwned>(&self, path: &str, body: &impl Serialize) -> Result<T, Failure> {
        let body = serde_json::to_vec(body).map_err(|error| Failure::internal(error.to_string()))?;
        let reply = self.send(Method::POST, path, &[], Some(Content::json(&body))).await?.success()?;
        serde_json::from_slice(&reply).map_err(|error| Failure::internal(format!("{path}: the reply is not of its form: {error}")))
    }

    /// Sends JSON as it stands. The body of the reply.
    pub(crate) async fn send_json(&self, method: Method, path: &str, body: &[u8]) -> Result<Vec<u8>, Failure> {
        self.send(method, path, &[], Some(Content::json(body))).await?.success()
    }

    /// Deletes.
    pub(crate) async fn delete(&self, path: &str) -> Result<(), Failure> {
        self.send(Method::DELETE, path, &[], None).await?.success().map(drop)
    }

    /// Has a code made for the worker of an offer.
    pub(crate) async fn invite(&self, offer: &OfferKey) -> Result<Invitation, Failure> {
        self.post("/v1/invitations", &json!({"offer": offer})).await
    }

    /// Puts an offer.
    pub(crate) async fn put(&self, kind: Kind, key: &OfferKey, document: &str) -> Result<PutOutcome, Failure> {
        let path = format!("/v1/{}/{key}", kind.collection());
        let reply = self.send(Method::PUT, &path, &[], Some(Content::json(document.as_bytes()))).await?;
        // A fault of the node, such as a full disk, is not this offer's alone.
        if reply.status.is_client_error() {
            return Ok(PutOutcome::Refused(Box::new(reply.problem())));
        }
        let _: Receipt = serde_json::from_slice(&reply.success()?)
            .map_err(|error| Failure::internal(format!("{path}: the reply is not of its form: {error}")))?;
        Ok(PutOutcome::Stored)
    }
}
