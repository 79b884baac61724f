//! What tests of the program share.

pub mod alone;
pub mod command;
pub mod desks;
pub mod logins;
pub mod node;
pub mod page;
pub mod ports;
pub mod region;
pub mod running;
pub mod setup;
