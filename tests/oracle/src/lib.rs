//! An independent check of results: plain loops written from docs/ranking.md. Uses no other polder crate.
