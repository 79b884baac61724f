//! The calls of the interface.

use std::io::Write;

use polder_model::answer::QueryResult;
use polder_model::problem::Problem;
use polder_model::receipt::{ListedOffer, OfferPage, Outcome, Receipt};
use polder_model::request::QueryRequest;
use polder_model::{Finding, Kind, OfferKey, Timestamp};
use reqwest::Method;
use serde::Serialize;
use serde_json::value::RawValue;

use super::NodeClient;
use crate::exit::Failure;

/// What became of an offer that was put.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PutOutcome {
    /// The node has it.
    Stored {
        /// What was done.
        outcome: Outcome,
        /// What no reference table of the node knows.
        notes: Vec<Finding>,
    },
    /// The node does not take it.
    Refused(Box<Problem>),
}

/// An offer in the line form (docs/interfaces.md, section 2).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Line<'a> {
    kind: Kind,
    key: &'a OfferKey,
    version: u64,
    modified_at: Timestamp,
    document: &'a RawValue,
}

impl NodeClient {
    /// Asks the federation.
    pub(crate) async fn query(&self, request: &QueryRequest) -> Result<QueryResult, Failure> {
        let body = serde_json::to_string(request).map_err(|error| Failure::internal(error.to_string()))?;
        let reply = self.send(Method::POST, "/v1/queries", &[], Some(&body)).await?.success()?;
        serde_json::from_slice(&reply).map_err(|error| Failure::internal(format!("/v1/queries: the reply is not of its form: {error}")))
    }

    /// Puts an offer.
    pub(crate) async fn put(&self, kind: Kind, key: &OfferKey, document: &str) -> Result<PutOutcome, Failure> {
        let path = format!("/v1/{}/{key}", kind.collection());
        let reply = self.send(Method::PUT, &path, &[], Some(document)).await?;
        // A fault of the node, such as a full disk, is not this offer's alone.
        if reply.status.is_client_error() {
            return Ok(PutOutcome::Refused(Box::new(reply.problem())));
        }
        let receipt: Receipt = serde_json::from_slice(&reply.success()?)
            .map_err(|error| Failure::internal(format!("{path}: the reply is not of its form: {error}")))?;
        Ok(PutOutcome::Stored { outcome: receipt.outcome, notes: receipt.notes })
    }

    /// Writes all offers of a kind in the line form; gives their number.
    pub(crate) async fn export(&self, kind: Kind, to: &mut impl Write) -> Result<u64, Failure> {
        let (mut lines, mut cursor) = (0, String::new());
        loop {
            let path = format!("/v1/{}?limit=100{cursor}", kind.collection());
            let body = self.get(&path).await?;
            let page: OfferPage = serde_json::from_slice(&body)
                .map_err(|error| Failure::internal(format!("{path}: the reply is not of its form: {error}")))?;
            for item in &page.items {
                let ListedOffer { key, version, modified_at, document } = item;
                let line = Line { kind, key, version: *version, modified_at: *modified_at, document };
                let text = serde_json::to_string(&line).map_err(|error| Failure::internal(error.to_string()))?;
                // Line ends stand between members alone: inside a text they are escaped.
                writeln!(to, "{}", text.replace(['\n', '\r'], " "))?;
                lines += 1;
            }
            match page.next {
                None => return Ok(lines),
                Some(next) if next.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b)) => cursor = format!("&cursor={next}"),
                Some(_) => return Err(Failure::internal(format!("{path}: `next` is no cursor"))),
            }
        }
    }
}
