//! Holding results against the oracle, which computes them a second time from the offers as each node exports them.

use polder_model::Kind;
use polder_model::answer::QueryResult;
use polder_oracle::Line;

use super::Federation;
use crate::exit::Failure;

/// What every partner holds.
pub(crate) type Exports = Vec<(String, Vec<Line>)>;

pub(crate) async fn exports(federation: &Federation) -> Result<Exports, Failure> {
    let mut all = Vec::new();
    for node in &federation.nodes {
        let mut text = Vec::new();
        for kind in Kind::ALL {
            node.client()?.export(kind, &mut text).await?;
        }
        let text = String::from_utf8(text).map_err(|error| Failure::internal(error.to_string()))?;
        let lines = polder_oracle::parse_export(&text).map_err(|error| Failure::internal(format!("an export cannot be read: {error}")))?;
        all.push((node.partner.id.to_owned(), lines));
    }
    Ok(all)
}

/// What the oracle finds different, readable; empty when the result is exact. A partner that answered and whose export is not given is a difference.
pub(crate) fn differences(result: &QueryResult, exports: &Exports) -> Result<Vec<String>, Failure> {
    let value = serde_json::to_value(result).map_err(|error| Failure::internal(error.to_string()))?;
    Ok(match polder_oracle::compare_result(&value, exports) {
        Ok(found) => found.into_iter().map(|difference| difference.to_string()).collect(),
        Err(error) => vec![format!("the oracle cannot judge the result: {error}")],
    })
}
