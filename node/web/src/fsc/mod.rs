//! FSC (Federatieve Service Connectiviteit): a node that stands behind its partner's Inway, and calls partners through its Outway. Contracts, certificates of the
//! group and the log of transactions are those proxies' own; what is theirs to say is taken from one place alone: a port that nobody else can reach.
//!
//! - `inway` says whose call it is that the Inway passes on: by its token, which is the partner's own Manager's;
//! - `outway` is the way to a partner through the Outway.

mod inway;
mod outway;

use http::HeaderMap;
use polder_consent::FscTransaction;

pub(crate) use inway::Inway;
pub use inway::InwayAt;
pub use outway::{OutwayAt, Outways};
pub(crate) use outway::{not_carried, transaction_of};

/// The token of the provider's Manager, as the Inway passes it on.
const AUTHORIZATION: &str = "fsc-authorization";
/// Under which grant the Outway is to call.
const GRANT_HASH: &str = "fsc-grant-hash";
/// The number under which both proxies, and both nodes, write a call down.
const TRANSACTION_ID: &str = "fsc-transaction-id";
/// Stands in replies that an Outway or Inway made, not the node behind them.
const ERROR_CODE: &str = "fsc-error-code";

/// The one value of a header.
fn one<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let mut all = headers.get_all(name).iter();
    match (all.next(), all.next()) {
        (Some(value), None) => value.to_str().ok(),
        _ => None,
    }
}

/// The transaction that a call or reply names, where it names one.
fn transaction(headers: &HeaderMap) -> Option<FscTransaction> {
    one(headers, TRANSACTION_ID)?.parse().ok()
}
