//! The commands, one module each.

pub(crate) mod backup;
pub(crate) mod clients;
pub(crate) mod completions;
pub(crate) mod configuration;
pub(crate) mod consent;
pub(crate) mod doctor;
pub(crate) mod export;
pub(crate) mod import;
pub(crate) mod init;
pub(crate) mod join;
pub(crate) mod log;
pub(crate) mod openapi;
pub(crate) mod partners;
pub(crate) mod people;
pub(crate) mod query;
pub(crate) mod reference;
pub(crate) mod register;
pub(crate) mod restored;
pub(crate) mod rights;
pub(crate) mod sync;
