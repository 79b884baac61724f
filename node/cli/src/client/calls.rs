//! The calls of the interface.

use polder_model::answer::QueryResult;
use polder_model::problem::Problem;
use polder_model::receipt::Receipt;
use polder_model::request::QueryRequest;
use polder_model::{Kind, OfferKey};
use reqwest::Method;

use super::{Content, NodeClient};
use crate::exit::Failure;

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
        let body = serde_json::to_vec(request).map_err(|error| Failure::internal(error.to_string()))?;
        let reply = self.send(Method::POST, "/v1/queries", &[], Some(Content::json(&body))).await?.success()?;
        serde_json::from_slice(&reply).map_err(|error| Failure::internal(format!("/v1/queries: the reply is not of its form: {error}")))
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
