//! Parts that schemas about people are made of.

use polder_consent::{Field, Ground, purpose as purposes};
use polder_model::Purpose;
use serde_json::{Value, json};

use super::super::components::number;

/// A list.
pub(in crate::openapi) fn list(most: u32, items: Value) -> Value {
    json!({"type": "array", "maxItems": most, "items": items})
}

/// A name that was drawn at random.
pub(in crate::openapi) fn id(description: &str) -> Value {
    json!({"description": description, "type": "string", "pattern": "^[0-9a-f]{32}$", "minLength": 32, "maxLength": 32})
}

/// A text.
pub(in crate::openapi) fn text(description: &str, most: usize) -> Value {
    json!({"description": description, "type": "string", "maxLength": most})
}

/// Yes or no.
pub(in crate::openapi) fn flag(description: &str) -> Value {
    json!({"description": description, "type": "boolean"})
}

/// A partner by its id.
pub(in crate::openapi) fn partner(description: &str) -> Value {
    json!({"description": description, "type": "string", "pattern": "^(oin:[0-9]{20}|kvk:[0-9]{8})$", "maxLength": 24})
}

/// The name of a partner.
pub(in crate::openapi) fn partner_name() -> Value {
    text("Its name in the register; empty where it has left.", 200)
}

/// A purpose about people.
pub(in crate::openapi) fn purpose() -> Value {
    let about_people = Purpose::ALL.into_iter().filter(|purpose| purposes::rules(*purpose).is_some());
    json!({"description": "What it is for. This version offers nothing for `regional-statistics`.", "enum": about_people.map(Purpose::as_str).collect::<Vec<_>>()})
}

/// Fields of the published list.
pub(in crate::openapi) fn fields(description: &str) -> Value {
    json!({"description": description, "type": "array", "maxItems": Field::ALL.len(), "uniqueItems": true,
           "items": {"enum": Field::ALL.map(Field::pointer)}})
}

/// Why a partner ended a consent.
pub(in crate::openapi) fn ground() -> Value {
    json!({"description": "Why the partner who keeps the data ended it, or found that it never held.", "enum": Ground::ALL.map(Ground::as_str)})
}

/// A hash.
pub(in crate::openapi) fn sha256(description: &str) -> Value {
    json!({"description": description, "type": "string", "pattern": "^[0-9a-f]{64}$", "minLength": 64, "maxLength": 64})
}

/// The language of a text.
pub(in crate::openapi) fn language() -> Value {
    json!({"description": "The language of the text.", "enum": ["nl", "en"]})
}

/// Which consent of a line.
pub(in crate::openapi) fn epoch() -> Value {
    number("Which of the consents for this worker, purpose and recipient: 1, 2, 3 …")
}

/// Signed receipts.
pub(in crate::openapi) fn receipts() -> Value {
    let receipt = json!({"description": "A compact JWS (RFC 7515), signed with the message key of this node's partner.", "type": "string", "maxLength": 262_144});
    json!({"description": "Signed receipts, for the worker to keep; each is about at most fifty consents.", "type": "array", "maxItems": 2_000, "items": receipt})
}

/// The id of a row of the ledger.
pub(in crate::openapi) fn disclosure_of() -> Value {
    id("The row of the ledger of the node that disclosed it.")
}
