//! JobPostings in shapes that sites really use.
use super::*;
#[test]
fn placeholder() {}
