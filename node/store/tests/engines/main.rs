//! The store on both engines.

mod batches;
mod contract;
mod durability;
mod replicas;
mod sqlite_file;
mod support;
