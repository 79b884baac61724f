//! The program as people and systems use it: each test starts it, and looks at what it prints, answers and leaves behind.
#![expect(clippy::expect_used, reason = "tests")]

mod ceremony;
mod certificate;
mod command;
mod consent;
mod demo;
mod deploy;
mod doctor;
mod doctor_register;
mod doctor_secrets;
mod expelled_page;
mod founding;
mod import;
mod join;
mod live;
mod log;
mod operating;
mod people;
mod process;
mod reference;
mod register_page;
mod replicas;
mod restored;
mod rights;
mod support;
mod sync;
mod webhooks;
