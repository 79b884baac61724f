//! What a worker gets when consents are given and when they end: a copy of the records, for the worker to keep, signed by the node as evidence.

use polder_model::{PartnerId, Timestamp};
use serde::{Deserialize, Serialize};

use crate::id::ReceiptId;
use crate::record::Consent;
use crate::state::{Event, State, state};

/// The schema of a receipt.
pub const SCHEMA: &str = "urn:polder:schema:receipt:1.0";

/// Most consents of one receipt, so that it stays smaller than evidence may be. What was decided about more at once gets several.
pub const MOST_CONSENTS: usize = 50;

/// What is known of the copies that a recipient got under a consent, when the receipt was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CopiesThen {
    /// It never got one.
    None,
    /// It has some, and may.
    InUse,
    /// It has been told, or will be, to erase what it has, and has not said yet that it did.
    ToErase,
    /// It has said that it erased them.
    Erased,
    /// The same, but for what a law demands that it keeps.
    Retained,
}

/// One consent in a receipt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Receipted {
    /// The record.
    pub consent: Consent,
    /// What happened to it, in order.
    pub events: Vec<Event>,
    /// Where it stood when the receipt was made.
    pub state: State,
    /// What is known of copies.
    pub copies: CopiesThen,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Schema {
    #[serde(rename = "urn:polder:schema:receipt:1.0")]
    Tag,
}

/// The payload of a receipt. Its bytes are its compact JSON, in this order of members.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Receipt {
    schema: Schema,
    /// Its id.
    pub id: ReceiptId,
    /// Who keeps the worker's data, and signs.
    pub iss: PartnerId,
    /// When it was made.
    pub iat: Timestamp,
    /// The consents, all of one worker.
    pub consents: Vec<Receipted>,
}

/// Why no receipt is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoReceipt {
    /// It would be about nothing, or too much.
    #[error("a receipt is about 1 to {MOST_CONSENTS} consents")]
    Count,
    /// It would be about several workers, or of several who keep their data.
    #[error("a receipt is about the consents of one worker at one partner")]
    Several,
    /// The events of a consent are none that can follow each other.
    #[error("these events cannot follow each other")]
    Events,
}

impl Receipt {
    /// A receipt about these consents, as they stand at that instant.
    ///
    /// # Errors
    /// When they are none, too many, not of one worker, or their events make no sense.
    pub fn new(id: ReceiptId, consents: Vec<(Consent, Vec<Event>, CopiesThen)>, now: Timestamp) -> Result<Self, NoReceipt> {
        let Some((first, ..)) = consents.first().filter(|_| consents.len() <= MOST_CONSENTS) else { return Err(NoReceipt::Count) };
        let (worker, iss) = (first.worker, first.controller.clone());
        if consents.iter().any(|(consent, ..)| consent.worker != worker || consent.controller != iss) {
            return Err(NoReceipt::Several);
        }
        let mut receipted = Vec::with_capacity(consents.len());
        for (consent, events, copies) in consents {
            let state = state(&events, consent.until, now).ok_or(NoReceipt::Events)?;
            receipted.push(Receipted { consent, events, state, copies });
        }
        Ok(Self { schema: Schema::Tag, id, iss, iat: now, consents: receipted })
    }
}
