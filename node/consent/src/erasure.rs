//! What a worker keeps who was erased (GDPR art. 17): the last receipt, signed by the node that erased.

use polder_model::{PartnerId, Purpose, Timestamp};
use serde::{Deserialize, Serialize};

use crate::id::{ReceiptId, WorkerId};
use crate::record::Epoch;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Schema {
    #[serde(rename = "urn:polder:schema:erasure:1.0")]
    Tag,
}

/// How much was erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counts {
    /// Consents, with their events.
    pub consents: u64,
    /// Rows of the ledger.
    pub disclosures: u64,
    /// Questions that were asked for the worker.
    pub questions: u64,
    /// Requests of partners.
    pub requests: u64,
    /// Handles, by which recipients knew the worker.
    pub handles: u64,
}

/// A recipient that is told to erase, and has not said yet that it did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ToldToErase {
    /// Who.
    pub recipient: PartnerId,
    /// For what copies were given.
    pub purpose: Purpose,
    /// Copies of this epoch and before.
    pub epoch: Epoch,
}

/// The payload of the receipt of an erasure. Its bytes are its compact JSON, in this order of members.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Erasure {
    schema: Schema,
    /// Its id.
    pub id: ReceiptId,
    /// Who kept the worker's data, and signs.
    pub iss: PartnerId,
    /// When it was erased.
    pub iat: Timestamp,
    /// The worker, as that node named them; it knows the name no more.
    pub worker: WorkerId,
    /// How much was erased.
    pub erased: Counts,
    /// Who is told to erase, and has not said yet that it did. It is told until it has.
    pub told_to_erase: Vec<ToldToErase>,
}

impl Erasure {
    /// The payload.
    #[must_use]
    pub fn new(id: ReceiptId, iss: PartnerId, iat: Timestamp, worker: WorkerId, erased: Counts, told_to_erase: Vec<ToldToErase>) -> Self {
        Self { schema: Schema::Tag, id, iss, iat, worker, erased, told_to_erase }
    }
}
