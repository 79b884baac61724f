//! CSV files, with a mapping of their columns to the members of offers.

mod cell;
mod mapping;
mod members;
mod read;
mod rows;
mod write;

pub use mapping::{DateForm, Mapping};
pub use members::{Member, markdown};
pub use read::{read, read_named};
pub use rows::{NoRow, Row, Rows, written};
pub use write::Writer;
