//! The in-memory search index over offers.
