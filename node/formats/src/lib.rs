//! Readers and writers of the formats in the field: bytes in, offers and a report out.
//!
//! Pure: no I/O, no clock, no randomness; a date is given. Each format is a module with a reader, where asked a writer, and a table of its [fields]
//! that says what becomes of each. A bad record never spoils a good one: [`report::Read`] has the offers, each judged by `polder_model::offer::parse`, and what was
//! refused, where and why. Nothing is mapped by guesswork: what has no place in an offer is kept in its text, or named as left out.

mod bounds;
pub mod canonical;
pub mod curriculum;
mod draft;
pub mod education;
mod encoding;
pub mod fields;
mod html;
pub mod job_posting;
mod json_ld;
mod key;
pub mod position_opening;
mod public;
pub mod repair;
pub mod report;
pub mod sheet;
mod text;
mod values;
pub mod vum;
mod xml;

pub use bounds::{LARGEST_INPUT, MOST_RECORDS};
pub use public::NotPublic;
pub use text::Lines;

use std::borrow::Cow;

use polder_model::Date;
use polder_model::reference::Reference;

/// Every table of fields, in the order of the documentation.
pub const TABLES: &[&fields::Table] = &[
    &job_posting::TABLE,
    &position_opening::TABLE,
    &education::COURSE_6,
    &education::PROGRAMME_6,
    &education::OFFERING_6,
    &education::OUTCOME_6,
    &education::ORGANISATION_6,
    &education::COURSE_5,
    &education::PROGRAMME_5,
    &education::OFFERING_5,
    &education::ORGANISATION_5,
    &vum::TABLE,
    &curriculum::PASSPORT,
    &curriculum::CANDIDATE,
    &curriculum::RESUME,
];

/// The text in these bytes, as every reader here takes it: UTF-8, or UTF-16 with a byte order mark, which is no part of it. `None` where it is neither.
#[must_use]
pub fn decode(bytes: &[u8]) -> Option<Cow<'_, str>> {
    text::decode(bytes).ok()
}

/// What a reader knows besides the bytes.
#[derive(Clone, Copy, Debug)]
pub struct Context<'r> {
    /// The day.
    pub today: Date,
    /// The tables, in which the postcode of a place stands.
    pub reference: &'r Reference,
}
