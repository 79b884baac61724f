//! Traces of real nodes, as their operators' collectors get them. A program of its own: these tests look at what the whole process logs.
#![expect(clippy::expect_used, reason = "tests")]

mod causes;
mod content;
mod sending;
mod support;
