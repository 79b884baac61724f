//! `polder register`: the list of partners as signed files, made and changed by registrars.

pub(crate) mod add;
mod check;
mod directory;
pub(crate) mod new;
mod show;
mod sign;
mod verify;

use std::path::PathBuf;

use clap::{Args, Subcommand};
use polder_exchange::{Clock, SystemClock};
use polder_trust::register::Member;

use crate::exit::{Exit, Failure};
use crate::output::Output;

/// What to do with a register.
#[derive(Debug, Subcommand)]
pub(crate) enum RegisterCommand {
    /// Make a new register: keys, a root, and no members yet.
    New(new::NewArgs),
    /// Add a partner, or replace what the register says of it.
    Add(AddArgs),
    /// Put a signature on a register file.
    Sign(sign::SignArgs),
    /// Show what register files say, and who signed them. Nothing is believed: use `verify` for that.
    Show(show::ShowArgs),
    /// Check a register against the fingerprint of the accession letter.
    Verify(verify::VerifyArgs),
}

/// Which partner.
#[derive(Debug, Args)]
pub(crate) struct AddArgs {
    /// The accession file that `polder init` of the partner wrote.
    member: PathBuf,
    /// The registrar's directory.
    #[arg(long, value_name = "DIR")]
    dir: PathBuf,
}

/// Runs one of the commands.
pub(crate) fn run(command: &RegisterCommand, output: &Output) -> Result<Exit, Failure> {
    let now = SystemClock.now();
    match command {
        RegisterCommand::New(args) => new::run(args, now, output),
        RegisterCommand::Add(args) => {
            let bytes = crate::register_files::read_file(&args.member).map_err(|error| Failure::configuration(error.to_string()))?;
            let refused = |error| {
                Failure::refused(format!("{}: this is no accession file as `polder init` writes it: {error}", args.member.display()))
            };
            let member: Member = serde_json::from_slice(&bytes).map_err(refused)?;
            let added = add::add(&args.dir, vec![member], now)?;
            add::report(&added, output)
        }
        RegisterCommand::Sign(args) => sign::run(args, output),
        RegisterCommand::Show(args) => show::run(args, now, output),
        RegisterCommand::Verify(args) => verify::run(args, now, output),
    }
}
