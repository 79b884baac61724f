//! What is exchanged: names and values, offers, terms, queries, answers, results, problems, and the ranking.
//!
//! Pure: no I/O, no clock, no randomness. Whatever depends on time takes it as an argument.
//! The JSON forms are those of `docs/interfaces.md`, the arithmetic that of `docs/ranking.md`.

pub mod about;
pub mod answer;
pub mod application;
pub mod code;
pub mod contact;
pub mod event;
pub mod fault;
pub mod features;
pub mod finding;
pub mod import;
pub mod json;
pub mod line;
pub mod link;
pub mod name;
pub mod offer;
pub mod problem;
pub mod query;
pub mod rank;
pub mod reason;
pub mod receipt;
pub mod reference;
pub mod repeated;
pub mod request;
pub mod text;
pub mod time;
pub mod travel;

pub use finding::{Finding, FindingCode};
pub use name::{CodeUri, Kind, OfferKey, PartnerId, Postcode4, Purpose};
pub use time::{Date, Timestamp};
