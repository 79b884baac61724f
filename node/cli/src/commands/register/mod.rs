//! `polder register`: the list of partners as signed files, made and changed by registrars and stewards.

mod accession;
pub(crate) mod add;
mod changes;
pub(crate) mod check;
mod codes;
mod desk;
mod directory;
mod found;
mod key;
mod link_hosts;
pub(crate) mod new;
mod print;
mod recognise;
mod recover;
mod renew;
mod rotate;
mod show;
mod status;
mod take;
mod thresholds;
mod verify;
mod words;

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use polder_exchange::{Clock, SystemClock};
use polder_model::PartnerId;
use polder_trust::register::{Member, Status};

use crate::exit::{Exit, Failure};
use crate::output::Output;
use desk::Desk;

/// What to do with a register.
#[derive(Debug, Subcommand)]
pub(crate) enum RegisterCommand {
    /// Make a new register: keys, a root, and no members yet.
    New(new::NewArgs),
    /// Make a key of your own, or show the public half of one.
    Key(key::KeyArgs),
    /// Add partners, or replace what the register says of them.
    Add(AddArgs),
    /// Make the accession file of a partner, by which its node joins (polder join).
    Accession(accession::AccessionArgs),
    /// Give a partner new keys, with the old ones beside them for a while.
    Rotate(rotate::RotateArgs),
    /// Name the hosts to which a partner's offers may send people to apply or enrol.
    LinkHosts(link_hosts::LinkHostsArgs),
    /// Suspend a partner: it is neither asked nor answered for now.
    Suspend(status::StatusArgs),
    /// Expel a partner. Its entry stays.
    Expel(status::StatusArgs),
    /// Let a suspended or expelled partner take part again.
    Reinstate(status::ReinstateArgs),
    /// Give the list and its freshness, or the root, another term.
    Renew(renew::RenewArgs),
    /// Let members of another region ask here, or no longer: a new root.
    Recognise(recognise::RecogniseArgs),
    /// Make a new root after which what was signed before counts no more.
    Recover(recover::RecoverArgs),
    /// Put your signature on a file that another desk sent.
    Sign(take::SignArgs),
    /// Take files of other desks in: signatures come together, and what has enough goes into force.
    Take(take::TakeArgs),
    /// Show what register files say, who signed, who is missing, and what would change.
    Show(show::ShowArgs),
    /// Check a register against the fingerprint that the registrar told.
    Verify(verify::VerifyArgs),
}

/// Which partners.
#[derive(Debug, Args)]
pub(crate) struct AddArgs {
    /// The requests of partners: the `member.json` that the `polder init` of each wrote. All of them come into one list.
    #[arg(required = true, value_name = "MEMBER")]
    members: Vec<PathBuf>,
    /// The registrar's directory.
    #[arg(long, value_name = "DIR")]
    dir: PathBuf,
    /// The code of the request, as the partner reads it out: nothing is signed when it is another. With several requests, one for each, in any
    /// order.
    #[arg(long = "code", value_name = "CODE")]
    codes: Vec<String>,
}

/// Runs one of the commands.
pub(crate) fn run(command: &RegisterCommand, output: &Output) -> Result<Exit, Failure> {
    let now = SystemClock.now();
    let reports = match command {
        RegisterCommand::New(args) => return new::run(args, now, output),
        RegisterCommand::Key(args) => return key::run(args, output),
        RegisterCommand::Sign(args) => return take::sign(args, now, output),
        RegisterCommand::Show(args) => return show::run(args, now, output),
        RegisterCommand::Accession(args) => return accession::run(args, now, output),
        RegisterCommand::Verify(args) => return verify::run(args, now, output),
        RegisterCommand::Add(args) => return add::run(args, now, output),
        RegisterCommand::Rotate(args) => return rotate::run(args, now, output),
        RegisterCommand::LinkHosts(args) => link_hosts::run(args, now)?,
        RegisterCommand::Suspend(args) => status::set(args, Status::Suspended, now)?,
        RegisterCommand::Expel(args) => status::set(args, Status::Expelled, now)?,
        RegisterCommand::Reinstate(args) => return status::reinstate(args, now, output),
        RegisterCommand::Renew(args) => renew::run(args, now)?,
        RegisterCommand::Recognise(args) => recognise::run(args, now)?,
        RegisterCommand::Recover(args) => recover::run(args, now)?,
        RegisterCommand::Take(args) => take::take(args, now)?,
    };
    print::reports(&reports, output)
}

/// Reads a request to be added.
fn read_member(path: &Path) -> Result<Member, Failure> {
    let bytes = crate::register_files::read_file(path).map_err(|error| Failure::configuration(error.to_string()))?;
    let refused =
        |error| Failure::refused(format!("{}: this is no request (member.json) as `polder init` writes it: {error}", path.display()));
    serde_json::from_slice(&bytes).map_err(refused)
}

/// A partner that the register does not hold, with those that it holds.
fn unknown_partner(desk: &Desk, partner: &PartnerId) -> Failure {
    let known: Vec<&str> = desk.register.members().iter().map(|member| member.partner.as_str()).collect();
    let known = if known.is_empty() { "nobody yet".to_owned() } else { known.join(", ") };
    Failure::refused(format!("{partner}: the register does not hold this partner; it holds {known}"))
}
