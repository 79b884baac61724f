//! The database: offers, changes, tombstones. One SQL text for every engine.
