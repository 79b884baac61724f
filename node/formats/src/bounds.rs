//! How much a reader takes.

use crate::report::Why;

/// Largest input, in bytes.
pub const LARGEST_INPUT: usize = polder_model::import::LARGEST_PART;
/// Most records of one input.
pub const MOST_RECORDS: u64 = polder_model::import::MOST_LINES;

/// Refuses an input that is too large.
pub(crate) fn size(bytes: &[u8]) -> Result<(), Why> {
    if bytes.len() > LARGEST_INPUT { Err(Why::TooMuch { what: "bytes", most: LARGEST_INPUT as u64 }) } else { Ok(()) }
}
