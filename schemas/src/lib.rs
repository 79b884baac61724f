//! JSON Schemas and reference tables of the exchange, embedded.
//!
//! Each schema is a JSON Schema of draft 2020-12 in `schemas/NAME/VERSION.json`, with examples beside it. They are the definition of what is exchanged;
//! the types of `polder-model` are tested against them.

pub mod examples;
pub mod reference;

/// A schema's name and its text.
pub type Named = (&'static str, &'static str);

macro_rules! schemas {
    ($($name:literal),+ $(,)?) => {
        /// Every schema: its name, as in `urn:polder:schema:NAME:1.0`, and its text.
        pub const SCHEMAS: &[Named] = &[$(($name, include_str!(concat!("../", $name, "/1.0.json")))),+];
    };
}

schemas!(
    "terms",
    "vacancy",
    "training",
    "skill-offer",
    "query",
    "query-request",
    "answer",
    "documents",
    "people",
    "receipt",
    "erasure",
    "export",
    "result",
    "problem",
    "register-root",
    "register-members",
    "register-fresh",
);

/// The text of a schema.
#[must_use]
pub fn schema(name: &str) -> Option<&'static str> {
    SCHEMAS.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}
