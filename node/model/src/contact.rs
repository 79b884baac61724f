//! Getting into contact with one person who was found: a second step, with a consent of its own (`docs/interfaces.md`, section 10).

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::about::About;
use crate::answer::Disclosed;
use crate::name::{OfferKey, PartnerId};
use crate::time::Timestamp;

/// One partner asks another how to reach a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ContactRequest {
    /// A fresh UUID.
    pub id: String,
    /// Who asks.
    pub asker: PartnerId,
    /// The person, as the asker knows them.
    pub handle: OfferKey,
    /// The asker's own offer for which the person is sought.
    pub about: About,
    /// When it is asked.
    pub as_of: Timestamp,
}

/// What the person lets the asker see to be reached.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Contact {
    /// The request.
    pub request_id: String,
    /// Who answers.
    pub partner: PartnerId,
    /// The person, as the asker knows them.
    pub handle: OfferKey,
    /// What may be seen, byte for byte.
    pub document: Box<RawValue>,
    /// Under what it was given.
    pub disclosure: Disclosed,
}

/// A client asks how to reach a person whom a result showed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContactAsked {
    /// The partner whose node showed them.
    pub partner: PartnerId,
    /// Their key in the result.
    pub key: OfferKey,
    /// Your own live offer for which they are sought.
    pub about: About,
}

/// What a client gets to reach a person.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Reached {
    /// The partner whose node showed them.
    pub partner: PartnerId,
    /// Their key in the result.
    pub key: OfferKey,
    /// What may be seen.
    pub document: Box<RawValue>,
    /// Under what it was given.
    pub disclosure: Disclosed,
}
