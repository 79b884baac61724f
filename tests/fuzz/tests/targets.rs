//! Everything of a node that reads what others wrote, in runs of its own. `POLDER_FUZZ_SECONDS=60 cargo test -p polder-fuzz --test targets`.
#![expect(clippy::expect_used, reason = "tests")]

#[path = "targets/cursors.rs"]
mod cursors;
#[path = "targets/evidence.rs"]
mod evidence;
#[path = "targets/json.rs"]
mod json;
#[path = "targets/keys.rs"]
mod keys;
#[path = "targets/log.rs"]
mod log;
#[path = "targets/offers.rs"]
mod offers;
#[path = "targets/questions.rs"]
mod questions;
#[path = "targets/register.rs"]
mod register;
#[path = "targets/signatures.rs"]
mod signatures;
