//! The first question of a new node: everything that is a vacancy, of everyone.

use polder_exchange::{For, Node};
use polder_model::answer::QueryResult;
use polder_model::request::QueryRequest;

use crate::exit::Failure;

const QUESTION: &str = r#"{"kind": "vacancy", "limit": 1, "deadlineMs": 5000}"#;

/// Asks it.
pub(super) async fn ask(node: &Node) -> Result<QueryResult, Failure> {
    let request: QueryRequest = serde_json::from_str(QUESTION).map_err(|error| Failure::internal(error.to_string()))?;
    node.ask(&request, &For::Client("operator".to_owned()), None)
        .await
        .map_err(|error| Failure::internal(format!("the first question: {error}")))
}
