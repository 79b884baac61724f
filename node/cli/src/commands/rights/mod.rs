//! `polder rights`: what a worker may have done with everything that is held of them, here and at every partner.

mod access;
mod erase;
mod moves;

use std::io::{self, BufRead, IsTerminal, Write};

use clap::Subcommand;

use super::consent::ShowArgs;
use crate::config::Source;
use crate::exit::{Exit, Failure};
use crate::output::Output;
use crate::print::Lang;

/// What is done.
#[derive(Debug, Subcommand)]
pub(crate) enum RightsCommand {
    /// Everything that is held of you, here and at every partner that received something.
    Access(access::AccessArgs),
    /// End everything and have it erased, here and wherever a copy is. It cannot be undone.
    Erase(erase::EraseArgs),
    /// Keep everything in one signed document, which another node takes in.
    Export(moves::ExportArgs),
    /// Take a worker in, at the node that they move to; with the token of a system that may write skill offers.
    TakeIn(moves::TakeInArgs),
    /// Leave this node, after another one has taken the document in: everything ends and is erased here.
    Move(moves::MoveArgs),
    /// What was brought along from other nodes.
    History(ShowArgs),
}

/// Does it.
pub(crate) async fn run(command: &RightsCommand, config: Source<'_>, output: &Output) -> Result<Exit, Failure> {
    match command {
        RightsCommand::Access(args) => access::run(args, config, output).await,
        RightsCommand::Erase(args) => erase::run(args, config, output).await,
        RightsCommand::Export(args) => moves::export(args, config, output).await,
        RightsCommand::TakeIn(args) => moves::take_in(args, config, output).await,
        RightsCommand::Move(args) => moves::leave(args, config, output).await,
        RightsCommand::History(args) => moves::history(args, config, output).await,
    }
}

/// Asks on a terminal. Where nobody can be asked nothing is done.
pub(super) fn confirm(yes: bool, question: &str, lang: Lang, output: &Output) -> Result<(), Failure> {
    if yes {
        return Ok(());
    }
    let mut input = io::stdin().lock();
    if output.json || !input.is_terminal() {
        return Err(Failure::configuration(lang.either(
            "nothing was done, since nobody can be asked here; give --yes to say yes",
            "er is niets gedaan, want hier kan niemand gevraagd worden; zeg ja met --yes",
        )));
    }
    let mut answer = String::new();
    let asked = write!(io::stderr(), "{question}").and_then(|()| input.read_line(&mut answer));
    asked.map_err(|error| Failure::internal(format!("the terminal: {error}")))?;
    if answer.trim().eq_ignore_ascii_case(lang.either("yes", "ja")) {
        Ok(())
    } else {
        Err(Failure::refused(lang.either("nothing was done", "er is niets gedaan")))
    }
}
